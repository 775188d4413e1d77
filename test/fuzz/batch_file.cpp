// Batches with their records: what is read is written back byte for byte, and belongs together.
#include "reward/batch_file.h"

#include "base/check.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    const auto file = reward::ParseBatchFile(bytes);
    if (file) {
        EMC_CHECK(base::AsText(reward::WriteBatchFile(*file)) == base::AsText(bytes));
        auto again = *file;
        EMC_CHECK(reward::SetTotals(again));
        EMC_CHECK(again == *file);
    } else {
        EMC_CHECK(!reward::Text(file.Error()).empty());
    }
    if (const auto decoded = reward::BatchBytes(base::AsText(bytes))) {
        EMC_CHECK(reward::BatchBytes(reward::BatchText(*decoded)) == decoded);
    }
    return 0;
}
