/// The calls of a batch against those of the own records. Pure; any thread.
#pragma once

#include "interfaces/call_batches.h"

namespace emc::calls {

/// Clocks of two sides may differ by so much.
inline constexpr uint64_t TIME_TOLERANCE_MS = 2'000;
/// Minutes a call counts for may differ by so many.
inline constexpr uint64_t MINUTE_TOLERANCE = 1;

/// Names one call: both sides keep the Call-ID; their `answer` (ms) is TIME_TOLERANCE_MS apart at most.
struct CountedCall {
    std::string call_id;
    uint64_t answer = 0;
    auto operator<=>(const CountedCall&) const = default;
};

struct Comparison {
    uint64_t agreed = 0;
    std::vector<interfaces::CallFinding> disputed;
    std::vector<reward::CallRecord> withheld; ///< own ones that are not in the batch
};

/// `own`: records of the two numbers and the period with TIME_TOLERANCE_MS on either side. `counted`:
/// calls of signed batches, ascending. Each own call agrees with one of the batch at most.
[[nodiscard]] Comparison CompareCalls(const reward::BatchFile& file,
                                      const std::vector<reward::CallRecord>& own,
                                      const std::vector<CountedCall>& counted);

/// Is an own call among them?
[[nodiscard]] bool IsCounted(const reward::CallRecord& call, const std::vector<CountedCall>& counted);

} // namespace emc::calls
