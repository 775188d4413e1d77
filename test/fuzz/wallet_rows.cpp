// Rows of a wallet file: whatever is read must be written as the same bytes.
#include "base/check.h"
#include "wallet/rows.h"
#include "wallet/vault.h"

namespace {

using namespace emc::wallet;
using emc::base::Bytes;
using emc::base::ByteSpan;

/// `row` was read from this key and value.
void Same(const RowChange& row, ByteSpan key, ByteSpan value)
{
    EMC_CHECK(row.key == Bytes(key.begin(), key.end()));
    EMC_CHECK(row.value && *row.value == Bytes(value.begin(), value.end()));
}

void ReadOne(RowKind kind, ByteSpan key, ByteSpan value)
{
    switch (kind) {
    case RowKind::Header:
        if (const auto row = ReadHeaderRow(value); row && row->version == FILE_VERSION)
            Same(MakeRow(*row), HeaderKey(), value);
        break;
    case RowKind::Seed:
    case RowKind::Phrase:
    case RowKind::DescriptorSecret: {
        Vault vault;
        static_cast<void>(vault.Load(key, value));
        break;
    }
    case RowKind::Master:
        if (const auto row = ReadMasterRow(value)) Same(MakeRow(*row), MasterKey(), value);
        break;
    case RowKind::Account:
        if (const auto row = ReadAccountRow(key, value)) Same(MakeRow(*row), key, value);
        break;
    case RowKind::ImportedPublic:
        if (const auto row = ReadImportedPublicRow(key, value)) Same(MakeImportedPublicRow(*row), key, value);
        break;
    case RowKind::Descriptor:
        if (const auto row = ReadDescriptorRow(value)) Same(MakeRow(*row), MakeRow(*row).key, value);
        break;
    case RowKind::NextIndex:
        if (const auto chain = ReadChainKey(key)) {
            if (const auto next = ReadNextIndex(value)) Same(MakeNextIndexRow(*chain, *next), key, value);
        }
        break;
    case RowKind::Imported:
        if (const auto secret = ReadImportedSecret(value))
            EMC_CHECK(ImportedSecret(*secret) == Bytes(value.begin(), value.end()));
        break;
    case RowKind::Label:
        Same(MakeLabelRow(LabelScript(key), emc::base::AsText(value)), key, value);
        break;
    case RowKind::KeyIds:
        if (const auto row = ReadKeyIdsRow(key, value)) Same(MakeRow(*row), key, value);
        break;
    case RowKind::Transaction:
        if (const auto row = ReadTransactionRow(value))
            Same(MakeRow(*row), RemoveRow(row->tx->Txid()).key, value);
        break;
    case RowKind::Note:
        if (const auto row = ReadNoteRow(key, value)) Same(MakeRow(*row), key, value);
        break;
    case RowKind::LockedCoin:
        if (const auto coin = ReadLockedKey(key)) Same(MakeLockedRow(*coin), key, {});
        break;
    case RowKind::Synced:
        if (const auto row = ReadSyncedRow(value)) Same(MakeRow(*row), MakeRow(SyncedRow{}).key, value);
        break;
    }
}

} // namespace

/// First byte: length of the key, then key and value.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ByteSpan in(data, size);
    if (in.empty() || in.size() - 1 < in[0]) return 0;
    const ByteSpan key = in.subspan(1, in[0]);
    if (const auto kind = KindOf(key)) ReadOne(*kind, key, in.subspan(1 + key.size()));
    return 0;
}
