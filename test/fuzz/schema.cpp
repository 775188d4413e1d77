// Rows and keys of the stores: whatever decodes must encode to the same bytes.
#include "storage/schema.h"

#include "base/check.h"

namespace {

using namespace emc::storage;
using emc::base::Bytes;
using emc::base::ByteSpan;

template <typename Row>
void Same(const std::optional<Row>& row, ByteSpan in)
{
    if (row) EMC_CHECK(Encode(*row) == Bytes(in.begin(), in.end()));
}

/// Compact lengths have one form only, so these rows too come back byte for byte.
void Keys(ByteSpan in)
{
    if (const auto parts = ParseCoinKey(in)) {
        EMC_CHECK(CoinKey(parts->txid, parts->index) == Bytes(in.begin(), in.end()));
    }
    if (const auto name = ParseNameKey(in)) EMC_CHECK(NameKey(*name) == Bytes(in.begin(), in.end()));
    if (const auto parts = ParseNameByExpiryKey(in)) {
        EMC_CHECK(NameByExpiryKey(parts->expiry, parts->name) == Bytes(in.begin(), in.end()));
    }
    if (const auto pair = ParseWatermarkKey(in))
        EMC_CHECK(WatermarkKey(*pair) == Bytes(in.begin(), in.end()));
    if (const auto parts = ParseWatermarkByEndKey(in)) {
        EMC_CHECK(WatermarkByEndKey(parts->end, parts->pair) == Bytes(in.begin(), in.end()));
    }
    if (const auto hash = ParseBlockKey(in)) EMC_CHECK(BlockKey(*hash) == Bytes(in.begin(), in.end()));
    (void)ParseNameByOwnerKey(in);
    (void)ParseHistoryHeight(in);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ByteSpan in(data, size);
    if (in.empty()) return 0;
    const ByteSpan row = in.subspan(1);
    switch (in[0] % 10) {
    case 0:
        Same(DecodeBest(row), row);
        break;
    case 1:
        Same(DecodeCoin(row), row);
        break;
    case 2:
        Same(DecodeBlock(row), row);
        break;
    case 3:
        Same(DecodeFileEnds(row), row);
        break;
    case 4:
        Same(DecodeTx(row), row);
        break;
    case 5:
        Same(DecodeHistory(row), row);
        break;
    case 6:
        Same(DecodeFollowerUndo(row), row);
        break;
    case 9:
        Same(DecodeNameTotals(row), row);
        break;
    case 8:
        Same(DecodeSnapshot(row), row);
        break;
    default:
        Keys(row);
        break;
    }
    return 0;
}
