/// How careful an estimate of fees is; apart from the estimates, which few need.
#pragma once

#include <cstdint>

namespace emc::interfaces {

enum class FeeMode : uint8_t {
    Economical,   ///< follows the last hours: most transactions of this rate were in time
    Conservative, ///< moreover nearly all were within twice the time, over a longer memory
};

} // namespace emc::interfaces
