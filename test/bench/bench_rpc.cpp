// The RPC server from outside: requests a second over 16 kept-alive connections beside those of a bare
// libevent HTTP responder that always gives the same answer, and the time from start to the first answer and
// the resident memory of an idle node on an empty regtest. CPU time of the server is shown beside: with other
// work on the machine it is the figure that can be compared. Usage: bench_rpc [emercoind] [seconds for each].
#include "base/bytes.h"
#include "base/clock.h"
#include "codec/base58.h"
#include "codec/json.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <netinet/tcp.h>
#include <sstream>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace emc;

constexpr size_t CONNECTIONS = 16;
constexpr int STARTS = 15;

[[noreturn]] void Die(const std::string& what)
{
    std::fprintf(stderr, "bench_rpc: %s\n", what.c_str());
    std::exit(1);
}

std::string Slurp(const std::string& path)
{
    std::ifstream file(path);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

/// A socket to 127.0.0.1, or −1.
int Connect(uint16_t port)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        close(fd);
        return -1;
    }
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

uint16_t FreePort()
{
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        Die("no free port");
    }
    close(fd);
    return ntohs(address.sin_port);
}

std::string RequestText(const std::string& login, const std::string& body)
{
    return "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic " +
           codec::Base64Encode(base::AsBytes(login)) +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// Length of the whole answer at the front of `in`; 0 while it is not whole.
size_t AnswerBytes(std::string_view in)
{
    const auto end = in.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    const auto field = in.find("Content-Length: ");
    if (field == std::string_view::npos || field > end) Die("an answer without length");
    const size_t size = end + 4 + std::strtoul(in.data() + field + 16, nullptr, 10);
    return in.size() < size ? 0 : size;
}

/// One request at a time, waited for.
std::string Ask(int fd, const std::string& text)
{
    if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) return {};
    std::string in;
    char buffer[65'536];
    while (AnswerBytes(in) == 0) {
        const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
        if (got <= 0) return {};
        in.append(buffer, static_cast<size_t>(got));
    }
    return in;
}

/// Keeps one request under way on each connection; gives the number answered in a second.
double Load(uint16_t port, const std::string& text, double seconds)
{
    const int poller = epoll_create1(EPOLL_CLOEXEC);
    std::vector<int> sockets;
    std::vector<std::string> buffers(CONNECTIONS);
    for (size_t i = 0; i < CONNECTIONS; ++i) {
        const int fd = Connect(port);
        if (fd < 0) Die("no connection");
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
        sockets.push_back(fd);
        if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0) Die("cannot send");
    }
    uint64_t answers = 0;
    const int64_t begin = base::SteadyMicros();
    const int64_t until = begin + static_cast<int64_t>(seconds * 1e6);
    char buffer[65'536];
    while (base::SteadyMicros() < until) {
        epoll_event events[CONNECTIONS];
        const int ready = epoll_wait(poller, events, CONNECTIONS, 1000);
        for (int e = 0; e < ready; ++e) {
            const size_t i = events[e].data.u64;
            const ssize_t got = recv(sockets[i], buffer, sizeof(buffer), 0);
            if (got <= 0) Die("a connection was closed");
            auto& in = buffers[i];
            in.append(buffer, static_cast<size_t>(got));
            const size_t size = AnswerBytes(in);
            if (size == 0) continue;
            if (!in.starts_with("HTTP/1.1 200")) Die("an answer is not 200: " + in.substr(0, 200));
            in.erase(0, size);
            ++answers;
            if (send(sockets[i], text.data(), text.size(), MSG_NOSIGNAL) < 0) Die("cannot send");
        }
    }
    const double took = static_cast<double>(base::SteadyMicros() - begin) / 1e6;
    for (const int fd : sockets)
        close(fd);
    close(poller);
    return static_cast<double>(answers) / took;
}

/// User and system time of a process so far, in seconds.
double CpuSeconds(pid_t pid)
{
    const std::string stat = Slurp("/proc/" + std::to_string(pid) + "/stat");
    std::istringstream in(stat.substr(stat.rfind(')') + 2));
    std::string word;
    double user = 0, system = 0;
    for (int i = 0; i < 11; ++i)
        in >> word;
    in >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// A value of /proc/PID/status in KiB.
long StatusKib(pid_t pid, const std::string& key)
{
    const std::string text = Slurp("/proc/" + std::to_string(pid) + "/status");
    const auto at = text.find(key + ":");
    return at == std::string::npos ? 0 : std::strtol(text.c_str() + at + key.size() + 1, nullptr, 10);
}

void Answer(evhttp_request* request, void* body)
{
    auto* out = evhttp_request_get_output_buffer(request);
    const auto& text = *static_cast<const std::string*>(body);
    evbuffer_add(out, text.data(), text.size());
    evhttp_send_reply(request, 200, "OK", nullptr);
}

/// The bare responder in a process of its own, so that its CPU time can be told.
pid_t StartBare(uint16_t port, const std::string& body)
{
    const pid_t child = fork();
    if (child != 0) return child;
    event_base* base = event_base_new();
    evhttp* http = evhttp_new(base);
    std::string copy = body;
    evhttp_set_gencb(http, &Answer, &copy);
    if (evhttp_bind_socket(http, "127.0.0.1", port) != 0) _exit(1);
    event_base_dispatch(base);
    _exit(0);
}

/// A node on an empty regtest.
class Node
{
public:
    Node(std::string program, std::string folder)
        : m_program(std::move(program)), m_folder(std::move(folder)), m_port(FreePort())
    {
        std::filesystem::create_directories(m_folder);
    }

    ~Node()
    {
        Stop();
        std::filesystem::remove_all(m_folder);
    }

    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Starts it and gives the seconds until getblockcount is answered.
    double Start()
    {
        const int64_t begin = base::SteadyMicros();
        m_pid = fork();
        if (m_pid == 0) {
            const std::string datadir = "-datadir=" + m_folder, port = "-rpcport=" + std::to_string(m_port);
            execl(m_program.c_str(), m_program.c_str(), "-regtest", datadir.c_str(), port.c_str(),
                  "-printtoconsole=0", static_cast<char*>(nullptr));
            _exit(127);
        }
        for (;;) {
            if (base::SteadyMicros() - begin > 30'000'000) Die("the node does not answer");
            if (waitpid(m_pid, nullptr, WNOHANG) == m_pid) Die(m_program + " ended at once");
            m_login = Slurp(m_folder + "/regtest/.cookie");
            const int fd = m_login.empty() ? -1 : Connect(m_port);
            const std::string answer = fd < 0 ? "" : Ask(fd, Text(R"({"method":"getblockcount"})"));
            if (fd >= 0) close(fd);
            if (answer.find("\"error\":null") != std::string::npos) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return static_cast<double>(base::SteadyMicros() - begin) / 1e6;
    }

    void Stop()
    {
        if (m_pid <= 0) return;
        kill(m_pid, SIGTERM);
        waitpid(m_pid, nullptr, 0);
        m_pid = -1;
    }

    [[nodiscard]] std::string Text(const std::string& body) const { return RequestText(m_login, body); }

    /// The result of a call; ends the program on an error.
    [[nodiscard]] codec::Json Call(const std::string& method, const std::string& params) const
    {
        const int fd = Connect(m_port);
        const std::string answer = Ask(fd, Text("{\"method\":\"" + method + "\",\"params\":" + params + "}"));
        close(fd);
        auto json = codec::ParseJson(answer.substr(std::min(answer.size(), answer.find("\r\n\r\n") + 4)));
        if (!json || !(*json)["error"].isNull()) Die(method + ": " + answer);
        return (*json)["result"];
    }

    [[nodiscard]] pid_t Pid() const { return m_pid; }

    [[nodiscard]] uint16_t Port() const { return m_port; }

private:
    const std::string m_program, m_folder;
    const uint16_t m_port;
    pid_t m_pid = -1;
    std::string m_login;
};

void Report(const char* what, pid_t pid, uint16_t port, const std::string& text, double seconds)
{
    static_cast<void>(Load(port, text, seconds / 4)); // warm
    const double cpu = CpuSeconds(pid);
    const double rate = Load(port, text, seconds);
    const double used = CpuSeconds(pid) - cpu;
    std::printf("%-20s %8.0f requests/s %8.0f per CPU second of the server\n", what, rate,
                rate * seconds / used);
}

void MeasureCalls(const std::string& program, const std::string& folder, double seconds)
{
    Node node(program, folder);
    static_cast<void>(node.Start());
    const std::string address = node.Call("getnewaddress", "[]").get_str();
    static_cast<void>(node.Call("generatetoaddress", "[101,\"" + address + "\"]"));
    static_cast<void>(node.Call(
        "name_new", R"(["enum:18009359935:0","E2U+sip=100|10|!^(.*)$!sip:18009359935@example.org!",30])"));
    static_cast<void>(node.Call("generatetoaddress", "[1,\"" + address + "\"]"));
    static_cast<void>(node.Call("syncwithvalidationinterfacequeue", "[]"));

    const struct {
        const char* name;
        const char* params;
    } calls[] = {
        {"getblockcount", "[]"}, {"name_show", "[\"enum:18009359935:0\"]"}, {"getblockchaininfo", "[]"}};

    for (const auto& call : calls) {
        const std::string body = "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"" + std::string(call.name) +
                                 "\",\"params\":" + call.params + "}";
        const uint16_t port = FreePort();
        const pid_t bare = StartBare(port, codec::WriteJson(node.Call(call.name, call.params)));
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        Report("bare responder", bare, port, node.Text(body), seconds);
        kill(bare, SIGKILL);
        waitpid(bare, nullptr, 0);
        Report(call.name, node.Pid(), node.Port(), node.Text(body), seconds);
    }
}

void MeasureStart(const std::string& program, const std::string& folder)
{
    std::vector<double> times;
    double first = 0;
    long resident = 0, private_kib = 0;
    Node node(program, folder);
    for (int i = 0; i < STARTS; ++i) {
        const double took = node.Start();
        if (i == 0) {
            first = took;
            std::this_thread::sleep_for(std::chrono::seconds(3));
            resident = StatusKib(node.Pid(), "VmRSS");
            private_kib = StatusKib(node.Pid(), "RssAnon");
        } else {
            times.push_back(took);
        }
        node.Stop();
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "start to first answer: empty folder %.3f s, then median %.3f s, %.3f to %.3f s in %d starts\n",
        first, times[times.size() / 2], times.front(), times.back(), STARTS);
    std::printf("idle: %.1f MiB resident, %.1f MiB of it anonymous\n", static_cast<double>(resident) / 1024,
                static_cast<double>(private_kib) / 1024);
}

} // namespace

int main(int argc, char** argv)
{
    signal(SIGPIPE, SIG_IGN);
    const std::string program = argc > 1 ? argv[1] : "src/emercoind";
    const double seconds = argc > 2 ? std::max(0.1, std::atof(argv[2])) : 4;
    char folder[] = "/tmp/bench-rpc-XXXXXX";
    if (mkdtemp(folder) == nullptr) Die("no folder below /tmp");
    MeasureStart(program, std::string(folder) + "/start");
    MeasureCalls(program, std::string(folder) + "/calls", seconds);
    std::filesystem::remove_all(folder);
    return 0;
}
