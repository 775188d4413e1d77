#include "mempool/pool_file.h"

#include "codec/reader.h"
#include "codec/writer.h"

namespace emc::mempool {

namespace {

constexpr uint64_t VERSION = 1;
constexpr size_t MIN_ROW_BYTES = 26;
constexpr size_t DELTA_BYTES = 40;

} // namespace

base::Bytes Serialize(const PoolFile& file)
{
    base::Bytes bytes;
    codec::Writer out(bytes);
    out.U64(VERSION);
    out.U64(file.rows.size());
    for (const auto& row : file.rows) {
        out.Raw(primitives::Serialize(*row.tx));
        out.I64(row.time);
        out.I64(row.delta);
    }
    out.CompactSize(file.deltas.size());
    for (const auto& delta : file.deltas) {
        out.Raw(delta.txid.Span());
        out.I64(delta.delta);
    }
    out.CompactSize(0); // nobody is waited for to ask
    return bytes;
}

std::optional<PoolFile> ParsePoolFile(base::ByteSpan bytes)
{
    codec::Reader in(bytes);
    if (in.U64() != VERSION) return std::nullopt;
    const uint64_t count = in.U64();
    if (count > in.Remaining() / MIN_ROW_BYTES) return std::nullopt;
    PoolFile out;
    for (uint64_t i = 0; i < count && in.Ok(); ++i) {
        PoolFile::Row row;
        row.tx = primitives::ReadTx(in);
        row.time = in.I64();
        row.delta = in.I64();
        out.rows.push_back(std::move(row));
    }
    for (size_t left = in.Count(DELTA_BYTES); left > 0 && in.Ok(); --left) {
        PoolFile::Delta delta;
        delta.txid = in.Hash();
        delta.delta = in.I64();
        out.deltas.push_back(delta);
    }
    static_cast<void>(in.Take(in.Count(base::Hash256::SIZE) * base::Hash256::SIZE));
    if (!in.Done()) return std::nullopt;
    return out;
}

} // namespace emc::mempool
