/// What many readers and writers of text need. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emc::base {

/// The part of `text` without the characters of `blanks` at its ends.
[[nodiscard]] std::string_view Trim(std::string_view text, std::string_view blanks = " \t");
/// "1 call", "2 calls": `one` is an English noun that takes an s.
[[nodiscard]] std::string CountText(uint64_t count, const char* one);

} // namespace emc::base
