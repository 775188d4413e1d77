/// The other side of a batch that does not sign: who, since when, and what is left to do. Pure; any thread.
#pragma once

#include "calls/batch_store.h"

namespace emc::calls {

/// A side that has not signed for so long is reported.
inline constexpr int64_t ANSWER_WITHIN_SEC = 86'400;

struct AwaitedAnswer {
    reward::BatchParty from;
    int64_t since = 0; ///< unix seconds
};

/// Whose signature a batch lacks and since when it is due: since it was to be sent as a letter, or else
/// since this side signed. nullopt: nobody was asked, the next signature is this side's, both are there, or
/// the batch was refused.
[[nodiscard]] std::optional<AwaitedAnswer> Awaited(const BatchRow& row);

/// Is `other` what came back instead of `row`: a batch of the same calls' period that is signed by the side
/// that is waited for, and not by this one?
[[nodiscard]] bool IsAnswer(const BatchRow& row, const AwaitedAnswer& awaited, const BatchRow& other);

/// A sentence for the operator, without a full stop. `heard`: when mail of the other side came last, unix
/// seconds; nullopt: none since the start.
[[nodiscard]] std::string UnansweredText(const BatchRow& row, const AwaitedAnswer& awaited,
                                         std::optional<int64_t> heard);

} // namespace emc::calls
