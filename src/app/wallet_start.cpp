#include "app/node.h"
#include "app/rooms.h"
#include "base/log.h"
#include "chain/chain.h"
#include "index/index_set.h"
#include "mempool/pool.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/store.h"
#include "wallet/wallets.h"

#include <algorithm>
#endif

namespace emc::app {

Node::Step Node::OpenWallets()
{
#ifdef EMC_ENABLE_WALLET
    const auto& options = m_setup.options;
    if (options.Bool("disablewallet", false)) return {};
    wallet::WalletOptions settings;
    settings.look_ahead = static_cast<uint32_t>(options.Int("keypool", 100));
    settings.fee_rate_per_kvb = options.Amount("paytxfee", settings.fee_rate_per_kvb);
    settings.max_fee = options.Amount("maxtxfee", settings.max_fee);
    settings.name_amount = options.Amount("nametxoutamount", settings.name_amount);
    settings.spend_unconfirmed_change = options.Bool("spendzeroconfchange", true);
    settings.avoid_partial_spends = options.Bool("avoidpartialspends", false);
    settings.max_aps_fee = options.Has("maxapsfee") ? options.Amount("maxapsfee", 0) : settings.max_aps_fee;
    settings.signer = options.Text("signer");
    settings.rescan = options.Bool("rescan", false);
    settings.renew_before_days = static_cast<int32_t>(options.Int("namerenew", 0));
    settings.renew_days = static_cast<int32_t>(options.Int("namerenewdays", settings.renew_days));
    settings.renew_limit = options.Amount("namerenewlimit", settings.renew_limit);
    const wallet::WalletDeps deps{m_rooms->chain->Reader(),
                                  m_rooms->chain->Names(),
                                  m_rooms->chain->Events(),
                                  *m_rooms->pool,
                                  *m_rooms->pool,
                                  *m_rooms->indexes,
                                  m_clock,
                                  m_random,
                                  m_log,
                                  [this] { return m_signal.Requested(); }};
    const std::string folder =
        options.Has("walletdir") ? options.Text("walletdir") : m_setup.folders.network + "/wallets";
    if (auto made = MakeFolder(folder); !made) return made;
    m_rooms->wallets = std::make_unique<wallet::Wallets>(folder, settings, deps);
    std::vector<std::string> names = options.Values("wallet");
    const bool named = !names.empty();
    if (!named) names.emplace_back();
    for (const auto& name : names) {
        const bool make = !named && !wallet::HoldsWallet(folder);
        const auto opened = make ? m_rooms->wallets->Create(name, {}) : m_rooms->wallets->Load(name);
        if (!opened) return base::Unexpected(opened.Error().message);
    }
    // A wallet that somebody moved away must not keep the node from starting.
    for (const auto& name : m_rooms->wallets->LoadOnStart()) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        const auto opened = m_rooms->wallets->Load(name);
        if (!opened) EMC_LOG(m_log, Warning, Wallet, "%s", opened.Error().message.c_str());
    }
#endif
    return {};
}

} // namespace emc::app
