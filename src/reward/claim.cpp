#include "reward/claim.h"

#include "base/check.h"
#include "script/sign.h"

#include <algorithm>
#include <limits>

namespace emc::reward {

using base::Unexpected;

namespace {

__extension__ using Uint128 = unsigned __int128;

bool SameScript(ByteSpan a, ByteSpan b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool TotalsHold(const CallBatch& batch)
{
    const uint64_t calls = batch.calls;
    const uint64_t minutes = batch.minutes;
    const uint64_t seconds = uint64_t{batch.period_end} - batch.period_start;
    const uint64_t days = (seconds + SEC_PER_DAY - 1) / SEC_PER_DAY;
    return calls >= 1 && calls <= minutes && minutes <= MAX_MINUTES_PER_CALL * calls &&
           minutes <= MAX_MINUTES_PER_DAY * days;
}

/// The record of a party, when it may take part.
std::optional<names::NameRecord> PartyRecord(const BatchParty& party, const RewardContext& context)
{
    auto record = context.names->Get(party.Name());
    if (!record || !record->LiveAt(context.height) ||
        context.height - record->born_height < NAME_AGE_BLOCKS) {
        return std::nullopt;
    }
    return record;
}

///
base::Expected<void, RewardError> CheckTimes(const CallBatch& batch, const RewardContext& context)
{
    const int64_t start = batch.period_start;
    if (int64_t{batch.period_end} > context.mtp || start < context.mtp - MAX_PERIOD_AGE_SEC) {
        return Unexpected(RewardError::PeriodTime);
    }
    const auto last = context.watermarks->EndOf(batch.pair);
    if (last && start < int64_t{*last}) return Unexpected(RewardError::Watermark);
    return {};
}

/// what the callee's owner puts up and gets back.
base::Expected<void, RewardError> CheckBond(const primitives::Transaction& tx,
                                            std::span<const SpentValue> spent, ByteSpan owner, Amount claim)
{
    Amount bond = 0;
    bool any = false;
    for (const SpentValue& coin : spent) {
        if (!SameScript(coin.owner_script, owner)) continue;
        any = true;
        bond += coin.value; // a transaction's inputs sum to at most MAX_MONEY (T-rules)
    }
    if (!any || tx.Outputs()[0].value < bond) return Unexpected(RewardError::Bond);
    if (claim > AgeBound(spent, owner)) return Unexpected(RewardError::ClaimAge);
    return {};
}

} // namespace

std::string_view Text(RewardError error)
{
    switch (error) {
    case RewardError::Payload:
        return "the first output carries no canonical call batch";
    case RewardError::SameNumber:
        return "caller and callee are the same number";
    case RewardError::Period:
        return "the period is empty or longer than 31 days";
    case RewardError::Totals:
        return "calls and minutes of the batch are impossible";
    case RewardError::ClaimMinutes:
        return "the claim is nothing, or above 0.01 EMC a minute";
    case RewardError::CallerShare:
        return "the second output gives the caller less than a fifth of the claim";
    case RewardError::NameNotLive:
        return "a number's record is not live, or younger than 168 blocks";
    case RewardError::Owners:
        return "outputs and owners of the two numbers do not fit together";
    case RewardError::Signature:
        return "the batch is not signed by the owners of both numbers";
    case RewardError::PeriodTime:
        return "the period ends in the future or began more than 60 days ago";
    case RewardError::Watermark:
        return "calls of this period between the two numbers were rewarded before";
    case RewardError::Bond:
        return "the callee's coins are missing, or the first output does not return them";
    case RewardError::ClaimAge:
        return "the claim is above 5 % a year of the callee's coins";
    case RewardError::PairTwice:
        return "two rewards of the same two numbers in one block";
    case RewardError::Budget:
        return "the claims of the block exceed 50 EMC";
    }
    return "";
}

Amount AgeBound(std::span<const SpentValue> spent, ByteSpan owner)
{
    Uint128 sum = 0;
    for (const SpentValue& coin : spent) {
        if (!SameScript(coin.owner_script, owner)) continue;
        sum += static_cast<Uint128>(coin.value) * static_cast<Uint128>(coin.age_sec);
    }
    const Uint128 bound = CLAIM_PERCENT_A_YEAR * sum / HUNDRED_YEARS_SEC;
    return static_cast<Amount>(std::min<Uint128>(bound, std::numeric_limits<Amount>::max()));
}

base::Expected<void, RewardError> CheckBatchAlone(const CallBatch& batch)
{
    if (batch.pair.caller.number == batch.pair.callee.number) return Unexpected(RewardError::SameNumber);
    if (batch.period_start >= batch.period_end ||
        int64_t{batch.period_end} - batch.period_start > MAX_PERIOD_SEC) {
        return Unexpected(RewardError::Period);
    }
    if (!TotalsHold(batch)) return Unexpected(RewardError::Totals);
    return {};
}

bool MayOwnBatch(ByteSpan owner_script)
{
    const auto type = script::Solve(owner_script).type;
    return type == script::ScriptType::PubKeyHash || type == script::ScriptType::WitnessV0KeyHash;
}

base::Expected<CallBatch, RewardError> CheckRewardAlone(const primitives::Transaction& tx)
{
    EMC_CHECK(tx.Version() == primitives::REWARD_TX_VERSION);
    if (tx.Outputs().empty()) return Unexpected(RewardError::Payload);
    const auto output = ParseRewardOutput(tx.Outputs()[0].script_pubkey);
    if (!output) return Unexpected(RewardError::Payload);
    const CallBatch& batch = output->batch;
    if (const auto ok = CheckBatchAlone(batch); !ok) return Unexpected(ok.Error());
    if (batch.claim < 1 || batch.claim > static_cast<uint64_t>(MinuteBound(batch.minutes))) {
        return Unexpected(RewardError::ClaimMinutes);
    }
    const auto share = static_cast<Amount>(batch.claim) / CALLER_SHARE_DIVISOR;
    if (tx.Outputs().size() < 2 || tx.Outputs()[1].value < share) return Unexpected(RewardError::CallerShare);
    return batch;
}

bool BatchSignatures::Hold() const
{
    return script::VerifyDigest(caller_owner, digest, caller, true) &&
           script::VerifyDigest(callee_owner, digest, callee, true);
}

base::Expected<UncheckedReward, RewardError> CheckRewardClaim(const primitives::Transaction& tx,
                                                              std::span<const SpentValue> spent,
                                                              const RewardContext& context)
{
    EMC_CHECK(spent.size() == tx.Inputs().size());
    const auto alone = CheckRewardAlone(tx);
    if (!alone) return Unexpected(alone.Error());
    const CallBatch& batch = *alone;
    const auto caller = PartyRecord(batch.pair.caller, context);
    const auto callee = PartyRecord(batch.pair.callee, context);
    if (!caller || !callee) return Unexpected(RewardError::NameNotLive);
    const ByteSpan paid = names::OwnerScriptOf(tx.Version(), 0, tx.Outputs()[0].script_pubkey).script;
    if (caller->owner_script == callee->owner_script || !MayOwnBatch(caller->owner_script) ||
        !MayOwnBatch(callee->owner_script) || !SameScript(paid, callee->owner_script) ||
        !SameScript(tx.Outputs()[1].script_pubkey, caller->owner_script)) {
        return Unexpected(RewardError::Owners);
    }
    if (const auto ok = CheckTimes(batch, context); !ok) return Unexpected(ok.Error());
    const auto claim = static_cast<Amount>(batch.claim);
    if (const auto ok = CheckBond(tx, spent, callee->owner_script, claim); !ok) return Unexpected(ok.Error());
    return UncheckedReward{{{batch.pair, batch.period_end}, claim},
                           {caller->owner_script, callee->owner_script, BatchDigest(*context.genesis, batch),
                            batch.caller_signature, batch.callee_signature}};
}

base::Expected<void, RewardError> BlockRewards::Add(const Reward& reward)
{
    const bool twice = std::any_of(m_rewards.begin(), m_rewards.end(), [&](const Reward& other) {
        return other.watermark.pair == reward.watermark.pair;
    });
    if (twice) return Unexpected(RewardError::PairTwice);
    if (reward.claim > MAX_CLAIMS_PER_BLOCK - m_claims) return Unexpected(RewardError::Budget);
    m_rewards.push_back(reward);
    m_claims += reward.claim;
    return {};
}

} // namespace emc::reward
