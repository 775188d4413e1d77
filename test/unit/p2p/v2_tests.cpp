// Two sides of the encrypted transport talk to each other, in pieces, with garbage, decoys and interference.
#include "crypto/random.h"
#include "p2p/transport/v2.h"
#include "unit/p2p/counted_random.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::p2p {
namespace {

using base::Bytes;
using base::ByteSpan;
using crypto::EllSwiftSide;

constexpr uint32_t MAGIC = 0xe45c0d11;

/// Feeds bytes in pieces of `step`; the messages that came out.
std::vector<RawMessage> Deliver(V2Transport& to, ByteSpan bytes, size_t step = 1'000'000)
{
    std::vector<RawMessage> out;
    while (!bytes.empty()) {
        ByteSpan piece = bytes.first(std::min(step, bytes.size()));
        bytes = bytes.subspan(piece.size());
        while (!piece.empty() && !to.IsV1()) {
            auto got = to.Feed(piece);
            BOOST_REQUIRE(got);
            if (got->has_value()) out.push_back(std::move(**got));
        }
    }
    return out;
}

struct Pair {
    crypto::TestRandom random{1};
    V2Transport initiator;
    V2Transport responder;

    explicit Pair(size_t garbage = 0)
        : initiator({.side = EllSwiftSide::Initiator, .magic_be = MAGIC, .garbage_bytes = garbage}, random),
          responder({.side = EllSwiftSide::Responder, .magic_be = MAGIC, .garbage_bytes = garbage / 2},
                    random)
    {}

    void Handshake(size_t step = 1'000'000)
    {
        for (int round = 0; round < 2; ++round) {
            BOOST_TEST(Deliver(responder, initiator.TakeHandshake(), step).empty());
            BOOST_TEST(Deliver(initiator, responder.TakeHandshake(), step).empty());
        }
        BOOST_REQUIRE(initiator.CanSend());
        BOOST_REQUIRE(responder.CanSend());
    }
};

V2Error ErrorOf(V2Transport& transport, const Bytes& bytes)
{
    ByteSpan in(bytes);
    auto got = transport.Feed(in);
    BOOST_REQUIRE(!got);
    in = bytes;
    const auto again = transport.Feed(in);
    BOOST_REQUIRE(!again);
    BOOST_TEST((again.Error() == got.Error()));
    BOOST_TEST(transport.BufferedBytes() == 0u);
    return got.Error();
}

BOOST_AUTO_TEST_SUITE(v2_transport)

BOOST_AUTO_TEST_CASE(handshake_and_messages_in_any_pieces)
{
    for (const size_t garbage : {size_t{0}, size_t{1}, size_t{700}, MAX_GARBAGE_BYTES}) {
        for (const size_t step : {1u, 5u, 64u, 100'000u}) {
            Pair pair(garbage);
            BOOST_TEST(!pair.initiator.SessionId());
            pair.Handshake(step);
            BOOST_TEST((pair.initiator.SessionId() == pair.responder.SessionId()));
            for (const std::string_view command : {"version", "ping", "addrv2", "wtxidrelay"}) {
                const Bytes payload(300, 7);
                const auto there = Deliver(pair.responder, pair.initiator.Seal(command, payload), step);
                const auto back = Deliver(pair.initiator, pair.responder.Seal(command, payload), step);
                for (const auto& got : {there, back}) {
                    BOOST_REQUIRE(got.size() == 1u);
                    BOOST_TEST(got[0].command == command);
                    BOOST_TEST((got[0].payload == payload));
                    BOOST_TEST((got[0].flaw == RawMessage::Flaw::None));
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(names_take_one_byte_where_there_is_a_number)
{
    Pair pair;
    pair.Handshake();
    BOOST_TEST(pair.initiator.Seal("ping", {}).size() == V2_OVERHEAD_BYTES + 1);
    BOOST_TEST(pair.initiator.Seal("version", {}).size() == V2_OVERHEAD_BYTES + 1 + MAX_COMMAND_BYTES);
}

BOOST_AUTO_TEST_CASE(decoys_vanish_and_keys_change)
{
    Pair pair;
    pair.Handshake();
    for (uint32_t i = 0; i < 3 * crypto::REKEY_INTERVAL; ++i) {
        Bytes stream = pair.initiator.SealDecoy(i % 100);
        const Bytes packet = pair.initiator.Seal("pong", Bytes(8, static_cast<uint8_t>(i)));
        stream.insert(stream.end(), packet.begin(), packet.end());
        const auto got = Deliver(pair.responder, stream);
        BOOST_REQUIRE(got.size() == 1u);
        BOOST_TEST(got[0].payload[0] == static_cast<uint8_t>(i));
        BOOST_TEST(got[0].wire_bytes == packet.size());
    }
}

BOOST_AUTO_TEST_CASE(the_longest_message)
{
    Pair pair;
    pair.Handshake();
    const Bytes payload(MAX_PAYLOAD_BYTES, 3);
    const auto got = Deliver(pair.responder, pair.initiator.Seal("sendaddrv2", payload));
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST(got[0].payload.size() == MAX_PAYLOAD_BYTES);
}

BOOST_AUTO_TEST_CASE(old_peers_are_recognised)
{
    test::CountedRandom random;
    const Bytes frame = V1Frame(MAGIC, "version", Bytes(100, 1));
    for (const size_t step : {1u, 3u, 16u, 200u}) {
        V2Transport responder({.side = EllSwiftSide::Responder, .magic_be = MAGIC}, random);
        BOOST_TEST(Deliver(responder, frame, step).empty());
        BOOST_TEST(responder.IsV1());
        BOOST_TEST(responder.TakeHandshake().empty()); // nothing told an old peer of the new transport
        BOOST_TEST(std::equal(responder.V1Bytes().begin(), responder.V1Bytes().end(), frame.begin()));
        BOOST_TEST(responder.V1Bytes().size() == 16u);
    }
    BOOST_TEST(random.draws == 0u); // no key is made for them
    // Another network, or another first message, is no old peer of ours.
    for (const Bytes& other : {V1Frame(MAGIC + 1, "version", {}), V1Frame(MAGIC, "verack", {})}) {
        V2Transport responder({.side = EllSwiftSide::Responder, .magic_be = MAGIC}, random);
        BOOST_TEST(Deliver(responder, other, 1).empty());
        BOOST_TEST(!responder.IsV1());
        BOOST_TEST(responder.TakeHandshake().size() == V2_KEY_BYTES);
    }
}

BOOST_AUTO_TEST_CASE(an_initiator_knows_whether_anything_came)
{
    Pair pair;
    BOOST_TEST(!pair.initiator.HasReceived());
    BOOST_TEST(Deliver(pair.responder, pair.initiator.TakeHandshake()).empty());
    BOOST_TEST(Deliver(pair.initiator, ByteSpan(pair.responder.TakeHandshake()).first(1)).empty());
    BOOST_TEST(pair.initiator.HasReceived());
}

BOOST_AUTO_TEST_CASE(garbage_without_end)
{
    Pair pair;
    BOOST_TEST(Deliver(pair.responder, pair.initiator.TakeHandshake()).empty());
    const Bytes key(pair.responder.TakeHandshake());
    BOOST_TEST(Deliver(pair.initiator, ByteSpan(key).first(V2_KEY_BYTES)).empty());
    Bytes noise(MAX_GARBAGE_BYTES + V2_TERMINATOR_BYTES - 1, 0x55);
    BOOST_TEST(Deliver(pair.initiator, noise).empty());
    BOOST_TEST((ErrorOf(pair.initiator, {0x55}) == V2Error::NoTerminator));
}

BOOST_AUTO_TEST_CASE(every_change_on_the_way_is_noticed)
{
    for (size_t at = V2_LENGTH_BYTES; at < V2_OVERHEAD_BYTES + 9; ++at) {
        Pair pair;
        pair.Handshake();
        Bytes packet = pair.initiator.Seal("ping", Bytes(8, 1));
        packet[at] ^= 0x40;
        BOOST_TEST((ErrorOf(pair.responder, packet) == V2Error::NotAuthentic));
    }
    // Changed garbage is noticed with the first packet.
    Pair pair(100);
    BOOST_TEST(Deliver(pair.responder, pair.initiator.TakeHandshake()).empty());
    Bytes hello = pair.responder.TakeHandshake();
    hello[V2_KEY_BYTES + 10] ^= 1;
    BOOST_TEST((ErrorOf(pair.initiator, hello) == V2Error::NotAuthentic));
}

BOOST_AUTO_TEST_CASE(a_length_beyond_the_limit)
{
    Pair pair;
    pair.Handshake();
    Bytes packet = pair.initiator.Seal("ping", {});
    packet[2] ^= 0x80; // highest byte of the length; the cipher is a stream
    BOOST_TEST((ErrorOf(pair.responder, packet) == V2Error::PacketTooLong));
}

BOOST_AUTO_TEST_CASE(networks_do_not_mix)
{
    crypto::TestRandom random(5);
    V2Transport initiator({.side = EllSwiftSide::Initiator, .magic_be = MAGIC}, random);
    V2Transport responder({.side = EllSwiftSide::Responder, .magic_be = MAGIC + 1}, random);
    BOOST_TEST(Deliver(responder, initiator.TakeHandshake()).empty());
    BOOST_TEST(Deliver(initiator, responder.TakeHandshake()).empty());
    BOOST_TEST((initiator.SessionId() != responder.SessionId()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
