// Unproven headers, double stakes, block downloads.
#include "p2p/sync/block_downloads.h"
#include "p2p/sync/unproven.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

using Result = UnprovenHeaders::Result;
using Parent = UnprovenHeaders::Parent;

primitives::BlockHeader StakeHeader(const base::Hash256& parent, uint32_t time)
{
    primitives::BlockHeader header;
    header.version = 4 | primitives::VERSION_POS;
    header.prev_hash = parent;
    header.time = time;
    return header;
}

base::Hash256 AtHeight(int32_t height)
{
    base::Hash256 hash;
    std::memcpy(hash.data(), &height, sizeof(height));
    return hash;
}

std::vector<BlockDownloads::Wanted> Missing(int32_t from, int32_t to)
{
    std::vector<BlockDownloads::Wanted> out;
    for (int32_t height = from; height < to; ++height)
        out.push_back({.height = height, .hash = AtHeight(height)});
    return out;
}

BOOST_AUTO_TEST_SUITE(sync)

BOOST_AUTO_TEST_CASE(unproven_headers_beside_a_model)
{
    test::RunSimulation(test::SimulateUnproven, 300, 300);
}

BOOST_AUTO_TEST_CASE(a_flood_of_free_headers_is_bounded)
{
    // 200 peers send a million proof-of-stake headers that cost them nothing.
    UnprovenHeaders unproven;
    size_t refused = 0;
    for (PeerId peer = 1; peer <= 200; ++peer) {
        base::Hash256 parent = test::FilledHash(1);
        for (uint32_t i = 0; i < 5'000; ++i) {
            const auto header = StakeHeader(parent, i * 16);
            const auto result = unproven.Add(peer, header, {}, i == 0 ? Parent::InIndex : Parent::Unknown);
            refused += result != Result::Added;
            if (result == Result::Added) parent = header.Hash();
        }
        BOOST_TEST(unproven.CountOf(peer) <= MAX_UNPROVEN_HEADERS);
        BOOST_TEST(unproven.BytesOf(peer) <= MAX_UNPROVEN_BYTES_PER_PEER);
    }
    BOOST_TEST(unproven.Bytes() <= MAX_UNPROVEN_BYTES);
    BOOST_TEST(unproven.CountOf(1) == MAX_UNPROVEN_BYTES_PER_PEER / UNPROVEN_ENTRY_BYTES);
    BOOST_TEST(refused >= 600'000u);
    for (PeerId peer = 1; peer <= 200; ++peer)
        unproven.Disconnected(peer);
    BOOST_TEST(unproven.Bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(what_all_may_keep_is_bounded_too)
{
    UnprovenHeaders unproven;
    auto proof = test::SampleAuxPow(0, 0);
    primitives::MutableTransaction big = proof.coinbase->Fields();
    big.outputs[0].script_pubkey.resize(98'000);
    proof.coinbase = primitives::MakeTx(std::move(big));
    const auto shared = std::make_shared<const primitives::AuxPow>(std::move(proof));
    size_t full = 0;
    for (PeerId peer = 1; peer <= 200; ++peer) {
        for (uint32_t i = 0; i < 5; ++i) {
            primitives::BlockHeader header;
            header.version = primitives::VERSION_AUXPOW;
            header.nonce = i;
            header.auxpow = shared;
            full += unproven.Add(peer, header, {}, Parent::InIndex) == Result::Full;
        }
    }
    BOOST_TEST(full > 300u);
    BOOST_TEST(unproven.Bytes() <= MAX_UNPROVEN_BYTES);
    BOOST_TEST(unproven.Bytes() > MAX_UNPROVEN_BYTES - 100'000);
}

BOOST_AUTO_TEST_CASE(a_header_takes_what_is_counted_for_it)
{
    // The node of the map with its hash and the hash of its parent, place and cost; what malloc adds; the
    // place in the branch.
    constexpr size_t MAP_NODE = 32 + 2 * 32 + sizeof(UnprovenHeaders::Place) + 8;
    static_assert(MAP_NODE + 8 <= UNPROVEN_ENTRY_BYTES);
    static_assert(MAX_UNPROVEN_BYTES / MAX_UNPROVEN_BYTES_PER_PEER >= 125); // every peer has room
    BOOST_TEST(UnprovenCost({}) == UNPROVEN_ENTRY_BYTES);
}

BOOST_AUTO_TEST_CASE(the_best_branch_goes_on)
{
    UnprovenHeaders unproven;
    base::Hash256 parent = test::FilledHash(1);
    UnprovenHeaders::Place place;
    std::vector<base::Hash256> hashes;
    for (uint32_t i = 0; i < 1'000; ++i) {
        const auto header = StakeHeader(parent, i * 16);
        place = {static_cast<int32_t>(i), {}};
        place.state.trust = base::U256(i + 1);
        BOOST_REQUIRE(
            (unproven.Add(1, header, place, i == 0 ? Parent::InIndex : Parent::Unknown) == Result::Added));
        hashes.push_back(parent = header.Hash());
    }
    BOOST_TEST(unproven.BranchOf(1).size() == 1'000u);
    for (size_t i = 0; i < 500; ++i)
        unproven.Proven(hashes[i]);
    BOOST_TEST((unproven.BranchOf(1).front() == BlockDownloads::Wanted{.height = 500, .hash = hashes[500]}));
    // A better branch beside it; then that one is refused.
    const auto rival = StakeHeader(hashes[700], 16'000);
    place.state.trust = base::U256(5'000);
    BOOST_TEST((unproven.Add(1, rival, {701, place.state}, Parent::Unknown) == Result::Added));
    BOOST_TEST(unproven.BranchOf(1).size() == 202u);
    BOOST_TEST((unproven.BranchOf(1).back().hash == rival.Hash()));
    BOOST_TEST((unproven.Refused(rival.Hash()) == std::vector<PeerId>{1}));
    BOOST_TEST((unproven.BranchOf(1).back().hash == hashes[999]));
    BOOST_TEST(unproven.Refused(hashes[600]).size() == 1u);
    BOOST_TEST((unproven.BranchOf(1).back().hash == hashes[599]));
    BOOST_TEST(unproven.Find(1, hashes[600]) == nullptr);
    BOOST_TEST(unproven.Find(2, hashes[599]) == nullptr);
    BOOST_TEST(unproven.Find(1, hashes[599])->height == 599);
}

BOOST_AUTO_TEST_CASE(a_third_unasked_block_on_one_parent)
{
    UnaskedBlocks sent;
    const auto parent = test::FilledHash(1);
    BOOST_TEST(sent.Note(parent, test::FilledHash(10)));
    BOOST_TEST(sent.Note(parent, test::FilledHash(10))); // again
    BOOST_TEST(sent.Note(parent, test::FilledHash(11)));
    BOOST_TEST(!sent.Note(parent, test::FilledHash(12)));
    BOOST_TEST(sent.Note(parent, test::FilledHash(11)));
    for (uint8_t i = 0; i < MAX_UNASKED_PARENTS; ++i) // newer parents: the oldest is forgotten
        BOOST_TEST(sent.Note(test::FilledHash(100 + i), test::FilledHash(12)));
    BOOST_TEST(sent.Note(parent, test::FilledHash(12)));
}

BOOST_AUTO_TEST_CASE(downloads_beside_a_model)
{
    test::RunSimulation(test::SimulateBlockDownloads, 60, 300);
}

BOOST_AUTO_TEST_CASE(blocks_are_spread_over_peers)
{
    BlockDownloads downloads;
    const auto missing = Missing(1, 100);
    BOOST_TEST((downloads.Plan(1, missing, 1, 0).front() == AtHeight(1)));
    BOOST_TEST(downloads.InFlight(1) == MIN_BLOCKS_IN_FLIGHT_PER_PEER);
    BOOST_TEST((downloads.Plan(2, missing, 1, 0).front() == AtHeight(17)));
    BOOST_TEST(downloads.Plan(1, missing, 1, 0).empty());
    downloads.NotFound(1, AtHeight(3));
    BOOST_TEST(!downloads.IsInFlight(AtHeight(3)));
    BOOST_TEST((downloads.Plan(3, missing, 1, 0).front() == AtHeight(3)));
    BOOST_TEST(!downloads.Reserve(4, {.height = 1, .hash = AtHeight(1)}, 0));
    BOOST_TEST(downloads.Reserve(4, {.height = 99, .hash = AtHeight(99)}, 0));
    downloads.Disconnected(2);
    BOOST_TEST(!downloads.IsInFlight(AtHeight(17)));
}

BOOST_AUTO_TEST_CASE(small_blocks_are_asked_for_in_greater_numbers)
{
    BlockDownloads downloads;
    const auto missing = Missing(1, 1'000);
    BOOST_TEST(downloads.Share() == MIN_BLOCKS_IN_FLIGHT_PER_PEER);
    int32_t height = 1;
    const auto take = [&](int32_t to, size_t bytes) {
        for (; height < to; ++height) {
            static_cast<void>(downloads.Plan(1, Missing(height, height + 1), 1, 0));
            BOOST_REQUIRE(downloads.Received(1, AtHeight(height), bytes, 0));
        }
    };
    take(200, 1'000);
    BOOST_TEST(downloads.Share() == MAX_BLOCKS_IN_FLIGHT_PER_PEER);
    BOOST_TEST(downloads.Plan(2, missing, 1, 0).size() == MAX_BLOCKS_IN_FLIGHT_PER_PEER);
    downloads.Disconnected(2);
    take(300, 20'000);
    BOOST_TEST(downloads.Share() >= BYTES_IN_FLIGHT_PER_PEER / 20'000); // the mean comes near it from below
    BOOST_TEST(downloads.Share() <= 60u);
    take(400, 1'000'000);
    BOOST_TEST(downloads.Share() == MIN_BLOCKS_IN_FLIGHT_PER_PEER);
}

BOOST_AUTO_TEST_CASE(who_holds_the_window_up_is_disconnected)
{
    BlockDownloads downloads;
    int64_t now = 1'000;
    int64_t expected = STALL_MS;
    for (PeerId slow = 1; slow <= 7; ++slow) {
        // The slow peer has block 1, everything else in the window is stored, and there is more beyond it.
        BOOST_REQUIRE(downloads.Reserve(slow, {.height = 1, .hash = AtHeight(1)}, now));
        auto missing = Missing(DOWNLOAD_WINDOW + 1, DOWNLOAD_WINDOW + 50);
        missing.insert(missing.begin(), {.height = 1, .hash = AtHeight(1)});
        BOOST_TEST(downloads.Plan(100, missing, 1, now).empty());
        BOOST_TEST(downloads.StallTimeoutMs() == expected);
        BOOST_TEST(downloads.CheckTime(now + expected - 1).empty());
        const auto found = downloads.CheckTime(now + expected);
        BOOST_REQUIRE(found.size() == 1u);
        BOOST_TEST((found[0] == BlockDownloads::Slow{.peer = slow, .fault = BlockDownloads::Fault::Stalls}));
        BOOST_TEST(downloads.CheckTime(now + expected).empty()); // named once
        downloads.Disconnected(slow);
        now += expected;
        expected = std::min(2 * expected, MAX_STALL_MS);
    }
    BOOST_TEST(downloads.StallTimeoutMs() == MAX_STALL_MS);
    for (int32_t height = 1; height < 40; ++height) {
        BOOST_TEST(downloads.Reserve(9, {.height = height, .hash = AtHeight(height)}, now));
        BOOST_TEST(downloads.Received(9, AtHeight(height), 500, now));
    }
    BOOST_TEST(downloads.StallTimeoutMs() == STALL_MS);
}

BOOST_AUTO_TEST_CASE(a_block_must_come_in_the_end)
{
    BlockDownloads downloads;
    static_cast<void>(downloads.Plan(1, Missing(1, 10), 1, 0));
    BOOST_TEST(downloads.CheckTime(BLOCK_TIMEOUT_MS - 1).empty());
    BOOST_TEST(downloads.Received(1, AtHeight(1), 500, BLOCK_TIMEOUT_MS - 1)); // progress counts
    BOOST_TEST(downloads.CheckTime(BLOCK_TIMEOUT_MS).empty());
    BOOST_TEST(downloads.Reserve(2, {.height = 50, .hash = AtHeight(50)}, BLOCK_TIMEOUT_MS));
    const int64_t end = 2 * BLOCK_TIMEOUT_MS - 1;
    BOOST_TEST(downloads.CheckTime(end).empty()); // two share the line
    const auto found = downloads.CheckTime(end + BLOCK_TIMEOUT_PER_PEER_MS);
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST((found[0].fault == BlockDownloads::Fault::TimedOut));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
