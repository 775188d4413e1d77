// ElligatorSwift and the field below it. The published cases run in test/vectors/run.
#include "crypto/ellswift.h"
#include "crypto/field.h"
#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::crypto {
namespace {

Fe Random(TestRandom& random)
{
    FieldBytes bytes{};
    random.Fill(bytes);
    return Fe::FromBytes(bytes);
}

BOOST_AUTO_TEST_SUITE(ellswift_tests)

BOOST_AUTO_TEST_CASE(field_laws)
{
    TestRandom random(7);
    size_t squares = 0;
    for (int i = 0; i < 200; ++i) {
        const Fe a = Random(random);
        const Fe b = Random(random);
        const Fe c = Random(random);
        BOOST_TEST((a + b == b + a));
        BOOST_TEST((a * b == b * a));
        BOOST_TEST((a * (b + c) == a * b + a * c));
        BOOST_TEST(((a - b) + b == a));
        BOOST_TEST((a + -a).IsZero());
        BOOST_TEST((a * a.Inverse() == Fe(1)));
        BOOST_TEST((Fe::FromBytes(a.ToBytes()) == a));
        BOOST_TEST((a * a).Sqrt().has_value());
        const auto root = a.Sqrt();
        squares += root.has_value();
        if (root) BOOST_TEST((*root * *root == a));
        BOOST_TEST(((-a).Sqrt().has_value() != root.has_value())); // −1 is no square
    }
    BOOST_TEST(squares > 60u);
    BOOST_TEST(squares < 140u);
}

BOOST_AUTO_TEST_CASE(field_edges)
{
    FieldBytes bytes{};
    bytes.fill(0xff);
    const Fe most = Fe::FromBytes(bytes); // 2^256 − 1 is p + 2^32 + 976
    BOOST_TEST((most == Fe((uint64_t{1} << 32) + 976)));
    bytes[31] = 0x2f;
    bytes[30] = 0xfc;
    bytes[27] = 0xfe;
    BOOST_TEST(Fe::FromBytes(bytes).IsZero()); // p itself
    bytes[31] = 0x2e;
    const Fe minus_one = Fe::FromBytes(bytes);
    BOOST_TEST((minus_one == -Fe(1)));
    BOOST_TEST((minus_one * minus_one == Fe(1)));
    BOOST_TEST((minus_one + minus_one == -Fe(2)));
    BOOST_TEST(Fe().Inverse().IsZero());
    BOOST_TEST(!minus_one.Sqrt());
}

BOOST_AUTO_TEST_CASE(encoded_keys_decode_and_agree)
{
    TestRandom random(11);
    for (int i = 0; i < 10; ++i) {
        const PrivateKey alice = PrivateKey::Generate(random);
        const PrivateKey bob = PrivateKey::Generate(random);
        const EllSwiftKey from_alice = EllSwiftEncode(alice, random);
        const EllSwiftKey from_bob = EllSwiftEncode(bob, random);
        BOOST_TEST((EllSwiftDecode(from_alice) == ToXOnly(alice.Public())->key));
        BOOST_TEST((EllSwiftEncode(alice, random) != from_alice)); // many strings, one key
        const auto secret = EllSwiftSecret(alice, from_alice, from_bob, EllSwiftSide::Initiator);
        BOOST_TEST((secret == EllSwiftSecret(bob, from_bob, from_alice, EllSwiftSide::Responder)));
        BOOST_TEST((secret != EllSwiftSecret(alice, from_alice, from_bob, EllSwiftSide::Responder)));
    }
}

BOOST_AUTO_TEST_CASE(every_string_is_a_key)
{
    TestRandom random(13);
    for (int i = 0; i < 100; ++i) {
        EllSwiftKey key{};
        if (i > 0) random.Fill(key);
        if (i == 1) std::fill(key.begin(), key.begin() + 32, uint8_t{0});
        if (i == 2) std::fill(key.begin() + 32, key.end(), uint8_t{0xff});
        BOOST_TEST(IsOnCurve(EllSwiftDecode(key)));
    }
}

BOOST_AUTO_TEST_CASE(shared_x_needs_a_point)
{
    TestRandom random(17);
    XOnlyKey none;
    none.bytes.fill(0xff);
    BOOST_TEST(!EcdhX(PrivateKey::Generate(random), none));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::crypto
