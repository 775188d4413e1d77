// Marks of imports, options that say how call records are to be read, and bodies that are posted: refused, or
// the same when written again.
#include "base/check.h"
#include "calls/cdr_time.h"
#include "calls/folder_import.h"
#include "calls/posted.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    if (const auto mark = calls::DecodeImportMark(bytes)) {
        const auto again = calls::DecodeImportMark(calls::Encode(*mark));
        EMC_CHECK(again && calls::Encode(*again) == calls::Encode(*mark));
    }
    const auto text = base::AsText(bytes);
    if (const auto plan = calls::ParseNumberingPlan(text)) {
        for (const auto* written : {"+4930123456", "0301234567", "00441632960001", "12345"})
            EMC_CHECK(!calls::ToE164(written, *plan) ||
                      *calls::ToE164(written, *plan) < 1'000'000'000'000'000);
    }
    if (const auto number = calls::ToE164(text, {}))
        EMC_CHECK(*number >= 1'000 && *number < 1'000'000'000'000'000);
    if (const auto columns = calls::ParseCdrColumns(text)) EMC_CHECK(columns->size() <= size);
    if (const auto watch = calls::ParseFolderWatch(text)) EMC_CHECK(!watch->folder.empty());
    if (const auto posted = calls::ReadPosted(text, "")) EMC_CHECK(posted->text.size() <= size);
    const auto zone = calls::ParseCdrZone(text);
    if (zone) EMC_CHECK(zone->offset_minutes >= -840 && zone->offset_minutes <= 840);
    static_cast<void>(calls::ParseCdrTime(text, {.local = false, .offset_minutes = 60}));
    static_cast<void>(calls::ParseCdrSeconds(text));
    return 0;
}
