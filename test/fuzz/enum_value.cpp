// Values of numbers: what is accepted is printed back byte for byte, and loose reading never loses a valid
// value.
#include "base/check.h"
#include "enum/compose.h"

using namespace emc::enumrec;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const Number NUMBER = *Number::FromDigits("18009359935");
    const auto record = ParseRecord(text, NUMBER);
    const auto loose = ReadLoose(text, NUMBER);
    EMC_CHECK(SignatureLines(text).size() <= size);
    if (loose) {
        EMC_CHECK(ParseRecord(loose->value, NUMBER).HasValue());
        EMC_CHECK(PrintRecord(loose->record) == loose->value);
    }
    if (!record) {
        EMC_CHECK(!Text(record.Error().error).empty() && !RuleId(record.Error().error).empty());
        return 0;
    }
    EMC_CHECK(PrintRecord(*record) == text);
    EMC_CHECK(loose && loose->repairs.empty() && loose->value == text);
    EMC_CHECK(SignatureLines(text).size() == record->Signatures().size());
    for (const E2u* route : record->Routes()) {
        const auto uri = ApplyRoute(*route, NUMBER);
        EMC_CHECK(uri && uri->find(':') != std::string::npos && uri->size() <= 255);
        (void)LibrariesAgree(*route);
    }
    return 0;
}
