#include "crypto/sha256_impl.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define EMC_SHA_NI __attribute__((target("sha,ssse3,sse4.1")))
#define EMC_SHA_NI_INLINE inline __attribute__((always_inline, target("sha,ssse3,sse4.1")))

namespace emc::crypto {

namespace {

/// One hash under way. The instructions want the variables a … h in this order, highest lane first.
struct Stream {
    __m128i abef;
    __m128i cdgh;
    __m128i words[4]; ///< sixteen message words, the next four to use first (round after round)
};

EMC_SHA_NI_INLINE __m128i Load(const void* from)
{
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

EMC_SHA_NI_INLINE void Store(void* to, __m128i value)
{
    _mm_storeu_si128(static_cast<__m128i*>(to), value);
}

/// Turns four big-endian words into numbers and back.
EMC_SHA_NI_INLINE __m128i SwapBytes(__m128i value)
{
    return _mm_shuffle_epi8(value, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

EMC_SHA_NI_INLINE void LoadState(Stream& stream, const uint32_t* state)
{
    const __m128i badc = _mm_shuffle_epi32(Load(state), 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(Load(state + 4), 0x1b);
    stream.abef = _mm_alignr_epi8(badc, efgh, 8);
    stream.cdgh = _mm_blend_epi16(efgh, badc, 0xf0);
}

/// The state as two vectors of four words in natural order.
EMC_SHA_NI_INLINE void UnpackState(const Stream& stream, __m128i& low, __m128i& high)
{
    const __m128i feba = _mm_shuffle_epi32(stream.abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(stream.cdgh, 0xb1);
    low = _mm_blend_epi16(feba, dchg, 0xf0);
    high = _mm_alignr_epi8(dchg, feba, 8);
}

EMC_SHA_NI_INLINE void LoadWords(Stream& stream, const uint8_t* in)
{
    stream.words[0] = SwapBytes(Load(in));
    stream.words[1] = SwapBytes(Load(in + 16));
    stream.words[2] = SwapBytes(Load(in + 32));
    stream.words[3] = SwapBytes(Load(in + 48));
}

EMC_SHA_NI_INLINE void FourRounds(Stream& stream, __m128i words_and_constants)
{
    stream.cdgh = _mm_sha256rnds2_epu32(stream.cdgh, stream.abef, words_and_constants);
    stream.abef =
        _mm_sha256rnds2_epu32(stream.abef, stream.cdgh, _mm_shuffle_epi32(words_and_constants, 0x0e));
}

/// Rounds 4·STEP … 4·STEP + 3, and the message words that are due sixteen rounds later.
template <size_t STEP>
EMC_SHA_NI_INLINE void MessageStep(Stream& stream)
{
    __m128i& now = stream.words[STEP % 4];
    FourRounds(stream, _mm_add_epi32(now, Load(&SHA256_ROUND_CONSTANTS[4 * STEP])));
    if constexpr (STEP < 12) {
        const __m128i last = stream.words[(STEP + 3) % 4];
        const __m128i shifted = _mm_alignr_epi8(last, stream.words[(STEP + 2) % 4], 4);
        now = _mm_sha256msg2_epu32(
            _mm_add_epi32(_mm_sha256msg1_epu32(now, stream.words[(STEP + 1) % 4]), shifted), last);
    }
}

/// All rounds over the message words, the streams taking turns so that one computes while the other waits.
template <size_t STEP, typename... Streams>
EMC_SHA_NI_INLINE void MessageRounds(Streams&... streams)
{
    (MessageStep<STEP>(streams), ...);
    if constexpr (STEP < 15) MessageRounds<STEP + 1>(streams...);
}

template <size_t STEP, typename... Streams>
EMC_SHA_NI_INLINE void PaddingRounds(Streams&... streams)
{
    (FourRounds(streams, Load(&SHA256_PADDING_ROUNDS[4 * STEP])), ...);
    if constexpr (STEP < 15) PaddingRounds<STEP + 1>(streams...);
}

EMC_SHA_NI_INLINE void AddState(Stream& stream, const Stream& before)
{
    stream.abef = _mm_add_epi32(stream.abef, before.abef);
    stream.cdgh = _mm_add_epi32(stream.cdgh, before.cdgh);
}

/// Makes the digest of a stream the padded message of the same stream started anew.
EMC_SHA_NI_INLINE void FeedDigest(Stream& stream)
{
    UnpackState(stream, stream.words[0], stream.words[1]);
    stream.words[2] = _mm_set_epi32(0, 0, 0, static_cast<int>(0x80000000));
    stream.words[3] = _mm_set_epi32(256, 0, 0, 0);
    LoadState(stream, SHA256_START.data());
}

EMC_SHA_NI_INLINE void StoreDigest(const Stream& stream, uint8_t* out)
{
    __m128i low;
    __m128i high;
    UnpackState(stream, low, high);
    Store(out, SwapBytes(low));
    Store(out + 16, SwapBytes(high));
}

EMC_SHA_NI void OnePair(uint8_t* out, const uint8_t* in)
{
    Stream a;
    LoadState(a, SHA256_START.data());
    Stream before = a;
    LoadWords(a, in);
    MessageRounds<0>(a);
    AddState(a, before);
    before = a;
    PaddingRounds<0>(a);
    AddState(a, before);
    FeedDigest(a);
    before = a;
    MessageRounds<0>(a);
    AddState(a, before);
    StoreDigest(a, out);
}

EMC_SHA_NI void TwoPairs(uint8_t* out, const uint8_t* in)
{
    Stream a;
    Stream b;
    LoadState(a, SHA256_START.data());
    LoadState(b, SHA256_START.data());
    Stream before_a = a;
    Stream before_b = b;
    LoadWords(a, in);
    LoadWords(b, in + 64);
    MessageRounds<0>(a, b);
    AddState(a, before_a);
    AddState(b, before_b);
    before_a = a;
    before_b = b;
    PaddingRounds<0>(a, b);
    AddState(a, before_a);
    AddState(b, before_b);
    FeedDigest(a);
    FeedDigest(b);
    before_a = a;
    MessageRounds<0>(a, b);
    AddState(a, before_a);
    AddState(b, before_a);
    StoreDigest(a, out);
    StoreDigest(b, out + 32);
}

} // namespace

EMC_SHA_NI void Sha256BlocksShaNi(uint32_t* state, const uint8_t* in, size_t count)
{
    Stream stream;
    LoadState(stream, state);
    for (; count > 0; --count, in += 64) {
        const Stream before = stream;
        LoadWords(stream, in);
        MessageRounds<0>(stream);
        AddState(stream, before);
    }
    __m128i low;
    __m128i high;
    UnpackState(stream, low, high);
    Store(state, low);
    Store(state + 4, high);
}

EMC_SHA_NI void Sha256dPairsShaNi(uint8_t* out, const uint8_t* in, size_t count)
{
    for (; count >= 2; count -= 2, in += 128, out += 64)
        TwoPairs(out, in);
    if (count == 1) OnePair(out, in);
}

} // namespace emc::crypto

#endif
