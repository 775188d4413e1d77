// A block that parses writes the same bytes, and its weight and branches fit.
#include "primitives/block.h"

#include "base/check.h"

using namespace emc;
using namespace emc::primitives;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const BlockRef block = ParseBlock(in);
    if (block == nullptr) return 0;
    const Bytes bytes = Serialize(*block);
    EMC_CHECK(bytes == Bytes(in.begin(), in.end()));
    EMC_CHECK(BlockWeight(*block) == 3 * Serialize(*block, WitnessMode::Without).size() + bytes.size());
    const auto merkle = BlockMerkleRoot(*block);
    std::vector<Hash256> leaves;
    for (const TxRef& tx : block->transactions)
        leaves.push_back(tx->Txid());
    for (size_t i = 0; i < leaves.size() && i < 8; ++i) {
        const auto branch = MerkleBranch(leaves, i);
        EMC_CHECK(MerkleRootFromBranch(leaves[i], branch, static_cast<uint32_t>(i)) == merkle.root);
    }
    (void)WitnessMerkleRoot(*block);
    return 0;
}
