#include "primitives/amount.h"

#include "codec/json.h"

namespace emc::primitives {

std::string AmountText(Amount value)
{
    return codec::AmountDigits(value);
}

} // namespace emc::primitives
