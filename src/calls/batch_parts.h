/// The records of a batch on disk, in parts, so that one call is found and proven without reading the others.
#pragma once

#include "reward/batch_file.h"
#include "reward/call_tree.h"
#include "storage/failure.h"

namespace emc::storage {
class KvBatch;
class KvStore;
} // namespace emc::storage

namespace emc::calls {

/// Records of a row: a subtree of the batch's tree, the last one perhaps smaller.
inline constexpr size_t PART_CALLS = 256;

/// A call of a batch and where it stands in the batch's tree.
struct StoredCall {
    reward::CallRecord record;
    reward::CallProof proof;
};

/// Adds the rows of a batch to changes. The records must be in order (reward::SetTotals).
void PutBatchFile(storage::KvBatch& changes, const base::Hash256& id, const reward::BatchFile& file);
/// What was put. NotFound; Corrupt when the records do not give the batch's root.
[[nodiscard]] storage::StorageResult<reward::BatchFile> ReadBatchFile(const storage::KvStore& store,
                                                                      const base::Hash256& id);
/// The calls of a batch with this Call-ID; reads some parts of it only. NotFound; Corrupt when one is no part
/// of the tree.
[[nodiscard]] storage::StorageResult<std::vector<StoredCall>>
FindBatchCalls(const storage::KvStore& store, const base::Hash256& id, std::string_view call_id);

} // namespace emc::calls
