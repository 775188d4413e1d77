// A stream of DNS messages cut anywhere: the first byte says how long the pieces are. The same messages must
// come out as when the whole is given at once, and no more is kept than one question and a piece.
#include "base/check.h"
#include "dns/transport/inbox.h"

#include <algorithm>

using namespace emc::dns;

namespace {

struct Seen {
    std::vector<Bytes> packets;
    bool garbage = false;
};

Seen Run(ByteSpan stream, size_t step)
{
    Seen out;
    Inbox inbox;
    while (!stream.empty() && !out.garbage) {
        const ByteSpan piece = stream.first(std::min(step, stream.size()));
        stream = stream.subspan(piece.size());
        inbox.Put(piece);
        for (auto item = inbox.Next(); item.kind != Inbox::Kind::None; item = inbox.Next()) {
            out.garbage = item.kind == Inbox::Kind::Garbage;
            if (out.garbage) break;
            EMC_CHECK(item.packet.size() >= HEADER_BYTES && item.packet.size() <= MAX_QUESTION_BYTES);
            out.packets.emplace_back(item.packet.begin(), item.packet.end());
        }
        EMC_CHECK(inbox.Size() < MAX_QUESTION_BYTES + 2 + step);
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    const ByteSpan stream{data + 1, size - 1};
    const Seen whole = Run(stream, stream.size());
    const Seen cut = Run(stream, size_t{data[0]} + 1);
    EMC_CHECK(whole.packets == cut.packets && whole.garbage == cut.garbage);
    return 0;
}
