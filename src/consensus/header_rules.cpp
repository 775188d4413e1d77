#include "consensus/header_rules.h"

#include "base/log.h"
#include "consensus/auxpow.h"
#include "consensus/target.h"

#include <limits>

namespace emc::consensus {

namespace {

/// The header's target when it is usable and within its kind's limit. Rule H-03.
bool TargetInRange(uint32_t bits, uint32_t limit_bits)
{
    const auto target = TargetOf(bits);
    const auto limit = TargetOf(limit_bits);
    return target && limit && *target <= *limit;
}

/// BIPs 34, 66 and 65 each raised the lowest version.
int32_t LowestVersion(const Activation& active, int32_t height)
{
    if (height >= active.bip65) return 4;
    if (height >= active.bip66) return 3;
    if (height >= active.bip34) return 2;
    return std::numeric_limits<int32_t>::min();
}

Verdict CheckTimes(const primitives::BlockHeader& header, const HeaderContext& context)
{
    const int64_t time = header.time;
    if (time <= context.parent_mtp) {
        return Broken(Rule::HeaderTimeOld,
                      base::Format("time %lld, median %lld", static_cast<long long>(time),
                                   static_cast<long long>(context.parent_mtp)));
    }
    const bool stake = header.IsProofOfStake();
    if (stake && context.last_pos_time && time <= *context.last_pos_time) return Broken(Rule::StakeTimeOrder);
    const int64_t ahead = stake ? POS_FUTURE_SEC : context.params->pow_future_sec;
    if (time > context.clock_sec + ahead) {
        return Broken(Rule::HeaderTimeNew, base::Format("time %lld, clock %lld", static_cast<long long>(time),
                                                        static_cast<long long>(context.clock_sec)));
    }
    return {};
}

} // namespace

bool MeetsWork(const Hash256& hash, uint32_t bits, const Params& params)
{
    if (!TargetInRange(bits, params.pow_limit_bits)) return false;
    return U256::FromHash(hash) <= *TargetOf(bits);
}

Verdict CheckHeader(const primitives::BlockHeader& header, const Params& params)
{
    const bool stake = header.IsProofOfStake();
    if (stake && header.IsAuxPow()) return Broken(Rule::HeaderKinds);
    if (!TargetInRange(header.bits, stake ? params.pos_limit_bits : params.pow_limit_bits)) {
        return Broken(Rule::HeaderTarget);
    }
    if (stake) {
        if (header.nonce != 0) return Broken(Rule::StakeNonce);
        if (header.time % POS_TIME_GRID_SEC != 0) return Broken(Rule::StakeTimeGrid);
        return {};
    }
    if (header.IsAuxPow()) return CheckAuxPow(header, params);
    if (!MeetsWork(header.Hash(), header.bits, params)) return Broken(Rule::HeaderWork);
    return {};
}

Verdict CheckHeaderContext(const primitives::BlockHeader& header, const HeaderContext& context)
{
    if (header.version < LowestVersion(context.params->activation, context.height)) {
        return Broken(Rule::HeaderVersion, base::Format("0x%08x", static_cast<uint32_t>(header.version)));
    }
    if (header.bits != context.required_bits) {
        return Broken(Rule::HeaderBits,
                      base::Format("has %08x, must have %08x", header.bits, context.required_bits));
    }
    return CheckTimes(header, context);
}

} // namespace emc::consensus
