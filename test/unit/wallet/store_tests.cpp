// The wallet file: damage, full disks, other programs, crashes at any time, copies.

#include "rig.h"
#include "wallet/rows.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace emc;
using base::Bytes;
using interfaces::AddressType;
using primitives::COIN;
using test::WalletRig;
using wallet::RowBatch;
using wallet::Store;
using wallet::StoreError;

namespace {

std::string ReadFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

void WriteFile(const std::string& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::unique_ptr<Store> MustOpen(const std::string& folder, Store::Mode mode)
{
    auto store = Store::Open(folder, mode);
    BOOST_REQUIRE_MESSAGE(store.HasValue(), (store ? "" : store.Error().message));
    return std::move(*store);
}

RowBatch Row(uint32_t number, size_t size = 100)
{
    Bytes key{'x'};
    codec::Writer(key).U32Big(number);
    return {{key, Bytes(size, static_cast<uint8_t>(number))}};
}

uint64_t CountRows(const Store& store)
{
    uint64_t rows = 0;
    BOOST_REQUIRE(store.ForEach([&rows](base::ByteSpan, base::ByteSpan) { ++rows; }).HasValue());
    return rows;
}

/// Runs `body` in a process of its own; its exit status, or −signal.
int InChild(const std::function<void()>& body)
{
    const pid_t child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = 0;
    BOOST_REQUIRE_EQUAL(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void CopyWhole(const std::string& from, const std::string& to)
{
    WriteFile(to, ReadFile(from));
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_store)

BOOST_AUTO_TEST_CASE(rows_stay)
{
    test::TempDir folder;
    {
        auto store = MustOpen(folder.Path(), Store::Mode::Create);
        for (uint32_t i = 0; i < 20; ++i)
            BOOST_REQUIRE(store->Write(Row(i)).HasValue());
        auto gone = Row(3);
        gone[0].value.reset();
        BOOST_REQUIRE(store->Write(gone).HasValue());
        BOOST_REQUIRE(store->Write(gone).HasValue()); // again is no error
        const auto missing = store->Read(gone[0].key);
        BOOST_REQUIRE(missing.HasValue());
        BOOST_CHECK(!missing->has_value());
        BOOST_CHECK_EQUAL((*store->Read(Row(4)[0].key))->size(), 100u);
        BOOST_CHECK(!Store::Open(folder.Path(), Store::Mode::Create).HasValue());
    }
    BOOST_CHECK(Store::Open(folder.Path(), Store::Mode::Create).Error().error == StoreError::Exists);
    const auto store = MustOpen(folder.Path(), Store::Mode::Open);
    BOOST_CHECK_EQUAL(CountRows(*store), 19u);
    test::TempDir empty;
    BOOST_CHECK(Store::Open(empty.Path(), Store::Mode::Open).Error().error == StoreError::NotFound);
}

/// Rows come, grow and go: pages split, are given up and used again. Every state of the file is sound.
BOOST_AUTO_TEST_CASE(any_rows_open_again)
{
    test::TempDir folder;
    crypto::TestRandom random(21);
    std::map<Bytes, Bytes> model;
    MustOpen(folder.Path(), Store::Mode::Create).reset();
    for (int round = 0; round < 12; ++round) {
        auto store = MustOpen(folder.Path(), Store::Mode::Open);
        for (int batch = 0; batch < 10; ++batch) {
            RowBatch rows;
            for (int i = 0; i < 60; ++i) {
                // Keys of up to a page of their own, values of several; towards the end most go.
                auto row = Row(static_cast<uint32_t>(random.Below(400)), random.Below(200))[0];
                if (random.Below(20) == 0) row.key.resize(row.key.size() + random.Below(3'000), 'k');
                if (random.Below(10) == 0) row.value->resize(random.Below(20'000), 'v');
                if (random.Below(12) < static_cast<uint64_t>(round)) row.value.reset();
                if (row.value) model[row.key] = *row.value;
                if (!row.value) model.erase(row.key);
                rows.push_back(std::move(row));
            }
            BOOST_REQUIRE(store->Write(rows).HasValue());
        }
        if (round % 4 == 2) BOOST_REQUIRE(store->Rewrite({}).HasValue());
        if (round % 4 == 3) BOOST_REQUIRE(store->BackupTo(folder.File(std::to_string(round))).HasValue());
        store.reset();
        std::map<Bytes, Bytes> found;
        const auto again = MustOpen(folder.Path(), Store::Mode::Open);
        BOOST_REQUIRE(again
                          ->ForEach([&found](base::ByteSpan key, base::ByteSpan value) {
                              found[Bytes(key.begin(), key.end())] = Bytes(value.begin(), value.end());
                          })
                          .HasValue());
        BOOST_REQUIRE(found == model);
    }
    BOOST_CHECK_GT(model.size(), 50u);
}

/// Pages are written whole, with what nobody uses of them: nothing the program had in memory before.
BOOST_AUTO_TEST_CASE(nothing_of_the_memory_comes_into_the_file)
{
    const std::string secret = "seed of the other wallet ";
    std::string block;
    while (block.size() < 4'400) // a page and what the library keeps beside it
        block += secret;
    test::TempDir folder;
    for (int round = 0; round < 5; ++round) {
        std::vector<std::string> between; // keeps what is given back from growing together
        {
            std::vector<std::string> blocks;
            for (int i = 0; i < 500; ++i) {
                blocks.push_back(block);
                between.emplace_back(100, '-');
            }
        }
        auto store = MustOpen(folder.Path(), round == 0 ? Store::Mode::Create : Store::Mode::Open);
        for (uint32_t i = 0; i < 20; ++i)
            BOOST_REQUIRE(store->Write(Row(static_cast<uint32_t>(round) * 20 + i)).HasValue());
        BOOST_REQUIRE(store->Rewrite(Row(1'000)).HasValue());
        const auto log = ReadFile(folder.File("database/log.0000000001"));
        store.reset();
        BOOST_CHECK(ReadFile(folder.File("wallet.dat")).find(secret) == std::string::npos);
        BOOST_CHECK(log.find(secret) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(one_program_at_a_time)
{
    test::TempDir folder;
    const auto store = MustOpen(folder.Path(), Store::Mode::Create);
    const int code = InChild([&] {
        const auto second = Store::Open(folder.Path(), Store::Mode::Open);
        _exit(!second && second.Error().error == StoreError::InUse ? 7 : 1);
    });
    BOOST_CHECK_EQUAL(code, 7);
    BOOST_CHECK(store->Write(Row(1)).HasValue());
}

BOOST_AUTO_TEST_CASE(damage_is_refused_and_left)
{
    test::TempDir folder;
    {
        auto store = MustOpen(folder.Path(), Store::Mode::Create);
        for (uint32_t i = 0; i < 400; ++i)
            BOOST_REQUIRE(store->Write(Row(i)).HasValue());
    }
    const std::string path = folder.File("wallet.dat");
    const std::string whole = ReadFile(path);
    BOOST_REQUIRE_GT(whole.size(), 20'000u);
    std::vector<std::string> damaged{"", "not a database at all", whole.substr(0, 100),
                                     whole.substr(0, whole.size() / 2), std::string(whole.size(), 'x')};
    crypto::TestRandom random(4);
    for (int i = 0; i < 30; ++i) {
        std::string flipped = whole;
        flipped[random.Below(whole.size())] ^= static_cast<char>(1 << random.Below(8));
        damaged.push_back(flipped);
    }
    size_t refused = 0;
    for (const auto& content : damaged) {
        WriteFile(path, content);
        auto store = Store::Open(folder.Path(), Store::Mode::Open);
        if (!store) {
            ++refused;
            BOOST_CHECK(store.Error().error == StoreError::Corrupt);
            BOOST_CHECK(store.Error().message.find("damaged") != std::string::npos);
            BOOST_CHECK(ReadFile(path) == content);
        } else {
            // Only what no page uses may have changed.
            BOOST_CHECK_EQUAL(CountRows(**store), 400u);
        }
    }
    BOOST_CHECK_GE(refused, 30u);
    WriteFile(path, whole);
    BOOST_CHECK_EQUAL(CountRows(*MustOpen(folder.Path(), Store::Mode::Open)), 400u);
}

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing)
{
    test::TempDir folder;
    MustOpen(folder.Path(), Store::Mode::Create).reset();
    int pipe_ends[2];
    BOOST_REQUIRE_EQUAL(pipe(pipe_ends), 0);
    const int code = InChild([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        auto store = Store::Open(folder.Path(), Store::Mode::Open);
        if (!store) _exit(2);
        const rlimit limit{300'000, 300'000}; // no file may grow beyond it
        setrlimit(RLIMIT_FSIZE, &limit);
        uint32_t written = 0;
        while (written < 100'000) {
            const auto done = (*store)->Write(Row(written, 1000));
            if (!done) {
                const bool clear = done.Error().error == StoreError::Io &&
                                   done.Error().message.starts_with("The disk is full");
                const bool stays = !(*store)->Write(Row(0)).HasValue();
                static_cast<void>(!write(pipe_ends[1], &written, sizeof(written)));
                store->reset();
                _exit(clear && stays ? 0 : 4);
            }
            ++written;
        }
        _exit(5);
    });
    BOOST_CHECK_EQUAL(code, 0);
    uint32_t written = 0;
    BOOST_REQUIRE_EQUAL(read(pipe_ends[0], &written, sizeof(written)), static_cast<ssize_t>(sizeof(written)));
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    BOOST_CHECK_GT(written, 50u);
    const auto store = MustOpen(folder.Path(), Store::Mode::Open);
    const auto rows = CountRows(*store);
    BOOST_CHECK_GE(rows, written);
    BOOST_CHECK_LE(rows, written + 1); // the one that failed may have reached the disk whole
    BOOST_CHECK(store->Write(Row(500'000)).HasValue());
}

BOOST_AUTO_TEST_CASE(the_log_stays_small)
{
    test::TempDir folder;
    auto store = MustOpen(folder.Path(), Store::Mode::Create);
    for (uint32_t i = 0; i < 600; ++i) {
        RowBatch batch;
        for (uint32_t j = 0; j < 50; ++j)
            batch.push_back(Row(i * 50 + j, 1000)[0]);
        BOOST_REQUIRE(store->Write(batch).HasValue());
    }
    size_t bytes = 0;
    for (int i = 1; i < 100; ++i) {
        struct stat info {};

        const auto name = base::Format("%s/database/log.%010d", folder.Path().c_str(), i);
        if (stat(name.c_str(), &info) == 0) bytes += static_cast<size_t>(info.st_size);
    }
    BOOST_CHECK_GT(bytes, 0u);
    BOOST_CHECK_LE(bytes, size_t{12} << 20); // of 30 MB written
    store.reset();
    BOOST_CHECK(access(folder.File("database/log.0000000001").c_str(), F_OK) != 0);
    BOOST_CHECK_EQUAL(CountRows(*MustOpen(folder.Path(), Store::Mode::Open)), 30'000u);
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_file_alone_opens)
{
    // As somebody copies it who does not know of the log: while it is open, and after a crash.
    WalletRig rig;
    const auto first = rig.Address();
    test::TempDir copy;
    CopyWhole(rig.folder.File("wallet.dat"), copy.File("wallet.dat"));
    const auto opened = wallet::OpenWallet("", copy.Path(), Store::Mode::Open, {}, rig.node.Deps());
    BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
    BOOST_CHECK((*opened)->IsMine(test::ScriptOf(first)));
}

BOOST_AUTO_TEST_CASE(backups_while_running_open_alone_and_leave_the_wallet_whole)
{
    WalletRig rig;
    for (int round = 0; round < 5; ++round) {
        const auto address = rig.Address();
        test::TempDir copy;
        BOOST_REQUIRE(rig.wallet->Backup(copy.Path()).HasValue());
        BOOST_CHECK(!rig.wallet->Backup(copy.Path()).HasValue());
        BOOST_CHECK(!rig.wallet->Backup("/nonexistent/folder/file").HasValue());
        // What an earlier one left that was cut short is in nobody's way.
        const std::string second = copy.File("second");
        WriteFile(second + ".incomplete", "half of a file");
        BOOST_REQUIRE(rig.wallet->Backup(second).HasValue());
        BOOST_CHECK(ReadFile(second) == ReadFile(copy.File("wallet.dat")));
        BOOST_CHECK(access((second + ".incomplete").c_str(), F_OK) != 0);
        rig.Fund(COIN);
        const auto opened = wallet::OpenWallet("", copy.Path(), Store::Mode::Open, {}, rig.node.Deps());
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
        BOOST_CHECK((*opened)->IsMine(test::ScriptOf(address)));
        BOOST_CHECK_EQUAL((*opened)->GetBalances(0).trusted, rig.Trusted());
    }
    rig.Open();
    BOOST_CHECK_EQUAL(rig.Trusted(), 5 * COIN);
}

BOOST_AUTO_TEST_CASE(other_networks_versions_and_programs_are_refused)
{
    test::TempDir folder;
    test::FakeNode node;
    const auto open = [&] {
        return wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
    };
    const auto put = [&](const RowBatch& rows) {
        return MustOpen(folder.Path(), Store::Mode::Open)->Write(rows).HasValue();
    };
    BOOST_REQUIRE(wallet::OpenWallet("", folder.Path(), Store::Mode::Create, {}, node.Deps()).HasValue());
    BOOST_REQUIRE(put({wallet::MakeRow(wallet::HeaderRow{1, "main", 1, 0})}));
    BOOST_CHECK(open().Error().message.find("is a wallet of network main") != std::string::npos);
    BOOST_REQUIRE(put({wallet::MakeRow(wallet::HeaderRow{3, "regtest", 1, 0})}));
    BOOST_CHECK(open().Error().message.find("newer version") != std::string::npos);
    BOOST_REQUIRE(put({{wallet::HeaderKey(), Bytes{1}}}));
    BOOST_CHECK(open().Error().message.find("no wallet of this program") != std::string::npos);
    BOOST_REQUIRE(put({wallet::MakeRow(wallet::HeaderRow{1, "regtest", 1, 0})}));
    BOOST_REQUIRE(put({{Bytes{'T', 1, 2}, Bytes{1}}}));
    BOOST_CHECK(open().Error().message.find("row that cannot be read") != std::string::npos);
    BOOST_REQUIRE(put({{Bytes{'T', 1, 2}, std::nullopt}, {Bytes{'?'}, Bytes{1}}})); // unknown kinds are left
    BOOST_CHECK(open().HasValue());
    RowBatch no_accounts; // the seed is enough
    for (uint8_t type = 0; type < 4; ++type)
        no_accounts.push_back({wallet::AccountKey(type), std::nullopt});
    BOOST_REQUIRE(put(no_accounts));
    BOOST_CHECK(open().HasValue());
    BOOST_REQUIRE(put({{wallet::SeedKey(), std::nullopt}}));
    BOOST_CHECK(open().Error().message.find("no usable seed") != std::string::npos);
    BOOST_CHECK_EQUAL(open().Error().code, -4);
}

/// A wallet at work is killed again and again. Whatever it has told anybody before must be there afterwards.
BOOST_AUTO_TEST_CASE(kills_at_any_time_lose_nothing)
{
    test::TempDir folder;
    crypto::TestRandom random(static_cast<uint64_t>(getpid()));
    std::vector<std::string> promised;
    // On a busy machine little is done before each kill: more rounds then, until enough was promised.
    for (int round = 0; round < 50 || (promised.size() <= 20 && round < 1000); ++round) {
        int ends[2];
        BOOST_REQUIRE_EQUAL(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            test::FakeNode node;
            const bool there = wallet::HoldsWallet(folder.Path());
            auto opened = wallet::OpenWallet(
                "", folder.Path(), there ? Store::Mode::Open : Store::Mode::Create, {}, node.Deps());
            if (!opened) _exit(1);
            const auto tell = [&ends](std::string line) {
                line += '\n';
                if (write(ends[1], line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(2);
            };
            for (int i = 0;; ++i) {
                const auto type = static_cast<AddressType>(i % 4);
                const auto address = (*opened)->NewAddress(type, "label", false);
                if (!address) _exit(3);
                tell("a " + *address);
                node.Mine({}, {node.Gift(test::ScriptOf(*address), COIN)});
                interfaces::Recipient recipient;
                recipient.script = WalletRig::Foreign();
                recipient.amount = COIN / 3;
                const auto sent = (*opened)->Send({recipient}, {});
                if (!sent) _exit(4);
                tell("t " + base::ReversedHex(*sent));
                const auto named = (*opened)->ChangeNames(
                    {{names::OpKind::New, base::Format("n%d-%d", getpid(), i), base::ToBytes("v"), 1, ""}});
                if (!named) _exit(5);
                tell("t " + base::ReversedHex(*named));
                if (i % 4 == 3) opened->reset(), _exit(0); // an orderly end at times
            }
        }
        close(ends[1]);
        // Where 50 rounds promised little the machine is slow, or watched by a sanitizer: more time.
        const uint64_t longest_us = 120'000 + 20'000 * static_cast<uint64_t>(std::max(0, round - 50));
        usleep(static_cast<useconds_t>(random.Below(longest_us)));
        kill(child, SIGKILL);
        std::string said;
        char buffer[4096];
        for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof(buffer))) > 0;)
            said.append(buffer, static_cast<size_t>(got));
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        BOOST_REQUIRE_MESSAGE(!WIFEXITED(status) || WEXITSTATUS(status) == 0,
                              "round " << round << " ended with " << WEXITSTATUS(status));
        for (size_t at = 0; at < said.size();) {
            const size_t end = said.find('\n', at);
            if (end == std::string::npos) break;
            promised.push_back(said.substr(at, end - at));
            at = end + 1;
        }
        if (!wallet::HoldsWallet(folder.Path())) continue;
        test::FakeNode node;
        const auto opened = wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
        for (const auto& line : promised) {
            if (line.starts_with("a ")) {
                BOOST_REQUIRE((*opened)->GetAddressInfo(line.substr(2))->mine);
                BOOST_REQUIRE_EQUAL((*opened)->GetAddressInfo(line.substr(2))->label, "label");
            } else {
                BOOST_REQUIRE((*opened)->GetTransaction(*base::HashFromReversedHex(line.substr(2))));
            }
        }
    }
    BOOST_TEST_MESSAGE(promised.size() << " promises kept");
    BOOST_CHECK_GT(promised.size(), 20u);
}

/// Whatever was told to be backed up opens by itself; the wallet does so, too.
BOOST_AUTO_TEST_CASE(kills_while_backing_up)
{
    WalletRig rig;
    const auto address = rig.Address();
    rig.wallet.reset();
    crypto::TestRandom random(static_cast<uint64_t>(getpid()) + 2);
    test::TempDir copies;
    int done = 0;
    for (int round = 0; round < 12; ++round) {
        int ends[2];
        BOOST_REQUIRE_EQUAL(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            test::FakeNode node;
            const auto opened = wallet::OpenWallet("", rig.folder.Path(), Store::Mode::Open, {}, node.Deps());
            if (!opened) _exit(1);
            for (uint8_t i = 0; i < 50; ++i) {
                const auto file = copies.File(std::to_string(round) + "-" + std::to_string(i));
                if (!(*opened)->Backup(file)) _exit(2);
                if (!(*opened)->NewAddress(AddressType::Legacy, "", false)) _exit(3);
                if (write(ends[1], &i, 1) != 1) _exit(4);
            }
            _exit(0);
        }
        close(ends[1]);
        uint8_t number = 0;
        std::optional<uint8_t> last;
        if (read(ends[0], &number, 1) == 1) last = number; // the first is there, however busy the machine is
        usleep(static_cast<useconds_t>(random.Below(150'000)));
        kill(child, SIGKILL);
        while (read(ends[0], &number, 1) == 1)
            last = number;
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        BOOST_REQUIRE(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
        rig.Open();
        BOOST_REQUIRE(rig.wallet->IsMine(test::ScriptOf(address)));
        rig.wallet.reset();
        if (!last) continue;
        // What was told to be done, and what the kill came into: whatever has its name is whole.
        for (const int after : {0, 1}) {
            const auto file = copies.File(std::to_string(round) + "-" + std::to_string(*last + after));
            if (access(file.c_str(), F_OK) != 0) {
                BOOST_REQUIRE_EQUAL(after, 1);
                continue;
            }
            test::TempDir copy;
            CopyWhole(file, copy.File("wallet.dat"));
            const auto opened = wallet::OpenWallet("", copy.Path(), Store::Mode::Open, {}, rig.node.Deps());
            BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
            BOOST_CHECK((*opened)->IsMine(test::ScriptOf(address)));
        }
        ++done;
    }
    BOOST_CHECK_EQUAL(done, 12);
}

/// The first start is cut short: the next one makes the wallet.
BOOST_AUTO_TEST_CASE(kills_while_a_wallet_is_made)
{
    crypto::TestRandom random(static_cast<uint64_t>(getpid()) + 1);
    for (int round = 0; round < 40; ++round) {
        test::TempDir folder;
        const pid_t child = fork();
        if (child == 0) {
            test::FakeNode node;
            const auto made = wallet::OpenWallet("", folder.Path(), Store::Mode::Create, {}, node.Deps());
            _exit(made ? 0 : 1);
        }
        usleep(static_cast<useconds_t>(random.Below(60'000)));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        test::FakeNode node;
        const bool there = wallet::HoldsWallet(folder.Path());
        const auto opened = wallet::OpenWallet(
            "", folder.Path(), there ? Store::Mode::Open : Store::Mode::Create, {}, node.Deps());
        BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
        BOOST_REQUIRE((*opened)->NewAddress(AddressType::Bech32, "", false).HasValue());
    }
}

/// A wallet on a disk that fills up: clear words, and everything promised is there afterwards.
BOOST_AUTO_TEST_CASE(a_wallet_on_a_full_disk)
{
    test::TempDir folder;
    test::FakeNode setup;
    BOOST_REQUIRE(wallet::OpenWallet("", folder.Path(), Store::Mode::Create, {}, setup.Deps()).HasValue());
    test::TempDir notes;
    const int code = InChild([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        test::FakeNode node;
        auto opened = wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
        if (!opened) _exit(2);
        const int fd = open(notes.File("list").c_str(), O_WRONLY | O_CREAT, 0600);
        const rlimit limit{200'000, 200'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        for (int i = 0; i < 20'000; ++i) {
            const auto address = (*opened)->NewAddress(AddressType::Bech32, std::string(900, 'x'), false);
            if (!address) {
                const bool clear =
                    address.Error().code == -4 && address.Error().message.starts_with("The disk is full");
                opened->reset();
                _exit(clear ? 0 : 3);
            }
            const auto line = *address + "\n";
            static_cast<void>(!write(fd, line.data(), line.size()));
        }
        _exit(4);
    });
    BOOST_CHECK_EQUAL(code, 0);
    test::FakeNode node;
    const auto opened = wallet::OpenWallet("", folder.Path(), Store::Mode::Open, {}, node.Deps());
    BOOST_REQUIRE_MESSAGE(opened.HasValue(), test::Why(opened));
    std::ifstream list(notes.File("list"));
    size_t count = 0;
    for (std::string address; std::getline(list, address); ++count)
        BOOST_REQUIRE((*opened)->GetAddressInfo(address)->mine);
    BOOST_CHECK_GT(count, 20u);
}

BOOST_AUTO_TEST_SUITE_END()
