/// The implementations of SHA-256 side by side; for sha256.cpp, tests and benchmarks.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

/// The round constants (FIPS 180-4 section 4.2.2).
extern const std::array<uint32_t, 64> SHA256_ROUND_CONSTANTS;
/// Round constants plus message schedule of the block that pads a message of 64 bytes.
extern const std::array<uint32_t, 64> SHA256_PADDING_ROUNDS;
/// The state before the first block (FIPS 180-4 section 5.3.3).
inline constexpr std::array<uint32_t, 8> SHA256_START = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

struct Sha256Backend {
    std::string_view name;
    /// Takes `count` blocks of 64 bytes into the state of eight words.
    void (*blocks)(uint32_t* state, const uint8_t* in, size_t count);
    /// As Sha256dPairs.
    void (*pairs)(uint8_t* out, const uint8_t* in, size_t count);
};

/// What this machine can run, fastest first; the last one is always "generic".
[[nodiscard]] std::span<const Sha256Backend> Sha256Backends();
/// Known answers through one implementation.
[[nodiscard]] bool Sha256BackendWorks(const Sha256Backend& backend);

void Sha256BlocksGeneric(uint32_t* state, const uint8_t* in, size_t count);
void Sha256dPairsGeneric(uint8_t* out, const uint8_t* in, size_t count);
#if defined(__x86_64__)
/// These two need the SHA, SSSE3 and SSE4.1 instructions.
void Sha256BlocksShaNi(uint32_t* state, const uint8_t* in, size_t count);
void Sha256dPairsShaNi(uint8_t* out, const uint8_t* in, size_t count);
/// Needs AVX2. Eight pairs at a time, the rest by Sha256dPairsGeneric.
void Sha256dPairsAvx2(uint8_t* out, const uint8_t* in, size_t count);
#endif

} // namespace emc::crypto
