#include "mining/tip_watch.h"

#include "base/clock.h"

namespace emc::mining {

namespace {

constexpr size_t QUEUE = 64; ///< events; losing some does no harm
constexpr int64_t MICROS_PER_MS = 1'000;

} // namespace

TipWatch::TipWatch(interfaces::ChainEvents& events) : m_subscription(events.Subscribe("mining", *this, QUEUE))
{}

TipWatch::~TipWatch()
{
    Stop();
    m_subscription.reset();
}

uint64_t TipWatch::Count() const
{
    const base::LockGuard lock(m_mutex);
    return m_count;
}

void TipWatch::Wait(uint64_t seen, int64_t timeout_ms)
{
    const int64_t end_us = base::SteadyMicros() + timeout_ms * MICROS_PER_MS;
    const base::LockGuard lock(m_mutex);
    while (!m_stopped && m_count == seen) {
        const int64_t left_us = end_us - base::SteadyMicros();
        if (left_us <= 0) return;
        static_cast<void>(m_changed.WaitFor(m_mutex, left_us / MICROS_PER_MS + 1));
    }
}

void TipWatch::Poke()
{
    const base::LockGuard lock(m_mutex);
    ++m_count;
    m_changed.NotifyAll();
}

void TipWatch::Stop()
{
    const base::LockGuard lock(m_mutex);
    m_stopped = true;
    m_changed.NotifyAll();
}

bool TipWatch::Stopped() const
{
    const base::LockGuard lock(m_mutex);
    return m_stopped;
}

} // namespace emc::mining
