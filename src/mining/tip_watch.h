/// Wakes threads of this room when the tip changes.
#pragma once

#include "base/mutex.h"
#include "interfaces/events.h"

namespace emc::mining {

/// Any thread.
class TipWatch final : private interfaces::EventSink
{
public:
    explicit TipWatch(interfaces::ChainEvents& events);
    ~TipWatch() override;
    TipWatch(const TipWatch&) = delete;
    TipWatch& operator=(const TipWatch&) = delete;

    /// Grows with every new tip and every Poke.
    [[nodiscard]] uint64_t Count() const;
    /// Waits while Count() is `seen`, for so long at most. At once after Stop.
    void Wait(uint64_t seen, int64_t timeout_ms);
    /// Wakes those who wait: something else they look at has changed.
    void Poke();
    /// Nobody waits any longer.
    void Stop();
    [[nodiscard]] bool Stopped() const;

private:
    [[nodiscard]] bool WantsTransactions() const override { return false; }

    void OnTip(const interfaces::Tip&) override { Poke(); }

    void OnMissed() override { Poke(); }

    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_changed;
    uint64_t m_count EMC_GUARDED_BY(m_mutex) = 0;
    bool m_stopped EMC_GUARDED_BY(m_mutex) = false;
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

} // namespace emc::mining
