/// Packages: several transactions that get in together or not at all.
#include "base/log.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "mempool/candidate.h"
#include "mempool/estimator.h"
#include "mempool/truc.h"

#include <algorithm>

namespace emc::mempool {

namespace {

using base::Unexpected;

constexpr int CODE_REJECTED = -26;
constexpr int MAX_TIP_RETRIES = 10;
constexpr size_t MAX_PACKAGE_WEIGHT = 404'000;

/// "" or what is wrong with the package as such.
std::string ShapeError(std::span<const TxRef> package)
{
    if (package.empty()) return "package-empty";
    if (package.size() > interfaces::MAX_PACKAGE) return "package-too-many-transactions";
    size_t weight = 0;
    TxidSet later;
    for (const auto& tx : package) {
        weight += tx->Weight();
        if (!later.insert(tx->Txid()).second) return "package-contains-duplicates";
    }
    if (package.size() > 1 && weight > MAX_PACKAGE_WEIGHT) return "package-too-large";
    std::unordered_set<primitives::OutPoint, SecretHasher> spent;
    for (const auto& tx : package) {
        later.erase(tx->Txid());
        for (const auto& input : tx->Inputs()) {
            if (later.contains(input.prevout.txid)) return "package-not-sorted";
            if (!spent.insert(input.prevout).second) return "conflict-in-package";
        }
    }
    return {};
}

} // namespace

base::Expected<Mempool::Accepted, Failure> Mempool::EnterFromPackage(const chain::TipView& view,
                                                                     const TxRef& tx, const Options& options)
{
    Candidate candidate;
    if (auto alone = CheckAlone(tx, candidate); !alone) return Unexpected(alone.Error());
    if (auto coins = FetchCoins(view, candidate); !coins) return Unexpected(coins.Error());
    if (auto state = CheckState(view, candidate); !state) return Unexpected(state.Error());
    if (auto conflicts = CheckConflicts(candidate); !conflicts) return Unexpected(conflicts.Error());
    if (!candidate.replaced.empty()) {
        return Unexpected(Failure{CODE_REJECTED,
                                  "bip125-replacement-disallowed, a package cannot replace what "
                                  "waits already: send this transaction alone"});
    }
    const auto relay = CheckRelayFee(candidate.entry.ModifiedFee(), candidate.entry.vsize);
    if (!relay && !IsTruc(*tx)) return Unexpected(relay.Error()); // CheckPackageFees sees to those
    if (auto most = CheckMaxFee(candidate, options.max_fee_per_kvb); !most) return Unexpected(most.Error());
    if (auto relatives = CheckRelatives(candidate); !relatives) return Unexpected(relatives.Error());
    if (auto scripts = CheckScripts(candidate); !scripts) return Unexpected(scripts.Error());
    const Accepted accepted{tx->Txid(), candidate.entry.fee, candidate.entry.burned, candidate.entry.vsize};
    Enter(std::move(candidate), options);
    return accepted;
}

base::Expected<void, Failure> Mempool::CheckPackageFees(std::span<const Hash256> entered) const
{
    Amount fees = 0;
    size_t vsize = 0;
    for (const auto& txid : entered) {
        const auto& entry = *m_graph.Find(txid);
        if (!PaysTogether(entry, m_options.relay_rate_per_kvb))
            return CheckRelayFee(entry.descendant_fees, entry.descendant_vsize);
        fees += entry.ModifiedFee();
        vsize += entry.vsize;
    }
    return CheckRollingFee(fees, vsize);
}

/// Members go into the graph one after the other, so that each finds those before it, and out again when the
/// package fails or was only tried: nobody else looks while the lock is held.
void Mempool::TryPackage(const chain::TipView& view, std::span<const TxRef> package, const Options& options,
                         PackageResult& out)
{
    std::vector<Hash256> entered;
    bool good = true;
    for (size_t i = 0; i < package.size() && good; ++i) {
        if (const auto* known = m_graph.Find(package[i]->Txid())) {
            out.rows[i].emplace(Accepted{known->tx->Txid(), known->fee, known->burned, known->vsize});
            continue;
        }
        out.rows[i].emplace(EnterFromPackage(view, package[i], options));
        good = out.rows[i]->HasValue();
        if (!good) break;
        entered.push_back(package[i]->Txid());
        out.fees += (*out.rows[i])->fee;
        out.vsize += (*out.rows[i])->vsize;
    }
    if (good) {
        if (auto fees = CheckPackageFees(entered); !fees) {
            out.error = "package-" + fees.Error().message;
            good = false;
        }
    }
    if (good && !options.test_only) {
        for (const auto& txid : entered) {
            ++m_changes;
            m_chain.Events().PublishTxAdded(m_graph.Find(txid)->tx);
        }
        TrimToSize();
        for (auto& row : out.rows) {
            if (row && row->HasValue() && m_graph.Find((*row)->txid) == nullptr)
                row.emplace(Unexpected(Failure{CODE_REJECTED, "mempool full"}));
        }
        return;
    }
    for (auto it = entered.rbegin(); it != entered.rend(); ++it) {
        const auto& entry = *m_graph.Find(*it);
        if (entry.estimated) m_estimator.Forget(entry.height, RateOf(entry));
        m_graph.Remove(*it);
    }
}

Mempool::PackageResult Mempool::SubmitPackage(std::span<const TxRef> package, const Options& options)
{
    PackageResult out;
    out.error = ShapeError(package);
    out.rows.resize(package.size());
    if (!out.error.empty()) return out;
    std::vector<Waiting> ahead;
    for (const auto& tx : package)
        ahead.push_back({.tx = tx});
    for (int attempt = 0; attempt < MAX_TIP_RETRIES; ++attempt) {
        SyncToTip();
        const chain::TipView view = m_chain.View();
        CheckSignaturesAhead(ahead);
        const base::LockGuard lock(m_mutex);
        if (!view.Fresh() || m_tip != view.Tip().hash) continue;
        TryPackage(view, package, options, out);
        return out;
    }
    out.error = "The chain moves too fast for this package; try again";
    return out;
}

} // namespace emc::mempool
