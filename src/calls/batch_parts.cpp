#include "calls/batch_parts.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>

namespace emc::calls {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;
using reward::BatchFile;
using reward::CallRecord;
using storage::StorageError;
using storage::StorageResult;

namespace {

constexpr uint8_t PART_MARK = 'p';
constexpr uint8_t PLACES_MARK = 'c';
constexpr size_t PLACE_BYTES = 8 + 4;

/// All but the records, and the roots of the parts.
struct Head {
    BatchFile file;
    std::vector<Hash256> roots;
};

Bytes HeadKey(const Hash256& id)
{
    Bytes out{storage::PREFIX_CALL_BATCH_FILE};
    codec::Writer(out).Raw(id.Span());
    return out;
}

Bytes PartKey(const Hash256& id, size_t part)
{
    Bytes out = HeadKey(id);
    out.push_back(PART_MARK);
    codec::Writer(out).U32Big(static_cast<uint32_t>(part));
    return out;
}

Bytes PlacesKey(const Hash256& id, uint8_t bucket)
{
    Bytes out = HeadKey(id);
    out.push_back(PLACES_MARK);
    out.push_back(bucket);
    return out;
}

/// The first byte chooses the row of places, the next eight stand in it.
Hash256 CallIdHash(std::string_view call_id)
{
    return crypto::Sha256Of(base::AsBytes(call_id));
}

base::Unexpected<storage::StorageFailure> Damaged(const storage::KvStore& store)
{
    return storage::Broken(StorageError::Corrupt, store.Directory() + ": damaged records of a batch; restore "
                                                                      "the directory from a backup");
}

Bytes EncodeHead(const Head& head)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(head.file.genesis.Span());
    writer.Raw(reward::WriteBatch(head.file.batch));
    reward::WriteLeftOut(writer, head.file.left_out);
    for (const Hash256& root : head.roots)
        writer.Raw(root.Span());
    return out;
}

StorageResult<Head> ReadHead(const storage::KvStore& store, const Hash256& id)
{
    const auto row = store.Get(HeadKey(id));
    if (!row) return base::Unexpected(row.Error());
    codec::Reader reader(*row);
    Head out;
    out.file.genesis = reader.Hash();
    const auto batch = reward::ParseBatch(reader.Take(reward::BATCH_BYTES));
    auto left_out = reward::ReadLeftOut(reader);
    if (!batch || !left_out) return Damaged(store);
    out.file.batch = *batch;
    out.file.left_out = std::move(*left_out);
    const size_t parts = (batch->calls + PART_CALLS - 1) / PART_CALLS;
    while (out.roots.size() < parts && reader.Ok())
        out.roots.push_back(reader.Hash());
    if (!reader.Done()) return Damaged(store);
    return out;
}

/// Its records with their leaves.
struct Part {
    std::vector<CallRecord> records;
    std::vector<Hash256> leaves;
};

StorageResult<Part> ReadPart(const storage::KvStore& store, const Hash256& id, size_t part)
{
    const auto row = store.Get(PartKey(id, part));
    if (!row) return base::Unexpected(row.Error());
    Part out;
    codec::Reader reader(*row);
    while (reader.Ok() && !reader.Done()) {
        const ByteSpan encoded = reader.TakeSized();
        auto record = reward::DecodeCallRecord(encoded);
        if (!reader.Ok() || !record) return Damaged(store);
        out.records.push_back(std::move(*record));
        out.leaves.push_back(reward::CallLeaf(encoded));
    }
    if (out.records.empty() || out.records.size() > PART_CALLS) return Damaged(store);
    return out;
}

/// Places in the tree of the calls whose Call-ID may be this one.
StorageResult<std::vector<size_t>> PlacesOf(const storage::KvStore& store, const Hash256& id,
                                            std::string_view call_id)
{
    std::vector<size_t> out;
    const Hash256 hash = CallIdHash(call_id);
    const auto row = store.Get(PlacesKey(id, hash.bytes[0]));
    if (!row && row.Error().code == StorageError::NotFound) return out;
    if (!row) return base::Unexpected(row.Error());
    if (row->size() % PLACE_BYTES != 0) return Damaged(store);
    for (codec::Reader reader(*row); !reader.Done();) {
        const ByteSpan seen = reader.Take(8);
        const size_t place = reader.U32();
        if (std::equal(seen.begin(), seen.end(), hash.bytes.begin() + 1)) out.push_back(place);
    }
    return out;
}

} // namespace

void PutBatchFile(storage::KvBatch& changes, const Hash256& id, const BatchFile& file)
{
    Head head;
    head.file.genesis = file.genesis;
    head.file.batch = file.batch;
    head.file.left_out = file.left_out;
    std::array<Bytes, 256> places;
    for (size_t begin = 0; begin < file.records.size(); begin += PART_CALLS) {
        const size_t end = std::min(begin + PART_CALLS, file.records.size());
        Bytes row;
        codec::Writer writer(row);
        std::vector<Hash256> leaves;
        for (size_t i = begin; i < end; ++i) {
            const Bytes encoded = reward::EncodeCallRecord(file.records[i]);
            leaves.push_back(reward::CallLeaf(encoded));
            writer.Sized(encoded);
            const Hash256 hash = CallIdHash(file.records[i].call_id);
            codec::Writer place(places[hash.bytes[0]]);
            place.Raw(ByteSpan(hash.bytes).subspan(1, 8));
            place.U32(static_cast<uint32_t>(i));
        }
        changes.Put(PartKey(id, begin / PART_CALLS), row);
        head.roots.push_back(reward::TreeRoot(leaves));
    }
    for (size_t bucket = 0; bucket < places.size(); ++bucket) {
        if (!places[bucket].empty()) changes.Put(PlacesKey(id, static_cast<uint8_t>(bucket)), places[bucket]);
    }
    changes.Put(HeadKey(id), EncodeHead(head));
}

StorageResult<BatchFile> ReadBatchFile(const storage::KvStore& store, const Hash256& id)
{
    auto head = ReadHead(store, id);
    if (!head) return base::Unexpected(head.Error());
    BatchFile out = std::move(head->file);
    std::vector<Hash256> roots;
    for (size_t i = 0; i < head->roots.size(); ++i) {
        auto part = ReadPart(store, id, i);
        if (!part) return base::Unexpected(part.Error());
        std::move(part->records.begin(), part->records.end(), std::back_inserter(out.records));
        roots.push_back(reward::TreeRoot(part->leaves));
    }
    if (out.records.size() != out.batch.calls || reward::TreeRoot(roots) != out.batch.root)
        return Damaged(store);
    return out;
}

StorageResult<std::vector<StoredCall>> FindBatchCalls(const storage::KvStore& store, const Hash256& id,
                                                      std::string_view call_id)
{
    std::vector<StoredCall> out;
    const auto places = PlacesOf(store, id, call_id);
    if (!places) return base::Unexpected(places.Error());
    if (places->empty()) return out;
    const auto head = ReadHead(store, id);
    if (!head) return base::Unexpected(head.Error());
    const auto& batch = head->file.batch;
    for (const size_t place : *places) {
        if (place >= batch.calls) return Damaged(store);
        const size_t part_place = place / PART_CALLS;
        const auto part = ReadPart(store, id, part_place);
        if (!part) return base::Unexpected(part.Error());
        const size_t inside = place % PART_CALLS;
        if (inside >= part->records.size()) return Damaged(store);
        if (part->records[inside].call_id != call_id) continue;
        // Up to the part's root, then from there to the batch's.
        StoredCall call{part->records[inside], {place, batch.calls, reward::TreePath(part->leaves, inside)}};
        const auto above = reward::TreePath(head->roots, part_place);
        call.proof.path.insert(call.proof.path.end(), above.begin(), above.end());
        if (!reward::VerifyCallProof(part->leaves[inside], call.proof, batch.root)) return Damaged(store);
        out.push_back(std::move(call));
    }
    return out;
}

} // namespace emc::calls
