// Real sockets on the loopback interface.
#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "crypto/random.h"
#include "p2p/socket/network.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

using namespace emc;
using namespace emc::p2p;

namespace {

using Guard = base::LockGuard<base::Mutex<base::LockRank::Leaf>>;

/// A network and what it told.
class Side final : public LinkSink
{
public:
    explicit Side(bool v2, NetworkLimits limits = {}, Proxies proxies = {})
        : network(OptionsOf(v2, limits, proxies), {clock, log, random, *this})
    {}

    static Network::Options OptionsOf(bool v2, const NetworkLimits& limits, const Proxies& proxies)
    {
        Network::Options options;
        options.magic_be = 0xfabfb5da;
        options.v2 = v2;
        options.limits = limits;
        options.proxies = proxies;
        return options;
    }

    Endpoint Listen()
    {
        const auto where = network.Listen({ParseEndpoint("127.0.0.1:0", 0).value(), {}, false, false});
        BOOST_REQUIRE(where.HasValue());
        return *where;
    }

    bool Admits(const Endpoint&, Permissions) override { return admits.load(); }

    void OnOpened(const LinkInfo& info) override
    {
        const Guard lock(mutex);
        opened.push_back(info);
    }

    void OnMessage(LinkId id, RawMessage message) override
    {
        const Guard lock(mutex);
        messages.emplace_back(id, std::move(message));
    }

    void OnClosed(LinkId, const std::string& reason) override
    {
        const Guard lock(mutex);
        closed.push_back(reason);
    }

    void OnOpening(const OpenRequest& request) override
    {
        const Guard lock(mutex);
        opening.push_back(request);
    }

    void OnOpenFailed(const OpenRequest&, const std::string& reason) override
    {
        const Guard lock(mutex);
        failed.push_back(reason);
    }

    void OnResolved(const std::string& host, const std::vector<Endpoint>& found) override
    {
        const Guard lock(mutex);
        resolved.emplace_back(host, found);
    }

    template <typename F>
    bool Within(F condition)
    {
        for (int i = 0; i < 5'000; ++i) {
            {
                const Guard lock(mutex);
                if (condition()) return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }

    base::Clock clock;
    base::Logger log;
    crypto::SystemRandom random;
    std::atomic<bool> admits{true};
    base::Mutex<base::LockRank::Leaf> mutex;
    std::vector<LinkInfo> opened;
    std::vector<std::pair<LinkId, RawMessage>> messages;
    std::vector<std::string> closed;
    std::vector<std::string> failed;
    std::vector<OpenRequest> opening;
    std::vector<std::pair<std::string, std::vector<Endpoint>>> resolved;
    Network network;
};

OpenRequest To(const Endpoint& where, bool v2 = true)
{
    OpenRequest request;
    request.endpoint = where;
    request.try_v2 = v2;
    return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(network)

BOOST_AUTO_TEST_CASE(host_names)
{
    Side side(true);
    side.network.Start();
    side.network.Resolve("localhost", 4000);
    side.network.Resolve("no host", 4000);
    BOOST_REQUIRE(side.Within([&] { return side.resolved.size() == 2; }));
    std::sort(side.resolved.begin(), side.resolved.end());
    const auto& found = side.resolved[0].second;
    BOOST_REQUIRE((side.resolved[0].first == "localhost" && !found.empty()));
    BOOST_TEST((found[0].address.IsLocal() && found[0].port == 4000));
    BOOST_TEST(side.resolved[1].second.empty());
}

BOOST_AUTO_TEST_CASE(no_host_names)
{
    Network::Options options = Side::OptionsOf(true, {}, {});
    options.lookups = false;
    Side other(true);
    Network network(options, {other.clock, other.log, other.random, other});
    network.Start();
    network.Resolve("localhost", 4000);
    BOOST_TEST(other.Within([&] { return other.resolved.size() == 1 && other.resolved[0].second.empty(); }));
    network.Open(RequestFor("localhost:4000", 1).value());
    BOOST_TEST(other.Within(
        [&] { return other.failed.size() == 1 && other.failed[0].find("-dns=0") != std::string::npos; }));
}

BOOST_AUTO_TEST_CASE(proxies_decide_what_is_reached)
{
    Side side(true);
    auto& network = side.network;
    BOOST_TEST((network.Reaches(NetKind::Ipv4) && network.Reaches(NetKind::Cjdns)));
    BOOST_TEST((!network.Reaches(NetKind::TorV3) && !network.Reaches(NetKind::I2p)));
    const auto proxy = ParseEndpoint("127.0.0.1:9050", 0).value();
    network.SetOnionProxy(proxy);
    BOOST_TEST((network.Reaches(NetKind::TorV3) && network.GetProxies().onion == proxy));
}

BOOST_AUTO_TEST_CASE(messages_in_both_directions)
{
    for (const bool v2 : {true, false}) {
        Side server(true);
        Side client(v2);
        const auto where = server.Listen();
        server.network.Start();
        client.network.Start();
        client.network.Open(To(where));
        BOOST_REQUIRE(server.Within([&] { return !server.opened.empty(); }));
        BOOST_REQUIRE(client.Within([&] { return !client.opened.empty(); }));
        BOOST_TEST((server.opened[0].kind == LinkKind::Inbound && client.opened[0].remote == where));
        const base::Bytes large(2'000'000, 7);
        client.network.Send(client.opened[0].id, "version", large); // what an old node begins with
        client.network.Send(client.opened[0].id, "ping", base::Bytes(8, 1));
        server.network.Send(server.opened[0].id, "pong", base::Bytes(8, 2));
        BOOST_REQUIRE(server.Within([&] { return server.messages.size() == 2; }));
        BOOST_REQUIRE(client.Within([&] { return client.messages.size() == 1; }));
        BOOST_TEST((server.messages[0].second.payload == large));
        BOOST_TEST(server.messages[1].second.command == "ping");
        BOOST_TEST(client.messages[0].second.command == "pong");
        const auto stats = client.network.Stats();
        BOOST_REQUIRE_EQUAL(stats.size(), 1U);
        BOOST_TEST((stats[0].transport == (v2 ? LinkTransport::V2 : LinkTransport::V1)));
        BOOST_TEST(stats[0].session_id.has_value() == v2);
        BOOST_TEST(stats[0].send_queue_bytes == 0U);
        BOOST_TEST(client.network.GetTotals().bytes_sent > large.size());
        client.network.Close(client.opened[0].id, "enough");
        BOOST_TEST(server.Within([&] { return server.closed.size() == 1; }));
        BOOST_TEST(client.Within([&] { return client.closed == std::vector<std::string>{"enough"}; }));
    }
}

BOOST_AUTO_TEST_CASE(an_old_node_is_spoken_to_without_encryption)
{
    Side server(false);
    Side client(true);
    const auto where = server.Listen();
    server.network.Start();
    client.network.Start();
    client.network.Open(To(where));
    BOOST_REQUIRE(client.Within([&] { return client.opened.size() == 2; }));
    client.network.Send(client.opened[1].id, "ping", base::Bytes(8, 1));
    BOOST_REQUIRE(server.Within([&] { return !server.messages.empty(); }));
    BOOST_TEST(server.messages[0].second.command == "ping");
    BOOST_TEST(client.closed.size() == 1U);
    BOOST_TEST((client.opening.size() == 1 && client.opening[0].endpoint == where)); // told before it closed
}

BOOST_AUTO_TEST_CASE(what_is_not_handled_stops_the_reading)
{
    NetworkLimits limits;
    limits.receive_queue_bytes = 100'000;
    Side server(true, limits);
    Side client(true);
    const auto where = server.Listen();
    server.network.Start();
    client.network.Start();
    client.network.Open(To(where));
    BOOST_REQUIRE(client.Within([&] { return !client.opened.empty(); }));
    constexpr size_t COUNT = 300;
    for (size_t i = 0; i < COUNT; ++i)
        client.network.Send(client.opened[0].id, "tx", base::Bytes(50'000, static_cast<uint8_t>(i)));
    BOOST_TEST(client.network.SendPaused(client.opened[0].id));
    BOOST_REQUIRE(server.Within([&] { return server.messages.size() >= 2; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    {
        const Guard lock(server.mutex);
        BOOST_TEST(server.messages.size() < 10U);
    }
    // Handled, it goes on, to the last one.
    size_t handled = 0;
    while (handled < COUNT) {
        size_t here = 0;
        BOOST_REQUIRE(server.Within([&] { return (here = server.messages.size()) > handled; }));
        for (; handled < here; ++handled) {
            const Guard lock(server.mutex);
            server.network.Handled(server.messages[handled].first,
                                   server.messages[handled].second.wire_bytes);
        }
    }
    BOOST_TEST(!client.network.SendPaused(client.opened[0].id));
}

BOOST_AUTO_TEST_CASE(doors_that_do_not_open)
{
    Side server(true);
    Side client(true);
    const auto where = server.Listen();
    server.admits = false;
    server.network.Start();
    client.network.Start();
    client.network.Open(To(where, false));
    BOOST_TEST(client.Within([&] { return client.closed.size() == 1; }));
    BOOST_TEST(server.opened.empty());
    client.network.Open(To(ParseEndpoint("127.0.0.1:1", 0).value()));
    BOOST_TEST(client.Within([&] { return client.failed.size() == 1; }));
    BOOST_TEST(client.failed[0].find("refused") != std::string::npos);
    OpenRequest nowhere;
    nowhere.name = "no-such-host.invalid:1";
    nowhere.port = 1;
    client.network.Open(nowhere);
    BOOST_TEST(client.Within([&] { return client.failed.size() == 2; }));
    client.network.SetActive(false);
    client.network.Open(To(where));
    BOOST_TEST(client.Within([&] { return client.failed.size() == 3; }));
    BOOST_TEST(client.failed[2] == "the network is switched off");
    Side second(true);
    const auto taken = second.network.Listen({where, {}, false, false});
    BOOST_REQUIRE(!taken.HasValue());
    BOOST_TEST(taken.Error().find("is another node running?") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
