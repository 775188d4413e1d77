#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "dns/server.h"
#include "dns/transport/bind.h"
#include "names/resolve.h"
#include "script/address.h"
#include "unit/dns/fake_chain.h"
#include "unit/dns/reply.h"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace emc;
using dns::DnsError;
using dns::DnsOptions;
using dns::DnsServer;

namespace {

struct Node {
    Node()
    {
        names.SetTip(test::TipAt(100));
        names.Put("dns:x.coin", "A=192.0.2.1");
        names.Put("enum:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
    }

    [[nodiscard]] dns::DnsParts Parts() { return {&names, &events, &addresses, &clock, &log, &random}; }

    test::FakeNames names;
    test::FakeEvents events;
    script::AddressParams addresses;
    base::Clock clock;
    base::Logger log;
    crypto::SystemRandom random;
};

DnsOptions OptionsOn(const std::string& address)
{
    DnsOptions out;
    out.port = 0;
    out.bind = {address};
    out.threads = 2;
    out.allowed = ".coin|~enum";
    return out;
}

uint16_t PortOf(const std::string& listen)
{
    return static_cast<uint16_t>(std::stoi(listen.substr(listen.rfind(':') + 1)));
}

/// Asks over a connected socket, so an answer from another address than the one asked is never seen.
std::vector<uint8_t> Exchange(int family, const char* address, uint16_t port,
                              const std::vector<uint8_t>& packet)
{
    const int handle = socket(family, SOCK_DGRAM, 0);
    const timeval limit{2, 0};
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    void* place = family == AF_INET ? static_cast<void*>(&v4.sin_addr) : static_cast<void*>(&v6.sin6_addr);
    BOOST_TEST_REQUIRE(inet_pton(family, address, place) == 1);
    const auto* to =
        family == AF_INET ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<const sockaddr*>(&v6);
    std::vector<uint8_t> out(2048);
    ssize_t got = -1;
    if (connect(handle, to, family == AF_INET ? sizeof(v4) : sizeof(v6)) == 0 &&
        send(handle, packet.data(), packet.size(), 0) > 0) {
        got = recv(handle, out.data(), out.size(), 0);
    }
    close(handle);
    out.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return out;
}

bool HasIpv6()
{
    auto where = dns::ParseBind({"::1"}, 0);
    return dns::UdpSocket::Open(where->front(), true).HasValue();
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_server)

BOOST_AUTO_TEST_CASE(addresses_as_people_write_them)
{
    const auto text = [](const std::vector<std::string>& options) {
        const auto parsed = dns::ParseBind(options, 53);
        std::string out;
        if (!parsed) return std::string(Text(parsed.Error().error));
        for (const auto& one : *parsed)
            out += one.ToText() + (one.any ? "*" : "") + (one.optional ? "?" : "") + " ";
        return out;
    };
    BOOST_TEST(text({}) == "127.0.0.1:53 [::1]:53? ");
    BOOST_TEST(text({"127.0.0.1"}) == "127.0.0.1:53 ");
    BOOST_TEST(text({".127.0.0.1"}) == "127.0.0.1:53 ");
    BOOST_TEST(text({"."}) == "0.0.0.0:53* ");
    BOOST_TEST(text({"0.0.0.0", "::"}) == "0.0.0.0:53* [::]:53* ");
    BOOST_TEST(text({"10.0.0.1, [2001:db8::1]|::1"}) == "10.0.0.1:53 [2001:db8::1]:53 [::1]:53 ");
    BOOST_TEST(text({"127.0.0.1,.127.0.0.1", "127.0.0.1 ::1 [0:0::1]"}) == "127.0.0.1:53 [::1]:53 ");
    BOOST_TEST(text({"10.0.0.1,0.0.0.0,::1,10.0.0.2"}) == "0.0.0.0:53* [::1]:53 "); // all hold each
    for (const char* bad : {"localhost", "1.2.3", "1.2.3.4:53", "::g", "1.2.3.4 x"})
        BOOST_TEST(text({bad}) == "not an IPv4 or IPv6 address", bad);
}

BOOST_AUTO_TEST_CASE(answers_over_sockets)
{
    Node node;
    DnsServer server(OptionsOn("127.0.0.1"), node.Parts());
    BOOST_TEST(!server.Running());
    BOOST_TEST_REQUIRE(server.Start().HasValue());
    BOOST_TEST(server.Running());
    server.WaitIdle();
    const auto listen = server.GetStats().listen;
    BOOST_TEST_REQUIRE(listen.size() == 2u);
    const uint16_t port = PortOf(listen[0]);
    for (int i = 0; i < 50; ++i) {
        const auto reply =
            test::ParseReply(Exchange(AF_INET, "127.0.0.1", port, test::MakeQuestion("x.coin", 1)));
        BOOST_TEST(reply.sound);
        BOOST_TEST(reply.answer.size() == 1u);
    }
    // Only the address named is open.
    BOOST_TEST(Exchange(AF_INET, "127.0.0.2", port, test::MakeQuestion("x.coin", 1)).empty());
    node.names.Put("dns:y.coin", "A=192.0.2.2");
    node.names.SetTip(test::TipAt(101));
    node.events.Connect(test::TipAt(101), {"dns:y.coin"});
    const auto fresh =
        test::ParseReply(Exchange(AF_INET, "127.0.0.1", port, test::MakeQuestion("y.coin", 1)));
    BOOST_TEST(fresh.answer.size() == 1u);
    const auto stats = server.GetStats();
    BOOST_TEST(stats.queries == 51u);
    BOOST_TEST(stats.answers == 51u);
    BOOST_TEST(stats.zone_names == 3u);
    BOOST_TEST(stats.zone_bytes > 0u);
    server.Stop();
    BOOST_TEST(!server.Running());
    BOOST_TEST(server.GetStats().listen.empty());
    BOOST_TEST_REQUIRE(server.Start().HasValue()); // and again
}

BOOST_AUTO_TEST_CASE(answers_come_from_the_address_asked)
{
    Node node;
    DnsServer server(OptionsOn("0.0.0.0"), node.Parts());
    BOOST_TEST_REQUIRE(server.Start().HasValue());
    const uint16_t port = PortOf(server.GetStats().listen[0]);
    for (const char* address : {"127.0.0.1", "127.0.0.2", "127.5.6.7"}) {
        const auto reply =
            test::ParseReply(Exchange(AF_INET, address, port, test::MakeQuestion("x.coin", 1)));
        BOOST_TEST(reply.answer.size() == 1u, address);
    }
}

BOOST_AUTO_TEST_CASE(ipv6)
{
    if (!HasIpv6()) {
        BOOST_TEST_MESSAGE("skipped: this machine has no IPv6");
        return;
    }
    Node node;
    for (const char* address : {"::1", "::"}) {
        DnsServer server(OptionsOn(address), node.Parts());
        BOOST_TEST_REQUIRE(server.Start().HasValue());
        const uint16_t port = PortOf(server.GetStats().listen[0]);
        const auto reply = test::ParseReply(Exchange(AF_INET6, "::1", port, test::MakeQuestion("x.coin", 1)));
        BOOST_TEST(reply.answer.size() == 1u, address);
        BOOST_TEST(Exchange(AF_INET, "127.0.0.1", port, test::MakeQuestion("x.coin", 1)).empty(), address);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_start_says_why)
{
    Node node;
    const auto error = [&](const DnsOptions& options) {
        DnsServer server(options, node.Parts());
        const auto started = server.Start();
        return started ? std::string("started") : std::string(Text(started.Error().error));
    };
    DnsOptions options = OptionsOn("127.0.0.1");
    options.suffix = "nodot";
    BOOST_TEST(error(options) == "-emcdnssuffix must be .suffix or .suffix|.zone");
    options = OptionsOn("localhost");
    BOOST_TEST(error(options) == "-emcdnsbindip must be IPv4 or IPv6 addresses");
    options = OptionsOn("127.0.0.1");
    options.allowed = "nothing";
    BOOST_TEST(error(options) == "-emcdnsallowed names no zone");
    BOOST_TEST(error(OptionsOn("192.0.2.200")) == "cannot listen for DNS questions");
    // A second server on the same port is noticed, although ports are shared among workers.
    DnsServer first(OptionsOn("127.0.0.1"), node.Parts());
    BOOST_TEST_REQUIRE(first.Start().HasValue());
    options = OptionsOn("127.0.0.1");
    options.port = PortOf(first.GetStats().listen[0]);
    DnsServer second(options, node.Parts());
    const auto started = second.Start();
    BOOST_TEST_REQUIRE(!started.HasValue());
    BOOST_TEST((started.Error().error == DnsError::CannotListen));
    BOOST_TEST(started.Error().detail.find("in use") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(resolving_without_running)
{
    Node node;
    DnsOptions options = OptionsOn("127.0.0.1");
    options.trust = {"ver:enum"};
    DnsServer server(options, node.Parts());
    BOOST_TEST((server.TrustedVerifiers() == std::vector<std::string>{"ver:enum"}));
    const auto number = enumrec::Number::FromDigits("18009359935");
    for (const bool running : {false, true}) {
        if (running) BOOST_TEST_REQUIRE(server.Start().HasValue());
        const auto resolution = server.Resolve(*number);
        BOOST_TEST(resolution.routes.empty());
        BOOST_TEST_REQUIRE(resolution.refused.size() == 1u);
        BOOST_TEST((resolution.refused[0].reason == names::SlotRefusal::NoSignature));
    }
}

BOOST_AUTO_TEST_SUITE_END()
