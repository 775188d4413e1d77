// -rpcallowip: networks and addresses, and -rpcwhitelist.
#include "base/subnet.h"

#include "base/bytes.h"
#include "base/check.h"
#include "rpc/server.h"

#include <algorithm>

using namespace emc;
using namespace emc::rpc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, size});
    const auto blank = text.find(' ');
    const auto net = base::Subnet::Parse(text.substr(0, blank));
    const auto own = base::ParseIp(std::string(text.substr(0, text.find_first_of(" /"))));
    if (net) {
        EMC_CHECK(own.has_value()); // a network begins with an address, and holds it
        EMC_CHECK(net->Contains(*own));
    }
    if (net && blank != std::string_view::npos) {
        if (const auto other = base::ParseIp(std::string(text.substr(blank + 1))))
            static_cast<void>(net->Contains(*other));
    }
    Whitelist list;
    if (list.Add(text).HasValue()) {
        const auto* calls = list.Of(text.substr(0, text.find(':')));
        EMC_CHECK(calls != nullptr && std::is_sorted(calls->begin(), calls->end()));
        EMC_CHECK(list.Add(text).HasValue());
        EMC_CHECK(list.users.size() == 1);
    }
    return 0;
}
