/// Looking through old blocks for what was not known when they came.
#include "base/clock.h"
#include "base/log.h"
#include "interfaces/chain.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

using base::Format;

constexpr int64_t LOG_EVERY_US = 5'000'000;

} // namespace

int32_t Wallet::FirstSince(int32_t from, int64_t since) const
{
    for (int32_t height = from;; ++height) {
        const auto info = m_deps.chain.BlockByHeight(height);
        if (!info || static_cast<int64_t>(info->header.time) + BIRTH_SLACK_SEC >= since) return height;
    }
}

bool Wallet::MayConcern(const Hash256& block, const ScriptList& scripts) const
{
    const auto may = [&](const std::vector<Bytes>& list) {
        return !list.empty() && m_deps.index.FilterMatches(block, list).value_or(true);
    };
    return may(scripts.derived) || may(scripts.others);
}

Wallet::Scanned Wallet::Rescan(int32_t from, std::optional<int32_t> to)
{
    Scanned out{from, from - 1};
    ScriptList scripts;
    int64_t last_log_us = base::SteadyMicros();
    for (int32_t height = from; !ScanAborted(); ++height) {
        std::optional<interfaces::BlockInfo> info;
        int32_t end = 0;
        {
            const base::LockGuard lock(m_mutex);
            end = std::min(m_book->Tip().height, to.value_or(INT32_MAX));
            if (height > end) break;
            NoteProgress(height - from, end - from + 1);
            info = m_deps.chain.BlockByHeight(height);
            m_book->keys.Extend(scripts);
        }
        if (!info) break; // the chain became shorter; events follow
        if (base::SteadyMicros() - last_log_us > LOG_EVERY_US) {
            last_log_us = base::SteadyMicros();
            EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' looks through old blocks: height %d of %d",
                    m_name.c_str(), height, end);
        }
        if (!MayConcern(info->hash, scripts)) {
            out.last = height;
            continue;
        }
        const auto block = m_deps.chain.ReadBlock(info->hash);
        ++out.read;
        const base::LockGuard lock(m_mutex);
        const auto still = m_deps.chain.BlockByHash(info->hash);
        if (!still || !still->in_best_chain) continue;
        if (!block) {
            EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' cannot read block %d: %s", m_name.c_str(),
                    height, block.Error().message.c_str());
            continue;
        }
        RowBatch batch;
        while (ApplyBlockOnce(**block, info->hash, height, batch)) {
        }
        SaveChanges(std::move(batch));
        out.last = height;
    }
    m_scan_progress.store(1.0);
    const base::LockGuard lock(m_mutex);
    ResolveNames();
    return out;
}

Result<void> Wallet::AddAndScan(int64_t since, const std::function<Result<void>()>& add)
{
    if (since == NO_SCAN) return add();
    if (m_rescanning.exchange(true)) // from here on no block is pruned
        return FailWith(CODE_WALLET, "A rescan of this wallet is running; try again when it is done");
    m_abort_scan.store(false);
    auto done = CheckOldBlocks(since);
    if (done) done = add();
    if (done) {
        {
            const base::LockGuard lock(m_mutex);
            m_book->ledger.Rebuild();
        }
        const auto scanned = Rescan(FirstSince(0, since), std::nullopt);
        if (ScanAborted()) {
            done = FailWith(CODE_MISC, Format("The import is done, but the look through the blocks was "
                                              "aborted at height %d: rescanblockchain %d goes on with it",
                                              scanned.last, scanned.last + 1));
        }
    }
    m_rescanning.store(false);
    return done;
}

Result<WalletApi::Scanned> Wallet::RescanBlocks(int32_t from, std::optional<int32_t> to)
{
    Sync();
    const int32_t tip = m_deps.chain.GetTip().height;
    if (from < 0 || from > tip)
        return FailWith(CODE_PARAMETER, Format("start_height is out of range: 0 to %d", tip));
    if (to && (*to < from || *to > tip))
        return FailWith(CODE_PARAMETER, Format("stop_height is out of range: %d to %d", from, tip));
    if (m_rescanning.exchange(true)) // from here on no block is pruned
        return FailWith(CODE_WALLET, "A rescan of this wallet is running; abortrescan ends it");
    m_abort_scan.store(false);
    Result<Scanned> out = Scanned{from, from - 1};
    if (const auto first = PrunedBlock(std::max(from, 1), 0)) {
        out = FailWith(CODE_MISC, Format("Block %d is pruned; only later ones can be searched", *first));
    } else {
        out = Rescan(from, to);
        if (ScanAborted())
            out = FailWith(CODE_MISC, Format("The rescan was aborted at height %d", out->last));
    }
    m_rescanning.store(false);
    return out;
}

bool Wallet::ScanAborted() const
{
    return m_abort_scan.load() || m_deps.Stopping();
}

bool Wallet::AbortRescan()
{
    return m_rescanning.load() && !m_abort_scan.exchange(true);
}

} // namespace emc::wallet
