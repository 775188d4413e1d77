#include "reward/claim.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::reward;
using primitives::COIN;
using test::RewardCase;

namespace {

/// The error of a case with one change; nullopt when it is valid.
template <typename F>
std::optional<RewardError> With(F change)
{
    RewardCase sample;
    change(sample);
    const auto checked = sample.Check();
    if (checked) return std::nullopt;
    return checked.Error();
}

void Moved(RewardCase& c, int64_t start, int64_t end)
{
    c.batch.period_start = static_cast<uint32_t>(start);
    c.batch.period_end = static_cast<uint32_t>(end);
}

const std::optional<RewardError> VALID;

} // namespace

BOOST_AUTO_TEST_SUITE(reward_claim)

BOOST_AUTO_TEST_CASE(valid_one)
{
    RewardCase sample;
    const auto checked = sample.Check();
    BOOST_REQUIRE(checked);
    BOOST_CHECK(checked->watermark.pair == sample.batch.pair);
    BOOST_TEST(checked->watermark.end == sample.batch.period_end);
    BOOST_TEST(checked->claim == COIN);
}

BOOST_AUTO_TEST_CASE(alone)
{
    BOOST_CHECK(With([](auto& c) { c.batch.pair.caller = {442079460000, 0}; }) == RewardError::SameNumber);
    BOOST_CHECK(With([](auto& c) { Moved(c, c.mtp - 10, c.mtp - 10); }) == RewardError::Period);
    const auto days = [](int64_t length_sec) {
        return With([&](auto& c) { Moved(c, c.mtp - length_sec, c.mtp); });
    };
    BOOST_CHECK(days(MAX_PERIOD_SEC) == VALID);
    BOOST_CHECK(days(MAX_PERIOD_SEC + 1) == RewardError::Period);

    const auto totals = [](uint32_t calls, uint32_t minutes) {
        return With([&](auto& c) {
            c.batch.calls = calls;
            c.batch.minutes = minutes;
        });
    };
    BOOST_CHECK(totals(100, 100) == VALID);
    BOOST_CHECK(totals(101, 100) == RewardError::Totals);
    BOOST_CHECK(totals(0, 100) == RewardError::Totals);
    BOOST_CHECK(totals(1, 1'440) == VALID);
    BOOST_CHECK(totals(1, 1'441) == RewardError::Totals);
    BOOST_CHECK(totals(1'000'000, 1'000'000) == VALID);
    BOOST_CHECK(totals(1'000'000, 1'000'001) == RewardError::Totals);

    const auto claim = [](uint64_t units) { return With([&](auto& c) { c.batch.claim = units; }); };
    BOOST_CHECK(claim(1) == VALID);
    BOOST_CHECK(claim(0) == RewardError::ClaimMinutes);
    BOOST_CHECK(claim(COIN + 1) == RewardError::ClaimMinutes); // 100 minutes are worth 1 EMC
    BOOST_CHECK(claim(UINT64_MAX) == RewardError::ClaimMinutes);
    BOOST_CHECK(With([](auto& c) { c.share = COIN / 5 - 1; }) == RewardError::CallerShare);
}

BOOST_AUTO_TEST_CASE(names_of_both_sides)
{
    for (const bool caller : {false, true}) {
        const auto party = [&](auto& c) -> names::NameRecord& {
            return c.names.records.at((caller ? c.batch.pair.caller : c.batch.pair.callee).Name());
        };
        BOOST_CHECK(With([&](auto& c) { party(c).expiry = c.height - 1; }) == RewardError::NameNotLive);
        BOOST_CHECK(With([&](auto& c) { ++party(c).born_height; }) == RewardError::NameNotLive);
        BOOST_CHECK(With([&](auto& c) { party(c).owner_script = {0x51}; }) == RewardError::Owners);
        BOOST_CHECK(With([&](auto& c) { party(c).owner_script = test::Owner(5).script; }) ==
                    RewardError::Owners);
    }
    BOOST_CHECK(With([](auto& c) { c.names.records.clear(); }) == RewardError::NameNotLive);
    BOOST_CHECK(With([](auto& c) { c.paid_to = c.caller.script; }) == RewardError::Owners);
    BOOST_CHECK(With([](auto& c) { c.shared_with = c.callee.script; }) == RewardError::Owners);
}

BOOST_AUTO_TEST_CASE(signatures)
{
    const auto signature = [](auto change) {
        RewardCase sample;
        sample.Sign();
        change(sample);
        const auto checked = sample.CheckUnsigned();
        return checked ? VALID : std::optional(checked.Error());
    };
    BOOST_CHECK(signature([](auto& c) { c.batch.caller_signature[40] ^= 1; }) == RewardError::Signature);
    BOOST_CHECK(signature([](auto& c) { c.batch.callee_signature[40] ^= 1; }) == RewardError::Signature);
    BOOST_CHECK(signature([](auto& c) { std::swap(c.batch.caller_signature, c.batch.callee_signature); }) ==
                RewardError::Signature);
    BOOST_CHECK(signature([](auto& c) { c.batch.minutes = 101; }) == RewardError::Signature);
    BOOST_CHECK(signature([](auto& c) { c.genesis.bytes[0] ^= 1; }) == RewardError::Signature);
    BOOST_CHECK(signature([](auto& c) { c.batch.claim -= 1; }) == VALID); // not signed by the two
}

BOOST_AUTO_TEST_CASE(times)
{
    BOOST_CHECK(With([](auto& c) { Moved(c, c.mtp - 10, c.mtp); }) == VALID);
    BOOST_CHECK(With([](auto& c) { Moved(c, c.mtp - 10, c.mtp + 1); }) == RewardError::PeriodTime);
    BOOST_CHECK(With([](auto& c) {
                    Moved(c, c.mtp - MAX_PERIOD_AGE_SEC, c.mtp - MAX_PERIOD_AGE_SEC + 100'000);
                }) == VALID);
    BOOST_CHECK(With([](auto& c) {
                    Moved(c, c.mtp - MAX_PERIOD_AGE_SEC - 1, c.mtp - MAX_PERIOD_AGE_SEC + 100'000);
                }) == RewardError::PeriodTime);
    BOOST_CHECK(With([](auto& c) { c.watermarks.ends[c.batch.pair] = c.batch.period_start; }) == VALID);
    BOOST_CHECK(With([](auto& c) { c.watermarks.ends[c.batch.pair] = c.batch.period_start + 1; }) ==
                RewardError::Watermark);
    // The other direction and other slots are other pairs.
    BOOST_CHECK(With([](auto& c) {
                    c.watermarks.ends[{c.batch.pair.callee, c.batch.pair.caller}] = c.batch.period_end;
                }) == VALID);
}

BOOST_AUTO_TEST_CASE(bond)
{
    BOOST_CHECK(With([](auto& c) { c.bond_out -= 1; }) == RewardError::Bond);
    BOOST_CHECK(With([](auto& c) { c.spent[0].owner_script = c.caller.script; }) == RewardError::Bond);
    BOOST_CHECK(With([](auto& c) { c.spent.push_back({1, 0, c.callee.script}); }) == RewardError::Bond);
    BOOST_CHECK(With([](auto& c) { c.spent.push_back({1, 0, c.caller.script}); }) == VALID);
    BOOST_CHECK(With([](auto& c) { c.spent[0].age_sec -= 1; }) == RewardError::ClaimAge);
    // Coins of others do not count.
    BOOST_CHECK(With([](auto& c) {
                    c.spent[0].age_sec = 0;
                    c.spent.push_back({20 * COIN, 31'536'000, c.caller.script});
                }) == RewardError::ClaimAge);
}

BOOST_AUTO_TEST_CASE(age_bound)
{
    const base::Bytes owner = test::Owner(1).script;
    const auto of = [&](Amount value, int64_t age) {
        const SpentValue coin{value, age, owner};
        return AgeBound({&coin, 1}, owner);
    };
    BOOST_TEST(of(0, 0) == 0);
    BOOST_TEST(of(COIN, 31'536'000) == COIN / 20);
    BOOST_TEST(of(1, 630'720'000) == 1); // 5 × 630,720,000 is exactly the divisor
    BOOST_TEST(of(1, 630'719'999) == 0);
    BOOST_TEST(of(primitives::MAX_MONEY, 31'536'000) == primitives::MAX_MONEY / 20);
    // One division for all coins, not one each.
    const std::vector<SpentValue> two(2, {1, 315'360'000, owner});
    BOOST_TEST(AgeBound(two, owner) == 1);
}

BOOST_AUTO_TEST_CASE(rewards_of_a_block)
{
    BlockRewards block;
    const CallPair pair{{1000, 0}, {1001, 0}};
    BOOST_CHECK(block.Add({{pair, 5}, 20 * COIN}));
    BOOST_CHECK(block.Add({{pair, 9}, COIN}).Error() == RewardError::PairTwice);
    BOOST_CHECK(block.Add({{{pair.callee, pair.caller}, 5}, 30 * COIN - 1}));
    BOOST_CHECK(block.Add({{{{1000, 1}, {1001, 0}}, 5}, 2}).Error() == RewardError::Budget);
    BOOST_CHECK(block.Add({{{{1000, 1}, {1001, 0}}, 5}, 1}));
    BOOST_TEST(block.Claims() == MAX_CLAIMS_PER_BLOCK);
    BOOST_TEST(block.All().size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
