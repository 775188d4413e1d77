// The ledger against a model that computes everything anew: payments in and out, blocks, reorganisations,
// conflicts, drops, names, giving up, forgetting, restarts.

#include "unit/wallet/ledger_sim.h"
#include "wallet/time_index.h"

#include <boost/test/unit_test.hpp>

#include <map>
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

/// Long enough for many runs, which are split, filled and emptied; compared with a plain sorted list.
BOOST_AUTO_TEST_CASE(history_by_time)
{
    constexpr size_t ROWS = 6'000;
    using Key = std::pair<int64_t, uint64_t>;
    std::mt19937 engine(7);
    std::vector<wallet::TransactionRow> rows(ROWS);
    for (size_t i = 0; i < ROWS; ++i) {
        rows[i].received = static_cast<int64_t>(engine() % 500);
        rows[i].order = i + 1;
    }
    // The height stands in for the number of lines.
    size_t counted = 0;
    const auto lines_of = [](const wallet::TransactionRow& row) { return static_cast<size_t>(row.height); };
    wallet::TimeIndex index([&](const wallet::TransactionRow& row) {
        ++counted;
        return lines_of(row);
    });
    for (auto& row : rows)
        row.height = static_cast<int32_t>(engine() % 4);
    std::map<Key, const wallet::TransactionRow*> plain;
    const auto compare = [&] {
        size_t all = 0;
        for (const auto& [key, row] : plain)
            all += lines_of(*row);
        for (const size_t skip : {size_t{0}, size_t{1}, all / 2, all - 1, all, all + 7}) {
            size_t left = skip;
            size_t seen = 0;
            auto at = plain.rend();
            index.Newest(left, [&](const wallet::TransactionRow& row) {
                if (seen == 0) { // what was left out has exactly the lines taken off
                    size_t passed = 0;
                    for (at = plain.rbegin(); at != plain.rend() && at->second != &row; ++at)
                        passed += lines_of(*at->second);
                    BOOST_REQUIRE_EQUAL(passed + left, skip);
                }
                BOOST_REQUIRE(at != plain.rend() && at->second == &row);
                ++at;
                return ++seen < 1'000;
            });
            BOOST_REQUIRE(seen == 1'000 || at == plain.rend());
            BOOST_REQUIRE_EQUAL(seen == 0, skip >= all);
            if (seen == 0) BOOST_REQUIRE_EQUAL(left, skip - all);
        }
    };
    index.Remove(rows[0]); // is not there
    std::vector<const wallet::TransactionRow*> first;
    for (size_t i = 0; i < ROWS / 3; ++i) {
        first.push_back(&rows[i]);
        plain[{rows[i].received, rows[i].order}] = &rows[i];
    }
    index.Fill(first);
    compare();
    for (size_t i = ROWS / 3; i < ROWS; ++i) {
        if (i > ROWS - 1'500) rows[i].received = 500 + static_cast<int64_t>(i); // newer than all
        index.Add(rows[i]);
        plain[{rows[i].received, rows[i].order}] = &rows[i];
    }
    compare();
    for (const auto& row : rows) {
        if (engine() % 10 == 0 && plain.size() > 2) continue;
        index.Remove(row);
        index.Remove(row);
        plain.erase({row.received, row.order});
    }
    BOOST_CHECK_GT(plain.size(), 100u);
    compare();
    counted = 0;
    compare();
    BOOST_CHECK_EQUAL(counted, 0u); // nothing has changed
    auto* changed = &rows[static_cast<size_t>(plain.rbegin()->first.second) - 1];
    changed->height += 5;
    index.Recount(*changed);
    compare();
    BOOST_CHECK_GT(counted, 0u);
    BOOST_CHECK_LT(counted, 600u); // one run
}

BOOST_AUTO_TEST_SUITE_END()
