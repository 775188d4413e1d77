/// Transactions that are built step by step: funded here, signed as PSBT, committed; and their replacement.
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "names/op_codec.h"
#include "psbt/roles.h"
#include "wallet/spend.h"

#include <algorithm>

namespace emc::wallet {

namespace {

using primitives::AmountText;

/// What a replacement pays at least beyond the old fee, per 1000 virtual bytes.
constexpr Amount INCREMENTAL_RATE = 1'000;
/// What the fee rate rises by when none is given.
constexpr Amount BUMP_RATE = 5'000;

} // namespace

Result<Wallet::Draft> Wallet::DraftOf(const primitives::MutableTransaction& tx, const SendOptions& options)
{
    Draft draft;
    draft.tx = tx;
    draft.purpose = "this transaction";
    draft.coins = options.coins;
    draft.burned = BurnedBy(tx);
    draft.preview = options.preview;
    for (const auto& told : options.coins.weighed)
        draft.weights[told.outpoint] = told.weight;
    const auto rate = CheckedFeeRate(options, CODE_WALLET);
    if (!rate) return base::Unexpected(rate.Error());
    draft.fee_rate_per_kvb = *rate;
    if (options.coins.change_position.value_or(0) > tx.outputs.size())
        return FailWith(CODE_PARAMETER, "The position of change is out of range");
    std::set<OutPoint> seen;
    const size_t given = tx.inputs.size();
    for (const auto& outpoint : options.coins.inputs) {
        primitives::TxIn input;
        input.prevout = outpoint;
        draft.tx.inputs.push_back(std::move(input));
    }
    for (size_t i = 0; i < draft.tx.inputs.size(); ++i) {
        auto& input = draft.tx.inputs[i];
        if (!seen.insert(input.prevout).second)
            return FailWith(CODE_PARAMETER,
                            "An input is named twice: " + base::ReversedHex(input.prevout.txid));
        auto spent = CoinFor(input.prevout, draft);
        if (!spent) return base::Unexpected(spent.Error());
        draft.spent.push_back(std::move(*spent));
        if (i >= given) input.sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    }
    for (const auto& output : tx.outputs) {
        const bool data = !output.script_pubkey.empty() && output.script_pubkey[0] == script::OP_RETURN;
        if (output.value < MIN_OUTPUT && !data) return TooSmall(output.value);
    }
    return draft;
}

Wallet::Funded Wallet::FinishFunding(Draft draft, Amount fee, const SendOptions& options)
{
    if (options.coins.lock_inputs) {
        for (const auto& input : draft.tx.inputs)
            m_locked.insert(input.prevout);
    }
    return {std::move(draft.tx), fee, draft.change_position};
}

Result<Wallet::Funded> Wallet::FundTransaction(const primitives::MutableTransaction& tx,
                                               const std::vector<size_t>& subtract_fee_from,
                                               const SendOptions& options)
{
    Sync();
    const base::LockGuard lock(m_mutex);
    if (tx.outputs.empty()) return FailWith(CODE_PARAMETER, "A transaction needs at least one output");
    auto draft = DraftOf(tx, options);
    if (!draft) return base::Unexpected(draft.Error());
    for (const size_t i : subtract_fee_from) {
        if (i >= tx.outputs.size()) {
            return FailWith(CODE_PARAMETER, "The fee cannot be subtracted from output " + std::to_string(i) +
                                                ": there are " + std::to_string(tx.outputs.size()));
        }
    }
    draft->subtract_fee_from = subtract_fee_from;
    const size_t given = draft->tx.inputs.size();
    const auto fee = Fund(*draft);
    if (!fee) return base::Unexpected(fee.Error());
    for (size_t i = given; i < draft->tx.inputs.size(); ++i)
        draft->tx.inputs[i].sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    return FinishFunding(std::move(*draft), *fee, options);
}

Result<Wallet::Funded> Wallet::FundAll(const primitives::MutableTransaction& tx,
                                       const std::vector<Bytes>& takers, const SendOptions& options)
{
    Sync();
    const base::LockGuard lock(m_mutex);
    if (takers.empty()) return FailWith(CODE_PARAMETER, "Nobody gets what is left: name one without amount");
    auto draft = DraftOf(tx, options);
    if (!draft) return base::Unexpected(draft.Error());
    const Amount rate = draft->fee_rate_per_kvb;
    const Offer offer = OfferFor(*draft);
    for (size_t i = 0; i < offer.candidates.size(); ++i) {
        if (offer.candidates[i].value <= InputFee(offer.candidates[i], rate))
            continue; // costs more than it brings
        for (const auto& outpoint : offer.CoinsOf(i))
            AddInput(*draft, outpoint);
    }
    for (auto& input : draft->tx.inputs)
        input.sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    Amount left = -draft->burned;
    for (const auto& spent : draft->spent)
        left += spent.value;
    for (const auto& output : tx.outputs)
        left -= output.value;
    for (const auto& taker : takers)
        draft->tx.outputs.push_back({0, taker});
    const Amount fee = FeeFor(rate, SizeOf(*draft));
    left -= fee;
    const auto count = static_cast<Amount>(takers.size());
    if (left < MIN_OUTPUT * count) {
        return FailWith(CODE_FUNDS, "Insufficient funds: after the fee of " + AmountText(fee) +
                                        " EMC nothing worth sending is left" + WhatIsTied());
    }
    if (fee > m_options.max_fee) {
        return FailWith(CODE_WALLET, "Fee above -maxtxfee: " + AmountText(fee) +
                                         " EMC, more than -maxtxfee=" + AmountText(m_options.max_fee));
    }
    for (size_t i = tx.outputs.size(); i < draft->tx.outputs.size(); ++i)
        draft->tx.outputs[i].value = left / count;
    draft->tx.outputs[tx.outputs.size()].value += left % count;
    return FinishFunding(std::move(*draft), fee, options);
}

Result<Hash256> Wallet::Commit(const primitives::TxRef& tx, const SendOptions& options)
{
    {
        const base::LockGuard lock(m_mutex);
        if (auto recorded = Record(tx, options); !recorded) return base::Unexpected(recorded.Error());
    }
    return Broadcast(Built{tx, 0});
}

Result<void> Wallet::CheckReplaceable(const Hash256& txid) const
{
    const Ledger& ledger = m_book->ledger;
    const auto* row = ledger.Find(txid);
    if (row == nullptr) return FailWith(CODE_ADDRESS, "No transaction of this wallet has that id");
    if (row->state != TxState::InPool && row->state != TxState::Inactive)
        return FailWith(CODE_WALLET, "Cannot be replaced: the transaction is in a block, or void");
    const auto& inputs = row->tx->Inputs();
    if (!std::all_of(inputs.begin(), inputs.end(),
                     [&](const auto& input) { return ledger.Coin(input.prevout) != nullptr; }))
        return FailWith(CODE_WALLET, "Cannot be replaced: it spends coins that are not this wallet's");
    if (!std::any_of(inputs.begin(), inputs.end(),
                     [](const auto& input) { return input.sequence <= SEQUENCE_REPLACEABLE; }))
        return FailWith(CODE_WALLET, "Cannot be replaced: it was sent as not replaceable (BIP 125)");
    for (uint32_t i = 0; i < row->tx->Outputs().size(); ++i) {
        if (m_deps.pool.SpenderOf({txid, i}))
            return FailWith(CODE_PARAMETER, "Cannot be replaced: another transaction spends an output of it");
    }
    return {};
}

Result<Wallet::Bumped> Wallet::Bump(const Hash256& txid, const SendOptions& options)
{
    Sync();
    const base::LockGuard lock(m_mutex);
    if (auto possible = CheckReplaceable(txid); !possible) return base::Unexpected(possible.Error());
    const auto& old = *m_book->ledger.Find(txid)->tx;
    Draft draft;
    draft.tx.version = old.Version();
    draft.tx.lock_time = old.LockTime();
    draft.purpose = "the replacement";
    draft.replaces = txid;
    draft.coins = options.coins;
    Bumped out;
    for (const auto& input : old.Inputs()) {
        AddInput(draft, input.prevout);
        draft.tx.inputs.back().sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
        out.old_fee += draft.spent.back().value;
    }
    for (size_t i = 0; i < old.Outputs().size(); ++i) {
        const auto& output = old.Outputs()[i];
        out.old_fee -= output.value;
        const auto owner = names::OwnerScriptOf(old.Version(), i, output.script_pubkey);
        const bool change = m_book->OwnerOf(owner.script) == Owner::Change;
        if (!owner.had_prefix && !draft.coins.change_script && change) {
            draft.coins.change_script = output.script_pubkey;
        } else {
            draft.tx.outputs.push_back(output);
        }
    }
    draft.burned = BurnedBy(draft.tx);
    out.old_fee -= draft.burned;
    if (draft.tx.outputs.empty()) { // all of it was change: what there is stays one output
        draft.tx.outputs.push_back(old.Outputs()[0]);
        draft.subtract_fee_from.push_back(0);
    }
    const auto vsize = static_cast<Amount>(old.VirtualSize());
    const Amount old_rate = out.old_fee * 1000 / vsize;
    draft.fee_rate_per_kvb =
        std::max(FeeRate(options), options.fee_per_kvb ? Amount{0} : old_rate + BUMP_RATE);
    const Amount least = out.old_fee + FeeFor(INCREMENTAL_RATE, old.VirtualSize());
    if (draft.fee_rate_per_kvb * vsize / 1000 < least) {
        return FailWith(CODE_PARAMETER, "The fee rate is too low: a replacement has to pay " +
                                            AmountText(least) + " EMC at least, the transaction pays " +
                                            AmountText(out.old_fee));
    }
    const size_t given = draft.tx.inputs.size();
    const auto fee = Fund(draft);
    if (!fee) return base::Unexpected(fee.Error());
    for (size_t i = given; i < draft.tx.inputs.size(); ++i)
        draft.tx.inputs[i].sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    out.fee = *fee;
    out.tx = std::move(draft.tx);
    return out;
}

Result<void> Wallet::UpdatePsbt(psbt::Psbt& psbt, const PsbtPlan& plan,
                                const std::vector<std::optional<primitives::TxOut>>& foreign)
{
    const base::LockGuard lock(m_mutex);
    const bool sign = plan.sign && m_book->HoldsKeys(); // others are watched only
    const bool device = plan.sign && (m_book->flags & FLAG_EXTERNAL_SIGNER) != 0;
    if (sign) {
        if (auto keys = NeedKeys(); !keys) return keys;
    }
    const auto provider = m_book->keys.Provider();
    const auto derivations =
        plan.derivations || device ? psbt::Derivations::With : psbt::Derivations::Without;
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        if (psbt::IsFinal(psbt.inputs[i])) continue;
        const auto& prevout = psbt.tx.inputs[i].prevout;
        const auto* coin = m_book->ledger.Coin(prevout);
        const auto* row = m_book->ledger.Find(prevout.txid);
        if (coin != nullptr && row != nullptr) {
            psbt::AddSpent(psbt, i, row->tx, coin->out, provider);
        } else if (foreign[i] && !psbt::SpentOutput(psbt, i)) {
            psbt::AddSpent(psbt, i, nullptr, *foreign[i], provider);
        }
        psbt::UpdateInput(psbt, i, provider, derivations);
    }
    for (size_t i = 0; i < psbt.outputs.size(); ++i)
        psbt::UpdateOutput(psbt, i, provider, derivations);
    if (sign) {
        const auto added = psbt::Sign(psbt, provider, plan.hash_type);
        if (!added) return FailWith(CODE_DESERIALIZATION, added.Error());
    }
    return {};
}

Result<bool> Wallet::ProcessPsbt(psbt::Psbt& psbt, const PsbtPlan& plan)
{
    // What others spend is asked of chain and pool before the lock is taken.
    std::vector<std::optional<primitives::TxOut>> foreign;
    for (const auto& input : psbt.tx.inputs) {
        const auto coin = m_deps.chain.GetCoin(input.prevout);
        foreign.push_back(coin ? std::optional(coin->out) : std::nullopt);
    }
    if (auto updated = UpdatePsbt(psbt, plan, foreign); !updated) return base::Unexpected(updated.Error());
    if (plan.sign && GetInfo().external_signer) {
        if (auto is_signed = SignByDevice(psbt); !is_signed) return base::Unexpected(is_signed.Error());
    }
    psbt::Psbt finished = psbt;
    const bool complete = psbt::Finalize(finished);
    if (plan.finalize) psbt = std::move(finished);
    return complete;
}

} // namespace emc::wallet
