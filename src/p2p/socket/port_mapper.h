/// Keeps a port of the router open for peers while the node runs (-natpmp, -upnp).
#pragma once

#include "p2p/socket/gateway.h"

namespace emc::base {
class Logger;
}

namespace emc::p2p {

class LocalAddresses;

/// Between two requests while the router grants them, and after it did not.
inline constexpr int64_t REMAP_MS = 1'200'000;
inline constexpr int64_t MAP_RETRY_MS = 300'000;

class PortMapper
{
public:
    /// Starts the thread "p2p-map". `gateways` are tried in turn until one grants it. Logger and addresses
    /// outlive it; the router's address is entered there while the port is open.
    PortMapper(uint16_t port, std::vector<std::unique_ptr<Gateway>> gateways, base::Logger& log,
               LocalAddresses& own);
    /// Closes the port; takes no longer than Gateway::Unmap may.
    ~PortMapper();
    PortMapper(const PortMapper&) = delete;
    PortMapper& operator=(const PortMapper&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
