#include "mempool/graph.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using base::Hash256;
using mempool::Entry;
using mempool::Graph;
using primitives::Amount;
using primitives::TxRef;

/// A graph of made-up transactions of 100 virtual bytes and 4 sigops each.
struct Made {
    Graph graph;
    uint64_t sequence = 0;

    TxRef Add(const std::vector<TxRef>& parents, Amount fee)
    {
        primitives::MutableTransaction tx;
        tx.version = 2;
        for (const auto& parent : parents)
            tx.inputs.push_back({{parent->Txid(), 0}, {}, primitives::SEQUENCE_FINAL, {}});
        if (parents.empty()) tx.inputs.emplace_back();
        tx.inputs[0].script_sig = {static_cast<uint8_t>(sequence)}; // no two alike
        tx.outputs.push_back({1, {}});
        Entry entry;
        entry.tx = primitives::MakeTx(std::move(tx));
        entry.fee = fee;
        entry.vsize = 100;
        entry.sigop_cost = 4;
        entry.sequence = ++sequence;
        TxRef out = entry.tx;
        graph.Add(std::move(entry));
        return out;
    }

    void Expect(const std::vector<TxRef>& order, size_t weight = 4'000'000, int64_t sigops = 80'000) const
    {
        const auto selection = mempool::SelectForBlock(graph, weight, sigops);
        BOOST_REQUIRE(selection.entries.size() == order.size());
        Amount fees = 0;
        for (size_t i = 0; i < order.size(); ++i) {
            BOOST_TEST((selection.entries[i]->tx == order[i]), "place " << i);
            fees += selection.entries[i]->fee;
        }
        BOOST_TEST(selection.fees == fees);
        BOOST_TEST(selection.sigop_cost == 4 * static_cast<int64_t>(order.size()));
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(choosing)

BOOST_AUTO_TEST_CASE(best_rate_first_and_age_among_equals)
{
    Made made;
    const auto low = made.Add({}, 100);
    const auto high = made.Add({}, 300);
    const auto middle = made.Add({}, 200);
    const auto also_middle = made.Add({}, 200);
    made.Expect({high, middle, also_middle, low});
}

BOOST_AUTO_TEST_CASE(a_child_pays_for_its_parent)
{
    Made made;
    const auto parent = made.Add({}, 10);
    const auto child = made.Add({parent}, 990);
    const auto other = made.Add({}, 400);
    made.Expect({parent, child, other});
}

BOOST_AUTO_TEST_CASE(a_child_moves_up_when_its_parent_is_chosen)
{
    Made made;
    const auto parent = made.Add({}, 0);
    const auto rich = made.Add({parent}, 2'000); // 1,000 for each 100 with the parent
    const auto sister = made.Add({parent}, 800); // 400 with the parent, 800 without
    const auto other = made.Add({}, 600);
    made.Expect({parent, rich, sister, other});
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_passed_over)
{
    Made made;
    const auto parent = made.Add({}, 1'000);
    const auto first = made.Add({parent}, 990);
    const auto second = made.Add({first}, 980);
    const auto alone = made.Add({}, 10);
    const size_t each = alone->Weight();
    made.Expect({parent, first, second}, 4 * each - 1 + second->Weight() - each);
    made.Expect({parent, first}, 4'000'000, 11);
    made.Expect({}, 4'000'000, 3);
    made.Expect({}, 0);
    made.Expect({parent, first, second, alone}, 4'000'000, 16);
}

BOOST_AUTO_TEST_CASE(nothing_to_choose_from)
{
    Made().Expect({});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
