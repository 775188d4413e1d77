// The whole way of a packet: two bytes give the length of a value published as dns:f.coin and
// open:18009359935:0, then the value, then the packet. Every answer must parse.
#include "base/check.h"
#include "base/clock.h"
#include "dns/answer/answer.h"
#include "names/resolve.h"
#include "script/address.h"
#include "unit/dns/fake_chain.h"
#include "unit/dns/reply.h"

#include <algorithm>

using namespace emc;

namespace {

/// A server's parts without sockets and threads; names are read when asked for.
struct Fixture {
    Fixture()
    {
        config.zones = dns::ParseZones(".coin|~open|$enum").zones;
        config.suffix = *dns::ParseSuffix(".gate.test");
        std::vector<std::string> warnings;
        local.Store(
            std::make_shared<const dns::LocalZone>(dns::LocalZone::Parse(".lan=A=10.0.0.1\n", {}, warnings)));
        toll_free.Store(std::make_shared<const dns::TollFreeLists>());
        chain.ready.store(true);
        chain.height.store(101);
        clock.SetMockTime(1'700'000'000);
        names.SetTip(test::TipAt(100));
        names.Put("dns:www.f.coin", "A=1.2.3.4");
    }

    test::FakeNames names;
    script::AddressParams addresses;
    base::Clock clock;
    dns::ZoneConfig config;
    dns::ChainState chain;
    base::Snapshot<dns::LocalZone> local;
    base::Snapshot<dns::TollFreeLists> toll_free;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    const size_t length = std::min<size_t>(size - 2, size_t{data[0]} << 8 | data[1]);
    Fixture fixture;
    const std::string_view value = base::AsText({data + 2, length});
    fixture.names.Put("dns:f.coin", value);
    fixture.names.Put("open:18009359935:0", value);
    const dns::ZoneStore store({0, fixture.config.zones.size(), 1, 2});
    const dns::Compiler compiler({&fixture.config, &fixture.names, &fixture.addresses, nullptr});
    dns::Counters counters;
    dns::Answerer answerer({&fixture.config, &store, &fixture.chain, &compiler, &fixture.toll_free,
                            &fixture.local, &fixture.clock},
                           counters);
    const dns::ByteSpan packet{data + 2 + length, size - 2 - length};
    std::vector<uint8_t> out(dns::EDNS_UDP_BYTES);
    const auto check = [&](dns::ByteSpan question) {
        out.resize(dns::EDNS_UDP_BYTES);
        out.resize(answerer.Answer(question, {}, out).size);
        if (!out.empty()) EMC_CHECK(test::ParseReply(out).sound);
    };
    check(packet);
    for (const unsigned type : {1u, 2u, 16u, 35u, 255u}) {
        check(test::MakeQuestion("www.f.coin", type));
        check(test::MakeQuestion("f.coin.gate.test", type, 1232));
        check(test::MakeQuestion("5.3.9.9.5.3.9.0.0.8.1.open", type));
    }
    return 0;
}
