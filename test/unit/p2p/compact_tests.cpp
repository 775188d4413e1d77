// Compact blocks: what is sent along, what collides, what is refused.
#include "p2p/sync/partial_block.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

#include <array>

namespace emc::p2p {
namespace {

using Result = PartialBlock::Result;

BOOST_AUTO_TEST_SUITE(compact_blocks)

BOOST_AUTO_TEST_CASE(random_blocks)
{
    test::RunSimulation(test::SimulatePartialBlock, 200, 100);
}

BOOST_AUTO_TEST_CASE(what_is_sent_along)
{
    primitives::Block block = test::SampleBlock(5);
    BOOST_TEST(MakeCompactBlock(block, 1).prefilled.size() == 1u);
    block.header.version |= primitives::VERSION_POS;
    const CompactBlock stake = MakeCompactBlock(block, 1);
    BOOST_REQUIRE(stake.prefilled.size() == 2u);
    BOOST_TEST(stake.prefilled[1].position == 1u);
    BOOST_TEST((stake.prefilled[1].tx == block.transactions[1]));
    BOOST_TEST(stake.short_ids.size() == 3u);
    // A stake block whose coinstake is not sent along breaks the protocol.
    CompactBlock bad = stake;
    bad.prefilled.pop_back();
    bad.short_ids.push_back(7);
    PartialBlock partial;
    BOOST_TEST((partial.Start(bad) == Result::Invalid));
    BOOST_TEST((partial.Start(CompactBlock{}) == Result::Invalid));
    BOOST_TEST((partial.Start(stake) == Result::Ok));
}

/// What this node had to ask for goes along, as far as there is room.
BOOST_AUTO_TEST_CASE(rare_transactions_are_sent_along)
{
    const primitives::Block block = test::SampleBlock(5);
    const std::array<uint16_t, 3> rare{0, 2, 4};
    const CompactBlock compact = MakeCompactBlock(block, 1, rare);
    BOOST_REQUIRE(compact.prefilled.size() == 3u);
    BOOST_TEST(compact.prefilled[1].position == 2u);
    BOOST_TEST((compact.prefilled[2].tx == block.transactions[4]));
    PartialBlock partial;
    BOOST_REQUIRE((partial.Start(compact) == Result::Ok));
    BOOST_TEST((partial.Missing() == std::vector<uint16_t>{1, 3}));

    primitives::Block wide = block;
    primitives::MutableTransaction big = block.transactions[2]->Fields();
    big.outputs[0].script_pubkey.resize(p2p::MAX_SENT_ALONG_BYTES);
    wide.transactions[2] = primitives::MakeTx(std::move(big));
    BOOST_TEST(MakeCompactBlock(wide, 1, rare).prefilled.size() == 2u);
}

BOOST_AUTO_TEST_CASE(short_ids_ignore_the_proof_and_depend_on_the_nonce)
{
    const primitives::BlockHeader with_proof = test::SampleAuxHeader();
    const primitives::PlainHeader plain = with_proof;
    const auto wtxid = test::SampleTx(1)->Wtxid();
    BOOST_TEST(ShortIds(with_proof, 5).Of(wtxid) == ShortIds(plain, 5).Of(wtxid));
    BOOST_TEST(ShortIds(plain, 5).Of(wtxid) != ShortIds(plain, 6).Of(wtxid));
    BOOST_TEST(ShortIds(plain, 5).Of(wtxid) < (uint64_t{1} << 48));
}

BOOST_AUTO_TEST_CASE(equal_short_ids)
{
    CompactBlock compact = MakeCompactBlock(test::SampleBlock(4), 1);
    compact.short_ids[1] = compact.short_ids[0];
    PartialBlock partial;
    BOOST_TEST((partial.Start(compact) == Result::Failed));
}

BOOST_AUTO_TEST_CASE(offers_and_answers)
{
    const primitives::Block block = test::SampleBlock(3);
    PartialBlock partial;
    BOOST_REQUIRE((partial.Start(MakeCompactBlock(block, 1)) == Result::Ok));
    partial.Offer(block.transactions[1]);
    partial.Offer(block.transactions[1]);
    BOOST_TEST((partial.Missing() == std::vector<uint16_t>{2}));
    BOOST_TEST((partial.Finish({}).result == Result::Invalid));
    BOOST_TEST((partial.Finish({block.transactions[2], block.transactions[2]}).result == Result::Invalid));
    BOOST_TEST((partial.Finish({block.transactions[1]}).result == Result::Failed));
    BOOST_TEST((partial.Finish({block.transactions[2]}).result == Result::Ok));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
