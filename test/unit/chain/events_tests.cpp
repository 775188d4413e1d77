#include "chain/events.h"
#include "chain/script_pool.h"
#include "chain/view.h"
#include "unit/chain/node.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <thread>

namespace emc::test {
namespace {

class Counter final : public interfaces::EventSink
{
public:
    void OnTip(const interfaces::Tip& tip) override
    {
        while (blocked.load())
            std::this_thread::yield();
        if (tip.height <= last) ++disordered;
        last = tip.height;
        ++seen;
    }

    void OnMissed() override { ++missed; }

    void OnPoolChange(uint64_t number) override { pool_change = number; }

    void OnTxAdded(const primitives::TxRef&) override { ++transactions; }

    std::atomic<bool> blocked{false};
    std::atomic<int> seen{0};
    std::atomic<int> missed{0};
    std::atomic<int> disordered{0};
    std::atomic<uint64_t> pool_change{0};
    std::atomic<int> transactions{0};
    int32_t last = -1;
};

interfaces::Tip TipAt(int32_t height)
{
    interfaces::Tip tip;
    tip.height = height;
    return tip;
}

} // namespace

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(order_capacity_and_the_end)
{
    const TempDir folder;
    base::Logger log;
    BOOST_REQUIRE(log.Open({.file = folder.File("debug.log")}));
    chain::EventBus bus(log);
    Counter quick;
    Counter slow;
    slow.blocked = true;
    auto first = bus.Subscribe("quick", quick, 1'000);
    auto second = bus.Subscribe("slow", slow, 5);
    for (int32_t i = 0; i < 100; ++i)
        bus.Publish(TipAt(i)); // does not wait for the slow one
    first->Drain();
    BOOST_TEST(quick.seen == 100);
    BOOST_TEST(quick.missed == 0);
    slow.blocked = false;
    bus.DrainAll();
    BOOST_TEST(slow.missed >= 1);
    BOOST_TEST(slow.seen < 100);
    BOOST_TEST(slow.last == 99);
    second.reset();
    const int before = slow.seen;
    bus.Publish(TipAt(200));
    bus.DrainAll();
    BOOST_TEST(slow.seen == before);
    BOOST_TEST(quick.seen == 101);
    BOOST_TEST(quick.disordered + slow.disordered == 0);
    // Falling behind is the subscriber's to report, when it matters to it.
    BOOST_TEST(std::filesystem::file_size(folder.File("debug.log")) == 0U);
}

/// Who was not told of all changes of the mempool still learns the number of each.
BOOST_AUTO_TEST_CASE(changes_of_the_mempool_keep_their_numbers)
{
    base::Logger log;
    chain::EventBus bus(log);
    Counter slow;
    slow.blocked = true;
    const auto subscription = bus.Subscribe("slow", slow, 5);
    bus.Publish(TipAt(1)); // its callback waits
    const auto tx = primitives::MakeTx({});
    for (int i = 0; i < 100; ++i)
        bus.PublishTxAdded(tx);
    slow.blocked = false;
    bus.DrainAll();
    BOOST_TEST(slow.missed >= 1);
    BOOST_TEST(slow.transactions < 100);
    BOOST_TEST(slow.pool_change == 100U);
    bus.PublishTxRemoved(tx, interfaces::RemovalReason::Expired);
    bus.DrainAll();
    BOOST_TEST(slow.pool_change == 101U);
}

BOOST_AUTO_TEST_CASE(script_pool_runs_everything_and_reports_a_failure)
{
    const auto params = QuickRegtest();
    const Builder builder(params);
    std::vector<Own> from;
    for (uint32_t i = 0; i < 40; ++i)
        from.push_back({{base::Hash256{{1}}, i}, {1'000, builder.Script()}});
    const auto good = builder.Pay(from, 1, 0);
    auto fields = good->Fields();
    fields.inputs[33].witness[0][12] ^= 1;
    const auto bad = primitives::MakeTx(fields);
    std::vector<primitives::Coin> spent;
    for (const auto& own : from)
        spent.push_back({own.out, 1, false, false});
    for (const int threads : {0, 1, 3}) {
        chain::ScriptPool pool(threads);
        for (int round = 0; round < 20; ++round) {
            pool.Add(consensus::ScriptChecksOf(good, spent, script::CONSENSUS_FLAGS, nullptr));
            BOOST_TEST(!pool.Wait().has_value());
            pool.Add(consensus::ScriptChecksOf(good, spent, script::CONSENSUS_FLAGS, nullptr));
            pool.Add(consensus::ScriptChecksOf(bad, spent, script::CONSENSUS_FLAGS, nullptr));
            const auto failure = pool.Wait();
            BOOST_REQUIRE(failure);
            BOOST_TEST((failure->txid == bad->Txid()));
            BOOST_TEST(failure->input == 33U);
        }
        BOOST_TEST(!pool.Wait().has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
