#include "consensus/networks.h"

#include "consensus/params.h"

namespace emc::consensus {

std::string NetworkOfSecret(const Params& here, std::string_view text)
{
    std::string networks;
    for (const auto* other : {&MainParams(), &TestParams(), &RegtestParams()}) {
        if (other->addresses.secret_prefix == here.addresses.secret_prefix) continue;
        if (!script::DecodeSecret(other->addresses, text)) continue;
        networks += (networks.empty() ? "" : " or ") + other->name;
    }
    if (networks.empty()) return {};
    return ": it is a key of network " + networks + ", this node runs " + here.name;
}

} // namespace emc::consensus
