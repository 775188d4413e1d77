#include "storage/schema.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"
#include "storage/kv_store.h"

namespace emc::storage {
namespace {

using base::Bytes;
using base::ByteSpan;
using codec::Reader;
using codec::Writer;

constexpr size_t OWNER_KEY_BYTES = 20;
constexpr size_t PAIR_KEY_BYTES = 20;

Bytes Simple(uint8_t prefix)
{
    return Bytes{prefix};
}

Bytes WithBytes(uint8_t prefix, ByteSpan rest)
{
    Bytes out;
    out.reserve(1 + rest.size());
    out.push_back(prefix);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

Bytes WithOutpoint(uint8_t prefix, const base::Hash256& txid, uint32_t index)
{
    Bytes out;
    out.reserve(1 + 32 + 4);
    out.push_back(prefix);
    Writer writer(out);
    writer.Raw(txid.Span());
    writer.U32Big(index);
    return out;
}

template <typename T>
std::optional<T> Finish(const Reader& in, T row)
{
    if (!in.Done()) return std::nullopt;
    return row;
}

void WritePos(Writer& out, const FilePos& pos)
{
    out.I32(pos.file);
    out.U64(pos.offset);
}

FilePos ReadPos(Reader& in)
{
    FilePos pos;
    pos.file = in.I32();
    pos.offset = in.U64();
    return pos;
}

Bytes Rest(Reader& in)
{
    const auto span = in.Take(in.Remaining());
    return Bytes(span.begin(), span.end());
}

} // namespace

Bytes VersionKey()
{
    return Simple(PREFIX_VERSION);
}

Bytes BestKey()
{
    return Simple(PREFIX_BEST);
}

Bytes NameTotalsKey()
{
    return Simple(PREFIX_NAME_TOTALS);
}

Bytes SnapshotKey()
{
    return Simple(PREFIX_SNAPSHOT);
}

Bytes CoinKey(const base::Hash256& txid, uint32_t index)
{
    return WithOutpoint(PREFIX_COIN, txid, index);
}

Bytes NameKey(std::string_view name)
{
    return WithBytes(PREFIX_NAME, base::AsBytes(name));
}

Bytes NameByOutpointKey(const base::Hash256& txid, uint32_t index)
{
    return WithOutpoint(PREFIX_NAME_BY_OUTPOINT, txid, index);
}

Bytes NameByOwnerPrefix(ByteSpan owner_script)
{
    const auto hash = crypto::Sha256Of(owner_script);
    return WithBytes(PREFIX_NAME_BY_OWNER, hash.Span().first(OWNER_KEY_BYTES));
}

Bytes NameByOwnerKey(ByteSpan owner_script, std::string_view name)
{
    Bytes out = NameByOwnerPrefix(owner_script);
    out.insert(out.end(), name.begin(), name.end());
    return out;
}

Bytes NameByExpiryKey(int32_t expiry, std::string_view name)
{
    Bytes out{PREFIX_NAME_BY_EXPIRY};
    Writer writer(out);
    writer.U32Big(static_cast<uint32_t>(expiry));
    writer.Raw(base::AsBytes(name));
    return out;
}

Bytes WatermarkKey(ByteSpan pair)
{
    return WithBytes(PREFIX_WATERMARK, pair);
}

Bytes WatermarkByEndKey(uint32_t end, ByteSpan pair)
{
    Bytes out{PREFIX_WATERMARK_BY_END};
    Writer writer(out);
    writer.U32Big(end);
    writer.Raw(pair);
    return out;
}

Bytes BlockKey(const base::Hash256& hash)
{
    return WithBytes(PREFIX_BLOCK, hash.Span());
}

Bytes ProofKey(const base::Hash256& hash)
{
    return WithBytes(PREFIX_PROOF, hash.Span());
}

Bytes FileEndsKey()
{
    return Simple(PREFIX_FILE_ENDS);
}

Bytes TxKey(const base::Hash256& txid)
{
    return WithBytes(PREFIX_TX, txid.Span());
}

Bytes HistoryPrefix(std::string_view name)
{
    Bytes out{PREFIX_NAME_HISTORY};
    Writer writer(out);
    writer.U16Big(static_cast<uint16_t>(name.size()));
    writer.Raw(base::AsBytes(name));
    return out;
}

Bytes HistoryKey(std::string_view name, int32_t height)
{
    Bytes out = HistoryPrefix(name);
    Writer(out).U32Big(static_cast<uint32_t>(height));
    return out;
}

Bytes FilterKey(int32_t height, const base::Hash256& block)
{
    Bytes out{PREFIX_FILTER};
    Writer writer(out);
    writer.U32Big(static_cast<uint32_t>(height));
    writer.Raw(block.Span());
    return out;
}

Bytes FollowerUndoKey(int32_t height)
{
    Bytes out{PREFIX_FOLLOWER_UNDO};
    Writer(out).U32Big(static_cast<uint32_t>(height));
    return out;
}

std::optional<OutpointParts> ParseCoinKey(ByteSpan key)
{
    Reader in(key);
    if (in.U8() != PREFIX_COIN) return std::nullopt;
    OutpointParts parts;
    parts.txid = in.Hash();
    parts.index = in.U32Big();
    return Finish(in, parts);
}

std::optional<std::string> ParseNameKey(ByteSpan key)
{
    if (key.empty() || key[0] != PREFIX_NAME) return std::nullopt;
    return base::ToText(key.subspan(1));
}

std::optional<std::string> ParseNameByOwnerKey(ByteSpan key)
{
    if (key.size() < 1 + OWNER_KEY_BYTES || key[0] != PREFIX_NAME_BY_OWNER) return std::nullopt;
    return base::ToText(key.subspan(1 + OWNER_KEY_BYTES));
}

std::optional<ExpiryParts> ParseNameByExpiryKey(ByteSpan key)
{
    Reader in(key);
    if (in.U8() != PREFIX_NAME_BY_EXPIRY) return std::nullopt;
    ExpiryParts parts;
    parts.expiry = static_cast<int32_t>(in.U32Big());
    if (!in.Ok()) return std::nullopt;
    parts.name = base::ToText(in.Take(in.Remaining()));
    return parts;
}

std::optional<ByteSpan> ParseWatermarkKey(ByteSpan key)
{
    if (key.size() != 1 + PAIR_KEY_BYTES || key[0] != PREFIX_WATERMARK) return std::nullopt;
    return key.subspan(1);
}

std::optional<WatermarkEndParts> ParseWatermarkByEndKey(ByteSpan key)
{
    if (key.size() != 1 + 4 + PAIR_KEY_BYTES || key[0] != PREFIX_WATERMARK_BY_END) return std::nullopt;
    Reader reader(key.subspan(1));
    const uint32_t end = reader.U32Big();
    return WatermarkEndParts{end, reader.Take(PAIR_KEY_BYTES)};
}

std::optional<base::Hash256> ParseBlockKey(ByteSpan key)
{
    if (key.empty() || key[0] != PREFIX_BLOCK) return std::nullopt;
    return base::Hash256::From(key.subspan(1));
}

std::optional<int32_t> ParseHistoryHeight(ByteSpan key)
{
    if (key.size() < 1 + 2 + 4 || key[0] != PREFIX_NAME_HISTORY) return std::nullopt;
    Reader in(key.last(4));
    return static_cast<int32_t>(in.U32Big());
}

Bytes Encode(const VersionRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.U32(row.version);
    writer.U32(row.magic_be);
    return out;
}

std::optional<VersionRow> DecodeVersion(ByteSpan in)
{
    Reader reader(in);
    VersionRow row;
    row.version = reader.U32();
    row.magic_be = reader.U32();
    // A later version may write more behind these two.
    if (!reader.Ok()) return std::nullopt;
    return row;
}

Bytes Encode(const BestRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.hash.Span());
    writer.I32(row.height);
    writer.I64(row.supply);
    return out;
}

std::optional<BestRow> DecodeBest(ByteSpan in)
{
    Reader reader(in);
    BestRow row;
    row.hash = reader.Hash();
    row.height = reader.I32();
    row.supply = reader.I64();
    return Finish(reader, row);
}

Bytes Encode(const NameTotalsRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.block.Span());
    writer.U64(row.count);
    writer.U64(row.live);
    writer.U64(row.bytes);
    writer.U64(row.watermarks);
    writer.Raw(row.product);
    return out;
}

std::optional<NameTotalsRow> DecodeNameTotals(ByteSpan in)
{
    Reader reader(in);
    NameTotalsRow row;
    row.block = reader.Hash();
    row.count = reader.U64();
    row.live = reader.U64();
    row.bytes = reader.U64();
    row.watermarks = reader.U64();
    if (!reader.Ok()) return std::nullopt;
    row.product = Rest(reader);
    return row;
}

Bytes Encode(const SnapshotRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.base.Span());
    writer.I32(row.height);
    writer.U64(row.chain_tx_count);
    writer.Raw(row.coin_hash.Span());
    writer.Raw(row.name_hash.Span());
    writer.Raw(row.state_hash.Span());
    writer.U8(static_cast<uint8_t>(row.phase));
    return out;
}

std::optional<SnapshotRow> DecodeSnapshot(ByteSpan in)
{
    Reader reader(in);
    SnapshotRow row;
    row.base = reader.Hash();
    row.height = reader.I32();
    row.chain_tx_count = reader.U64();
    row.coin_hash = reader.Hash();
    row.name_hash = reader.Hash();
    row.state_hash = reader.Hash();
    const uint8_t phase = reader.U8();
    if (phase < static_cast<uint8_t>(SnapshotPhase::Loaded) ||
        phase > static_cast<uint8_t>(SnapshotPhase::Dropped) || row.height < 1 || row.chain_tx_count < 1)
        return std::nullopt;
    row.phase = static_cast<SnapshotPhase>(phase);
    return Finish(reader, row);
}

Bytes Encode(const CoinRow& row)
{
    Bytes out;
    out.reserve(13 + row.script.size());
    Writer writer(out);
    writer.I64(row.value);
    writer.I32(row.height);
    writer.U8(static_cast<uint8_t>((row.generated ? 1 : 0) | (row.had_prefix ? 2 : 0)));
    writer.Raw(row.script);
    return out;
}

std::optional<CoinRow> DecodeCoin(ByteSpan in)
{
    Reader reader(in);
    CoinRow row;
    row.value = reader.I64();
    row.height = reader.I32();
    const uint8_t flags = reader.U8();
    if (!reader.Ok() || flags > 3 || row.height < 0 || row.value < 0) return std::nullopt;
    row.generated = (flags & 1) != 0;
    row.had_prefix = (flags & 2) != 0;
    row.script = Rest(reader);
    return row;
}

Bytes Encode(const BlockRow& row)
{
    Bytes out;
    out.reserve(192);
    Writer writer(out);
    writer.Raw(row.header);
    writer.I32(row.height);
    writer.U8(row.status);
    writer.U64(row.sequence);
    WritePos(writer, row.data);
    WritePos(writer, row.undo);
    writer.U32(row.data_bytes);
    writer.U32(row.tx_count);
    writer.Raw(row.modifier.Span());
    writer.U8(row.broken_rule);
    return out;
}

std::optional<BlockRow> DecodeBlock(ByteSpan in)
{
    Reader reader(in);
    BlockRow row;
    const auto header = reader.Take(row.header.size());
    if (header.size() == row.header.size()) std::copy(header.begin(), header.end(), row.header.begin());
    row.height = reader.I32();
    row.status = reader.U8();
    row.sequence = reader.U64();
    row.data = ReadPos(reader);
    row.undo = ReadPos(reader);
    row.data_bytes = reader.U32();
    row.tx_count = reader.U32();
    row.modifier = reader.Hash();
    row.broken_rule = reader.U8();
    if (row.height < 0) return std::nullopt;
    return Finish(reader, row);
}

Bytes Encode(const FileEndsRow& row)
{
    Bytes out;
    Writer writer(out);
    WritePos(writer, row.blocks);
    WritePos(writer, row.undo);
    return out;
}

std::optional<FileEndsRow> DecodeFileEnds(ByteSpan in)
{
    Reader reader(in);
    FileEndsRow row;
    row.blocks = ReadPos(reader);
    row.undo = ReadPos(reader);
    if (row.blocks.file < 0 || row.undo.file < 0) return std::nullopt;
    return Finish(reader, row);
}

Bytes Encode(const TxRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.block.Span());
    writer.U32(row.index);
    return out;
}

std::optional<TxRow> DecodeTx(ByteSpan in)
{
    Reader reader(in);
    TxRow row;
    row.block = reader.Hash();
    row.index = reader.U32();
    return Finish(reader, row);
}

Bytes Encode(const HistoryRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.txid.Span());
    writer.U32(row.vout);
    writer.I64(row.time);
    writer.U8(row.kind);
    writer.I64(row.days);
    writer.Sized(row.value);
    writer.Sized(row.owner_script);
    return out;
}

std::optional<HistoryRow> DecodeHistory(ByteSpan in)
{
    Reader reader(in);
    HistoryRow row;
    row.txid = reader.Hash();
    row.vout = reader.U32();
    row.time = reader.I64();
    row.kind = reader.U8();
    row.days = reader.I64();
    row.value = reader.SizedBytes();
    row.owner_script = reader.SizedBytes();
    if (row.kind < 1 || row.kind > 3) return std::nullopt;
    return Finish(reader, row);
}

Bytes Encode(const FilterRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.header.Span());
    writer.Sized(row.filter);
    return out;
}

std::optional<FilterRow> DecodeFilter(ByteSpan in)
{
    Reader reader(in);
    FilterRow row;
    row.header = reader.Hash();
    row.filter = reader.SizedBytes();
    return Finish(reader, std::move(row));
}

Bytes Encode(const FollowerUndoRow& row)
{
    Bytes out;
    Writer writer(out);
    writer.Raw(row.block.Span());
    writer.Raw(row.parent.Span());
    writer.CompactSize(row.keys.size());
    for (const auto& key : row.keys)
        writer.Sized(key);
    return out;
}

std::optional<FollowerUndoRow> DecodeFollowerUndo(ByteSpan in)
{
    Reader reader(in);
    FollowerUndoRow row;
    row.block = reader.Hash();
    row.parent = reader.Hash();
    const size_t count = reader.Count(1);
    for (size_t i = 0; i < count && reader.Ok(); ++i)
        row.keys.push_back(reader.SizedBytes());
    return Finish(reader, std::move(row));
}

StorageResult<void> CheckVersion(KvStore& store, const ExpectedVersion& expected)
{
    const auto& where = store.Directory();
    const std::string remedy(expected.remedy);
    const auto found = store.Get(VersionKey());
    if (!found && found.Error().code == StorageError::NotFound) {
        const auto any = store.Iterate({});
        if (const auto status = any.Status(); !status) return status;
        if (any.Valid()) {
            return Broken(StorageError::Corrupt, where + " holds data without a version row; " + remedy);
        }
        const VersionRow row{expected.version, expected.magic_be};
        return store.Put(VersionKey(), Encode(row), Durability::Synced);
    }
    if (!found) return base::Unexpected(found.Error());
    const auto row = DecodeVersion(*found);
    if (!row) return Broken(StorageError::Corrupt, where + " has an unreadable version row; " + remedy);
    if (row->version > expected.version) {
        return Broken(StorageError::NewerVersion,
                      where + " has data version " + std::to_string(row->version) +
                          ", this program knows up to " + std::to_string(expected.version) +
                          "; use the newer program, or " + remedy);
    }
    if (row->magic_be != expected.magic_be) {
        return Broken(StorageError::WrongNetwork, where + "; use another data directory for this network");
    }
    if (row->version < expected.version) {
        return Broken(StorageError::Corrupt, where + " has data version " + std::to_string(row->version) +
                                                 ", which this program no longer reads; " + remedy);
    }
    return {};
}

} // namespace emc::storage
