/// Batches from node to node: sealed letters between the owners of two numbers, and what is done with them
/// without being told.
#pragma once

#include "base/memory.h"

#include <cstddef>
#include <cstdint>

namespace emc::base {
class RandomSource;
}

namespace emc::interfaces {
class CallPost;
class WalletsApi;
} // namespace emc::interfaces

namespace emc::calls {

class Batches;
class BatchStore;
class CallStore;
struct BatchDeps;

/// What the node does by itself (-callreward and its relatives).
struct AutomaticMode {
    bool on = false;
    int64_t interval_sec = 600;  ///< between two looks at what is due
    int64_t period_sec = 86'400; ///< calls of so long go into one batch
    uint64_t least_minutes = 1;  ///< of a batch
    int64_t least_claim = 0;     ///< units
};

struct ExchangeDeps {
    interfaces::CallPost& post;
    interfaces::WalletsApi& wallets;
    base::RandomSource& random;
};

/// Letters that wait to be read; more are dropped.
inline constexpr size_t MAX_WAITING_LETTERS = 64;
/// Batches of one pair of numbers that others made and that wait to be signed or refused, and those of all
/// pairs; with more, letters bring no new ones.
inline constexpr size_t MAX_OPEN_BATCHES = 50;
inline constexpr size_t MAX_ALL_OPEN_BATCHES = 1'000;
inline constexpr size_t MAX_KNOWN_KEYS = 10'000;

/// Owns the thread "callmail". While it lives, CallBatches::Send works.
class Exchange
{
public:
    /// `store`, `batches` and the rooms must outlive it.
    Exchange(CallStore& calls, BatchStore& store, Batches& batches, const BatchDeps& rooms,
             const ExchangeDeps& deps, const AutomaticMode& mode);
    /// Ends the thread.
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::calls
