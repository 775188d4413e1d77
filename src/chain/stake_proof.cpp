#include "chain/stake_proof.h"

#include "chain/block_entry.h"
#include "consensus/coinstake.h"

namespace emc::chain {

using consensus::Rule;
using consensus::RuleResult;
using primitives::Coin;

namespace {

/// The times of a block and its ancestors.
class BranchTimes final : public consensus::ChainTimes
{
public:
    explicit BranchTimes(const BlockEntry& last) : m_last(last) {}

    int64_t MedianTimePast(int32_t height) const override { return m_last.Ancestor(height)->MedianTime(); }

    int64_t BlockTime(int32_t height) const override { return m_last.Ancestor(height)->header.time; }

private:
    const BlockEntry& m_last;
};

base::Unexpected<StakeFault> Fault(const RuleResult& rule)
{
    return base::Unexpected(StakeFault{rule.mutated ? Outcome::Mutated : Outcome::Invalid, rule, {}});
}

base::Unexpected<StakeFault> Fault(Rule rule, std::string detail)
{
    return Fault(RuleResult{rule, consensus::StageOf(rule), false, std::move(detail)});
}

base::Expected<Coin, StakeFault> SpentCoin(const primitives::OutPoint& outpoint, const StakeSite& site)
{
    const std::string which = base::ReversedHex(outpoint.txid) + ":" + std::to_string(outpoint.index);
    auto found = site.coins(outpoint);
    if (!found) return base::Unexpected(StakeFault{Outcome::Failed, {}, found.Error()});
    if (found->found == BranchCoin::Found::Unknown) {
        auto fault = Fault(Rule::HeaderParentUnknown, "a block before it is not stored");
        fault.error.outcome = Outcome::Waiting;
        return fault;
    }
    if (found->found == BranchCoin::Found::No) return Fault(Rule::InputsMissing, which);
    if (!consensus::IsMature(found->coin, site.parent->height + 1, *site.params))
        return Fault(Rule::InputImmature, which);
    return std::move(found->coin);
}

} // namespace

base::Expected<void, StakeFault> ProveStake(const primitives::Block& block, const StakeSite& site)
{
    const primitives::TxRef& coinstake = block.transactions[1];
    const BranchTimes times(*site.parent);
    consensus::ConnectContext context;
    context.params = site.params;
    context.height = site.parent->height + 1;
    context.parent_mtp = site.parent->MedianTime();
    context.names = site.names;
    context.times = &times;
    context.cache = site.cache;
    context.stake_modifier = site.modifier;

    std::vector<Coin> spent;
    for (const auto& input : coinstake->Inputs()) {
        auto coin = SpentCoin(input.prevout, site);
        if (!coin) return base::Unexpected(coin.Error());
        spent.push_back(std::move(*coin));
        if (spent.size() != 1) continue;
        // The kernel alone first: nobody but its owner makes this node look for many coins.
        if (const auto good = consensus::CheckStakeInputs(*coinstake, spent, context); !good)
            return Fault(good.Error());
        if (const auto good = consensus::CheckKernel(block, spent[0], context); !good)
            return Fault(good.Error());
    }
    if (const auto good = consensus::CheckStakeInputs(*coinstake, spent, context); !good)
        return Fault(good.Error());
    if (!site.run_script) return {};
    const auto flags = consensus::BlockScriptFlags(*site.params, context.height);
    const auto checks = consensus::ScriptChecksOf(coinstake, spent, flags, site.cache);
    if (const auto good = checks[0].Run(); !good) {
        return Fault(Rule::ScriptFailed, std::string(script::Text(good.Error())) + "; input 0 of " +
                                             base::ReversedHex(coinstake->Txid()));
    }
    return {};
}

} // namespace emc::chain
