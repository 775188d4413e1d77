#include "crypto/sha256_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define EMC_AVX2 __attribute__((target("avx2")))
#define EMC_AVX2_INLINE inline __attribute__((always_inline, target("avx2")))

namespace emc::crypto {

namespace {

/// Eight hashes side by side: lane i of every vector belongs to message i.
struct Lanes {
    __m256i place[8];
};

struct LaneWords {
    __m256i word[16];
};

EMC_AVX2_INLINE __m256i Add(__m256i a, __m256i b)
{
    return _mm256_add_epi32(a, b);
}

EMC_AVX2_INLINE __m256i Xor(__m256i a, __m256i b)
{
    return _mm256_xor_si256(a, b);
}

EMC_AVX2_INLINE __m256i And(__m256i a, __m256i b)
{
    return _mm256_and_si256(a, b);
}

EMC_AVX2_INLINE __m256i Same(uint32_t value)
{
    return _mm256_set1_epi32(static_cast<int>(value));
}

template <int BITS>
EMC_AVX2_INLINE __m256i Rotate(__m256i x)
{
    return _mm256_or_si256(_mm256_srli_epi32(x, BITS), _mm256_slli_epi32(x, 32 - BITS));
}

template <int A, int B, int C>
EMC_AVX2_INLINE __m256i BigSigma(__m256i x)
{
    return Xor(Rotate<A>(x), Xor(Rotate<B>(x), Rotate<C>(x)));
}

template <int A, int B, int SHIFT>
EMC_AVX2_INLINE __m256i SmallSigma(__m256i x)
{
    return Xor(Rotate<A>(x), Xor(Rotate<B>(x), _mm256_srli_epi32(x, SHIFT)));
}

template <size_t ROUND>
EMC_AVX2_INLINE void OneRound(Lanes& lanes, __m256i word_and_constant)
{
    // Instead of moving the variables, each round shifts the meaning of the places by one.
    constexpr auto AT = [](size_t variable) { return (variable + 64 - ROUND) % 8; };
    const __m256i a = lanes.place[AT(0)];
    const __m256i b = lanes.place[AT(1)];
    const __m256i e = lanes.place[AT(4)];
    const __m256i f = lanes.place[AT(5)];
    const __m256i g = lanes.place[AT(6)];
    const __m256i choice = Xor(g, And(e, Xor(f, g)));
    const __m256i majority = Xor(b, And(Xor(a, b), Xor(b, lanes.place[AT(2)])));
    const __m256i first =
        Add(Add(lanes.place[AT(7)], word_and_constant), Add(BigSigma<6, 11, 25>(e), choice));
    lanes.place[AT(3)] = Add(lanes.place[AT(3)], first);
    lanes.place[AT(7)] = Add(first, Add(BigSigma<2, 13, 22>(a), majority));
}

template <size_t ROUND>
EMC_AVX2_INLINE void MessageRounds(Lanes& lanes, LaneWords& words)
{
    __m256i& now = words.word[ROUND % 16];
    if constexpr (ROUND >= 16) {
        const __m256i sum =
            Add(SmallSigma<17, 19, 10>(words.word[(ROUND + 14) % 16]), words.word[(ROUND + 9) % 16]);
        now = Add(now, Add(sum, SmallSigma<7, 18, 3>(words.word[(ROUND + 1) % 16])));
    }
    OneRound<ROUND>(lanes, Add(now, Same(SHA256_ROUND_CONSTANTS[ROUND])));
    if constexpr (ROUND < 63) MessageRounds<ROUND + 1>(lanes, words);
}

template <size_t ROUND>
EMC_AVX2_INLINE void PaddingRounds(Lanes& lanes)
{
    OneRound<ROUND>(lanes, Same(SHA256_PADDING_ROUNDS[ROUND]));
    if constexpr (ROUND < 63) PaddingRounds<ROUND + 1>(lanes);
}

EMC_AVX2_INLINE void AddLanes(Lanes& lanes, const Lanes& before)
{
    for (size_t i = 0; i < 8; ++i)
        lanes.place[i] = Add(lanes.place[i], before.place[i]);
}

/// Swaps rows and columns of an 8 × 8 square of words.
EMC_AVX2_INLINE void Transpose(__m256i* row)
{
    __m256i pair[8];
    for (size_t i = 0; i < 8; i += 2) {
        pair[i] = _mm256_unpacklo_epi32(row[i], row[i + 1]);
        pair[i + 1] = _mm256_unpackhi_epi32(row[i], row[i + 1]);
    }
    __m256i four[8];
    for (size_t i = 0; i < 8; i += 4) {
        four[i] = _mm256_unpacklo_epi64(pair[i], pair[i + 2]);
        four[i + 1] = _mm256_unpackhi_epi64(pair[i], pair[i + 2]);
        four[i + 2] = _mm256_unpacklo_epi64(pair[i + 1], pair[i + 3]);
        four[i + 3] = _mm256_unpackhi_epi64(pair[i + 1], pair[i + 3]);
    }
    for (size_t i = 0; i < 4; ++i) {
        row[i] = _mm256_permute2x128_si256(four[i], four[i + 4], 0x20);
        row[i + 4] = _mm256_permute2x128_si256(four[i], four[i + 4], 0x31);
    }
}

EMC_AVX2_INLINE __m256i SwapBytes(__m256i value)
{
    return _mm256_shuffle_epi8(value, _mm256_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203,
                                                        0x0c0d0e0f08090a0b, 0x0405060700010203));
}

EMC_AVX2_INLINE Lanes StartLanes()
{
    Lanes out;
    for (size_t i = 0; i < 8; ++i)
        out.place[i] = Same(SHA256_START[i]);
    return out;
}

EMC_AVX2 void EightPairs(uint8_t* out, const uint8_t* in)
{
    LaneWords words;
    for (size_t half = 0; half < 2; ++half) {
        __m256i* rows = words.word + 8 * half;
        for (size_t i = 0; i < 8; ++i) {
            rows[i] =
                SwapBytes(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + 64 * i + 32 * half)));
        }
        Transpose(rows);
    }
    Lanes lanes = StartLanes();
    MessageRounds<0>(lanes, words);
    AddLanes(lanes, StartLanes());
    const Lanes before = lanes;
    PaddingRounds<0>(lanes);
    AddLanes(lanes, before);

    for (size_t i = 0; i < 8; ++i)
        words.word[i] = lanes.place[i];
    words.word[8] = Same(0x80000000);
    for (size_t i = 9; i < 15; ++i)
        words.word[i] = _mm256_setzero_si256();
    words.word[15] = Same(256);
    lanes = StartLanes();
    MessageRounds<0>(lanes, words);
    AddLanes(lanes, StartLanes());
    Transpose(lanes.place);
    for (size_t i = 0; i < 8; ++i) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * i), SwapBytes(lanes.place[i]));
    }
}

} // namespace

EMC_AVX2 void Sha256dPairsAvx2(uint8_t* out, const uint8_t* in, size_t count)
{
    for (; count >= 8; count -= 8, in += 512, out += 256)
        EightPairs(out, in);
    Sha256dPairsGeneric(out, in, count);
}

} // namespace emc::crypto

#endif
