#include "crypto/random.h"
#include "storage/schema.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace emc::test {
namespace {

using namespace storage;

/// Round trip, and nothing but the whole row decodes. `open_end`: the last field takes all that is left.
template <typename Row, typename Decoder>
void Check(const Row& row, Decoder decode, bool open_end = false)
{
    auto bytes = Encode(row);
    const auto back = decode(bytes);
    BOOST_REQUIRE(back);
    BOOST_TEST((*back == row));
    if (open_end) return;
    for (size_t n = 0; n < bytes.size(); ++n)
        BOOST_TEST(!decode(base::ByteSpan(bytes).first(n)));
    bytes.push_back(0);
    BOOST_TEST(!decode(bytes));
}

base::Hash256 RandomHash(crypto::TestRandom& random)
{
    base::Hash256 out;
    random.Fill(out.bytes);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema)

BOOST_AUTO_TEST_CASE(rows_round_trip)
{
    crypto::TestRandom random(2);
    for (int i = 0; i < 50; ++i) {
        Check(BestRow{RandomHash(random), static_cast<int32_t>(random.Below(1'000)),
                      static_cast<int64_t>(random.Next64() >> 1)},
              DecodeBest);
        NameTotalsRow totals{RandomHash(random), random.Next64(), random.Next64(),
                             random.Next64(),    random.Next64(), base::Bytes(384)};
        random.Fill(totals.product);
        Check(totals, DecodeNameTotals, true);
        Check(SnapshotRow{RandomHash(random), 1 + static_cast<int32_t>(random.Below(1'000)),
                          1 + random.Below(1'000'000), RandomHash(random), RandomHash(random),
                          RandomHash(random), static_cast<SnapshotPhase>(1 + random.Below(4))},
              DecodeSnapshot);
        CoinRow coin;
        coin.value = static_cast<int64_t>(random.Next64() >> 2);
        coin.height = static_cast<int32_t>(random.Below(1u << 30));
        coin.generated = random.Below(2) == 0;
        coin.had_prefix = random.Below(2) == 0;
        coin.script.resize(static_cast<size_t>(random.Below(80)));
        random.Fill(coin.script);
        Check(coin, DecodeCoin, true);
        BlockRow block;
        random.Fill(block.header);
        block.height = static_cast<int32_t>(random.Below(1u << 30));
        block.status = static_cast<uint8_t>(random.Below(256));
        block.sequence = random.Next64();
        block.data = {static_cast<int32_t>(random.Below(1'000)), random.Next64()};
        block.undo = {-1, 0};
        block.data_bytes = static_cast<uint32_t>(random.Next64());
        block.tx_count = static_cast<uint32_t>(random.Next64());
        block.modifier = RandomHash(random);
        block.broken_rule = static_cast<uint8_t>(random.Below(256));
        Check(block, DecodeBlock);
        Check(FileEndsRow{{1, random.Next64()}, {2, random.Next64()}}, DecodeFileEnds);
        Check(TxRow{RandomHash(random), static_cast<uint32_t>(random.Next64())}, DecodeTx);
        HistoryRow history;
        history.txid = RandomHash(random);
        history.vout = 3;
        history.time = 1'700'000'000;
        history.kind = static_cast<uint8_t>(1 + random.Below(3));
        history.days = -1;
        history.value.resize(static_cast<size_t>(random.Below(400)));
        history.owner_script.resize(22);
        Check(history, DecodeHistory);
    }
    Check(
        FollowerUndoRow{RandomHash(random), RandomHash(random), {base::Bytes(33, 1), {}, base::Bytes(3, 2)}},
        DecodeFollowerUndo);
    const VersionRow version{7, 0xe45c0d11};
    BOOST_TEST((*DecodeVersion(Encode(version)) == version));
    BOOST_TEST(!DecodeVersion(base::Bytes(7)));
}

BOOST_AUTO_TEST_CASE(bad_rows)
{
    CoinRow coin;
    auto bytes = Encode(coin);
    bytes[12] = 4;
    BOOST_TEST(!DecodeCoin(bytes));
    coin.value = -1;
    BOOST_TEST(!DecodeCoin(Encode(coin)));
    coin = {};
    coin.height = -1;
    BOOST_TEST(!DecodeCoin(Encode(coin)));
    HistoryRow history;
    BOOST_TEST(!DecodeHistory(Encode(history)));
    BOOST_TEST(!DecodeFileEnds(Encode(FileEndsRow{})));
    BlockRow block;
    block.height = -1;
    BOOST_TEST(!DecodeBlock(Encode(block)));
}

BOOST_AUTO_TEST_CASE(keys_parse_back_and_sort)
{
    crypto::TestRandom random(4);
    const auto hash = RandomHash(random);
    const auto coin = ParseCoinKey(CoinKey(hash, 258));
    BOOST_REQUIRE(coin);
    BOOST_TEST((coin->txid == hash));
    BOOST_TEST(coin->index == 258U);
    BOOST_TEST(!ParseCoinKey(NameKey("x")));
    BOOST_TEST((CoinKey(hash, 2) < CoinKey(hash, 10)));
    BOOST_TEST(ParseNameKey(NameKey("dns:a")).value_or("") == "dns:a");
    BOOST_TEST(!ParseNameKey(BestKey()));
    const base::Bytes owner(22, 1);
    BOOST_TEST(ParseNameByOwnerKey(NameByOwnerKey(owner, "dns:a")).value_or("") == "dns:a");
    BOOST_TEST(!ParseNameByOwnerKey(NameKey("dns:a")));
    const auto prefix = NameByOwnerPrefix(owner);
    const auto whole = NameByOwnerKey(owner, "dns:a");
    BOOST_TEST(std::equal(prefix.begin(), prefix.end(), whole.begin()));
    const auto expiry = ParseNameByExpiryKey(NameByExpiryKey(70'000, "n"));
    BOOST_REQUIRE(expiry);
    BOOST_TEST(expiry->expiry == 70'000);
    BOOST_TEST(expiry->name == "n");
    BOOST_TEST((NameByExpiryKey(255, "z") < NameByExpiryKey(256, "a")));
    const base::Bytes pair(20, 7);
    const auto watermark_key = WatermarkKey(pair);
    BOOST_REQUIRE(ParseWatermarkKey(watermark_key));
    BOOST_TEST(std::ranges::equal(*ParseWatermarkKey(watermark_key), pair));
    BOOST_TEST(!ParseWatermarkKey(WatermarkKey(base::Bytes(19, 7))));
    const auto end_key = WatermarkByEndKey(70'000, pair);
    BOOST_REQUIRE(ParseWatermarkByEndKey(end_key));
    BOOST_TEST(ParseWatermarkByEndKey(end_key)->end == 70'000U);
    BOOST_TEST((WatermarkByEndKey(255, pair) < WatermarkByEndKey(256, base::Bytes(20))));
    BOOST_TEST((ParseBlockKey(BlockKey(hash)) == hash));
    BOOST_TEST(ParseHistoryHeight(HistoryKey("abc", 99)).value_or(0) == 99);
    BOOST_TEST((HistoryKey("abc", 255) < HistoryKey("abc", 256)));
    // No name's history is a prefix of another's.
    const auto shorter = HistoryPrefix("ab");
    const auto longer = HistoryKey("abc", 1);
    BOOST_TEST(!std::equal(shorter.begin(), shorter.end(), longer.begin()));
    // Prefixes differ, so no kind of row can be taken for another.
    const std::set<uint8_t> prefixes{PREFIX_VERSION,
                                     PREFIX_BEST,
                                     PREFIX_COIN,
                                     PREFIX_NAME,
                                     PREFIX_NAME_BY_OUTPOINT,
                                     PREFIX_NAME_BY_OWNER,
                                     PREFIX_NAME_BY_EXPIRY,
                                     PREFIX_BLOCK,
                                     PREFIX_PROOF,
                                     PREFIX_FILE_ENDS,
                                     PREFIX_TX,
                                     PREFIX_NAME_HISTORY};
    BOOST_TEST(prefixes.size() == 12U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
