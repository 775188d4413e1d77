#include "crypto/sha256_impl.h"

#include <algorithm>
#include <bit>

namespace emc::crypto {

constexpr std::array<uint32_t, 64> SHA256_ROUND_CONSTANTS = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

namespace {

using Words = std::array<uint32_t, 16>;

constexpr uint32_t SmallSigma0(uint32_t x)
{
    return std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3);
}

constexpr uint32_t SmallSigma1(uint32_t x)
{
    return std::rotr(x, 17) ^ std::rotr(x, 19) ^ (x >> 10);
}

constexpr uint32_t BigSigma0(uint32_t x)
{
    return std::rotr(x, 2) ^ std::rotr(x, 13) ^ std::rotr(x, 22);
}

constexpr uint32_t BigSigma1(uint32_t x)
{
    return std::rotr(x, 6) ^ std::rotr(x, 11) ^ std::rotr(x, 25);
}

uint32_t LoadBig(const uint8_t* in)
{
    return uint32_t{in[0]} << 24 | uint32_t{in[1]} << 16 | uint32_t{in[2]} << 8 | in[3];
}

void StoreBig(uint8_t* out, uint32_t word)
{
    for (int i = 0; i < 4; ++i)
        out[i] = static_cast<uint8_t>(word >> (24 - 8 * i));
}

/// The working variables a … h.
using Working = std::array<uint32_t, 8>;

/// One round. Instead of moving the variables, each round shifts the meaning of the places by one.
template <size_t ROUND>
__attribute__((always_inline)) inline void OneRound(Working& place, uint32_t word_and_constant)
{
    constexpr auto AT = [](size_t variable) { return (variable + 64 - ROUND) % 8; };
    const uint32_t a = place[AT(0)];
    const uint32_t b = place[AT(1)];
    const uint32_t e = place[AT(4)];
    const uint32_t choice = place[AT(6)] ^ (e & (place[AT(5)] ^ place[AT(6)]));
    const uint32_t majority = (a & b) | (place[AT(2)] & (a | b));
    const uint32_t first = place[AT(7)] + BigSigma1(e) + choice + word_and_constant;
    place[AT(3)] += first;
    place[AT(7)] = first + BigSigma0(a) + majority;
}

template <size_t ROUND>
__attribute__((always_inline)) inline void MessageRounds(Working& working, Words& words)
{
    uint32_t& now = words[ROUND % 16];
    if constexpr (ROUND >= 16) {
        now += SmallSigma1(words[(ROUND + 14) % 16]) + words[(ROUND + 9) % 16] +
               SmallSigma0(words[(ROUND + 1) % 16]);
    }
    OneRound<ROUND>(working, now + SHA256_ROUND_CONSTANTS[ROUND]);
    if constexpr (ROUND < 63) MessageRounds<ROUND + 1>(working, words);
}

template <size_t ROUND>
__attribute__((always_inline)) inline void PaddingRounds(Working& working)
{
    OneRound<ROUND>(working, SHA256_PADDING_ROUNDS[ROUND]);
    if constexpr (ROUND < 63) PaddingRounds<ROUND + 1>(working);
}

void AddState(uint32_t* state, const Working& working)
{
    for (size_t i = 0; i < 8; ++i)
        state[i] += working[i];
}

void Compress(uint32_t* state, Words words)
{
    Working working{};
    std::copy_n(state, 8, working.begin());
    MessageRounds<0>(working, words);
    AddState(state, working);
}

void CompressPadding(uint32_t* state)
{
    Working working{};
    std::copy_n(state, 8, working.begin());
    PaddingRounds<0>(working);
    AddState(state, working);
}

Words LoadBlock(const uint8_t* in)
{
    Words words{};
    for (size_t i = 0; i < 16; ++i)
        words[i] = LoadBig(in + 4 * i);
    return words;
}

constexpr std::array<uint32_t, 64> MakePaddingRounds()
{
    std::array<uint32_t, 64> words{};
    words[0] = 0x80000000;
    words[15] = 512;
    for (size_t i = 16; i < 64; ++i) {
        words[i] = words[i - 16] + SmallSigma0(words[i - 15]) + words[i - 7] + SmallSigma1(words[i - 2]);
    }
    for (size_t i = 0; i < 64; ++i)
        words[i] += SHA256_ROUND_CONSTANTS[i];
    return words;
}

} // namespace

constexpr std::array<uint32_t, 64> SHA256_PADDING_ROUNDS = MakePaddingRounds();

void Sha256BlocksGeneric(uint32_t* state, const uint8_t* in, size_t count)
{
    for (; count > 0; --count, in += 64)
        Compress(state, LoadBlock(in));
}

void Sha256dPairsGeneric(uint8_t* out, const uint8_t* in, size_t count)
{
    for (; count > 0; --count, in += 64, out += 32) {
        std::array<uint32_t, 8> inner = SHA256_START;
        Compress(inner.data(), LoadBlock(in));
        CompressPadding(inner.data());
        Words second{};
        std::copy(inner.begin(), inner.end(), second.begin());
        second[8] = 0x80000000;
        second[15] = 256;
        std::array<uint32_t, 8> outer = SHA256_START;
        Compress(outer.data(), second);
        for (size_t i = 0; i < 8; ++i)
            StoreBig(out + 4 * i, outer[i]);
    }
}

} // namespace emc::crypto
