#include "crypto/muhash.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace emc;
using base::AsBytes;
using base::Bytes;
using base::ByteSpan;
using base::Hex;
using base::ReversedHex;
using crypto::MuHash3072;

Bytes Element(uint8_t first)
{
    Bytes out(32);
    out[0] = first;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(muhash_tests)

BOOST_AUTO_TEST_CASE(known_answers)
{
    // The first two are published with Bitcoin Core's tests, the others come from the definition written
    // down in Python with its own integers.
    BOOST_TEST(ReversedHex(MuHash3072().Finish()) ==
               "dd5ad2a105c2d29495f577245c357409002329b9f4d6182c0af3dc2f462555c8");
    MuHash3072 three;
    three.Insert(Element(0)).Insert(Element(1)).Remove(Element(2));
    BOOST_TEST(ReversedHex(three.Finish()) ==
               "10d312b100cbd32ada024a6646e40d3482fcff103668d2625f10002a607d5863");
    BOOST_TEST(Hex(MuHash3072().Insert(AsBytes("abc")).Finish().Span()) ==
               "7a3910c700a9dac3b3316eff4f236b0c31be130e81d514dbd49b23b7049af819");
    BOOST_TEST(Hex(MuHash3072().Insert({}).Remove(AsBytes("name")).Finish().Span()) ==
               "b9041d22c92d106433c44f84c1074a30dd20d040d86a80895d0b158fb9875dc3");
}

BOOST_AUTO_TEST_CASE(order_does_not_matter_and_removal_undoes)
{
    MuHash3072 forward;
    MuHash3072 backward;
    for (uint8_t i = 0; i < 50; ++i) {
        forward.Insert(Element(i));
        backward.Insert(Element(static_cast<uint8_t>(49 - i)));
    }
    BOOST_CHECK(forward.Finish() == backward.Finish());
    const auto whole = forward.Finish();
    forward.Remove(Element(7));
    BOOST_CHECK(forward.Finish() != whole);
    BOOST_CHECK(MuHash3072(forward).Insert(Element(7)).Finish() == whole);
    for (uint8_t i = 0; i < 50; ++i) {
        if (i != 7) forward.Remove(Element(i));
    }
    BOOST_CHECK(forward.Finish() == MuHash3072().Finish());
    // Removed first, added later; one twice is not one.
    BOOST_CHECK(MuHash3072().Remove(Element(1)).Insert(Element(1)).Finish() == MuHash3072().Finish());
    BOOST_CHECK(MuHash3072().Insert(Element(1)).Insert(Element(1)).Finish() !=
                MuHash3072().Insert(Element(1)).Finish());
}

BOOST_AUTO_TEST_CASE(parts_combine)
{
    MuHash3072 whole;
    MuHash3072 left;
    MuHash3072 right;
    for (uint8_t i = 0; i < 20; ++i) {
        whole.Insert(Element(i));
        (i % 3 == 0 ? left : right).Insert(Element(i));
    }
    whole.Remove(Element(200));
    right.Remove(Element(200));
    BOOST_CHECK(left.Combine(right).Finish() == whole.Finish());
    MuHash3072 twice = MuHash3072().Insert(Element(1));
    twice.Combine(twice);
    BOOST_CHECK(twice.Finish() == MuHash3072().Insert(Element(1)).Insert(Element(1)).Finish());
}

BOOST_AUTO_TEST_CASE(product_is_kept_whole)
{
    MuHash3072 hash;
    hash.Insert(Element(1)).Remove(Element(2));
    const auto product = hash.Product();
    auto again = MuHash3072::FromProduct(product);
    BOOST_REQUIRE(again);
    BOOST_CHECK(again->Finish() == hash.Finish());
    BOOST_CHECK(again->Product() == product);
    again->Insert(Element(2));
    BOOST_CHECK(again->Product() == MuHash3072().Insert(Element(1)).Product());
    BOOST_CHECK(!MuHash3072::FromProduct(ByteSpan(product).first(product.size() - 1)));
    BOOST_CHECK(!MuHash3072::FromProduct(Bytes(MuHash3072::NUMBER_BYTES + 1, 1)));
    BOOST_CHECK(!MuHash3072::FromProduct({}));
}

BOOST_AUTO_TEST_CASE(numbers_at_the_edge_of_the_modulus)
{
    const auto number = [](uint8_t fill, uint64_t low) {
        Bytes out(MuHash3072::NUMBER_BYTES, fill);
        std::memcpy(out.data(), &low, sizeof(low));
        return MuHash3072::FromProduct(out);
    };
    constexpr uint64_t MODULUS_LOW = 0 - uint64_t{1'103'717};
    // Worth zero, and so nobody's product: 0 and the modulus 2^3072 − 1103717.
    BOOST_CHECK(!number(0, 0));
    BOOST_CHECK(!number(0xff, MODULUS_LOW));
    // One above it is worth 1; all bits set, 2^3072 − 1, is worth 1103716. Products of it carry twice.
    BOOST_REQUIRE(number(0xff, MODULUS_LOW + 1));
    BOOST_CHECK(number(0xff, MODULUS_LOW + 1)->Finish() == MuHash3072().Finish());
    const auto edge = number(0xff, UINT64_MAX);
    const auto small = number(0, 1'103'716);
    BOOST_REQUIRE(edge && small);
    MuHash3072 of_edge = *edge;
    MuHash3072 of_small = *small;
    for (int i = 0; i < 5; ++i) {
        BOOST_CHECK(of_edge.Product() == of_small.Product());
        of_edge.Combine(*edge);
        of_small.Combine(*small);
    }
    BOOST_CHECK(of_small.Finish() != MuHash3072().Finish());
}

BOOST_AUTO_TEST_SUITE_END()
