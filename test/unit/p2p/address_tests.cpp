// Addresses, ranges, groups and maps of networks.
#include "p2p/net/address.h"
#include "p2p/net/asmap.h"
#include "p2p/net/range.h"
#include "unit/p2p/samples.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

NetAddress A(std::string_view text)
{
    const auto address = NetAddress::Parse(text);
    BOOST_REQUIRE_MESSAGE(address, text);
    return *address;
}

/// The bits of a map as bytes, lowest bit first.
base::Bytes Program(std::string_view bits)
{
    base::Bytes out;
    size_t at = 0;
    for (const char c : bits) {
        if (c == ' ') continue;
        if (at % 8 == 0) out.push_back(0);
        if (c == '1') out.back() = static_cast<uint8_t>(out.back() | 1u << (at % 8));
        ++at;
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(texts_of_every_network)
{
    size_t at = 0;
    for (const Endpoint& endpoint : test::SampleEndpoints()) {
        BOOST_TEST((endpoint.address.Kind() == ALL_NET_KINDS[at++]));
        BOOST_TEST((A(endpoint.address.ToText()) == endpoint.address));
        BOOST_TEST((*ParseEndpoint(endpoint.ToText(), 1) == endpoint));
        BOOST_TEST((NetAddress::From(endpoint.address.Kind(), endpoint.address.Bytes()) == endpoint.address));
        BOOST_TEST(endpoint.address.IsRoutable());
    }
    BOOST_TEST((A("::ffff:1.2.3.4").Kind() == NetKind::Ipv4));
    for (const std::string_view bad :
         {"", "localhost", "1.2.3", "1.2.3.4.5", "x.onion", ".onion", ".b32.i2p",
          "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscrya.onion", // wrong version
          "qg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion", // wrong checksum
          "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkd.b32.i2p"})
        BOOST_TEST(!NetAddress::Parse(bad), bad);
}

BOOST_AUTO_TEST_CASE(endpoints)
{
    BOOST_TEST(ParseEndpoint("1.2.3.4", 6661)->ToText() == "1.2.3.4:6661");
    BOOST_TEST(ParseEndpoint("::1", 6661)->ToText() == "[::1]:6661");
    BOOST_TEST(ParseEndpoint("[::1]", 6661)->ToText() == "[::1]:6661");
    for (const std::string_view bad : {"", ":", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:1x",
                                       "[::1", "[::1]x", "[::1]:", "[1.2.3.4]:5", "example.org:1"})
        BOOST_TEST(!ParseEndpoint(bad, 6661), bad);
    BOOST_TEST((ParseEndpoint("1.2.3.4:1", 0)->Key() != ParseEndpoint("1.2.3.4:2", 0)->Key()));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_address)
{
    const base::Bytes sixteen(16, 1);
    BOOST_TEST(!NetAddress::From(NetKind::Ipv4, sixteen));
    BOOST_TEST(!NetAddress::From(NetKind::TorV3, sixteen));
    BOOST_TEST(!NetAddress::From(NetKind::Cjdns, sixteen));
    base::Bytes onioncat(16, 1);
    const std::array<uint8_t, 6> prefix = {0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43};
    std::copy(prefix.begin(), prefix.end(), onioncat.begin());
    BOOST_TEST(!NetAddress::From(NetKind::Ipv6, onioncat));
    BOOST_TEST(!NetKindOf(0));
    BOOST_TEST(!NetKindOf(3));
    BOOST_TEST((NetKindOf(4) == NetKind::TorV3));
}

BOOST_AUTO_TEST_CASE(what_is_routed)
{
    for (const std::string_view text :
         {"0.1.2.3",        "10.1.2.3",   "100.64.0.1",      "127.0.0.1",  "169.254.1.1", "172.16.0.1",
          "172.31.255.255", "192.0.2.1",  "192.168.1.1",     "198.18.0.1", "198.19.9.9",  "198.51.100.1",
          "203.0.113.1",    "224.0.0.1",  "255.255.255.255", "::",         "::1",         "2001:db8::1",
          "2001:10::1",     "2001:20::1", "fe80::1",         "fd00::1",    "ff02::1"})
        BOOST_TEST(!A(text).IsRoutable(), text);
    for (const std::string_view text : {"1.1.1.1", "100.63.0.1", "100.128.0.1", "172.32.0.1", "198.20.0.1",
                                        "223.255.255.255", "2001:4860::1", "2002:808:404::1"})
        BOOST_TEST(A(text).IsRoutable(), text);
    for (const std::string_view text : {"127.0.0.1", "127.9.9.9", "0.0.0.0", "::1"})
        BOOST_TEST(A(text).IsLocal(), text);
    BOOST_TEST(!A("128.0.0.1").IsLocal());
    BOOST_TEST(!A("::").IsLocal());
}

BOOST_AUTO_TEST_CASE(embedded_ipv4)
{
    const std::array<uint8_t, 4> four = {8, 8, 4, 4};
    for (const std::string_view text :
         {"8.8.4.4", "64:ff9b::808:404", "::ffff:0:808:404", "2002:808:404::1", "2001:0:1::f7f7:fbfb"})
        BOOST_TEST((A(text).LinkedIpv4() == four), text);
    BOOST_TEST(!A("2001:4860::1").LinkedIpv4());
    BOOST_TEST(!test::SampleEndpoints()[2].address.LinkedIpv4());
}

BOOST_AUTO_TEST_CASE(groups)
{
    const auto same = [](std::string_view a, std::string_view b) {
        return NetGroup(A(a), nullptr) == NetGroup(A(b), nullptr);
    };
    BOOST_TEST(same("8.8.4.4", "8.8.200.1"));
    BOOST_TEST(!same("8.8.4.4", "8.9.4.4"));
    BOOST_TEST(same("8.8.4.4", "2002:808:999::1"));
    BOOST_TEST(same("2a00:1450::1", "2a00:1450:ffff::1"));
    BOOST_TEST(!same("2a00:1450::1", "2a00:1451::1"));
    BOOST_TEST(same("10.0.0.1", "192.168.0.1"));
    BOOST_TEST(!same("10.0.0.1", "fe80::1"));
    BOOST_TEST(same("fc01::1", "fc0f::2"));
    BOOST_TEST(!same("fc01::1", "fc11::1"));
}

BOOST_AUTO_TEST_CASE(ranges)
{
    const auto in = [](std::string_view range, std::string_view address) {
        const auto parsed = NetRange::Parse(range);
        BOOST_REQUIRE_MESSAGE(parsed, range);
        return parsed->Contains(A(address));
    };
    BOOST_TEST(in("10.0.0.0/8", "10.200.1.1"));
    BOOST_TEST(!in("10.0.0.0/8", "11.0.0.1"));
    BOOST_TEST(in("fc00::/8", "fc12::1"));
    BOOST_TEST(!in("::/0", test::SampleEndpoints()[2].address.ToText()));
    for (const Endpoint& endpoint : test::SampleEndpoints()) {
        const NetRange one = NetRange::Of(endpoint.address);
        BOOST_TEST(one.Contains(endpoint.address));
        BOOST_TEST(!one.Contains(A("9.9.9.9")));
        BOOST_TEST((*NetRange::Parse(one.ToText()) == one));
    }
    for (const std::string_view bad : {"", "x", "1.2.3.4/33", "abc.onion", "abc.onion/8"})
        BOOST_TEST(!NetRange::Parse(bad), bad);
}

BOOST_AUTO_TEST_CASE(maps_of_networks)
{
    BOOST_TEST(!AsMap::Load({}));
    BOOST_TEST(!AsMap::Load(base::Bytes(3, 0xff)));
    // jump over 17 bits when the first bit is set; return 5; return 6. Spaces are for the reader.
    const std::string jump = "10 0 00000 ";
    const std::string five = "0 0 000000000000100 ";
    const std::string six = "0 0 000000000000101 ";
    const auto split = AsMap::Load(Program(jump + five + six));
    BOOST_REQUIRE(split);
    BOOST_TEST(split->Find(A("8.8.8.8")) == 5u);
    BOOST_TEST(split->Find(A("2001::1")) == 5u);
    BOOST_TEST(split->Find(A("ff02::1")) == 6u);
    // match two set bits, else the default 5: 110 is match, 111 is default.
    const auto matched = AsMap::Load(Program("111 0 000000000000100 110 10 11 " + six));
    BOOST_REQUIRE(matched);
    BOOST_TEST(matched->Find(A("ff02::1")) == 6u);
    BOOST_TEST(matched->Find(A("8.8.8.8")) == 5u);
    for (const std::string& bad : {jump + five, five + six, "111 0 000000000000100 " + five,
                                   jump + jump + five + six, "110 10 11 110 10 11 " + six})
        BOOST_TEST(!AsMap::Load(Program(bad)), bad);
}

BOOST_AUTO_TEST_CASE(published_map)
{
    const auto file = test::ReadVectors("bitcoin-core/asmap.raw");
    if (!file) return;
    const base::Bytes program = base::ToBytes(*file);
    const auto map = AsMap::Load(program);
    BOOST_REQUIRE(map);
    BOOST_TEST(map->Find(A("250.1.2.3")) == 1'000u);
    for (uint32_t i = 1; i <= 8; ++i) {
        const std::string net = "101." + std::to_string(i) + ".";
        BOOST_TEST(map->Find(A(net + "0.1")) == i);
        BOOST_TEST((NetGroup(A(net + "0.1"), &*map) == NetGroup(A(net + "9.9"), &*map)));
    }
    BOOST_TEST((NetGroup(A("101.1.0.1"), &*map) != NetGroup(A("101.2.0.1"), &*map)));
    BOOST_TEST((NetGroup(A("250.1.1.1"), &*map) == NetGroup(A("250.2.1.1"), &*map)));
    BOOST_TEST(map->Find(test::SampleEndpoints()[3].address) == 0u);
    // Cut anywhere, it is no program any more.
    for (size_t size = 0; size < program.size(); ++size)
        BOOST_TEST(
            !AsMap::Load(base::Bytes(program.begin(), program.begin() + static_cast<ptrdiff_t>(size))));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
