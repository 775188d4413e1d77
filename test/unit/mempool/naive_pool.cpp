#include "unit/mempool/naive_pool.h"

#include "consensus/tx_rules.h"
#include "script/script.h"

#include <algorithm>
#include <cmath>

namespace emc::test {

using names::OpKind;

void NaiveState::Apply(const primitives::Transaction& tx)
{
    if (!tx.IsCoinbase()) {
        for (const auto& input : tx.Inputs())
            coins.erase(input.prevout);
    }
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        if (!script::IsUnspendable(tx.Outputs()[i].script_pubkey)) coins[{tx.Txid(), i}] = tx.Outputs()[i];
    }
    const auto ops = names::CheckNameOutputs(tx);
    for (const auto& op : *ops) {
        if (op.op.kind == OpKind::Delete) {
            names.erase(op.op.name);
        } else {
            names[op.op.name] = {tx.Txid(), static_cast<uint32_t>(op.output)};
        }
    }
}

bool NaiveState::IsNameCoin(const OutPoint& outpoint) const
{
    return std::any_of(names.begin(), names.end(), [&](const auto& name) { return name.second == outpoint; });
}

NaivePool::Txids NaivePool::Ancestors(const primitives::Transaction& tx) const
{
    Txids out;
    for (const auto& input : tx.Inputs()) {
        const auto parent = m_entries.find(input.prevout.txid);
        if (parent == m_entries.end() || !out.insert(parent->first).second) continue;
        out.merge(Ancestors(*parent->second.tx));
    }
    return out;
}

NaivePool::Txids NaivePool::Descendants(const Txids& of) const
{
    Txids out = of;
    for (size_t before = 0; before != out.size();) {
        before = out.size();
        for (const auto& [txid, entry] : m_entries) {
            for (const auto& input : entry.tx->Inputs()) {
                if (out.contains(input.prevout.txid)) out.insert(txid);
            }
        }
    }
    return out;
}

Amount NaivePool::RollingMinimum(int64_t now) const
{
    if (m_rolling == 0) return 0;
    const double age = std::max(0.0, static_cast<double>(now - m_rolling_time));
    const double rate = m_rolling * std::pow(0.5, age / 43'200);
    return rate < 500 ? 0 : static_cast<Amount>(rate);
}

uint64_t NaivePool::Usage() const
{
    uint64_t out = 0;
    for (const auto& [txid, entry] : m_entries)
        out += 600 + entry.tx->TotalSize() + 120 * entry.tx->Inputs().size();
    return out;
}

void NaivePool::Erase(const Txids& txids)
{
    for (const auto& txid : txids)
        m_entries.erase(txid);
}

/// Finds the coins and works out fee and size.
std::string NaivePool::Fund(NaiveEntry& entry, const NaiveState& state) const
{
    const auto& tx = *entry.tx;
    entry.ops = *names::CheckNameOutputs(tx);
    Amount in = 0;
    std::set<OutPoint> name_coins;
    for (const auto& input : tx.Inputs()) {
        const auto parent = m_entries.find(input.prevout.txid);
        if (const auto coin = state.coins.find(input.prevout); coin != state.coins.end()) {
            in += coin->second.value;
            if (state.IsNameCoin(input.prevout)) name_coins.insert(input.prevout);
        } else if (parent != m_entries.end() && input.prevout.index < parent->second.tx->Outputs().size()) {
            for (const auto& op : parent->second.ops) {
                if (op.output == input.prevout.index && op.op.kind != OpKind::Delete)
                    return "name-output-unconfirmed";
            }
            in += parent->second.tx->Outputs()[input.prevout.index].value;
        } else {
            for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
                if (state.coins.contains({tx.Txid(), i})) return "Already in a block";
            }
            return "bad-txns-inputs-missingorspent";
        }
    }
    for (const auto& op : entry.ops) {
        const auto live = state.names.find(op.op.name);
        if (op.op.kind == OpKind::New && live != state.names.end()) return "bad-name-";
        if (op.op.kind == OpKind::New) continue;
        if (live == state.names.end()) return "bad-name-";
        if (name_coins.erase(live->second) == 0) return "bad-name-";
    }
    if (!name_coins.empty()) return "bad-name-";
    entry.fee = in - names::NameFees(entry.ops);
    for (const auto& output : tx.Outputs())
        entry.fee -= output.value;
    entry.sigop_cost = 4 * consensus::LegacySigOps(tx);
    entry.vsize = (std::max<size_t>(tx.Weight(), static_cast<size_t>(entry.sigop_cost) * 20) + 3) / 4;
    return {};
}

std::string NaivePool::Conflicts(const NaiveEntry& entry, Txids& replaced) const
{
    Txids direct;
    for (const auto& [txid, other] : m_entries) {
        for (const auto& theirs : other.tx->Inputs()) {
            for (const auto& ours : entry.tx->Inputs()) {
                if (ours.prevout == theirs.prevout) direct.insert(txid);
            }
        }
    }
    for (const auto& txid : direct) {
        const auto& inputs = m_entries.at(txid).tx->Inputs();
        if (std::none_of(inputs.begin(), inputs.end(), [](const auto& i) { return i.sequence < 0xfffffffe; }))
            return "txn-mempool-conflict";
    }
    replaced = Descendants(direct);
    for (const auto& [txid, other] : m_entries) {
        for (const auto& theirs : other.ops) {
            for (const auto& ours : entry.ops) {
                if (ours.op.name == theirs.op.name && !replaced.contains(txid)) return "name-pending";
            }
        }
    }
    return {};
}

std::string NaivePool::Replaces(const NaiveEntry& entry, const Txids& replaced) const
{
    if (replaced.empty()) return {};
    if (replaced.size() > 100) return "too many potential replacements";
    for (const auto& txid : Ancestors(*entry.tx)) {
        if (replaced.contains(txid)) return "bad-txns-spends-conflicting-tx";
    }
    for (const auto& input : entry.tx->Inputs()) {
        if (!m_entries.contains(input.prevout.txid)) continue;
        const bool was_spent = std::any_of(replaced.begin(), replaced.end(), [&](const Hash256& txid) {
            const auto& inputs = m_entries.at(txid).tx->Inputs();
            return std::any_of(inputs.begin(), inputs.end(),
                               [&](const auto& theirs) { return theirs.prevout == input.prevout; });
        });
        if (!was_spent) return "replacement-adds-unconfirmed";
    }
    Amount fees = 0;
    for (const auto& txid : replaced) {
        const auto& old = m_entries.at(txid);
        fees += old.fee;
        if (entry.fee * static_cast<Amount>(old.vsize) <= old.fee * static_cast<Amount>(entry.vsize))
            return "insufficient fee";
    }
    return entry.fee < fees + mempool::FeeFor(1'000, entry.vsize) ? "insufficient fee" : "";
}

std::string NaivePool::TooManyRelatives(const NaiveEntry& entry, const Txids& replaced) const
{
    const auto& limits = m_options.limits;
    const auto fits = [](const std::map<Hash256, NaiveEntry>& all, const Txids& some, size_t own,
                         uint64_t count, uint64_t vsize) {
        uint64_t sum = own;
        for (const auto& txid : some)
            sum += all.at(txid).vsize;
        return some.size() + 1 <= count && sum <= vsize;
    };
    const Txids ancestors = Ancestors(*entry.tx);
    if (!fits(m_entries, ancestors, entry.vsize, limits.ancestor_count, limits.ancestor_vsize))
        return "too-long-mempool-chain";
    for (const auto& ancestor : ancestors) {
        Txids others;
        for (const auto& txid : Descendants({ancestor})) {
            if (!replaced.contains(txid)) others.insert(txid);
        }
        if (!fits(m_entries, others, entry.vsize, limits.descendant_count, limits.descendant_vsize))
            return "too-long-mempool-chain";
    }
    return {};
}

void NaivePool::Trim(int64_t now)
{
    while (Usage() > m_options.max_usage_bytes) {
        const Hash256* worst = nullptr;
        Amount worst_fee = 0;
        Amount worst_vsize = 1;
        Amount package_fee = 0;
        Amount package_vsize = 1;
        for (const auto& [txid, entry] : m_entries) { // in order of txid, so the first of equals goes
            Amount fee = 0;
            Amount vsize = 0;
            for (const auto& member : Descendants({txid})) {
                fee += m_entries.at(member).fee;
                vsize += static_cast<Amount>(m_entries.at(member).vsize);
            }
            const auto own = static_cast<Amount>(entry.vsize);
            const bool package = entry.fee * vsize < fee * own;
            const Amount f = package ? fee : entry.fee;
            const Amount v = package ? vsize : own;
            if (worst != nullptr && worst_fee * v <= f * worst_vsize) continue;
            worst = &txid;
            worst_fee = f;
            worst_vsize = v;
            package_fee = fee;
            package_vsize = vsize;
        }
        const double rate = static_cast<double>(package_fee) * 1000 / static_cast<double>(package_vsize);
        m_rolling = std::max(static_cast<double>(RollingMinimum(now)), rate + 1'000);
        m_rolling_time = now;
        Erase(Descendants({*worst}));
    }
}

std::string NaivePool::Submit(const TxRef& tx, const NaiveState& state, int64_t now, bool test_only)
{
    if (m_entries.contains(tx->Txid())) return test_only ? "txn-already-in-mempool" : "";
    NaiveEntry entry;
    entry.tx = tx;
    Txids replaced;
    if (auto why = Fund(entry, state); !why.empty()) return why;
    if (auto why = Conflicts(entry, replaced); !why.empty()) return why;
    if (entry.fee < mempool::FeeFor(m_options.relay_rate_per_kvb, entry.vsize))
        return "min relay fee not met";
    if (entry.fee < mempool::FeeFor(RollingMinimum(now), entry.vsize)) return "mempool min fee not met";
    if (auto why = Replaces(entry, replaced); !why.empty()) return why;
    if (auto why = TooManyRelatives(entry, replaced); !why.empty()) return why;
    if (test_only) return {};
    Erase(replaced);
    entry.sequence = ++m_sequence;
    entry.time = now;
    m_entries.emplace(tx->Txid(), entry);
    Trim(now);
    return m_entries.contains(tx->Txid()) ? "" : "mempool full";
}

void NaivePool::Connected(const primitives::Block& block)
{
    for (const auto& tx : block.transactions)
        m_entries.erase(tx->Txid());
    Txids conflicts;
    for (const auto& [txid, entry] : m_entries) {
        for (const auto& ours : entry.tx->Inputs()) {
            for (const auto& tx : block.transactions) {
                for (const auto& theirs : tx->Inputs()) {
                    if (ours.prevout == theirs.prevout) conflicts.insert(txid);
                }
            }
        }
    }
    Erase(Descendants(conflicts));
}

void NaivePool::DropExpired(int64_t now)
{
    Txids expired;
    for (const auto& [txid, entry] : m_entries) {
        if (entry.time < now - m_options.expiry_sec) expired.insert(txid);
    }
    Erase(Descendants(expired));
}

void NaivePool::NewTip(const NaiveState& state, int64_t now)
{
    DropExpired(now);
    Txids impossible;
    for (const auto& [txid, entry] : m_entries) {
        NaiveEntry copy = entry;
        if (!entry.ops.empty() && !Fund(copy, state).empty()) impossible.insert(txid);
    }
    Erase(Descendants(impossible));
}

void NaivePool::Reorganised(const std::vector<TxRef>& lost, const NaiveState& state, int64_t now)
{
    DropExpired(now);
    std::vector<NaiveEntry> again;
    for (const auto& tx : lost) {
        again.emplace_back().tx = tx;
        again.back().time = now;
    }
    std::vector<NaiveEntry> had;
    for (const auto& [txid, entry] : m_entries)
        had.push_back(entry);
    std::sort(had.begin(), had.end(), [](const auto& a, const auto& b) { return a.sequence < b.sequence; });
    again.insert(again.end(), had.begin(), had.end());
    m_entries.clear();
    for (auto& entry : again) {
        Txids replaced;
        if (!Fund(entry, state).empty() || !Conflicts(entry, replaced).empty() || !replaced.empty() ||
            entry.fee < mempool::FeeFor(m_options.relay_rate_per_kvb, entry.vsize) ||
            !TooManyRelatives(entry, replaced).empty()) {
            continue;
        }
        entry.sequence = ++m_sequence;
        const Hash256 txid = entry.tx->Txid();
        m_entries.emplace(txid, std::move(entry));
    }
    Trim(now);
}

std::vector<Hash256> NaivePool::Select(size_t max_weight, int64_t max_sigop_cost) const
{
    std::vector<Hash256> out;
    Txids chosen;
    std::map<Hash256, size_t> passed_over; // with so many ancestors still to come
    const auto missing = [&](const NaiveEntry& entry) {
        Txids group = Ancestors(*entry.tx);
        group.insert(entry.tx->Txid());
        std::erase_if(group, [&](const Hash256& txid) { return chosen.contains(txid); });
        return group;
    };
    while (true) {
        const NaiveEntry* best = nullptr;
        Amount best_fee = 0;
        Amount best_vsize = 1;
        for (const auto& [txid, entry] : m_entries) {
            if (chosen.contains(txid)) continue;
            const Txids group = missing(entry);
            if (passed_over.contains(txid) && passed_over.at(txid) == group.size()) continue;
            Amount fee = 0;
            Amount vsize = 0;
            for (const auto& member : group) {
                fee += m_entries.at(member).fee;
                vsize += static_cast<Amount>(m_entries.at(member).vsize);
            }
            const bool better = best == nullptr || best_fee * vsize < fee * best_vsize ||
                                (best_fee * vsize == fee * best_vsize && entry.sequence < best->sequence);
            if (!better) continue;
            best = &entry;
            best_fee = fee;
            best_vsize = vsize;
        }
        if (best == nullptr) return out;
        std::vector<const NaiveEntry*> group;
        size_t weight = 0;
        int64_t sigops = 0;
        for (const auto& txid : missing(*best)) {
            group.push_back(&m_entries.at(txid));
            weight += group.back()->tx->Weight();
            sigops += group.back()->sigop_cost;
        }
        if (weight > max_weight || sigops > max_sigop_cost) {
            passed_over[best->tx->Txid()] = group.size();
            continue;
        }
        max_weight -= weight;
        max_sigop_cost -= sigops;
        std::sort(group.begin(), group.end(),
                  [](const auto* a, const auto* b) { return a->sequence < b->sequence; });
        for (const auto* entry : group) {
            chosen.insert(entry->tx->Txid());
            out.push_back(entry->tx->Txid());
        }
    }
}

} // namespace emc::test
