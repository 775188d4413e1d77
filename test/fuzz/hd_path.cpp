// A path that is read is written and read again as the same path, with either mark.
#include "base/check.h"
#include "script/hd_key.h"

using namespace emc;
using namespace emc::script;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, size});
    const auto path = ParseHdPath(text);
    if (!path) return 0;
    EMC_CHECK(path->empty() == (text.empty() || text == "m"));
    for (const char mark : {'\'', 'h'}) {
        const auto again = ParseHdPath("m" + HdPathText(*path, mark));
        EMC_CHECK(again && *again == *path);
    }
    return 0;
}
