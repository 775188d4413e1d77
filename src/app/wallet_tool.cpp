#include "app/wallet_tool.h"

#include "app/setup.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "wallet/inspect.h"
#include "wallet/make.h"
#include "wallet/rows.h"
#include "wallet/store_files.h"

#include <algorithm>
#include <iostream>

namespace emc::app {

namespace {

using wallet::Inventory;
using wallet::RowBatch;
using wallet::Store;

constexpr size_t MAX_DUMP_BYTES = 2u << 30;

/// What the command works on.
struct Target {
    std::string name;
    std::string folder;
    std::string network;
    std::string dump_file;
};

int Fail(const std::string& message)
{
    std::cerr << "Error: " << message << "\n";
    return 1;
}

void PrintInventory(const Inventory& found)
{
    const auto yes = [](bool is) { return is ? "yes" : "no"; };
    std::cout << "Version: " << found.version << "\nNetwork: " << found.network
              << "\nBirth: " << base::TimeText(found.birth_time) << "\nEncrypted: " << yes(found.encrypted)
              << "\nPrivate keys: " << yes((found.flags & wallet::FLAG_NO_PRIVATE_KEYS) == 0)
              << "\nSeed: " << yes(found.seed) << "\nRecovery phrase: " << yes(found.phrase)
              << "\nImported keys: " << found.imported << "\nDescriptors: " << found.descriptors
              << "\nLabels: " << found.labels << "\nTransactions: " << found.transactions << "\n";
    if (found.unknown > 0) std::cout << "Rows of unknown kinds: " << found.unknown << "\n";
}

/// All rows, with the wallet held so that no node changes it meanwhile.
base::Expected<RowBatch, wallet::StoreFailure> ReadRows(const Target& target)
{
    const auto store = Store::Open(target.folder, Store::Mode::Open);
    if (!store) return base::Unexpected(store.Error());
    RowBatch rows;
    const auto read = (*store)->ForEach([&rows](base::ByteSpan key, base::ByteSpan value) {
        rows.push_back({base::Bytes(key.begin(), key.end()), base::Bytes(value.begin(), value.end())});
    });
    if (!read) return base::Unexpected(read.Error());
    return rows;
}

Inventory InventoryOf(const RowBatch& rows)
{
    Inventory found;
    for (const auto& row : rows)
        found.Add(row.key, *row.value);
    return found;
}

int Create(const Target& target)
{
    crypto::SystemRandom random;
    const auto made =
        wallet::MakeWalletFile(target.folder, target.network, base::Clock().NowSec(), {{}, 0, random});
    if (!made) return Fail(made.Error().message);
    std::cout
        << "Made a wallet in " << target.folder
        << ". It is not encrypted: load it and call encryptwallet; getmnemonic shows its recovery phrase.\n";
    return 0;
}

int Info(const Target& target)
{
    const auto rows = ReadRows(target);
    if (!rows) return Fail(rows.Error().message);
    PrintInventory(InventoryOf(*rows));
    return 0;
}

int Check(const Target& target)
{
    const auto rows = ReadRows(target);
    if (!rows) return Fail(rows.Error().message);
    const auto found = InventoryOf(*rows);
    for (const auto& key : found.damaged)
        std::cout << "Cannot be read: row " << key << "\n";
    const bool right = found.version >= 1 && found.version <= wallet::FILE_VERSION &&
                       found.network == target.network && found.damaged.empty();
    if (found.version == 0) std::cout << "There is no header: this is no wallet of this program\n";
    if (found.version > wallet::FILE_VERSION) std::cout << "A newer version of this program made it\n";
    if (found.version != 0 && found.network != target.network)
        std::cout << "It is a wallet of network " << found.network << ", this is " << target.network << "\n";
    std::cout << (right ? "All " : "Of ") << rows->size() << " rows "
              << (right ? "can be read.\n" : "not all are right.\n");
    return right ? 0 : 1;
}

int Dump(const Target& target)
{
    if (target.dump_file.empty()) return Fail("Name the file to write with -dumpfile");
    const auto rows = ReadRows(target);
    if (!rows) return Fail(rows.Error().message);
    const auto written = wallet::WriteNewFile(target.dump_file, wallet::DumpText(*rows));
    if (!written) return Fail(written.Error().message);
    std::cout << rows->size() << " rows are in " << target.dump_file
              << ". Whoever has that file has the money, unless the wallet is encrypted.\n";
    return 0;
}

int CreateFromDump(const Target& target)
{
    if (target.dump_file.empty()) return Fail("Name the file to read with -dumpfile");
    const auto text = ReadTextFile(target.dump_file, MAX_DUMP_BYTES);
    if (!text) return Fail("Cannot read " + target.dump_file);
    const auto rows = wallet::ParseDumpText(*text);
    if (!rows) return Fail(target.dump_file + ": " + rows.Error());
    const auto found = InventoryOf(*rows);
    if (found.version == 0) return Fail(target.dump_file + " holds no header row, so it is no whole wallet");
    if (found.network != target.network)
        return Fail(target.dump_file + " is of network " + found.network + ", this is " + target.network);
    const auto made = wallet::CreateFrom(target.folder, *rows);
    if (!made) return Fail(made.Error().message);
    std::cout << "Made a wallet in " << target.folder << " of " << rows->size() << " rows.\n";
    return 0;
}

/// The damaged file stays as it is; what it gives becomes a wallet beside it.
int Salvage(const Target& target)
{
    const std::string file = target.folder + "/" + wallet::FILE_NAME;
    auto rows = wallet::SalvageRows(file);
    if (!rows) return Fail(rows.Error().message);
    auto found = InventoryOf(*rows);
    if (!found.seed && found.imported == 0 && found.descriptors == 0)
        return Fail("No key could be read in " + file +
                    "; see doc/wallet-file.md for what else can be tried");
    if (found.version == 0) {
        rows->push_back(wallet::MakeRow(wallet::HeaderRow{wallet::FILE_VERSION, target.network, 1, 0}));
        found = InventoryOf(*rows);
    }
    const std::string to = target.folder + (target.name.empty() ? "/" : "-") + "salvaged";
    const auto made = wallet::CreateFrom(to, *rows);
    if (!made) return Fail(made.Error().message);
    std::cout << "What could be read is a new wallet in " << to << ":\n";
    PrintInventory(found);
    std::cout << "Load it on a node with -rescan.\n";
    return 0;
}

struct Command {
    std::string_view name;
    std::string_view help;
    int (*run)(const Target& target);
};

constexpr Command COMMANDS[] = {
    {"create", "Make a wallet", Create},
    {"info", "Tell what is in a wallet", Info},
    {"check", "Read all rows of a wallet and tell which cannot be", Check},
    {"dump", "Write all rows into a text file", Dump},
    {"createfromdump", "Make a wallet of such a file", CreateFromDump},
    {"salvage", "Make a new wallet of what a damaged file still gives; it stays as it is", Salvage},
};

void PrintHelp()
{
    std::cout << VersionText("emercoin-wallet")
              << "\nUsage: emercoin-wallet [options] <command>\n\nCommands:\n\n";
    for (const auto& command : COMMANDS)
        std::cout << "  " << command.name << "\n       " << command.help << "\n";
    std::cout << "\nThe node must not have the wallet loaded.\n\n" << OptionsHelp(WalletToolOptions());
}

} // namespace

int RunWalletTool(const std::vector<std::string>& arguments)
{
    const auto setup = MakeSetup(arguments, WalletToolOptions());
    if (!setup) return Fail(setup.Error());
    const auto& options = setup->options;
    if (options.Bool("version", false)) {
        std::cout << VersionText("emercoin-wallet");
        return 0;
    }
    const auto& words = options.Words();
    if (options.Bool("help", false) || words.empty()) {
        PrintHelp();
        return words.empty() && !options.Bool("help", false) ? 1 : 0;
    }
    const auto* const command = std::find_if(std::begin(COMMANDS), std::end(COMMANDS),
                                             [&](const auto& c) { return c.name == words[0]; });
    if (command == std::end(COMMANDS) || words.size() > 1)
        return Fail("'" + words.back() + "' is no command here; -help lists them");
    Target target;
    const auto names = options.List("wallet");
    if (names.size() > 1) return Fail("Name one wallet with -wallet");
    target.name = names.empty() ? "" : names[0];
    target.network = setup->params.name;
    target.folder =
        options.Has("walletdir") ? options.Text("walletdir") : setup->folders.network + "/wallets";
    if (auto made = MakeFolder(target.folder); !made) return Fail(made.Error());
    if (!target.name.empty()) target.folder += "/" + target.name;
    target.dump_file = options.Text("dumpfile");
    return command->run(target);
}

} // namespace emc::app
