/// Headers and blocks that cost their sender nothing: bounds on what is kept of them.
#pragma once

#include "base/memory.h"
#include "p2p/peers/peer_id.h"
#include "primitives/block.h"

#include <deque>
#include <map>

namespace emc::p2p {

/// Headers of one peer that wait for their proof, and their bytes.
inline constexpr size_t MAX_UNPROVEN_HEADERS = 2'000;
inline constexpr size_t MAX_UNPROVEN_BYTES_PER_PEER = 512 * 1024;
/// The same over all peers.
inline constexpr size_t MAX_UNPROVEN_BYTES = 64 * 1024 * 1024;
/// What a header counts beside its merged-mining proof: its fields and its place in the lists.
inline constexpr size_t UNPROVEN_ENTRY_BYTES = 256;

/// Headers that are not in the block index yet. Making a proof-of-stake header costs nothing, so such headers
/// wait here, counted against the peer they came from, until the block is there and its kernel and signature
/// have been checked. Only hashes are kept, since the header comes again with its block; a merged-mining
/// proof counts all the same. Nothing of it is ever written to disk. One thread.
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

    UnprovenHeaders();
    ~UnprovenHeaders();
    UnprovenHeaders(const UnprovenHeaders&) = delete;
    UnprovenHeaders& operator=(const UnprovenHeaders&) = delete;

    /// Takes a header from a peer. `parent` says whether the index has the block before it; otherwise the
    /// peer must have sent that one too.
    Result Add(PeerId peer, const primitives::BlockHeader& header, Parent parent);
    /// The header has been proven and is in the index: nobody need keep it. Its children stay.
    void Proven(const base::Hash256& hash);
    /// It was refused: it and all that is built on it go, at every peer. The peers that had sent it.
    std::vector<PeerId> Refused(const base::Hash256& hash);
    void Disconnected(PeerId peer);

    /// The peer's headers, parents before children: the blocks to ask it for.
    [[nodiscard]] std::vector<base::Hash256> Of(PeerId peer) const;
    [[nodiscard]] bool Has(PeerId peer, const base::Hash256& hash) const;
    [[nodiscard]] size_t BytesOf(PeerId peer) const;
    [[nodiscard]] size_t Bytes() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// What counts against a header's sender.
[[nodiscard]] size_t UnprovenCost(const primitives::BlockHeader& header);

/// A stake as fork choice may see it once: a kernel at a time.
struct Stake {
    primitives::OutPoint kernel;
    uint32_t time = 0;

    auto operator<=>(const Stake&) const = default;
    bool operator==(const Stake&) const = default;
};

/// Blocks of one stake that are stored; others only when a better chain is built on them.
inline constexpr size_t MAX_BLOCKS_PER_STAKE = 2;
/// Stakes that are remembered; beyond it the oldest are forgotten. At 144 blocks a day these are over four
/// months.
inline constexpr size_t MAX_STAKES = 20'000;

/// Remembers which blocks claimed which stake. Only blocks whose kernel and signature have been checked
/// belong here, or strangers could use up another's stake. One thread.
class StakeMemory
{
public:
    enum class Verdict : uint8_t {
        First,  ///< nobody used the stake before
        Again,  ///< this very block was seen
        Second, ///< another block used it; this one may be stored too. Its sender is passing on a double
                ///< stake
        Refuse, ///< two others are stored; this one must wait for a better chain upon it
    };

    Verdict Note(const Stake& stake, const base::Hash256& block);
    /// Blocks seen with this stake, in the order in which they came.
    [[nodiscard]] std::vector<base::Hash256> BlocksOf(const Stake& stake) const;

    [[nodiscard]] size_t Size() const { return m_blocks.size(); }

private:
    std::map<Stake, std::vector<base::Hash256>> m_blocks;
    std::deque<Stake> m_order; ///< oldest first
};

} // namespace emc::p2p
