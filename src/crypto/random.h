/// Randomness fit for keys.
#pragma once

#include "base/random.h"

namespace emc::crypto {

/// OpenSSL's generator, seeded by the system. Aborts when the system gives no randomness. Any thread.
class SystemRandom final : public base::RandomSource
{
public:
    void Fill(std::span<uint8_t> out) override;
};

/// Fast deterministic generator from a seed, for tests and load generators; never for keys. One thread.
class TestRandom final : public base::RandomSource
{
public:
    explicit TestRandom(uint64_t seed) : m_state(seed) {}

    void Fill(std::span<uint8_t> out) override;

private:
    uint64_t m_state;
};

/// Overwrites memory in a way the compiler keeps.
void Wipe(std::span<uint8_t> secret);

} // namespace emc::crypto
