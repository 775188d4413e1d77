/// The addresses this computer's network interfaces have.
#pragma once

#include "p2p/net/address.h"

namespace emc::p2p {

/// Of all interfaces that are up, loopback left out; empty when the system does not say.
[[nodiscard]] std::vector<NetAddress> InterfaceAddresses();

} // namespace emc::p2p
