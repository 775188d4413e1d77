#include "notify/command.h"

#include "codec/json.h"

#include <algorithm>

namespace emc::notify {

namespace {

/// Within which quotes of the shell.
enum class Quote : char { None = 0, Single = '\'', Double = '"' };

/// The quotes behind one more character of the line.
Quote After(Quote quote, char c)
{
    if (c != '\'' && c != '"') return quote;
    const auto mark = static_cast<Quote>(c);
    if (quote == Quote::None) return mark;
    return quote == mark ? Quote::None : quote;
}

std::string Reference(const CommandValue& value, Quote quote)
{
    const std::string bare = "${" + std::string(value.variable) + "}";
    switch (quote) {
    case Quote::None:
        return "\"" + bare + "\"";
    case Quote::Single:
        return "'\"" + bare + "\"'";
    case Quote::Double:
        break;
    }
    return bare;
}

} // namespace

Command Expand(std::string_view pattern, std::span<const CommandValue> values)
{
    Command out;
    Quote quote = Quote::None;
    for (size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
        const auto value = std::find_if(values.begin(), values.end(),
                                        [next](const CommandValue& v) { return v.letter == next; });
        if (c == '%' && next == '%') {
            out.line += '%';
            ++i;
        } else if (c == '%' && next != '\0' && value != values.end()) {
            out.line += value->plain ? value->text : Reference(*value, quote);
            ++i;
        } else if (c == '\\' && quote != Quote::Single && next != '\0') {
            out.line += c;
            out.line += next;
            ++i;
        } else {
            quote = After(quote, c);
            out.line += c;
        }
    }
    for (const auto& value : values) {
        const std::string name(value.variable);
        const bool text = codec::IsUtf8(value.text);
        out.environment.push_back(name + "=" + (text ? value.text : base::Hex(base::AsBytes(value.text))));
        if (!text) out.environment.push_back(name + "_ENCODING=hex");
    }
    return out;
}

} // namespace emc::notify
