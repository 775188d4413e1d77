/// Telephone numbers as SIP servers write them, and the E.164 numbers they mean.
#pragma once

#include "base/expected.h"

#include <string>

namespace emc::calls {

/// How numbers without a plus are to be read. Without a country code all digits are taken as an E.164 number.
struct NumberingPlan {
    std::string country;              ///< country code, 1–3 digits; empty: none is put before anything
    std::string international = "00"; ///< dialled before a country code; empty: not used
    std::string national = "0";       ///< dialled before a national number; empty: not used
    /// With a country code: digits that begin with neither prefix are national numbers (as in North America)
    /// and not E.164 numbers without their plus.
    bool bare_is_national = false;
};

/// Reads "country=49,international=00,national=0,bare=e164"; each part may be left out, bare is `e164` or
/// `national`. The error says which part is wrong and what would be right.
[[nodiscard]] base::Expected<NumberingPlan, std::string> ParseNumberingPlan(std::string_view text);

/// The E.164 number (4–15 digits, first not 0) in what a SIP server wrote: digits with or without plus,
/// blanks, hyphens, dots, slashes and brackets between them; a tel: or sip: address with parameters; `"Name"
/// <number>`. The error quotes the text and says what is wrong with it.
[[nodiscard]] base::Expected<uint64_t, std::string> ToE164(std::string_view written,
                                                           const NumberingPlan& plan);

} // namespace emc::calls
