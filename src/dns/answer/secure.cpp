// Signed zones: what is added to answers for those who ask with DO (RFC 4035 §3.1).
#include "dns/answer/answer.h"
#include "dns/secure/answer_signer.h"

namespace emc::dns {

namespace {

using Section = MessageWriter::Section;

std::vector<uint16_t> ApexTypes()
{
    std::vector<uint16_t> out;
    for (const RrType type : {RrType::Ns, RrType::Soa, RrType::Dnskey, RrType::Cds, RrType::Cdnskey})
        out.push_back(static_cast<uint16_t>(type));
    return out;
}

} // namespace

/// The key whose signatures belong into the answer; nullptr for unsigned zones, names behind the gateway
/// suffix, and those who did not ask for signatures.
const ZoneKey* Answerer::SigningKey() const
{
    const bool wanted = m_signer != nullptr && m_query.dnssec_ok && m_outcome.zone != nullptr;
    return wanted && m_name == m_asked.name ? m_signer->KeyOf(*m_outcome.zone) : nullptr;
}

/// Signs a set of the entry just written. The entry's own signature serves its own name; names it answers for
/// besides get one made now.
void Answerer::AddSignature(Section section, const RecordSet& set, ByteSpan owner, uint16_t pointer)
{
    const ZoneKey* key = SigningKey();
    if (key == nullptr || m_writer.Truncated() || set.type == RrType::Rrsig) return;
    ByteSpan signature;
    const EntryView& entry = m_outcome.entry;
    if (IsNameOfKey(entry.Key(), m_outcome.zone->label, owner)) signature = SignatureIn(entry, set.type);
    if (signature.empty()) signature = m_signer->Sign(*key, {owner, set.records});
    m_unsigned |= signature.empty();
    m_writer.AddRecords(section, signature, pointer, MaxTtl());
}

/// Signs a set of the zone's own name just written.
void Answerer::SignApexSet(Section section, ByteSpan records)
{
    const ZoneKey* key = SigningKey();
    if (key == nullptr || m_writer.Truncated()) return;
    Bytes expanded;
    if (static_cast<RrType>(LoadU16(records.data() + 2)) == RrType::Soa) {
        // The mailbox ends in a pointer to the zone's name, with the five numbers behind it.
        constexpr size_t NUMBERS = 20;
        Bytes data(records.begin() + 12, records.end() - NUMBERS - 2);
        data.insert(data.end(), key->Owner().begin(), key->Owner().end());
        data.insert(data.end(), records.end() - NUMBERS, records.end());
        AppendRecord(expanded, RrType::Soa, LoadU32(records.data() + 6), data);
        records = expanded;
    }
    const ByteSpan signature = m_signer->Sign(*key, {key->Owner(), records});
    m_unsigned |= signature.empty();
    m_writer.AddRecords(section, signature, m_outcome.apex);
}

/// What a delegation needs: the keys of the zone below, or the proof that it has none.
void Answerer::AddDelegationProof(uint16_t owner)
{
    const ZoneKey* key = SigningKey();
    WireName cut;
    size_t pos = owner & 0x3fffu;
    if (key == nullptr || !ReadName(m_writer.Written(), pos, cut, true)) return;
    const ByteSpan name = ByteSpan(cut.bytes).first(cut.size);
    if (const auto keys = m_outcome.entry.Find(RrType::Ds)) {
        m_writer.AddRecords(Section::Authority, keys->records, owner, MaxTtl());
        return AddSignature(Section::Authority, *keys, name, owner);
    }
    const Bytes proof = m_signer->DenyTypes(*key, name, TypesOf(m_outcome.entry));
    m_unsigned |= proof.empty();
    m_writer.AddWhole(Section::Authority, proof);
}

/// Denies the name, or the type it was asked for (RFC 4470).
void Answerer::AddDenial(Section section)
{
    const ZoneKey* key = SigningKey();
    if (key == nullptr) return;
    const ByteSpan name = ByteSpan(m_asked.name->bytes).first(m_asked.name->size);
    Bytes proof;
    if (m_outcome.rcode == Rcode::NxDomain) {
        proof = m_signer->DenyName(*key, name);
    } else if (m_outcome.at_apex) {
        proof = m_signer->DenyTypes(*key, name, ApexTypes());
    } else {
        proof = m_signer->DenyTypes(*key, name,
                                    m_outcome.entry ? TypesOf(m_outcome.entry) : std::vector<uint16_t>());
    }
    m_unsigned |= proof.empty();
    const size_t added = m_writer.AddWhole(section, proof);
    if (section == Section::Answer) m_answered += added;
}

/// DNSKEY, CDS and CDNSKEY of a signed zone; false for other types and zones.
bool Answerer::BuildKeys()
{
    // The gateway's own name stands for no zone.
    if (m_signer == nullptr || m_outcome.zone == nullptr || m_name != m_asked.name) return false;
    const ZoneKey* key = m_signer->KeyOf(*m_outcome.zone);
    if (key == nullptr) return false;
    const RrType type = m_query.type;
    if (type != RrType::Dnskey && type != RrType::Cds && type != RrType::Cdnskey) return false;
    Bytes record;
    AppendRecord(record, type, DNSKEY_TTL_SEC, type == RrType::Cds ? key->DsData() : key->DnskeyData());
    m_writer.SetAuthoritative();
    m_answered += m_writer.AddRecords(Section::Answer, record, m_outcome.apex);
    SignApexSet(Section::Answer, record);
    return true;
}

} // namespace emc::dns
