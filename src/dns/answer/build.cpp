// The build stage: from what was found to the records of the answer.
#include "dns/answer/answer.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr auto TYPE_DS = static_cast<RrType>(43);

} // namespace

/// A signature that ends soon must not be outlived by copies of the answer.
uint32_t Answerer::MaxTtl() const
{
    if (m_outcome.entry.ValidSec() == std::numeric_limits<uint32_t>::max()) return UINT32_MAX;
    const int64_t left = int64_t{m_outcome.entry.ValidSec()} - m_moment.now_sec + 1;
    return static_cast<uint32_t>(std::clamp<int64_t>(left, 0, UINT32_MAX));
}

void Answerer::Build()
{
    if (m_outcome.rcode == Rcode::Refused || m_outcome.rcode == Rcode::ServFail) return;
    if (m_outcome.at_apex) {
        BuildApex();
    } else if (m_outcome.entry && m_outcome.rcode == Rcode::NoError) {
        BuildFromEntry();
    } else {
        BuildNegative();
    }
}

void Answerer::BuildFromEntry()
{
    using Section = MessageWriter::Section;
    const EntryView& entry = m_outcome.entry;
    const bool delegated = m_query.type != RrType::Ns && m_query.type != TYPE_DS;
    if (!m_outcome.referral) {
        auto set = m_query.type == RrType::Any ? entry.First() : entry.Find(m_query.type); // RFC 8482 §4.1
        if (!set) set = entry.Find(RrType::Cname);
        if (set) {
            m_writer.SetAuthoritative();
            m_answered = m_writer.AddRecords(Section::Answer, set->records, QUESTION_POINTER, MaxTtl());
            return;
        }
        const auto servers = delegated ? entry.Find(RrType::Ns) : std::nullopt;
        if (!servers) return BuildNegative();
        m_writer.AddRecords(Section::Authority, servers->records, QUESTION_POINTER, MaxTtl());
        return;
    }
    if (const auto servers = entry.Find(RrType::Referral)) {
        m_writer.AddRecords(Section::Authority, servers->records, m_outcome.cut, MaxTtl());
    }
}

void Answerer::BuildApex()
{
    const ZoneConfig& config = *m_parts.config;
    if (m_query.type == RrType::Soa || m_query.type == RrType::Any) {
        const SoaRecord soa = MakeSoa(config, m_outcome.apex, static_cast<uint32_t>(m_moment.height));
        m_writer.SetAuthoritative();
        m_answered = m_writer.AddRecords(MessageWriter::Section::Answer, soa.Span(), m_outcome.apex);
        return;
    }
    if (m_query.type != RrType::Ns || config.self_names.empty()) return BuildNegative();
    m_writer.SetAuthoritative();
    std::array<uint8_t, 12 + MAX_NAME_BYTES> record{};
    for (const Bytes& name : config.self_names) {
        StoreU16(record.data() + 2, static_cast<uint16_t>(RrType::Ns));
        StoreU16(record.data() + 4, CLASS_IN);
        StoreU32(record.data() + 6, DEFAULT_TTL_SEC);
        StoreU16(record.data() + 10, static_cast<uint16_t>(name.size()));
        std::copy(name.begin(), name.end(), record.begin() + 12);
        m_answered += m_writer.AddRecords(MessageWriter::Section::Answer, {record.data(), 12 + name.size()},
                                          m_outcome.apex);
    }
}

/// NXDOMAIN or no data, with the SOA that lets resolvers remember it (RFC 2308).
void Answerer::BuildNegative()
{
    m_writer.SetAuthoritative();
    const SoaRecord soa = MakeSoa(*m_parts.config, m_outcome.apex, static_cast<uint32_t>(m_moment.height));
    m_writer.AddRecords(MessageWriter::Section::Authority, soa.Span(), m_outcome.apex);
}

} // namespace emc::dns
