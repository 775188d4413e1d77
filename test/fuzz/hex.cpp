// Hex: what decodes must encode to the same digits in lower case; what does not must hold an odd or a foreign
// character.
#include "base/bytes.h"
#include "base/check.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace emc;
    const base::ByteSpan input(data, size);
    const std::string_view text = base::AsText(input);
    const auto digit = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
    const bool all_digits = std::all_of(text.begin(), text.end(), digit);
    const auto decoded = base::FromHex(text);
    EMC_CHECK(decoded.has_value() == (all_digits && size % 2 == 0));
    if (decoded) {
        std::string lower(text);
        for (char& c : lower)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        EMC_CHECK(base::Hex(*decoded) == lower);
        const auto hash = base::HashFromReversedHex(text);
        EMC_CHECK(hash.has_value() == (size == 64));
        if (hash) EMC_CHECK(base::ReversedHex(*hash) == lower);
    }
    EMC_CHECK(base::FromHex(base::Hex(input)) == base::Bytes(input.begin(), input.end()));
    return 0;
}
