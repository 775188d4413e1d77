// Sequences of operations chosen by the input: accepted changes fit the state, and undoing them in reverse
// order gives every earlier state back.
#include "base/check.h"
#include "unit/names/sample.h"

using namespace emc;

namespace {

const std::string NAMES[] = {"a", "b", "enum:1000:0", "enum:1000:1", "enum:1000:2", "ver:v", "enum:tollfree"};

std::string ValueFor(const std::string& name, uint8_t choice, const test::Verifier& verifier)
{
    static const enumrec::Number NUMBER = *enumrec::Number::FromDigits("1000");
    static const std::string SIG = verifier.Line(NUMBER, test::Owner(1));
    if (choice % 8 == 7) return "broken";
    if (name.starts_with("ver:")) return "name=x";
    if (name == "enum:tollfree") return "=1.*\n" + test::ENUM_ROUTE;
    if (!name.starts_with("enum:")) return std::string(choice, 'v');
    return choice % 2 == 0 ? test::ENUM_ROUTE : test::ENUM_ROUTE + "\n" + SIG;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const test::Verifier VERIFIER("ver:v", 7);
    const script::AddressParams addresses;
    test::MapView view;
    std::vector<decltype(view.records)> states;
    std::vector<std::vector<names::NameDelta>> history;
    int32_t height = 1;
    for (size_t i = 0; i + 5 <= size && i < 5 * 60; i += 5) {
        height += data[i] * 4;
        const std::string& name = NAMES[data[i + 1] % 7];
        const auto kind = static_cast<names::OpKind>(1 + data[i + 1] / 7 % 3);
        const bool verifier = name.starts_with("ver:");
        const base::Bytes owner =
            verifier ? VERIFIER.script : test::Owner(static_cast<uint8_t>(1 + data[i + 2] % 2));
        const auto op =
            test::Op(kind, name, 1 + data[i + 3] * 140, ValueFor(name, data[i + 4], VERIFIER), owner);
        primitives::OutPoint spent = test::Out(static_cast<uint8_t>(i + 1), static_cast<uint32_t>(i));
        const auto record = view.Get(name);
        if (record && data[i + 2] % 16 != 15) spent = record->outpoint;
        const auto tx = test::NameTx({op}, {spent});
        const auto ops = names::CheckNameOutputs(*tx);
        if (!ops) continue;
        const names::NameContext context{height, &view, &addresses, nullptr};
        EMC_CHECK(names::NameSigOpCost(*ops, context) <= names::NameSigOpCost(*ops));
        const auto deltas = names::CheckTransition(*tx, *ops, {}, context);
        if (!deltas) continue;
        states.push_back(view.records);
        for (const names::NameDelta& delta : *deltas) {
            EMC_CHECK(delta.before == view.Get(delta.name));
            EMC_CHECK(!delta.after || (delta.after->LiveAt(height) &&
                                       delta.after->expiry <= height + names::MAX_EXPIRY_AHEAD));
            view.Apply(delta);
        }
        history.push_back(*deltas);
    }
    while (!history.empty()) {
        for (const names::NameDelta& delta : history.back())
            view.Undo(delta);
        EMC_CHECK(view.records == states.back());
        history.pop_back();
        states.pop_back();
    }
    return 0;
}
