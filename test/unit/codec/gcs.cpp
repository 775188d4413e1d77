#include "codec/gcs.h"

#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

using namespace emc;

namespace {

std::vector<base::Bytes> Elements(crypto::TestRandom& random, size_t count)
{
    std::vector<base::Bytes> out(count);
    for (auto& element : out) {
        element.resize(1 + random.Below(60));
        random.Fill(element);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gcs)

BOOST_AUTO_TEST_CASE(holds_what_was_put_in)
{
    crypto::TestRandom random(1);
    for (const size_t count : {0, 1, 2, 100, 2'000}) {
        const codec::GcsParams params{.key0 = random.Below(1'000'000), .key1 = 7};
        const auto elements = Elements(random, count);
        const auto encoded = codec::EncodeGcs(params, elements);
        const auto set = codec::GcsSet::Parse(params, encoded);
        BOOST_REQUIRE(set.has_value());
        BOOST_TEST(set->Size() <= count);
        for (const auto& element : elements)
            BOOST_REQUIRE(set->Match(element));
        BOOST_TEST(set->MatchAny(elements) == (count > 0));
        // About 21.5 bits for each element.
        if (count >= 100) BOOST_TEST(encoded.size() * 8 < count * 23);
    }
}

BOOST_AUTO_TEST_CASE(strangers_match_once_in_m)
{
    crypto::TestRandom random(2);
    const codec::GcsParams params{.key0 = 1, .key1 = 2, .rice_bits = 6, .inverse_rate = 64};
    const auto set = codec::GcsSet::Parse(params, codec::EncodeGcs(params, Elements(random, 1'000)));
    BOOST_REQUIRE(set.has_value());
    int hits = 0;
    for (const auto& element : Elements(random, 64'000))
        hits += set->Match(element) ? 1 : 0;
    BOOST_TEST(hits > 800);
    BOOST_TEST(hits < 1'200);
}

BOOST_AUTO_TEST_CASE(order_and_repetition_do_not_matter)
{
    const codec::GcsParams params{.key0 = 3, .key1 = 4};
    const std::vector<base::Bytes> once{{1}, {2, 2}, {3}};
    const std::vector<base::Bytes> again{{3}, {1}, {2, 2}, {1}, {3}};
    BOOST_TEST((codec::EncodeGcs(params, once) == codec::EncodeGcs(params, again)));
}

BOOST_AUTO_TEST_CASE(what_is_no_set)
{
    crypto::TestRandom random(3);
    const codec::GcsParams params{.key0 = 5, .key1 = 6};
    const auto good = codec::EncodeGcs(params, Elements(random, 20));
    BOOST_REQUIRE(codec::GcsSet::Parse(params, good).has_value());
    BOOST_TEST(!codec::GcsSet::Parse(params, {}).has_value());
    for (size_t size = 0; size < good.size(); ++size)
        BOOST_TEST(!codec::GcsSet::Parse(params, base::ByteSpan(good).first(size)).has_value());
    auto longer = good;
    longer.push_back(0);
    BOOST_TEST(!codec::GcsSet::Parse(params, longer).has_value());
    auto more = good;
    ++more[0];
    BOOST_TEST(!codec::GcsSet::Parse(params, more).has_value());
    // A count that nothing stands behind, and ones without end.
    BOOST_TEST(!codec::GcsSet::Parse(params, base::Bytes{0xfe, 0xff, 0xff, 0xff, 0x01}).has_value());
    base::Bytes ones(100, 0xff);
    ones[0] = 1;
    BOOST_TEST(!codec::GcsSet::Parse(params, ones).has_value());
    BOOST_TEST(codec::GcsSet::Parse(params, base::Bytes{0}).has_value());
    BOOST_TEST(!codec::GcsSet::Parse(params, base::Bytes{0, 0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
