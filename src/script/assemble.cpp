#include "script/assemble.h"

#include "script/script.h"

#include <charconv>

namespace emc::script {

namespace {

constexpr int64_t MAX_NUMBER = 0x7fff'ffff;
constexpr std::string_view BLANKS = " \t\r\n";
constexpr std::string_view PREFIX = "OP_";

/// The op code that RPC shows by this name, with or without OP_.
std::optional<uint8_t> OpOf(std::string_view word)
{
    const std::string wanted = (word.starts_with(PREFIX) ? "" : std::string(PREFIX)) + std::string(word);
    for (int code = OP_1NEGATE; code <= 0xff; ++code) {
        const std::string name = OpName(static_cast<uint8_t>(code));
        if (name == wanted && name != "OP_UNKNOWN") return static_cast<uint8_t>(code);
    }
    return std::nullopt;
}

std::optional<int64_t> NumberOf(std::string_view word)
{
    int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool whole = error == std::errc{} && end == word.data() + word.size();
    return whole && value <= MAX_NUMBER && value >= -MAX_NUMBER ? std::optional(value) : std::nullopt;
}

base::Expected<void, std::string> Add(ScriptBuilder& script, std::string_view word)
{
    if (word.starts_with("0x")) {
        const auto raw = base::FromHex(word.substr(2));
        if (!raw) return base::Unexpected("'" + std::string(word) + "' is not 0x and pairs of hex digits");
        script.Raw(*raw);
        return {};
    }
    if (word.size() >= 2 && word.starts_with('\'') && word.ends_with('\'')) {
        script.Push(base::AsBytes(word.substr(1, word.size() - 2)));
        return {};
    }
    if (const auto number = NumberOf(word)) {
        script.Number(*number);
        return {};
    }
    if (const auto op = OpOf(word)) {
        script.Op(*op);
        return {};
    }
    if (const auto data = base::FromHex(word); data && !data->empty()) {
        script.Push(*data);
        return {};
    }
    return base::Unexpected("'" + std::string(word) + "' is no op code, number, 'text' or hex");
}

} // namespace

base::Expected<base::Bytes, std::string> AssembleScript(std::string_view text)
{
    ScriptBuilder script;
    for (;;) {
        const auto begin = text.find_first_not_of(BLANKS);
        if (begin == std::string_view::npos) break;
        text.remove_prefix(begin);
        const auto end = std::min(text.find_first_of(BLANKS), text.size());
        if (auto added = Add(script, text.substr(0, end)); !added) return base::Unexpected(added.Error());
        text.remove_prefix(end);
    }
    auto out = script.Take();
    if (out.size() > MAX_SCRIPT_BYTES)
        return base::Unexpected(std::string("a script has at most 10000 bytes"));
    return out;
}

} // namespace emc::script
