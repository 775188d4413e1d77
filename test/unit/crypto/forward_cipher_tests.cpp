// The re-keying ciphers against the plain ones they are made of. BIP 324's cases run in test/vectors/run.
#include "crypto/forward_cipher.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::crypto {
namespace {

constexpr uint32_t INTERVAL = 3;

Key32 TestKey()
{
    Key32 key{};
    for (size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<uint8_t>(i * 7);
    return key;
}

BOOST_AUTO_TEST_SUITE(forward_cipher_tests)

BOOST_AUTO_TEST_CASE(stream_is_one_key_stream_between_two_keys)
{
    ForwardStream stream(TestKey(), INTERVAL);
    Key32 key = TestKey();
    for (uint8_t epoch = 0; epoch < 3; ++epoch) {
        base::Bytes expected(INTERVAL * 50 + 32, 0);
        ChaCha20Xor(key, {0, 0, 0, 0, epoch}, 0, expected);
        for (size_t chunk = 0; chunk < INTERVAL; ++chunk) {
            base::Bytes got(50, 0);
            stream.Crypt(got);
            BOOST_TEST(
                std::equal(got.begin(), got.end(), expected.begin() + static_cast<ptrdiff_t>(50 * chunk)));
        }
        std::copy(expected.end() - 32, expected.end(), key.begin()); // the next key
    }
}

BOOST_AUTO_TEST_CASE(both_sides_of_the_stream_stay_in_step)
{
    ForwardStream one(TestKey());
    ForwardStream other(TestKey());
    for (uint32_t i = 0; i < 3 * REKEY_INTERVAL; ++i) {
        std::array<uint8_t, 3> chunk = {static_cast<uint8_t>(i), 1, 2};
        const auto plain = chunk;
        one.Crypt(chunk);
        other.Crypt(chunk);
        BOOST_TEST((chunk == plain));
    }
}

BOOST_AUTO_TEST_CASE(aead_counts_messages_and_changes_keys)
{
    ForwardAead seal(TestKey(), INTERVAL);
    ForwardAead open(TestKey(), INTERVAL);
    Key32 key = TestKey();
    const base::Bytes aad = {9};
    for (uint8_t i = 0; i < 7; ++i) {
        const uint8_t epoch = i / INTERVAL;
        const base::Bytes plain(i * 10, i);
        const base::Bytes sealed = seal.Seal(aad, plain);
        BOOST_TEST((sealed == ChaCha20Poly1305Seal(key, {static_cast<uint8_t>(i % INTERVAL), 0, 0, 0, epoch},
                                                   aad, plain)));
        BOOST_TEST((open.Open(aad, sealed) == plain));
        if (i % INTERVAL != INTERVAL - 1) continue;
        const base::Bytes next =
            ChaCha20Poly1305Seal(key, {0xff, 0xff, 0xff, 0xff, epoch}, {}, base::Bytes(32, 0));
        std::copy_n(next.begin(), key.size(), key.begin());
    }
}

BOOST_AUTO_TEST_CASE(aead_refuses_changes)
{
    for (size_t at = 0; at < 5 + AEAD_TAG_BYTES; ++at) {
        ForwardAead seal(TestKey());
        ForwardAead open(TestKey());
        base::Bytes sealed = seal.Seal({}, base::Bytes(5, 1));
        sealed[at] ^= 0x10;
        BOOST_TEST(!open.Open({}, sealed));
        BOOST_TEST(open.Open({}, seal.Seal({}, base::Bytes(5, 1))).has_value()); // the next one fits again
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::crypto
