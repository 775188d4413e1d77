/// Bytes as content-addressed storage (IPFS) wants them: CIDv1 and a CAR v1 file.
#pragma once

#include "base/bytes.h"

namespace emc::reward {

/// Larger contents are cut into blocks of this size: others refuse blocks of more than 2 MiB.
inline constexpr size_t CAR_BLOCK_BYTES = size_t{1} << 20;

struct CarFile {
    std::string cid;   ///< CIDv1 (sha2-256) as text: base32 with its mark b
    base::Bytes bytes; ///< CAR v1 whose root it is
};

/// Up to CAR_BLOCK_BYTES one raw block; more is a UnixFS file (dag-pb) over raw blocks. The same content has
/// the same CID everywhere.
[[nodiscard]] CarFile MakeCar(base::ByteSpan data);
/// Does it begin as a CAR v1 file with a root?
[[nodiscard]] bool IsCar(base::ByteSpan file);
/// The content of a CAR file that MakeCar could have made, perhaps written anew by another program that kept
/// the order of the blocks; nullopt for anything else, or when a CID is not that of its block.
[[nodiscard]] std::optional<base::Bytes> ReadCar(base::ByteSpan file);

} // namespace emc::reward
