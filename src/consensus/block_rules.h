/// Rules of a block that need no coins (B-*).
#pragma once

#include "consensus/tx_rules.h"

namespace emc::consensus {

/// Where the witness commitment of BIP 141 stands in the coinbase; nullopt when there is none.
[[nodiscard]] std::optional<size_t> WitnessCommitmentIndex(const Transaction& coinbase);
/// The 38-byte script of a commitment.
[[nodiscard]] primitives::TxOut MakeWitnessCommitment(const Hash256& witness_root, const Hash256& reserved);
/// The push of a height with which a coinbase's script begins (BIP 34), for this chain's templates.
[[nodiscard]] base::Bytes HeightScript(int32_t height);

/// Rules of the block alone, header not included: merkle root, mutation, length, coinbase place, every
/// transaction's shape, name shapes, names once per block, legacy sigops. Rules B-01 … B-07, T-*,
/// N-01 … N-10, N-16, N-17, E-01, E-02, V-*, P-07, R-01.
[[nodiscard]] Verdict CheckBlock(const primitives::Block& block);

struct BlockContext {
    const Params* params = nullptr;
    int32_t height = 0;
    int64_t parent_mtp = 0;
};

/// Rules that need the height: finality, BIP 34, witness commitment, weight, PoS coinbase. Rules B-08 … B-13,
/// P-04 … P-06.
[[nodiscard]] Verdict CheckBlockContext(const primitives::Block& block, const BlockContext& context);

} // namespace emc::consensus
