/// Headers and blocks that cost their sender nothing: bounds on what is kept of them.
#pragma once

#include "base/memory.h"
#include "consensus/fork_choice.h"
#include "p2p/peers/peer_id.h"
#include "p2p/sync/block_downloads.h"

#include <deque>

namespace emc::p2p {

/// Headers of one peer that wait for their proof, and their bytes.
inline constexpr size_t MAX_UNPROVEN_HEADERS = 2'000;
inline constexpr size_t MAX_UNPROVEN_BYTES_PER_PEER = 512 * 1024;
/// The same over all peers.
inline constexpr size_t MAX_UNPROVEN_BYTES = 64 * 1024 * 1024;
/// What a header takes beside its merged-mining proof, and its place in the list of blocks to ask for. So
/// 1,724 headers without such proofs fill a peer's bytes.
inline constexpr size_t UNPROVEN_ENTRY_BYTES = 304;

/// Headers that are not in the block index yet. Making a proof-of-stake header costs nothing, so such headers
/// wait here, counted against the peer they came from, until the block is there and its kernel and signature
/// have been checked. Only what fork choice needs is kept, since the header comes again with its block; a
/// merged-mining proof counts all the same. Nothing of it is ever written to disk.
///
/// A chain of headers needs no second pass to show its work before it is kept: more than these are never
/// kept, and a branch that would win shows it within them, since it starts at most the reorganisation limit
/// of 500 blocks below the tip and has had as long as the present chain for its blocks, so that three times
/// as many of them carry more work each. One thread.
class UnprovenHeaders
{
public:
    enum class Result : uint8_t {
        Added,
        Known,    ///< this peer has sent it before
        Loose,    ///< its parent is neither in the index nor among this peer's headers
        PeerFull, ///< a limit of this peer
        Full,     ///< the limit of all peers
    };

    enum class Parent : uint8_t { InIndex, Unknown };

    /// Where a header stands.
    struct Place {
        int32_t height = 0;
        consensus::ForkState state; ///< after it
    };

    using Wanted = BlockDownloads::Wanted;

    UnprovenHeaders();
    ~UnprovenHeaders();
    UnprovenHeaders(const UnprovenHeaders&) = delete;
    UnprovenHeaders& operator=(const UnprovenHeaders&) = delete;

    /// Takes a header from a peer. `parent` says whether the index has the block before it; otherwise the
    /// peer must have sent that one too.
    Result Add(PeerId peer, const primitives::BlockHeader& header, const Place& place, Parent parent);
    /// The header has been proven and is in the index: nobody need keep it. Its children stay.
    void Proven(const base::Hash256& hash);
    /// It was refused: it and all that is built on it go, at every peer. The peers that had sent it.
    std::vector<PeerId> Refused(const base::Hash256& hash);
    void Disconnected(PeerId peer);

    /// Null when the peer has not sent it; valid until the next change.
    [[nodiscard]] const Place* Find(PeerId peer, const base::Hash256& hash) const;
    /// The peer's best branch, parents before children: the blocks to ask it for. Valid until the next
    /// change.
    [[nodiscard]] const std::deque<Wanted>& BranchOf(PeerId peer);
    [[nodiscard]] size_t CountOf(PeerId peer) const;
    [[nodiscard]] size_t BytesOf(PeerId peer) const;
    [[nodiscard]] size_t Bytes() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// What counts against a header's sender.
[[nodiscard]] size_t UnprovenCost(const primitives::BlockHeader& header);

/// Proof-of-stake blocks on one parent that a peer may send without being asked.
inline constexpr size_t MAX_UNASKED_RIVALS = 2;
/// Parents it is remembered for, of each peer.
inline constexpr size_t MAX_UNASKED_PARENTS = 16;

/// What one peer sends unasked. A node does so with its new tip alone, and proof-of-stake blocks on the same
/// parent are equally good, so an honest one sends one of them, or two when its operator meddles. Who sends a
/// third tries out how many copies of a stake are taken. A stake used twice is not held against a peer
/// otherwise: the staker made both blocks, and forks spread them honestly. One thread.
class UnaskedBlocks
{
public:
    /// False: one more on this parent than an honest node sends.
    [[nodiscard]] bool Note(const base::Hash256& parent, const base::Hash256& block);

private:
    struct Rivals {
        base::Hash256 parent;
        std::vector<base::Hash256> blocks; ///< at most MAX_UNASKED_RIVALS
    };

    std::deque<Rivals> m_recent; ///< oldest first
};

} // namespace emc::p2p
