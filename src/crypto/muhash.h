/// MuHash3072: a hash of a set of byte strings that is kept up to date by adding and removing elements.
///
/// An element stands for the number whose 384 little-endian bytes are the ChaCha20 keystream (RFC 8439, nonce
/// and counter zero) under the key SHA256(element). A set is the product of its numbers modulo
/// 2^3072 − 1103717; its hash is the SHA-256 of the product in 384 little-endian bytes. These are the
/// parameters of Bitcoin Core's `muhash`, so that hashes can be computed anew by other programs.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

/// Value type; one thread at a time. The order of additions and removals does not matter, and an element may
/// be removed before it is added. Adding one twice gives another hash than adding it once.
class MuHash3072
{
public:
    static constexpr size_t NUMBER_BYTES = 384;
    static constexpr size_t LIMBS = NUMBER_BYTES / sizeof(uint64_t);
    /// Below 2^3072, not always below the modulus; least significant limb first.
    using Number = std::array<uint64_t, LIMBS>;

    /// The empty set.
    MuHash3072();

    /// Some microseconds each (doc/performance.md).
    MuHash3072& Insert(base::ByteSpan element);
    MuHash3072& Remove(base::ByteSpan element);
    /// Adds what another one added and removes what it removed: parts of a set can be hashed apart.
    MuHash3072& Combine(const MuHash3072& other);

    /// The hash of the set; less than a millisecond.
    [[nodiscard]] base::Hash256 Finish() const;

    /// For storing: the number of the set below the modulus, little-endian; takes as long as Finish.
    [[nodiscard]] std::array<uint8_t, NUMBER_BYTES> Product() const;
    /// The set with this product; nullopt unless it is NUMBER_BYTES long and no multiple of the modulus.
    [[nodiscard]] static std::optional<MuHash3072> FromProduct(base::ByteSpan in);

private:
    Number m_added{};
    Number m_removed{};
};

} // namespace emc::crypto
