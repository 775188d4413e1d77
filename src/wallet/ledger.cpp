#include "wallet/ledger.h"

#include "names/op_codec.h"
#include "wallet/ledger_impl.h"

#include <algorithm>

namespace emc::wallet {

// --- Reading what a transaction is to us ---

bool Ledger::Concerns(const primitives::Transaction& tx) const
{
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto owner = names::OwnerScriptOf(tx.Version(), i, tx.Outputs()[i].script_pubkey);
        if (m_impl->owner_of(owner.script) != Owner::Others) return true;
    }
    return std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                       [this](const auto& input) { return m_impl->coins.contains(input.prevout); });
}

void Ledger::Impl::AddOutputs(const TransactionRow& row)
{
    const auto& tx = *row.tx;
    const bool confirmed = row.state == TxState::Confirmed;
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto& output = tx.Outputs()[i];
        const auto owner = names::OwnerScriptOf(tx.Version(), i, output.script_pubkey);
        const Owner whose = owner_of(owner.script);
        if (whose == Owner::Others) continue;
        const OutPoint outpoint{tx.Txid(), i};
        const auto [it, fresh] = coins.try_emplace(outpoint);
        auto& coin = it->second;
        const bool was_change = std::exchange(coin.change, whose == Owner::Change);
        if (fresh || was_change != coin.change) RecountLines(row, outpoint);
        if (fresh) {
            coin.out = {output.value, Bytes(owner.script.begin(), owner.script.end())};
            coin.generated = row.generated;
            if (owner.had_prefix && tx.Version() == primitives::NAME_TX_VERSION) AddName(row, outpoint, coin);
        }
        coin.height = confirmed ? row.height : -1;
        Schedule(outpoint, coin);
    }
}

void Ledger::Impl::RecountLines(const TransactionRow& row, const OutPoint& outpoint)
{
    by_time.Recount(row);
    const auto [first, last] = spenders.equal_range(outpoint);
    for (auto it = first; it != last; ++it)
        by_time.Recount(*it->second);
}

void Ledger::Impl::AddName(const TransactionRow& row, const OutPoint& outpoint, OwnCoin& coin)
{
    coin.name = true;
    coin.live_until = NAME_UNKNOWN;
    const ByteSpan script = row.tx->Outputs()[outpoint.index].script_pubkey;
    auto parsed = names::ParseNameOutput(script);
    if (!parsed || !parsed->op) return;
    if (parsed->op->kind == names::OpKind::Delete) coin.live_until = NAME_OVER;
    held->by_name[std::pmr::string(parsed->op->name, &held->memory)].push_back(
        {outpoint, &coin, &row, script});
}

void Ledger::Impl::Schedule(const OutPoint& outpoint, const OwnCoin& coin)
{
    if (coin.generated && coin.height >= 0) wake.insert({coin.height + maturity - 1, outpoint});
    if (coin.name && coin.live_until >= 0) wake.insert({coin.live_until, outpoint});
}

bool Ledger::Impl::IsSpent(const OutPoint& outpoint) const
{
    const auto [first, last] = spenders.equal_range(outpoint);
    return std::any_of(first, last, [](const auto& entry) { return Counts(entry.second->state); });
}

/// Ours from end to end: nobody else can make it void.
bool Ledger::Impl::IsTrusted(const TransactionRow& row) const
{
    if (row.state == TxState::Confirmed) return true;
    if (row.state != TxState::InPool) return false;
    return std::all_of(row.tx->Inputs().begin(), row.tx->Inputs().end(), [this](const auto& input) {
        if (!coins.contains(input.prevout)) return false;
        const auto parent = txs.find(input.prevout.txid);
        return parent != txs.end() && IsTrusted(parent->second);
    });
}

CoinKind Ledger::Impl::KindOf(const OutPoint& outpoint, const OwnCoin& coin) const
{
    const auto it = txs.find(outpoint.txid);
    if (it == txs.end() || IsSpent(outpoint)) return CoinKind::None;
    const auto& row = it->second;
    const int32_t next = tip + 1;
    if (row.state == TxState::Confirmed) {
        if (coin.generated && next - coin.height < maturity) return CoinKind::Immature;
        if (coin.name && (coin.live_until == NAME_UNKNOWN || coin.live_until >= next)) return CoinKind::Name;
        return CoinKind::Trusted;
    }
    if (row.state != TxState::InPool) return CoinKind::None;
    if (coin.name) return CoinKind::Name;
    return IsTrusted(row) ? CoinKind::Trusted : CoinKind::Pending;
}

void Ledger::Impl::Refresh(const OutPoint& outpoint)
{
    const auto it = coins.find(outpoint);
    if (it == coins.end()) return;
    auto& coin = it->second;
    const CoinKind now = KindOf(outpoint, coin);
    if (now == coin.kind) return;
    sums[static_cast<size_t>(coin.kind)] -= coin.out.value;
    sums[static_cast<size_t>(now)] += coin.out.value;
    if (coin.kind == CoinKind::None) {
        coin.place = unspent.size();
        unspent.push_back({outpoint, &coin});
    }
    if (now == CoinKind::None) { // the last one takes its place
        unspent[coin.place] = unspent.back();
        unspent[coin.place].coin->place = coin.place;
        unspent.pop_back();
    }
    coin.kind = now;
}

/// After a transaction's state changed: its own coins, those it spends, and the trust in what builds on it.
void Ledger::Impl::RefreshTx(const TransactionRow& row)
{
    for (const auto& input : row.tx->Inputs())
        Refresh(input.prevout);
    RefreshOutputs(row);
}

void Ledger::Impl::RefreshOutputs(const TransactionRow& row)
{
    for (uint32_t i = 0; i < row.tx->Outputs().size(); ++i) {
        const OutPoint outpoint{row.tx->Txid(), i};
        Refresh(outpoint);
        const auto [first, last] = spenders.equal_range(outpoint);
        for (auto it = first; it != last; ++it) {
            if (it->second->state == TxState::InPool) RefreshOutputs(*it->second);
        }
    }
}

// --- Moving transactions from state to state ---

void Ledger::Impl::IndexBlock(TransactionRow& row)
{
    if (!row.block.IsNull()) by_block.insert({row.block, row.order, &row});
}

std::vector<TransactionRow*> Ledger::Impl::RowsOfBlock(const Hash256& block) const
{
    std::vector<TransactionRow*> out;
    for (auto it = by_block.lower_bound({block}); it != by_block.end() && it->block == block; ++it)
        out.push_back(it->row);
    return out;
}

void Ledger::Impl::SetState(TransactionRow& row, TxState state, const Hash256& block, int32_t height)
{
    const auto stored = [](TxState s) { return s == TxState::InPool ? TxState::Inactive : s; };
    if (stored(row.state) != stored(state) || row.block != block || row.height != height)
        changed.insert(row.tx->Txid());
    by_block.erase({row.block, row.order, &row});
    row.state = state;
    row.block = block;
    row.height = height;
    IndexBlock(row);
    AddOutputs(row);
    RefreshTx(row);
}

std::vector<TransactionRow*> Ledger::Impl::RivalsOf(const primitives::Transaction& tx) const
{
    std::vector<TransactionRow*> out;
    for (const auto& input : tx.Inputs()) {
        if (input.prevout.IsNull()) continue;
        const auto [first, last] = spenders.equal_range(input.prevout);
        for (auto it = first; it != last; ++it) {
            if (it->second->tx->Txid() != tx.Txid()) out.push_back(it->second);
        }
    }
    return out;
}

std::vector<TransactionRow*> Ledger::Impl::ChildrenOf(const TransactionRow& row) const
{
    std::vector<TransactionRow*> out;
    for (uint32_t i = 0; i < row.tx->Outputs().size(); ++i) {
        const auto [first, last] = spenders.equal_range({row.tx->Txid(), i});
        for (auto it = first; it != last; ++it)
            out.push_back(it->second);
    }
    return out;
}

/// The transaction and what depends on it cannot happen while `block` (zero: the pool's choice) stands. Of
/// several deciding blocks the lowest counts: it is the last to go in a reorganisation. What the losers had
/// beaten in the pool may come back.
void Ledger::Impl::Defeat(TransactionRow& loser, const Hash256& block, int32_t height)
{
    std::vector<TransactionRow*> queue{&loser};
    std::vector<TransactionRow*> freed;
    while (!queue.empty()) {
        auto& row = *queue.back();
        queue.pop_back();
        const bool stays = row.state == TxState::Confirmed || row.state == TxState::Abandoned;
        const bool decided = row.state == TxState::Conflicted &&
                             (block.IsNull() || (!row.block.IsNull() && row.height <= height));
        if (&row != &loser && stays) continue;
        if (decided || row.state == TxState::Abandoned) continue;
        if (row.state == TxState::InPool) {
            const auto rivals = RivalsOf(*row.tx);
            freed.insert(freed.end(), rivals.begin(), rivals.end());
        }
        SetState(row, TxState::Conflicted, block, height);
        const auto children = ChildrenOf(row);
        queue.insert(queue.end(), children.begin(), children.end());
    }
    for (auto* row : freed)
        Return(*row);
}

/// Nothing that counts spends the same, and what it spends has not lost itself.
bool Ledger::Impl::MayReturn(const TransactionRow& row) const
{
    if (row.generated) return false;
    const auto rivals = RivalsOf(*row.tx);
    const bool beaten = std::any_of(rivals.begin(), rivals.end(), [](const TransactionRow* rival) {
        return rival->state == TxState::Confirmed || rival->state == TxState::InPool;
    });
    if (beaten) return false;
    return std::all_of(row.tx->Inputs().begin(), row.tx->Inputs().end(), [this](const auto& input) {
        const auto parent = txs.find(input.prevout.txid);
        return parent == txs.end() || Counts(parent->second.state);
    });
}

/// A transaction that had lost, and then what depends on it, is given another chance where nothing stands
/// against it any more.
void Ledger::Impl::Return(TransactionRow& first)
{
    std::vector<TransactionRow*> queue{&first};
    while (!queue.empty()) {
        auto& row = *queue.back();
        queue.pop_back();
        if (row.state != TxState::Conflicted || !row.block.IsNull() || !MayReturn(row)) continue;
        SetState(row, TxState::Inactive, {}, -1);
        const auto children = ChildrenOf(row);
        queue.insert(queue.end(), children.begin(), children.end());
    }
}

void Ledger::Put(TransactionRow row)
{
    auto& impl = *m_impl;
    const Hash256 txid = row.tx->Txid();
    auto it = impl.txs.find(txid);
    const TxState state = row.state;
    const Hash256 block = row.block;
    const int32_t height = row.height;
    if (it == impl.txs.end()) {
        if (row.order == 0) row.order = NextOrder();
        impl.order = std::max(impl.order, row.order);
        row.block = {};
        it = impl.txs.emplace(txid, std::move(row)).first;
        impl.by_time.Add(it->second);
        for (const auto& input : it->second.tx->Inputs())
            impl.spenders.emplace(input.prevout, &it->second);
        impl.changed.insert(txid);
    }
    const TxState before = it->second.state;
    if (before == TxState::Confirmed && state == TxState::InPool) return; // old news
    const auto rivals = impl.RivalsOf(*it->second.tx);
    if (state == TxState::Confirmed || state == TxState::InPool) {
        for (auto* rival : rivals) {
            if (state == TxState::Confirmed || rival->state != TxState::Confirmed)
                impl.Defeat(*rival, block, state == TxState::Confirmed ? height : -1);
        }
    }
    impl.SetState(it->second, state, block, height);
    if (before == TxState::Conflicted || before == TxState::Abandoned) {
        for (auto* child : impl.ChildrenOf(it->second))
            impl.Return(*child);
    }
}

void Ledger::NoteForeign(const primitives::Transaction& tx, const Hash256& block, int32_t height)
{
    for (auto* rival : m_impl->RivalsOf(tx))
        m_impl->Defeat(*rival, block, height);
}

void Ledger::UndoBlock(const Hash256& block)
{
    auto& impl = *m_impl;
    std::vector<TransactionRow*> losers;
    std::vector<TransactionRow*> members;
    for (auto* row : impl.RowsOfBlock(block))
        (row->state == TxState::Confirmed ? members : losers).push_back(row);
    for (auto* row : losers)
        impl.SetState(*row, TxState::Conflicted, {}, -1);
    for (auto* row : members)
        impl.SetState(*row, row->generated ? TxState::Conflicted : TxState::Inactive, {}, -1);
    for (auto* row : members) {
        if (!row->generated) continue;
        for (auto* child : impl.ChildrenOf(*row))
            impl.Defeat(*child, {}, -1);
    }
    for (auto* row : losers)
        impl.Return(*row);
}

void Ledger::LeavePool(const Hash256& txid, bool lost)
{
    const auto it = m_impl->txs.find(txid);
    if (it == m_impl->txs.end() || it->second.state != TxState::InPool) return;
    if (lost) {
        m_impl->Defeat(it->second, {}, -1);
        return;
    }
    m_impl->SetState(it->second, TxState::Inactive, {}, -1);
    for (auto* rival : m_impl->RivalsOf(*it->second.tx))
        m_impl->Return(*rival);
}

bool Ledger::Abandon(const Hash256& txid)
{
    const auto it = m_impl->txs.find(txid);
    if (it == m_impl->txs.end()) return false;
    if (it->second.state != TxState::Inactive && it->second.state != TxState::Conflicted) return false;
    std::vector<TransactionRow*> queue{&it->second};
    while (!queue.empty()) {
        auto& row = *queue.back();
        queue.pop_back();
        if (row.state != TxState::Inactive && row.state != TxState::Conflicted) continue;
        m_impl->SetState(row, TxState::Abandoned, {}, -1);
        const auto children = m_impl->ChildrenOf(row);
        queue.insert(queue.end(), children.begin(), children.end());
    }
    return true;
}

void Ledger::SetComment(const Hash256& txid, const std::string& comment)
{
    const auto it = m_impl->txs.find(txid);
    if (it == m_impl->txs.end() || it->second.comment == comment) return;
    it->second.comment = comment;
    m_impl->changed.insert(txid);
}

void Ledger::Forget(const Hash256& txid)
{
    auto& impl = *m_impl;
    const auto it = impl.txs.find(txid);
    if (it == impl.txs.end()) return;
    impl.SetState(it->second, TxState::Abandoned, {}, -1);
    impl.changed.insert(txid);
    impl.by_time.Remove(it->second);
    const primitives::TxRef tx = it->second.tx;
    for (const auto& input : tx->Inputs()) {
        const auto [first, last] = impl.spenders.equal_range(input.prevout);
        const auto at = std::find_if(first, last, [&](const auto& e) { return e.second == &it->second; });
        if (at != last) impl.spenders.erase(at);
    }
    for (uint32_t i = 0; i < tx->Outputs().size(); ++i)
        impl.RecountLines(it->second, {txid, i});
    impl.txs.erase(it);
    for (uint32_t i = 0; i < tx->Outputs().size(); ++i)
        impl.RemoveCoin({txid, i}, tx->Outputs()[i].script_pubkey);
}

void Ledger::Impl::RemoveCoin(const OutPoint& outpoint, ByteSpan script)
{
    const auto it = coins.find(outpoint);
    if (it == coins.end()) return;
    if (it->second.name) {
        const auto parsed = names::ParseNameOutput(script);
        if (parsed && parsed->op) {
            auto& names = held->by_name;
            const auto name = names.find(std::string_view(parsed->op->name));
            const auto same = [&](const HeldOutput& output) { return output.outpoint == outpoint; };
            if (name != names.end() && std::erase_if(name->second, same) > 0 && name->second.empty())
                names.erase(name);
        }
    }
    coins.erase(it);
}

} // namespace emc::wallet
