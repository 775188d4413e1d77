/// Call-minute rewards in transactions and blocks (rules R-*, doc/call-reward.md).
#pragma once

#include "consensus/rule.h"
#include "primitives/coin.h"
#include "reward/claim.h"

#include <span>

namespace emc::consensus {

struct ConnectContext;

/// Connecting a block whose parent has this median time takes watermarks away that ended before the result.
[[nodiscard]] constexpr int64_t WatermarkHorizon(int64_t parent_mtp)
{
    return parent_mtp - reward::MAX_PERIOD_AGE_SEC;
}

/// A reward failure as the rule it breaks.
[[nodiscard]] base::Unexpected<RuleResult> BrokenReward(reward::RewardError error);
/// A transaction of the reward version against the state (R-01 … R-13, signatures apart). `spent`: coins by
/// input.
[[nodiscard]] base::Expected<reward::UncheckedReward, RuleResult>
CheckRewardSpend(const primitives::Transaction& tx, std::span<const primitives::Coin> spent,
                 const ConnectContext& context);
/// What the rewards of a block and its time change.
[[nodiscard]] std::vector<reward::WatermarkDelta> WatermarkChanges(const reward::BlockRewards& rewards,
                                                                   const ConnectContext& context);

} // namespace emc::consensus
