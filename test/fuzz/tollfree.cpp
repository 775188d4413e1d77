// Toll-free lists: what is accepted is printed back; imported files give valid lists.
#include "base/check.h"
#include "enum/compose.h"

using namespace emc::enumrec;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto blocks = ParseTollFree(text)) EMC_CHECK(PrintTollFree(*blocks) == text);
    const auto import = ImportTollFree(text);
    for (const TollFreeBlock& block : import.blocks) {
        EMC_CHECK(!block.routes.empty());
        for (const E2u& route : block.routes) {
            const auto again = ParseTollFree(PrintTollFree({{block.ere, {route}}}));
            EMC_CHECK(again && (*again)[0].routes[0] == route);
        }
    }
    return 0;
}
