#include "consensus/reward_rules.h"

#include "consensus/connect.h"
#include "consensus/stake.h"

#include <algorithm>

namespace emc::consensus {

base::Unexpected<RuleResult> BrokenReward(reward::RewardError error)
{
    return Broken(RuleOf(error));
}

base::Expected<reward::UncheckedReward, RuleResult>
CheckRewardSpend(const Transaction& tx, std::span<const Coin> spent, const ConnectContext& context)
{
    std::vector<reward::SpentValue> values;
    values.reserve(spent.size());
    for (const Coin& coin : spent) {
        const int64_t age = CoinAge(MedianTimeBefore(*context.times, coin.height), context.parent_mtp);
        values.push_back({coin.out.value, age, coin.out.script_pubkey});
    }
    const reward::RewardContext at{.height = context.height,
                                   .mtp = context.parent_mtp,
                                   .genesis = &context.params->genesis_hash,
                                   .names = context.names,
                                   .watermarks = context.watermarks};
    auto claimed = reward::CheckRewardClaim(tx, values, at);
    if (!claimed) return BrokenReward(claimed.Error());
    return std::move(*claimed);
}

std::vector<reward::WatermarkDelta> WatermarkChanges(const reward::BlockRewards& rewards,
                                                     const ConnectContext& context)
{
    std::vector<reward::WatermarkDelta> out;
    for (const auto& [pair, end] : context.ended->EndedBefore(WatermarkHorizon(context.parent_mtp)))
        out.push_back({pair, end, std::nullopt});
    const size_t old = out.size();
    for (const reward::Reward& made : rewards.All()) {
        const auto& [pair, end] = made.watermark;
        const auto ended = std::find_if(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(old),
                                        [&wanted = pair](const auto& delta) { return delta.pair == wanted; });
        if (ended != out.begin() + static_cast<std::ptrdiff_t>(old)) {
            ended->after = end;
        } else {
            out.push_back({pair, context.watermarks->EndOf(pair), end});
        }
    }
    return out;
}

} // namespace emc::consensus
