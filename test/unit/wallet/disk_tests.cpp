// A wallet on a disk that loses, at a power cut, what was not synced: whatever the wallet had told before is
// there afterwards, and the file opens without help.

#include "disk_journal.h"
#include "rig.h"
#include "unit/util.h"
#include "wallet/inspect.h"
#include "wallet/rows.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

using namespace emc;
using base::Bytes;
using interfaces::AddressType;
using interfaces::WalletApi;
using primitives::COIN;
using test::DiskOp;
using wallet::Store;

namespace {

constexpr const char* PASSPHRASE = "words";

wallet::WalletOptions Quick()
{
    wallet::WalletOptions options;
    options.passphrase_ms = 1;
    options.look_ahead = 20;
    return options;
}

base::Expected<std::shared_ptr<WalletApi>, interfaces::Failure> Open(const std::string& folder,
                                                                     test::FakeNode& node)
{
    const auto mode = wallet::HoldsWallet(folder) ? Store::Mode::Open : Store::Mode::Create;
    return wallet::OpenWallet("", folder, mode, Quick(), node.Deps());
}

/// A wallet's life, with a word for everything it tells.
struct Life {
    explicit Life(const std::string& folder) : root(folder) {}

    void Begin()
    {
        auto opened = Open(root + "/w", node);
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
        wallet = *opened;
        test::NoteWord("open");
    }

    void Address(AddressType type)
    {
        const auto address = wallet->NewAddress(type, "label", false);
        BOOST_REQUIRE_MESSAGE(address.HasValue(), test::Why(address));
        test::NoteWord("a " + *address);
        last = *address;
    }

    void Pay()
    {
        node.Mine({}, {node.Gift(test::ScriptOf(last), COIN)});
        interfaces::Recipient recipient;
        recipient.script = test::WalletRig::Foreign();
        recipient.amount = COIN / 3;
        const auto sent = wallet->Send({recipient}, {});
        BOOST_REQUIRE_MESSAGE(sent.HasValue(), test::Why(sent));
        test::NoteWord("t " + base::ReversedHex(*sent));
    }

    void Name(const std::string& name)
    {
        const auto sent = wallet->ChangeNames({{names::OpKind::New, name, base::ToBytes("v"), 1, ""}});
        BOOST_REQUIRE_MESSAGE(sent.HasValue(), test::Why(sent));
        test::NoteWord("t " + base::ReversedHex(*sent));
    }

    void Backup(const std::string& name)
    {
        test::NoteWord("try " + name);
        const auto done = wallet->Backup(root + "/" + name);
        BOOST_REQUIRE_MESSAGE(done.HasValue(), test::Why(done));
        test::NoteWord("b " + name);
    }

    std::string root;
    test::FakeNode node;
    std::shared_ptr<WalletApi> wallet;
    std::string last;
};

std::vector<DiskOp> Record(const std::string& root)
{
    Life life(root);
    test::StartNoting(root);
    life.Begin();
    for (int round = 0; round < 2; ++round) {
        for (const auto type :
             {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32, AddressType::Bech32m})
            life.Address(type);
        life.Pay();
        life.Name("name:" + std::to_string(round));
        BOOST_REQUIRE(life.wallet->RefillKeys(300 + 300 * static_cast<uint32_t>(round)).HasValue());
        life.Backup("backup" + std::to_string(round));
        if (round > 0) break;
        life.wallet.reset(); // an orderly end between
        life.Begin();
        BOOST_REQUIRE(life.wallet->Encrypt(PASSPHRASE).HasValue());
        test::NoteWord("e");
        BOOST_REQUIRE(life.wallet->Unlock(PASSPHRASE, 1'000, WalletApi::UnlockFor::Everything).HasValue());
    }
    BOOST_REQUIRE(life.wallet->ChangePassphrase(PASSPHRASE, PASSPHRASE).HasValue());
    life.Address(AddressType::Bech32);
    life.wallet.reset();
    return test::StopNoting();
}

/// Addresses are ours with their keys, transactions are there.
void CheckPromises(WalletApi& wallet, const std::vector<std::string>& promises, const std::string& where)
{
    if (wallet.GetInfo().encrypted)
        BOOST_REQUIRE_MESSAGE(wallet.Unlock(PASSPHRASE, 1'000, WalletApi::UnlockFor::Everything).HasValue(),
                              where);
    for (const auto& word : promises) {
        if (word.starts_with("a ")) {
            const auto info = wallet.GetAddressInfo(word.substr(2));
            BOOST_REQUIRE_MESSAGE(info.HasValue() && info->mine && info->label == "label", where << word);
            BOOST_REQUIRE_MESSAGE(wallet.DumpSecret(word.substr(2)).HasValue(), where << word);
        } else if (word.starts_with("t ")) {
            BOOST_REQUIRE_MESSAGE(
                wallet.GetTransaction(*base::HashFromReversedHex(word.substr(2))).has_value(), where << word);
        }
    }
}

/// What was told before the cut, and of a backup what was told before it began.
void CheckDisk(const std::string& root, const std::vector<DiskOp>& ops, size_t end)
{
    const std::string where = "cut before change " + std::to_string(end) + ": ";
    std::vector<std::string> promises;
    std::map<std::string, size_t> begun; // backups, and how many promises there were
    std::set<std::string> done;
    bool opened_once = false;
    bool encrypted = false;
    for (size_t i = 0; i < end; ++i) {
        if (ops[i].kind != DiskOp::Kind::Word) continue;
        const auto& word = ops[i].path;
        opened_once = opened_once || word == "open";
        encrypted = encrypted || word == "e";
        if (word.starts_with("try ")) begun[word.substr(4)] = promises.size();
        if (word.starts_with("b ")) done.insert(word.substr(2));
        promises.push_back(word);
    }
    BOOST_REQUIRE_MESSAGE(!opened_once || wallet::HoldsWallet(root + "/w"), where << "no wallet is there");
    {
        test::FakeNode node;
        const auto opened = Open(root + "/w", node);
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), where << test::Why(opened));
        BOOST_REQUIRE_MESSAGE(!encrypted || (*opened)->GetInfo().encrypted, where << "not encrypted");
        CheckPromises(**opened, promises, where);
        BOOST_REQUIRE_MESSAGE((*opened)->NewAddress(AddressType::Bech32, "", false).HasValue(), where);
    }
    for (const auto& [name, count] : begun) {
        const std::string file = root + "/" + name;
        const bool there = std::filesystem::exists(file);
        BOOST_REQUIRE_MESSAGE(there || !done.contains(name), where << name << " is gone");
        if (!there) continue;
        const std::string copy = root + "/copy of " + name;
        const auto copied = wallet::CopyWallet(file, copy);
        BOOST_REQUIRE_MESSAGE(copied.HasValue(), where << (copied ? "" : copied.Error().message));
        test::FakeNode node;
        const auto opened = Open(copy, node);
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), where << test::Why(opened));
        CheckPromises(**opened, {promises.begin(), promises.begin() + static_cast<std::ptrdiff_t>(count)},
                      where + name + ": ");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_disk)

BOOST_AUTO_TEST_CASE(nothing_told_is_lost_by_a_power_cut)
{
    std::vector<DiskOp> ops;
    {
        test::TempDir root;
        ops = Record(root.Path());
    }
    const auto of_kind = [&](DiskOp::Kind kind) {
        return std::count_if(ops.begin(), ops.end(), [&](const DiskOp& op) { return op.kind == kind; });
    };
    BOOST_REQUIRE_GT(of_kind(DiskOp::Kind::Write), 100);
    BOOST_REQUIRE_GT(of_kind(DiskOp::Kind::Sync), 30);
    BOOST_REQUIRE_GT(of_kind(DiskOp::Kind::SyncFolder), 3);
    // Every change while the wallet is made, as often as the disk has moods; later before and after every
    // sync, and anywhere.
    const auto told =
        std::find_if(ops.begin(), ops.end(), [](const DiskOp& op) { return op.path == "open"; });
    BOOST_REQUIRE(told != ops.end());
    std::vector<size_t> ends;
    for (size_t i = 0; i < ops.size(); ++i) {
        const bool sync = ops[i].kind == DiskOp::Kind::Sync || ops[i].kind == DiskOp::Kind::SyncFolder;
        if (i <= static_cast<size_t>(told - ops.begin())) ends.insert(ends.end(), 4, i);
        if (sync) ends.insert(ends.end(), {i, i + 1});
    }
    const uint64_t rounds = test::NumberFromEnvironment("EMC_FAULT_ROUNDS", 50);
    crypto::TestRandom random(test::NumberFromEnvironment("EMC_FAULT_SEED", 1));
    for (uint64_t round = 0; round < rounds; ++round)
        ends.push_back(static_cast<size_t>(random.Below(ops.size() + 1)));
    for (const size_t end : ends) {
        test::TempDir disk;
        test::MakeDiskAfterCut(ops, end, disk.Path(), [&](uint64_t most) { return random.Below(most); });
        CheckDisk(disk.Path(), ops, end);
    }
    BOOST_TEST_MESSAGE(ends.size() << " power cuts among " << ops.size() << " changes, "
                                   << of_kind(DiskOp::Kind::Sync) << " of them syncs, " << told - ops.begin()
                                   << " while the wallet was made");
}

/// Rows given beforehand are all in the wallet or there is none, and nothing is in the way of a second try.
BOOST_AUTO_TEST_CASE(a_making_that_is_cut_short_leaves_all_rows_or_no_wallet)
{
    wallet::RowBatch rows{wallet::MakeRow(wallet::HeaderRow{2, "regtest", 1, 0})};
    for (uint32_t i = 0; i < 300; ++i) {
        Bytes script(100, 1);
        codec::Writer(script).U32Big(i);
        rows.push_back(wallet::MakeLabelRow(script, "label"));
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    const auto whole = wallet::DumpText(rows);
    std::vector<DiskOp> ops;
    {
        test::TempDir root;
        test::StartNoting(root.Path());
        BOOST_REQUIRE(wallet::CreateFrom(root.File("w"), rows).HasValue());
        test::NoteWord("made");
        ops = test::StopNoting();
    }
    crypto::TestRandom random(test::NumberFromEnvironment("EMC_FAULT_SEED", 1));
    size_t whole_ones = 0;
    const auto check = [&](size_t end, const std::function<uint64_t(uint64_t)>& below) {
        test::TempDir disk;
        test::MakeDiskAfterCut(ops, end, disk.Path(), below);
        const bool there = wallet::HoldsWallet(disk.File("w"));
        BOOST_REQUIRE_MESSAGE(there || end < ops.size(), "what was told to be made is gone");
        whole_ones += there ? 1 : 0;
        if (!there) {
            const auto again = wallet::CreateFrom(disk.File("w"), rows);
            BOOST_REQUIRE_MESSAGE(again.HasValue(), end << ": " << (again ? "" : again.Error().message));
        }
        BOOST_REQUIRE_MESSAGE(wallet::DumpText(test::RowsOf(disk.File("w"))) == whole,
                              "cut before change " << end << " of " << ops.size() << ": rows are missing");
    };
    for (size_t end = 0; end <= ops.size(); ++end) {
        check(end, [](uint64_t most) { return std::min<uint64_t>(1, most - 1); }); // a kill: nothing is lost
        check(end, [&](uint64_t most) { return random.Below(most); });             // a power cut
    }
    BOOST_CHECK_GT(whole_ones, 2u);
    BOOST_CHECK_LT(whole_ones, 2 * ops.size());
}

/// The disk does lose: without any sync nothing is left of a file, with one everything before it is.
BOOST_AUTO_TEST_CASE(the_disk_loses_what_was_not_synced)
{
    using enum DiskOp::Kind;
    const auto write = [](uint64_t offset, const char* text) {
        return DiskOp{.kind = Write, .file = 1, .offset = offset, .data = base::ToBytes(text)};
    };
    const std::vector<DiskOp> ops{{.kind = Make, .path = "f", .file = 1},
                                  write(0, "one"),
                                  {.kind = SyncFolder, .path = "."},
                                  {.kind = Sync, .file = 1},
                                  write(3, "two"),
                                  {.kind = Rename, .path = "f", .to = "g"}};
    const auto content = [&](size_t end, uint64_t chance) {
        test::TempDir folder;
        test::MakeDiskAfterCut(ops, end, folder.Path(),
                               [&](uint64_t most) { return std::min(chance, most - 1); });
        std::string out;
        for (const auto& entry : std::filesystem::directory_iterator(folder.Path())) {
            std::ifstream in(entry.path());
            out +=
                entry.path().filename().string() + "=" + std::string(std::istreambuf_iterator<char>(in), {});
        }
        return out;
    };
    BOOST_CHECK_EQUAL(content(2, 0), "");
    BOOST_CHECK_EQUAL(content(3, 0), "f=");
    BOOST_CHECK_EQUAL(content(6, 0), "f=one");
    BOOST_CHECK_EQUAL(content(6, 1), "g=onetwo");
}

BOOST_AUTO_TEST_SUITE_END()
