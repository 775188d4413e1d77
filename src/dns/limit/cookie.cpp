#include "dns/limit/cookie.h"

#include "base/random.h"
#include "crypto/hash.h"
#include "dns/message/wire.h"

#include <algorithm>

namespace emc::dns {

namespace {

// RFC 9018 §4.3: accepted for an hour, five minutes ahead of our clock at most, renewed after half an hour.
constexpr int64_t LIFETIME_SEC = 3600;
constexpr int64_t AHEAD_SEC = 300;
constexpr int64_t RENEW_SEC = 1800;
constexpr int64_t DAY_SEC = 86'400;
constexpr uint8_t VERSION = 1;
constexpr size_t HASH_AT = 8; ///< behind version, three reserved bytes and the time
constexpr size_t V4_IN_MAPPED = 12;

uint64_t LoadLittle64(const uint8_t* at)
{
    uint64_t out = 0;
    for (size_t i = 0; i < 8; ++i)
        out |= uint64_t{at[i]} << (8 * i);
    return out;
}

void StoreLittle64(uint8_t* at, uint64_t value)
{
    for (size_t i = 0; i < 8; ++i)
        at[i] = static_cast<uint8_t>(value >> (8 * i));
}

/// RFC 9018 §4.4: client's half, the server's first eight bytes, the address in its own length.
uint64_t HashOf(const CookieSecret& secret, ByteSpan client_cookie, const uint8_t* head,
                const base::IpBytes& ip)
{
    std::array<uint8_t, CLIENT_COOKIE_BYTES + HASH_AT + 16> input;
    std::copy_n(client_cookie.begin(), CLIENT_COOKIE_BYTES, input.begin());
    std::copy_n(head, HASH_AT, input.begin() + CLIENT_COOKIE_BYTES);
    const size_t skipped = base::IsMappedV4(ip) ? V4_IN_MAPPED : 0;
    std::copy(ip.begin() + static_cast<std::ptrdiff_t>(skipped), ip.end(),
              input.begin() + CLIENT_COOKIE_BYTES + HASH_AT);
    return crypto::SipHash24(LoadLittle64(secret.data()), LoadLittle64(secret.data() + 8),
                             {input.data(), input.size() - skipped});
}

} // namespace

CookieJar::CookieJar(std::vector<CookieSecret> secrets, base::RandomSource& random)
    : m_secrets(std::move(secrets))
{
    random.Fill(m_own);
}

CookieSecret CookieJar::SecretOf(int64_t day) const
{
    const uint64_t k0 = LoadLittle64(m_own.data());
    const uint64_t k1 = LoadLittle64(m_own.data() + 8);
    std::array<uint8_t, 9> input{};
    StoreLittle64(input.data(), static_cast<uint64_t>(day));
    CookieSecret out{};
    StoreLittle64(out.data(), crypto::SipHash24(k0, k1, input));
    input.back() = 1;
    StoreLittle64(out.data() + 8, crypto::SipHash24(k0, k1, input));
    return out;
}

ServerCookie CookieJar::Make(ByteSpan client_cookie, const base::IpBytes& ip, int64_t now_sec) const
{
    ServerCookie out{};
    out[0] = VERSION;
    StoreU32(out.data() + 4, static_cast<uint32_t>(now_sec));
    const CookieSecret secret = m_secrets.empty() ? SecretOf(now_sec / DAY_SEC) : m_secrets.front();
    StoreLittle64(out.data() + HASH_AT, HashOf(secret, client_cookie, out.data(), ip));
    return out;
}

CookieJar::Verdict CookieJar::Check(const EdnsRequest& request, const base::IpBytes& ip,
                                    int64_t now_sec) const
{
    if (request.cookie_bytes <= CLIENT_COOKIE_BYTES) return Verdict::None;
    const ByteSpan cookie = request.ServerCookie();
    if (cookie.size() != SERVER_COOKIE_BYTES || cookie[0] != VERSION) return Verdict::Bad;
    // Times wrap after 2106; serial arithmetic keeps their order (RFC 1982).
    const auto age = static_cast<int32_t>(static_cast<uint32_t>(now_sec) - LoadU32(cookie.data() + 4));
    if (age > LIFETIME_SEC || age < -AHEAD_SEC) return Verdict::Bad;
    const uint64_t given = LoadLittle64(cookie.data() + HASH_AT);
    const auto matches = [&](const CookieSecret& secret) {
        return HashOf(secret, request.ClientCookie(), cookie.data(), ip) == given;
    };
    const int64_t day = now_sec / DAY_SEC;
    const bool good = m_secrets.empty()
                          ? matches(SecretOf(day)) || matches(SecretOf(day - 1)) || matches(SecretOf(day + 1))
                          : std::any_of(m_secrets.begin(), m_secrets.end(), matches);
    if (!good) return Verdict::Bad;
    return age > RENEW_SEC ? Verdict::Renewed : Verdict::Good;
}

std::optional<std::vector<CookieSecret>> ParseCookieSecrets(const std::string& text)
{
    std::vector<CookieSecret> out;
    for (size_t start = 0; start < text.size();) {
        const size_t end = std::min(text.find_first_of(", ", start), text.size());
        const std::string piece = text.substr(start, end - start);
        start = end + 1;
        if (piece.empty()) continue;
        const auto bytes = base::FromHex(piece);
        if (!bytes || bytes->size() != COOKIE_SECRET_BYTES) return std::nullopt;
        std::copy(bytes->begin(), bytes->end(), out.emplace_back().begin());
    }
    return out;
}

} // namespace emc::dns
