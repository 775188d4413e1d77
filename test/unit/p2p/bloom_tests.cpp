// The filters of light clients. Numbers of BIP 37 and of the hash function as published.
#include "codec/writer.h"
#include "p2p/relay/bloom_filter.h"
#include "primitives/transaction.h"
#include "script/solver.h"
#include "unit/p2p/samples.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr uint32_t TWEAK = 2147483649;

base::Bytes Raw(std::string_view hex)
{
    return base::FromHex(hex).value();
}

BloomFilter Empty(uint8_t flags = 0)
{
    return {base::Bytes(200), 7, 5, flags};
}

base::Bytes CoinBytes(const primitives::Transaction& tx, uint32_t output)
{
    base::Bytes out;
    codec::Writer writer(out);
    Write(writer, primitives::OutPoint{tx.Txid(), output});
    return out;
}

const base::Bytes KEY_BYTES = Raw("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

/// Spends coin 3 of a made-up transaction, with one push; pays a key, a key hash, and a name's owner.
primitives::TxRef Payment()
{
    primitives::MutableTransaction tx;
    const auto key = crypto::PublicKey::From(KEY_BYTES);
    BOOST_REQUIRE(key.has_value());
    tx.inputs.push_back(
        {{test::FilledHash(9), 3}, script::ScriptBuilder().Push(Raw("aabbccdd")).Take(), 0, {}});
    tx.outputs.push_back({1, script::PayToPubKey(*key)});
    tx.outputs.push_back({2, script::PayToPubKeyHash(base::Hash160{})});
    tx.outputs.push_back({3, script::ScriptBuilder().Push(Raw("6e616d65")).Op(script::OP_DROP).Take()});
    return primitives::MakeTx(std::move(tx));
}

} // namespace

BOOST_AUTO_TEST_SUITE(bloom)

BOOST_AUTO_TEST_CASE(murmur3)
{
    const struct {
        uint32_t seed;
        const char* in;
        uint32_t hash;
    } cases[] = {
        {0x00000000, "", 0x00000000},
        {0xfba4c795, "", 0x6a396f08},
        {0xffffffff, "", 0x81f16f39},
        {0x00000000, "00", 0x514e28b7},
        {0xfba4c795, "00", 0xea3f0b17},
        {0x00000000, "ff", 0xfd6cf10d},
        {0x00000000, "0011", 0x16c6b7ab},
        {0x00000000, "001122", 0x8eb51c3d},
        {0x00000000, "00112233", 0xb4471bf8},
        {0x00000000, "0011223344", 0xe2301fa8},
        {0x00000000, "001122334455", 0xfc2e4a15},
        {0x00000000, "00112233445566", 0xb074502c},
        {0x00000000, "0011223344556677", 0x8034d2a0},
        {0x00000000, "001122334455667788", 0xb4698def},
    };

    for (const auto& one : cases)
        BOOST_TEST(Murmur3(one.seed, Raw(one.in)) == one.hash, one.in);
}

BOOST_AUTO_TEST_CASE(published_filters)
{
    const auto member = Raw("99108ad8ed9bb6274d3980bab5a85c048f0950c8");
    const auto stranger = Raw("19108ad8ed9bb6274d3980bab5a85c048f0950c8");

    const struct {
        uint32_t tweak;
        const char* bits;
    } cases[] = {{0, "614e9b"}, {TWEAK, "ce4299"}};

    for (const auto& one : cases) {
        BloomFilter filter(base::Bytes(3), 5, one.tweak, 1);
        filter.Add(member);
        BOOST_TEST(filter.Has(member));
        BOOST_TEST(!filter.Has(stranger));
        filter.Add(Raw("b5a2c786d9ef4658287ced5914b37a1b4aa32eee"));
        filter.Add(Raw("b9300670b4c5366e95b2699e8b18bc75e5f729c5"));
        BOOST_TEST(base::Hex(filter.Bits()) == one.bits);
    }
}

BOOST_AUTO_TEST_CASE(filters_without_bits_or_functions)
{
    BloomFilter none({}, 50, 1, 1);
    none.Add(Raw("00"));
    BOOST_TEST(none.Has(Raw("11")));
    BOOST_TEST(none.Matches(*Payment()));
    BloomFilter idle(base::Bytes(8), 0, 0, 0);
    BOOST_TEST(idle.Has(Raw("11")));
}

BOOST_AUTO_TEST_CASE(what_matches)
{
    const auto tx = Payment();
    BOOST_TEST(!Empty().Matches(*tx));
    primitives::OutPoint spent{test::FilledHash(9), 3};
    base::Bytes spent_bytes;
    codec::Writer writer(spent_bytes);
    Write(writer, spent);
    const auto txid = tx->Txid().Span();
    for (const auto& element : {base::Bytes(txid.begin(), txid.end()), spent_bytes, Raw("aabbccdd"),
                                KEY_BYTES, base::Bytes(20), Raw("6e616d65")}) {
        auto filter = Empty();
        filter.Add(element);
        BOOST_TEST(filter.Matches(*tx), base::Hex(element));
    }
    for (const char* element : {"aabbcc", "6e616d", "00", ""}) {
        auto filter = Empty();
        filter.Add(Raw(element));
        BOOST_TEST(!filter.Matches(*tx), element);
    }
}

BOOST_AUTO_TEST_CASE(what_is_added)
{
    const auto tx = Payment();

    const struct {
        uint8_t flags;
        bool key, hash;
    } cases[] = {
        {0, false, false}, {1, true, true}, {2, true, false}, {0xfc, false, false}, {0xfd, true, true}};

    for (const auto& one : cases) {
        auto filter = Empty(one.flags);
        filter.Add(KEY_BYTES);
        filter.Add(base::Bytes(20));
        BOOST_TEST(filter.Matches(*tx));
        BOOST_TEST(filter.Has(CoinBytes(*tx, 0)) == one.key);
        BOOST_TEST(filter.Has(CoinBytes(*tx, 1)) == one.hash);
        BOOST_TEST(!filter.Has(CoinBytes(*tx, 2)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
