#include "rpc/words.h"

namespace emc::rpc {

namespace {

using base::Unexpected;

/// The JSON value of a word, by the type the call table gives the argument.
base::Expected<Json, std::string> FromWord(const CallSpec* spec, int position, const std::string& word)
{
    const bool known = spec != nullptr && position >= 0 && static_cast<size_t>(position) < spec->args.size();
    const auto type = known ? spec->args[static_cast<size_t>(position)].type : ArgType::String;
    if (type == ArgType::String || type == ArgType::Hash || type == ArgType::Hex ||
        type == ArgType::AnyWord) {
        return Json(word);
    }
    auto parsed = codec::ParseJson(word);
    if (parsed) return std::move(*parsed);
    if (type == ArgType::Any || type == ArgType::Amount) return Json(word);
    return Unexpected("Argument '" + word + "' is not JSON: " + parsed.Error().reason);
}

base::Expected<Json, std::string> NamedParams(const CallSpec* spec, const std::vector<std::string>& words)
{
    Json out = codec::JsonObject();
    Json positional = codec::JsonArray();
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        if (equals == std::string::npos ||
            (spec != nullptr && ArgPosition(*spec, name) < 0 && name != "args")) {
            auto value = FromWord(spec, static_cast<int>(positional.size()), word);
            if (!value) return value;
            positional.push_back(*value);
            continue;
        }
        auto value = FromWord(spec, spec == nullptr ? -1 : ArgPosition(*spec, name), word.substr(equals + 1));
        if (!value) return value;
        out.pushKV(name, *value);
    }
    if (!positional.empty()) out.pushKV("args", positional);
    return out;
}

} // namespace

base::Expected<Json, std::string> ParamsOf(const CallSpec* spec, const std::vector<std::string>& words,
                                           bool named)
{
    if (named) return NamedParams(spec, words);
    Json out = codec::JsonArray();
    for (size_t i = 0; i < words.size(); ++i) {
        auto value = FromWord(spec, static_cast<int>(i), words[i]);
        if (!value) return value;
        out.push_back(*value);
    }
    return out;
}

base::Expected<std::vector<std::string>, std::string> SplitWords(std::string_view line)
{
    std::vector<std::string> out;
    bool open = false; // a word has begun
    char quote = 0;
    for (size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            open = false;
            continue;
        }
        if (!open) out.emplace_back();
        open = true;
        if (quote == 0 && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == quote) {
            quote = 0;
        } else if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
            out.back() += line[++i];
        } else {
            out.back() += c;
        }
    }
    if (quote != 0) return Unexpected(std::string("The quotation mark ") + quote + " is not closed");
    return out;
}

} // namespace emc::rpc
