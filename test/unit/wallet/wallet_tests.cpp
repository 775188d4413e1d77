// Money in a wallet on a fake node: balances, spending, fees, reorganisations, restarts.

#include "rig.h"
#include "wallet/rows.h"
#include "wallet/wallets.h"

#include <filesystem>
#include <numeric>

using namespace emc;
using interfaces::AddressType;
using interfaces::RemovalReason;
using primitives::Amount;
using primitives::COIN;
using test::WalletRig;

BOOST_AUTO_TEST_SUITE(wallet_money)

BOOST_AUTO_TEST_CASE(a_payment_is_pending_then_trusted)
{
    WalletRig rig;
    const auto tx = rig.node.Gift(test::ScriptOf(rig.Address()), 5 * COIN);
    rig.node.AddToPool(tx);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, 5 * COIN);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, 0);
    BOOST_CHECK_EQUAL(rig.Trusted(), 5 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(2).trusted, 0);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(2).trusted, 5 * COIN);
    const auto shown = rig.wallet->GetTransaction(tx->Txid());
    BOOST_REQUIRE(shown);
    BOOST_CHECK_EQUAL(shown->confirmations, 2);
    BOOST_CHECK(!shown->from_me);
    BOOST_REQUIRE_EQUAL(shown->parts.size(), 1u);
    BOOST_CHECK_EQUAL(shown->parts[0].category, "receive");
}

BOOST_AUTO_TEST_CASE(generated_coins_ripen_and_unripen)
{
    WalletRig rig;
    const auto script = test::ScriptOf(rig.Address());
    rig.node.Mine(script);
    const int32_t maturity = rig.node.Params().maturity;
    for (int32_t depth = 1; depth < maturity; ++depth) {
        BOOST_REQUIRE_EQUAL(rig.wallet->GetBalances(0).immature, 50 * COIN);
        rig.node.Mine();
    }
    BOOST_CHECK_EQUAL(rig.Trusted(), 50 * COIN);
    rig.node.Pop();
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).immature, 50 * COIN);
    while (rig.node.GetTip().height > 0)
        rig.node.Pop();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).immature, 0);
    BOOST_CHECK_EQUAL(rig.wallet->ListTransactions({.count = 10}).at(0).parts.at(0).category, "orphan");
    BOOST_CHECK_EQUAL(rig.wallet->ListTransactions({.count = 10}).at(0).confirmations, -1);
}

BOOST_AUTO_TEST_CASE(fees_are_exact)
{
    for (const auto type : {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32}) {
        WalletRig rig;
        for (int i = 0; i < 30; ++i)
            rig.Fund(COIN + i * 1000, type);
        for (const Amount rate : {1'000, 9'999, 25'000}) {
            for (const Amount amount : {COIN / 10, COIN, 2 * COIN}) {
                interfaces::WalletMoneyApi::SendOptions options;
                options.fee_per_kvb = rate;
                const auto sent = rig.Pay(amount, false, options);
                BOOST_REQUIRE_MESSAGE(sent.HasValue(), test::Why(sent));
                const auto shown = rig.wallet->GetTransaction(*sent);
                BOOST_REQUIRE(shown);
                const auto vsize = static_cast<Amount>(shown->tx->VirtualSize());
                const Amount least = (rate * vsize + 999) / 1000;
                BOOST_CHECK_GE(shown->fee, least);
                // A signature may be a byte shorter than planned; without change the rest goes to the miner.
                const bool change = shown->tx->Outputs().size() == 2;
                const auto inputs = static_cast<Amount>(shown->tx->Inputs().size());
                if (change) BOOST_CHECK_LE(shown->fee, least + (inputs + 1) * rate / 1000);
                BOOST_CHECK_LE(shown->fee, least + rate / 10 + 1'000 + (inputs + 1) * rate / 1000);
                rig.node.Mine();
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_receiver_may_pay_the_fee)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    const auto sent = rig.Pay(4 * COIN, true);
    BOOST_REQUIRE(sent.HasValue());
    const auto shown = rig.wallet->GetTransaction(*sent);
    Amount received = 0;
    for (const auto& output : shown->tx->Outputs()) {
        if (output.script_pubkey == WalletRig::Foreign()) received = output.value;
    }
    BOOST_CHECK_EQUAL(received + shown->fee, 4 * COIN);
    BOOST_CHECK_EQUAL(rig.Trusted(), 6 * COIN);
    // Everything: no change, and what the receiver gets is all but the fee.
    rig.node.Mine();
    const auto all = rig.Pay(6 * COIN, true);
    BOOST_REQUIRE(all.HasValue());
    const auto last = rig.wallet->GetTransaction(*all);
    BOOST_CHECK_EQUAL(last->tx->Outputs().size(), 1u);
    BOOST_CHECK_EQUAL(*last->tx->OutputSum() + last->fee, 6 * COIN);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    const auto vsize = static_cast<Amount>(last->tx->VirtualSize());
    BOOST_CHECK_GE(last->fee, 10 * vsize);
    BOOST_CHECK_LE(last->fee, 10 * (vsize + 1));
}

BOOST_AUTO_TEST_CASE(what_the_receiver_pays_is_lowered_by_leftovers_too_small_for_change)
{
    WalletRig rig;
    rig.Fund(COIN);
    const auto sent = rig.Pay(COIN - 500, true);
    BOOST_REQUIRE(sent.HasValue());
    const auto shown = rig.wallet->GetTransaction(*sent);
    BOOST_CHECK_EQUAL(shown->tx->Outputs().size(), 1u);
    const auto vsize = static_cast<Amount>(shown->tx->VirtualSize());
    BOOST_CHECK_LE(shown->fee, 10 * (vsize + 1));
}

BOOST_AUTO_TEST_CASE(dust_change_goes_to_the_miner)
{
    WalletRig rig;
    rig.Fund(COIN);
    const auto sent = rig.Pay(COIN - 2'000); // 1-in 1-out is about 1,100 at this rate
    BOOST_REQUIRE(sent.HasValue());
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->tx->Outputs().size(), 1u);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->fee, 2'000);
}

BOOST_AUTO_TEST_CASE(missing_money_is_named)
{
    WalletRig rig;
    rig.Fund(3 * COIN);
    rig.node.Mine(test::ScriptOf(rig.Address()));
    const auto sent = rig.Pay(5 * COIN);
    BOOST_REQUIRE(!sent.HasValue());
    BOOST_CHECK_EQUAL(sent.Error().code, -6);
    BOOST_TEST_MESSAGE(sent.Error().message);
    BOOST_CHECK(sent.Error().message.starts_with("Insufficient funds: 2."));
    BOOST_CHECK(sent.Error().message.find("50.00000000 EMC are immature") != std::string::npos);
    BOOST_CHECK_EQUAL(rig.Trusted(), 3 * COIN);
    BOOST_CHECK(!rig.Pay(100).HasValue());
    BOOST_CHECK(!rig.Pay(primitives::MAX_MONEY).HasValue());
    interfaces::WalletMoneyApi::SendOptions dear;
    dear.fee_per_kvb = 1'000'000'000;
    const auto refused = rig.Pay(COIN, false, dear);
    BOOST_REQUIRE(!refused.HasValue());
    BOOST_CHECK_EQUAL(rig.Trusted(), 3 * COIN);
    BOOST_CHECK(!rig.wallet->Send({}, {}).HasValue());
}

BOOST_AUTO_TEST_CASE(own_change_is_trusted_only_when_all_inputs_are_ours)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    BOOST_REQUIRE(rig.Pay(COIN).HasValue());
    BOOST_CHECK_GT(rig.Trusted(), 8 * COIN);
    const auto again = rig.Pay(COIN); // spends the change of the first
    BOOST_REQUIRE(again.HasValue());
    // A payment of others in the pool, spent on to us by a transaction made elsewhere with these keys.
    const auto foreign = rig.node.Gift(test::ScriptOf(rig.Address()), 4 * COIN);
    rig.node.AddToPool(foreign);
    primitives::MutableTransaction onward;
    onward.inputs.resize(1);
    onward.inputs[0].prevout = {foreign->Txid(), 0};
    onward.outputs.push_back({4 * COIN - 1000, test::ScriptOf(rig.Address())});
    rig.node.AddToPool(primitives::MakeTx(onward));
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, 4 * COIN - 1000);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, 0);
}

BOOST_AUTO_TEST_CASE(a_refused_transaction_leaves_no_trace)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    rig.node.refusal = "X-01: no";
    const auto sent = rig.Pay(COIN);
    BOOST_REQUIRE(!sent.HasValue());
    BOOST_CHECK_EQUAL(sent.Error().message, "X-01: no");
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->ListTransactions({.count = 10}).size(), 1u);
    rig.node.refusal.clear();
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    BOOST_CHECK(rig.node.Entries().empty());
}

BOOST_AUTO_TEST_CASE(a_dropped_transaction_waits_and_can_be_given_up)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    const auto sent = rig.Pay(COIN);
    BOOST_REQUIRE(sent.HasValue());
    BOOST_CHECK(!rig.wallet->Abandon(*sent).HasValue());
    rig.node.DropFromPool(*sent, RemovalReason::Expired);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    BOOST_REQUIRE(rig.wallet->Abandon(*sent).HasValue());
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    BOOST_CHECK(rig.wallet->GetTransaction(*sent)->abandoned);
    BOOST_CHECK(!rig.wallet->Abandon(*sent).HasValue());
    BOOST_CHECK(rig.node.Entries().empty()); // not sent again
}

BOOST_AUTO_TEST_CASE(a_waiting_transaction_is_offered_again)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    const auto first = rig.Pay(COIN);
    const auto second = rig.Pay(COIN);
    BOOST_REQUIRE(first.HasValue() && second.HasValue());
    rig.node.DropFromPool(*second, RemovalReason::Expired);
    rig.node.DropFromPool(*first, RemovalReason::Expired);
    rig.Open(); // parents first
    BOOST_CHECK_EQUAL(rig.node.Entries().size(), 2u);
    BOOST_CHECK_GT(rig.Trusted(), 7 * COIN);
}

BOOST_AUTO_TEST_CASE(a_reorganisation_moves_money_back_and_forth)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    const auto sent = rig.Pay(COIN);
    BOOST_REQUIRE(sent.HasValue());
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, 1);
    rig.node.Pop(false);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, 0);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0); // waits: its inputs stay taken
    rig.node.AddToPool(rig.wallet->GetTransaction(*sent)->tx);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, 1);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, 1);
}

BOOST_AUTO_TEST_CASE(a_conflict_in_a_block_frees_the_other_inputs)
{
    WalletRig rig;
    const auto a = rig.Fund(10 * COIN);
    rig.Fund(10 * COIN);
    const auto sent = rig.Pay(15 * COIN); // takes both
    BOOST_REQUIRE(sent.HasValue());
    const auto child = rig.Pay(COIN); // of its change
    BOOST_REQUIRE(child.HasValue());
    primitives::MutableTransaction thief;
    thief.inputs.resize(1);
    thief.inputs[0].prevout = {a->Txid(), 0};
    thief.outputs.push_back({9 * COIN, WalletRig::Foreign()});
    rig.node.Mine({}, {primitives::MakeTx(thief)}, false);
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, -1);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*child)->confirmations, -1);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), 10 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*child)->confirmations, -1);
    rig.node.Pop(false);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*sent)->confirmations, 0);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(*child)->confirmations, 0);
}

BOOST_AUTO_TEST_CASE(a_foreign_double_spend_that_does_not_pay_us_is_noticed)
{
    WalletRig rig;
    const auto paying = rig.node.Gift(test::ScriptOf(rig.Address()), COIN);
    rig.node.AddToPool(paying);
    primitives::MutableTransaction other = paying->Fields();
    other.outputs[0].script_pubkey = WalletRig::Foreign();
    rig.node.Mine({}, {primitives::MakeTx(other)}, false);
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(paying->Txid())->confirmations, -1);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, 0);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(paying->Txid())->confirmations, -1);
}

BOOST_AUTO_TEST_CASE(a_reorganisation_while_closed_or_deaf_is_found)
{
    WalletRig rig;
    const auto script = test::ScriptOf(rig.Address());
    rig.node.MineMany(5);
    rig.Fund(3 * COIN);
    rig.node.MineMany(3);
    for (const bool closed : {true, false}) {
        if (closed) {
            rig.wallet.reset();
        } else {
            rig.node.Hold();
        }
        for (int i = 0; i < 5; ++i)
            rig.node.Pop(false);
        const auto gift = rig.node.Gift(script, 2 * COIN);
        rig.node.Mine({}, {gift});
        rig.node.MineMany(8);
        if (closed) {
            rig.Open();
        } else {
            rig.node.LoseEvents();
        }
        BOOST_CHECK_EQUAL(rig.wallet->GetTransaction(gift->Txid())->confirmations, 9);
        BOOST_CHECK_EQUAL(rig.wallet->GetInfo().synced_height, rig.node.GetTip().height);
    }
}

BOOST_AUTO_TEST_CASE(late_events_change_nothing)
{
    WalletRig rig;
    rig.Fund(3 * COIN);
    rig.node.Hold();
    rig.node.Pop(false);
    rig.Fund(2 * COIN);
    rig.node.MineMany(3);
    rig.wallet.reset();
    auto opened = wallet::OpenWallet("", rig.folder.Path(), wallet::Store::Mode::Open, {}, rig.node.Deps());
    BOOST_REQUIRE(opened.HasValue());
    rig.wallet = *opened;
    const auto before = rig.Trusted();
    rig.node.Deliver();
    BOOST_CHECK_EQUAL(rig.Trusted(), before);
    BOOST_CHECK_EQUAL(before, 2 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->GetInfo().synced_height, rig.node.GetTip().height);
}

BOOST_AUTO_TEST_CASE(a_block_that_comes_back_after_a_crash_counts_again)
{
    WalletRig rig;
    rig.node.MineMany(3);
    const auto gift = rig.node.Gift(test::ScriptOf(rig.Address()), COIN);
    rig.node.Mine({}, {gift}, false);
    rig.Open(); // the file says that this block was followed
    rig.node.Pop(false);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    rig.node.Hold();
    rig.node.Mine({}, {gift}, false);
    rig.wallet.reset(); // without having seen it
    rig.node.LoseEvents();
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), COIN);
}

BOOST_AUTO_TEST_CASE(the_place_in_the_file_is_never_far_behind)
{
    WalletRig rig;
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 0);
    rig.node.MineMany(99);
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 0);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 100);
    rig.node.MineMany(50);
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 100);
    // A copy of the folder is what a crash leaves: it has just that place.
    const test::TempDir copy;
    std::filesystem::copy(rig.folder.Path(), copy.Path(), std::filesystem::copy_options::recursive);
    {
        const auto store = wallet::Store::Open(copy.Path(), wallet::Store::Mode::Open);
        BOOST_REQUIRE(store.HasValue());
        std::optional<wallet::SyncedRow> synced;
        BOOST_REQUIRE((*store)->ForEach([&](base::ByteSpan key, base::ByteSpan value) {
            if (wallet::KindOf(key) == wallet::RowKind::Synced) synced = wallet::ReadSyncedRow(value);
        }));
        BOOST_REQUIRE(synced);
        BOOST_CHECK_EQUAL(synced->height, rig.wallet->SavedHeight());
    }
    for (int i = 0; i < 60; ++i)
        rig.node.Pop();
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 90);
    rig.node.MineMany(5);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.wallet->SavedHeight(), 95);
}

BOOST_AUTO_TEST_CASE(blocks_are_kept_for_the_wallet_that_is_furthest_behind)
{
    test::FakeNode node;
    const test::TempDir folder;
    wallet::Wallets wallets(folder.Path(), {}, node.Deps());
    BOOST_CHECK_EQUAL(wallets.ReadUpTo(), std::numeric_limits<int32_t>::max());
    BOOST_REQUIRE(wallets.Create("early", {}).HasValue());
    node.MineMany(70);
    BOOST_REQUIRE(wallets.Create("late", {}).HasValue());
    BOOST_CHECK_EQUAL(wallets.Loaded().at(1)->SavedHeight(), 70);
    BOOST_CHECK_EQUAL(wallets.ReadUpTo(), 0);
    node.MineMany(30);
    BOOST_CHECK_EQUAL(wallets.ReadUpTo(), 100);
    // While one opens or looks through old blocks, all of them are needed.
    std::vector<int32_t> meanwhile;
    node.on_read = [&] { meanwhile.push_back(wallets.ReadUpTo()); };
    const auto key = crypto::PrivateKey::Generate(node.random);
    const auto secret = script::EncodeSecret(node.Params().addresses, key);
    BOOST_REQUIRE(wallets.Loaded().at(1)->ImportSecret(secret, "", true).HasValue());
    BOOST_REQUIRE(wallets.Unload("early").HasValue());
    node.MineMany(10);
    BOOST_REQUIRE(wallets.Load("early").HasValue());
    BOOST_CHECK_EQUAL(meanwhile.size(), 101 + 10);
    BOOST_CHECK(std::all_of(meanwhile.begin(), meanwhile.end(), [](int32_t height) { return height == -1; }));
    node.on_read = nullptr;
    BOOST_CHECK_EQUAL(wallets.ReadUpTo(), 100);
}

BOOST_AUTO_TEST_CASE(pool_transactions_from_before_opening_are_seen)
{
    WalletRig rig;
    const auto script = test::ScriptOf(rig.Address());
    rig.wallet.reset();
    rig.node.AddToPool(rig.node.Gift(script, COIN));
    rig.Open();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).pending, COIN);
}

BOOST_AUTO_TEST_CASE(an_early_copy_finds_coins_of_later_addresses)
{
    WalletRig rig;
    test::TempDir copy;
    const std::string backup = copy.Path() + "/wallet.dat";
    BOOST_REQUIRE(rig.wallet->Backup(backup).HasValue());
    BOOST_CHECK(!rig.wallet->Backup(backup).HasValue()); // nothing is overwritten
    // 250 addresses, each paid once, two in a block, the later first: further than the look-ahead goes at
    // once.
    Amount total = 0;
    for (int i = 0; i < 125; ++i) {
        const auto a = test::ScriptOf(rig.Address());
        const auto b = test::ScriptOf(rig.Address(AddressType::Legacy));
        rig.node.Mine({}, {rig.node.Gift(b, COIN + i), rig.node.Gift(a, COIN)});
        total += 2 * COIN + i;
    }
    BOOST_REQUIRE(rig.Pay(COIN / 2).HasValue());
    rig.node.Mine();
    const auto now = rig.Trusted();
    BOOST_CHECK_GT(now, total - COIN);
    const auto opened = wallet::OpenWallet("", copy.Path(), wallet::Store::Mode::Open, {}, rig.node.Deps());
    BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
    BOOST_CHECK_EQUAL((*opened)->GetBalances(0).trusted, now);
    // The next address is none that was used.
    const auto fresh = (*opened)->NewAddress(AddressType::Bech32, "", false);
    BOOST_CHECK_EQUAL(*fresh, rig.Address());
}

BOOST_AUTO_TEST_CASE(a_block_that_uses_addresses_out_of_order_is_read_until_nothing_new_comes)
{
    WalletRig rig;
    test::TempDir copy;
    BOOST_REQUIRE(rig.wallet->Backup(copy.Path()).HasValue());
    std::vector<primitives::TxRef> txs;
    for (int i = 0; i < 300; ++i) {
        const auto script = test::ScriptOf(rig.Address());
        if (i % 90 == 89) txs.push_back(rig.node.Gift(script, COIN));
    }
    std::reverse(txs.begin(), txs.end());
    rig.node.Mine({}, txs);
    BOOST_CHECK_EQUAL(rig.Trusted(), 3 * COIN);
    const auto opened = wallet::OpenWallet("", copy.Path(), wallet::Store::Mode::Open, {}, rig.node.Deps());
    BOOST_REQUIRE(opened.HasValue());
    BOOST_CHECK_EQUAL((*opened)->GetBalances(0).trusted, 3 * COIN);
}

BOOST_AUTO_TEST_CASE(an_imported_key_brings_its_past)
{
    WalletRig rig;
    const auto key = crypto::PrivateKey::Generate(rig.node.random);
    const auto address =
        script::EncodeAddress(rig.node.Params().addresses, script::PayToPubKeyHash(key.Public().Id()));
    rig.node.Mine({}, {rig.node.Gift(test::ScriptOf(*address), 6 * COIN)});
    rig.node.MineMany(4);
    BOOST_CHECK_EQUAL(rig.Trusted(), 0);
    const auto wif = script::EncodeSecret(rig.node.Params().addresses, key);
    BOOST_CHECK(!rig.wallet->ImportSecret("nonsense", "", true).HasValue());
    BOOST_REQUIRE(rig.wallet->ImportSecret(wif, "old", true).HasValue());
    BOOST_CHECK_EQUAL(rig.Trusted(), 6 * COIN);
    BOOST_CHECK_EQUAL(*rig.wallet->DumpSecret(*address), wif);
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), 6 * COIN);
    BOOST_CHECK_EQUAL(rig.wallet->GetAddressInfo(*address)->label, "old");
    BOOST_REQUIRE(rig.Pay(COIN).HasValue());
}

BOOST_AUTO_TEST_CASE(history_is_newest_first_in_pages)
{
    WalletRig rig;
    std::vector<base::Hash256> made;
    for (int i = 0; i < 25; ++i) {
        rig.node.clock.SetMockTime(1'700'000'000 + i / 5); // several in the same second
        made.push_back(rig.Fund(COIN)->Txid());
    }
    std::reverse(made.begin(), made.end());
    for (int round = 0; round < 2; ++round) {
        for (const size_t skip :
             {size_t{0}, size_t{3}, size_t{12}, size_t{13}, size_t{20}, size_t{24}, size_t{25}}) {
            const auto page = rig.wallet->ListTransactions({.count = 5, .skip = skip});
            BOOST_REQUIRE_EQUAL(page.size(), std::min<size_t>(5, made.size() - skip));
            for (size_t i = 0; i < page.size(); ++i)
                BOOST_CHECK(page[i].txid == made[skip + i]);
        }
        BOOST_CHECK(rig.wallet->ListTransactions({}).empty());
        rig.Open(); // the order lives in the file
    }
}

BOOST_AUTO_TEST_CASE(fee_rates_have_limits)
{
    WalletRig rig;
    rig.Fund(10 * COIN);
    const Amount least = rig.node.MinFeeRate();
    const Amount most = rig.options.max_fee;
    BOOST_TEST(rig.wallet->SetFeeRate(0).HasValue());
    for (const Amount rate : {Amount{-1}, least - 1, most + 1})
        BOOST_TEST(rig.wallet->SetFeeRate(rate).Error().code == wallet::CODE_PARAMETER);
    for (const Amount rate : {least, most})
        BOOST_TEST(rig.wallet->SetFeeRate(rate).HasValue());
    interfaces::WalletMoneyApi::SendOptions options;
    options.fee_per_kvb = least - 1;
    const auto refused = rig.Pay(COIN, false, options);
    BOOST_REQUIRE(!refused.HasValue());
    BOOST_TEST(refused.Error().code == wallet::CODE_FUNDS);
    options.fee_per_kvb = least;
    BOOST_TEST(rig.Pay(COIN, false, options).HasValue());
}

BOOST_AUTO_TEST_CASE(too_many_small_coins_are_named)
{
    WalletRig rig;
    primitives::MutableTransaction many = rig.node.Gift({}, 0)->Fields();
    many.outputs.clear();
    const auto script = test::ScriptOf(rig.Address());
    for (int i = 0; i < 1500; ++i)
        many.outputs.push_back({COIN / 100, script});
    rig.node.Mine({}, {primitives::MakeTx(many)});
    const auto sent = rig.Pay(14 * COIN);
    BOOST_REQUIRE(!sent.HasValue());
    BOOST_CHECK(sent.Error().message.starts_with("Transaction too large"));
    BOOST_CHECK(rig.Pay(5 * COIN).HasValue());
}

BOOST_AUTO_TEST_CASE(foreign_signatures_stay)
{
    WalletRig rig;
    WalletRig other;
    const auto tx = rig.Fund(COIN);
    const auto theirs = rig.node.Gift(test::ScriptOf(other.Address()), COIN);
    rig.node.Mine({}, {theirs});
    other.node.Mine({}, {theirs});
    other.node.Mine({}, {tx});
    primitives::MutableTransaction both;
    both.inputs.resize(3);
    both.inputs[0].prevout = {tx->Txid(), 0};
    both.inputs[1].prevout = {theirs->Txid(), 0};
    both.inputs[2].prevout = {theirs->Txid(), 7};
    both.outputs.push_back({COIN, WalletRig::Foreign()});
    const auto half = rig.wallet->SignTransaction(both, 1);
    BOOST_REQUIRE(half.HasValue());
    BOOST_CHECK(!half->complete);
    BOOST_CHECK_EQUAL(half->errors.size(), 2u);
    auto joint = half->tx;
    const auto whole = other.wallet->SignTransaction(joint, 1);
    BOOST_REQUIRE(whole.HasValue());
    BOOST_CHECK_EQUAL(whole->errors.size(), 1u); // the third input is nowhere
    BOOST_CHECK(whole->tx.inputs[0].witness == half->tx.inputs[0].witness);
    BOOST_CHECK_EQUAL(whole->tx.inputs[1].witness.size(), 2u);
}

BOOST_AUTO_TEST_SUITE_END()
