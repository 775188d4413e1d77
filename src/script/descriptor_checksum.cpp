// The checksum of descriptors (BIP 380): a BCH code over 40 bits that finds up to four wrong characters.
#include "script/descriptor.h"

namespace emc::script {

namespace {

// Position 0–95: group (high bits) and place in the group (low five bits).
constexpr std::string_view INPUT = "0123456789()[],'/*abcdefgh@:$%{}"
                                   "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
                                   "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
constexpr std::string_view OUTPUT = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::array<uint64_t, 5> GENERATOR = {0xf5dee51989, 0xa9fdca3312, 0x1bab10e32d, 0x3706b1677a,
                                               0x644d626ffd};
constexpr int SYMBOLS = 8;

uint64_t Feed(uint64_t state, uint64_t symbol)
{
    const uint64_t top = state >> 35;
    state = ((state & 0x7ffffffff) << 5) ^ symbol;
    for (size_t i = 0; i < GENERATOR.size(); ++i) {
        if (((top >> i) & 1) != 0) state ^= GENERATOR[i];
    }
    return state;
}

} // namespace

std::optional<std::string> DescriptorChecksum(std::string_view text)
{
    uint64_t state = 1;
    uint64_t groups = 0;
    int collected = 0;
    for (const char c : text) {
        const size_t position = INPUT.find(c);
        if (position == std::string_view::npos) return std::nullopt;
        state = Feed(state, position & 31);
        // The groups of three characters make one more symbol.
        groups = groups * 3 + (position >> 5);
        if (++collected == 3) {
            state = Feed(state, groups);
            groups = 0;
            collected = 0;
        }
    }
    if (collected > 0) state = Feed(state, groups);
    for (int i = 0; i < SYMBOLS; ++i)
        state = Feed(state, 0);
    state ^= 1;
    std::string out;
    for (int i = 0; i < SYMBOLS; ++i)
        out += OUTPUT[(state >> (5 * (SYMBOLS - 1 - i))) & 31];
    return out;
}

} // namespace emc::script
