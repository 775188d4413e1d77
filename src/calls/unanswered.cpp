#include "calls/unanswered.h"

#include "base/clock.h"
#include "reward/claim.h"

namespace emc::calls {

namespace {

/// How far the batch has got, as far as this side can tell: nobody confirms that a letter has come.
std::string LetterText(const BatchRow& row, std::optional<int64_t> heard)
{
    if (row.asked == 0) return "it was not sent as a letter";
    const std::string never = "its node has not been heard from since this one started";
    const std::string last = heard ? "its node was heard from last at " + base::TimeText(*heard) : never;
    if (!row.handed_over) return "it could not be sent as a letter; " + last;
    if (heard && *heard > row.asked) return "it was sent as a letter, and " + last + ", after that";
    return "it was sent as a letter and may not have arrived: " + last;
}

} // namespace

std::optional<AwaitedAnswer> Awaited(const BatchRow& row)
{
    const auto& batch = row.batch;
    const bool caller = batch.caller_signature != crypto::CompactSignature{};
    const bool callee = batch.callee_signature != crypto::CompactSignature{};
    if ((caller && callee) || !row.refusal.empty()) return std::nullopt;
    const bool any = caller || callee;
    if (any && !row.signed_here) return std::nullopt; // the other side has signed
    if (!any && row.asked == 0) return std::nullopt;
    const bool from_caller = any ? callee : row.asked_caller;
    return AwaitedAnswer{from_caller ? batch.pair.caller : batch.pair.callee,
                         row.asked != 0 ? row.asked : row.changed};
}

bool IsAnswer(const BatchRow& row, const AwaitedAnswer& awaited, const BatchRow& other)
{
    const auto& batch = other.batch;
    const bool same = batch.pair == row.batch.pair && batch.period_start == row.batch.period_start &&
                      batch.period_end == row.batch.period_end;
    const bool from_caller = awaited.from == batch.pair.caller;
    const auto& signature = from_caller ? batch.caller_signature : batch.callee_signature;
    return same && !other.signed_here && other.refusal.empty() && signature != crypto::CompactSignature{};
}

std::string UnansweredText(const BatchRow& row, const AwaitedAnswer& awaited, std::optional<int64_t> heard)
{
    const int64_t over = int64_t{row.batch.period_start} + reward::MAX_PERIOD_AGE_SEC;
    return "no signature of " + awaited.from.Name() + " since " + base::TimeText(awaited.since) + ": " +
           LetterText(row, heard) +
           ". Ask its operator, or hand the batch over as a file; it can be claimed until " +
           base::TimeText(over);
}

} // namespace emc::calls
