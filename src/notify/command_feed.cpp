#include "notify/command_feed.h"

#include "interfaces/wallet.h"
#include "notify/command_runner.h"
#include "notify/news.h"

namespace emc::notify {

namespace {

constexpr size_t EVENT_QUEUE = 1024;
constexpr const char* NO_BLOCK = "unconfirmed";

void RunAll(CommandRunner& runner, const std::vector<std::string>& patterns,
            std::span<const CommandValue> values)
{
    for (const auto& pattern : patterns)
        runner.Run(Expand(pattern, values));
}

} // namespace

CommandFeed::CommandFeed(FeedCommands commands, CommandRunner& runner, interfaces::ChainEvents& events,
                         interfaces::WalletsApi* wallets, const script::AddressParams& addresses)
    : m_commands(std::move(commands)), m_runner(runner), m_wallets(wallets), m_addresses(addresses),
      m_subscription(events.Subscribe("notify", *this, EVENT_QUEUE))
{}

CommandFeed::~CommandFeed()
{
    m_subscription.reset();
}

void CommandFeed::TellWallets(const std::vector<primitives::TxRef>& txs, const std::string& block,
                              int32_t height)
{
    if (m_wallets == nullptr || m_commands.wallet.empty()) return;
    for (const auto& wallet : m_wallets->Loaded()) {
        wallet->Sync(); // it has seen what this thread sees
        for (const auto& tx : txs) {
            if (!wallet->GetTransaction(tx->Txid())) continue;
            const CommandValue values[] = {{'s', "EMC_TXID", base::ReversedHex(tx->Txid())},
                                           {'w', "EMC_WALLET", wallet->Name(), false},
                                           {'b', "EMC_BLOCK", block},
                                           {'h', "EMC_HEIGHT", std::to_string(height)}};
            RunAll(m_runner, m_commands.wallet, values);
        }
    }
}

void CommandFeed::OnBlockConnected(const interfaces::BlockConnected& event)
{
    const std::string block = base::ReversedHex(event.hash);
    TellWallets(event.block->transactions, block, event.height);
    if (m_commands.name.empty() || event.tip.initial_download) return;
    for (const auto& tx : event.block->transactions) {
        for (const auto& news : NamesOf(*tx, {"connected", event.height, event.hash}, m_addresses)) {
            const CommandValue values[] = {{'n', "EMC_NAME", news.name, false},
                                           {'o', "EMC_OPERATION", news.op},
                                           {'t', "EMC_TXID", base::ReversedHex(tx->Txid())},
                                           {'h', "EMC_HEIGHT", std::to_string(event.height)},
                                           {'b', "EMC_BLOCK", block}};
            RunAll(m_runner, m_commands.name, values);
        }
    }
}

void CommandFeed::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    TellWallets(event.block->transactions, NO_BLOCK, -1);
}

void CommandFeed::OnTxAdded(const primitives::TxRef& tx)
{
    TellWallets({tx}, NO_BLOCK, -1);
}

void CommandFeed::OnTip(const interfaces::Tip& tip)
{
    if (m_commands.block.empty() || tip.initial_download) return;
    const CommandValue values[] = {{'s', "EMC_BLOCK", base::ReversedHex(tip.hash)},
                                   {'h', "EMC_HEIGHT", std::to_string(tip.height)}};
    RunAll(m_runner, m_commands.block, values);
}

void CommandFeed::OnMissed()
{
    m_runner.TellMissed();
}

} // namespace emc::notify
