/// Which incoming connection gives way to a new one when all places are taken.
#pragma once

#include "p2p/net/address.h"
#include "p2p/peers/peer_id.h"

namespace emc::p2p {

/// Connections that keep their place because of one virtue each. An attacker must be better in all of them at
/// once, from many networks, to push out everybody else.
inline constexpr size_t PROTECT_BY_GROUP = 4; ///< by a keyed hash of the network group
inline constexpr size_t PROTECT_BY_PING = 8;  ///< quickest answers so far
inline constexpr size_t PROTECT_BY_TX = 4;    ///< latest to give us a transaction
inline constexpr size_t PROTECT_BLOCKS_ONLY =
    8;                                        ///< latest to give us a block, of those that relay blocks only
inline constexpr size_t PROTECT_BY_BLOCK = 4; ///< latest to give us a block

/// What is known of an incoming connection.
struct EvictionCandidate {
    PeerId id = 0;
    int64_t connected_ms = 0;
    int64_t best_ping_us = INT64_MAX;
    int64_t last_block_ms = 0; ///< when it last gave us a block that was new and valid; 0: never
    int64_t last_tx_ms = 0;    ///< the same for transactions
    bool relays_transactions = true;
    bool has_wanted_services = true;
    bool discouraged = false; ///< misbehaved, or wants a bloom filter while places are short
    bool local = false;       ///< from this computer
    bool protected_by_operator = false;
    NetKind network = NetKind::Ipv4;
    uint64_t group = 0; ///< keyed hash of its network group; equal for one group
};

/// The connection to close; nullopt when all deserve their place. After the virtues above, half of the rest
/// stays for having been connected longest, of which up to a half is kept for this computer, I2P, Tor and
/// CJDNS, who cannot win by ping. Of what remains, discouraged ones if there are any, the youngest of the
/// largest group goes. Pure.
[[nodiscard]] std::optional<PeerId> SelectForEviction(std::vector<EvictionCandidate> candidates);

} // namespace emc::p2p
