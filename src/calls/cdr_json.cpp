#include "calls/cdr_readers.h"
#include "codec/json.h"

namespace emc::calls {
namespace {

using codec::Json;

struct Piece {
    size_t begin = 0;
    size_t end = 0; ///< 0: the object is not complete
};

/// The object that begins at `begin`, by its brackets.
Piece ObjectAt(std::string_view text, size_t begin)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            return {begin, i + 1};
        }
    }
    return {begin, 0};
}

/// Where another object begins, at the beginning of a line, within a piece that is none; 0: nowhere.
size_t NextObject(std::string_view text, const Piece& piece)
{
    const size_t next = text.find("\n{", piece.begin);
    if (next == std::string_view::npos || (piece.end != 0 && next >= piece.end)) return 0;
    // Of an object that is still being written the inside looks like that, too.
    return piece.end != 0 || ObjectAt(text, next + 1).end != 0 ? next + 1 : 0;
}

/// Text of a value; numbers as written.
std::string TextOf(const Json& value)
{
    return value.isStr() || value.isNum() ? value.getValStr() : std::string{};
}

void AddLeg(const Json& leg, const CdrOptions& options, CdrSink& sink, size_t line)
{
    LegFields fields;
    const auto take = [&](const Json& object) {
        if (!object.isObject()) return;
        for (size_t i = 0; i < object.size(); ++i)
            fields.Set(object.getKeys()[i], TextOf(object.getValues()[i]));
    };
    take(leg["variables"]);
    if (const Json& flow = leg["callflow"]; flow.isArray() && !flow.empty())
        take(flow[flow.size() - 1]["caller_profile"]);
    fields.AddTo(sink, options, line);
}

void AddObject(const Json& object, const CdrOptions& options, CdrSink& sink, size_t line)
{
    if (options.format == CdrFormat::FreeSwitchJson) return AddLeg(object, options, sink, line);
    std::map<std::string, std::string, std::less<>> values;
    for (size_t i = 0; i < object.size(); ++i)
        values.emplace(object.getKeys()[i], TextOf(object.getValues()[i]));
    const CdrLookup lookup = [&](std::string_view name) -> const std::string* {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : &found->second;
    };
    const CdrFields fields = CollectFields(options, lookup);
    const std::string* method = lookup("method");
    if (method != nullptr && !method->empty()) return sink.AddEvent(*method, fields, line);
    sink.Add(fields, line);
}

} // namespace

CdrResult ParseJsonCdrs(std::string_view text, const CdrOptions& options, CdrState& state, bool /*whole*/)
{
    CdrSink sink(options, state);
    size_t at = 0;
    size_t line = 1;
    const auto move_to = [&](size_t to) {
        for (; at < to; ++at)
            line += text[at] == '\n' ? 1 : 0;
    };
    while (at < text.size()) {
        const char c = text[at];
        if (std::string_view(" \t\r\n,[]").find(c) != std::string_view::npos) {
            move_to(at + 1);
            continue;
        }
        if (c != '{') {
            sink.Problem(line, "text that is no JSON object");
            move_to(std::min(text.find('{', at), text.size()));
            continue;
        }
        const Piece piece = ObjectAt(text, at);
        const bool too_large = (piece.end == 0 ? text.size() : piece.end) - at > MAX_CDR_BYTES;
        std::string reason = "an object of more than " + std::to_string(MAX_CDR_BYTES) + " bytes";
        if (piece.end != 0 && !too_large) {
            const auto value = codec::ParseJson(text.substr(at, piece.end - at));
            if (value) {
                AddObject(*value, options, sink, line);
                move_to(piece.end);
                continue;
            }
            reason = "no JSON: " + value.Error().reason + " at byte " + std::to_string(value.Error().offset);
        }
        if (const size_t next = NextObject(text, piece)) {
            sink.Problem(line, "an object that is cut off");
            move_to(next);
            continue;
        }
        if (piece.end == 0 && !too_large) break;
        sink.Problem(line, std::move(reason));
        move_to(piece.end == 0 ? text.size() : piece.end);
    }
    auto out = sink.Take();
    out.used_bytes = at;
    return out;
}

} // namespace emc::calls
