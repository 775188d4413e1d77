#include "primitives/transaction.h"

#include "crypto/sha256.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <unordered_set>

using namespace emc;
using namespace emc::primitives;

namespace {

base::Bytes Hex(std::string_view text)
{
    return base::FromHex(text).value();
}

// The coinbase of Bitcoin's first block.
constexpr std::string_view GENESIS_COINBASE =
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468"
    "652054"
    "696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f"
    "757420"
    "666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0"
    "ea1f61"
    "deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000";

} // namespace

BOOST_AUTO_TEST_SUITE(transaction)

BOOST_AUTO_TEST_CASE(a_known_transaction)
{
    const auto bytes = Hex(GENESIS_COINBASE);
    const auto tx = ParseTransaction(bytes);
    BOOST_REQUIRE(tx);
    BOOST_TEST(base::ReversedHex(tx->Txid()) ==
               "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");
    BOOST_TEST((tx->Wtxid() == tx->Txid()));
    BOOST_TEST(tx->IsCoinbase());
    BOOST_TEST(!tx->HasWitness());
    BOOST_TEST(tx->Version() == 1);
    BOOST_TEST(tx->LockTime() == 0u);
    BOOST_TEST(tx->TotalSize() == 204u);
    BOOST_TEST(tx->BaseSize() == 204u);
    BOOST_TEST(tx->Weight() == 816u);
    BOOST_TEST(tx->VirtualSize() == 204u);
    BOOST_TEST(*tx->OutputSum() == 50 * COIN);
    BOOST_TEST((Serialize(*tx) == bytes));
}

BOOST_AUTO_TEST_CASE(with_and_without_witness)
{
    auto fields = test::SampleTransaction(3, 5 * COIN);
    const auto plain = MakeTx(fields);
    fields.inputs[1].witness = {Hex("aabb"), {}, Hex("cc")};
    const auto tx = MakeTx(fields);
    BOOST_TEST(tx->HasWitness());
    BOOST_TEST((tx->Txid() == plain->Txid()));
    BOOST_TEST((tx->Wtxid() != tx->Txid()));
    BOOST_TEST((Serialize(*tx, WitnessMode::Without) == Serialize(*plain)));
    BOOST_TEST(tx->BaseSize() == plain->TotalSize());
    BOOST_TEST(tx->TotalSize() == plain->TotalSize() + 2 + 1 + (1 + 3 + 1 + 2) + 1);
    BOOST_TEST(tx->Weight() == 3 * tx->BaseSize() + tx->TotalSize());
    BOOST_TEST(tx->VirtualSize() == (tx->Weight() + 3) / 4);
    const auto bytes = Serialize(*tx);
    BOOST_TEST((tx->Wtxid() == crypto::Sha256d(bytes)));
    BOOST_TEST(bytes.size() == tx->TotalSize());
    const auto back = ParseTransaction(bytes);
    BOOST_REQUIRE(back);
    BOOST_TEST((back->Inputs() == tx->Inputs()));
    BOOST_TEST((back->Outputs() == tx->Outputs()));
    BOOST_TEST(back->LockTime() == 77u);
    BOOST_TEST((back->Wtxid() == tx->Wtxid()));
    BOOST_TEST((back->Txid() == tx->Txid()));
    BOOST_TEST(back->Weight() == tx->Weight());
    BOOST_TEST(!tx->IsCoinbase());
}

BOOST_AUTO_TEST_CASE(nothing_may_be_missing_or_left_over)
{
    auto fields = test::SampleTransaction(2, COIN);
    fields.inputs[0].witness = {base::Bytes(70, 1)};
    auto bytes = Serialize(*MakeTx(fields));
    for (size_t length = 0; length < bytes.size(); ++length) {
        codec::Reader in(base::ByteSpan(bytes).first(length));
        (void)ReadTransaction(in);
        BOOST_TEST(!in.Ok(), length);
    }
    bytes.push_back(0);
    BOOST_TEST(ParseTransaction(bytes) == nullptr);
}

BOOST_AUTO_TEST_CASE(witness_marker_rules)
{
    auto fields = test::SampleTransaction(1, COIN);
    const auto plain = Serialize(*MakeTx(fields));
    // Marker and flag, but every witness empty: superfluous.
    base::Bytes superfluous(plain.begin(), plain.begin() + 4);
    superfluous.insert(superfluous.end(), {0, 1});
    superfluous.insert(superfluous.end(), plain.begin() + 4, plain.end() - 4);
    superfluous.push_back(0);
    superfluous.insert(superfluous.end(), plain.end() - 4, plain.end());
    BOOST_TEST(ParseTransaction(superfluous) == nullptr);

    fields.inputs[0].witness = {Hex("01")};
    auto marked = Serialize(*MakeTx(fields));
    BOOST_REQUIRE(ParseTransaction(marked));
    for (const uint8_t flag : {uint8_t{2}, uint8_t{3}, uint8_t{0xff}}) {
        marked[5] = flag;
        codec::Reader in(marked);
        (void)ReadTransaction(in);
        BOOST_TEST(!in.Ok());
        BOOST_TEST(ParseTransaction(marked) == nullptr);
    }
}

BOOST_AUTO_TEST_CASE(without_inputs)
{
    // No inputs, no outputs: both forms are the same bytes.
    const auto empty = Hex("02000000000000000000");
    const auto tx = ParseTransaction(empty);
    BOOST_REQUIRE(tx);
    BOOST_TEST(tx->Inputs().empty());
    BOOST_TEST(tx->Outputs().empty());
    BOOST_TEST((Serialize(*tx) == empty));
    // No inputs, one output: fits only the form without witness.
    MutableTransaction fields;
    fields.outputs.push_back({7, Hex("51")});
    const auto bytes = Serialize(*MakeTx(fields));
    const auto parsed = ParseTransaction(bytes);
    BOOST_REQUIRE(parsed);
    BOOST_TEST(parsed->Inputs().empty());
    BOOST_TEST((parsed->Outputs() == fields.outputs));
    codec::Reader with(bytes);
    (void)ReadTransaction(with, WitnessMode::With);
    BOOST_TEST(!with.Done());
}

BOOST_AUTO_TEST_CASE(lying_counts_cost_nothing)
{
    for (const std::string_view text : {"01000000feffffff01", "01000000fe00000002", "010000000001fe00000002",
                                        "01000000ff0000000001000000", "0100000000feffffff01"}) {
        BOOST_TEST(ParseTransaction(Hex(text)) == nullptr, text);
    }
    auto fields = test::SampleTransaction(1, COIN);
    fields.inputs[0].witness = {Hex("01")};
    auto bytes = Serialize(*MakeTx(fields));
    // The count of witness items stands before "01 01 lock time".
    bytes[bytes.size() - 7] = 0xfc;
    BOOST_TEST(ParseTransaction(bytes) == nullptr);
}

BOOST_AUTO_TEST_CASE(sums_of_outputs)
{
    auto fields = test::SampleTransaction(1, MAX_MONEY);
    BOOST_TEST(*Transaction(fields).OutputSum() == MAX_MONEY);
    fields.outputs.push_back({0, {}});
    BOOST_TEST(*Transaction(fields).OutputSum() == MAX_MONEY);
    fields.outputs.push_back({1, {}});
    BOOST_TEST(!Transaction(fields).OutputSum());
    fields.outputs = {{-1, {}}};
    BOOST_TEST(!Transaction(fields).OutputSum());
    fields.outputs = {{std::numeric_limits<Amount>::max(), {}}, {std::numeric_limits<Amount>::max(), {}}};
    BOOST_TEST(!Transaction(fields).OutputSum());
    fields.outputs.clear();
    BOOST_TEST(*Transaction(fields).OutputSum() == 0);
}

BOOST_AUTO_TEST_CASE(outpoints)
{
    const OutPoint null_point;
    BOOST_TEST(null_point.IsNull());
    const OutPoint other{test::FilledHash(0), 0};
    BOOST_TEST(!other.IsNull());
    const OutPoint third{test::FilledHash(1), 0xffffffff};
    BOOST_TEST(!third.IsNull());
    BOOST_TEST((other < null_point));
    BOOST_TEST((null_point < third));

    const auto bytes = test::WrittenBytes(OutPoint{test::FilledHash(5), 0x01020304});
    BOOST_TEST(base::Hex(bytes).substr(64) == "04030201");
    codec::Reader in(bytes);
    BOOST_TEST((ReadOutPoint(in) == OutPoint{test::FilledHash(5), 0x01020304}));
    BOOST_TEST(in.Done());

    std::unordered_set<OutPoint, OutPointHasher> set;
    for (uint32_t i = 0; i < 100; ++i)
        set.insert({test::FilledHash(static_cast<uint8_t>(i % 10)), i / 10});
    BOOST_TEST(set.size() == 100u);
    BOOST_TEST(set.contains({test::FilledHash(3), 4}));
    BOOST_TEST(!set.contains({test::FilledHash(3), 10}));
    BOOST_TEST(OutPointHasher{1}(other) != OutPointHasher{2}(other));
}

BOOST_AUTO_TEST_CASE(amount_text)
{
    BOOST_TEST(AmountText(COIN) == "1.00000000");
    BOOST_TEST(AmountText(-1) == "-0.00000001");
    BOOST_TEST(MoneyRange(0));
    BOOST_TEST(MoneyRange(MAX_MONEY));
    BOOST_TEST(!MoneyRange(MAX_MONEY + 1));
    BOOST_TEST(!MoneyRange(-1));
}

BOOST_AUTO_TEST_SUITE_END()
