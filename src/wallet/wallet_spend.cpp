/// Building, signing and sending transactions.
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "interfaces/chain.h"
#include "interfaces/fees.h"
#include "interfaces/pool.h"
#include "wallet/book.h"
#include "wallet/spend.h"

#include <algorithm>

namespace emc::wallet {

using primitives::AmountText;

Result<void> Wallet::ChooseInputs(Draft& draft, Funds& funds)
{
    const Amount rate = draft.fee_rate_per_kvb;
    const Offer offer = OfferFor(draft);
    const Amount base_fee = FeeFor(rate, SizeOf(draft) + COUNT_SLACK_VSIZE);
    SelectionTarget target;
    target.amount = funds.wanted - funds.have + (funds.receiver_pays ? 0 : base_fee);
    target.rate_per_kvb = funds.receiver_pays ? 0 : rate;
    target.change_cost = funds.receiver_pays ? 0 : FeeFor(rate, CHANGE_OUTPUT_VSIZE + CHANGE_INPUT_VSIZE);
    target.min_change = MIN_CHANGE;
    if (target.amount <= 0 && !draft.spent.empty()) {
        funds.with_change = true;
        return {};
    }
    const auto selected = SelectCoins(offer.candidates, target, m_deps.random);
    if (!selected) return Missing(draft, offer, target.amount, target.rate_per_kvb);
    for (const size_t i : selected->chosen) {
        for (const auto& outpoint : offer.CoinsOf(i))
            AddInput(draft, outpoint);
        funds.have += offer.candidates[i].value;
    }
    funds.with_change = selected->with_change;
    return {};
}

/// Gives what is left over back to us where that is worth an output; sets the fee.
Result<void> Wallet::AddChange(Draft& draft, Funds& funds)
{
    const Amount rate = draft.fee_rate_per_kvb;
    funds.fee = FeeFor(rate, SizeOf(draft));
    const Amount left = funds.have - funds.wanted;
    primitives::TxOut output{0, draft.coins.change_script.value_or(script::PayToWitnessKeyHash({}))};
    draft.tx.outputs.push_back(output);
    const Amount fee_with_change = FeeFor(rate, SizeOf(draft));
    draft.tx.outputs.pop_back();
    const Amount change = funds.receiver_pays ? left : left - fee_with_change;
    if (!funds.with_change || change < MIN_CHANGE) {
        // Too little for an output: with the receiver paying it lowers his fee, else it adds to the miner's.
        if (!funds.receiver_pays) funds.fee = left;
        return {};
    }
    funds.fee = fee_with_change;
    if (funds.fee > m_options.max_fee) return {}; // refused by the caller; no address is used up
    if (!draft.coins.change_script) {
        auto script = FreshScript(draft.coins.change_type, true, draft.preview);
        if (!script) return base::Unexpected(script.Error());
        output.script_pubkey = std::move(*script);
    }
    output.value = change;
    const auto by_chance = static_cast<size_t>(m_deps.random.Below(draft.tx.outputs.size() + 1));
    const size_t position = draft.coins.change_position.value_or(by_chance);
    draft.change_position = position;
    for (auto& payer : draft.subtract_fee_from) {
        if (payer >= position) ++payer;
    }
    draft.tx.outputs.insert(draft.tx.outputs.begin() + static_cast<std::ptrdiff_t>(position),
                            std::move(output));
    return {};
}

std::optional<Amount> Wallet::FeeIf(bool whole_addresses, Draft draft, Funds funds)
{
    draft.preview = true;
    draft.coins.whole_addresses = whole_addresses;
    if (!ChooseInputs(draft, funds) || !AddChange(draft, funds)) return std::nullopt;
    return funds.fee;
}

void Wallet::PreferWholeAddresses(Draft& draft, const Funds& funds)
{
    if (m_options.max_aps_fee < 0 || draft.coins.whole_addresses || !draft.coins.add_inputs) return;
    const auto parted = FeeIf(false, draft, funds);
    const auto whole = parted ? FeeIf(true, draft, funds) : std::nullopt;
    draft.coins.whole_addresses = whole && *whole <= *parted + m_options.max_aps_fee;
}

Result<Amount> Wallet::Fund(Draft& draft)
{
    Funds funds;
    funds.receiver_pays = !draft.subtract_fee_from.empty();
    funds.wanted = draft.burned;
    for (const auto& output : draft.tx.outputs) {
        funds.wanted += output.value;
        if (!primitives::MoneyRange(funds.wanted))
            return FailWith(CODE_FUNDS, "The amounts together are more than all EMC there are");
    }
    for (const auto& spent : draft.spent)
        funds.have += spent.value;
    PreferWholeAddresses(draft, funds);
    if (auto chosen = ChooseInputs(draft, funds); !chosen) return base::Unexpected(chosen.Error());
    if (auto changed = AddChange(draft, funds); !changed) return base::Unexpected(changed.Error());
    if (funds.fee > m_options.max_fee) {
        return FailWith(CODE_WALLET, "Fee above -maxtxfee: " + AmountText(funds.fee) +
                                         " EMC, more than -maxtxfee=" + AmountText(m_options.max_fee));
    }
    if (!funds.receiver_pays) return funds.fee;
    Amount outputs = 0;
    for (const auto& output : draft.tx.outputs)
        outputs += output.value;
    const Amount share = funds.fee - (funds.have - outputs); // what is left over pays first
    const auto payers = static_cast<Amount>(draft.subtract_fee_from.size());
    for (size_t i = 0; share > 0 && i < draft.subtract_fee_from.size(); ++i) {
        auto& output = draft.tx.outputs[draft.subtract_fee_from[i]];
        output.value -= share / payers + (i == 0 ? share % payers : 0);
        if (output.value < MIN_OUTPUT)
            return FailWith(CODE_WALLET, "An amount the fee is taken from does not cover it");
    }
    return std::max(funds.fee, funds.have - outputs);
}

Result<void> Wallet::SignInputs(primitives::MutableTransaction& tx,
                                const std::vector<primitives::TxOut>& spent) const
{
    const auto provider = m_book->keys.Provider();
    const script::PrecomputedTx precomputed(tx, spent);
    std::vector<script::SignResult> results;
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        results.push_back(script::SignInput(provider, precomputed, i));
        if (!results.back().complete) return FailWith(CODE_WALLET, "Cannot sign: a key is missing");
    }
    for (size_t i = 0; i < results.size(); ++i) {
        tx.inputs[i].script_sig = std::move(results[i].script_sig);
        tx.inputs[i].witness = std::move(results[i].witness);
    }
    return {};
}

Result<primitives::TxRef> Wallet::Sign(Draft& draft)
{
    if (auto signed_all = SignInputs(draft.tx, draft.spent); !signed_all)
        return base::Unexpected(signed_all.Error());
    return primitives::MakeTx(draft.tx);
}

Amount Wallet::FeeRate(const SendOptions& options) const
{
    Amount usual = m_fee_rate.load() > 0 ? m_fee_rate.load() : m_options.fee_rate_per_kvb;
    if (const auto* fees = options.conf_target ? m_deps.pool.Fees() : nullptr)
        usual = fees->EstimateFee(*options.conf_target, options.fee_mode).per_kvb;
    return std::max(options.fee_per_kvb.value_or(usual), m_deps.pool.MinFeeRate());
}

Result<Amount> Wallet::CheckedFeeRate(const SendOptions& options, int code) const
{
    const Amount rate = FeeRate(options);
    if (rate > MAX_FEE_RATE) return FailWith(CODE_PARAMETER, "The fee rate is out of range");
    if (options.fee_per_kvb && *options.fee_per_kvb < rate) {
        return FailWith(code,
                        "The fee rate of " + AmountText(*options.fee_per_kvb) +
                            " EMC per 1000 virtual bytes is below what nodes relay: " + AmountText(rate));
    }
    return rate;
}

Result<void> Wallet::SetFeeRate(Amount per_kvb)
{
    const Amount least = m_deps.pool.MinFeeRate();
    if (per_kvb != 0 && (per_kvb < least || per_kvb > m_options.max_fee)) {
        return FailWith(CODE_PARAMETER,
                        "The fee rate is out of range: " + AmountText(least) + " to " +
                            AmountText(m_options.max_fee) +
                            " EMC (-maxtxfee) per 1000 virtual bytes, or 0 for that of -paytxfee");
    }
    m_fee_rate.store(per_kvb);
    return {};
}

Result<Wallet::Built> Wallet::Build(Draft draft, const SendOptions& options)
{
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto tip = m_deps.chain.GetTip();
    const auto rate = CheckedFeeRate(options, CODE_FUNDS);
    if (!rate) return base::Unexpected(rate.Error());
    draft.fee_rate_per_kvb = *rate;
    auto fee = Fund(draft);
    if (!fee) return base::Unexpected(fee.Error());
    for (auto& input : draft.tx.inputs)
        input.sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    // A lock time at the tip takes from miners the reason to reach back for its fee.
    draft.tx.lock_time = tip.initial_download ? 0 : static_cast<uint32_t>(std::max(tip.height, 0));
    auto tx = Sign(draft);
    if (!tx) return base::Unexpected(tx.Error());
    if (auto recorded = Record(*tx, options); !recorded) return base::Unexpected(recorded.Error());
    return Built{*tx, *fee};
}

Result<void> Wallet::Record(const primitives::TxRef& tx, const SendOptions& options)
{
    Book& book = *m_book;
    TransactionRow row;
    row.tx = tx;
    row.received = m_deps.clock.NowSec();
    row.order = book.ledger.NextOrder();
    row.comment = options.comment;
    row.comment_to = options.comment_to;
    row.from_me = true;
    if (auto written = book.store->Write({MakeRow(row)}); !written) return FailWith(written.Error());
    book.ledger.Put(std::move(row));
    return {};
}

Result<Hash256> Wallet::Broadcast(const Built& built)
{
    const Hash256 txid = built.tx->Txid();
    const auto sent = m_deps.broadcaster.Submit(built.tx, {});
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    if (!sent) {
        book.refused.insert(txid);
        book.ledger.Forget(txid);
        SaveChanges({});
        return FailWith(sent.Error().code, sent.Error().message);
    }
    if (m_deps.pool.Get(txid)) ApplyPoolTx(built.tx); // before the event says so
    return txid;
}

Result<Hash256> Wallet::Send(const std::vector<interfaces::Recipient>& recipients, const SendOptions& options)
{
    Sync(); // coins of the last block count
    Result<Built> built = FailWith(CODE_MISC, "");
    {
        const base::LockGuard lock(m_mutex);
        Draft draft;
        draft.purpose = recipients.size() == 1 ? "this payment" : "these payments";
        draft.coins = options.coins;
        for (const auto& recipient : recipients) {
            if (recipient.amount < MIN_OUTPUT) return TooSmall(recipient.amount);
            if (recipient.subtract_fee) draft.subtract_fee_from.push_back(draft.tx.outputs.size());
            draft.tx.outputs.push_back({recipient.amount, recipient.script});
        }
        if (draft.tx.outputs.empty()) return FailWith(CODE_PARAMETER, "There is nobody to pay");
        built = Build(std::move(draft), options);
    }
    if (!built) return base::Unexpected(built.Error());
    return Broadcast(*built);
}

} // namespace emc::wallet
