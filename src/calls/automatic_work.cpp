#include "calls/automatic_work.h"

#include "base/log.h"
#include "calls/batches.h"
#include "calls/letters.h"
#include "interfaces/chain.h"
#include "interfaces/wallet.h"
#include "reward/claim.h"

#include <algorithm>

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::BatchState;
using interfaces::WalletApi;
using reward::BatchParty;

namespace {

/// A letter holds so many calls at most, whatever their Call-IDs.
constexpr size_t MAX_LETTER_CALLS = 600;

} // namespace

struct AutomaticWork::Look {
    const interfaces::AutomaticMode& mode;
    const std::vector<BatchInfo>& known;
};

void AutomaticWork::MakeBatch(const interfaces::AutomaticMode& mode, const BatchParty& own,
                              const CallTotals& sum, const WalletApi& wallet)
{
    constexpr uint64_t MS = 1'000;
    interfaces::BatchRequest request;
    request.caller = "+" + std::to_string(own.number) + ":" + std::to_string(own.slot);
    request.callee = "+" + std::to_string(sum.callee);
    const int64_t mtp = m_rooms.chain.GetTip().median_time;
    int64_t from = static_cast<int64_t>(sum.first_end_ms / MS);
    const auto rows = m_own.store.All();
    if (!rows) return;
    for (const auto& [id, row] : *rows) {
        const auto& batch = row.batch;
        if (row.signed_here && batch.pair.caller == own && batch.pair.callee.number == sum.callee)
            from = std::max(from, int64_t{batch.period_end});
    }
    if (mtp - from < mode.period_sec || mtp - from > reward::MAX_PERIOD_AGE_SEC) return;
    int64_t to = std::min(mtp, from + reward::MAX_PERIOD_SEC);
    CallFilter filter;
    filter.number = own.number;
    filter.counterparty = sum.callee;
    filter.incoming = false;
    filter.from_ms = static_cast<uint64_t>(from) * MS;
    filter.to_ms = static_cast<uint64_t>(to) * MS;
    size_t count = 0;
    uint64_t minutes = 0;
    const auto read = m_own.calls.Read(filter, [&](const reward::CallRecord& call) {
        if (count == MAX_LETTER_CALLS) { // this one begins the next batch
            to = std::max(from + 1, static_cast<int64_t>(call.end / MS));
            return false;
        }
        ++count;
        minutes += reward::CallMinutes(call.answer, call.end);
        return true;
    });
    if (!read || count == 0 || minutes < static_cast<uint64_t>(mode.least_minutes)) return;
    request.from = static_cast<uint32_t>(from);
    request.to = static_cast<uint32_t>(to);
    const auto made = m_own.batches.Create(request, wallet);
    if (made) return m_letters.HandOver(*made);
    EMC_LOG(m_rooms.log, Info, Calls, "no batch of %s -> %s: %s", request.caller.c_str(),
            request.callee.c_str(), made.Error().message.c_str());
}

/// The caller's side makes the batches; those not answered yet are sent again.
void AutomaticWork::MakeBatches(const Look& look, const BatchParty& own, const WalletApi& wallet)
{
    CallFilter filter;
    filter.number = own.number;
    filter.incoming = false;
    const int64_t oldest = m_rooms.chain.GetTip().median_time - reward::MAX_PERIOD_AGE_SEC;
    filter.from_ms = static_cast<uint64_t>(std::max<int64_t>(oldest, 0)) * 1'000;
    const auto sums = m_own.calls.Totals(filter);
    if (!sums) return;
    for (const CallTotals& sum : *sums) {
        const auto waiting = std::find_if(look.known.begin(), look.known.end(), [&](const BatchInfo& info) {
            return (info.state == BatchState::Open || info.state == BatchState::Waiting) && info.made_here &&
                   info.batch.pair.caller == own && info.batch.pair.callee.number == sum.callee;
        });
        if (waiting != look.known.end()) {
            m_letters.HandOver(*waiting);
        } else {
            MakeBatch(look.mode, own, sum, wallet);
        }
    }
}

void AutomaticWork::ClaimOne(const interfaces::AutomaticMode& mode, const BatchInfo& info)
{
    const auto wallet = m_letters.WalletOf(info.batch.pair.callee);
    if (!wallet) return;
    interfaces::ClaimOptions options;
    options.preview = true;
    const auto plan = m_own.batches.Claim(info.id, options, *wallet);
    if (plan && plan->claim < mode.least_claim) return;
    options.preview = false;
    const auto done = plan ? m_own.batches.Claim(info.id, options, *wallet) : plan;
    if (!done) {
        EMC_LOG(m_rooms.log, Info, Calls, "batch %s is not claimed: %s", base::Hex(info.id.Span()).c_str(),
                done.Error().message.c_str());
    }
}

void AutomaticWork::Do(const interfaces::AutomaticMode& mode)
{
    if (m_rooms.chain.GetTip().initial_download) return;
    auto known = m_own.batches.List({});
    if (!known) {
        EMC_LOG(m_rooms.log, Warning, Calls, "%s", known.Error().message.c_str());
        return;
    }
    for (const auto& wallet : m_deps.wallets.Loaded()) {
        for (const BatchParty& own : m_letters.OwnNumbers(*wallet))
            MakeBatches({mode, *known}, own, *wallet);
    }
    // A pair's periods are rewarded in their order: once a later one is, no earlier one can be.
    std::stable_sort(known->begin(), known->end(), [](const BatchInfo& a, const BatchInfo& b) {
        return a.batch.period_end < b.batch.period_end;
    });
    for (const BatchInfo& info : *known) {
        if (info.state != BatchState::Signed) continue;
        if (m_letters.WalletOf(info.batch.pair.callee)) {
            ClaimOne(mode, info);
        } else {
            m_letters.HandOver(info); // until the other side has claimed: the last letter may have been lost
        }
    }
}

} // namespace emc::calls
