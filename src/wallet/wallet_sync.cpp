/// Following the chain and the mempool.
#include "base/clock.h"
#include "base/log.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

/// Less than a pruning node keeps, so that it never waits long for a wallet.
constexpr int32_t BLOCKS_BETWEEN_SAVES = 100;
constexpr int32_t BLOCKS_BETWEEN_REBROADCASTS = 6;
constexpr int MAX_ATTEMPTS = 100;
constexpr int64_t LOG_EVERY_US = 5'000'000;
constexpr size_t MAX_REFUSED = 1'000;

} // namespace

struct Wallet::Step {
    Hash256 hash;
    int32_t height = 0;
    bool skip = false;    ///< older than the wallet
    bool awaited = false; ///< below a loaded snapshot: perhaps not here yet
};

std::optional<Wallet::Step> Wallet::NextStep()
{
    Book& book = *m_book;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; ++attempt) {
        const auto tip = m_deps.chain.GetTip();
        const Followed own = book.Tip();
        if (tip.hash == own.hash || tip.height < 0) return std::nullopt;
        const auto here = m_deps.chain.BlockByHash(own.hash);
        if (own.height >= 0 && (!here || !here->in_best_chain)) {
            UndoTip();
            continue;
        }
        const auto next = m_deps.chain.BlockByHeight(own.height + 1);
        if (!next || (own.height >= 0 && next->header.prev_hash != own.hash))
            continue; // it changed between the calls
        const bool old = static_cast<int64_t>(next->header.time) + BIRTH_SLACK_SEC < book.birth_time;
        return Step{next->hash, next->height, old && !m_options.rescan, next->awaited};
    }
    return std::nullopt; // the next event brings the wallet on
}

bool Wallet::BlocksAwaited() const
{
    for (int32_t height = 1;; ++height) {
        const auto info = m_deps.chain.BlockByHeight(height);
        if (!info || info->awaited) return info.has_value();
    }
}

std::optional<int32_t> Wallet::PrunedBlock(int32_t from, int64_t since) const
{
    const auto first = m_deps.chain.BlockByHeight(1);
    if (!first || first->has_data || first->awaited) return std::nullopt;
    for (int32_t height = std::max(from, 1);; ++height) {
        const auto info = m_deps.chain.BlockByHeight(height);
        if (!info || info->has_data || info->awaited) return std::nullopt;
        if (static_cast<int64_t>(info->header.time) + BIRTH_SLACK_SEC >= since) return height;
    }
}

/// Nothing done begins the count of time.
void Wallet::NoteProgress(int32_t done, int32_t all)
{
    if (done == 0) m_scan_began_us.store(base::SteadyMicros());
    m_scan_progress.store(static_cast<double>(done) / static_cast<double>(std::max(all, 1)));
}

/// Brings the wallet from its tip to the chain's. Meanwhile block events are passed over: what they tell is
/// in the chain already. One thread at a time; a second one may return at once, since the first goes on to
/// the end.
void Wallet::Follow()
{
    int64_t last_log_us = base::SteadyMicros();
    int32_t begin = -1;
    bool told = false;
    while (true) {
        std::optional<Step> step;
        {
            const base::LockGuard lock(m_mutex);
            if (begin < 0 && m_following) return;
            m_following = true;
            if (begin < 0) {
                begin = m_book->Tip().height + 1;
                NoteProgress(0, 1);
            }
            step = NextStep();
            if (!step || m_deps.Stopping()) { // the next start goes on
                m_following = false;
                ResolveNames();
                SaveSynced();
                break;
            }
        }
        primitives::BlockRef block;
        if (!step->skip) {
            auto read = m_deps.chain.ReadBlock(step->hash);
            if (read) {
                block = std::move(*read);
            } else if (step->awaited) {
                if (!std::exchange(told, true)) {
                    EMC_LOG(
                        m_deps.log, Warning, Wallet,
                        "wallet '%s' does not see payments in blocks from height %d up to the loaded "
                        "snapshot: they are not here yet. Start with -rescan when getchainstates shows one "
                        "validated state",
                        m_name.c_str(), step->height);
                }
            } else {
                EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' cannot read block %d: %s", m_name.c_str(),
                        step->height, read.Error().message.c_str());
            }
        }
        {
            const base::LockGuard lock(m_mutex);
            const auto still = m_deps.chain.BlockByHash(step->hash);
            if (!still || !still->in_best_chain) continue;
            if (block) {
                ApplyBlock(*block, step->hash, step->height);
            } else {
                m_book->PushTip(step->hash, step->height);
                m_book->ledger.SetTip(step->height);
            }
        }
        const int32_t end = m_deps.chain.GetTip().height;
        NoteProgress(step->height - begin + 1, end - begin + 1);
        if (base::SteadyMicros() - last_log_us > LOG_EVERY_US) {
            last_log_us = base::SteadyMicros();
            EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' looks through blocks: height %d of %d",
                    m_name.c_str(), step->height, end);
        }
    }
    m_scan_progress.store(1.0);
    ComparePool();
}

void Wallet::UndoTip()
{
    Book& book = *m_book;
    const Followed gone = book.Tip();
    const auto block = m_deps.chain.BlockByHash(gone.hash);
    book.ledger.UndoBlock(gone.hash);
    book.trail.pop_back();
    const bool gap = book.Tip().height != gone.height - 1;
    if (gap && block) {
        book.trail.push_back({block->header.prev_hash, gone.height - 1});
    } else if (gap) {
        CompareWithChain(); // the index no longer knows the block
    }
    book.ledger.SetTip(book.Tip().height);
    // In one with the rows: a block that comes back later must not count as seen.
    if (SaveChanges({book.SyncedRowOf()})) m_saved_height.store(book.Tip().height);
}

bool Wallet::SaveChanges(RowBatch batch)
{
    Book& book = *m_book;
    book.CollectChanges(batch);
    if (batch.empty()) return true;
    if (auto written = book.store->Write(batch); !written) {
        book.unsaved = true;
        EMC_LOG(m_deps.log, Error, Wallet, "wallet '%s': %s", m_name.c_str(),
                written.Error().message.c_str());
        return false;
    }
    return true;
}

void Wallet::SaveSynced()
{
    if (!m_book->unsaved && SaveChanges({m_book->SyncedRowOf()})) m_saved_height.store(m_book->Tip().height);
}

bool Wallet::TakeIn(TransactionRow row, RowBatch& batch)
{
    Book& book = *m_book;
    bool further = false;
    for (size_t i = 0; i < row.tx->Outputs().size(); ++i) {
        const auto owner = names::OwnerScriptOf(row.tx->Version(), i, row.tx->Outputs()[i].script_pubkey);
        auto rows = book.keys.MarkUsed(owner.script);
        further = further || !rows.empty();
        std::move(rows.begin(), rows.end(), std::back_inserter(batch));
    }
    book.ledger.Put(std::move(row));
    return further;
}

/// One pass over a block. True when another may find more: scripts further ahead are known now.
bool Wallet::ApplyBlockOnce(const primitives::Block& block, const Hash256& hash, int32_t height,
                            RowBatch& batch)
{
    Book& book = *m_book;
    bool further = false;
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        const auto& tx = block.transactions[i];
        const auto* known = book.ledger.Find(tx->Txid());
        if (known == nullptr && !book.ledger.Concerns(*tx)) {
            book.ledger.NoteForeign(*tx, hash, height);
            continue;
        }
        TransactionRow row;
        row.tx = tx;
        row.state = TxState::Confirmed;
        row.received = std::min(m_deps.clock.NowSec(), static_cast<int64_t>(block.header.time));
        row.height = height;
        row.block = hash;
        row.generated = i == 0 || (i == 1 && block.header.IsProofOfStake());
        if (TakeIn(std::move(row), batch)) further = true;
    }
    return further;
}

void Wallet::ApplyBlock(const primitives::Block& block, const Hash256& hash, int32_t height)
{
    Book& book = *m_book;
    RowBatch batch;
    while (ApplyBlockOnce(block, hash, height, batch)) {
    }
    book.PushTip(hash, height);
    book.ledger.SetTip(height);
    SaveChanges(std::move(batch));
    if (height % BLOCKS_BETWEEN_SAVES == 0) SaveSynced();
}

/// Looks up until when names lie in outputs the ledger does not know it of.
void Wallet::ResolveNames()
{
    Book& book = *m_book;
    for (const auto& [outpoint, name] : book.ledger.UnknownNames()) {
        const auto info = m_deps.names.Find(name);
        const bool here = info && info->record.outpoint == outpoint;
        if (here) {
            book.ledger.SetNameExpiry(outpoint, info->record.expiry);
        } else if (m_deps.names.NamesTip().hash == book.Tip().hash) {
            book.ledger.SetNameExpiry(outpoint, NAME_OVER);
        }
    }
}

void Wallet::OnBlockConnected(const interfaces::BlockConnected& event)
{
    {
        const base::LockGuard lock(m_mutex);
        Book& book = *m_book;
        if (m_following) return;
        const Followed own = book.Tip();
        if (own.hash == event.hash) return;
        if (event.block->header.prev_hash == own.hash) {
            ApplyBlock(*event.block, event.hash, event.height);
            if (event.names) {
                for (const auto& delta : *event.names) {
                    if (delta.after) book.ledger.SetNameExpiry(delta.after->outpoint, delta.after->expiry);
                }
            } else {
                ResolveNames();
            }
            return;
        }
        const auto block = m_deps.chain.BlockByHash(event.hash);
        if (event.height <= own.height && block && block->in_best_chain) return; // seen already
    }
    Follow();
}

void Wallet::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    const base::LockGuard lock(m_mutex);
    if (m_following || m_book->Tip().hash != event.hash) return;
    UndoTip();
    if (!event.names) return;
    for (const auto& delta : *event.names) {
        if (delta.before) m_book->ledger.SetNameExpiry(delta.before->outpoint, delta.before->expiry);
    }
}

void Wallet::ApplyPoolTx(const primitives::TxRef& tx)
{
    Book& book = *m_book;
    const Hash256 txid = tx->Txid();
    const auto* known = book.ledger.Find(txid);
    if (known == nullptr && !book.ledger.Concerns(*tx)) return;
    if (known != nullptr && (known->state == TxState::Confirmed || known->state == TxState::InPool)) return;
    if (book.refused.contains(txid) && !m_deps.pool.Get(txid)) return;
    TransactionRow row;
    row.tx = tx;
    row.state = TxState::InPool;
    row.received = m_deps.clock.NowSec();
    RowBatch batch;
    if (TakeIn(std::move(row), batch)) book.ledger.Rebuild();
    SaveChanges(std::move(batch));
}

void Wallet::OnTxAdded(const primitives::TxRef& tx)
{
    const base::LockGuard lock(m_mutex);
    ApplyPoolTx(tx);
}

void Wallet::OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason)
{
    using interfaces::RemovalReason;
    if (reason == RemovalReason::Block) return;
    const base::LockGuard lock(m_mutex);
    m_book->ledger.LeavePool(tx->Txid(),
                             reason == RemovalReason::Conflict || reason == RemovalReason::Replaced);
    SaveChanges({});
}

/// After events were not seen: which transactions are in the pool now.
void Wallet::ComparePool()
{
    auto entries = m_deps.pool.Entries();
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        return a.ancestor_count != b.ancestor_count ? a.ancestor_count < b.ancestor_count : a.time < b.time;
    });
    const base::LockGuard lock(m_mutex);
    for (const auto& entry : entries) {
        if (m_deps.pool.Get(entry.tx->Txid())) ApplyPoolTx(entry.tx);
    }
    for (const auto* row : m_book->ledger.InState(TxState::InPool)) {
        const Hash256 txid = row->tx->Txid();
        if (!m_deps.pool.Get(txid)) m_book->ledger.LeavePool(txid, false);
    }
    SaveChanges({});
}

void Wallet::OnTip(const interfaces::Tip& tip)
{
    if (!tip.initial_download) RenewNames(tip.height);
    if (tip.height < m_rebroadcast_height) m_rebroadcast_height = tip.height;
    if (tip.height - m_rebroadcast_height < BLOCKS_BETWEEN_REBROADCASTS) return;
    m_rebroadcast_height = tip.height;
    Rebroadcast();
}

void Wallet::OnMissed()
{
    EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' fell behind the chain and reads on from its blocks",
            m_name.c_str());
    Follow();
}

/// Offers own transactions that are in no block and not in the pool to the node again, parents first.
void Wallet::Rebroadcast()
{
    std::vector<primitives::TxRef> waiting;
    {
        const base::LockGuard lock(m_mutex);
        for (const auto* row : m_book->ledger.InState(TxState::Inactive)) {
            if (row->from_me) waiting.push_back(row->tx);
        }
        if (m_book->refused.size() > MAX_REFUSED) m_book->refused.clear();
    }
    for (const auto& tx : waiting) {
        const auto sent = m_deps.broadcaster.Submit(tx, {});
        EMC_LOG(m_deps.log, Debug, Wallet, "offered %s again: %s", base::ReversedHex(tx->Txid()).c_str(),
                sent ? "taken" : sent.Error().message.c_str());
    }
}

} // namespace emc::wallet
