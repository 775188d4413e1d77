/// SHA-256 (FIPS 180-4) with run-time choice of SHA-NI, AVX2 or portable code.
#pragma once

#include "base/bytes.h"

#include <string_view>

namespace emc::crypto {

/// Streaming SHA-256. Value type.
class Sha256
{
public:
    Sha256();
    Sha256& Write(base::ByteSpan in);
    /// The digest; the object must be Reset before further use.
    [[nodiscard]] base::Hash256 Finish();
    Sha256& Reset();

private:
    std::array<uint32_t, 8> m_state;
    std::array<uint8_t, 64> m_block;
    uint64_t m_bytes;
};

[[nodiscard]] base::Hash256 Sha256Of(base::ByteSpan in);
/// SHA256(SHA256(in)), Bitcoin's block and transaction hash.
[[nodiscard]] base::Hash256 Sha256d(base::ByteSpan in);
/// out[i] = SHA256d of the 64 bytes in[64·i…]; the Merkle tree's step. `count` pairs, buffers may be equal.
void Sha256dPairs(uint8_t* out, const uint8_t* in, size_t count);

/// SHA256d of messages whose first 64 bytes are the same: those are taken in once. Value type.
class Sha256dTail
{
public:
    /// Longest rest that fits one block with its padding.
    static constexpr size_t MAX_TAIL = 55;

    explicit Sha256dTail(const std::array<uint8_t, 64>& first);
    /// Of the 64 bytes with these behind them; at most MAX_TAIL (checked).
    [[nodiscard]] base::Hash256 Of(base::ByteSpan tail) const;

private:
    std::array<uint32_t, 8> m_middle;
};

/// BIP340 tagged hash: SHA256(SHA256(tag) ‖ SHA256(tag) ‖ in).
[[nodiscard]] base::Hash256 TaggedHash(std::string_view tag, base::ByteSpan in);
/// A hasher that has already taken in the tag twice; copy it, write the message, finish.
[[nodiscard]] Sha256 TaggedHasher(std::string_view tag);

/// Picks the fastest implementation of this machine, checks it against known answers and returns its name
/// ("sha-ni", "avx2", "generic"). Called implicitly by first use; call at start to log the name.
[[nodiscard]] std::string_view Sha256Implementation();
/// Runs the known answers through every implementation this machine has; false on any difference.
[[nodiscard]] bool Sha256SelfTest();

} // namespace emc::crypto
