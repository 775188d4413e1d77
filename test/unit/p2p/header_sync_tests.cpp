// Two passes over a chain of headers.
#include "p2p/sync/header_sync.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

using primitives::BlockHeader;
using State = HeaderSync::State;
using Fullness = HeaderSync::Fullness;

std::vector<BlockHeader> Chain(size_t length, uint32_t tag, int32_t version = 4)
{
    std::vector<BlockHeader> out(length);
    base::Hash256 previous = test::FilledHash(9);
    for (BlockHeader& header : out) {
        header.version = version;
        header.prev_hash = previous;
        header.nonce = tag;
        previous = header.Hash();
    }
    return out;
}

HeaderSync::Options Rules(uint64_t work, size_t most, uint64_t salt = 77)
{
    return {.start = test::FilledHash(9),
            .work_needed = base::U256(work),
            .most_headers = most,
            .salt = salt,
            .is_good = [](const BlockHeader& header) { return header.bits != 1; },
            .work_of = [](const BlockHeader& h) { return base::U256(h.IsProofOfStake() ? 0 : 1); }};
}

/// Sends a chain once, in full messages and a last one.
std::vector<BlockHeader> Send(HeaderSync& sync, const std::vector<BlockHeader>& chain)
{
    std::vector<BlockHeader> out;
    const State state = sync.Now();
    for (size_t at = 0; at < chain.size() && sync.Now() == state; at += MAX_HEADERS) {
        const size_t end = std::min(chain.size(), at + MAX_HEADERS);
        const std::vector<BlockHeader> message(chain.begin() + static_cast<ptrdiff_t>(at),
                                               chain.begin() + static_cast<ptrdiff_t>(end));
        const auto got = sync.Take(message, end - at == MAX_HEADERS ? Fullness::Full : Fullness::NotFull);
        out.insert(out.end(), got.begin(), got.end());
    }
    return out;
}

BOOST_AUTO_TEST_SUITE(header_sync)

BOOST_AUTO_TEST_CASE(sequences_of_messages)
{
    test::RunSimulation(test::SimulateHeaderSync, 150, 20);
}

BOOST_AUTO_TEST_CASE(an_honest_chain_comes_through)
{
    const auto chain = Chain(20'500, 1);
    HeaderSync sync(Rules(20'000, 1'000'000));
    BOOST_TEST(Send(sync, chain).empty());
    BOOST_TEST((sync.Now() == State::Second));
    BOOST_TEST((sync.AskAfter() == test::FilledHash(9)));
    BOOST_TEST(sync.Memory() < 10u); // 34 bits
    const auto got = Send(sync, chain);
    BOOST_TEST((sync.Now() == State::Done));
    BOOST_REQUIRE(got.size() == chain.size());
    for (size_t i = 0; i < chain.size(); i += 501)
        BOOST_TEST((got[i].Hash() == chain[i].Hash()));
    BOOST_TEST(Send(sync, chain).empty()); // nothing more afterwards
}

BOOST_AUTO_TEST_CASE(time_bounds_the_number)
{
    BOOST_TEST(MostHeadersAfter(1'000, 1'000, 0) == 11u);
    BOOST_TEST(MostHeadersAfter(2'000, 1'000, 120) == 11u); // a clock that is behind
    BOOST_TEST(MostHeadersAfter(1'000, 1'040, 120) == 11u + 6 * 160 + 10);
    constexpr int64_t YEAR_SEC = 365 * 86'400;
    BOOST_TEST(MostHeadersAfter(0, YEAR_SEC, 0) / COMMITMENT_PERIOD / 8 <
               50'000u); // bytes of bits for a year
}

BOOST_AUTO_TEST_CASE(no_work_and_no_headers)
{
    HeaderSync sync(Rules(0, 1'000));
    BOOST_TEST(sync.Take({}, Fullness::NotFull).empty());
    BOOST_TEST((sync.Now() == State::Second));
    BOOST_TEST(sync.Take({}, Fullness::NotFull).empty());
    BOOST_TEST((sync.Now() == State::Done));
}

BOOST_AUTO_TEST_CASE(free_headers_never_add_up)
{
    // A hundred thousand stake headers are worth nothing and cost a few bytes.
    const auto chain = Chain(100'000, 1, 4 | primitives::VERSION_POS);
    HeaderSync sync(Rules(1, 1'000'000));
    BOOST_TEST(Send(sync, chain).empty());
    BOOST_TEST((sync.Now() == State::First));
    BOOST_TEST(sync.FirstPassHeaders() == chain.size());
    BOOST_TEST(sync.Memory() < 32u);
    BOOST_TEST(sync.Take({}, Fullness::NotFull).empty());
    BOOST_TEST((sync.Now() == State::TooLittle));
}

BOOST_AUTO_TEST_CASE(more_headers_than_time_allows)
{
    HeaderSync sync(Rules(50'000, 5'000));
    BOOST_TEST(Send(sync, Chain(6'000, 1)).empty());
    BOOST_TEST((sync.Now() == State::Bad));
}

BOOST_AUTO_TEST_CASE(another_chain_the_second_time)
{
    // 40,000 headers give 66 bits; a chain that differs from the beginning survives the first 24 of them
    // once in 2^24, and nothing is given out before that.
    const auto chain = Chain(40'000, 1);
    for (uint32_t tag = 2; tag < 6; ++tag) {
        HeaderSync sync(Rules(39'000, 1'000'000, tag * 1'000'003));
        BOOST_TEST(Send(sync, chain).empty());
        BOOST_REQUIRE((sync.Now() == State::Second));
        BOOST_TEST(Send(sync, Chain(40'000, tag)).empty());
        BOOST_TEST((sync.Now() == State::Bad));
        BOOST_TEST(sync.Memory() < 100u);
    }
}

BOOST_AUTO_TEST_CASE(a_shorter_chain_the_second_time)
{
    auto chain = Chain(3'500, 1);
    HeaderSync sync(Rules(3'000, 1'000'000));
    BOOST_TEST(Send(sync, chain).empty());
    chain.resize(2'500);
    BOOST_TEST(Send(sync, chain).empty());
    BOOST_TEST((sync.Now() == State::Bad));
}

BOOST_AUTO_TEST_CASE(broken_rules_and_gaps)
{
    auto chain = Chain(100, 1);
    HeaderSync gap(Rules(50, 1'000));
    BOOST_TEST(gap.Take({chain[0], chain[2]}, Fullness::NotFull).empty());
    BOOST_TEST((gap.Now() == State::Bad));
    HeaderSync rule(Rules(50, 1'000));
    chain[0].bits = 1;
    BOOST_TEST(rule.Take({chain[0]}, Fullness::NotFull).empty());
    BOOST_TEST((rule.Now() == State::Bad));
}

BOOST_AUTO_TEST_CASE(proofs_that_fill_the_memory)
{
    auto proof = test::SampleAuxPow(0, 0);
    primitives::MutableTransaction big = proof.coinbase->Fields();
    big.outputs[0].script_pubkey.resize(98'000);
    proof.coinbase = primitives::MakeTx(std::move(big));
    const auto shared = std::make_shared<const primitives::AuxPow>(std::move(proof));
    auto chain = Chain(1'000, 1, 4 | primitives::VERSION_AUXPOW);
    for (BlockHeader& header : chain)
        header.auxpow = shared;
    HeaderSync sync(Rules(1'000, 10'000));
    BOOST_TEST(sync.Take(chain, Fullness::Full).empty());
    BOOST_REQUIRE((sync.Now() == State::Second));
    BOOST_TEST(sync.Take(chain, Fullness::Full).empty());
    BOOST_TEST((sync.Now() == State::Bad));
    BOOST_TEST(sync.Memory() < 100u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
