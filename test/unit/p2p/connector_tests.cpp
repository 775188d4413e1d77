// The connections a node makes by itself.
#include "p2p/net/asmap.h"
#include "p2p/peers/address_manager.h"
#include "p2p/protocol/connector.h"
#include "p2p/socket/caller.h"
#include "unit/p2p/sim.h"
#include "unit/p2p/talk.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace emc;
using namespace emc::p2p;

namespace {

/// Every attempt is noted; some succeed at once.
class Lines final : public Caller
{
public:
    void Open(const OpenRequest& request) override { calls.push_back(request); }

    void Resolve(const std::string&, uint16_t) override {}

    [[nodiscard]] bool Reaches(NetKind) const override { return true; }

    [[nodiscard]] bool Active() const override { return true; }

    [[nodiscard]] bool BehindProxy() const override { return false; }

    [[nodiscard]] long Count(LinkKind kind) const
    {
        return std::count_if(calls.begin(), calls.end(),
                             [kind](const auto& call) { return call.kind == kind; });
    }

    std::vector<OpenRequest> calls;
};

/// A node that knows one address in each of forty networks.
struct Rig {
    explicit Rig(bool automatic = true)
        : connector(talk.Talk().desk, lines, talk.Addresses(), Options(automatic))
    {
        for (int net = 1; net <= 40; ++net)
            Know(("8." + std::to_string(net) + ".0.1").c_str());
    }

    static Connector::Options Options(bool automatic)
    {
        Connector::Options out;
        out.automatic = automatic;
        return out;
    }

    void Know(const char* address)
    {
        AddressEntry entry;
        entry.time_sec = static_cast<uint32_t>(test::TalkRig::StartSec());
        entry.services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
        entry.endpoint = {*NetAddress::Parse(address), 6661};
        (void)talk.Addresses().Add({entry}, entry.endpoint.address, test::TalkRig::StartSec());
    }

    /// Every attempt since the last time opens a connection.
    void OpenAll()
    {
        for (; opened < lines.calls.size(); ++opened) {
            const OpenRequest& call = lines.calls[opened];
            const LinkId link = talk.Open(call.kind, *call.endpoint);
            connector.OnEnded(call.kind, call.endpoint);
            if (call.kind == LinkKind::Feeler) talk.Talk().Close(link);
        }
    }

    test::TalkRig talk{"", 4};
    Lines lines;
    Connector connector;
    size_t opened = 0;
};

constexpr int64_t START_MS = 1'000'000;

} // namespace

BOOST_AUTO_TEST_SUITE(connector)

BOOST_AUTO_TEST_CASE(eight_for_everything_and_two_for_blocks)
{
    Rig rig;
    for (int64_t tick = 0; tick < 20; ++tick) {
        rig.connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
        rig.OpenAll();
    }
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundFull) == 8);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundBlocks) == 2);
    const auto closed = rig.talk.Talk().desk.Peers().begin()->first;
    rig.talk.Talk().Close(closed);
    rig.connector.OnTick(START_MS + 20 * CALL_INTERVAL_MS);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundFull) == 9);
}

BOOST_AUTO_TEST_CASE(attempts_that_hang_take_their_place_and_their_network)
{
    Rig rig;
    for (int64_t tick = 0; tick < 40; ++tick)
        rig.connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundFull) == 8);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundBlocks) == 2);
    std::set<base::Bytes> nets;
    for (const auto& call : rig.lines.calls) {
        if (call.kind == LinkKind::Feeler) continue;
        BOOST_TEST(nets.insert(NetGroup(call.endpoint->address, nullptr)).second, call.endpoint->ToText());
    }
}

BOOST_AUTO_TEST_CASE(the_only_address_is_called_once_at_a_time)
{
    test::TalkRig talk{"", 4};
    Lines lines;
    Connector connector(talk.Talk().desk, lines, talk.Addresses(), {});
    AddressEntry entry;
    entry.time_sec = static_cast<uint32_t>(test::TalkRig::StartSec());
    entry.endpoint = {*NetAddress::Parse("8.8.8.8"), 6661};
    (void)talk.Addresses().Add({entry}, entry.endpoint.address, test::TalkRig::StartSec());
    for (int64_t tick = 0; tick < 10; ++tick)
        connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
    BOOST_TEST(lines.calls.size() == 1U);
    connector.OnEnded(lines.calls[0].kind, lines.calls[0].endpoint);
    for (int64_t tick = 10; tick < 30 && lines.calls.size() < 2; ++tick)
        connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
    BOOST_TEST(lines.calls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_second_attempt_without_encryption_keeps_its_place)
{
    Rig rig;
    for (int64_t tick = 0; tick < 20; ++tick) {
        rig.connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
        rig.OpenAll();
    }
    const auto before = rig.lines.Count(LinkKind::OutboundFull);
    const Peer& old = rig.talk.Talk().desk.Peers().begin()->second;
    OpenRequest again;
    again.kind = old.link.kind;
    again.endpoint = old.link.remote;
    rig.connector.OnOpening(again);
    rig.talk.Talk().Close(old.Id());
    rig.connector.OnTick(START_MS + 21 * CALL_INTERVAL_MS);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundFull) == before);
    rig.connector.OnEnded(again.kind, again.endpoint); // in vain
    rig.connector.OnTick(START_MS + 22 * CALL_INTERVAL_MS);
    BOOST_TEST(rig.lines.Count(LinkKind::OutboundFull) == before + 1);
}

BOOST_AUTO_TEST_CASE(feelers_come_every_two_minutes_or_so)
{
    Rig rig;
    constexpr int64_t TICKS = 4 * 3'600 * 1'000 / CALL_INTERVAL_MS; // four hours
    for (int64_t tick = 0; tick < TICKS; ++tick) {
        rig.connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
        rig.OpenAll();
    }
    // Some find nothing to test that is not connected.
    BOOST_TEST(rig.lines.Count(LinkKind::Feeler) > 40);
    BOOST_TEST(rig.lines.Count(LinkKind::Feeler) < 180);
}

BOOST_AUTO_TEST_CASE(with_connect_nobody_else_is_called)
{
    Rig rig(false);
    for (int64_t tick = 0; tick < 1'000; ++tick)
        rig.connector.OnTick(START_MS + tick * CALL_INTERVAL_MS);
    BOOST_TEST(rig.lines.calls.empty());
}

BOOST_AUTO_TEST_CASE(arbitrary_turns_of_events)
{
    test::RunSimulation(test::SimulateConnector, 8, 300);
}

BOOST_AUTO_TEST_SUITE_END()
