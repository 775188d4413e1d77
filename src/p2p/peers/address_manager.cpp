#include "p2p/peers/address_manager.h"

#include "p2p/peers/address_tables.h"

#include <algorithm>

namespace emc::p2p {

using base::LockGuard;

AddressManager::AddressManager(const AsMap* map, base::RandomSource& random)
    : m_tables(std::make_unique<Tables>(map, random))
{}

AddressManager::~AddressManager() = default;

size_t AddressManager::Add(const std::vector<AddressEntry>& entries, const NetAddress& source,
                           int64_t now_sec, int64_t penalty_sec)
{
    const LockGuard lock(m_mutex);
    size_t added = 0;
    for (const AddressEntry& entry : entries)
        added += m_tables->AddOne(entry, source, now_sec, penalty_sec) ? 1 : 0;
    return added;
}

bool AddressManager::Good(const Endpoint& endpoint, int64_t now_sec)
{
    const LockGuard lock(m_mutex);
    m_tables->last_good_sec = now_sec;
    KnownNode* node = m_tables->Find(endpoint);
    if (node == nullptr) return true;
    node->last_success_sec = now_sec;
    node->last_try_sec = now_sec;
    node->attempts = 0;
    if (node->tried) return true;
    const EntryId id = m_tables->ids.at(endpoint);
    if (m_tables->TriedPlace(endpoint) != 0) {
        if (m_tables->collisions.size() < MAX_COLLISIONS) m_tables->collisions.insert(id);
        return false;
    }
    m_tables->MakeTried(id);
    return true;
}

void AddressManager::Attempt(const Endpoint& endpoint, Counts counts, int64_t now_sec)
{
    const LockGuard lock(m_mutex);
    KnownNode* node = m_tables->Find(endpoint);
    if (node == nullptr) return;
    node->last_try_sec = now_sec;
    // Only one failure counts between two successes of any kind: without any, it is our own line.
    if (counts == Counts::No || node->last_counted_sec >= m_tables->last_good_sec) return;
    node->last_counted_sec = now_sec;
    ++node->attempts;
}

void AddressManager::Connected(const Endpoint& endpoint, int64_t now_sec)
{
    constexpr int64_t UPDATE_SEC = 20 * 60; // rarely, so that nobody can read from it when a connection ended
    const LockGuard lock(m_mutex);
    KnownNode* node = m_tables->Find(endpoint);
    if (node != nullptr && now_sec - node->time_sec > UPDATE_SEC) node->time_sec = now_sec;
}

void AddressManager::SetServices(const Endpoint& endpoint, Services services)
{
    const LockGuard lock(m_mutex);
    KnownNode* node = m_tables->Find(endpoint);
    if (node != nullptr) node->services = services;
}

std::optional<AddressManager::Choice> AddressManager::Select(Table table, std::optional<NetKind> kind,
                                                             int64_t now_sec) const
{
    constexpr uint64_t STEPS = uint64_t{1} << 30;
    constexpr double EASIER = 1.2; // each address passed over makes the next one likelier
    const LockGuard lock(m_mutex);
    Tables& tables = *m_tables;
    const auto count = [&](size_t which) {
        if (!kind) return which == 0 ? tables.fresh_count : tables.tried_count;
        const auto found = tables.by_kind.find(*kind);
        return found == tables.by_kind.end() ? 0 : found->second[which];
    };
    bool from_tried = table == Table::Tried;
    if (table == Table::Any) {
        from_tried = count(1) > 0 && (count(0) == 0 || tables.random.Below(2) == 1);
    }
    if (count(from_tried ? 1 : 0) == 0) return std::nullopt;
    const Shelf& shelf = from_tried ? tables.tried : tables.fresh;
    const auto& used = shelf.Used();
    double factor = 1;
    for (;;) {
        const auto& bucket = shelf[used[static_cast<size_t>(tables.random.Below(used.size()))]];
        const auto start = static_cast<size_t>(tables.random.Below(BUCKET_PLACES));
        for (size_t i = 0; i < BUCKET_PLACES; ++i) {
            const EntryId id = bucket[(start + i) % BUCKET_PLACES];
            if (id == 0) continue;
            const KnownNode& node = tables.nodes.at(id);
            if (kind && node.endpoint.address.Kind() != *kind) continue;
            if (static_cast<double>(tables.random.Below(STEPS)) <
                factor * node.Chance(now_sec) * static_cast<double>(STEPS))
                return Choice{
                    .endpoint = node.endpoint, .services = node.services, .last_try_sec = node.last_try_sec};
            factor *= EASIER;
            break; // another bucket
        }
    }
}

std::optional<AddressManager::Choice> AddressManager::NextTest() const
{
    const LockGuard lock(m_mutex);
    if (m_tables->collisions.empty()) return std::nullopt;
    auto at = m_tables->collisions.begin();
    std::advance(at, static_cast<ptrdiff_t>(m_tables->random.Below(m_tables->collisions.size())));
    const EntryId holder = m_tables->TriedPlace(m_tables->nodes.at(*at).endpoint);
    if (holder == 0) return std::nullopt; // it has gone meanwhile; ResolveCollisions will use the place
    const KnownNode& node = m_tables->nodes.at(holder);
    return Choice{.endpoint = node.endpoint, .services = node.services, .last_try_sec = node.last_try_sec};
}

void AddressManager::ResolveCollisions(int64_t now_sec)
{
    const LockGuard lock(m_mutex);
    const std::vector<EntryId> waiting(m_tables->collisions.begin(), m_tables->collisions.end());
    for (const EntryId id : waiting) {
        if (m_tables->collisions.contains(id)) m_tables->Resolve(id, now_sec);
    }
}

std::vector<AddressEntry> AddressManager::Tell(size_t most, size_t percent, std::optional<NetKind> kind,
                                               int64_t now_sec) const
{
    const LockGuard lock(m_mutex);
    Tables& tables = *m_tables;
    const size_t wanted = std::min(most, tables.order.size() * std::min<size_t>(percent, 100) / 100);
    std::vector<AddressEntry> out;
    for (size_t i = 0; i < tables.order.size() && out.size() < wanted; ++i) {
        tables.SwapOrder(i, i + static_cast<size_t>(tables.random.Below(tables.order.size() - i)));
        const KnownNode& node = tables.nodes.at(tables.order[i]);
        if ((kind && node.endpoint.address.Kind() != *kind) || node.IsTerrible(now_sec)) continue;
        out.push_back({.time_sec = static_cast<uint32_t>(node.time_sec),
                       .services = node.services,
                       .endpoint = node.endpoint});
    }
    return out;
}

size_t AddressManager::Size() const
{
    const LockGuard lock(m_mutex);
    return m_tables->nodes.size();
}

size_t AddressManager::CountNew() const
{
    const LockGuard lock(m_mutex);
    return m_tables->fresh_count;
}

size_t AddressManager::CountTried() const
{
    const LockGuard lock(m_mutex);
    return m_tables->tried_count;
}

AddressManager::Count AddressManager::CountOf(NetKind kind) const
{
    const LockGuard lock(m_mutex);
    const auto it = m_tables->by_kind.find(kind);
    if (it == m_tables->by_kind.end()) return {};
    return {it->second[0], it->second[1]};
}

bool AddressManager::IsConsistent() const
{
    const LockGuard lock(m_mutex);
    return m_tables->IsConsistent();
}

} // namespace emc::p2p
