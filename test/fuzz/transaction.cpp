// A transaction that parses writes the same bytes, and its sizes and ids fit them.
#include "primitives/transaction.h"

#include "base/check.h"
#include "crypto/sha256.h"

using namespace emc;
using namespace emc::primitives;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const TxRef tx = ParseTransaction(in);
    if (tx == nullptr) return 0;
    const Bytes bytes = Serialize(*tx);
    EMC_CHECK(bytes == Bytes(in.begin(), in.end()));
    const Bytes stripped = Serialize(*tx, WitnessMode::Without);
    EMC_CHECK(tx->TotalSize() == bytes.size() && tx->BaseSize() == stripped.size());
    EMC_CHECK(tx->Txid() == crypto::Sha256d(stripped) && tx->Wtxid() == crypto::Sha256d(bytes));
    EMC_CHECK(tx->HasWitness() == (bytes != stripped));
    const auto sum = tx->OutputSum();
    EMC_CHECK(!sum || MoneyRange(*sum));
    const TxRef without = ParseTransaction(stripped);
    // Without its inputs' witness a transaction can read as another one only when it has no inputs.
    if (without != nullptr && !tx->Inputs().empty()) EMC_CHECK(without->Txid() == tx->Txid());
    return 0;
}
