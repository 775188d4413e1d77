/// Counted things in sentences.
#pragma once

#include <cstdint>
#include <string>

namespace emc::base {

/// "1 call", "2 calls": `one` is an English noun that takes an s.
[[nodiscard]] std::string CountText(uint64_t count, const char* one);

} // namespace emc::base
