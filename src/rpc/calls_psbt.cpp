#include "codec/base58.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render_psbt.h"
#include "rpc/tx_args.h"
#include "script/key_set.h"

namespace emc::rpc {

namespace {

using psbt::Psbt;

/// Indices of a ranged descriptor unless a range is given, and the most one call expands.
constexpr uint32_t DEFAULT_RANGE_END = 1'000;
constexpr int64_t MAX_RANGE = 1'000'000;

Json CreatePsbt(const Request& request)
{
    return psbt::ToBase64(psbt::Create(TxOfArgs(request, 0)));
}

Json DecodePsbt(const Request& request)
{
    return PsbtJson(PsbtOf(request.Str(0)), request.Chain().Params());
}

Json AnalyzePsbt(const Request& request)
{
    return PsbtStateJson(psbt::Analyze(PsbtOf(request.Str(0))));
}

std::vector<Psbt> PsbtsOf(const Json& list)
{
    std::vector<Psbt> out;
    for (const auto& item : list.getValues())
        out.push_back(PsbtOf(item.isStr() ? item.get_str() : ""));
    return out;
}

Json CombinePsbt(const Request& request)
{
    const auto parts = PsbtsOf(request.Raw(0));
    if (parts.empty()) throw RpcError(Code::Parameter, "The list is empty: name at least one PSBT");
    const auto combined = psbt::Combine(parts);
    if (!combined) throw RpcError(Code::Parameter, combined.Error());
    return psbt::ToBase64(*combined);
}

Json JoinPsbts(const Request& request)
{
    const auto joined = psbt::Join(PsbtsOf(request.Raw(0)));
    if (!joined) throw RpcError(Code::Parameter, joined.Error());
    return psbt::ToBase64(*joined);
}

Json FinalizePsbt(const Request& request)
{
    Psbt psbt = PsbtOf(request.Str(0));
    const bool all = psbt::Finalize(psbt);
    const auto tx = all && request.Bool(1, true) ? psbt::Extract(psbt) : std::nullopt;
    Json out = codec::JsonObject();
    if (tx) {
        out.pushKV("hex", base::Hex(primitives::Serialize(primitives::Transaction(*tx))));
    } else {
        out.pushKV("psbt", psbt::ToBase64(psbt));
    }
    out.pushKV("complete", request.Bool(1, true) ? tx.has_value() : all);
    return out;
}

Json ConvertToPsbt(const Request& request)
{
    const auto bytes = base::FromHex(request.Str(0));
    std::optional<primitives::MutableTransaction> tx;
    // Without an input the form with witness cannot be told from the one without: the caller may say which.
    for (const auto mode : {primitives::WitnessMode::With, primitives::WitnessMode::Without}) {
        const bool with = mode == primitives::WitnessMode::With;
        if (!bytes || tx || (request.Has(2) && request.Bool(2) != with)) continue;
        codec::Reader in(*bytes);
        auto read = primitives::ReadTransaction(in, mode);
        if (in.Done()) tx = std::move(read);
    }
    if (!tx) throw RpcError(Code::Deserialization, "Not a transaction: bytes are missing or left over");
    for (const auto& input : tx->inputs) {
        if (request.Bool(1) || (input.script_sig.empty() && input.witness.empty())) continue;
        throw RpcError(Code::Deserialization, "Inputs are signed: with permitsigdata true the signatures are "
                                              "dropped");
    }
    return psbt::ToBase64(psbt::Create(std::move(*tx)));
}

/// Adds what a descriptor says at all its indices.
void AddDescriptor(const Json& item, const consensus::Params& params, script::KeySet& keys)
{
    const std::string text = item.isStr() ? item.get_str() : TextField(item, "desc");
    const auto descriptor = script::Descriptor::Parse(params.addresses, text, false);
    if (!descriptor) throw RpcError(Code::AddressOrKey, "Invalid descriptor: " + descriptor.Error());
    int64_t first = 0, last = descriptor->IsRange() ? DEFAULT_RANGE_END : 0;
    if (item.isObject() && !item["range"].isNull()) {
        if (!descriptor->IsRange()) throw RpcError(Code::Parameter, "The descriptor has no range");
        const Json& range = item["range"];
        const bool pair = range.isArray() && range.size() == 2 && range[0].isNum() && range[1].isNum();
        if (!pair && !range.isNum())
            throw RpcError(Code::Parameter, "A range is a number or a list of two: first and last index");
        first = pair ? range[0].get_int64() : 0;
        last = pair ? range[1].get_int64() : range.get_int64();
        if (first < 0 || last < first || last >= INT32_MAX || last - first >= MAX_RANGE)
            throw RpcError(Code::Parameter, "The range is too large, or does not begin before its end");
    }
    for (int64_t i = first; i <= last; ++i) {
        const auto outputs = descriptor->Expand(static_cast<uint32_t>(i));
        if (!outputs) throw RpcError(Code::AddressOrKey, "Invalid descriptor: " + outputs.Error());
        keys.Add(*outputs);
    }
}

Json UtxoUpdatePsbt(const Request& request)
{
    Psbt psbt = PsbtOf(request.Str(0));
    script::KeySet keys;
    if (request.Has(1)) {
        for (const auto& item : request.Raw(1).getValues())
            AddDescriptor(item, request.Chain().Params(), keys);
    }
    const auto provider = keys.Provider();
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto& prevout = psbt.tx.inputs[i].prevout;
        if (psbt::IsFinal(psbt.inputs[i])) continue;
        const auto coin = CoinOf(request, prevout);
        const auto parent = request.Rooms().pool != nullptr ? request.Pool().Get(prevout.txid) : nullptr;
        if (coin && !psbt::SpentOutput(psbt, i)) psbt::AddSpent(psbt, i, parent, coin->out, provider);
        psbt::UpdateInput(psbt, i, provider, psbt::Derivations::With);
    }
    for (size_t i = 0; i < psbt.outputs.size(); ++i)
        psbt::UpdateOutput(psbt, i, provider, psbt::Derivations::With);
    return psbt::ToBase64(psbt);
}

constexpr ArgSpec PSBT{"psbt", ArgType::String, "", "the PSBT in base64"};

CallTable MakingCalls()
{
    return {
        {"createpsbt",
         "Rawtransactions",
         CallKind::Quick,
         "A PSBT from inputs and outputs, without any knowledge of them.",
         {{"inputs", ArgType::Array, "", "[ { txid, vout, sequence } ]"},
          {"outputs", ArgType::Any, "",
           "[ { address: amount } or { \"data\": hex } or { \"name\": operation } ]"},
          {"locktime", ArgType::Number, "0", "height or time before which it is not final"},
          {"replaceable", ArgType::Bool, "true", "may be replaced by one that pays more (BIP 125)"}},
         "\"psbt\"    in base64",
         "'[{\"txid\":\"…\",\"vout\":0}]' '[{\"address\":0.01}]'",
         CreatePsbt},
        {"converttopsbt",
         "Rawtransactions",
         CallKind::Quick,
         "A PSBT from a transaction.",
         {{"hexstring", ArgType::String, "", "the transaction"},
          {"permitsigdata", ArgType::Bool, "false", "drop signatures that are there, instead of refusing"},
          {"iswitness", ArgType::Bool, "-", "which form of the transaction it is; both are tried"}},
         "\"psbt\"    in base64",
         "\"hex\"",
         ConvertToPsbt},
        {"utxoupdatepsbt",
         "Rawtransactions",
         CallKind::Slow,
         "Adds the witness outputs that are spent, from chain and mempool, and what descriptors tell.",
         {PSBT, {"descriptors", ArgType::Array, "-", "[ \"descriptor\" or { desc, range } ]"}},
         "\"psbt\"    in base64",
         "\"psbt\"",
         UtxoUpdatePsbt},
        {"combinepsbt",
         "Rawtransactions",
         CallKind::Quick,
         "One PSBT with what several know of the same transaction.",
         {{"txs", ArgType::Array, "", "[ \"psbt\" ]"}},
         "\"psbt\"    in base64",
         "'[\"psbt\",\"psbt\"]'",
         CombinePsbt},
        {"joinpsbts",
         "Rawtransactions",
         CallKind::Quick,
         "One PSBT with the inputs and outputs of several.",
         {{"txs", ArgType::Array, "", "[ \"psbt\" ], at least two without a common input"}},
         "\"psbt\"    in base64",
         "'[\"psbt\",\"psbt\"]'",
         JoinPsbts},
    };
}

CallTable FinishingCalls()
{
    return {
        {"finalizepsbt",
         "Rawtransactions",
         CallKind::Quick,
         "Finishes the inputs whose signatures suffice, and gives the transaction when all are finished.",
         {PSBT, {"extract", ArgType::Bool, "true", "give the transaction instead of the PSBT"}},
         "{ psbt or hex, complete }",
         "\"psbt\"",
         FinalizePsbt},
        {"decodepsbt",
         "Rawtransactions",
         CallKind::Quick,
         "A PSBT as JSON.",
         {PSBT},
         "{ tx, global_xpubs, psbt_version, proprietary, unknown, inputs, outputs, fee, burned }",
         "\"psbt\"",
         DecodePsbt},
        {"analyzepsbt",
         "Rawtransactions",
         CallKind::Quick,
         "What a PSBT lacks and who has to act next.",
         {PSBT},
         "{ inputs: [ { has_utxo, is_final, next, missing } ], estimated_vsize, estimated_feerate, fee, "
         "burned,\n"
         "  next, error }",
         "\"psbt\"",
         AnalyzePsbt},
    };
}

} // namespace

const CallTable& PsbtCalls()
{
    static const CallTable table = Joined({MakingCalls(), FinishingCalls()});
    return table;
}

} // namespace emc::rpc
