// Proofs that transactions are part of a block: parts of its hash tree.
#include "base/check.h"
#include "primitives/partial_merkle.h"

using namespace emc;
using namespace emc::primitives;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto proof = ParseMerkleProof({data, size});
    if (!proof) return 0;
    EMC_CHECK(Serialize(*proof) == base::Bytes(data, data + size));
    const auto matches = ReadPartialMerkle(proof->tree);
    if (!matches) return 0;
    EMC_CHECK(matches->leaves.size() == matches->positions.size());
    for (size_t i = 0; i < matches->positions.size(); ++i) {
        EMC_CHECK(matches->positions[i] < proof->tree.leaves);
        EMC_CHECK(i == 0 || matches->positions[i] > matches->positions[i - 1]);
    }
    return 0;
}
