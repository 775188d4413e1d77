// Names in a wallet on a fake node.

#include "rig.h"
#include "wallet/wallets.h"

using namespace emc;
using names::OpKind;
using primitives::Amount;
using primitives::COIN;
using test::WalletRig;

BOOST_AUTO_TEST_SUITE(wallet_names)

BOOST_AUTO_TEST_CASE(a_name_is_registered_updated_and_deleted)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    const auto preview = rig.wallet->PreviewNames({{OpKind::New, "alice", base::ToBytes("value"), 10, ""}});
    BOOST_REQUIRE_MESSAGE(preview.HasValue(), test::Why(preview));
    const auto made = rig.Name(OpKind::New, "alice");
    BOOST_REQUIRE_MESSAGE(made.HasValue(), test::Why(made));
    const auto shown = rig.wallet->GetTransaction(*made);
    BOOST_CHECK_EQUAL(shown->burned, preview->burned);
    BOOST_CHECK_GT(shown->burned, 0);
    BOOST_CHECK_GE(shown->fee, 10 * static_cast<Amount>(shown->tx->VirtualSize()));
    BOOST_CHECK_LE(std::abs(shown->fee - preview->network_fee), 20);
    auto list = rig.wallet->ListNames({});
    BOOST_REQUIRE_EQUAL(list.size(), 1u);
    BOOST_CHECK(list[0].pending && list[0].mine && !list[0].address.empty());
    const auto busy = rig.Name(OpKind::New, "alice");
    BOOST_REQUIRE(!busy.HasValue());
    BOOST_CHECK(busy.Error().message.find("pending operations on that name") != std::string::npos);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    list = rig.wallet->ListNames({.exact = "alice"});
    BOOST_REQUIRE_EQUAL(list.size(), 1u);
    BOOST_CHECK(!list[0].pending && list[0].mine && list[0].info.live);
    BOOST_CHECK_EQUAL(list[0].info.record.expiry, preview->expiry);
    BOOST_CHECK(rig.wallet->ListNames({.exact = "bob"}).empty());

    const auto owner = list[0].address;
    BOOST_REQUIRE(rig.Name(OpKind::Update, "alice", 5).HasValue());
    rig.node.Mine();
    list = rig.wallet->ListNames({});
    BOOST_CHECK_EQUAL(list.at(0).address, owner); // kept
    BOOST_CHECK_EQUAL(list.at(0).info.record.expiry, preview->expiry + 5 * names::BLOCKS_PER_DAY);
    BOOST_REQUIRE(rig.Name(OpKind::Delete, "alice").HasValue());
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    rig.node.Mine();
    BOOST_CHECK(rig.wallet->ListNames({}).empty());
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0); // money again
    rig.Open();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0);
    BOOST_CHECK(rig.wallet->ListNames({}).empty());
}

BOOST_AUTO_TEST_CASE(a_name_is_never_spent_as_money)
{
    WalletRig rig;
    const auto funding = rig.Fund(10 * COIN);
    const auto made = rig.Name(OpKind::New, "dns:shop.emc", 10);
    BOOST_REQUIRE(made.HasValue());
    const auto outpoint = [&rig] { return rig.node.Find("dns:shop.emc")->record.outpoint; };
    const auto spend_all = [&rig] {
        // Whatever is left, all of it, so that every coin that may be spent is.
        const Amount all = rig.Trusted();
        const auto sent = rig.Pay(all, true);
        BOOST_REQUIRE_MESSAGE(sent.HasValue(), test::Why(sent));
        return rig.wallet->GetTransaction(*sent)->tx;
    };
    const auto spends = [](const primitives::TxRef& tx, const base::Hash256& txid, const auto& is_name) {
        for (const auto& input : tx->Inputs()) {
            if (input.prevout.txid == txid && is_name(input.prevout.index)) return true;
        }
        return false;
    };
    const auto name_tx = rig.wallet->GetTransaction(*made)->tx;
    const auto is_name = [&](uint32_t i) {
        return names::OwnerScriptOf(name_tx->Version(), i, name_tx->Outputs()[i].script_pubkey).had_prefix;
    };
    BOOST_CHECK(!spends(spend_all(), *made, is_name)); // pending
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    rig.Fund(COIN);
    BOOST_CHECK(!spends(spend_all(), *made, is_name)); // confirmed
    rig.node.Mine();
    rig.Open();
    rig.Fund(COIN);
    BOOST_CHECK(!spends(spend_all(), *made, is_name)); // after a restart
    rig.node.Mine();
    // Expired: money. Not one block sooner.
    const int32_t expiry = rig.node.Find("dns:shop.emc")->record.expiry;
    while (rig.node.GetTip().height + 1 < expiry)
        rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0);
    BOOST_CHECK_EQUAL(rig.Trusted(), 10'000);
    rig.node.Pop();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    rig.node.Mine();
    rig.Fund(COIN);
    BOOST_CHECK(spends(spend_all(), outpoint().txid, is_name));
    BOOST_CHECK(funding);
}

BOOST_AUTO_TEST_CASE(a_name_moves_back_with_its_block)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    BOOST_REQUIRE(rig.Name(OpKind::New, "bob").HasValue());
    rig.node.Mine();
    BOOST_REQUIRE(rig.Name(OpKind::Update, "bob", 7).HasValue());
    rig.node.Mine();
    const auto later = rig.wallet->ListNames({}).at(0).info.record;
    rig.node.Pop(true);
    auto list = rig.wallet->ListNames({});
    BOOST_REQUIRE_EQUAL(list.size(), 1u);
    BOOST_CHECK(list[0].pending);
    BOOST_CHECK(list[0].info.record.expiry < later.expiry);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000);
    rig.node.Mine();
    BOOST_CHECK(rig.wallet->ListNames({}).at(0).info.record.outpoint == later.outpoint);
    rig.node.Pop(false); // the update is in no block and not in the pool
    rig.node.Pop(false);
    BOOST_CHECK(rig.wallet->ListNames({}).empty());
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0);
}

BOOST_AUTO_TEST_CASE(a_name_somebody_registered_anew_comes_back_with_the_chain)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    BOOST_REQUIRE(rig.Name(OpKind::New, "alice", 1).HasValue());
    rig.node.Mine();
    const int32_t expiry = rig.node.Find("alice")->record.expiry;
    rig.node.MineMany(expiry - rig.node.GetTip().height);
    primitives::MutableTransaction stranger;
    stranger.version = primitives::NAME_TX_VERSION;
    stranger.inputs.resize(1);
    stranger.inputs[0].prevout.index = 0;
    const names::NameOp op{OpKind::New, "alice", 1, {}, WalletRig::Foreign()};
    stranger.outputs.push_back({10'000, names::WriteNameScript(op)});
    rig.node.Mine({}, {primitives::MakeTx(stranger)});
    rig.Open(); // knows only that the name is somebody else's
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0);
    rig.node.Pop(false);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0); // its last block was the one before
    rig.node.Pop();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 10'000); // no money while it is live
}

BOOST_AUTO_TEST_CASE(names_are_listed_in_pages)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    const auto page = [&rig](const std::string& from, size_t count) {
        std::string out;
        for (const auto& own : rig.wallet->ListNames({.exact = "", .from = from, .count = count}))
            out += own.info.name + (own.pending ? "+ " : " ");
        return out;
    };
    for (const char* name : {"b", "d", "f", "h"})
        BOOST_REQUIRE(rig.Name(OpKind::New, name).HasValue());
    rig.node.Mine();
    BOOST_REQUIRE(rig.Name(OpKind::Delete, "d").HasValue());
    rig.node.Mine();
    for (const char* name : {"a", "c", "z"})
        BOOST_REQUIRE(rig.Name(OpKind::New, name).HasValue());
    BOOST_REQUIRE(rig.Name(OpKind::Update, "f", 0).HasValue());
    BOOST_CHECK_EQUAL(page("", 100), "a+ b c+ f+ h z+ ");
    BOOST_CHECK_EQUAL(page("", 3), "a+ b c+ ");
    BOOST_CHECK_EQUAL(page("c", 2), "c+ f+ "); // the deleted name leaves no gap
    BOOST_CHECK_EQUAL(page("f", 2), "f+ h ");
    BOOST_CHECK_EQUAL(page("h", 2), "h z+ ");
    BOOST_CHECK_EQUAL(page("zz", 2), "");
    BOOST_CHECK_EQUAL(page("", 0), "");
    BOOST_CHECK_EQUAL(page("", 1), "a+ ");
}

BOOST_AUTO_TEST_CASE(a_name_given_away_is_shown_as_such)
{
    WalletRig rig;
    WalletRig other;
    rig.Fund(100 * COIN);
    BOOST_REQUIRE(rig.Name(OpKind::New, "carol").HasValue());
    rig.node.Mine();
    BOOST_REQUIRE(rig.Name(OpKind::Update, "carol", 0, other.Address()).HasValue());
    rig.node.Mine();
    const auto list = rig.wallet->ListNames({});
    BOOST_REQUIRE_EQUAL(list.size(), 1u);
    BOOST_CHECK(!list[0].mine);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 0);
    const auto refused = rig.Name(OpKind::Update, "carol");
    BOOST_REQUIRE(!refused.HasValue());
    BOOST_CHECK_EQUAL(refused.Error().message, "prev name tx is not yours or is not spendable");
}

BOOST_AUTO_TEST_CASE(wrong_changes_are_refused_before_anything_is_paid)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    const Amount before = rig.Trusted();
    const std::string long_name(513, 'x');
    BOOST_CHECK(!rig.Name(OpKind::New, "").HasValue());
    BOOST_CHECK(!rig.Name(OpKind::New, long_name).HasValue());
    BOOST_CHECK(!rig.Name(OpKind::New, "a", 0).HasValue());
    BOOST_CHECK(!rig.Name(OpKind::New, "a", 36'501).HasValue());
    BOOST_CHECK(!rig.Name(OpKind::New, "a", 1, "nonsense").HasValue());
    BOOST_CHECK(!rig.Name(OpKind::Update, "a").HasValue());
    BOOST_CHECK(!rig.Name(OpKind::Delete, "a").HasValue());
    BOOST_CHECK(!rig.wallet->ChangeNames({{OpKind::New, "a", base::Bytes(20'481), 1, ""}}).HasValue());
    BOOST_CHECK(
        !rig.wallet->ChangeNames({{OpKind::New, "a", {}, 1, ""}, {OpKind::New, "a", {}, 1, ""}}).HasValue());
    const auto bad =
        rig.wallet->ChangeNames({{OpKind::New, "enum:18009359935:0", base::ToBytes("?"), 1, ""}});
    BOOST_REQUIRE(!bad.HasValue());
    BOOST_CHECK(bad.Error().message.starts_with("E-"));
    BOOST_CHECK_EQUAL(rig.Trusted(), before);
    BOOST_CHECK(rig.node.Entries().empty());
    const auto poor = WalletRig().wallet->ChangeNames({{OpKind::New, "a", {}, 1, ""}});
    BOOST_REQUIRE(!poor.HasValue());
    BOOST_CHECK_EQUAL(poor.Error().code, -6);
    BOOST_CHECK(poor.Error().message.find("1 name operation") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(several_names_in_one_transaction)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    std::vector<interfaces::WalletNamesApi::NameChange> changes;
    for (int i = 0; i < 50; ++i)
        changes.push_back({OpKind::New, "n" + std::to_string(i), base::ToBytes("v"), 1, ""});
    const auto made = rig.wallet->ChangeNames(changes);
    BOOST_REQUIRE_MESSAGE(made.HasValue(), test::Why(made));
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->ListNames({}).size(), 50u);
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 50 * 10'000);
    for (auto& change : changes)
        change.kind = OpKind::Update;
    BOOST_REQUIRE(rig.wallet->ChangeNames(changes).HasValue());
    rig.node.Mine();
    BOOST_CHECK_EQUAL(rig.wallet->GetBalances(0).in_names, 50 * 10'000);
}

BOOST_AUTO_TEST_CASE(a_verifier_signs_numbers)
{
    WalletRig rig;
    rig.Fund(100 * COIN);
    const auto owner = rig.Address();
    BOOST_CHECK(!rig.wallet->SignEnum("ver:enum", "18009359935", owner, 0).HasValue());
    const auto made =
        rig.wallet->ChangeNames({{OpKind::New, "ver:enum", base::ToBytes("name=Test"), 30, ""}});
    BOOST_REQUIRE_MESSAGE(made.HasValue(), test::Why(made));
    rig.node.Mine();
    const auto line = rig.wallet->SignEnum("ver:enum", "18009359935", owner, 0);
    BOOST_REQUIRE_MESSAGE(line.HasValue(), test::Why(line));
    BOOST_CHECK(line->starts_with("SIG=ver:enum|"));
    BOOST_CHECK(!rig.wallet->SignEnum("enum", "18009359935", owner, 0).HasValue());
    BOOST_CHECK(!rig.wallet->SignEnum("ver:enum", "x", owner, 0).HasValue());
    BOOST_CHECK(!rig.wallet->SignEnum("ver:enum", "18009359935", "x", 0).HasValue());
    // The rules take the line for the right owner and refuse it for another.
    const auto value = base::ToBytes("E2U+sip=100|10|!^(.*)$!sip:17772325555@in.example.com!\n" + *line);
    const std::string name = "enum:18009359935:0";
    const auto wrong = rig.wallet->ChangeNames({{OpKind::New, name, value, 30, rig.Address()}});
    BOOST_REQUIRE(!wrong.HasValue());
    BOOST_CHECK(wrong.Error().message.starts_with("E-05"));
    const auto right = rig.wallet->ChangeNames({{OpKind::New, name, value, 30, owner}});
    BOOST_REQUIRE_MESSAGE(right.HasValue(), test::Why(right));
}

BOOST_AUTO_TEST_CASE(addresses_and_labels)
{
    WalletRig rig;
    using interfaces::AddressType;
    const auto plain = rig.wallet->NewAddress(AddressType::Bech32, "shop", false);
    BOOST_REQUIRE(plain.HasValue());
    BOOST_CHECK(plain->starts_with("emrt1") || plain->find('1') != std::string::npos);
    const auto info = rig.wallet->GetAddressInfo(*plain);
    BOOST_CHECK(info->mine && !info->change && info->label == "shop");
    BOOST_CHECK_EQUAL(info->hd_path, "m/84'/1'/0'/0/0");
    BOOST_CHECK_EQUAL(info->pubkey.size(), 33u);
    BOOST_CHECK_EQUAL(rig.wallet->GetAddressInfo(rig.Address(AddressType::Legacy))->hd_path,
                      "m/44'/1'/0'/0/0");
    BOOST_CHECK_EQUAL(rig.wallet->GetAddressInfo(rig.Address(AddressType::P2shSegwit))->hd_path,
                      "m/49'/1'/0'/0/0");
    BOOST_CHECK(rig.wallet->GetAddressInfo(rig.Address(AddressType::Bech32, true))->change);
    BOOST_CHECK(!rig.wallet->NewAddress(AddressType::Bech32, std::string(1001, 'x'), false).HasValue());
    BOOST_REQUIRE(rig.wallet->SetLabel(*plain, "shop 2").HasValue());
    BOOST_CHECK(!rig.wallet->SetLabel("x", "y").HasValue());
    rig.Open();
    BOOST_CHECK_EQUAL(*rig.wallet->LabelOf(test::ScriptOf(*plain)), "shop 2");
    BOOST_CHECK(rig.wallet->IsMine(test::ScriptOf(*plain)));
    BOOST_CHECK(!rig.wallet->IsMine(WalletRig::Foreign()));
    BOOST_CHECK_NE(rig.Address(), *plain);
    const auto signature = rig.wallet->SignMessage(*plain, "hello");
    BOOST_REQUIRE(signature.HasValue());
    BOOST_CHECK_EQUAL(signature->size(), 88u);
    BOOST_CHECK_EQUAL(rig.wallet->SignMessage(rig.Address(AddressType::P2shSegwit), "x").Error().code, -3);
}

BOOST_AUTO_TEST_CASE(wallets_by_name)
{
    test::FakeNode node;
    test::TempDir folder;
    wallet::Wallets wallets(folder.Path(), {}, node.Deps());
    BOOST_CHECK(wallets.OnDisk().empty());
    BOOST_REQUIRE(wallets.Create("", {}).HasValue());
    BOOST_REQUIRE(wallets.Create("office", {}).HasValue());
    BOOST_CHECK(!wallets.Create("office", {}).HasValue());
    for (const std::string bad : {"../x", "a/b", ".hidden", "database", "wallet.dat", "a\nb"})
        BOOST_CHECK_EQUAL(wallets.Create(bad, {}).Error().code, -8);
    BOOST_CHECK_EQUAL(wallets.Create(std::string(101, 'x'), {}).Error().code, -8);
    BOOST_CHECK_EQUAL(wallets.Load("none").Error().code, -18);
    BOOST_CHECK_EQUAL(wallets.Load("office").Error().code, -35);
    BOOST_CHECK_EQUAL(wallets.Loaded().size(), 2u);
    BOOST_REQUIRE(wallets.Unload("office").HasValue());
    BOOST_CHECK_EQUAL(wallets.Unload("office").Error().code, -18);
    BOOST_CHECK_EQUAL(wallets.Create("office", {}).Error().code, -4); // it is there
    BOOST_REQUIRE(wallets.Load("office").HasValue());
    const std::vector<std::string> both{"", "office"};
    BOOST_CHECK(wallets.OnDisk() == both);
}

BOOST_AUTO_TEST_SUITE_END()
