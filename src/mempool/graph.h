/// The transactions that wait for a block, who spends whom, and the sums along those edges. No rules, no
/// locks.
#pragma once

#include "mempool/policy.h"
#include "names/transition.h"

#include <set>
#include <unordered_map>
#include <unordered_set>

namespace emc::mempool {

/// A type of its own, not an alias, so that headers can name it without the cost of <unordered_set>.
struct TxidSet : std::unordered_set<Hash256, base::HashOfHash> {
    using unordered_set::unordered_set;
};

/// One waiting transaction.
struct Entry {
    primitives::TxRef tx;
    Amount fee = 0;
    Amount burned = 0;
    size_t vsize = 0;
    int64_t sigop_cost = 0;
    int64_t time = 0;   ///< unix seconds when it came
    int32_t height = 0; ///< of the tip then
    uint64_t sequence = 0;
    std::vector<names::IndexedOp> ops;
    std::vector<std::string> verifiers; ///< `ver:` names its SIG lines rest on, each once

    TxidSet parents;
    TxidSet children;
    uint64_t ancestor_count = 1, ancestor_vsize = 0, descendant_count = 1, descendant_vsize = 0;
    Amount ancestor_fees = 0, descendant_fees = 0;
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
    /// Would a new entry of this size keep the limits? The reason word otherwise.
    [[nodiscard]] base::Expected<void, std::string> CheckLimits(const TxidSet& ancestors, size_t vsize,
                                                                const Limits& limits) const;

    /// The entry's edges and sums are set here. Nothing here may spend it yet: parents come first.
    void Add(Entry entry);
    /// Takes one entry out; the sums of its relatives follow. Its children stay.
    void Remove(const Hash256& txid);

    [[nodiscard]] const Entry* Find(const Hash256& txid) const;
    [[nodiscard]] const Hash256* SpenderOf(const primitives::OutPoint& outpoint) const;

    struct Pending {
        Hash256 txid;
        uint32_t vout = 0;
    };

    [[nodiscard]] const Pending* PendingName(std::string_view name) const;

    [[nodiscard]] const std::unordered_map<Hash256, Entry, base::HashOfHash>& Entries() const
    {
        return m_entries;
    }

    /// The entry whose package of descendants pays least, for eviction; nullptr when empty.
    [[nodiscard]] const Entry* Cheapest() const;

    struct VerifierLoad {
        size_t count = 0;
        size_t vsize = 0;
    };

    [[nodiscard]] VerifierLoad LoadOf(const std::string& verifier) const;

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
    void CountVerifiers(const Entry& entry, bool add);

    std::unordered_map<Hash256, Entry, base::HashOfHash> m_entries;
    std::unordered_map<primitives::OutPoint, Hash256, primitives::OutPointHasher> m_spends;
    std::unordered_map<std::string, Pending> m_names;
    std::unordered_map<std::string, VerifierLoad> m_verifiers;
    std::set<ScoreKey> m_by_score;
    uint64_t m_vsize = 0;
    uint64_t m_usage = 0;
    Amount m_fees = 0;
};

} // namespace emc::mempool
