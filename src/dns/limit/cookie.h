/// DNS cookies: proof that a client receives what is sent to its address (RFC 7873), in the form all servers
/// share (RFC 9018): version 1, time, SipHash-2-4 over both and the address.
#pragma once

#include "base/subnet.h"
#include "dns/message/edns.h"

namespace emc::base {
class RandomSource;
}

namespace emc::dns {

inline constexpr size_t SERVER_COOKIE_BYTES = 16;
inline constexpr size_t COOKIE_SECRET_BYTES = 16;

using CookieSecret = std::array<uint8_t, COOKIE_SECRET_BYTES>;
using ServerCookie = std::array<uint8_t, SERVER_COOKIE_BYTES>;

/// Without state that changes: secrets that are not given follow from a random one and the day, so every
/// thread finds the same ones without a lock. Any thread.
class CookieJar
{
public:
    /// `secrets`: the first signs, the others are accepted too, for servers that share an address; empty: own
    /// ones, a new one every day, that of the day before accepted.
    CookieJar(std::vector<CookieSecret> secrets, base::RandomSource& random);

    /// The server's half for a client's half (8 bytes) at an address.
    [[nodiscard]] ServerCookie Make(ByteSpan client_cookie, const base::IpBytes& ip, int64_t now_sec) const;

    enum class Verdict : uint8_t {
        None,    ///< no server's half
        Bad,     ///< forged, of another address, or older than an hour
        Good,    ///< the address is the client's
        Renewed, ///< good, but older than half an hour: send a new one
    };

    /// Judges a question's cookie; its options say that it has one.
    [[nodiscard]] Verdict Check(const EdnsRequest& request, const base::IpBytes& ip, int64_t now_sec) const;

private:
    [[nodiscard]] CookieSecret SecretOf(int64_t day) const;

    std::vector<CookieSecret> m_secrets;
    CookieSecret m_own{};
};

/// Secrets of 32 hex digits between commas or blanks; nullopt when one is malformed.
[[nodiscard]] std::optional<std::vector<CookieSecret>> ParseCookieSecrets(const std::string& text);

} // namespace emc::dns
