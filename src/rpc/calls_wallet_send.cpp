#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/render_psbt.h"
#include "rpc/send_args.h"
#include "rpc/take.h"
#include "rpc/tx_args.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::WalletMoneyApi;
using primitives::Amount;
using primitives::MutableTransaction;

Json SentJson(const base::Hash256& txid, bool verbose)
{
    if (!verbose) return base::ReversedHex(txid);
    Json out = codec::JsonObject();
    out.pushKV("txid", base::ReversedHex(txid));
    out.pushKV("fee_reason", "Wallet's fee rate");
    return out;
}

Json SendToAddress(const Request& request)
{
    const auto [recipient, options] =
        ReadPayment(request, ScriptOfAddress(request.Chain().Params(), request.Str(0)));
    return SentJson(Take(request.Wallet()->Send({recipient}, options)), request.Bool(10));
}

Json SendMany(const Request& request)
{
    const auto recipients = RecipientsOf(request.Raw(1), request.Has(4) ? request.Raw(4) : Json(), request);
    if (recipients.empty()) throw RpcError(Code::Parameter, "Name at least one recipient");
    SendOptions options;
    options.comment = request.Str(3);
    options.replaceable = request.Bool(5, true);
    ReadFeeArgs(request, {.conf_target = 6, .estimate_mode = 7, .fee_rate = 8}, options);
    return SentJson(Take(request.Wallet()->Send(recipients, options)), request.Bool(9));
}

/// Signs a funded transaction and sends it, or shows it as the options ask.
Json Deliver(const Request& request, WalletMoneyApi::Funded funded, const SpendOptions& options)
{
    const auto wallet = request.Wallet();
    auto psbt = psbt::Create(std::move(funded.tx));
    const bool complete = Take(wallet->ProcessPsbt(psbt, {}));
    const auto tx = complete ? psbt::Extract(psbt) : std::nullopt;
    Json out = codec::JsonObject();
    if (tx && options.add_to_wallet && !options.as_psbt) {
        out.pushKV("txid", base::ReversedHex(Take(wallet->Commit(primitives::MakeTx(*tx), options.send))));
    } else {
        if (tx) {
            out.pushKV("txid", base::ReversedHex(primitives::Transaction(*tx).Txid()));
            out.pushKV("hex", base::Hex(primitives::Serialize(primitives::Transaction(*tx))));
        }
        out.pushKV("psbt", psbt::ToBase64(psbt));
    }
    out.pushKV("complete", tx.has_value());
    return out;
}

/// Options in the last argument, fees in the three before it.
SpendOptions OptionsOf(const Request& request)
{
    SpendOptions out = SpendOptionsOf(request, 4);
    ReadFeeArgs(request, {.conf_target = 1, .estimate_mode = 2, .fee_rate = 3}, out.send);
    return out;
}

/// Miners gain nothing by reaching back for the fee of a transaction that is valid from the next block on
/// only.
uint32_t LockTimeOf(const Request& request, const SpendOptions& options)
{
    if (options.lock_time) return static_cast<uint32_t>(*options.lock_time);
    const auto tip = request.Chain().GetTip();
    return tip.initial_download ? 0 : static_cast<uint32_t>(std::max(tip.height, 0));
}

Json SendCall(const Request& request)
{
    SpendOptions options = OptionsOf(request);
    FindForeignInputs(request, {}, options);
    MutableTransaction tx;
    tx.lock_time = LockTimeOf(request, options);
    AddOutputs(tx, request.Raw(0), request);
    return Deliver(request,
                   Take(request.Wallet()->FundTransaction(tx, options.subtract_fee_from, options.send)),
                   options);
}

Json SendAll(const Request& request)
{
    SpendOptions options = OptionsOf(request);
    if (!options.send.coins.inputs.empty()) options.send.coins.add_inputs = false;
    MutableTransaction tx;
    tx.lock_time = LockTimeOf(request, options);
    std::vector<base::Bytes> takers;
    for (const auto& item : request.Raw(0).getValues()) {
        if (item.isStr()) {
            takers.push_back(ScriptOfAddress(request.Chain().Params(), item.get_str()));
        } else {
            Json list = codec::JsonArray();
            list.push_back(item);
            AddOutputs(tx, list, request);
        }
    }
    return Deliver(request, Take(request.Wallet()->FundAll(tx, takers, options.send)), options);
}

WalletMoneyApi::Bumped BumpOf(const Request& request, SpendOptions& options)
{
    options = SpendOptionsOf(request, 1);
    return Take(request.Wallet()->Bump(request.Hash(0), options.send));
}

Json BumpJson(const WalletMoneyApi::Bumped& bumped)
{
    Json out = codec::JsonObject();
    out.pushKV("origfee", codec::JsonAmount(bumped.old_fee));
    out.pushKV("fee", codec::JsonAmount(bumped.fee));
    out.pushKV("errors", codec::JsonArray());
    return out;
}

Json BumpFee(const Request& request)
{
    SpendOptions options;
    const auto bumped = BumpOf(request, options);
    const auto wallet = request.Wallet();
    auto psbt = psbt::Create(bumped.tx);
    const bool complete = Take(wallet->ProcessPsbt(psbt, {}));
    const auto tx = complete ? psbt::Extract(psbt) : std::nullopt;
    if (!tx) throw RpcError(Code::Wallet, "Cannot sign the replacement: a key is missing");
    if (const auto old = wallet->GetTransaction(request.Hash(0))) {
        options.send.comment = old->comment;
        options.send.comment_to = old->comment_to;
    }
    Json out = codec::JsonObject();
    out.pushKV("txid", base::ReversedHex(Take(wallet->Commit(primitives::MakeTx(*tx), options.send))));
    out.pushKVs(BumpJson(bumped));
    return out;
}

Json PsbtBumpFee(const Request& request)
{
    SpendOptions options;
    const auto bumped = BumpOf(request, options);
    auto psbt = psbt::Create(bumped.tx);
    WalletMoneyApi::PsbtPlan plan;
    plan.sign = plan.finalize = false;
    (void)Take(request.Wallet()->ProcessPsbt(psbt, plan));
    Json out = codec::JsonObject();
    out.pushKV("psbt", psbt::ToBase64(psbt));
    out.pushKVs(BumpJson(bumped));
    return out;
}

Json SetTxFee(const Request& request)
{
    Take(request.Wallet()->SetFeeRate(request.Amount(0)));
    return true;
}

constexpr ArgSpec COMMENT{"comment", ArgType::String, "\"\"", "kept in the wallet only"};
constexpr ArgSpec VERBOSE{"verbose", ArgType::Bool, "false", "an object instead of the id"};

CallTable PaymentCalls()
{
    return {
        {"sendtoaddress",
         "Wallet",
         CallKind::Slow,
         "Sends money.",
         {{"address", ArgType::String, "", "to whom"},
          {"amount", ArgType::Amount, "", "EMC"},
          COMMENT,
          {"comment_to", ArgType::String, "\"\"", "kept in the wallet only"},
          {"subtractfeefromamount", ArgType::Bool, "false", "the receiver pays the fee"},
          REPLACEABLE_ARG,
          CONF_TARGET_ARG,
          ESTIMATE_MODE_ARG,
          AVOID_REUSE_ARG,
          FEE_RATE_ARG,
          VERBOSE},
         "\"txid\" or { txid, fee_reason }",
         "\"address\" 0.1",
         SendToAddress},
        {"sendmany",
         "Wallet",
         CallKind::Slow,
         "Sends money to several at once.",
         {{"dummy", ArgType::String, "\"\"", "\"\""},
          {"amounts", ArgType::Object, "", "{ address: amount }"},
          {"minconf", ArgType::Number, "-", "ignored"},
          COMMENT,
          {"subtractfeefrom", ArgType::Array, "-", "[ address ]: they share the fee"},
          REPLACEABLE_ARG,
          CONF_TARGET_ARG,
          ESTIMATE_MODE_ARG,
          FEE_RATE_ARG,
          VERBOSE},
         "\"txid\" or { txid, fee_reason }",
         "\"\" '{\"address\":0.1}'",
         SendMany},
        {"settxfee",
         "Wallet",
         CallKind::Quick,
         "Sets the fee rate of transactions that name none, until the program ends.",
         {{"amount", ArgType::Amount, "", "EMC per 1000 virtual bytes; 0: as before"}},
         "true",
         "0.0002",
         SetTxFee},
    };
}

constexpr ArgSpec OPTIONS{
    "options", ArgType::Object, "-",
    "{ inputs, add_inputs, include_unsafe, minconf, maxconf, change_address, change_position, change_type,\n"
    "  lock_unspents, avoid_reuse, fee_rate, subtract_fee_from_outputs, replaceable, locktime, "
    "add_to_wallet, "
    "psbt,\n  input_weights: [ { txid, vout, weight } ], solving_data: { pubkeys, scripts, descriptors } }"};

CallTable BuildingCalls()
{
    return {
        {"send",
         "Wallet",
         CallKind::Slow,
         "Builds, signs and sends a transaction; what the wallet cannot sign comes back as a PSBT.",
         {{"outputs", ArgType::Any, "",
           "[ { address: amount } or { \"data\": hex } or { \"name\": operation } ]"},
          CONF_TARGET_ARG,
          ESTIMATE_MODE_ARG,
          FEE_RATE_ARG,
          OPTIONS},
         "{ complete, txid, hex, psbt }",
         "'[{\"address\":0.1}]'",
         SendCall},
        {"sendall",
         "Wallet",
         CallKind::Slow,
         "Spends every coin that may be spent, but for those in names; recipients without amount share it.",
         {{"recipients", ArgType::Array, "", "[ address or { address: amount } ]"},
          CONF_TARGET_ARG,
          ESTIMATE_MODE_ARG,
          FEE_RATE_ARG,
          OPTIONS},
         "{ complete, txid, hex, psbt }",
         "'[\"address\"]'",
         SendAll},
        {"bumpfee",
         "Wallet",
         CallKind::Slow,
         "Replaces a waiting transaction of this wallet by one that pays more (BIP 125).",
         {{"txid", ArgType::Hash, "", "transaction"},
          {"options", ArgType::Object, "-",
           "{ fee_rate, replaceable, change_type, conf_target, estimate_mode }"}},
         "{ txid, origfee, fee, errors }",
         "\"txid\"",
         BumpFee},
        {"psbtbumpfee",
         "Wallet",
         CallKind::Slow,
         "The replacement bumpfee would send, as an unsigned PSBT.",
         {{"txid", ArgType::Hash, "", "transaction"}, {"options", ArgType::Object, "-", "as for bumpfee"}},
         "{ psbt, origfee, fee, errors }",
         "\"txid\"",
         PsbtBumpFee},
    };
}

} // namespace

const CallTable& WalletSendCalls()
{
    static const CallTable table = Joined({PaymentCalls(), BuildingCalls()});
    return table;
}

} // namespace emc::rpc
