/// What the wallet's transactions add up to: own coins, running balances, history. No keys, no disk, no chain
/// calls.
#pragma once

#include "base/function.h"
#include "interfaces/wallet.h"
#include "wallet/rows.h"

#include <map>
#include <set>
#include <unordered_map>

namespace emc::wallet {

using primitives::Amount;
using primitives::OutPoint;

enum class TxState : uint8_t {
    Confirmed,  ///< in a block of the best chain
    InPool,     ///< in the node's mempool
    Inactive,   ///< neither; may be sent again
    Abandoned,  ///< given up by the user
    Conflicted, ///< a block holds another transaction that spends the same
};

/// How a coin counts.
enum class CoinKind : uint8_t {
    Trusted,  ///< confirmed, or made by ourselves and in the pool
    Pending,  ///< from others, not in a block
    Immature, ///< generated, not yet spendable
    Name,     ///< lies in a live name
    None,     ///< spent, or its transaction does not count
};

struct LedgerTx {
    TransactionRow row;
    TxState state = TxState::Inactive;
    uint64_t sequence = 0; ///< order of arrival
};

struct OwnCoin {
    primitives::TxOut out; ///< with the owner script
    int32_t height = -1;   ///< of its block; −1: none
    int32_t live_until =
        -1; ///< name outputs: last height at which the name is live; −1: no name (or not known yet)
    bool name = false; ///< made with a name prefix
    bool generated = false;
    CoinKind kind = CoinKind::None;
};

/// Guarded by the wallet's mutex.
class Ledger
{
public:
    using IsMine = std::function<bool(ByteSpan owner_script)>;

    /// `maturity`: blocks generated coins wait.
    Ledger(IsMine is_mine, int32_t maturity) : m_is_mine(std::move(is_mine)), m_maturity(maturity) {}

    /// Does the transaction pay us or spend from us?
    [[nodiscard]] bool Concerns(const primitives::Transaction& tx) const;
    /// Adds a transaction, or moves a known one to a new state and block. Everything else follows.
    void Put(TransactionRow row, TxState state);
    /// For a known transaction.
    void SetState(const Hash256& txid, TxState state);
    /// Forgets a transaction that was never sent.
    void Forget(const Hash256& txid);
    /// Tells until when the name in an output is live.
    void SetNameExpiry(const OutPoint& outpoint, int32_t live_until);
    /// The best chain ends at this height now; coins ripen or names expire accordingly.
    void SetTip(int32_t height);
    /// Looks again at all outputs after keys were added.
    void Rebuild();

    [[nodiscard]] const LedgerTx* Find(const Hash256& txid) const;

    [[nodiscard]] const std::map<OutPoint, OwnCoin>& Coins() const { return m_coins; }

    [[nodiscard]] const OwnCoin* Coin(const OutPoint& outpoint) const;

    [[nodiscard]] Amount Sum(CoinKind kind) const { return m_sums[static_cast<size_t>(kind)]; }

    [[nodiscard]] size_t TxCount() const { return m_txs.size(); }

    [[nodiscard]] int32_t TipHeight() const { return m_tip; }

    /// Other transactions of the wallet that spend one of the inputs.
    [[nodiscard]] std::vector<Hash256> ConflictsOf(const primitives::Transaction& tx) const;
    /// Newest first while `visit` returns true.
    void Newest(const std::function<bool(const LedgerTx&)>& visit) const;
    [[nodiscard]] std::vector<Hash256> InState(TxState state) const;

private:
    [[nodiscard]] static bool Counts(TxState state)
    {
        return state == TxState::Confirmed || state == TxState::InPool || state == TxState::Inactive;
    }

    void AddOutputs(const LedgerTx& tx);
    void RefreshTx(const LedgerTx& tx);
    void Refresh(const OutPoint& outpoint);
    [[nodiscard]] CoinKind KindOf(const OutPoint& outpoint, const OwnCoin& coin) const;
    [[nodiscard]] bool IsSpent(const OutPoint& outpoint) const;
    /// Heights of the tip at which the coin's kind may change.
    void Schedule(const OutPoint& outpoint, const OwnCoin& coin);

    const IsMine m_is_mine;
    const int32_t m_maturity;
    int32_t m_tip = -1;
    uint64_t m_sequence = 0;
    std::unordered_map<Hash256, LedgerTx, base::HashOfHash> m_txs;
    std::map<std::pair<int64_t, uint64_t>, Hash256> m_by_time;
    std::map<OutPoint, OwnCoin> m_coins; ///< all own outputs ever seen
    std::multimap<OutPoint, Hash256> m_spenders;
    std::set<std::pair<int32_t, OutPoint>> m_wake;
    Amount m_sums[5] = {};
};

} // namespace emc::wallet
