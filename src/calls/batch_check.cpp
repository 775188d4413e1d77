#include "calls/batch_check.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::calls {

using interfaces::CallFinding;
using reward::CallDispute;
using reward::CallRecord;

namespace {

constexpr uint64_t MS = 1'000;

uint64_t Apart(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

std::optional<CallDispute> Difference(const CallRecord& theirs, const CallRecord& own)
{
    if (Apart(theirs.answer, own.answer) > TIME_TOLERANCE_MS) return CallDispute::Answer;
    if (Apart(theirs.end, own.end) > TIME_TOLERANCE_MS) return CallDispute::End;
    if (Apart(reward::CallMinutes(theirs.answer, theirs.end), reward::CallMinutes(own.answer, own.end)) >
        MINUTE_TOLERANCE)
        return CallDispute::Minutes;
    return std::nullopt;
}

} // namespace

bool IsCounted(const CallRecord& call, const std::vector<CountedCall>& counted)
{
    const uint64_t earliest = call.answer - std::min(call.answer, TIME_TOLERANCE_MS);
    const auto found = std::lower_bound(counted.begin(), counted.end(), CountedCall{call.call_id, earliest});
    return found != counted.end() && found->call_id == call.call_id &&
           found->answer <= call.answer + TIME_TOLERANCE_MS;
}

Comparison CompareCalls(const reward::BatchFile& file, const std::vector<CallRecord>& own,
                        const std::vector<CountedCall>& counted)
{
    std::multimap<std::string_view, size_t> by_id;
    for (size_t i = 0; i < own.size(); ++i)
        by_id.emplace(own[i].call_id, i);
    std::vector<bool> used(own.size());
    Comparison out;
    for (const CallRecord& theirs : file.records) {
        const auto [first, last] = by_id.equal_range(theirs.call_id);
        std::optional<size_t> nearest;
        for (auto it = first; it != last; ++it) {
            if (used[it->second]) continue;
            if (!nearest ||
                Apart(own[it->second].answer, theirs.answer) < Apart(own[*nearest].answer, theirs.answer))
                nearest = it->second;
        }
        if (!nearest) {
            const auto dispute = first == last ? CallDispute::Unknown : CallDispute::Twice;
            out.disputed.push_back({theirs, std::nullopt, dispute});
            continue;
        }
        const CallRecord& mine = own[*nearest];
        used[*nearest] = true;
        if (IsCounted(mine, counted)) {
            out.disputed.push_back({theirs, mine, CallDispute::Counted});
        } else if (const auto dispute = Difference(theirs, mine)) {
            out.disputed.push_back({theirs, mine, *dispute});
        } else {
            ++out.agreed;
        }
    }
    std::set<std::string_view> left_out; // that was said, with a reason
    for (const auto& one : file.left_out)
        left_out.insert(one.call_id);
    // Near the borders it may belong to the period before or after on the other side.
    const uint64_t from = file.batch.period_start * MS + TIME_TOLERANCE_MS;
    const uint64_t to = file.batch.period_end * MS;
    for (size_t i = 0; i < own.size(); ++i) {
        const bool inside = own[i].end >= from && own[i].end + TIME_TOLERANCE_MS < to;
        if (!used[i] && inside && !IsCounted(own[i], counted) && !left_out.contains(own[i].call_id))
            out.withheld.push_back(own[i]);
    }
    return out;
}

} // namespace emc::calls
