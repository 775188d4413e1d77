#include "notify/command_runner.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
#include <sys/pidfd.h> // of glibc 2.36 it does not say that itself
}

namespace emc::notify {

namespace {

constexpr int FIRST_OWN_DESCRIPTOR = 3;
constexpr int LONG_MS = 60'000; ///< so long a command may run before the log tells

/// The environment of the process without variables of this program's, and what the command brings; ended by
/// a null pointer.
std::vector<char*> EnvironmentOf(Command& command)
{
    std::vector<char*> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        if (!std::string_view(*entry).starts_with("EMC_")) out.push_back(*entry);
    }
    for (auto& entry : command.environment)
        out.push_back(entry.data());
    out.push_back(nullptr);
    return out;
}

/// Starts /bin/sh without files and signal settings of this process; 0 or an error number.
int Spawn(Command& command, pid_t& child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, FIRST_OWN_DESCRIPTOR);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string shell = "sh";
    std::string option = "-c";
    char* arguments[] = {shell.data(), option.data(), command.line.data(), nullptr};
    auto environment = EnvironmentOf(command);
    const int code = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environment.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

} // namespace

struct CommandRunner::Impl {
    explicit Impl(base::Logger& l) : log(l), wake(eventfd(0, EFD_CLOEXEC)) {}

    ~Impl()
    {
        {
            const base::LockGuard lock(mutex);
            stopping = true;
            queue.clear();
        }
        changed.NotifyAll();
        const uint64_t one = 1;
        static_cast<void>(!write(wake, &one, sizeof(one)));
        thread.Join();
        close(wake);
    }

    void Body();
    void Execute(Command& command);
    /// Waits for the child, or for the end of this object.
    void Await(pid_t child, const std::string& line);

    base::Logger& log;
    const int wake;
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar changed;
    std::deque<Command> queue EMC_GUARDED_BY(mutex);
    bool busy EMC_GUARDED_BY(mutex) = false;
    bool stopping EMC_GUARDED_BY(mutex) = false;
    base::Thread thread;
};

void CommandRunner::Impl::Body()
{
    for (;;) {
        Command command;
        {
            const base::LockGuard lock(mutex);
            busy = false;
            changed.NotifyAll();
            while (queue.empty() && !stopping)
                changed.Wait(mutex);
            if (stopping) return;
            command = std::move(queue.front());
            queue.pop_front();
            busy = true;
        }
        Execute(command);
    }
}

void CommandRunner::Impl::Execute(Command& command)
{
    pid_t child = 0;
    if (const int code = Spawn(command, child); code != 0) {
        EMC_LOG(log, Warning, None, "Cannot run '%s': %s", command.line.c_str(), std::strerror(code));
        return;
    }
    EMC_LOG(log, Debug, App, "runs '%s'", command.line.c_str());
    Await(child, command.line);
}

void CommandRunner::Impl::Await(pid_t child, const std::string& line)
{
    const int handle = pidfd_open(child, 0);
    pollfd watched[] = {{handle, POLLIN, 0}, {wake, POLLIN, 0}};
    int patience_ms = LONG_MS;
    for (int ready = 0; handle >= 0 && ready <= 0;) {
        ready = poll(watched, 2, patience_ms);
        if (ready < 0 && errno != EINTR) break;
        if (ready != 0) continue;
        patience_ms = -1;
        EMC_LOG(log, Warning, None, "'%s' runs for more than a minute; commands behind it wait",
                line.c_str());
    }
    if (handle >= 0) close(handle);
    if (watched[1].revents != 0 && watched[0].revents == 0) return;
    int status = 0;
    if (waitpid(child, &status, 0) != child) return;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    EMC_LOG(log, Warning, None, "'%s' ended with %s %d", line.c_str(), WIFEXITED(status) ? "code" : "signal",
            WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

CommandRunner::CommandRunner(base::Logger& log) : m_impl(std::make_unique<Impl>(log))
{
    m_impl->thread = base::Thread("commands", [impl = m_impl.get()] { impl->Body(); });
}

CommandRunner::~CommandRunner() = default;

void CommandRunner::Run(Command command)
{
    {
        const base::LockGuard lock(m_impl->mutex);
        if (m_impl->queue.size() < QUEUE) {
            m_impl->queue.push_back(std::move(command));
            m_impl->changed.NotifyAll();
            return;
        }
    }
    EMC_LOG(m_impl->log, Warning, None, "%zu commands wait already; '%s' is not run", QUEUE,
            command.line.c_str());
}

void CommandRunner::TellMissed()
{
    EMC_LOG(m_impl->log, Warning, None,
            "events came faster than they could be told, or a snapshot was loaded: the commands for some of "
            "them are not run");
}

void CommandRunner::Drain(int64_t timeout_ms)
{
    const int64_t until = base::SteadyMicros() + timeout_ms * 1000;
    const base::LockGuard lock(m_impl->mutex);
    while (m_impl->busy || !m_impl->queue.empty()) {
        const int64_t left_ms = (until - base::SteadyMicros()) / 1000;
        if (left_ms <= 0 || !m_impl->changed.WaitFor(m_impl->mutex, left_ms)) return;
    }
}

} // namespace emc::notify
