// The way of a question whose answer is in memory: nothing from the heap, whatever the answer is.
#include "base/random.h"
#include "dns/limit/guard.h"
#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <new>

using namespace emc;
using namespace emc::dns;

namespace {

thread_local bool g_counting = false;
thread_local unsigned g_allocations = 0;

void* Allocate(size_t size)
{
    if (g_counting) ++g_allocations;
    void* out = std::malloc(size == 0 ? 1 : size);
    if (out == nullptr) std::abort();
    return out;
}

} // namespace

void* operator new(size_t size)
{
    return Allocate(size);
}

void* operator new[](size_t size)
{
    return Allocate(size);
}

void* operator new(size_t size, const std::nothrow_t&) noexcept
{
    return Allocate(size);
}

void* operator new[](size_t size, const std::nothrow_t&) noexcept
{
    return Allocate(size);
}

void operator delete(void* pointer) noexcept
{
    std::free(pointer);
}

void operator delete[](void* pointer) noexcept
{
    std::free(pointer);
}

void operator delete(void* pointer, size_t) noexcept
{
    std::free(pointer);
}

void operator delete[](void* pointer, size_t) noexcept
{
    std::free(pointer);
}

namespace {

class CountingRandom final : public base::RandomSource
{
public:
    void Fill(std::span<uint8_t> out) override
    {
        for (uint8_t& byte : out)
            byte = ++m_next;
    }

private:
    uint8_t m_next = 0;
};

/// A question with a client's cookie.
std::vector<uint8_t> WithCookie(std::string_view name, unsigned type)
{
    auto out = test::MakeQuestion(name, type, 1232);
    out[out.size() - 1] = 12;
    const uint8_t cookie[] = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
    out.insert(out.end(), std::begin(cookie), std::end(cookie));
    return out;
}

/// Every kind of answer there is, and what is refused.
const std::vector<std::pair<std::string, unsigned>> QUESTIONS = {
    {"x.coin", 1},
    {"x.coin", 16},
    {"x.coin", 28},                    // no data
    {"X.Coin", 255},                   // ANY
    {"x.coin", 2},                     // NS of a name
    {"deep.ns.x.coin", 1},             // referral with glue
    {"large.coin", 1},                 // does not fit into a datagram
    {"alias.coin", 1},                 // a chain of two
    {"alias8.coin", 1},                // as long as one is followed
    {"loop.coin", 1},                  // one that ends in itself
    {"lost.coin", 1},                  // one that ends in nothing
    {"plain.coin", 1},                 // served
    {"any.thing.below.plain.coin", 1}, // by the name above
    {"a.sub.coin", 1},                 // a sub-domain of its own
    {"b.sub.coin", 1},                 // one that is not registered
    {"above.coin", 1},                 // only a name below it
    {"nothere.coin", 1},               // NXDOMAIN
    {"all.coin", 33},                  // further types
    {"all.coin", 35},
    {"all.coin", 65},
    {"coin", 6}, // the zone's own name
    {"coin", 2},
    {"coin", 255},
    {"coin", 1},
    {"coin", 48},
    {"open", 2},
    {"5.3.9.9.5.3.9.0.0.8.1.open", 35},
    {"5.3.9.9.5.3.9.0.0.8.1.open", 1},
    {"53995390081.open", 35},
    {"18009359935.open", 35}, // natural order
    {"9.9.9.9.9.open", 35},
    {"5.3.9.open", 35},
    {"0.8.1.open", 35},                 // digits in front of a number
    {"5.3.9.9.5.3.9.0.0.8.1.enum", 35}, // a number whose signature does not count
    {"x.coin.gate.test", 1},            // behind the gateway suffix
    {"gate.test", 6},
    {"printer.lan", 1}, // local names
    {"below.lab.lan", 1},
    {"example.org", 1}, // REFUSED
    {"", 2},
    {"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.coin", 1},
    {"x.coin", 252},
    {"x.coin", 250}, // NOTIMP
    {"x.coin", 41},
};

/// Packets no proper client sends, and class CHAOS.
std::vector<std::vector<uint8_t>> OtherPackets()
{
    std::vector<std::vector<uint8_t>> out = {test::MakeQuestion("version.bind", 16, std::nullopt, 3),
                                             test::MakeQuestion("version.server", 16, 1232, 3),
                                             test::MakeQuestion("x.coin", 1, 1232, 3),
                                             test::MakeQuestion("x.coin", 1, std::nullopt, 255)};
    const auto changed = [&](size_t from_end, uint8_t value) {
        out.push_back(test::MakeQuestion("x.coin", 1, 1232));
        out.back()[out.back().size() - from_end] = value;
    };
    changed(5, 1);  // a later version of EDNS
    changed(1, 99); // options that are not there
    changed(11, 1); // OPT that is not at the root
    changed(16, 9); // cut name
    out.push_back(WithCookie("x.coin", 1));
    out.back()[out.back().size() - 9] = 7; // half a client cookie
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back()[2] = 0x28; // UPDATE
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back()[5] = 2; // two questions
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back().push_back(0); // a byte left over
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back().resize(20);
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back().resize(11);
    out.push_back(test::MakeQuestion("x.coin", 1));
    out.back()[2] = 0x81; // an answer
    return out;
}

void PutNames(test::FakeNames& names)
{
    names.Put("dns:x.coin", "A=192.0.2.1,192.0.2.2|TXT=hello|NS=ns.x.coin|SD=ns");
    names.Put("dns:ns.x.coin", "NS=ns.deep.coin");
    names.Put("dns:deep.coin", "SD=ns");
    names.Put("dns:ns.deep.coin", "A=192.0.2.7|AAAA=2001:db8::7");
    names.Put("dns:alias.coin", "CNAME=alias1.coin");
    for (int i = 1; i <= 8; ++i)
        names.Put("dns:alias" + std::to_string(i) + ".coin",
                  i == 1 ? "CNAME=x.coin" : "CNAME=alias" + std::to_string(i - 1) + ".coin");
    names.Put("dns:loop.coin", "CNAME=loop.coin");
    names.Put("dns:lost.coin", "CNAME=nothere.coin");
    names.Put("dns:plain.coin", "A=192.0.2.8");
    names.Put("dns:sub.coin", "SD=a,b|A=192.0.2.3");
    names.Put("dns:a.sub.coin", "A=192.0.2.4");
    names.Put("dns:a.above.coin", "A=192.0.2.5");
    names.Put("dns:all.coin", "SRV=1:2:x.coin:3|NAPTR=~;1 1 u E2U+sip !^.*$!sip:a@b! .|HTTPS=~;1 . alpn=h2");
    names.Put("dns:large.coin", test::ManyAddresses(64));
    names.Put("open:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
    names.Put("enum:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
}

void AskAll(const std::string& self_names)
{
    test::FakeNames names;
    PutNames(names);
    const test::TempDir folder;
    const std::string local = folder.File("local");
    std::ofstream(local) << "printer.lan=A=192.168.1.20\n.lab.lan=A=192.168.1.30\n";
    test::RigOptions options;
    options.self_names = self_names;
    options.suffix = ".gate.test";
    options.local_file = local;
    options.natural = true;
    test::Rig rig(names, options);
    CountingRandom random;
    RateLimits limits;
    limits.per_second = 5;
    Guard guard({}, limits, random);
    guard.version = "some version";
    guard.nsid = "one";
    Counters counters;
    Answerer answerer({&rig.config, &rig.store, &rig.chain, &rig.compiler, &rig.toll_free.Lists(),
                       &rig.local.Zone(), &rig.clock, nullptr, nullptr, &guard},
                      counters);
    auto packets = OtherPackets();
    for (const auto& [name, type] : QUESTIONS) {
        packets.push_back(test::MakeQuestion(name, type));
        packets.push_back(test::MakeQuestion(name, type, 1232));
        packets.push_back(WithCookie(name, type));
    }
    std::vector<uint8_t> out(MAX_MESSAGE_BYTES);
    for (const auto& packet : packets) {
        for (const Transport transport : {Transport::Udp, Transport::Tcp, Transport::Tls}) {
            const Client client{*base::ParseIp("198.51.100.7"), 4000, transport};
            g_allocations = 0;
            g_counting = true;
            answerer.BeginBatch();
            const Answered answered = answerer.Answer(packet, client, out);
            answerer.EndBatch(1);
            g_counting = false;
            BOOST_TEST(g_allocations == 0u,
                       base::Hex(packet) << " over " << static_cast<int>(transport) << ": " << g_allocations);
            BOOST_TEST((answered.fate == Fate::Reply || answered.fate == Fate::Silence));
        }
    }
    BOOST_TEST(counters.slow.Get() == 0u, "something was not in memory");
    BOOST_TEST(counters.limited.Get() > 0u, "the limiter was not reached");
    for (const Rcode rcode :
         {Rcode::NoError, Rcode::FormErr, Rcode::NxDomain, Rcode::NotImp, Rcode::Refused, Rcode::BadVers})
        BOOST_TEST(counters.rcode[static_cast<size_t>(rcode)].Get() > 0u, static_cast<int>(rcode));
    BOOST_TEST(counters.nodata.Get() > 0u);
    BOOST_TEST(counters.truncated.Get() > 0u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_allocation)

BOOST_AUTO_TEST_CASE(answers_in_memory_take_nothing_from_the_heap)
{
    AskAll("");
    AskAll("ns1.gate.test,ns2.gate.test");
}

BOOST_AUTO_TEST_SUITE_END()
