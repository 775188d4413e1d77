/// The ledger's inside. For ledger*.cpp only.
#pragma once

#include "wallet/ledger.h"

#include <map>
#include <set>
#include <unordered_map>

namespace emc::wallet {

struct Ledger::Impl {
    Impl(IsMine mine, int32_t blocks) : is_mine(std::move(mine)), maturity(blocks) {}

    const IsMine is_mine;
    const int32_t maturity;
    int32_t tip = -1;
    uint64_t order = 0; ///< highest given
    std::unordered_map<Hash256, TransactionRow, base::HashOfHash> txs;
    std::map<std::pair<int64_t, uint64_t>, TransactionRow*> by_time;
    std::unordered_multimap<Hash256, TransactionRow*, base::HashOfHash> by_block;
    std::unordered_map<OutPoint, OwnCoin, primitives::OutPointHasher> coins; ///< all own outputs ever seen
    std::map<OutPoint, const OwnCoin*> unspent;                              ///< those that count
    std::unordered_multimap<OutPoint, TransactionRow*, primitives::OutPointHasher> spenders;
    std::set<std::pair<int32_t, OutPoint>> wake; ///< heights of the tip at which a coin's kind may change
    std::map<std::string, std::vector<OutPoint>, std::less<>> held; ///< own name outputs by name
    std::set<Hash256> changed;
    Amount sums[5] = {};

    [[nodiscard]] static bool Counts(TxState state)
    {
        return state == TxState::Confirmed || state == TxState::InPool || state == TxState::Inactive;
    }

    void AddOutputs(const TransactionRow& row);
    void AddName(const OutPoint& outpoint, ByteSpan script, OwnCoin& coin);
    void RemoveCoin(const OutPoint& outpoint, ByteSpan script);
    void Schedule(const OutPoint& outpoint, const OwnCoin& coin);
    void Refresh(const OutPoint& outpoint);
    void RefreshTx(const TransactionRow& row);
    void RefreshOutputs(const TransactionRow& row);
    void Index(TransactionRow& row);
    void Unindex(TransactionRow& row);
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
