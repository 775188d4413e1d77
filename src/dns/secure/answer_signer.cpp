#include "dns/secure/answer_signer.h"

#include "crypto/hash.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t OWNER_POINTER_BYTES = 2;

} // namespace

void AnswerSigner::SetNow(int64_t now_sec)
{
    m_now_sec = now_sec;
}

ByteSpan AnswerSigner::Sign(const ZoneKey& key, const SetToSign& set)
{
    if (m_places.empty()) m_places.resize(PLACES);
    const Bytes canonical = CanonicalSet(set);
    const uint64_t hash = crypto::SipHash24(key.Tag(), m_zones.Salt(), canonical);
    Place& place = m_places[hash % PLACES];
    const int64_t age = m_now_sec - place.made_sec;
    if (place.hash == hash && !place.record.empty() && age >= 0 && age < REMEMBERED_SEC) return place.record;
    if (m_counted_sec != m_now_sec) {
        m_counted_sec = m_now_sec;
        m_made = 0;
    }
    if (m_made == MOST_PER_SEC) return {};
    ++m_made;
    place.hash = hash;
    place.made_sec = m_now_sec;
    place.record.clear();
    const uint32_t ttl = LoadU32(set.records.data() + 6);
    AppendRecord(place.record, RrType::Rrsig, ttl,
                 SignCanonical(key, set.owner, canonical, SpanFrom(m_now_sec, SIGNED_SEC)));
    return place.record;
}

bool AnswerSigner::AppendNsec(Bytes& out, const ZoneKey& key, ByteSpan owner, const Bytes& data)
{
    Bytes record;
    AppendRecord(record, RrType::Nsec, NEGATIVE_TTL_SEC, data);
    const ByteSpan signature = Sign(key, {owner, record});
    if (signature.empty()) return false;
    for (const ByteSpan part : {ByteSpan(record), signature}) {
        out.insert(out.end(), owner.begin(), owner.end());
        out.insert(out.end(), part.begin() + OWNER_POINTER_BYTES, part.end());
    }
    return true;
}

Bytes AnswerSigner::DenyName(const ZoneKey& key, ByteSpan name)
{
    const auto gap = GapAround(name);
    const ByteSpan parent = name.subspan(size_t{1} + name[0]);
    Bytes wildcard{1, '*'};
    wildcard.insert(wildcard.end(), parent.begin(), parent.end());
    const auto wild_gap = GapAround(wildcard);
    Bytes out;
    if (!gap || !wild_gap || !AppendNsec(out, key, gap->before, NsecData(gap->after, {}))) return {};
    const bool is_wildcard = std::ranges::equal(name, wildcard);
    if (!is_wildcard && !AppendNsec(out, key, wild_gap->before, NsecData(wild_gap->after, {}))) return {};
    return out;
}

Bytes AnswerSigner::DenyTypes(const ZoneKey& key, ByteSpan name, const std::vector<uint16_t>& types)
{
    const auto next = FirstBelow(name);
    Bytes out;
    if (!next || !AppendNsec(out, key, name, NsecData(*next, types))) return {};
    return out;
}

std::vector<uint16_t> TypesOf(const EntryView& entry)
{
    std::vector<uint16_t> out;
    entry.ForEachSet([&](const RecordSet& set) {
        if (set.type == RrType::Subdomains || set.type == RrType::Referral || set.type == RrType::Rrsig)
            return;
        out.push_back(static_cast<uint16_t>(set.type));
    });
    return out;
}

} // namespace emc::dns
