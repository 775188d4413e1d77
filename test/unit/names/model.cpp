// Random operations against a second, plain reading of the rules; every change is undone again.
#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace emc;
using namespace emc::names;

namespace {

/// What the model remembers of a name.
struct Life {
    int owner = 0;
    int64_t expiry = 0;
    primitives::OutPoint output;
};

class Model
{
public:
    std::map<std::string, Life> lives;

    [[nodiscard]] bool Live(const std::string& name, int64_t height) const
    {
        const auto found = lives.find(name);
        return found != lives.end() && height <= found->second.expiry;
    }

    /// May this operation be mined at this height, when it spends `spent`?
    [[nodiscard]] bool Allows(const NameOp& op, int64_t height, const primitives::OutPoint& spent) const
    {
        const bool live = Live(op.name, height);
        if (op.kind == OpKind::New) {
            if (live) return false;
            if (op.name == "enum:1000:1" && !Live("enum:1000:0", height)) return false;
            return true;
        }
        if (!live || lives.at(op.name).output != spent) return false;
        return op.kind == OpKind::Delete || lives.at(op.name).expiry + op.days * 168 <= height + 6'132'000;
    }

    void Do(const NameOp& op, int64_t height, const primitives::OutPoint& output)
    {
        if (op.kind == OpKind::Delete) {
            lives.erase(op.name);
            return;
        }
        const int64_t from = op.kind == OpKind::New ? height : lives.at(op.name).expiry;
        lives[op.name] = {0, from + op.days * 168, output};
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(names_model)

BOOST_AUTO_TEST_CASE(random_operations)
{
    std::mt19937 random(5);
    const auto pick = [&](unsigned n) { return static_cast<int>(random() % n); };
    const std::string names[] = {"a", "b", "enum:1000:0", "enum:1000:1", "ver:v"};
    int accepted = 0;
    int refused = 0;
    for (int run = 0; run < 40; ++run) {
        test::MapView view;
        Model model;
        const script::AddressParams addresses;
        std::vector<std::vector<NameDelta>> history;
        std::vector<decltype(view.records)> states;
        int32_t height = 1;
        for (int step = 0; step < 150; ++step) {
            height += pick(300);
            const std::string& name = names[pick(5)];
            const auto kind = static_cast<OpKind>(1 + pick(3));
            const std::string value = name[0] == 'e'   ? test::ENUM_ROUTE
                                      : name[0] == 'v' ? std::string("name=x")
                                                       : std::string("v");
            const int64_t days = pick(20) == 0 ? 36'500 : 1 + pick(5);
            const NameOp op = test::Op(kind, name, days, value);
            auto spent = test::Out(static_cast<uint8_t>(step + 1), 77);
            if (model.lives.contains(name) && pick(4) != 0) spent = model.lives[name].output;
            const auto tx = test::NameTx({op}, {spent});
            const auto ops = CheckNameOutputs(*tx);
            BOOST_REQUIRE(ops);
            std::vector<SpentName> spends;
            for (const auto& [other, life] : model.lives) {
                if (life.output == spent) spends.push_back({0, other});
            }
            const auto deltas = CheckTransition(*tx, *ops, spends, {height, &view, &addresses, nullptr});
            bool allowed = model.Allows(op, height, spent);
            for (const SpentName& spend : spends)
                allowed = allowed && (spend.name == name || !model.Live(spend.name, height));
            BOOST_REQUIRE_EQUAL(deltas.HasValue(), allowed);
            if (!deltas) {
                ++refused;
                continue;
            }
            ++accepted;
            states.push_back(view.records);
            for (const NameDelta& delta : *deltas)
                view.Apply(delta);
            history.push_back(*deltas);
            model.Do(op, height, {tx->Txid(), 0});
            BOOST_REQUIRE_EQUAL(view.records.size(), model.lives.size());
            for (const auto& [other, life] : model.lives) {
                BOOST_REQUIRE_EQUAL(view.records[other].expiry, life.expiry);
                BOOST_REQUIRE(view.records[other].outpoint == life.output);
            }
        }
        while (!history.empty()) {
            for (const NameDelta& delta : history.back()) {
                Bytes bytes;
                codec::Writer out(bytes);
                WriteUndo(out, delta);
                codec::Reader in(bytes);
                view.Undo(ReadUndo(in));
            }
            BOOST_REQUIRE(view.records == states.back());
            history.pop_back();
            states.pop_back();
        }
    }
    BOOST_CHECK_GT(accepted, 500);
    BOOST_CHECK_GT(refused, 500);
}

BOOST_AUTO_TEST_SUITE_END()
