#include "dns/transport/sockaddr.h"

#include <cstring>
#include <netinet/in.h>

namespace emc::dns {

namespace {

constexpr size_t MAPPED_PREFIX_BYTES = 12;

} // namespace

SocketAddress SocketAddress::From(const base::IpBytes& ip, uint16_t port)
{
    SocketAddress out;
    if (base::IsMappedV4(ip)) {
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&v4.sin_addr, ip.data() + MAPPED_PREFIX_BYTES, sizeof(v4.sin_addr));
        std::memcpy(&out.storage, &v4, sizeof(v4));
        out.size = sizeof(v4);
        return out;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, ip.data(), ip.size());
    std::memcpy(&out.storage, &v6, sizeof(v6));
    out.size = sizeof(v6);
    return out;
}

base::IpBytes SocketAddress::Ip() const
{
    return IpOf(storage);
}

uint16_t SocketAddress::Port() const
{
    return PortOf(storage);
}

base::IpBytes IpOf(const sockaddr_storage& address)
{
    base::IpBytes ip{};
    if (address.ss_family == AF_INET) {
        ip[10] = ip[11] = 0xff;
        std::memcpy(ip.data() + MAPPED_PREFIX_BYTES, &reinterpret_cast<const sockaddr_in&>(address).sin_addr,
                    4);
    } else if (address.ss_family == AF_INET6) {
        std::memcpy(ip.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, ip.size());
    }
    return ip;
}

uint16_t PortOf(const sockaddr_storage& address)
{
    if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

} // namespace emc::dns
