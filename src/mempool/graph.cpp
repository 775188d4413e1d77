#include "mempool/graph.h"

#include "crypto/random.h"

#include <algorithm>
#include <cstring>

namespace emc::mempool {

namespace {

using base::Unexpected;
using primitives::OutPoint;

/// Memory of one entry beside its transaction, estimated.
constexpr uint64_t ENTRY_OVERHEAD_BYTES = 600;
constexpr uint64_t PER_INPUT_OVERHEAD_BYTES = 120;

struct Secret {
    uint64_t a = 0, b = 0;
};

const Secret& ProcessSecret()
{
    static const Secret SECRET = [] {
        Secret out;
        std::array<uint8_t, sizeof(out)> bytes{};
        crypto::SystemRandom().Fill(bytes);
        std::memcpy(&out, bytes.data(), sizeof(out));
        return out;
    }();
    return SECRET;
}

/// Both halves of a product of two words, each hidden by half of the secret.
uint64_t Spread(const Hash256& txid, uint64_t index)
{
    __extension__ using Wide = unsigned __int128;
    const Secret& secret = ProcessSecret();
    uint64_t x = 0;
    uint64_t y = 0;
    std::memcpy(&x, txid.data(), sizeof(x));
    std::memcpy(&y, txid.data() + sizeof(x), sizeof(y));
    const Wide product = static_cast<Wide>(x ^ secret.a) * ((y ^ secret.b) + index);
    return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

/// a + sign × b of unsigned sums that cannot go below zero.
uint64_t Shift(uint64_t a, int sign, uint64_t b)
{
    return sign > 0 ? a + b : a - b;
}

} // namespace

size_t SecretHasher::operator()(const Hash256& txid) const
{
    return Spread(txid, 0);
}

size_t SecretHasher::operator()(const OutPoint& outpoint) const
{
    return Spread(outpoint.txid, outpoint.index);
}

uint64_t UsageOf(const primitives::Transaction& tx)
{
    return ENTRY_OVERHEAD_BYTES + tx.TotalSize() + tx.Inputs().size() * PER_INPUT_OVERHEAD_BYTES;
}

TxidSet Graph::AncestorsOf(const TxidSet& parents) const
{
    TxidSet out = parents;
    std::vector<Hash256> open(parents.begin(), parents.end());
    while (!open.empty()) {
        const Entry& entry = m_entries.at(open.back());
        open.pop_back();
        for (const auto& parent : entry.parents) {
            if (out.insert(parent).second) open.push_back(parent);
        }
    }
    return out;
}

TxidSet Graph::DescendantsOf(const TxidSet& roots) const
{
    TxidSet out = roots;
    std::vector<Hash256> open(roots.begin(), roots.end());
    while (!open.empty()) {
        const auto it = m_entries.find(open.back());
        open.pop_back();
        if (it == m_entries.end()) continue;
        for (const auto& child : it->second.children) {
            if (out.insert(child).second) open.push_back(child);
        }
    }
    return out;
}

TxidSet Graph::ParentsOf(const primitives::Transaction& tx) const
{
    TxidSet out;
    for (const auto& input : tx.Inputs()) {
        if (m_entries.contains(input.prevout.txid)) out.insert(input.prevout.txid);
    }
    return out;
}

base::Expected<void, std::string> Graph::CheckLimits(const TxidSet& ancestors, size_t vsize,
                                                     const Limits& limits, const TxidSet& leaving) const
{
    const auto refused = [] { return Unexpected(std::string("too-long-mempool-chain")); };
    if (ancestors.size() + 1 > limits.ancestor_count) return refused();
    std::unordered_map<Hash256, Load, SecretHasher> freed; // descendants each ancestor loses
    for (const auto& txid : leaving) {
        const Entry& entry = m_entries.at(txid);
        for (const auto& ancestor : AncestorsOf(entry.parents)) {
            if (!ancestors.contains(ancestor)) continue;
            ++freed[ancestor].count;
            freed[ancestor].vsize += entry.vsize;
        }
    }
    uint64_t total = vsize;
    for (const auto& txid : ancestors) {
        const Entry& entry = m_entries.at(txid);
        total += entry.vsize;
        const auto it = freed.find(txid);
        const Load less = it == freed.end() ? Load{} : it->second;
        if (entry.descendant_count - less.count + 1 > limits.descendant_count ||
            entry.descendant_vsize - less.vsize + vsize > limits.descendant_vsize) {
            return refused();
        }
    }
    if (total > limits.ancestor_vsize) return refused();
    return {};
}

Graph::ScoreKey Graph::KeyOf(const Entry& entry)
{
    const FeeRate own{entry.ModifiedFee(), entry.vsize};
    const FeeRate package{entry.descendant_fees, entry.descendant_vsize};
    return {own < package ? package : own, entry.tx->Txid()};
}

void Graph::ShiftDescendants(Entry& entry, int sign, const Entry& other)
{
    m_by_score.erase(KeyOf(entry));
    entry.descendant_count = Shift(entry.descendant_count, sign, 1);
    entry.descendant_vsize = Shift(entry.descendant_vsize, sign, other.vsize);
    entry.descendant_fees += sign * other.ModifiedFee();
    m_by_score.insert(KeyOf(entry));
}

void Graph::ShiftDescendantFees(Entry& entry, Amount delta)
{
    m_by_score.erase(KeyOf(entry));
    entry.descendant_fees += delta;
    m_by_score.insert(KeyOf(entry));
}

void Graph::Prioritise(const Hash256& txid, Amount delta)
{
    Amount& sum = m_deltas[txid];
    sum += delta;
    if (sum == 0) m_deltas.erase(txid);
    const auto it = m_entries.find(txid);
    if (it == m_entries.end()) return;
    Entry& entry = it->second;
    m_by_score.erase(KeyOf(entry));
    entry.delta += delta;
    entry.ancestor_fees += delta;
    entry.descendant_fees += delta;
    m_by_score.insert(KeyOf(entry));
    for (const auto& ancestor : AncestorsOf(entry.parents))
        ShiftDescendantFees(m_entries.at(ancestor), delta);
    for (const auto& descendant : DescendantsOf(entry.children))
        m_entries.at(descendant).ancestor_fees += delta;
}

void Graph::CountVerifiers(const Entry& entry, bool add)
{
    for (const auto& verifier : entry.verifiers) {
        auto& load = m_verifiers[verifier];
        load.count = Shift(load.count, add ? 1 : -1, 1);
        load.vsize = Shift(load.vsize, add ? 1 : -1, entry.vsize);
        if (load.count == 0) m_verifiers.erase(verifier);
    }
}

void Graph::CountReward(const Entry& entry, bool add)
{
    if (!entry.reward) return;
    if (add) {
        m_rewards[entry.reward->watermark.pair] = entry.tx->Txid();
        ++m_bond_owners[entry.bond_owner];
        return;
    }
    m_rewards.erase(entry.reward->watermark.pair);
    const auto count = m_bond_owners.find(entry.bond_owner);
    if (count != m_bond_owners.end() && --count->second == 0) m_bond_owners.erase(count);
}

void Graph::Add(Entry entry)
{
    const Hash256 txid = entry.tx->Txid();
    entry.parents = ParentsOf(*entry.tx);
    const TxidSet ancestors = AncestorsOf(entry.parents);
    entry.ancestor_vsize = entry.descendant_vsize = entry.vsize;
    entry.ancestor_fees = entry.descendant_fees = entry.ModifiedFee();
    for (const auto& ancestor : ancestors) {
        Entry& other = m_entries.at(ancestor);
        ++entry.ancestor_count;
        entry.ancestor_vsize += other.vsize;
        entry.ancestor_fees += other.ModifiedFee();
        ShiftDescendants(other, 1, entry);
    }
    for (const auto& parent : entry.parents)
        m_entries.at(parent).children.insert(txid);
    for (const auto& input : entry.tx->Inputs())
        m_spends[input.prevout] = txid;
    for (const auto& op : entry.ops)
        m_names[op.op.name] = {txid, static_cast<uint32_t>(op.output)};
    CountVerifiers(entry, true);
    CountReward(entry, true);
    m_vsize += entry.vsize;
    m_fees += entry.fee;
    m_usage += UsageOf(*entry.tx);
    m_by_score.insert(KeyOf(entry));
    m_entries.emplace(txid, std::move(entry));
}

void Graph::Remove(const Hash256& txid)
{
    const auto it = m_entries.find(txid);
    if (it == m_entries.end()) return;
    Entry& entry = it->second;
    for (const auto& ancestor : AncestorsOf(entry.parents))
        ShiftDescendants(m_entries.at(ancestor), -1, entry);
    for (const auto& descendant : DescendantsOf(entry.children)) {
        Entry& other = m_entries.at(descendant);
        --other.ancestor_count;
        other.ancestor_vsize -= entry.vsize;
        other.ancestor_fees -= entry.ModifiedFee();
    }
    for (const auto& parent : entry.parents)
        m_entries.at(parent).children.erase(txid);
    for (const auto& child : entry.children)
        m_entries.at(child).parents.erase(txid);
    for (const auto& input : entry.tx->Inputs())
        m_spends.erase(input.prevout);
    for (const auto& op : entry.ops) {
        const auto pending = m_names.find(op.op.name);
        if (pending != m_names.end() && pending->second.txid == txid) m_names.erase(pending);
    }
    CountVerifiers(entry, false);
    CountReward(entry, false);
    m_by_score.erase(KeyOf(entry));
    m_vsize -= entry.vsize;
    m_fees -= entry.fee;
    m_usage -= UsageOf(*entry.tx);
    m_entries.erase(it);
}

const Entry* Graph::Find(const Hash256& txid) const
{
    const auto it = m_entries.find(txid);
    return it == m_entries.end() ? nullptr : &it->second;
}

Amount Graph::DeltaOf(const Hash256& txid) const
{
    const auto it = m_deltas.find(txid);
    return it == m_deltas.end() ? 0 : it->second;
}

const Hash256* Graph::SpenderOf(const OutPoint& outpoint) const
{
    const auto it = m_spends.find(outpoint);
    return it == m_spends.end() ? nullptr : &it->second;
}

const Graph::Pending* Graph::PendingName(std::string_view name) const
{
    const auto it = m_names.find(name);
    return it == m_names.end() ? nullptr : &it->second;
}

const Hash256* Graph::PendingReward(const reward::CallPair& pair) const
{
    const auto it = m_rewards.find(pair);
    return it == m_rewards.end() ? nullptr : &it->second;
}

size_t Graph::RewardsOf(const base::Bytes& bond_owner) const
{
    const auto it = m_bond_owners.find(bond_owner);
    return it == m_bond_owners.end() ? 0 : it->second;
}

void SortByAge(std::vector<const Entry*>& entries)
{
    std::sort(entries.begin(), entries.end(),
              [](const Entry* a, const Entry* b) { return a->sequence < b->sequence; });
}

std::vector<const Entry*> Graph::EntriesByAge() const
{
    std::vector<const Entry*> out;
    out.reserve(m_entries.size());
    for (const auto& [txid, entry] : m_entries)
        out.push_back(&entry);
    SortByAge(out);
    return out;
}

const Entry* Graph::Cheapest() const
{
    return m_by_score.empty() ? nullptr : Find(m_by_score.begin()->txid);
}

Graph::Load Graph::LoadOf(const std::string& verifier) const
{
    const auto it = m_verifiers.find(verifier);
    return it == m_verifiers.end() ? Load{} : it->second;
}

} // namespace emc::mempool
