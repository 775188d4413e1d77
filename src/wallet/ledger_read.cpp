/// Loading a ledger and asking it.
#include "names/op_codec.h"
#include "wallet/ledger_impl.h"

#include <algorithm>

namespace emc::wallet {

Ledger::Ledger(OwnerOf owner_of, int32_t maturity)
    : m_impl(std::make_unique<Impl>(std::move(owner_of), maturity))
{}

Ledger::~Ledger() = default;

void Ledger::Load(std::vector<TransactionRow> rows)
{
    auto& impl = *m_impl;
    impl.txs.reserve(rows.size());
    impl.spenders.reserve(rows.size() * 2);
    impl.coins.reserve(rows.size() * 2);
    std::vector<const TransactionRow*> history;
    history.reserve(rows.size());
    for (auto& row : rows) {
        const Hash256 txid = row.tx->Txid();
        impl.order = std::max(impl.order, row.order);
        const auto [it, fresh] = impl.txs.emplace(txid, std::move(row));
        if (!fresh) continue; // the same under another key of the file
        auto& stored = it->second;
        impl.IndexBlock(stored);
        history.push_back(&stored);
        for (const auto& input : stored.tx->Inputs())
            impl.spenders.emplace(input.prevout, &stored);
    }
    Rebuild();
    impl.by_time.Fill(history);
    impl.ArrangeNames();
}

void Ledger::Impl::ArrangeNames()
{
    auto arranged = std::make_unique<HeldNames>();
    for (const auto& [name, outputs] : held->by_name)
        arranged->by_name.emplace_hint(arranged->by_name.end(), name, outputs);
    held = std::move(arranged);
}

void Ledger::Rebuild()
{
    auto& impl = *m_impl;
    for (const auto& [txid, row] : impl.txs)
        impl.AddOutputs(row);
    for (const auto& [outpoint, coin] : impl.coins)
        impl.Refresh(outpoint);
}

void Ledger::SetNameExpiry(const OutPoint& outpoint, int32_t live_until)
{
    const auto it = m_impl->coins.find(outpoint);
    if (it == m_impl->coins.end() || !it->second.name) return;
    it->second.live_until = live_until;
    m_impl->Schedule(outpoint, it->second);
    m_impl->Refresh(outpoint);
}

std::vector<std::pair<OutPoint, std::string>> Ledger::UnknownNames() const
{
    std::vector<std::pair<OutPoint, std::string>> out;
    for (const auto& [name, outputs] : m_impl->held->by_name) {
        for (const auto& held : outputs) {
            if (held.coin->live_until != NAME_UNKNOWN || held.row->state != TxState::Confirmed) continue;
            const auto [first, last] = m_impl->spenders.equal_range(held.outpoint);
            const bool gone = std::any_of(
                first, last, [](const auto& entry) { return entry.second->state == TxState::Confirmed; });
            if (!gone) out.emplace_back(held.outpoint, name);
        }
    }
    return out;
}

void Ledger::SetTip(int32_t height)
{
    auto& impl = *m_impl;
    const int32_t low = std::min(impl.tip, height);
    const int32_t high = std::max(impl.tip, height);
    impl.tip = height;
    for (auto it = impl.wake.lower_bound({low, {}}); it != impl.wake.end() && it->first <= high; ++it)
        impl.Refresh(it->second);
}

std::vector<Hash256> Ledger::Blocks() const
{
    std::vector<Hash256> out;
    for (const auto& entry : m_impl->by_block) {
        if (out.empty() || out.back() != entry.block) out.push_back(entry.block);
    }
    return out;
}

std::vector<std::pair<Hash256, const TransactionRow*>> Ledger::TakeChanged()
{
    std::vector<std::pair<Hash256, const TransactionRow*>> out;
    for (const auto& txid : m_impl->changed)
        out.emplace_back(txid, Find(txid));
    m_impl->changed.clear();
    return out;
}

const TransactionRow* Ledger::Find(const Hash256& txid) const
{
    const auto it = m_impl->txs.find(txid);
    return it == m_impl->txs.end() ? nullptr : &it->second;
}

const OwnCoin* Ledger::Coin(const OutPoint& outpoint) const
{
    const auto it = m_impl->coins.find(outpoint);
    return it == m_impl->coins.end() ? nullptr : &it->second;
}

void Ledger::ForEachUnspent(const std::function<void(const OutPoint&, const OwnCoin&)>& visit) const
{
    for (const auto& entry : m_impl->unspent)
        visit(entry.outpoint, *entry.coin);
}

void Ledger::ForEachCoin(const std::function<void(const OutPoint&, const OwnCoin&)>& visit) const
{
    for (const auto& [outpoint, coin] : m_impl->coins)
        visit(outpoint, coin);
}

std::optional<Hash256> Ledger::SpenderOf(const OutPoint& outpoint) const
{
    const auto [first, last] = m_impl->spenders.equal_range(outpoint);
    const auto it = std::find_if(first, last, [](const auto& e) { return Impl::Counts(e.second->state); });
    return it == last ? std::nullopt : std::optional(it->second->tx->Txid());
}

std::vector<Hash256> Ledger::ConflictsOf(const primitives::Transaction& tx) const
{
    std::vector<Hash256> out;
    for (const auto* rival : m_impl->RivalsOf(tx)) {
        const Hash256& txid = rival->tx->Txid();
        if (std::find(out.begin(), out.end(), txid) == out.end()) out.push_back(txid);
    }
    return out;
}

Amount Ledger::Sum(CoinKind kind) const
{
    return m_impl->sums[static_cast<size_t>(kind)];
}

size_t Ledger::TxCount() const
{
    return m_impl->txs.size();
}

int32_t Ledger::TipHeight() const
{
    return m_impl->tip;
}

uint64_t Ledger::NextOrder() const
{
    return m_impl->order + 1;
}

void Ledger::Newest(const std::function<bool(const TransactionRow&)>& visit) const
{
    size_t none = 0;
    m_impl->by_time.Newest(none, visit);
}

void Ledger::Newest(size_t& skip, const std::function<bool(const TransactionRow&)>& visit) const
{
    m_impl->by_time.Newest(skip, visit);
}

template <typename Visit>
void Ledger::Impl::ForEachShown(const TransactionRow& row, Visit&& visit) const
{
    const auto& tx = *row.tx;
    const bool from_me = std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                                     [this](const auto& input) { return coins.contains(input.prevout); });
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto coin = coins.find({tx.Txid(), i});
        const bool own = coin != coins.end();
        if (from_me && own && coin->second.change) continue;
        if (from_me || own) visit(i, from_me, own);
    }
}

size_t Ledger::Impl::LineCount(const TransactionRow& row) const
{
    size_t lines = 0;
    ForEachShown(row, [&lines](uint32_t, bool paid, bool received) {
        lines += (paid ? 1u : 0u) + (received ? 1u : 0u);
    });
    return lines;
}

void Ledger::ReadLines(const TransactionRow& row, std::vector<HistoryLine>& out) const
{
    out.clear();
    const auto& tx = *row.tx;
    m_impl->ForEachShown(row, [&](uint32_t i, bool paid, bool received) {
        const auto owner = names::OwnerScriptOf(tx.Version(), i, tx.Outputs()[i].script_pubkey);
        if (paid) out.push_back({i, owner.script, false});
        if (received) out.push_back({i, owner.script, true});
    });
}

std::vector<const TransactionRow*> Ledger::InState(TxState state) const
{
    std::vector<const TransactionRow*> out;
    for (const auto& [txid, row] : m_impl->txs) {
        if (row.state == state) out.push_back(&row);
    }
    std::sort(out.begin(), out.end(),
              [](const TransactionRow* a, const TransactionRow* b) { return a->order < b->order; });
    return out;
}

void Ledger::ForEachName(std::string_view from, const std::function<bool(const HeldName&)>& visit) const
{
    // Coins and scripts lie anywhere in memory: they are asked for some names ahead.
    constexpr int AHEAD = 12;
    constexpr size_t LINE_BYTES = 64;
    const auto& names = m_impl->held->by_name;
    auto ahead = names.lower_bound(from);
    const auto look_ahead = [&] {
        if (ahead == names.end()) return;
        for (const auto& output : ahead->second) {
            __builtin_prefetch(output.coin);
            __builtin_prefetch(output.script.data());
            __builtin_prefetch(output.script.data() + std::min(LINE_BYTES, output.script.size()));
        }
        ++ahead;
    };
    auto it = ahead;
    for (int i = 0; i < AHEAD; ++i)
        look_ahead();
    for (; it != names.end(); ++it) {
        look_ahead();
        HeldName held{it->first};
        bool confirmed = false;
        for (const auto& output : it->second) {
            const auto& coin = *output.coin;
            const bool lies_here = coin.kind == CoinKind::Name && coin.height >= 0 && coin.live_until >= 0;
            confirmed = confirmed || lies_here || output.row->state == TxState::Confirmed;
            if (!lies_here) continue;
            held.outpoint = &output.outpoint;
            held.coin = output.coin;
            held.script = output.script;
        }
        if (confirmed && !visit(held)) return;
    }
}

std::set<Bytes, BytesLess> Ledger::ScriptsSpentFrom() const
{
    std::set<Bytes, BytesLess> out;
    for (const auto& [outpoint, coin] : m_impl->coins) {
        if (m_impl->IsSpent(outpoint)) out.insert(coin.out.script_pubkey);
    }
    return out;
}

} // namespace emc::wallet
