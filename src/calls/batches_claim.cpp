/// Claims: which coins pay with their age, and the reward transaction.
#include "base/log.h"
#include "base/text.h"
#include "calls/batches.h"
#include "calls/bond.h"
#include "consensus/params.h"
#include "consensus/stake.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "reward/claim.h"

#include <algorithm>
#include <map>

namespace emc::calls {

using interfaces::BatchState;
using interfaces::ClaimOptions;
using interfaces::ClaimPlan;
using interfaces::Failure;
using interfaces::WalletApi;
using primitives::Amount;
using primitives::AmountText;

namespace {

/// What wallets pay by default.
constexpr Amount USUAL_FEE_PER_KVB = 10'000;
constexpr Amount MAX_FEE_PER_KVB = primitives::COIN;
/// Nodes do not relay smaller outputs.
constexpr Amount LEAST_OUTPUT = 546;
constexpr int SIGHASH_ALL = 1;
/// Signatures of another run may be longer by as much, for each input.
constexpr size_t SIGNATURE_SLACK_BYTES = 2;
/// Claims may be replaced by one with a higher fee (BIP 125).
constexpr uint32_t SEQUENCE_REPLACEABLE = 0xfffffffd;

} // namespace

/// What a claim is made of.
struct Batches::Draft {
    BatchRow row;
    Owners owners;
    std::vector<primitives::OutPoint> inputs;
    ClaimPlan plan; ///< claim, bounds, bond, coins, staking; no fee yet
    Amount fee_per_kvb = 0;
};

namespace {

/// The coins of one owner with the age the next block counts.
struct AgedCoins {
    std::vector<primitives::OutPoint> outpoints;
    std::vector<BondCoin> coins;
    std::vector<consensus::AgedValue> aged;

    AgedCoins(const interfaces::ChainReader& chain, const WalletApi& wallet, base::ByteSpan owner)
    {
        const auto tip = chain.GetTip();
        std::map<int32_t, int64_t> made; // median time before a height
        for (const auto& coin : wallet.ListCoins(1, INT32_MAX)) {
            const auto& script = coin.out.script_pubkey;
            if (!coin.spendable || !std::equal(script.begin(), script.end(), owner.begin(), owner.end()))
                continue;
            const int32_t before = std::max(tip.height - coin.confirmations, 0);
            const auto [entry, fresh] = made.try_emplace(before, tip.median_time);
            if (fresh) {
                if (const auto block = chain.BlockByHeight(before)) entry->second = block->median_time;
            }
            const int64_t age = consensus::CoinAge(entry->second, tip.median_time);
            outpoints.push_back(coin.outpoint);
            coins.push_back({coin.out.value, age});
            aged.push_back({coin.out.value, age});
        }
    }
};

} // namespace

Batches::Result<Batches::Draft> Batches::DraftClaim(const BatchRow& row, const ClaimOptions& options,
                                                    WalletApi& wallet) const
{
    Draft draft;
    draft.row = row;
    draft.owners = OwnersOf(row.batch);
    const std::string callee = row.batch.pair.callee.Name();
    if (!wallet.IsMine(draft.owners.callee)) {
        return base::Unexpected(
            Failure{CODE_WALLET, callee + " is not this wallet's: the owner of the number that was called "
                                          "claims, the caller's gets a fifth of it"});
    }
    const AgedCoins own(m_deps.chain, wallet, draft.owners.callee);
    ClaimPlan& plan = draft.plan;
    plan.minute_bound = std::min(reward::MinuteBound(row.batch.minutes), reward::MAX_CLAIMS_PER_BLOCK);
    std::vector<reward::SpentValue> spent;
    for (const auto& coin : own.coins)
        spent.push_back({coin.value, coin.age_sec, draft.owners.callee});
    plan.age_bound = reward::AgeBound(spent, draft.owners.callee);
    plan.claim = options.amount.value_or(std::min(plan.minute_bound, plan.age_bound));
    if (plan.claim < 1 || plan.claim > plan.minute_bound || plan.claim > plan.age_bound) {
        return Wrong("the claim can be up to " + AmountText(plan.minute_bound) + " EMC for the minutes and " +
                     AmountText(plan.age_bound) + " EMC for the age of the " +
                     base::CountText(own.coins.size(), "coin") + " of the owner of " + callee +
                     "; coins that stay on that address gain age");
    }
    auto chosen = ChooseBond(own.coins, plan.claim);
    if (chosen.empty())
        return Wrong("the claim needs more than " + std::to_string(MAX_BOND_COINS) +
                     " coins: join small ones");
    std::vector<consensus::AgedValue> used;
    for (const size_t i : chosen) {
        draft.inputs.push_back(own.outpoints[i]);
        plan.bond += own.coins[i].value;
        used.push_back(own.aged[i]);
    }
    plan.coins = static_cast<uint32_t>(chosen.size());
    plan.staking_forgone = consensus::MaxStakeReward(used);
    draft.fee_per_kvb = std::max(options.fee_per_kvb.value_or(USUAL_FEE_PER_KVB), m_deps.pool.MinFeeRate());
    if (draft.fee_per_kvb > MAX_FEE_PER_KVB) return Wrong("the fee rate is out of range: 1 EMC at most");
    return draft;
}

/// Signed twice: the first time shows how large it is.
Batches::Result<ClaimPlan> Batches::BuildClaim(const Draft& draft, WalletApi& wallet) const
{
    ClaimPlan plan = draft.plan;
    reward::CallBatch batch = draft.row.batch;
    batch.claim = static_cast<uint64_t>(plan.claim);
    primitives::MutableTransaction tx;
    tx.version = primitives::REWARD_TX_VERSION;
    for (const auto& outpoint : draft.inputs) {
        tx.inputs.emplace_back();
        tx.inputs.back().prevout = outpoint;
        tx.inputs.back().sequence = SEQUENCE_REPLACEABLE;
    }
    plan.to_caller = std::max(plan.claim / reward::CALLER_SHARE_DIVISOR, LEAST_OUTPUT);
    tx.outputs.push_back({plan.bond, reward::WriteRewardScript(batch, draft.owners.callee)});
    tx.outputs.push_back({plan.to_caller, draft.owners.caller});
    const auto first = wallet.SignTransaction(tx, SIGHASH_ALL);
    if (!first) return base::Unexpected(first.Error());
    if (!first->complete)
        return base::Unexpected(Failure{CODE_WALLET, "the wallet cannot sign for all coins of the claim"});
    const size_t vsize =
        primitives::MakeTx(first->tx)->VirtualSize() + draft.inputs.size() * SIGNATURE_SLACK_BYTES;
    plan.fee = (draft.fee_per_kvb * static_cast<Amount>(vsize) + 999) / 1000;
    plan.to_callee = plan.claim - plan.to_caller - plan.fee;
    if (plan.to_callee < 0) {
        return Wrong("the claim of " + AmountText(plan.claim) + " EMC does not cover the caller's share of " +
                     AmountText(plan.to_caller) + " EMC and the fee of " + AmountText(plan.fee) +
                     " EMC: claim later or for a longer period");
    }
    tx.outputs[0].value = plan.bond + plan.to_callee;
    auto done = wallet.SignTransaction(tx, SIGHASH_ALL);
    if (!done) return base::Unexpected(done.Error());
    if (!done->complete)
        return base::Unexpected(Failure{CODE_WALLET, "the wallet cannot sign for all coins of the claim"});
    plan.tx = primitives::MakeTx(std::move(done->tx));
    return plan;
}

Batches::Result<ClaimPlan> Batches::Claim(const Hash256& id, const ClaimOptions& options, WalletApi& wallet)
{
    wallet.Sync();
    const auto info = Find(id);
    if (!info) return base::Unexpected(info.Error());
    if (info->state == BatchState::Refused) return Wrong("the batch cannot be claimed: " + info->reason);
    if (info->state != BatchState::Signed) {
        return Wrong("a batch that both sides have signed is claimed; this one is " +
                     std::string(interfaces::BATCH_STATE_NAMES[static_cast<size_t>(info->state)]));
    }
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    const auto draft = DraftClaim(*row, options, wallet);
    if (!draft) return base::Unexpected(draft.Error());
    auto plan = BuildClaim(*draft, wallet);
    if (!plan) return plan;
    plan->info = *info;
    if (options.preview) return plan;
    const Hash256 txid = plan->tx->Txid();
    // Noted first: the transaction may be in a block before this call is over.
    const auto before = row->txid;
    const auto noted = m_store.Change(id, [&](BatchRow& known) {
        known.txid = txid;
        known.batch.claim = static_cast<uint64_t>(plan->claim);
    });
    if (!noted) return Failed(noted.Error());
    const auto sent = wallet.Commit(plan->tx, {});
    if (!sent) {
        const auto restored = m_store.Change(id, [&](BatchRow& known) { known.txid = before; });
        if (!restored) return Failed(restored.Error());
        return base::Unexpected(sent.Error());
    }
    EMC_LOG(m_deps.log, Info, Calls, "batch %s: %s EMC claimed in %s", base::Hex(id.Span()).c_str(),
            AmountText(plan->claim).c_str(), base::ReversedHex(txid).c_str());
    auto after = Find(id);
    if (!after) return base::Unexpected(after.Error());
    plan->info = std::move(*after);
    return plan;
}

} // namespace emc::calls
