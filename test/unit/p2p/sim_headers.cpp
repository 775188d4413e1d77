// Header sync with a peer that may change its mind.
#include "p2p/sync/header_sync.h"
#include "p2p/wire/headers.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <algorithm>

namespace emc::test {

using p2p::HeaderSync;
using primitives::BlockHeader;

namespace {

/// A chain on the zero hash; every seventh header is proof of work worth 1, the others claim stakes.
std::vector<BlockHeader> MakeChain(size_t length, uint32_t tag)
{
    std::vector<BlockHeader> out(length);
    base::Hash256 previous;
    for (size_t i = 0; i < length; ++i) {
        out[i].version = 4 | (i % 7 == 6 ? 0 : primitives::VERSION_POS);
        out[i].prev_hash = previous;
        out[i].nonce = tag;
        previous = out[i].Hash();
    }
    return out;
}

} // namespace

void SimulateHeaderSync(base::ByteSpan input)
{
    static const auto HONEST = MakeChain(9'000, 1);
    static const auto OTHER = MakeChain(9'000, 2);
    codec::Reader in(input);
    const uint64_t needed = in.U8() * 6u;
    HeaderSync sync(
        {.start = {},
         .work_needed = base::U256(needed),
         .most_headers = 8'000,
         .salt = in.U8(),
         .is_good = [](const BlockHeader& header) { return header.bits == 0; },
         .work_of = [](const BlockHeader& header) { return base::U256(header.IsProofOfStake() ? 0 : 1); }});
    const size_t length = in.U8() * 35u; // at most 8,925
    size_t given = 0;
    size_t next = 0;
    bool honest = true;
    while (in.Remaining() > 0 &&
           (sync.Now() == HeaderSync::State::First || sync.Now() == HeaderSync::State::Second)) {
        const bool second = sync.Now() == HeaderSync::State::Second;
        if (sync.AskAfter().IsNull()) next = 0; // from the beginning
        const uint8_t move = in.U8();
        const auto& chain = move % 16 == 15 ? OTHER : HONEST;
        honest = honest && &chain == &HONEST;
        const size_t count = std::min<size_t>(p2p::MAX_HEADERS, length - std::min(length, next));
        std::vector<BlockHeader> message(chain.begin() + static_cast<ptrdiff_t>(next),
                                         chain.begin() + static_cast<ptrdiff_t>(next + count));
        const bool full = count == p2p::MAX_HEADERS;
        const auto out =
            sync.Take(message, full ? HeaderSync::Fullness::Full : HeaderSync::Fullness::NotFull);
        next += count;
        EMC_CHECK(out.empty() || second);
        for (const BlockHeader& header : out)
            EMC_CHECK(header.Hash() == HONEST[given++].Hash() || !honest);
        EMC_CHECK(sync.Memory() <=
                  p2p::REDOWNLOAD_BYTES + p2p::REDOWNLOAD_BUFFER * sizeof(BlockHeader) + 100);
    }
    if (sync.Now() == HeaderSync::State::Done)
        EMC_CHECK(!honest || (given == length && length / 7 >= needed));
    if (sync.Now() == HeaderSync::State::TooLittle) EMC_CHECK(given == 0 && (!honest || length / 7 < needed));
    if (sync.Now() == HeaderSync::State::Bad) EMC_CHECK(!honest || length > 8'000);
}

} // namespace emc::test
