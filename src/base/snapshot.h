/// An immutable value behind a pointer that is read and replaced as a whole: one writer publishes, everybody
/// reads without waiting for work of others.
#pragma once

#include <atomic>
#include <memory>
#include <sched.h>
#include <utility>

namespace emc::base {

/// `Load` copies a shared pointer under a lock of its own that is held for nothing else, about 20 ns. Any
/// thread may load and store. (std::atomic<std::shared_ptr> of GCC 12 does the same, but its reader gives the
/// lock back without release order: by the letter of the language a race with the next store, which
/// sanitizers report.)
template <typename T>
class Snapshot
{
public:
    Snapshot() = default;

    explicit Snapshot(std::shared_ptr<const T> value) : m_value(std::move(value)) {}

    [[nodiscard]] std::shared_ptr<const T> Load() const
    {
        const Turn turn(m_taken);
        return m_value;
    }

    /// The value before ends, if nobody else holds it, when the lock is free again.
    void Store(std::shared_ptr<const T> value)
    {
        const Turn turn(m_taken);
        m_value.swap(value);
    }

private:
    class Turn
    {
    public:
        explicit Turn(std::atomic<bool>& taken) : m_taken(taken)
        {
            while (m_taken.exchange(true, std::memory_order_acquire)) {
                // The holder may have lost its processor: let it go on.
                while (m_taken.load(std::memory_order_relaxed))
                    sched_yield();
            }
        }

        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

        ~Turn() { m_taken.store(false, std::memory_order_release); }

    private:
        std::atomic<bool>& m_taken;
    };

    mutable std::atomic<bool> m_taken{false};
    std::shared_ptr<const T> m_value;
};

} // namespace emc::base
