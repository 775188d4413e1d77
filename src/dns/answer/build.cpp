// The build stage: from what was found to the records of the answer.
#include "dns/answer/answer.h"
#include "dns/secure/zone_signer.h"
#include "dns/transfer/serials.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t RECORD_HEAD = 12; ///< owner as a pointer, type, class, TTL, length

using Section = MessageWriter::Section;

} // namespace

/// A signature that ends soon must not be outlived by copies of the answer.
uint32_t Answerer::MaxTtl() const
{
    if (!m_outcome.entry || m_outcome.entry.EndSec() == std::numeric_limits<uint32_t>::max())
        return UINT32_MAX;
    const int64_t left = int64_t{m_outcome.entry.EndSec()} - m_moment.now_sec + 1;
    return static_cast<uint32_t>(std::clamp<int64_t>(left, 0, UINT32_MAX));
}

void Answerer::Build()
{
    if (m_outcome.rcode == Rcode::Refused || m_outcome.rcode == Rcode::ServFail) return;
    // A local line may give the gateway's own name records, but not its SOA.
    const bool of_apex = m_query.type == RrType::Soa ||
                         (m_query.type == RrType::Ns && m_outcome.entry && !m_outcome.entry.Find(RrType::Ns));
    if (m_outcome.at_apex && (of_apex || !m_outcome.entry)) {
        BuildApex();
    } else if (m_outcome.entry && m_outcome.rcode == Rcode::NoError) {
        BuildFromEntry();
    } else {
        BuildNegative();
    }
}

void Answerer::BuildFromEntry()
{
    const EntryView& entry = m_outcome.entry;
    if (m_outcome.referral) {
        if (const auto servers = entry.Find(RrType::Referral)) BuildReferral(*servers, m_outcome.cut);
        return;
    }
    const ByteSpan asked = ByteSpan(m_asked.name->bytes).first(m_asked.name->size);
    auto set = m_query.type == RrType::Any ? entry.First() : entry.Find(m_query.type); // RFC 8482 §4.1
    // Signatures made ahead are for the entry's own name, and mean nothing under another.
    if (set && set->type == RrType::Rrsig && !IsNameOfKey(entry.Key(), m_outcome.zone->label, asked)) {
        set = {};
        if (SigningKey() != nullptr) { // one made now, since the name has some (RFC 8482 §4.1)
            m_writer.SetAuthoritative();
            ++m_answered;
            return AddSignature(Section::Answer, *entry.First(), asked, PointerTo(0));
        }
    }
    if (!set) set = entry.Find(RrType::Cname);
    if (set) {
        const size_t at = m_writer.Size();
        const size_t added = m_writer.AddRecords(Section::Answer, set->records, PointerTo(0), MaxTtl());
        m_writer.SetAuthoritative();
        m_answered += added;
        AddSignature(Section::Answer, *set, asked, PointerTo(0));
        const bool wants_alias = m_query.type == RrType::Cname || m_query.type == RrType::Any;
        if (set->type == RrType::Cname && added == 1 && !wants_alias) m_outcome.alias_at = at + RECORD_HEAD;
        return;
    }
    const bool delegated = m_query.type != RrType::Ns && m_query.type != RrType::Ds;
    const auto servers = delegated ? entry.Find(RrType::Ns) : std::nullopt;
    if (!servers) return BuildNegative();
    BuildReferral(*servers, PointerTo(0));
}

void Answerer::BuildReferral(const RecordSet& servers, uint16_t owner)
{
    const size_t at = m_writer.Size();
    if (m_writer.AddRecords(Section::Authority, servers.records, owner, MaxTtl()) < servers.count) return;
    AddDelegationProof(owner);
    AddGlue(servers, at, owner);
}

/// Adds the addresses of servers whose names are served here. Those of servers below the delegation cannot be
/// found otherwise: when they do not fit, TC is set (RFC 9471). `first_at`: where the NS records stand.
void Answerer::AddGlue(const RecordSet& servers, size_t first_at, uint16_t owner)
{
    const Asked asked = m_asked;
    const Outcome outcome = m_outcome;
    WireName cut;
    size_t pos = owner & 0x3fffu;
    if (!ReadName(m_writer.Written(), pos, cut, true)) return;
    pos = first_at;
    for (uint16_t i = 0; i < servers.count; ++i) {
        const size_t at = pos + RECORD_HEAD;
        pos = at;
        if (at > 0x3fff - MAX_NAME_BYTES || !ReadName(m_writer.Written(), pos, m_server, false)) break;
        m_asked = {&m_server, at};
        Find();
        if (m_outcome.rcode != Rcode::NoError || !m_outcome.entry || m_outcome.referral) continue;
        const bool needed = m_server.labels >= cut.labels &&
                            std::ranges::equal(m_server.Suffix(m_server.labels - cut.labels), cut.Suffix(0));
        for (const RrType type : {RrType::A, RrType::Aaaa}) {
            const auto set = m_outcome.entry.Find(type);
            if (!set) continue;
            const size_t added =
                m_writer.AddRecords(Section::Additional, set->records, PointerTo(0), MaxTtl());
            if (needed && added < set->count) m_writer.SetTruncated();
        }
    }
    m_asked = asked;
    m_outcome = outcome;
    m_outcome.entry = {}; // what kept it alive may be gone
}

void Answerer::BuildApex()
{
    const ZoneConfig& config = *m_parts.config;
    const bool signature_alone = m_query.type == RrType::Rrsig && SigningKey() != nullptr;
    if (m_query.type == RrType::Soa || m_query.type == RrType::Any || signature_alone) {
        const SoaRecord soa = MakeSoa(config, m_outcome.apex, Serial());
        m_writer.SetAuthoritative();
        if (!signature_alone) m_writer.AddRecords(Section::Answer, soa.Span(), m_outcome.apex);
        ++m_answered;
        SignApexSet(Section::Answer, soa.Span());
        return;
    }
    if (BuildKeys()) return;
    if (m_query.type != RrType::Ns) return BuildNegative();
    m_writer.SetAuthoritative();
    m_answered += m_writer.AddRecords(Section::Answer, m_apex_servers, m_outcome.apex);
    SignApexSet(Section::Answer, m_apex_servers);
}

uint32_t Answerer::Serial() const
{
    const bool followed = m_parts.serials != nullptr && m_outcome.zone != nullptr;
    return followed ? m_parts.serials->Of(*m_outcome.zone) : static_cast<uint32_t>(m_moment.height);
}

/// NXDOMAIN or no data, with the SOA that lets resolvers remember it (RFC 2308).
void Answerer::BuildNegative()
{
    m_writer.SetAuthoritative();
    // Who asks for NSEC itself gets it as the answer: it says of itself that it exists.
    const bool for_nsec = m_query.type == RrType::Nsec && m_outcome.rcode == Rcode::NoError;
    if (for_nsec && SigningKey() != nullptr) return AddDenial(Section::Answer);
    const SoaRecord soa = MakeSoa(*m_parts.config, m_outcome.apex, Serial());
    m_writer.AddRecords(Section::Authority, soa.Span(), m_outcome.apex);
    SignApexSet(Section::Authority, soa.Span());
    AddDenial(Section::Authority);
}

} // namespace emc::dns
