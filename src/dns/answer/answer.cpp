#include "dns/answer/answer.h"

#include "base/clock.h"

#include <algorithm>

namespace emc::dns {

namespace {

/// Types nobody can own a record of and that this server does not answer: questions only, and the meta type
/// OPT (RFC 6895 §3.1).
std::optional<Rcode> RefusedType(RrType type)
{
    if (type == RrType::Axfr || type == RrType::Ixfr) return Rcode::Refused;
    if (type == RrType::Opt || (type >= RrType::FirstMeta && type < RrType::Any)) return Rcode::NotImp;
    return std::nullopt;
}

} // namespace

Answerer::Answerer(const AnswerParts& parts, Counters& counters) : m_parts(parts), m_counters(counters)
{
    BeginBatch();
}

void Answerer::BeginBatch()
{
    const int64_t median = m_parts.chain->median_time.load(std::memory_order_relaxed);
    m_moment.now_sec = std::max(m_parts.clock->NowSec(), median);
    m_moment.height = m_parts.chain->height.load(std::memory_order_relaxed);
}

size_t Answerer::Answer(ByteSpan packet, std::span<uint8_t> out)
{
    m_counters.queries.Add();
    const ParseResult parsed = ParseQuery(packet, m_query);
    if (parsed.verdict == ParseVerdict::Drop) {
        m_counters.dropped.Add();
        return 0;
    }
    m_writer.Begin(m_query, packet, out, Limit(out.size()));
    m_answered = 0;
    if (parsed.verdict == ParseVerdict::Reject) return Finish(parsed.rcode);
    if (m_query.rr_class != CLASS_IN) return Finish(Rcode::Refused);
    if (const auto rcode = RefusedType(m_query.type)) return Finish(*rcode);
    m_asked = {&m_query.name, HEADER_BYTES};
    Find();
    Build();
    FollowAliases();
    return Finish(m_outcome.rcode);
}

size_t Answerer::Limit(size_t room) const
{
    const size_t wanted = m_query.has_edns ? m_query.payload_bytes : PLAIN_UDP_BYTES;
    return std::min(std::clamp(wanted, PLAIN_UDP_BYTES, EDNS_UDP_BYTES), room);
}

size_t Answerer::Finish(Rcode rcode)
{
    switch (rcode) {
    case Rcode::NoError:
        (m_answered > 0 ? m_counters.answers : m_counters.nodata).Add();
        break;
    case Rcode::NxDomain:
        m_counters.nxdomain.Add();
        break;
    case Rcode::Refused:
        m_counters.refused.Add();
        break;
    case Rcode::ServFail:
        m_counters.servfail.Add();
        break;
    case Rcode::FormErr:
        m_counters.formerr.Add();
        break;
    case Rcode::NotImp:
    case Rcode::BadVers:
        m_counters.notimp.Add();
        break;
    }
    if (m_writer.Truncated()) m_counters.truncated.Add();
    return m_writer.Finish(rcode);
}

} // namespace emc::dns
