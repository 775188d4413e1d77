// Values of verifiers: what is accepted is printed back; revocation buckets have names of bounded length.
#include "enum/verifier.h"

#include "base/check.h"

using namespace emc::enumrec;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto record = ParseVerifier(text);
    if (!record) {
        EMC_CHECK(!Text(record.Error().error).empty() && !RuleId(record.Error().error).empty());
        return 0;
    }
    EMC_CHECK(PrintVerifier(*record) == text);
    EMC_CHECK(!record->Get("name").empty());
    EMC_CHECK(record->revocation.has_value() == !record->Get("SRL").empty());
    if (record->revocation)
        EMC_CHECK(record->revocation->BucketName("enum:18009359935:0").size() <= 255 + 99);
    return 0;
}
