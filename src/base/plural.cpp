#include "base/plural.h"

namespace emc::base {

std::string CountText(uint64_t count, const char* one)
{
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

} // namespace emc::base
