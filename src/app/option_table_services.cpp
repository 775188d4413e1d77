#include "app/option_table.h"

namespace emc::app {

namespace {

using enum OptionType;

constexpr std::string_view RPC_GROUP = "RPC server";

constexpr OptionSpec RPC[] = {
    {.name = "server", .group = RPC_GROUP, .type = Bool, .fallback = "1", .help = "Answer JSON-RPC"},
    {.name = "rpcport",
     .group = RPC_GROUP,
     .type = Integer,
     .argument = "<port>",
     .fallback = "6662, test 16662, regtest 26662",
     .help = "Port of the RPC server",
     .per_network = true,
     .low = 1,
     .high = 65535},
    {.name = "rpcbind",
     .group = RPC_GROUP,
     .argument = "<addr>[:port]",
     .fallback = "127.0.0.1 and ::1",
     .help = "Address to listen on; needs -rpcallowip to let others than this computer in",
     .multiple = true,
     .per_network = true},
    {.name = "rpcallowip",
     .group = RPC_GROUP,
     .argument = "<ip>[/bits]",
     .fallback = "this computer",
     .help = "Let these addresses in",
     .multiple = true},
    {.name = "rpcuser",
     .group = RPC_GROUP,
     .argument = "<user>",
     .help = "User name (better: -rpcauth or the cookie file)"},
    {.name = "rpcpassword", .group = RPC_GROUP, .argument = "<pw>", .help = "Password"},
    {.name = "rpcauth",
     .group = RPC_GROUP,
     .argument = "<user:salt$hash>",
     .help = "User with a salted password, made by share/rpcauth",
     .multiple = true},
    {.name = "rpcwhitelist",
     .group = RPC_GROUP,
     .argument = "<user:call,call>",
     .help =
         "Calls this user may make; a second list for the user leaves what both allow. The cookie's user is "
         "__cookie__",
     .multiple = true},
    {.name = "rpcwhitelistdefault",
     .group = RPC_GROUP,
     .type = Bool,
     .fallback = "1 when there is an -rpcwhitelist, else 0",
     .help = "Users without an -rpcwhitelist may make no calls; 0: they may make all"},
    {.name = "rpccookiefile",
     .group = RPC_GROUP,
     .argument = "<file>",
     .fallback = ".cookie",
     .help = "File with a password made anew at each start; a relative path is below the network's folder",
     .never_empty = true},
    {.name = "rpcthreads",
     .group = RPC_GROUP,
     .type = Integer,
     .argument = "<n>",
     .fallback = "4",
     .help = "Workers for long calls",
     .low = 1,
     .high = 256},
    {.name = "rpcworkqueue",
     .group = RPC_GROUP,
     .type = Integer,
     .argument = "<n>",
     .fallback = "64",
     .help = "Long calls that may wait for a worker; more are answered 503",
     .low = 1,
     .high = 100'000},
    {.name = "rpcservertimeout",
     .group = RPC_GROUP,
     .type = Integer,
     .argument = "<s>",
     .fallback = "30",
     .help = "Close connections that are silent for so long",
     .low = 1,
     .high = 86'400},
};

constexpr std::string_view WALLET_GROUP = "Wallet";

constexpr OptionSpec WALLET[] = {
    {.name = "disablewallet",
     .group = WALLET_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "Run without wallets"},
    {.name = "wallet",
     .group = WALLET_GROUP,
     .argument = "<name>",
     .fallback = "wallet.dat",
     .help = "Wallet to load; made when it does not exist and none is named",
     .multiple = true,
     .per_network = true},
    {.name = "walletdir",
     .group = WALLET_GROUP,
     .argument = "<dir>",
     .fallback = "<network folder>/wallets",
     .help = "Folder of the wallets",
     .per_network = true,
     .never_empty = true},
    {.name = "keypool",
     .group = WALLET_GROUP,
     .type = Integer,
     .argument = "<n>",
     .fallback = "100",
     .help = "Addresses derived ahead, so that a restored wallet finds its coins",
     .low = 1,
     .high = 100'000},
    {.name = "paytxfee",
     .group = WALLET_GROUP,
     .type = Amount,
     .argument = "<EMC>",
     .fallback = "0.0001",
     .help = "Fee per kvB of transactions sent"},
    {.name = "maxtxfee",
     .group = WALLET_GROUP,
     .type = Amount,
     .argument = "<EMC>",
     .fallback = "0.1",
     .help = "Never pay more than this for one transaction, burned name fees not counted"},
    {.name = "nametxoutamount",
     .group = WALLET_GROUP,
     .type = Amount,
     .argument = "<EMC>",
     .fallback = "0.0001",
     .help = "Coins that lie in a name output"},
    {.name = "spendzeroconfchange",
     .group = WALLET_GROUP,
     .type = Bool,
     .fallback = "1",
     .help = "Spend own change that is not in a block yet"},
    {.name = "rescan",
     .group = WALLET_GROUP,
     .type = Bool,
     .fallback = "0",
     .help = "Look through all blocks for the wallets' coins"},
};

} // namespace

std::span<const OptionSpec> RpcOptions()
{
    return RPC;
}

std::span<const OptionSpec> WalletOptions()
{
    return WALLET;
}

} // namespace emc::app
