// Partially signed transactions: cases of BIPs 174 and 371 as two projects publish them.
#include "codec/base58.h"
#include "psbt/fields.h"
#include "psbt/roles.h"
#include "script/key_set.h"
#include "vectors/registry.h"
#include "vectors/script_text.h"

#include <algorithm>

namespace emc::vectors {
namespace {

using codec::Json;
using psbt::Psbt;

constexpr std::string_view VERSION_2 = "version 2 of the format (BIP 370)";

/// Some invalid cases are raw bytes in base64 that belong to version 2: the version field says so.
bool IsVersion2(const std::string& text)
{
    const auto bytes = codec::Base64Decode(text);
    if (!bytes) return false;
    const base::Bytes field = {0x01, 0xfb, 0x04, 0x02, 0x00, 0x00, 0x00};
    return std::search(bytes->begin(), bytes->end(), field.begin(), field.end()) != bytes->end();
}

std::string ShortId(const std::string& kind, size_t i)
{
    return kind + " " + std::to_string(i);
}

void NoteRefused(const std::string& error, const std::string& id, Report& report)
{
    if (error.find("belongs to version 2") != std::string::npos) {
        report.Skip("a type that was unknown before BIP 370");
    } else {
        report.Fail(id, error);
    }
}

/// Reads a PSBT that has to be good; notes a failure otherwise.
std::optional<Psbt> Read(const Json& value, const std::string& id, Report& report)
{
    auto parsed = psbt::ParseBase64(TextField(value));
    if (parsed) return std::move(*parsed);
    NoteRefused(parsed.Error(), id, report);
    return std::nullopt;
}

void CheckSame(const Psbt& got, const Psbt& want, const std::string& id, Report& report)
{
    report.CheckText(psbt::ToBase64(got), psbt::ToBase64(want), id);
}

void CheckInvalid(const std::string& text, const std::string& id, Report& report)
{
    const auto parsed = psbt::ParseBase64(text);
    report.Check(!parsed, id, "was taken");
}

void CheckValid(const std::string& text, const std::string& id, Report& report)
{
    if (IsVersion2(text)) {
        report.Skip(std::string(VERSION_2));
        return;
    }
    const auto parsed = psbt::ParseBase64(text);
    if (!parsed) {
        NoteRefused(parsed.Error(), id, report);
        return;
    }
    const auto again = psbt::Parse(psbt::Serialize(*parsed));
    report.Check(again && psbt::ToBase64(*again) == psbt::ToBase64(*parsed), id, "does not survive writing");
}

void Sign(Psbt& psbt, const std::vector<std::string>& secrets, Report& report, const std::string& id)
{
    script::KeySet keys;
    for (const auto& secret : secrets) {
        const auto key = script::DecodeSecret(ForeignParams("testnet"), secret);
        if (key) keys.Add(*key);
    }
    const auto added = psbt::Sign(psbt, keys.Provider());
    if (!added) report.Fail(id, added.Error());
}

void CheckCombined(const Json& list, const Json& result, const std::string& id, Report& report)
{
    std::vector<Psbt> parts;
    for (const auto& item : Items(list)) {
        auto part = Read(item, id, report);
        if (!part) return;
        parts.push_back(std::move(*part));
    }
    const auto want = Read(result, id, report);
    const auto combined = psbt::Combine(parts);
    if (!want) return;
    if (!combined) {
        report.Fail(id, combined.Error());
    } else {
        CheckSame(*combined, *want, id, report);
    }
}

void CheckExtracted(const Json& psbt, const Json& hex, const std::string& id, Report& report)
{
    const auto parsed = Read(psbt, id, report);
    if (!parsed) return;
    const auto tx = psbt::Extract(*parsed);
    if (!tx) {
        report.Fail(id, "is not complete");
        return;
    }
    report.CheckText(base::Hex(primitives::Serialize(primitives::Transaction(*tx))), TextField(hex), id);
}

/// Creator: the transaction of the result with nothing around it.
void CheckCreated(const Json& result, const std::string& id, Report& report)
{
    const auto want = Read(result, id, report);
    if (want) CheckSame(psbt::Create(want->tx), *want, id, report);
}

void RunCore(const VectorFile& file, Report& report)
{
    const Json& json = file.json;
    size_t n = 0;
    for (const auto& item : Items(json["invalid"]))
        CheckInvalid(TextField(item), ShortId("invalid", n++), report);
    n = 0;
    for (const auto& item : Items(json["invalid_with_msg"]))
        CheckInvalid(TextField(item[0]), ShortId("invalid_with_msg", n++), report);
    n = 0;
    for (const auto& item : Items(json["valid"]))
        CheckValid(TextField(item), ShortId("valid", n++), report);
    for (const auto& item : Items(json["creator"]))
        CheckCreated(item["result"], "creator", report);
    n = 0;
    for (const auto& item : Items(json["signer"])) {
        const std::string id = ShortId("signer", n++);
        auto psbt = Read(item["psbt"], id, report);
        const auto want = Read(item["result"], id, report);
        if (!psbt || !want) continue;
        std::vector<std::string> secrets;
        for (const auto& secret : Items(item["privkeys"]))
            secrets.push_back(TextField(secret));
        Sign(*psbt, secrets, report, id);
        CheckSame(*psbt, *want, id, report);
    }
    for (const auto& item : Items(json["combiner"]))
        CheckCombined(item["combine"], item["result"], "combiner", report);
    for (const auto& item : Items(json["finalizer"])) {
        auto psbt = Read(item["finalize"], "finalizer", report);
        const auto want = Read(item["result"], "finalizer", report);
        if (!psbt || !want) continue;
        report.Check(psbt::Finalize(*psbt), "finalizer", "not complete");
        CheckSame(*psbt, *want, "finalizer", report);
    }
    for (const auto& item : Items(json["extractor"]))
        CheckExtracted(item["extract"], item["result"], "extractor", report);
}

/// Other nonces than this program's were used, and sometimes only one of several leaves was signed: every key
/// that has signed there has to have signed here, and what could be finalized there can be here.
void CheckSameSigners(const Psbt& got, const Psbt& want, const std::string& id, Report& report)
{
    Psbt ours = got, theirs = want;
    report.Check(psbt::Finalize(ours) || !psbt::Finalize(theirs), id, "cannot be finalized");
    for (size_t i = 0; i < want.inputs.size(); ++i) {
        for (const auto& field : want.inputs[i].All()) {
            report.Check(got.inputs[i].Find(field.key) != nullptr, id, base::Hex(field.key) + " is missing");
        }
        report.Check(psbt::IsFinal(ours.inputs[i]) || !psbt::IsFinal(theirs.inputs[i]), id,
                     "cannot be finalized at input " + std::to_string(i));
    }
}

void RunJs(const VectorFile& file, Report& report)
{
    const Json& json = file.json["bip174"];
    for (const auto& item : Items(json["invalid"]))
        CheckInvalid(TextField(item["psbt"]), TextField(item["description"]), report);
    for (const auto& item : Items(json["valid"]))
        CheckValid(TextField(item["psbt"]), TextField(item["description"]), report);
    for (const auto& item : Items(json["failSignChecks"])) {
        const std::string id = TextField(item["description"]);
        const auto psbt = Read(item["psbt"], id, report);
        if (!psbt) continue;
        const auto state = psbt::Analyze(*psbt);
        const auto& input = state.inputs[static_cast<size_t>(IntField(item["inputToCheck"]))];
        report.Check(input.next == psbt::Role::Updater, id, "could be signed");
    }
    for (const auto& item : Items(json["creator"]))
        CheckCreated(item["result"], "creator", report);
    size_t n = 0;
    for (const auto& item : Items(json["signer"])) {
        const std::string id = ShortId("signer", n++);
        auto psbt = Read(item["psbt"], id, report);
        const auto want = Read(item["result"], id, report);
        if (!psbt || !want) continue;
        std::vector<std::string> secrets;
        for (const auto& key : Items(item["keys"]))
            secrets.push_back(TextField(key["WIF"]));
        Sign(*psbt, secrets, report, id);
        CheckSameSigners(*psbt, *want, id, report);
    }
    n = 0;
    for (const auto& item : Items(json["combiner"]))
        CheckCombined(item["psbts"], item["result"], ShortId("combiner", n++), report);
    n = 0;
    for (const auto& item : Items(json["finalizer"])) {
        const std::string id = ShortId("finalizer", n++);
        auto psbt = Read(item["psbt"], id, report);
        const auto want = Read(item["result"], id, report);
        if (!psbt || !want) continue;
        if (!psbt::Extract(*want)) {
            report.Skip("finished inputs that break the rules: this program finalizes what verifies");
            continue;
        }
        report.Check(psbt::Finalize(*psbt), id, "not complete");
        for (size_t i = 0; i < want->inputs.size(); ++i) {
            for (const uint8_t type : {psbt::IN_FINAL_SCRIPT_SIG, psbt::IN_FINAL_WITNESS}) {
                const auto* got = psbt->inputs[i].Find(type);
                const auto* expected = want->inputs[i].Find(type);
                report.CheckBytes(got ? *got : base::Bytes(), expected ? *expected : base::Bytes(), id);
            }
        }
    }
    for (const auto& item : Items(json["extractor"]))
        CheckExtracted(item["psbt"], item["transaction"], "extractor", report);
}

} // namespace

std::vector<Entry> PsbtEntries()
{
    return {{"bitcoin-core/rpc_psbt.json", RunCore}, {"bitcoinjs/lib/psbt.json", RunJs}};
}

} // namespace emc::vectors
