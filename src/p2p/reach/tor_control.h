/// The conversation with Tor's control port that makes an onion service lead here: log in, ask for the SOCKS
/// port, add the service. Bytes in, bytes out; sockets and files are the caller's.
#pragma once

#include "p2p/net/address.h"
#include "p2p/reach/tor_reply.h"

namespace emc::base {
class RandomSource;
}

namespace emc::p2p {

/// Bytes of Tor's cookie file, and of the numbers both sides add to it.
inline constexpr size_t TOR_COOKIE_BYTES = 32;
/// Longest key text that is taken: type, colon, 64 bytes in base64.
inline constexpr size_t MAX_ONION_KEY_BYTES = 128;

/// One connection's conversation. One thread. Source: Tor's control-spec, sections 3.1, 3.5, 3.9, 3.21, 3.24
/// and 3.27.
class TorControl
{
public:
    struct Wish {
        std::string password{};   ///< of the control port; empty: none, or its cookie
        std::string key{};        ///< of the service, as an earlier run got it; empty: a new one
        uint16_t port = 0;        ///< of the service, as others see it
        Endpoint target{};        ///< where this node listens for it
        bool wants_proxy = false; ///< tell the SOCKS port
    };

    /// What is to be done; all parts may be empty.
    struct Step {
        std::string send;
        std::string cookie_file;           ///< read it and call OnCookie
        std::optional<Endpoint> proxy;     ///< Tor's SOCKS port
        std::optional<NetAddress> service; ///< it is up, under this name
        std::string new_key;               ///< keep it: Wish::key of the next run
    };

    using Result = base::Expected<Step, std::string>;

    /// The random source outlives it.
    TorControl(Wish wish, base::RandomSource& random) : m_wish(std::move(wish)), m_random(random) {}

    /// The first words.
    [[nodiscard]] std::string Begin() const;
    /// Takes bytes from the front of `in` up to the end of one reply. The error is a sentence; the connection
    /// is of no use after it.
    [[nodiscard]] Result Feed(base::ByteSpan& in);
    /// What the file Step::cookie_file holds.
    [[nodiscard]] Result OnCookie(base::ByteSpan cookie);

    /// The service is up; nothing more is expected.
    [[nodiscard]] bool Up() const { return m_state == State::Up; }

private:
    enum class State : uint8_t { Methods, Cookie, Challenge, Login, Listeners, Service, Up };

    [[nodiscard]] Result OnMethods(const TorReply& reply);
    [[nodiscard]] Result OnChallenge(const TorReply& reply);
    [[nodiscard]] Result OnLogin(const TorReply& reply);
    [[nodiscard]] Result OnListeners(const TorReply& reply);
    [[nodiscard]] Result OnService(const TorReply& reply);
    [[nodiscard]] Step AskService();
    [[nodiscard]] Step Authenticate(const std::string& proof);

    const Wish m_wish;
    base::RandomSource& m_random;
    TorReplyReader m_reader;
    State m_state = State::Methods;
    base::Bytes m_cookie;
    base::Bytes m_nonce; ///< ours
};

/// True for what ADD_ONION takes and answers as a version 3 key: "ED25519-V3:" and base64.
[[nodiscard]] bool IsOnionKey(std::string_view text);

} // namespace emc::p2p
