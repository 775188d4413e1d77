// Encryption: nothing readable stays, nothing is lost, not even by a crash in the middle; unlocking for a
// time.

#include "rig.h"
#include "script/phrase.h"
#include "wallet/rows.h"
#include "wallet/vault.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace emc;
using base::Bytes;
using interfaces::AddressType;
using interfaces::WalletApi;
using primitives::COIN;
using test::Why;
using UnlockFor = WalletApi::UnlockFor;

namespace {

constexpr AddressType ALL_TYPES[] = {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32,
                                     AddressType::Bech32m};

wallet::WalletOptions Quick()
{
    wallet::WalletOptions options;
    options.passphrase_ms = 1;
    return options;
}

/// Everything in the wallet's files.
std::string AllFiles(const std::string& folder)
{
    std::ostringstream out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) out << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    }
    return out.str();
}

bool Contains(const std::string& haystack, base::ByteSpan needle)
{
    return haystack.find(base::AsText(needle)) != std::string::npos;
}

/// What must not be readable: seed, words, imported key.
struct Plain {
    explicit Plain(WalletApi& wallet)
    {
        const auto words = wallet.Phrase();
        BOOST_REQUIRE_MESSAGE(words.HasValue(), Why(words));
        const auto random = script::EntropyOf(*words);
        entropy.assign(random->Span().begin(), random->Span().end());
        const auto tree = script::SeedOfPhrase(entropy, "");
        seed.assign(tree.Span().begin(), tree.Span().end());
        crypto::TestRandom other(77);
        const auto key = crypto::PrivateKey::Generate(other);
        secret.assign(key.Span().begin(), key.Span().end());
        const auto wif = script::EncodeSecret(consensus::RegtestParams().addresses, key);
        BOOST_REQUIRE(wallet.ImportSecret(wif, "imported", false).HasValue());
    }

    [[nodiscard]] int CountIn(const std::string& files) const
    {
        return static_cast<int>(Contains(files, entropy)) + static_cast<int>(Contains(files, seed)) +
               static_cast<int>(Contains(files, secret));
    }

    Bytes entropy, seed, secret;
};

/// Memory of this program that never goes to the swap, in KiB.
size_t LockedKib()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmLck:")) return std::stoul(line.substr(6));
    }
    return 0;
}

template <typename T>
int CodeOf(const base::Expected<T, interfaces::Failure>& result)
{
    return result ? 0 : result.Error().code;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_lock)

BOOST_AUTO_TEST_CASE(a_vault_opens_with_its_master_key_alone)
{
    crypto::TestRandom random(1);
    wallet::Vault vault;
    const Bytes key{'S'}, other{'K', 1};
    static_cast<void>(vault.Add(key, Bytes(64, 1), random));
    static_cast<void>(vault.Add(other, Bytes(33, 2), random));
    BOOST_CHECK(!vault.IsEncrypted() && !vault.IsLocked());
    wallet::SecureBytes master(Bytes(32, 9));
    const auto row = wallet::SealMaster(master, "word", {10, 8, 1}, random);
    BOOST_REQUIRE(row);
    const auto rows = vault.Sealed(master, *row, random);
    BOOST_REQUIRE_EQUAL(rows.size(), 3u);
    BOOST_CHECK(vault.Get(key)->Span()[0] == 1); // as before
    vault.Adopt(rows);
    BOOST_CHECK(vault.IsLocked() && !vault.Get(key) && vault.Has(key));
    BOOST_CHECK(!wallet::OpenMaster(*row, "Word"));
    BOOST_CHECK(!vault.Open(wallet::SecureBytes(Bytes(32, 8))));
    BOOST_CHECK(vault.IsLocked());
    auto opened = wallet::OpenMaster(*row, "word");
    BOOST_REQUIRE(opened && vault.Open(std::move(*opened)));
    BOOST_CHECK(vault.Get(other)->Span()[0] == 2 && vault.Get(other)->Span().size() == 33);
    // A value under the key of another row is no secret of that row.
    wallet::Vault swapped;
    swapped.SetMaster(*row);
    BOOST_REQUIRE(swapped.Load(other, *rows[2].value));
    BOOST_CHECK(!swapped.Open(wallet::SecureBytes(Bytes(32, 9))));
    // Neither cost nor salt can be changed.
    auto cheaper = *row;
    cheaper.cost.p = 2;
    BOOST_CHECK(!wallet::OpenMaster(cheaper, "word"));
}

BOOST_AUTO_TEST_CASE(calibration_takes_the_time_it_is_given)
{
    const auto cost = wallet::CalibrateCost(100);
    wallet::SecureBytes out(32);
    const int64_t begin = base::SteadyMicros();
    BOOST_REQUIRE(crypto::Scrypt(base::AsBytes("x"), Bytes(32), cost, out.Mutable()));
    const int64_t took = base::SteadyMicros() - begin;
    BOOST_TEST_MESSAGE("log2 n " << int{cost.log2_n} << ", p " << cost.p << ": " << took << " us");
    BOOST_CHECK_GT(took, 20'000);
    BOOST_CHECK_GE(wallet::CalibrateCost(0).log2_n, 14);
}

BOOST_AUTO_TEST_CASE(nothing_readable_stays)
{
    test::WalletRig rig(Quick());
    const Plain plain(*rig.wallet);
    std::vector<std::string> addresses;
    for (const auto type : ALL_TYPES)
        addresses.push_back(rig.Address(type));
    rig.Fund(COIN);
    BOOST_CHECK_EQUAL(plain.CountIn(AllFiles(rig.folder.Path())), 3); // they would be found
    const auto done = rig.wallet->Encrypt("open sesame");
    BOOST_REQUIRE_MESSAGE(done.HasValue(), Why(done));
    BOOST_CHECK_EQUAL(plain.CountIn(AllFiles(rig.folder.Path())), 0);
    BOOST_CHECK(rig.wallet->GetInfo().encrypted);
    BOOST_CHECK_EQUAL(rig.wallet->GetInfo().unlocked_until, 0);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Encrypt("again")), -15);
    rig.Open(); // and after a restart
    BOOST_CHECK_EQUAL(plain.CountIn(AllFiles(rig.folder.Path())), 0);
    BOOST_CHECK_EQUAL(rig.Trusted(), COIN);
    // Addresses are given out while locked, and go on where they were.
    for (const auto type : ALL_TYPES)
        addresses.push_back(rig.Address(type));
    std::sort(addresses.begin(), addresses.end());
    BOOST_CHECK(std::adjacent_find(addresses.begin(), addresses.end()) == addresses.end());
    for (const auto& address : addresses)
        BOOST_CHECK(rig.wallet->IsMine(test::ScriptOf(address)));
    BOOST_REQUIRE(rig.wallet->Unlock("open sesame", 1000, UnlockFor::Everything).HasValue());
    for (const auto& address : addresses)
        BOOST_CHECK(rig.wallet->DumpSecret(address).HasValue());
    // What is added to an open wallet is sealed, too.
    const auto more = crypto::PrivateKey::Generate(rig.node.random);
    BOOST_REQUIRE(
        rig.wallet->ImportSecret(script::EncodeSecret(consensus::RegtestParams().addresses, more), "", false)
            .HasValue());
    rig.Open();
    BOOST_CHECK(!Contains(AllFiles(rig.folder.Path()), more.Span()));
    BOOST_CHECK(rig.wallet->IsMine(script::PayToWitnessKeyHash(more.Public().Id())));
}

/// Of an encrypted wallet keys are in locked memory while they can be used, and gone from it when it is
/// locked or closed.
BOOST_AUTO_TEST_CASE(keys_are_kept_from_the_swap)
{
    const size_t without = LockedKib();
    {
        const crypto::SecureBytes probe(32);
        if (LockedKib() == without) {
            BOOST_TEST_MESSAGE("skipped: this machine lets no program lock memory");
            return;
        }
    }
    {
        test::WalletRig rig(Quick());
        BOOST_REQUIRE(rig.wallet->Encrypt("words").HasValue());
        const size_t closed = LockedKib();
        BOOST_REQUIRE(rig.wallet->Unlock("words", 100, UnlockFor::Everything).HasValue());
        BOOST_CHECK_GT(LockedKib(), closed);
        BOOST_REQUIRE(rig.wallet->Lock().HasValue());
        BOOST_CHECK_EQUAL(LockedKib(), closed);
    }
    BOOST_CHECK_EQUAL(LockedKib(), without);
}

BOOST_AUTO_TEST_CASE(a_wallet_born_encrypted)
{
    auto options = Quick();
    options.fresh.passphrase = "from the start";
    test::WalletRig rig(options);
    BOOST_CHECK(rig.wallet->GetInfo().encrypted);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Phrase()), -13);
    const auto address = rig.Address();
    rig.Open();
    BOOST_REQUIRE(rig.wallet->Unlock("from the start", 100, UnlockFor::Everything).HasValue());
    BOOST_CHECK(rig.wallet->DumpSecret(address).HasValue());
    BOOST_CHECK_EQUAL(Plain(*rig.wallet).CountIn(AllFiles(rig.folder.Path())), 0);
}

BOOST_AUTO_TEST_CASE(what_a_locked_wallet_refuses)
{
    test::WalletRig rig(Quick());
    rig.Fund(COIN);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("x", 10, UnlockFor::Everything)), -15);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Lock()), -15);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->ChangePassphrase("a", "b")), -15);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Encrypt("")), -8);
    BOOST_REQUIRE(rig.wallet->Encrypt("words").HasValue());
    const auto address = rig.Address(AddressType::Legacy);
    const auto all_refused = [&] {
        BOOST_CHECK_EQUAL(CodeOf(rig.Pay(COIN / 2)), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.Name(names::OpKind::New, "name")), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->SignMessage(address, "text")), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->DumpSecret(address)), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Phrase()), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->DumpKeys()), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->ListDescriptors(WalletApi::KeysShown::Private)), -13);
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->SignTransaction({}, 1)), -13);
        const auto key = script::EncodeSecret(consensus::RegtestParams().addresses,
                                              crypto::PrivateKey::Generate(rig.node.random));
        BOOST_CHECK_EQUAL(CodeOf(rig.wallet->ImportSecret(key, "", false)), -13);
        BOOST_CHECK(rig.wallet->ListDescriptors(WalletApi::KeysShown::Public).HasValue());
    };
    all_refused();
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("wrong", 100, UnlockFor::Everything)), -14);
    all_refused();
    BOOST_REQUIRE(rig.wallet->Unlock("words", 100, UnlockFor::Minting).HasValue());
    BOOST_CHECK(rig.wallet->GetInfo().mint_only);
    all_refused();
    // A wrong passphrase neither lifts nor ends that.
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("wrong", 100, UnlockFor::Everything)), -14);
    BOOST_CHECK(rig.wallet->GetInfo().mint_only);
    const int64_t until = rig.wallet->GetInfo().unlocked_until;
    BOOST_CHECK_GT(until, 0);
    all_refused();
    BOOST_REQUIRE(rig.wallet->Unlock("words", 200, UnlockFor::Everything).HasValue());
    BOOST_CHECK(!rig.wallet->GetInfo().mint_only);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("wrong", 100, UnlockFor::Minting)), -14);
    BOOST_CHECK_GT(rig.wallet->GetInfo().unlocked_until, until);
    BOOST_CHECK(rig.Pay(COIN / 2).HasValue());
    BOOST_REQUIRE(rig.wallet->Lock().HasValue());
    all_refused();
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("words", -1, UnlockFor::Everything)), -8);
}

BOOST_AUTO_TEST_CASE(it_locks_by_itself)
{
    test::WalletRig rig(Quick());
    BOOST_REQUIRE(rig.wallet->Encrypt("words").HasValue());
    BOOST_REQUIRE(rig.wallet->Unlock("words", 1, UnlockFor::Everything).HasValue());
    BOOST_CHECK(rig.wallet->Phrase().HasValue());
    for (int i = 0; i < 100 && rig.wallet->GetInfo().unlocked_until != 0; ++i)
        usleep(50'000);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Phrase()), -13);
    // A later unlocking counts instead of an earlier one.
    BOOST_REQUIRE(rig.wallet->Unlock("words", 1, UnlockFor::Everything).HasValue());
    BOOST_REQUIRE(rig.wallet->Unlock("words", 1000, UnlockFor::Everything).HasValue());
    usleep(1'300'000);
    BOOST_CHECK(rig.wallet->Phrase().HasValue());
}

BOOST_AUTO_TEST_CASE(another_passphrase)
{
    test::WalletRig rig(Quick());
    const Plain plain(*rig.wallet);
    BOOST_REQUIRE(rig.wallet->Encrypt("old").HasValue());
    const auto sealed = AllFiles(rig.folder.Path());
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->ChangePassphrase("odl", "new")), -14);
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->ChangePassphrase("old", "")), -8);
    BOOST_REQUIRE(rig.wallet->Unlock("old", 100, UnlockFor::Everything).HasValue());
    BOOST_REQUIRE(rig.wallet->ChangePassphrase("old", "new").HasValue());
    BOOST_CHECK(rig.wallet->Phrase().HasValue()); // open as before
    rig.Open();
    BOOST_CHECK_EQUAL(CodeOf(rig.wallet->Unlock("old", 100, UnlockFor::Everything)), -14);
    BOOST_REQUIRE(rig.wallet->Unlock("new", 100, UnlockFor::Everything).HasValue());
    BOOST_CHECK(script::EntropyOf(*rig.wallet->Phrase())->Span()[0] == plain.entropy[0]);
    // The row the old passphrase opens is gone from the disk: no stretch of it stands there any more.
    const auto now = AllFiles(rig.folder.Path());
    rig.wallet.reset();
    const auto store = wallet::Store::Open(rig.folder.Path(), wallet::Store::Mode::Open);
    BOOST_REQUIRE(store.HasValue());
    const auto row = (*store)->Read(wallet::MasterKey());
    BOOST_REQUIRE(row.HasValue() && *row);
    BOOST_CHECK(!Contains(sealed, **row) && Contains(now, **row));
}

/// Encrypting is cut short at any moment: the wallet opens, is whole, and is encrypted or not, never half.
BOOST_AUTO_TEST_CASE(kills_while_encrypting)
{
    crypto::TestRandom random(static_cast<uint64_t>(getpid()));
    int64_t takes_us = 0; // on this machine, as busy as it is
    {
        test::WalletRig rig(Quick());
        const int64_t begin = base::SteadyMicros();
        BOOST_REQUIRE(rig.wallet->Encrypt("words").HasValue());
        takes_us = base::SteadyMicros() - begin;
    }
    int encrypted = 0;
    int plain_rounds = 0;
    for (int round = 0; round < 20 || (encrypted == 0 && round < 200); ++round) {
        test::WalletRig rig(Quick());
        const Plain plain(*rig.wallet);
        const auto address = rig.Address();
        const auto secret = *rig.wallet->DumpSecret(address);
        rig.wallet.reset();
        int ends[2];
        BOOST_REQUIRE_EQUAL(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            test::FakeNode node;
            auto opened =
                wallet::OpenWallet("", rig.folder.Path(), wallet::Store::Mode::Open, Quick(), node.Deps());
            if (!opened) _exit(1);
            static_cast<void>(!write(ends[1], "x", 1));
            _exit((*opened)->Encrypt("words").HasValue() ? 0 : 2);
        }
        char ready = 0;
        static_cast<void>(!read(ends[0], &ready, 1));
        usleep(static_cast<useconds_t>(random.Below(static_cast<uint64_t>(takes_us) * 3 / 2)));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        close(ends[0]);
        close(ends[1]);
        BOOST_REQUIRE(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
        rig.Open();
        BOOST_REQUIRE(rig.wallet->IsMine(test::ScriptOf(address)));
        if (rig.wallet->GetInfo().encrypted) {
            ++encrypted;
            BOOST_REQUIRE(rig.wallet->Unlock("words", 100, UnlockFor::Everything).HasValue());
            BOOST_REQUIRE_EQUAL(plain.CountIn(AllFiles(rig.folder.Path())), 0);
        } else {
            ++plain_rounds;
        }
        BOOST_REQUIRE_EQUAL(*rig.wallet->DumpSecret(address), secret);
    }
    BOOST_TEST_MESSAGE(encrypted << " encrypted, " << plain_rounds << " not yet");
    BOOST_CHECK_GT(encrypted, 0);
    BOOST_CHECK_GT(plain_rounds, 0);
}

/// What a power cut can leave between the steps of a rewriting.
BOOST_AUTO_TEST_CASE(remains_of_a_rewriting)
{
    test::WalletRig rig(Quick());
    const auto address = rig.Address();
    rig.wallet.reset();
    const auto path = rig.folder.File("wallet.dat");
    // Linked, not replaced: both names are one file, which must not be overwritten.
    std::filesystem::create_hard_link(path, path + ".old");
    std::ofstream(path + ".new") << "half of a file";
    std::ofstream(rig.folder.File("database/retired.log.0000000001")) << "half wiped";
    rig.Open();
    BOOST_CHECK(rig.wallet->IsMine(test::ScriptOf(address)));
    for (const char* name : {"wallet.dat.old", "wallet.dat.new", "database/retired.log.0000000001"})
        BOOST_CHECK(!std::filesystem::exists(rig.folder.File(name)));
    // Replaced, the old one not wiped yet.
    std::ofstream(path + ".old") << "old";
    rig.Open();
    BOOST_CHECK(!std::filesystem::exists(path + ".old"));
    BOOST_CHECK(rig.wallet->IsMine(test::ScriptOf(address)));
    // Replaced by what the disk damaged: the old one is all there is.
    rig.wallet.reset();
    std::filesystem::copy_file(path, path + ".old");
    const auto size = std::filesystem::file_size(path);
    std::filesystem::resize_file(path, size - 4'096);
    BOOST_CHECK_EQUAL(CodeOf(wallet::OpenWallet("", rig.folder.Path(), wallet::Store::Mode::Open, Quick(),
                                                rig.node.Deps())),
                      -4);
    std::filesystem::rename(path + ".old", path);
    rig.Open();
    BOOST_CHECK(rig.wallet->IsMine(test::ScriptOf(address)));
}

BOOST_AUTO_TEST_CASE(a_full_disk_while_encrypting_changes_nothing)
{
    test::WalletRig rig(Quick());
    const auto address = rig.Address();
    // A folder of that name stands in for a disk that takes no new file.
    std::filesystem::create_directory(rig.folder.File("wallet.dat.new"));
    const auto done = rig.wallet->Encrypt("words");
    BOOST_CHECK_EQUAL(CodeOf(done), -4);
    BOOST_CHECK(!rig.wallet->GetInfo().encrypted);
    BOOST_CHECK(rig.wallet->DumpSecret(address).HasValue());
    std::filesystem::remove(rig.folder.File("wallet.dat.new"));
    BOOST_CHECK(rig.wallet->Encrypt("words").HasValue());
}

BOOST_AUTO_TEST_SUITE_END()
