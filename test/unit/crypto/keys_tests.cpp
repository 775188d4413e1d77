#include "crypto/hash.h"
#include "crypto/keys.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "unit/base/death.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace emc;
using base::Bytes;
using base::ByteSpan;
using base::Hash256;
using base::Hex;
using crypto::PrivateKey;
using crypto::PublicKey;
using crypto::XOnlyKey;
using test::Unhex;
using test::Unhex256;

constexpr std::string_view G_X = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
constexpr std::string_view G_Y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
constexpr std::string_view ORDER = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr std::string_view HALF = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
constexpr std::string_view HALF_PLUS_1 = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";

PrivateKey KeyOf(uint8_t number, bool compressed = true)
{
    Bytes secret(32);
    secret.back() = number;
    return *PrivateKey::From(secret, compressed);
}

PublicKey Point(std::string_view hex)
{
    return *PublicKey::From(Unhex(hex));
}

XOnlyKey XOnly(std::string_view hex)
{
    return *XOnlyKey::From(Unhex(hex));
}

Hash256 MessageHash(std::string_view text)
{
    return crypto::Sha256Of(base::AsBytes(text));
}

} // namespace

BOOST_AUTO_TEST_SUITE(keys_tests)

BOOST_AUTO_TEST_CASE(self_test)
{
    BOOST_CHECK(crypto::KeysSelfTest());
}

BOOST_AUTO_TEST_CASE(public_key_forms)
{
    const std::string compressed = "02" + std::string(G_X);
    const std::string whole = "04" + std::string(G_X) + std::string(G_Y);
    const PublicKey generator = KeyOf(1).Public();
    BOOST_CHECK_EQUAL(Hex(generator.Span()), compressed);
    BOOST_CHECK_EQUAL(Hex(KeyOf(1, false).Public().Span()), whole);
    BOOST_CHECK(generator.IsCompressed() && generator.IsOnCurve() && !generator.IsEmpty());
    BOOST_CHECK(!Point(whole).IsCompressed());
    BOOST_CHECK(generator.Uncompressed() == Point(whole));
    BOOST_CHECK(Point(whole).Compressed() == generator);
    BOOST_CHECK_EQUAL(Hex(generator.Id().Span()), "751e76e8199196d454941c45d1b3a323f1433bd6");
    // Hybrid keys are kept as they stand; their first byte tells whether Y is odd.
    BOOST_CHECK(Point("06" + whole.substr(2)).IsOnCurve());
    BOOST_CHECK(!Point("07" + whole.substr(2)).IsOnCurve());
    BOOST_CHECK(Point("06" + whole.substr(2)).Compressed() == generator);
    BOOST_CHECK(Point("06" + whole.substr(2)) != Point(whole));
    const PublicKey off = Point("04" + std::string(G_X) + std::string(G_X));
    BOOST_CHECK(!off.IsOnCurve() && !off.Compressed() && !off.Uncompressed());
    const PublicKey none;
    BOOST_CHECK(none.IsEmpty() && !none.IsOnCurve() && none.Span().empty());
    for (const std::string& bad :
         {std::string(), std::string("02"), compressed + "00", "04" + compressed.substr(2),
          "02" + whole.substr(2), "05" + whole.substr(2), "00" + compressed.substr(2)}) {
        BOOST_CHECK_MESSAGE(!PublicKey::From(Unhex(bad)), bad);
    }
}

BOOST_AUTO_TEST_CASE(public_key_order)
{
    const PublicKey one = KeyOf(1).Public();
    const PublicKey two = KeyOf(2).Public();
    BOOST_CHECK(one == one);
    BOOST_CHECK((one < two) != (two < one));
    BOOST_CHECK(!(one < one));
    BOOST_CHECK(one < *one.Uncompressed());
    BOOST_CHECK(!(one == *one.Uncompressed()));
    BOOST_CHECK(PublicKey() < one);
}

BOOST_AUTO_TEST_CASE(private_key_ranges)
{
    BOOST_CHECK(!PrivateKey::From(Bytes(32)));
    BOOST_CHECK(!PrivateKey::From(Unhex(ORDER)));
    BOOST_CHECK(!PrivateKey::From(Bytes(31, 1)));
    BOOST_CHECK(!PrivateKey::From(Bytes(33, 1)));
    BOOST_CHECK(!PrivateKey().IsValid());
    const PrivateKey key = KeyOf(9, false);
    BOOST_CHECK(key.IsValid() && !key.IsCompressed());
    BOOST_CHECK_EQUAL(key.Span().back(), 9);
    Bytes last = Unhex(ORDER);
    last.back() -= 1;
    BOOST_CHECK(PrivateKey::From(last));
    crypto::TestRandom random(3);
    const PrivateKey made = PrivateKey::Generate(random);
    BOOST_CHECK(made.IsValid() && made.IsCompressed() && made.Public().IsOnCurve());
    BOOST_CHECK(!PrivateKey::Generate(random, false).IsCompressed());
    BOOST_CHECK(test::Aborts([] { static_cast<void>(PrivateKey().Public()); }));
}

BOOST_AUTO_TEST_CASE(generate_skips_numbers_out_of_range)
{
    class Stubborn final : public base::RandomSource
    {
    public:
        void Fill(std::span<uint8_t> out) override
        {
            std::fill(out.begin(), out.end(), m_calls++ == 0 ? uint8_t{0xff} : uint8_t{0x11});
        }

    private:
        int m_calls = 0;
    };

    Stubborn random;
    BOOST_CHECK_EQUAL(Hex(PrivateKey::Generate(random).Span()), Hex(Bytes(32, 0x11)));
}

BOOST_AUTO_TEST_CASE(ecdsa_rfc6979)
{
    // Key 1 signs a name; the nonce follows from both alone.
    const Hash256 hash = MessageHash("Satoshi Nakamoto");
    const Bytes der = KeyOf(1).SignEcdsa(hash, false);
    BOOST_CHECK_EQUAL(Hex(der), "3045022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                                "02202442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
    BOOST_CHECK(crypto::VerifyEcdsa(KeyOf(1).Public(), hash, der));
    const Bytes low = KeyOf(1).SignEcdsa(hash);
    BOOST_CHECK_LE(low.size(), 70U);
    BOOST_CHECK(low != der);
    BOOST_CHECK(low == KeyOf(1).SignEcdsa(hash));
    BOOST_CHECK(crypto::VerifyEcdsa(KeyOf(1).Public(), hash, low));
}

BOOST_AUTO_TEST_CASE(ecdsa_sign_and_verify)
{
    crypto::TestRandom random(11);
    for (int i = 0; i < 32; ++i) {
        const PrivateKey key = PrivateKey::Generate(random, i % 2 == 0);
        Hash256 hash;
        random.Fill(hash.bytes);
        Bytes der = key.SignEcdsa(hash);
        BOOST_CHECK(crypto::IsStrictDer(der));
        BOOST_CHECK(crypto::IsLowS(der));
        BOOST_CHECK_LE(der.size(), 70U);
        BOOST_CHECK(crypto::VerifyEcdsa(key.Public(), hash, der));
        BOOST_CHECK(!crypto::VerifyEcdsa(KeyOf(1).Public(), hash, der));
        der[10] ^= 4;
        BOOST_CHECK(!crypto::VerifyEcdsa(key.Public(), hash, der));
        der[10] ^= 4;
        hash.bytes[31] ^= 1;
        BOOST_CHECK(!crypto::VerifyEcdsa(key.Public(), hash, der));
    }
    const Bytes der = KeyOf(5).SignEcdsa(MessageHash("x"));
    BOOST_CHECK(!crypto::VerifyEcdsa(PublicKey(), MessageHash("x"), der));
    BOOST_CHECK(
        !crypto::VerifyEcdsa(Point("04" + std::string(G_X) + std::string(G_X)), MessageHash("x"), der));
    BOOST_CHECK(!crypto::VerifyEcdsa(KeyOf(5).Public(), MessageHash("x"), {}));
}

BOOST_AUTO_TEST_CASE(high_s_verifies)
{
    // r of key 1's signature above, s replaced by the order minus s.
    const Bytes high = Unhex("3046022100934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
                             "022100dbbd3162d46e9f9bef7feb87c16dc13b4f6568a87f4e83f728e2443ba586675c");
    BOOST_CHECK(crypto::VerifyEcdsa(KeyOf(1).Public(), MessageHash("Satoshi Nakamoto"), high));
    BOOST_CHECK(!crypto::IsLowS(high));
    BOOST_CHECK(crypto::IsStrictDer(high));
    BOOST_CHECK(!crypto::IsLowS({}));
}

BOOST_AUTO_TEST_CASE(recoverable_signatures)
{
    crypto::TestRandom random(5);
    for (int i = 0; i < 16; ++i) {
        const PrivateKey key = PrivateKey::Generate(random, i % 2 == 0);
        const Hash256 hash = MessageHash(std::to_string(i));
        auto signature = key.SignCompact(hash);
        BOOST_CHECK(crypto::RecoverCompact(hash, signature) == key.Public());
        BOOST_CHECK(crypto::IsCompactLowS(signature));
        BOOST_CHECK(crypto::RecoverCompact(MessageHash("other"), signature) != key.Public());
        // The header only says in which form the key is given back.
        signature[0] = static_cast<uint8_t>(i % 2 == 0 ? signature[0] - 4 : signature[0] + 4);
        const auto other_form = crypto::RecoverCompact(hash, signature);
        BOOST_REQUIRE(other_form);
        BOOST_CHECK(other_form->Compressed() == key.Public().Compressed());
        BOOST_CHECK(other_form->IsCompressed() != key.IsCompressed());
        for (const uint8_t header : {uint8_t{0}, uint8_t{26}, uint8_t{35}, uint8_t{255}}) {
            signature[0] = header;
            BOOST_CHECK(!crypto::RecoverCompact(hash, signature));
        }
    }
    const auto good = KeyOf(7).SignCompact(MessageHash("y"));
    BOOST_CHECK(!crypto::RecoverCompact(MessageHash("y"), ByteSpan(good).first(64)));
    BOOST_CHECK(!crypto::IsCompactLowS(ByteSpan(good).first(64)));
    // s of zero and of the order; r beyond the order.
    Bytes edge(good.begin(), good.end());
    std::fill(edge.begin() + 33, edge.end(), uint8_t{0});
    BOOST_CHECK(!crypto::RecoverCompact(MessageHash("y"), edge));
    BOOST_CHECK(
        !crypto::RecoverCompact(MessageHash("y"), Unhex("1f" + Hex(Bytes(32, 1)) + std::string(ORDER))));
    BOOST_CHECK(
        !crypto::RecoverCompact(MessageHash("y"), Unhex("1f" + std::string(ORDER) + Hex(Bytes(32, 1)))));
    BOOST_CHECK(crypto::IsCompactLowS(Unhex("1f" + Hex(Bytes(32, 1)) + std::string(HALF))));
    BOOST_CHECK(!crypto::IsCompactLowS(Unhex("1f" + Hex(Bytes(32, 1)) + std::string(HALF_PLUS_1))));
}

BOOST_AUTO_TEST_CASE(schnorr)
{
    // BIP340, vectors 0 and 1.
    const Hash256 zero;
    const auto first = KeyOf(3).SignSchnorr(zero, zero);
    BOOST_CHECK_EQUAL(Hex(first), "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
                                  "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0");
    const XOnlyKey key = XOnly("f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9");
    BOOST_CHECK(crypto::VerifySchnorr(key, zero.Span(), first));
    BOOST_CHECK(!crypto::VerifySchnorr(key, ByteSpan(zero.bytes).first(31), first));
    BOOST_CHECK(!crypto::VerifySchnorr(key, {}, first));
    BOOST_CHECK(!crypto::VerifySchnorr(key, zero.Span(), ByteSpan(first).first(63)));
    BOOST_CHECK(!crypto::VerifySchnorr(XOnlyKey{}, zero.Span(), first));
    const auto second_key =
        PrivateKey::From(Unhex("b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef"));
    Hash256 aux;
    aux.bytes[31] = 1;
    const Hash256 message = Unhex256("243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89");
    BOOST_CHECK_EQUAL(Hex(second_key->SignSchnorr(message, aux)),
                      "6896bd60eeae296db48a229ff71dfe071bde413e6d43f917dc8dcf8c78de3341"
                      "8906d11ac976abccb20b091292bff4ea897efcb639ea871cfa95f6de339e4b0a");
}

BOOST_AUTO_TEST_CASE(taproot_tweaks)
{
    // One line of BIP341's wallet vectors.
    const XOnlyKey internal = XOnly("187791b6f712a8ea41c8ecdd0ee77fab3e85263b37e1ec18a3651926b3a6cf27");
    const Hash256 tweak = Unhex256("cbd8679ba636c1110ea247542cfbd964131a6be84f873f7f3b62a777528ed001");
    const XOnlyKey output = XOnly("147c9c57132f6e7ecddba9800bb0c4449251c92a1e60371ee77557b6620f3ea3");
    const auto tweaked = crypto::TweakXOnly(internal, tweak);
    BOOST_REQUIRE(tweaked);
    BOOST_CHECK(tweaked->key == output);
    BOOST_CHECK(tweaked->odd);
    BOOST_CHECK(crypto::CheckTweak(output, true, internal, tweak));
    BOOST_CHECK(!crypto::CheckTweak(output, false, internal, tweak));
    BOOST_CHECK(!crypto::CheckTweak(internal, true, internal, tweak));
    BOOST_CHECK(!crypto::CheckTweak(output, true, XOnlyKey{}, tweak));
    BOOST_CHECK(!crypto::TweakXOnly(XOnlyKey{}, tweak));
    BOOST_CHECK(!crypto::TweakXOnly(internal, Unhex256(ORDER)));
    BOOST_CHECK(crypto::IsOnCurve(output) && !crypto::IsOnCurve(XOnlyKey{}));

    // The key path: a signature by the tweaked key verifies under the output key.
    for (const uint8_t number : {uint8_t{1}, uint8_t{2}, uint8_t{3}, uint8_t{4}, uint8_t{5}, uint8_t{6}}) {
        const PrivateKey key = KeyOf(number);
        const auto plain = crypto::ToXOnly(key.Public());
        BOOST_REQUIRE(plain);
        BOOST_CHECK_EQUAL(plain->odd, key.Public().Span()[0] == 3);
        const auto out = crypto::TweakXOnly(plain->key, tweak);
        BOOST_REQUIRE(out);
        const auto signature = key.SignSchnorr(tweak, Hash256(), &tweak);
        BOOST_CHECK(crypto::VerifySchnorr(out->key, tweak.Span(), signature));
        BOOST_CHECK(!crypto::VerifySchnorr(plain->key, tweak.Span(), signature));
    }
    BOOST_CHECK(!crypto::ToXOnly(PublicKey()));
    const Hash256 impossible = Unhex256(ORDER);
    BOOST_CHECK(KeyOf(1).SignSchnorr(tweak, tweak, &impossible) == crypto::Signature64{});
}

BOOST_AUTO_TEST_CASE(bip32_steps)
{
    crypto::TestRandom random(21);
    for (int i = 0; i < 8; ++i) {
        const PrivateKey key = PrivateKey::Generate(random);
        Hash256 tweak;
        random.Fill(tweak.bytes);
        const auto child = key.AddTweak(tweak);
        const auto child_point = key.Public().Uncompressed()->AddTweak(tweak);
        BOOST_REQUIRE(child && child_point);
        BOOST_CHECK(child->Public() == *child_point);
        BOOST_CHECK(child_point->IsCompressed());
    }
    // 1 + (n − 1) is no key, and neither is anything plus n.
    Hash256 minus_one = Unhex256(ORDER);
    minus_one.bytes[31] -= 1;
    BOOST_CHECK(!KeyOf(1).AddTweak(minus_one));
    BOOST_CHECK(!KeyOf(1).Public().AddTweak(minus_one));
    BOOST_CHECK(!KeyOf(1).AddTweak(Unhex256(ORDER)));
    BOOST_CHECK(!PublicKey().AddTweak(minus_one));
    BOOST_CHECK_EQUAL(KeyOf(2).AddTweak(minus_one)->Span().back(), 1);
}

BOOST_AUTO_TEST_CASE(shared_secrets)
{
    const PrivateKey a = KeyOf(123);
    const PrivateKey b = KeyOf(77, false);
    BOOST_CHECK(a.Ecdh(b.Public()) == b.Ecdh(a.Public()));
    // One times a point is the point.
    BOOST_CHECK(KeyOf(1).Ecdh(b.Public()) == crypto::Sha256Of(b.Public().Compressed()->Span()));
    BOOST_CHECK(!a.Ecdh(PublicKey()));
    BOOST_CHECK(!a.Ecdh(Point("04" + std::string(G_X) + std::string(G_X))));
}

BOOST_AUTO_TEST_SUITE_END()
