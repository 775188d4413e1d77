// A stream cut in pieces gives the same messages as in one piece. First byte: the piece size.
#include "p2p/transport/v1.h"

#include <algorithm>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr uint32_t MAGIC = 0xfabfb5da;

struct Outcome {
    std::vector<RawMessage> messages;
    bool failed = false;
};

Outcome Feed(base::ByteSpan stream, size_t step)
{
    Outcome out;
    V1Receiver receiver(MAGIC);
    size_t fed = 0;
    while (!stream.empty()) {
        base::ByteSpan piece = stream.first(std::min(step, stream.size()));
        stream = stream.subspan(piece.size());
        fed += piece.size();
        while (!piece.empty()) {
            auto got = receiver.Feed(piece);
            if (!got) {
                out.failed = true;
                return out;
            }
            if (got->has_value()) out.messages.push_back(std::move(**got));
        }
        EMC_CHECK(receiver.BufferedBytes() <= fed);
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0) return 0;
    const base::ByteSpan stream = base::ByteSpan(data, size).subspan(1);
    const Outcome whole = Feed(stream, stream.size() + 1);
    const Outcome pieces = Feed(stream, 1 + data[0] % 64u);
    EMC_CHECK(whole.failed == pieces.failed && whole.messages.size() == pieces.messages.size());
    for (size_t i = 0; i < whole.messages.size(); ++i) {
        const RawMessage& message = whole.messages[i];
        EMC_CHECK(message.payload == pieces.messages[i].payload && message.flaw == pieces.messages[i].flaw);
        if (message.flaw != RawMessage::Flaw::None) continue;
        base::Bytes framed = V1Frame(MAGIC, message.command, message.payload);
        EMC_CHECK(framed.size() == message.wire_bytes);
        EMC_CHECK(std::search(stream.begin(), stream.end(), framed.begin(), framed.end()) != stream.end());
    }
    return 0;
}
