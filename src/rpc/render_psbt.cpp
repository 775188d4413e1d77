#include "rpc/render_psbt.h"

#include "codec/base58.h"
#include "psbt/fields.h"
#include "rpc/tx_args.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using base::ByteSpan;
using psbt::Field;
using psbt::FieldMap;

Json ScriptJson(ByteSpan script, bool with_type)
{
    Json out = codec::JsonObject();
    out.pushKV("asm", script::ScriptToAsm(script, !with_type));
    out.pushKV("hex", base::Hex(script));
    if (with_type) out.pushKV("type", std::string(script::TypeName(script::Solve(script).type)));
    return out;
}

Json OutputJson(const primitives::TxOut& output, const consensus::Params& params)
{
    primitives::MutableTransaction tx;
    tx.outputs.push_back(output);
    Json out = codec::JsonObject();
    out.pushKV("amount", codec::JsonAmount(output.value));
    out.pushKV("scriptPubKey", OutputScriptJson(primitives::Transaction(std::move(tx)), 0, params));
    return out;
}

void PushOrigin(Json& row, const script::KeyOrigin& origin)
{
    row.pushKV("master_fingerprint", base::Hex(origin.fingerprint));
    row.pushKV("path", "m" + script::HdPathText(origin.path));
}

void PushDerivations(Json& out, const FieldMap& map, uint8_t type)
{
    if (!map.Has(type)) return;
    Json list = codec::JsonArray();
    for (const auto& field : map.OfType(type)) {
        Json row = codec::JsonObject();
        row.pushKV("pubkey", base::Hex(field.KeyData()));
        PushOrigin(row, *psbt::ReadOrigin(field.value));
        list.push_back(row);
    }
    out.pushKV("bip32_derivs", list);
}

void PushTapDerivations(Json& out, const FieldMap& map, uint8_t type)
{
    if (!map.Has(type)) return;
    Json list = codec::JsonArray();
    for (const auto& field : map.OfType(type)) {
        const auto origin = *psbt::ReadTapOrigin(field.value);
        Json row = codec::JsonObject();
        row.pushKV("pubkey", base::Hex(field.KeyData()));
        PushOrigin(row, origin.origin);
        Json leaves = codec::JsonArray();
        for (const auto& leaf : origin.leaves)
            leaves.push_back(base::Hex(leaf.Span()));
        row.pushKV("leaf_hashes", leaves);
        list.push_back(row);
    }
    out.pushKV("taproot_bip32_derivs", list);
}

void PushHex(Json& out, const FieldMap& map, uint8_t type, const std::string& name)
{
    if (const auto* value = map.Find(type)) out.pushKV(name, base::Hex(*value));
}

void PushScript(Json& out, const FieldMap& map, uint8_t type, const std::string& name)
{
    if (const auto* value = map.Find(type)) out.pushKV(name, ScriptJson(*value, true));
}

/// Key data and values of all fields of a type as one object.
void PushPairs(Json& out, const FieldMap& map, uint8_t type, const std::string& name)
{
    if (!map.Has(type)) return;
    Json pairs = codec::JsonObject();
    for (const auto& field : map.OfType(type))
        codec::AddField(pairs, base::Hex(field.KeyData()), base::Hex(field.value));
    out.pushKV(name, pairs);
}

Json ProprietaryJson(const FieldMap& map)
{
    Json out = codec::JsonArray();
    for (const auto& field : map.OfType(psbt::PROPRIETARY)) {
        codec::Reader in(field.KeyData());
        Json row = codec::JsonObject();
        row.pushKV("identifier", base::Hex(in.TakeSized()));
        row.pushKV("subtype", in.CompactSize(UINT64_MAX));
        row.pushKV("key", base::Hex(in.Take(in.Remaining())));
        row.pushKV("value", base::Hex(field.value));
        out.push_back(row);
    }
    return out;
}

/// Fields whose meaning this program does not know, and the proprietary ones.
void PushRest(Json& out, const FieldMap& map, ByteSpan known)
{
    if (map.Has(psbt::PROPRIETARY)) out.pushKV("proprietary", ProprietaryJson(map));
    Json unknown = codec::JsonObject();
    for (const auto& field : map.All()) {
        const uint8_t type = field.key[0];
        if (type == psbt::PROPRIETARY || std::find(known.begin(), known.end(), type) != known.end()) continue;
        codec::AddField(unknown, base::Hex(field.key), base::Hex(field.value));
    }
    if (unknown.size() > 0) out.pushKV("unknown", unknown);
}

void PushTaprootInput(Json& out, const FieldMap& map)
{
    PushHex(out, map, psbt::IN_TAP_KEY_SIG, "taproot_key_path_sig");
    if (map.Has(psbt::IN_TAP_SCRIPT_SIG)) {
        Json list = codec::JsonArray();
        for (const auto& field : map.OfType(psbt::IN_TAP_SCRIPT_SIG)) {
            Json row = codec::JsonObject();
            row.pushKV("pubkey", base::Hex(field.KeyData().first(crypto::XOnlyKey::SIZE)));
            row.pushKV("leaf_hash", base::Hex(field.KeyData().subspan(crypto::XOnlyKey::SIZE)));
            row.pushKV("sig", base::Hex(field.value));
            list.push_back(row);
        }
        out.pushKV("taproot_script_path_sigs", list);
    }
    if (map.Has(psbt::IN_TAP_LEAF)) {
        Json list = codec::JsonArray();
        for (const auto& field : map.OfType(psbt::IN_TAP_LEAF)) {
            const ByteSpan value(field.value);
            Json row = codec::JsonObject();
            row.pushKV("script", base::Hex(value.first(value.size() - 1)));
            row.pushKV("leaf_ver", static_cast<int>(value.back()));
            Json blocks = codec::JsonArray();
            blocks.push_back(base::Hex(field.KeyData()));
            row.pushKV("control_blocks", blocks);
            list.push_back(row);
        }
        out.pushKV("taproot_scripts", list);
    }
    PushTapDerivations(out, map, psbt::IN_TAP_DERIVATION);
    PushHex(out, map, psbt::IN_TAP_INTERNAL_KEY, "taproot_internal_key");
    PushHex(out, map, psbt::IN_TAP_ROOT, "taproot_merkle_root");
}

void PushFinal(Json& out, const FieldMap& map)
{
    if (const auto* script = map.Find(psbt::IN_FINAL_SCRIPT_SIG))
        out.pushKV("final_scriptSig", ScriptJson(*script, false));
    if (const auto* witness = map.Find(psbt::IN_FINAL_WITNESS)) {
        Json items = codec::JsonArray();
        const auto stack = psbt::ReadWitness(*witness).value_or(primitives::Witness());
        for (const auto& item : stack)
            items.push_back(base::Hex(item));
        out.pushKV("final_scriptwitness", items);
    }
}

Json InputJson(const FieldMap& map, const consensus::Params& params)
{
    Json out = codec::JsonObject();
    if (const auto* bytes = map.Find(psbt::IN_SPENT_OUTPUT))
        out.pushKV("witness_utxo", OutputJson(*psbt::ReadOutput(*bytes), params));
    if (const auto* bytes = map.Find(psbt::IN_PREVIOUS_TX)) {
        TxJsonOptions options;
        options.hex = false;
        out.pushKV("non_witness_utxo", TxJson(*primitives::ParseTransaction(*bytes), params, options));
    }
    PushPairs(out, map, psbt::IN_PARTIAL_SIG, "partial_signatures");
    if (const auto* type = map.Find(psbt::IN_SIGHASH_TYPE)) {
        codec::Reader in(*type);
        out.pushKV("sighash", HashTypeText(in.U32()));
    }
    PushScript(out, map, psbt::IN_REDEEM_SCRIPT, "redeem_script");
    PushScript(out, map, psbt::IN_WITNESS_SCRIPT, "witness_script");
    PushDerivations(out, map, psbt::IN_DERIVATION);
    PushFinal(out, map);
    PushPairs(out, map, psbt::IN_RIPEMD160, "ripemd160_preimages");
    PushPairs(out, map, psbt::IN_SHA256, "sha256_preimages");
    PushPairs(out, map, psbt::IN_HASH160, "hash160_preimages");
    PushPairs(out, map, psbt::IN_HASH256, "hash256_preimages");
    PushTaprootInput(out, map);
    constexpr std::array<uint8_t, 20> KNOWN = {
        psbt::IN_SPENT_OUTPUT, psbt::IN_PREVIOUS_TX,      psbt::IN_PARTIAL_SIG,
        psbt::IN_SIGHASH_TYPE, psbt::IN_REDEEM_SCRIPT,    psbt::IN_WITNESS_SCRIPT,
        psbt::IN_DERIVATION,   psbt::IN_FINAL_SCRIPT_SIG, psbt::IN_FINAL_WITNESS,
        psbt::IN_RIPEMD160,    psbt::IN_SHA256,           psbt::IN_HASH160,
        psbt::IN_HASH256,      psbt::IN_TAP_KEY_SIG,      psbt::IN_TAP_SCRIPT_SIG,
        psbt::IN_TAP_LEAF,     psbt::IN_TAP_DERIVATION,   psbt::IN_TAP_INTERNAL_KEY,
        psbt::IN_TAP_ROOT,     psbt::PROPRIETARY};
    PushRest(out, map, KNOWN);
    return out;
}

Json OutputMapJson(const FieldMap& map)
{
    Json out = codec::JsonObject();
    PushScript(out, map, psbt::OUT_REDEEM_SCRIPT, "redeem_script");
    PushScript(out, map, psbt::OUT_WITNESS_SCRIPT, "witness_script");
    PushDerivations(out, map, psbt::OUT_DERIVATION);
    PushHex(out, map, psbt::OUT_TAP_INTERNAL_KEY, "taproot_internal_key");
    if (const auto* bytes = map.Find(psbt::OUT_TAP_TREE)) {
        Json list = codec::JsonArray();
        const auto tree = psbt::ReadTree(*bytes).value_or(std::vector<psbt::TreeLeaf>());
        for (const auto& leaf : tree) {
            Json row = codec::JsonObject();
            row.pushKV("depth", static_cast<int>(leaf.depth));
            row.pushKV("leaf_ver", static_cast<int>(leaf.version));
            row.pushKV("script", base::Hex(leaf.script));
            list.push_back(row);
        }
        out.pushKV("taproot_tree", list);
    }
    PushTapDerivations(out, map, psbt::OUT_TAP_DERIVATION);
    constexpr std::array<uint8_t, 6> KNOWN = {psbt::OUT_REDEEM_SCRIPT, psbt::OUT_WITNESS_SCRIPT,
                                              psbt::OUT_DERIVATION,    psbt::OUT_TAP_INTERNAL_KEY,
                                              psbt::OUT_TAP_TREE,      psbt::OUT_TAP_DERIVATION};
    PushRest(out, map, KNOWN);
    return out;
}

Json XpubsJson(const FieldMap& global, const consensus::Params& params)
{
    Json out = codec::JsonArray();
    for (const auto& field : global.OfType(psbt::GLOBAL_XPUB)) {
        // Prefix of any network: shown as this one's.
        base::Bytes bytes(field.KeyData().begin(), field.KeyData().end());
        for (size_t i = 0; i < 4; ++i)
            bytes[i] = static_cast<uint8_t>(params.addresses.ext_public >> (24 - 8 * i));
        Json row = codec::JsonObject();
        row.pushKV("xpub", codec::Base58CheckEncode(bytes));
        PushOrigin(row, *psbt::ReadOrigin(field.value));
        out.push_back(row);
    }
    return out;
}

template <typename Hash>
Json HashesJson(const std::vector<Hash>& hashes)
{
    Json out = codec::JsonArray();
    for (const auto& hash : hashes)
        out.push_back(base::Hex(hash.Span()));
    return out;
}

Json MissingJson(const psbt::InputState& input)
{
    Json out = codec::JsonObject();
    if (!input.missing_keys.empty()) out.pushKV("pubkeys", HashesJson(input.missing_keys));
    if (!input.missing_signatures.empty()) out.pushKV("signatures", HashesJson(input.missing_signatures));
    if (input.missing_redeem_script)
        out.pushKV("redeemscript", base::Hex(input.missing_redeem_script->Span()));
    if (input.missing_witness_script)
        out.pushKV("witnessscript", base::Hex(input.missing_witness_script->Span()));
    return out;
}

} // namespace

Json PsbtJson(const psbt::Psbt& psbt, const consensus::Params& params)
{
    Json out = codec::JsonObject();
    TxJsonOptions options;
    options.hex = false;
    out.pushKV("tx", TxJson(primitives::Transaction(psbt.tx), params, options));
    out.pushKV("global_xpubs", XpubsJson(psbt.global, params));
    out.pushKV("psbt_version", 0);
    out.pushKV("proprietary", ProprietaryJson(psbt.global));
    Json unknown = codec::JsonObject();
    for (const auto& field : psbt.global.All()) {
        const uint8_t type = field.key[0];
        if (type == psbt::GLOBAL_XPUB || type == psbt::GLOBAL_VERSION || type == psbt::PROPRIETARY) continue;
        codec::AddField(unknown, base::Hex(field.key), base::Hex(field.value));
    }
    out.pushKV("unknown", unknown);
    Json inputs = codec::JsonArray();
    for (const auto& map : psbt.inputs)
        inputs.push_back(InputJson(map, params));
    out.pushKV("inputs", inputs);
    Json outputs = codec::JsonArray();
    for (const auto& map : psbt.outputs)
        outputs.push_back(OutputMapJson(map));
    out.pushKV("outputs", outputs);
    const auto state = psbt::Analyze(psbt);
    if (state.fee) out.pushKV("fee", codec::JsonAmount(*state.fee));
    if (state.burned != 0) out.pushKV("burned", codec::JsonAmount(state.burned));
    return out;
}

Json PsbtStateJson(const psbt::State& state)
{
    Json inputs = codec::JsonArray();
    for (const auto& input : state.inputs) {
        Json row = codec::JsonObject();
        row.pushKV("has_utxo", input.has_spent);
        row.pushKV("is_final", input.is_final);
        row.pushKV("next", std::string(psbt::RoleName(input.next)));
        if (Json missing = MissingJson(input); missing.size() > 0) row.pushKV("missing", missing);
        inputs.push_back(row);
    }
    Json out = codec::JsonObject();
    if (inputs.size() > 0) out.pushKV("inputs", inputs);
    if (state.vsize) {
        out.pushKV("estimated_vsize", static_cast<uint64_t>(*state.vsize));
        if (state.fee) {
            const auto rate = *state.fee * 1000 / static_cast<primitives::Amount>(*state.vsize);
            out.pushKV("estimated_feerate", codec::JsonAmount(rate));
        }
    }
    if (state.fee) out.pushKV("fee", codec::JsonAmount(*state.fee));
    if (state.burned != 0) out.pushKV("burned", codec::JsonAmount(state.burned));
    out.pushKV("next", std::string(psbt::RoleName(state.next)));
    if (!state.error.empty()) out.pushKV("error", state.error);
    return out;
}

psbt::Psbt PsbtOf(const std::string& text)
{
    auto parsed = psbt::ParseBase64(text);
    if (!parsed) throw RpcError(Code::Deserialization, "Not a PSBT: " + parsed.Error());
    return std::move(*parsed);
}

} // namespace emc::rpc
