// Keys of a wallet: published derivations, look-ahead, stored ids.

#include "crypto/random.h"
#include "script/address.h"
#include "wallet/keys.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using base::Bytes;
using interfaces::AddressType;
using wallet::KeyRing;

namespace {

/// Seed of the phrase "abandon … about" without a password, which BIPs 84 and 49 use.
Bytes PublishedSeed()
{
    return *base::FromHex("5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc1"
                          "9a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4");
}

/// Coin type 0, as the published addresses have it.
struct Ring : KeyRing {
    explicit Ring(uint32_t coin_type = 0, uint32_t look_ahead = 20) : KeyRing(coin_type, look_ahead)
    {
        crypto::TestRandom random(1);
        BOOST_REQUIRE(!SetSeed(PublishedSeed(), random).empty());
        Ready();
    }
};

std::string AddressOf(const Bytes& script, uint8_t pubkey_prefix, uint8_t script_prefix,
                      const std::string& hrp)
{
    script::AddressParams params;
    params.pubkey_prefix = pubkey_prefix;
    params.script_prefix = script_prefix;
    params.bech32_prefix = hrp;
    return *script::EncodeAddress(params, script);
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_keys)

BOOST_AUTO_TEST_CASE(published_addresses)
{
    Ring ring;
    // BIP 84
    BOOST_CHECK_EQUAL(AddressOf(ring.Next(AddressType::Bech32, false)->script, 0, 5, "bc"),
                      "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu");
    BOOST_CHECK_EQUAL(AddressOf(ring.Next(AddressType::Bech32, false)->script, 0, 5, "bc"),
                      "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g");
    BOOST_CHECK_EQUAL(AddressOf(ring.Next(AddressType::Bech32, true)->script, 0, 5, "bc"),
                      "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el");
    // BIP 44, first address of the same phrase
    BOOST_CHECK_EQUAL(AddressOf(ring.Next(AddressType::Legacy, false)->script, 0, 5, "bc"),
                      "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA");
    // BIP 49 has its vector on the test network
    Ring test(1);
    BOOST_CHECK_EQUAL(AddressOf(test.Next(AddressType::P2shSegwit, false)->script, 111, 196, "tb"),
                      "2Mww8dCYPUpKHofjgcXcBCEGmniw9CoaiD2");
}

BOOST_AUTO_TEST_CASE(every_script_has_its_key_and_path)
{
    Ring ring;
    for (const auto type : {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32}) {
        for (const bool change : {false, true}) {
            for (uint32_t i = 0; i < 5; ++i) {
                const auto script = ring.Next(type, change)->script;
                const auto origin = ring.Find(script);
                BOOST_REQUIRE(origin);
                BOOST_CHECK(origin->index == i && origin->type == type && !origin->imported);
                const auto key = ring.KeyOfScript(script);
                BOOST_REQUIRE(key);
                BOOST_CHECK(key->Public().Id() == origin->key_id);
                BOOST_CHECK(wallet::ScriptFor(key->Public(), type) == script);
                BOOST_CHECK(ring.PathOf(*origin).ends_with((change ? "/1/" : "/0/") + std::to_string(i)));
                BOOST_CHECK_GT(ring.InputWeight(script), 200u);
                // The same key in another form was never handed out.
                if (type == AddressType::Bech32)
                    BOOST_CHECK(!ring.Find(script::PayToPubKeyHash(origin->key_id)));
            }
        }
    }
    BOOST_CHECK(!ring.Find(Bytes{}));
    BOOST_CHECK(!ring.KeyOfScript(Bytes(22, 0)));
    BOOST_CHECK_EQUAL(ring.InputWeight(Bytes(22, 0)), 0u);
}

BOOST_AUTO_TEST_CASE(scripts_ahead_are_known_and_move_the_counter)
{
    Ring far(0, 500);
    Ring ring(0, 20);
    std::vector<Bytes> scripts;
    for (int i = 0; i < 200; ++i)
        scripts.push_back(far.Next(AddressType::Bech32, false)->script);
    BOOST_CHECK(ring.Find(scripts[19]));
    BOOST_CHECK(!ring.Find(scripts[20]));
    const auto rows = ring.MarkUsed(scripts[19]);
    BOOST_REQUIRE_EQUAL(rows.size(), 1u);
    BOOST_CHECK_EQUAL(*wallet::ReadNextIndex(*rows[0].value), 20u);
    BOOST_CHECK(ring.Find(scripts[39]));
    BOOST_CHECK(ring.MarkUsed(scripts[5]).empty());   // already counted
    BOOST_CHECK(ring.MarkUsed(scripts[150]).empty()); // not known
    BOOST_CHECK(ring.Next(AddressType::Bech32, false)->script == scripts[20]);
}

BOOST_AUTO_TEST_CASE(stored_ids_stand_for_derivation)
{
    Ring first(0, 20);
    std::vector<wallet::RowChange> rows;
    Bytes last;
    for (int i = 0; i < 600; ++i) {
        auto fresh = first.Next(AddressType::Bech32, false);
        rows.insert(rows.end(), fresh->rows.begin(), fresh->rows.end());
        last = fresh->script;
    }
    std::vector<wallet::KeyIdsRow> runs;
    for (const auto& row : rows) {
        if (wallet::KindOf(row.key) == wallet::RowKind::KeyIds)
            runs.push_back(*wallet::ReadKeyIdsRow(row.key, *row.value));
    }
    BOOST_REQUIRE_EQUAL(runs.size(), 2u);
    KeyRing second(0, 20);
    crypto::TestRandom random(1);
    BOOST_REQUIRE(!second.SetSeed(PublishedSeed(), random).empty());
    wallet::KeyIdsRow foreign = runs[0];
    foreign.ids[0].bytes[0] ^= 1;
    second.LoadIds(foreign); // does not fit the seed
    second.LoadIds(runs[1]); // out of turn
    for (const auto& run : runs)
        second.LoadIds(run);
    second.LoadNextIndex({static_cast<uint8_t>(AddressType::Bech32), 0}, 600);
    second.LoadNextIndex({77, 0}, 5); // of no chain known
    second.Ready();
    BOOST_CHECK(second.Find(last));
    BOOST_CHECK(second.Next(AddressType::Bech32, false)->script ==
                first.Next(AddressType::Bech32, false)->script);
}

BOOST_AUTO_TEST_CASE(imported_keys_in_all_forms)
{
    Ring ring;
    crypto::TestRandom random(9);
    const auto key = crypto::PrivateKey::Generate(random);
    const auto old = crypto::PrivateKey::Generate(random, false);
    static_cast<void>(ring.AddImported(key, random));
    static_cast<void>(ring.AddImported(old, random));
    for (const auto type : {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32}) {
        const auto origin = ring.Find(wallet::ScriptFor(key.Public(), type));
        BOOST_REQUIRE(origin);
        BOOST_CHECK(origin->imported && ring.PathOf(*origin).empty());
        BOOST_CHECK(ring.MarkUsed(wallet::ScriptFor(key.Public(), type)).empty());
    }
    const auto legacy = wallet::ScriptFor(old.Public(), AddressType::Bech32); // legacy whatever is asked
    BOOST_CHECK(ring.Find(legacy)->type == AddressType::Legacy);
    BOOST_CHECK(!ring.Find(script::PayToWitnessKeyHash(old.Public().Id())));
    BOOST_CHECK_GT(ring.InputWeight(legacy),
                   ring.InputWeight(wallet::ScriptFor(key.Public(), AddressType::Legacy)));
    // A derived key imported as well is known in all forms.
    const auto script = ring.Next(AddressType::Bech32, false)->script;
    static_cast<void>(ring.AddImported(*ring.KeyOfScript(script), random));
    BOOST_CHECK(!ring.Find(script)->imported);
    BOOST_CHECK(ring.Find(script::PayToPubKeyHash(ring.Find(script)->key_id))->imported);
    BOOST_CHECK(KeyRing(0, 1).SetSeed(Bytes(5), random).empty());
}

BOOST_AUTO_TEST_SUITE_END()
