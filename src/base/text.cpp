#include "base/text.h"

namespace emc::base {

std::string_view Trim(std::string_view text, std::string_view blanks)
{
    const size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string CountText(uint64_t count, const char* one)
{
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

} // namespace emc::base
