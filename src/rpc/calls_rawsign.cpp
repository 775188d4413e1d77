#include "crypto/sha256.h"
#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/tx_args.h"
#include "script/key_set.h"

#include <map>

namespace emc::rpc {

namespace {

using Coins = std::map<primitives::OutPoint, primitives::TxOut>;

/// Outputs of transactions that are on their way: [ { txid, vout, scriptPubKey, redeemScript, witnessScript,
/// amount } ].
void AddPrevious(const Json& list, Coins& coins, script::KeySet& keys)
{
    for (const auto& item : list.getValues()) {
        auto [outpoint, output] = PreviousOutputOf(item);
        coins[outpoint] = std::move(output);
        const auto hex = [&item](const std::string& name) {
            const auto bytes = base::FromHex(TextField(item, name));
            if (!bytes) throw RpcError(Code::Deserialization, name + " is not hexadecimal");
            return *bytes;
        };
        for (const auto* name : {"redeemScript", "witnessScript"}) {
            if (auto script = hex(name); !script.empty()) {
                keys.Add(script);
                const auto witness = script::PayToWitnessScriptHash(crypto::Sha256Of(script));
                keys.Add(witness); // P2SH-P2WSH is asked for by its witness script alone
            }
        }
    }
}

std::string InputText(const primitives::OutPoint& prevout)
{
    return base::ReversedHex(prevout.txid) + ":" + std::to_string(prevout.index);
}

Json ErrorJson(const primitives::TxIn& input, const std::string& error)
{
    Json row = codec::JsonObject();
    row.pushKV("txid", base::ReversedHex(input.prevout.txid));
    row.pushKV("vout", static_cast<int64_t>(input.prevout.index));
    row.pushKV("scriptSig", base::Hex(input.script_sig));
    row.pushKV("sequence", static_cast<int64_t>(input.sequence));
    row.pushKV("error", error);
    return row;
}

/// The outputs a transaction spends; −1 as the amount of those nobody knows.
std::vector<primitives::TxOut> SpentBy(const Request& request, const primitives::MutableTransaction& tx,
                                       const Coins& given)
{
    std::vector<primitives::TxOut> out;
    for (const auto& input : tx.inputs) {
        const auto it = given.find(input.prevout);
        const auto coin = it == given.end() ? CoinOf(request, input.prevout) : std::nullopt;
        out.push_back(it != given.end() ? it->second : coin ? coin->out : primitives::TxOut{});
    }
    return out;
}

/// Signs what the keys of P2SH-P2WPKH lead to as well.
void AddKey(const crypto::PrivateKey& key, script::KeySet& keys)
{
    keys.Add(key);
    if (key.IsCompressed()) keys.Add(script::PayToWitnessKeyHash(key.Public().Id()));
}

Json SignRawTransactionWithKey(const Request& request)
{
    primitives::MutableTransaction tx = TxFromHex(request.Str(0))->Fields();
    script::KeySet keys;
    for (const auto& item : request.Raw(1).getValues()) {
        AddKey(SecretOf(request.Chain().Params(), item.getValStr()), keys);
    }
    Coins given;
    if (request.Has(2)) AddPrevious(request.Raw(2), given, keys);
    const int type = request.Has(3) ? HashTypeOf(request.Str(3)) : script::SIGHASH_ALL;
    const auto spent = SpentBy(request, tx, given);
    const auto provider = keys.Provider();
    const auto unsigned_tx = tx;
    const script::PrecomputedTx precomputed(unsigned_tx, spent);
    Json errors = codec::JsonArray();
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        const std::string text = InputText(tx.inputs[i].prevout);
        if (spent[i].value < 0) {
            errors.push_back(ErrorJson(tx.inputs[i], "Input not found or already spent: " + text));
            continue;
        }
        if (script::VerifyInput(precomputed, i, script::STANDARD_FLAGS)) continue;
        auto result = script::SignInput(provider, precomputed, i, type);
        if (result.complete || !result.script_sig.empty() || !result.witness.empty()) {
            tx.inputs[i].script_sig = std::move(result.script_sig);
            tx.inputs[i].witness = std::move(result.witness);
        }
        if (!result.complete)
            errors.push_back(ErrorJson(tx.inputs[i], "Unable to sign input " + text + ": keys are missing"));
    }
    Json out = codec::JsonObject();
    out.pushKV("hex", base::Hex(primitives::Serialize(primitives::Transaction(std::move(tx)))));
    out.pushKV("complete", errors.size() == 0);
    if (errors.size() > 0) out.pushKV("errors", errors);
    return out;
}

/// All that the other versions of an input bring along, for a signer who has no keys himself.
void LayReady(primitives::TxIn& input, const primitives::TxIn& other, script::KeySet& scripts)
{
    script::ScriptReader reader(other.script_sig);
    while (const auto instruction = reader.Next()) {
        base::Bytes data(instruction->data.begin(), instruction->data.end());
        if (!data.empty()) scripts.Add(data);
        input.witness.push_back(std::move(data));
    }
    for (const auto& item : other.witness) {
        if (!item.empty()) scripts.Add(item);
        input.witness.push_back(item);
    }
}

Json CombineRawTransaction(const Request& request)
{
    std::vector<primitives::TxRef> parts;
    for (const auto& item : request.Raw(0).getValues())
        parts.push_back(TxFromHex(item.isStr() ? item.get_str() : ""));
    if (parts.empty())
        throw RpcError(Code::Deserialization, "The list is empty: name at least one transaction");
    const auto bare = [](primitives::MutableTransaction tx) {
        for (auto& input : tx.inputs) {
            input.script_sig.clear();
            input.witness.clear();
        }
        return primitives::Transaction(std::move(tx)).Txid();
    };
    primitives::MutableTransaction tx = parts.front()->Fields();
    for (const auto& part : parts) {
        if (bare(part->Fields()) != bare(tx))
            throw RpcError(Code::Parameter, "The transactions differ in more than their signatures");
    }
    const auto spent = SpentBy(request, tx, {});
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        if (spent[i].value < 0) {
            throw RpcError(Code::Verify,
                           "Input not found or already spent: " + InputText(tx.inputs[i].prevout));
        }
        script::KeySet scripts;
        primitives::MutableTransaction ready = tx;
        ready.inputs[i].script_sig.clear();
        ready.inputs[i].witness.clear();
        for (const auto& part : parts)
            LayReady(ready.inputs[i], part->Inputs()[i], scripts);
        const script::PrecomputedTx precomputed(ready, spent);
        auto result = script::SignInput(scripts.Provider(), precomputed, i);
        // What cannot be taken apart stays as the first one has it that is signed at all.
        for (size_t n = 0; !result.complete && n < parts.size(); ++n) {
            const auto& input = parts[n]->Inputs()[i];
            const primitives::MutableTransaction whole = parts[n]->Fields();
            if (!script::VerifyInput(script::PrecomputedTx(whole, spent), i, script::STANDARD_FLAGS))
                continue;
            result = {true, input.script_sig, input.witness};
        }
        tx.inputs[i].script_sig = std::move(result.script_sig);
        tx.inputs[i].witness = std::move(result.witness);
    }
    return base::Hex(primitives::Serialize(primitives::Transaction(std::move(tx))));
}

} // namespace

const CallTable& RawSignCalls()
{
    static const CallTable table = {
        {"signrawtransactionwithkey",
         "Rawtransactions",
         CallKind::Slow,
         "Signs the inputs of a transaction with the keys given.",
         {{"hexstring", ArgType::String, "", "the transaction"},
          {"privkeys", ArgType::Array, "", "[ \"key\" ] as dumpprivkey shows them"},
          {"prevtxs", ArgType::Array, "-",
           "outputs that are in no block yet: [ { txid, vout, scriptPubKey, redeemScript, witnessScript, "
           "amount } ]"},
          {"sighashtype", ArgType::String, "ALL",
           "DEFAULT, ALL, NONE or SINGLE, the last three also with |ANYONECANPAY"}},
         "{ hex, complete, errors: [ { txid, vout, scriptSig, sequence, error } ] }",
         "\"hex\" '[\"key\"]'",
         SignRawTransactionWithKey},
        {"combinerawtransaction",
         "Rawtransactions",
         CallKind::Slow,
         "One transaction with the signatures of several versions of it.",
         {{"txs", ArgType::Array, "", "[ \"hex\" ]"}},
         "\"hex\"",
         "'[\"hex\",\"hex\"]'",
         CombineRawTransaction},
    };
    return table;
}

} // namespace emc::rpc
