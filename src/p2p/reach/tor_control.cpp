#include "p2p/reach/tor_control.h"

#include "base/random.h"
#include "crypto/hash.h"

#include <algorithm>

namespace emc::p2p {

using base::Unexpected;

namespace {

constexpr int DONE = 250;
constexpr int NEWS = 650;
constexpr std::string_view KEY_TYPE = "ED25519-V3:";
constexpr std::string_view SERVER_SALT = "Tor safe cookie authentication server-to-controller hash";
constexpr std::string_view CLIENT_SALT = "Tor safe cookie authentication controller-to-server hash";
constexpr std::string_view LISTENERS = "net/listeners/socks";
constexpr std::string_view LINE_END = "\r\n";

base::Hash256 Proof(std::string_view salt, const base::Bytes& cookie, const base::Bytes& ours,
                    const base::Bytes& theirs)
{
    base::Bytes all = cookie;
    all.insert(all.end(), ours.begin(), ours.end());
    all.insert(all.end(), theirs.begin(), theirs.end());
    return crypto::HmacSha256(base::AsBytes(salt), all);
}

/// What Tor says to the refusal of a command, for our own sentence.
std::string Words(const TorReply& reply)
{
    return std::to_string(reply.code) + " " + (reply.lines.empty() ? "" : reply.lines.back());
}

/// The value of `key` in the first line that has it.
std::optional<std::string> Find(const TorReply& reply, std::string_view key)
{
    for (const auto& line : reply.lines) {
        if (auto value = TorField(line, key)) return value;
    }
    return std::nullopt;
}

bool Lists(const std::string& methods, std::string_view one)
{
    return ("," + methods + ",").find("," + std::string(one) + ",") != std::string::npos;
}

} // namespace

bool IsOnionKey(std::string_view text)
{
    if (!text.starts_with(KEY_TYPE) || text.size() > MAX_ONION_KEY_BYTES) return false;
    text.remove_prefix(KEY_TYPE.size());
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
               c == '/' || c == '=';
    });
}

std::string TorControl::Begin() const
{
    return std::string("PROTOCOLINFO 1").append(LINE_END);
}

TorControl::Result TorControl::Feed(base::ByteSpan& in)
{
    auto reply = m_reader.Feed(in);
    if (!reply) return Unexpected("Tor's control port: " + reply.Error());
    if (!*reply || (*reply)->code == NEWS) return Step{};
    switch (m_state) {
    case State::Methods:
        return OnMethods(**reply);
    case State::Challenge:
        return OnChallenge(**reply);
    case State::Login:
        return OnLogin(**reply);
    case State::Listeners:
        return OnListeners(**reply);
    case State::Service:
        return OnService(**reply);
    case State::Cookie: // while the file is read nothing was asked
    case State::Up:
        break;
    }
    return Unexpected(std::string("Tor's control port: an answer to no question"));
}

TorControl::Step TorControl::Authenticate(const std::string& proof)
{
    m_state = State::Login;
    Step out;
    out.send = "AUTHENTICATE";
    if (!proof.empty()) out.send += " " + proof;
    out.send += LINE_END;
    return out;
}

TorControl::Result TorControl::OnMethods(const TorReply& reply)
{
    const auto methods = Find(reply, "METHODS");
    if (reply.code != DONE || !methods)
        return Unexpected("Tor's control port: no list of ways to log in: " + Words(reply));
    const bool by_password = Lists(*methods, "HASHEDPASSWORD");
    if (!m_wish.password.empty()) {
        if (by_password) return Authenticate(TorQuoted(m_wish.password));
        return Unexpected(std::string("Tor's control port takes no password; leave -torpassword out or set "
                                      "HashedControlPassword in torrc"));
    }
    if (Lists(*methods, "NULL")) return Authenticate("");
    if (Lists(*methods, "SAFECOOKIE")) {
        Step out;
        out.cookie_file = Find(reply, "COOKIEFILE").value_or("");
        if (out.cookie_file.empty())
            return Unexpected(std::string("Tor's control port does not say where its cookie file is"));
        m_state = State::Cookie;
        return out;
    }
    if (by_password) return Unexpected(std::string("Tor's control port wants a password: -torpassword"));
    return Unexpected("Tor's control port: none of the ways to log in is known here: " + *methods);
}

TorControl::Result TorControl::OnCookie(base::ByteSpan cookie)
{
    if (m_state != State::Cookie || cookie.size() != TOR_COOKIE_BYTES)
        return Unexpected("Tor's cookie file has " + std::to_string(cookie.size()) + " bytes, not " +
                          std::to_string(TOR_COOKIE_BYTES));
    m_cookie.assign(cookie.begin(), cookie.end());
    m_nonce.resize(TOR_COOKIE_BYTES);
    m_random.Fill(m_nonce);
    m_state = State::Challenge;
    Step out;
    out.send = "AUTHCHALLENGE SAFECOOKIE " + base::Hex(m_nonce);
    out.send += LINE_END;
    return out;
}

TorControl::Result TorControl::OnChallenge(const TorReply& reply)
{
    const auto hash = base::FromHex(Find(reply, "SERVERHASH").value_or(""));
    const auto nonce = base::FromHex(Find(reply, "SERVERNONCE").value_or(""));
    if (reply.code != DONE || !hash || !nonce || nonce->size() != TOR_COOKIE_BYTES)
        return Unexpected("Tor's control port does not answer the challenge: " + Words(reply));
    const auto wanted = Proof(SERVER_SALT, m_cookie, m_nonce, *nonce);
    if (!std::equal(hash->begin(), hash->end(), wanted.begin(), wanted.end()))
        return Unexpected(std::string("whoever listens on -torcontrol does not know Tor's cookie"));
    return Authenticate(base::Hex(Proof(CLIENT_SALT, m_cookie, m_nonce, *nonce).Span()));
}

TorControl::Result TorControl::OnLogin(const TorReply& reply)
{
    if (reply.code != DONE) return Unexpected("Tor's control port refuses the login: " + Words(reply));
    if (!m_wish.wants_proxy) return AskService();
    m_state = State::Listeners;
    Step out;
    out.send = "GETINFO " + std::string(LISTENERS);
    out.send += LINE_END;
    return out;
}

/// Without the answer, or with listeners only that are no addresses, the service is made all the same.
TorControl::Result TorControl::OnListeners(const TorReply& reply)
{
    std::optional<Endpoint> found;
    for (const auto& line : reply.lines) {
        const std::string begin = std::string(LISTENERS) + "=";
        if (reply.code != DONE || !line.starts_with(begin)) continue;
        for (const auto& text :
             TorValues(std::string_view(line).substr(begin.size())).value_or(std::vector<std::string>{})) {
            const auto where = ParseEndpoint(text, 0);
            if (!where || where->port == 0) continue;
            if (!found || (where->address.IsLocal() && !found->address.IsLocal())) found = where;
        }
    }
    Step out = AskService();
    out.proxy = found;
    return out;
}

TorControl::Step TorControl::AskService()
{
    m_state = State::Service;
    const std::string key = m_wish.key.empty() ? "NEW:ED25519-V3" : m_wish.key;
    Step out;
    out.send = "ADD_ONION " + key + " Port=" + std::to_string(m_wish.port) + "," + m_wish.target.ToText();
    out.send += LINE_END;
    return out;
}

TorControl::Result TorControl::OnService(const TorReply& reply)
{
    if (reply.code != DONE) return Unexpected("Tor does not make the onion service: " + Words(reply));
    const auto name = NetAddress::Parse(Find(reply, "ServiceID").value_or("") + ".onion");
    if (!name || name->Kind() != NetKind::TorV3)
        return Unexpected("Tor names no onion service of version 3: " + Words(reply));
    Step out;
    out.service = name;
    if (m_wish.key.empty()) {
        out.new_key = Find(reply, "PrivateKey").value_or("");
        if (!IsOnionKey(out.new_key))
            return Unexpected(std::string("Tor gives no key of the onion service it made"));
    }
    m_state = State::Up;
    return out;
}

} // namespace emc::p2p
