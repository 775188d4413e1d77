// A snapshot file that may hold anything: what is read through to the end writes itself again byte for byte.
#include "chain/snapshot_file.h"
#include "chain/watermark_changes.h"
#include "consensus/params.h"
#include "storage/memory_files.h"

namespace {

using namespace emc;

/// Writes what it gets into a second file.
struct Copy final : chain::SnapshotSink {
    explicit Copy(chain::SnapshotWriter& w) : writer(w) {}

    chain::SnapshotResult<void> OnHeader(const primitives::PlainHeader& header) override
    {
        return writer.Header(header);
    }

    chain::SnapshotResult<void> OnCoin(base::ByteSpan key, base::ByteSpan row) override
    {
        return writer.Coin(key, row);
    }

    chain::SnapshotResult<void> OnName(std::string_view name, const names::NameRecord& record,
                                       base::ByteSpan) override
    {
        base::Bytes row;
        codec::Writer out(row);
        names::Write(out, record);
        return writer.Name(storage::NameKey(name), row);
    }

    chain::SnapshotResult<void> OnWatermark(const reward::Watermark& watermark) override
    {
        return writer.Watermark(chain::WatermarkKeyOf(watermark.pair), chain::WatermarkRowOf(watermark.end));
    }

    chain::SnapshotResult<void> OnProgress(uint64_t) override { return {}; }

    chain::SnapshotWriter& writer;
};

/// The input with the fields that random bytes never hit put right: links, base, checksum.
base::Bytes Repaired(base::ByteSpan in, const consensus::Params& params)
{
    constexpr size_t HEAD = 124;
    constexpr size_t HEADER = 80;
    base::Bytes out(in.begin(), in.end());
    if (out.size() < HEAD + 32) return out;
    codec::Reader at(base::ByteSpan(out).subspan(48, 4));
    const uint32_t height = at.U32() % 4 + 1;
    if (out.size() < HEAD + height * HEADER + 32) return out;
    base::Bytes small;
    codec::Writer(small).U32(height);
    std::copy(small.begin(), small.end(), out.begin() + 48);
    base::Hash256 last = params.genesis_hash;
    for (size_t i = 0; i < height; ++i) {
        auto header = base::ByteSpan(out).subspan(HEAD + i * HEADER, HEADER);
        std::copy(last.begin(), last.end(), out.begin() + static_cast<std::ptrdiff_t>(HEAD + i * HEADER + 4));
        last = crypto::Sha256d(header);
    }
    std::copy(last.begin(), last.end(), out.begin() + 16);
    const auto body = crypto::Sha256Of(base::ByteSpan(out).subspan(HEAD, out.size() - HEAD - 32));
    const auto sum = crypto::Sha256().Write(base::ByteSpan(out).first(HEAD)).Write(body.Span()).Finish();
    std::copy(sum.begin(), sum.end(), out.end() - 32);
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto& params = consensus::RegtestParams();
    if (size == 0) return 0;
    // The first byte says whether links and checksum are put right.
    base::Bytes in(data + 1, data + size);
    if (data[0] % 2 == 1) in = Repaired(in, params);
    storage::MemoryFiles files;
    auto file = files.Open("/in", storage::OpenMode::Create);
    EMC_CHECK(file && (*file)->Write(0, in));
    auto reader = chain::SnapshotReader::Open(files, "/in", params.magic_be);
    if (!reader) return 0;
    auto writer = chain::SnapshotWriter::Create(files, "/out");
    EMC_CHECK(writer);
    Copy copy(*writer);
    const auto read = reader->Read(params.genesis_hash, copy);
    if (!read) {
        EMC_CHECK(!read.Error().text.empty());
        return 0;
    }
    chain::SnapshotHead head = reader->Head();
    const auto hashes = writer->Finish(head);
    EMC_CHECK(hashes && *hashes == *read && head == reader->Head());
    const auto out = storage::ReadWholeFile(files, "/out");
    EMC_CHECK(out && *out == in);
    return 0;
}
