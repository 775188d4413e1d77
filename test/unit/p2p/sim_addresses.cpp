// The address manager beside a plain set of what it was told.
#include "base/check.h"
#include "crypto/random.h"
#include "p2p/peers/address_manager.h"
#include "unit/p2p/sim.h"

#include <set>

namespace emc::test {

using p2p::AddressManager;
using p2p::Endpoint;

namespace {

Endpoint Numbered(uint8_t group, uint8_t number)
{
    const std::array<uint8_t, 4> ip = {static_cast<uint8_t>(20 + group % 60), group, 1, number};
    return {.address = *p2p::NetAddress::From(p2p::NetKind::Ipv4, ip), .port = 6661};
}

} // namespace

void SimulateAddresses(base::ByteSpan input)
{
    codec::Reader in(input);
    crypto::TestRandom random(in.U8());
    AddressManager manager(nullptr, random);
    std::set<Endpoint> told;
    int64_t now = 1'700'000'000;
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const uint8_t group = in.U8();
        const Endpoint endpoint = Numbered(group, in.U8() % 8);
        switch (operation % 8) {
        case 0: // a whole message of one group
            for (uint8_t i = 0; i < 8; ++i) {
                const Endpoint each = Numbered(group, i);
                told.insert(each);
                manager.Add(
                    {{.time_sec = static_cast<uint32_t>(now - operation), .services = 1, .endpoint = each}},
                    endpoint.address, now, 7'200);
            }
            break;
        case 1:
        case 2:
            told.insert(endpoint);
            manager.Add({{.time_sec = static_cast<uint32_t>(now), .services = 9, .endpoint = endpoint}},
                        Numbered(operation, 1).address, now);
            break;
        case 3:
            manager.Good(endpoint, now);
            break;
        case 4:
            manager.Attempt(endpoint,
                            operation < 128 ? AddressManager::Counts::Yes : AddressManager::Counts::No, now);
            break;
        case 5:
            manager.ResolveCollisions(now);
            manager.Connected(endpoint, now);
            break;
        case 6:
            now += group * 3'600;
            break;
        case 7: {
            const base::Bytes saved = manager.Serialize();
            const size_t before = manager.Size();
            const size_t tried = manager.CountTried();
            EMC_CHECK(manager.Deserialize(saved, now));
            EMC_CHECK(manager.Size() == before && manager.CountTried() == tried);
            EMC_CHECK(manager.Serialize().size() == saved.size());
            break;
        }
        }
        if (operation >= 192) {
            const auto choice = manager.Select(AddressManager::Table::Any, std::nullopt, now);
            EMC_CHECK(choice.has_value() == (manager.Size() > 0));
            EMC_CHECK(!choice || told.contains(choice->endpoint));
        }
        if (const auto test = manager.NextTest()) EMC_CHECK(told.contains(test->endpoint));
        EMC_CHECK(manager.Size() == manager.CountNew() + manager.CountTried() &&
                  manager.Size() <= told.size());
    }
    EMC_CHECK(manager.IsConsistent());
    std::set<Endpoint> seen;
    for (const auto& entry : manager.Tell(p2p::MAX_TOLD, 100, std::nullopt, now))
        EMC_CHECK(told.contains(entry.endpoint) && seen.insert(entry.endpoint).second);
}

} // namespace emc::test
