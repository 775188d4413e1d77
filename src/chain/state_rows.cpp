#include "chain/state_rows.h"

#include "storage/kv_store.h"
#include "storage/schema.h"

namespace emc::chain {
namespace {

using storage::StorageResult;

/// nullopt: there is no such row.
StorageResult<std::optional<base::Bytes>> RowOf(const RowSource& from, const base::Bytes& key)
{
    auto row = from.store.Get(key, from.snapshot);
    if (row) return std::optional(std::move(*row));
    if (row.Error().code == storage::StorageError::NotFound) return std::optional<base::Bytes>();
    return base::Unexpected(row.Error());
}

/// The row as `parse` reads it; `what` names it in errors.
template <typename T>
StorageResult<std::optional<T>> ReadRow(const RowSource& from, const base::Bytes& key,
                                        std::optional<T> (*parse)(base::ByteSpan), const char* what)
{
    const auto row = RowOf(from, key);
    if (!row) return base::Unexpected(row.Error());
    if (!*row) return std::optional<T>();
    auto parsed = parse(**row);
    if (parsed) return parsed;
    return base::Unexpected(storage::StorageFailure{storage::StorageError::Corrupt,
                                                    from.store.Directory() + ": unreadable " + what +
                                                        " row; start with -reindex-chainstate"});
}

std::optional<std::string> ParseText(base::ByteSpan row)
{
    return base::ToText(row);
}

} // namespace

std::optional<primitives::Coin> ParseCoin(base::ByteSpan row)
{
    auto parts = storage::DecodeCoin(row);
    if (!parts) return std::nullopt;
    primitives::Coin coin;
    coin.out = {parts->value, std::move(parts->script)};
    coin.height = parts->height;
    coin.generated = parts->generated;
    coin.had_prefix = parts->had_prefix;
    return coin;
}

std::optional<names::NameRecord> ParseRecord(base::ByteSpan row)
{
    codec::Reader reader(row);
    auto record = names::ReadNameRecord(reader);
    if (!reader.Done()) return std::nullopt;
    return record;
}

StorageResult<std::optional<primitives::Coin>> ReadCoin(const RowSource& from,
                                                        const primitives::OutPoint& outpoint)
{
    return ReadRow(from, storage::CoinKey(outpoint.txid, outpoint.index), ParseCoin, "coin");
}

StorageResult<std::optional<names::NameRecord>> ReadName(const RowSource& from, std::string_view name)
{
    return ReadRow(from, storage::NameKey(name), ParseRecord, "name");
}

StorageResult<std::optional<std::string>> ReadNameAt(const RowSource& from,
                                                     const primitives::OutPoint& outpoint)
{
    return ReadRow(from, storage::NameByOutpointKey(outpoint.txid, outpoint.index), ParseText, "name");
}

} // namespace emc::chain
