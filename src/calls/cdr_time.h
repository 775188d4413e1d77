/// Times as SIP servers write them.
#pragma once

#include "calls/cdr.h"

namespace emc::calls {

/// Milliseconds since 1970 UTC of "2026-11-21 18:30:05", with a T in between, a fraction, "Z" or "+02:00"
/// behind it (else the zone given), or of a number: seconds with or without a fraction, milliseconds (12 to
/// 14 digits), microseconds (15 or 16). Nullopt for anything else, dates that do not exist and times before
/// 1970.
[[nodiscard]] std::optional<uint64_t> ParseCdrTime(std::string_view text, const CdrZone& zone);

/// Milliseconds in a number of seconds with or without a fraction; negative ones, too.
[[nodiscard]] std::optional<int64_t> ParseCdrSeconds(std::string_view text);

} // namespace emc::calls
