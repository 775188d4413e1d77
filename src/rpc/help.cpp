#include "rpc/help.h"

#include "base/log.h"

#include <map>

namespace emc::rpc {

namespace {

std::string FirstName(const ArgSpec& arg)
{
    return std::string(arg.name.substr(0, arg.name.find('|')));
}

bool IsQuoted(ArgType type)
{
    return type == ArgType::String || type == ArgType::Hash || type == ArgType::Hex;
}

std::string_view TypeWord(ArgType type)
{
    switch (type) {
    case ArgType::String:
        return "string";
    case ArgType::Number:
        return "numeric";
    case ArgType::Decimal:
        return "numeric";
    case ArgType::Bool:
        return "boolean";
    case ArgType::Amount:
        return "numeric or string";
    case ArgType::Hash:
        return "string, 64 hex digits";
    case ArgType::Hex:
        return "string, hex";
    case ArgType::Array:
        return "json array";
    case ArgType::Object:
        return "json object";
    case ArgType::Any:
    case ArgType::AnyWord:
        return "json value";
    }
    return "";
}

std::string_view SchemaType(ArgType type)
{
    switch (type) {
    case ArgType::Number:
        return "integer";
    case ArgType::Decimal:
        return "number";
    case ArgType::Bool:
        return "boolean";
    case ArgType::Array:
        return "array";
    case ArgType::Object:
        return "object";
    default:
        return "string";
    }
}

std::string ArgumentsText(const CallSpec& spec)
{
    if (spec.args.empty()) return {};
    std::string out = "\nArguments:\n";
    for (size_t i = 0; i < spec.args.size(); ++i) {
        const auto& arg = spec.args[i];
        std::string condition = "required";
        if (!arg.Required()) {
            condition = arg.fallback == "-" ? "optional" : "optional, default=" + std::string(arg.fallback);
        }
        out += base::Format("%zu. %-16s (%s, %s) %s\n", i + 1, FirstName(arg).c_str(),
                            std::string(TypeWord(arg.type)).c_str(), condition.c_str(),
                            std::string(arg.help).c_str());
    }
    return out;
}

std::string ExampleText(const CallSpec& spec)
{
    const std::string name(spec.name);
    const std::string arguments = spec.example.empty() ? "" : " " + std::string(spec.example);
    return "\nExample:\n> emercoin-cli " + name + arguments + "\n";
}

} // namespace

std::string UsageLine(const CallSpec& spec)
{
    std::string out(spec.name);
    size_t open = 0;
    for (const auto& arg : spec.args) {
        if (!arg.Required() && open == 0) {
            out += " (";
            open = 1;
        }
        const std::string name = FirstName(arg);
        out += IsQuoted(arg.type) ? " \"" + name + "\"" : " " + name;
    }
    return open != 0 ? out + " )" : out;
}

std::string HelpPage(const CallSpec& spec)
{
    std::string out = UsageLine(spec) + "\n\n" + std::string(spec.summary) + "\n" + ArgumentsText(spec);
    if (!spec.result.empty()) out += "\nResult:\n" + std::string(spec.result) + "\n";
    return out + ExampleText(spec);
}

std::string HelpList()
{
    std::map<std::string_view, std::vector<std::string>> by_category;
    for (const auto* call : AllCalls()) {
        if (call->category != "Hidden") by_category[call->category].push_back(UsageLine(*call));
    }
    std::string out;
    for (const auto& [category, lines] : by_category) {
        if (!out.empty()) out += "\n";
        out += "== " + std::string(category) + " ==\n";
        for (const auto& line : lines)
            out += line + "\n";
    }
    return out;
}

Json OpenRpcSchema()
{
    Json info = codec::JsonObject();
    info.pushKV("title", "Emercoin telephony node JSON-RPC");
    info.pushKV("version", EMC_VERSION);
    Json methods = codec::JsonArray();
    for (const auto* call : AllCalls()) {
        Json params = codec::JsonArray();
        for (const auto& arg : call->args) {
            Json schema = codec::JsonObject();
            if (arg.type != ArgType::Any && arg.type != ArgType::AnyWord && arg.type != ArgType::Amount) {
                schema.pushKV("type", std::string(SchemaType(arg.type)));
            }
            Json param = codec::JsonObject();
            param.pushKV("name", FirstName(arg));
            param.pushKV("description", std::string(arg.help));
            param.pushKV("required", arg.Required());
            param.pushKV("schema", schema);
            params.push_back(param);
        }
        Json result = codec::JsonObject();
        result.pushKV("name", "result");
        result.pushKV("description", std::string(call->result));
        result.pushKV("schema", codec::JsonObject());
        Json method = codec::JsonObject();
        method.pushKV("name", std::string(call->name));
        method.pushKV("summary", std::string(call->summary));
        method.pushKV("params", params);
        method.pushKV("result", result);
        methods.push_back(method);
    }
    Json out = codec::JsonObject();
    out.pushKV("openrpc", "1.2.6");
    out.pushKV("info", info);
    out.pushKV("methods", methods);
    return out;
}

} // namespace emc::rpc
