#include "base/log.h"
#include "enum/compose.h"
#include "enum/verifier.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "names/resolve.h"
#include "names/transition.h"
#include "rpc/calls.h"
#include "rpc/render.h"

#include <algorithm>

namespace emc::rpc {

namespace {

enumrec::Number NumberOf(const Request& request, size_t i)
{
    const auto number = enumrec::Number::FromHuman(request.Str(i));
    if (!number) {
        throw RpcError(Code::Parameter, "'" + request.Str(i) +
                                            "' is no telephone number: 4 to 15 digits with country "
                                            "code, the first 1 to 9, like 18009359935");
    }
    return *number;
}

std::string FailureText(const enumrec::RecordFailure& failure)
{
    std::string out(enumrec::Text(failure.error));
    if (failure.line != 0) out = base::Format("line %zu: ", failure.line) + out;
    if (!failure.detail.empty()) out += " (" + failure.detail + ")";
    return out;
}

void PushTrusted(const Request& request, Json& out)
{
    Json trusted = codec::JsonArray();
    for (const auto& verifier : request.Dns().TrustedVerifiers())
        trusted.push_back(verifier);
    out.pushKV("trusted_verifiers", trusted);
}

void PushWarnings(const std::vector<std::string>& texts, Json& out)
{
    if (texts.empty()) return;
    Json warnings = codec::JsonArray();
    for (const auto& text : texts)
        warnings.push_back(text);
    out.pushKV("warnings", warnings);
}

Json EnumResolve(const Request& request)
{
    const auto number = NumberOf(request, 0);
    const auto resolution = request.Dns().Resolve(number);
    Json routes = codec::JsonArray();
    for (const auto& route : resolution.routes) {
        Json row = codec::JsonObject();
        row.pushKV("uri", route.uri);
        row.pushKV("service", route.route.service);
        row.pushKV("order", static_cast<int>(route.route.order));
        row.pushKV("preference", static_cast<int>(route.route.preference));
        row.pushKV("regexp", route.route.Regexp());
        row.pushKV("ttl", static_cast<int64_t>(route.ttl_sec));
        if (route.slot >= 0) row.pushKV("slot", route.slot);
        if (!route.verifier.empty()) row.pushKV("verifier", route.verifier);
        routes.push_back(row);
    }
    Json refused = codec::JsonArray();
    for (const auto& slot : resolution.refused) {
        Json row = codec::JsonObject();
        row.pushKV("slot", slot.slot);
        row.pushKV("reason", std::string(names::Text(slot.reason)));
        if (!slot.detail.empty()) row.pushKV("detail", slot.detail);
        refused.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("number", number.Digits());
    out.pushKV("found", !resolution.routes.empty());
    out.pushKV("routes", routes);
    out.pushKV("refused", refused);
    if (!resolution.toll_free_source.empty()) out.pushKV("toll_free", resolution.toll_free_source);
    PushTrusted(request, out);
    PushWarnings(resolution.warnings, out);
    return out;
}

uint32_t NumberField(const Json& options, const std::string& key, uint32_t high, uint32_t fallback)
{
    const Json& value = options[key];
    if (value.isNull()) return fallback;
    const int64_t number = value.isNum() ? value.get_int64() : -1;
    if (number < 0 || number > static_cast<int64_t>(high)) {
        throw RpcError(Code::Parameter,
                       base::Format("%s must be a whole number from 0 to %u", key.c_str(), high));
    }
    return static_cast<uint32_t>(number);
}

std::string TextField(const Json& options, const std::string& key, const std::string& fallback)
{
    const Json& value = options[key];
    if (value.isNull()) return fallback;
    if (!value.isStr()) throw RpcError(Code::Type, key + " must be a string");
    return value.get_str();
}

enumrec::ComposeRoute RouteOf(const Json& options, const std::string& uri)
{
    enumrec::ComposeRoute route;
    route.uri = uri;
    route.service = TextField(options, "service", route.service);
    route.order = static_cast<uint16_t>(NumberField(options, "order", 65535, route.order));
    route.preference = static_cast<uint16_t>(NumberField(options, "preference", 65535, route.preference));
    route.ere = TextField(options, "ere", route.ere);
    route.ignore_case = options["ignore_case"].isTrue();
    return route;
}

/// The lines of `sig`: one text or a list.
std::vector<std::string> SigLines(const Json& options)
{
    const Json& value = options["sig"];
    std::vector<std::string> lines;
    if (value.isStr()) lines.push_back(value.get_str());
    if (value.isArray()) {
        for (const auto& item : value.getValues())
            lines.push_back(item.isStr() ? item.get_str() : "");
    }
    return lines;
}

std::string ParsedValue(const std::string& value, const enumrec::Number& number)
{
    const auto record = enumrec::ParseRecord(value, number);
    if (!record) throw RpcError(Code::Parameter, "The record is not valid: " + FailureText(record.Error()));
    return enumrec::PrintRecord(*record);
}

Json EnumRecord(const Request& request)
{
    const auto number = NumberOf(request, 0);
    const Json options = request.Has(2) ? request.Raw(2) : codec::JsonObject();
    CheckKeys(options,
              {"service", "order", "preference", "ere", "ignore_case", "ttl", "sig", "slot", "routes"});
    enumrec::ComposeOptions compose;
    if (!request.Str(1).empty()) compose.routes.push_back(RouteOf(options, request.Str(1)));
    if (options["routes"].isArray()) {
        for (const auto& item : options["routes"].getValues()) {
            compose.routes.push_back(RouteOf(item, TextField(item, "uri", "")));
        }
    }
    if (const auto ttl = NumberField(options, "ttl", 604800, 0); ttl != 0) compose.ttl_sec = ttl;
    const auto value = enumrec::ComposeRecord(number, compose);
    if (!value) throw RpcError(Code::Parameter, "The record is not valid: " + FailureText(value.Error()));
    std::string text = *value;
    for (const auto& line : SigLines(options))
        text += "\n" + line;
    const auto slot = static_cast<int>(NumberField(options, "slot", enumrec::MAX_SLOT, 0));
    Json out = codec::JsonObject();
    out.pushKV("name", enumrec::RecordNameOf(number, slot));
    out.pushKV("value", ParsedValue(text, number));
    return out;
}

Json EnumParse(const Request& request)
{
    const auto number = NumberOf(request, 0);
    const auto loose = enumrec::ReadLoose(request.Str(1), number);
    if (!loose) throw RpcError(Code::Parameter, "The record is not valid: " + FailureText(loose.Error()));
    Json repairs = codec::JsonArray();
    for (const auto& repair : loose->repairs) {
        Json row = codec::JsonObject();
        row.pushKV("line", static_cast<uint64_t>(repair.line));
        row.pushKV("what", repair.what);
        row.pushKV("needs_consent", repair.needs_consent);
        repairs.push_back(row);
    }
    Json uris = codec::JsonArray();
    for (const auto* route : loose->record.Routes()) {
        uris.push_back(enumrec::ApplyRoute(*route, number).value_or(""));
    }
    Json out = codec::JsonObject();
    out.pushKV("value", loose->value);
    out.pushKV("canonical", loose->repairs.empty());
    out.pushKV("repairs", repairs);
    out.pushKV("uris", uris);
    return out;
}

Json EnumSignatureText(const Request& request)
{
    static_cast<void>(ScriptOfAddress(request.Chain().Params(), request.Str(1)));
    const auto expiry = static_cast<uint32_t>(request.IntIn(2, 0, UINT32_MAX, 0));
    return enumrec::SignatureText(NumberOf(request, 0), request.Str(1), expiry);
}

/// The signatures of a record's value, or of lines as enum_sign gives them.
std::vector<enumrec::Sig> SignaturesOf(const std::string& value, const enumrec::Number& number)
{
    std::vector<enumrec::Sig> out;
    const auto lines = enumrec::SignatureLines(value);
    const auto count = static_cast<size_t>(std::count(value.begin(), value.end(), '\n')) + 1;
    if (lines.size() == count && count <= enumrec::MAX_SIG) {
        for (const auto& line : lines)
            out.push_back(line.sig);
        return out;
    }
    const auto record = enumrec::ParseRecord(value, number);
    if (!record) throw RpcError(Code::Parameter, "The record is not valid: " + FailureText(record.Error()));
    for (const auto* sig : record->Signatures())
        out.push_back(*sig);
    return out;
}

/// Who else owns the name, or did so before as far as the index of histories tells; the latest first.
std::vector<base::Bytes> OtherOwners(const Request& request, const std::string& name,
                                     const base::Bytes& owner)
{
    constexpr size_t MOST = 32;
    std::vector<base::Bytes> out;
    const auto add = [&](const base::Bytes& other) {
        const bool known = other == owner || std::find(out.begin(), out.end(), other) != out.end();
        if (!known && out.size() < MOST) out.push_back(other);
    };
    if (const auto info = request.Names().Find(name)) add(info->record.owner_script);
    std::vector<interfaces::NameHistoryEntry> entries;
    if (request.Rooms().index != nullptr && request.Rooms().index->History(name, entries)) {
        for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
            add(entry->owner_script);
    }
    return out;
}

/// A signature that is wrong may be right for somebody else, or made with a key the verifier had before.
void ExplainWrong(const Request& request, const enumrec::Number& number, const names::RecordToJudge& record,
                  const enumrec::Sig& sig, Json& row)
{
    const auto& params = request.Chain().Params();
    names::NameContext context;
    context.addresses = &params.addresses;
    const auto verifier = request.Names().Find(sig.verifier);
    if (!verifier) return;
    const auto& key = verifier->record.owner_script;
    for (const auto& owner :
         OtherOwners(request, enumrec::RecordNameOf(number, record.slot), record.owner_script)) {
        if (!names::VerifySig(sig, number, owner, key, context)) continue;
        row.pushKV("reason", "signed for another owner; a signature ends when its number changes hands");
        row.pushKV("detail", AddressText(params, owner));
        return;
    }
    for (const auto& earlier : OtherOwners(request, sig.verifier, key)) {
        if (!names::VerifySig(sig, number, record.owner_script, earlier, context)) continue;
        row.pushKV("reason", "signed with a key the verifier had before");
        row.pushKV("detail", AddressText(params, earlier));
        return;
    }
}

Json JudgedJson(const Request& request, const enumrec::Number& number, const names::RecordToJudge& record,
                const names::JudgedSignature& judged)
{
    Json row = codec::JsonObject();
    row.pushKV("verifier", judged.sig.verifier);
    row.pushKV("expiry", static_cast<int64_t>(judged.sig.expiry));
    row.pushKV("trusted", judged.trusted);
    row.pushKV("holds", !judged.refusal);
    row.pushKV("counts", judged.trusted && !judged.refusal);
    if (judged.refusal) {
        row.pushKV("reason", std::string(names::Text(*judged.refusal)));
        if (!judged.detail.empty()) row.pushKV("detail", judged.detail);
        if (judged.refusal == names::SlotRefusal::SignatureWrong)
            ExplainWrong(request, number, record, judged.sig, row);
    } else if (!judged.trusted) {
        row.pushKV("reason", "the verifier is not trusted by this node");
        row.pushKV("detail", judged.sig.verifier);
    }
    return row;
}

Json EnumVerify(const Request& request)
{
    const auto number = NumberOf(request, 0);
    const Json options = request.Has(1) ? request.Raw(1) : codec::JsonObject();
    CheckKeys(options, {"slot", "value", "owner"});
    names::RecordToJudge record;
    record.slot = static_cast<int>(NumberField(options, "slot", enumrec::MAX_SLOT, 0));
    const std::string name = enumrec::RecordNameOf(number, record.slot);
    const auto info = request.Names().Find(name);
    const auto& params = request.Chain().Params();
    if (!options["owner"].isNull()) {
        record.owner_script = ScriptOfAddress(params, TextField(options, "owner", ""));
    } else if (info) {
        record.owner_script = info->record.owner_script;
    } else if (!options["value"].isNull()) {
        throw RpcError(Code::Parameter, name +
                                            " is not registered: options.owner has to say whose address the "
                                            "signatures are for");
    }
    if (options["value"].isNull() && !info)
        throw RpcError(Code::Wallet,
                       name + " is not registered: give options.value and options.owner to check a "
                              "record before it is");
    const std::string value = info ? base::ToText(info->record.value) : "";
    record.signatures = SignaturesOf(TextField(options, "value", value), number);
    const auto judgement = request.Dns().Judge(number, record);
    bool counts = false;
    Json signatures = codec::JsonArray();
    for (const auto& judged : judgement.signatures) {
        counts = counts || (judged.trusted && !judged.refusal);
        signatures.push_back(JudgedJson(request, number, record, judged));
    }
    Json out = codec::JsonObject();
    out.pushKV("number", number.Digits());
    out.pushKV("name", name);
    out.pushKV("owner", AddressText(params, record.owner_script));
    out.pushKV("live", info && info->live);
    out.pushKV("counts", counts);
    out.pushKV("signatures", signatures);
    PushTrusted(request, out);
    PushWarnings(judgement.warnings, out);
    return out;
}

Json VerRecord(const Request& request)
{
    enumrec::VerifierRecord record;
    const Json& fields = request.Raw(0);
    for (const auto& key : fields.getKeys())
        record.entries.emplace_back(key, TextField(fields, key, ""));
    const auto text = enumrec::PrintVerifier(record);
    const auto parsed = enumrec::ParseVerifier(text);
    if (!parsed) {
        throw RpcError(Code::Parameter,
                       base::Format("The verifier record is not valid: line %zu: ", parsed.Error().line) +
                           std::string(enumrec::Text(parsed.Error().error)));
    }
    return text;
}

} // namespace

const CallTable& EnumCalls()
{
    constexpr ArgSpec NUMBER{"number", ArgType::String, "",
                             "E.164 number with country code; +, blanks and dashes may stand in it"};
    static const CallTable table = {
        {"enum_resolve",
         "Enum",
         CallKind::Slow,
         "Where a call to a number goes, and why other records do not count.",
         {NUMBER},
         "{ number, found, routes: [ { uri, service, order, preference, regexp, ttl, slot, verifier } ],\n"
         "  refused: [ { slot, reason, detail } ], toll_free, trusted_verifiers, warnings }\n"
         "Routes are in the order in which to try them.",
         "\"18009359935\"",
         EnumResolve},
        {"enum_verify",
         "Enum",
         CallKind::Slow,
         "Which signatures of a number's record hold, whose verifiers are trusted here, and why others do "
         "not "
         "count.\n"
         "Judges what is registered, or with options.value and options.owner a record before it is: all of "
         "it,\n"
         "or lines as enum_sign gives them.",
         {NUMBER,
          {"options", ArgType::Object, "-",
           "{ slot: 0, value: the record or its SIG lines, owner: address }"}},
         "{ number, name, owner, live, counts, signatures: [ { verifier, expiry, trusted, holds, counts, "
         "reason,\n"
         "  detail } ], trusted_verifiers, warnings }\n"
         "counts: the verifier is trusted and the signature holds; detail: the address or the name the "
         "reason is "
         "about.",
         "\"18009359935\" '{\"slot\":0}'",
         EnumVerify},
        {"enum_record",
         "Enum",
         CallKind::Quick,
         "Makes the name and the canonical value of a number's record; sends nothing.",
         {NUMBER,
          {"uri", ArgType::String, "", "where calls go, like sip:100@pbx.example; \"\" with options.routes"},
          {"options", ArgType::Object, "-",
           "{ service, order, preference, ere, ignore_case, ttl, sig: line or [ line ], slot, routes: [ … ] "
           "}"}},
         "{ name, value }",
         "\"18009359935\" \"sip:100@pbx.example\" '{\"ttl\":3600}'",
         EnumRecord},
        {"enum_parse",
         "Enum",
         CallKind::Quick,
         "Reads a record generously and shows the canonical value and what was changed.",
         {NUMBER, {"text", ArgType::String, "", "the value as people write it"}},
         "{ value, canonical, repairs: [ { line, what, needs_consent } ], uris }",
         "\"18009359935\" \"E2U+sip=…\"",
         EnumParse},
        {"enum_signature_text",
         "Enum",
         CallKind::Quick,
         "The text a verifier signs for a number and its owner.",
         {NUMBER,
          {"owner_address", ArgType::String, "", "owner of the record"},
          {"expiry", ArgType::Number, "0", "unix seconds; 0: never"}},
         "\"text\"",
         "\"18009359935\" \"address\"",
         EnumSignatureText},
        {"ver_record",
         "Enum",
         CallKind::Quick,
         "Makes the canonical value of a verifier's record.",
         {{"fields", ArgType::Object, "", "{ name, url, email, method, fee, SRL }"}},
         "\"value\"",
         "'{\"name\":\"Example verifier\"}'",
         VerRecord},
    };
    return table;
}

} // namespace emc::rpc
