#include "wallet/rows.h"

#include "crypto/sha256.h"

namespace emc::wallet {

namespace {

using codec::Reader;
using codec::Writer;

constexpr size_t MAX_LOCATOR = 64;
constexpr uint8_t FLAG_FROM_ME = 1;
constexpr uint8_t FLAG_GENERATED = 2;
constexpr uint8_t DESCRIPTOR_ACTIVE = 1;
constexpr uint8_t DESCRIPTOR_INTERNAL = 2;
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
    case RowKind::Master:
    case RowKind::Seed:
    case RowKind::Phrase:
    case RowKind::Account:
    case RowKind::NextIndex:
    case RowKind::KeyIds:
    case RowKind::Imported:
    case RowKind::ImportedPublic:
    case RowKind::Descriptor:
    case RowKind::DescriptorSecret:
    case RowKind::Label:
    case RowKind::Transaction:
    case RowKind::Synced:
    case RowKind::LockedCoin:
    case RowKind::Note:
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
    if (row.version > 1) out.U32(row.flags);
    return {HeaderKey(), std::move(value)};
}

std::optional<HeaderRow> ReadHeaderRow(ByteSpan value)
{
    Reader in(value);
    HeaderRow row;
    row.version = in.U32();
    row.network = base::ToText(in.TakeSized());
    row.birth_time = in.I64();
    if (row.version > 1) row.flags = in.U32();
    if (!in.Ok()) return std::nullopt;
    // A newer version may have more behind these.
    const bool known = row.version <= FILE_VERSION;
    if (known && (!in.Done() || row.version == 0 || (row.flags & ~KNOWN_WALLET_FLAGS) != 0))
        return std::nullopt;
    return row;
}

Bytes SeedKey()
{
    return KeyOf(RowKind::Seed);
}

Bytes PhraseKey()
{
    return KeyOf(RowKind::Phrase);
}

Bytes ImportedKey(const base::Hash160& key_id)
{
    return KeyOf(RowKind::Imported, key_id.Span());
}

Bytes DescriptorSecretKey(const Hash256& descriptor_id)
{
    return KeyOf(RowKind::DescriptorSecret, descriptor_id.Span());
}

Bytes AccountKey(uint8_t type)
{
    return KeyOf(RowKind::Account, {&type, 1});
}

RowChange MakeRow(const AccountRow& row)
{
    Bytes value;
    Writer out(value);
    out.Raw(row.root);
    out.U8(row.key.place.depth);
    out.Raw(row.key.place.parent);
    out.U32(row.key.place.child);
    out.Raw(row.key.chain_code.Span());
    out.Raw(row.key.key.Span());
    return {AccountKey(row.type), std::move(value)};
}

std::optional<AccountRow> ReadAccountRow(ByteSpan key, ByteSpan value)
{
    if (key.size() != 2) return std::nullopt;
    Reader in(value);
    AccountRow row;
    row.type = key[1];
    const ByteSpan root = in.Take(row.root.size());
    row.key.place.depth = in.U8();
    const ByteSpan parent = in.Take(row.root.size());
    row.key.place.child = in.U32();
    row.key.chain_code = in.Hash();
    const auto pubkey = crypto::PublicKey::From(in.Take(33));
    if (!in.Done() || !pubkey || !pubkey->IsOnCurve()) return std::nullopt;
    std::copy(root.begin(), root.end(), row.root.begin());
    std::copy(parent.begin(), parent.end(), row.key.place.parent.begin());
    row.key.key = *pubkey;
    return row;
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

Bytes ImportedSecret(const crypto::PrivateKey& key)
{
    Bytes secret(key.Span().begin(), key.Span().end());
    secret.push_back(key.IsCompressed() ? 1 : 0);
    return secret;
}

std::optional<crypto::PrivateKey> ReadImportedSecret(ByteSpan secret)
{
    if (secret.size() != 33 || secret[32] > 1) return std::nullopt;
    return crypto::PrivateKey::From(secret.first(32), secret[32] != 0);
}

RowChange MakeImportedPublicRow(const crypto::PublicKey& key)
{
    return {KeyOf(RowKind::ImportedPublic, key.Id().Span()), Bytes(key.Span().begin(), key.Span().end())};
}

std::optional<crypto::PublicKey> ReadImportedPublicRow(ByteSpan key, ByteSpan value)
{
    const auto pubkey = crypto::PublicKey::From(value);
    if (!pubkey || MakeImportedPublicRow(*pubkey).key != Bytes(key.begin(), key.end())) return std::nullopt;
    return pubkey;
}

Hash256 DescriptorId(std::string_view text)
{
    return crypto::Sha256Of(base::AsBytes(text));
}

RowChange MakeRow(const DescriptorRow& row)
{
    Bytes value;
    Writer out(value);
    out.Sized(base::AsBytes(row.text));
    out.U32(row.begin);
    out.U32(row.end);
    out.U32(row.next);
    out.I64(row.created);
    out.U8(static_cast<uint8_t>((row.active ? DESCRIPTOR_ACTIVE : 0) |
                                (row.internal ? DESCRIPTOR_INTERNAL : 0)));
    return {KeyOf(RowKind::Descriptor, DescriptorId(row.text).Span()), std::move(value)};
}

std::optional<DescriptorRow> ReadDescriptorRow(ByteSpan value)
{
    Reader in(value);
    DescriptorRow row;
    row.text = base::ToText(in.TakeSized());
    row.begin = in.U32();
    row.end = in.U32();
    row.next = in.U32();
    row.created = in.I64();
    const uint8_t flags = in.U8();
    if (!in.Done() || flags > (DESCRIPTOR_ACTIVE | DESCRIPTOR_INTERNAL) || row.begin > row.end ||
        row.end > script::HARDENED || row.next > row.end)
        return std::nullopt;
    row.active = (flags & DESCRIPTOR_ACTIVE) != 0;
    row.internal = (flags & DESCRIPTOR_INTERNAL) != 0;
    return row;
}

RowChange MakeLabelRow(ByteSpan script, std::string_view label)
{
    return {KeyOf(RowKind::Label, script), base::ToBytes(label)};
}

RowChange MakeRow(const NoteRow& row)
{
    Bytes key = KeyOf(RowKind::Note, {&row.kind, 1});
    key.insert(key.end(), row.ref.begin(), row.ref.end());
    return {std::move(key), row.label.empty() ? std::nullopt : std::optional(base::ToBytes(row.label))};
}

std::optional<NoteRow> ReadNoteRow(ByteSpan key, ByteSpan value)
{
    if (key.size() < 3 || value.empty()) return std::nullopt;
    return NoteRow{key[1], base::ToText(key.subspan(2)), base::ToText(value)};
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

namespace {

Bytes LockedKey(const primitives::OutPoint& coin)
{
    Bytes key = KeyOf(RowKind::LockedCoin, coin.txid.Span());
    Writer out(key);
    out.U32(coin.index);
    return key;
}

} // namespace

RowChange MakeLockedRow(const primitives::OutPoint& coin)
{
    return {LockedKey(coin), Bytes()};
}

RowChange RemoveLockedRow(const primitives::OutPoint& coin)
{
    return {LockedKey(coin), std::nullopt};
}

std::optional<primitives::OutPoint> ReadLockedKey(ByteSpan key)
{
    Reader in(key);
    (void)in.U8();
    primitives::OutPoint out;
    out.txid = in.Hash();
    out.index = in.U32();
    if (!in.Done()) return std::nullopt;
    return out;
}

} // namespace emc::wallet
