/// Which block is asked of which peer while the node catches up.
#pragma once

#include "base/bytes.h"
#include "base/memory.h"
#include "p2p/peers/peer_id.h"

namespace emc::p2p {

/// Blocks asked for run at most this far ahead of the first one that is missing.
inline constexpr int32_t DOWNLOAD_WINDOW = 1'024;
/// Blocks asked of one peer at a time: as many as come to these bytes, going by the size of those that came
/// lately, but at least and at most so many.
inline constexpr size_t BYTES_IN_FLIGHT_PER_PEER = 1024 * 1024;
inline constexpr size_t MIN_BLOCKS_IN_FLIGHT_PER_PEER = 16;
inline constexpr size_t MAX_BLOCKS_IN_FLIGHT_PER_PEER = 128;
/// A peer that alone holds the window up is given this long; after each disconnection the next one twice as
/// long, up to the maximum, so that a slow line of our own does not cost all peers. Blocks that arrive
/// shorten it again.
inline constexpr int64_t STALL_MS = 2'000;
inline constexpr int64_t MAX_STALL_MS = 64'000;
/// A block must arrive within this, and the second amount more for every other peer that is downloading.
inline constexpr int64_t BLOCK_TIMEOUT_MS = 600'000;
inline constexpr int64_t BLOCK_TIMEOUT_PER_PEER_MS = 300'000;

/// Each block is asked of one peer at a time. Knows hashes and heights only; which blocks are wanted comes
/// from the caller. One thread; time never goes back.
class BlockDownloads
{
public:
    struct Wanted {
        int32_t height = 0;
        base::Hash256 hash;

        bool operator==(const Wanted&) const = default;
    };

    BlockDownloads();
    ~BlockDownloads();
    BlockDownloads(const BlockDownloads&) = delete;
    BlockDownloads& operator=(const BlockDownloads&) = delete;

    /// Chooses what to ask this peer for. `missing` are the blocks of the peer's best chain that are not
    /// stored yet, heights rising; `first_missing` is the height of the first block this node lacks on its
    /// way to the best chain it knows. What is returned is in flight from now on.
    [[nodiscard]] std::vector<base::Hash256> Plan(PeerId peer, const std::vector<Wanted>& missing,
                                                  int32_t first_missing, int64_t now_ms);
    /// Marks one block as asked of a peer outside Plan (announced at the tip, or half received in compact
    /// form). False when it is in flight or the peer has its share.
    bool Reserve(PeerId peer, const Wanted& block, int64_t now_ms);
    /// A block of so many bytes has come, from whomever; false when it was not asked of this peer.
    bool Received(PeerId peer, const base::Hash256& block, size_t bytes, int64_t now_ms);
    /// The peer does not have it.
    void NotFound(PeerId peer, const base::Hash256& block);
    void Disconnected(PeerId peer);

    enum class Fault : uint8_t { Stalls, TimedOut };

    struct Slow {
        PeerId peer = 0;
        Fault fault = Fault::Stalls;

        bool operator==(const Slow&) const = default;
    };

    /// Peers to disconnect now. Each is named once; Disconnected must follow.
    [[nodiscard]] std::vector<Slow> CheckTime(int64_t now_ms);

    [[nodiscard]] size_t InFlight(PeerId peer) const;
    /// How many may be in flight from one peer at present.
    [[nodiscard]] size_t Share() const;
    /// Heights of what is in flight from this peer, rising.
    [[nodiscard]] std::vector<int32_t> Heights(PeerId peer) const;
    [[nodiscard]] bool IsInFlight(const base::Hash256& block) const;
    [[nodiscard]] int64_t StallTimeoutMs() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
