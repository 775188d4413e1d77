/// Named threads, joined but for those that ask the C library what cannot be interrupted.
#pragma once

#include "base/function.h"

#include <atomic>
#include <string>
#include <string_view>
#include <thread>

namespace emc::base {

/// Tells a thread to end. Copies share one flag. Any thread.
class StopFlag
{
public:
    void Request() { m_stop.store(true, std::memory_order_release); }

    [[nodiscard]] bool Requested() const { return m_stop.load(std::memory_order_acquire); }

private:
    std::atomic<bool> m_stop{false};
};

/// A thread with a name (seen in top, gdb and the log), joined by the destructor.
class Thread
{
public:
    Thread() = default;
    /// Starts `body` under `name` (at most 15 characters are kept, "emc-" is put in front).
    Thread(std::string_view name, std::function<void()> body);
    ~Thread();
    Thread(Thread&&) = default;
    Thread& operator=(Thread&& other) noexcept;
    /// Waits for the end; a no-op when not running.
    void Join();

    [[nodiscard]] bool Running() const { return m_thread.joinable(); }

private:
    std::thread m_thread;
};

/// Starts a thread nobody joins, for a call that cannot be interrupted and that nobody may have to wait for.
/// The body owns all it touches and may outlive everything else of the process; what it brings back it hands
/// over under a lock that also says whether anybody is still there.
void StartDetached(std::string_view name, std::function<void()> body);

/// The calling thread's name without the prefix; "main" before any was set.
[[nodiscard]] const std::string& ThisThreadName();

} // namespace emc::base
