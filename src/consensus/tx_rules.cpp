#include "consensus/tx_rules.h"

#include "consensus/reward_rules.h"
#include "script/interpreter.h"

#include <algorithm>

namespace emc::consensus {

namespace {

using primitives::TxIn;

Verdict CheckOutputs(const Transaction& tx)
{
    Amount sum = 0;
    for (const primitives::TxOut& output : tx.Outputs()) {
        if (output.value < 0) return Broken(Rule::TxOutputNegative);
        if (output.value > primitives::MAX_MONEY) return Broken(Rule::TxOutputTooLarge);
        sum += output.value; // both are at most MAX_MONEY
        if (sum > primitives::MAX_MONEY) return Broken(Rule::TxOutputSum);
    }
    return {};
}

bool SpendsTwice(const Transaction& tx)
{
    if (tx.Inputs().size() == 1) return false;
    std::vector<const OutPoint*> sorted;
    sorted.reserve(tx.Inputs().size());
    for (const TxIn& input : tx.Inputs())
        sorted.push_back(&input.prevout);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return *a < *b; });
    return std::adjacent_find(sorted.begin(), sorted.end(),
                              [](const auto* a, const auto* b) { return *a == *b; }) != sorted.end();
}

} // namespace

TxRole RoleOf(const primitives::Block& block, size_t index)
{
    if (index == 0) return TxRole::Coinbase;
    if (index == 1 && block.header.IsProofOfStake()) return TxRole::Coinstake;
    return TxRole::Ordinary;
}

int64_t MedianTimeBefore(const ChainTimes& times, int32_t height)
{
    return times.MedianTimePast(std::max(height - 1, 0));
}

Verdict CheckTransaction(const Transaction& tx)
{
    constexpr size_t MIN_COINBASE_SCRIPT = 2;
    constexpr size_t MAX_COINBASE_SCRIPT = 100;
    if (tx.Inputs().empty()) return Broken(Rule::TxNoInputs);
    if (tx.Outputs().empty()) return Broken(Rule::TxNoOutputs);
    if (tx.BaseSize() * WITNESS_SCALE > MAX_BLOCK_WEIGHT) return Broken(Rule::TxSize);
    if (auto verdict = CheckOutputs(tx); !verdict) return verdict;
    if (SpendsTwice(tx)) return Broken(Rule::TxRepeatedInput);
    if (tx.IsCoinbase()) {
        const size_t size = tx.Inputs()[0].script_sig.size();
        if (size < MIN_COINBASE_SCRIPT || size > MAX_COINBASE_SCRIPT) return Broken(Rule::TxCoinbaseLength);
        return {};
    }
    const bool has_null = std::any_of(tx.Inputs().begin(), tx.Inputs().end(),
                                      [](const TxIn& input) { return input.prevout.IsNull(); });
    if (has_null) return Broken(Rule::TxNullInput);
    return {};
}

base::Unexpected<RuleResult> BrokenName(const names::NameFailure& failure)
{
    std::string detail = "index " + std::to_string(failure.index);
    if (!failure.detail.empty()) detail += ", " + failure.detail;
    return Broken(RuleOf(failure.error), std::move(detail));
}

base::Expected<std::vector<names::IndexedOp>, RuleResult> CheckNameShape(const Transaction& tx, TxRole role)
{
    if (role != TxRole::Ordinary) {
        if (const auto ok = names::CheckGeneratedVersion(tx); !ok) return BrokenName(ok.Error());
        return std::vector<names::IndexedOp>{};
    }
    if (tx.Version() == primitives::REWARD_TX_VERSION) {
        if (const auto alone = reward::CheckRewardAlone(tx); !alone) return BrokenReward(alone.Error());
    }
    auto ops = names::CheckNameOutputs(tx);
    if (!ops) return BrokenName(ops.Error());
    return std::move(*ops);
}

bool IsFinal(const Transaction& tx, int32_t height, int64_t time)
{
    const int64_t lock = tx.LockTime();
    if (lock == 0 || lock < (lock < LOCKTIME_THRESHOLD ? int64_t{height} : time)) return true;
    return std::all_of(tx.Inputs().begin(), tx.Inputs().end(),
                       [](const TxIn& input) { return input.sequence == primitives::SEQUENCE_FINAL; });
}

SequenceLock SequenceLockOf(const Transaction& tx, std::span<const int32_t> coin_heights,
                            const ChainTimes& times)
{
    SequenceLock lock;
    if (static_cast<uint32_t>(tx.Version()) < 2) return lock;
    EMC_CHECK(coin_heights.size() == tx.Inputs().size());
    for (size_t i = 0; i < coin_heights.size(); ++i) {
        const uint32_t sequence = tx.Inputs()[i].sequence;
        if ((sequence & SEQUENCE_LOCK_DISABLE) != 0) continue;
        const uint32_t span = sequence & SEQUENCE_LOCK_MASK;
        if ((sequence & SEQUENCE_LOCK_TIME) != 0) {
            const int64_t from = MedianTimeBefore(times, coin_heights[i]);
            const int64_t until = from + (int64_t{span} << SEQUENCE_LOCK_GRANULARITY) - 1;
            lock.min_time = std::max(lock.min_time, until);
        } else {
            lock.min_height = std::max(lock.min_height, coin_heights[i] + static_cast<int32_t>(span) - 1);
        }
    }
    return lock;
}

int LegacySigOps(const Transaction& tx)
{
    int count = 0;
    for (const TxIn& input : tx.Inputs())
        count += script::CountSigOps(input.script_sig, false);
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        const auto owner = names::OwnerScriptOf(tx.Version(), i, tx.Outputs()[i].script_pubkey);
        count += script::CountSigOps(owner.script, false);
    }
    return count;
}

int64_t TxSigOpCost(const Transaction& tx, std::span<const Coin> spent)
{
    int64_t cost = int64_t{LegacySigOps(tx)} * WITNESS_SCALE;
    if (tx.IsCoinbase()) return cost;
    EMC_CHECK(spent.size() == tx.Inputs().size());
    for (size_t i = 0; i < spent.size(); ++i) {
        const TxIn& input = tx.Inputs()[i];
        cost += script::InputSigOpCost(input.script_sig, spent[i].out.script_pubkey, input.witness);
    }
    return cost;
}

} // namespace emc::consensus
