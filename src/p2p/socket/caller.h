/// Who opens connections, as those see it who decide about them.
#pragma once

#include "p2p/socket/link.h"

namespace emc::p2p {

/// Any thread.
class Caller
{
public:
    virtual ~Caller() = default;
    /// Begins to connect; the sink hears of the result.
    virtual void Open(const OpenRequest& request) = 0;
    /// Looks up a host's addresses; the sink hears of them, with this port.
    virtual void Resolve(const std::string& host, uint16_t port) = 0;
    /// Whether addresses of this network can be dialled at all.
    [[nodiscard]] virtual bool Reaches(NetKind network) const = 0;
    /// False while the operator has switched the network off.
    [[nodiscard]] virtual bool Active() const = 0;
    /// Whether a proxy makes the connections to clear networks.
    [[nodiscard]] virtual bool BehindProxy() const = 0;
};

} // namespace emc::p2p
