#include "base/memory.h"
#include "calls/cdr_readers.h"

#include <algorithm>
#include <expat.h>

namespace emc::calls {
namespace {

constexpr std::string_view OPEN_TAG = "<cdr";
constexpr std::string_view CLOSE_TAG = "</cdr>";
constexpr size_t MAX_DEPTH = 32;

/// Collects the texts below `variables` and below the `caller_profile` of the last `callflow`, which is the
/// first in time.
class Collector
{
public:
    explicit Collector(LegFields& fields) : m_fields(fields) {}

    /// The reason why the text is no XML, or nothing.
    std::optional<std::string> Read(std::string_view xml)
    {
        const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"),
                                                                                  &XML_ParserFree);
        if (!parser) return "no memory for the parser";
        XML_SetUserData(parser.get(), this);
        XML_SetElementHandler(parser.get(), &Collector::OnStart, &Collector::OnEnd);
        XML_SetCharacterDataHandler(parser.get(), &Collector::OnText);
        if (XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), 1) == XML_STATUS_OK) {
            for (const auto& [name, value] : m_profile)
                m_fields.Set(name, value);
            return std::nullopt;
        }
        return std::string("no XML: ") + XML_ErrorString(XML_GetErrorCode(parser.get())) + " at byte " +
               std::to_string(XML_GetCurrentByteIndex(parser.get()));
    }

private:
    static void OnStart(void* self, const char* name, const char** /*attributes*/)
    {
        auto& me = *static_cast<Collector*>(self);
        if (me.m_path.size() >= MAX_DEPTH) {
            ++me.m_too_deep;
            return;
        }
        me.m_path.emplace_back(name);
        me.m_text.clear();
    }

    static void OnEnd(void* self, const char* /*name*/)
    {
        auto& me = *static_cast<Collector*>(self);
        if (me.m_too_deep > 0) {
            --me.m_too_deep;
            return;
        }
        const auto& path = me.m_path;
        if (path.size() == 3 && path[1] == "variables") me.m_fields.Set(path[2], me.m_text);
        if (path.size() == 4 && path[1] == "callflow" && path[2] == "caller_profile")
            me.m_profile[path[3]] = me.m_text;
        me.m_text.clear();
        me.m_path.pop_back();
    }

    static void OnText(void* self, const char* text, int size)
    {
        static_cast<Collector*>(self)->m_text.append(text, static_cast<size_t>(size));
    }

    LegFields& m_fields;
    std::vector<std::string> m_path;
    size_t m_too_deep = 0; ///< elements below the deepest that is kept
    std::string m_text;
    std::map<std::string, std::string> m_profile;
};

/// Where the next `<cdr>` begins, with or without attributes.
size_t OpenTag(std::string_view text, size_t from)
{
    constexpr std::string_view BEHIND = " \t\r\n>";
    for (size_t at = text.find(OPEN_TAG, from); at != std::string_view::npos;
         at = text.find(OPEN_TAG, at + 1)) {
        const size_t behind = at + OPEN_TAG.size();
        if (behind == text.size() || BEHIND.find(text[behind]) != std::string_view::npos) return at;
    }
    return std::string_view::npos;
}

/// Anything but tags and blanks.
bool HasText(std::string_view text)
{
    bool tag = false;
    for (const char c : text) {
        if (c == '<' || c == '>') {
            tag = c == '<';
        } else if (!tag && std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
            return true;
        }
    }
    return false;
}

} // namespace

CdrResult ParseXmlCdrs(std::string_view text, const CdrOptions& options, CdrState& state, bool /*whole*/)
{
    CdrSink sink(options, state);
    size_t used = 0;
    size_t line = 1;
    const auto move_to = [&](size_t to) {
        line += static_cast<size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(used),
                                               text.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
        used = to;
    };
    while (true) {
        const size_t begin = OpenTag(text, used);
        if (begin == std::string_view::npos) {
            // Blanks and headings at the end are nothing; the beginning of a tag may be one.
            if (text.find('<', used) != std::string_view::npos) break;
            if (HasText(text.substr(used))) sink.Problem(line, "text that is no <cdr> element");
            move_to(text.size());
            break;
        }
        if (HasText(text.substr(used, begin - used))) sink.Problem(line, "text that is no <cdr> element");
        const size_t end = text.find(CLOSE_TAG, begin);
        const size_t next = OpenTag(text, begin + 1);
        move_to(begin);
        if (next < end) {
            sink.Problem(line, "a <cdr> element that is cut off");
            move_to(next);
            continue;
        }
        if (end == std::string_view::npos && text.size() - begin <= MAX_CDR_BYTES) break;
        const size_t behind = end == std::string_view::npos ? text.size() : end + CLOSE_TAG.size();
        if (behind - begin > MAX_CDR_BYTES) {
            sink.Problem(line, "a record of more than " + std::to_string(MAX_CDR_BYTES) + " bytes");
        } else {
            LegFields fields;
            if (auto problem = Collector(fields).Read(text.substr(begin, behind - begin))) {
                sink.Problem(line, std::move(*problem));
            } else {
                fields.AddTo(sink, options, line);
            }
        }
        move_to(behind);
    }
    auto out = sink.Take();
    out.used_bytes = used;
    return out;
}

} // namespace emc::calls
