#include "enum/compose.h"

#include "base/text.h"
#include "enum/ere.h"
#include "enum/lines.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr std::string_view BLANKS = " \t";

/// A keyword a line may begin with; letters in either case where people write them so.
struct Keyword {
    std::string_view loose; ///< upper case
    bool is_route = false;
};

constexpr Keyword KEYWORDS[] = {
    {"E2U+", true}, {"SIG=", false}, {"TTL=", false}, {"PVP=", false}, {"X-", false}};

char Upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// The keyword at the front of a text, case and blanks before "=" not regarded; nullptr when there is none.
const Keyword* KeywordAt(std::string_view text)
{
    for (const Keyword& keyword : KEYWORDS) {
        size_t i = 0;
        for (const char c : keyword.loose) {
            if (c == '=') {
                while (i < text.size() && BLANKS.find(text[i]) != std::string_view::npos)
                    ++i;
            }
            if (i >= text.size() || Upper(text[i]) != c) break;
            ++i;
            if (c == keyword.loose.back()) return &keyword;
        }
    }
    return nullptr;
}

/// Cuts text into entries: at line ends, and before keywords that follow a blank.
std::vector<std::string> CutEntries(std::string_view text)
{
    std::string lines(text);
    std::replace(lines.begin(), lines.end(), '\r', '\n');
    std::vector<std::string> out;
    for (const std::string_view line : Split(lines, '\n')) {
        size_t begin = 0;
        const bool extension = base::Trim(line).starts_with("X-"); // its text may hold anything
        for (size_t i = 1; i < line.size() && !extension; ++i) {
            const bool after_blank = BLANKS.find(line[i - 1]) != std::string_view::npos;
            if (!after_blank || KeywordAt(line.substr(i)) == nullptr) continue;
            out.emplace_back(base::Trim(line.substr(begin, i - begin)));
            begin = i;
        }
        out.emplace_back(base::Trim(line.substr(begin)));
    }
    std::erase_if(out, [](const std::string& entry) { return entry.empty(); });
    return out;
}

/// Entries without the freedom the grammar does not give. Collects what was repaired.
class Tidier
{
public:
    void Take(std::string_view entry)
    {
        const Keyword* keyword = KeywordAt(entry);
        const size_t equals = entry.find('=');
        if (keyword == nullptr || equals == std::string_view::npos || keyword->loose == "X-") {
            m_lines.emplace_back(entry);
        } else if (keyword->is_route) {
            TakeRoute(entry, equals);
        } else if (keyword->loose == "SIG=") {
            for (const std::string_view signature : Split(entry.substr(equals + 1), ','))
                m_lines.push_back("SIG=" + WithoutBlanks(signature));
        } else {
            m_lines.push_back(std::string(keyword->loose) + WithoutBlanks(entry.substr(equals + 1)));
        }
    }

    [[nodiscard]] std::string Text() const
    {
        std::string out;
        for (const std::string& line : m_lines) {
            if (!out.empty()) out.push_back('\n');
            out += line;
        }
        return out;
    }

    std::vector<Repair> repairs;

private:
    static std::string WithoutBlanks(std::string_view text)
    {
        std::string out(text);
        std::erase_if(out, [](char c) { return BLANKS.find(c) != std::string_view::npos; });
        return out;
    }

    void TakeRoute(std::string_view entry, size_t equals)
    {
        const std::string service = WithoutBlanks(entry.substr(0, equals));
        const std::string_view rest = entry.substr(equals + 1);
        const size_t first = rest.find('|');
        const size_t second = first == std::string_view::npos ? first : rest.find('|', first + 1);
        if (second == std::string_view::npos) {
            m_lines.emplace_back(entry);
            return;
        }
        std::string regexp(base::Trim(rest.substr(second + 1)));
        RepairRegexp(regexp);
        m_lines.push_back(service + "=" + WithoutBlanks(rest.substr(0, second)) + "|" + regexp);
    }

    void RepairRegexp(std::string& regexp)
    {
        const size_t line = m_lines.size() + 1;
        if (regexp.find("\\\\") != std::string::npos) {
            std::string single;
            for (size_t i = 0; i < regexp.size(); ++i) {
                single.push_back(regexp[i]);
                if (regexp[i] == '\\' && i + 1 < regexp.size() && regexp[i + 1] == '\\') ++i;
            }
            regexp = std::move(single);
            repairs.push_back({line, "doubled backslashes were made single: " + regexp, true});
        }
        if (regexp.starts_with("!") && std::count(regexp.begin(), regexp.end(), '!') == 2 &&
            regexp.back() != '!') {
            regexp.push_back('!');
            repairs.push_back({line, "the final ! was missing and has been added: " + regexp, true});
        }
    }

    std::vector<std::string> m_lines;
};

/// A line of a toll-free file with single backslashes and without \d.
std::string FromFileForm(std::string_view raw, bool& rewritten)
{
    std::string out;
    for (size_t i = 0; i < raw.size(); ++i) {
        const bool escape = raw[i] == '\\' && i + 1 < raw.size();
        if (escape && raw[i + 1] == '\\') ++i;
        if (escape && i + 1 < raw.size() && raw[i + 1] == 'd') {
            out += "[0-9]";
            ++i;
            rewritten = true;
            continue;
        }
        out.push_back(raw[i]);
    }
    return out;
}

} // namespace

base::Expected<std::string, RecordFailure> ComposeRecord(const Number& number, const ComposeOptions& options)
{
    Record record;
    for (const ComposeRoute& route : options.routes) {
        E2u line;
        line.service = route.service;
        line.order = route.order;
        line.preference = route.preference;
        line.ere = route.ere;
        line.replacement = route.uri;
        line.ignore_case = route.ignore_case;
        record.lines.emplace_back(std::move(line));
    }
    if (options.endpoint) record.lines.emplace_back(*options.endpoint);
    if (options.ttl_sec) record.lines.emplace_back(Ttl{*options.ttl_sec});
    for (const Sig& sig : options.signatures)
        record.lines.emplace_back(sig);
    for (const Extension& extension : options.extensions)
        record.lines.emplace_back(extension);
    std::string value = PrintRecord(record);
    const auto parsed = ParseRecord(value, number);
    if (!parsed) return base::Unexpected(parsed.Error());
    if (*parsed != record)
        return base::Unexpected(RecordFailure{RecordError::BadByte, 0, "an option holds a separator"});
    return value;
}

bool LooseRecord::NeedsConsent() const
{
    return std::any_of(repairs.begin(), repairs.end(),
                       [](const Repair& repair) { return repair.needs_consent; });
}

base::Expected<LooseRecord, RecordFailure> ReadLoose(std::string_view text, const Number& number)
{
    auto strict = ParseRecord(text, number);
    if (strict) return LooseRecord{std::move(*strict), std::string(text), {}};
    Tidier tidier;
    for (const std::string& entry : CutEntries(text))
        tidier.Take(entry);
    LooseRecord out;
    out.value = tidier.Text();
    auto record = ParseRecord(out.value, number);
    if (!record) return base::Unexpected(record.Error());
    out.record = std::move(*record);
    out.repairs = std::move(tidier.repairs);
    if (out.repairs.empty())
        out.repairs.push_back({0, "lines and blanks were put into the canonical form", false});
    return out;
}

TollFreeImport ImportTollFree(std::string_view text)
{
    TollFreeImport out;
    bool block_usable = false;
    size_t number = 0;
    for (const std::string_view raw : Split(text, '\n')) {
        ++number;
        const auto note = [&](std::string_view what) {
            out.notes.push_back("line " + std::to_string(number) + ": " + std::string(what));
        };
        const size_t last = raw.find_last_not_of(" \t\r");
        if (last == std::string_view::npos || static_cast<uint8_t>(raw[0]) < '0') continue;
        bool rewritten = false;
        const std::string line = FromFileForm(raw.substr(0, last + 1), rewritten);
        if (rewritten) note("\\d was read as [0-9]");
        if (!IsPrintable(line)) {
            note("left out: " + std::string(Text(RecordError::BadByte)));
        } else if (line[0] == '=') {
            const auto ere = Ere::Compile(std::string_view(line).substr(1));
            block_usable = ere.HasValue();
            if (block_usable) {
                out.blocks.push_back({line.substr(1), {}});
            } else {
                note("block left out: " + std::string(Text(ere.Error().error)));
            }
        } else if (!block_usable) {
            note("left out: no valid expression above it");
        } else if (auto route = ParseE2u(line, nullptr)) {
            out.blocks.back().routes.push_back(std::move(*route));
        } else {
            note("route left out: " + std::string(Text(route.Error().error)));
        }
    }
    std::erase_if(out.blocks, [](const TollFreeBlock& block) { return block.routes.empty(); });
    return out;
}

} // namespace emc::enumrec
