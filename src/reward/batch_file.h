/// A batch on its way between the two sides: its 207 bytes and the records behind them, in one container
/// (doc/call-reward.md).
#pragma once

#include "reward/batch.h"
#include "reward/call_record.h"

namespace emc::reward {

inline constexpr size_t MAX_BATCH_CALLS = 100'000;
inline constexpr size_t MAX_BATCH_FILE_BYTES = size_t{48} << 20;

/// Why a side does not agree with a call of the other one.
enum class CallDispute : uint8_t {
    Unknown = 1, ///< it has no such call
    Answer = 2,  ///< answered at another time
    End = 3,     ///< ended at another time
    Minutes = 4, ///< counts another number of minutes
    Twice = 5,   ///< stands twice in the batch
    Counted = 6, ///< is part of a batch that was signed before
};
[[nodiscard]] std::string_view Text(CallDispute dispute);

/// A call one side left out of a batch, told to the other one.
struct DisputedCall {
    std::string call_id;
    uint64_t answer = 0; ///< ms since 1970
    CallDispute dispute = CallDispute::Unknown;

    bool operator==(const DisputedCall&) const = default;
};

struct BatchFile {
    Hash256 genesis;                 ///< of the network it is for
    CallBatch batch;                 ///< signatures that are not there yet are zeros; the claim is 0
    std::vector<CallRecord> records; ///< those of the tree, in the order of its leaves
    std::vector<DisputedCall> left_out;

    bool operator==(const BatchFile&) const = default;
};

enum class BatchFileError : uint8_t {
    Size,     ///< too large
    Magic,    ///< something else
    Version,  ///< of a newer program
    Encoding, ///< cut off, bytes left over, a count that cannot be
    Batch,    ///< the 207 bytes are no batch, or it claims something
    Record,   ///< a record is none, or of other numbers or another period
    Tree,     ///< records out of order, one twice, or totals and root are not theirs
    LeftOut,  ///< a call left out is described wrongly
};
[[nodiscard]] std::string_view Text(BatchFileError error);

/// Puts the records in order and sets calls, minutes and root. False when there is no record, too many, or
/// one stands twice. The records must be valid (checked).
[[nodiscard]] bool SetTotals(BatchFile& file);
/// Calls left out as they stand in the container: their number first.
void WriteLeftOut(codec::Writer& out, const std::vector<DisputedCall>& calls);
[[nodiscard]] base::Expected<std::vector<DisputedCall>, BatchFileError> ReadLeftOut(codec::Reader& in);
/// The only form of a batch with its records. They must be in order (SetTotals).
[[nodiscard]] Bytes WriteBatchFile(const BatchFile& file);
/// Reads exactly one whose records belong to the batch: its numbers, its period, its root. Signatures are not
/// judged.
[[nodiscard]] base::Expected<BatchFile, BatchFileError> ParseBatchFile(ByteSpan in);
/// The container as text (base64) for pasting; blanks and line ends in it are passed over when read.
[[nodiscard]] std::string BatchText(ByteSpan file);
[[nodiscard]] std::optional<Bytes> BatchBytes(std::string_view text);

} // namespace emc::reward
