/// Inside of the address manager: entries, buckets, placement. Only peers/address_*.cpp include this.
#pragma once

#include "p2p/peers/address_manager.h"

#include <map>
#include <set>
#include <unordered_map>

namespace emc::p2p {

/// Number of an entry; 0 is none. Counted up, so strangers cannot choose it.
using EntryId = uint64_t;

struct KnownNode {
    Endpoint endpoint;
    NetAddress source; ///< who told of it first
    Services services = 0;
    int64_t time_sec = 0;         ///< last heard of, or seen
    int64_t last_try_sec = 0;     ///< 0: never
    int64_t last_counted_sec = 0; ///< last try that counted
    int64_t last_success_sec = 0; ///< 0: never
    int attempts = 0;             ///< counted tries since the last success
    int new_places = 0;
    bool tried = false;
    size_t order_at = 0; ///< where `order` has it

    /// Not worth a place that another one wants, nor telling others.
    [[nodiscard]] bool IsTerrible(int64_t now_sec) const;
    /// How likely it should be chosen for a connection, 0 – 1.
    [[nodiscard]] double Chance(int64_t now_sec) const;
};

/// Buckets of places for entries. Knows which buckets hold any, for a table of few is searched often.
class Shelf
{
public:
    using Bucket = std::array<EntryId, BUCKET_PLACES>;

    explicit Shelf(size_t buckets) : m_buckets(buckets) {}

    [[nodiscard]] const Bucket& operator[](size_t bucket) const { return m_buckets[bucket]; }

    [[nodiscard]] size_t Size() const { return m_buckets.size(); }

    /// Buckets that are not empty, in no order.
    [[nodiscard]] const std::vector<size_t>& Used() const { return m_used; }

    /// Puts an entry into a place, or 0; what lay there before.
    EntryId Put(size_t bucket, size_t place, EntryId id);

private:
    std::vector<Bucket> m_buckets;
    std::vector<size_t> m_used;
};

/// Entries and the two tables that point to them. Every entry is in `tried` once or in `fresh` one to eight
/// times, or it is not here. No lock of its own.
struct AddressManager::Tables {

    Tables(const AsMap* as_map, base::RandomSource& source);

    const AsMap* map;
    base::RandomSource& random;
    uint64_t key0;
    uint64_t key1;
    EntryId next_id = 1;
    std::unordered_map<EntryId, KnownNode> nodes;
    std::map<Endpoint, EntryId> ids; ///< ordered, since strangers choose the keys
    std::vector<EntryId> order;      ///< for choosing at random
    Shelf fresh;
    Shelf tried;
    size_t fresh_count = 0; ///< entries, not places
    size_t tried_count = 0;
    std::map<NetKind, std::array<size_t, 2>> by_kind; ///< entries: new, tried
    std::set<EntryId> collisions;                     ///< wait for a tried place
    int64_t last_good_sec = 1;

    [[nodiscard]] KnownNode* Find(const Endpoint& endpoint);
    [[nodiscard]] size_t FreshBucket(const NetAddress& address, const NetAddress& source) const;
    /// The one place an address may have in a new bucket, and the bucket and place in the tried table.
    [[nodiscard]] size_t FreshAt(size_t bucket, const Endpoint& endpoint) const;
    [[nodiscard]] std::pair<size_t, size_t> TriedAt(const Endpoint& endpoint) const;

    /// Who lies in that place; 0: nobody.
    [[nodiscard]] EntryId FreshPlace(size_t bucket, const Endpoint& endpoint) const
    {
        return fresh[bucket][FreshAt(bucket, endpoint)];
    }

    [[nodiscard]] EntryId TriedPlace(const Endpoint& endpoint) const
    {
        const auto [bucket, place] = TriedAt(endpoint);
        return tried[bucket][place];
    }

    /// A new entry without a place; the caller gives it one or calls DropIfHomeless.
    EntryId Create(const Endpoint& endpoint, const NetAddress& source);
    void DropIfHomeless(EntryId id);
    /// Puts an entry that is not tried into a free or freed place of this bucket.
    void PutFresh(EntryId id, size_t bucket);
    /// Moves an entry to its tried place; who lies there goes back to a new bucket.
    void MakeTried(EntryId id);
    void MoveBack(EntryId id);
    void SwapOrder(size_t a, size_t b);
    bool AddOne(const AddressEntry& entry, const NetAddress& source, int64_t now_sec, int64_t penalty_sec);
    void Resolve(EntryId id, int64_t now_sec);
    [[nodiscard]] bool IsConsistent() const;

private:
    [[nodiscard]] uint64_t Keyed(uint8_t purpose, base::ByteSpan a, base::ByteSpan b) const;
    [[nodiscard]] size_t Place(uint8_t purpose, size_t bucket, const Endpoint& endpoint) const;
};

} // namespace emc::p2p
