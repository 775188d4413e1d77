// Partially signed transactions: what is read comes back, and no role fails on it.
#include "base/check.h"
#include "psbt/roles.h"
#include "script/key_set.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    auto parsed = psbt::Parse(base::ByteSpan(data, size));
    if (!parsed) return 0;
    const auto bytes = psbt::Serialize(*parsed);
    const auto again = psbt::Parse(bytes);
    EMC_CHECK(again.HasValue());
    EMC_CHECK(psbt::Serialize(*again) == bytes);
    const auto combined = psbt::Combine({*parsed, *again});
    EMC_CHECK(combined.HasValue());
    EMC_CHECK(psbt::Serialize(*combined) == bytes);
    const auto state = psbt::Analyze(*parsed);
    EMC_CHECK(state.inputs.size() == parsed->inputs.size());
    script::KeySet keys;
    keys.Add(*crypto::PrivateKey::From(base::Bytes(32, 1)));
    const auto provider = keys.Provider();
    (void)psbt::Sign(*parsed, provider);
    for (size_t i = 0; i < parsed->inputs.size(); ++i)
        psbt::UpdateInput(*parsed, i, provider, psbt::Derivations::With);
    for (size_t i = 0; i < parsed->outputs.size(); ++i)
        psbt::UpdateOutput(*parsed, i, provider, psbt::Derivations::With);
    const bool done = psbt::Finalize(*parsed);
    const auto tx = psbt::Extract(*parsed);
    EMC_CHECK(!tx || done);
    return 0;
}
