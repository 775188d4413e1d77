// Whole values of enum: records.
#include "enum/ere.h"
#include "enum/lines.h"

namespace emc::enumrec {

namespace {

constexpr std::string_view SIG = "SIG=";
constexpr std::string_view TTL = "TTL=";
constexpr std::string_view PVP = "PVP=";
constexpr std::string_view EXTENSION = "X-";

base::Unexpected<RecordFailure> Refuse(RecordError error, size_t line = 0, std::string detail = {})
{
    return base::Unexpected(RecordFailure{error, line, std::move(detail)});
}

template <typename T>
LineResult<Line> AsLine(LineResult<T> parsed)
{
    if (!parsed) return base::Unexpected(parsed.Error());
    return Line(std::move(*parsed));
}

LineResult<Line> ParseLine(std::string_view line, const Number& number)
{
    if (IsE2uLine(line)) return AsLine(ParseE2u(line, &number));
    if (line.starts_with(SIG)) return AsLine(ParseSig(line.substr(SIG.size())));
    if (line.starts_with(TTL)) return AsLine(ParseTtl(line.substr(TTL.size())));
    if (line.starts_with(PVP)) return AsLine(ParsePvp(line.substr(PVP.size())));
    if (line.starts_with(EXTENSION)) return AsLine(ParseExtension(line));
    return base::Unexpected(LineFailure{RecordError::UnknownLine, std::string(line.substr(0, 40))});
}

/// How many lines of each limited kind a value has so far.
struct Counts {
    size_t e2u = 0, sig = 0, ttl = 0, pvp = 0;

    /// Counts one more line; tells which limit it breaks.
    std::optional<RecordError> Add(const Line& line)
    {
        if (std::holds_alternative<E2u>(line) && ++e2u > MAX_E2U) return RecordError::TooManyE2u;
        if (std::holds_alternative<Sig>(line) && ++sig > MAX_SIG) return RecordError::TooManySig;
        if (std::holds_alternative<Ttl>(line) && ++ttl > 1) return RecordError::RepeatedTtl;
        if (std::holds_alternative<Pvp>(line) && ++pvp > 1) return RecordError::RepeatedPvp;
        return std::nullopt;
    }
};

/// The lines of a value within the limits all record values share.
base::Expected<std::vector<std::string_view>, RecordFailure> ReadLines(std::string_view value)
{
    if (value.empty()) return Refuse(RecordError::Empty);
    auto lines = Split(value, '\n');
    if (lines.size() > MAX_LINES) return Refuse(RecordError::TooManyLines);
    for (size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty()) return Refuse(RecordError::Empty, i + 1);
        if (!IsPrintable(lines[i])) return Refuse(RecordError::BadByte, i + 1);
    }
    return lines;
}

} // namespace

base::Expected<Record, RecordFailure> ParseRecord(std::string_view value, const Number& number)
{
    const auto lines = ReadLines(value);
    if (!lines) return base::Unexpected(lines.Error());
    Record record;
    Counts counts;
    for (size_t i = 0; i < lines->size(); ++i) {
        auto line = ParseLine((*lines)[i], number);
        if (!line) return Refuse(line.Error().error, i + 1, line.Error().detail);
        if (const auto limit = counts.Add(*line)) return Refuse(*limit, i + 1);
        record.lines.push_back(std::move(*line));
    }
    if (counts.e2u == 0 && counts.pvp == 0) return Refuse(RecordError::NoRoute);
    return record;
}

std::vector<SigLine> SignatureLines(std::string_view value)
{
    std::vector<SigLine> out;
    if (value.find(SIG) == std::string_view::npos) return out;
    const auto lines = Split(value, '\n');
    for (size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].starts_with(SIG)) continue;
        auto sig = ParseSig(lines[i].substr(SIG.size()));
        if (sig) out.push_back({lines[i], std::move(*sig), i + 1});
    }
    return out;
}

base::Expected<std::vector<TollFreeBlock>, RecordFailure> ParseTollFree(std::string_view value)
{
    const auto lines = ReadLines(value);
    if (!lines) return base::Unexpected(lines.Error());
    std::vector<TollFreeBlock> blocks;
    for (size_t i = 0; i < lines->size(); ++i) {
        const std::string_view line = (*lines)[i];
        if (line[0] == '=') {
            if (!blocks.empty() && blocks.back().routes.empty()) return Refuse(RecordError::NoRoute, i);
            const auto ere = Ere::Compile(line.substr(1));
            if (!ere) return Refuse(RecordError::BadEre, i + 1, std::string(Text(ere.Error().error)));
            blocks.push_back({std::string(line.substr(1)), {}});
            continue;
        }
        if (blocks.empty() || !IsE2uLine(line)) return Refuse(RecordError::BadTollFree, i + 1);
        auto route = ParseE2u(line, nullptr);
        if (!route) return Refuse(route.Error().error, i + 1, route.Error().detail);
        blocks.back().routes.push_back(std::move(*route));
    }
    if (blocks.back().routes.empty()) return Refuse(RecordError::NoRoute, lines->size());
    return blocks;
}

} // namespace emc::enumrec
