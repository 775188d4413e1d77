#include "vectors/registry.h"

namespace emc::vectors {

std::vector<Entry> CryptoEntries()
{
    return {};
}

} // namespace emc::vectors
