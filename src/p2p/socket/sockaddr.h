/// Endpoints as the operating system writes them.
#pragma once

#include "p2p/net/address.h"

#include <sys/socket.h>

namespace emc::p2p {

/// The unspecified endpoint for anything but IPv4 and IPv6.
[[nodiscard]] Endpoint FromSockaddr(const sockaddr* from);

struct Sockaddr {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// IPv4, IPv6 and CJDNS (which is an IPv6 network); "::" for the others.
[[nodiscard]] Sockaddr ToSockaddr(const Endpoint& from);

} // namespace emc::p2p
