// Numbers and record names: what is read is written back the same.
#include "base/check.h"
#include "enum/number.h"

using namespace emc::enumrec;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto number = Number::FromDigits(text)) {
        EMC_CHECK(number->Digits() == text);
        EMC_CHECK(Number::FromValue(number->Value()) == number);
        EMC_CHECK(Number::FromHuman(text) == number);
        EMC_CHECK(Number::FromHuman(number->WithPlus()) == number);
    }
    if (const auto number = Number::FromHuman(text))
        EMC_CHECK(Number::FromDigits(number->Digits()) == number);
    const auto name = ParseRecordName(text);
    if (!name) {
        EMC_CHECK(text.starts_with("enum:") || text.starts_with("ver:"));
        return 0;
    }
    switch (name->kind) {
    case NameKind::Number:
        EMC_CHECK(RecordNameOf(*name->number, name->slot) == text);
        break;
    case NameKind::TollFree:
        EMC_CHECK("enum:tollfree" + (name->country.empty() ? "" : ":" + name->country) == text);
        break;
    case NameKind::Verifier:
        EMC_CHECK(IsVerifierName(text) && "ver:" + name->verifier == text);
        break;
    case NameKind::Free:
        EMC_CHECK(!text.starts_with("enum:") && !text.starts_with("ver:"));
        break;
    }
    return 0;
}
