#include "calls/cdr.h"

#include "base/text.h"
#include "calls/cdr_fields.h"
#include "calls/cdr_readers.h"
#include "codec/csv.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace emc::calls {
namespace {

using codec::CsvReader;

struct FormatName {
    CdrFormat format;
    std::string_view name;
};

constexpr std::array<FormatName, 7> FORMATS = {{{CdrFormat::AsteriskCsv, "asterisk-csv"},
                                                {CdrFormat::FreeSwitchCsv, "freeswitch-csv"},
                                                {CdrFormat::FreeSwitchJson, "freeswitch-json"},
                                                {CdrFormat::FreeSwitchXml, "freeswitch-xml"},
                                                {CdrFormat::KamailioCsv, "kamailio-csv"},
                                                {CdrFormat::KamailioJson, "kamailio-json"},
                                                {CdrFormat::Csv, "csv"}}};

/// The place a column is named by, from 1; 0 when it is a heading.
size_t Place(std::string_view name)
{
    size_t place = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), place);
    return error == std::errc{} && end == name.data() + name.size() ? place : 0;
}

bool HasHeading(const CdrOptions& options)
{
    if (options.format == CdrFormat::KamailioCsv) return true;
    if (options.format != CdrFormat::Csv) return false;
    return options.columns.empty() || std::any_of(options.columns.begin(), options.columns.end(),
                                                  [](const auto& entry) { return Place(entry.second) == 0; });
}

/// The field of a row by heading or place.
const std::string* Column(const std::vector<std::string>& heading, const std::vector<std::string>& row,
                          std::string_view name)
{
    size_t place = Place(name);
    if (place == 0) {
        const auto found = std::find(heading.begin(), heading.end(), name);
        if (found == heading.end()) return nullptr;
        place = static_cast<size_t>(found - heading.begin()) + 1;
    }
    return place <= row.size() ? &row[place - 1] : nullptr;
}

/// A sentence when a heading lacks a column without which nothing can be read.
std::optional<std::string> CheckHeading(const std::vector<std::string>& heading, const CdrOptions& options)
{
    const std::vector<std::string> row(heading.size(), "x");
    const CdrFields fields =
        CollectFields(options, [&](std::string_view name) { return Column(heading, row, name); });
    for (const CdrField needed : {CdrField::Caller, CdrField::Callee, CdrField::CallId, CdrField::Answer}) {
        if (!fields[needed].empty()) continue;
        return "the heading has no column for \"" +
               std::string(CDR_FIELD_NAMES[static_cast<size_t>(needed)]) + "\"; name it with columns";
    }
    return std::nullopt;
}

/// Fields a row needs; fewer are no record.
size_t LeastFields(const CdrOptions& options, const std::vector<std::string>& heading)
{
    constexpr size_t ASTERISK_FIELDS = 16;
    constexpr size_t FREESWITCH_FIELDS = 11;
    if (!heading.empty()) return heading.size();
    size_t most = 1;
    if (options.format == CdrFormat::AsteriskCsv) most = ASTERISK_FIELDS;
    if (options.format == CdrFormat::FreeSwitchCsv) most = FREESWITCH_FIELDS;
    for (const auto& [field, column] : options.columns)
        most = std::max(most, Place(column));
    return most;
}

void AddRow(const std::vector<std::string>& row, const CdrOptions& options, CdrState& state, CdrSink& sink,
            size_t line)
{
    if (const size_t least = LeastFields(options, state.heading); row.size() < least) {
        return sink.Problem(line, "a row of " + base::CountText(row.size(), "field") + " where " +
                                      std::to_string(least) + " are expected");
    }
    const CdrLookup lookup = [&](std::string_view name) { return Column(state.heading, row, name); };
    const CdrFields fields = CollectFields(options, lookup);
    const std::string* method = options.format == CdrFormat::KamailioCsv ? lookup("method") : nullptr;
    if (method != nullptr && !method->empty()) return sink.AddEvent(*method, fields, line);
    sink.Add(fields, line);
}

/// SIP servers end each row they write: one without its end is cut off, even if it looks like a shorter row.
bool EndsRows(const CdrOptions& options)
{
    return options.format == CdrFormat::AsteriskCsv || options.format == CdrFormat::FreeSwitchCsv;
}

CdrResult ParseTable(std::string_view text, const CdrOptions& options, CdrState& state, bool whole)
{
    whole = whole && !EndsRows(options);
    CdrSink sink(options, state);
    CsvReader reader(text);
    bool needs_heading = HasHeading(options) && state.heading.empty();
    while (true) {
        const auto row = reader.Next(whole);
        if (row == CsvReader::Row::Half || row == CsvReader::Row::End) break;
        if (row == CsvReader::Row::Broken) {
            sink.Problem(reader.Line(), reader.Problem());
            continue;
        }
        if (reader.Fields().size() == 1 && reader.Fields()[0].empty()) continue; // an empty line
        if (needs_heading) {
            if (auto problem = CheckHeading(reader.Fields(), options)) {
                sink.Problem(reader.Line(), std::move(*problem));
                auto out = sink.Take();
                out.used_bytes = text.size();
                return out;
            }
            state.heading = reader.Fields();
            needs_heading = false;
            continue;
        }
        const size_t problems = sink.Problems();
        AddRow(reader.Fields(), options, state, sink, reader.Line());
        if (sink.Problems() > problems && reader.SpansLines()) reader.LeaveAfterFirstLine();
    }
    auto out = sink.Take();
    out.used_bytes = reader.Used();
    return out;
}

} // namespace

std::optional<CdrFormat> CdrFormatOf(std::string_view name)
{
    const auto known =
        std::find_if(FORMATS.begin(), FORMATS.end(), [&](const auto& entry) { return entry.name == name; });
    if (known == FORMATS.end()) return std::nullopt;
    return known->format;
}

std::string_view Name(CdrFormat format)
{
    const auto known = std::find_if(FORMATS.begin(), FORMATS.end(),
                                    [&](const auto& entry) { return entry.format == format; });
    return known->name;
}

std::string NoFormat(std::string_view name)
{
    std::string names;
    for (const auto& format : FORMATS)
        names += (names.empty() ? "" : ", ") + std::string(format.name);
    return "\"" + std::string(name) + "\" is no format: one of " + names;
}

base::Expected<CdrZone, std::string> ParseCdrZone(std::string_view text)
{
    if (text == "utc") return CdrZone{};
    if (text == "local") return CdrZone{.local = true, .offset_minutes = 0};
    const auto digit = [&](size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
    if (text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
        const int minutes = (digit(1) * 10 + digit(2)) * 60 + digit(4) * 10 + digit(5);
        if (minutes <= 14 * 60 && digit(4) < 6 && digit(5) < 10)
            return CdrZone{.local = false, .offset_minutes = text[0] == '-' ? -minutes : minutes};
    }
    return base::Unexpected("\"" + std::string(text) +
                            "\" is no time zone: utc, local, or a difference such as +02:00");
}

base::Expected<std::map<std::string, std::string>, std::string> ParseCdrColumns(std::string_view text)
{
    std::map<std::string, std::string> out;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        const size_t equal = part.find('=');
        const auto field = part.substr(0, equal);
        const bool known =
            std::find(CDR_FIELD_NAMES.begin(), CDR_FIELD_NAMES.end(), field) != CDR_FIELD_NAMES.end();
        if (!known || equal == std::string_view::npos || equal + 1 == part.size()) {
            std::string names;
            for (const auto name : CDR_FIELD_NAMES)
                names += (names.empty() ? "" : ", ") + std::string(name);
            return base::Unexpected("columns: \"" + std::string(part) +
                                    "\" is not field=column, where field is one of " + names);
        }
        out[std::string(field)] = part.substr(equal + 1);
    }
    return out;
}

CdrResult ParseCdrs(std::string_view text, const CdrOptions& options, CdrState& state, bool whole)
{
    CdrResult out;
    switch (options.format) {
    case CdrFormat::FreeSwitchJson:
    case CdrFormat::KamailioJson:
        out = ParseJsonCdrs(text, options, state, whole);
        break;
    case CdrFormat::FreeSwitchXml:
        out = ParseXmlCdrs(text, options, state, whole);
        break;
    case CdrFormat::AsteriskCsv:
    case CdrFormat::FreeSwitchCsv:
    case CdrFormat::KamailioCsv:
    case CdrFormat::Csv:
        out = ParseTable(text, options, state, whole);
        break;
    }
    const auto used = text.substr(0, out.used_bytes);
    out.used_lines = static_cast<size_t>(std::count(used.begin(), used.end(), '\n'));
    if (whole && out.used_bytes < text.size()) {
        out.problems.push_back({out.used_lines + 1, "a record that is cut off"});
        out.used_bytes = text.size();
    }
    return out;
}

} // namespace emc::calls
