/// Blocks in compact form (BIP 152): put together from the mempool, the rest asked for.
#pragma once

#include "p2p/protocol/chain_sync.h"
#include "p2p/sync/partial_block.h"

#include <deque>

namespace emc::p2p {

/// Peers that are asked to send compact blocks without being asked first.
inline constexpr size_t MAX_HIGH_BANDWIDTH = 3;
/// Peers one block may be put together from at the same time.
inline constexpr size_t MAX_PARTIAL_PER_BLOCK = 3;

/// The message thread only.
class CompactReceiver
{
public:
    CompactReceiver(Desk& desk, ChainSync& sync) : m_desk(desk), m_sync(sync) {}

    void On(Peer& peer, const SendCompact& message) const;
    void On(Peer& peer, const CompactBlock& message);
    void On(Peer& peer, const BlockTxn& message);
    void OnClosed(PeerId peer);
    /// The peer was the first with a block that became the tip: it shall send the next one unasked.
    void OnQuick(Peer& peer);

    /// Places of the transactions this node did not have when it put the block together: those behind it will
    /// not have them either. Only of the latest block; rising.
    [[nodiscard]] std::span<const uint16_t> Rare(const base::Hash256& block) const;

    /// Blocks put together since the start, and those for which nothing had to be asked.
    struct Counts {
        uint64_t complete = 0;
        uint64_t at_once = 0;
    };

    [[nodiscard]] Counts GetCounts() const { return m_counts; }

private:
    /// A block on its way, and the places it came with that the pool did not have.
    struct Half {
        PartialBlock partial;
        std::vector<uint16_t> rare;
    };

    void Finish(Peer& peer, Half half, const std::vector<primitives::TxRef>& missing);
    void AskWhole(Peer& peer, const base::Hash256& block) const;

    Desk& m_desk;
    ChainSync& m_sync;
    std::map<std::pair<base::Hash256, PeerId>, Half> m_partial;
    base::Hash256 m_latest;
    std::vector<uint16_t> m_latest_rare; ///< of m_latest
    std::deque<PeerId> m_quick;          ///< in high-bandwidth mode, latest last
    Counts m_counts;
};

} // namespace emc::p2p
