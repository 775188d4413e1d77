// The unencrypted framing, fed in every way a socket may deliver it.
#include "p2p/transport/v1.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

using base::Bytes;
using base::ByteSpan;

constexpr uint32_t MAGIC = 0xe45c0d11;

/// Feeds `stream` in pieces of `step` bytes and returns the messages.
std::vector<RawMessage> FeedAll(V1Receiver& receiver, ByteSpan stream, size_t step)
{
    std::vector<RawMessage> out;
    while (!stream.empty()) {
        ByteSpan piece = stream.first(std::min(step, stream.size()));
        stream = stream.subspan(piece.size());
        while (!piece.empty()) {
            auto got = receiver.Feed(piece);
            BOOST_REQUIRE(got);
            if (got->has_value()) out.push_back(std::move(**got));
        }
    }
    return out;
}

FrameError ErrorOf(const Bytes& stream)
{
    V1Receiver receiver(MAGIC);
    ByteSpan in(stream);
    const auto got = receiver.Feed(in);
    BOOST_REQUIRE(!got);
    // the error sticks
    const Bytes good = V1Frame(MAGIC, "ping", Bytes(8, 1));
    ByteSpan more(good);
    const auto again = receiver.Feed(more);
    BOOST_REQUIRE(!again);
    BOOST_TEST((again.Error() == got.Error()));
    return got.Error();
}

BOOST_AUTO_TEST_SUITE(v1_transport)

BOOST_AUTO_TEST_CASE(layout)
{
    const Bytes frame = V1Frame(0xf9beb4d9, "verack", {});
    BOOST_TEST(base::Hex(frame) == "f9beb4d976657261636b000000000000000000005df6e0e2");
}

BOOST_AUTO_TEST_CASE(any_piece_size)
{
    Bytes stream;
    for (const size_t size : {0u, 1u, 300u, 70'000u}) {
        const Bytes frame = V1Frame(MAGIC, "block", Bytes(size, static_cast<uint8_t>(size)));
        stream.insert(stream.end(), frame.begin(), frame.end());
    }
    for (const size_t step : {1u, 7u, 24u, 4'096u, 1'000'000u}) {
        V1Receiver receiver(MAGIC);
        const auto messages = FeedAll(receiver, stream, step);
        BOOST_REQUIRE(messages.size() == 4u);
        BOOST_TEST(messages[0].payload.empty());
        BOOST_TEST(messages[3].payload.size() == 70'000u);
        BOOST_TEST(messages[3].wire_bytes == 70'024u);
        for (const RawMessage& message : messages) {
            BOOST_TEST(message.command == "block");
            BOOST_TEST((message.flaw == RawMessage::Flaw::None));
        }
        BOOST_TEST(receiver.BufferedBytes() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(memory_follows_what_came_not_what_was_announced)
{
    const Bytes frame = V1Frame(MAGIC, "block", Bytes(MAX_PAYLOAD_BYTES, 5));
    V1Receiver receiver(MAGIC);
    ByteSpan in = ByteSpan(frame).first(V1_HEADER_BYTES + 10);
    BOOST_REQUIRE(receiver.Feed(in));
    BOOST_TEST(receiver.BufferedBytes() == V1_HEADER_BYTES + 10);
    in = ByteSpan(frame).subspan(V1_HEADER_BYTES + 10);
    const auto got = receiver.Feed(in);
    BOOST_REQUIRE(got);
    BOOST_REQUIRE(got->has_value());
    BOOST_TEST((*got)->payload.size() == MAX_PAYLOAD_BYTES);
}

BOOST_AUTO_TEST_CASE(wrong_magic_shows_with_the_first_wrong_byte)
{
    for (size_t wrong = 0; wrong < 4; ++wrong) {
        Bytes frame = V1Frame(MAGIC, "ping", {});
        frame[wrong] ^= 1;
        frame.resize(wrong + 1);
        BOOST_TEST((ErrorOf(frame) == FrameError::WrongMagic));
    }
    BOOST_TEST((ErrorOf(base::ToBytes("GET / HTTP/1.1\r\n\r\n")) == FrameError::WrongMagic));
}

BOOST_AUTO_TEST_CASE(announced_length_is_bounded)
{
    Bytes frame = V1Frame(MAGIC, "block", {});
    const auto announce = [&frame](uint32_t length) {
        for (size_t i = 0; i < 4; ++i)
            frame[16 + i] = static_cast<uint8_t>(length >> (8 * i));
        return frame;
    };
    BOOST_TEST((ErrorOf(announce(MAX_PAYLOAD_BYTES + 1)) == FrameError::TooLong));
    BOOST_TEST((ErrorOf(announce(UINT32_MAX)) == FrameError::TooLong));
    V1Receiver receiver(MAGIC);
    const Bytes at_limit = announce(MAX_PAYLOAD_BYTES);
    ByteSpan in(at_limit);
    BOOST_TEST(receiver.Feed(in).HasValue());
}

BOOST_AUTO_TEST_CASE(a_bad_checksum_or_name_costs_one_message)
{
    Bytes stream = V1Frame(MAGIC, "ping", Bytes(8, 1));
    stream.back() ^= 1;
    Bytes named = V1Frame(MAGIC, "ping", Bytes(8, 1));
    named[4 + 11] = 'x'; // behind the padding
    Bytes unprintable = V1Frame(MAGIC, "p\x01ng", Bytes(8, 1));
    const Bytes good = V1Frame(MAGIC, "pong", Bytes(8, 1));
    for (const Bytes& more : {named, unprintable, good})
        stream.insert(stream.end(), more.begin(), more.end());
    V1Receiver receiver(MAGIC);
    const auto messages = FeedAll(receiver, stream, 5);
    BOOST_REQUIRE(messages.size() == 4u);
    BOOST_TEST((messages[0].flaw == RawMessage::Flaw::BadChecksum));
    BOOST_TEST((messages[1].flaw == RawMessage::Flaw::BadCommand));
    BOOST_TEST((messages[2].flaw == RawMessage::Flaw::BadCommand));
    BOOST_TEST((messages[3].flaw == RawMessage::Flaw::None));
    BOOST_TEST(messages[3].command == "pong");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
