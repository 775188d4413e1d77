#include "crypto/random.h"
#include "mempool/estimator.h"
#include "mempool/pool_file.h"
#include "unit/mempool/rig.h"

#include <algorithm>
#include <cmath>

namespace emc::test {

using interfaces::FeeMode;
using mempool::FeeEstimator;

namespace {

/// A market: every block takes the dearest of those that wait, so many of them.
class Market
{
public:
    explicit Market(size_t room) : m_room(room) {}

    /// New payments come, each with a rate between `low` and `high`, evenly spread on a logarithmic scale;
    /// then a block.
    void Step(size_t payments, double low, double high)
    {
        for (size_t i = 0; i < payments; ++i) {
            const double place = static_cast<double>(m_choices.Below(10'000)) / 10'000;
            Pay(low * std::pow(high / low, place));
        }
        Block();
    }

    void Pay(double rate)
    {
        estimator.Entered(m_height, rate);
        m_waiting.push_back({m_height, rate});
    }

    void Block()
    {
        std::stable_sort(m_waiting.begin(), m_waiting.end(),
                         [](const Payment& a, const Payment& b) { return a.rate > b.rate; });
        estimator.NextBlock(++m_height);
        const size_t taken = std::min(m_room, m_waiting.size());
        for (size_t i = 0; i < taken; ++i)
            estimator.Confirmed(m_waiting[i].height, m_waiting[i].rate, m_height);
        m_waiting.erase(m_waiting.begin(), m_waiting.begin() + static_cast<std::ptrdiff_t>(taken));
    }

    [[nodiscard]] size_t Waiting() const { return m_waiting.size(); }

    [[nodiscard]] double Rate(int32_t blocks, FeeMode mode = FeeMode::Economical) const
    {
        const auto answer = estimator.Estimate(blocks, mode);
        BOOST_REQUIRE(answer.has_value());
        return answer->per_kvb;
    }

    FeeEstimator estimator;

private:
    struct Payment {
        int32_t height;
        double rate;
    };

    const size_t m_room;
    int32_t m_height = 1'000;
    std::vector<Payment> m_waiting;
    crypto::TestRandom m_choices{7};
};

} // namespace

BOOST_AUTO_TEST_SUITE(estimator)

BOOST_AUTO_TEST_CASE(nothing_known)
{
    const FeeEstimator estimator;
    for (const int32_t blocks : {1, 2, 12, 48, 1'008}) {
        BOOST_TEST(!estimator.Estimate(blocks, FeeMode::Economical).has_value());
        BOOST_TEST(!estimator.Estimate(blocks, FeeMode::Conservative).has_value());
    }
    BOOST_TEST(estimator.History(1, 0.9).size() == 3U);
    BOOST_TEST(estimator.History(13, 0.9).size() == 2U);
    BOOST_TEST(estimator.History(1'008, 0.9).size() == 1U);
}

BOOST_AUTO_TEST_CASE(room_for_all)
{
    Market market(100);
    for (int i = 0; i < 200; ++i)
        market.Step(10, 1'000, 1'001);
    BOOST_TEST(market.Rate(1) < 1'002);
    BOOST_TEST(market.Rate(1'008, FeeMode::Conservative) < 1'002);
}

BOOST_AUTO_TEST_CASE(full_blocks)
{
    // 20 come, 10 fit: the upper half of the rates is in the next block, those below wait for ever.
    Market market(10);
    for (int i = 0; i < 400; ++i)
        market.Step(20, 1'000, 100'000);
    const double middle = std::sqrt(1'000 * 100'000.0);
    BOOST_TEST(market.Rate(1) > middle * 0.8);
    BOOST_TEST(market.Rate(1) < middle * 2);
    double before = 1e18;
    for (const int32_t blocks : {1, 2, 6, 12, 48, 1'008}) {
        BOOST_TEST(market.Rate(blocks) <= before * 1.15); // who waits longer pays no more, but for noise
        BOOST_TEST(market.Rate(blocks, FeeMode::Conservative) >= market.Rate(blocks));
        before = market.Rate(blocks);
        BOOST_TEST(market.Rate(blocks) > middle * 0.7); // below nobody gets in at all
    }
}

BOOST_AUTO_TEST_CASE(a_crowd_comes_and_goes)
{
    Market market(50);
    for (int i = 0; i < 300; ++i)
        market.Step(20, 1'000, 1'500);
    BOOST_TEST(market.Rate(2) < 1'500);
    for (int i = 0; i < 40; ++i)
        market.Step(100, 1'000, 200'000);
    const double crowded = market.Rate(2);
    BOOST_TEST(crowded > 5'000);
    while (market.Waiting() > 0)
        market.Block();
    for (int i = 0; i < 120; ++i)
        market.Step(20, 1'000, 1'500);
    BOOST_TEST(market.Rate(2) < 1'700); // the short memory has forgotten
    BOOST_TEST(market.Rate(48) < 1'700);
}

BOOST_AUTO_TEST_CASE(who_leaves_is_a_failure)
{
    FeeEstimator estimator;
    for (int32_t height = 1; height <= 60; ++height) {
        estimator.NextBlock(height);
        for (int i = 0; i < 5; ++i) {
            estimator.Entered(height, 2'000);
            estimator.Entered(height, 50'000);
        }
        if (height < 2) continue;
        for (int i = 0; i < 5; ++i)
            estimator.Confirmed(height - 1, 50'000, height);
        if (height < 30) continue;
        for (int i = 0; i < 5; ++i)
            estimator.Left(height - 29, 2'000, height);
    }
    const auto answer = estimator.Estimate(6, FeeMode::Economical);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(std::abs(answer->per_kvb - 50'000) < 1);
    const auto history = estimator.History(6, 0.85);
    BOOST_REQUIRE(history[0].fail.has_value());
    BOOST_TEST(history[0].fail->within_target == 0);
    BOOST_TEST(history[0].fail->left_unconfirmed > 50);
    BOOST_TEST(history[0].fail->in_pool > 50);
    BOOST_TEST(history[0].pass->from_per_kvb <= 50'000);
    BOOST_TEST(std::abs(history[0].pass->within_target - history[0].pass->confirmed) < 0.001);
}

BOOST_AUTO_TEST_CASE(blocks_of_a_reorganisation_count_once)
{
    FeeEstimator estimator;
    estimator.NextBlock(10);
    for (int i = 0; i < 30; ++i)
        estimator.Entered(10, 5'000);
    estimator.NextBlock(11);
    estimator.NextBlock(11); // a second block of this height
    const auto before = estimator.Serialize();
    estimator.NextBlock(5);
    estimator.Confirmed(4, 5'000, 5);
    BOOST_TEST((estimator.Serialize() == before));
    for (int i = 0; i < 30; ++i)
        estimator.Confirmed(10, 5'000, 11);
    BOOST_TEST(estimator.Estimate(1, FeeMode::Economical)->per_kvb == 5'000);
}

BOOST_AUTO_TEST_CASE(the_file_keeps_what_is_known)
{
    Market market(10);
    for (int i = 0; i < 100; ++i)
        market.Step(15, 1'000, 50'000);
    const auto bytes = market.estimator.Serialize();
    FeeEstimator other;
    BOOST_REQUIRE(other.Load(bytes));
    BOOST_TEST((other.Serialize() == bytes));
    const auto empty = FeeEstimator().Serialize();
    FeeEstimator target;
    for (size_t at = 0; at < bytes.size(); at += 97) {
        BOOST_TEST(!target.Load(base::ByteSpan(bytes).first(at)));
        auto damaged = bytes;
        damaged[at] ^= 0x80; // signs, exponents, counts: what is loaded has to be a possible history
        if (target.Load(damaged)) BOOST_REQUIRE(target.Load(empty));
        BOOST_TEST((target.Serialize() == empty));
    }
    auto longer = bytes;
    longer.push_back(0);
    BOOST_TEST(!target.Load(longer));
}

BOOST_AUTO_TEST_CASE(pool_file_damaged)
{
    PoolRig rig;
    mempool::PoolFile file;
    for (size_t i = 0; i < 5; ++i)
        file.rows.push_back({rig.Spend({rig.coins[i]}, 1'000), 1'000 + static_cast<int64_t>(i), -5});
    file.deltas.push_back({rig.node.chain->GetTip().hash, 77});
    const auto bytes = mempool::Serialize(file);
    const auto back = mempool::ParsePoolFile(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((mempool::Serialize(*back) == bytes));
    BOOST_TEST(back->rows[4].time == 1'004);
    BOOST_TEST(back->deltas[0].delta == 77);
    for (size_t length = 0; length < bytes.size(); ++length)
        BOOST_TEST(!mempool::ParsePoolFile(base::ByteSpan(bytes).first(length)).has_value());
    auto newer = bytes;
    newer[0] = 2;
    BOOST_TEST(!mempool::ParsePoolFile(newer).has_value());
    auto many = bytes;
    std::fill(many.begin() + 8, many.begin() + 16, 0xff);
    BOOST_TEST(!mempool::ParsePoolFile(many).has_value());
}

BOOST_AUTO_TEST_CASE(fed_by_the_pool)
{
    PoolRig rig;
    rig.node.clock.SetMockTime(rig.node.chain->GetTip().time + 600);
    (void)rig.Mine({}); // from here on the chain is no longer being loaded
    BOOST_TEST(!rig.pool->EstimateFee(1, FeeMode::Economical).from_history);
    BOOST_TEST(rig.pool->EstimateFee(1, FeeMode::Economical).per_kvb == 1'000);
    std::vector<TxRef> paid;
    for (size_t i = 0; i < 15; ++i) {
        paid.push_back(rig.Spend({rig.coins[i]}, 5'000));
        CHECK_ANSWER(rig.Submit(paid.back()), "ok");
    }
    const double rate = 5'000.0 * 1'000 / static_cast<double>(paid[0]->VirtualSize());
    (void)rig.Mine(paid);
    const auto estimate = rig.pool->EstimateFee(1, FeeMode::Economical);
    BOOST_TEST(estimate.from_history);
    BOOST_TEST(std::abs(static_cast<double>(estimate.per_kvb) - rate) < rate / 50);
    // One that was put in front by hand says nothing.
    const auto history = rig.pool->FeeHistory(1, 0.85);
    const auto lucky = rig.Spend({rig.coins[16]}, 10); // below the relay fee
    BOOST_REQUIRE(rig.pool->Prioritise(lucky->Txid(), 1'000'000));
    CHECK_ANSWER(rig.Submit(lucky), "ok");
    (void)rig.Mine({lucky});
    BOOST_TEST(rig.pool->FeeHistory(1, 0.85)[2].pass->confirmed < history[2].pass->confirmed);
    BOOST_TEST(rig.pool->Priorities().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
