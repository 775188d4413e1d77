/// Pages, style and script of the web page of calls, part of the program.
#pragma once

#include <string_view>

namespace emc::app {

struct WebFile {
    std::string_view name; ///< "calls.css"
    std::string_view content_type;
    std::string_view content;
};

/// nullptr when there is none of this name.
[[nodiscard]] const WebFile* FindWebFile(std::string_view name);

} // namespace emc::app
