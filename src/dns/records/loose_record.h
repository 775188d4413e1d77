/// Values of number zones other than `enum`: no rule of the chain checks them, so what is usable is picked
/// out.
#pragma once

#include "enum/number.h"

#include <string>
#include <string_view>

namespace emc::dns {

/// The lines of a value that are sound, as a value of doc/enum.md's grammar; empty when none gives a route.
/// Lines end at LF or CR and begin, in any case, with E2U, TTL or SIG; all others say nothing. Blanks around
/// = and | do not count, an expression ends at the first blank. At most 64 such lines are looked at. Never
/// fails.
[[nodiscard]] std::string SoundLines(std::string_view value, const enumrec::Number& number);

} // namespace emc::dns
