/// Call records as a table.
#pragma once

#include "calls/call_store.h"

namespace emc::calls {

/// See CallBook::Export. Failures: −8 the file, −1 the store.
[[nodiscard]] base::Expected<uint64_t, interfaces::Failure>
WriteCalls(const CallStore& store, const CallFilter& filter, const std::string& file);

} // namespace emc::calls
