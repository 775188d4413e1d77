#include "dns/answer/answer.h"

#include "base/clock.h"
#include "dns/secure/answer_signer.h"

#include <algorithm>

namespace emc::dns {

namespace {

/// Types nobody can own a record of and that are questions or message data only, and the meta type OPT
/// (RFC 6895 §3.1).
bool IsMeta(RrType type)
{
    return type == RrType::Opt || (type >= RrType::FirstMeta && type < RrType::Any);
}

ReplyKind KindOf(Rcode rcode, size_t answers)
{
    if (rcode == Rcode::NoError) return answers > 0 ? ReplyKind::Answer : ReplyKind::NoData;
    return rcode == Rcode::NxDomain ? ReplyKind::NxDomain : ReplyKind::Error;
}

} // namespace

Answerer::Answerer(const AnswerParts& parts, Counters& counters, Patience patience)
    : m_parts(parts), m_apex_servers(ApexServerRecords(*parts.config)), m_counters(counters),
      m_patience(patience)
{
    if (m_parts.signers != nullptr) m_signer = std::make_unique<AnswerSigner>(*m_parts.signers);
    BeginBatch();
}

Answerer::~Answerer() = default;

void Answerer::BeginBatch()
{
    const int64_t median = m_parts.chain->median_time.load(std::memory_order_relaxed);
    m_moment.now_sec = std::max(m_parts.clock->NowSec(), median);
    m_moment.height = m_parts.chain->height.load(std::memory_order_relaxed);
    if (m_signer) m_signer->SetNow(m_moment.now_sec);
    m_begin_us = base::SteadyMicros();
    m_now_ms = m_begin_us / 1000;
}

void Answerer::EndBatch(size_t sent)
{
    if (sent == 0) return;
    m_counters.NoteLatency(static_cast<uint64_t>(base::SteadyMicros() - m_begin_us), sent);
}

Answered Answerer::Answer(ByteSpan packet, const Client& client, std::span<uint8_t> out)
{
    m_client = &client;
    m_needs_disk = false;
    const ParseResult parsed = ParseQuery(packet, m_query);
    if (parsed.verdict == ParseVerdict::Drop) {
        m_counters.queries.Add();
        m_counters.dropped.Add();
        m_counters.transport[static_cast<size_t>(client.transport)].Add();
        return {};
    }
    m_zone = COUNTED_ZONES - 1;
    m_query.dnssec_ok &= m_signer != nullptr; // RFC 3225 §3
    const bool is_transfer = m_query.type == RrType::Axfr || m_query.type == RrType::Ixfr;
    if (m_query.has_tsig && !is_transfer && m_parts.tsig_keys != nullptr)
        return AnswerSigned(packet, client, out);
    const Admission admission = ReadCookie();
    CollectOptions();
    m_writer.Begin({.query = &m_query,
                    .packet = packet,
                    .out = out,
                    .limit = Limit(out.size()),
                    .options = m_options.Span(),
                    .padded = client.transport == Transport::Tls});
    m_answered = 0;
    m_unsigned = false;
    m_outcome = {};
    if (parsed.verdict == ParseVerdict::Reject) return Finish(parsed.rcode);
    if (admission == Admission::NeedsCookie) return Finish(Rcode::BadCookie);
    if (admission == Admission::NeedsTcp) m_writer.CutToQuestion();
    if (admission == Admission::NeedsTcp) return Finish(Rcode::NoError);
    if (m_query.rr_class == CLASS_CHAOS) return AnswerChaos();
    if (m_query.rr_class != CLASS_IN) return Finish(Rcode::Refused, ExtendedError::NotAuthoritative);
    if (is_transfer) return AnswerTransfer(packet, out);
    if (IsMeta(m_query.type)) return Finish(Rcode::NotImp, ExtendedError::NotSupported);
    m_asked = {&m_query.name, HEADER_BYTES};
    Find();
    if (m_name->labels > 0) {
        const Zone* zone = m_parts.config->Find(m_name->Label(m_name->labels - 1u));
        if (zone != nullptr) m_zone = zone->index;
    }
    Build();
    FollowAliases();
    if (m_needs_disk) return {0, Fate::NeedsDisk};
    // Too many signatures at once: no answer is better than one that looks forged.
    if (m_unsigned) {
        m_writer.Restart();
        m_answered = 0;
        m_outcome.rcode = Rcode::ServFail;
    }
    ExtendedError reason = ExtendedError::None;
    if (m_outcome.rcode == Rcode::Refused) reason = ExtendedError::NotAuthoritative;
    if (m_outcome.rcode == Rcode::ServFail) reason = ExtendedError::NotReady;
    return Finish(m_outcome.rcode, reason);
}

/// A good cookie lifts limits. Under load, those who may be forged are told how to prove that they are not.
Answerer::Admission Answerer::ReadCookie()
{
    const Guard* guard = m_parts.guard;
    m_cookie = CookieJar::Verdict::None;
    m_verified = guard == nullptr || m_client->transport != Transport::Udp;
    const bool has_cookie =
        guard != nullptr && guard->use_cookies && m_query.has_edns && m_query.edns.cookie_bytes != 0;
    if (has_cookie) {
        m_cookie = guard->cookies.Check(m_query.edns, m_client->ip, m_moment.now_sec);
        m_verified |= m_cookie == CookieJar::Verdict::Good || m_cookie == CookieJar::Verdict::Renewed;
    }
    if (!m_verified) m_verified = guard->Allows(m_client->ip);
    if (m_verified || guard->cookie_load == 0) return Admission::Welcome;
    if (m_load_sec != m_now_ms / 1000) {
        m_load_sec = m_now_ms / 1000;
        m_load = 0;
    }
    if (++m_load <= guard->cookie_load) return Admission::Welcome;
    return has_cookie ? Admission::NeedsCookie : Admission::NeedsTcp;
}

/// What OPT of the answer will carry whatever the answer is.
void Answerer::CollectOptions()
{
    m_options.Clear();
    const Guard* guard = m_parts.guard;
    if (!m_query.has_edns || guard == nullptr) return;
    const EdnsRequest& request = m_query.edns;
    if (guard->use_cookies && request.cookie_bytes != 0) {
        std::array<uint8_t, CLIENT_COOKIE_BYTES + SERVER_COOKIE_BYTES> both;
        std::ranges::copy(request.ClientCookie(), both.begin());
        if (m_cookie == CookieJar::Verdict::Good) {
            std::ranges::copy(request.ServerCookie(), both.begin() + CLIENT_COOKIE_BYTES);
        } else {
            const auto cookie = guard->cookies.Make(request.ClientCookie(), m_client->ip, m_moment.now_sec);
            std::ranges::copy(cookie, both.begin() + CLIENT_COOKIE_BYTES);
        }
        m_options.Add(OptionCode::Cookie, both);
    }
    if (request.nsid && !guard->nsid.empty()) {
        m_options.Add(OptionCode::Nsid, base::AsBytes(guard->nsid));
    }
    if (request.keepalive && m_client->transport != Transport::Udp) {
        std::array<uint8_t, 2> idle{};
        StoreU16(idle.data(), m_idle_tenths);
        m_options.Add(OptionCode::Keepalive, idle);
    }
}

/// version.bind and version.server in class CHAOS, when the operator has set a text.
Answered Answerer::AnswerChaos()
{
    std::string_view version;
    if (m_parts.guard != nullptr) version = m_parts.guard->version;
    const std::string_view name = base::AsText({m_query.name.bytes.data(), m_query.name.size});
    const bool asked = name == std::string_view("\x07version\x04"
                                                "bind",
                                                14) ||
                       name == std::string_view("\x07version\x06server", 16);
    if (version.empty() || !asked || (m_query.type != RrType::Txt && m_query.type != RrType::Any)) {
        return Finish(Rcode::Refused, ExtendedError::NotAuthoritative);
    }
    std::array<uint8_t, 13 + UINT8_MAX> record{};
    const size_t size = std::min<size_t>(version.size(), UINT8_MAX);
    StoreU16(record.data() + 2, static_cast<uint16_t>(RrType::Txt));
    StoreU16(record.data() + 4, CLASS_CHAOS);
    StoreU16(record.data() + 10, static_cast<uint16_t>(size + 1));
    record[12] = static_cast<uint8_t>(size);
    std::memcpy(record.data() + 13, version.data(), size);
    m_writer.SetAuthoritative();
    m_answered =
        m_writer.AddRecords(MessageWriter::Section::Answer, {record.data(), 13 + size}, QUESTION_POINTER);
    return Finish(Rcode::NoError);
}

Answered Answerer::AnswerTransfer(ByteSpan packet, std::span<uint8_t> out)
{
    if (m_parts.transfers == nullptr) return Finish(Rcode::Refused, ExtendedError::Prohibited);
    if (m_client->transport != Transport::Udp) {
        CountQuestion();
        return {0, Fate::Transfer};
    }
    if (IsLimited(Rcode::Refused)) {
        CountQuestion();
        m_counters.limited.Add();
        m_counters.dropped.Add();
        return {};
    }
    const size_t size = m_parts.transfers->OnDatagram(packet, *m_client, out.first(Limit(out.size())));
    if (size == 0) return Finish(Rcode::Refused, ExtendedError::Prohibited);
    CountQuestion();
    m_counters.answers.Add();
    return {size, Fate::Reply};
}

size_t Answerer::Limit(size_t room) const
{
    if (m_client->transport != Transport::Udp) return std::min(room, MAX_MESSAGE_BYTES) - m_reserved;
    const size_t wanted = m_query.has_edns ? m_query.payload_bytes : PLAIN_UDP_BYTES;
    return std::min(std::clamp(wanted, PLAIN_UDP_BYTES, EDNS_UDP_BYTES), room) - m_reserved;
}

/// Did the find stage come to where only the disk knows more, and may it be asked?
bool Answerer::MayWait()
{
    if (m_patience == Patience::Disk) return true;
    m_needs_disk = true;
    return false;
}

bool Answerer::IsLimited(Rcode rcode)
{
    if (m_verified) return false;
    RateLimiter& limiter = m_parts.guard->limiter;
    return limiter.Exceeds(m_client->ip, KindOf(rcode, m_answered), m_now_ms);
}

Answered Answerer::Finish(Rcode rcode, ExtendedError reason)
{
    CountQuestion();
    if (IsLimited(rcode)) {
        m_counters.limited.Add();
        const unsigned slip = m_parts.guard->limiter.Limits().slip;
        if (slip == 0 || ++m_limited % slip != 0) {
            m_counters.dropped.Add();
            return {};
        }
        // Nothing more than was asked: whoever asks in another's name gains nothing by it.
        m_answered = 0;
        m_writer.CutToQuestion();
        rcode = rcode == Rcode::NxDomain ? Rcode::NoError : rcode;
        reason = ExtendedError::None;
    }
    CountReply(rcode);
    return {m_writer.Finish(rcode, reason), Fate::Reply};
}

void Answerer::CountQuestion()
{
    m_counters.queries.Add();
    m_counters.transport[static_cast<size_t>(m_client->transport)].Add();
    if (m_cookie == CookieJar::Verdict::Good || m_cookie == CookieJar::Verdict::Renewed) {
        m_counters.verified.Add();
    }
    if (m_query.question_end == 0) return;
    m_counters.type[CountedType(static_cast<uint16_t>(m_query.type))].Add();
    m_counters.zone[m_zone].Add();
}

void Answerer::CountReply(Rcode rcode)
{
    m_counters.rcode[static_cast<size_t>(rcode)].Add();
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
    case Rcode::BadCookie:
        m_counters.notimp.Add();
        break;
    }
    if (m_writer.Truncated()) m_counters.truncated.Add();
}

} // namespace emc::dns
