/// Making and opening a wallet.
#include "base/clock.h"
#include "base/log.h"
#include "consensus/params.h"
#include "crypto/random.h"
#include "interfaces/chain.h"
#include "wallet/book.h"
#include "wallet/make.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr size_t EVENT_QUEUE = 10'000;

base::Unexpected<Failure> Damaged(const std::string& path)
{
    return FailWith(CODE_WALLET,
                    "Wallet file " + path +
                        " has a row that cannot be read. It was left as it is: restore a backup");
}

/// One row of those that come in any order. False when it cannot be read.
bool LoadRow(Book& book, RowKind kind, ByteSpan key, ByteSpan value)
{
    switch (kind) {
    case RowKind::NextIndex: {
        const auto chain = ReadChainKey(key);
        const auto next = ReadNextIndex(value);
        if (!chain || !next) return false;
        book.keys.LoadNextIndex(*chain, *next);
        return true;
    }
    case RowKind::KeyIds:
        if (const auto row = ReadKeyIdsRow(key, value)) book.keys.LoadIds(*row);
        return true; // can be derived again
    case RowKind::Phrase:
    case RowKind::Imported:
    case RowKind::DescriptorSecret:
        return book.keys.Secrets().Load(key, value);
    case RowKind::ImportedPublic: {
        const auto pubkey = ReadImportedPublicRow(key, value);
        if (pubkey) book.keys.LoadImported(*pubkey);
        return pubkey.has_value();
    }
    case RowKind::Descriptor: {
        const auto row = ReadDescriptorRow(value);
        return row && book.keys.Descriptors().Add(*row).HasValue();
    }
    case RowKind::Label: {
        const auto script = LabelScript(key);
        book.labels[Bytes(script.begin(), script.end())] = base::ToText(value);
        return true;
    }
    case RowKind::Note: {
        const auto row = ReadNoteRow(key, value);
        if (row) book.notes[{static_cast<interfaces::LabelKind>(row->kind), row->ref}] = row->label;
        return row.has_value();
    }
    case RowKind::Synced: {
        const auto row = ReadSyncedRow(value);
        if (!row) return false;
        for (auto hash = row->locator.rbegin(); hash != row->locator.rend(); ++hash)
            book.trail.push_back({*hash, -1}); // heights come from the chain
        return true;
    }
    case RowKind::Header:
    case RowKind::Master:
    case RowKind::Seed:
    case RowKind::Account:
    case RowKind::Transaction:
    case RowKind::LockedCoin:
        return true; // read before, or beside
    }
    return true;
}

} // namespace

base::Unexpected<Failure> FailWith(int code, std::string message)
{
    return base::Unexpected(Failure{code, std::move(message)});
}

base::Unexpected<Failure> FailWith(const StoreFailure& failure)
{
    return FailWith(CODE_WALLET, failure.message);
}

bool WalletDeps::Stopping() const
{
    return stop && stop();
}

Wallet::Wallet(std::string name, const WalletOptions& options, const WalletDeps& deps)
    : m_name(std::move(name)), m_options(options), m_deps(deps), m_params(deps.chain.Params()),
      m_signer(options.signer, m_params.name, [this] { return m_deps.Stopping(); }),
      m_book(std::make_unique<Book>(CoinTypeOf(m_params.name), options.look_ahead, m_params.addresses,
                                    m_params.maturity))
{}

Wallet::~Wallet()
{
    m_subscription.reset();
    {
        const base::LockGuard lock(m_mutex);
        m_ending = true;
        m_lock_changed.NotifyAll();
    }
    m_lock_clock.Join();
    const base::LockGuard lock(m_mutex);
    if (m_book->store) SaveSynced();
}

Result<std::shared_ptr<WalletApi>> OpenWallet(const std::string& name, const std::string& folder,
                                              Store::Mode mode, const WalletOptions& options,
                                              const WalletDeps& deps)
{
    const auto wallet = std::make_shared<Wallet>(name, options, deps);
    if (auto started = wallet->Start(folder, mode); !started) return base::Unexpected(started.Error());
    return std::shared_ptr<WalletApi>(wallet);
}

Result<void> Wallet::Start(const std::string& folder, Store::Mode mode)
{
    auto store = Store::Open(folder, mode);
    if (!store) return FailWith(store.Error());
    {
        const base::LockGuard lock(m_mutex);
        m_book->store = std::move(*store);
        if (auto loaded = Load(mode); !loaded) {
            m_book->store.reset(); // nothing more is written to it
            return loaded;
        }
        if (auto stored = CheckBlocks(); !stored) {
            m_book->store.reset();
            return stored;
        }
    }
    m_subscription = m_deps.events.Subscribe("wallet", *this, EVENT_QUEUE);
    Follow();
    Rebroadcast();
    EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' is open, %zu transactions", m_name.c_str(),
            static_cast<size_t>(GetInfo().tx_count));
    return {};
}

/// Are the blocks the wallet has not seen still there?
Result<void> Wallet::CheckBlocks() const
{
    const auto pruned = PrunedBlock(m_book->Tip().height + 1, m_options.rescan ? 0 : m_book->birth_time);
    if (!pruned) return {};
    return FailWith(
        CODE_WALLET,
        base::Format("Wallet '%s' would have to look through block %d, which is pruned. Load it on a node "
                     "that keeps all blocks, or start this one with -reindex to fetch them again",
                     m_name.c_str(), *pruned));
}

Result<void> Wallet::CreateRows()
{
    Book& book = *m_book;
    book.flags = FlagsOf(m_options.fresh);
    auto rows = MakeKeys(book.keys, {m_options.fresh, m_options.passphrase_ms, m_deps.random});
    if (!rows) return base::Unexpected(rows.Error());
    const auto tip = m_deps.chain.GetTip();
    // The chain's time counts where the machine's clock runs ahead of it.
    book.birth_time = m_deps.clock.NowSec();
    if (tip.height >= 0) book.birth_time = std::max<int64_t>(1, std::min(book.birth_time, tip.time));
    if (tip.height >= 0) book.PushTip(tip.hash, tip.height);
    rows->push_back(HeaderNow());
    rows->push_back(book.SyncedRowOf());
    const auto written = book.store->Write(*rows);
    for (auto& row : *rows)
        crypto::Wipe(*row.value);
    if (!written) return FailWith(written.Error());
    if (const auto flushed = book.store->Flush(); !flushed) return FailWith(flushed.Error());
    book.ledger.SetTip(tip.height);
    return {};
}

Result<void> Wallet::CheckHeader()
{
    Book& book = *m_book;
    const auto row = book.store->Read(HeaderKey());
    if (!row) return FailWith(row.Error());
    const auto header = *row ? ReadHeaderRow(**row) : std::nullopt;
    const std::string& path = book.store->Path();
    if (!header) return FailWith(CODE_WALLET, path + " is no wallet of this program");
    if (header->version > FILE_VERSION) {
        return FailWith(CODE_WALLET, path + " was written by a newer version of this program; use that one");
    }
    if (header->network != m_params.name) {
        return FailWith(CODE_WALLET,
                        path + " is a wallet of network " + header->network + ", this is " + m_params.name);
    }
    book.birth_time = header->birth_time;
    book.flags = header->flags;
    m_older_file = header->version < FILE_VERSION;
    return {};
}

/// Master key, seed and public halves, which other rows refer to.
Result<void> Wallet::LoadKeys()
{
    Book& book = *m_book;
    const std::string& path = book.store->Path();
    const auto master = book.store->Read(MasterKey());
    if (!master) return FailWith(master.Error());
    if (*master) {
        auto row = ReadMasterRow(**master);
        if (!row) return Damaged(path);
        book.keys.Secrets().SetMaster(std::move(*row));
    }
    auto seed = book.store->Read(SeedKey());
    if (!seed) return FailWith(seed.Error());
    const bool loaded = *seed && book.keys.Secrets().Load(SeedKey(), **seed);
    if (*seed) crypto::Wipe(**seed);
    bool accounts = m_older_file; // public halves whose seed must be there
    for (const auto type : ALL_TYPES) {
        const Bytes key = AccountKey(static_cast<uint8_t>(type));
        const auto value = book.store->Read(key);
        if (!value) return FailWith(value.Error());
        const auto row = *value ? ReadAccountRow(key, **value) : std::nullopt;
        if (row) book.keys.LoadAccount(*row);
        if (*value ? !row : book.keys.Secrets().IsEncrypted() && loaded) return Damaged(path);
        accounts = accounts || row;
    }
    // The other way round a seed alone is enough: the public halves follow from it.
    if (!loaded && (accounts || *seed)) return FailWith(CODE_WALLET, path + " holds no usable seed");
    return {};
}

Result<void> Wallet::LoadRows()
{
    Book& book = *m_book;
    const std::string& path = book.store->Path();
    if (auto loaded = LoadKeys(); !loaded) return loaded;
    RowBatch missing;
    if (!book.keys.Complete(missing)) return FailWith(CODE_WALLET, path + " holds no usable seed");
    bool readable = true;
    std::vector<TransactionRow> transactions;
    std::set<OutPoint> locked;
    const auto read = book.store->ForEach([&](ByteSpan key, ByteSpan value) {
        const auto kind = KindOf(key);
        if (!readable || !kind) return;
        if (*kind == RowKind::LockedCoin) {
            const auto coin = ReadLockedKey(key);
            readable = coin.has_value();
            if (coin) locked.insert(*coin);
        } else if (*kind != RowKind::Transaction) {
            readable = LoadRow(book, *kind, key, value);
        } else if (auto row = ReadTransactionRow(value)) {
            transactions.push_back(std::move(*row));
        } else {
            readable = false;
        }
    });
    if (!read) return FailWith(read.Error());
    if (!readable || !book.keys.Complete(missing)) return Damaged(path);
    if (m_older_file) missing.push_back(HeaderNow());
    if (!missing.empty()) {
        if (auto written = book.store->Write(missing); !written) return FailWith(written.Error());
    }
    m_locked = std::move(locked);
    book.keys.Ready();
    book.ledger.Load(std::move(transactions));
    return {};
}

Result<void> Wallet::Load(Store::Mode mode)
{
    Book& book = *m_book;
    bool empty = true;
    if (mode == Store::Mode::Open) {
        const auto header = book.store->Read(HeaderKey());
        if (!header) return FailWith(header.Error());
        empty = !*header;
        if (empty) {
            if (const auto all = book.store->ForEach([&empty](ByteSpan, ByteSpan) { empty = false; }); !all)
                return FailWith(all.Error());
        }
    }
    // A file without any row was being made when the program ended; no key was ever shown.
    if (empty) return CreateRows();
    if (auto checked = CheckHeader(); !checked) return checked;
    if (auto loaded = LoadRows(); !loaded) return loaded;
    CompareWithChain();
    return {};
}

/// What the rows say of blocks may be old: whatever is not in the best chain any more waits again.
void Wallet::CompareWithChain()
{
    Book& book = *m_book;
    const auto in_chain = [this](const Hash256& hash) {
        auto block = m_deps.chain.BlockByHash(hash);
        if (block && !block->in_best_chain) block.reset();
        return block;
    };
    for (const auto& hash : book.ledger.Blocks()) {
        if (!in_chain(hash)) book.ledger.UndoBlock(hash);
    }
    std::vector<Followed> trail;
    for (const auto& point : book.trail) {
        if (const auto block = in_chain(point.hash)) trail.push_back({point.hash, block->height});
    }
    book.trail = m_options.rescan ? std::vector<Followed>{} : std::move(trail);
    book.ledger.SetTip(book.Tip().height);
    m_saved_height.store(book.Tip().height);
}

} // namespace emc::wallet
