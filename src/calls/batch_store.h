/// Batches on disk, in the store of the calls: what became of each, its records, and the periods this side
/// has signed.
#pragma once

#include "base/function.h"
#include "base/memory.h"
#include "reward/batch_file.h"
#include "storage/failure.h"

namespace emc::storage {
class KvStore;
struct BestRow;
} // namespace emc::storage

namespace emc::calls {

using base::Hash256;

struct StoredCall; // calls/batch_parts.h

/// A batch without its records.
struct BatchRow {
    reward::CallBatch batch; ///< with what was claimed last, if anything
    bool made_here = false;
    bool handed_over = false;     ///< to the other side, by a message
    bool signed_here = false;     ///< by a wallet of this side
    std::optional<Hash256> txid;  ///< reward transaction, sent or seen in a block
    std::optional<Hash256> block; ///< it was seen in, perhaps of a branch that is gone
    int32_t height = -1;          ///< of that block
    int64_t created = 0;          ///< unix seconds
    int64_t changed = 0;
    int64_t asked = 0;         ///< since when letters are to hand it over, unix seconds; 0: never
    bool asked_caller = false; ///< the letters are for the caller's owner
    bool told = false;         ///< the log has said that no answer comes
    std::string refusal;       ///< empty: none
    std::vector<reward::DisputedCall> left_out; ///< as in the container

    bool operator==(const BatchRow&) const = default;
};

[[nodiscard]] base::Bytes Encode(const BatchRow& row);
/// nullopt unless the bytes are exactly one row.
[[nodiscard]] std::optional<BatchRow> DecodeBatchRow(base::ByteSpan in);

/// A period this side has signed, or is about to.
struct SignedPeriod {
    Hash256 id;
    uint32_t start = 0; ///< unix seconds
    uint32_t end = 0;   ///< not included
};

/// Batches of others that may still be signed here.
struct WaitingBatches {
    size_t of_pair = 0;
    size_t all = 0;
};

/// Each change is on disk when the call returns. Any thread.
class BatchStore
{
public:
    /// The store must outlive it.
    explicit BatchStore(storage::KvStore& store);
    ~BatchStore();
    BatchStore(const BatchStore&) = delete;
    BatchStore& operator=(const BatchStore&) = delete;

    template <typename T>
    using Result = storage::StorageResult<T>;

    /// Adds a batch with its records; false when it is there already, which stays as it is.
    [[nodiscard]] Result<bool> Add(const Hash256& id, const BatchRow& row, const reward::BatchFile& file);
    [[nodiscard]] Result<std::optional<BatchRow>> Find(const Hash256& id) const;
    /// The records, with the batch as it was added: signatures stand in the row. NotFound.
    [[nodiscard]] Result<reward::BatchFile> File(const Hash256& id) const;
    /// The calls of a batch with this Call-ID, each with the proof that it is one; none for another batch.
    /// Reads a small part of the batch.
    [[nodiscard]] Result<std::vector<StoredCall>> Calls(const Hash256& id, std::string_view call_id) const;
    /// Changes a row that is there; what it became.
    [[nodiscard]] Result<BatchRow> Change(const Hash256& id, const std::function<void(BatchRow&)>& change);
    /// All of them, by id.
    [[nodiscard]] Result<std::vector<std::pair<Hash256, BatchRow>>> All() const;

    /// Batches others made that this side has neither signed nor refused, with periods that begin at `oldest`
    /// (unix seconds) or later.
    [[nodiscard]] Result<WaitingBatches> Waiting(const reward::CallPair& pair, int64_t oldest) const;

    /// Keeps a period for a batch before its signature is made; the one that stands in the way otherwise.
    /// Keeping it for the same batch again does nothing.
    [[nodiscard]] Result<std::optional<SignedPeriod>> Reserve(const Hash256& id,
                                                              const reward::CallBatch& batch);
    /// Gives a period back whose signature was not made.
    [[nodiscard]] Result<void> Release(const Hash256& id, const reward::CallBatch& batch);
    /// Signed periods of a pair that end after `from`, by rising end.
    [[nodiscard]] Result<std::vector<SignedPeriod>> Periods(const reward::CallPair& pair,
                                                            uint32_t from) const;

    /// Up to where blocks were searched for rewards.
    [[nodiscard]] Result<std::optional<storage::BestRow>> Followed() const;
    [[nodiscard]] Result<void> SetFollowed(const storage::BestRow& block);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::calls
