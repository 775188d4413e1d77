#include "codec/base58.h"
#include "codec/bech32.h"
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "interfaces/chain.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "script/descriptor.h"
#include "script/sign.h"

namespace emc::rpc {

namespace {

Json ValidateAddress(const Request& request)
{
    const auto& params = request.Chain().Params();
    const auto script = script::DecodeAddress(params.addresses, request.Str(0));
    Json out = codec::JsonObject();
    out.pushKV("isvalid", script.HasValue());
    if (!script) {
        out.pushKV("error", script.Error());
        Json places = codec::JsonArray();
        for (const size_t place : codec::Bech32Mistakes(request.Str(0)))
            places.push_back(static_cast<uint64_t>(place));
        out.pushKV("error_locations", places);
        return out;
    }
    out.pushKV("address", AddressText(params, *script));
    out.pushKV("scriptPubKey", base::Hex(*script));
    PushAddressKind(out, *script);
    return out;
}

Json VerifyMessage(const Request& request)
{
    const auto script = ScriptOfAddress(request.Chain().Params(), request.Str(0));
    const auto type = script::Solve(script).type;
    if (type != script::ScriptType::PubKeyHash && type != script::ScriptType::WitnessV0KeyHash) {
        throw RpcError(Code::Type, "This address stands for no single key; use a legacy or bech32 address");
    }
    const auto signature = codec::Base64Decode(request.Str(1));
    if (!signature) throw RpcError(Code::Type, "The signature is not base64");
    return script::VerifyMessage(script, request.Str(2), *signature, false);
}

Json SignWithPrivKey(const Request& request)
{
    const auto key = SecretOf(request.Chain().Params(), request.Str(0));
    return codec::Base64Encode(key.SignCompact(script::MessageDigest(request.Str(1))));
}

crypto::PublicKey KeyOf(const Json& value)
{
    const auto bytes = value.isStr() ? base::FromHex(value.get_str()) : std::nullopt;
    const auto key = bytes ? crypto::PublicKey::From(*bytes) : std::nullopt;
    if (!key || !key->IsOnCurve())
        throw RpcError(Code::AddressOrKey, "Invalid public key: " + value.getValStr());
    return *key;
}

Json CreateMultisig(const Request& request)
{
    std::vector<crypto::PublicKey> keys;
    bool compressed = true;
    for (const auto& item : request.Raw(1).getValues()) {
        keys.push_back(KeyOf(item));
        compressed = compressed && keys.back().IsCompressed();
    }
    const int64_t required = request.IntIn(0, 1, 20, 1);
    if (keys.size() < static_cast<size_t>(required)) {
        throw RpcError(Code::Parameter, "not enough keys supplied for the number of signatures required");
    }
    if (keys.size() > 20) throw RpcError(Code::Parameter, "A multisignature address has at most 20 keys");
    const auto redeem = script::MultiSigScript(static_cast<int>(required), keys);
    const std::string type = request.Str(2, "legacy");
    std::string descriptor = "multi(" + std::to_string(required);
    for (const auto& key : keys)
        descriptor += "," + base::Hex(key.Span());
    descriptor += ")";
    const auto witness = script::PayToWitnessScriptHash(crypto::Sha256Of(redeem));
    base::Bytes output;
    if (type == "legacy" || !compressed) {
        if (redeem.size() > script::MAX_ELEMENT_BYTES) {
            throw RpcError(Code::Parameter,
                           "redeemScript exceeds size limit: " + std::to_string(redeem.size()) + " > 520");
        }
        output = script::PayToScriptHash(crypto::Hash160Of(redeem));
        descriptor = "sh(" + descriptor + ")";
    } else if (type == "p2sh-segwit") {
        output = script::PayToScriptHash(crypto::Hash160Of(witness));
        descriptor = "sh(wsh(" + descriptor + "))";
    } else if (type == "bech32") {
        output = witness;
        descriptor = "wsh(" + descriptor + ")";
    } else {
        throw RpcError(Code::AddressOrKey, "Unknown address type '" + type + "'");
    }
    Json out = codec::JsonObject();
    out.pushKV("address", AddressText(request.Chain().Params(), output));
    out.pushKV("redeemScript", base::Hex(redeem));
    out.pushKV("descriptor", descriptor + "#" + script::DescriptorChecksum(descriptor).value_or(""));
    if (!compressed && type != "legacy") {
        Json warnings = codec::JsonArray();
        warnings.push_back("The address is of type legacy: witness scripts take no uncompressed keys");
        out.pushKV("warnings", warnings);
    }
    return out;
}

} // namespace

const CallTable& UtilCalls()
{
    static const CallTable table = {
        {"validateaddress",
         "Util",
         CallKind::Quick,
         "Is this an address of this network?",
         {{"address", ArgType::String, "", "the text"}},
         "{ isvalid, address, scriptPubKey, isscript, iswitness, witness_version, witness_program, error,\n"
         "  error_locations }    error_locations: characters of a bech32 address that are probably mistyped, "
         "from 0",
         "\"address\"",
         ValidateAddress},
        {"verifymessage",
         "Util",
         CallKind::Quick,
         "Did the owner of an address sign this text?",
         {{"address", ArgType::String, "", "legacy or bech32 address"},
          {"signature", ArgType::String, "", "base64 as signmessage gives it"},
          {"message", ArgType::String, "", "the text"}},
         "true or false    (boolean)",
         "\"address\" \"signature\" \"text\"",
         VerifyMessage},
        {"signmessagewithprivkey",
         "Util",
         CallKind::Quick,
         "Signs a text with a private key.",
         {{"privkey", ArgType::String, "", "the key"}, {"message", ArgType::String, "", "the text"}},
         "\"base64\"",
         "\"key\" \"text\"",
         SignWithPrivKey},
        {"createmultisig",
         "Util",
         CallKind::Quick,
         "An n-of-m address from public keys.",
         {{"nrequired", ArgType::Number, "", "signatures needed"},
          {"keys", ArgType::Array, "", "public keys in hex"},
          {"address_type", ArgType::String, "legacy", "legacy, p2sh-segwit or bech32"}},
         "{ address, redeemScript, descriptor, warnings }    warnings: the address is of another type, and "
         "why",
         "2 '[\"03…\",\"02…\"]'",
         CreateMultisig},
    };
    return table;
}

} // namespace emc::rpc
