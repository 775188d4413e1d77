#include "base/log_line.h"

#include <array>

namespace emc::base {

namespace {

std::string_view LevelName(LogLevel level)
{
    constexpr std::array<std::string_view, 5> NAMES = {"trace", "debug", "info", "warning", "error"};
    return NAMES[static_cast<size_t>(level)];
}

uint8_t ByteAt(std::string_view text, size_t at)
{
    return static_cast<uint8_t>(text[at]);
}

/// Length of the UTF-8 character at the start of `text` (RFC 3629); 0 when there is none.
size_t CharacterLength(std::string_view text)
{
    const uint8_t first = ByteAt(text, 0);
    if (first < 0x80) return 1;
    size_t length = 0;
    uint32_t value = 0;
    if (first >= 0xc2 && first <= 0xdf) {
        length = 2;
        value = first & 0x1f;
    } else if ((first & 0xf0) == 0xe0) {
        length = 3;
        value = first & 0x0f;
    } else if (first >= 0xf0 && first <= 0xf4) {
        length = 4;
        value = first & 0x07;
    }
    if (length == 0 || text.size() < length) return 0;
    for (size_t i = 1; i < length; ++i) {
        if ((ByteAt(text, i) & 0xc0) != 0x80) return 0;
        value = value << 6 | (ByteAt(text, i) & 0x3f);
    }
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (length == 3 && (value < 0x800 || surrogate)) return 0;
    if (length == 4 && (value < 0x10000 || value > 0x10ffff)) return 0;
    return length;
}

/// True for the C0 and C1 control characters and DEL.
bool IsControl(std::string_view character)
{
    const uint8_t first = ByteAt(character, 0);
    if (character.size() == 1) return first < 0x20 || first == 0x7f;
    return first == 0xc2 && ByteAt(character, 1) < 0xa0;
}

/// Copies `text` to `out`; `escape` writes each piece that must not stand as it is.
template <typename Escape>
void AppendSafe(std::string& out, std::string_view text, bool json, Escape escape)
{
    while (!text.empty()) {
        const size_t length = CharacterLength(text);
        const std::string_view piece = text.substr(0, length == 0 ? 1 : length);
        const bool quote = json && (piece == "\"" || piece == "\\");
        if (length == 0 || IsControl(piece) || quote) {
            escape(out, piece);
        } else {
            out.append(piece);
        }
        text.remove_prefix(piece.size());
    }
}

void AppendText(std::string& out, std::string_view text)
{
    AppendSafe(out, text, false, [](std::string& to, std::string_view piece) {
        for (const char byte : piece)
            to += Format("\\x%02x", unsigned{static_cast<uint8_t>(byte)});
    });
}

void AppendJsonString(std::string& out, std::string_view text)
{
    out += '"';
    AppendSafe(out, text, true, [](std::string& to, std::string_view piece) {
        if (piece == "\"" || piece == "\\") {
            to.append("\\").append(piece);
        } else {
            // A two-byte piece is a C1 control character, whose number is its second byte.
            to += Format("\\u%04x", unsigned{ByteAt(piece, piece.size() - 1)});
        }
    });
    out += '"';
}

void AppendMember(std::string& out, std::string_view name, std::string_view value)
{
    if (value.empty()) return;
    out += out.empty() ? '{' : ',';
    AppendJsonString(out, name);
    out += ':';
    AppendJsonString(out, value);
}

} // namespace

std::string TextLine(const LogLine& line)
{
    std::string out;
    if (!line.time.empty()) out.append(line.time).append(" ");
    if (!line.thread.empty()) {
        out += '[';
        AppendText(out, line.thread);
        out += "] ";
    }
    std::string label(CategoryName(line.category));
    if (line.level != LogLevel::Info) {
        if (!label.empty()) label += ':';
        label += LevelName(line.level);
    }
    if (!label.empty()) out.append("[").append(label).append("] ");
    AppendText(out, line.text);
    out += '\n';
    return out;
}

std::string JsonLine(const LogLine& line)
{
    std::string out;
    AppendMember(out, "time", line.time);
    AppendMember(out, "level", LevelName(line.level));
    AppendMember(out, "category", CategoryName(line.category));
    AppendMember(out, "thread", line.thread);
    out += ',';
    AppendJsonString(out, "text");
    out += ':';
    AppendJsonString(out, line.text);
    out += "}\n";
    return out;
}

} // namespace emc::base
