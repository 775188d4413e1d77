#include "wallet/rows.h"

namespace emc::wallet {

namespace {

using codec::Reader;
using codec::Writer;

constexpr size_t MAX_LOCATOR = 64;
constexpr uint8_t FLAG_FROM_ME = 1;
constexpr uint8_t FLAG_GENERATED = 2;
constexpr uint8_t KNOWN_FLAGS = FLAG_FROM_ME | FLAG_GENERATED;

Bytes KeyOf(RowKind kind, ByteSpan rest = {})
{
    Bytes out{static_cast<uint8_t>(kind)};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

} // namespace

std::optional<RowKind> KindOf(ByteSpan key)
{
    if (key.empty()) return std::nullopt;
    const auto kind = static_cast<RowKind>(key[0]);
    switch (kind) {
    case RowKind::Header:
    case RowKind::Seed:
    case RowKind::NextIndex:
    case RowKind::Imported:
    case RowKind::Label:
    case RowKind::KeyIds:
    case RowKind::Transaction:
    case RowKind::Synced:
        return kind;
    }
    return std::nullopt;
}

Bytes HeaderKey()
{
    return KeyOf(RowKind::Header);
}

RowChange MakeRow(const HeaderRow& row)
{
    Bytes value;
    Writer out(value);
    out.U32(row.version);
    out.Sized(base::AsBytes(row.network));
    out.I64(row.birth_time);
    return {HeaderKey(), std::move(value)};
}

std::optional<HeaderRow> ReadHeaderRow(ByteSpan value)
{
    Reader in(value);
    HeaderRow row;
    row.version = in.U32();
    row.network = base::ToText(in.TakeSized());
    row.birth_time = in.I64();
    // A newer version may have more behind these.
    if (!in.Ok() || (row.version == FILE_VERSION && !in.Done())) return std::nullopt;
    return row;
}

Bytes SeedKey()
{
    return KeyOf(RowKind::Seed);
}

RowChange MakeSeedRow(ByteSpan seed)
{
    return {SeedKey(), Bytes(seed.begin(), seed.end())};
}

RowChange MakeNextIndexRow(const ChainId& chain, uint32_t next)
{
    Bytes value;
    Writer(value).U32(next);
    const uint8_t id[] = {chain.type, chain.change};
    return {KeyOf(RowKind::NextIndex, id), std::move(value)};
}

std::optional<ChainId> ReadChainKey(ByteSpan key)
{
    if (key.size() != 3) return std::nullopt;
    return ChainId{key[1], key[2]};
}

std::optional<uint32_t> ReadNextIndex(ByteSpan value)
{
    Reader in(value);
    const uint32_t next = in.U32();
    if (!in.Done()) return std::nullopt;
    return next;
}

RowChange MakeRow(const KeyIdsRow& row)
{
    Bytes rest{row.chain.type, row.chain.change};
    Writer(rest).U32Big(row.number); // so that rows sort by number
    Bytes value;
    Writer out(value);
    for (const auto& id : row.ids)
        out.Raw(id.Span());
    return {KeyOf(RowKind::KeyIds, rest), std::move(value)};
}

std::optional<KeyIdsRow> ReadKeyIdsRow(ByteSpan key, ByteSpan value)
{
    if (key.size() != 7 || value.size() != KEY_IDS_PER_ROW * base::Hash160::SIZE) return std::nullopt;
    KeyIdsRow row;
    row.chain = {key[1], key[2]};
    row.number = Reader(key.subspan(3)).U32Big();
    Reader in(value);
    row.ids.resize(KEY_IDS_PER_ROW);
    for (auto& id : row.ids)
        in.Array(id);
    return row;
}

RowChange MakeImportedRow(const crypto::PrivateKey& key)
{
    Bytes value(key.Span().begin(), key.Span().end());
    value.push_back(key.IsCompressed() ? 1 : 0);
    return {KeyOf(RowKind::Imported, key.Public().Id().Span()), std::move(value)};
}

std::optional<crypto::PrivateKey> ReadImportedRow(ByteSpan value)
{
    if (value.size() != 33 || value[32] > 1) return std::nullopt;
    return crypto::PrivateKey::From(value.first(32), value[32] != 0);
}

RowChange MakeLabelRow(ByteSpan script, std::string_view label)
{
    return {KeyOf(RowKind::Label, script), base::ToBytes(label)};
}

ByteSpan LabelScript(ByteSpan key)
{
    return key.subspan(1);
}

RowChange MakeRow(const TransactionRow& row)
{
    Bytes value;
    Writer out(value);
    out.Sized(primitives::Serialize(*row.tx));
    out.U8(static_cast<uint8_t>(row.state == TxState::InPool ? TxState::Inactive : row.state));
    out.I64(row.received);
    out.U64(row.order);
    out.I32(row.height);
    out.Raw(row.block.Span());
    out.Sized(base::AsBytes(row.comment));
    out.Sized(base::AsBytes(row.comment_to));
    out.U8(static_cast<uint8_t>((row.from_me ? FLAG_FROM_ME : 0) | (row.generated ? FLAG_GENERATED : 0)));
    return {KeyOf(RowKind::Transaction, row.tx->Txid().Span()), std::move(value)};
}

RowChange RemoveRow(const Hash256& txid)
{
    return {KeyOf(RowKind::Transaction, txid.Span()), std::nullopt};
}

std::optional<TransactionRow> ReadTransactionRow(ByteSpan value)
{
    Reader in(value);
    TransactionRow row;
    const ByteSpan tx = in.TakeSized();
    const uint8_t state = in.U8();
    row.received = in.I64();
    row.order = in.U64();
    row.height = in.I32();
    row.block = in.Hash();
    row.comment = base::ToText(in.TakeSized());
    row.comment_to = base::ToText(in.TakeSized());
    const uint8_t flags = in.U8();
    if (!in.Done() || state > static_cast<uint8_t>(TxState::Abandoned) || (flags & ~KNOWN_FLAGS) != 0)
        return std::nullopt;
    row.tx = primitives::ParseTransaction(tx);
    if (!row.tx) return std::nullopt;
    row.state = static_cast<TxState>(state);
    row.from_me = (flags & FLAG_FROM_ME) != 0;
    row.generated = (flags & FLAG_GENERATED) != 0;
    if ((row.state == TxState::Confirmed) != (row.height >= 0 && row.state != TxState::Conflicted))
        return std::nullopt;
    return row;
}

RowChange MakeRow(const SyncedRow& row)
{
    Bytes value;
    Writer out(value);
    out.I32(row.height);
    out.CompactSize(row.locator.size());
    for (const auto& hash : row.locator)
        out.Raw(hash.Span());
    return {KeyOf(RowKind::Synced), std::move(value)};
}

std::optional<SyncedRow> ReadSyncedRow(ByteSpan value)
{
    Reader in(value);
    SyncedRow row;
    row.height = in.I32();
    const size_t count = in.Count(Hash256::SIZE);
    if (count > MAX_LOCATOR) return std::nullopt;
    for (size_t i = 0; i < count; ++i)
        row.locator.push_back(in.Hash());
    if (!in.Done()) return std::nullopt;
    return row;
}

} // namespace emc::wallet
