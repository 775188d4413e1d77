#include "crypto/cipher.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace emc;
using base::Bytes;
using base::ByteSpan;
using base::Hex;
using test::Pattern;
using test::Unhex;

template <size_t N>
std::array<uint8_t, N> Counting(unsigned from)
{
    std::array<uint8_t, N> out{};
    for (size_t i = 0; i < N; ++i)
        out[i] = static_cast<uint8_t>(from + i);
    return out;
}

constexpr std::string_view SUNSCREEN =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for "
    "the future, sunscreen would be it.";

} // namespace

BOOST_AUTO_TEST_SUITE(cipher_tests)

BOOST_AUTO_TEST_CASE(aes_known_answer)
{
    // NIST SP 800-38A F.2.5, first block; the padding adds one more.
    crypto::Key32 key{};
    const Bytes key_bytes = Unhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    std::copy(key_bytes.begin(), key_bytes.end(), key.begin());
    const Bytes sealed =
        crypto::Aes256CbcEncrypt(key, Counting<16>(0), Unhex("6bc1bee22e409f96e93d7e117393172a"));
    BOOST_CHECK_EQUAL(sealed.size(), 32U);
    BOOST_CHECK_EQUAL(Hex(ByteSpan(sealed).first(16)), "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
}

BOOST_AUTO_TEST_CASE(aes_there_and_back)
{
    const auto key = Counting<32>(7);
    const auto iv = Counting<16>(99);
    const Bytes data = Pattern(100);
    for (size_t size = 0; size <= data.size(); ++size) {
        const ByteSpan plain = ByteSpan(data).first(size);
        Bytes sealed = crypto::Aes256CbcEncrypt(key, iv, plain);
        BOOST_CHECK_EQUAL(sealed.size(), size / 16 * 16 + 16);
        BOOST_CHECK(crypto::Aes256CbcDecrypt(key, iv, sealed) == Bytes(plain.begin(), plain.end()));
        BOOST_CHECK(!crypto::Aes256CbcDecrypt(key, iv, ByteSpan(sealed).first(sealed.size() - 1)));
        // Another key leaves no valid padding, but for one chance in 256.
        const auto opened = crypto::Aes256CbcDecrypt(Counting<32>(8), iv, sealed);
        BOOST_CHECK(!opened || *opened != Bytes(plain.begin(), plain.end()));
    }
    BOOST_CHECK(!crypto::Aes256CbcDecrypt(key, iv, {}));
    // A last byte of 0 is no padding: two blocks of zeros sealed, the padding block cut off.
    const Bytes zeros = crypto::Aes256CbcEncrypt(key, iv, Bytes(32));
    BOOST_CHECK(!crypto::Aes256CbcDecrypt(key, iv, ByteSpan(zeros).first(32)));
}

BOOST_AUTO_TEST_CASE(chacha20_known_answer)
{
    // RFC 8439 section 2.4.2.
    Bytes text = base::ToBytes(SUNSCREEN);
    std::array<uint8_t, 12> nonce{};
    nonce[7] = 0x4a;
    crypto::ChaCha20Xor(Counting<32>(0), nonce, 1, text);
    BOOST_CHECK_EQUAL(Hex(ByteSpan(text).first(16)), "6e2e359a2568f98041ba0728dd0d6981");
    BOOST_CHECK_EQUAL(Hex(ByteSpan(text).last(2)), "874d");
    crypto::ChaCha20Xor(Counting<32>(0), nonce, 1, text);
    BOOST_CHECK_EQUAL(base::AsText(text), SUNSCREEN);
    // The second block alone is the same as the second block of two.
    Bytes two(128);
    Bytes second(64);
    crypto::ChaCha20Xor(Counting<32>(5), nonce, 9, two);
    crypto::ChaCha20Xor(Counting<32>(5), nonce, 10, second);
    BOOST_CHECK(std::equal(second.begin(), second.end(), two.begin() + 64));
    crypto::ChaCha20Xor(Counting<32>(5), nonce, 10, {});
}

BOOST_AUTO_TEST_CASE(poly1305_known_answer)
{
    // RFC 8439 section 2.5.2.
    crypto::Key32 key{};
    const Bytes key_bytes = Unhex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
    std::copy(key_bytes.begin(), key_bytes.end(), key.begin());
    BOOST_CHECK_EQUAL(Hex(crypto::Poly1305(key, base::AsBytes("Cryptographic Forum Research Group"))),
                      "a8061dc1305136c6c22b8baf0c0127a9");
    BOOST_CHECK_EQUAL(Hex(crypto::Poly1305(key, {})), "0103808afb0db2fd4abff6af4149f51b");
}

BOOST_AUTO_TEST_CASE(aead)
{
    // RFC 8439 section 2.8.2.
    const auto key = Counting<32>(0x80);
    std::array<uint8_t, 12> nonce{};
    const Bytes nonce_bytes = Unhex("070000004041424344454647");
    std::copy(nonce_bytes.begin(), nonce_bytes.end(), nonce.begin());
    const Bytes aad = Unhex("50515253c0c1c2c3c4c5c6c7");
    Bytes sealed = crypto::ChaCha20Poly1305Seal(key, nonce, aad, base::AsBytes(SUNSCREEN));
    BOOST_CHECK_EQUAL(sealed.size(), SUNSCREEN.size() + 16);
    BOOST_CHECK_EQUAL(Hex(ByteSpan(sealed).last(16)), "1ae10b594f09e26a7e902ecbd0600691");
    BOOST_CHECK(crypto::ChaCha20Poly1305Open(key, nonce, aad, sealed) == base::ToBytes(SUNSCREEN));
    BOOST_CHECK(!crypto::ChaCha20Poly1305Open(key, nonce, {}, sealed));
    for (const size_t place : {size_t{0}, size_t{113}, sealed.size() - 1}) {
        sealed[place] ^= 1;
        BOOST_CHECK(!crypto::ChaCha20Poly1305Open(key, nonce, aad, sealed));
        sealed[place] ^= 1;
    }
    BOOST_CHECK(!crypto::ChaCha20Poly1305Open(key, nonce, aad, ByteSpan(sealed).first(15)));
    const Bytes empty = crypto::ChaCha20Poly1305Seal(key, nonce, {}, {});
    BOOST_CHECK_EQUAL(empty.size(), 16U);
    BOOST_CHECK(crypto::ChaCha20Poly1305Open(key, nonce, {}, empty) == Bytes{});
    BOOST_CHECK(!crypto::ChaCha20Poly1305Open(key, nonce, aad, empty));
}

BOOST_AUTO_TEST_CASE(aes_gcm)
{
    // McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13 and 14.
    const crypto::Key32 zeros{};
    const std::array<uint8_t, 12> no_nonce{};
    BOOST_CHECK_EQUAL(Hex(crypto::Aes256GcmSeal(zeros, no_nonce, {}, {})),
                      "530f8afbc74536b9a963b4f1c4cb738b");
    BOOST_CHECK_EQUAL(Hex(crypto::Aes256GcmSeal(zeros, no_nonce, {}, Bytes(16))),
                      "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
    const auto key = Counting<32>(3);
    const auto nonce = Counting<12>(9);
    const Bytes aad{1, 2, 3};
    Bytes sealed = crypto::Aes256GcmSeal(key, nonce, aad, base::AsBytes(SUNSCREEN));
    Bytes open(SUNSCREEN.size(), 0x55);
    BOOST_CHECK(crypto::Aes256GcmOpen(key, nonce, aad, sealed, open));
    BOOST_CHECK(open == base::ToBytes(SUNSCREEN));
    for (const size_t place : {size_t{0}, size_t{50}, sealed.size() - 1}) {
        sealed[place] ^= 1;
        BOOST_CHECK(!crypto::Aes256GcmOpen(key, nonce, aad, sealed, open));
        BOOST_CHECK(open == Bytes(open.size()));
        sealed[place] ^= 1;
    }
    BOOST_CHECK(!crypto::Aes256GcmOpen(key, nonce, {}, sealed, open));
    BOOST_CHECK(!crypto::Aes256GcmOpen(key, nonce, aad, ByteSpan(sealed).first(20), open));
    BOOST_CHECK(!crypto::Aes256GcmOpen(Counting<32>(4), nonce, aad, sealed, open));
}

BOOST_AUTO_TEST_SUITE_END()
