#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/tx_args.h"

#include <algorithm>

namespace emc::rpc {

namespace {

Json CreateRawTransaction(const Request& request)
{
    return base::Hex(primitives::Serialize(primitives::Transaction(TxOfArgs(request, 0))));
}

Json DecodeRawTransaction(const Request& request)
{
    TxJsonOptions options;
    options.hex = false;
    return TxJson(*TxFromHex(request.Str(0)), request.Chain().Params(), options);
}

constexpr size_t COMPRESSED_KEY_BYTES = 33;

/// { asm, desc, address, type } of an output script.
Json ScriptFields(const consensus::Params& params, base::ByteSpan script)
{
    Json out = codec::JsonObject();
    out.pushKV("asm", script::ScriptToAsm(script));
    out.pushKV("desc", DescriptorOf(params, script));
    if (const auto address = AddressText(params, script); !address.empty()) out.pushKV("address", address);
    out.pushKV("type", std::string(script::TypeName(script::Solve(script).type)));
    return out;
}

/// The witness program that stands for a script; nullopt for those that have none.
std::optional<base::Bytes> WitnessFormOf(base::ByteSpan script)
{
    using script::ScriptType;
    const auto solved = script::Solve(script);
    switch (solved.type) {
    case ScriptType::PubKeyHash:
        return script::PayToWitness(0, solved.parts[0]);
    case ScriptType::PubKey:
        if (solved.parts[0].size() != COMPRESSED_KEY_BYTES) return std::nullopt; // BIP 143 takes no others
        return script::PayToWitnessKeyHash(crypto::Hash160Of(solved.parts[0]));
    case ScriptType::MultiSig:
    case ScriptType::NonStandard:
        return script::PayToWitnessScriptHash(crypto::Sha256Of(script));
    default:
        return std::nullopt;
    }
}

Json DecodeScript(const Request& request)
{
    const auto bytes = request.Hex(0);
    const auto& params = request.Chain().Params();
    Json out = ScriptFields(params, bytes);
    const auto type = script::Solve(bytes).type;
    if (type == script::ScriptType::ScriptHash || type == script::ScriptType::NullData) return out;
    out.pushKV("p2sh", AddressText(params, script::PayToScriptHash(crypto::Hash160Of(bytes))));
    if (const auto witness = WitnessFormOf(bytes)) {
        Json segwit = ScriptFields(params, *witness);
        segwit.pushKV("hex", base::Hex(*witness));
        segwit.pushKV("p2sh-segwit",
                      AddressText(params, script::PayToScriptHash(crypto::Hash160Of(*witness))));
        out.pushKV("segwit", segwit);
    }
    return out;
}

interfaces::FoundTx FindTx(const Request& request, const base::Hash256& txid,
                           const std::optional<base::Hash256>& block)
{
    if (block) {
        const auto info = request.Chain().BlockByHash(*block);
        if (!info) throw RpcError(Code::AddressOrKey, "Block hash not found");
        const auto read = request.Chain().ReadBlock(*block);
        if (!read) throw RpcError(read.Error());
        for (const auto& tx : (*read)->transactions) {
            if (tx->Txid() == txid) return {tx, block, info->height, static_cast<int64_t>(info->header.time)};
        }
        throw RpcError(Code::AddressOrKey, "The block holds no such transaction");
    }
    if (request.Rooms().pool != nullptr) {
        if (auto tx = request.Pool().Get(txid)) return {tx, std::nullopt, -1, 0};
    }
    const auto* index = request.Rooms().index;
    if (auto found = index != nullptr ? index->FindTx(txid) : std::nullopt) return *found;
    throw RpcError(
        Code::AddressOrKey,
        "Neither the mempool nor -txindex knows this transaction; give the hash of its block, or ask "
        "gettransaction if it is the wallet's own");
}

/// The coins a found transaction spends, by input; nullopt when they are not all known.
std::optional<std::vector<primitives::Coin>> SpentBy(const Request& request, const interfaces::FoundTx& found)
{
    if (found.tx->IsCoinbase()) return std::nullopt;
    if (found.block) {
        const auto block = request.Chain().ReadBlock(*found.block);
        auto spent = request.Chain().ReadSpentCoins(*found.block);
        if (!block || !spent) return std::nullopt;
        const auto& all = (*block)->transactions;
        const auto place = std::find_if(all.begin(), all.end(), [&found](const primitives::TxRef& tx) {
            return tx->Txid() == found.tx->Txid();
        });
        const auto at = static_cast<size_t>(place - all.begin());
        if (at >= spent->size()) return std::nullopt;
        return std::move((*spent)[at]);
    }
    std::vector<primitives::Coin> out;
    for (const auto& input : found.tx->Inputs()) {
        auto coin = CoinOf(request, input.prevout);
        if (!coin) return std::nullopt;
        out.push_back(std::move(*coin));
    }
    return out;
}

Json GetRawTransaction(const Request& request)
{
    int64_t verbosity = 0;
    if (request.Has(1)) {
        const Json& value = request.Raw(1);
        if (!value.isBool() && !value.isNum())
            throw RpcError(Code::Type, "verbose must be 0, 1, 2 or a boolean");
        verbosity = value.isBool() ? (value.get_bool() ? 1 : 0) : request.IntIn(1, 0, 2, 0);
    }
    const auto found =
        FindTx(request, request.Hash(0), request.Has(2) ? std::optional(request.Hash(2)) : std::nullopt);
    if (verbosity == 0) return base::Hex(primitives::Serialize(*found.tx));
    const auto spent = verbosity == 2 ? SpentBy(request, found) : std::nullopt;
    TxJsonOptions options;
    options.spent = spent ? &*spent : nullptr;
    options.prevouts = options.name_fields = verbosity == 2;
    Json out = TxJson(*found.tx, request.Chain().Params(), options);
    if (!found.block) return out;
    const auto info = request.Chain().BlockByHash(*found.block);
    out.pushKV("blockhash", base::ReversedHex(*found.block));
    out.pushKV("confirmations", info ? info->confirmations : 0);
    out.pushKV("time", found.block_time);
    out.pushKV("blocktime", found.block_time);
    if (request.Has(2)) out.pushKV("in_active_chain", info && info->in_best_chain);
    return out;
}

Json SendRawTransaction(const Request& request)
{
    const auto tx = TxFromHex(request.Str(0));
    const auto accepted =
        request.Broadcaster().Submit(tx, {.max_fee_per_kvb = request.Amount(1, DEFAULT_MAX_FEE_RATE)});
    if (!accepted) throw RpcError(accepted.Error());
    return base::ReversedHex(accepted->txid);
}

} // namespace

const CallTable& RawTxCalls()
{
    static const CallTable table = {
        {"createrawtransaction",
         "Rawtransactions",
         CallKind::Quick,
         "An unsigned transaction from inputs and outputs.",
         {{"inputs", ArgType::Array, "", "[ { txid, vout, sequence } ]"},
          {"outputs", ArgType::Any, "",
           "[ { address: amount } or { \"data\": hex } or { \"name\": operation } ]"},
          {"locktime", ArgType::Number, "0", "height or time before which it is not final"},
          {"replaceable", ArgType::Bool, "true", "may be replaced by one that pays more (BIP 125)"}},
         "\"hex\"",
         "'[{\"txid\":\"…\",\"vout\":0}]' '[{\"address\":0.01}]'",
         CreateRawTransaction},
        {"decoderawtransaction",
         "Rawtransactions",
         CallKind::Quick,
         "A serialised transaction as JSON.",
         {{"hexstring", ArgType::String, "", "the transaction"},
          {"iswitness", ArgType::Bool, "-", "ignored: both forms are tried"}},
         "{ txid, hash, version, size, vsize, weight, locktime, vin, vout }",
         "\"hex\"",
         DecodeRawTransaction},
        {"decodescript",
         "Rawtransactions",
         CallKind::Quick,
         "A script as JSON.",
         {{"hexstring", ArgType::Hex, "", "the script"}},
         "{ asm, desc, address, type, p2sh, segwit: { asm, desc, address, type, hex, p2sh-segwit } }\n"
         "segwit: the witness program that would stand for it; left out where there is none",
         "\"76a914…88ac\"",
         DecodeScript},
        {"getrawtransaction",
         "Rawtransactions",
         CallKind::Slow,
         "A transaction of the mempool or of a block.",
         {{"txid", ArgType::Hash, "", "transaction"},
          {"verbose|verbosity", ArgType::Any, "0",
           "0: hex, 1: JSON, 2: also fee, prevouts, nvsname and nvsvalue"},
          {"blockhash", ArgType::Hash, "-", "look in this block (needed without -txindex)"}},
         "\"hex\" or { txid, …, blockhash, confirmations, time, blocktime }\n"
         "With 2: fee, burned, vin: [ { prevout: { generated, height, value, scriptPubKey } } ] where the "
         "spent "
         "coins\n"
         "are known, vout: [ { nvsname, nvsvalue } ] of name outputs.",
         "\"txid\" 1",
         GetRawTransaction},
        {"sendrawtransaction",
         "Rawtransactions",
         CallKind::Slow,
         "Gives the node a signed transaction.",
         {{"hexstring", ArgType::String, "", "the transaction"},
          {"maxfeerate", ArgType::Amount, "0.10", "EMC per kvB it may pay at most; 0: any"}},
         "\"txid\"",
         "\"hex\"",
         SendRawTransaction},
    };
    return table;
}

} // namespace emc::rpc
