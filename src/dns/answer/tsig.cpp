// Questions with a signature (RFC 8945): checked, answered without it, and the answer signed.
#include "dns/transfer/tsig.h"

#include "base/clock.h"
#include "dns/answer/answer.h"

#include <algorithm>

namespace emc::dns {

Answered Answerer::AnswerSigned(ByteSpan packet, const Client& client, std::span<uint8_t> out)
{
    const int64_t now = m_parts.clock->NowSec();
    TsigSession session;
    Bytes answer;
    switch (session.Check(packet, *m_parts.tsig_keys, now)) {
    case TsigSession::Verdict::Unsigned:
    case TsigSession::Verdict::Malformed:
        m_writer.Begin(
            {.query = &m_query, .packet = packet, .out = out, .limit = Limit(out.size()), .options = {}});
        m_answered = 0;
        m_verified = true;
        return Finish(Rcode::FormErr);
    case TsigSession::Verdict::NotAuth:
        m_counters.queries.Add();
        m_counters.refused.Add();
        answer = session.Refusal(packet, now);
        break;
    case TsigSession::Verdict::Good: {
        const Bytes stripped = session.Stripped(packet);
        m_reserved = session.SignatureBytes();
        const Answered inner = Answer(stripped, client, out);
        m_reserved = 0;
        if (inner.fate != Fate::Reply) return inner;
        answer.assign(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(inner.size));
        session.Sign(answer, now);
        break;
    }
    }
    if (answer.size() > out.size()) return {};
    std::copy(answer.begin(), answer.end(), out.begin());
    return {answer.size(), Fate::Reply};
}

} // namespace emc::dns
