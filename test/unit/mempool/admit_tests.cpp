#include "script/script.h"
#include "unit/mempool/rig.h"

namespace emc::test {

using mempool::PoolOptions;
using names::OpKind;
using primitives::Amount;
using primitives::COIN;
using primitives::TxOut;

BOOST_AUTO_TEST_SUITE(admit)

BOOST_AUTO_TEST_CASE(forms_that_are_not_relayed)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const base::Bytes data{script::OP_RETURN, 1, 7};
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xffffffff, 4)), "-26 version");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xffffffff, 2, {{COIN / 2, {0x51}}})),
                 "-26 scriptpubkey");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xffffffff, 2, {{0, data}, {0, data}})),
                 "-26 multi-op-return");
    const TxOut dust{200, rig.builder.Script()};
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xffffffff, 2, {dust})), "-26 dust");
    base::Bytes long_data(90, 0x51);
    long_data[0] = script::OP_RETURN;
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xffffffff, 2, {{0, long_data}})), "-26 scriptpubkey");
    auto fields = rig.Spend({c[0]}, 1'000)->Fields();
    fields.inputs[0].script_sig = {0x76};
    CHECK_ANSWER(rig.Submit(primitives::MakeTx(fields)), "-26 scriptsig-not-pushonly");
    fields.inputs[0].script_sig.assign(1'651, 0);
    CHECK_ANSWER(rig.Submit(primitives::MakeTx(fields)), "-26 scriptsig-size");
    fields = rig.Spend({c[0]}, 1'000)->Fields();
    fields.outputs = {{0, {script::OP_RETURN}}};
    CHECK_ANSWER(rig.Submit(primitives::MakeTx(fields)), "-26 tx-size-small");
    const std::vector<TxOut> many(3'400, TxOut{600, rig.builder.Script()});
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 100'000, 0xffffffff, 2, many)), "-26 tx-size");
    // 201 outputs with one of three keys: 80 each.
    base::Bytes multisig{0x51};
    for (int key = 0; key < 3; ++key) {
        multisig.push_back(33);
        multisig.insert(multisig.end(), 33, 2);
    }
    multisig.insert(multisig.end(), {0x53, 0xae});
    const std::vector<TxOut> checks(201, TxOut{1'000, multisig});
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 100'000, 0xffffffff, 2, checks)),
                 "-26 bad-txns-too-many-sigops");
    CHECK_ANSWER(rig.Submit(rig.TipBlock()->transactions[0]), "-26 coinbase");
    BOOST_TEST(rig.pool->Info().count == 0U);
}

BOOST_AUTO_TEST_CASE(coins_times_and_scripts)
{
    PoolRig rig;
    const auto& c = rig.coins;
    CHECK_ANSWER(rig.Submit(rig.Spend({{{Hash256{}, 3}, c[0].out}}, 1'000)),
                 "-25 bad-txns-inputs-missingorspent");
    CHECK_ANSWER(rig.Submit(rig.TipBlock()->transactions[1]), "-27 Already in a block");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.young}, 1'000)), "-26 bad-txns-premature-spend-of-coinbase");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, -5)), "-26 bad-txns-in-belowout");
    const auto next = static_cast<uint32_t>(rig.node.chain->GetTip().height + 1);
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000, 0xfffffffe, 2, {}, next)), "-26 non-final");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1]}, 1'000, 0xfffffffe, 2, {}, next - 1)), "ok");
    auto fields = rig.Spend({c[0]}, 1'000)->Fields();
    fields.outputs[0].value -= 1; // no longer what was signed
    CHECK_ANSWER(rig.Submit(primitives::MakeTx(fields)), "-26 mandatory-script-verify-flag-failed");
    const auto good = rig.Spend({c[0]}, 1'000);
    CHECK_ANSWER(rig.Submit(good, {.test_only = true}), "ok");
    BOOST_TEST(rig.pool->Info().count == 1U);
    CHECK_ANSWER(rig.Submit(good), "ok");
    CHECK_ANSWER(rig.Submit(good), "ok");
    CHECK_ANSWER(rig.Submit(good, {.test_only = true}), "-26 txn-already-in-mempool");
    BOOST_TEST(rig.pool->Info().count == 2U);
}

BOOST_AUTO_TEST_CASE(fees)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto vsize = static_cast<Amount>(rig.Spend({c[0]}, 1'000)->VirtualSize());
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, vsize - 2)), "-26 min relay fee not met");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 10 * vsize), {.max_fee_per_kvb = 5'000}),
                 "-25 Fee above maxfeerate");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 10 * vsize), {.max_fee_per_kvb = 20'000}), "ok");
}

BOOST_AUTO_TEST_CASE(names_one_operation_each)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto op = rig.builder.Op(OpKind::New, "test:one", 30, "value");
    const auto first = rig.builder.Names({c[0]}, {op}, 1'000);
    CHECK_ANSWER(rig.Submit(first), "ok");
    CHECK_ANSWER(rig.Submit(rig.builder.Names({c[1]}, {op}, 1'000)),
                 "-26 name-pending, another operation on");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(first, 0)}, 1'000)), "-26 name-output-unconfirmed");
    BOOST_TEST(rig.pool->PendingNames().size() == 1U);
    BOOST_TEST((rig.pool->PendingNameOf("test:one")->txid == first->Txid()));
    BOOST_TEST(!rig.pool->PendingNameOf("test:two"));
    (void)rig.Mine({first});
    BOOST_TEST(rig.pool->PendingNames().empty());
    CHECK_ANSWER(rig.Submit(rig.builder.Names({c[1]}, {op}, 1'000)), "-26 bad-name-exists, N-11");
    std::vector<names::NameOp> many;
    for (int i = 0; i < 101; ++i)
        many.push_back(rig.builder.Op(OpKind::New, "many:" + std::to_string(i), 1, "v"));
    const Own rich{{rig.node.chain->Reader()
                        .ReadBlock(rig.node.chain->Reader().BlockByHeight(2)->hash)
                        .Value()
                        ->transactions[0]
                        ->Txid(),
                    0},
                   {50 * COIN, rig.builder.Script()}};
    CHECK_ANSWER(rig.Submit(rig.builder.Names({rich}, many, 100'000)), "-26 too-many-names");
}

BOOST_AUTO_TEST_CASE(replacement)
{
    PoolRig rig;
    const auto& c = rig.coins;
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 1'000)), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[0]}, 9'000)), "-26 txn-mempool-conflict");
    const auto old = rig.Spend({c[1]}, 1'000, REPLACEABLE);
    CHECK_ANSWER(rig.Submit(old), "ok");
    const auto child = rig.Spend({rig.OutputOf(old, 0)}, 5'000);
    CHECK_ANSWER(rig.Submit(child), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1]}, 900)), "-26 insufficient fee, the fee rate");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1]}, 6'050)), "-26 insufficient fee, replacing needs");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1], rig.OutputOf(child, 0)}, 30'000)),
                 "-26 bad-txns-spends-conflicting-tx");
    const auto other = rig.Spend({c[2]}, 1'000);
    CHECK_ANSWER(rig.Submit(other), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1], rig.OutputOf(other, 0)}, 30'000)),
                 "-26 replacement-adds-unconfirmed");
    const auto better = rig.Spend({c[1]}, 20'000);
    CHECK_ANSWER(rig.Submit(better), "ok");
    BOOST_TEST(!rig.pool->Get(old->Txid()));
    BOOST_TEST(!rig.pool->Get(child->Txid()));
    BOOST_TEST(!!rig.pool->Get(better->Txid()));
    BOOST_TEST(rig.pool->Info().count == 3U);
}

BOOST_AUTO_TEST_CASE(at_most_a_hundred_are_replaced)
{
    PoolOptions options;
    options.limits = {200, 1'000'000, 200, 1'000'000};
    PoolRig rig(options);
    const auto root = rig.Spend({rig.coins[0]}, 500, REPLACEABLE);
    CHECK_ANSWER(rig.Submit(root), "ok");
    auto last = root;
    for (int i = 0; i < 100; ++i) {
        last = rig.Spend({rig.OutputOf(last, 0)}, 500);
        CHECK_ANSWER(rig.Submit(last), "ok");
    }
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[0]}, COIN)), "-26 too many potential replacements");
}

BOOST_AUTO_TEST_CASE(limits_do_not_count_what_is_replaced)
{
    PoolOptions options;
    options.limits.ancestor_count = 3;
    options.limits.descendant_count = 3;
    PoolRig rig(options);
    const auto parent = rig.builder.Pay({rig.coins[0]}, 3, 1'000);
    CHECK_ANSWER(rig.Submit(parent), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 0)}, 1'000, REPLACEABLE)), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 1)}, 1'000)), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 2)}, 1'000)), "-26 too-long-mempool-chain");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 0)}, 9'000)), "ok"); // three with it, as before
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
