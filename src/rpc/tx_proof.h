/// Proofs that transactions stand in a block.
#pragma once

#include "interfaces/types.h"
#include "rpc/call.h"

namespace emc::rpc {

struct ProvenTxids {
    interfaces::BlockInfo block; ///< of the best chain
    std::vector<base::Hash256> txids;
};

/// What a proof of gettxoutproof proves; without txids when it does not hold. Throws −22 when it is none, −5
/// when its block is not in the best chain. (calls_proof.cpp)
[[nodiscard]] ProvenTxids ReadTxOutProof(const Request& request, const std::string& hex);

} // namespace emc::rpc
