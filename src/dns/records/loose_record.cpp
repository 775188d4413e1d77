#include "dns/records/loose_record.h"

#include "enum/compose.h"

#include <algorithm>
#include <vector>

namespace emc::dns {

namespace {

constexpr std::string_view LINE_ENDS = "\r\n";
constexpr size_t KIND_BYTES = 3;

/// The first three characters in upper case.
std::string KindOf(std::string_view line)
{
    std::string out(line.substr(0, KIND_BYTES));
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

/// A route without what stands behind its expression.
std::string_view UpToBlank(std::string_view line)
{
    size_t at = line.find('=');
    for (int bars = 0; bars < 2 && at != std::string_view::npos; ++bars)
        at = line.find('|', at + 1);
    if (at == std::string_view::npos) return line;
    const size_t begin = line.find_first_not_of(' ', at + 1);
    return begin == std::string_view::npos ? line : line.substr(0, line.find(' ', begin));
}

/// "TTL…=n" as "TTL=n".
std::string PlainKey(std::string_view kind, std::string_view line)
{
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return {};
    return std::string(kind) + std::string(line.substr(equals));
}

/// A sound text in canonical form; empty when it is not sound or only with the author's consent.
std::string Canonical(const std::string& text, const enumrec::Number& number)
{
    auto read = enumrec::ReadLoose(text, number);
    return read && !read->NeedsConsent() ? std::move(read->value) : std::string();
}

struct Lines {
    std::vector<std::string> routes;
    std::vector<std::string> others; ///< TTL and SIG, not yet looked at
};

Lines Pick(std::string_view value, const enumrec::Number& number)
{
    Lines out;
    for (size_t seen = 0; !value.empty() && seen < enumrec::MAX_LINES;) {
        const std::string_view line = value.substr(0, value.find_first_of(LINE_ENDS));
        value.remove_prefix(std::min(value.size(), line.size() + 1));
        const std::string kind = KindOf(line);
        if (kind != "E2U" && kind != "TTL" && kind != "SIG") continue;
        ++seen;
        if (kind != "E2U") {
            out.others.push_back(PlainKey(kind, line));
        } else if (auto route = Canonical(std::string(UpToBlank(line)), number); !route.empty()) {
            out.routes.push_back(std::move(route));
        }
    }
    if (out.routes.size() > enumrec::MAX_E2U) out.routes.resize(enumrec::MAX_E2U);
    return out;
}

} // namespace

std::string SoundLines(std::string_view value, const enumrec::Number& number)
{
    const Lines lines = Pick(value, number);
    if (lines.routes.empty()) return {};
    std::string out = lines.routes.front();
    for (size_t i = 1; i < lines.routes.size(); ++i)
        out += "\n" + lines.routes[i];
    for (const std::string& line : lines.others) {
        // A line counts as long as the whole stays sound: one TTL, a bounded number of signatures.
        auto longer = line.empty() ? std::string() : Canonical(out + "\n" + line, number);
        if (!longer.empty()) out = std::move(longer);
    }
    return out;
}

} // namespace emc::dns
