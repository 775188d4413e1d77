/// A block of bytes as content-addressed storage (IPFS) wants it: CIDv1 and a CAR v1 file.
#pragma once

#include "base/bytes.h"

namespace emc::reward {

struct CarFile {
    std::string cid;   ///< CIDv1 (raw, sha2-256) as text: base32 with its mark b
    base::Bytes bytes; ///< CAR v1 whose root and only block it is
};

[[nodiscard]] CarFile MakeCar(base::ByteSpan data);

} // namespace emc::reward
