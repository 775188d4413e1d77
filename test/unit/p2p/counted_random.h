// Random bytes, always the same ones, and how often somebody asked for them.
#pragma once

#include "crypto/random.h"

namespace emc::test {

class CountedRandom final : public base::RandomSource
{
public:
    void Fill(std::span<uint8_t> out) override
    {
        ++draws;
        m_random.Fill(out);
    }

    size_t draws = 0;

private:
    crypto::TestRandom m_random{1};
};

} // namespace emc::test
