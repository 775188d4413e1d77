/// What became of batches: the chain's part, looked up whenever it is asked for.
#include "base/clock.h"
#include "base/log.h"
#include "calls/batches.h"
#include "calls/letters.h"
#include "calls/unanswered.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "reward/claim.h"
#include "script/sign.h"
#include "storage/schema.h"

#include <algorithm>
#include <tuple>

namespace emc::calls {

using interfaces::BatchInfo;
using interfaces::BatchState;

Batches::Result<BatchInfo> Batches::Describe(const Hash256& id, const BatchRow& row) const
{
    BatchInfo out;
    out.id = id;
    out.batch = row.batch;
    out.made_here = row.made_here;
    out.created = row.created;
    out.changed = row.changed;
    const Owners owners = OwnersOf(row.batch);
    const auto is_signed = [&](const Bytes& owner, const crypto::CompactSignature& signature) {
        return !owner.empty() && signature != crypto::CompactSignature{} &&
               script::VerifyDigest(owner, id, signature, true);
    };
    out.caller_signed = is_signed(owners.caller, row.batch.caller_signature);
    out.callee_signed = is_signed(owners.callee, row.batch.callee_signature);
    out.left_out = row.left_out;
    if (auto set = SetState(row, out); !set) return base::Unexpected(set.Error());
    if (auto set = SetWaiting(row, out); !set) return base::Unexpected(set.Error());
    return out;
}

/// Whom a batch waits for, and what is wrong when that has lasted.
Batches::Result<void> Batches::SetWaiting(const BatchRow& row, BatchInfo& info) const
{
    if (info.state != BatchState::Open && info.state != BatchState::Waiting) return {};
    const auto awaited = Awaited(row);
    if (!awaited) return {};
    info.waiting_for = awaited->from;
    info.waiting_since = awaited->since;
    if (m_deps.clock.NowSec() - awaited->since < ANSWER_WITHIN_SEC) return {};
    const auto rows = m_store.All();
    if (!rows) return Failed(rows.Error());
    const auto instead = std::find_if(rows->begin(), rows->end(), [&](const auto& other) {
        return other.first != info.id && IsAnswer(row, *awaited, other.second);
    });
    if (instead != rows->end()) {
        info.problem = awaited->from.Name() + " has signed another batch of the period, " +
                       base::Hex(instead->first.Span()) + ": check it, and sign or refuse it";
        return {};
    }
    const auto heard = m_letters == nullptr ? std::nullopt : m_letters->HeardAt(awaited->from);
    info.problem = UnansweredText(row, *awaited, heard);
    return {};
}

/// The batch of the same period that this side has signed instead; empty: none.
Batches::Result<std::string> Batches::InTheWay(const Hash256& id, const BatchRow& row) const
{
    const auto periods = m_store.Periods(row.batch.pair, row.batch.period_start);
    if (!periods) return Failed(periods.Error());
    for (const auto& period : *periods) {
        if (period.id == id || period.start >= row.batch.period_end) continue;
        return "the period overlaps batch " + base::Hex(period.id.Span()) + ", which was signed before";
    }
    return std::string();
}

Batches::Result<void> Batches::SetState(const BatchRow& row, BatchInfo& info) const
{
    const auto tip = m_deps.chain.GetTip();
    if (row.block) {
        const auto block = m_deps.chain.BlockByHash(*row.block);
        if (block && block->in_best_chain) {
            info.state = BatchState::Confirmed;
            info.txid = row.txid;
            info.block = row.block;
            info.height = row.height;
            return {};
        }
    }
    info.state = BatchState::Refused;
    info.reason = row.refusal;
    if (!info.reason.empty()) return {};
    auto in_the_way = InTheWay(info.id, row);
    if (!in_the_way) return base::Unexpected(in_the_way.Error());
    info.reason = std::move(*in_the_way);
    if (!info.reason.empty()) return {};
    if (int64_t{row.batch.period_start} < tip.median_time - reward::MAX_PERIOD_AGE_SEC) {
        info.reason = "the period began more than 60 days ago";
        if (const auto awaited = Awaited(row))
            info.reason += ", without a signature of " + awaited->from.Name();
        return {};
    }
    for (const auto& [valid, signature, party] :
         {std::tuple(info.caller_signed, &row.batch.caller_signature, &row.batch.pair.caller),
          std::tuple(info.callee_signed, &row.batch.callee_signature, &row.batch.pair.callee)}) {
        if (valid || *signature == crypto::CompactSignature{}) continue;
        info.reason = party->Name() + " is not live, or has another owner than the one that signed";
        return {};
    }
    if (row.txid && m_deps.pool.Get(*row.txid)) {
        info.state = BatchState::Claimed;
        info.txid = row.txid;
    } else if (info.caller_signed && info.callee_signed) {
        info.state = BatchState::Signed;
    } else {
        info.state = row.signed_here || row.handed_over ? BatchState::Waiting : BatchState::Open;
    }
    return {};
}

Batches::Result<void> Batches::SearchSince(uint32_t period_end)
{
    // A reward stands in a block above the last one whose median time is not above the end.
    const int32_t low = interfaces::HeightBefore(m_deps.chain, period_end);
    const auto followed = m_store.Followed();
    if (!followed) return Failed(followed.Error());
    if (*followed && (*followed)->height <= low) return {};
    const auto block = m_deps.chain.BlockByHeight(low);
    if (!block) return {};
    if (auto done = m_store.SetFollowed({block->hash, low, 0}); !done) return Failed(done.Error());
    return {};
}

Batches::Result<void> Batches::Follow()
{
    const auto followed = m_store.Followed();
    if (!followed) return Failed(followed.Error());
    if (!*followed) return {}; // there are no batches
    const auto tip = m_deps.chain.GetTip();
    if ((*followed)->hash == tip.hash) return {};
    auto at = m_deps.chain.BlockByHash((*followed)->hash);
    while (at && !at->in_best_chain && at->height > 0)
        at = m_deps.chain.BlockByHash(at->header.prev_hash);
    int32_t height = at ? at->height : 0;
    storage::BestRow last = **followed;
    const auto& genesis = m_deps.chain.Params().genesis_hash;
    while (const auto info = m_deps.chain.BlockByHeight(height + 1)) {
        last = {info->hash, ++height, 0};
        const auto block = m_deps.chain.ReadBlock(info->hash);
        if (!block) continue; // pruned: nothing can be found in it any more
        for (const auto& tx : (*block)->transactions) {
            if (tx->Version() != primitives::REWARD_TX_VERSION || tx->Outputs().empty()) continue;
            const auto output = reward::ParseRewardOutput(tx->Outputs()[0].script_pubkey);
            if (!output) continue;
            const Hash256 id = reward::BatchDigest(genesis, output->batch);
            const auto known = m_store.Find(id);
            if (!known) return Failed(known.Error());
            if (!*known) continue;
            const auto changed = m_store.Change(id, [&](BatchRow& row) {
                row.txid = tx->Txid();
                row.block = info->hash;
                row.height = info->height;
                row.batch.caller_signature = output->batch.caller_signature;
                row.batch.callee_signature = output->batch.callee_signature;
                row.batch.claim = output->batch.claim;
            });
            if (!changed) return Failed(changed.Error());
            EMC_LOG(m_deps.log, Info, Calls, "batch %s was rewarded in block %d",
                    base::Hex(id.Span()).c_str(), info->height);
        }
    }
    if (last.hash == (*followed)->hash) return {};
    if (auto done = m_store.SetFollowed(last); !done) return Failed(done.Error());
    return {};
}

} // namespace emc::calls
