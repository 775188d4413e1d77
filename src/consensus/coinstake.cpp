#include "consensus/coinstake.h"

#include "consensus/kernel.h"
#include "consensus/stake.h"
#include "consensus/stake_rules.h"
#include "consensus/target.h"

namespace emc::consensus {

namespace {

bool IsLiveName(const OutPoint& outpoint, const Coin& coin, const ConnectContext& context)
{
    if (context.names == nullptr || !coin.had_prefix) return false;
    const auto name = context.names->NameByOutpoint(outpoint);
    if (!name) return false;
    const auto record = context.names->Get(*name);
    return record && record->LiveAt(context.height);
}

} // namespace

Verdict CheckStakeInputs(const Transaction& coinstake, std::span<const Coin> spent,
                         const ConnectContext& context)
{
    for (size_t i = 0; i < spent.size(); ++i) {
        const std::string where = "input " + std::to_string(i);
        if (spent[i].out.script_pubkey != spent[0].out.script_pubkey)
            return Broken(Rule::StakeKernelScript, where);
        if (context.height - spent[i].height < context.params->kernel_depth)
            return Broken(Rule::StakeDepth, where);
        if (IsLiveName(coinstake.Inputs()[i].prevout, spent[i], context))
            return Broken(Rule::StakeLiveName, where);
    }
    return {};
}

Verdict CheckKernel(const primitives::Block& block, const Coin& kernel_coin, const ConnectContext& context)
{
    const primitives::TxIn& input = block.transactions[1]->Inputs()[0];
    Kernel kernel;
    kernel.modifier = context.stake_modifier;
    kernel.coin_block_time = static_cast<uint32_t>(context.times->BlockTime(kernel_coin.height));
    kernel.outpoint = input.prevout;
    kernel.block_time = block.header.time;
    const auto target = TargetOf(block.header.bits);
    if (!target || !KernelMeets(KernelHash(kernel), *target, kernel_coin.out.value)) {
        return Broken(Rule::StakeKernelHash);
    }
    const auto key = SigningKey(kernel_coin.out.script_pubkey, input);
    if (!key) return base::Unexpected(key.Error());
    const primitives::Witness& witness = block.transactions[0]->Inputs()[0].witness;
    if (witness.size() != 2 || !CheckBlockSignature(block.header.Hash(), *key, witness[1], context.cache)) {
        return BrokenCopy(Rule::StakeBlockSignature);
    }
    return {};
}

Verdict CheckCoinstake(const primitives::Block& block, std::span<const Coin> spent,
                       const ConnectContext& context)
{
    if (auto verdict = CheckStakeInputs(*block.transactions[1], spent, context); !verdict) return verdict;
    return CheckKernel(block, spent[0], context);
}

Amount CoinstakeReward(std::span<const Coin> spent, const ConnectContext& context)
{
    std::vector<AgedValue> aged;
    aged.reserve(spent.size());
    for (const Coin& coin : spent) {
        const int64_t made = MedianTimeBefore(*context.times, coin.height);
        aged.push_back({coin.out.value, CoinAge(made, context.parent_mtp)});
    }
    return MaxStakeReward(aged);
}

} // namespace emc::consensus
