/// Bloom-filtered connections (BIP 37).
#pragma once

#include "p2p/wire/handshake.h"
#include "primitives/partial_merkle.h"

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

/// Answer to getdata of a filtered block: a header (with its merged-mining proof) and the part of the hash
/// tree that leads to the matches.
struct MerkleBlock {
    static constexpr std::string_view COMMAND = "merkleblock";
    primitives::MerkleProof proof;

    void Write(codec::Writer& out) const { primitives::Write(out, proof); }

    void Read(FieldReader& in) { proof = primitives::ReadMerkleProof(in.Field("proof")); }
};

} // namespace emc::p2p
