/// The transactions that wait for a block, who spends whom, and the sums along those edges. No rules, no
/// locks.
#pragma once

#include "mempool/policy.h"
#include "names/transition.h"
#include "reward/watermark.h"

#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace emc::mempool {

/// Spreads what strangers choose over the buckets of this room's tables, under a secret of the process.
struct SecretHasher {
    size_t operator()(const Hash256& txid) const;
    size_t operator()(const primitives::OutPoint& outpoint) const;
};

/// A type of its own, not an alias, so that headers can name it without the cost of <unordered_set>.
struct TxidSet : std::unordered_set<Hash256, SecretHasher> {
    using unordered_set::unordered_set;
};

/// One waiting transaction.
struct Entry {
    primitives::TxRef tx;
    Amount fee = 0;
    Amount burned = 0;
    Amount delta = 0; ///< what the operator adds to the fee wherever entries are compared (Prioritise)
    size_t vsize = 0;
    int64_t sigop_cost = 0;
    uint32_t script_flags = 0; ///< its scripts hold under these
    int64_t time = 0;          ///< unix seconds when it came
    int32_t height = 0;        ///< of the tip then
    uint64_t sequence = 0;
    std::vector<names::IndexedOp> ops;
    std::vector<std::string> verifiers; ///< `ver:` names its SIG lines rest on, each once
    std::optional<reward::Reward> reward;
    base::Bytes bond_owner; ///< of a reward: whose coins pay for it

    TxidSet parents;
    TxidSet children;
    uint64_t ancestor_count = 1, ancestor_vsize = 0, descendant_count = 1, descendant_vsize = 0;
    Amount ancestor_fees = 0, descendant_fees = 0; ///< modified ones
    bool estimated = false;                        ///< the fee estimator waits for its confirmation

    /// The fee as the operator wants it seen; may be negative.
    [[nodiscard]] Amount ModifiedFee() const { return fee + delta; }
};

/// Fee per size as a fraction, compared exactly.
struct FeeRate {
    Amount fee = 0;
    uint64_t vsize = 1;

    bool operator<(const FeeRate& o) const { return Product(fee, o.vsize) < Product(o.fee, vsize); }

private:
    __extension__ using Wide = __int128;

    static Wide Product(Amount a, uint64_t b) { return static_cast<Wide>(a) * static_cast<Wide>(b); }
};

/// Its own fee rate, units per 1000 virtual bytes, for the fee estimator.
[[nodiscard]] inline double RateOf(const Entry& entry)
{
    return static_cast<double>(entry.fee) * 1000 / static_cast<double>(entry.vsize);
}

/// Estimated bytes of memory of an entry with this transaction.
[[nodiscard]] uint64_t UsageOf(const primitives::Transaction& tx);

/// Parents before children, older before newer.
void SortByAge(std::vector<const Entry*>& entries);

/// Owned by the mempool and guarded by its mutex.
class Graph
{
public:
    /// All unconfirmed transactions `parents` rest on, themselves included.
    [[nodiscard]] TxidSet AncestorsOf(const TxidSet& parents) const;
    /// All transactions that rest on these, themselves included.
    [[nodiscard]] TxidSet DescendantsOf(const TxidSet& roots) const;
    /// Unconfirmed transactions whose outputs `tx` spends.
    [[nodiscard]] TxidSet ParentsOf(const primitives::Transaction& tx) const;
    /// Would a new entry of this size keep the limits once the entries `leaving` are gone (all of their
    /// descendants are among them, none is an ancestor)? The reason word otherwise.
    [[nodiscard]] base::Expected<void, std::string>
    CheckLimits(const TxidSet& ancestors, size_t vsize, const Limits& limits, const TxidSet& leaving) const;

    /// The entry's edges and sums are set here. Nothing here may spend it yet: parents come first.
    void Add(Entry entry);
    /// Adds to the delta of a transaction, whether it is here or not; the sums of its relatives follow.
    void Prioritise(const Hash256& txid, Amount delta);
    [[nodiscard]] Amount DeltaOf(const Hash256& txid) const;

    /// It stands in a block: nothing has to be put in front any longer.
    void DropDelta(const Hash256& txid) { m_deltas.erase(txid); }

    [[nodiscard]] const std::map<Hash256, Amount>& Deltas() const { return m_deltas; }

    /// Takes one entry out; the sums of its relatives follow. Its children stay.
    void Remove(const Hash256& txid);

    [[nodiscard]] const Entry* Find(const Hash256& txid) const;
    [[nodiscard]] const Hash256* SpenderOf(const primitives::OutPoint& outpoint) const;

    using EntryMap = std::unordered_map<Hash256, Entry, SecretHasher>;

    struct Pending {
        Hash256 txid;
        uint32_t vout = 0;
    };

    [[nodiscard]] const Pending* PendingName(std::string_view name) const;

    /// The waiting reward of a pair.
    [[nodiscard]] const Hash256* PendingReward(const reward::CallPair& pair) const;
    /// Waiting rewards paid for by the coins of one owner.
    [[nodiscard]] size_t RewardsOf(const base::Bytes& bond_owner) const;

    [[nodiscard]] const EntryMap& Entries() const { return m_entries; }

    /// All of them, parents before children, older before newer.
    [[nodiscard]] std::vector<const Entry*> EntriesByAge() const;

    /// The entry whose package of descendants pays least, for eviction; nullptr when empty.
    [[nodiscard]] const Entry* Cheapest() const;

    /// So many entries of so much virtual size together.
    struct Load {
        size_t count = 0;
        size_t vsize = 0;
    };

    [[nodiscard]] Load LoadOf(const std::string& verifier) const;

    [[nodiscard]] uint64_t Vsize() const { return m_vsize; }

    [[nodiscard]] Amount Fees() const { return m_fees; }

    /// Estimated bytes of memory.
    [[nodiscard]] uint64_t Usage() const { return m_usage; }

private:
    struct ScoreKey {
        FeeRate rate;
        Hash256 txid;

        bool operator<(const ScoreKey& o) const
        {
            if (rate < o.rate) return true;
            if (o.rate < rate) return false;
            return txid < o.txid;
        }
    };

    [[nodiscard]] static ScoreKey KeyOf(const Entry& entry);
    /// Changes an entry's descendant sums and its place in the eviction order.
    void ShiftDescendants(Entry& entry, int sign, const Entry& other);
    /// Changes an entry's descendant fees and its place in the eviction order.
    void ShiftDescendantFees(Entry& entry, Amount delta);
    void CountVerifiers(const Entry& entry, bool add);
    void CountReward(const Entry& entry, bool add);

    EntryMap m_entries;
    std::unordered_map<primitives::OutPoint, Hash256, SecretHasher> m_spends;
    std::map<std::string, Pending, std::less<>> m_names; // ordered: no stranger can slow it down
    std::map<std::string, Load, std::less<>> m_verifiers;
    std::map<Hash256, Amount> m_deltas; ///< none is 0
    std::map<reward::CallPair, Hash256> m_rewards;
    std::map<base::Bytes, size_t> m_bond_owners;
    std::set<ScoreKey> m_by_score;
    uint64_t m_vsize = 0;
    uint64_t m_usage = 0;
    Amount m_fees = 0;
};

/// Transactions for a block, parents before children: packages of an entry with its ancestors that are not
/// chosen yet, best fee rate first, of equals the one that came first. What does not fit, in the block or
/// in its budget for rewards, is passed over.
struct Selection {
    std::vector<const Entry*> entries;
    Amount fees = 0;
    int64_t sigop_cost = 0;
    size_t weight = 0;
};

[[nodiscard]] Selection SelectForBlock(const Graph& graph, size_t max_weight, int64_t max_sigop_cost);

} // namespace emc::mempool
