// A descriptor's normal form is its own normal form and gives the same scripts.
#include "base/check.h"
#include "script/descriptor.h"

#include <algorithm>

using namespace emc;
using namespace emc::script;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, std::min<size_t>(size, 4000)});
    const AddressParams params;
    const auto first = Descriptor::Parse(params, text, false);
    if (!first) {
        EMC_CHECK(first.Error().ends_with('.'));
        return 0;
    }
    const std::string normal = first->Text();
    const auto second = Descriptor::Parse(params, normal, true);
    EMC_CHECK(second && second->Text() == normal);
    EMC_CHECK(first->IsRange() == second->IsRange() && first->IsSolvable() == second->IsSolvable());
    EMC_CHECK(!second->HasPrivateKeys());
    const auto scripts = first->Scripts(0);
    if (const auto secret = first->PrivateText()) {
        const auto third = Descriptor::Parse(params, *secret, true);
        EMC_CHECK(third && third->Text() == normal && *third->PrivateText() == *secret);
    }
    const auto again = second->Scripts(0);
    if (again) EMC_CHECK(scripts && *scripts == *again);
    return 0;
}
