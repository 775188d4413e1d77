// Texts of addresses, ranges and permissions, and compiled maps of networks.
#include "p2p/net/asmap.h"
#include "p2p/net/permissions.h"

using namespace emc;
using namespace emc::p2p;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const std::string_view text = base::AsText(in);
    std::optional<NetAddress> address = NetAddress::Parse(text);
    if (address) {
        EMC_CHECK(NetAddress::Parse(address->ToText()) == address);
        EMC_CHECK(NetRange::Of(*address).Contains(*address));
        EMC_CHECK(NetAddress::From(address->Kind(), address->Bytes()) == address);
    }
    if (const auto endpoint = ParseEndpoint(text, 6661))
        EMC_CHECK(ParseEndpoint(endpoint->ToText(), 1) == endpoint);
    if (const auto range = NetRange::Parse(text)) EMC_CHECK(NetRange::Parse(range->ToText()) == range);
    if (const auto list = ParseWhitelist(text)) EMC_CHECK(!list->permissions.IsEmpty());
    static_cast<void>(ParseWhitebind(text, 6661));
    if (const auto map = AsMap::Load(base::Bytes(in.begin(), in.end()))) {
        base::IpBytes ip{};
        for (size_t i = 0; i < ip.size(); ++i) {
            ip[i] = static_cast<uint8_t>(0x5a + 37 * i);
            EMC_CHECK(!NetGroup(NetAddress::FromIp(ip), &*map).empty());
        }
    }
    return 0;
}
