#include "app/option_table.h"

namespace emc::app {

namespace {

using enum OptionType;

constexpr std::string_view GROUP = "Options";

constexpr OptionSpec HELP = {
    .name = "help", .group = GROUP, .type = Bool, .help = "Print this text and exit"};
constexpr OptionSpec HELP_SHORT = {.name = "h", .group = GROUP, .type = Bool, .alias_of = "help"};
constexpr OptionSpec HELP_MARK = {.name = "?", .group = GROUP, .type = Bool, .alias_of = "help"};
constexpr OptionSpec VERSION = {
    .name = "version", .group = GROUP, .type = Bool, .help = "Print the version and exit"};
constexpr OptionSpec CHAIN = {.name = "chain",
                              .group = GROUP,
                              .argument = "<name>",
                              .fallback = "main",
                              .help = "Network: main, test or regtest"};
constexpr OptionSpec TESTNET = {
    .name = "testnet", .group = GROUP, .type = Bool, .fallback = "0", .help = "The same as -chain=test"};
constexpr OptionSpec REGTEST = {
    .name = "regtest", .group = GROUP, .type = Bool, .fallback = "0", .help = "The same as -chain=regtest"};

constexpr OptionSpec TX[] = {
    HELP,
    HELP_SHORT,
    HELP_MARK,
    VERSION,
    CHAIN,
    TESTNET,
    REGTEST,
    {.name = "create",
     .group = GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "Begin with an empty transaction"},
    {.name = "json", .group = GROUP, .type = Bool, .fallback = "0", .help = "Print JSON instead of hex"},
    {.name = "txid", .group = GROUP, .type = Bool, .fallback = "0", .help = "Print the id alone"},
};

constexpr OptionSpec UTIL[] = {HELP, HELP_SHORT, HELP_MARK, VERSION, CHAIN, TESTNET, REGTEST};

} // namespace

std::span<const OptionSpec> TxToolTable()
{
    return TX;
}

std::span<const OptionSpec> UtilToolTable()
{
    return UTIL;
}

} // namespace emc::app
