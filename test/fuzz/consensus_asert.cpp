// ASERT: always a usable target within the limit, never lower for more time.
#include "base/check.h"
#include "codec/reader.h"
#include "consensus/asert.h"
#include "consensus/target.h"

#include <algorithm>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    codec::Reader in({data, size});
    const auto kind = (in.U8() & 1) != 0 ? consensus::Kind::Pos : consensus::Kind::Pow;
    const int64_t seconds = in.U32();
    const int64_t blocks = in.U32() >> 1;
    const int64_t later = seconds + in.U16();
    const auto curve = consensus::CurveOf(consensus::MainParams(), kind);
    const auto first = consensus::TargetOf(consensus::AsertBits(curve, seconds, blocks));
    const auto second = consensus::TargetOf(consensus::AsertBits(curve, later, blocks));
    EMC_CHECK(first && second);
    EMC_CHECK(*first <= *second);
    EMC_CHECK(*second <= *consensus::TargetOf(curve.limit_bits));
    const auto fewer = consensus::TargetOf(consensus::AsertBits(curve, seconds, blocks + 1));
    EMC_CHECK(fewer && *fewer <= *first);
    return 0;
}
