// Files of labels (BIP 329): what is read can be written and read again.
#include "rpc/label_file.h"

#include "base/bytes.h"
#include "base/check.h"
#include "consensus/params.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto& params = consensus::RegtestParams();
    const auto file = rpc::ParseLabelFile(params, base::AsText({data, size}));
    if (!file) {
        EMC_CHECK(file.Error().starts_with("line "));
        return 0;
    }
    EMC_CHECK(file->labels.size() == file->lines.size());
    const auto again = rpc::ParseLabelFile(params, rpc::LabelFileText(file->labels));
    EMC_CHECK(again.HasValue());
    EMC_CHECK(again->passed_over.empty() && again->labels.size() == file->labels.size());
    for (size_t i = 0; i < file->labels.size(); ++i) {
        const auto& before = file->labels[i];
        const auto& after = again->labels[i];
        EMC_CHECK(before.kind == after.kind && before.ref == after.ref &&
                  before.spendable == after.spendable);
        EMC_CHECK(before.label == after.label);
    }
    return 0;
}
