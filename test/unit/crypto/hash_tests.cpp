#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secure_bytes.h"
#include "unit/base/death.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include <memory>
#include <set>

namespace {

using namespace emc;
using base::AsBytes;
using base::Bytes;
using base::ByteSpan;
using base::Hex;
using test::AsVector;
using test::OpenSslDigest;
using test::Pattern;
using test::Unhex;

Bytes OpenSslHmac(const char* digest, ByteSpan key, ByteSpan in)
{
    Bytes out(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    HMAC(EVP_get_digestbyname(digest), key.data(), static_cast<int>(key.size()), in.data(), in.size(),
         out.data(), &size);
    out.resize(size);
    return out;
}

Bytes Kdf(void (*function)(ByteSpan, ByteSpan, uint32_t, std::span<uint8_t>), std::string_view password,
          std::string_view salt, uint32_t rounds, size_t size)
{
    Bytes out(size);
    function(AsBytes(password), AsBytes(salt), rounds, out);
    return out;
}

Bytes Hkdf(ByteSpan secret, ByteSpan salt, ByteSpan info, size_t size)
{
    Bytes out(size);
    crypto::HkdfSha256(secret, salt, info, out);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hash_tests)

BOOST_AUTO_TEST_CASE(known_digests)
{
    BOOST_CHECK_EQUAL(Hex(crypto::Ripemd160({}).Span()), "9c1185a5c5e9fc54612808977ee8f548b2258d31");
    BOOST_CHECK_EQUAL(Hex(crypto::Ripemd160(AsBytes("abc")).Span()),
                      "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
    BOOST_CHECK_EQUAL(Hex(crypto::Ripemd160(AsBytes(std::string(1000000, 'a'))).Span()),
                      "52783243c1697bdbe16d37f97f68f08325dc1528");
    BOOST_CHECK_EQUAL(Hex(crypto::Sha1(AsBytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
    BOOST_CHECK_EQUAL(Hex(crypto::Sha512(AsBytes("abc"))),
                      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    BOOST_CHECK_EQUAL(Hex(crypto::Sha3_256(AsBytes("abc"))),
                      "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
}

BOOST_AUTO_TEST_CASE(every_length_matches_openssl)
{
    const Bytes data = Pattern(200);
    for (size_t size = 0; size <= data.size(); ++size) {
        const ByteSpan part = ByteSpan(data).first(size);
        BOOST_CHECK(AsVector(crypto::Ripemd160(part)) == OpenSslDigest("RIPEMD160", part));
        BOOST_CHECK(AsVector(crypto::Hash160Of(part)) ==
                    OpenSslDigest("RIPEMD160", OpenSslDigest("SHA256", part)));
        BOOST_CHECK(AsVector(crypto::Sha1(part)) == OpenSslDigest("SHA1", part));
        BOOST_CHECK(AsVector(crypto::Sha512(part)) == OpenSslDigest("SHA512", part));
        BOOST_CHECK(AsVector(crypto::Sha3_256(part)) == OpenSslDigest("SHA3-256", part));
        const ByteSpan rest = ByteSpan(data).subspan(size);
        BOOST_CHECK(AsVector(crypto::HmacSha256(part, rest)) == OpenSslHmac("SHA256", part, rest));
        BOOST_CHECK(AsVector(crypto::HmacSha512(part, rest)) == OpenSslHmac("SHA512", part, rest));
        BOOST_CHECK(AsVector(crypto::HmacSha1(part, rest)) == OpenSslHmac("SHA1", part, rest));
    }
}

BOOST_AUTO_TEST_CASE(known_macs)
{
    // RFC 4231 and RFC 2202, test case 2; then no key and no text; then a key longer than a block.
    const ByteSpan key = AsBytes("Jefe");
    const ByteSpan text = AsBytes("what do ya want for nothing?");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha1(key, text)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha256(key, text).Span()),
                      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha512(key, text)),
                      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                      "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha1({}, {})), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha256({}, {}).Span()),
                      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha512({}, {})),
                      "b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
                      "0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47");
    const Bytes long_key(131, 0xaa);
    BOOST_CHECK_EQUAL(Hex(crypto::HmacSha256(long_key, AsBytes("Test")).Span()),
                      "418aff82f43ee60f41ced499804ce43d5870557fa69365d2bc281788b0d0fc3f");
}

BOOST_AUTO_TEST_CASE(pbkdf2)
{
    BOOST_CHECK_EQUAL(
        Hex(Kdf(crypto::Pbkdf2Sha256, "passwd", "salt", 3, 70)),
        "92df5c4cd7d900ab0b42336ea617caa1d3440cb93b8e8fb03fe3b31781c723cca13b84b7cf91dd6c007c27e68bdd9b2d"
        "0bcf31bcb4b4be460df9b19f27e96ebffb5c4e9c9481");
    BOOST_CHECK_EQUAL(
        Hex(Kdf(crypto::Pbkdf2Sha512, "passwd", "salt", 3, 70)),
        "2ad6a1074a28addf332db771afaa5928b0bebc600f287167c366a1d730f8835f94e70d2d478279cdc0dae70e154cc5fb"
        "0442760e84694adb85f6aa1db4e7807c1686b79e5ff8");
    BOOST_CHECK_EQUAL(Hex(Kdf(crypto::Pbkdf2Sha256, {}, {}, 1, 20)),
                      "f7ce0b653d2d72a4108cf5abe912ffdd777616db");
    BOOST_CHECK_EQUAL(Hex(Kdf(crypto::Pbkdf2Sha512, {}, {}, 1, 20)),
                      "6d2ecbbbfb2e6dcd7056faf9af6aa06eae594391");
    BOOST_CHECK(Kdf(crypto::Pbkdf2Sha256, "x", "y", 1, 0).empty());
    BOOST_CHECK(test::Aborts([] { Kdf(crypto::Pbkdf2Sha256, "x", "y", 0, 1); }));
}

BOOST_AUTO_TEST_CASE(scrypt)
{
    // RFC 7914 section 12.
    Bytes out(64);
    BOOST_REQUIRE(crypto::Scrypt({}, {}, {4, 1, 1}, out));
    BOOST_CHECK_EQUAL(Hex(out), "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                                "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
    BOOST_REQUIRE(crypto::Scrypt(AsBytes("password"), AsBytes("NaCl"), {10, 8, 16}, out));
    BOOST_CHECK_EQUAL(Hex(out), "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                                "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
    for (const crypto::ScryptCost& cost :
         {crypto::ScryptCost{0, 8, 1}, {25, 8, 1}, {10, 0, 1}, {10, 65, 1}, {10, 8, 0}, {10, 8, 1025}})
        BOOST_CHECK(!crypto::Scrypt({}, {}, cost, out));
}

BOOST_AUTO_TEST_CASE(hkdf)
{
    // RFC 5869, test cases 1 and 3.
    BOOST_CHECK_EQUAL(
        Hex(Hkdf(Bytes(22, 0x0b), Unhex("000102030405060708090a0b0c"), Unhex("f0f1f2f3f4f5f6f7f8f9"), 42)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    BOOST_CHECK_EQUAL(Hex(Hkdf(Bytes(22, 0x0b), {}, {}, 42)),
                      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    const Bytes longest = Hkdf(Bytes(5, 1), {}, {}, 8160);
    for (const size_t size : {size_t{0}, size_t{1}, size_t{31}, size_t{32}, size_t{33}, size_t{8159}}) {
        BOOST_CHECK(Hkdf(Bytes(5, 1), {}, {}, size) ==
                    Bytes(longest.begin(), longest.begin() + static_cast<ptrdiff_t>(size)));
    }
    BOOST_CHECK(test::Aborts([] { Hkdf({}, {}, {}, 8161); }));
}

BOOST_AUTO_TEST_CASE(siphash)
{
    // The table of the reference implementation: key 00 … 0f, messages of counting bytes.
    constexpr uint64_t K0 = 0x0706050403020100;
    constexpr uint64_t K1 = 0x0f0e0d0c0b0a0908;
    Bytes message;
    const std::array<uint64_t, 9> expected = {0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a,
                                              0x85676696d7fb7e2d, 0xcf2794e0277187b7, 0x18765564cd99a68d,
                                              0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462};
    for (const uint64_t answer : expected) {
        BOOST_CHECK_EQUAL(crypto::SipHash24(K0, K1, message), answer);
        message.push_back(static_cast<uint8_t>(message.size()));
    }
    while (message.size() < 15)
        message.push_back(static_cast<uint8_t>(message.size()));
    BOOST_CHECK_EQUAL(crypto::SipHash24(K0, K1, message), 0xa129ca6149be45e5);
}

BOOST_AUTO_TEST_CASE(randomness)
{
    crypto::SystemRandom system;
    std::set<uint64_t> seen;
    for (int i = 0; i < 100; ++i)
        seen.insert(system.Next64());
    BOOST_CHECK_EQUAL(seen.size(), 100U);
    Bytes large((size_t{1} << 20) + 100);
    system.Fill(large);
    BOOST_CHECK(std::any_of(large.end() - 100, large.end(), [](uint8_t byte) { return byte != 0; }));
    system.Fill({});

    crypto::TestRandom one(1);
    crypto::TestRandom again(1);
    crypto::TestRandom other(2);
    // First outputs of SplitMix64 from zero.
    crypto::TestRandom zero(0);
    BOOST_CHECK_EQUAL(zero.Next64(), 0xe220a8397b1dcdafU);
    BOOST_CHECK_EQUAL(zero.Next64(), 0x6e789e6aa1b965f4U);
    const uint64_t first = one.Next64();
    BOOST_CHECK_EQUAL(first, again.Next64());
    BOOST_CHECK_NE(first, other.Next64());
    std::array<unsigned, 7> counts{};
    for (int i = 0; i < 7000; ++i)
        ++counts.at(one.Below(7));
    for (const unsigned count : counts) {
        BOOST_CHECK_GT(count, 800U);
        BOOST_CHECK_LT(count, 1200U);
    }
}

BOOST_AUTO_TEST_CASE(wiping)
{
    Bytes secret(33, 0x77);
    crypto::Wipe(std::span(secret).first(32));
    BOOST_CHECK(std::all_of(secret.begin(), secret.end() - 1, [](uint8_t byte) { return byte == 0; }));
    BOOST_CHECK_EQUAL(secret.back(), 0x77);
}

BOOST_AUTO_TEST_CASE(secure_bytes)
{
    const Bytes secret = Pattern(5000);
    crypto::SecureBytes first{ByteSpan(secret)};
    BOOST_CHECK(std::equal(secret.begin(), secret.end(), first.Span().begin(), first.Span().end()));
    crypto::SecureBytes second = std::move(first);
    BOOST_CHECK(first.IsEmpty() && first.Span().empty()); // NOLINT: what is left is what is asked
    second = crypto::SecureBytes(3);
    BOOST_CHECK_EQUAL(Hex(second.Span()), "000000");
    second.Mutable()[1] = 7;
    BOOST_CHECK_EQUAL(Hex(second.Span()), "000700");
    BOOST_CHECK(crypto::SecureBytes().IsEmpty() && crypto::SecureBytes(0).IsEmpty());
}

BOOST_AUTO_TEST_SUITE_END()
