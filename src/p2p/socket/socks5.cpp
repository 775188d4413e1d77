#include "p2p/socket/socks5.h"

#include "base/check.h"

namespace emc::p2p {
namespace {

constexpr uint8_t SOCKS_VERSION = 5;
constexpr uint8_t PASSWORD_VERSION = 1;
constexpr uint8_t NO_PASSWORD = 0;
constexpr uint8_t WITH_PASSWORD = 2;
constexpr uint8_t NO_METHOD = 0xff;
constexpr uint8_t CONNECT = 1;
constexpr uint8_t BY_IPV4 = 1;
constexpr uint8_t BY_NAME = 3;
constexpr uint8_t BY_IPV6 = 4;
constexpr size_t MAX_TEXT_BYTES = 255;
constexpr size_t KIND_AT = 3; ///< place of the kind of address in a reply

std::string_view ReplyText(uint8_t code)
{
    constexpr std::string_view TEXTS[] = {
        "",
        "general failure",
        "not allowed by its rules",
        "network unreachable",
        "host unreachable",
        "connection refused",
        "timed out on the way",
        "it does not know the command",
        "it does not know this kind of address",
    };
    if (code == 0 || code >= std::size(TEXTS)) return "unknown failure";
    return TEXTS[code];
}

void Append(base::Bytes& out, std::string_view text)
{
    EMC_CHECK(text.size() <= MAX_TEXT_BYTES);
    out.push_back(static_cast<uint8_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

} // namespace

base::Bytes Socks5::Begin() const
{
    if (m_target.user.empty()) return {SOCKS_VERSION, 1, NO_PASSWORD};
    return {SOCKS_VERSION, 2, NO_PASSWORD, WITH_PASSWORD};
}

base::Bytes Socks5::Request() const
{
    base::Bytes out{SOCKS_VERSION, CONNECT, 0, BY_NAME};
    Append(out, m_target.host);
    out.push_back(static_cast<uint8_t>(m_target.port >> 8));
    out.push_back(static_cast<uint8_t>(m_target.port));
    return out;
}

size_t Socks5::Wanted() const
{
    constexpr size_t BEFORE_ADDRESS = KIND_AT + 1;
    constexpr size_t PORT = 2;
    if (m_state != State::Reply) return 2;
    if (m_reply.size() < BEFORE_ADDRESS + 1) return BEFORE_ADDRESS + 1;
    switch (m_reply[KIND_AT]) {
    case BY_IPV4:
        return BEFORE_ADDRESS + 4 + PORT;
    case BY_IPV6:
        return BEFORE_ADDRESS + 16 + PORT;
    default: // a name; anything else is refused before more is read
        return BEFORE_ADDRESS + 1 + m_reply[4] + PORT;
    }
}

std::optional<std::string> Socks5::Fault() const
{
    const uint8_t version = m_state == State::Password ? PASSWORD_VERSION : SOCKS_VERSION;
    if (m_reply[0] != version) return "it answers in another protocol";
    if (m_reply.size() < 2) return std::nullopt;
    const uint8_t code = m_reply[1];
    switch (m_state) {
    case State::Method:
        if (code == NO_METHOD) return "it takes none of the ways to log in we know";
        if (code != NO_PASSWORD && (code != WITH_PASSWORD || m_target.user.empty()))
            return "it wants a password";
        return std::nullopt;
    case State::Password:
        if (code != 0) return "it refuses the password";
        return std::nullopt;
    case State::Reply:
        if (code != 0) return std::string(ReplyText(code));
        if (m_reply.size() < KIND_AT + 1) return std::nullopt;
        if (m_reply[KIND_AT] != BY_IPV4 && m_reply[KIND_AT] != BY_IPV6 && m_reply[KIND_AT] != BY_NAME)
            return "it answers an odd kind of address";
        return std::nullopt;
    case State::Done:
        break;
    }
    return "it talks on after the end";
}

base::Expected<Socks5::Step, std::string> Socks5::Feed(base::ByteSpan& in)
{
    Step step;
    while (!in.empty() && !step.done) {
        m_reply.push_back(in[0]);
        in = in.subspan(1);
        if (const auto fault = Fault()) return base::Unexpected("SOCKS5 proxy: " + *fault);
        if (m_reply.size() < Wanted()) continue;
        const base::Bytes answer = Answer();
        step.send.insert(step.send.end(), answer.begin(), answer.end());
        step.done = m_state == State::Done;
        m_reply.clear();
    }
    return step;
}

base::Bytes Socks5::Answer()
{
    if (m_state == State::Method && m_reply[1] == WITH_PASSWORD) {
        m_state = State::Password;
        base::Bytes out{PASSWORD_VERSION};
        Append(out, m_target.user);
        Append(out, m_target.password);
        return out;
    }
    const bool connected = m_state == State::Reply;
    m_state = connected ? State::Done : State::Reply;
    return connected ? base::Bytes{} : Request();
}

} // namespace emc::p2p
