#include "dns/transfer/zone_content.h"

#include "base/check.h"

#include <algorithm>

namespace emc::dns {

namespace {

/// The labels in front of the zone's own, and a pointer to that.
Bytes OwnerOf(const Zone& zone, ByteSpan key, bool wildcard)
{
    Bytes out;
    if (wildcard) out = {1, '*'};
    const Bytes name = NameOfKey(key, zone.label);
    out.insert(out.end(), name.begin(), name.end() - static_cast<std::ptrdiff_t>(zone.label.size() + 2));
    AppendU16(out, QUESTION_POINTER);
    return out;
}

/// Records of a compiled set under another owner.
void AppendSet(Bytes& out, ByteSpan owner, const RecordSet& set)
{
    constexpr size_t POINTER_BYTES = 2;
    for (ByteSpan records = set.records; !records.empty();) {
        const ByteSpan record = TakeRecord(records);
        out.insert(out.end(), owner.begin(), owner.end());
        out.insert(out.end(), record.begin() + POINTER_BYTES, record.end());
    }
}

bool InZoneFile(const RecordSet& set)
{
    return set.type != RrType::Subdomains && set.type != RrType::Referral && set.type != RrType::Rrsig;
}

/// Would a question for this name come to its entry? All names above must lead on to it.
bool Reachable(const ZoneView& view, const Zone& zone, ByteSpan key)
{
    const size_t labels = CountLabels(key);
    if (labels < 2 || labels > zone.limit) return false;
    for (size_t count = 2; count < labels; ++count) {
        const EntryView above = view.Find(LastLabels(key, count));
        const ByteSpan next = LastLabels(key, count + 1);
        if (!above || above.Find(RrType::Referral)) return false;
        if (!above.HasSubdomain(base::AsText(next.subspan(1, next[0])))) return false;
    }
    return true;
}

void AppendDomain(const ZoneView& view, const Zone& zone, const EntryView& entry, Bytes& out)
{
    if (!Reachable(view, zone, entry.Key())) return;
    const Bytes owner = OwnerOf(zone, entry.Key(), false);
    if (entry.Find(RrType::Referral)) {
        // A name with NS has a CNAME only when its own NS does not count.
        for (const RrType type : {RrType::Ns, RrType::Cname, RrType::Ds, RrType::A, RrType::Aaaa}) {
            if (const auto set = entry.Find(type)) AppendSet(out, owner, *set);
        }
        return;
    }
    const auto append_all = [&](const Bytes& as) {
        entry.ForEachSet([&](const RecordSet& set) {
            if (InZoneFile(set)) AppendSet(out, as, set);
        });
    };
    append_all(owner);
    const bool room = entry.Key().size() + 3 <= MAX_NAME_BYTES && CountLabels(entry.Key()) < zone.limit;
    if (room && !entry.HasAnySubdomain()) append_all(OwnerOf(zone, entry.Key(), true));
}

} // namespace

ByteSpan TakeRecord(ByteSpan& records)
{
    size_t pos = 0;
    EMC_CHECK(SkipName(records, pos) && records.size() - pos >= 10);
    const size_t size = pos + 10 + LoadU16(records.data() + pos + 8);
    EMC_CHECK(size <= records.size());
    const ByteSpan out = records.first(size);
    records = records.subspan(size);
    return out;
}

ZoneView::ZoneView(const ZoneStore& store) : m_store(store)
{
    for (size_t i = 0; i < SHARD_COUNT; ++i)
        m_shards[i] = store.ShardAt(i);
}

EntryView ZoneView::Find(ByteSpan key) const
{
    const uint64_t hash = m_store.HashOf(key);
    const auto& shard = m_shards[ZoneStore::ShardOf(hash)];
    const EntryView found = shard ? shard->Find(hash, key) : EntryView();
    return found && !found.IsAbsent() ? found : EntryView();
}

void AppendZoneRecords(const ZoneView& view, const Zone& zone, const EntryView& entry, Bytes& out)
{
    if (!IsNumberKey(entry.Key())) return AppendDomain(view, zone, entry, out);
    const Bytes owner = OwnerOf(zone, entry.Key(), false);
    entry.ForEachSet([&](const RecordSet& set) {
        if (InZoneFile(set)) AppendSet(out, owner, set);
    });
}

void AppendTree(const ZoneView& view, const Zone& zone, ByteSpan top, const std::vector<Bytes>& deep,
                Bytes& out)
{
    const auto append = [&](ByteSpan key) {
        if (const EntryView entry = view.Find(key)) AppendZoneRecords(view, zone, entry, out);
    };
    append(top);
    for (const Bytes& key : deep) {
        if (std::ranges::equal(LastLabels(key, 2), top)) append(key);
    }
}

bool ZoneWalker::Next(Bytes& out)
{
    out.clear();
    for (; m_shard < SHARD_COUNT; ++m_shard, m_place = 0) {
        const Shard* shard = m_view->ShardAt(m_shard);
        if (shard == nullptr) continue;
        while (const EntryView entry = shard->EntryAt(m_place)) {
            m_place += entry.Size();
            if (entry.IsAbsent() || m_config.OfKey(entry.Key()) != &m_zone) continue;
            AppendZoneRecords(*m_view, m_zone, entry, out);
            if (!out.empty()) return true;
        }
    }
    return false;
}

} // namespace emc::dns
