#include "reward/batch_file.h"

#include "codec/base58.h"
#include "reward/call_tree.h"

#include <algorithm>

namespace emc::reward {

using base::Unexpected;

namespace {

constexpr std::array<uint8_t, 4> MAGIC{'e', 'c', 'b', 0xff};
constexpr uint8_t FILE_VERSION = 1;
constexpr size_t LEAST_RECORD_BYTES = 40;
constexpr size_t LEAST_LEFT_OUT_BYTES = 1 + 8 + 1;
constexpr uint64_t MS = 1'000;

bool Belongs(const CallRecord& record, const CallBatch& batch)
{
    return record.caller == batch.pair.caller.number && record.callee == batch.pair.callee.number &&
           record.end >= batch.period_start * MS && record.end < batch.period_end * MS;
}

/// Reads the records; they must ascend by leaf and give the batch's totals.
base::Expected<void, BatchFileError> ReadRecords(codec::Reader& in, BatchFile& file)
{
    const size_t count = in.Count(LEAST_RECORD_BYTES);
    if (!in.Ok() || count > MAX_BATCH_CALLS) return Unexpected(BatchFileError::Encoding);
    if (count == 0) return Unexpected(BatchFileError::Tree);
    std::vector<Hash256> leaves;
    uint64_t minutes = 0;
    for (size_t i = 0; i < count; ++i) {
        const ByteSpan row = in.TakeSized();
        if (!in.Ok()) return Unexpected(BatchFileError::Encoding);
        auto record = DecodeCallRecord(row);
        if (!record || !Belongs(*record, file.batch)) return Unexpected(BatchFileError::Record);
        leaves.push_back(CallLeaf(row));
        if (i > 0 && leaves[i - 1] >= leaves[i]) return Unexpected(BatchFileError::Tree);
        minutes += CallMinutes(record->answer, record->end);
        file.records.push_back(std::move(*record));
    }
    if (count != file.batch.calls || minutes != file.batch.minutes || TreeRoot(leaves) != file.batch.root)
        return Unexpected(BatchFileError::Tree);
    return {};
}

} // namespace

base::Expected<std::vector<DisputedCall>, BatchFileError> ReadLeftOut(codec::Reader& in)
{
    const size_t count = in.Count(LEAST_LEFT_OUT_BYTES);
    if (!in.Ok() || count > MAX_BATCH_CALLS) return Unexpected(BatchFileError::Encoding);
    std::vector<DisputedCall> out;
    for (size_t i = 0; i < count; ++i) {
        DisputedCall call;
        call.call_id = base::ToText(in.TakeSized());
        call.answer = in.U64();
        const uint8_t dispute = in.U8();
        if (!in.Ok()) return Unexpected(BatchFileError::Encoding);
        const bool visible = std::all_of(call.call_id.begin(), call.call_id.end(),
                                         [](char c) { return c >= 0x21 && c <= 0x7e; });
        if (call.call_id.empty() || call.call_id.size() > MAX_CALL_ID_BYTES || !visible ||
            call.answer > MAX_CALL_TIME_MS || dispute < static_cast<uint8_t>(CallDispute::Unknown) ||
            dispute > static_cast<uint8_t>(CallDispute::Counted)) {
            return Unexpected(BatchFileError::LeftOut);
        }
        call.dispute = static_cast<CallDispute>(dispute);
        out.push_back(std::move(call));
    }
    return out;
}

void WriteLeftOut(codec::Writer& out, const std::vector<DisputedCall>& calls)
{
    out.CompactSize(calls.size());
    for (const DisputedCall& call : calls) {
        out.Sized(base::AsBytes(call.call_id));
        out.U64(call.answer);
        out.U8(static_cast<uint8_t>(call.dispute));
    }
}

std::string_view Text(CallDispute dispute)
{
    switch (dispute) {
    case CallDispute::Unknown:
        return "no such call here";
    case CallDispute::Answer:
        return "answered at another time here";
    case CallDispute::End:
        return "ended at another time here";
    case CallDispute::Minutes:
        return "counts another number of minutes here";
    case CallDispute::Twice:
        return "stands twice in the batch";
    case CallDispute::Counted:
        return "is part of a batch that was signed before";
    }
    return "";
}

std::string_view Text(BatchFileError error)
{
    switch (error) {
    case BatchFileError::Size:
        return "larger than 48 MiB";
    case BatchFileError::Magic:
        return "no batch with its records: another beginning than \"ecb\"";
    case BatchFileError::Version:
        return "written in a newer form than 1";
    case BatchFileError::Encoding:
        return "cut off, damaged, or with bytes left over";
    case BatchFileError::Batch:
        return "the batch itself is not one of version 1 without a claim";
    case BatchFileError::Record:
        return "a record is damaged, or of other numbers or another period than the batch";
    case BatchFileError::Tree:
        return "the records do not give the batch's calls, minutes and root";
    case BatchFileError::LeftOut:
        return "a call that was left out is described wrongly";
    }
    return "";
}

bool SetTotals(BatchFile& file)
{
    if (file.records.empty() || file.records.size() > MAX_BATCH_CALLS) return false;
    std::vector<std::pair<Hash256, size_t>> order;
    order.reserve(file.records.size());
    uint64_t minutes = 0;
    for (size_t i = 0; i < file.records.size(); ++i) {
        order.emplace_back(CallLeaf(EncodeCallRecord(file.records[i])), i);
        minutes += CallMinutes(file.records[i].answer, file.records[i].end);
    }
    std::sort(order.begin(), order.end());
    std::vector<Hash256> leaves;
    std::vector<CallRecord> sorted;
    for (const auto& [leaf, i] : order) {
        if (!leaves.empty() && leaves.back() == leaf) return false;
        leaves.push_back(leaf);
        sorted.push_back(std::move(file.records[i]));
    }
    file.records = std::move(sorted);
    file.batch.calls = static_cast<uint32_t>(leaves.size());
    file.batch.minutes = static_cast<uint32_t>(minutes); // at most 1,440 for each of 100,000 calls
    file.batch.root = TreeRoot(leaves);
    return true;
}

Bytes WriteBatchFile(const BatchFile& file)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(MAGIC);
    writer.U8(FILE_VERSION);
    writer.Raw(file.genesis.Span());
    writer.Raw(WriteBatch(file.batch));
    writer.CompactSize(file.records.size());
    for (const CallRecord& record : file.records)
        writer.Sized(EncodeCallRecord(record));
    WriteLeftOut(writer, file.left_out);
    return out;
}

base::Expected<BatchFile, BatchFileError> ParseBatchFile(ByteSpan in)
{
    if (in.size() > MAX_BATCH_FILE_BYTES) return Unexpected(BatchFileError::Size);
    codec::Reader reader(in);
    const ByteSpan magic = reader.Take(MAGIC.size());
    if (!std::equal(magic.begin(), magic.end(), MAGIC.begin(), MAGIC.end()))
        return Unexpected(BatchFileError::Magic);
    const uint8_t version = reader.U8();
    if (reader.Ok() && version != FILE_VERSION) return Unexpected(BatchFileError::Version);
    BatchFile file;
    file.genesis = reader.Hash();
    const ByteSpan payload = reader.Take(BATCH_BYTES);
    if (!reader.Ok()) return Unexpected(BatchFileError::Encoding);
    const auto batch = ParseBatch(payload);
    if (!batch || batch->claim != 0) return Unexpected(BatchFileError::Batch);
    file.batch = *batch;
    if (auto read = ReadRecords(reader, file); !read) return Unexpected(read.Error());
    auto left_out = ReadLeftOut(reader);
    if (!left_out) return Unexpected(left_out.Error());
    file.left_out = std::move(*left_out);
    if (!reader.Done()) return Unexpected(BatchFileError::Encoding);
    return file;
}

std::string BatchText(ByteSpan file)
{
    return codec::Base64Encode(file);
}

std::optional<Bytes> BatchBytes(std::string_view text)
{
    std::string dense;
    dense.reserve(text.size());
    std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
                 [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
    return codec::Base64Decode(dense);
}

} // namespace emc::reward
