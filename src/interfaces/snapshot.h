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

/// Implemented in the chain room; any thread. Paths are as the operating system takes them.
class SnapshotControl
{
public:
    virtual ~SnapshotControl() = default;
    /// Writes the state at the tip into a new file. Takes as long as a walk over all coins and names; the
    /// chain goes on meanwhile.
    [[nodiscard]] virtual base::Expected<SnapshotInfo, Failure> Dump(const std::string& path) = 0;
};

} // namespace emc::interfaces
