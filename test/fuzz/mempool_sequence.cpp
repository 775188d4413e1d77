// Payments, name operations, blocks, reorganisations and time chosen by the input: pool and choice for blocks
// must be what a naive pool says.
#include "unit/mempool/sequence.h"

#include <algorithm>

namespace {

using namespace emc;

/// The input as a source of numbers, one byte each; zeros when it is used up.
class Choices final : public base::RandomSource
{
public:
    Choices(const uint8_t* data, size_t size) : m_rest(data, size) {}

    void Fill(std::span<uint8_t> out) override
    {
        std::fill(out.begin(), out.end(), uint8_t{0});
        if (m_rest.empty()) return;
        out.back() = m_rest.front(); // of Next64's result either the low or the high byte
        out.front() = m_rest.front();
        m_rest = m_rest.subspan(1);
    }

    [[nodiscard]] bool Empty() const { return m_rest.empty(); }

private:
    std::span<const uint8_t> m_rest;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 1) return 0;
    mempool::PoolOptions options;
    options.require_standard = false;
    options.expiry_sec = 5'000;
    options.max_usage_bytes = size_t{10'000} * (1 + data[0] % 8);
    if (data[0] >= 128) options.limits = {4, 1'500, 5, 2'000};
    test::PoolSequence sequence(options);
    Choices choices(data + 1, std::min<size_t>(size - 1, 4'000));
    while (!choices.Empty())
        sequence.Step(choices);
    sequence.Compare();
    return 0;
}
