// What a wallet signs for staking, and what it never does.
#include "consensus/stake_rules.h"
#include "rig.h"
#include "script/solver.h"

namespace emc::test {

using interfaces::AddressType;
using primitives::COIN;
using UnlockFor = interfaces::WalletApi::UnlockFor;

namespace {

constexpr primitives::Amount VALUE = 7 * COIN;

/// A coinstake that gives this coin back whole.
primitives::MutableTransaction Whole(const primitives::TxRef& paid)
{
    primitives::MutableTransaction tx;
    tx.inputs.push_back({{paid->Txid(), 0}, {}, 0xffffffff, {}});
    tx.outputs = {{0, {}}, {VALUE, paid->Outputs()[0].script_pubkey}};
    return tx;
}

wallet::WalletOptions Quick()
{
    wallet::WalletOptions options;
    options.passphrase_ms = 1;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_stake)

BOOST_AUTO_TEST_CASE(lists_what_may_stake)
{
    WalletRig rig;
    for (const auto type :
         {AddressType::Legacy, AddressType::Bech32, AddressType::Bech32m, AddressType::P2shSegwit})
        (void)rig.Fund(VALUE, type);
    const auto name = rig.Name(names::OpKind::New, "test:mine");
    BOOST_REQUIRE_MESSAGE(name.HasValue(), Why(name));
    rig.node.Mine({}, {});
    rig.wallet->Sync();
    const auto coins = rig.wallet->StakeCoins();
    for (const auto& coin : coins) {
        BOOST_TEST(!coin.coin.had_prefix);
        BOOST_TEST(!script::IsPayToScriptHash(coin.coin.out.script_pubkey));
        BOOST_TEST(coin.coin.height > 0);
        BOOST_TEST(!coin.locked);
    }
    BOOST_TEST(coins.size() >= 2U); // the name's payment took one or two of them
    const auto& one = coins.front().outpoint;
    BOOST_REQUIRE(rig.wallet->LockCoins({one}, interfaces::WalletMoneyApi::CoinLock::Memory).HasValue());
    BOOST_TEST(rig.wallet->StakeCoins().front().locked);
    BOOST_REQUIRE(rig.wallet->LockCoins({one}, interfaces::WalletMoneyApi::CoinLock::Free).HasValue());
}

BOOST_AUTO_TEST_CASE(signs_coinstake_and_block)
{
    WalletRig rig;
    for (const auto type : {AddressType::Legacy, AddressType::Bech32, AddressType::Bech32m}) {
        const auto paid = rig.Fund(VALUE, type);
        rig.wallet->Sync();
        const auto stake = rig.wallet->SignCoinstake(Whole(paid));
        BOOST_REQUIRE_MESSAGE(stake.HasValue(), Why(stake));
        const auto& script = paid->Outputs()[0].script_pubkey;
        const auto key = consensus::SigningKey(script, stake->inputs[0]);
        BOOST_REQUIRE(key.HasValue());
        base::Hash256 hash;
        hash.bytes[3] = 9;
        const auto signature = rig.wallet->SignStakeBlock(script, hash);
        BOOST_REQUIRE_MESSAGE(signature.HasValue(), Why(signature));
        BOOST_TEST(consensus::CheckBlockSignature(hash, *key, *signature));
        hash.bytes[3] = 8;
        BOOST_TEST(!consensus::CheckBlockSignature(hash, *key, *signature));
    }
    BOOST_TEST(!rig.wallet->SignStakeBlock(WalletRig::Foreign(), {}).HasValue());
}

/// Unlocked for minting only, it signs what comes back to itself and nothing else.
BOOST_AUTO_TEST_CASE(pays_nobody_else)
{
    WalletRig rig(Quick());
    const auto paid = rig.Fund(VALUE);
    const auto other = rig.Fund(VALUE);
    rig.wallet->Sync();
    BOOST_REQUIRE(rig.wallet->Encrypt("pass").HasValue());
    BOOST_TEST(rig.wallet->CanStake().Error().code == -13);
    BOOST_TEST(rig.wallet->SignCoinstake(Whole(paid)).Error().code == -13);
    BOOST_TEST(rig.wallet->SignStakeBlock(paid->Outputs()[0].script_pubkey, {}).Error().code == -13);
    BOOST_REQUIRE(rig.wallet->Unlock("pass", 1'000, UnlockFor::Minting).HasValue());
    BOOST_TEST(rig.wallet->CanStake().HasValue());
    const auto code = [&rig](const primitives::MutableTransaction& tx) {
        const auto done = rig.wallet->SignCoinstake(tx);
        return done ? 0 : done.Error().code;
    };
    BOOST_TEST(code(Whole(paid)) == 0);
    auto tx = Whole(paid);
    tx.outputs[1].script_pubkey = WalletRig::Foreign();
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.outputs[1].script_pubkey = other->Outputs()[0].script_pubkey; // own, but another address
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    --tx.outputs[1].value;
    BOOST_TEST(code(tx) == -4);
    tx.outputs.push_back({1, WalletRig::Foreign()});
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.outputs[1].value += COIN; // reward and fees
    BOOST_TEST(code(tx) == 0);
    tx.outputs[1].value = INT64_MAX;
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.outputs[0] = {1, WalletRig::Foreign()};
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.outputs.erase(tx.outputs.begin());
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.inputs.push_back({{other->Txid(), 0}, {}, 0xffffffff, {}});
    BOOST_TEST(code(tx) == -4);
    tx = Whole(paid);
    tx.inputs.clear();
    BOOST_TEST(code(tx) == -4);
    const interfaces::WalletMoneyApi::CoinLock lock = interfaces::WalletMoneyApi::CoinLock::Memory;
    BOOST_REQUIRE(rig.wallet->LockCoins({{paid->Txid(), 0}}, lock).HasValue());
    BOOST_TEST(code(Whole(paid)) == -4);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
