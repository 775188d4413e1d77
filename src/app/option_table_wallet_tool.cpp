#include "app/option_table.h"

namespace emc::app {

namespace {

using enum OptionType;

constexpr std::string_view TOOL_GROUP = "emercoin-wallet";

constexpr OptionSpec TOOL[] = {
    {.name = "help", .group = TOOL_GROUP, .type = Bool, .help = "Print this text and exit"},
    {.name = "h", .group = TOOL_GROUP, .type = Bool, .alias_of = "help"},
    {.name = "?", .group = TOOL_GROUP, .type = Bool, .alias_of = "help"},
    {.name = "version", .group = TOOL_GROUP, .type = Bool, .help = "Print the version and exit"},
    {.name = "datadir",
     .group = TOOL_GROUP,
     .argument = "<dir>",
     .fallback = "~/.emercoin",
     .help = "The node's data folder",
     .never_empty = true},
    {.name = "conf",
     .group = TOOL_GROUP,
     .argument = "<file>",
     .fallback = "emercoin.conf",
     .help = "The node's configuration file",
     .line_only = true},
    {.name = "chain",
     .group = TOOL_GROUP,
     .argument = "<name>",
     .fallback = "main",
     .help = "Network: main, test or regtest"},
    {.name = "testnet",
     .group = TOOL_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "The same as -chain=test"},
    {.name = "regtest",
     .group = TOOL_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "The same as -chain=regtest"},
    {.name = "walletdir",
     .group = TOOL_GROUP,
     .argument = "<dir>",
     .fallback = "wallets",
     .help = "Folder of the wallets, when it is not in the data folder",
     .never_empty = true},
    {.name = "wallet",
     .group = TOOL_GROUP,
     .argument = "<name>",
     .help = "Name of the wallet; without it the one that has none",
     .multiple = true},
    {.name = "dumpfile",
     .group = TOOL_GROUP,
     .argument = "<file>",
     .help = "Text file of dump and createfromdump",
     .never_empty = true},
};

} // namespace

std::span<const OptionSpec> WalletToolTable()
{
    return TOOL;
}

} // namespace emc::app
