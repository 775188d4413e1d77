/// Delivers news of chain and mempool: each subscriber has its own bounded queue and thread, so nobody can
/// stall the writer.
#pragma once

#include "interfaces/events.h"

namespace emc::base {
class Logger;
}

namespace emc::chain {

/// One per node. Publishing never blocks on a subscriber: a full queue is emptied and the subscriber told by
/// OnMissed. Any thread; events published by one thread keep their order for every subscriber.
class EventBus final : public interfaces::ChainEvents
{
public:
    explicit EventBus(base::Logger& log);
    ~EventBus() override;

    /// The sink must outlive the subscription; the subscription must not outlive the bus.
    [[nodiscard]] std::unique_ptr<interfaces::Subscription>
    Subscribe(std::string_view name, interfaces::EventSink& sink, size_t capacity) override;
    void DrainAll() override;

    void Publish(const interfaces::BlockConnected& event);
    void Publish(const interfaces::BlockDisconnected& event);
    void Publish(const interfaces::Tip& tip);
    /// The chain jumped without telling every block: subscribers read the state anew.
    void PublishMissed();
    void PublishTxAdded(const primitives::TxRef& tx);
    void PublishTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason);

private:
    struct Impl;
    class Handle;
    std::shared_ptr<Impl> m_impl;
};

} // namespace emc::chain
