#include "crypto/hash.h"

#include <bit>

namespace emc::crypto {

namespace {

struct SipState {
    uint64_t v0;
    uint64_t v1;
    uint64_t v2;
    uint64_t v3;

    SipState(uint64_t k0, uint64_t k1)
        : v0(k0 ^ 0x736f6d6570736575), v1(k1 ^ 0x646f72616e646f6d), v2(k0 ^ 0x6c7967656e657261),
          v3(k1 ^ 0x7465646279746573)
    {}

    __attribute__((always_inline)) void Round()
    {
        v0 += v1;
        v2 += v3;
        v1 = std::rotl(v1, 13) ^ v0;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 = std::rotl(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = std::rotl(v1, 17) ^ v2;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 = std::rotl(v2, 32);
    }

    __attribute__((always_inline)) void Word(uint64_t word)
    {
        v3 ^= word;
        Round();
        Round();
        v0 ^= word;
    }
};

uint64_t LoadLittle(base::ByteSpan in)
{
    uint64_t out = 0;
    for (size_t i = 0; i < in.size(); ++i)
        out |= uint64_t{in[i]} << (8 * i);
    return out;
}

} // namespace

uint64_t SipHash24(uint64_t k0, uint64_t k1, base::ByteSpan in)
{
    SipState state(k0, k1);
    const uint64_t length = in.size();
    for (; in.size() >= 8; in = in.subspan(8))
        state.Word(LoadLittle(in.first<8>()));
    state.Word(length << 56 | LoadLittle(in));
    state.v2 ^= 0xff;
    for (int i = 0; i < 4; ++i)
        state.Round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

} // namespace emc::crypto
