/// News from the chain and the mempool, in order, each subscriber on its own queue and thread.
#pragma once

#include "base/function.h"
#include "base/memory.h"
#include "interfaces/types.h"

namespace emc::interfaces {

struct BlockConnected {
    primitives::BlockRef block;
    Hash256 hash;
    int32_t height = 0;
    /// Spent coins by transaction (coinbase: empty) and input.
    std::shared_ptr<const std::vector<std::vector<primitives::Coin>>> spent;
    std::shared_ptr<const std::vector<names::NameDelta>> names; ///< in block order
    Tip tip;                                                    ///< after it
};

struct BlockDisconnected {
    primitives::BlockRef block;
    Hash256 hash;
    int32_t height = 0;
    std::shared_ptr<const std::vector<std::vector<primitives::Coin>>> spent;
    std::shared_ptr<const std::vector<names::NameDelta>> names; ///< as when it was connected
    Tip tip;                                                    ///< after it is gone
};
enum class RemovalReason : uint8_t { Block, Conflict, Expired, SizeLimit, Reorg, Replaced };

/// Callbacks run on the subscriber's own thread, one at a time, in order.
class EventSink
{
public:
    virtual ~EventSink() = default;

    /// False: OnTxAdded and OnTxRemoved are not for this subscriber, and it is not woken for them. Asked
    /// once, by Subscribe.
    [[nodiscard]] virtual bool WantsTransactions() const { return true; }

    virtual void OnBlockConnected(const BlockConnected&) {}

    virtual void OnBlockDisconnected(const BlockDisconnected&) {}

    /// Before each OnTxAdded and OnTxRemoved: how many of both there have been, dropped ones included. It is
    /// PoolInfo::changes of the moment.
    virtual void OnPoolChange(uint64_t /*number*/) {}

    virtual void OnTxAdded(const primitives::TxRef&) {}

    virtual void OnTxRemoved(const primitives::TxRef&, RemovalReason) {}

    /// After a batch of blocks: the new tip.
    virtual void OnTip(const Tip&) {}

    /// Events were dropped because the queue overflowed, or the chain jumped (a snapshot was loaded): read
    /// the state anew from the chain.
    virtual void OnMissed() {}
};

/// Ends the subscription and waits for a running callback when destroyed.
class Subscription
{
public:
    virtual ~Subscription() = default;
    /// Waits until every event published before the call was handled.
    virtual void Drain() = 0;
};

class ChainEvents
{
public:
    virtual ~ChainEvents() = default;
    /// `name` names the thread and appears in the log. `capacity`: events queued before OnMissed.
    [[nodiscard]] virtual std::unique_ptr<Subscription> Subscribe(std::string_view name, EventSink& sink,
                                                                  size_t capacity) = 0;
    /// Waits until all subscribers have handled everything published so far.
    virtual void DrainAll() = 0;
};

} // namespace emc::interfaces
