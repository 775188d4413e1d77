/// What many parsers of text need.
#pragma once

#include <string_view>

namespace emc::base {

/// The part of `text` without the characters of `blanks` at its ends. Any thread.
[[nodiscard]] std::string_view Trim(std::string_view text, std::string_view blanks = " \t");

} // namespace emc::base
