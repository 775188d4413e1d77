/// What the message thread knows of one connection.
#pragma once

#include "base/memory.h"
#include "p2p/peers/peer_id.h"
#include "p2p/relay/bloom_filter.h"
#include "p2p/relay/trickle.h"
#include "p2p/socket/link.h"
#include "p2p/wire/addresses.h"
#include "p2p/wire/inventory.h"

#include <deque>
#include <map>

namespace emc::p2p {

/// Traffic by name of the message; unknown names count as "*other*".
using MessageBytes = std::map<std::string, uint64_t, std::less<>>;

/// Addresses a peer is known to know, and how often that is wrong.
inline constexpr size_t KNOWN_ADDRESSES = 5'000;
inline constexpr double KNOWN_ADDRESSES_FALSE_POSITIVE = 0.001;

/// The exchange of addresses with one peer.
struct AddressLine {
    explicit AddressLine(base::RandomSource& random)
        : known(KNOWN_ADDRESSES, KNOWN_ADDRESSES_FALSE_POSITIVE, random)
    {}

    RollingFilter known;
    std::vector<AddressEntry> waiting; ///< to be told at next_ms
    int64_t next_ms = 0;
    int64_t own_ms = 0; ///< when our own are told again
    double tokens = 1;  ///< addresses it may tell now
    int64_t refilled_ms = 0;
    bool told = false; ///< its getaddr was answered
    uint64_t processed = 0;
    uint64_t rate_limited = 0;
};

/// One connection. The message thread only. Times in milliseconds are those of Desk::NowMs, in seconds unix
/// time.
struct Peer {
    LinkInfo link;
    int64_t opened_ms = 0;
    bool closing = false; ///< told to go; what still comes from it is dropped

    // Handshake.
    uint64_t nonce = 0; ///< ours, to notice a connection to oneself
    std::optional<Version> version;
    bool ready = false; ///< verack came: everything may be said
    int64_t time_offset_sec = 0;
    bool wants_addrv2 = false;
    bool uses_wtxid = false;

    // Keeping alive.
    uint64_t ping_nonce = 0; ///< 0: none under way
    int64_t ping_sent_us = 0;
    int64_t next_ping_ms = 0;
    bool ping_asked = false; ///< by the operator
    std::optional<int64_t> ping_us;
    std::optional<int64_t> best_ping_us;

    // Blocks.
    bool wants_headers = false;              ///< sendheaders
    bool takes_compact = false;              ///< sendcmpct 2
    bool compact_from = false;               ///< it wants compact blocks unasked
    bool compact_to = false;                 ///< it was asked for them
    std::optional<base::Hash256> best_block; ///< best block it is known to have, of those in the index
    int32_t best_height = -1;                ///< of best_block
    int64_t last_block_sec = 0;              ///< gave us a new valid one

    // Transactions.
    bool relays_transactions = false; ///< takes announcements
    int64_t fee_filter = 0;           ///< units per kvB it wants at least
    std::unique_ptr<TrickleQueue> trickle;
    std::unique_ptr<BloomFilter> bloom; ///< only what it matches is announced; null: everything is
    int64_t last_group_ms = -1; ///< what came to the pool until then has been announced, or is not worth it
    int64_t last_transaction_sec = 0;

    std::unique_ptr<AddressLine> addresses; ///< null: none are exchanged

    // What waits until it has read more of its answers.
    std::deque<InvItem> asked;   ///< transactions; one message's, since later ones are held
    std::deque<RawMessage> held; ///< messages

    MessageBytes sent;
    MessageBytes received;

    [[nodiscard]] PeerId Id() const { return link.id; }

    [[nodiscard]] bool Inbound() const { return link.kind == LinkKind::Inbound; }

    /// By which network it is connected.
    [[nodiscard]] NetKind Network() const { return link.onion ? NetKind::TorV3 : link.remote.address.Kind(); }

    [[nodiscard]] bool May(Permission permission) const { return link.permissions.Has(permission); }

    [[nodiscard]] Services Offered() const { return version ? version->services : 0; }
};

} // namespace emc::p2p
