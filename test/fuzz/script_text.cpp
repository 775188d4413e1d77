// A script read step by step loses no byte, its text always comes, and counting never runs away.
#include "base/check.h"
#include "script/script.h"
#include "script/solver.h"

#include <algorithm>

using namespace emc;
using namespace emc::script;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ByteSpan script(data, size);
    ScriptReader reader(script);
    size_t steps = 0;
    size_t before = 0;
    bool only_pushes = true;
    while (const auto step = reader.Next()) {
        EMC_CHECK(reader.Position() > before && step->opcode == script[before]);
        EMC_CHECK(step->opcode <= OP_PUSHDATA4 || step->data.empty());
        EMC_CHECK(!OpName(step->opcode).empty());
        only_pushes = only_pushes && step->opcode <= OP_16;
        before = reader.Position();
        ++steps;
    }
    EMC_CHECK(reader.Broken() != reader.AtEnd() || (reader.Broken() && before < size));
    EMC_CHECK(IsPushOnly(script) == (only_pushes && !reader.Broken()));
    const int accurate = CountSigOps(script, true);
    EMC_CHECK(accurate >= 0 && accurate <= CountSigOps(script, false));
    EMC_CHECK(CountSigOps(script, false) <= static_cast<int>(20 * steps));

    const std::string text = ScriptToAsm(script, true);
    EMC_CHECK(text.empty() == script.empty());
    EMC_CHECK(text.ends_with("[error]") == reader.Broken());
    EMC_CHECK(static_cast<size_t>(std::count(text.begin(), text.end(), ' ')) + 1 ==
              steps + (reader.Broken() ? 1 : 0) + (script.empty() ? 1 : 0));

    // A number that decodes in shortest form is the only text of its value.
    if (const auto number = DecodeScriptNumber(script, 8)) {
        const Bytes again = EncodeScriptNumber(*number);
        EMC_CHECK(std::equal(again.begin(), again.end(), script.begin(), script.end()));
    }
    const Solution solution = Solve(script);
    EMC_CHECK((solution.witness_version >= 0) ==
              (AsWitnessProgram(script).has_value() && solution.type != ScriptType::NonStandard));
    return 0;
}
