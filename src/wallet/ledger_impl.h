/// The ledger's inside. For ledger*.cpp only.
#pragma once

#include "wallet/ledger.h"
#include "wallet/time_index.h"

#include <map>
#include <memory_resource>
#include <set>
#include <unordered_map>

namespace emc::wallet {

struct Ledger::Impl {
    /// A name output of ours. What it points to stays where it is.
    struct HeldOutput {
        OutPoint outpoint;
        const OwnCoin* coin = nullptr;
        const TransactionRow* row = nullptr; ///< that made it
        ByteSpan script;                     ///< of the output, in that row
    };

    /// By name, in memory of their own: what Load fills in byte order lies in that order, too. A hundred
    /// thousand names take a fraction of the time so.
    struct HeldNames {
        using Map = std::pmr::map<std::pmr::string, std::pmr::vector<HeldOutput>, std::less<>>;

        HeldNames() = default;
        HeldNames(const HeldNames&) = delete;
        HeldNames& operator=(const HeldNames&) = delete;

        std::pmr::unsynchronized_pool_resource memory;
        Map by_name{&memory};
    };

    struct Unspent {
        OutPoint outpoint;
        OwnCoin* coin = nullptr;
    };

    struct InBlock {
        Hash256 block;
        uint64_t order = 0; ///< of the row
        TransactionRow* row = nullptr;

        [[nodiscard]] auto operator<=>(const InBlock& other) const = default;
    };

    Impl(OwnerOf owner, int32_t blocks)
        : owner_of(std::move(owner)), maturity(blocks),
          by_time([this](const TransactionRow& row) { return LineCount(row); })
    {}

    const OwnerOf owner_of;
    const int32_t maturity;
    int32_t tip = -1;
    uint64_t order = 0; ///< highest given
    std::unordered_map<Hash256, TransactionRow, base::HashOfHash> txs;
    TimeIndex by_time;
    std::set<InBlock> by_block;
    std::unordered_map<OutPoint, OwnCoin, primitives::OutPointHasher> coins; ///< all own outputs ever seen
    std::vector<Unspent> unspent; ///< those that count, each at its OwnCoin::place
    std::unordered_multimap<OutPoint, TransactionRow*, primitives::OutPointHasher> spenders;
    std::set<std::pair<int32_t, OutPoint>> wake; ///< heights of the tip at which a coin's kind may change
    std::unique_ptr<HeldNames> held = std::make_unique<HeldNames>();
    std::set<Hash256> changed;
    Amount sums[5] = {};

    [[nodiscard]] static bool Counts(TxState state)
    {
        return state == TxState::Confirmed || state == TxState::InPool || state == TxState::Inactive;
    }

    /// Calls `visit` with the number of an output, and whether it was paid by us, and came in to us; one is
    /// true.
    template <typename Visit>
    void ForEachShown(const TransactionRow& row, Visit&& visit) const;
    [[nodiscard]] size_t LineCount(const TransactionRow& row) const;
    /// After an output of a transaction became ours, or of another kind: what it and its spenders show.
    void RecountLines(const TransactionRow& row, const OutPoint& outpoint);
    void AddOutputs(const TransactionRow& row);
    void AddName(const TransactionRow& row, const OutPoint& outpoint, OwnCoin& coin);
    void RemoveCoin(const OutPoint& outpoint, ByteSpan script);
    void ArrangeNames();
    void Schedule(const OutPoint& outpoint, const OwnCoin& coin);
    void Refresh(const OutPoint& outpoint);
    void RefreshTx(const TransactionRow& row);
    void RefreshOutputs(const TransactionRow& row);
    void IndexBlock(TransactionRow& row);
    /// Rows whose state was decided by a block.
    [[nodiscard]] std::vector<TransactionRow*> RowsOfBlock(const Hash256& block) const;
    void SetState(TransactionRow& row, TxState state, const Hash256& block, int32_t height);
    void Defeat(TransactionRow& loser, const Hash256& block, int32_t height);
    void Return(TransactionRow& first);
    [[nodiscard]] bool MayReturn(const TransactionRow& row) const;
    [[nodiscard]] std::vector<TransactionRow*> RivalsOf(const primitives::Transaction& tx) const;
    [[nodiscard]] std::vector<TransactionRow*> ChildrenOf(const TransactionRow& row) const;
    [[nodiscard]] CoinKind KindOf(const OutPoint& outpoint, const OwnCoin& coin) const;
    [[nodiscard]] bool IsSpent(const OutPoint& outpoint) const;
    [[nodiscard]] bool IsTrusted(const TransactionRow& row) const;
};

} // namespace emc::wallet
