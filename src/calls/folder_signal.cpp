#include "calls/folder_signal.h"

#include "base/check.h"

#include <array>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace emc::calls {

namespace {

constexpr int TOLD_WAIT_MS = 10'000;
constexpr int POLLING_WAIT_MS = 1'000;

class Signal final : public FolderSignal
{
public:
    /// `inotify`: −1 for none; taken over.
    explicit Signal(int inotify) : m_inotify(inotify), m_wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        EMC_CHECK(m_wake >= 0);
    }

    ~Signal() override
    {
        if (m_inotify >= 0) close(m_inotify);
        close(m_wake);
    }

    Signal(const Signal&) = delete;
    Signal& operator=(const Signal&) = delete;

    void Wait(int ms) override
    {
        std::array<pollfd, 2> sources = {{{m_wake, POLLIN, 0}, {m_inotify, POLLIN, 0}}};
        if (poll(sources.data(), sources.size(), ms) <= 0) return;
        Drain(m_wake);
        if (m_inotify >= 0) Drain(m_inotify);
    }

    void Wake() override
    {
        const uint64_t one = 1;
        [[maybe_unused]] const ssize_t written =
            write(m_wake, &one, sizeof(one)); // full: it is awake already
    }

    [[nodiscard]] int LongestWaitMs() const override
    {
        return m_inotify >= 0 ? TOLD_WAIT_MS : POLLING_WAIT_MS;
    }

private:
    /// Which file it was does not matter: all are looked at.
    static void Drain(int fd)
    {
        std::array<char, 16'384> buffer;
        while (read(fd, buffer.data(), buffer.size()) > 0) {
        }
    }

    const int m_inotify;
    const int m_wake;
};

} // namespace

std::unique_ptr<FolderSignal> MakeInotifySignal(const std::vector<std::string>& folders)
{
    constexpr uint32_t CHANGES = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_CLOSE_WRITE;
    const int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0) return nullptr;
    auto out = std::make_unique<Signal>(fd);
    for (const auto& folder : folders) {
        if (inotify_add_watch(fd, folder.c_str(), CHANGES) < 0) return nullptr;
    }
    return out;
}

std::unique_ptr<FolderSignal> MakePollingSignal()
{
    return std::make_unique<Signal>(-1);
}

} // namespace emc::calls
