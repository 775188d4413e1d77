#include "base/thread.h"
#include "mining/block_maker.h"
#include "mining/work_desk.h"
#include "unit/mempool/rig.h"

namespace emc::test {

namespace {

struct Desk {
    PoolRig rig;
    mining::TipWatch watch{rig.node.chain->Events()};
    mining::WorkDesk desk{*rig.node.chain, *rig.pool, rig.node.clock, watch, {}};

    /// A block on the tip.
    void Mine()
    {
        mining::BlockMaker maker(*rig.node.chain, *rig.pool, rig.node.clock, 4'000'000);
        interfaces::BlockMaker::Options options;
        options.coinbase_script = rig.builder.Script();
        BOOST_REQUIRE(maker.MakeBlock(options).HasValue());
    }

    interfaces::WorkSource::AuxWork Aux(uint8_t owner)
    {
        auto work = desk.GetAuxWork({script::OP_1, owner});
        BOOST_REQUIRE(work.HasValue());
        return *work;
    }

    void Pay(size_t coin) { CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[coin]}, 1'000)), "ok"); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(work_desk)

BOOST_AUTO_TEST_CASE(work_follows_tip_and_pool)
{
    Desk d;
    BOOST_TEST(!d.desk.LastSize());
    const auto first = d.desk.GetWork();
    BOOST_REQUIRE(first.HasValue());
    BOOST_TEST(first->tx_fees.empty());
    BOOST_TEST((d.desk.GetWork()->block == first->block)); // nothing is made anew
    d.Pay(0);
    bool taken = false;
    for (int i = 0; i < 10'000 && !taken; ++i) // at once, or a moment later
        taken = d.desk.GetWork()->tx_fees == std::vector<primitives::Amount>{1'000};
    BOOST_TEST(taken);
    const auto second = d.desk.GetWork();
    BOOST_TEST(second->id != first->id);
    BOOST_TEST(second->reward == first->reward + 1'000);
    BOOST_TEST((second->tx_sigop_cost == std::vector<int64_t>{1}));
    BOOST_TEST(d.desk.LastSize()->transactions == 1U);
    BOOST_TEST(d.desk.LastSize()->weight == primitives::BlockWeight(*second->block));
    BOOST_REQUIRE(d.rig.pool->Prioritise(second->block->transactions[1]->Txid(), 5).HasValue());
    for (int i = 0; i < 10'000 && d.desk.GetWork()->id == second->id; ++i) {
    }
    BOOST_TEST(d.desk.GetWork()->id != second->id); // those who wait for other work hear of it
    d.Mine();
    const auto third = d.desk.GetWork();
    BOOST_TEST(third->height == second->height + 1);
    BOOST_TEST((third->block->header.prev_hash == d.rig.node.chain->GetTip().hash));
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_the_tip)
{
    Desk d;
    const auto work = d.desk.GetWork();
    d.desk.WaitForOther("no id"); // at once
    d.desk.WaitForOther(work->id.substr(0, 64));
    d.Mine();
    d.desk.WaitForOther(work->id); // the tip is another already
    const auto next = d.desk.GetWork();
    base::Thread waiter("waiter", [&] { d.desk.WaitForOther(next->id); });
    d.Mine();
    waiter.Join();
    d.watch.Stop();
    d.desk.WaitForOther(d.desk.GetWork()->id); // nobody waits any longer
}

BOOST_AUTO_TEST_CASE(proposals)
{
    Desk d;
    const auto work = d.desk.GetWork();
    BOOST_TEST(!d.desk.Propose(work->block).has_value());
    auto block = *work->block;
    block.header.merkle_root = {};
    const auto propose = [&] {
        return d.desk.Propose(std::make_shared<const primitives::Block>(block)).value_or("accepted");
    };
    BOOST_TEST(propose() == "bad-txnmrklroot");
    block.header.prev_hash = {};
    BOOST_TEST(propose() == "inconclusive-not-best-prevblk");
    block = *work->block;
    auto coinbase = block.transactions[0]->Fields();
    ++coinbase.outputs[0].value;
    block.transactions[0] = primitives::MakeTx(std::move(coinbase));
    mining::FinishBlock(block);
    BOOST_TEST(propose() == "bad-cb-amount");
    const auto tip = d.rig.node.chain->Reader().ReadBlock(d.rig.node.chain->GetTip().hash);
    BOOST_REQUIRE(tip.HasValue());
    BOOST_TEST(d.desk.Propose(*tip).value_or("") == "duplicate");
}

BOOST_AUTO_TEST_CASE(merged_work_is_kept_within_bounds)
{
    Desk d;
    const auto first = d.Aux(1);
    BOOST_TEST((d.Aux(1).hash == first.hash));
    BOOST_TEST((d.Aux(2).hash != first.hash));
    const auto block = d.desk.FindAux(first.hash);
    BOOST_REQUIRE(block != nullptr);
    BOOST_TEST((block->header.Hash() == first.hash));
    BOOST_TEST(block->header.version == 0x0e4d0104);
    std::vector<base::Hash256> given{first.hash};
    for (size_t i = 0; i < 12; ++i) { // each payment makes better work
        d.Pay(i);
        for (int tries = 0; tries < 10'000 && d.Aux(1).hash == given.back(); ++tries) {
        }
        given.push_back(d.Aux(1).hash);
    }
    BOOST_TEST((d.desk.FindAux(given.back()) != nullptr));
    BOOST_TEST((d.desk.FindAux(given.front()) == nullptr)); // eight of a payee are kept
    for (uint8_t owner = 10; owner < 200; ++owner)
        d.Aux(owner);
    BOOST_TEST((d.desk.FindAux(given.back()) == nullptr)); // and 128 together
    const auto last = d.Aux(199);
    BOOST_TEST((d.desk.FindAux(last.hash) != nullptr));
    d.Mine();
    d.Aux(3);
    BOOST_TEST((d.desk.FindAux(last.hash) == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
