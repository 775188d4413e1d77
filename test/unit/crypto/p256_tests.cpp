#include "crypto/p256.h"
#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

using namespace emc;

BOOST_AUTO_TEST_SUITE(p256)

/// Key and signature made with the command line of OpenSSL.
BOOST_AUTO_TEST_CASE(known_key_and_signature)
{
    const auto key = crypto::P256Key::From(
        *base::FromHex("bfeb8e6d65e7d6e2094c929216f37fe86066734a015dd8feed07bf8e50ed1a5d"));
    BOOST_TEST_REQUIRE(key.has_value());
    BOOST_TEST(base::Hex(key->Public()) ==
               "db1f6a869134d6680ad7b968dae7f9432f641da809252f5cd2ab9c23f667bf06"
               "2ec0ef905abbe631f79316ef47b28e0025af7429b500edb947afd6594153d5b2");
    crypto::P256Signature signature{};
    const auto bytes = *base::FromHex("2e0bcec10b1100b0ee6f9e699bd3280da7acb3f3d1dde02be18cb6f5c127674b"
                                      "d38ccf372e4edc1e5001108dfff2af7c1e0afa1437f7cb73d88e71e6da47abe9");
    std::copy(bytes.begin(), bytes.end(), signature.begin());
    BOOST_TEST(crypto::VerifyP256(key->Public(), base::AsBytes("a number of its own"), signature));
    BOOST_TEST(!crypto::VerifyP256(key->Public(), base::AsBytes("a number of its owm"), signature));
}

BOOST_AUTO_TEST_CASE(signatures_hold)
{
    crypto::SystemRandom random;
    const auto key = crypto::P256Key::Generate(random);
    BOOST_TEST((crypto::P256Key::From(key.Secret())->Public() == key.Public()));
    for (int i = 0; i < 200; ++i) { // numbers with leading zeros among them
        const std::string message = "message " + std::to_string(i);
        auto signature = key.Sign(base::AsBytes(message));
        BOOST_TEST(crypto::VerifyP256(key.Public(), base::AsBytes(message), signature));
        signature[static_cast<size_t>(i) % signature.size()] ^= 1;
        BOOST_TEST(!crypto::VerifyP256(key.Public(), base::AsBytes(message), signature));
    }
    BOOST_TEST(!crypto::VerifyP256(key.Public(), base::AsBytes("x"), crypto::P256Signature{}));
    crypto::P256Public off = key.Public();
    off[63] ^= 1;
    BOOST_TEST(!crypto::VerifyP256(off, base::AsBytes("x"), key.Sign(base::AsBytes("x"))));
}

BOOST_AUTO_TEST_CASE(numbers_that_are_no_keys)
{
    const std::array<uint8_t, 32> zero{};
    BOOST_TEST(!crypto::P256Key::From(zero).has_value());
    BOOST_TEST(!crypto::P256Key::From(base::ByteSpan(zero).first(31)).has_value());
    const auto order = *base::FromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    BOOST_TEST(!crypto::P256Key::From(order).has_value());
    auto below = order;
    --below.back();
    BOOST_TEST(crypto::P256Key::From(below).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
