// Looking through old blocks, with and without block filters.
#include "rig.h"
#include "wallet/keys.h"

BOOST_AUTO_TEST_SUITE(rescan)

namespace {

using namespace emc;
using emc::test::WalletRig;
using emc::test::Why;
using interfaces::AddressType;
using primitives::COIN;

constexpr uint32_t LOOK_AHEAD = 5;

wallet::WalletOptions FewAhead()
{
    wallet::WalletOptions options;
    options.look_ahead = LOOK_AHEAD;
    return options;
}

/// A second wallet on the rig's node, without keys yet.
struct Second {
    explicit Second(WalletRig& rig)
    {
        auto options = rig.options;
        options.fresh.blank = true;
        auto opened = wallet::OpenWallet("second", folder.Path(), wallet::Store::Mode::Create, options,
                                         rig.node.Deps());
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), Why(opened));
        wallet = *opened;
    }

    test::TempDir folder;
    std::shared_ptr<interfaces::WalletApi> wallet;
};

/// Payments to addresses of all types, each further than the look-ahead from the one before, between blocks
/// of others.
void PayFarAhead(WalletRig& rig)
{
    rig.node.MineMany(10, WalletRig::Foreign());
    for (int round = 0; round < 3; ++round) {
        for (const auto type : wallet::ALL_TYPES) {
            for (uint32_t i = 1; i < LOOK_AHEAD; ++i)
                (void)rig.Address(type);
            rig.Fund(COIN, type);
            rig.node.MineMany(5, WalletRig::Foreign());
        }
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(filters_leave_out_the_blocks_of_others)
{
    for (const bool filters : {false, true}) {
        WalletRig rig(FewAhead());
        PayFarAhead(rig);
        BOOST_REQUIRE(rig.Name(names::OpKind::New, "test:own").HasValue());
        rig.node.Mine();
        const auto phrase = rig.wallet->Phrase();
        BOOST_REQUIRE(phrase.HasValue());
        Second second(rig);
        rig.node.filters = filters;
        int reads = 0;
        rig.node.on_read = [&] { ++reads; };
        const auto set = second.wallet->SetPhrase(*phrase, "");
        BOOST_REQUIRE_MESSAGE(set.HasValue(), Why(set));
        BOOST_TEST(second.wallet->GetBalances(0).trusted == rig.Trusted());
        BOOST_TEST(second.wallet->GetBalances(0).in_names == rig.wallet->GetBalances(0).in_names);
        BOOST_TEST(second.wallet->GetInfo().tx_count == 13U);
        BOOST_TEST(second.wallet->ListNames({}).size() == 1U);
        // the same payments again
        const auto scanned = second.wallet->RescanBlocks(0, std::nullopt);
        BOOST_REQUIRE(scanned.HasValue());
        BOOST_TEST(scanned->last == rig.node.GetTip().height);
        BOOST_TEST(scanned->read == (filters ? 13 : rig.node.GetTip().height + 1));
        BOOST_TEST(reads == 2 * scanned->read);
        rig.node.on_read = {};
    }
}

BOOST_AUTO_TEST_CASE(a_node_that_stops_ends_it)
{
    WalletRig rig(FewAhead());
    PayFarAhead(rig);
    bool stops = false;
    auto deps = rig.node.Deps();
    deps.stop = [&stops] { return stops; };
    const test::TempDir folder;
    const auto opened = wallet::OpenWallet("second", folder.Path(), wallet::Store::Mode::Create, {}, deps);
    BOOST_REQUIRE_MESSAGE(opened.HasValue(), Why(opened));
    rig.node.on_read = [&] { stops = true; };
    BOOST_TEST(Why((*opened)->RescanBlocks(0, std::nullopt)) == "The rescan was aborted at height 0");
    rig.node.on_read = {};
    stops = false;
    const auto scanned = (*opened)->RescanBlocks(0, std::nullopt);
    BOOST_REQUIRE_MESSAGE(scanned.HasValue(), Why(scanned));
    BOOST_TEST(scanned->last == rig.node.GetTip().height);
}

BOOST_AUTO_TEST_CASE(filters_know_imported_keys_and_descriptors)
{
    WalletRig rig;
    const auto legacy = rig.Address(AddressType::Legacy);
    const auto secret = rig.wallet->DumpSecret(legacy);
    BOOST_REQUIRE(secret.HasValue());
    for (const auto& address : {legacy, rig.Address(AddressType::Bech32m)}) {
        rig.node.MineMany(3, WalletRig::Foreign());
        rig.node.Mine({}, {rig.node.Gift(test::ScriptOf(address), COIN)});
    }
    rig.node.filters = true;
    Second second(rig);
    BOOST_REQUIRE(second.wallet->ImportSecrets({{*secret, "old"}}, true).HasValue());
    BOOST_TEST(second.wallet->GetBalances(0).trusted == COIN);
    const auto chains = rig.wallet->ListDescriptors(interfaces::WalletApi::KeysShown::Private);
    BOOST_REQUIRE(chains.HasValue());
    for (const auto& chain : *chains) {
        if (!chain.text.starts_with("tr(") || chain.internal) continue;
        interfaces::WalletApi::ImportItem item;
        item.descriptor = chain.text;
        const auto done = second.wallet->ImportDescriptors({item});
        BOOST_TEST_REQUIRE(done[0].HasValue(), Why(done[0]));
    }
    BOOST_TEST(second.wallet->GetBalances(0).trusted == 2 * COIN);
    const auto scanned = second.wallet->RescanBlocks(0, std::nullopt);
    BOOST_REQUIRE(scanned.HasValue());
    BOOST_TEST(scanned->read == 2);
}

BOOST_AUTO_TEST_CASE(a_rescan_tells_how_far_it_is_and_can_be_ended)
{
    WalletRig rig;
    rig.node.MineMany(50, WalletRig::Foreign());
    BOOST_TEST(!rig.wallet->AbortRescan());
    int reads = 0;
    double progress = 0;
    rig.node.on_read = [&] {
        if (++reads != 21) return;
        const auto info = rig.wallet->GetInfo();
        BOOST_TEST(info.scanning);
        BOOST_TEST(info.scan_left_sec >= 0);
        progress = info.scan_progress;
        BOOST_TEST(rig.wallet->AbortRescan());
        BOOST_TEST(!rig.wallet->AbortRescan());
    };
    const auto scanned = rig.wallet->RescanBlocks(0, std::nullopt);
    rig.node.on_read = {};
    BOOST_TEST(Why(scanned).find("aborted at height 20") != std::string::npos, Why(scanned));
    BOOST_TEST(progress > 0.3);
    BOOST_TEST(progress < 0.5);
    BOOST_TEST(!rig.wallet->GetInfo().scanning);
    // an import says so, too
    reads = 0;
    Second second(rig);
    const auto secret = rig.wallet->DumpSecret(rig.Address(AddressType::Legacy));
    BOOST_REQUIRE(secret.HasValue());
    rig.node.on_read = [&] { second.wallet->AbortRescan(); };
    const auto imported = second.wallet->ImportSecrets({{*secret, ""}}, true);
    rig.node.on_read = {};
    BOOST_TEST(Why(imported).find("rescanblockchain 1 goes on with it") != std::string::npos, Why(imported));
}

BOOST_AUTO_TEST_SUITE_END()
