/// Randomness as a thing that is passed in.
#pragma once

#include "base/bytes.h"

namespace emc::base {

/// Source of random bytes. Implementations say whether they are fit for keys (crypto/random.h is). Any
/// thread.
class RandomSource
{
public:
    virtual ~RandomSource() = default;
    virtual void Fill(std::span<uint8_t> out) = 0;

    [[nodiscard]] uint64_t Next64()
    {
        std::array<uint8_t, 8> buffer{};
        Fill(buffer);
        uint64_t out = 0;
        std::memcpy(&out, buffer.data(), sizeof(out));
        return out;
    }

    /// Uniform in [0, bound); bound > 0.
    [[nodiscard]] uint64_t Below(uint64_t bound)
    {
        const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
        uint64_t value = Next64();
        while (value >= limit)
            value = Next64();
        return value % bound;
    }
};

} // namespace emc::base
