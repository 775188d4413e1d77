// Call records: what is read is written back byte for byte. The same bytes as a proof: never a crash.
#include "base/check.h"
#include "codec/reader.h"
#include "reward/call_tree.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    const auto record = reward::DecodeCallRecord(bytes);
    if (record) {
        EMC_CHECK(reward::CheckCallRecord(*record).HasValue());
        EMC_CHECK(base::AsText(reward::EncodeCallRecord(*record)) == base::AsText(bytes));
        const auto tree = reward::MakeCallTree({*record});
        EMC_CHECK(tree && tree->root == reward::CallLeaf(bytes) && tree->minutes >= 1);
    } else {
        EMC_CHECK(!reward::Text(record.Error()).empty());
    }

    codec::Reader in(bytes);
    reward::CallProof proof{in.U64(), in.U64(), {}};
    const base::Hash256 leaf = in.Hash();
    while (in.Remaining() >= leaf.size())
        proof.path.push_back(in.Hash());
    // No two different things lead to the same root.
    if (reward::VerifyCallProof(leaf, proof, leaf)) EMC_CHECK(proof.path.empty());
    return 0;
}
