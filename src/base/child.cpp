#include "base/child.h"

#include "base/clock.h"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace emc::base {

namespace {

constexpr int64_t MICROS = 1'000;
constexpr int POLL_MS = 50;
constexpr int WAIT_MS = 5;
constexpr size_t MAX_COMPLAINT_BYTES = 2'048;

/// Two ends of a stream; both are closed at the end.
class Stream
{
public:
    Stream()
    {
        // A socket, since writing to one whose reader is gone raises no signal when told so.
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, m_ends) != 0) m_ends[0] = m_ends[1] = -1;
    }

    ~Stream()
    {
        CloseOurs();
        CloseTheirs();
    }

    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    [[nodiscard]] int Ours() const { return m_ends[0]; }

    [[nodiscard]] int Theirs() const { return m_ends[1]; }

    void CloseOurs() { Close(m_ends[0]); }

    void CloseTheirs() { Close(m_ends[1]); }

private:
    static void Close(int& end)
    {
        if (end >= 0) close(end);
        end = -1;
    }

    int m_ends[2] = {-1, -1};
};

/// Takes what is there; false at the end of the stream.
bool Take(int end, std::string& out, size_t most)
{
    char buffer[4096];
    const auto got = recv(end, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got <= 0) return false;
    if (out.size() < most) out.append(buffer, std::min(static_cast<size_t>(got), most - out.size()));
    return true;
}

struct Streams {
    Stream input;
    Stream output;
    Stream complaint;
};

pid_t Start(const ChildPlan& plan, const Streams& streams)
{
    std::vector<std::string> words = plan.words;
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, streams.input.Theirs(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, streams.output.Theirs(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, streams.complaint.Theirs(), STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    // Signals as any program expects them, whatever this one does with its own.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = -1;
    if (posix_spawnp(&pid, plan.program.c_str(), &actions, &attributes, pointers.data(), environ) != 0)
        pid = -1;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

/// Gives the input and takes what is printed, until the program closes its output.
void Talk(const ChildPlan& plan, Streams& streams, int64_t end_us, const std::function<bool()>& stop,
          ChildResult& out)
{
    size_t given = 0;
    bool open = true;
    while (open) {
        out.in_time = SteadyMicros() < end_us && !stop();
        if (!out.in_time || out.output.size() >= plan.max_output_bytes) return;
        if (given == plan.input.size()) streams.input.CloseOurs();
        pollfd ends[] = {{streams.output.Ours(), POLLIN, 0},
                         {streams.complaint.Ours(), POLLIN, 0},
                         {streams.input.Ours(), POLLOUT, 0}};
        if (poll(ends, std::size(ends), POLL_MS) <= 0) continue;
        if (ends[0].revents != 0) open = Take(streams.output.Ours(), out.output, plan.max_output_bytes);
        if (ends[1].revents != 0 && !Take(streams.complaint.Ours(), out.complaint, MAX_COMPLAINT_BYTES))
            streams.complaint.CloseOurs();
        if (ends[2].revents != 0 && streams.input.Ours() >= 0) {
            const auto put = send(streams.input.Ours(), plan.input.data() + given, plan.input.size() - given,
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
            given = put < 0 ? plan.input.size() : given + static_cast<size_t>(put); // it does not want it
        }
    }
}

} // namespace

ChildResult RunChild(const ChildPlan& plan, const std::function<bool()>& stop)
{
    ChildResult out;
    Streams streams;
    if (streams.input.Ours() < 0 || streams.output.Ours() < 0 || streams.complaint.Ours() < 0) return out;
    const int64_t end_us = SteadyMicros() + plan.patience_ms * MICROS;
    const pid_t pid = Start(plan, streams);
    if (pid < 0) return out;
    out.started = true;
    streams.input.CloseTheirs();
    streams.output.CloseTheirs();
    streams.complaint.CloseTheirs();
    Talk(plan, streams, end_us, stop, out);
    int status = 0;
    const bool too_much = out.output.size() >= plan.max_output_bytes;
    while (out.in_time && !too_much && waitpid(pid, &status, WNOHANG) == 0) {
        out.in_time = SteadyMicros() < end_us && !stop();
        (void)poll(nullptr, 0, WAIT_MS);
        if (!out.in_time) break;
    }
    if (!out.in_time || too_much) {
        (void)kill(pid, SIGKILL);
        (void)waitpid(pid, &status, 0);
        return out;
    }
    if (streams.complaint.Ours() >= 0)
        (void)Take(streams.complaint.Ours(), out.complaint, MAX_COMPLAINT_BYTES);
    if (WIFEXITED(status)) out.exit_code = WEXITSTATUS(status);
    return out;
}

} // namespace emc::base
