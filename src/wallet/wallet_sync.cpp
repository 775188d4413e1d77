/// Loading a wallet and following the chain.
#include "wallet/wallet.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr size_t SEED_BYTES = 64;
constexpr size_t EVENT_QUEUE = 10'000;
constexpr uint32_t MAIN_COIN_TYPE = 6; // SLIP 44: Emercoin
constexpr uint32_t TEST_COIN_TYPE = 1;
constexpr int32_t BLOCKS_BETWEEN_SAVES = 500;
constexpr int32_t BLOCKS_BETWEEN_REBROADCASTS = 6;
constexpr size_t LOCATOR_HASHES = 24;
/// Blocks made this long before the wallet cannot pay it.
constexpr int64_t BIRTH_SLACK_SEC = 7'200;

} // namespace

base::Unexpected<Failure> FailWith(int code, std::string message)
{
    return base::Unexpected(Failure{code, std::move(message)});
}

base::Unexpected<Failure> FailWith(const StoreFailure& failure)
{
    return FailWith(CODE_WALLET, failure.message);
}

Wallet::Wallet(std::string name, const WalletOptions& options, const WalletDeps& deps)
    : m_name(std::move(name)), m_options(options), m_deps(deps), m_params(deps.chain.Params()),
      m_keys(m_params.network == consensus::Network::Main ? MAIN_COIN_TYPE : TEST_COIN_TYPE,
             options.look_ahead),
      m_ledger([this](ByteSpan script) EMC_NO_TSA { return m_keys.Find(script) != nullptr; },
               m_params.maturity)
{}

Wallet::~Wallet()
{
    m_subscription.reset();
    const base::LockGuard lock(m_mutex);
    if (m_store) SaveSynced();
}

Result<std::shared_ptr<Wallet>> Wallet::Open(const std::string& name, const std::string& folder,
                                             Store::Mode mode, const WalletOptions& options,
                                             const WalletDeps& deps)
{
    const std::shared_ptr<Wallet> wallet(new Wallet(name, options, deps));
    wallet->m_folder = folder;
    int32_t from_height = 0;
    {
        auto store = Store::Open(folder, mode);
        if (!store) return FailWith(store.Error());
        const base::LockGuard lock(wallet->m_mutex);
        wallet->m_store = std::move(*store);
        if (auto loaded = wallet->Load(mode); !loaded) return base::Unexpected(loaded.Error());
        from_height = options.rescan ? 0 : wallet->ForkHeight();
    }
    // Events that arrive while catching up wait in the queue; blocks seen twice change nothing.
    wallet->m_subscription = deps.events.Subscribe("wallet", *wallet, EVENT_QUEUE);
    wallet->CatchUp(from_height);
    wallet->Rebroadcast();
    EMC_LOG(deps.log, Info, Wallet, "wallet '%s' is open, %zu transactions", name.c_str(),
            static_cast<size_t>(wallet->GetInfo().tx_count));
    return wallet;
}

Result<void> Wallet::CreateRows()
{
    Bytes seed(SEED_BYTES);
    m_deps.random.Fill(seed);
    m_birth_time = m_deps.clock.NowSec();
    if (!m_keys.SetSeed(seed)) return FailWith(CODE_WALLET, "The random seed gives no keys; try again");
    const auto tip = m_deps.chain.GetTip();
    m_synced.height = tip.height;
    m_synced.locator = {tip.hash};
    const auto written = m_store->Write({MakeRow(HeaderRow{FILE_VERSION, m_params.name, m_birth_time}),
                                         MakeSeedRow(seed), MakeRow(m_synced)});
    std::fill(seed.begin(), seed.end(), static_cast<uint8_t>(0));
    if (!written) return FailWith(written.Error());
    return {};
}

Result<void> Wallet::LoadRow(RowKind kind, ByteSpan key, ByteSpan value)
{
    const auto damaged = [this] {
        return FailWith(CODE_WALLET, "Wallet file " + m_store->Path() +
                                         " has a row that cannot be read. It was left as it "
                                         "is: restore a backup");
    };
    switch (kind) {
    case RowKind::Header:
        return {};
    case RowKind::Seed:
        if (!m_keys.SetSeed(value)) return damaged();
        return {};
    case RowKind::NextIndex: {
        const auto chain = ReadChainKey(key);
        const auto next = ReadNextIndex(value);
        if (!chain || !next) return damaged();
        m_keys.SetNextIndex(*chain, *next);
        return {};
    }
    case RowKind::Imported: {
        const auto secret = ReadImportedRow(value);
        if (!secret) return damaged();
        m_keys.AddImported(*secret);
        return {};
    }
    case RowKind::Label: {
        const auto script = LabelScript(key);
        m_labels[Bytes(script.begin(), script.end())] = base::ToText(value);
        return {};
    }
    case RowKind::Transaction:
        return {}; // after all keys
    case RowKind::Synced: {
        auto row = ReadSyncedRow(value);
        if (!row) return damaged();
        m_synced = std::move(*row);
        return {};
    }
    }
    return {};
}

Result<void> Wallet::Load(Store::Mode mode)
{
    if (mode == Store::Mode::Create) return CreateRows();
    const auto header_row = m_store->Read(HeaderKey());
    if (!header_row) return FailWith(header_row.Error());
    const auto header = *header_row ? ReadHeaderRow(**header_row) : std::nullopt;
    if (!header) return FailWith(CODE_WALLET, m_store->Path() + " is no wallet of this program");
    if (header->version > FILE_VERSION) {
        return FailWith(CODE_WALLET,
                        m_store->Path() + " was written by a newer version of this program; use that one");
    }
    if (header->network != m_params.name) {
        return FailWith(CODE_WALLET, m_store->Path() + " is a wallet of network " + header->network +
                                         ", this is " + m_params.name);
    }
    m_birth_time = header->birth_time;
    Result<void> outcome;
    std::vector<TransactionRow> rows;
    // The seed's row sorts behind the counters', so that keys come in a first pass and the rest in a second.
    for (const bool keys : {true, false}) {
        const auto read = m_store->ForEach([&](ByteSpan key, ByteSpan value) EMC_NO_TSA {
            const auto kind = KindOf(key);
            if (!outcome || !kind || (*kind == RowKind::Seed) != keys) return;
            if (*kind != RowKind::Transaction) {
                outcome = LoadRow(*kind, key, value);
            } else if (auto row = ReadTransactionRow(value)) {
                rows.push_back(std::move(*row));
            } else {
                outcome = FailWith(CODE_WALLET,
                                   "Wallet file " + m_store->Path() + " has a damaged transaction row");
            }
        });
        if (!read) return FailWith(read.Error());
    }
    if (!outcome) return outcome;
    if (!m_keys.HasSeed()) return FailWith(CODE_WALLET, m_store->Path() + " holds no seed");
    for (auto& row : rows) {
        const TxState state = row.abandoned     ? TxState::Abandoned
                              : row.height >= 0 ? TxState::Confirmed
                                                : TxState::Inactive;
        m_ledger.Put(std::move(row), state);
    }
    ResolveStates();
    return {};
}

/// What the rows say of blocks may be old: whatever is not in the best chain any more waits again.
void Wallet::ResolveStates()
{
    m_ledger.SetTip(m_deps.chain.GetTip().height);
    for (const auto& txid : m_ledger.InState(TxState::Confirmed)) {
        const auto block = m_deps.chain.BlockByHash(m_ledger.Find(txid)->row.block);
        if (!block || !block->in_best_chain) m_ledger.SetState(txid, TxState::Inactive);
    }
    for (const auto& txid : m_ledger.InState(TxState::Inactive)) {
        if (m_deps.pool.Get(txid)) m_ledger.SetState(txid, TxState::InPool);
    }
    std::vector<std::pair<OutPoint, int32_t>> expiries;
    for (const auto& [outpoint, coin] : m_ledger.Coins()) {
        if (!coin.name || coin.kind == CoinKind::None) continue;
        const auto& tx = *m_ledger.Find(outpoint.txid)->row.tx;
        const auto parsed = names::ParseNameOutput(tx.Outputs()[outpoint.index].script_pubkey);
        if (!parsed || !parsed->op) continue;
        const auto info = m_deps.names.Find(parsed->op->name);
        if (info && info->record.outpoint == outpoint) expiries.emplace_back(outpoint, info->record.expiry);
    }
    for (const auto& [outpoint, expiry] : expiries)
        m_ledger.SetNameExpiry(outpoint, expiry);
}

/// First height the wallet has not seen on the best chain.
int32_t Wallet::ForkHeight() const
{
    for (const auto& hash : m_synced.locator) {
        const auto block = m_deps.chain.BlockByHash(hash);
        if (block && block->in_best_chain) return block->height + 1;
    }
    return 0;
}

void Wallet::CatchUp(int32_t from_height)
{
    int64_t birth = 0;
    {
        const base::LockGuard lock(m_mutex);
        birth = m_birth_time;
    }
    m_scanning.store(true);
    int64_t last_log_us = base::SteadyMicros();
    const int32_t begin = from_height;
    for (int32_t height = from_height; height <= m_deps.chain.GetTip().height; ++height) {
        const auto info = m_deps.chain.BlockByHeight(height);
        if (!info) break;
        const auto time = static_cast<int64_t>(info->header.time);
        if (time + BIRTH_SLACK_SEC < birth && !m_options.rescan) continue;
        const auto block = m_deps.chain.ReadBlock(info->hash);
        if (!block) {
            EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' cannot read block %d: %s", m_name.c_str(),
                    height, block.Error().message.c_str());
            continue;
        }
        ApplyBlock(**block, info->hash, height, time);
        const int32_t tip = m_deps.chain.GetTip().height;
        m_scan_progress.store(static_cast<double>(height - begin + 1) /
                              static_cast<double>(std::max(tip - begin + 1, 1)));
        if (base::SteadyMicros() - last_log_us > 5'000'000) {
            last_log_us = base::SteadyMicros();
            EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' looks through blocks: height %d of %d, %.1f %%",
                    m_name.c_str(), height, tip, m_scan_progress.load() * 100);
        }
    }
    m_scanning.store(false);
    m_scan_progress.store(1.0);
    const base::LockGuard lock(m_mutex);
    ResolveStates();
    SaveSynced();
}

void Wallet::Persist(const RowBatch& batch)
{
    if (batch.empty()) return;
    if (auto written = m_store->Write(batch); !written) {
        EMC_LOG(m_deps.log, Error, Wallet, "wallet '%s': %s", m_name.c_str(),
                written.Error().message.c_str());
    }
}

void Wallet::SaveSynced()
{
    SyncedRow row;
    row.height = m_ledger.TipHeight();
    int32_t step = 1;
    for (int32_t height = row.height; height >= 0 && row.locator.size() < LOCATOR_HASHES; height -= step) {
        const auto block = m_deps.chain.BlockByHeight(height);
        if (block) row.locator.push_back(block->hash);
        if (row.locator.size() > 10) step *= 2;
    }
    m_synced = row;
    Persist({MakeRow(row)});
}

/// Takes a transaction in; the rows to write are added to `batch`.
void Wallet::ApplyTx(const primitives::TxRef& tx, const TransactionRow& place, TxState state, RowBatch& batch)
{
    const auto* known = m_ledger.Find(tx->Txid());
    if (known != nullptr && known->state == state && known->row.block == place.block) return;
    TransactionRow row = known != nullptr ? known->row : place;
    row.tx = tx;
    row.height = place.height;
    row.block = place.block;
    row.abandoned = row.abandoned && state != TxState::Confirmed;
    for (size_t i = 0; i < tx->Outputs().size(); ++i) {
        const auto owner = names::OwnerScriptOf(tx->Version(), i, tx->Outputs()[i].script_pubkey);
        if (auto counter = m_keys.MarkUsed(owner.script)) batch.push_back(std::move(*counter));
    }
    batch.push_back(MakeRow(row));
    m_ledger.Put(std::move(row), state);
    if (state == TxState::Confirmed) {
        for (const auto& other : m_ledger.ConflictsOf(*tx))
            m_ledger.SetState(other, TxState::Conflicted);
    }
}

void Wallet::ApplyBlock(const primitives::Block& block, const Hash256& hash, int32_t height, int64_t time)
{
    const base::LockGuard lock(m_mutex);
    RowBatch batch;
    for (const auto& tx : block.transactions) {
        if (!m_ledger.Concerns(*tx) && m_ledger.Find(tx->Txid()) == nullptr) {
            for (const auto& other : m_ledger.ConflictsOf(*tx))
                m_ledger.SetState(other, TxState::Conflicted);
            continue;
        }
        TransactionRow place;
        place.received = std::min(m_deps.clock.NowSec(), time);
        place.height = height;
        place.block = hash;
        ApplyTx(tx, place, TxState::Confirmed, batch);
    }
    Persist(batch);
    m_ledger.SetTip(height);
    if (height % BLOCKS_BETWEEN_SAVES == 0) SaveSynced();
}

void Wallet::OnBlockConnected(const interfaces::BlockConnected& event)
{
    ApplyBlock(*event.block, event.hash, event.height, static_cast<int64_t>(event.block->header.time));
    const base::LockGuard lock(m_mutex);
    if (!event.names) return;
    for (const auto& delta : *event.names) {
        if (delta.after) m_ledger.SetNameExpiry(delta.after->outpoint, delta.after->expiry);
    }
}

void Wallet::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    const base::LockGuard lock(m_mutex);
    for (const auto& tx : event.block->transactions) {
        for (const auto& other : m_ledger.ConflictsOf(*tx)) {
            const auto* conflict = m_ledger.Find(other);
            if (conflict != nullptr && conflict->state == TxState::Conflicted)
                m_ledger.SetState(other, TxState::Inactive);
        }
        const auto* known = m_ledger.Find(tx->Txid());
        if (known == nullptr || known->row.block != event.hash) continue;
        TransactionRow row = known->row;
        row.height = -1;
        row.block = {};
        Persist({MakeRow(row)});
        m_ledger.Put(std::move(row), tx->IsCoinbase() ? TxState::Conflicted : TxState::Inactive);
    }
    m_ledger.SetTip(event.height - 1);
}

void Wallet::OnTxAdded(const primitives::TxRef& tx)
{
    const base::LockGuard lock(m_mutex);
    if (!m_ledger.Concerns(*tx)) return;
    const auto* known = m_ledger.Find(tx->Txid());
    if (known != nullptr && known->state == TxState::Confirmed) return;
    TransactionRow place;
    place.received = m_deps.clock.NowSec();
    RowBatch batch;
    ApplyTx(tx, place, TxState::InPool, batch);
    Persist(batch);
}

void Wallet::OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason)
{
    if (reason == interfaces::RemovalReason::Block) return;
    const base::LockGuard lock(m_mutex);
    const auto* known = m_ledger.Find(tx->Txid());
    if (known == nullptr || known->state != TxState::InPool) return;
    const bool lost =
        reason == interfaces::RemovalReason::Conflict || reason == interfaces::RemovalReason::Replaced;
    m_ledger.SetState(tx->Txid(), lost ? TxState::Conflicted : TxState::Inactive);
}

void Wallet::OnTip(const interfaces::Tip& tip)
{
    if (tip.height < m_rebroadcast_height) m_rebroadcast_height = tip.height;
    if (tip.height - m_rebroadcast_height < BLOCKS_BETWEEN_REBROADCASTS) return;
    m_rebroadcast_height = tip.height;
    Rebroadcast();
}

void Wallet::OnMissed()
{
    int32_t from = 0;
    {
        const base::LockGuard lock(m_mutex);
        from = ForkHeight();
    }
    EMC_LOG(m_deps.log, Warning, Wallet, "wallet '%s' fell behind the chain and reads on from block %d",
            m_name.c_str(), from);
    CatchUp(from);
}

/// Offers own transactions that are in no block and not in the pool to the node again.
void Wallet::Rebroadcast()
{
    std::vector<std::pair<uint64_t, primitives::TxRef>> waiting;
    {
        const base::LockGuard lock(m_mutex);
        for (const auto& txid : m_ledger.InState(TxState::Inactive)) {
            const auto* tx = m_ledger.Find(txid);
            if (tx->row.from_me) waiting.emplace_back(tx->sequence, tx->row.tx);
        }
    }
    std::sort(waiting.begin(), waiting.end());
    for (const auto& [sequence, tx] : waiting) {
        const auto sent = m_deps.broadcaster.Submit(tx, {});
        EMC_LOG(m_deps.log, Debug, Wallet, "offered %s again: %s", base::ReversedHex(tx->Txid()).c_str(),
                sent ? "taken" : sent.Error().message.c_str());
    }
}

} // namespace emc::wallet
