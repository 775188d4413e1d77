// A block file full of anything, good blocks among it: opening must come back with a chain that verifies.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "crypto/random.h"
#include "storage/memory_files.h"
#include "unit/chain/builder.h"

namespace {

using namespace emc;

/// Whole frames of six blocks in a row, genesis first.
const std::vector<base::Bytes>& Frames(const consensus::Params& params)
{
    static const std::vector<base::Bytes> frames = [&params] {
        std::vector<base::Bytes> out;
        const test::Builder builder(params);
        auto block = std::make_shared<const primitives::Block>(params.genesis);
        for (int32_t height = 0; height < 6; ++height) {
            if (height > 0) {
                const uint32_t time = block->header.time + 60;
                block = builder.MakeBlock({block->header.Hash(), height, time, 0}, {}, 50 * primitives::COIN);
            }
            const auto bytes = primitives::Serialize(*block);
            base::Bytes frame{
                static_cast<uint8_t>(params.magic_be >> 24), static_cast<uint8_t>(params.magic_be >> 16),
                static_cast<uint8_t>(params.magic_be >> 8), static_cast<uint8_t>(params.magic_be)};
            codec::Writer(frame).U32(static_cast<uint32_t>(bytes.size()));
            frame.insert(frame.end(), bytes.begin(), bytes.end());
            out.push_back(std::move(frame));
        }
        return out;
    }();
    return frames;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const consensus::Params params = test::QuickRegtest();
    // Bytes 0–5 stand for a block's frame, 6 for a frame with the next byte flipped, the rest for themselves.
    base::Bytes content;
    for (size_t i = 0; i < size && content.size() < 100'000; ++i) {
        const auto& frames = Frames(params);
        if (data[i] < frames.size()) {
            content.insert(content.end(), frames[data[i]].begin(), frames[data[i]].end());
        } else if (data[i] == frames.size() && !content.empty()) {
            content[content.size() - 1 - i % content.size()] ^= 0x11;
        } else {
            content.push_back(data[i]);
        }
    }
    storage::MemoryFiles files;
    (void)files.MakeDirectories("/n/blocks");
    auto file = files.Open("/n/blocks/blk00000.dat", storage::OpenMode::Create);
    EMC_CHECK(file && (*file)->Write(0, content));
    chain::ChainOptions options;
    options.blocks_dir = "/n/blocks";
    options.state_dir = "/n/state";
    options.block_chunk_bytes = 0;
    options.script_threads = 0;
    options.signature_cache_bytes = 65'536;
    base::Clock clock;
    clock.SetMockTime(2'000'000'000);
    base::Logger log;
    crypto::TestRandom random(1);
    bool failed = false;
    const auto fatal = [&failed](const chain::FatalError&) { failed = true; };
    auto opened = chain::Chain::Open(options, {params, clock, log, random, fatal, &files});
    EMC_CHECK(!failed);
    if (!opened) { // a file that does not even begin like one of ours is refused, whatever follows
        EMC_CHECK(opened.Error().kind == chain::OpenErrorKind::WrongNetwork);
        EMC_CHECK(!content.empty());
        return 0;
    }
    EMC_CHECK((*opened)->Control().Verify(4, 0).HasValue());
    EMC_CHECK((*opened)->Supply() == (*opened)->GetTip().height * 50 * primitives::COIN);
    const int32_t height = (*opened)->GetTip().height;
    opened->reset();
    auto again = chain::Chain::Open(options, {params, clock, log, random, fatal, &files});
    EMC_CHECK(again && (*again)->GetTip().height == height);
    return 0;
}
