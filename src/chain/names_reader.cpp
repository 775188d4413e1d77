#include "chain/readers.h"
#include "chain/state_rows.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

namespace emc::chain {
namespace {

interfaces::NameInfo InfoOf(std::string name, names::NameRecord record, const interfaces::Tip& tip)
{
    interfaces::NameInfo info;
    info.name = std::move(name);
    info.live = record.LiveAt(tip.height);
    info.record = std::move(record);
    return info;
}

} // namespace

std::optional<interfaces::NameInfo> NamesReader::Find(std::string_view name) const
{
    const auto tip = m_engine.State().Tip();
    auto record = m_engine.State().Get(name);
    if (!record) return std::nullopt;
    return InfoOf(std::string(name), std::move(*record), *tip);
}

void NamesReader::Scan(std::string_view from,
                       const std::function<bool(const interfaces::NameInfo&)>& visit) const
{
    const auto committed = m_engine.CommittedAtTip();
    const uint8_t prefix = storage::PREFIX_NAME;
    auto it = committed->store->Iterate(base::ByteSpan(&prefix, 1), committed->snapshot.get());
    if (!from.empty()) it.Seek(storage::NameKey(from));
    for (; it.Valid(); it.Next()) {
        auto name = storage::ParseNameKey(it.Key());
        auto record = ParseRecord(it.Value());
        if (!name || !record) continue;
        if (!visit(InfoOf(std::move(*name), std::move(*record), committed->tip))) return;
    }
}

void NamesReader::ByOwner(base::ByteSpan owner_script,
                          const std::function<bool(const interfaces::NameInfo&)>& visit) const
{
    const auto committed = m_engine.CommittedAtTip();
    const auto& store = *committed->store;
    auto it = store.Iterate(storage::NameByOwnerPrefix(owner_script), committed->snapshot.get());
    for (; it.Valid(); it.Next()) {
        auto name = storage::ParseNameByOwnerKey(it.Key());
        if (!name) continue;
        auto record = ReadName({store, committed->snapshot.get()}, *name);
        if (!record || !*record) continue;
        if (!visit(InfoOf(std::move(*name), std::move(**record), committed->tip))) return;
    }
}

interfaces::Tip NamesReader::NamesTip() const
{
    return *m_engine.State().Tip();
}

interfaces::NameReader::Stats NamesReader::NameStats() const
{
    const auto committed = m_engine.CommittedAtTip();
    const auto& totals = committed->names;
    return {totals.count, totals.live, totals.bytes, totals.watermarks, totals.hash.Finish()};
}

} // namespace emc::chain
