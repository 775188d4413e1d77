// Compact targets: decoding any bits, encoding any number.
#include "base/check.h"
#include "consensus/target.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size >= 4) {
        uint32_t bits = 0;
        std::memcpy(&bits, data, sizeof(bits));
        if (const auto target = consensus::TargetOf(bits)) {
            EMC_CHECK(consensus::TargetOf(consensus::EncodeCompact(*target)) == target);
            EMC_CHECK(!consensus::WorkOf(*target).IsZero());
        }
    }
    if (size >= 32) {
        const auto value = base::U256::FromHash(*base::Hash256::From({data, 32}));
        const auto decoded = consensus::DecodeCompact(consensus::EncodeCompact(value));
        EMC_CHECK(!decoded.negative && !decoded.overflow && decoded.target <= value);
        EMC_CHECK(decoded.target.IsZero() == value.IsZero());
        EMC_CHECK(!consensus::WorkOf(value).IsZero());
    }
    return 0;
}
