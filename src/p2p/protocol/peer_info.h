/// Connections as getpeerinfo shows them.
#pragma once

#include "interfaces/net.h"
#include "p2p/protocol/chain_sync.h"
#include "p2p/socket/network.h"

namespace emc::p2p {

/// All connections, oldest first. The message thread only.
[[nodiscard]] std::vector<interfaces::PeerInfo> DescribePeers(Desk& desk, const Network& network,
                                                              const ChainSync& sync);
/// "NETWORK", "WITNESS" …; bits without a name as "UNKNOWN[2^n]". Pure.
[[nodiscard]] std::vector<std::string> ServiceNames(Services services);

} // namespace emc::p2p
