#include "crypto/random.h"
#include "p2p/socket/link_codec.h"
#include "p2p/socket/socks5.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr uint32_t MAGIC = 0xfabfb5da;

/// Carries bytes between two sides, `chunk` at a time, until both are silent. What either received.
struct Pair {
    Pair(LinkCodec& out, LinkCodec& in, size_t chunk_bytes) : dialling(out), listening(in), chunk(chunk_bytes)
    {}

    /// Text of the first error.
    std::string Run()
    {
        for (bool moved = true; moved && error.empty();) {
            moved = Carry(dialling, listening, at_listener);
            moved = Carry(listening, dialling, at_dialler) || moved;
        }
        return error;
    }

    bool Carry(LinkCodec& from, LinkCodec& to, std::vector<RawMessage>& got)
    {
        const auto bytes = from.TakeOutgoing();
        for (size_t at = 0; at < bytes.size(); at += chunk) {
            base::ByteSpan part = base::ByteSpan(bytes).subspan(at, std::min(chunk, bytes.size() - at));
            while (!part.empty()) {
                auto fed = to.Feed(part);
                if (!fed) {
                    error = fed.Error();
                    return false;
                }
                if (*fed) got.push_back(std::move(**fed));
            }
        }
        return !bytes.empty();
    }

    LinkCodec& dialling;
    LinkCodec& listening;
    size_t chunk;
    std::vector<RawMessage> at_dialler;
    std::vector<RawMessage> at_listener;
    std::string error;
};

} // namespace

BOOST_AUTO_TEST_SUITE(link_codec)

BOOST_AUTO_TEST_CASE(both_transports_carry_what_is_sent_before_they_are_ready)
{
    for (const bool v2_out : {false, true}) {
        for (const size_t chunk : {1, 7, 5'000}) {
            crypto::TestRandom random(chunk);
            LinkCodec out({false, v2_out, MAGIC}, random);
            LinkCodec in({true, true, MAGIC}, random);
            const base::Bytes payload(3'000, 0x5a);
            out.Send("version", payload);
            in.Send("version", base::Bytes{1, 2});
            Pair pair(out, in, chunk);
            BOOST_TEST(pair.Run() == "");
            out.Send("verack", {});
            BOOST_TEST(pair.Run() == "");
            BOOST_REQUIRE_EQUAL(pair.at_listener.size(), 2U);
            BOOST_TEST(pair.at_listener[0].command == "version");
            BOOST_TEST((pair.at_listener[0].payload == payload));
            BOOST_TEST(pair.at_listener[1].command == "verack");
            BOOST_REQUIRE_EQUAL(pair.at_dialler.size(), 1U);
            BOOST_TEST((pair.at_dialler[0].payload == base::Bytes{1, 2}));
            const auto wanted = v2_out ? LinkTransport::V2 : LinkTransport::V1;
            BOOST_TEST((out.Transport() == wanted && in.Transport() == wanted));
            BOOST_TEST((out.SessionId() == in.SessionId()));
            BOOST_TEST(out.SessionId().has_value() == v2_out);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_old_listener_breaks_off_before_it_says_anything)
{
    crypto::TestRandom random(1);
    LinkCodec out({false, true, MAGIC}, random);
    LinkCodec old({true, false, MAGIC}, random);
    out.Send("version", {});
    Pair pair(out, old, 100);
    BOOST_TEST(pair.Run() != "");
    BOOST_TEST(!out.HasReceived());
    BOOST_TEST(old.HasReceived());
}

BOOST_AUTO_TEST_CASE(another_network_is_told_apart)
{
    crypto::TestRandom random(1);
    LinkCodec out({false, false, MAGIC ^ 1}, random);
    LinkCodec in({true, false, MAGIC}, random);
    out.Send("version", {});
    BOOST_TEST(Pair(out, in, 100).Run() != "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(socks5)

namespace {

std::string Text(base::ByteSpan in)
{
    return base::Hex(in);
}

/// Feeds hex one byte at a time; what it would send, "done", or the error.
std::string Say(Socks5& socks, std::string_view hex)
{
    const auto bytes = base::FromHex(hex).value();
    std::string sent;
    for (const uint8_t byte : bytes) {
        base::ByteSpan one(&byte, 1);
        const auto step = socks.Feed(one);
        if (!step) return step.Error();
        sent += Text(step->send);
        if (step->done) sent += "done";
    }
    return sent;
}

} // namespace

BOOST_AUTO_TEST_CASE(without_a_password)
{
    Socks5 socks({"ab.onion", 6661, "", ""});
    BOOST_TEST(Text(socks.Begin()) == "050100");
    BOOST_TEST(Say(socks, "0500") == "050100030861622e6f6e696f6e1a05");
    BOOST_TEST(Say(socks, "05000001000000000000") == "done");
}

BOOST_AUTO_TEST_CASE(with_a_password_and_every_kind_of_address)
{
    for (const auto reply :
         {"0500000107070707aabb", "05000003026162aabb", "0500000400000000000000000000000000000000aabb"}) {
        Socks5 socks({"h", 1, "u", "pw"});
        BOOST_TEST(Text(socks.Begin()) == "05020002");
        BOOST_TEST(Say(socks, "0502") == "0101750270"
                                         "77");
        BOOST_TEST(Say(socks, "0100") == "0501000301680001");
        BOOST_TEST(Say(socks, reply) == "done");
    }
}

BOOST_AUTO_TEST_CASE(what_goes_wrong)
{
    struct Case {
        std::string_view said;
        std::string_view part;
    };

    for (const Case& c :
         {Case{"0400", "another protocol"}, Case{"05ff", "none of the ways"},
          Case{"0502", "wants a password"}, Case{"05000405000000", "another protocol"},
          Case{"0500050100010000", "general failure"}, Case{"05000505000100000000", "connection refused"},
          Case{"05000599000100000000", "unknown"}, Case{"0500050000090000", "odd kind"}}) {
        Socks5 socks({"h", 1, "", ""});
        const auto text = Say(socks, c.said);
        BOOST_TEST(text.find(c.part) != std::string::npos, c.said << ": " << text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
