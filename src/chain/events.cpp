#include "chain/events.h"

#include "base/log.h"
#include "base/mutex.h"
#include "base/rush.h"
#include "base/thread.h"

#include <algorithm>
#include <deque>

namespace emc::chain {
namespace {

using Mutex = base::Mutex<base::LockRank::Events>;
using Guard = base::LockGuard<Mutex>;
using Delivery = std::function<void(interfaces::EventSink&)>;

// Blocks follow each other faster than this while a chain is fetched or rebuilt.
constexpr int64_t RUSH_GAP_MS = 5;

/// Queue and thread of one subscriber.
class Channel
{
public:
    Channel(std::string name, interfaces::EventSink& sink, size_t capacity, base::Logger& log)
        : m_name(std::move(name)), m_sink(sink), m_wants_transactions(sink.WantsTransactions()),
          m_capacity(std::max<size_t>(capacity, 1)), m_log(log), m_thread(m_name, [this] { Run(); })
    {}

    [[nodiscard]] bool WantsTransactions() const { return m_wants_transactions; }

    void Push(const Delivery& delivery)
    {
        bool wake = false;
        {
            const Guard lock(m_mutex);
            if (m_closed) return;
            if (m_queue.size() >= m_capacity) {
                m_handled += m_queue.size();
                m_queue.clear();
                m_missed = true;
            }
            m_queue.push_back(delivery);
            ++m_published;
            wake = m_rush.WakeFor() || m_queue.size() >= m_capacity / 2;
        }
        if (wake) m_wake.NotifyOne();
    }

    /// Waits until what was published before is handled. From the channel's own thread: returns at once.
    void Drain()
    {
        const Guard lock(m_mutex);
        if (m_runner == std::this_thread::get_id()) return;
        const uint64_t goal = m_published;
        m_wake.NotifyOne();
        while (m_handled < goal && !m_closed)
            m_progress.Wait(m_mutex);
    }

    /// Drops what is queued, waits for a running callback.
    void Close()
    {
        {
            const Guard lock(m_mutex);
            m_closed = true;
            m_queue.clear();
        }
        m_wake.NotifyAll();
        m_progress.NotifyAll();
        m_thread.Join();
    }

private:
    void WaitForWork() EMC_REQUIRES(m_mutex)
    {
        if (m_queue.empty() && !m_closed) m_rush.Nap(m_wake, m_mutex);
        while (m_queue.empty() && !m_closed)
            m_wake.Wait(m_mutex);
    }

    void Run()
    {
        {
            const Guard lock(m_mutex);
            m_runner = std::this_thread::get_id();
        }
        while (true) {
            Delivery next;
            bool missed = false;
            {
                const Guard lock(m_mutex);
                WaitForWork();
                if (m_closed) return;
                next = std::move(m_queue.front());
                m_queue.pop_front();
                missed = std::exchange(m_missed, false);
            }
            if (missed) {
                // No warning: a follower that reads blocks by itself loses nothing. Others warn themselves.
                EMC_LOG(m_log, Debug, Chain, "%s fell behind the chain's events and reads the state anew",
                        m_name.c_str());
                m_sink.OnMissed();
            }
            next(m_sink);
            {
                const Guard lock(m_mutex);
                ++m_handled;
            }
            m_progress.NotifyAll();
        }
    }

    const std::string m_name;
    interfaces::EventSink& m_sink;
    const bool m_wants_transactions;
    const size_t m_capacity;
    base::Logger& m_log;
    Mutex m_mutex;
    base::CondVar m_wake;
    base::CondVar m_progress;
    std::deque<Delivery> m_queue EMC_GUARDED_BY(m_mutex);
    uint64_t m_published EMC_GUARDED_BY(m_mutex) = 0;
    uint64_t m_handled EMC_GUARDED_BY(m_mutex) = 0;
    std::thread::id m_runner EMC_GUARDED_BY(m_mutex);
    base::Rush m_rush EMC_GUARDED_BY(m_mutex){RUSH_GAP_MS};
    bool m_missed EMC_GUARDED_BY(m_mutex) = false;
    bool m_closed EMC_GUARDED_BY(m_mutex) = false;
    base::Thread m_thread; // last: runs on the members above
};

using Channels = std::vector<std::shared_ptr<Channel>>;

} // namespace

struct EventBus::Impl {
    explicit Impl(base::Logger& logger) : log(logger) {}

    base::Logger& log;
    base::Mutex<base::LockRank::Leaf> mutex;
    Channels channels EMC_GUARDED_BY(mutex);
    uint64_t pool_changes EMC_GUARDED_BY(mutex) = 0;

    Channels Copy()
    {
        const base::LockGuard lock(mutex);
        return channels;
    }

    void Publish(const Delivery& delivery)
    {
        for (const auto& channel : Copy())
            channel->Push(delivery);
    }

    void PublishTransaction(const Delivery& delivery)
    {
        uint64_t number = 0;
        {
            const base::LockGuard lock(mutex);
            number = ++pool_changes;
        }
        const Delivery counted = [number, delivery](interfaces::EventSink& sink) {
            sink.OnPoolChange(number);
            delivery(sink);
        };
        for (const auto& channel : Copy()) {
            if (channel->WantsTransactions()) channel->Push(counted);
        }
    }
};

class EventBus::Handle final : public interfaces::Subscription
{
public:
    Handle(std::shared_ptr<Impl> impl, std::shared_ptr<Channel> channel)
        : m_impl(std::move(impl)), m_channel(std::move(channel))
    {}

    ~Handle() override
    {
        {
            const base::LockGuard lock(m_impl->mutex);
            std::erase(m_impl->channels, m_channel);
        }
        m_channel->Close();
    }

    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    void Drain() override { m_channel->Drain(); }

private:
    const std::shared_ptr<Impl> m_impl;
    const std::shared_ptr<Channel> m_channel;
};

EventBus::EventBus(base::Logger& log) : m_impl(std::make_shared<Impl>(log)) {}

EventBus::~EventBus()
{
    for (const auto& channel : m_impl->Copy())
        channel->Close();
}

std::unique_ptr<interfaces::Subscription> EventBus::Subscribe(std::string_view name,
                                                              interfaces::EventSink& sink, size_t capacity)
{
    auto channel = std::make_shared<Channel>(std::string(name), sink, capacity, m_impl->log);
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->channels.push_back(channel);
    }
    return std::make_unique<Handle>(m_impl, std::move(channel));
}

void EventBus::DrainAll()
{
    for (const auto& channel : m_impl->Copy())
        channel->Drain();
}

void EventBus::Publish(const interfaces::BlockConnected& event)
{
    m_impl->Publish([event](interfaces::EventSink& sink) { sink.OnBlockConnected(event); });
}

void EventBus::Publish(const interfaces::BlockDisconnected& event)
{
    m_impl->Publish([event](interfaces::EventSink& sink) { sink.OnBlockDisconnected(event); });
}

void EventBus::Publish(const interfaces::Tip& tip)
{
    m_impl->Publish([tip](interfaces::EventSink& sink) { sink.OnTip(tip); });
}

void EventBus::PublishMissed()
{
    m_impl->Publish([](interfaces::EventSink& sink) { sink.OnMissed(); });
}

void EventBus::PublishTxAdded(const primitives::TxRef& tx)
{
    m_impl->PublishTransaction([tx](interfaces::EventSink& sink) { sink.OnTxAdded(tx); });
}

void EventBus::PublishTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason)
{
    m_impl->PublishTransaction([tx, reason](interfaces::EventSink& sink) { sink.OnTxRemoved(tx, reason); });
}

} // namespace emc::chain
