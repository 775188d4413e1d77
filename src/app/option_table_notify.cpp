#include "app/option_table.h"

namespace emc::app {

namespace {

using enum OptionType;

constexpr std::string_view GROUP = "Notifications";

constexpr OptionSpec COMMANDS[] = {
    {.name = "blocknotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help =
         "Run this when the tip changes, not while catching up: %s is the hash of the block, %h its height",
     .multiple = true},
    {.name = "walletnotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help =
         "Run this when a transaction of a wallet comes into the mempool, a block, or out of it again: %s is "
         "its id, %w the wallet, %b the hash of the block or unconfirmed, %h its height or -1",
     .multiple = true},
    {.name = "namenotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help =
         "Run this for every operation on a name in a block, not while catching up: %n is the name, %o "
         "name_new, name_update or name_delete, %t the transaction, %h and %b height and hash of the block. "
         "Names are chosen by strangers: see doc/notifications.md",
     .multiple = true},
    {.name = "alertnotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help = "Run this when the node has to stop because of a fault: %s is the message",
     .multiple = true},
    {.name = "startupnotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help = "Run this when the node is ready",
     .multiple = true},
    {.name = "shutdownnotify",
     .group = GROUP,
     .argument = "<cmd>",
     .help = "Run this when the node stops, which waits for it up to 30 seconds",
     .multiple = true},
};

constexpr std::string_view ZMQ_GROUP = "ZeroMQ";

constexpr OptionSpec Address(std::string_view name, std::string_view help)
{
    OptionSpec spec;
    spec.name = name;
    spec.group = ZMQ_GROUP;
    spec.argument = "<address>";
    spec.help = help;
    spec.multiple = true;
    spec.never_empty = true;
    return spec;
}

constexpr OptionSpec HighWater(std::string_view name)
{
    OptionSpec spec;
    spec.name = name;
    spec.group = ZMQ_GROUP;
    spec.type = Integer;
    spec.argument = "<n>";
    spec.fallback = "1000";
    spec.help = "Messages of it kept for a slow listener; 0: no limit";
    spec.low = 0;
    spec.high = INT32_MAX;
    return spec;
}

constexpr OptionSpec ZMQ[] = {
    Address("zmqpubhashblock", "Publish hashes of new tips at an address like tcp://127.0.0.1:28332"),
    HighWater("zmqpubhashblockhwm"),
    Address("zmqpubhashtx",
            "Publish ids of transactions that come into the mempool, a block, or out of it again"),
    HighWater("zmqpubhashtxhwm"),
    Address("zmqpubrawblock", "Publish new tips as whole blocks"),
    HighWater("zmqpubrawblockhwm"),
    Address("zmqpubrawtx", "Publish those transactions whole"),
    HighWater("zmqpubrawtxhwm"),
    Address("zmqpubsequence", "Publish every change of chain and mempool in order"),
    HighWater("zmqpubsequencehwm"),
    Address("zmqpubname", "Publish operations on names as JSON"),
    HighWater("zmqpubnamehwm"),
    Address("zmqpubcallreward", "Publish rewards for calls as JSON"),
    HighWater("zmqpubcallrewardhwm"),
};

} // namespace

std::span<const OptionSpec> CommandOptions()
{
    return COMMANDS;
}

std::span<const OptionSpec> ZmqOptions()
{
    return ZMQ;
}

} // namespace emc::app
