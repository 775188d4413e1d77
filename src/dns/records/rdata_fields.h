/// Reading the fields of an element of text. For this room only.
#pragma once

#include "dns/message/wire.h"

#include <algorithm>

namespace emc::dns {

inline constexpr size_t MAX_STRING_BYTES = 255; ///< of a character string (RFC 1035 §3.3)

/// Decimal digits alone, at most 5 of them; nullopt above `most`.
[[nodiscard]] inline std::optional<uint16_t> Decimal(std::string_view text, uint32_t most)
{
    if (text.empty() || text.size() > 5) return std::nullopt;
    uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<uint32_t>(c - '0');
    }
    if (value > most) return std::nullopt;
    return static_cast<uint16_t>(value);
}

/// Text up to the next separator, which is taken off with it; nullopt when there is none.
[[nodiscard]] inline std::optional<std::string_view> TakeField(std::string_view& text, char separator)
{
    const size_t end = text.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end + 1);
    return field;
}

[[nodiscard]] inline std::string_view WithoutBlanks(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    return text;
}

/// Takes the next word between blanks off; double quotes around it are left out and may hold blanks. nullopt
/// at the end of the text and for a quote without its second.
[[nodiscard]] inline std::optional<std::string_view> TakeWord(std::string_view& text)
{
    text = WithoutBlanks(text);
    if (text.empty()) return std::nullopt;
    if (text[0] != '"') {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size());
        return word;
    }
    text.remove_prefix(1);
    const auto word = TakeField(text, '"');
    if (!word || (!text.empty() && text[0] != ' ')) return std::nullopt;
    return word;
}

/// A host name, or a dot for the root, which says that there is nothing.
[[nodiscard]] inline std::optional<Bytes> NameOrRoot(std::string_view text)
{
    if (text == ".") return Bytes{0};
    return NameFromText(text);
}

[[nodiscard]] inline bool IsAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A visible character of ASCII, blank not among them.
[[nodiscard]] inline bool IsVisible(char c)
{
    return c > 0x20 && c < 0x7f;
}

template <typename F>
[[nodiscard]] bool AllOf(std::string_view text, F holds)
{
    return std::all_of(text.begin(), text.end(), holds);
}

inline void Append(base::Bytes& out, base::ByteSpan more)
{
    out.insert(out.end(), more.begin(), more.end());
}

/// A length byte and at most MAX_STRING_BYTES.
inline void AppendString(base::Bytes& out, std::string_view text)
{
    out.push_back(static_cast<uint8_t>(text.size()));
    Append(out, base::AsBytes(text));
}

} // namespace emc::dns
