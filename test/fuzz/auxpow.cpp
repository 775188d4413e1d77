// A merged-mining proof that parses writes the same bytes and keeps its limits.
#include "base/check.h"
#include "primitives/block.h"

#include <algorithm>

using namespace emc;
using namespace emc::primitives;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    codec::Reader reader(in);
    const AuxPow proof = ReadAuxPow(reader);
    if (!reader.Ok()) return 0;
    Bytes written;
    codec::Writer writer(written);
    Write(writer, proof);
    const auto read = in.first(reader.Position());
    EMC_CHECK(std::equal(written.begin(), written.end(), read.begin(), read.end()));
    EMC_CHECK(written.size() <= MAX_AUXPOW_BYTES);
    EMC_CHECK(proof.coinbase_branch.size() <= 30 && proof.chain_branch.size() <= 30);
    EMC_CHECK(!proof.coinbase->Inputs().empty() && !proof.coinbase->HasWitness());
    (void)MerkleRootFromBranch(proof.coinbase->Txid(), proof.coinbase_branch, proof.coinbase_index);
    return 0;
}
