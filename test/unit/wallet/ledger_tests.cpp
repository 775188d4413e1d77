// The ledger against a model that computes everything anew: payments in and out, blocks, reorganisations,
// conflicts, drops, names, giving up, forgetting, restarts.

#include "unit/wallet/ledger_sim.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace emc;

BOOST_AUTO_TEST_SUITE(wallet_ledger)

BOOST_AUTO_TEST_CASE(random_operations)
{
    constexpr uint64_t OPERATIONS = 100'000;
    constexpr int OPERATIONS_PER_WORLD = 60;
    uint64_t events = 0;
    for (uint32_t seed = 1; events < OPERATIONS; ++seed) {
        std::mt19937 engine(seed);
        test::LedgerSim sim([&engine](uint32_t below) { return static_cast<uint32_t>(engine() % below); });
        for (int i = 0; i < OPERATIONS_PER_WORLD; ++i) {
            const std::string difference = sim.Step();
            BOOST_REQUIRE_MESSAGE(difference.empty(),
                                  "world " << seed << ", step " << i << ", " << difference);
        }
        events += sim.Events();
    }
    BOOST_TEST(events >= OPERATIONS);
}

BOOST_AUTO_TEST_SUITE_END()
