/// The rules of reward transactions (rule ids R-*, doc/consensus-rules.md): what one may claim and when.
#pragma once

#include "names/state.h"
#include "reward/batch.h"
#include "reward/watermark.h"

namespace emc::reward {

using primitives::Amount;

inline constexpr int NAME_AGE_BLOCKS = 168; ///< both names' lives have lasted at least this long
inline constexpr int64_t SEC_PER_DAY = 86'400;
inline constexpr int64_t MAX_PERIOD_SEC = 31 * SEC_PER_DAY;
inline constexpr int64_t MAX_PERIOD_AGE_SEC = 60 * SEC_PER_DAY;
inline constexpr uint64_t MAX_MINUTES_PER_CALL = 1'440;
inline constexpr uint64_t MAX_MINUTES_PER_DAY = 1'000'000;
inline constexpr Amount UNITS_PER_MINUTE = primitives::COIN / 100;
inline constexpr Amount MAX_CLAIMS_PER_BLOCK = 50 * primitives::COIN;
/// A claim is at most so much of what its coin age, in a year, is worth.
inline constexpr uint64_t CLAIM_PERCENT_A_YEAR = 5;
inline constexpr uint64_t HUNDRED_YEARS_SEC = 3'153'600'000;
/// The caller's owner gets at least this part of the claim.
inline constexpr Amount CALLER_SHARE_DIVISOR = 5;

/// Why a reward transaction is invalid. Rule ids in brackets.
enum class RewardError : uint8_t {
    Payload,      ///< [R-01] `vout[0]` does not carry a canonical batch
    SameNumber,   ///< [R-02] caller and callee are the same number
    Period,       ///< [R-03] empty, or longer than 31 days
    Totals,       ///< [R-04] not 1 ≤ calls ≤ minutes ≤ 1,440 × calls, or more than 10^6 minutes a day
    ClaimMinutes, ///< [R-05] claim of nothing, or above 0.01 EMC for each minute
    CallerShare,  ///< [R-06] `vout[1]` is below a fifth of the claim
    NameNotLive,  ///< [R-07] a name is not live, or its life began less than 168 blocks ago
    Owners, ///< [R-08] owners equal, or of another kind than P2PKH and P2WPKH, or outputs 0 and 1 not theirs
    Signature,  ///< [R-09] the batch is not signed by both owners
    PeriodTime, ///< [R-10] the period ends after the median time, or began more than 60 days before it
    Watermark,  ///< [R-11] the period begins before the end of the pair's last rewarded one
    Bond,       ///< [R-12] no input of the callee's owner, or `vout[0]` below what they bring in
    ClaimAge,   ///< [R-13] claim above 5 % a year of the bond
    PairTwice,  ///< [R-14] two rewards of one pair in a block
    Budget,     ///< [R-15] the claims of a block exceed 50 EMC
};
[[nodiscard]] std::string_view Text(RewardError error);

/// A coin the transaction spends.
struct SpentValue {
    Amount value = 0;
    int64_t age_sec = 0; ///< 0 for a coin made in the same block
    ByteSpan owner_script;
};

struct RewardContext {
    int32_t height = 0; ///< of the block that holds the transaction
    int64_t mtp = 0;    ///< of its parent
    const Hash256* genesis = nullptr;
    const names::NameView* names = nullptr;
    const WatermarkView* watermarks = nullptr;
};

/// The most the minutes of a batch allow to claim, units.
[[nodiscard]] constexpr Amount MinuteBound(uint32_t minutes)
{
    return Amount{minutes} * UNITS_PER_MINUTE;
}

/// ⌊5 × Σ(value × age) ÷ 3,153,600,000⌋ over the coins of `owner`. Saturates at 2^63 − 1.
[[nodiscard]] Amount AgeBound(std::span<const SpentValue> spent, ByteSpan owner);

/// What of the rules concerns the batch alone: numbers, period and totals (R-02 … R-04).
[[nodiscard]] base::Expected<void, RewardError> CheckBatchAlone(const CallBatch& batch);
/// May a script own a number of a batch: P2PKH or P2WPKH.
[[nodiscard]] bool MayOwnBatch(ByteSpan owner_script);
/// The rules that need no state (R-01 … R-06). `tx` has the reward version (checked).
[[nodiscard]] base::Expected<CallBatch, RewardError> CheckRewardAlone(const primitives::Transaction& tx);

/// What the owners of both numbers have to have signed. A value: any thread.
struct BatchSignatures {
    Bytes caller_owner; ///< script
    Bytes callee_owner; ///< script
    Hash256 digest;
    crypto::CompactSignature caller{};
    crypto::CompactSignature callee{};

    /// Rule RewardSignature; costs two recoveries of a public key.
    [[nodiscard]] bool Hold() const;
};

/// A reward whose signatures are still to be checked.
struct UncheckedReward {
    Reward reward;
    BatchSignatures signatures;
};

/// All rules of one transaction (R-01 … R-13) but that of the signatures. `spent`: one for each input. That
/// it spends no live name is rule N-15.
[[nodiscard]] base::Expected<UncheckedReward, RewardError> CheckRewardClaim(const primitives::Transaction& tx,
                                                                            std::span<const SpentValue> spent,
                                                                            const RewardContext& context);

/// The rewards of one block, in order.
class BlockRewards
{
public:
    [[nodiscard]] base::Expected<void, RewardError> Add(const Reward& reward);

    [[nodiscard]] const std::vector<Reward>& All() const { return m_rewards; }

    [[nodiscard]] Amount Claims() const { return m_claims; }

private:
    std::vector<Reward> m_rewards;
    Amount m_claims = 0;
};

} // namespace emc::reward
