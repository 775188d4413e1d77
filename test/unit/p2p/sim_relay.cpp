// Trickle queue and compact blocks.
#include "crypto/random.h"
#include "p2p/relay/trickle.h"
#include "p2p/sync/partial_block.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <algorithm>
#include <set>

namespace emc::test {

void SimulateTrickle(base::ByteSpan input)
{
    codec::Reader in(input);
    crypto::TestRandom random(in.U8());
    int64_t now = 1'000;
    p2p::TrickleQueue queue(p2p::OUTBOUND_TRICKLE_MS, now, random);
    std::set<base::Hash256> waiting;
    std::set<base::Hash256> known;
    const auto before = [](const base::Hash256& a, const base::Hash256& b) { return b < a; };
    while (in.Remaining() > 0) {
        const uint8_t operation = in.U8();
        const uint8_t value = in.U8();
        const base::Hash256 id = FilledHash(value);
        if (operation % 4 == 0) {
            queue.PeerKnows(id);
            known.insert(id);
        } else if (operation % 4 == 1) {
            now += value * 100;
            const int64_t due = queue.NextMs();
            const auto wanted = [&](const base::Hash256& one) { return one.bytes[0] % 7 != operation % 7; };
            const auto group = queue.Take(now, before, wanted);
            if (now < due) {
                EMC_CHECK(group.empty());
                continue;
            }
            std::erase_if(waiting,
                          [&](const base::Hash256& one) { return known.contains(one) || !wanted(one); });
            EMC_CHECK(std::is_sorted(group.begin(), group.end(), before));
            EMC_CHECK(group.size() == std::min(p2p::TRICKLE_GROUP, waiting.size()));
            for (const auto& one : group)
                EMC_CHECK(waiting.erase(one) == 1 && known.insert(one).second);
            // nothing that stayed goes before what went
            EMC_CHECK(waiting.empty() || group.empty() || !before(*waiting.rbegin(), group.back()));
        } else {
            EMC_CHECK(queue.Push(id) == (!known.contains(id) && waiting.insert(id).second));
        }
        EMC_CHECK(queue.Waiting() == waiting.size());
    }
}

void SimulatePartialBlock(base::ByteSpan input)
{
    codec::Reader in(input);
    primitives::Block block;
    const size_t count = 1 + in.U8() % 40u;
    for (uint32_t i = 0; i < count; ++i)
        block.transactions.push_back(SampleTx(i));
    block.header = SampleBlock(1).header;
    const bool stake = in.U8() % 2 == 1;
    if (stake) block.header.version |= primitives::VERSION_POS;
    block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
    const auto compact = p2p::MakeCompactBlock(block, in.U8());
    p2p::PartialBlock partial;
    const auto started = partial.Start(compact);
    if (stake && count < 2) {
        EMC_CHECK(started == p2p::PartialBlock::Result::Invalid);
        return;
    }
    EMC_CHECK(started == p2p::PartialBlock::Result::Ok);
    std::set<size_t> open;
    for (size_t i = stake ? 2 : 1; i < count; ++i)
        open.insert(i);
    while (in.Remaining() > 1) { // some of the block's transactions and some strangers
        const uint8_t which = in.U8();
        partial.Offer(SampleTx(which));
        open.erase(which);
    }
    const auto missing = partial.Missing();
    EMC_CHECK(std::set<size_t>(missing.begin(), missing.end()) == open);
    std::vector<primitives::TxRef> sent;
    for (const uint16_t position : missing)
        sent.push_back(block.transactions[position]);
    const auto finished = partial.Finish(sent);
    EMC_CHECK(finished.result == p2p::PartialBlock::Result::Ok);
    EMC_CHECK(primitives::Serialize(*finished.block) == primitives::Serialize(block));
    if (sent.empty()) return;
    sent.pop_back();
    EMC_CHECK(partial.Finish(sent).result == p2p::PartialBlock::Result::Invalid);
    sent.push_back(SampleTx(1'000));
    EMC_CHECK(partial.Finish(sent).result == p2p::PartialBlock::Result::Failed);
}

} // namespace emc::test
