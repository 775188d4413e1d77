/// Building, signing and sending transactions.
#include "base/log.h"
#include "wallet/wallet.h"

namespace emc::wallet {

namespace {

using base::Format;
using primitives::AmountText;

/// May be replaced (BIP 125) and lets the lock time count.
constexpr uint32_t SEQUENCE_REPLACEABLE = 0xfffffffd;
constexpr uint32_t SEQUENCE_LOCKTIME = 0xfffffffe;
/// Version, lock time, counts, segwit marker.
constexpr size_t OVERHEAD_VSIZE = 11;
constexpr size_t CHANGE_VSIZE = 31;
constexpr size_t CHANGE_INPUT_VSIZE = 68;
/// Change below this is left to the miner.
constexpr Amount MIN_CHANGE = 1'000;
/// Outputs below this cost more than they hold.
constexpr Amount MIN_OUTPUT = 546;

Amount FeeFor(Amount rate_per_kvb, size_t vsize)
{
    return (rate_per_kvb * static_cast<Amount>(vsize) + 999) / 1000;
}

size_t OutputVsize(const primitives::TxOut& output)
{
    return 8 + codec::CompactSizeBytes(output.script_pubkey.size()) + output.script_pubkey.size();
}

} // namespace

size_t Wallet::InputVsize(ByteSpan script) const
{
    return (script::EstimateInputWeight(m_keys.Provider(), script) + 3) / 4;
}

std::vector<Candidate> Wallet::Spendable() const
{
    std::vector<Candidate> out;
    for (const auto& [outpoint, coin] : m_ledger.Coins()) {
        if (coin.kind != CoinKind::Trusted) continue;
        if (coin.height < 0 && !m_options.spend_unconfirmed_change) continue;
        const size_t vsize = InputVsize(coin.out.script_pubkey);
        if (vsize > 0) out.push_back({outpoint, coin.out.value, vsize});
    }
    return out;
}

/// Adds inputs and change to a draft; gives the network fee.
Result<Amount> Wallet::Fund(Draft& draft)
{
    const bool receiver_pays = !draft.subtract_fee_from.empty();
    size_t base_vsize = OVERHEAD_VSIZE;
    Amount wanted = draft.burned;
    for (const auto& output : draft.tx.outputs) {
        base_vsize += OutputVsize(output);
        wanted += output.value;
    }
    Amount forced = 0;
    for (const auto& spent : draft.spent) {
        base_vsize += InputVsize(spent.script_pubkey);
        forced += spent.value;
    }
    if (!primitives::MoneyRange(wanted))
        return FailWith(CODE_FUNDS, "The amounts together pass 21,000,000 EMC");
    const Amount rate = draft.fee_rate_per_kvb;
    const Amount base_fee = FeeFor(rate, base_vsize);
    SelectionTarget target;
    target.amount = wanted - forced + (receiver_pays ? 0 : base_fee);
    target.rate_per_kvb = receiver_pays ? 0 : rate;
    target.change_cost = receiver_pays ? 0 : FeeFor(rate, CHANGE_VSIZE + CHANGE_INPUT_VSIZE);
    target.min_change = MIN_CHANGE;
    const auto candidates = Spendable();
    Selected selected;
    if (target.amount > 0) {
        auto found = SelectCoins(candidates, target, m_deps.random);
        if (!found) {
            Amount have = 0;
            for (const auto& coin : candidates)
                have += coin.value - InputFee(coin, target.rate_per_kvb);
            return FailWith(
                CODE_FUNDS,
                Format("Insufficient funds: %s EMC missing for %s (%s EMC needed with fees, %s can "
                       "be spent)",
                       AmountText(target.amount - have).c_str(), draft.purpose.c_str(),
                       AmountText(target.amount).c_str(), AmountText(have).c_str()));
        }
        selected = std::move(*found);
    }
    Amount fee = base_fee;
    for (const size_t i : selected.chosen) {
        const auto& coin = candidates[i];
        fee += InputFee(coin, rate);
        primitives::TxIn input;
        input.prevout = coin.outpoint;
        draft.tx.inputs.push_back(std::move(input));
        draft.spent.push_back(m_ledger.Coin(coin.outpoint)->out);
    }
    const Amount change_fee = FeeFor(rate, CHANGE_VSIZE);
    const Amount left = forced + selected.total - wanted - (receiver_pays ? 0 : fee);
    const Amount change = left - (receiver_pays ? 0 : change_fee);
    if (change >= MIN_CHANGE) {
        auto script = FreshScript(AddressType::Bech32, true, draft.preview);
        if (!script) return base::Unexpected(script.Error());
        fee += change_fee;
        const auto position = static_cast<std::ptrdiff_t>(m_deps.random.Below(draft.tx.outputs.size() + 1));
        // Name outputs stay where they are counted; only payments may move.
        const bool fixed = draft.tx.version == primitives::NAME_TX_VERSION || receiver_pays;
        const auto place = fixed ? draft.tx.outputs.end() : draft.tx.outputs.begin() + position;
        draft.tx.outputs.insert(place, {change, std::move(*script)});
    } else if (!receiver_pays) {
        fee += left;
    }
    const auto payers = static_cast<Amount>(draft.subtract_fee_from.size());
    for (size_t i = 0; i < draft.subtract_fee_from.size(); ++i) {
        auto& output = draft.tx.outputs[draft.subtract_fee_from[i]];
        output.value -= fee / payers + (i == 0 ? fee % payers : 0);
        if (output.value < MIN_OUTPUT) {
            return FailWith(CODE_WALLET, "The transaction amount is too small to pay the fee");
        }
    }
    if (fee > m_options.max_fee) {
        return FailWith(CODE_WALLET, "The fee would be " + AmountText(fee) +
                                         " EMC, more than -maxtxfee=" + AmountText(m_options.max_fee));
    }
    return fee;
}

Result<primitives::TxRef> Wallet::Sign(Draft& draft)
{
    const auto provider = m_keys.Provider();
    const script::PrecomputedTx precomputed(draft.tx, draft.spent);
    std::vector<script::SignResult> results;
    for (size_t i = 0; i < draft.tx.inputs.size(); ++i) {
        results.push_back(script::SignInput(provider, precomputed, i));
        if (!results.back().complete)
            return FailWith(CODE_WALLET, "Signing transaction failed: a key is missing");
    }
    for (size_t i = 0; i < results.size(); ++i) {
        draft.tx.inputs[i].script_sig = std::move(results[i].script_sig);
        draft.tx.inputs[i].witness = std::move(results[i].witness);
    }
    return primitives::MakeTx(draft.tx);
}

Result<Wallet::Built> Wallet::Build(Draft draft, const SendOptions& options)
{
    const auto tip = m_deps.chain.GetTip();
    draft.fee_rate_per_kvb =
        std::max(options.fee_per_kvb.value_or(m_options.fee_rate_per_kvb), m_deps.pool.MinFeeRate());
    auto fee = Fund(draft);
    if (!fee) return base::Unexpected(fee.Error());
    for (auto& input : draft.tx.inputs)
        input.sequence = options.replaceable ? SEQUENCE_REPLACEABLE : SEQUENCE_LOCKTIME;
    // A lock time at the tip takes from miners the reason to reach back for its fee.
    draft.tx.lock_time = tip.initial_download ? 0 : static_cast<uint32_t>(std::max(tip.height, 0));
    auto tx = Sign(draft);
    if (!tx) return base::Unexpected(tx.Error());
    TransactionRow row;
    row.tx = *tx;
    row.received = m_deps.clock.NowSec();
    row.comment = options.comment;
    row.comment_to = options.comment_to;
    row.from_me = true;
    if (auto written = m_store->Write({MakeRow(row)}); !written) return FailWith(written.Error());
    m_ledger.Put(std::move(row), TxState::Inactive);
    return Built{*tx, *fee, draft.burned};
}

Result<Hash256> Wallet::Broadcast(const Built& built)
{
    const Hash256 txid = built.tx->Txid();
    const auto sent = m_deps.broadcaster.Submit(built.tx, {});
    const base::LockGuard lock(m_mutex);
    if (!sent) {
        auto row = MakeRow(TransactionRow{built.tx, 0, -1, {}, {}, {}, true, true});
        row.value.reset();
        m_ledger.Forget(txid);
        Persist({row});
        return FailWith(sent.Error().code, sent.Error().message);
    }
    const auto* known = m_ledger.Find(txid);
    if (known != nullptr && known->state == TxState::Inactive) m_ledger.SetState(txid, TxState::InPool);
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
        for (const auto& recipient : recipients) {
            if (recipient.amount < MIN_OUTPUT) return FailWith(CODE_FUNDS, "Transaction amount too small");
            if (recipient.subtract_fee) draft.subtract_fee_from.push_back(draft.tx.outputs.size());
            draft.tx.outputs.push_back({recipient.amount, recipient.script});
        }
        built = Build(std::move(draft), options);
    }
    if (!built) return base::Unexpected(built.Error());
    return Broadcast(*built);
}

} // namespace emc::wallet
