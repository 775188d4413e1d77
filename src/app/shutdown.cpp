#include "app/shutdown.h"

#include "base/check.h"

#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace emc::app {

ShutdownSignal::ShutdownSignal()
{
    sigemptyset(&m_signals);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&m_signals, signal);
    EMC_CHECK(pthread_sigmask(SIG_BLOCK, &m_signals, nullptr) == 0);
    signal(SIGPIPE, SIG_IGN);
    m_signal_fd = signalfd(-1, &m_signals, SFD_CLOEXEC | SFD_NONBLOCK);
    m_event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    EMC_CHECK(m_signal_fd >= 0 && m_event_fd >= 0);
}

ShutdownSignal::~ShutdownSignal()
{
    close(m_signal_fd);
    close(m_event_fd);
}

bool ShutdownSignal::Requested() const
{
    if (m_requested.load(std::memory_order_acquire)) return true;
    sigset_t pending{}; // looked at, not taken: Wait does that
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

void ShutdownSignal::Request()
{
    m_requested.store(true, std::memory_order_release);
    const uint64_t one = 1;
    static_cast<void>(!write(m_event_fd, &one, sizeof(one)));
}

ShutdownSignal::Event ShutdownSignal::Wait()
{
    for (;;) {
        if (m_requested.load(std::memory_order_acquire)) return Event::Shutdown;
        pollfd sources[2] = {{m_signal_fd, POLLIN, 0}, {m_event_fd, POLLIN, 0}};
        if (poll(sources, 2, -1) < 0) continue;
        signalfd_siginfo info{};
        if (read(m_signal_fd, &info, sizeof(info)) != sizeof(info)) continue;
        if (info.ssi_signo == SIGHUP) return Event::ReopenLog;
        m_requested.store(true, std::memory_order_release);
    }
}

} // namespace emc::app
