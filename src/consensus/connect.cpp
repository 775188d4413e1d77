#include "consensus/connect.h"

#include "consensus/coinstake.h"
#include "consensus/reward_rules.h"
#include "consensus/subsidy.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::consensus {

namespace {

using primitives::MoneyRange;

/// Sum of the coins spent. Rules C-02, C-03.
base::Expected<Amount, RuleResult> CheckCoins(std::span<const Coin> spent, const ConnectContext& context)
{
    Amount sum = 0;
    for (size_t i = 0; i < spent.size(); ++i) {
        const Coin& coin = spent[i];
        if (!IsMature(coin, context.height, *context.params)) {
            return Broken(Rule::InputImmature,
                          "input " + std::to_string(i) + " is of height " + std::to_string(coin.height));
        }
        if (!MoneyRange(coin.out.value)) return Broken(Rule::InputValues);
        sum += coin.out.value;
        if (!MoneyRange(sum)) return Broken(Rule::InputValues);
    }
    return sum;
}

/// Rule C-07.
Verdict CheckSequenceLocks(const Transaction& tx, std::span<const Coin> spent, const ConnectContext& context)
{
    if (context.height < context.params->activation.csv) return {};
    std::vector<int32_t> heights;
    heights.reserve(spent.size());
    for (const Coin& coin : spent)
        heights.push_back(coin.height);
    const SequenceLock lock = SequenceLockOf(tx, heights, *context.times);
    if (!SequenceLockMet(lock, context.height, context.parent_mtp)) return Broken(Rule::SequenceLocks);
    return {};
}

names::NameContext NameContextOf(const ConnectContext& context)
{
    return {.height = context.height,
            .view = context.names,
            .addresses = &context.params->addresses,
            .cache = context.cache};
}

std::vector<names::SpentName> SpentNames(const Transaction& tx, std::span<const Coin> spent,
                                         const ConnectContext& context)
{
    std::vector<names::SpentName> out;
    for (size_t i = 0; i < spent.size(); ++i) {
        if (!spent[i].had_prefix) continue;
        if (auto name = context.names->NameByOutpoint(tx.Inputs()[i].prevout))
            out.push_back({i, std::move(*name)});
    }
    return out;
}

/// CheckSpend but for the signatures of a call batch, which are handed out, also when a later rule breaks.
base::Expected<TxOutcome, RuleResult> CheckSpendApart(const Transaction& tx, std::span<const Coin> spent,
                                                      const ConnectContext& context,
                                                      std::optional<reward::BatchSignatures>& signatures)
{
    EMC_CHECK(spent.size() == tx.Inputs().size());
    TxOutcome out;
    auto ops = CheckNameShape(tx, TxRole::Ordinary);
    if (!ops) return base::Unexpected(ops.Error());
    out.ops = std::move(*ops);

    const auto inputs = CheckCoins(spent, context);
    if (!inputs) return base::Unexpected(inputs.Error());
    out.burned = names::NameFees(out.ops);
    if (tx.Version() == primitives::REWARD_TX_VERSION) {
        auto claimed = CheckRewardSpend(tx, spent, context);
        if (!claimed) return base::Unexpected(claimed.Error());
        out.reward = claimed->reward;
        signatures = std::move(claimed->signatures);
    }
    const auto fee = NetFee({.inputs = *inputs,
                             .claim = out.reward ? out.reward->claim : 0,
                             .outputs = tx.OutputSum().value_or(primitives::MAX_MONEY + 1),
                             .burned = out.burned});
    if (!fee) return base::Unexpected(fee.Error());
    out.fee = *fee;
    if (const auto locks = CheckSequenceLocks(tx, spent, context); !locks)
        return base::Unexpected(locks.Error());

    const names::NameContext name_context = NameContextOf(context);
    auto deltas = names::CheckTransition(tx, out.ops, SpentNames(tx, spent, context), name_context);
    if (!deltas) return BrokenName(deltas.Error());
    out.names = std::move(*deltas);
    out.sigop_cost = TxSigOpCost(tx, spent) + names::NameSigOpCost(out.ops, name_context);
    return out;
}

/// Works through one block.
class Connector
{
public:
    Connector(const primitives::Block& block, const ConnectContext& context)
        : m_block(block), m_context(context), m_flags(BlockScriptFlags(*context.params, context.height))
    {}

    Verdict Run();

    BlockDelta Take()
    {
        KeepUnspent();
        return std::move(m_delta);
    }

private:
    void PrefetchCoins() const;
    base::Expected<std::vector<Coin>, RuleResult> SpendCoins(const Transaction& tx);
    Verdict CheckOverwrite(const Transaction& tx) const;
    Verdict ConnectTx(size_t index);
    Verdict ConnectOrdinary(const primitives::TxRef& tx, const std::vector<Coin>& spent);
    Verdict ConnectCoinstake(const Transaction& tx, const std::vector<Coin>& spent);
    Verdict CheckGenerated();
    void MakeCoins(const Transaction& tx, TxRole role);
    void KeepUnspent();

    const primitives::Block& m_block;
    const ConnectContext& m_context;
    script::Flags m_flags;
    BlockDelta m_delta;
    // Ordered, not hashed: who makes a block chooses its outpoints, and a pure function has no secret salt.
    std::map<OutPoint, size_t> m_made; ///< place in m_delta.created
    std::set<OutPoint> m_gone;
    std::vector<bool> m_spent_again; ///< by place in m_delta.created
    Amount m_coinstake_inputs = 0;
    Amount m_coinstake_reward = 0;
    reward::BlockRewards m_rewards;
};

void Connector::PrefetchCoins() const
{
    std::vector<OutPoint> wanted;
    for (const auto& tx : m_block.transactions) {
        if (tx->IsCoinbase()) continue;
        for (const auto& input : tx->Inputs())
            wanted.push_back(input.prevout);
    }
    m_context.coins->Prefetch(wanted);
}

base::Expected<std::vector<Coin>, RuleResult> Connector::SpendCoins(const Transaction& tx)
{
    std::vector<Coin> spent;
    spent.reserve(tx.Inputs().size());
    for (const auto& input : tx.Inputs()) {
        const OutPoint& outpoint = input.prevout;
        if (const auto made = m_made.find(outpoint); made != m_made.end()) {
            spent.push_back(m_delta.created[made->second].coin);
            m_spent_again[made->second] = true;
            m_made.erase(made);
            continue;
        }
        const bool first = m_gone.insert(outpoint).second;
        auto coin = first ? m_context.coins->Get(outpoint) : std::nullopt;
        if (!coin) {
            return Broken(Rule::InputsMissing,
                          base::ReversedHex(outpoint.txid) + ":" + std::to_string(outpoint.index));
        }
        m_delta.removed.push_back(outpoint);
        m_delta.supply_change -= coin->out.value;
        spent.push_back(std::move(*coin));
    }
    return spent;
}

Verdict Connector::CheckOverwrite(const Transaction& tx) const
{
    // With the height in every coinbase no two transactions are the same.
    if (m_context.height >= m_context.params->activation.bip34) return {};
    for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
        if (m_context.coins->Get({tx.Txid(), i})) return Broken(Rule::CoinOverwritten);
    }
    return {};
}

Verdict Connector::ConnectOrdinary(const primitives::TxRef& tx, const std::vector<Coin>& spent)
{
    std::optional<reward::BatchSignatures> signatures;
    auto outcome = CheckSpendApart(*tx, spent, m_context, signatures);
    if (signatures) {
        // Also where scripts are taken as valid: a reward makes money.
        ScriptCheck check;
        check.owner = tx;
        check.batch = std::make_shared<const reward::BatchSignatures>(std::move(*signatures));
        m_context.runner->Add({std::move(check)});
    }
    if (!outcome) return base::Unexpected(outcome.Error());
    m_delta.sigop_cost += outcome->sigop_cost;
    m_delta.burned += outcome->burned;
    m_delta.fees += outcome->fee;
    if (outcome->reward) {
        if (const auto fits = m_rewards.Add(*outcome->reward); !fits) return BrokenReward(fits.Error());
    }
    std::move(outcome->names.begin(), outcome->names.end(), std::back_inserter(m_delta.names));
    if (!MoneyRange(m_delta.fees)) return Broken(Rule::FeeSum);
    return {};
}

Verdict Connector::ConnectCoinstake(const Transaction& tx, const std::vector<Coin>& spent)
{
    const auto inputs = CheckCoins(spent, m_context);
    if (!inputs) return base::Unexpected(inputs.Error());
    if (auto verdict = CheckSequenceLocks(tx, spent, m_context); !verdict) return verdict;
    m_coinstake_inputs = *inputs;
    m_coinstake_reward = CoinstakeReward(spent, m_context);
    m_delta.sigop_cost += TxSigOpCost(tx, spent);
    return CheckCoinstake(m_block, spent, m_context);
}

Verdict Connector::ConnectTx(size_t index)
{
    const primitives::TxRef& tx = m_block.transactions[index];
    const TxRole role = RoleOf(m_block, index);
    if (auto verdict = CheckOverwrite(*tx); !verdict) return verdict;
    std::vector<Coin> spent;
    if (role == TxRole::Coinbase) {
        m_delta.sigop_cost += TxSigOpCost(*tx, spent);
    } else {
        auto found = SpendCoins(*tx);
        if (!found) return base::Unexpected(found.Error());
        spent = std::move(*found);
        auto verdict = role == TxRole::Ordinary ? ConnectOrdinary(tx, spent) : ConnectCoinstake(*tx, spent);
        if (!verdict) return verdict;
        if (!m_context.assumed_valid)
            m_context.runner->Add(ScriptChecksOf(tx, spent, m_flags, m_context.cache));
    }
    if (m_delta.sigop_cost > MAX_BLOCK_SIGOPS_COST) return Broken(Rule::SigOpCost);
    MakeCoins(*tx, role);
    m_delta.spent.push_back(std::move(spent));
    return {};
}

void Connector::MakeCoins(const Transaction& tx, TxRole role)
{
    for (size_t i = 0; i < tx.Outputs().size(); ++i) {
        auto coin = CoinOf(tx, i, m_context.height, role);
        if (!coin) continue;
        const OutPoint outpoint{tx.Txid(), static_cast<uint32_t>(i)};
        m_made.emplace(outpoint, m_delta.created.size());
        m_delta.created.push_back({outpoint, std::move(*coin)});
        m_spent_again.push_back(false);
    }
}

Verdict Connector::CheckGenerated()
{
    const bool stake = m_block.header.IsProofOfStake();
    const Transaction& generated = *m_block.transactions[stake ? 1 : 0];
    const Amount outputs = generated.OutputSum().value_or(primitives::MAX_MONEY + 1);
    const Amount own = stake ? m_coinstake_inputs + m_coinstake_reward
                             : PowSubsidy(*m_context.params, m_context.height, m_block.header.bits);
    const Amount limit = own + m_delta.fees;
    if (outputs > limit) {
        return Broken(stake ? Rule::StakeReward : Rule::CoinbaseAmount,
                      "takes " + std::to_string(outputs) + ", may take " + std::to_string(limit));
    }
    m_delta.claims = m_rewards.Claims();
    m_delta.minted = outputs - m_coinstake_inputs - m_delta.fees + m_delta.claims;
    return {};
}

void Connector::KeepUnspent()
{
    std::vector<NewCoin> kept;
    kept.reserve(m_made.size());
    for (size_t i = 0; i < m_delta.created.size(); ++i) {
        if (m_spent_again[i]) continue;
        m_delta.supply_change += m_delta.created[i].coin.out.value;
        kept.push_back(std::move(m_delta.created[i]));
    }
    m_delta.created = std::move(kept);
}

Verdict Connector::Run()
{
    PrefetchCoins();
    for (size_t i = 0; i < m_block.transactions.size(); ++i) {
        if (auto verdict = ConnectTx(i); !verdict) {
            RuleResult result = verdict.Error();
            result.detail += (result.detail.empty() ? "" : "; ") +
                             ("transaction " + base::ReversedHex(m_block.transactions[i]->Txid()));
            return base::Unexpected(std::move(result));
        }
    }
    if (auto verdict = CheckGenerated(); !verdict) return verdict;
    m_delta.watermarks = WatermarkChanges(m_rewards, m_context);
    return {};
}

} // namespace

void CoinView::Prefetch(std::span<const OutPoint>) const {}

script::Flags BlockScriptFlags(const Params& params, int32_t height)
{
    const Activation& active = params.activation;
    script::Flags flags = script::VERIFY_P2SH;
    if (height >= active.bip66) flags |= script::VERIFY_DERSIG;
    if (height >= active.bip65) flags |= script::VERIFY_CHECKLOCKTIMEVERIFY;
    if (height >= active.csv) flags |= script::VERIFY_CHECKSEQUENCEVERIFY;
    if (height >= active.segwit) flags |= script::VERIFY_WITNESS | script::VERIFY_NULLDUMMY;
    if (height >= active.segwit && height >= active.taproot) flags |= script::VERIFY_TAPROOT;
    return flags;
}

base::Expected<Amount, RuleResult> NetFee(const TxAmounts& amounts)
{
    const Amount left = amounts.inputs + amounts.claim - amounts.outputs;
    if (left < 0) {
        return Broken(Rule::InputsBelowOutputs, "inputs " + std::to_string(amounts.inputs) + ", outputs " +
                                                    std::to_string(amounts.outputs));
    }
    if (!MoneyRange(left)) return Broken(Rule::FeeRange);
    if (left < amounts.burned) {
        return Broken(Rule::NameFeeUnpaid,
                      "left " + std::to_string(left) + ", name fees " + std::to_string(amounts.burned));
    }
    return left - amounts.burned;
}

base::Expected<BlockDelta, RuleResult> ConnectBlock(const primitives::Block& block,
                                                    const ConnectContext& context)
{
    EMC_CHECK(context.runner != nullptr);
    Connector connector(block, context);
    const Verdict verdict = connector.Run();
    // Always waited for: the checks look at this block's transactions.
    const auto failure = context.runner->Wait();
    // The signatures of a batch come before the rules that follow in its transaction and in later ones.
    if (failure && failure->batch)
        return Broken(Rule::RewardSignature, "transaction " + base::ReversedHex(failure->txid));
    if (!verdict) return base::Unexpected(verdict.Error());
    if (failure) {
        return Broken(Rule::ScriptFailed, std::string(script::Text(failure->error)) + "; input " +
                                              std::to_string(failure->input) + " of " +
                                              base::ReversedHex(failure->txid));
    }
    return connector.Take();
}

base::Expected<TxOutcome, RuleResult> CheckSpend(const Transaction& tx, std::span<const Coin> spent,
                                                 const ConnectContext& context)
{
    std::optional<reward::BatchSignatures> signatures;
    auto out = CheckSpendApart(tx, spent, context, signatures);
    if (signatures && !signatures->Hold()) return BrokenReward(reward::RewardError::Signature);
    return out;
}

std::vector<ScriptCheck> ScriptChecksOf(const primitives::TxRef& tx, std::span<const Coin> spent,
                                        script::Flags flags, script::SignatureCache* cache)
{
    std::vector<primitives::TxOut> outputs;
    outputs.reserve(spent.size());
    for (const Coin& coin : spent)
        outputs.push_back(coin.out);
    const auto precomputed = std::make_shared<const script::PrecomputedTx>(tx->Fields(), std::move(outputs));
    std::vector<ScriptCheck> checks(spent.size());
    for (size_t i = 0; i < spent.size(); ++i)
        checks[i] = {precomputed, tx, i, flags, cache};
    return checks;
}

std::optional<Coin> CoinOf(const Transaction& tx, size_t index, int32_t height, TxRole role)
{
    if (role == TxRole::Coinstake && index == 0) return std::nullopt;
    const primitives::TxOut& output = tx.Outputs()[index];
    const auto owner = names::OwnerScriptOf(tx.Version(), index, output.script_pubkey);
    if (script::IsUnspendable(owner.script)) return std::nullopt;
    Coin coin;
    coin.out = {output.value, base::Bytes(owner.script.begin(), owner.script.end())};
    coin.height = height;
    coin.generated = role != TxRole::Ordinary || tx.Version() == primitives::REWARD_TX_VERSION;
    coin.had_prefix = owner.had_prefix;
    return coin;
}

} // namespace emc::consensus
