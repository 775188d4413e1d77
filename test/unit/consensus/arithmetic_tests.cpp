// Compact targets, work, ASERT, subsidy, ages and rewards against slow and simple models.
#include "consensus/asert.h"
#include "consensus/kernel.h"
#include "consensus/stake.h"
#include "consensus/subsidy.h"
#include "consensus/target.h"
#include "consensus/tx_rules.h"
#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace emc::test {

namespace {

using base::U256;
using namespace consensus; // NOLINT(google-build-using-namespace): the room under test
using primitives::COIN;

uint32_t RandomBits(crypto::TestRandom& random)
{
    return static_cast<uint32_t>(random.Below(34) << 24 | random.Below(1U << 24));
}

/// R⁴ × limit ≤ 502000⁴ × target, in 32-bit digits.
bool RewardFits(uint64_t reward, const U256& limit, const U256& target)
{
    using Digits = std::vector<uint32_t>;
    const auto times = [](const Digits& a, uint64_t b) {
        Digits out;
        unsigned long long carry = 0;
        for (const uint32_t digit : a) {
            const unsigned long long product = digit * b + carry; // b < 2^20
            out.push_back(static_cast<uint32_t>(product));
            carry = product >> 32;
        }
        out.push_back(static_cast<uint32_t>(carry));
        return out;
    };
    const auto scaled = [&](const U256& value, uint64_t factor) {
        Digits digits;
        for (const uint64_t limb : value.limbs) {
            digits.push_back(static_cast<uint32_t>(limb));
            digits.push_back(static_cast<uint32_t>(limb >> 32));
        }
        for (int i = 0; i < 4; ++i)
            digits = times(digits, factor);
        std::reverse(digits.begin(), digits.end());
        return digits;
    };
    return scaled(limit, reward) <= scaled(target, 502'000);
}

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_arithmetic)

BOOST_AUTO_TEST_CASE(compact_round_trips)
{
    crypto::TestRandom random(1);
    for (int i = 0; i < 20'000; ++i) {
        const auto target = TargetOf(RandomBits(random));
        if (!target) continue;
        BOOST_CHECK(TargetOf(EncodeCompact(*target)) == target);
    }
    // Encoding cuts digits off, never adds: the result is at most the number and within its top 15 bits.
    for (int i = 0; i < 5'000; ++i) {
        U256 value;
        for (uint64_t& limb : value.limbs)
            limb = random.Next64();
        value = value >> static_cast<unsigned>(random.Below(256));
        if (value.IsZero()) continue;
        const U256 back = *TargetOf(EncodeCompact(value));
        BOOST_CHECK(back <= value);
        BOOST_CHECK(value - back <= (value >> 15));
    }
    BOOST_CHECK_EQUAL(EncodeCompact(U256()), 0U);
}

BOOST_AUTO_TEST_CASE(compact_refuses)
{
    BOOST_CHECK(!TargetOf(0));
    BOOST_CHECK(!TargetOf(0x01800001 | 0x00010000));
    BOOST_CHECK(DecodeCompact(0x04923456).negative);
    BOOST_CHECK(DecodeCompact(0x23000001).overflow);
    BOOST_CHECK(!DecodeCompact(0x22000001).overflow);
    BOOST_CHECK(DecodeCompact(0xff123456).overflow);
    BOOST_CHECK(!DecodeCompact(0xff000000).overflow);
    BOOST_CHECK(WorkOfBits(0).IsZero());
}

BOOST_AUTO_TEST_CASE(work_is_the_expected_number_of_hashes)
{
    BOOST_CHECK(WorkOf(U256::Max()) == U256(1));
    BOOST_CHECK(WorkOf(U256()) == U256::Max());
    BOOST_CHECK(WorkOf(U256(1)) == U256(1) << 255);
    BOOST_CHECK(WorkOfBits(0x207fffff) == U256(2));
    BOOST_CHECK(WorkOfBits(0x1d00ffff) == U256(0x100010001));
    BOOST_CHECK(WorkOf(U256(1000)) > WorkOf(U256(1001))); // less target, more work
}

BOOST_AUTO_TEST_CASE(asert_is_monotonic_and_halves)
{
    const AsertCurve curve = CurveOf(MainParams(), Kind::Pos);
    const int64_t far = 600 * 20'000;
    U256 last;
    for (int64_t late = -2'000'000; late <= 2'000'000; late += 977) {
        const U256 target = *TargetOf(AsertBits(curve, far + late, 20'000));
        BOOST_CHECK(target >= last);
        last = target;
    }
    const double at = TargetOf(AsertBits(curve, far, 20'000))->ToDouble();
    const double half = TargetOf(AsertBits(curve, far - ASERT_HALF_LIFE_SEC, 20'000))->ToDouble();
    BOOST_CHECK_CLOSE(at / half, 2.0, 0.01);
    // On schedule the target is the anchor.
    BOOST_CHECK_EQUAL(AsertBits(curve, far, 20'000), curve.anchor_bits);
}

BOOST_AUTO_TEST_CASE(asert_follows_the_power_of_two)
{
    const AsertCurve curve{0x1a133721, 0x2100ffff, POS_SPACING_SEC};
    const double anchor = TargetOf(curve.anchor_bits)->ToDouble();
    for (int64_t seconds = -500'000; seconds < 500'000; seconds += 7'919) {
        const double want = anchor * std::exp2(static_cast<double>(seconds) / 43'200.0);
        const double got = TargetOf(AsertBits(curve, seconds, 0))->ToDouble();
        BOOST_CHECK_CLOSE(got, want, 0.02); // per cent: the cubic's error and the compact form's
    }
}

BOOST_AUTO_TEST_CASE(asert_is_clamped)
{
    const AsertCurve curve = CurveOf(MainParams(), Kind::Pow);
    const int64_t long_ago = 4'000'000'000;
    BOOST_CHECK_EQUAL(AsertBits(curve, long_ago, 0), curve.limit_bits);
    BOOST_CHECK_EQUAL(AsertBits(curve, 0, long_ago / 4), 0x01010000U);
    BOOST_CHECK_EQUAL(AsertBits(curve, 0, 2'900), 0x01010000U);
    BOOST_CHECK_EQUAL(NextBits(RegtestParams(), Kind::Pow, long_ago, 5), 0x207fffffU);
    BOOST_CHECK_EQUAL(NextBits(MainParams(), Kind::Pow, 0, 0), 0x1d00ffffU);
    BOOST_CHECK_EQUAL(NextBits(MainParams(), Kind::Pos, 0, 0), 0x1a133721U);
}

BOOST_AUTO_TEST_CASE(fourth_root_is_exact)
{
    crypto::TestRandom random(2);
    const U256 limit = *TargetOf(0x1d00ffff);
    for (int i = 0; i < 2'000; ++i) {
        U256 target = limit >> static_cast<unsigned>(random.Below(200));
        target = target - (target >> static_cast<unsigned>(1 + random.Below(60)));
        const uint64_t reward = FourthRootReward(limit, target);
        BOOST_CHECK(RewardFits(reward, limit, target));
        BOOST_CHECK(reward == 502'000 || !RewardFits(reward + 1, limit, target));
    }
    BOOST_CHECK_EQUAL(FourthRootReward(limit, limit), 502'000U);
    BOOST_CHECK_EQUAL(FourthRootReward(limit, limit << 8), 502'000U);
    BOOST_CHECK_EQUAL(FourthRootReward(limit, U256()), 0U);
    BOOST_CHECK_EQUAL(FourthRootReward(U256(16), U256(1)), 251'000U);
    // Difficulty 16 pays half.
    BOOST_CHECK_EQUAL(FourthRootReward(limit, limit >> 4), 251'000U);
}

BOOST_AUTO_TEST_CASE(subsidies)
{
    const Params& main = MainParams();
    BOOST_CHECK_EQUAL(PowSubsidy(main, 10'000, main.pow_limit_bits), 5020 * COIN);
    BOOST_CHECK_EQUAL(PowSubsidy(main, 1, main.pow_limit_bits), 5020 * COIN / 10'000);
    BOOST_CHECK_EQUAL(PowSubsidy(main, 1'000'000, main.pow_limit_bits), 5020 * COIN);
    const Params& regtest = RegtestParams();
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 1, 0x207fffff), 50 * COIN);
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 149, 0x207fffff), 50 * COIN);
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 150, 0x207fffff), 25 * COIN);
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 33 * 150, 0x207fffff), 0);
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 64 * 150, 0x207fffff), 0);
    BOOST_CHECK_EQUAL(PowSubsidy(regtest, 2'000'000'000, 0x207fffff), 0);
}

BOOST_AUTO_TEST_CASE(ages_and_rewards)
{
    BOOST_CHECK_EQUAL(CoinAge(100, 50), 0);
    BOOST_CHECK_EQUAL(CoinAge(0, MAX_AGE_SEC + 5), MAX_AGE_SEC);
    const std::vector<AgedValue> most(100'000, AgedValue{primitives::MAX_MONEY, MAX_AGE_SEC});
    BOOST_CHECK_EQUAL(MaxStakeReward(most), std::numeric_limits<Amount>::max());
    BOOST_CHECK_EQUAL(MaxStakeReward({}), 0);
    // One division for all: two halves of a unit are a unit.
    const std::vector<AgedValue> halves(2, AgedValue{262'800'000, 1});
    BOOST_CHECK_EQUAL(MaxStakeReward(halves), 1);
    BOOST_CHECK_EQUAL(MaxStakeReward(std::span(halves).first(1)), 0);
}

BOOST_AUTO_TEST_CASE(medians)
{
    const std::vector<int64_t> times = {5, 1, 4, 2, 3};
    BOOST_CHECK_EQUAL(MedianTime(times), 3);
    BOOST_CHECK_EQUAL(MedianTime(std::span(times).first(1)), 5);
    BOOST_CHECK_EQUAL(MedianTime(std::span(times).first(2)), 5);
    BOOST_CHECK_EQUAL(MedianTime(std::span(times).first(4)), 4);
}

BOOST_AUTO_TEST_CASE(modifiers_change_every_64_stakes)
{
    const Hash256 start = GenesisModifier(MainParams().genesis_hash);
    Hash256 txid;
    txid.bytes[3] = 9;
    for (int64_t blocks = 1; blocks < 64; ++blocks)
        BOOST_CHECK(NextModifier(start, blocks, txid) == start);
    const Hash256 next = NextModifier(start, 64, txid);
    BOOST_CHECK(next != start);
    BOOST_CHECK(NextModifier(start, 128, txid) == next);
    BOOST_CHECK(NextModifier(start, 64, start) != next);
    BOOST_CHECK(KernelMeets(Hash256{}, U256(1), 0));
    BOOST_CHECK(!KernelMeets(next, U256::Max(), 0));
    BOOST_CHECK(KernelMeets(next, U256::Max(), primitives::MAX_MONEY));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
