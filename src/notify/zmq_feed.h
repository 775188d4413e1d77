/// Follows chain and mempool and publishes what happens over ZeroMQ. doc/notifications.md has the messages.
#pragma once

#include "interfaces/events.h"
#include "interfaces/notify.h"
#include "notify/publisher.h"

namespace emc::base {
class Logger;
}

namespace emc::script {
struct AddressParams;
}

namespace emc::notify {

struct Place;

/// Subscribed from construction to destruction; its events come, and are sent, on a thread of their own.
class ZmqFeed final : public interfaces::NotifyControl, private interfaces::EventSink
{
public:
    /// `events`, `addresses` and `log` outlive it.
    ZmqFeed(std::unique_ptr<Publisher> publisher, std::vector<interfaces::Publication> publications,
            interfaces::ChainEvents& events, const script::AddressParams& addresses, base::Logger& log);
    ~ZmqFeed() override;

    [[nodiscard]] std::vector<interfaces::Publication> Publications() const override
    {
        return m_publications;
    }

private:
    [[nodiscard]] bool WantsTransactions() const override;
    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;

    void OnPoolChange(uint64_t number) override { m_pool_changes = number; }

    void OnTxAdded(const primitives::TxRef& tx) override;
    void OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

    void SendBlock(const primitives::Block& block, const Place& place, char mark);
    void SendPoolChange(const primitives::Transaction& tx, char mark);
    void SendTx(const primitives::Transaction& tx);
    void SendNews(const primitives::Transaction& tx, const Place& place);

    const std::unique_ptr<Publisher> m_publisher;
    const std::vector<interfaces::Publication> m_publications;
    const script::AddressParams& m_addresses;
    base::Logger& m_log;
    primitives::BlockRef m_last; ///< the newest block connected; feed's thread only
    base::Hash256 m_last_hash;
    uint64_t m_pool_changes = 0; ///< transactions that came into the mempool or left it since the start
    std::unique_ptr<interfaces::Subscription> m_subscription; // last: its thread uses the members above
};

} // namespace emc::notify
