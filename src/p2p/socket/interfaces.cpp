#include "p2p/socket/interfaces.h"

#include "base/memory.h"
#include "p2p/socket/sockaddr.h"

#include <ifaddrs.h>
#include <net/if.h>

namespace emc::p2p {

std::vector<NetAddress> InterfaceAddresses()
{
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
    std::vector<NetAddress> out;
    for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
        const bool usable = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0;
        if (!usable || one->ifa_addr == nullptr) continue;
        const int family = one->ifa_addr->sa_family;
        if (family == AF_INET || family == AF_INET6) out.push_back(FromSockaddr(one->ifa_addr).address);
    }
    return out;
}

} // namespace emc::p2p
