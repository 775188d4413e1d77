/// Admission: from a stranger's transaction to an entry of the pool, or the reason why not.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/connect.h"
#include "enum/record.h"
#include "mempool/candidate.h"
#include "mempool/estimator.h"
#include "mempool/pool.h"
#include "mempool/truc.h"

#include <algorithm>

namespace emc::mempool {

namespace {

using base::Format;
using base::Unexpected;
using consensus::TxRole;

constexpr int CODE_MISSING = -25;
constexpr int CODE_REJECTED = -26;
constexpr int CODE_IN_CHAIN = -27;
constexpr int MAX_TIP_RETRIES = 10;

Unexpected<Failure> Refuse(std::string message, int code = CODE_REJECTED)
{
    return Unexpected(Failure{code, std::move(message)});
}

Unexpected<Failure> Refuse(const consensus::RuleResult& result)
{
    return Refuse(consensus::Describe(result));
}

std::vector<std::string> VerifiersOf(const std::vector<names::IndexedOp>& ops)
{
    std::vector<std::string> out;
    for (const auto& op : ops) {
        const auto name = enumrec::ParseRecordName(op.op.name);
        if (!name || name->kind != enumrec::NameKind::Number || op.op.kind == names::OpKind::Delete) continue;
        const auto record = enumrec::ParseRecord(base::AsText(op.op.value), *name->number);
        if (!record) continue;
        for (const auto* sig : record->Signatures())
            out.push_back(sig->verifier);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// Is this output the coin of a name that the waiting transaction registers or updates?
bool HoldsName(const Entry& entry, uint32_t output)
{
    return std::any_of(entry.ops.begin(), entry.ops.end(), [output](const names::IndexedOp& op) {
        return op.output == output && op.op.kind != names::OpKind::Delete;
    });
}

} // namespace

base::Expected<void, Failure> Mempool::CheckAlone(const TxRef& tx, Candidate& candidate) const
{
    if (auto checked = consensus::CheckTransaction(*tx); !checked) return Refuse(checked.Error());
    if (tx->IsCoinbase()) return Refuse("coinbase");
    auto ops = consensus::CheckNameShape(*tx, TxRole::Ordinary);
    if (!ops) return Refuse(ops.Error());
    if (m_options.require_standard) {
        if (auto standard = CheckStandard(*tx); !standard) return Refuse(standard.Error());
    }
    candidate.entry.tx = tx;
    candidate.entry.ops = std::move(*ops);
    candidate.entry.verifiers = VerifiersOf(candidate.entry.ops);
    return {};
}

base::Expected<void, Failure> Mempool::FetchCoins(const chain::TipView& view, Candidate& candidate) const
{
    const auto& tx = *candidate.entry.tx;
    const int32_t height = view.Tip().height + 1;
    candidate.spent.clear();
    candidate.entry.delta = m_graph.DeltaOf(tx.Txid());
    for (const auto& input : tx.Inputs()) {
        auto coin = view.Get(input.prevout);
        if (!coin) {
            if (const auto* parent = m_graph.Find(input.prevout.txid)) {
                if (HoldsName(*parent, input.prevout.index)) {
                    return Refuse("name-output-unconfirmed, [N-16] the output of a name operation cannot be "
                                  "spent in the operation's own block");
                }
                if (input.prevout.index < parent->tx->Outputs().size()) {
                    coin = consensus::CoinOf(*parent->tx, input.prevout.index, height, TxRole::Ordinary);
                }
            }
        }
        if (!coin) {
            for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
                if (view.Get(primitives::OutPoint{tx.Txid(), i})) {
                    return Refuse("Already in a block", CODE_IN_CHAIN);
                }
            }
            return Refuse(Format("bad-txns-inputs-missingorspent (%s output %u)",
                                 base::ReversedHex(input.prevout.txid).c_str(), input.prevout.index),
                          CODE_MISSING);
        }
        candidate.spent.push_back(std::move(*coin));
    }
    return {};
}

base::Expected<void, Failure> Mempool::CheckState(const chain::TipView& view, Candidate& candidate) const
{
    const auto& tx = *candidate.entry.tx;
    consensus::ConnectContext context;
    context.params = &m_chain.Params();
    context.height = view.Tip().height + 1;
    context.parent_mtp = view.Tip().median_time;
    context.names = &view;
    context.watermarks = &view;
    context.times = &view;
    context.cache = &m_chain.Signatures();
    if (!consensus::IsFinal(tx, context.height, context.parent_mtp)) return Refuse("non-final");
    auto outcome = consensus::CheckSpend(tx, candidate.spent, context);
    if (!outcome) return Refuse(outcome.Error());
    auto& entry = candidate.entry;
    entry.fee = outcome->fee;
    entry.burned = outcome->burned;
    entry.sigop_cost = outcome->sigop_cost;
    entry.reward = outcome->reward;
    if (entry.reward) {
        const auto owner = names::OwnerScriptOf(tx.Version(), 0, tx.Outputs()[0].script_pubkey).script;
        entry.bond_owner.assign(owner.begin(), owner.end());
    }
    if (m_options.require_standard && entry.sigop_cost > MAX_STANDARD_SIGOP_COST) {
        return Refuse(Format("bad-txns-too-many-sigops, %lld", static_cast<long long>(entry.sigop_cost)));
    }
    entry.vsize = PolicyVsize(tx, entry.sigop_cost);
    entry.height = view.Tip().height;
    entry.time = m_clock.NowSec();
    return {};
}

base::Expected<void, Failure> Mempool::CheckConflicts(Candidate& candidate) const
{
    TxidSet direct;
    for (const auto& input : candidate.entry.tx->Inputs()) {
        if (const auto* spender = m_graph.SpenderOf(input.prevout)) direct.insert(*spender);
    }
    if (const auto* sibling = SiblingOf(m_graph, *candidate.entry.tx)) direct.insert(*sibling);
    for (const auto& txid : direct) {
        if (!m_options.full_replacement && !SignalsReplacement(*m_graph.Find(txid)->tx))
            return Refuse("txn-mempool-conflict");
    }
    candidate.replaced = m_graph.DescendantsOf(direct);
    for (const auto& op : candidate.entry.ops) {
        const auto* pending = m_graph.PendingName(op.op.name);
        if (pending != nullptr && !candidate.replaced.contains(pending->txid)) {
            return Refuse("name-pending, another operation on '" + op.op.name +
                          "' waits for a block: " + base::ReversedHex(pending->txid));
        }
    }
    return CheckPendingRewards(candidate);
}

base::Expected<void, Failure> Mempool::CheckPendingRewards(const Candidate& candidate) const
{
    if (!candidate.entry.reward) return {};
    const auto* pending = m_graph.PendingReward(candidate.entry.reward->watermark.pair);
    if (pending != nullptr && !candidate.replaced.contains(*pending)) {
        return Refuse("reward-pending, another reward of the same two numbers waits for a block: " +
                      base::ReversedHex(*pending));
    }
    size_t of_owner = m_graph.RewardsOf(candidate.entry.bond_owner);
    for (const auto& txid : candidate.replaced) {
        if (m_graph.Find(txid)->bond_owner == candidate.entry.bond_owner) --of_owner;
    }
    if (of_owner >= MAX_REWARDS_PER_OWNER) {
        return Refuse("too many pending rewards of one owner, wait until a block has taken one");
    }
    return {};
}

base::Expected<void, Failure> Mempool::CheckReplacement(const Candidate& candidate) const
{
    if (candidate.replaced.empty()) return {};
    if (candidate.replaced.size() > MAX_REPLACED) return Refuse("too many potential replacements");
    for (const auto& ancestor : m_graph.AncestorsOf(m_graph.ParentsOf(*candidate.entry.tx))) {
        if (candidate.replaced.contains(ancestor)) return Refuse("bad-txns-spends-conflicting-tx");
    }
    for (const auto& input : candidate.entry.tx->Inputs()) {
        // Who spends it now is being replaced.
        const auto* parent = m_graph.Find(input.prevout.txid);
        if (parent == nullptr || m_graph.SpenderOf(input.prevout) != nullptr) continue;
        const auto* sibling = SiblingOf(m_graph, *candidate.entry.tx);
        if (sibling != nullptr && candidate.replaced.contains(*sibling)) continue;
        return Refuse(
            Format("replacement-adds-unconfirmed, none of the replaced transactions spends %s output %u, "
                   "which is unconfirmed itself",
                   base::ReversedHex(input.prevout.txid).c_str(), input.prevout.index));
    }
    Amount old_fees = 0;
    const Amount fee = candidate.entry.ModifiedFee();
    const FeeRate rate{fee, candidate.entry.vsize};
    for (const auto& txid : candidate.replaced) {
        const auto& old = *m_graph.Find(txid);
        old_fees += old.ModifiedFee();
        if (!(FeeRate{old.ModifiedFee(), old.vsize} < rate)) {
            return Refuse("insufficient fee, the fee rate must be above that of every transaction replaced");
        }
    }
    const Amount needed = old_fees + FeeFor(INCREMENTAL_RATE_PER_KVB, candidate.entry.vsize);
    if (fee < needed) {
        return Refuse(Format("insufficient fee, replacing needs %s EMC, this pays %s",
                             primitives::AmountText(needed).c_str(), primitives::AmountText(fee).c_str()));
    }
    return {};
}

base::Expected<void, Failure> Mempool::CheckRelayFee(Amount fee, size_t vsize) const
{
    const Amount relay = FeeFor(m_options.relay_rate_per_kvb, vsize);
    if (fee >= relay) return {};
    return Refuse("min relay fee not met, " + primitives::AmountText(fee) + " < " +
                  primitives::AmountText(relay));
}

base::Expected<void, Failure> Mempool::CheckMaxFee(const Candidate& candidate, Amount max_rate) const
{
    const auto& entry = candidate.entry;
    if (max_rate > 0 && entry.fee > FeeFor(max_rate, entry.vsize)) {
        return Refuse(Format("Fee above maxfeerate: %s EMC", primitives::AmountText(entry.fee).c_str()),
                      CODE_MISSING);
    }
    return {};
}

base::Expected<void, Failure> Mempool::CheckRollingFee(Amount fee, size_t vsize) const
{
    const Amount rolling = FeeFor(RollingMinimum(), vsize);
    if (fee >= rolling) return {};
    return Refuse("mempool min fee not met, " + primitives::AmountText(fee) + " < " +
                  primitives::AmountText(rolling));
}

base::Expected<void, Failure> Mempool::CheckRelatives(const Candidate& candidate) const
{
    TxidSet ancestors = m_graph.AncestorsOf(m_graph.ParentsOf(*candidate.entry.tx));
    if (auto limits =
            m_graph.CheckLimits(ancestors, candidate.entry.vsize, m_options.limits, candidate.replaced);
        !limits) {
        return Refuse(limits.Error());
    }
    if (auto truc = CheckTruc(m_graph, candidate.entry, candidate.replaced); !truc)
        return Refuse(truc.Error());
    for (const auto& verifier : candidate.entry.verifiers) {
        auto load = m_graph.LoadOf(verifier);
        for (const auto& txid : candidate.replaced) {
            const auto& leaving = *m_graph.Find(txid);
            if (std::find(leaving.verifiers.begin(), leaving.verifiers.end(), verifier) ==
                leaving.verifiers.end()) {
                continue;
            }
            --load.count;
            load.vsize -= leaving.vsize;
        }
        if (load.count + 1 > MAX_PER_VERIFIER ||
            load.vsize + candidate.entry.vsize > MAX_VSIZE_PER_VERIFIER) {
            return Refuse("too many pending records rest on " + verifier);
        }
    }
    return {};
}

base::Expected<void, Failure> Mempool::CheckScripts(Candidate& candidate) const
{
    const auto flags = m_options.require_standard
                           ? script::STANDARD_FLAGS
                           : consensus::BlockScriptFlags(m_chain.Params(), m_chain.GetTip().height + 1);
    if (candidate.entry.script_flags == flags) return {}; // the outpoints fix everything else
    for (const auto& check :
         consensus::ScriptChecksOf(candidate.entry.tx, candidate.spent, flags, &m_chain.Signatures())) {
        if (auto result = check.Run(); !result) {
            return Refuse(Format("mandatory-script-verify-flag-failed (%s, input %zu)",
                                 std::string(script::Text(result.Error())).c_str(), check.input));
        }
    }
    candidate.entry.script_flags = flags;
    return {};
}

/// What others made necessary, paid for or put in front says nothing about fee rates, nor does what came
/// while the node does not see all transactions.
void Mempool::Enter(Candidate candidate, const Options& options)
{
    auto& entry = candidate.entry;
    entry.sequence = ++m_sequence;
    if (options.time != 0) entry.time = options.time;
    const bool telling = entry.delta == 0 && options.time == 0 && entry.fee > 0 &&
                         m_graph.ParentsOf(*entry.tx).empty() && !m_chain.GetTip().initial_download;
    if (telling) m_estimator.Entered(entry.height, RateOf(entry));
    entry.estimated = telling;
    m_graph.Add(std::move(entry));
}

/// The scripts, which take longest, run without the pool's lock; the rest is checked again when the pool or
/// the tip moved meanwhile.
base::Expected<Mempool::Accepted, Failure> Mempool::TryAdmit(const TxRef& tx, const Options& options)
{
    Candidate candidate;
    if (auto alone = CheckAlone(tx, candidate); !alone) return Unexpected(alone.Error());
    for (int attempt = 0; attempt < MAX_TIP_RETRIES; ++attempt) {
        const chain::TipView view = m_chain.View();
        {
            const base::LockGuard lock(m_mutex);
            if (auto coins = FetchCoins(view, candidate); !coins) return Unexpected(coins.Error());
        }
        if (auto state = CheckState(view, candidate); !state) {
            if (!view.Fresh()) continue;
            return Unexpected(state.Error());
        }
        {
            const base::LockGuard lock(m_mutex);
            if (auto conflicts = CheckConflicts(candidate); !conflicts) return Unexpected(conflicts.Error());
            if (auto relay = CheckRelayFee(candidate.entry.ModifiedFee(), candidate.entry.vsize); !relay)
                return Unexpected(relay.Error());
            if (auto most = CheckMaxFee(candidate, options.max_fee_per_kvb); !most)
                return Unexpected(most.Error());
            if (auto fee = CheckRollingFee(candidate.entry.ModifiedFee(), candidate.entry.vsize); !fee)
                return Unexpected(fee.Error());
        }
        if (auto scripts = CheckScripts(candidate); !scripts) return Unexpected(scripts.Error());
        const base::LockGuard lock(m_mutex);
        if (!view.Fresh()) continue;
        if (auto coins = FetchCoins(view, candidate); !coins) return Unexpected(coins.Error());
        if (auto conflicts = CheckConflicts(candidate); !conflicts) return Unexpected(conflicts.Error());
        if (auto replaces = CheckReplacement(candidate); !replaces) return Unexpected(replaces.Error());
        if (auto relatives = CheckRelatives(candidate); !relatives) return Unexpected(relatives.Error());
        const Accepted accepted{tx->Txid(), candidate.entry.fee, candidate.entry.burned,
                                candidate.entry.vsize};
        if (options.test_only) return accepted;
        const TxidSet widowed = TakeOut(candidate.replaced, RemovalReason::Replaced);
        Enter(std::move(candidate), options);
        DropUnpaid(widowed, RemovalReason::Replaced); // not those it pays for in their stead
        ++m_changes;
        m_chain.Events().PublishTxAdded(tx);
        TrimToSize();
        if (m_graph.Find(tx->Txid()) == nullptr) return Refuse("mempool full");
        return accepted;
    }
    return Refuse("The chain moves too fast for this transaction; try again", -1);
}

base::Expected<void, Failure> Mempool::Readmit(const chain::TipView& view, const Waiting& waiting)
{
    Candidate candidate;
    if (auto alone = CheckAlone(waiting.tx, candidate); !alone) return alone;
    if (auto coins = FetchCoins(view, candidate); !coins) return coins;
    if (auto state = CheckState(view, candidate); !state) return state;
    if (auto conflicts = CheckConflicts(candidate); !conflicts) return conflicts;
    if (!candidate.replaced.empty()) return Refuse("txn-mempool-conflict");
    auto& entry = candidate.entry;
    // A child that pays for its parent comes after it; Rebuild looks at both together.
    const bool alone = !waiting.was_here || !IsTruc(*entry.tx);
    if (auto relay = CheckRelayFee(entry.ModifiedFee(), entry.vsize); alone && !relay) return relay;
    if (auto relatives = CheckRelatives(candidate); !relatives) return relatives;
    entry.script_flags = waiting.script_flags;
    if (auto scripts = CheckScripts(candidate); !scripts) return scripts;
    entry.sequence = ++m_sequence;
    if (waiting.was_here) {
        entry.time = waiting.time;
        entry.height = waiting.height;
        entry.estimated = waiting.estimated_rate > 0;
    }
    m_graph.Add(std::move(entry));
    if (waiting.was_here) return {};
    ++m_changes;
    m_chain.Events().PublishTxAdded(waiting.tx);
    return {};
}

base::Expected<Mempool::Accepted, Failure> Mempool::Submit(const TxRef& tx, const Options& options)
{
    {
        const base::LockGuard lock(m_mutex);
        if (const auto* known = m_graph.Find(tx->Txid())) {
            if (options.test_only) return Refuse("txn-already-in-mempool");
            return Accepted{tx->Txid(), known->fee, known->burned, known->vsize};
        }
    }
    SyncToTip();
    return TryAdmit(tx, options);
}

} // namespace emc::mempool
