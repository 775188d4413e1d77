#include "vectors/registry.h"

namespace emc::vectors {

std::vector<Entry> CodecEntries()
{
    return {};
}

} // namespace emc::vectors
