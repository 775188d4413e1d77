#include "crypto/random.h"

#include "base/check.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>

namespace emc::crypto {

void SystemRandom::Fill(std::span<uint8_t> out)
{
    constexpr size_t MOST_AT_ONCE = size_t{1} << 20;
    while (!out.empty()) {
        const size_t part = std::min(out.size(), MOST_AT_ONCE);
        EMC_CHECK(RAND_bytes(out.data(), static_cast<int>(part)) == 1);
        out = out.subspan(part);
    }
}

void TestRandom::Fill(std::span<uint8_t> out)
{
    // SplitMix64: a counter with an odd step, its bits mixed by two multiplications.
    uint64_t word = 0;
    for (size_t i = 0; i < out.size(); ++i) {
        if (i % sizeof(word) == 0) {
            m_state += 0x9e3779b97f4a7c15;
            word = m_state;
            word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
            word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
            word ^= word >> 31;
        }
        out[i] = static_cast<uint8_t>(word >> (8 * (i % sizeof(word))));
    }
}

void Wipe(std::span<uint8_t> secret)
{
    OPENSSL_cleanse(secret.data(), secret.size());
}

} // namespace emc::crypto
