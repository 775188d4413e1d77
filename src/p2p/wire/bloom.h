/// Bloom-filtered connections (BIP 37).
#pragma once

#include "p2p/wire/handshake.h"
#include "primitives/block.h"

namespace emc::p2p {

struct FilterLoad {
    static constexpr std::string_view COMMAND = "filterload";
    base::Bytes filter;     ///< at most MAX_BLOOM_BYTES
    uint32_t functions = 0; ///< at most MAX_BLOOM_FUNCTIONS
    uint32_t tweak = 0;
    uint8_t flags = 0;

    bool operator==(const FilterLoad&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct FilterAdd {
    static constexpr std::string_view COMMAND = "filteradd";
    base::Bytes element; ///< at most MAX_BLOOM_ELEMENT_BYTES

    bool operator==(const FilterAdd&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct FilterClear : NoFields {
    static constexpr std::string_view COMMAND = "filterclear";
};

/// A header (with its merged-mining proof) and the part of the hash tree that leads to the matches.
struct MerkleBlock {
    static constexpr std::string_view COMMAND = "merkleblock";
    primitives::BlockHeader header;
    uint32_t transactions = 0; ///< of the whole block
    std::vector<base::Hash256> hashes;
    base::Bytes flags; ///< bits in depth-first order, lowest bit of each byte first

    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
