// Output templates, script text and encodings: recorded RPC answers and the fixtures of a JavaScript library.
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/descriptor.h"
#include "script/encoding.h"
#include "script/opcodes.h"
#include "script/taproot.h"
#include "vectors/registry.h"
#include "vectors/script_text.h"

namespace emc::vectors {
namespace {

using base::Bytes;
using base::ByteSpan;
using codec::Json;
using script::AddressParams;
using script::ScriptType;

std::string TypeOf(ByteSpan script)
{
    return std::string(script::TypeName(script::Solve(script).type));
}

bool IsTaproot(ByteSpan script)
{
    return script::Solve(script).type == ScriptType::WitnessV1Taproot;
}

/// Witness versions above 0 were shown in Bech32 before BIP 350.
bool ShownInOldBech32(ByteSpan script)
{
    return script::Solve(script).witness_version > 0;
}

void CheckScriptJson(const AddressParams& params, const Json& want, ByteSpan script, Report& report)
{
    const std::string id = base::Hex(script).substr(0, 60);
    report.CheckText(script::ScriptToAsm(script), TextField(want["asm"]), id);
    if (IsTaproot(script)) {
        report.Skip("a Taproot output, recorded before there was Taproot");
    } else {
        report.CheckText(TypeOf(script), TextField(want["type"]), id);
    }
    const auto& addresses = Items(want["addresses"]);
    if (addresses.size() == 1 && script::Solve(script).type != ScriptType::MultiSig) {
        if (ShownInOldBech32(script)) {
            report.Skip("an address of witness version 1 or above, recorded before BIP 350");
        } else {
            report.CheckText(ShownAddress(params, script), TextField(addresses[0]), id);
        }
    }
    if (!want.exists("reqSigs")) return;
    const auto solution = script::Solve(script);
    const int64_t required = solution.type == ScriptType::MultiSig ? solution.parts[0][0] : 1;
    report.Check(required == IntField(want["reqSigs"]), id, "reqSigs is " + std::to_string(required));
}

Bytes WrapInScriptHash(ByteSpan script)
{
    return script::PayToScriptHash(crypto::Hash160Of(script));
}

/// The witness program that pays to the same condition.
Bytes WitnessOf(ByteSpan script)
{
    const auto solution = script::Solve(script);
    if (solution.type == ScriptType::PubKey) {
        return script::PayToWitnessKeyHash(crypto::Hash160Of(solution.parts[0]));
    }
    if (solution.type == ScriptType::PubKeyHash) {
        return script::PayToWitnessKeyHash(*base::Hash160::From(solution.parts[0]));
    }
    return script::PayToWitnessScriptHash(crypto::Sha256Of(script));
}

void CheckDecoded(const AddressParams& params, const Json& want, ByteSpan script, Report& report)
{
    CheckScriptJson(params, want, script, report);
    const std::string id = base::Hex(script).substr(0, 60);
    if (want.exists("p2sh")) {
        report.CheckText(script::EncodeAddress(params, WrapInScriptHash(script)).value_or(""),
                         TextField(want["p2sh"]), "p2sh of " + id);
    }
    if (!want.exists("segwit")) return;
    const Json& segwit = want["segwit"];
    const Bytes program = WitnessOf(script);
    if (segwit.exists("hex"))
        report.CheckText(base::Hex(program), TextField(segwit["hex"]), "segwit of " + id);
    CheckScriptJson(params, segwit, program, report);
    report.CheckText(script::EncodeAddress(params, WrapInScriptHash(program)).value_or(""),
                     TextField(segwit["p2sh-segwit"]), "p2sh-segwit of " + id);
}

void RunRecordedDecode(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        CheckDecoded(RecordedParams(TextField(row["net"])), row["result"], HexField(row["params"][0]),
                     report);
    }
}

void RunDecodeScript(const VectorFile& file, Report& report)
{
    AddressParams params = ForeignParams("regtest");
    params.bech32_prefix = "ncrt";
    for (const Json& row : Items(file.json)) {
        const Bytes script = HexField(row[0]);
        const Json& want = row[1];
        const std::string id = TextField(row[0]);
        if (TextField(want["asm"]).starts_with("OP_NAME")) {
            report.Skip("op codes under names of another chain");
        } else {
            report.CheckText(script::ScriptToAsm(script), TextField(want["asm"]), id);
        }
        report.CheckText(TypeOf(script), TextField(want["type"]), id);
        const auto address = script::EncodeAddress(params, script);
        report.CheckText(address.value_or(""), TextField(want["address"]), id);
        const std::string text = address ? "addr(" + *address + ")" : "raw(" + base::Hex(script) + ")";
        const auto descriptor = script::Descriptor::Parse(params, text, false);
        report.CheckText(descriptor ? descriptor->Text() : descriptor.Error(), TextField(want["desc"]), id);
        if (want.exists("segwit")) CheckDecoded(params, want, script, report);
    }
}

void RunValidateAddress(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const AddressParams params = RecordedParams(TextField(row["net"]));
        const std::string text = TextField(row["params"][0]);
        const Json& want = row["result"];
        const auto script = script::DecodeAddress(params, text);
        if (want["isvalid"].isTrue() && want["iswitness"].isTrue() && IntField(want["witness_version"]) > 0) {
            // Bech32 was right for every version then; now these need Bech32m.
            report.Check(!script, text, "Bech32 taken for a version above 0");
            continue;
        }
        if (!script) {
            report.Check(want["isvalid"].isFalse(), text, script.Error());
            continue;
        }
        report.Check(want["isvalid"].isTrue() || ShownInOldBech32(*script), text, "taken");
        if (!want["isvalid"].isTrue()) continue;
        report.CheckText(base::Hex(*script), TextField(want["scriptPubKey"]["hex"]), text);
        report.CheckText(script::EncodeAddress(params, *script).value_or(""), TextField(want["address"]),
                         text);
        CheckScriptJson(params, want["scriptPubKey"], *script, report);
    }
}

void RunCreateMultiSig(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const AddressParams params = RecordedParams(TextField(row["net"]));
        const auto& arguments = Items(row["params"]);
        std::vector<crypto::PublicKey> keys;
        bool compressed = true;
        for (const Json& text : Items(arguments.at(1))) {
            const auto key = crypto::PublicKey::From(HexField(text));
            if (!key) continue;
            compressed = compressed && key->IsCompressed();
            keys.push_back(*key);
        }
        const Bytes redeem = script::MultiSigScript(static_cast<int>(IntField(arguments.at(0))), keys);
        const std::string id = base::Hex(redeem).substr(0, 60);
        report.CheckText(base::Hex(redeem), TextField(row["result"]["redeemScript"]), id);
        const std::string kind = arguments.size() > 2 && compressed ? TextField(arguments[2]) : "legacy";
        const Bytes program = script::PayToWitnessScriptHash(crypto::Sha256Of(redeem));
        const Bytes output =
            kind == "bech32" ? program : WrapInScriptHash(kind == "legacy" ? redeem : program);
        report.CheckText(script::EncodeAddress(params, output).value_or(""),
                         TextField(row["result"]["address"]), id);
    }
}

// ---- fixtures of the JavaScript library
// --------------------------------------------------------------------------

void RunJsScript(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["valid"])) {
        const std::string text = TextField(row["asm"]);
        const Bytes script = HexField(row["script"]);
        const auto built = ScriptFromAsm(text);
        if (row.exists("nonstandard")) {
            report.Skip("not in the shortest form");
        } else {
            report.CheckText(built ? base::Hex(*built) : "", base::Hex(script), text);
        }
        if (!row.exists("stack")) continue;
        report.Check(script::IsPushOnly(script), text, "not push only");
        std::vector<std::string> pushes;
        script::ScriptReader reader(script);
        while (const auto instruction = reader.Next()) {
            if (instruction->opcode <= script::OP_PUSHDATA4) {
                pushes.push_back(base::Hex(instruction->data));
            } else {
                const int value =
                    instruction->opcode == script::OP_1NEGATE ? -1 : instruction->opcode - script::OP_1 + 1;
                pushes.push_back(base::Hex(script::EncodeScriptNumber(value)));
            }
        }
        std::vector<std::string> wanted;
        for (const Json& item : Items(row["stack"]))
            wanted.push_back(TextField(item));
        report.Check(pushes == wanted, text, "other pushes");
    }
    for (const Json& row : Items(file.json["valid2"])) {
        const Bytes output = HexField(row["outputHex"]);
        const std::string kind = TextField(row["type"]);
        const std::string want = kind == "witnesspubkeyhash"   ? "witness_v0_keyhash"
                                 : kind == "witnessscripthash" ? "witness_v0_scripthash"
                                                               : kind;
        if (output.empty()) {
            report.Skip("a template without its output in hex");
        } else {
            report.CheckText(TypeOf(output), want, TextField(row["outputHex"]));
        }
    }
    for (const Json& row : Items(file.json["invalid"]["decompile"])) {
        script::ScriptReader reader(HexField(row["script"]));
        const Bytes script = HexField(row["script"]);
        script::ScriptReader steps(script);
        while (steps.Next()) {
        }
        report.Check(steps.Broken(), TextField(row["script"]), "taken");
    }
    for (const Json& row : Items(file.json["invalid"]["fromASM"])) {
        report.Check(!ScriptFromAsm(TextField(row["script"])), TextField(row["script"]), "taken");
    }
}

void RunJsNumbers(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        const Bytes bytes = HexField(row["hex"]);
        const int64_t number = IntField(row["number"]);
        const auto width = row.exists("bytes") ? static_cast<size_t>(IntField(row["bytes"])) : size_t{4};
        report.CheckBytes(script::EncodeScriptNumber(number), bytes, TextField(row["hex"]));
        report.Check(script::DecodeScriptNumber(bytes, width) == number, TextField(row["hex"]), "differs");
    }
}

void RunJsSignatures(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["valid"])) {
        const Bytes signature = HexField(row["hex"]);
        const std::string id = TextField(row["hex"]);
        report.Check(script::IsStrictDer(signature) && script::IsDefinedHashType(signature), id, "refused");
        report.Check(!signature.empty() && signature.back() == IntField(row["hashType"]), id,
                     "other hash type");
    }
    for (const Json& row : Items(file.json["invalid"])) {
        const Bytes signature = HexField(row["hex"]);
        report.Check(!script::IsStrictDer(signature) || !script::IsDefinedHashType(signature),
                     TextField(row["hex"]), "taken, but: " + TextField(row["exception"]));
    }
}

void RunCanonical(const VectorFile& file, Report& report)
{
    const bool good = file.name.find("noncanonical") == std::string::npos;
    for (const Json& row : Items(file.json)) {
        const auto signature = base::FromHex(TextField(row));
        if (!signature) continue; // a comment
        const bool taken =
            script::CheckSignatureForm(*signature, script::VERIFY_STRICTENC) == script::Error::Ok;
        report.Check(taken == good, TextField(row), taken ? "taken" : "refused");
    }
}

std::string UpperCase(std::string text)
{
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

void RunJsAddresses(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["standard"])) {
        const AddressParams params = ForeignParams(TextField(row["network"]));
        const auto script = ScriptFromAsm(TextField(row["script"]));
        for (const char* kind : {"base58check", "bech32"}) {
            if (!row.exists(kind) || !script) continue;
            const std::string text = TextField(row[kind]);
            std::string shown = script::EncodeAddress(params, *script).value_or("");
            if (text.starts_with("BC1")) shown = UpperCase(shown);
            report.CheckText(shown, text, text);
            const auto decoded = script::DecodeAddress(params, text);
            report.Check(decoded && *decoded == *script, text, "refused or differs");
        }
    }
    for (const Json& row : Items(file.json["bech32"])) {
        AddressParams params = ForeignParams("main");
        params.bech32_prefix = TextField(row["prefix"]);
        const Bytes script =
            script::PayToWitness(static_cast<int>(IntField(row["version"])), HexField(row["data"]));
        const std::string text = TextField(row["address"]);
        std::string shown = script::EncodeAddress(params, script).value_or("");
        if (text.starts_with("BC1")) shown = UpperCase(shown);
        report.CheckText(shown, text, text);
    }
    const Json& invalid = file.json["invalid"];
    for (const char* kind : {"bech32", "fromBase58Check", "toOutputScript"}) {
        for (const Json& row : Items(invalid[kind])) {
            if (row.exists("paymentException")) {
                report.Skip("a Taproot key that is no point: the address is right, the coin is lost");
                continue;
            }
            for (const char* network : {"main", "testnet", "regtest"}) {
                AddressParams params = ForeignParams(network);
                if (row["network"].isObject()) params.bech32_prefix = TextField(row["network"]["bech32"]);
                const auto decoded = script::DecodeAddress(params, TextField(row["address"]));
                report.Check(!decoded, TextField(row["address"]),
                             "taken, but: " + TextField(row["exception"]));
            }
        }
    }
    for (const Json& row : Items(invalid["fromOutputScript"])) {
        const auto script = ScriptFromAsm(TextField(row["script"]));
        if (row.exists("description")) {
            report.Skip("a Taproot key that is no point: the address is right, the coin is lost");
        } else {
            report.Check(script && !script::EncodeAddress(ForeignParams("main"), *script),
                         TextField(row["script"]), "has an address");
        }
    }
}

/// A field of a payment: what was given, else what is expected.
const Json& PaymentField(const Json& row, const std::string& name)
{
    const Json& given = row["arguments"][name];
    return given.isNull() ? row["expected"][name] : given;
}

std::optional<Bytes> PaymentOutput(const Json& row)
{
    if (row["arguments"].exists("outputHex")) return HexField(row["arguments"]["outputHex"]);
    const Json& text = PaymentField(row, "output");
    return text.isStr() ? ScriptFromAsm(TextField(text)) : std::nullopt;
}

AddressParams PaymentNetwork(const Json& row)
{
    for (const char* part : {"arguments", "expected"}) {
        if (row[part].exists("network")) return ForeignParams(TextField(row[part]["network"]));
    }
    return ForeignParams("main");
}

struct Payment {
    ScriptType type = ScriptType::NonStandard;
    std::string_view name;
};

Payment PaymentOfFile(const std::string& name)
{
    if (name.ends_with("/p2pk.json")) return {ScriptType::PubKey, "pubkey"};
    if (name.ends_with("/p2pkh.json")) return {ScriptType::PubKeyHash, "pubkey"};
    if (name.ends_with("/p2wpkh.json")) return {ScriptType::WitnessV0KeyHash, "pubkey"};
    if (name.ends_with("/p2sh.json")) return {ScriptType::ScriptHash, "redeem"};
    if (name.ends_with("/p2wsh.json")) return {ScriptType::WitnessV0ScriptHash, "redeem"};
    if (name.ends_with("/p2tr.json")) return {ScriptType::WitnessV1Taproot, "pubkey"};
    if (name.ends_with("/p2ms.json")) return {ScriptType::MultiSig, ""};
    return {ScriptType::NullData, ""};
}

/// The output made anew from what it commits to; nullopt when the row does not say.
std::optional<Bytes> RebuildOutput(ScriptType type, const Json& row)
{
    const auto key = crypto::PublicKey::From(HexField(PaymentField(row, "pubkey")));
    const Bytes hash = HexField(PaymentField(row, "hash"));
    const Json& redeem_text = PaymentField(row, "redeem")["output"];
    const auto redeem = redeem_text.isStr() ? ScriptFromAsm(TextField(redeem_text)) : std::nullopt;
    switch (type) {
    case ScriptType::PubKey:
        return key ? std::optional(script::PayToPubKey(*key)) : std::nullopt;
    case ScriptType::PubKeyHash:
        if (key) return script::PayToPubKeyHash(key->Id());
        return hash.size() == 20 ? std::optional(script::PayToPubKeyHash(*base::Hash160::From(hash)))
                                 : std::nullopt;
    case ScriptType::WitnessV0KeyHash:
        if (key) return script::PayToWitnessKeyHash(key->Id());
        return hash.size() == 20 ? std::optional(script::PayToWitnessKeyHash(*base::Hash160::From(hash)))
                                 : std::nullopt;
    case ScriptType::ScriptHash:
        if (redeem) return WrapInScriptHash(*redeem);
        return hash.size() == 20 ? std::optional(script::PayToScriptHash(*base::Hash160::From(hash)))
                                 : std::nullopt;
    case ScriptType::WitnessV0ScriptHash:
        if (redeem) return script::PayToWitnessScriptHash(crypto::Sha256Of(*redeem));
        return hash.size() == 32 ? std::optional(script::PayToWitnessScriptHash(*base::Hash256::From(hash)))
                                 : std::nullopt;
    case ScriptType::MultiSig: {
        std::vector<crypto::PublicKey> keys;
        for (const Json& text : Items(PaymentField(row, "pubkeys"))) {
            const auto one = crypto::PublicKey::From(HexField(text));
            if (one) keys.push_back(*one);
        }
        const int64_t required = IntField(PaymentField(row, "m"));
        return keys.empty() ? std::nullopt
                            : std::optional(script::MultiSigScript(static_cast<int>(required), keys));
    }
    case ScriptType::NullData: {
        script::ScriptBuilder out;
        out.Op(script::OP_RETURN);
        for (const Json& item : Items(PaymentField(row, "data")))
            out.Push(HexField(item));
        return out.Take();
    }
    default:
        return std::nullopt;
    }
}

void CollectJsLeaves(const Json& tree, size_t depth, std::vector<script::TapLeaf>& out)
{
    if (tree.isArray()) {
        for (const Json& half : Items(tree))
            CollectJsLeaves(half, depth + 1, out);
    } else if (tree.isObject()) {
        const uint8_t version = tree.exists("version") ? static_cast<uint8_t>(IntField(tree["version"]))
                                                       : script::TAPSCRIPT_LEAF_VERSION;
        out.push_back({depth, version, ScriptFromAsm(TextField(tree["output"])).value_or(Bytes())});
    }
}

void CheckJsTaproot(const Json& row, const Bytes& output, const std::string& id, Report& report)
{
    const auto key = crypto::XOnlyKey::From(HexField(PaymentField(row, "pubkey")));
    if (key) report.CheckBytes(script::PayToTaproot(*key), output, id);
    const auto internal = crypto::XOnlyKey::From(HexField(PaymentField(row, "internalPubkey")));
    const Json& tree_text = row["arguments"]["scriptTree"];
    const auto root = base::Hash256::From(HexField(PaymentField(row, "hash")));
    if (!internal) return;
    if (tree_text.isNull() && root) {
        const auto tweaked = crypto::TweakXOnly(*internal, script::TapTweakHash(*internal, &*root));
        report.CheckText(tweaked ? base::Hex(script::PayToTaproot(tweaked->key)) : "", base::Hex(output), id);
        return;
    }
    std::vector<script::TapLeaf> leaves;
    CollectJsLeaves(tree_text, 0, leaves);
    const auto tree = script::BuildTapTree(*internal, leaves);
    if (!tree) return report.Fail(id, "no tree");
    report.CheckText(base::Hex(script::PayToTaproot(tree->output_key)), base::Hex(output), id);
    if (root) report.CheckText(tree->root ? base::Hex(tree->root->Span()) : "", base::Hex(root->Span()), id);
}

void RunPayment(const VectorFile& file, Report& report)
{
    const Payment payment = PaymentOfFile(file.name);
    for (const Json& row : Items(file.json["valid"])) {
        const std::string id = TextField(row["description"]);
        const auto output = PaymentOutput(row);
        if (!output) {
            report.Skip("a payment that is made from its input alone");
            continue;
        }
        report.CheckText(TypeOf(*output), script::TypeName(payment.type), id);
        const AddressParams params = PaymentNetwork(row);
        const Json& address = PaymentField(row, "address");
        if (address.isStr()) {
            report.CheckText(script::EncodeAddress(params, *output).value_or(""), TextField(address), id);
            const auto decoded = script::DecodeAddress(params, TextField(address));
            report.Check(decoded && *decoded == *output, id, "the address is refused or differs");
        }
        if (const auto rebuilt = RebuildOutput(payment.type, row)) report.CheckBytes(*rebuilt, *output, id);
        if (payment.type == ScriptType::WitnessV1Taproot) CheckJsTaproot(row, *output, id, report);
    }
    for (const Json& row : Items(file.json["invalid"])) {
        const std::string why = TextField(row["exception"]);
        const Json& given = row["arguments"];
        const bool alone = given.size() == 1;
        if (alone && (given.exists("output") || given.exists("outputHex"))) {
            const auto output = PaymentOutput(row);
            if (TextField(row["description"]) == "Return data is not buffer") {
                report.Skip("a number behind OP_RETURN counts as data");
            } else if (output && IsTaproot(*output)) {
                report.Skip("a Taproot key that is no point: the address is right, the coin is lost");
            } else {
                report.Check(!output || script::Solve(*output).type != payment.type ||
                                 why.find("mismatch") != why.npos,
                             why, "recognised");
            }
        } else if (alone && given.exists("address")) {
            const auto decoded = script::DecodeAddress(PaymentNetwork(row), TextField(given["address"]));
            report.Check(!decoded || script::Solve(*decoded).type != payment.type || IsTaproot(*decoded), why,
                         "taken");
        } else {
            report.Skip("contradictions between arguments of the library");
        }
    }
}

} // namespace

std::vector<Entry> TemplateEntries()
{
    return {
        {"bitcoin-core/rpc_decodescript.json", RunDecodeScript},
        {"emercoin-0.8.6/decodescript.json", RunRecordedDecode},
        {"emercoin-0.8.6/validateaddress.json", RunValidateAddress},
        {"emercoin-0.8.6/createmultisig.json", RunCreateMultiSig},
        {"bitcoinjs/lib/script.json", RunJsScript},
        {"bitcoinjs/lib/script_number.json", RunJsNumbers},
        {"bitcoinjs/lib/signature.json", RunJsSignatures},
        {"bitcoinjs/lib/core_sig_canonical.json", RunCanonical},
        {"bitcoinjs/lib/core_sig_noncanonical.json", RunCanonical},
        {"bitcoinjs/lib/address.json", RunJsAddresses},
        {"bitcoinjs/lib/embed.json", RunPayment},
        {"bitcoinjs/lib/p2pk.json", RunPayment},
        {"bitcoinjs/lib/p2pkh.json", RunPayment},
        {"bitcoinjs/lib/p2wpkh.json", RunPayment},
        {"bitcoinjs/lib/p2sh.json", RunPayment},
        {"bitcoinjs/lib/p2wsh.json", RunPayment},
        {"bitcoinjs/lib/p2tr.json", RunPayment},
        {"bitcoinjs/lib/p2ms.json", RunPayment},
    };
}

} // namespace emc::vectors
