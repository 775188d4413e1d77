/// What SIP servers post over HTTP.
#pragma once

#include "calls/cdr.h"

namespace emc::calls {

struct PostedCdrs {
    CdrFormat format = CdrFormat::FreeSwitchJson;
    std::string text;
};

/// The records in the body of a request. `format`: a name that CdrFormatOf knows, for a body of that kind;
/// empty: FreeSWITCH's JSON or XML as mod_json_cdr, mod_xml_cdr and mod_format_cdr post it, plain or as the
/// field "cdr" of a form (application/x-www-form-urlencoded). The error says what would be right.
[[nodiscard]] base::Expected<PostedCdrs, std::string> ReadPosted(std::string_view body,
                                                                 std::string_view format);

} // namespace emc::calls
