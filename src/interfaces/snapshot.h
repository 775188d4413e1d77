/// States that travel in files: written by one node, taken by another (doc/snapshot.md).
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"

namespace emc::interfaces {

/// The state a file holds.
struct SnapshotInfo {
    Hash256 base; ///< the block it belongs to
    int32_t height = 0;
    uint64_t coins = 0;
    uint64_t names = 0;
    uint64_t chain_tx_count = 0;
    Hash256 coin_hash;  ///< hash_serialized_3 of gettxoutsetinfo
    Hash256 name_hash;  ///< hash_name of name_indexinfo
    Hash256 state_hash; ///< commits to everything; what a loading node is told to trust
};

/// One state the node keeps.
struct ChainState {
    int32_t height = 0;
    Hash256 best_block;
    uint32_t bits = 0;   ///< of the best block
    double progress = 0; ///< ChainReader::VerificationProgress; below a snapshot: of the way to its base
    std::optional<Hash256> snapshot_base; ///< block of the snapshot it came out of or leads to
    uint64_t store_cache_bytes = 0;
    uint64_t coin_cache_bytes = 0;
    bool validated = true;    ///< every block up to its best one was checked here
    int64_t seconds_left = 0; ///< until it has caught up, or reached its base, at this pace; 0: not known
};

/// Implemented in the chain room; any thread. Paths are as the operating system takes them.
class SnapshotControl
{
public:
    virtual ~SnapshotControl() = default;
    /// Writes the state at the tip into a new file. Takes as long as a walk over all coins and names; the
    /// chain goes on meanwhile.
    [[nodiscard]] virtual base::Expected<SnapshotInfo, Failure> Dump(const std::string& path) = 0;
    /// Makes the state in a file the node's own, if the network's parameters vouch for it; the blocks below
    /// it are checked afterwards, as they come. On an error nothing changes. Takes minutes for a large file.
    [[nodiscard]] virtual base::Expected<SnapshotInfo, Failure> Load(const std::string& path) = 0;
    /// One, or two while the history below a snapshot is not validated; the active one last.
    [[nodiscard]] virtual std::vector<ChainState> States() const = 0;
};

} // namespace emc::interfaces
