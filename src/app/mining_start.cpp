#include "app/node.h"
#include "app/rooms.h"
#include "chain/chain.h"
#include "mempool/pool.h"
#include "mining/miner.h"
#include "mining/minter.h"
#include "mining/tip_watch.h"
#include "mining/work_desk.h"
#include "p2p/p2p.h"
#include "script/address.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/wallets.h"
#endif

#include <algorithm>

namespace emc::app {

using base::Unexpected;

void Node::SetMockTime(int64_t unix_sec)
{
    m_clock.SetMockTime(unix_sec);
    if (m_rooms->tip_watch) m_rooms->tip_watch->Poke(); // slots of staking may have come
}

Node::Step Node::StartMining()
{
    const auto& options = m_setup.options;
    const bool regtest = m_setup.params.network == consensus::Network::Regtest;
    auto& rooms = *m_rooms;
    const auto weight = static_cast<size_t>(options.Int("blockmaxweight", 3'996'000));
    rooms.tip_watch = std::make_unique<mining::TipWatch>(rooms.chain->Events());
    mining::WorkDesk::Options desk;
    desk.max_weight = weight;
    desk.max_waiting = static_cast<int>(std::max<int64_t>(1, options.Int("rpcthreads", 4) - 1));
    rooms.work_desk =
        std::make_unique<mining::WorkDesk>(*rooms.chain, *rooms.pool, m_clock, *rooms.tip_watch, desk);
    const mining::MiningDeps deps{*rooms.chain,     *rooms.pool, regtest ? nullptr : rooms.net.get(),
                                  *rooms.tip_watch, m_clock,     m_log};
    rooms.miner = std::make_unique<mining::Miner>(weight, deps);
    if (auto started = StartStaking(); !started) return started;
    if (!options.Bool("gen", false)) return {};
    const std::string address = options.Text("genaddress");
    const auto script = script::DecodeAddress(m_setup.params.addresses, address);
    if (!script) {
        return Unexpected("-gen needs -genaddress=<address> of this network, which gets the rewards" +
                          (address.empty() ? "" : "; " + address + " is none: " + script.Error()));
    }
    rooms.miner->Mine(static_cast<int>(options.Int("genproclimit", 1)), *script);
    return {};
}

Node::Step Node::StartStaking()
{
#ifdef EMC_ENABLE_WALLET
    if (!m_rooms->wallets) return {};
    const auto& options = m_setup.options;
    const bool regtest = m_setup.params.network == consensus::Network::Regtest;
    mining::MinterOptions settings;
    settings.enabled = options.Bool("staking", !regtest);
    settings.reserve = options.Amount("reservebalance", 0);
    settings.min_peers = static_cast<uint64_t>(options.Int("stakingpeers", regtest ? 0 : 1));
    settings.while_syncing = regtest;
    settings.split_days = static_cast<double>(options.Int("stakesplitdays", 30));
    settings.combine_days = static_cast<double>(options.Int("stakecombinedays", 120));
    settings.max_weight = static_cast<size_t>(options.Int("blockmaxweight", 3'996'000));
    if (settings.reserve < 0) return Unexpected(std::string("-reservebalance cannot be negative"));
    if (settings.combine_days > 0 && settings.combine_days <= settings.split_days) {
        return Unexpected(
            std::string("-stakecombinedays must be greater than -stakesplitdays, or 0: what was joined "
                        "would be cut again"));
    }
    const mining::MiningDeps deps{*m_rooms->chain,     *m_rooms->pool, m_rooms->net.get(),
                                  *m_rooms->tip_watch, m_clock,        m_log};
    m_rooms->minter = std::make_unique<mining::Minter>(settings, *m_rooms->wallets, deps);
    m_rooms->minter->Start();
#endif
    return {};
}

void Node::StopMining()
{
#ifdef EMC_ENABLE_WALLET
    m_rooms->minter.reset();
#endif
    m_rooms->miner.reset();
    m_rooms->work_desk.reset();
    m_rooms->tip_watch.reset();
}

} // namespace emc::app
