/// A router that lets peers in when it is asked to.
#pragma once

#include "base/expected.h"
#include "base/memory.h"
#include "p2p/net/address.h"

namespace emc::base {
class StopFlag;
}

namespace emc::p2p {

/// How long the router is asked to keep a port open.
inline constexpr uint32_t MAPPING_SEC = 3'600;
/// How long the end of a mapping may take; the node stops meanwhile.
inline constexpr int UNMAP_PATIENCE_MS = 500;

/// One way to talk to it. One thread, which may wait.
class Gateway
{
public:
    virtual ~Gateway() = default;
    /// "NAT-PMP", "UPnP".
    [[nodiscard]] virtual std::string_view Name() const = 0;
    /// Has connections to a port of the router led to the same port of this computer: where that is. The
    /// error is a sentence. Returns within a tenth of a second when told to stop.
    [[nodiscard]] virtual base::Expected<Endpoint, std::string> Map(uint16_t port,
                                                                    const base::StopFlag& stop) = 0;
    /// Ends that; at the latest after UNMAP_PATIENCE_MS, whether it worked or not.
    virtual void Unmap(uint16_t port) = 0;
};

/// nullptr when the program was built without the library (--with-natpmp, --with-miniupnpc).
[[nodiscard]] std::unique_ptr<Gateway> MakeNatPmpGateway();
[[nodiscard]] std::unique_ptr<Gateway> MakeUpnpGateway();

/// The word that makes emercoind the program RunUpnpHelper is for, and nothing else.
inline constexpr std::string_view UPNP_HELPER = "-upnphelper";

/// The library for UPnP waits where nobody can stop it, writes to stderr, and reads what anybody on the local
/// network says: it runs in a process of its own. `arguments`: "map PORT" or "unmap PORT URL". Prints the
/// router's address and the URL. The result is the exit code.
[[nodiscard]] int RunUpnpHelper(const std::vector<std::string>& arguments);

} // namespace emc::p2p
