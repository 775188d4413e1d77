// Name scripts, enum: and ver: records, expressions, signatures, fees.
#include "codec/base58.h"
#include "enum/ere.h"
#include "enum/record.h"
#include "enum/verifier.h"
#include "names/transition.h"
#include "script/address.h"
#include "script/sign.h"
#include "unit/names/map_view.h"
#include "vectors/registry.h"

namespace emc::vectors {

namespace {

using base::Bytes;
using codec::Json;
using names::NameOp;
using names::OpKind;

constexpr int32_t HEIGHT = 1'000;
constexpr int32_t LIVE_EXPIRY = 5'000;
constexpr int32_t PAST_EXPIRY = 999;

bool BoolField(const Json& value)
{
    return value.isTrue();
}

std::string CaseId(const Json& test)
{
    return TextField(test["id"]) + " (" + TextField(test["tests"]) + ")";
}

bool WantValid(const Json& test)
{
    return BoolField(test["expected"]["valid"]);
}

OpKind KindOf(const std::string& op)
{
    return op == "new" ? OpKind::New : op == "update" ? OpKind::Update : OpKind::Delete;
}

const script::AddressParams& Addresses(const std::string& network)
{
    static const script::AddressParams MAIN;
    static const script::AddressParams TEST{111, 196, 239, 0x043587CF, 0x04358394, "te"};
    static const script::AddressParams REGTEST{111, 196, 239, 0x043587CF, 0x04358394, "bcrt"};
    return network == "test" ? TEST : network == "regtest" ? REGTEST : MAIN;
}

/// The text or the bytes of a value field.
std::string ValueText(const Json& input)
{
    return input.exists("value_hex") ? base::ToText(HexField(input["value_hex"])) : TextField(input["value"]);
}

/// Passes when acceptance is as expected; tells whether there is more to compare.
bool SameVerdict(Report& report, const Json& test, bool accepted)
{
    if (accepted != WantValid(test)) {
        report.Fail(CaseId(test), accepted ? "accepted" : "refused");
        return false;
    }
    if (!accepted) report.Pass();
    return accepted;
}

primitives::OutPoint CurrentOutput()
{
    primitives::OutPoint out;
    out.txid.bytes.fill(7);
    out.index = 3;
    return out;
}

/// A transaction with one name output; spends CurrentOutput() when asked to.
primitives::TxRef TxWith(const NameOp& op, bool spends_current)
{
    primitives::MutableTransaction tx;
    tx.version = primitives::NAME_TX_VERSION;
    tx.inputs.resize(1);
    tx.inputs[0].prevout = CurrentOutput();
    if (!spends_current) tx.inputs[0].prevout.index = 9;
    tx.outputs.push_back({0, names::WriteNameScript(op)});
    return primitives::MakeTx(std::move(tx));
}

/// Whether the rules that need no state take the operation.
bool AcceptedAlone(const NameOp& op)
{
    if (op.name.empty() || op.name.size() > names::MAX_NAME_BYTES ||
        op.value.size() > names::MAX_VALUE_BYTES) {
        return false;
    }
    return names::CheckNameOutputs(*TxWith(op, false)).HasValue();
}

NameOp NewOp(const std::string& name, const std::string& value, Bytes owner)
{
    return {OpKind::New, name, 1, base::ToBytes(value), std::move(owner)};
}

void NameScripts(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const Bytes script = HexField(test["input"]["script"]);
        const auto version = static_cast<int32_t>(IntField(test["input"]["tx_version"]));
        const Json& want = test["expected"];
        const bool is_name_tx = version == primitives::NAME_TX_VERSION;
        const auto parsed =
            is_name_tx ? names::ParseNameOutput(script)
                       : base::Expected<names::ParsedOutput, names::NameError>(names::ParsedOutput{});
        if (!SameVerdict(report, test, parsed.HasValue())) continue;
        const auto owner = names::OwnerScriptOf(version, 1, script);
        if (TextField(want["kind"]) == "ordinary") {
            report.Check(!parsed->op && !owner.had_prefix && owner.script.size() == script.size(),
                         CaseId(test), "read as a name");
            continue;
        }
        if (!parsed->op) {
            report.Fail(CaseId(test), "read as ordinary");
            continue;
        }
        const NameOp& op = *parsed->op;
        const bool fields = op.kind == KindOf(TextField(want["op"])) &&
                            base::Hex(base::AsBytes(op.name)) == TextField(want["name"]) &&
                            op.days == IntField(want["days"]) && op.value == HexField(want["value"]) &&
                            op.owner_script == HexField(want["owner"]);
        const bool owner_fits =
            owner.had_prefix && std::equal(owner.script.begin(), owner.script.end(), op.owner_script.begin());
        if (!fields || !owner_fits) {
            report.Fail(CaseId(test), "fields differ");
            continue;
        }
        report.CheckBytes(names::WriteNameScript(op), script, CaseId(test));
    }
}

/// Real transactions of another chain of the family: a time stands between version and inputs.
void ForeignNameScripts(const VectorFile& file, Report& report)
{
    Bytes bytes = HexField(file.json["hex"]);
    if (bytes.size() < 8) {
        report.Fail(file.name, "no transaction");
        return;
    }
    bytes.erase(bytes.begin() + 4, bytes.begin() + 8);
    const auto tx = primitives::ParseTransaction(bytes);
    if (!tx) {
        report.Fail(file.name, "transaction does not parse");
        return;
    }
    bool found = false;
    for (const auto& output : tx->Outputs()) {
        const auto parsed = names::ParseNameOutput(output.script_pubkey);
        if (parsed && parsed->op) {
            found = true;
            report.CheckBytes(names::WriteNameScript(*parsed->op), output.script_pubkey, file.name);
        }
    }
    report.Check(found, file.name, "no name output");
}

void EnumNames(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const std::string name = base::ToText(HexField(test["input"]["name_hex"]));
        const auto parsed = enumrec::ParseRecordName(name);
        const bool size_fits = !name.empty() && name.size() <= names::MAX_NAME_BYTES;
        if (!SameVerdict(report, test, parsed && size_fits)) continue;
        const Json& want = test["expected"];
        const std::string kind = TextField(want["kind"]);
        bool ok = false;
        switch (parsed->kind) {
        case enumrec::NameKind::Number:
            ok = kind == "number" && parsed->number->Digits() == TextField(want["number"]) &&
                 parsed->slot == IntField(want["slot"]) &&
                 enumrec::RecordNameOf(*parsed->number, parsed->slot) == name;
            break;
        case enumrec::NameKind::TollFree:
            ok = kind == "tollfree" && parsed->country == TextField(want["country"]);
            break;
        case enumrec::NameKind::Verifier:
            ok = kind == "verifier" && enumrec::IsVerifierName(name);
            break;
        case enumrec::NameKind::Free:
            ok = kind == "free";
            break;
        }
        report.Check(ok, CaseId(test), "read otherwise");
    }
}

bool SameRoute(const enumrec::E2u& got, const Json& want)
{
    return got.service == TextField(want["service"]) && got.order == IntField(want["order"]) &&
           got.preference == IntField(want["preference"]) && got.ere == TextField(want["ere"]) &&
           got.replacement == TextField(want["replacement"]) &&
           got.ignore_case == BoolField(want["ignore_case"]);
}

bool SameExtension(const enumrec::Extension& got, const Json& want)
{
    if (got.key != TextField(want[0])) return false;
    if (want[1].isStr()) return got.value == TextField(want[1]);
    return got.value.size() == static_cast<size_t>(IntField(want[1].isNum() ? want[1] : want[1]["length"]));
}

/// Every field of an accepted value, and that its signatures verify in the context of the file.
std::string CompareRecord(const enumrec::Record& record, const Json& want, const Json& context,
                          const enumrec::Number& number)
{
    size_t e2u = 0, sig = 0, ext = 0;
    names::NameContext rules;
    rules.addresses = &Addresses(TextField(context["network"]));
    const Bytes owner = HexField(context["owner_script"]);
    const Bytes verifier = HexField(context["verifier_owner_script"]);
    for (const enumrec::Line& line : record.lines) {
        if (const auto* route = std::get_if<enumrec::E2u>(&line)) {
            if (!SameRoute(*route, want["e2u"][e2u++])) return "E2U line differs";
        } else if (const auto* signature = std::get_if<enumrec::Sig>(&line)) {
            const Json& expected = want["sig"][sig++];
            if (signature->verifier != TextField(expected["verifier"]) ||
                base::Hex(signature->signature) != TextField(expected["signature"]) ||
                signature->expiry != IntField(expected["expiry"])) {
                return "SIG line differs";
            }
            const bool in_context =
                signature->verifier == TextField(context["verifier"]) && number.Digits() == "18009359935";
            if (in_context && !names::VerifySig(*signature, number, owner, verifier, rules))
                return "SIG is wrong";
        } else if (const auto* extension = std::get_if<enumrec::Extension>(&line)) {
            if (!SameExtension(*extension, want["ext"][ext++])) return "X- line differs";
        }
    }
    if (e2u != want["e2u"].size() || sig != want["sig"].size() || ext != want["ext"].size())
        return "line missing";
    const bool has_ttl = want["ttl"].isNum();
    if (record.TtlSec() != (has_ttl ? IntField(want["ttl"]) : int64_t{enumrec::DEFAULT_TTL_SEC}))
        return "TTL differs";
    const enumrec::Pvp* pvp = record.Endpoint();
    if (pvp == nullptr) return want["pvp"].isNull() ? "" : "PVP missing";
    const Json& endpoint = want["pvp"];
    const bool same = pvp->host == TextField(endpoint["host"]) && pvp->port == IntField(endpoint["port"]) &&
                      base::Hex(pvp->key) == TextField(endpoint["key"]) &&
                      pvp->methods == TextField(endpoint["methods"]);
    return same ? "" : "PVP differs";
}

void TollFreeValue(Report& report, const Json& test, const std::string& value)
{
    const auto parsed = enumrec::ParseTollFree(value);
    bool same = parsed && parsed->size() == test["expected"]["blocks"].size();
    for (size_t i = 0; same && i < parsed->size(); ++i) {
        const Json& want = test["expected"]["blocks"][i];
        same = (*parsed)[i].ere == TextField(want["ere"]) && (*parsed)[i].routes.size() == want["e2u"].size();
        for (size_t k = 0; same && k < (*parsed)[i].routes.size(); ++k)
            same = SameRoute((*parsed)[i].routes[k], want["e2u"][k]);
    }
    report.Check(same && enumrec::PrintTollFree(*parsed) == value, CaseId(test), "read or printed otherwise");
}

void EnumValues(const VectorFile& file, Report& report)
{
    const Json& context = file.json["context"];
    for (const Json& test : Items(file.json["cases"])) {
        const std::string name = TextField(test["input"]["name"]);
        const std::string value = ValueText(test["input"]);
        if (!SameVerdict(report, test, AcceptedAlone(NewOp(name, value, HexField(context["owner_script"])))))
            continue;
        const auto parsed_name = enumrec::ParseRecordName(name);
        if (!parsed_name->number) {
            TollFreeValue(report, test, value);
            continue;
        }
        const auto record = enumrec::ParseRecord(value, *parsed_name->number);
        if (!record || enumrec::PrintRecord(*record) != value) {
            report.Fail(CaseId(test), "printed otherwise");
            continue;
        }
        report.CheckText(CompareRecord(*record, test["expected"], context, *parsed_name->number), "",
                         CaseId(test));
    }
}

void VerifierValues(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const std::string value = ValueText(test["input"]);
        const NameOp op =
            NewOp(TextField(test["input"]["name"]), value, HexField(test["input"]["owner_script"]));
        if (!SameVerdict(report, test, AcceptedAlone(op))) continue;
        const auto parsed = enumrec::ParseVerifier(value);
        const Json& want = test["expected"]["entries"];
        bool same =
            parsed && parsed->entries.size() == want.size() && enumrec::PrintVerifier(*parsed) == value;
        for (size_t i = 0; same && i < want.size(); ++i) {
            const auto& [key, text] = parsed->entries[i];
            same = key == TextField(want[i][0]) && (!want[i][1].isStr() || text == TextField(want[i][1]));
        }
        report.Check(same, CaseId(test), "read or printed otherwise");
    }
}

std::string CompareSpans(const enumrec::EreMatch& match, const Json& want)
{
    for (size_t i = 0; i < want.size(); ++i) {
        const auto& got = match.spans[i];
        if (want[i].isNull()) {
            if (got) return "group " + std::to_string(i) + " took part";
            continue;
        }
        if (!got || static_cast<int64_t>(got->first) != IntField(want[i][0]) ||
            static_cast<int64_t>(got->second) != IntField(want[i][1])) {
            return "span " + std::to_string(i) + " differs";
        }
    }
    return "";
}

void Expressions(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const Json& input = test["input"];
        const Json& want = test["expected"];
        const auto ere = enumrec::Ere::Compile(TextField(input["ere"]), BoolField(input["ignore_case"]));
        if (!SameVerdict(report, test, ere.HasValue())) continue;
        if (ere->Groups() != IntField(want["groups"]) || ere->Positions() != IntField(want["positions"])) {
            report.Fail(CaseId(test), "groups or positions counted otherwise");
            continue;
        }
        if (!input.exists("subject")) {
            report.Pass();
            continue;
        }
        const std::string subject = TextField(input["subject"]);
        const bool whole = TextField(input["mode"]) == "whole";
        const bool matches = whole ? ere->MatchesWhole(subject) : ere->Search(subject);
        const auto found = ere->Find(subject);
        if (matches != BoolField(want["matches"]) || (!whole && found.has_value() != matches)) {
            report.Fail(CaseId(test), matches ? "matches" : "does not match");
            continue;
        }
        std::string difference;
        if (want.exists("spans")) difference = found ? CompareSpans(*found, want["spans"]) : "not found";
        if (difference.empty() && want.exists("result")) {
            const std::string result = enumrec::Substitute(TextField(input["replacement"]), subject, *found);
            if (result != TextField(want["result"])) difference = "result is " + result;
        }
        report.CheckText(difference, "", CaseId(test));
    }
}

void OneSignature(const Json& test, Report& report)
{
    const Json& input = test["input"];
    const auto number = enumrec::Number::FromDigits(TextField(input["number"]));
    const auto bytes = codec::Base64Decode(TextField(input["signature"]));
    enumrec::Sig sig;
    sig.verifier = "ver:enum";
    sig.expiry = static_cast<uint32_t>(IntField(input["expiry"]));
    const bool shaped = number && bytes && bytes->size() == sig.signature.size();
    if (shaped) std::copy(bytes->begin(), bytes->end(), sig.signature.begin());
    names::NameContext context;
    context.addresses = &Addresses(TextField(input["network"]));
    const Bytes owner = HexField(input["owner_script"]);
    const bool valid =
        shaped && names::VerifySig(sig, *number, owner, HexField(input["verifier_owner_script"]), context);
    if (!SameVerdict(report, test, valid)) return;
    const Json& want = test["expected"];
    const auto address = script::EncodeAddress(*context.addresses, owner);
    const std::string text = enumrec::SignatureText(*number, address.value_or(""), sig.expiry);
    const bool same = text == TextField(want["text"]) &&
                      base::Hex(script::MessageDigest(text).Span()) == TextField(want["digest"]) &&
                      names::SigCounts(sig, IntField(input["mtp"])) == BoolField(want["counts"]);
    report.Check(same, CaseId(test), "text, digest or counting differs");
}

void RecordWithSignatures(const Json& test, Report& report)
{
    const Json& input = test["input"];
    test::MapView view;
    const Json& verifiers = input["verifiers"];
    for (const std::string& name : verifiers.getKeys()) {
        names::NameRecord record;
        record.owner_script = HexField(verifiers[name]["owner_script"]);
        record.expiry = BoolField(verifiers[name]["live"]) ? LIVE_EXPIRY : PAST_EXPIRY;
        view.records[name] = record;
    }
    const std::string name = TextField(input["name"]);
    if (const Json& current = input["current"]; !current.isNull()) {
        names::NameRecord record;
        record.outpoint = CurrentOutput();
        record.owner_script = HexField(current["owner_script"]);
        record.value = base::ToBytes(TextField(current["value"]));
        record.expiry = BoolField(current["live"]) ? LIVE_EXPIRY : PAST_EXPIRY;
        view.records[name] = record;
    }
    NameOp op = NewOp(name, TextField(input["value"]), HexField(input["owner_script"]));
    op.kind = KindOf(TextField(input["op"]));
    const names::NameContext context{HEIGHT, &view, &Addresses(TextField(input["network"])), nullptr};
    const auto tx = TxWith(op, true);
    const auto ops = names::CheckNameOutputs(*tx);
    const bool valid = ops && names::CheckTransition(*tx, *ops, {}, context).HasValue();
    if (SameVerdict(report, test, valid)) report.Pass();
}

void Signatures(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        if (TextField(test["input"]["kind"]) == "record") {
            RecordWithSignatures(test, report);
        } else {
            OneSignature(test, report);
        }
    }
}

/// A value of `size` bytes that the rules of the name take where they look at it.
NameOp OpForFee(const std::string& name, const Json& input)
{
    NameOp op;
    op.kind = KindOf(TextField(input["op"]));
    op.name = name;
    op.days = IntField(input["days"]);
    op.value.resize(static_cast<size_t>(IntField(input["value_length"])), 'x');
    return op;
}

/// Expiry and slot order of one operation; values are not looked at.
void OneOperation(const Json& test, Report& report)
{
    const Json& input = test["input"];
    const std::string name = TextField(input["name"]);
    test::MapView view;
    if (input["expiry"].isNum()) {
        names::NameRecord record;
        record.outpoint = CurrentOutput();
        record.expiry = static_cast<int32_t>(IntField(input["expiry"]));
        view.records[name] = record;
    }
    if (const auto parsed = enumrec::ParseRecordName(name);
        parsed && parsed->number && input["slot_below_expiry"].isNum()) {
        names::NameRecord below;
        below.expiry = static_cast<int32_t>(IntField(input["slot_below_expiry"]));
        view.records[enumrec::RecordNameOf(*parsed->number, parsed->slot - 1)] = below;
    }
    NameOp op = OpForFee(name, input);
    op.owner_script = script::PayToWitnessKeyHash({});
    const names::NameContext context{static_cast<int32_t>(IntField(input["height"])), &view,
                                     &Addresses("main"), nullptr};
    const auto tx = TxWith(op, BoolField(input["spends_current_output"]));
    const auto deltas = names::CheckTransition(*tx, {{0, op}}, {}, context);
    if (!SameVerdict(report, test, deltas.HasValue())) return;
    const Json& want = test["expected"]["expiry"];
    const auto& after = deltas->front().after;
    report.Check(want.isNum() ? after && after->expiry == IntField(want) : !after, CaseId(test),
                 "expiry differs");
}

void Fees(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        const Json& input = test["input"];
        if (TextField(input["kind"]) == "operation") {
            OneOperation(test, report);
            continue;
        }
        const auto fee = names::NameFee(OpForFee(TextField(input["name"]), input));
        report.CheckText(std::to_string(fee), TextField(test["expected"]["fee"]), CaseId(test));
    }
}

void ChainFees(const VectorFile& file, Report& report)
{
    for (const Json& test : Items(file.json["cases"])) {
        if (TextField(test["op"]) != "name_fee") continue;
        const std::string name = base::ToText(HexField(test["in"]["name"]));
        const auto fee = names::NameFee(OpForFee(name, test["in"]));
        report.CheckText(std::to_string(fee), TextField(test["expected"]["burn"]), CaseId(test));
    }
}

} // namespace

std::vector<Entry> NamesEntries()
{
    return {
        {"names/name_scripts.json", NameScripts},
        {"names/enum_names.json", EnumNames},
        {"names/enum_values.json", EnumValues},
        {"names/ver_values.json", VerifierValues},
        {"names/ere.json", Expressions},
        {"names/signatures.json", Signatures},
        {"names/fees.json", Fees},
        {"chain/fees.json", ChainFees},
        {"electrumx/transactions/emercoin_mainnet_*.json", ForeignNameScripts},
    };
}

} // namespace emc::vectors
