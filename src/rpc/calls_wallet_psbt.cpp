#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/render_psbt.h"
#include "rpc/send_args.h"
#include "rpc/take.h"
#include "rpc/tx_args.h"

namespace emc::rpc {

namespace {

using interfaces::WalletMoneyApi;

int64_t PositionOf(const WalletMoneyApi::Funded& funded)
{
    return funded.change_position ? static_cast<int64_t>(*funded.change_position) : -1;
}

Json FundRawTransaction(const Request& request)
{
    const auto bytes = base::FromHex(request.Str(0));
    std::optional<primitives::MutableTransaction> tx;
    // Before there are inputs the form without witness has to be tried first.
    for (const auto mode : {primitives::WitnessMode::Without, primitives::WitnessMode::With}) {
        if (!bytes || tx || (request.Has(2) && request.Bool(2) != (mode == primitives::WitnessMode::With)))
            continue;
        codec::Reader in(*bytes);
        auto read = primitives::ReadTransaction(in, mode);
        if (in.Done()) tx = std::move(read);
    }
    if (!tx) throw RpcError(Code::Deserialization, "Not a transaction: bytes are missing or left over");
    auto options = SpendOptionsOf(request, 1);
    FindForeignInputs(request, tx->inputs, options);
    const auto funded = Take(request.Wallet()->FundTransaction(*tx, options.subtract_fee_from, options.send));
    Json out = codec::JsonObject();
    out.pushKV("hex", base::Hex(primitives::Serialize(primitives::Transaction(funded.tx))));
    out.pushKV("fee", codec::JsonAmount(funded.fee));
    out.pushKV("changepos", PositionOf(funded));
    return out;
}

Json WalletCreateFundedPsbt(const Request& request)
{
    const auto wallet = request.Wallet();
    auto options = SpendOptionsOf(request, 3);
    primitives::MutableTransaction tx;
    tx.lock_time = static_cast<uint32_t>(request.IntIn(2, 0, UINT32_MAX, 0));
    if (request.Has(0)) {
        AddInputs(tx, request.Raw(0), options.send.replaceable ? 0xfffffffd : 0xfffffffe);
        for (const auto& input : request.Raw(0).getValues())
            ReadWeight(input, options);
    }
    FindForeignInputs(request, tx.inputs, options);
    // Inputs that are given are enough unless the caller says otherwise.
    const bool said = request.Has(3) && !request.Raw(3)["add_inputs"].isNull();
    if (!tx.inputs.empty() && !said) options.send.coins.add_inputs = false;
    AddOutputs(tx, request.Raw(1), request);
    auto funded = Take(wallet->FundTransaction(tx, options.subtract_fee_from, options.send));
    const int64_t position = PositionOf(funded);
    auto psbt = psbt::Create(std::move(funded.tx));
    WalletMoneyApi::PsbtPlan plan;
    plan.sign = plan.finalize = false;
    plan.derivations = request.Bool(4, true);
    (void)Take(wallet->ProcessPsbt(psbt, plan));
    Json out = codec::JsonObject();
    out.pushKV("psbt", psbt::ToBase64(psbt));
    out.pushKV("fee", codec::JsonAmount(funded.fee));
    out.pushKV("changepos", position);
    return out;
}

Json WalletProcessPsbt(const Request& request)
{
    auto psbt = PsbtOf(request.Str(0));
    WalletMoneyApi::PsbtPlan plan;
    plan.sign = request.Bool(1, true);
    if (request.Has(2)) plan.hash_type = HashTypeOf(request.Str(2));
    plan.derivations = request.Bool(3, true);
    plan.finalize = request.Bool(4, true);
    const bool complete = Take(request.Wallet()->ProcessPsbt(psbt, plan));
    Json out = codec::JsonObject();
    out.pushKV("psbt", psbt::ToBase64(psbt));
    out.pushKV("complete", complete);
    return out;
}

Json LockUnspent(const Request& request)
{
    const bool unlock = request.Bool(0);
    std::vector<primitives::OutPoint> coins;
    if (request.Has(1)) {
        for (const auto& item : request.Raw(1).getValues())
            coins.push_back(OutPointOf(item));
    }
    if (!unlock && coins.empty()) throw RpcError(Code::Parameter, "Name the coins to lock");
    const auto lock = request.Bool(2) ? WalletMoneyApi::CoinLock::File : WalletMoneyApi::CoinLock::Memory;
    Take(request.Wallet()->LockCoins(coins, unlock ? WalletMoneyApi::CoinLock::Free : lock));
    return true;
}

Json ListLockUnspent(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& coin : request.Wallet()->LockedCoins()) {
        Json row = codec::JsonObject();
        row.pushKV("txid", base::ReversedHex(coin.txid));
        row.pushKV("vout", static_cast<int64_t>(coin.index));
        out.push_back(row);
    }
    return out;
}

constexpr ArgSpec OPTIONS{
    "options", ArgType::Object, "-",
    "{ add_inputs, include_unsafe, minconf, maxconf, changeAddress, changePosition, change_type, "
    "lockUnspents,\n"
    "  fee_rate, feeRate, subtractFeeFromOutputs, replaceable, conf_target, estimate_mode,\n"
    "  input_weights: [ { txid, vout, weight } ], solving_data: { pubkeys, scripts, descriptors } }; the "
    "last "
    "two for\n  inputs of others"};

CallTable FundingCalls()
{
    return {
        {"fundrawtransaction",
         "Rawtransactions",
         CallKind::Slow,
         "Adds inputs of this wallet and change to a transaction.",
         {{"hexstring", ArgType::String, "", "the transaction"},
          OPTIONS,
          {"iswitness", ArgType::Bool, "-", "which form of the transaction it is; both are tried"}},
         "{ hex, fee, changepos }",
         "\"hex\"",
         FundRawTransaction},
        {"walletcreatefundedpsbt",
         "Wallet",
         CallKind::Slow,
         "A PSBT that pays the outputs, with inputs and change of this wallet where they are needed.",
         {{"inputs", ArgType::Array, "",
           "[ { txid, vout, sequence, weight } ]; with any no others are added by default"},
          {"outputs", ArgType::Any, "",
           "[ { address: amount } or { \"data\": hex } or { \"name\": operation } ]"},
          {"locktime", ArgType::Number, "0", "height or time before which it is not final"},
          OPTIONS,
          {"bip32derivs", ArgType::Bool, "true", "with the ways to the keys"}},
         "{ psbt, fee, changepos }",
         "'[]' '[{\"address\":0.1}]'",
         WalletCreateFundedPsbt},
        {"walletprocesspsbt",
         "Wallet",
         CallKind::Slow,
         "Adds to a PSBT what this wallet knows, and signs what it can.",
         {{"psbt", ArgType::String, "", "the PSBT in base64"},
          {"sign", ArgType::Bool, "true", "sign, too"},
          {"sighashtype", ArgType::String, "-",
           "DEFAULT, ALL, NONE or SINGLE, the last three also with |ANYONECANPAY"},
          {"bip32derivs", ArgType::Bool, "true", "with the ways to the keys"},
          {"finalize", ArgType::Bool, "true", "finish inputs whose signatures suffice"}},
         "{ psbt, complete }",
         "\"psbt\"",
         WalletProcessPsbt},
    };
}

CallTable LockCalls()
{
    return {
        {"lockunspent",
         "Wallet",
         CallKind::Slow,
         "Keeps coins from being chosen for payments, or frees them.",
         {{"unlock", ArgType::Bool, "", "true frees, false locks"},
          {"transactions", ArgType::Array, "-", "[ { txid, vout } ]; without: free all"},
          {"persistent", ArgType::Bool, "false", "remember it in the wallet file"}},
         "true",
         "false '[{\"txid\":\"…\",\"vout\":0}]'",
         LockUnspent},
        {"listlockunspent",
         "Wallet",
         CallKind::Quick,
         "Coins that are kept back.",
         {},
         "[ { txid, vout } ]",
         "",
         ListLockUnspent},
    };
}

} // namespace

const CallTable& WalletPsbtCalls()
{
    static const CallTable table = Joined({FundingCalls(), LockCalls()});
    return table;
}

} // namespace emc::rpc
