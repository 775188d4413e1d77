#include "base/log.h"
#include "enum/compose.h"
#include "enum/verifier.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "names/resolve.h"
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
    Json trusted = codec::JsonArray();
    for (const auto& verifier : request.Dns().TrustedVerifiers())
        trusted.push_back(verifier);
    Json out = codec::JsonObject();
    out.pushKV("number", number.Digits());
    out.pushKV("found", !resolution.routes.empty());
    out.pushKV("routes", routes);
    out.pushKV("refused", refused);
    if (!resolution.toll_free_source.empty()) out.pushKV("toll_free", resolution.toll_free_source);
    out.pushKV("trusted_verifiers", trusted);
    if (!resolution.warnings.empty()) {
        Json warnings = codec::JsonArray();
        for (const auto& warning : resolution.warnings)
            warnings.push_back(warning);
        out.pushKV("warnings", warnings);
    }
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
