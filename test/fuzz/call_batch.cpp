// Call batches and the outputs that carry them: what is read is written back byte for byte; the rules that
// need no state take any transaction of the version.
#include "base/check.h"
#include "reward/claim.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    if (const auto batch = reward::ParseBatch(bytes)) {
        EMC_CHECK(base::AsText(reward::WriteBatch(*batch)) == base::AsText(bytes));
    }
    const auto output = reward::ParseRewardOutput(bytes);
    if (output) {
        const base::Bytes again = reward::WriteRewardScript(output->batch, output->owner_script);
        EMC_CHECK(base::AsText(again) == base::AsText(bytes));
    }
    primitives::MutableTransaction tx;
    tx.version = primitives::REWARD_TX_VERSION;
    tx.inputs.resize(1);
    tx.outputs.push_back({0, base::Bytes(bytes.begin(), bytes.end())});
    tx.outputs.push_back({primitives::MAX_MONEY, {}});
    const auto alone = reward::CheckRewardAlone(*primitives::MakeTx(std::move(tx)));
    if (alone) {
        EMC_CHECK(output && alone->claim >= 1 && alone->calls >= 1 && alone->minutes >= alone->calls);
        EMC_CHECK(alone->claim <= static_cast<uint64_t>(reward::MinuteBound(alone->minutes)));
    } else {
        EMC_CHECK(!reward::Text(alone.Error()).empty());
        EMC_CHECK(output.has_value() == (alone.Error() != reward::RewardError::Payload));
    }
    return 0;
}
