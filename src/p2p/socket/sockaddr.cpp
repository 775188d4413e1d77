#include "p2p/socket/sockaddr.h"

#include <algorithm>
#include <netinet/in.h>

namespace emc::p2p {
namespace {

constexpr size_t MAPPED_PREFIX_BYTES = 12;
constexpr std::array<uint8_t, MAPPED_PREFIX_BYTES> MAPPED_PREFIX{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <typename T>
Sockaddr Packed(const T& address)
{
    Sockaddr out;
    std::memcpy(&out.storage, &address, sizeof(address));
    out.size = sizeof(address);
    return out;
}

} // namespace

Endpoint FromSockaddr(const sockaddr* from)
{
    base::IpBytes ip{};
    if (from->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, from, sizeof(v4));
        std::copy(MAPPED_PREFIX.begin(), MAPPED_PREFIX.end(), ip.begin());
        std::memcpy(ip.data() + MAPPED_PREFIX_BYTES, &v4.sin_addr, sizeof(v4.sin_addr));
        return {NetAddress::FromIp(ip), ntohs(v4.sin_port)};
    }
    if (from->sa_family != AF_INET6) return {};
    sockaddr_in6 v6{};
    std::memcpy(&v6, from, sizeof(v6));
    std::memcpy(ip.data(), &v6.sin6_addr, ip.size());
    return {NetAddress::FromIp(ip), ntohs(v6.sin6_port)};
}

Sockaddr ToSockaddr(const Endpoint& from)
{
    const auto bytes = from.address.Bytes();
    if (from.address.Kind() == NetKind::Ipv4) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(from.port);
        std::memcpy(&v4.sin_addr, bytes.data(), sizeof(v4.sin_addr));
        return Packed(v4);
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(from.port);
    if (bytes.size() == sizeof(v6.sin6_addr)) std::memcpy(&v6.sin6_addr, bytes.data(), bytes.size());
    return Packed(v6);
}

} // namespace emc::p2p
