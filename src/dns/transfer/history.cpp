#include "dns/transfer/history.h"

#include "base/log.h"
#include "dns/zone/compile.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::dns {

namespace {

std::vector<ByteSpan> SplitRecords(ByteSpan records)
{
    std::vector<ByteSpan> out;
    while (!records.empty())
        out.push_back(TakeRecord(records));
    std::sort(out.begin(), out.end(), [](ByteSpan a, ByteSpan b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    });
    return out;
}

Bytes JoinWithout(const std::vector<ByteSpan>& records, const std::vector<ByteSpan>& others)
{
    Bytes out;
    for (const ByteSpan record : records) {
        const auto at = std::lower_bound(others.begin(), others.end(), record, [](ByteSpan a, ByteSpan b) {
            return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
        });
        if (at != others.end() && std::ranges::equal(*at, record)) continue;
        out.insert(out.end(), record.begin(), record.end());
    }
    return out;
}

Bytes SecondLevel(ByteSpan key)
{
    key = LastLabels(key, 2);
    return {key.begin(), key.end()};
}

/// Names with more than two labels below one of these second-level names.
void CollectDeep(const ZoneView& view, const std::set<Bytes>& tops, std::set<Bytes>& out)
{
    for (size_t i = 0; i < SHARD_COUNT; ++i) {
        const Shard* shard = view.ShardAt(i);
        if (shard == nullptr) continue;
        shard->ForEach([&](const EntryView& entry) {
            const ByteSpan key = entry.Key();
            if (IsNumberKey(key) || CountLabels(key) < 3 || !tops.contains(SecondLevel(key))) return;
            out.emplace(key.begin(), key.end());
        });
    }
}

bool LeadsOn(const EntryView& entry)
{
    return entry && (entry.HasAnySubdomain() || entry.Find(RrType::Subdomains));
}

} // namespace

void KeepDifferences(Bytes& removed, Bytes& added)
{
    const Bytes before = std::move(removed);
    const Bytes after = std::move(added);
    const auto old_records = SplitRecords(before);
    const auto new_records = SplitRecords(after);
    removed = JoinWithout(old_records, new_records);
    added = JoinWithout(new_records, old_records);
}

ZoneHistory::ZoneHistory(const Parts& parts) : m_parts(parts) {}

/// Changes of the list while names are being read bring another reading with them, so what is saved never
/// stands for a list that the zones are not yet judged by.
void ZoneHistory::OnRebuild()
{
    m_rebuilt = true;
    m_parts.serials->SetTrusted(m_parts.compiler->Trusted());
}

void ZoneHistory::OnChanged(const std::vector<base::Bytes>& keys)
{
    if (m_rebuilt) return;
    if (m_changed.size() + keys.size() > MAX_KEYS) {
        m_changed.clear();
        m_rebuilt = true;
        return;
    }
    m_changed.insert(m_changed.end(), keys.begin(), keys.end());
}

void ZoneHistory::OnSettled(const base::Hash256& tip, int32_t height)
{
    const bool news = m_rebuilt || !m_changed.empty();
    std::sort(m_changed.begin(), m_changed.end());
    m_changed.erase(std::unique(m_changed.begin(), m_changed.end()), m_changed.end());
    if (m_rebuilt || !State()) {
        PublishAnew(tip, height);
    } else if (!m_changed.empty()) {
        PublishChanges(height);
    }
    m_rebuilt = false;
    m_changed.clear();
    if (!news && tip == m_tip) return;
    m_tip = tip;
    const bool saved = m_parts.serials->Save(tip);
    if (!saved && !m_save_failed)
        EMC_LOG(*m_parts.log, Warning, Dns, "cannot write the serials of the DNS zones to the data folder");
    m_save_failed = !saved;
    if (news && m_on_news) m_on_news();
}

void ZoneHistory::PublishAnew(const base::Hash256& tip, int32_t height)
{
    ZoneSerials& serials = *m_parts.serials;
    if (m_resumed) {
        for (const Zone& zone : m_parts.config->zones)
            serials.Set(zone, serials.Next(zone, height));
    } else {
        serials.Resume(tip, height);
    }
    m_resumed = true;
    const bool whole = m_parts.store->HoldsAllNumbers() && m_parts.store->HoldsAllNames();
    if (!whole && !m_told_incomplete)
        EMC_LOG(*m_parts.log, Warning, Dns,
                "-dnscache does not hold all names: zone transfers are refused until it is raised");
    m_told_incomplete = !whole;
    auto next = std::make_shared<TransferState>();
    if (whole) next->view = std::make_shared<const ZoneView>(*m_parts.store);
    for (const Zone& zone : m_parts.config->zones)
        next->zones.push_back({serials.Of(zone), {}});
    m_state.Store(std::move(next));
}

/// One difference for each zone, without serials. Of domains whole trees are compared, since the list of
/// sub-domains and the delegation of a name decide over those below.
std::vector<ZoneDelta> ZoneHistory::Differences(const ZoneView& before, const ZoneView& after) const
{
    std::vector<ZoneDelta> out(m_parts.config->zones.size());
    std::set<Bytes> tops;
    std::set<Bytes> deep;
    std::set<Bytes> leading; // trees that may hold more than was changed
    for (const Bytes& key : m_changed) {
        const Zone* zone = m_parts.config->OfKey(key);
        if (zone == nullptr) continue;
        if (!IsNumberKey(key)) {
            if (CountLabels(key) < 2) continue;
            if (CountLabels(key) > 2) deep.insert(key);
            const auto top = tops.insert(SecondLevel(key)).first;
            if (LeadsOn(before.Find(*top)) || LeadsOn(after.Find(*top))) leading.insert(*top);
            continue;
        }
        ZoneDelta& delta = out[zone->index];
        if (const EntryView entry = before.Find(key)) AppendZoneRecords(before, *zone, entry, delta.removed);
        if (const EntryView entry = after.Find(key)) AppendZoneRecords(after, *zone, entry, delta.added);
    }
    if (!leading.empty()) {
        CollectDeep(before, leading, deep);
        CollectDeep(after, leading, deep);
    }
    std::map<Bytes, std::vector<Bytes>> below;
    for (const Bytes& key : deep)
        below[SecondLevel(key)].push_back(key);
    for (const Bytes& top : tops) {
        const Zone* zone = m_parts.config->OfKey(top);
        ZoneDelta& delta = out[zone->index];
        AppendTree(before, *zone, top, below[top], delta.removed);
        AppendTree(after, *zone, top, below[top], delta.added);
    }
    for (ZoneDelta& delta : out)
        KeepDifferences(delta.removed, delta.added);
    return out;
}

void ZoneHistory::PublishChanges(int32_t height)
{
    const auto old = State();
    if (!old->view || !m_parts.store->HoldsAllNumbers() || !m_parts.store->HoldsAllNames()) {
        PublishAnew(m_tip, height);
        return;
    }
    auto next = std::make_shared<TransferState>(*old);
    next->view = std::make_shared<const ZoneView>(*m_parts.store);
    auto deltas = Differences(*old->view, *next->view);
    for (const Zone& zone : m_parts.config->zones) {
        ZoneDelta& delta = deltas[zone.index];
        if (delta.removed.empty() && delta.added.empty()) continue;
        TransferState::PerZone& state = next->zones[zone.index];
        delta.from = state.serial;
        delta.to = m_parts.serials->Next(zone, height);
        state.serial = delta.to;
        state.deltas.push_back(std::make_shared<const ZoneDelta>(std::move(delta)));
        if (state.deltas.size() > MAX_DELTAS) state.deltas.erase(state.deltas.begin());
    }
    Trim(*next);
    m_state.Store(next);
    for (const Zone& zone : m_parts.config->zones)
        m_parts.serials->Set(zone, next->zones[zone.index].serial);
}

/// Forgets the oldest changes of the zone that takes most room.
void ZoneHistory::Trim(TransferState& state) const
{
    std::vector<size_t> bytes(state.zones.size());
    size_t all = 0;
    for (size_t i = 0; i < bytes.size(); ++i) {
        for (const auto& delta : state.zones[i].deltas)
            bytes[i] += delta->Size();
        all += bytes[i];
    }
    while (all > m_parts.max_bytes) {
        const auto largest =
            static_cast<size_t>(std::max_element(bytes.begin(), bytes.end()) - bytes.begin());
        auto& deltas = state.zones[largest].deltas;
        const size_t freed = deltas.front()->Size();
        deltas.erase(deltas.begin());
        bytes[largest] -= freed;
        all -= freed;
    }
}

} // namespace emc::dns
