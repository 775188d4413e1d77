#include "crypto/hash.h"

#include <algorithm>
#include <bit>

namespace emc::crypto {

namespace {

using State = std::array<uint32_t, 5>;
using Words = std::array<uint32_t, 16>;
constexpr size_t BLOCK = 64;

/// What one of the two lines of RIPEMD-160 does in its 80 steps.
struct Line {
    std::array<uint8_t, 80> word;     ///< which message word
    std::array<uint8_t, 80> rotation; ///< by how many bits
    std::array<uint32_t, 5> constant; ///< one for each sixteen steps
};

constexpr Line LEFT = {
    {0,  1, 2,  3,  4, 5,  6,  7,  8, 9, 10, 11, 12, 13, 14, 15, 7, 4,  13, 1, 10, 6, 15, 3,  12, 0, 9,
     5,  2, 14, 11, 8, 3,  10, 14, 4, 9, 15, 8,  1,  2,  7,  0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0, 8,
     12, 4, 13, 3,  7, 15, 14, 5,  6, 2, 4,  0,  5,  9,  7,  12, 2, 10, 14, 1, 3,  8, 11, 6,  15, 13},
    {11, 14, 15, 12, 5,  8,  7,  9, 11, 13, 14, 15, 6,  7,  9, 8,  7,  6,  8,  13, 11, 9,  7,  15, 7,  12, 15,
     9,  11, 7,  13, 12, 11, 13, 6, 7,  14, 9,  13, 15, 14, 8, 13, 6,  5,  12, 7,  5,  11, 12, 14, 15, 14, 15,
     9,  8,  9,  14, 5,  6,  8,  6, 5,  12, 9,  15, 5,  11, 6, 8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6},
    {0x00000000, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e}};

constexpr Line RIGHT = {
    {5,  14, 7, 0,  9, 2,  11, 4, 13, 6,  15, 8,  1,  10, 3, 12, 6, 11, 3, 7, 0,  13, 5, 10, 14, 15, 8,
     12, 4,  9, 1,  2, 15, 5,  1, 3,  7,  14, 6,  9,  11, 8, 12, 2, 10, 0, 4, 13, 8,  6, 4,  1,  3,  11,
     15, 0,  5, 12, 2, 13, 9,  7, 10, 14, 12, 15, 10, 4,  1, 5,  8, 7,  6, 2, 13, 14, 0, 3,  9,  11},
    {8, 9,  9,  11, 13, 15, 15, 5,  7,  7, 8, 11, 14, 14, 12, 6, 9,  13, 15, 7,  12, 8,  9,  11, 7,  7,  12,
     7, 6,  15, 13, 11, 9,  7,  15, 11, 8, 6, 6,  14, 12, 13, 5, 14, 13, 13, 7,  5,  15, 5,  8,  11, 14, 14,
     6, 14, 6,  9,  12, 9,  12, 5,  15, 8, 8, 5,  12, 9,  12, 5, 14, 6,  8,  13, 6,  5,  15, 13, 11, 11},
    {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0x00000000}};

/// The five Boolean functions of the standard.
template <size_t KIND>
constexpr uint32_t Mix(uint32_t x, uint32_t y, uint32_t z)
{
    if constexpr (KIND == 0) return x ^ y ^ z;
    if constexpr (KIND == 1) return z ^ (x & (y ^ z));
    if constexpr (KIND == 2) return (x | ~y) ^ z;
    if constexpr (KIND == 3) return y ^ (z & (x ^ y));
    if constexpr (KIND == 4) return x ^ (y | ~z);
}

/// One step; the variables stay where they are and change their meaning instead.
template <const Line& LINE, size_t KIND, size_t STEP>
__attribute__((always_inline)) inline void Step(State& line, const Words& words)
{
    constexpr auto AT = [](size_t variable) { return (variable + 80 - STEP) % 5; };
    uint32_t& a = line[AT(0)];
    uint32_t& c = line[AT(2)];
    const uint32_t sum =
        a + Mix<KIND>(line[AT(1)], c, line[AT(3)]) + words[LINE.word[STEP]] + LINE.constant[STEP / 16];
    a = std::rotl(sum, LINE.rotation[STEP]) + line[AT(4)];
    c = std::rotl(c, 10);
}

template <size_t STEP>
__attribute__((always_inline)) inline void Steps(State& left, State& right, const Words& words)
{
    Step<LEFT, STEP / 16, STEP>(left, words);
    Step<RIGHT, 4 - STEP / 16, STEP>(right, words);
    if constexpr (STEP < 79) Steps<STEP + 1>(left, right, words);
}

void Compress(State& state, const uint8_t* in)
{
    Words words{};
    for (size_t i = 0; i < BLOCK; ++i)
        words[i / 4] |= uint32_t{in[i]} << (8 * (i % 4));
    State left = state;
    State right = state;
    Steps<0>(left, right, words);
    state = {state[1] + left[2] + right[3], state[2] + left[3] + right[4], state[3] + left[4] + right[0],
             state[4] + left[0] + right[1], state[0] + left[1] + right[2]};
}

} // namespace

base::Hash160 Ripemd160(base::ByteSpan in)
{
    constexpr size_t LENGTH_BYTES = 8;
    const uint64_t bits = uint64_t{in.size()} * 8;
    State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    for (; in.size() >= BLOCK; in = in.subspan(BLOCK))
        Compress(state, in.data());
    // What is left, a one bit, zeros and the length fill one block or two.
    std::array<uint8_t, 2 * BLOCK> tail{};
    std::copy(in.begin(), in.end(), tail.begin());
    tail[in.size()] = 0x80;
    const size_t end = in.size() + 1 + LENGTH_BYTES <= BLOCK ? BLOCK : 2 * BLOCK;
    for (size_t i = 0; i < LENGTH_BYTES; ++i) {
        tail[end - LENGTH_BYTES + i] = static_cast<uint8_t>(bits >> (8 * i));
    }
    for (size_t at = 0; at < end; at += BLOCK)
        Compress(state, tail.data() + at);
    base::Hash160 out;
    for (size_t i = 0; i < base::Hash160::SIZE; ++i) {
        out.bytes[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
    }
    return out;
}

} // namespace emc::crypto
