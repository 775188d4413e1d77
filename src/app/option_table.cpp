#include "app/option_table.h"

#include <algorithm>

namespace emc::app {

namespace {

constexpr std::string_view OBSOLETE[] = {
    "alerts",
    "checkpointdepth",
    "checkpointkey",
    "checkpointnode",
    "checkpointpubkey",
    "checkpointslots",
    "alertpubkey",
    "disablesafemode",
    "legacyrpc",
    "maxdp",
    "modcache",
    "nameindexchainsize",
    "quantprotection",
    "rpcsslcertificatechainfile",
    "rpcssl",
    "rpcsslciphers",
    "rpcsslprivatekeyfile",
    "rp_max_amount",
    "rp_max_payment",
    "rp_submit",
    "rp_timeout",
    "splitpos",
    "staketimio",
    "stunsrcport",
    "stuntimio",
};

std::vector<OptionSpec> Joined(std::initializer_list<std::span<const OptionSpec>> parts)
{
    std::vector<OptionSpec> out;
    for (const auto& part : parts)
        out.insert(out.end(), part.begin(), part.end());
    return out;
}

} // namespace

bool IsObsoleteOption(std::string_view name)
{
    return std::find(std::begin(OBSOLETE), std::end(OBSOLETE), name) != std::end(OBSOLETE);
}

const std::vector<OptionSpec>& NodeOptions()
{
    static const std::vector<OptionSpec> table =
        Joined({GeneralOptions(), LogOptions(), NetOptions(), PoolOptions(), RpcOptions(), WalletOptions(),
                DnsOptions(), CallOptions(), CommandOptions(), ZmqOptions()});
    return table;
}

const std::vector<OptionSpec>& QtOptions()
{
    static const std::vector<OptionSpec> table = Joined({NodeOptions(), WindowOptions()});
    return table;
}

const std::vector<OptionSpec>& CliOptions()
{
    static const std::vector<OptionSpec> table = Joined({CliTable()});
    return table;
}

const std::vector<OptionSpec>& WalletToolOptions()
{
    static const std::vector<OptionSpec> table = Joined({WalletToolTable()});
    return table;
}

const std::vector<OptionSpec>& TxToolOptions()
{
    static const std::vector<OptionSpec> table = Joined({TxToolTable()});
    return table;
}

const std::vector<OptionSpec>& UtilToolOptions()
{
    static const std::vector<OptionSpec> table = Joined({UtilToolTable()});
    return table;
}

} // namespace emc::app
