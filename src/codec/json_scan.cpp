#include "codec/json_scan.h"

#include <algorithm>

namespace emc::codec {
namespace {

constexpr bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr bool IsContinuation(char c)
{
    return (static_cast<uint8_t>(c) & 0xc0) == 0x80;
}

/// Walks once over the text, keeping only the kinds of the open containers.
class Scanner
{
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    std::optional<JsonError> Run()
    {
        while (m_reason.empty() && m_next != Next::End)
            Step();
        if (m_reason.empty()) return std::nullopt;
        return JsonError{m_pos, std::string(m_reason)};
    }

private:
    /// What the grammar allows at this place.
    enum class Next { Value, ValueOrClose, KeyOrClose, Key, CommaOrClose, End };

    void Step()
    {
        SkipBlanks();
        switch (m_next) {
        case Next::ValueOrClose:
            if (Peek() == ']') return Close(']');
            return ScanValue();
        case Next::KeyOrClose:
            if (Peek() == '}') return Close('}');
            return ScanKey();
        case Next::Key:
            return ScanKey();
        case Next::CommaOrClose:
            return ScanAfterValue();
        default:
            return ScanValue();
        }
    }

    void Fail(std::string_view reason)
    {
        if (m_reason.empty()) m_reason = reason;
    }

    /// The character here, or NUL at the end (a NUL in the text fits nowhere either).
    [[nodiscard]] char Peek() const { return m_pos < m_text.size() ? m_text[m_pos] : '\0'; }

    void SkipBlanks()
    {
        while (m_pos < m_text.size() &&
               std::string_view(" \t\n\r").find(m_text[m_pos]) != std::string_view::npos) {
            ++m_pos;
        }
    }

    void Open(char bracket)
    {
        if (m_open.size() == MAX_JSON_DEPTH) return Fail("nested too deeply");
        m_open.push_back(bracket);
        ++m_pos;
        m_next = bracket == '{' ? Next::KeyOrClose : Next::ValueOrClose;
    }

    void Close(char bracket)
    {
        const char open = bracket == '}' ? '{' : '[';
        if (m_open.empty() || m_open.back() != open) return Fail("bracket that closes nothing");
        m_open.pop_back();
        ++m_pos;
        ValueEnds();
    }

    void ValueEnds()
    {
        m_next = Next::CommaOrClose;
        if (!m_open.empty()) return;
        SkipBlanks();
        if (m_pos < m_text.size()) return Fail("text after the value");
        m_next = Next::End;
    }

    void ScanAfterValue()
    {
        const char c = Peek();
        if (c == '}' || c == ']') return Close(c);
        if (c != ',') return Fail(AtEnd() ? "unexpected end" : "comma or closing bracket expected");
        ++m_pos;
        m_next = m_open.back() == '{' ? Next::Key : Next::Value;
    }

    void ScanKey()
    {
        if (Peek() != '"') return Fail(AtEnd() ? "unexpected end" : "key in quotes expected");
        ScanString();
        SkipBlanks();
        if (Peek() != ':') return Fail(AtEnd() ? "unexpected end" : "colon expected");
        ++m_pos;
        m_next = Next::Value;
    }

    void ScanValue()
    {
        const char c = Peek();
        if (c == '{' || c == '[') return Open(c);
        if (c == '"') {
            ScanString();
        } else if (c == '-' || IsDigit(c)) {
            ScanNumber();
        } else if (!TakeWord("true") && !TakeWord("false") && !TakeWord("null")) {
            Fail(AtEnd() ? "unexpected end" : "value expected");
        }
        if (m_reason.empty()) ValueEnds();
    }

    [[nodiscard]] bool AtEnd() const { return m_pos == m_text.size(); }

    bool TakeWord(std::string_view word)
    {
        if (!m_text.substr(m_pos).starts_with(word)) return false;
        m_pos += word.size();
        return true;
    }

    /// One digit or more.
    bool TakeDigits()
    {
        const size_t start = m_pos;
        while (IsDigit(Peek()))
            ++m_pos;
        return m_pos > start;
    }

    void ScanNumber()
    {
        if (Peek() == '-') ++m_pos;
        const size_t start = m_pos;
        if (!TakeDigits()) return Fail("digit expected");
        if (m_text[start] == '0' && m_pos > start + 1) return Fail("number with leading zero");
        if (Peek() == '.') {
            ++m_pos;
            if (!TakeDigits()) return Fail("digit expected");
        }
        if (Peek() == 'e' || Peek() == 'E') {
            ++m_pos;
            if (Peek() == '+' || Peek() == '-') ++m_pos;
            if (!TakeDigits()) return Fail("digit expected");
        }
    }

    void ScanString()
    {
        ++m_pos;
        while (m_reason.empty()) {
            if (AtEnd()) return Fail("string without end");
            const char c = m_text[m_pos];
            if (c == '"') {
                ++m_pos;
                return;
            }
            if (c == '\\') {
                ScanEscape();
            } else if (static_cast<uint8_t>(c) < 0x20) {
                Fail("control character in string");
            } else {
                const size_t length = Utf8Length(m_text.substr(m_pos));
                if (length == 0) Fail("not UTF-8");
                m_pos += length;
            }
        }
    }

    void ScanEscape()
    {
        const char kind = m_pos + 1 < m_text.size() ? m_text[m_pos + 1] : '\0';
        if (kind == 'u') return ScanUnicodeEscape();
        if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
            return Fail("unknown escape");
        }
        m_pos += 2;
    }

    void ScanUnicodeEscape()
    {
        const auto unit = UnicodeEscapeAt(m_pos);
        if (!unit) return Fail("four hex digits expected");
        const bool high_surrogate = *unit >= 0xd800 && *unit < 0xdc00;
        const bool low_surrogate = *unit >= 0xdc00 && *unit < 0xe000;
        const auto second = high_surrogate ? UnicodeEscapeAt(m_pos + ESCAPE_CHARACTERS) : std::nullopt;
        const bool pair = second && *second >= 0xdc00 && *second < 0xe000;
        if (low_surrogate || (high_surrogate && !pair)) return Fail("half of a surrogate pair");
        m_pos += pair ? 2 * ESCAPE_CHARACTERS : ESCAPE_CHARACTERS;
    }

    /// The UTF-16 unit of an escape "\uXXXX" at `pos`.
    [[nodiscard]] std::optional<unsigned> UnicodeEscapeAt(size_t pos) const
    {
        if (pos + ESCAPE_CHARACTERS > m_text.size() || m_text[pos] != '\\' || m_text[pos + 1] != 'u') {
            return std::nullopt;
        }
        const auto bytes = base::FromHex(m_text.substr(pos + 2, 4));
        if (!bytes) return std::nullopt;
        return static_cast<unsigned>((*bytes)[0] << 8 | (*bytes)[1]);
    }

    static constexpr size_t ESCAPE_CHARACTERS = 6;

    std::string_view m_text;
    std::string_view m_reason;
    std::string m_open; ///< open brackets, innermost last
    size_t m_pos = 0;
    Next m_next = Next::Value;
};

} // namespace

std::optional<JsonError> FindJsonError(std::string_view text)
{
    return Scanner(text).Run();
}

size_t Utf8Length(std::string_view text)
{
    if (text.empty()) return 0;
    const auto first = static_cast<uint8_t>(text[0]);
    if (first < 0x80) return 1;
    const size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || text.size() < length) return 0;
    if (!std::all_of(text.begin() + 1, text.begin() + static_cast<ptrdiff_t>(length), IsContinuation))
        return 0;
    const auto second = static_cast<uint8_t>(text[1]);
    // Overlong forms, surrogates and code points above U+10FFFF are told by the second byte.
    if (first == 0xe0 && second < 0xa0) return 0;
    if (first == 0xed && second >= 0xa0) return 0;
    if (first == 0xf0 && second < 0x90) return 0;
    if (first == 0xf4 && second >= 0x90) return 0;
    return length;
}

} // namespace emc::codec
