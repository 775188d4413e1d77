/// Records read before, for compiling many names in one go.
#pragma once

#include "names/state.h"

#include <map>

namespace emc::dns {

/// Verifiers and revocation buckets, so that a run over many numbers reads each once. One thread.
struct RecordMemo {
    std::map<std::string, std::optional<names::NameRecord>, std::less<>> records;
};

} // namespace emc::dns
