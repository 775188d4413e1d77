/// Signals, and waiting for the end.
#pragma once

#include <atomic>
#include <csignal>

namespace emc::app {

/// Turns SIGTERM, SIGINT and calls of Request into one event a thread can wait for; SIGHUP asks to reopen the
/// log. One object, made before any thread so that all threads inherit the blocked signals.
class ShutdownSignal
{
public:
    ShutdownSignal();
    ~ShutdownSignal();
    ShutdownSignal(const ShutdownSignal&) = delete;
    ShutdownSignal& operator=(const ShutdownSignal&) = delete;

    /// Ends Wait. Any thread.
    void Request();

    /// True from Request or the arrival of SIGTERM or SIGINT on, whether or not somebody waits.
    [[nodiscard]] bool Requested() const;

    enum class Event { Shutdown, ReopenLog };
    /// Sleeps until something happens.
    [[nodiscard]] Event Wait();

private:
    sigset_t m_signals{};
    int m_signal_fd = -1;
    int m_event_fd = -1;
    std::atomic<bool> m_requested{false};
};

} // namespace emc::app
