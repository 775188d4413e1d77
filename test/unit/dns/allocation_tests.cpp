// The way of a question whose answer is in memory: nothing from the heap, whatever the answer is.
#include "base/random.h"
#include "dns/limit/guard.h"
#include "unit/dns/rig.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
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

} // namespace

BOOST_AUTO_TEST_SUITE(dns_allocation)

BOOST_AUTO_TEST_CASE(answers_in_memory_take_nothing_from_the_heap)
{
    test::FakeNames names;
    names.Put("dns:x.coin", "A=192.0.2.1,192.0.2.2|TXT=hello|NS=ns.x.coin");
    names.Put("dns:alias.coin", "CNAME=x.coin");
    names.Put("dns:sub.coin", "SD=a|A=192.0.2.3");
    names.Put("dns:a.sub.coin", "A=192.0.2.4");
    names.Put("open:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
    test::Rig rig(names);
    CountingRandom random;
    RateLimits limits;
    limits.per_second = 5;
    const Guard guard({}, limits, random);
    Counters counters;
    Answerer answerer({&rig.config, &rig.store, &rig.chain, &rig.compiler, &rig.toll_free.Lists(), nullptr,
                       &rig.clock, nullptr, nullptr, &guard},
                      counters);
    const std::vector<std::pair<std::string, unsigned>> questions = {
        {"x.coin", 1},
        {"x.coin", 16},
        {"x.coin", 28},
        {"x.coin", 255},
        {"x.coin", 2},
        {"alias.coin", 1},
        {"a.sub.coin", 1},
        {"nothere.coin", 1},
        {"coin", 6},

        {"5.3.9.9.5.3.9.0.0.8.1.open", 35},
        {"5.3.9.9.5.3.9.0.0.8.1.open", 1},
        {"9.9.9.9.9.open", 35},
        {"5.3.9.open", 35},
        {"example.org", 1},
        {"x.coin", 252},
        {"x.coin", 250},
    };
    const Client stranger{*base::ParseIp("198.51.100.7"), 4000, Transport::Udp};
    std::vector<uint8_t> out(MAX_MESSAGE_BYTES);
    // What the first negative answer of the process makes stays.
    (void)answerer.Answer(test::MakeQuestion("nothere.coin", 1), stranger, out);
    for (const auto& [name, type] : questions) {
        for (const auto& packet :
             {test::MakeQuestion(name, type), test::MakeQuestion(name, type, 1232), WithCookie(name, type)}) {
            for (const Transport transport : {Transport::Udp, Transport::Tcp, Transport::Tls}) {
                const Client client{stranger.ip, stranger.port, transport};
                g_allocations = 0;
                g_counting = true;
                answerer.BeginBatch();
                const Answered answered = answerer.Answer(packet, client, out);
                answerer.EndBatch(1);
                g_counting = false;
                BOOST_TEST(g_allocations == 0u, name << " type " << type << " over "
                                                     << static_cast<int>(transport) << ", " << packet.size()
                                                     << " bytes: " << g_allocations);
                BOOST_TEST((answered.fate == Fate::Reply || answered.fate == Fate::Silence));
            }
        }
    }
    BOOST_TEST(counters.slow.Get() == 0u, "something was not in memory");
    BOOST_TEST(counters.limited.Get() > 0u, "the limiter was not reached");
}

BOOST_AUTO_TEST_SUITE_END()
