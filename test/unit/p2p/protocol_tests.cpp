// The parts of the message thread that stand alone; what handlers say to each other is in
// test/functional/p2p_*.py.
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "crypto/random.h"
#include "p2p/protocol/mailbox.h"
#include "p2p/protocol/node_keeper.h"
#include "p2p/protocol/peer_info.h"
#include "unit/p2p/no_sink.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::p2p;

namespace {

/// A network that is never started: what it is asked for waits for ever.
struct KeeperRig {
    base::Clock clock;
    base::Logger log;
    crypto::TestRandom random{1};
    test::NoSink sink;
    Network network{{}, {clock, log, random, sink}};
    NodeKeeper keeper{network, 6661};
};

LinkInfo LinkTo(const std::string& name, LinkId id)
{
    LinkInfo info;
    info.id = id;
    info.kind = LinkKind::Manual;
    info.name = name;
    return info;
}

OpenRequest RequestNamed(const std::string& name)
{
    OpenRequest request;
    request.name = name;
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(protocol)

BOOST_AUTO_TEST_CASE(letters_come_in_order)
{
    Mailbox box;
    BOOST_TEST(box.TakeAll(0).empty());
    box.Put(MailClosed{1, "a"});
    box.Put(MailClosed{2, "b"});
    const auto mail = box.TakeAll(1'000);
    BOOST_REQUIRE_EQUAL(mail.size(), 2U);
    BOOST_TEST(std::get<MailClosed>(mail[0]).link == 1U);
    BOOST_TEST(std::get<MailClosed>(mail[1]).reason == "b");
    BOOST_TEST(box.TakeAll(0).empty());
}

BOOST_AUTO_TEST_CASE(work_is_done_by_who_takes_and_waited_for)
{
    Mailbox box;
    base::StopFlag stop;
    int64_t sum = 0;           // touched by the taking thread alone, until it has ended
    std::atomic<int> wrong{0}; // Boost's macros are for one thread
    {
        base::Thread taker("taker", [&] {
            while (!stop.Requested()) {
                for (auto& mail : box.TakeAll(10))
                    std::get<std::function<void()>>(mail)();
            }
        });
        std::vector<std::unique_ptr<base::Thread>> askers;
        for (int i = 0; i < 4; ++i) {
            askers.push_back(std::make_unique<base::Thread>("asker", [&] {
                for (int j = 0; j < 250; ++j) {
                    int64_t before = 0;
                    if (!box.Run([&] { before = sum++; }) || before < j) ++wrong;
                }
            }));
        }
        askers.clear();
        stop.Request();
    }
    BOOST_TEST(wrong == 0);
    BOOST_TEST(sum == 1'000);
}

BOOST_AUTO_TEST_CASE(a_closed_box_takes_nothing)
{
    Mailbox box;
    box.Put(MailClosed{1, "a"});
    box.Close();
    box.Put(MailClosed{2, "b"});
    BOOST_TEST(box.TakeAll(0).empty());
    BOOST_TEST(!box.Run([] {}));
}

BOOST_AUTO_TEST_CASE(kept_nodes_are_tried_again_ever_later)
{
    KeeperRig rig;
    BOOST_TEST(rig.keeper.Add("10.0.0.1", true));
    BOOST_TEST(!rig.keeper.Add("10.0.0.1", false));
    rig.keeper.OnTick(0);
    BOOST_TEST(rig.keeper.Nodes()[0].trying);
    int64_t now = 0;
    int64_t wait = FIRST_RETRY_MS;
    for (int i = 0; i < 8; ++i) {
        rig.keeper.OnFailed(RequestNamed("10.0.0.1"), now);
        rig.keeper.OnTick(now + wait - 1);
        BOOST_TEST(!rig.keeper.Nodes()[0].trying);
        now += wait;
        rig.keeper.OnTick(now);
        BOOST_TEST(rig.keeper.Nodes()[0].trying);
        wait = std::min(MAX_RETRY_MS, wait * 2);
    }
    BOOST_TEST(wait == MAX_RETRY_MS);
    rig.keeper.OnOpened(LinkTo("10.0.0.1", 7), now);
    BOOST_TEST(rig.keeper.Nodes()[0].link == 7U);
    rig.keeper.OnClosed(LinkTo("10.0.0.1", 6), now); // another connection of the same name
    BOOST_TEST(rig.keeper.Nodes()[0].link == 7U);
    rig.keeper.OnClosed(LinkTo("10.0.0.1", 7), now);
    BOOST_TEST(rig.keeper.Nodes()[0].link == 0U);
    BOOST_TEST(rig.keeper.Nodes()[0].next_try_ms == now + MAX_RETRY_MS); // it hung up at once
    now += MAX_RETRY_MS;
    rig.keeper.OnOpened(LinkTo("10.0.0.1", 8), now);
    now += MAX_RETRY_MS;
    rig.keeper.OnClosed(LinkTo("10.0.0.1", 8), now); // it had been good
    BOOST_TEST(rig.keeper.Nodes()[0].next_try_ms == now + FIRST_RETRY_MS);
    BOOST_TEST(rig.keeper.Remove("10.0.0.1"));
    BOOST_TEST(!rig.keeper.Remove("10.0.0.1"));
    BOOST_TEST(rig.keeper.Nodes().empty());
}

BOOST_AUTO_TEST_CASE(a_node_that_is_removed_and_comes_back_is_not_called_twice)
{
    KeeperRig rig;
    BOOST_TEST(rig.keeper.Add("10.0.0.1", true));
    rig.keeper.OnTick(0);
    BOOST_TEST(rig.keeper.Remove("10.0.0.1"));
    BOOST_TEST(!rig.keeper.Remove("10.0.0.1"));
    BOOST_TEST(rig.keeper.Nodes().empty());
    BOOST_TEST(rig.keeper.Add("10.0.0.1", true));
    BOOST_TEST(rig.keeper.Nodes()[0].trying); // still the first attempt
    rig.keeper.OnOpened(LinkTo("10.0.0.1", 7), 0);
    BOOST_TEST(rig.keeper.Remove("10.0.0.1"));
    rig.keeper.OnClosed(LinkTo("10.0.0.1", 7), 10);
    BOOST_TEST(!rig.keeper.Remove("10.0.0.1"));
    BOOST_TEST(rig.keeper.Add("10.0.0.1", true));
    BOOST_TEST(!rig.keeper.Nodes()[0].trying);
}

BOOST_AUTO_TEST_CASE(nodes_as_operators_write_them)
{
    const auto port = [](const char* text) {
        const auto request = RequestFor(text, 6661);
        BOOST_REQUIRE_MESSAGE(request.has_value(), text);
        return request->endpoint ? int{request->endpoint->port} : -int{request->port};
    };
    BOOST_TEST(port("192.0.2.1") == 6661);
    BOOST_TEST(port("192.0.2.1:7") == 7);
    BOOST_TEST(port("[2001:db8::1]:9") == 9);
    BOOST_TEST(port("node.example") == -6661);
    BOOST_TEST(port("node.example:65535") == -65535);
    for (const char* text : {"", ":", "a b", "node.example:", "node.example:0", "node.example:65536",
                             "node.example:1x", "node/example", "a:b:c"}) {
        BOOST_TEST(!RequestFor(text, 6661).has_value(), text);
    }
}

BOOST_AUTO_TEST_CASE(services_have_names)
{
    const std::vector<std::string> wanted{"NETWORK", "WITNESS", "UNKNOWN[2^4]", "NETWORK_LIMITED"};
    const auto services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness) |
                          16 | static_cast<Services>(Service::NetworkLimited);
    BOOST_TEST(ServiceNames(services) == wanted);
    BOOST_TEST(ServiceNames(0).empty());
}

BOOST_AUTO_TEST_SUITE_END()
