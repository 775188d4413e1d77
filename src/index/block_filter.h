/// Basic block filters (BIP 158) and their chain (BIP 157): what a wallet asks to learn whether a block
/// concerns it.
#pragma once

#include "codec/gcs.h"
#include "primitives/block.h"
#include "primitives/coin.h"

namespace emc::index {

/// What the basic filter of a block holds: the scripts of its outputs and of the coins it spends, except
/// empty ones and outputs that begin with OP_RETURN. Of a name or reward output it is the owner script.
/// `spent` by transaction (coinbase: none) and input. Pure.
[[nodiscard]] std::vector<base::Bytes> ScriptsOf(const primitives::Block& block,
                                                 const std::vector<std::vector<primitives::Coin>>& spent);

/// Parameters of the basic filter of a block: P = 19, M = 784931, keyed by the block's hash.
[[nodiscard]] codec::GcsParams BasicFilterParams(const base::Hash256& block);

/// The encoded filter. Pure.
[[nodiscard]] base::Bytes BasicFilter(const base::Hash256& block, std::span<const base::Bytes> scripts);

/// The header that commits to a filter and to the header before it (zero for the genesis block). Pure.
[[nodiscard]] base::Hash256 FilterHeader(base::ByteSpan filter, const base::Hash256& previous_header);

} // namespace emc::index
