// Wallets of a folder, and what tools read and write of them: restored, loaded at the start, dumped, counted.

#include "rig.h"
#include "wallet/inspect.h"
#include "wallet/rows.h"
#include "wallet/wallets.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace emc;
using base::Bytes;
using test::RowsOf;
using wallet::RowBatch;
using wallet::RowChange;

namespace {

void PutText(const std::string& path, const std::string& content)
{
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

wallet::Inventory Count(const RowBatch& rows)
{
    wallet::Inventory out;
    for (const auto& row : rows)
        out.Add(row.key, *row.value);
    return out;
}

/// A closed wallet with a label, an imported key and a transaction.
RowBatch SampleRows()
{
    test::WalletRig rig;
    const auto key = crypto::PrivateKey::Generate(rig.node.random);
    const auto wif = script::EncodeSecret(consensus::RegtestParams().addresses, key);
    BOOST_REQUIRE(rig.wallet->ImportSecret(wif, "imported", false).HasValue());
    rig.Fund(primitives::COIN);
    rig.wallet.reset();
    return RowsOf(rig.folder.Path());
}

bool Same(const RowBatch& a, const RowBatch& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const RowChange& x, const RowChange& y) {
        return x.key == y.key && x.value == y.value;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_files)

BOOST_AUTO_TEST_CASE(a_backup_is_restored_or_nothing_is_left)
{
    test::FakeNode node;
    test::TempDir folder;
    test::TempDir backups;
    wallet::Wallets wallets(folder.Path(), {}, node.Deps());
    const auto shop = wallets.Create("shop", {});
    BOOST_REQUIRE(shop.HasValue());
    const auto address = *(*shop)->NewAddress(interfaces::AddressType::Bech32, "kept", false);
    const auto backup = backups.File("backup");
    BOOST_REQUIRE((*shop)->Backup(backup).HasValue());
    const auto restored = wallets.Restore("restored", backup);
    BOOST_REQUIRE_MESSAGE(restored.HasValue(), test::Why(restored));
    BOOST_CHECK_EQUAL((*restored)->GetAddressInfo(address)->label, "kept");
    BOOST_CHECK_EQUAL(wallets.Restore("restored", backup).Error().code, -36);
    BOOST_CHECK_EQUAL(wallets.Restore("a/b", backup).Error().code, -8);
    BOOST_CHECK_EQUAL(wallets.Restore("other", backups.File("none")).Error().code, -8);
    // One of another network reads whole and is refused all the same; a damaged one does not.
    const auto foreign = backups.File("foreign");
    BOOST_REQUIRE(
        wallet::CreateFrom(foreign, {wallet::MakeRow(wallet::HeaderRow{2, "main", 1, 0})}).HasValue());
    const auto refused = wallets.Restore("other", foreign + "/wallet.dat");
    BOOST_CHECK_EQUAL(refused.Error().code, -4);
    BOOST_CHECK(refused.Error().message.find("of network main") != std::string::npos);
    PutText(backups.File("damaged"), std::string(20'000, 'x'));
    BOOST_CHECK_EQUAL(wallets.Restore("other", backups.File("damaged")).Error().code, -4);
    BOOST_CHECK(!std::filesystem::exists(folder.File("other")));
    const std::vector<std::string> both{"restored", "shop"};
    BOOST_CHECK(wallets.OnDisk() == both);
}

/// The newest rows of a wallet that is open, or was not closed in order, may be in its log alone.
BOOST_AUTO_TEST_CASE(the_file_of_an_open_wallet_is_no_backup)
{
    test::FakeNode node;
    test::TempDir folder;
    wallet::Wallets wallets(folder.Path(), {}, node.Deps());
    const auto refused = [&](const std::string& file, const std::string& why) {
        const auto restored = wallets.Restore("copy", file);
        BOOST_REQUIRE_MESSAGE(!restored.HasValue(), file);
        BOOST_CHECK_EQUAL(restored.Error().code, -4);
        for (const auto& part : {file, why, std::string("backupwallet")})
            BOOST_CHECK_MESSAGE(restored.Error().message.find(part) != std::string::npos,
                                restored.Error().message);
        BOOST_CHECK(!std::filesystem::exists(folder.File("copy")));
    };
    BOOST_REQUIRE(wallets.Create("shop", {}).HasValue());
    BOOST_REQUIRE(wallets.Create("", {}).HasValue());
    const auto file = folder.File("shop/wallet.dat");
    refused(file, "is loaded");
    refused(folder.File("wallet.dat"), "is loaded");
    refused(folder.File("shop/../shop/wallet.dat"), "is loaded");
    test::TempDir links;
    std::filesystem::create_symlink(file, links.File("link"));
    refused(links.File("link"), "is loaded");
    // What lies beside the file of one is no such file.
    const auto beside = folder.File("beside.dat");
    BOOST_REQUIRE(wallets.Loaded()[0]->Backup(beside).HasValue());
    BOOST_CHECK(wallets.Restore("of beside", beside).HasValue());
    BOOST_REQUIRE(wallets.Unload("shop").HasValue());
    const auto log = folder.File("shop/database/log.0000000001");
    PutText(log, "rows");
    refused(file, "shop/database");
    std::filesystem::remove(log);
    const auto restored = wallets.Restore("copy", file);
    BOOST_CHECK_MESSAGE(restored.HasValue(), test::Why(restored));
}

BOOST_AUTO_TEST_CASE(the_list_of_the_start_is_kept)
{
    test::FakeNode node;
    test::TempDir folder;
    wallet::Wallets wallets(folder.Path(), {}, node.Deps());
    BOOST_CHECK(wallets.LoadOnStart().empty());
    for (const char* name : {"a", "b", "", "a"})
        BOOST_REQUIRE(wallets.SetLoadOnStart(name, true).HasValue());
    BOOST_REQUIRE(wallets.SetLoadOnStart("never there", false).HasValue());
    const std::vector<std::string> three{"b", "", "a"};
    BOOST_CHECK(wallets.LoadOnStart() == three);
    BOOST_REQUIRE(wallets.SetLoadOnStart("b", false).HasValue());
    const wallet::Wallets again(folder.Path(), {}, node.Deps());
    const std::vector<std::string> two{"", "a"};
    BOOST_CHECK(again.LoadOnStart() == two);
    const auto list = folder.File(".load_on_startup.json");
    for (const std::string text : {"", "[\"a\", ", "{}", "7"}) {
        PutText(list, text);
        BOOST_CHECK(wallets.LoadOnStart().empty());
    }
    PutText(list, "[1, \"a\", null]");
    BOOST_CHECK(wallets.LoadOnStart() == std::vector<std::string>{"a"});
    std::filesystem::remove(list);
    std::filesystem::create_directory(list); // cannot be replaced
    BOOST_CHECK_EQUAL(wallets.SetLoadOnStart("a", true).Error().code, -4);
}

BOOST_AUTO_TEST_CASE(a_dump_comes_back_as_it_was)
{
    const auto rows = SampleRows();
    const auto text = wallet::DumpText(rows);
    const auto read = wallet::ParseDumpText(text);
    BOOST_REQUIRE_MESSAGE(read.HasValue(), (read ? "" : read.Error()));
    BOOST_CHECK(Same(*read, rows));
    test::TempDir folder;
    BOOST_REQUIRE(wallet::CreateFrom(folder.File("copy"), *read).HasValue());
    BOOST_CHECK(Same(RowsOf(folder.File("copy")), rows));
    BOOST_CHECK(wallet::CreateFrom(folder.File("copy"), *read).Error().error == wallet::StoreError::Exists);
    // Rows of many pages.
    RowBatch many{wallet::MakeRow(wallet::HeaderRow{2, "regtest", 1, 0})};
    for (uint8_t i = 0; i < 200; ++i) {
        for (uint8_t j = 0; j < 7; ++j)
            many.push_back(wallet::MakeLabelRow(Bytes{i, j}, "label"));
    }
    BOOST_REQUIRE(wallet::CreateFrom(folder.File("many"), many).HasValue());
    BOOST_CHECK_EQUAL(RowsOf(folder.File("many")).size(), many.size());
}

BOOST_AUTO_TEST_CASE(a_changed_dump_is_refused)
{
    const auto text = wallet::DumpText({{Bytes{'V'}, Bytes{1, 2}}, {Bytes{'S'}, Bytes{}}});
    BOOST_REQUIRE(wallet::ParseDumpText(text).HasValue());
    const auto why = [](const std::string& changed) {
        const auto read = wallet::ParseDumpText(changed);
        return read ? std::string("taken") : read.Error();
    };
    const auto with = [&text](const std::string& from, const std::string& to) {
        auto out = text;
        const size_t at = out.find(from);
        BOOST_REQUIRE_NE(at, std::string::npos);
        return out.replace(at, from.size(), to);
    };
    BOOST_CHECK_EQUAL(why(""), "it does not begin as a dump of a wallet does");
    BOOST_CHECK_EQUAL(why(with("bdb", "sqlite")), "it does not begin as a dump of a wallet does");
    BOOST_CHECK_EQUAL(why(with("56,0102", "56,0103")),
                      "the checksum is wrong: something was changed or is missing");
    BOOST_CHECK_EQUAL(why(text.substr(0, text.find("checksum"))), "the checksum at the end is missing");
    BOOST_CHECK_EQUAL(why(text + "\n"), "something follows the checksum");
    for (const char* line : {"560102", ",0102", "5,0102", "56,010", "56,01x2", ""}) {
        BOOST_CHECK_EQUAL(why(with("56,0102", line)),
                          "line 3 is no row: two hex numbers with a comma between them");
    }
}

BOOST_AUTO_TEST_CASE(rows_are_counted_and_damaged_ones_named)
{
    const auto rows = SampleRows();
    const auto found = Count(rows);
    BOOST_CHECK_EQUAL(found.version, wallet::FILE_VERSION);
    BOOST_CHECK_EQUAL(found.network, "regtest");
    BOOST_CHECK(found.seed && found.phrase && !found.encrypted && found.damaged.empty());
    BOOST_CHECK_EQUAL(found.imported, 1u);
    BOOST_CHECK_EQUAL(found.transactions, 1u);
    BOOST_CHECK_EQUAL(found.labels, 3u);
    BOOST_CHECK_EQUAL(Count({{Bytes{'?', 1}, Bytes{1}}}).unknown, 1u);
    // Every kind but labels, of which any bytes will do, and names of nothing.
    size_t checked = 0;
    for (const auto& row : rows) {
        BOOST_CHECK(wallet::IsReadable(row.key, *row.value));
        const auto kind = wallet::KindOf(row.key);
        if (!kind || kind == wallet::RowKind::Label) continue;
        BOOST_CHECK_MESSAGE(!wallet::IsReadable(row.key, {}), base::Hex(row.key));
        ++checked;
    }
    BOOST_CHECK_GE(checked, 10u);
    for (const char kind : {'M', 'D', 'U', 'X', 'W'})
        BOOST_CHECK_MESSAGE(!wallet::IsReadable(Bytes{static_cast<uint8_t>(kind)}, {}), kind);
    RowBatch bad;
    for (uint8_t i = 0; i < 150; ++i)
        bad.push_back({Bytes{'T', i}, Bytes{i}});
    BOOST_CHECK_EQUAL(Count(bad).damaged.size(), 100u);
    BOOST_CHECK_EQUAL(Count(bad).damaged[7], "5407");
    BOOST_CHECK(wallet::SalvageRows("/nowhere/wallet.dat").Error().error == wallet::StoreError::NotFound);
}

BOOST_AUTO_TEST_SUITE_END()
