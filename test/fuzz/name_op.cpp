// Name scripts: what is read is written back byte for byte; the owner script is its end; records keep their
// form.
#include "base/check.h"
#include "names/state.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan script(data, size);
    const auto parsed = names::ParseNameOutput(script);
    const auto owner = names::OwnerScriptOf(primitives::NAME_TX_VERSION, 0, script);
    if (parsed && parsed->op) {
        const base::Bytes again = names::WriteNameScript(*parsed->op);
        EMC_CHECK(base::AsText(again) == base::AsText(script));
        EMC_CHECK(owner.had_prefix && base::AsText(owner.script) == base::AsText(parsed->op->owner_script));
        EMC_CHECK(names::IsOwnerScript(owner.script));
    } else if (parsed) {
        EMC_CHECK(!owner.had_prefix && owner.script.size() == size);
    } else {
        EMC_CHECK(!names::Text(parsed.Error()).empty());
    }
    const auto reward = names::OwnerScriptOf(primitives::REWARD_TX_VERSION, 0, script);
    EMC_CHECK(reward.had_prefix == (reward.script.size() < size));
    EMC_CHECK(!names::OwnerScriptOf(2, 0, script).had_prefix);

    codec::Reader in(script);
    const names::NameDelta delta = names::ReadUndo(in);
    if (in.Done()) {
        base::Bytes again;
        codec::Writer out(again);
        names::WriteUndo(out, delta);
        EMC_CHECK(base::AsText(again) == base::AsText(script));
    }
    return 0;
}
