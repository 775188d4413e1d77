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

class AutomaticSettings;
class Batches;
class BatchStore;
class CallStore;
struct BatchDeps;

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

/// Owns the thread "callmail". While it lives, CallBatches::Send works.
class Exchange
{
public:
    struct Own {
        CallStore& calls;
        BatchStore& store;
        Batches& batches;
        const AutomaticSettings& settings; ///< what the node does by itself
    };

    /// All of them must outlive it.
    Exchange(const Own& own, const BatchDeps& rooms, const ExchangeDeps& deps);
    /// Ends the thread.
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::calls
