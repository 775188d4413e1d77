// The interpreter and the signature hashes.
#include "consensus/tx_rules.h"
#include "crypto/sha256.h"
#include "script/interpreter.h"
#include "script/opcodes.h"
#include "script/taproot.h"
#include "vectors/registry.h"
#include "vectors/script_text.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using base::Bytes;
using base::Hash256;
using codec::Json;
using primitives::MutableTransaction;
using primitives::OutPoint;
using primitives::TxOut;
using script::Error;
using script::Flags;
using script::PrecomputedTx;

/// The names the vectors give to reasons.
bool FitsName(Error error, std::string_view name)
{
    struct Row {
        std::string_view name;
        Error error;
    };

    static constexpr std::array<Row, 49> ROWS = {{
        {"OK", Error::Ok},
        {"UNKNOWN_ERROR", Error::Unknown},
        {"EVAL_FALSE", Error::EvalFalse},
        {"OP_RETURN", Error::OpReturn},
        {"SCRIPT_SIZE", Error::ScriptSize},
        {"PUSH_SIZE", Error::PushSize},
        {"OP_COUNT", Error::OpCount},
        {"STACK_SIZE", Error::StackSize},
        {"SIG_COUNT", Error::SigCount},
        {"PUBKEY_COUNT", Error::PubkeyCount},
        {"VERIFY", Error::Verify},
        {"EQUALVERIFY", Error::EqualVerify},
        {"CHECKMULTISIGVERIFY", Error::CheckMultiSigVerify},
        {"CHECKSIGVERIFY", Error::CheckSigVerify},
        {"NUMEQUALVERIFY", Error::NumEqualVerify},
        {"BAD_OPCODE", Error::BadOpcode},
        {"DISABLED_OPCODE", Error::DisabledOpcode},
        {"INVALID_STACK_OPERATION", Error::InvalidStackOperation},
        {"INVALID_ALTSTACK_OPERATION", Error::InvalidAltStackOperation},
        {"UNBALANCED_CONDITIONAL", Error::UnbalancedConditional},
        {"NEGATIVE_LOCKTIME", Error::NegativeLockTime},
        {"UNSATISFIED_LOCKTIME", Error::UnsatisfiedLockTime},
        {"SCRIPTNUM", Error::NumberOverflow},
        {"SIG_HASHTYPE", Error::SigHashType},
        {"SIG_DER", Error::SigDer},
        {"MINIMALDATA", Error::MinimalData},
        {"SIG_PUSHONLY", Error::SigPushOnly},
        {"SIG_HIGH_S", Error::SigHighS},
        {"SIG_NULLDUMMY", Error::SigNullDummy},
        {"PUBKEYTYPE", Error::PubkeyType},
        {"CLEANSTACK", Error::CleanStack},
        {"MINIMALIF", Error::MinimalIf},
        {"NULLFAIL", Error::SigNullFail},
        {"DISCOURAGE_UPGRADABLE_NOPS", Error::DiscourageUpgradableNops},
        {"DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM", Error::DiscourageUpgradableWitnessProgram},
        {"WITNESS_PROGRAM_WRONG_LENGTH", Error::WitnessProgramWrongLength},
        {"WITNESS_PROGRAM_WITNESS_EMPTY", Error::WitnessProgramWitnessEmpty},
        {"WITNESS_PROGRAM_MISMATCH", Error::WitnessProgramMismatch},
        {"WITNESS_MALLEATED", Error::WitnessMalleated},
        {"WITNESS_MALLEATED_P2SH", Error::WitnessMalleatedP2sh},
        {"WITNESS_UNEXPECTED", Error::WitnessUnexpected},
        {"WITNESS_PUBKEYTYPE", Error::WitnessPubkeyType},
        {"TAPSCRIPT_MINIMALIF", Error::TapscriptMinimalIf},
        {"TAPSCRIPT_CHECKMULTISIG", Error::TapscriptCheckMultiSig},
        {"OP_CODESEPARATOR", Error::OpCodeSeparator},
        {"SIG_FINDANDDELETE", Error::SigFindAndDelete},
        {"SCHNORR_SIG", Error::SchnorrSig},
        {"SCHNORR_SIG_SIZE", Error::SchnorrSigSize},
        {"SCHNORR_SIG_HASHTYPE", Error::SchnorrSigHashType},
    }};
    return std::any_of(ROWS.begin(), ROWS.end(),
                       [&](const Row& row) { return row.name == name && row.error == error; });
}

/// Flags that other flags need beside them.
Flags WithNeeded(Flags flags)
{
    if ((flags & script::VERIFY_CLEANSTACK) != 0) flags |= script::VERIFY_WITNESS;
    if ((flags & script::VERIFY_WITNESS) != 0) flags |= script::VERIFY_P2SH;
    return flags;
}

/// Flags without those whose needs are not there.
Flags WithoutNeedy(Flags flags)
{
    if ((flags & script::VERIFY_P2SH) == 0) flags &= ~script::VERIFY_WITNESS;
    if ((flags & script::VERIFY_WITNESS) == 0) flags &= ~(script::VERIFY_CLEANSTACK | script::VERIFY_TAPROOT);
    return flags;
}

struct SpendCase {
    primitives::Witness witness;
    int64_t amount = 0;
    Bytes script_sig;
    Bytes script_pubkey;
};

Error RunSpend(const SpendCase& c, Flags flags)
{
    MutableTransaction credit;
    credit.version = 1;
    credit.inputs.push_back({OutPoint{}, Bytes{0, 0}, primitives::SEQUENCE_FINAL, {}});
    credit.outputs.push_back({c.amount, c.script_pubkey});
    MutableTransaction spend;
    spend.version = 1;
    spend.inputs.push_back({OutPoint{primitives::MakeTx(credit)->Txid(), 0}, c.script_sig,
                            primitives::SEQUENCE_FINAL, c.witness});
    spend.outputs.push_back({c.amount, {}});
    const auto result = script::VerifyInput(PrecomputedTx(spend, credit.outputs), 0, flags);
    return result ? Error::Ok : result.Error();
}

/// Any key will do as internal key: the vectors name the output key by a placeholder.
script::TapTree SingleLeafTree(const Bytes& leaf)
{
    const auto internal = base::FromHex("50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0");
    return *script::BuildTapTree(*crypto::XOnlyKey::From(*internal),
                                 {{0, script::TAPSCRIPT_LEAF_VERSION, leaf}});
}

/// The witness column [items…, amount], with the placeholders of Taproot rows filled in. False when
/// unreadable.
bool ReadWitness(const Json& column, SpendCase& out, std::string& output_key)
{
    const auto& items = Items(column);
    Bytes control;
    for (size_t i = 0; i + 1 < items.size(); ++i) {
        const std::string text = TextField(items[i]);
        if (text.starts_with("#SCRIPT#")) {
            const auto leaf = ScriptFromWords(std::string_view(text).substr(8));
            if (!leaf) return false;
            const auto tree = SingleLeafTree(*leaf);
            control = tree.control_blocks[0];
            output_key = base::Hex(tree.output_key.Span());
            out.witness.push_back(*leaf);
        } else if (text == "#CONTROLBLOCK#") {
            out.witness.push_back(control);
        } else {
            out.witness.push_back(HexField(items[i]));
        }
    }
    // The amount may be written with an exponent (1e-08).
    const std::string amount = items.empty() ? "0" : TextField(items.back());
    if (const auto exact = codec::ParseAmount(amount)) {
        out.amount = *exact;
    } else {
        out.amount = static_cast<int64_t>(std::strtod(amount.c_str(), nullptr) * primitives::COIN + 0.5);
    }
    return true;
}

void RunScriptTests(const VectorFile& file, Report& report)
{
    constexpr std::string_view PLACEHOLDER = "#TAPROOTOUTPUT#";
    size_t number = 0;
    for (const Json& row : Items(file.json)) {
        ++number;
        if (row.size() == 1) continue; // a comment
        const size_t at = row[0].isArray() ? 1 : 0;
        const std::string id =
            "row " + std::to_string(number) + " " + TextField(row[at]) + " | " + TextField(row[at + 1]);
        SpendCase c;
        std::string output_key;
        if (at == 1 && !ReadWitness(row[0], c, output_key)) {
            report.Fail(id, "witness not understood");
            continue;
        }
        std::string output = TextField(row[at + 1]);
        if (const size_t mark = output.find(PLACEHOLDER); mark != std::string::npos) {
            output.replace(mark, PLACEHOLDER.size(), "0x" + output_key);
        }
        const auto script_sig = ScriptFromWords(TextField(row[at]));
        const auto script_pubkey = ScriptFromWords(output);
        const auto flags = FlagsFromText(TextField(row[at + 2]));
        if (!script_sig || !script_pubkey || !flags) {
            report.Fail(id, "script or flags not understood");
            continue;
        }
        c.script_sig = *script_sig;
        c.script_pubkey = *script_pubkey;
        const Error error = RunSpend(c, WithNeeded(*flags));
        const std::string want = TextField(row[at + 3]);
        report.Check(FitsName(error, want), id,
                     "expected " + want + ", got: " + std::string(script::Text(error)));
    }
}

void RunSigHash(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        if (row.size() < 5) continue;
        const Bytes raw = HexField(row[0]);
        codec::Reader in(raw);
        const MutableTransaction tx = primitives::ReadTransaction(in);
        const auto hash = script::LegacySigHash(tx, static_cast<size_t>(IntField(row[2])), HexField(row[1]),
                                                static_cast<int32_t>(IntField(row[3])));
        report.CheckText(base::ReversedHex(hash), TextField(row[4]), TextField(row[4]));
    }
}

struct TxCase {
    primitives::TxRef tx;
    std::vector<TxOut> spent; // in the order of the inputs
};

std::optional<TxCase> ReadTxCase(const Json& row)
{
    TxCase out;
    out.tx = primitives::ParseTransaction(HexField(row[1]));
    if (!out.tx) return std::nullopt;
    for (const auto& input : out.tx->Inputs()) {
        for (const Json& known : Items(row[0])) {
            const auto txid = base::HashFromReversedHex(TextField(known[0]));
            if (!txid || OutPoint{*txid, static_cast<uint32_t>(IntField(known[1]))} != input.prevout)
                continue;
            const auto owner = ScriptFromWords(TextField(known[2]));
            if (!owner) return std::nullopt;
            out.spent.push_back({known.size() > 3 ? IntField(known[3]) : 0, *owner});
            break;
        }
    }
    return out;
}

bool AllInputsPass(const TxCase& c, Flags flags)
{
    if (c.spent.size() != c.tx->Inputs().size()) return false;
    const PrecomputedTx tx(c.tx->Fields(), c.spent);
    for (size_t i = 0; i < c.spent.size(); ++i) {
        if (!script::VerifyInput(tx, i, flags)) return false;
    }
    return true;
}

void RunTxValid(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        if (row.size() < 3) continue;
        const std::string id = TextField(row[1]).substr(0, 60) + " without " + TextField(row[2]);
        const auto c = ReadTxCase(row);
        const auto excluded = FlagsFromText(TextField(row[2]));
        if (!c || !excluded) {
            report.Fail(id, "not understood");
            continue;
        }
        if (consensus::CheckTransaction(*c->tx)) {
            report.Pass();
        } else {
            report.Fail(id, "the transaction's shape was refused");
        }
        const Flags flags = AllFlags() & ~*excluded;
        report.Check(AllInputsPass(*c, WithoutNeedy(flags)), id, "a script failed");
        // What passes under many rules passes under fewer.
        for (Flags flag = 1; flag <= AllFlags(); flag <<= 1) {
            report.Check(AllInputsPass(*c, WithoutNeedy(flags & ~flag)), id,
                         "a script failed with fewer rules");
        }
    }
}

void RunTxInvalid(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json)) {
        if (row.size() < 3) continue;
        const std::string id = TextField(row[1]).substr(0, 60) + " with " + TextField(row[2]);
        const auto c = ReadTxCase(row);
        const bool bad_shape = TextField(row[2]) == "BADTX";
        const auto flags = bad_shape ? std::optional(script::VERIFY_NONE) : FlagsFromText(TextField(row[2]));
        if (!flags || (!c && !bad_shape)) {
            report.Fail(id, "not understood");
            continue;
        }
        const bool shape = c && consensus::CheckTransaction(*c->tx).HasValue();
        report.Check(shape != bad_shape, id, bad_shape ? "the shape was taken" : "the shape was refused");
        if (bad_shape) continue;
        report.Check(!AllInputsPass(*c, WithNeeded(*flags)), id, "the scripts passed");
        for (Flags flag = 1; flag <= AllFlags(); flag <<= 1) {
            report.Check(!AllInputsPass(*c, WithNeeded(*flags | flag)), id,
                         "the scripts passed with more rules");
        }
    }
}

/// Every combination of consensus rules that can be in force.
std::vector<Flags> ConsensusCombinations()
{
    std::vector<Flags> out;
    for (Flags flags = 0; flags <= script::CONSENSUS_FLAGS; ++flags) {
        if ((flags & ~script::CONSENSUS_FLAGS) == 0 && WithoutNeedy(flags) == flags) out.push_back(flags);
    }
    return out;
}

void RunScriptAssets(const VectorFile& file, Report& report)
{
    const auto combinations = ConsensusCombinations();
    script::SignatureCache cache(1 << 20, Hash256());
    size_t number = 0;
    for (const Json& row : Items(file.json)) {
        const std::string id = "row " + std::to_string(++number) + " " + TextField(row["comment"]);
        const Bytes raw = HexField(row["tx"]);
        codec::Reader in(raw);
        MutableTransaction tx = primitives::ReadTransaction(in);
        std::vector<TxOut> spent;
        for (const Json& text : Items(row["prevouts"])) {
            const Bytes bytes = HexField(text);
            codec::Reader output(bytes);
            spent.push_back(primitives::ReadTxOut(output));
        }
        const auto index = static_cast<size_t>(IntField(row["index"]));
        const auto flags = FlagsFromText(TextField(row["flags"]));
        if (!in.Done() || index >= tx.inputs.size() || spent.size() != tx.inputs.size() || !flags) {
            report.Fail(id, "not understood");
            continue;
        }
        const bool final_rules = row.exists("final") && row["final"].isTrue();
        for (const char* kind : {"success", "failure"}) {
            if (!row.exists(kind)) continue;
            const bool good = std::string_view(kind) == "success";
            tx.inputs[index].script_sig = HexField(row[kind]["scriptSig"]);
            tx.inputs[index].witness.clear();
            for (const Json& item : Items(row[kind]["witness"]))
                tx.inputs[index].witness.push_back(HexField(item));
            const PrecomputedTx shared(tx, spent);
            for (const Flags tried : combinations) {
                const bool applies =
                    good ? final_rules || (tried & *flags) == tried : (tried & *flags) == *flags;
                if (!applies) continue;
                const bool passed = script::VerifyInput(shared, index, tried, &cache).HasValue();
                report.Check(passed == good, id + " " + kind, "flags " + std::to_string(tried));
            }
        }
    }
}

/// BIP 143 written down again without anything shared between inputs.
Hash256 PlainSegwitHash(const MutableTransaction& tx, size_t index, const Bytes& code, int64_t value)
{
    Bytes prevouts;
    Bytes sequences;
    Bytes outputs;
    for (const auto& input : tx.inputs) {
        codec::Writer writer(prevouts);
        primitives::Write(writer, input.prevout);
        codec::Writer(sequences).U32(input.sequence);
    }
    for (const auto& output : tx.outputs) {
        codec::Writer writer(outputs);
        primitives::Write(writer, output);
    }
    Bytes all;
    codec::Writer out(all);
    out.I32(tx.version);
    out.Raw(crypto::Sha256d(prevouts).Span());
    out.Raw(crypto::Sha256d(sequences).Span());
    primitives::Write(out, tx.inputs[index].prevout);
    out.Sized(code);
    out.I64(value);
    out.U32(tx.inputs[index].sequence);
    out.Raw(crypto::Sha256d(outputs).Span());
    out.U32(tx.lock_time);
    out.U32(script::SIGHASH_ALL);
    return crypto::Sha256d(all);
}

void RunManyInputs(const VectorFile& file, Report& report)
{
    std::string text(file.Text());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    // Behind the unsigned transaction stands what its signer needed.
    const Bytes raw = base::FromHex(text).value_or(Bytes());
    codec::Reader in(raw);
    const MutableTransaction tx = primitives::ReadTransaction(in, primitives::WitnessMode::Without);
    if (!in.Ok() || tx.inputs.empty()) return report.Fail("transaction", "does not parse");
    const PrecomputedTx shared(tx, {});
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        const Bytes code(raw.end() - 25 - static_cast<std::ptrdiff_t>(i), raw.end());
        const auto hash = script::SegwitV0SigHash(shared, i, code, 5000, script::SIGHASH_ALL);
        report.CheckBytes(hash.Span(), PlainSegwitHash(tx, i, code, 5000).Span(),
                          "input " + std::to_string(i));
    }
}

/// Leaves of a nested tree from left to right.
void CollectLeaves(const Json& tree, size_t depth, std::vector<script::TapLeaf>& out)
{
    if (tree.isArray()) {
        for (const Json& half : Items(tree))
            CollectLeaves(half, depth + 1, out);
    } else if (tree.isObject()) {
        out.push_back({depth, static_cast<uint8_t>(IntField(tree["leafVersion"])), HexField(tree["script"])});
    }
}

void CheckTaprootOutput(const Json& row, Report& report)
{
    const std::string id = TextField(row["expected"]["scriptPubKey"]);
    const auto internal = crypto::XOnlyKey::From(HexField(row["given"]["internalPubkey"]));
    std::vector<script::TapLeaf> leaves;
    CollectLeaves(row["given"]["scriptTree"], 0, leaves);
    const auto tree = internal ? script::BuildTapTree(*internal, leaves) : std::nullopt;
    if (!tree) return report.Fail(id, "no tree");
    const Bytes output = script::PayToTaproot(tree->output_key);
    report.CheckText(base::Hex(output), id, id);
    report.CheckText(base::Hex(tree->output_key.Span()), TextField(row["intermediary"]["tweakedPubkey"]), id);
    const Hash256* root = tree->root ? &*tree->root : nullptr;
    report.CheckText(base::Hex(script::TapTweakHash(*internal, root).Span()),
                     TextField(row["intermediary"]["tweak"]), id);
    if (root != nullptr) {
        report.CheckText(base::Hex(root->Span()), TextField(row["intermediary"]["merkleRoot"]), id);
    }
    script::AddressParams params = ForeignParams("main");
    const std::string address = TextField(row["expected"]["bip350Address"]);
    params.bech32_prefix = address.substr(0, address.find('1'));
    report.CheckText(script::EncodeAddress(params, output).value_or(""), address, id);
    const auto& hashes = Items(row["intermediary"]["leafHashes"]);
    const auto& controls = Items(row["expected"]["scriptPathControlBlocks"]);
    for (size_t i = 0; i < leaves.size() && i < hashes.size() && i < controls.size(); ++i) {
        report.CheckText(base::Hex(tree->leaf_hashes[i].Span()), TextField(hashes[i]), id);
        report.CheckText(base::Hex(tree->control_blocks[i]), TextField(controls[i]), id);
        report.Check(script::CommitsTo(tree->output_key, tree->control_blocks[i], tree->leaf_hashes[i]), id,
                     "the control block does not commit");
    }
}

void CheckKeyPathInput(const PrecomputedTx& tx, const Json& row, Report& report)
{
    const auto index = static_cast<size_t>(IntField(row["given"]["txinIndex"]));
    const auto type = static_cast<uint8_t>(IntField(row["given"]["hashType"]));
    const std::string id = "input " + std::to_string(index);
    const auto secret = crypto::PrivateKey::From(HexField(row["given"]["internalPrivkey"]));
    if (!secret || index >= tx.Tx().inputs.size()) return report.Fail(id, "not understood");
    const auto root = Hash256::From(HexField(row["given"]["merkleRoot"]));
    const auto internal = crypto::ToXOnly(secret->Public());
    report.CheckText(base::Hex(internal->key.Span()), TextField(row["intermediary"]["internalPubkey"]), id);
    const auto tweaked = script::TapTweakSecret(*secret, root ? &*root : nullptr);
    report.CheckText(tweaked ? base::Hex(tweaked->Span()) : "",
                     TextField(row["intermediary"]["tweakedPrivkey"]), id);
    const auto digest = script::TaprootSigHash(tx, index, type, std::nullopt, nullptr);
    if (!digest || !tweaked) return report.Fail(id, "no digest");
    report.CheckText(base::Hex(digest->Span()), TextField(row["intermediary"]["sigHash"]), id);
    const auto signature = tweaked->SignSchnorr(*digest, Hash256());
    std::string text = base::Hex(signature);
    if (type != script::SIGHASH_DEFAULT) text += base::Hex(Bytes{type});
    report.CheckText(text, TextField(row["expected"]["witness"][0]), id);
}

void RunTaprootWallet(const VectorFile& file, Report& report)
{
    for (const Json& row : Items(file.json["scriptPubKey"]))
        CheckTaprootOutput(row, report);
    for (const Json& row : Items(file.json["keyPathSpending"])) {
        const auto unsigned_tx = primitives::ParseTransaction(HexField(row["given"]["rawUnsignedTx"]));
        const auto signed_tx = primitives::ParseTransaction(HexField(row["auxiliary"]["fullySignedTx"]));
        if (!unsigned_tx || !signed_tx) {
            report.Fail("keyPathSpending", "a transaction does not parse");
            continue;
        }
        std::vector<TxOut> spent;
        for (const Json& output : Items(row["given"]["utxosSpent"])) {
            spent.push_back({IntField(output["amountSats"]), HexField(output["scriptPubKey"])});
        }
        const PrecomputedTx tx(unsigned_tx->Fields(), spent);
        const Json& shared = row["intermediary"];
        report.CheckText(base::Hex(tx.amounts_sha.Span()), TextField(shared["hashAmounts"]), "hashAmounts");
        report.CheckText(base::Hex(tx.outputs_sha.Span()), TextField(shared["hashOutputs"]), "hashOutputs");
        report.CheckText(base::Hex(tx.prevouts_sha.Span()), TextField(shared["hashPrevouts"]),
                         "hashPrevouts");
        report.CheckText(base::Hex(tx.scripts_sha.Span()), TextField(shared["hashScriptPubkeys"]),
                         "hashScriptPubkeys");
        report.CheckText(base::Hex(tx.sequences_sha.Span()), TextField(shared["hashSequences"]),
                         "hashSequences");
        for (const Json& input : Items(row["inputSpending"]))
            CheckKeyPathInput(tx, input, report);
        const PrecomputedTx whole(signed_tx->Fields(), spent);
        for (size_t i = 0; i < spent.size(); ++i) {
            const auto result = script::VerifyInput(whole, i, script::STANDARD_FLAGS);
            report.Check(result.HasValue(), "signed input " + std::to_string(i), "refused");
        }
    }
}

} // namespace

std::vector<Entry> ScriptEntries()
{
    return {
        {"bitcoin-core/script_tests.json", RunScriptTests},
        {"bitcoin-core/sighash.json", RunSigHash},
        {"bitcoin-core/tx_valid.json", RunTxValid},
        {"bitcoin-core/tx_invalid.json", RunTxInvalid},
        {"bitcoin-core/bip341_wallet_vectors.json", RunTaprootWallet},
        {"btcd/script_assets_sample.json", RunScriptAssets},
        {"btcd/many_inputs_tx.hex", RunManyInputs},
    };
}

} // namespace emc::vectors
