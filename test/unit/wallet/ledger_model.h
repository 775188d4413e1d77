#pragma once
// What a wallet's transactions add up to, computed from nothing but the facts: the blocks of the best chain,
// the mempool, and what was given up or lost. Slow and plain; the ledger is compared with it.

#include "wallet/ledger.h"

#include <map>
#include <set>

namespace emc::test {

using base::Hash256;
using primitives::Amount;
using primitives::OutPoint;
using primitives::TxRef;
using wallet::CoinKind;
using wallet::TxState;

inline constexpr int32_t MODEL_MATURITY = 5;

/// Scripts of the wallet have an even last byte.
[[nodiscard]] bool ModelIsMine(base::ByteSpan owner_script);
/// Some of them are for change.
[[nodiscard]] wallet::Owner ModelOwner(base::ByteSpan owner_script);

struct ModelBlock {
    Hash256 hash;
    std::vector<TxRef> txs; ///< the first is generated
};

class LedgerModel
{
public:
    /// A transaction the wallet has heard of and that concerns it.
    struct Known {
        TxRef tx;
        bool generated = false;
        bool abandoned = false;
        bool lost = false; ///< another took its place in the mempool
        TxState state = TxState::Inactive;
    };

    std::vector<ModelBlock> chain; ///< height = index
    std::set<Hash256> pool;
    std::map<Hash256, Known> known;
    std::map<OutPoint, int32_t> told; ///< own name outputs: until when they are live, as far as somebody said

    [[nodiscard]] int32_t Tip() const { return static_cast<int32_t>(chain.size()) - 1; }

    [[nodiscard]] bool Concerns(const primitives::Transaction& tx) const;
    /// Adds it to what is known, or clears what was held against it; for transactions seen in the pool or a
    /// block.
    void Hear(const TxRef& tx, bool generated);
    /// What something in the pool or the chain no longer spends, and who spent it.
    using Freed = std::set<std::pair<OutPoint, Hash256>>;

    /// Computes all states anew.
    void Recompute(const Freed& freed);

    [[nodiscard]] std::map<OutPoint, CoinKind> Coins() const;
    /// Lines of history all that is known stands for.
    [[nodiscard]] size_t Lines() const;
    [[nodiscard]] std::set<std::string> ConfirmedNames() const;
    /// Confirmed own name outputs nobody has told about and no block has spent.
    [[nodiscard]] std::set<OutPoint> Untold() const;
    /// Height of the block a transaction is in; −1: none.
    [[nodiscard]] int32_t HeightOf(const Hash256& txid) const;
    [[nodiscard]] static std::set<OutPoint> SpentBy(const primitives::Transaction& tx);
    static void AddFreed(Freed& freed, const primitives::Transaction& tx);

private:
    using Spender = std::pair<OutPoint, Hash256>;

    [[nodiscard]] std::set<Spender> ChainSpenders() const;
    [[nodiscard]] bool Beaten(const Known& entry, const std::set<Spender>& chain_spenders) const;
    [[nodiscard]] bool ParentIn(const Known& entry, std::initializer_list<TxState> states) const;
    void AssignStates();
    [[nodiscard]] bool ClearLost(const std::map<Hash256, TxState>& before, const Freed& freed);
    [[nodiscard]] bool IsOwnOutput(const OutPoint& outpoint) const;
    [[nodiscard]] bool Trusted(const Known& entry) const;
    [[nodiscard]] CoinKind KindOf(const Known& entry, const OutPoint& outpoint) const;
};

} // namespace emc::test
