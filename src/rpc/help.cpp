#include "rpc/help.h"

#include "base/log.h"

#include <map>

namespace emc::rpc {

namespace {

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

std::string FirstName(const ArgSpec& arg)
{
    return std::string(arg.name.substr(0, arg.name.find('|')));
}

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

} // namespace emc::rpc
