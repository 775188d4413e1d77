#include "wallet/ledger.h"

#include "names/op_codec.h"

#include <algorithm>

namespace emc::wallet {

bool Ledger::Concerns(const primitives::Transaction& tx) const
{
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        if (m_is_mine(names::OwnerScriptOf(tx.Version(), i, tx.Outputs()[i].script_pubkey).script))
            return true;
    }
    return std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                       [this](const auto& input) { return m_coins.contains(input.prevout); });
}

void Ledger::AddOutputs(const LedgerTx& tx)
{
    const auto& fields = *tx.row.tx;
    for (uint32_t i = 0; i < fields.Outputs().size(); ++i) {
        const auto& output = fields.Outputs()[i];
        const auto owner = names::OwnerScriptOf(fields.Version(), i, output.script_pubkey);
        if (!m_is_mine(owner.script)) continue;
        const OutPoint outpoint{fields.Txid(), i};
        auto& coin = m_coins[outpoint];
        coin.out = {output.value, Bytes(owner.script.begin(), owner.script.end())};
        coin.name = owner.had_prefix && fields.Version() == primitives::NAME_TX_VERSION;
        coin.generated = fields.IsCoinbase() || fields.Version() == primitives::REWARD_TX_VERSION;
        coin.height = tx.state == TxState::Confirmed ? tx.row.height : -1;
        Schedule(outpoint, coin);
    }
}

void Ledger::RefreshTx(const LedgerTx& tx)
{
    const auto& fields = *tx.row.tx;
    for (uint32_t i = 0; i < fields.Outputs().size(); ++i)
        Refresh({fields.Txid(), i});
    for (const auto& input : fields.Inputs())
        Refresh(input.prevout);
}

void Ledger::Put(TransactionRow row, TxState state)
{
    const Hash256 txid = row.tx->Txid();
    auto it = m_txs.find(txid);
    if (it == m_txs.end()) {
        it = m_txs.emplace(txid, LedgerTx{std::move(row), state, ++m_sequence}).first;
        m_by_time[{it->second.row.received, it->second.sequence}] = txid;
        for (const auto& input : it->second.row.tx->Inputs())
            m_spenders.emplace(input.prevout, txid);
    } else {
        m_by_time.erase({it->second.row.received, it->second.sequence});
        it->second.row = std::move(row);
        it->second.state = state;
        m_by_time[{it->second.row.received, it->second.sequence}] = txid;
    }
    AddOutputs(it->second);
    RefreshTx(it->second);
}

void Ledger::SetState(const Hash256& txid, TxState state)
{
    const auto it = m_txs.find(txid);
    if (it == m_txs.end()) return;
    it->second.state = state;
    if (state != TxState::Confirmed) it->second.row.height = -1;
    AddOutputs(it->second);
    RefreshTx(it->second);
}

void Ledger::Forget(const Hash256& txid)
{
    const auto it = m_txs.find(txid);
    if (it == m_txs.end()) return;
    it->second.state = TxState::Abandoned;
    RefreshTx(it->second);
    const LedgerTx tx = std::move(it->second);
    m_txs.erase(it);
    m_by_time.erase({tx.row.received, tx.sequence});
    for (const auto& input : tx.row.tx->Inputs()) {
        const auto [first, last] = m_spenders.equal_range(input.prevout);
        for (auto spender = first; spender != last; ++spender) {
            if (spender->second == txid) {
                m_spenders.erase(spender);
                break;
            }
        }
    }
    for (uint32_t i = 0; i < tx.row.tx->Outputs().size(); ++i)
        m_coins.erase({txid, i});
}

void Ledger::SetNameExpiry(const OutPoint& outpoint, int32_t live_until)
{
    const auto it = m_coins.find(outpoint);
    if (it == m_coins.end()) return;
    it->second.live_until = live_until;
    Schedule(outpoint, it->second);
    Refresh(outpoint);
}

void Ledger::Schedule(const OutPoint& outpoint, const OwnCoin& coin)
{
    if (coin.generated && coin.height >= 0) m_wake.insert({coin.height + m_maturity - 1, outpoint});
    if (coin.name && coin.live_until >= 0) m_wake.insert({coin.live_until, outpoint});
}

void Ledger::SetTip(int32_t height)
{
    const int32_t low = std::min(m_tip, height);
    const int32_t high = std::max(m_tip, height);
    m_tip = height;
    for (auto it = m_wake.lower_bound({low, {}}); it != m_wake.end() && it->first <= high; ++it)
        Refresh(it->second);
}

void Ledger::Rebuild()
{
    for (const auto& [txid, tx] : m_txs)
        AddOutputs(tx);
    for (const auto& [txid, tx] : m_txs)
        RefreshTx(tx);
}

bool Ledger::IsSpent(const OutPoint& outpoint) const
{
    const auto [first, last] = m_spenders.equal_range(outpoint);
    return std::any_of(first, last,
                       [this](const auto& entry) { return Counts(m_txs.at(entry.second).state); });
}

CoinKind Ledger::KindOf(const OutPoint& outpoint, const OwnCoin& coin) const
{
    const auto it = m_txs.find(outpoint.txid);
    if (it == m_txs.end() || IsSpent(outpoint)) return CoinKind::None;
    const auto& tx = it->second;
    const int32_t next = m_tip + 1;
    if (!Counts(tx.state)) return CoinKind::None;
    if (coin.generated) {
        if (tx.state != TxState::Confirmed) return CoinKind::None;
        if (next - coin.height < m_maturity) return CoinKind::Immature;
    }
    if (coin.name && (tx.state != TxState::Confirmed || coin.live_until >= next)) return CoinKind::Name;
    if (tx.state == TxState::Confirmed) return CoinKind::Trusted;
    if (tx.state != TxState::InPool) return CoinKind::None;
    return tx.row.from_me ? CoinKind::Trusted : CoinKind::Pending;
}

void Ledger::Refresh(const OutPoint& outpoint)
{
    const auto it = m_coins.find(outpoint);
    if (it == m_coins.end()) return;
    auto& coin = it->second;
    const CoinKind now = KindOf(outpoint, coin);
    if (now == coin.kind) return;
    m_sums[static_cast<size_t>(coin.kind)] -= coin.out.value;
    m_sums[static_cast<size_t>(now)] += coin.out.value;
    coin.kind = now;
}

const LedgerTx* Ledger::Find(const Hash256& txid) const
{
    const auto it = m_txs.find(txid);
    return it == m_txs.end() ? nullptr : &it->second;
}

const OwnCoin* Ledger::Coin(const OutPoint& outpoint) const
{
    const auto it = m_coins.find(outpoint);
    return it == m_coins.end() ? nullptr : &it->second;
}

std::vector<Hash256> Ledger::ConflictsOf(const primitives::Transaction& tx) const
{
    std::vector<Hash256> out;
    for (const auto& input : tx.Inputs()) {
        const auto [first, last] = m_spenders.equal_range(input.prevout);
        for (auto it = first; it != last; ++it) {
            if (it->second != tx.Txid()) out.push_back(it->second);
        }
    }
    return out;
}

void Ledger::Newest(const std::function<bool(const LedgerTx&)>& visit) const
{
    for (auto it = m_by_time.rbegin(); it != m_by_time.rend(); ++it) {
        if (!visit(m_txs.at(it->second))) return;
    }
}

std::vector<Hash256> Ledger::InState(TxState state) const
{
    std::vector<Hash256> out;
    for (const auto& [txid, tx] : m_txs) {
        if (tx.state == state) out.push_back(txid);
    }
    return out;
}

} // namespace emc::wallet
