// Requests, orphans, trickle and the filter that forgets.
#include "crypto/random.h"
#include "p2p/relay/orphanage.h"
#include "p2p/relay/rolling_filter.h"
#include "p2p/relay/trickle.h"
#include "p2p/relay/tx_requests.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/sim.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::p2p {
namespace {

using test::FilledHash;
using test::SampleTx;

base::Hash256 NumberedHash(uint32_t number)
{
    base::Hash256 hash;
    std::memcpy(hash.data(), &number, sizeof(number));
    return hash;
}

BOOST_AUTO_TEST_SUITE(relay)

BOOST_AUTO_TEST_CASE(requests_beside_a_model)
{
    test::RunSimulation(test::SimulateTxRequests, 300, 600);
}

BOOST_AUTO_TEST_CASE(a_silent_peer_costs_a_minute)
{
    using Source = TxRequests::Source;
    TxRequests requests(1);
    const auto id = FilledHash(1);
    BOOST_TEST(requests.Announced({.peer = 1, .id = id, .source = Source::Preferred}, 0));
    BOOST_TEST(requests.Announced({.peer = 2, .id = id, .source = Source::Other}, 0));
    BOOST_TEST(requests.Ask(2, 1'999).empty());
    BOOST_TEST(requests.Ask(2, 2'000).empty()); // the preferred one goes first
    BOOST_TEST(requests.Ask(1, 2'000).size() == 1u);
    BOOST_TEST(requests.Ask(2, 61'999).empty());
    BOOST_TEST(requests.Ask(2, 62'000).size() == 1u);
    requests.Answered(1, id); // late, and no longer of interest
    BOOST_TEST(requests.InFlight(2) == 1u);
    requests.Answered(2, id); // notfound
    BOOST_TEST(requests.Transactions() == 0u);
    BOOST_TEST(requests.Announcements(1) == 0u);
}

BOOST_AUTO_TEST_CASE(announcements_are_bounded)
{
    TxRequests requests(1);
    for (uint32_t i = 0; i < MAX_TX_ANNOUNCEMENTS + 100; ++i)
        BOOST_TEST(requests.Announced({.peer = 1, .id = NumberedHash(i)}, 0) == (i < MAX_TX_ANNOUNCEMENTS));
    BOOST_TEST(requests.Announced({.peer = 2, .id = NumberedHash(0)}, 0)); // another's limit is its own
    const auto first = requests.Ask(1, 10'000);
    BOOST_REQUIRE(first.size() == MAX_TX_IN_FLIGHT);
    BOOST_TEST(requests.Ask(1, 10'000).empty());
    requests.Answered(1, first.back().id);
    BOOST_TEST(requests.Ask(1, 10'000).size() == 1u);
}

BOOST_AUTO_TEST_CASE(nobody_makes_himself_first)
{
    size_t first_wins = 0;
    for (uint64_t salt = 0; salt < 200; ++salt) {
        TxRequests requests(salt);
        BOOST_TEST(requests.Announced({.peer = 1, .id = FilledHash(1)}, 0));
        BOOST_TEST(requests.Announced({.peer = 2, .id = FilledHash(1)}, 0));
        first_wins += requests.Ask(1, 5'000).size();
    }
    BOOST_TEST(first_wins > 60u);
    BOOST_TEST(first_wins < 140u);
}

BOOST_AUTO_TEST_CASE(orphans_beside_a_model)
{
    test::RunSimulation(test::SimulateOrphanage, 200, 400);
}

BOOST_AUTO_TEST_CASE(one_flooding_peer_pushes_out_its_own_alone)
{
    Orphanage orphanage;
    BOOST_TEST(orphanage.Add(1, SampleTx(0)));
    for (uint32_t i = 1; i < 10'000; ++i)
        BOOST_TEST(orphanage.Add(2, SampleTx(i)));
    BOOST_TEST(orphanage.Has(SampleTx(0)->Wtxid()));
    BOOST_TEST(orphanage.Announcements() <= MAX_ORPHANS);
    BOOST_TEST(orphanage.WeightOf(2) <= MAX_ORPHAN_WEIGHT_PER_PEER);
    BOOST_TEST(!orphanage.Has(SampleTx(1)->Wtxid())); // its oldest went
    BOOST_TEST(orphanage.Has(SampleTx(9'999)->Wtxid()));
}

BOOST_AUTO_TEST_CASE(many_peers_share_the_places)
{
    Orphanage orphanage;
    const size_t peers = 10;
    uint32_t tag = 0;
    for (PeerId peer = 1; peer <= peers; ++peer) {
        for (size_t i = 0; i < MAX_ORPHANS / peers; ++i)
            BOOST_TEST(orphanage.Add(peer, SampleTx(tag++)));
    }
    BOOST_TEST(orphanage.Announcements() == MAX_ORPHANS);
    const size_t fair = orphanage.WeightOf(2);
    for (int i = 0; i < 500; ++i)
        BOOST_TEST(orphanage.Add(1, SampleTx(tag++)));
    BOOST_TEST(orphanage.Announcements() == MAX_ORPHANS);
    for (PeerId peer = 2; peer <= peers; ++peer)
        BOOST_TEST(orphanage.WeightOf(peer) == fair);
}

BOOST_AUTO_TEST_CASE(too_heavy_orphans_are_not_taken)
{
    primitives::MutableTransaction tx = SampleTx(1)->Fields();
    tx.outputs[0].script_pubkey.resize(MAX_ORPHAN_WEIGHT_PER_PEER / 4);
    Orphanage orphanage;
    BOOST_TEST(!orphanage.Add(1, primitives::MakeTx(std::move(tx))));
    BOOST_TEST(orphanage.Size() == 0u);
}

BOOST_AUTO_TEST_CASE(trickle_beside_a_model)
{
    test::RunSimulation(test::SimulateTrickle, 300, 600);
}

BOOST_AUTO_TEST_CASE(trickle_groups_grow_with_the_queue)
{
    crypto::TestRandom random(1);
    TrickleQueue queue(INBOUND_TRICKLE_MS, 0, random);
    uint32_t pushed = 0;
    while (queue.Waiting() < MAX_TRICKLE_WAITING)
        queue.Push(NumberedHash(pushed++));
    BOOST_TEST(!queue.Push(NumberedHash(pushed)));
    const auto all = [](const base::Hash256&) { return true; };
    const auto group = queue.Take(queue.NextMs(), std::less<base::Hash256>(), all);
    BOOST_TEST(group.size() == TRICKLE_GROUP + 50 * TRICKLE_MORE_PER_THOUSAND);
}

BOOST_AUTO_TEST_CASE(waiting_times_have_their_mean)
{
    crypto::TestRandom random(1);
    int64_t sum = 0;
    for (int i = 0; i < 20'000; ++i) {
        const int64_t wait = RandomWaitMs(1'000, random);
        BOOST_TEST((wait >= 0 && wait <= 16'000));
        sum += wait;
    }
    BOOST_TEST(sum / 20'000 > 950);
    BOOST_TEST(sum / 20'000 < 1'050);
}

BOOST_AUTO_TEST_CASE(the_filter_remembers_its_capacity)
{
    crypto::TestRandom random(1);
    for (const size_t capacity : {2u, 10u, 1'000u}) {
        RollingFilter filter(capacity, 0.001, random);
        for (uint32_t i = 0; i < 5 * capacity; ++i) {
            filter.Add(NumberedHash(i).Span());
            for (uint32_t back = 0; back < std::min<uint32_t>(i + 1, static_cast<uint32_t>(capacity));
                 back += 1 + static_cast<uint32_t>(capacity / 50))
                BOOST_TEST(filter.Contains(NumberedHash(i - back).Span()));
        }
        size_t wrong = 0;
        for (uint32_t i = 0; i < 20'000; ++i)
            wrong += filter.Contains(NumberedHash(0x80000000 + i).Span());
        BOOST_TEST(wrong < 60u); // 20 expected
        filter.Clear();
        BOOST_TEST(!filter.Contains(NumberedHash(4 * static_cast<uint32_t>(capacity)).Span()));
    }
}

BOOST_AUTO_TEST_CASE(the_filter_forgets)
{
    crypto::TestRandom random(1);
    RollingFilter filter(100, 0.0001, random);
    filter.Add(NumberedHash(0).Span());
    for (uint32_t i = 1; i <= 200; ++i)
        filter.Add(NumberedHash(i).Span());
    BOOST_TEST(!filter.Contains(NumberedHash(0).Span()));
    BOOST_TEST(RollingFilter(50'000, 0.000001, random).Bytes() < 400'000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
