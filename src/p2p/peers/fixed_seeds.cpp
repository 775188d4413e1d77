#include "p2p/peers/fixed_seeds.h"

namespace emc::p2p {
namespace {

struct Row {
    std::string_view network;
    std::string_view endpoint; ///< with its port
};

constexpr Row NODES[] = {
#include "p2p/peers/fixed_seeds.inc"
    {}, // the end; a list may be empty
};

} // namespace

std::vector<Endpoint> FixedSeeds(std::string_view network)
{
    std::vector<Endpoint> out;
    for (const auto& row : NODES) {
        const auto endpoint = ParseEndpoint(row.endpoint, 0);
        if (row.network == network && endpoint) out.push_back(*endpoint);
    }
    return out;
}

} // namespace emc::p2p
