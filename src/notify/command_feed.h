/// Follows the chain and runs the operator's commands: -blocknotify, -walletnotify, -namenotify.
#pragma once

#include "interfaces/events.h"

#include <string>
#include <vector>

namespace emc::interfaces {
class WalletsApi;
}

namespace emc::script {
struct AddressParams;
}

namespace emc::notify {

class CommandRunner;

/// Patterns of command lines; several of a kind all run.
struct FeedCommands {
    std::vector<std::string> block;  ///< %s hash, %h height
    std::vector<std::string> wallet; ///< %s txid, %w wallet, %b block hash or "unconfirmed", %h height or −1
    std::vector<std::string> name;   ///< %n name, %o operation, %t txid, %h height, %b block hash
};

/// Subscribed from construction to destruction.
class CommandFeed final : private interfaces::EventSink
{
public:
    /// `wallets` may be null. All outlive it.
    CommandFeed(FeedCommands commands, CommandRunner& runner, interfaces::ChainEvents& events,
                interfaces::WalletsApi* wallets, const script::AddressParams& addresses);
    ~CommandFeed() override;

private:
    [[nodiscard]] bool WantsTransactions() const override { return !m_commands.wallet.empty(); }

    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTxAdded(const primitives::TxRef& tx) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

    /// Runs the commands for those of the transactions that are of a wallet. `block`: text for %b.
    void TellWallets(const std::vector<primitives::TxRef>& txs, const std::string& block, int32_t height);

    const FeedCommands m_commands;
    CommandRunner& m_runner;
    interfaces::WalletsApi* const m_wallets;
    const script::AddressParams& m_addresses;
    std::unique_ptr<interfaces::Subscription> m_subscription; // last: its thread uses the members above
};

} // namespace emc::notify
