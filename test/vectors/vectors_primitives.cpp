#include "vectors/registry.h"

namespace emc::vectors {

std::vector<Entry> PrimitivesEntries()
{
    return {};
}

} // namespace emc::vectors
