/// Addresses as the operating system writes them.
#pragma once

#include "base/subnet.h"

#include <sys/socket.h>

namespace emc::dns {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    /// IPv4 for ::ffff:a.b.c.d.
    [[nodiscard]] static SocketAddress From(const base::IpBytes& ip, uint16_t port);

    [[nodiscard]] int Family() const { return storage.ss_family; }

    [[nodiscard]] sockaddr* Get() { return reinterpret_cast<sockaddr*>(&storage); }

    [[nodiscard]] const sockaddr* Get() const { return reinterpret_cast<const sockaddr*>(&storage); }

    [[nodiscard]] base::IpBytes Ip() const;
    [[nodiscard]] uint16_t Port() const;
};

/// The address in 16 bytes, IPv4 as ::ffff:a.b.c.d; "::" for other families.
[[nodiscard]] base::IpBytes IpOf(const sockaddr_storage& address);
[[nodiscard]] uint16_t PortOf(const sockaddr_storage& address);

} // namespace emc::dns
