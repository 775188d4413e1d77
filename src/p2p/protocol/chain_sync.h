/// Finding and fetching better chains: headers first, blocks from several peers, nothing unproven in the
/// index.
///
/// A header enters the block index only with its block. Until then it waits with the peer that sent it,
/// bounded by UnprovenHeaders; blocks are asked for only on branches that would be better than the present
/// tip.
#pragma once

#include "p2p/protocol/desk.h"
#include "p2p/sync/block_downloads.h"
#include "p2p/sync/unproven.h"

#include <map>

namespace emc::chain {
struct BlockVerdict;
}

namespace emc::consensus {
struct ForkState;
}

namespace emc::p2p {

/// Blocks that arrived before their parents, in bytes; beyond it they are dropped and asked for again.
inline constexpr size_t MAX_EARLY_BYTES = 64 * 1024 * 1024;
/// Blocks handed to the chain and not judged yet; no more are asked for meanwhile.
inline constexpr size_t MAX_BLOCKS_IN_CHAIN_QUEUE = 256;
inline constexpr size_t MAX_BYTES_IN_CHAIN_QUEUE = 64 * 1024 * 1024;
/// One peer after the other is asked for its headers again, now and then: who is catching up announces
/// nothing, and what was announced may not have arrived. Until this node has caught up, and from then on.
inline constexpr int64_t ASK_AGAIN_MS = 5'000;
inline constexpr int64_t ASK_SELDOM_MS = 600'000;
/// Pruned blocks the operator asked for and that have not come.
inline constexpr size_t MAX_FETCHED = 64;
/// `headers` messages in a row that do not connect to anything.
inline constexpr int MAX_LOOSE_HEADERS = 10;

/// The message thread only.
class ChainSync
{
public:
    /// Called by the chain's writer with the verdict on a block; must bring it back to OnVerdict.
    using Report = std::function<void(PeerId, const base::Hash256&, const chain::BlockVerdict&)>;

    ChainSync(Desk& desk, Report report);
    ~ChainSync();
    ChainSync(const ChainSync&) = delete;
    ChainSync& operator=(const ChainSync&) = delete;

    void OnReady(Peer& peer);
    void OnClosed(PeerId peer);
    void On(Peer& peer, const Headers& message);
    /// A block, asked for or not.
    void OnBlock(Peer& peer, const primitives::BlockRef& block);
    /// A header that came, unasked, with a compact form of its block; its parent is in the index. Nothing is
    /// asked for.
    void Note(Peer& peer, const primitives::BlockHeader& header);
    /// The peer has this block, it says.
    void OnAnnounced(Peer& peer, const base::Hash256& block);
    void OnNotFound(Peer& peer, const base::Hash256& block);
    void OnVerdict(PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict);
    /// Asks for what is missing, drops who is slow.
    void OnTick(int64_t now_ms);

    /// Asks what the peer has beyond our chain.
    void AskHeaders(Peer& peer);
    /// The block is wanted and asked of this peer from now on (a compact block, say).
    [[nodiscard]] bool Reserve(Peer& peer, const base::Hash256& block);

    /// Asks for a block that was pruned, as the operator wishes. "" or why not.
    [[nodiscard]] std::string Fetch(Peer& peer, const base::Hash256& block);

    /// Heights of the blocks asked of the peer, rising.
    [[nodiscard]] std::vector<int32_t> InFlightHeights(PeerId peer) const;
    /// Height of the best of its headers that wait for their blocks; −1: none.
    [[nodiscard]] int32_t UnprovenHeight(PeerId peer) const;
    /// Bytes kept of headers and of blocks that came early, of all peers.
    [[nodiscard]] size_t Bytes() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
