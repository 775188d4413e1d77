/// Encryption, unlocking for a time, the recovery phrase.
#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "script/phrase.h"
#include "wallet/book.h"
#include "wallet/wallet_impl.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr int64_t MAX_UNLOCK_SEC = 100'000'000;
constexpr int64_t MICROS = 1'000'000;

base::Unexpected<Failure> NotEncrypted()
{
    return FailWith(CODE_ENCRYPTION_STATE, "This wallet is not encrypted; encryptwallet does that");
}

base::Unexpected<Failure> WrongPassphrase()
{
    return FailWith(CODE_PASSPHRASE, "The passphrase is wrong; nothing has changed");
}

base::Unexpected<Failure> EmptyPassphrase()
{
    return FailWith(CODE_PARAMETER, "The passphrase is empty; it needs at least one character");
}

/// Does each of these rows open under the master key as it will be read from the file?
bool OpensAgain(const RowBatch& rows, const SecureBytes& master)
{
    Vault copy;
    for (const auto& row : rows) {
        if (row.key != MasterKey()) continue;
        auto read = ReadMasterRow(*row.value);
        if (!read) return false;
        copy.SetMaster(std::move(*read));
    }
    for (const auto& row : rows) {
        if (row.key != MasterKey() && !copy.Load(row.key, *row.value)) return false;
    }
    return copy.IsEncrypted() && copy.Open(SecureBytes(master.Span()));
}

} // namespace

Result<void> Wallet::NeedStakeKeys() const
{
    const Book& book = *m_book;
    if (!book.HoldsKeys()) return FailWith(CODE_WALLET, "This wallet has no private keys; it can only watch");
    if (book.keys.Secrets().IsLocked()) {
        return FailWith(CODE_LOCKED, "The wallet is locked: unlock it with walletpassphrase first");
    }
    return {};
}

Result<void> Wallet::NeedKeys() const
{
    if (auto keys = NeedStakeKeys(); !keys) return keys;
    if (m_mint_only) {
        return FailWith(CODE_LOCKED, "The wallet is unlocked for minting only: call walletpassphrase without "
                                     "mintonly first");
    }
    return {};
}

/// Slow on purpose; no lock is held.
Result<MasterRow> Wallet::NewMaster(const SecureBytes& master, std::string_view passphrase) const
{
    auto row = SealMaster(master, passphrase, CalibrateCost(m_options.passphrase_ms), m_deps.random);
    const auto again = row ? OpenMaster(*row, passphrase) : std::nullopt;
    if (!again || !std::ranges::equal(again->Span(), master.Span()))
        return FailWith(CODE_ENCRYPTION_FAILED, "There is not enough memory to encrypt the wallet");
    return std::move(*row);
}

Result<void> Wallet::Encrypt(std::string_view passphrase)
{
    const auto check = [this]() -> Result<void> {
        const base::LockGuard lock(m_mutex);
        if (m_book->keys.Secrets().IsEncrypted())
            return FailWith(
                CODE_ENCRYPTION_STATE,
                "This wallet is encrypted already; walletpassphrasechange changes the passphrase");
        if (!m_book->HoldsKeys())
            return FailWith(CODE_ENCRYPTION_FAILED, "This wallet has no private keys to encrypt");
        return {};
    };
    if (auto fits = check(); !fits) return fits;
    if (passphrase.empty()) return EmptyPassphrase();
    const SecureBytes master = NewMasterKey(m_deps.random);
    const auto row = NewMaster(master, passphrase);
    if (!row) return base::Unexpected(row.Error());
    if (auto fits = check(); !fits) return fits;
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    const RowBatch rows = book.keys.Secrets().Sealed(master, *row, m_deps.random);
    if (!OpensAgain(rows, master))
        return FailWith(CODE_ENCRYPTION_FAILED, "The sealed keys do not open again; nothing was changed");
    if (auto written = book.store->Rewrite(rows); !written) return FailWith(written.Error());
    book.keys.Secrets().Adopt(rows);
    book.keys.Lock();
    EMC_LOG(m_deps.log, Info, Wallet, "wallet '%s' is encrypted now", m_name.c_str());
    return {};
}

Result<void> Wallet::Unlock(std::string_view passphrase, int64_t seconds, UnlockFor purpose)
{
    std::optional<MasterRow> row;
    {
        const base::LockGuard lock(m_mutex);
        row = m_book->keys.Secrets().Master();
    }
    if (!row) return NotEncrypted();
    if (seconds < 0) return FailWith(CODE_PARAMETER, "The time to stay unlocked cannot be negative");
    if (passphrase.empty()) return EmptyPassphrase();
    auto master = OpenMaster(*row, passphrase);
    if (!master) return WrongPassphrase();
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    if (book.keys.Secrets().Master() != row) return WrongPassphrase(); // changed meanwhile
    if (!book.keys.Unlock(std::move(*master))) {
        return FailWith(CODE_WALLET, "The passphrase is right, but " + book.store->Path() +
                                         " holds keys that do not fit it: restore a backup");
    }
    seconds = std::min(seconds, MAX_UNLOCK_SEC);
    m_mint_only = purpose == UnlockFor::Minting;
    m_unlocked_until = m_deps.clock.NowSec() + seconds;
    m_lock_at_us = base::SteadyMicros() + seconds * MICROS;
    if (!m_lock_clock.Running()) m_lock_clock = base::Thread("walletlock", [this] { WatchTheClock(); });
    m_lock_changed.NotifyAll();
    return {};
}

/// Locks the wallet when its time is over.
void Wallet::WatchTheClock()
{
    const base::LockGuard lock(m_mutex);
    while (!m_ending) {
        if (m_unlocked_until == 0) {
            m_lock_changed.Wait(m_mutex);
            continue;
        }
        const int64_t left_us = m_lock_at_us - base::SteadyMicros();
        if (left_us > 0) {
            static_cast<void>(m_lock_changed.WaitFor(m_mutex, left_us / 1000 + 1));
            continue;
        }
        m_book->keys.Lock();
        m_unlocked_until = 0;
        m_mint_only = false;
    }
}

Result<void> Wallet::Lock()
{
    const base::LockGuard lock(m_mutex);
    if (!m_book->keys.Secrets().IsEncrypted()) return NotEncrypted();
    m_book->keys.Lock();
    m_unlocked_until = 0;
    m_mint_only = false;
    return {};
}

Result<void> Wallet::ChangePassphrase(std::string_view old_one, std::string_view new_one)
{
    std::optional<MasterRow> row;
    {
        const base::LockGuard lock(m_mutex);
        row = m_book->keys.Secrets().Master();
    }
    if (!row) return NotEncrypted();
    if (old_one.empty() || new_one.empty()) return EmptyPassphrase();
    const auto master = OpenMaster(*row, old_one);
    if (!master) return WrongPassphrase();
    auto fresh = NewMaster(*master, new_one);
    if (!fresh) return base::Unexpected(fresh.Error());
    const base::LockGuard lock(m_mutex);
    Book& book = *m_book;
    if (book.keys.Secrets().Master() != row) return WrongPassphrase();
    // The old row must not stay on a free page: with it the old passphrase would still do.
    if (auto written = book.store->Rewrite({MakeRow(*fresh)}); !written) return FailWith(written.Error());
    book.keys.Secrets().ReplaceMaster(std::move(*fresh));
    return {};
}

Result<std::string> Wallet::Phrase() const
{
    const base::LockGuard lock(m_mutex);
    if (auto keys = NeedKeys(); !keys) return base::Unexpected(keys.Error());
    const auto entropy = m_book->keys.Secrets().Get(PhraseKey());
    if (!entropy) {
        return FailWith(CODE_WALLET, "This wallet's seed did not come from words, so that it has no recovery "
                                     "phrase; keep a backup of its file");
    }
    return script::PhraseOf(entropy->Span());
}

Result<void> Wallet::SetPhrase(std::string_view words, std::string_view passphrase)
{
    const auto entropy = script::EntropyOf(words);
    if (!entropy) return FailWith(CODE_PARAMETER, entropy.Error());
    if (!script::IsPlainText(passphrase)) {
        return FailWith(CODE_PARAMETER,
                        "The phrase's passphrase may only have printable ASCII characters here");
    }
    const SecureBytes seed = script::SeedOfPhrase(entropy->Span(), passphrase);
    return AddAndScan(FROM_THE_START, [&]() -> Result<void> {
        const base::LockGuard lock(m_mutex);
        if (auto keys = NeedKeys(); !keys) return keys;
        Book& book = *m_book;
        if (book.keys.HasSeed()) {
            return FailWith(CODE_WALLET,
                            "This wallet has a seed already, which is never replaced: make a blank "
                            "wallet for these words (createwallet with blank)");
        }
        RowBatch rows = book.keys.SetSeed(seed.Span(), m_deps.random);
        if (rows.empty()) return FailWith(CODE_PARAMETER, "These words give no usable seed");
        // With a passphrase the words alone would not bring the seed back: they are not shown then.
        if (passphrase.empty())
            rows.push_back(book.keys.Secrets().Add(PhraseKey(), entropy->Span(), m_deps.random));
        book.flags &= ~FLAG_BLANK;
        rows.push_back(HeaderNow());
        NoteBirth(FROM_THE_START, rows);
        auto written = book.store->Write(rows);
        if (written) written = book.store->Flush();
        for (auto& row : rows) {
            if (row.value) crypto::Wipe(*row.value);
        }
        if (!written) return FailWith(written.Error());
        book.keys.Ready();
        return {};
    });
}

} // namespace emc::wallet
