/// What a zone consists of, for servers that keep a copy of it: record sets with names of their own, from the
/// entries the zone store held at one moment.
#pragma once

#include "dns/zone/zone_config.h"
#include "dns/zone/zone_store.h"

namespace emc::dns {

/// All shards as they were at one moment. Immutable; any thread. The store must outlive it.
class ZoneView
{
public:
    explicit ZoneView(const ZoneStore& store);

    /// The entry of a key; an empty view when there is none or it stands for no name.
    [[nodiscard]] EntryView Find(ByteSpan key) const;

    [[nodiscard]] const Shard* ShardAt(size_t index) const { return m_shards[index].get(); }

private:
    const ZoneStore& m_store;
    std::array<std::shared_ptr<const Shard>, SHARD_COUNT> m_shards;
};

/// Appends the records that stand for one entry of a zone, in wire form with owners that end in a pointer to
/// the zone's name in the question. Nothing for a name no question leads to. A name without sub-domains of
/// its own answers for everything below it, so it comes a second time as a wildcard; of a delegated name only
/// NS, DS and addresses count; CNAME is left out beside other records (RFC 1034 §3.6.2).
void AppendZoneRecords(const ZoneView& view, const Zone& zone, const EntryView& entry, Bytes& out);

/// Appends everything below one second-level name of a zone ("example.coin"), the name itself included.
/// `deep`: keys with more labels that may lie below it.
void AppendTree(const ZoneView& view, const Zone& zone, ByteSpan top, const std::vector<Bytes>& deep,
                Bytes& out);

/// Walks a zone entry by entry in constant memory. One thread.
class ZoneWalker
{
public:
    ZoneWalker(std::shared_ptr<const ZoneView> view, const ZoneConfig& config, const Zone& zone)
        : m_view(std::move(view)), m_config(config), m_zone(zone)
    {}

    /// The records of the next entry that has any, in place of what was in `out`; false at the end.
    [[nodiscard]] bool Next(Bytes& out);

private:
    const std::shared_ptr<const ZoneView> m_view;
    const ZoneConfig& m_config;
    const Zone& m_zone;
    size_t m_shard = 0;
    size_t m_place = 0; ///< of the next entry in the shard, in bytes
};

/// Takes the first record off `records`; empty at the end. Records must be well-formed.
[[nodiscard]] ByteSpan TakeRecord(ByteSpan& records);

} // namespace emc::dns
