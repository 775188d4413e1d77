// Two sides of the encrypted transport: what one seals the other opens, in pieces; any flipped bit is
// noticed; and a responder stays in order whatever comes. First byte: the mode.
#include "crypto/random.h"
#include "p2p/transport/v2.h"

#include <algorithm>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr uint32_t MAGIC = 0xfabfb5da;

/// Feeds all bytes; the messages, or nothing after an error.
std::optional<std::vector<RawMessage>> Deliver(V2Transport& to, base::ByteSpan bytes, size_t step)
{
    std::vector<RawMessage> out;
    while (!bytes.empty()) {
        base::ByteSpan piece = bytes.first(std::min(step, bytes.size()));
        bytes = bytes.subspan(piece.size());
        while (!piece.empty() && !to.IsV1()) {
            auto got = to.Feed(piece);
            if (!got) return std::nullopt;
            if (got->has_value()) out.push_back(std::move(**got));
        }
        EMC_CHECK(to.BufferedBytes() <= MAX_V2_CONTENTS + V2_OVERHEAD_BYTES);
    }
    return out;
}

V2Transport Make(crypto::EllSwiftSide side, crypto::TestRandom& random, size_t garbage)
{
    return V2Transport({.side = side, .magic_be = MAGIC, .garbage_bytes = garbage}, random);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 4) return 0;
    crypto::TestRandom random(data[1]);
    const size_t step = 1 + data[2];
    const base::ByteSpan rest = base::ByteSpan(data, size).subspan(4);
    V2Transport responder = Make(crypto::EllSwiftSide::Responder, random, data[3]);
    if (data[0] % 4 == 0) {
        static_cast<void>(Deliver(responder, rest, step));
        static_cast<void>(responder.TakeHandshake());
        return 0;
    }
    V2Transport initiator = Make(crypto::EllSwiftSide::Initiator, random, data[3] * 16u);
    for (int round = 0; round < 2; ++round) {
        EMC_CHECK(Deliver(responder, initiator.TakeHandshake(), step).has_value());
        EMC_CHECK(Deliver(initiator, responder.TakeHandshake(), step).has_value());
    }
    EMC_CHECK(initiator.CanSend() && responder.CanSend() && initiator.SessionId() == responder.SessionId());
    base::Bytes packet = initiator.Seal("headers", rest);
    if (data[0] % 4 == 1) {
        packet[data[1] % packet.size()] ^= static_cast<uint8_t>(1 + data[2] % 255);
        const auto got = Deliver(responder, packet, step);
        EMC_CHECK(!got || got->empty()); // a changed length may also wait for more
        return 0;
    }
    const auto got = Deliver(responder, packet, step);
    EMC_CHECK(got && got->size() == 1 && got->front().command == "headers");
    EMC_CHECK(std::equal(rest.begin(), rest.end(), got->front().payload.begin(), got->front().payload.end()));
    return 0;
}
