// Version 3: one unconfirmed relative, small, always replaceable (BIP 431).
#include "unit/mempool/rig.h"
#include "unit/util.h"

namespace emc::test {

using names::OpKind;
using primitives::Amount;
using primitives::COIN;
using primitives::TxOut;

namespace {

constexpr uint32_t FINAL = 0xffffffff;

struct TrucRig : PoolRig {
    using PoolRig::PoolRig;

    TxRef Truc(const std::vector<Own>& from, Amount fee, std::vector<TxOut> more = {}) const
    {
        return Spend(from, fee, FINAL, mempool::TRUC_TX_VERSION, std::move(more));
    }

    /// Has a second output of 1 EMC.
    TxRef Parent(size_t coin, Amount fee) const
    {
        return Truc({coins[coin]}, fee, {{COIN, builder.Script()}});
    }

    /// "ok", or why not.
    std::string Package(const std::vector<TxRef>& txs, const interfaces::Broadcaster::Options& options = {})
    {
        const auto got = pool->SubmitPackage(txs, options);
        if (!got.error.empty()) return got.error;
        for (const auto& row : got.rows) {
            if (row && !row->HasValue()) return row->Error().message;
        }
        return "ok";
    }

    bool Has(const TxRef& tx) const { return pool->Get(tx->Txid()) != nullptr; }
};

std::vector<TxOut> Payments(const PoolRig& rig, size_t count)
{
    return std::vector<TxOut>(count, TxOut{1'000, rig.builder.Script()});
}

} // namespace

BOOST_AUTO_TEST_SUITE(truc)

BOOST_AUTO_TEST_CASE(sizes)
{
    TrucRig rig;
    const auto& c = rig.coins;
    CHECK_ANSWER(rig.Submit(rig.Truc({c[0]}, COIN, Payments(rig, 330))),
                 "-26 TRUC-violation, one of version 3 has at most 10000 vB");
    const auto large = rig.Truc({c[0]}, 50'000, Payments(rig, 300));
    BOOST_TEST(large->VirtualSize() > 9'000U);
    CHECK_ANSWER(rig.Submit(large), "ok");
    CHECK_ANSWER(
        rig.Submit(rig.Truc({rig.OutputOf(large, 0)}, 50'000, Payments(rig, 30))),
        "-26 TRUC-violation, one of version 3 that spends an unconfirmed output has at most 1000 vB");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(large, 0)}, 50'000, Payments(rig, 20))), "ok");
}

BOOST_AUTO_TEST_CASE(one_parent_and_one_child_of_the_same_kind)
{
    TrucRig rig;
    const auto& c = rig.coins;
    const auto parent = rig.Parent(0, 1'000);
    const auto other = rig.Parent(1, 1'000);
    const auto ordinary = rig.Spend({c[2]}, 1'000);
    for (const auto& tx : {parent, other, ordinary})
        CHECK_ANSWER(rig.Submit(tx), "ok");
    const std::string mixed = "-26 TRUC-violation, of this transaction and the unconfirmed";
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 0)}, 1'000)), mixed);
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(ordinary, 0)}, 1'000)), mixed);
    const auto op = rig.builder.Op(OpKind::New, "test:truc", 30, "value");
    CHECK_ANSWER(rig.Submit(rig.builder.Names({rig.OutputOf(parent, 0)}, {op}, 1'000)), mixed);
    const std::string ancestors = "-26 TRUC-violation, one of version 3 has at most one unconfirmed ancestor";
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(parent, 0), rig.OutputOf(other, 0)}, 1'000)), ancestors);
    const auto child = rig.Truc({rig.OutputOf(parent, 0)}, 1'000);
    CHECK_ANSWER(rig.Submit(child), "ok");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(child, 0)}, 1'000)), ancestors);
    BOOST_TEST(rig.pool->Entry(parent->Txid())->descendant_count == 2U);
    (void)rig.Mine({parent, ordinary});
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(ordinary, 0)}, 1'000)), "ok"); // confirmed by now
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(parent, 1)}, 1'000)), "ok");  // and so is this
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(child, 0)}, 1'000)), "ok");    // its only ancestor
}

BOOST_AUTO_TEST_CASE(replaceable_without_a_signal)
{
    TrucRig rig;
    const auto old = rig.Truc({rig.coins[0]}, 1'000);
    CHECK_ANSWER(rig.Submit(old), "ok");
    BOOST_TEST(rig.pool->Entry(old->Txid())->signals_replacement);
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.coins[0]}, 1'050)), "-26 insufficient fee");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[0]}, 5'000)), "ok");
    BOOST_TEST(!rig.Has(old));
}

BOOST_AUTO_TEST_CASE(a_child_gives_way_to_a_better_one)
{
    TrucRig rig;
    const auto parent = rig.Parent(0, 1'000);
    const auto first = rig.Truc({rig.OutputOf(parent, 0)}, 1'000);
    CHECK_ANSWER(rig.Submit(parent), "ok");
    CHECK_ANSWER(rig.Submit(first), "ok");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(parent, 1)}, 1'050)), "-26 insufficient fee, replacing");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.OutputOf(parent, 1)}, 900)), "-26 insufficient fee, the fee rate");
    const auto better = rig.Truc({rig.OutputOf(parent, 1)}, 5'000);
    CHECK_ANSWER(rig.Submit(better, {.test_only = true}), "ok");
    BOOST_TEST(rig.Has(first));
    CHECK_ANSWER(rig.Submit(better), "ok");
    BOOST_TEST(!rig.Has(first));
    BOOST_TEST(rig.pool->Info().count == 2U);
    // What else it conflicts with gives no right to a parent that is new to it.
    const auto alone = rig.Truc({rig.coins[1]}, 1'000);
    const auto stranger = rig.Parent(2, 1'000);
    CHECK_ANSWER(rig.Submit(alone), "ok");
    CHECK_ANSWER(rig.Submit(stranger), "ok");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.coins[1], rig.OutputOf(stranger, 0)}, 90'000)),
                 "-26 replacement-adds-unconfirmed");
    CHECK_ANSWER(rig.Submit(rig.Truc({rig.coins[1], rig.OutputOf(parent, 0)}, 90'000)), "ok");
    BOOST_TEST(!rig.Has(alone));
    BOOST_TEST(!rig.Has(better));
}

BOOST_AUTO_TEST_CASE(a_child_pays_for_its_parent)
{
    TrucRig rig;
    const auto parent = rig.Parent(0, 0);
    CHECK_ANSWER(rig.Submit(parent), "-26 min relay fee not met");
    const auto poor = rig.Truc({rig.OutputOf(parent, 0)}, 200);
    CHECK_ANSWER(rig.Package({parent, poor}), "package-min relay fee not met");
    CHECK_ANSWER(rig.Package({parent}), "package-min relay fee not met");
    const auto rich = rig.Truc({rig.OutputOf(parent, 0), rig.coins[1]}, 5'000);
    const auto twin = rig.Truc({rig.OutputOf(parent, 1)}, 5'000);
    CHECK_ANSWER(rig.Package({parent, rich, twin}), "bip125-replacement-disallowed");
    CHECK_ANSWER(rig.Package({parent, rich}, {.test_only = true}), "ok");
    BOOST_TEST(rig.pool->Info().count == 0U);
    CHECK_ANSWER(rig.Package({parent, rich}), "ok");
    BOOST_TEST(rig.pool->Info().count == 2U);
    const auto plain = rig.Spend({rig.coins[2]}, 0);
    CHECK_ANSWER(rig.Package({plain, rig.Spend({rig.OutputOf(plain, 0)}, 5'000)}), "min relay fee not met");
    const auto heir = rig.Truc({rig.OutputOf(parent, 1)}, 20'000);
    CHECK_ANSWER(rig.Submit(heir), "ok"); // takes over the place, and the parent
    BOOST_TEST(!rig.Has(rich));
    BOOST_TEST(rig.Has(parent));
    const auto back = rig.Truc({rig.OutputOf(parent, 0), rig.coins[1]}, 50'000);
    CHECK_ANSWER(rig.Submit(back), "ok");
    // Without whom it would not have come it does not stay.
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[1]}, 150'000)), "ok");
    BOOST_TEST(!rig.Has(back));
    BOOST_TEST(!rig.Has(parent));
    BOOST_TEST(rig.pool->Info().count == 1U);
}

BOOST_AUTO_TEST_CASE(families_come_through_a_reorganisation)
{
    TrucRig rig;
    const auto fork = rig.node.chain->GetTip();
    const auto parent = rig.Parent(0, 0);
    const auto child = rig.Truc({rig.OutputOf(parent, 0)}, 5'000);
    CHECK_ANSWER(rig.Package({parent, child}), "ok");
    const auto widow = rig.Parent(1, 0);
    const auto lost = rig.Truc({rig.OutputOf(widow, 0), rig.coins[2]}, 5'000);
    CHECK_ANSWER(rig.Package({widow, lost}), "ok");
    const auto mined = rig.Spend({rig.coins[3]}, 1'000);
    (void)rig.Mine({mined});
    const auto first = rig.MineOn(fork.hash, fork.height + 1, {rig.Spend({rig.coins[2]}, 1'000)});
    (void)rig.MineOn(first->header.Hash(), fork.height + 2, {});
    BOOST_TEST(rig.Has(parent));
    BOOST_TEST(rig.Has(child));
    BOOST_TEST(rig.Has(mined));
    BOOST_TEST(!rig.Has(lost));
    BOOST_TEST(!rig.Has(widow)); // nobody pays for it any longer
}

BOOST_AUTO_TEST_CASE(families_come_through_a_restart)
{
    const TempDir folder;
    mempool::PoolOptions options;
    options.folder = folder.Path();
    TrucRig rig(options);
    const auto parent = rig.Parent(0, 0);
    const auto child = rig.Truc({rig.OutputOf(parent, 0)}, 5'000);
    CHECK_ANSWER(rig.Package({parent, child}), "ok");
    BOOST_REQUIRE(rig.pool->Save().HasValue());
    rig.pool = std::make_unique<mempool::Mempool>(*rig.node.chain, rig.node.clock, rig.node.log, options);
    const auto read = rig.pool->Import(folder.File("mempool.dat"), {});
    BOOST_REQUIRE(read.HasValue());
    BOOST_TEST(read->accepted == 2U);
    BOOST_TEST(read->refused == 0U);
    BOOST_TEST(rig.Has(child));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
