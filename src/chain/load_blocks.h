/// Giving a chain the blocks of a file from elsewhere (-loadblock).
#pragma once

#include "chain/chain.h"

namespace emc::chain {

/// What a file held.
struct LoadedBlocks {
    uint64_t blocks = 0;   ///< all frames that are blocks
    uint64_t accepted = 0; ///< new ones that were taken
    uint64_t refused = 0;  ///< that break a rule
    uint64_t loose = 0;    ///< whose parent is neither known nor in the file
    bool cut_off = false;  ///< the file ends inside a block
    bool interrupted = false;
};

/// Reads a file in the layout of the block files (magic, length, block; anything between frames is passed
/// over) and hands every block to Chain::AcceptBlock, as if it had come from the network. Order does not
/// matter: a block waits for its parent, of which only the place is remembered. Says in the log how far it
/// is. Ends early, with `interrupted`, when `deps.interrupted` says so. The error is a sentence that names
/// the file: it cannot be read, belongs to another network, holds no block, or the chain stopped taking
/// blocks. Not from the writer thread.
[[nodiscard]] base::Expected<LoadedBlocks, std::string> LoadBlocks(Chain& chain, const ChainDeps& deps,
                                                                   const std::string& path);

} // namespace emc::chain
