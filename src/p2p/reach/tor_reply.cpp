#include "p2p/reach/tor_reply.h"

namespace emc::p2p {
namespace {

constexpr size_t CODE_DIGITS = 3;

bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool IsOctal(char c)
{
    return c >= '0' && c <= '7';
}

/// The character behind a backslash at the front of `in`, which is taken off; up to three octal digits are
/// one.
char TakeEscaped(std::string_view& in)
{
    const char first = in[0];
    in.remove_prefix(1);
    if (first == 'n') return '\n';
    if (first == 'r') return '\r';
    if (first == 't') return '\t';
    if (!IsOctal(first)) return first;
    int value = first - '0';
    const size_t most = first <= '3' ? 2 : 1; // 377 is the largest
    for (size_t i = 0; i < most && !in.empty() && IsOctal(in[0]); ++i) {
        value = 8 * value + (in[0] - '0');
        in.remove_prefix(1);
    }
    return static_cast<char>(value);
}

/// The quoted text at the front, which is taken off.
std::optional<std::string> TakeQuoted(std::string_view& in)
{
    in.remove_prefix(1);
    std::string out;
    while (!in.empty()) {
        const char c = in[0];
        in.remove_prefix(1);
        if (c == '"') return out;
        if (c != '\\') {
            out += c;
        } else if (!in.empty()) {
            out += TakeEscaped(in);
        }
    }
    return std::nullopt;
}

/// What stands before the next blank, which is taken off with it.
std::optional<std::string> TakeValue(std::string_view& in)
{
    std::string out;
    if (in.starts_with('"')) {
        auto quoted = TakeQuoted(in);
        if (!quoted) return std::nullopt;
        out = std::move(*quoted);
    }
    const size_t end = std::min(in.find(' '), in.size());
    out += in.substr(0, end);
    in.remove_prefix(std::min(end + 1, in.size()));
    return out;
}

} // namespace

base::Expected<std::optional<TorReply>, std::string> TorReplyReader::Feed(base::ByteSpan& in)
{
    while (!in.empty()) {
        const char c = static_cast<char>(in[0]);
        in = in.subspan(1);
        if (c != '\n') {
            if (m_line.size() == MAX_TOR_LINE_BYTES) return base::Unexpected("a line does not end");
            m_line += c;
            continue;
        }
        const auto ends = TakeLine();
        if (!ends) return base::Unexpected(ends.Error());
        if (*ends) return std::optional(std::exchange(m_reply, {}));
    }
    return std::optional<TorReply>();
}

base::Expected<bool, std::string> TorReplyReader::TakeLine()
{
    std::string line = std::exchange(m_line, {});
    if (line.ends_with('\r')) line.pop_back();
    if (m_data && line == ".") {
        m_data = false;
        return false;
    }
    if (m_reply.lines.size() == MAX_TOR_REPLY_LINES) return base::Unexpected("a reply does not end");
    if (m_data) {
        m_reply.lines.push_back(line.starts_with('.') ? line.substr(1) : line);
        return false;
    }
    const bool has_code = line.size() > CODE_DIGITS && IsDigit(line[0]) && IsDigit(line[1]) &&
                          IsDigit(line[2]) && std::string_view(" -+").find(line[3]) != std::string::npos;
    if (!has_code) return base::Unexpected("a line without a reply's number");
    m_reply.code = 100 * (line[0] - '0') + 10 * (line[1] - '0') + (line[2] - '0');
    m_reply.lines.push_back(line.substr(CODE_DIGITS + 1));
    m_data = line[CODE_DIGITS] == '+';
    return line[CODE_DIGITS] == ' ';
}

std::optional<std::string> TorField(std::string_view line, std::string_view key)
{
    while (!line.empty()) {
        const size_t end = line.find_first_of("= ");
        const std::string_view word = line.substr(0, end);
        const bool has_value = end != std::string_view::npos && line[end] == '=';
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        if (!has_value) continue;
        auto value = TakeValue(line);
        if (!value || word == key) return value;
    }
    return std::nullopt;
}

std::optional<std::vector<std::string>> TorValues(std::string_view list)
{
    std::vector<std::string> out;
    while (!list.empty()) {
        auto value = TakeValue(list);
        if (!value) return std::nullopt;
        if (!value->empty()) out.push_back(std::move(*value));
    }
    return out;
}

std::string TorQuoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

} // namespace emc::p2p
