/// Call records and batches as JSON, for the families of calls that share them.
#pragma once

#include "rpc/call.h"

namespace emc::reward {
struct CallRecord;
}

namespace emc::rpc {

/// (calls_records.cpp)
[[nodiscard]] Json RecordJson(const reward::CallRecord& call);
/// An id of 64 hex digits; −8 otherwise. (calls_batches.cpp)
[[nodiscard]] base::Hash256 BatchIdOf(const std::string& text);
/// call_prove, call_verify. (calls_call_proofs.cpp)
[[nodiscard]] std::vector<CallSpec> CallProofCalls();

} // namespace emc::rpc
