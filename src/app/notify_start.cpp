#include "app/node.h"
#include "app/rooms.h"
#include "chain/chain.h"
#include "notify/command_feed.h"
#include "notify/command_runner.h"
#include "notify/zmq_feed.h"
#ifdef EMC_ENABLE_WALLET
#include "wallet/wallets.h"
#endif

namespace emc::app {

namespace {

constexpr int64_t SHUTDOWN_COMMANDS_MS = 30'000;
constexpr int64_t LAST_COMMANDS_MS = 5'000;

/// -zmqpub<topic> and -zmqpub<topic>hwm.
std::vector<interfaces::Publication> PublicationsOf(const Options& options)
{
    std::vector<interfaces::Publication> out;
    for (const auto topic : notify::TOPIC_NAMES) {
        const std::string option = "zmqpub" + std::string(topic);
        const auto high_water =
            static_cast<int>(options.Int(option + "hwm", interfaces::Publication().high_water));
        for (const auto& address : options.List(option))
            out.push_back({std::string(topic), address, high_water});
    }
    return out;
}

} // namespace

/// So early that a fault while the chain is opened finds it.
Node::Step Node::StartCommands()
{
    m_rooms->commands = std::make_unique<notify::CommandRunner>(m_log);
    return {};
}

void Node::RunCommands(std::string_view option, const std::string& message)
{
    if (!m_rooms->commands) return;
    const notify::CommandValue values[] = {{'s', "EMC_MESSAGE", message, false}};
    for (const auto& pattern : m_setup.options.List(option))
        m_rooms->commands->Run(notify::Expand(pattern, values));
}

Node::Step Node::StartNotify()
{
    const auto& options = m_setup.options;
    auto& chain = *m_rooms->chain;
    if (auto publications = PublicationsOf(options); !publications.empty()) {
        auto publisher = notify::Publisher::Open(publications);
        if (!publisher) return base::Unexpected("-zmqpub…: " + publisher.Error());
        m_rooms->zmq = std::make_unique<notify::ZmqFeed>(std::move(*publisher), std::move(publications),
                                                         chain.Events(), m_setup.params.addresses, m_log);
    }
    notify::FeedCommands commands{options.List("blocknotify"), options.List("walletnotify"),
                                  options.List("namenotify")};
    if (commands.block.empty() && commands.wallet.empty() && commands.name.empty()) return {};
    interfaces::WalletsApi* wallets = nullptr;
#ifdef EMC_ENABLE_WALLET
    wallets = m_rooms->wallets.get();
#endif
    m_rooms->command_feed = std::make_unique<notify::CommandFeed>(
        std::move(commands), *m_rooms->commands, chain.Events(), wallets, m_setup.params.addresses);
    return {};
}

void Node::StopNotify()
{
    m_rooms->command_feed.reset();
    m_rooms->zmq.reset();
    if (!m_rooms->commands) return;
    RunCommands("shutdownnotify", {});
    m_rooms->commands->Drain(SHUTDOWN_COMMANDS_MS);
}

void Node::StopCommands()
{
    if (m_rooms->commands) m_rooms->commands->Drain(LAST_COMMANDS_MS);
    m_rooms->commands.reset();
}

} // namespace emc::app
