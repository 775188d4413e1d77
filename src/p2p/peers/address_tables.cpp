#include "p2p/peers/address_tables.h"

#include "codec/writer.h"
#include "crypto/hash.h"

#include <algorithm>
#include <cmath>

namespace emc::p2p {
namespace {

constexpr int64_t MINUTE_SEC = 60;
constexpr int64_t DAY_SEC = 24 * 60 * MINUTE_SEC;
/// Times before this, or this far ahead of the clock, are not believed.
constexpr int64_t OLDEST_BELIEVABLE_SEC = 100'000'000;
constexpr int64_t AHEAD_SEC = 10 * MINUTE_SEC;
constexpr int64_t UNBELIEVABLE_AGE_SEC = 5 * DAY_SEC;
/// A connection that is not up after this has failed.
constexpr int64_t CONNECT_SEC = 60;
/// An address tried so lately is chosen a hundred times less often.
constexpr int64_t LATELY_SEC = 10 * MINUTE_SEC;
/// A tried address that succeeded, or was tried, within this is judged by it when another wants its place.
constexpr int64_t FRESH_TEST_SEC = 4 * 60 * MINUTE_SEC;

enum Purpose : uint8_t { FreshGroup, FreshBucketOf, FreshPlaceOf, TriedSlot, TriedBucketOf, TriedPlaceOf };

base::Bytes NumberBytes(uint64_t number)
{
    base::Bytes out;
    codec::Writer(out).U64(number);
    return out;
}

} // namespace

EntryId Shelf::Put(size_t bucket, size_t place, EntryId id)
{
    const EntryId before = std::exchange(m_buckets[bucket][place], id);
    if ((before == 0) == (id == 0)) return before;
    const auto others = std::count_if(m_buckets[bucket].begin(), m_buckets[bucket].end(),
                                      [](EntryId other) { return other != 0; });
    if (before == 0 && others == 1) m_used.push_back(bucket);
    if (id == 0 && others == 0) std::erase(m_used, bucket);
    return before;
}

bool KnownNode::IsTerrible(int64_t now_sec) const
{
    if (last_try_sec > 0 && now_sec - last_try_sec <= CONNECT_SEC) return false;
    if (time_sec > now_sec + AHEAD_SEC || now_sec - time_sec > STALE_SEC) return true;
    if (last_success_sec == 0 && attempts >= MAX_FIRST_FAILURES) return true;
    return now_sec - last_success_sec > FAILURES_SEC && attempts >= MAX_FAILURES;
}

double KnownNode::Chance(int64_t now_sec) const
{
    constexpr double LATELY = 0.01;
    constexpr double PER_FAILURE = 0.66;
    constexpr int MOST_FAILURES = 8;
    const double base_chance = last_try_sec > 0 && now_sec - last_try_sec < LATELY_SEC ? LATELY : 1.0;
    return base_chance * std::pow(PER_FAILURE, std::min(attempts, MOST_FAILURES));
}

AddressManager::Tables::Tables(const AsMap* as_map, base::RandomSource& source)
    : map(as_map), random(source), key0(source.Next64()), key1(source.Next64()), fresh(NEW_BUCKETS),
      tried(TRIED_BUCKETS)
{}

uint64_t AddressManager::Tables::Keyed(uint8_t purpose, base::ByteSpan a, base::ByteSpan b) const
{
    base::Bytes text;
    codec::Writer out(text);
    out.U8(purpose);
    out.Sized(a);
    out.Sized(b);
    return crypto::SipHash24(key0, key1, text);
}

size_t AddressManager::Tables::Place(uint8_t purpose, size_t bucket, const Endpoint& endpoint) const
{
    return static_cast<size_t>(Keyed(purpose, NumberBytes(bucket), endpoint.Key()) % BUCKET_PLACES);
}

size_t AddressManager::Tables::FreshBucket(const NetAddress& address, const NetAddress& source) const
{
    const base::Bytes group = NetGroup(source, map);
    const uint64_t slot = Keyed(FreshGroup, NetGroup(address, map), group) % NEW_BUCKETS_PER_SOURCE;
    return static_cast<size_t>(Keyed(FreshBucketOf, group, NumberBytes(slot)) % NEW_BUCKETS);
}

size_t AddressManager::Tables::FreshAt(size_t bucket, const Endpoint& endpoint) const
{
    return Place(FreshPlaceOf, bucket, endpoint);
}

std::pair<size_t, size_t> AddressManager::Tables::TriedAt(const Endpoint& endpoint) const
{
    const uint64_t slot = Keyed(TriedSlot, endpoint.Key(), {}) % TRIED_BUCKETS_PER_GROUP;
    const base::Bytes group = NetGroup(endpoint.address, map);
    const auto bucket = static_cast<size_t>(Keyed(TriedBucketOf, group, NumberBytes(slot)) % TRIED_BUCKETS);
    return {bucket, Place(TriedPlaceOf, bucket, endpoint)};
}

KnownNode* AddressManager::Tables::Find(const Endpoint& endpoint)
{
    const auto found = ids.find(endpoint);
    return found == ids.end() ? nullptr : &nodes.at(found->second);
}

EntryId AddressManager::Tables::Create(const Endpoint& endpoint, const NetAddress& source)
{
    const EntryId id = next_id++;
    KnownNode& node = nodes[id];
    node.endpoint = endpoint;
    node.source = source;
    node.order_at = order.size();
    order.push_back(id);
    ids[endpoint] = id;
    ++fresh_count;
    ++by_kind[endpoint.address.Kind()][0];
    return id;
}

void AddressManager::Tables::SwapOrder(size_t a, size_t b)
{
    std::swap(order[a], order[b]);
    nodes.at(order[a]).order_at = a;
    nodes.at(order[b]).order_at = b;
}

void AddressManager::Tables::DropIfHomeless(EntryId id)
{
    const KnownNode& node = nodes.at(id);
    if (node.tried || node.new_places > 0) return;
    SwapOrder(node.order_at, order.size() - 1);
    order.pop_back();
    ids.erase(node.endpoint);
    --fresh_count;
    --by_kind[node.endpoint.address.Kind()][0];
    collisions.erase(id);
    nodes.erase(id);
}

void AddressManager::Tables::PutFresh(EntryId id, size_t bucket)
{
    KnownNode& node = nodes.at(id);
    const EntryId before = fresh.Put(bucket, FreshAt(bucket, node.endpoint), id);
    if (before == id) return;
    ++node.new_places;
    if (before == 0) return;
    --nodes.at(before).new_places;
    DropIfHomeless(before);
}

void AddressManager::Tables::MoveBack(EntryId id)
{
    KnownNode& node = nodes.at(id);
    node.tried = false;
    --tried_count;
    ++fresh_count;
    --by_kind[node.endpoint.address.Kind()][1];
    ++by_kind[node.endpoint.address.Kind()][0];
    PutFresh(id, FreshBucket(node.endpoint.address, node.source));
}

void AddressManager::Tables::MakeTried(EntryId id)
{
    KnownNode& node = nodes.at(id);
    const size_t first = FreshBucket(node.endpoint.address, node.source); // where it nearly always lies
    for (size_t i = 0; i < NEW_BUCKETS && node.new_places > 0; ++i) {
        const size_t bucket = (first + i) % NEW_BUCKETS;
        const size_t place = FreshAt(bucket, node.endpoint);
        if (fresh[bucket][place] != id) continue;
        fresh.Put(bucket, place, 0);
        --node.new_places;
    }
    node.tried = true;
    --fresh_count;
    ++tried_count;
    --by_kind[node.endpoint.address.Kind()][0];
    ++by_kind[node.endpoint.address.Kind()][1];
    collisions.erase(id);
    const auto [bucket, place] = TriedAt(node.endpoint);
    const EntryId before = tried.Put(bucket, place, id);
    if (before != 0) MoveBack(before);
}

bool AddressManager::Tables::AddOne(const AddressEntry& entry, const NetAddress& source, int64_t now_sec,
                                    int64_t penalty_sec)
{
    if (!entry.endpoint.address.IsRoutable()) return false;
    int64_t heard = entry.time_sec;
    if (heard < OLDEST_BELIEVABLE_SEC || heard > now_sec + AHEAD_SEC) heard = now_sec - UNBELIEVABLE_AGE_SEC;
    // Who tells of himself is not penalised: he is there.
    const int64_t time = std::max<int64_t>(0, heard - (entry.endpoint.address == source ? 0 : penalty_sec));
    KnownNode* known = Find(entry.endpoint);
    const bool is_new = known == nullptr;
    if (!is_new) {
        const bool online = now_sec - heard < DAY_SEC;
        const int64_t step = online ? DAY_SEC / 24 : DAY_SEC;
        const bool news = time > known->time_sec;
        known->services |= entry.services;
        if (known->time_sec < time - step) known->time_sec = time;
        if (!news || known->tried || known->new_places == MAX_NEW_PLACES) return false;
        // Each further place is twice as hard to get.
        if (random.Below(uint64_t{1} << known->new_places) != 0) return false;
    }
    const EntryId id = is_new ? Create(entry.endpoint, source) : ids.at(entry.endpoint);
    KnownNode& node = nodes.at(id);
    if (is_new) {
        node.time_sec = time;
        node.services = entry.services;
    }
    const size_t bucket = FreshBucket(entry.endpoint.address, source);
    const EntryId occupant = FreshPlace(bucket, entry.endpoint);
    if (occupant == 0) {
        PutFresh(id, bucket);
    } else if (occupant != id) {
        const KnownNode& other = nodes.at(occupant);
        if (other.IsTerrible(now_sec) || (other.new_places > 1 && node.new_places == 0)) PutFresh(id, bucket);
    }
    DropIfHomeless(id);
    return is_new && ids.contains(entry.endpoint);
}

void AddressManager::Tables::Resolve(EntryId id, int64_t now_sec)
{
    const KnownNode& node = nodes.at(id);
    const EntryId holder = TriedPlace(node.endpoint);
    if (holder != 0) {
        const KnownNode& other = nodes.at(holder);
        const bool alive = other.last_success_sec > 0 && now_sec - other.last_success_sec < FRESH_TEST_SEC;
        const bool was_tested = other.last_try_sec > 0 && now_sec - other.last_try_sec < FRESH_TEST_SEC;
        if (alive) {
            collisions.erase(id);
            return;
        }
        const bool failed = was_tested && now_sec - other.last_try_sec > CONNECT_SEC;
        const bool no_test = now_sec - node.last_success_sec > TEST_BEFORE_EVICT_SEC;
        if (!failed && !no_test) return;
    }
    MakeTried(id);
}

bool AddressManager::Tables::IsConsistent() const
{
    std::map<EntryId, int> places;
    size_t in_tried = 0;
    for (size_t bucket = 0; bucket < NEW_BUCKETS; ++bucket) {
        for (size_t at = 0; at < BUCKET_PLACES; ++at) {
            const EntryId id = fresh[bucket][at];
            if (id == 0) continue;
            const auto node = nodes.find(id);
            if (node == nodes.end() || node->second.tried) return false;
            if (FreshAt(bucket, node->second.endpoint) != at) return false;
            ++places[id];
        }
    }
    for (size_t bucket = 0; bucket < TRIED_BUCKETS; ++bucket) {
        for (size_t at = 0; at < BUCKET_PLACES; ++at) {
            const EntryId id = tried[bucket][at];
            if (id == 0) continue;
            const auto node = nodes.find(id);
            if (node == nodes.end() || !node->second.tried) return false;
            if (TriedAt(node->second.endpoint) != std::pair(bucket, at)) return false;
            ++in_tried;
        }
    }
    for (const auto& [id, node] : nodes) {
        const int found = places.contains(id) ? places.at(id) : 0;
        if (found != node.new_places || found > static_cast<int>(MAX_NEW_PLACES)) return false;
        if (node.tried == (found > 0)) return false;
        if (order[node.order_at] != id || ids.at(node.endpoint) != id) return false;
    }
    for (const EntryId id : collisions) {
        if (!nodes.contains(id) || nodes.at(id).tried) return false;
    }
    const auto knows_its_buckets = [](const Shelf& shelf) {
        const std::set<size_t> used(shelf.Used().begin(), shelf.Used().end());
        for (size_t bucket = 0; bucket < shelf.Size(); ++bucket) {
            const bool empty = shelf[bucket] == Shelf::Bucket{};
            if (used.contains(bucket) == empty) return false;
        }
        return used.size() == shelf.Used().size();
    };
    return knows_its_buckets(fresh) && knows_its_buckets(tried) && in_tried == tried_count &&
           places.size() == fresh_count && nodes.size() == order.size() && nodes.size() == ids.size() &&
           nodes.size() == fresh_count + tried_count;
}

} // namespace emc::p2p
