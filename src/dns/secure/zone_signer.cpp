#include "dns/secure/zone_signer.h"

#include "crypto/hash.h"
#include "crypto/random.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t RECORD_HEAD = 12; // of a compiled record

uint32_t TtlOf(ByteSpan records)
{
    return LoadU32(records.data() + 6);
}

} // namespace

SignedSpan SpanFrom(int64_t now_sec, int64_t holds_sec)
{
    return {static_cast<uint32_t>(now_sec - CLOCK_SLACK_SEC), static_cast<uint32_t>(now_sec + holds_sec)};
}

std::string ZoneSigners::KeyPath(const std::string& folder, std::string_view zone)
{
    return folder + "/" + std::string(zone) + ".key";
}

base::Expected<std::unique_ptr<ZoneSigners>, std::string>
ZoneSigners::Load(const ZoneConfig& config, const std::vector<std::string>& zones, const std::string& folder)
{
    auto out = std::make_unique<ZoneSigners>();
    out->m_salt = crypto::SystemRandom().Next64();
    for (const std::string& name : zones) {
        const Zone* zone = config.Find(name);
        if (zone == nullptr) return base::Unexpected("-emcdnssec: zone " + name + " is not served");
        auto key = ZoneKey::Load(KeyPath(folder, name), name);
        if (!key) {
            return base::Unexpected("-emcdnssec: zone " + name + ": " + std::string(Text(key.Error())) +
                                    " (" + KeyPath(folder, name) + ")");
        }
        out->m_keys[zone->index] = std::make_unique<const ZoneKey>(std::move(*key));
    }
    return out;
}

Bytes ZoneSigners::SignEntry(const Zone& zone, Bytes entry, int64_t now_sec) const
{
    const ZoneKey* key = KeyOf(zone);
    if (key == nullptr || entry.empty() || EntryView(entry.data()).IsAbsent()) return entry;
    const EntryView plain(entry.data());
    const Bytes owner = NameOfKey(plain.Key(), zone.label);
    const SignedSpan span = SpanFrom(now_sec, ENTRY_SIGNED_SEC);
    Bytes signatures;
    uint16_t count = 0;
    plain.ForEachSet([&](const RecordSet& set) {
        if (set.type == RrType::Subdomains || set.type == RrType::Referral || set.type == RrType::Rrsig)
            return;
        AppendRecord(signatures, RrType::Rrsig, TtlOf(set.records),
                     SignSet(*key, {owner, set.records}, span));
        ++count;
    });
    EntryBuilder builder(plain);
    if (count > 0) builder.AddCompiled(RrType::Rrsig, count, signatures);
    // Not all entries at once: each at its own place within the last days.
    const auto place = static_cast<int64_t>(crypto::SipHash24(0, 0, plain.Key()) % ENTRY_JITTER_SEC);
    builder.RefreshAt(static_cast<uint32_t>(now_sec + ENTRY_REFRESH_SEC + place), span.expiration);
    return std::move(builder).Finish();
}

ByteSpan SignatureIn(const EntryView& entry, RrType covered)
{
    const auto set = entry.Find(RrType::Rrsig);
    if (!set) return {};
    for (ByteSpan rest = set->records; rest.size() > RECORD_HEAD + RRSIG_FIXED_BYTES;) {
        const size_t size = RECORD_HEAD + LoadU16(rest.data() + 10);
        if (static_cast<RrType>(LoadU16(rest.data() + RECORD_HEAD)) == covered) return rest.first(size);
        rest = rest.subspan(size);
    }
    return {};
}

} // namespace emc::dns
