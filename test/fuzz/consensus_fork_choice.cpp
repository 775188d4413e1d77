// Fork choice: any chain of blocks keeps the laws of its state.
#include "base/check.h"
#include "codec/reader.h"
#include "consensus/fork_choice.h"

using namespace emc;
using consensus::ForkState;
using consensus::Kind;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    codec::Reader in({data, size});
    consensus::Params params = consensus::MainParams();
    params.fork_choice_base = in.U8() % 8;
    ForkState state = ForkState::Genesis(params);
    for (int i = 0; i < 200 && in.Remaining() >= 9; ++i) {
        const Kind kind = (in.U8() & 1) != 0 ? Kind::Pos : Kind::Pow;
        const uint32_t bits = in.U32();
        const int64_t time = in.U32();
        const auto target = consensus::TargetOf(bits);
        if (!target) continue;
        const ForkState next = state.Next(params, kind, bits, time);
        EMC_CHECK(next.time >= state.time && next.time >= 0);
        EMC_CHECK(!next.pow_rate.IsZero() && !next.pos_rate.IsZero());
        EMC_CHECK(next.trust >= state.trust && next.pow_work >= state.pow_work);
        EMC_CHECK(!state.BetterThan(next));
        const bool full = next.trust == base::U256::Max() || next.pow_work == base::U256::Max();
        EMC_CHECK(full || next.BetterThan(state));
        EMC_CHECK(next == state.Next(params, kind, bits, time));
        state = next;
    }
    return 0;
}
