// A pool written as plainly as possible: a map of transactions, everything else worked out anew each time.
#pragma once

#include "mempool/pool.h"
#include "names/transition.h"
#include "unit/chain/builder.h"

#include <map>
#include <set>
#include <string>

namespace emc::test {

using mempool::PoolOptions;
using primitives::Amount;

/// The chain's side: what the next block may spend and which names live (none ever expires here).
struct NaiveState {
    std::map<OutPoint, primitives::TxOut> coins;
    std::map<std::string, OutPoint> names;

    /// Takes in a transaction of a block.
    void Apply(const primitives::Transaction& tx);
    [[nodiscard]] bool IsNameCoin(const OutPoint& outpoint) const;
};

struct NaiveEntry {
    TxRef tx;
    Amount fee = 0;
    size_t vsize = 0;
    int64_t sigop_cost = 0;
    int64_t time = 0;
    uint64_t sequence = 0;
    std::vector<names::IndexedOp> ops;
};

class NaivePool
{
public:
    explicit NaivePool(PoolOptions options) : m_options(options) {}

    /// What Submit has to answer: the first word of the refusal, or "" when the transaction was taken (or
    /// would be, with test_only).
    std::string Submit(const TxRef& tx, const NaiveState& state, int64_t now, bool test_only);
    /// A block that was connected on top, state before it.
    void Connected(const primitives::Block& block);
    /// After connecting without a reorganisation.
    void NewTip(const NaiveState& state, int64_t now);
    /// After a reorganisation: `lost` in the order of the old branch, what the new one confirmed left out.
    void Reorganised(const std::vector<TxRef>& lost, const NaiveState& state, int64_t now);

    using Txids = std::set<Hash256>;

    [[nodiscard]] Txids Ancestors(const primitives::Transaction& tx) const; ///< without itself
    [[nodiscard]] Txids Descendants(const Txids& of) const;                 ///< with themselves
    [[nodiscard]] std::vector<Hash256> Select(size_t max_weight, int64_t max_sigop_cost) const;
    [[nodiscard]] Amount RollingMinimum(int64_t now) const;
    [[nodiscard]] uint64_t Usage() const;

    [[nodiscard]] const std::map<Hash256, NaiveEntry>& Entries() const { return m_entries; }

private:
    std::string Fund(NaiveEntry& entry, const NaiveState& state) const;
    std::string Conflicts(const NaiveEntry& entry, Txids& replaced) const;
    std::string Replaces(const NaiveEntry& entry, const Txids& replaced) const;
    std::string TooManyRelatives(const NaiveEntry& entry, const Txids& replaced) const;
    void Erase(const Txids& txids);
    void Trim(int64_t now);
    void DropExpired(int64_t now);

    const PoolOptions m_options;
    std::map<Hash256, NaiveEntry> m_entries;
    uint64_t m_sequence = 0;
    double m_rolling = 0;
    int64_t m_rolling_time = 0;
};

} // namespace emc::test
