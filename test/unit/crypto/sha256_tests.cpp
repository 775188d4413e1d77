#include "crypto/sha256.h"
#include "crypto/sha256_impl.h"
#include "unit/crypto/openssl_digest.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace emc;
using test::AsVector;
using test::OpenSslDigest;
using test::Pattern;

} // namespace

BOOST_AUTO_TEST_SUITE(sha256_tests)

BOOST_AUTO_TEST_CASE(known_answers)
{
    const auto hex_of = [](std::string_view text) {
        return base::Hex(crypto::Sha256Of(base::AsBytes(text)).Span());
    };
    BOOST_CHECK_EQUAL(hex_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    BOOST_CHECK_EQUAL(hex_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    BOOST_CHECK_EQUAL(hex_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    BOOST_CHECK_EQUAL(hex_of(std::string(1000000, 'a')),
                      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    BOOST_CHECK_EQUAL(base::Hex(crypto::Sha256d(base::AsBytes("hello")).Span()),
                      "9595c9df90075148eb06860365df33584b75bff782a510c6cd4883a419833d50");
}

BOOST_AUTO_TEST_CASE(every_length_matches_openssl)
{
    const base::Bytes data = Pattern(1000);
    for (size_t size = 0; size <= data.size(); size += size < 200 ? 1 : 37) {
        const auto part = base::ByteSpan(data).first(size);
        BOOST_CHECK(AsVector(crypto::Sha256Of(part)) == OpenSslDigest("SHA256", part));
        const base::Bytes once = OpenSslDigest("SHA256", part);
        BOOST_CHECK(AsVector(crypto::Sha256d(part)) == OpenSslDigest("SHA256", once));
    }
}

BOOST_AUTO_TEST_CASE(common_beginnings_are_hashed_once)
{
    const base::Bytes data = Pattern(64 + crypto::Sha256dTail::MAX_TAIL);
    std::array<uint8_t, 64> first{};
    std::copy_n(data.begin(), first.size(), first.begin());
    const crypto::Sha256dTail hasher(first);
    for (size_t size = 0; size <= crypto::Sha256dTail::MAX_TAIL; ++size) {
        const auto whole = base::ByteSpan(data).first(first.size() + size);
        BOOST_CHECK(hasher.Of(whole.subspan(first.size())) == crypto::Sha256d(whole));
    }
}

BOOST_AUTO_TEST_CASE(any_cut_gives_the_same)
{
    const base::Bytes data = Pattern(200);
    const base::Hash256 whole = crypto::Sha256Of(data);
    crypto::Sha256 hasher;
    for (size_t cut = 0; cut <= data.size(); ++cut) {
        hasher.Reset()
            .Write(base::ByteSpan(data).first(cut))
            .Write({})
            .Write(base::ByteSpan(data).subspan(cut));
        BOOST_CHECK(hasher.Finish() == whole);
    }
    hasher.Reset();
    for (const uint8_t& byte : data)
        hasher.Write({&byte, 1});
    crypto::Sha256 copy = hasher;
    BOOST_CHECK(hasher.Finish() == whole);
    BOOST_CHECK(copy.Finish() == whole);
}

BOOST_AUTO_TEST_CASE(implementations_agree)
{
    const auto backends = crypto::Sha256Backends();
    BOOST_REQUIRE(!backends.empty());
    BOOST_CHECK_EQUAL(backends.back().name, "generic");
    const base::Bytes data = Pattern(size_t{64} * 40);
    for (const auto& backend : backends) {
        BOOST_TEST_MESSAGE("implementation " << backend.name);
        BOOST_CHECK(crypto::Sha256BackendWorks(backend));
        for (size_t count = 0; count <= 40; ++count) {
            std::array<uint32_t, 8> state = crypto::SHA256_START;
            std::array<uint32_t, 8> expected = crypto::SHA256_START;
            backend.blocks(state.data(), data.data(), count);
            crypto::Sha256BlocksGeneric(expected.data(), data.data(), count);
            BOOST_CHECK(state == expected);

            base::Bytes digests(32 * count + 1, 0xee);
            backend.pairs(digests.data(), data.data(), count);
            BOOST_CHECK_EQUAL(digests.back(), 0xee);
            for (size_t i = 0; i < count; ++i) {
                const base::Bytes once = OpenSslDigest("SHA256", base::ByteSpan(data).subspan(64 * i, 64));
                const base::Bytes twice = OpenSslDigest("SHA256", once);
                BOOST_CHECK(
                    std::equal(twice.begin(), twice.end(), digests.begin() + static_cast<ptrdiff_t>(32 * i)));
            }
            // The Merkle tree works in place.
            base::Bytes same(data.begin(), data.end());
            backend.pairs(same.data(), same.data(), count);
            BOOST_CHECK(std::equal(digests.begin(), digests.end() - 1, same.begin()));
        }
    }
}

BOOST_AUTO_TEST_CASE(self_test_notices_faults)
{
    BOOST_CHECK(crypto::Sha256SelfTest());
    BOOST_CHECK_EQUAL(crypto::Sha256Implementation(), crypto::Sha256Backends().front().name);
    crypto::Sha256Backend broken = crypto::Sha256Backends().back();
    broken.blocks = [](uint32_t* state, const uint8_t* in, size_t count) {
        crypto::Sha256BlocksGeneric(state, in, count);
        state[7] ^= 1;
    };
    BOOST_CHECK(!crypto::Sha256BackendWorks(broken));
    broken = crypto::Sha256Backends().back();
    broken.pairs = [](uint8_t* out, const uint8_t* in, size_t count) {
        crypto::Sha256dPairsGeneric(out, in, count);
        out[0] ^= 0x80;
    };
    BOOST_CHECK(!crypto::Sha256BackendWorks(broken));
    broken.pairs = [](uint8_t* out, const uint8_t* in, size_t count) {
        crypto::Sha256dPairsGeneric(out, in, count);
        out[32 * count - 1] ^= 1;
    };
    BOOST_CHECK(!crypto::Sha256BackendWorks(broken));
}

BOOST_AUTO_TEST_CASE(pairs)
{
    base::Bytes data = Pattern(128);
    base::Bytes out(64);
    crypto::Sha256dPairs(out.data(), data.data(), 2);
    BOOST_CHECK(AsVector(crypto::Sha256d(base::ByteSpan(data).first(64))) ==
                base::Bytes(out.begin(), out.begin() + 32));
    BOOST_CHECK(AsVector(crypto::Sha256d(base::ByteSpan(data).last(64))) ==
                base::Bytes(out.begin() + 32, out.end()));
}

BOOST_AUTO_TEST_CASE(tagged_hashes)
{
    const base::Bytes message = Pattern(77);
    const base::Bytes tag = OpenSslDigest("SHA256", base::AsBytes("BIP0340/challenge"));
    base::Bytes all = tag;
    all.insert(all.end(), tag.begin(), tag.end());
    all.insert(all.end(), message.begin(), message.end());
    BOOST_CHECK(AsVector(crypto::TaggedHash("BIP0340/challenge", message)) == OpenSslDigest("SHA256", all));
    crypto::Sha256 hasher = crypto::TaggedHasher("BIP0340/challenge");
    BOOST_CHECK(hasher.Write(message).Finish() == crypto::TaggedHash("BIP0340/challenge", message));
}

BOOST_AUTO_TEST_SUITE_END()
