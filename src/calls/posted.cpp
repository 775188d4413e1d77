#include "calls/posted.h"

#include "calls/cdr_readers.h"

#include <algorithm>

namespace emc::calls {

namespace {

constexpr std::string_view FORM_FIELD = "cdr=";

/// A value of a form: plus signs are blanks.
std::string FormDecoded(std::string_view value)
{
    std::string text(value.substr(0, value.find('&')));
    std::replace(text.begin(), text.end(), '+', ' ');
    return PercentDecoded(text);
}

} // namespace

base::Expected<PostedCdrs, std::string> ReadPosted(std::string_view body, std::string_view format)
{
    PostedCdrs out;
    if (!format.empty()) {
        const auto named = CdrFormatOf(format);
        if (!named) return base::Unexpected(NoFormat(format));
        out.format = *named;
        out.text = body;
        return out;
    }
    // mod_xml_cdr can send the field without encoding it.
    const bool form = body.starts_with(FORM_FIELD);
    if (form) body.remove_prefix(FORM_FIELD.size());
    out.text =
        form && !body.starts_with('<') && !body.starts_with('{') ? FormDecoded(body) : std::string(body);
    const size_t first = out.text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (out.text[first] == '{' || out.text[first] == '[')) return out;
    out.format = CdrFormat::FreeSwitchXml;
    if (first != std::string::npos && out.text[first] == '<') return out;
    return base::Unexpected(
        std::string("neither JSON nor XML, plain or as the field cdr of a form; base64 is "
                    "not read: set encode to true or false in FreeSWITCH"));
}

} // namespace emc::calls
