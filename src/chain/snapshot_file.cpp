#include "chain/snapshot_file.h"

#include "base/checked.h"
#include "chain/coin_stats.h"
#include "chain/watermark_changes.h"
#include "consensus/target.h"

#include <algorithm>
#include <array>

namespace emc::chain {
namespace {

using base::Bytes;
using base::ByteSpan;
using storage::StorageError;

constexpr std::array<uint8_t, 8> MARK{'E', 'M', 'C', 'S', 'T', 'A', 'T', 0xfe};
constexpr size_t HEAD_BYTES = 8 + 4 + 4 + 32 + 4 + 8 + 8 + 32 + 8 + 8 + 8;
constexpr size_t HEADER_BYTES = 80;
constexpr size_t OUTPOINT_BYTES = 36;
constexpr size_t CHECKSUM_BYTES = 32;
constexpr size_t WATERMARK_BYTES = reward::PAIR_BYTES + 4;
constexpr size_t BUFFER_BYTES = size_t{1} << 20;
// Far above what the rules allow, far below what could hurt.
constexpr size_t MAX_COIN_ROW_BYTES = 16'384;
constexpr size_t MAX_NAME_ROW_BYTES = 65'536;
constexpr uint64_t ITEMS_BETWEEN_REPORTS = 4'096;
constexpr std::string_view STATE_TAG = "state at a block, 2";

void WriteFacts(codec::Writer& out, const SnapshotHead& head)
{
    out.U32Big(head.magic_be);
    out.Raw(head.base.Span());
    out.I32(head.height);
    out.U64(head.chain_tx_count);
    out.I64(head.supply);
    out.Raw(head.modifier.Span());
    out.U64(head.coins);
    out.U64(head.names);
    out.U64(head.watermarks);
}

Bytes EncodeHead(const SnapshotHead& head)
{
    Bytes out;
    codec::Writer writer(out);
    writer.Raw(MARK);
    writer.U32(SNAPSHOT_FORMAT);
    WriteFacts(writer, head);
    return out;
}

SnapshotHead ReadFacts(codec::Reader& in)
{
    SnapshotHead head;
    head.magic_be = in.U32Big();
    head.base = in.Hash();
    head.height = in.I32();
    head.chain_tx_count = in.U64();
    head.supply = in.I64();
    head.modifier = in.Hash();
    head.coins = in.U64();
    head.names = in.U64();
    head.watermarks = in.U64();
    return head;
}

base::Hash256 ChecksumOf(ByteSpan head, crypto::Sha256& body)
{
    const auto content = body.Finish();
    return crypto::Sha256().Write(head).Write(content.Span()).Finish();
}

std::string Incomplete(const std::string& path)
{
    return path + ".incomplete";
}

bool Less(ByteSpan a, ByteSpan b)
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

} // namespace

std::string ParentOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

base::Unexpected<SnapshotFault> NoSnapshot(SnapshotError code, std::string text)
{
    return base::Unexpected(SnapshotFault{code, std::move(text)});
}

base::Unexpected<SnapshotFault> NoSnapshot(const storage::StorageFailure& failure)
{
    return NoSnapshot(SnapshotError::Disk, storage::Describe(failure));
}

void StateHasher::Coin(ByteSpan key, ByteSpan row)
{
    Bytes length;
    codec::Writer(length).U32(static_cast<uint32_t>(row.size()));
    m_coin_rows.Write(key).Write(length).Write(row);
    const auto outpoint = storage::ParseCoinKey(key);
    const auto coin = storage::DecodeCoin(row);
    if (outpoint && coin) m_coins.Write(CoinElement(*outpoint, *coin)); // else no reader takes the file
}

void StateHasher::Name(ByteSpan key, ByteSpan row)
{
    Bytes lengths;
    codec::Writer writer(lengths);
    writer.U32(static_cast<uint32_t>(key.size()));
    writer.U32(static_cast<uint32_t>(row.size()));
    m_name_rows.Write(lengths).Write(key).Write(row);
    const auto name = storage::ParseNameKey(key);
    codec::Reader reader(row);
    const auto record = names::ReadNameRecord(reader);
    if (name && reader.Done()) m_names.Insert(names::HashElement(*name, record));
}

void StateHasher::Watermark(ByteSpan key, ByteSpan row)
{
    m_watermark_rows.Write(key).Write(row); // of fixed size
    if (const auto watermark = ParseWatermark(key, row)) m_names.Insert(reward::HashElement(*watermark));
}

StateHashes StateHasher::Finish(const SnapshotHead& head)
{
    StateHashes out;
    out.coins = crypto::Sha256Of(m_coins.Finish().Span());
    out.names = m_names.Finish();
    Bytes facts;
    codec::Writer writer(facts);
    WriteFacts(writer, head);
    writer.Raw(m_coin_rows.Finish().Span());
    writer.Raw(m_name_rows.Finish().Span());
    writer.Raw(m_watermark_rows.Finish().Span());
    out.state = crypto::TaggedHash(STATE_TAG, facts);
    return out;
}

SnapshotWriter::SnapshotWriter(storage::FileSystem& files, std::string path,
                               std::unique_ptr<storage::File> file)
    : m_files(&files), m_path(std::move(path)), m_file(std::move(file))
{
    m_buffer.assign(HEAD_BYTES, 0); // the head is written over it at the end, when the counts are known
}

SnapshotWriter::SnapshotWriter(SnapshotWriter&& other) noexcept = default;

SnapshotWriter::~SnapshotWriter()
{
    if (!m_file) return;
    m_file.reset();
    static_cast<void>(m_files->Remove(Incomplete(m_path)));
}

SnapshotResult<SnapshotWriter> SnapshotWriter::Create(storage::FileSystem& files, const std::string& path)
{
    if (files.Exists(path))
        return NoSnapshot(SnapshotError::Exists, path + " exists already; remove it or choose another name");
    auto file = files.Open(Incomplete(path), storage::OpenMode::Create);
    if (!file) return NoSnapshot(file.Error());
    return SnapshotWriter(files, path, std::move(*file));
}

SnapshotResult<void> SnapshotWriter::WriteOut()
{
    if (auto done = m_file->Write(m_offset, m_buffer); !done) return NoSnapshot(done.Error());
    m_offset += m_buffer.size();
    m_buffer.clear();
    return {};
}

SnapshotResult<void> SnapshotWriter::Append(ByteSpan bytes)
{
    m_body.Write(bytes);
    m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
    if (m_buffer.size() < BUFFER_BYTES) return {};
    return WriteOut();
}

SnapshotResult<void> SnapshotWriter::Header(const primitives::PlainHeader& header)
{
    Bytes bytes;
    codec::Writer writer(bytes);
    primitives::Write(writer, header);
    return Append(bytes);
}

SnapshotResult<void> SnapshotWriter::Coin(ByteSpan key, ByteSpan row)
{
    m_hasher.Coin(key, row);
    ++m_coins;
    Bytes bytes;
    codec::Writer writer(bytes);
    writer.Raw(key.subspan(1));
    writer.Sized(row);
    return Append(bytes);
}

SnapshotResult<void> SnapshotWriter::Name(ByteSpan key, ByteSpan row)
{
    m_hasher.Name(key, row);
    ++m_names;
    Bytes bytes;
    codec::Writer writer(bytes);
    writer.Sized(key.subspan(1));
    writer.Sized(row);
    return Append(bytes);
}

SnapshotResult<void> SnapshotWriter::Watermark(ByteSpan key, ByteSpan row)
{
    m_hasher.Watermark(key, row);
    ++m_watermarks;
    Bytes bytes;
    codec::Writer writer(bytes);
    writer.Raw(key.subspan(1));
    writer.Raw(row);
    return Append(bytes);
}

SnapshotResult<StateHashes> SnapshotWriter::Finish(SnapshotHead& head)
{
    head.coins = m_coins;
    head.names = m_names;
    head.watermarks = m_watermarks;
    const Bytes head_bytes = EncodeHead(head);
    const auto checksum = ChecksumOf(head_bytes, m_body);
    m_buffer.insert(m_buffer.end(), checksum.begin(), checksum.end());
    if (auto done = WriteOut(); !done) return base::Unexpected(done.Error());
    if (auto done = m_file->Write(0, head_bytes); !done) return NoSnapshot(done.Error());
    if (auto done = m_file->Sync(); !done) return NoSnapshot(done.Error());
    if (m_files->Exists(m_path))
        return NoSnapshot(SnapshotError::Exists, m_path + " was made meanwhile; choose another name");
    if (auto done = m_files->Rename(Incomplete(m_path), m_path); !done) return NoSnapshot(done.Error());
    m_file.reset();
    if (auto done = m_files->SyncDirectory(ParentOf(m_path)); !done) return NoSnapshot(done.Error());
    return m_hasher.Finish(head);
}

SnapshotReader::SnapshotReader(std::string path, std::unique_ptr<storage::File> file, uint64_t size)
    : m_path(std::move(path)), m_file(std::move(file)), m_size(size)
{}

base::Unexpected<SnapshotFault> SnapshotReader::Bad(SnapshotError code, const std::string& what) const
{
    return NoSnapshot(code, m_path + ": " + what);
}

SnapshotResult<SnapshotReader> SnapshotReader::Open(storage::FileSystem& files, const std::string& path,
                                                    uint32_t magic_be)
{
    auto file = files.Open(path, storage::OpenMode::Read);
    if (!file && file.Error().code == StorageError::NotFound)
        return NoSnapshot(SnapshotError::NotFound, path + ": no such file");
    if (!file) return NoSnapshot(file.Error());
    const auto size = (*file)->Size();
    if (!size) return NoSnapshot(size.Error());
    SnapshotReader reader(path, std::move(*file), *size);
    if (auto done = reader.ReadHead(magic_be); !done) return base::Unexpected(done.Error());
    return reader;
}

SnapshotResult<void> SnapshotReader::ReadHead(uint32_t magic_be)
{
    m_head_bytes.resize(HEAD_BYTES);
    const auto got = m_file->Read(0, m_head_bytes);
    if (!got) return NoSnapshot(got.Error());
    const size_t marked = std::min(*got, MARK.size());
    if (*got < MARK.size() || !std::equal(MARK.begin(), MARK.end(), m_head_bytes.begin()))
        return Bad(SnapshotError::NotASnapshot, "this is no snapshot of a chain's state");
    codec::Reader in(ByteSpan(m_head_bytes).first(*got));
    (void)in.Take(marked);
    const uint32_t format = in.U32();
    if (in.Ok() && format > SNAPSHOT_FORMAT) {
        return Bad(SnapshotError::NewerFormat,
                   "a snapshot of format " + std::to_string(format) +
                       ", made by a newer version of this program; this one reads format " +
                       std::to_string(SNAPSHOT_FORMAT));
    }
    m_head = ReadFacts(in);
    if (!in.Ok()) return Bad(SnapshotError::Truncated, "ends inside its first lines; get it again");
    if (format < SNAPSHOT_FORMAT) {
        return Bad(SnapshotError::Malformed, "format " + std::to_string(format) +
                                                 " is not read any more; make it anew with dumptxoutset");
    }
    if (m_head.magic_be != magic_be)
        return Bad(SnapshotError::WrongNetwork, "a snapshot of another network; this node is on another one");
    if (m_head.height < 1 || m_head.supply < 0 || m_head.chain_tx_count < 1)
        return Bad(SnapshotError::Malformed, "height, supply or number of transactions are out of range");
    // What the counts announce must be able to fit: nothing is made ready for a lie.
    constexpr uint64_t MIN_COIN_BYTES = OUTPOINT_BYTES + 2;
    constexpr uint64_t MIN_NAME_BYTES = 2;
    const uint64_t headers = static_cast<uint64_t>(m_head.height) * HEADER_BYTES;
    const bool sane = m_head.coins <= m_size / MIN_COIN_BYTES && m_head.names <= m_size / MIN_NAME_BYTES &&
                      m_head.watermarks <= m_size / WATERMARK_BYTES;
    const bool fits = sane && HEAD_BYTES + headers + m_head.coins * MIN_COIN_BYTES +
                                      m_head.names * MIN_NAME_BYTES + m_head.watermarks * WATERMARK_BYTES +
                                      CHECKSUM_BYTES <=
                                  m_size;
    if (!fits) return Bad(SnapshotError::Truncated, "is shorter than it says; get it again");
    m_offset = HEAD_BYTES;
    return {};
}

SnapshotResult<ByteSpan> SnapshotReader::Take(size_t n)
{
    if (m_buffer.size() - m_at < n) {
        m_buffer.erase(m_buffer.begin(), m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at));
        m_at = 0;
        const size_t kept = m_buffer.size();
        const uint64_t end = m_size - CHECKSUM_BYTES; // the body's
        const auto wanted = std::min<uint64_t>(std::max(BUFFER_BYTES, n) - kept, end - m_offset);
        m_buffer.resize(kept + static_cast<size_t>(wanted));
        const auto got = m_file->Read(m_offset, std::span(m_buffer).subspan(kept));
        if (!got) return NoSnapshot(got.Error());
        m_buffer.resize(kept + *got);
        m_offset += *got;
        if (m_buffer.size() < n)
            return Bad(SnapshotError::Truncated, "is shorter than its counts say; get it again");
    }
    const ByteSpan out = ByteSpan(m_buffer).subspan(m_at, n);
    m_at += n;
    m_body.Write(out);
    return out;
}

SnapshotResult<ByteSpan> SnapshotReader::TakeSized(size_t max)
{
    const auto first = Take(1);
    if (!first) return first;
    uint64_t size = (*first)[0];
    const size_t more = size < 0xfd ? 0 : size == 0xfd ? 2 : size == 0xfe ? 4 : 8;
    if (more != 0) {
        const auto rest = Take(more);
        if (!rest) return rest;
        size = 0;
        for (size_t i = more; i-- > 0;)
            size = size << 8 | (*rest)[i];
        if (codec::CompactSizeBytes(size) != more + 1)
            return Bad(SnapshotError::Malformed, "holds a length in a longer form than needed");
    }
    if (size > max) return Bad(SnapshotError::Malformed, "holds a row longer than any row can be");
    return Take(static_cast<size_t>(size));
}

SnapshotResult<void> SnapshotReader::ReadHeaders(const base::Hash256& genesis, SnapshotSink& sink)
{
    base::Hash256 last = genesis;
    for (int32_t height = 1; height <= m_head.height; ++height) {
        const auto bytes = Take(HEADER_BYTES);
        if (!bytes) return base::Unexpected(bytes.Error());
        codec::Reader in(*bytes);
        const auto header = primitives::ReadPlainHeader(in);
        if (header.prev_hash != last || consensus::WorkOfBits(header.bits).IsZero()) {
            return Bad(SnapshotError::Malformed,
                       "the header of height " + std::to_string(height) + " does not stand on the one below");
        }
        last = header.Hash();
        if (auto done = sink.OnHeader(header); !done) return done;
    }
    if (last != m_head.base)
        return Bad(SnapshotError::Malformed, "its headers do not lead to its base block");
    return {};
}

SnapshotResult<void> SnapshotReader::ReadCoins(SnapshotSink& sink)
{
    Bytes last_key;
    Bytes key{storage::PREFIX_COIN};
    int64_t total = 0;
    for (uint64_t i = 0; i < m_head.coins; ++i) {
        const auto outpoint = Take(OUTPOINT_BYTES);
        if (!outpoint) return base::Unexpected(outpoint.Error());
        key.resize(1);
        key.insert(key.end(), outpoint->begin(), outpoint->end());
        if (!Less(last_key, key)) return Bad(SnapshotError::Malformed, "its coins are not in order");
        const auto bytes = TakeSized(MAX_COIN_ROW_BYTES);
        if (!bytes) return base::Unexpected(bytes.Error());
        const auto row = storage::DecodeCoin(*bytes);
        const bool good = row && row->value >= 0 && row->height >= 1 && row->height <= m_head.height &&
                          std::ranges::equal(storage::Encode(*row), *bytes);
        if (!good) return Bad(SnapshotError::Malformed, "coin " + std::to_string(i) + " is no coin");
        const auto sum = base::CheckedAdd(total, row->value);
        if (!sum) return Bad(SnapshotError::Malformed, "its coins add up to more than there can be");
        total = *sum;
        m_hasher.Coin(key, *bytes);
        if (auto done = sink.OnCoin(key, *bytes); !done) return done;
        last_key = key;
        if (i % ITEMS_BETWEEN_REPORTS != 0) continue;
        if (auto done = sink.OnProgress(m_offset); !done) return done;
    }
    if (total != m_head.supply) return Bad(SnapshotError::Malformed, "its coins do not add up to its supply");
    return {};
}

SnapshotResult<void> SnapshotReader::ReadNames(SnapshotSink& sink)
{
    std::string last;
    for (uint64_t i = 0; i < m_head.names; ++i) {
        const auto name_bytes = TakeSized(names::MAX_NAME_BYTES);
        if (!name_bytes) return base::Unexpected(name_bytes.Error());
        std::string name = base::ToText(*name_bytes);
        if (i > 0 && last >= name) return Bad(SnapshotError::Malformed, "its names are not in order");
        const auto bytes = TakeSized(MAX_NAME_ROW_BYTES);
        if (!bytes) return base::Unexpected(bytes.Error());
        codec::Reader in(*bytes);
        const auto record = names::ReadNameRecord(in);
        Bytes again;
        codec::Writer writer(again);
        names::Write(writer, record);
        const bool good = in.Done() && std::ranges::equal(again, *bytes) && record.born_height >= 1 &&
                          record.born_height <= record.updated_height &&
                          record.updated_height <= m_head.height && record.expiry >= record.updated_height;
        if (!good) return Bad(SnapshotError::Malformed, "name " + std::to_string(i) + " has no good record");
        m_hasher.Name(storage::NameKey(name), *bytes);
        if (auto done = sink.OnName(name, record, *bytes); !done) return done;
        last = std::move(name);
        if (i % ITEMS_BETWEEN_REPORTS != 0) continue;
        if (auto done = sink.OnProgress(m_offset); !done) return done;
    }
    return {};
}

SnapshotResult<void> SnapshotReader::ReadWatermarks(SnapshotSink& sink)
{
    Bytes last;
    for (uint64_t i = 0; i < m_head.watermarks; ++i) {
        const auto bytes = Take(WATERMARK_BYTES);
        if (!bytes) return base::Unexpected(bytes.Error());
        const Bytes key = storage::WatermarkKey(bytes->first(reward::PAIR_BYTES));
        if (!Less(last, key)) return Bad(SnapshotError::Malformed, "its watermarks are not in order");
        const ByteSpan row = bytes->subspan(reward::PAIR_BYTES);
        m_hasher.Watermark(key, row);
        if (auto done = sink.OnWatermark(*ParseWatermark(key, row)); !done) return done;
        last = key;
    }
    return {};
}

SnapshotResult<StateHashes> SnapshotReader::Read(const base::Hash256& genesis, SnapshotSink& sink)
{
    if (auto done = ReadHeaders(genesis, sink); !done) return base::Unexpected(done.Error());
    if (auto done = ReadCoins(sink); !done) return base::Unexpected(done.Error());
    if (auto done = ReadNames(sink); !done) return base::Unexpected(done.Error());
    if (auto done = ReadWatermarks(sink); !done) return base::Unexpected(done.Error());
    const uint64_t end = m_offset - (m_buffer.size() - m_at);
    if (end != m_size - CHECKSUM_BYTES)
        return Bad(SnapshotError::Malformed, "holds more than its counts say");
    base::Hash256 stored;
    const auto got = m_file->Read(end, stored.bytes);
    if (!got) return NoSnapshot(got.Error());
    if (*got != CHECKSUM_BYTES || stored != ChecksumOf(m_head_bytes, m_body))
        return Bad(SnapshotError::Checksum, "its checksum is wrong, so bytes were changed; get it again");
    return m_hasher.Finish(m_head);
}

} // namespace emc::chain
