#include "calls/batches.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "calls/automatic.h"
#include "calls/letters.h"
#include "consensus/params.h"
#include "enum/number.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "interfaces/wallet.h"
#include "names/resolve.h"
#include "reward/claim.h"
#include "script/sign.h"

#include <algorithm>
#include <tuple>

namespace emc::calls {

using interfaces::AutomaticMode;
using interfaces::BatchCheck;
using interfaces::BatchInfo;
using interfaces::BatchRequest;
using interfaces::Failure;
using interfaces::WalletApi;
using reward::BatchFile;
using reward::BatchParty;
using reward::CallBatch;
using reward::CallRecord;

namespace {

constexpr uint64_t MS = 1'000;
constexpr size_t MAX_REASON_BYTES = 500;

/// The numbers of a batch, for messages: "18009359935 → 442079460000".
std::string PairText(const CallBatch& batch)
{
    return std::to_string(batch.pair.caller.number) + " -> " + std::to_string(batch.pair.callee.number);
}

std::string PeriodText(uint32_t start, uint32_t end)
{
    return base::TimeText(start) + " to " + base::TimeText(end);
}

bool IsSigned(const crypto::CompactSignature& signature)
{
    return signature != crypto::CompactSignature{};
}

const char* Are(size_t count)
{
    return count == 1 ? " is " : " are ";
}

std::optional<uint16_t> SlotOf(std::string_view text)
{
    if (text.empty() || text.size() > 3) return std::nullopt;
    uint16_t slot = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        slot = static_cast<uint16_t>(slot * 10 + (c - '0'));
    }
    return slot;
}

} // namespace

base::Unexpected<Failure> Wrong(std::string message)
{
    return base::Unexpected(Failure{CODE_PARAMETER, std::move(message)});
}

base::Unexpected<Failure> Failed(const storage::StorageFailure& failure)
{
    return base::Unexpected(Failure{CODE_STORE, storage::Describe(failure)});
}

Batches::Batches(CallStore& calls, BatchStore& store, NumberingPlan plan, const BatchDeps& deps)
    : m_calls(calls), m_store(store), m_plan(std::move(plan)), m_deps(deps)
{}

/// A number with its slot; without one, the first live slot, and rather one of the wallet's.
Batches::Result<BatchParty> Batches::PartyOf(const std::string& text, const WalletApi& wallet) const
{
    const size_t colon = text.rfind(':');
    const auto slot =
        colon == std::string::npos ? std::nullopt : SlotOf(std::string_view(text).substr(colon + 1));
    const auto number = ToE164(slot ? text.substr(0, colon) : text, m_plan);
    if (!number) return Wrong(number.Error());
    if (slot) {
        const BatchParty party{*number, *slot};
        const auto info = m_deps.names.Find(party.Name());
        if (!info || !info->live) return Wrong(party.Name() + " is not registered, or has expired");
        return party;
    }
    const std::string prefix = "enum:" + std::to_string(*number) + ":";
    std::optional<BatchParty> own;
    std::optional<BatchParty> any;
    m_deps.names.Scan(prefix, [&](const interfaces::NameInfo& info) {
        if (!info.name.starts_with(prefix)) return false;
        const auto found = SlotOf(std::string_view(info.name).substr(prefix.size()));
        if (!found || !info.live) return true;
        if (!any || *found < any->slot) any = BatchParty{*number, *found};
        if (wallet.IsMine(info.record.owner_script) && (!own || *found < own->slot))
            own = BatchParty{*number, *found};
        return true;
    });
    if (own) return *own;
    if (any) return *any;
    return Wrong("the number " + std::to_string(*number) + " has no live record " + prefix + "0");
}

Batches::Result<void> Batches::SetPeriod(const BatchRequest& request, CallBatch& batch) const
{
    const int64_t mtp = m_deps.chain.GetTip().median_time;
    const int64_t oldest = mtp - reward::MAX_PERIOD_AGE_SEC;
    const int64_t to = request.to ? int64_t{*request.to} : mtp;
    if (to > std::max(mtp, m_deps.clock.NowSec()))
        return Wrong("the period is not over yet: it ends " + base::TimeText(to));
    int64_t from = std::max(to - reward::MAX_PERIOD_SEC, oldest);
    if (request.from) {
        from = *request.from;
    } else {
        const auto periods = m_store.Periods(batch.pair, 0);
        if (!periods) return Failed(periods.Error());
        if (!periods->empty()) from = std::max(from, int64_t{periods->back().end});
    }
    if (from >= to)
        return Wrong("the period is empty: calls up to " + base::TimeText(from) + " are in batches");
    if (from < oldest) {
        return Wrong("the period begins " + base::TimeText(from) +
                     ", more than 60 days ago: it would not be rewarded");
    }
    if (to - from > reward::MAX_PERIOD_SEC) return Wrong("the period is longer than 31 days");
    if (from < 0 || to > UINT32_MAX) return Wrong("the period is outside of 1970 to 2106");
    batch.period_start = static_cast<uint32_t>(from);
    batch.period_end = static_cast<uint32_t>(to);
    return {};
}

Batches::Owners Batches::OwnersOf(const CallBatch& batch) const
{
    const auto owner = [&](const BatchParty& party) {
        auto info = m_deps.names.Find(party.Name());
        return info && info->live ? std::move(info->record.owner_script) : Bytes();
    };
    return {owner(batch.pair.caller), owner(batch.pair.callee)};
}

Batches::Result<BatchRow> Batches::RowOf(const Hash256& id) const
{
    auto row = m_store.Find(id);
    if (!row) return Failed(row.Error());
    if (!*row) return Wrong("no batch " + base::Hex(id.Span()) + " is known here");
    return std::move(**row);
}

/// With the signatures that have come since.
Batches::Result<BatchFile> Batches::FileOf(const Hash256& id) const
{
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    auto file = m_store.File(id);
    if (!file) return Failed(file.Error());
    file->batch = row->batch;
    file->batch.claim = 0; // belongs to the transaction
    return std::move(*file);
}

Batches::Result<std::vector<CallRecord>> Batches::OwnCalls(const CallBatch& batch, uint64_t slack_ms) const
{
    CallFilter filter;
    filter.number = batch.pair.caller.number;
    filter.counterparty = batch.pair.callee.number;
    filter.incoming = false;
    filter.from_ms = batch.period_start * MS - std::min(slack_ms, batch.period_start * MS);
    filter.to_ms = batch.period_end * MS + slack_ms;
    std::vector<CallRecord> out;
    const auto done = m_calls.Read(filter, [&](const CallRecord& call) {
        out.push_back(call);
        return out.size() <= 2 * reward::MAX_BATCH_CALLS;
    });
    if (!done) return Failed(done.Error());
    return out;
}

Batches::Result<bool> Batches::KnowsCalls(const CallBatch& batch) const
{
    const auto own = OwnCalls(batch, TIME_TOLERANCE_MS);
    if (!own) return base::Unexpected(own.Error());
    return !own->empty();
}

Batches::Result<std::vector<CountedCall>> Batches::CountedBeside(const Hash256& id,
                                                                 const CallBatch& batch) const
{
    // A call of ours may end two seconds outside, and be two seconds off in the other batch.
    constexpr uint32_t BESIDE_SEC = 2 * TIME_TOLERANCE_MS / MS + 1;
    const auto periods =
        m_store.Periods(batch.pair, batch.period_start - std::min(batch.period_start, BESIDE_SEC));
    if (!periods) return Failed(periods.Error());
    std::vector<CountedCall> out;
    for (const auto& period : *periods) {
        if (period.id == id || period.start >= uint64_t{batch.period_end} + BESIDE_SEC) continue;
        const auto file = m_store.File(period.id);
        if (!file) return Failed(file.Error());
        for (const CallRecord& call : file->records)
            out.push_back({call.call_id, call.answer});
    }
    std::sort(out.begin(), out.end());
    return out;
}

Batches::Result<Comparison> Batches::Compare(const Hash256& id, const BatchFile& file) const
{
    const auto own = OwnCalls(file.batch, TIME_TOLERANCE_MS);
    if (!own) return base::Unexpected(own.Error());
    const auto counted = CountedBeside(id, file.batch);
    if (!counted) return base::Unexpected(counted.Error());
    return CompareCalls(file, *own, *counted);
}

Batches::Result<BatchInfo> Batches::Create(const BatchRequest& request, const WalletApi& wallet)
{
    BatchFile file;
    file.genesis = m_deps.chain.Params().genesis_hash;
    const auto caller = PartyOf(request.caller, wallet);
    if (!caller) return base::Unexpected(caller.Error());
    const auto callee = PartyOf(request.callee, wallet);
    if (!callee) return base::Unexpected(callee.Error());
    file.batch.pair = {*caller, *callee};
    const Owners owners = OwnersOf(file.batch);
    if (!wallet.IsMine(owners.caller) && !wallet.IsMine(owners.callee))
        return Wrong("neither " + caller->Name() + " nor " + callee->Name() + " is this wallet's");
    if (owners.caller == owners.callee)
        return Wrong("both numbers have the same owner: such calls are not rewarded");
    if (!reward::MayOwnBatch(owners.caller) || !reward::MayOwnBatch(owners.callee))
        return Wrong("the owners of both numbers must be single keys (P2PKH or P2WPKH)");
    if (auto done = SetPeriod(request, file.batch); !done) return base::Unexpected(done.Error());
    auto own = OwnCalls(file.batch, 0);
    if (!own) return base::Unexpected(own.Error());
    const auto counted = CountedBeside({}, file.batch);
    if (!counted) return base::Unexpected(counted.Error());
    std::erase_if(*own, [&](const CallRecord& call) { return IsCounted(call, *counted); });
    file.records = std::move(*own);
    const std::string period = PeriodText(file.batch.period_start, file.batch.period_end);
    if (file.records.empty()) return Wrong("no call " + PairText(file.batch) + " ended from " + period);
    if (file.records.size() > reward::MAX_BATCH_CALLS)
        return Wrong("more than 100,000 calls ended from " + period + ": choose a shorter period");
    if (!reward::SetTotals(file)) return Wrong("two records of the store have the same bytes");
    if (const auto good = reward::CheckBatchAlone(file.batch); !good)
        return Wrong(std::string(reward::Text(good.Error())));
    return Keep(file, true);
}

Batches::Result<BatchInfo> Batches::Keep(const BatchFile& file, bool made_here)
{
    const Hash256 id = reward::BatchDigest(file.genesis, file.batch);
    BatchRow row;
    row.batch = file.batch;
    row.left_out = file.left_out;
    row.made_here = made_here;
    row.created = row.changed = m_deps.clock.NowSec();
    if (auto done = SearchSince(file.batch.period_end); !done) return base::Unexpected(done.Error());
    const auto added = m_store.Add(id, row, file);
    if (!added) return Failed(added.Error());
    if (*added) {
        EMC_LOG(m_deps.log, Info, Calls, "batch %s %s: %s, %s, %s", base::Hex(id.Span()).c_str(),
                made_here ? "made" : "received", PairText(file.batch).c_str(),
                base::CountText(file.batch.calls, "call").c_str(),
                base::CountText(file.batch.minutes, "minute").c_str());
    }
    return Find(id);
}

Batches::Result<BatchInfo> Batches::Receive(ByteSpan bytes)
{
    const auto file = reward::ParseBatchFile(bytes);
    if (!file) return Wrong("this is no batch: " + std::string(reward::Text(file.Error())));
    const CallBatch& batch = file->batch;
    if (file->genesis != m_deps.chain.Params().genesis_hash) return Wrong("the batch is of another network");
    if (const auto good = reward::CheckBatchAlone(batch); !good)
        return Wrong("the batch cannot be rewarded: " + std::string(reward::Text(good.Error())));
    const Owners owners = OwnersOf(batch);
    const Hash256 id = reward::BatchDigest(file->genesis, batch);
    for (const auto& [owner, signature, name] :
         {std::tuple(&owners.caller, &batch.caller_signature, batch.pair.caller.Name()),
          std::tuple(&owners.callee, &batch.callee_signature, batch.pair.callee.Name())}) {
        if (owner->empty()) return Wrong(name + " is not registered, or has expired");
        if (IsSigned(*signature) && !script::VerifyDigest(*owner, id, *signature, true))
            return Wrong("the signature is not one of the owner of " + name);
    }
    if (IsSigned(batch.caller_signature) && IsSigned(batch.callee_signature)) {
        // Settled, perhaps by another store of this side: nothing else of the period is to be signed.
        if (const auto other = m_store.Reserve(id, batch); !other) return Failed(other.Error());
    }
    auto kept = Keep(*file, false);
    if (!kept) return kept;
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    const bool news = (IsSigned(batch.caller_signature) && !IsSigned(row->batch.caller_signature)) ||
                      (IsSigned(batch.callee_signature) && !IsSigned(row->batch.callee_signature));
    if (!news) return kept;
    const auto changed = m_store.Change(id, [&](BatchRow& known) {
        if (IsSigned(batch.caller_signature)) known.batch.caller_signature = batch.caller_signature;
        if (IsSigned(batch.callee_signature)) known.batch.callee_signature = batch.callee_signature;
        known.changed = m_deps.clock.NowSec();
    });
    if (!changed) return Failed(changed.Error());
    return Describe(id, *changed);
}

/// Empty when a verifier this node trusts has signed the record.
std::string Batches::WithoutTrust(const BatchParty& party) const
{
    const auto number = enumrec::Number::FromValue(party.number);
    if (!number) return party.Name() + " is no number";
    const auto found = m_deps.numbers.Resolve(*number);
    for (const auto& slot : found.accepted) {
        if (slot.slot == party.slot && !slot.verifier.empty()) return {};
    }
    for (const auto& slot : found.refused) {
        if (slot.slot == party.slot)
            return "no trusted verifier has signed " + party.Name() + ": " +
                   std::string(names::Text(slot.reason));
    }
    return "no trusted verifier has signed " + party.Name() + " (-enumtrust names those that are trusted)";
}

Batches::Result<std::vector<std::string>> Batches::Obstacles(const Hash256& id, const BatchRow& row) const
{
    std::vector<std::string> out;
    if (!row.refusal.empty()) out.push_back(row.refusal);
    const auto in_the_way = InTheWay(id, row);
    if (!in_the_way) return base::Unexpected(in_the_way.Error());
    if (!in_the_way->empty()) out.push_back(*in_the_way);
    const Owners owners = OwnersOf(row.batch);
    if (owners.caller == owners.callee) out.emplace_back("both numbers have the same owner");
    for (const BatchParty& party : {row.batch.pair.caller, row.batch.pair.callee}) {
        if (auto why = WithoutTrust(party); !why.empty()) out.push_back(std::move(why));
    }
    return out;
}

Batches::Result<BatchCheck> Batches::Check(const Hash256& id)
{
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    const auto file = FileOf(id);
    if (!file) return base::Unexpected(file.Error());
    auto compared = Compare(id, *file);
    if (!compared) return base::Unexpected(compared.Error());
    auto obstacles = Obstacles(id, *row);
    if (!obstacles) return base::Unexpected(obstacles.Error());
    auto info = Find(id);
    if (!info) return base::Unexpected(info.Error());
    return BatchCheck{std::move(*info), compared->agreed, std::move(compared->disputed),
                      std::move(compared->withheld), std::move(*obstacles)};
}

/// Makes the batch without the disputed calls, which takes the place of this one.
Batches::Result<Hash256> Batches::LeaveOut(const Hash256& id, const BatchFile& file,
                                           const Comparison& compared)
{
    if (IsSigned(file.batch.caller_signature) || IsSigned(file.batch.callee_signature))
        return Wrong(
            "the other side has signed the batch as it is: it cannot sign another one of the period");
    BatchFile rest = file;
    for (const auto& finding : compared.disputed) {
        rest.left_out.push_back({finding.theirs.call_id, finding.theirs.answer, finding.dispute});
        std::erase(rest.records, finding.theirs);
    }
    if (rest.records.empty()) return Wrong("all calls of the batch are disputed: nothing is left to sign");
    if (!reward::SetTotals(rest)) return Wrong("two records of the batch have the same bytes");
    const auto kept = Keep(rest, true);
    if (!kept) return base::Unexpected(kept.Error());
    const std::string reason = base::CountText(compared.disputed.size(), "call") +
                               Are(compared.disputed.size()) + "disputed; the rest is batch " +
                               base::Hex(kept->id.Span());
    const auto replaced = m_store.Change(id, [&](BatchRow& row) {
        row.refusal = reason;
        row.changed = m_deps.clock.NowSec();
    });
    if (!replaced) return Failed(replaced.Error());
    return kept->id;
}

Batches::Result<BatchInfo> Batches::Sign(const Hash256& id, WalletApi& wallet, Disputed disputed)
{
    auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    const auto obstacles = Obstacles(id, *row);
    if (!obstacles) return base::Unexpected(obstacles.Error());
    if (!obstacles->empty()) return Wrong("not signed: " + obstacles->front());
    if (row->made_here) return SignFor(id, *row, wallet);
    const auto file = FileOf(id);
    if (!file) return base::Unexpected(file.Error());
    const auto compared = Compare(id, *file);
    if (!compared) return base::Unexpected(compared.Error());
    if (compared->disputed.empty()) return SignFor(id, *row, wallet);
    if (disputed == Disputed::Refuse) {
        const auto& first = compared->disputed.front();
        const size_t count = compared->disputed.size();
        return Wrong("not signed: " + std::to_string(count) + " of " +
                     base::CountText(row->batch.calls, "call") + Are(count) + "disputed, the first is " +
                     first.theirs.call_id + ": " + std::string(reward::Text(first.dispute)));
    }
    const auto rest = LeaveOut(id, *file, *compared);
    if (!rest) return base::Unexpected(rest.Error());
    row = RowOf(*rest);
    if (!row) return base::Unexpected(row.Error());
    return SignFor(*rest, *row, wallet);
}

Batches::Result<BatchInfo> Batches::SignFor(const Hash256& id, const BatchRow& row, WalletApi& wallet)
{
    const Owners owners = OwnersOf(row.batch);
    const bool caller = wallet.IsMine(owners.caller);
    const bool callee = wallet.IsMine(owners.callee);
    if (!caller && !callee) {
        return base::Unexpected(Failure{CODE_WALLET, "neither " + row.batch.pair.caller.Name() + " nor " +
                                                         row.batch.pair.callee.Name() + " is this wallet's"});
    }
    // On disk before there is a signature: whatever happens, no other one of the period is made.
    const auto other = m_store.Reserve(id, row.batch);
    if (!other) return Failed(other.Error());
    if (*other) {
        return Wrong("not signed: the period overlaps batch " + base::Hex((*other)->id.Span()) + " (" +
                     PeriodText((*other)->start, (*other)->end) + "), which was signed before");
    }
    CallBatch batch = row.batch;
    for (const auto& [own, owner, signature] :
         {std::tuple(caller, &owners.caller, &batch.caller_signature),
          std::tuple(callee, &owners.callee, &batch.callee_signature)}) {
        if (!own || IsSigned(*signature)) continue;
        const auto made = wallet.SignCallBatch(batch, *owner);
        if (!made) {
            if (!row.signed_here) {
                if (auto released = m_store.Release(id, row.batch); !released)
                    return Failed(released.Error());
            }
            return base::Unexpected(made.Error());
        }
        std::copy_n(made->begin(), std::min(made->size(), signature->size()), signature->begin());
    }
    const auto changed = m_store.Change(id, [&](BatchRow& known) {
        if (caller) known.batch.caller_signature = batch.caller_signature;
        if (callee) known.batch.callee_signature = batch.callee_signature;
        known.signed_here = true;
        known.changed = m_deps.clock.NowSec();
    });
    if (!changed) return Failed(changed.Error());
    EMC_LOG(m_deps.log, Info, Calls, "batch %s signed", base::Hex(id.Span()).c_str());
    return Describe(id, *changed);
}

Batches::Result<BatchInfo> Batches::Refuse(const Hash256& id, const std::string& reason)
{
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    if (row->signed_here) return Wrong("this side has signed the batch: that cannot be taken back");
    if (reason.empty() || reason.size() > MAX_REASON_BYTES)
        return Wrong("a reason of 1 to 500 bytes is expected");
    const auto changed = m_store.Change(id, [&](BatchRow& known) {
        if (known.refusal.empty()) known.refusal = reason;
        known.changed = m_deps.clock.NowSec();
    });
    if (!changed) return Failed(changed.Error());
    return Describe(id, *changed);
}

Batches::Result<std::vector<BatchInfo>> Batches::List(const interfaces::BatchFilter& filter)
{
    if (auto done = Follow(); !done) return base::Unexpected(done.Error());
    auto rows = m_store.All();
    if (!rows) return Failed(rows.Error());
    std::stable_sort(rows->begin(), rows->end(),
                     [](const auto& a, const auto& b) { return a.second.created > b.second.created; });
    std::vector<BatchInfo> out;
    size_t skip = filter.skip;
    for (const auto& [id, row] : *rows) {
        if (out.size() >= filter.count) break;
        const auto& pair = row.batch.pair;
        if (filter.number != 0 && pair.caller.number != filter.number && pair.callee.number != filter.number)
            continue;
        auto info = Describe(id, row);
        if (!info) return base::Unexpected(info.Error());
        if (filter.state && info->state != *filter.state) continue;
        if (skip > 0) {
            --skip;
            continue;
        }
        out.push_back(std::move(*info));
    }
    return out;
}

Batches::Result<BatchInfo> Batches::Find(const Hash256& id)
{
    if (auto done = Follow(); !done) return base::Unexpected(done.Error());
    const auto row = RowOf(id);
    if (!row) return base::Unexpected(row.Error());
    return Describe(id, *row);
}

Batches::Result<BatchInfo> Batches::Send(const Hash256& id)
{
    if (m_letters != nullptr) return m_letters->SendBatch(id);
    return base::Unexpected(Failure{CODE_STORE, "letters need a wallet and the peer-to-peer network"});
}

std::optional<AutomaticMode> Batches::Automatic() const
{
    if (m_settings == nullptr) return std::nullopt;
    return m_settings->Now();
}

Batches::Result<void> Batches::SetAutomatic(const AutomaticMode& mode)
{
    if (m_settings == nullptr)
        return base::Unexpected(Failure{CODE_WALLET, "this node has no wallets to make batches with"});

    const struct {
        const char* what;
        int64_t value, least, most;
    } limits[] = {
        {"seconds between two looks", mode.interval_sec, interfaces::LEAST_REWARD_INTERVAL_SEC,
         interfaces::MOST_REWARD_INTERVAL_SEC},
        {"seconds of calls in a batch", mode.period_sec, interfaces::LEAST_REWARD_PERIOD_SEC,
         interfaces::MOST_REWARD_PERIOD_SEC},
        {"least minutes of a batch", mode.least_minutes, 1, interfaces::MOST_REWARD_MINUTES},
        {"least claim", mode.least_claim, 0, primitives::MAX_MONEY},
    };

    for (const auto& limit : limits) {
        if (limit.value >= limit.least && limit.value <= limit.most) continue;
        return Wrong(std::string(limit.what) + ": " + std::to_string(limit.value) + " is not in " +
                     std::to_string(limit.least) + " to " + std::to_string(limit.most));
    }
    if (const auto done = m_settings->Set(mode); !done) return Failed(done.Error());
    return {};
}

Batches::Result<Bytes> Batches::File(const Hash256& id)
{
    const auto file = FileOf(id);
    if (!file) return base::Unexpected(file.Error());
    return reward::WriteBatchFile(*file);
}

} // namespace emc::calls
