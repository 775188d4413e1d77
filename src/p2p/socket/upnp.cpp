#include "base/clock.h"
#include "base/thread.h"
#include "p2p/socket/gateway.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef EMC_WITH_MINIUPNPC

#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <miniupnpc/upnperrors.h>

namespace emc::p2p {

namespace {

constexpr int64_t MICROS = 1'000;
constexpr int POLL_MS = 50;
/// A router that has not answered everything by then gets no more time.
constexpr int MAP_PATIENCE_MS = 20'000;
constexpr int DISCOVERY_MS = 1'000;
constexpr size_t MAX_HELPER_BYTES = 2'048;
constexpr const char* DESCRIPTION = "Emercoin";

/// A child process that prints a line.
class Child
{
public:
    explicit Child(std::vector<std::string> arguments)
    {
        int ends[2] = {-1, -1};
        if (pipe2(ends, O_CLOEXEC) != 0) return;
        m_out = ends[0];
        std::vector<char*> words;
        for (auto& argument : arguments)
            words.push_back(argument.data());
        words.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        if (posix_spawn(&m_pid, "/proc/self/exe", &actions, nullptr, words.data(), environ) != 0) m_pid = -1;
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
    }

    ~Child()
    {
        if (m_pid > 0) {
            (void)kill(m_pid, SIGKILL);
            (void)waitpid(m_pid, nullptr, 0);
        }
        if (m_out >= 0) close(m_out);
    }

    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// What it printed up to its end; cut off when the time is up, it prints too much, or `stop` says so.
    std::string Read(int patience_ms, const base::StopFlag& stop) const
    {
        const int64_t end = base::SteadyMicros() + patience_ms * MICROS;
        std::string out;
        while (m_pid > 0 && base::SteadyMicros() < end && !stop.Requested() &&
               out.size() < MAX_HELPER_BYTES) {
            pollfd source{m_out, POLLIN, 0};
            if (poll(&source, 1, POLL_MS) <= 0) continue;
            char buffer[MAX_HELPER_BYTES];
            const auto got = read(m_out, buffer, sizeof(buffer));
            if (got <= 0) break;
            out.append(buffer, static_cast<size_t>(got));
        }
        return out;
    }

private:
    pid_t m_pid = -1;
    int m_out = -1;
};

class UpnpGateway final : public Gateway
{
public:
    [[nodiscard]] std::string_view Name() const override { return "UPnP"; }

    [[nodiscard]] base::Expected<Endpoint, std::string> Map(uint16_t port,
                                                            const base::StopFlag& stop) override
    {
        const std::string said = Child({"emercoind", std::string(UPNP_HELPER), "map", std::to_string(port)})
                                     .Read(MAP_PATIENCE_MS, stop);
        const size_t blank = said.find(' ');
        const size_t line_end = said.find('\n');
        if (line_end == std::string::npos) return base::Unexpected(std::string("no router answers"));
        const auto address = NetAddress::Parse(said.substr(0, blank));
        if (!address || blank > line_end) return base::Unexpected(said.substr(0, line_end));
        m_url = said.substr(blank + 1, line_end - blank - 1);
        return Endpoint{*address, port};
    }

    void Unmap(uint16_t port) override
    {
        const base::StopFlag never;
        (void)Child({"emercoind", std::string(UPNP_HELPER), "unmap", std::to_string(port), m_url})
            .Read(UNMAP_PATIENCE_MS, never);
    }

private:
    std::string m_url; ///< of the router's description
};

// From here on in the child process.

/// A router that was found, and what the library keeps of it.
struct Router {
    Router() = default;
    Router(const Router&) = delete;
    Router& operator=(const Router&) = delete;

    ~Router() { FreeUPNPUrls(&urls); }

    UPNPUrls urls{};
    IGDdatas data{};
    char own[64]{};
    bool good = false;
};

void Find(Router& router)
{
    int error = 0;
    UPNPDev* devices = upnpDiscover(DISCOVERY_MS, nullptr, nullptr, UPNP_LOCAL_PORT_ANY, 0, 2, &error);
#if MINIUPNPC_API_VERSION <= 17
    const int found = UPNP_GetValidIGD(devices, &router.urls, &router.data, router.own, sizeof(router.own));
#else
    const int found =
        UPNP_GetValidIGD(devices, &router.urls, &router.data, router.own, sizeof(router.own), nullptr, 0);
#endif
    router.good = found == 1;
    freeUPNPDevlist(devices);
}

/// The sentence or the line for the parent.
std::string MapPort(const std::string& port)
{
    Router router;
    Find(router);
    if (!router.good) return "no router answers";
    const char* url = router.urls.controlURL;
    const char* service = router.data.first.servicetype;
    char address[64]{};
    int error = UPNP_GetExternalIPAddress(url, service, address);
    if (error != UPNPCOMMAND_SUCCESS || address[0] == 0) return "the router does not tell its address";
    constexpr int ONLY_PERMANENT = 725;
    const auto map = [&](const std::string& seconds) {
        return UPNP_AddPortMapping(url, service, port.c_str(), port.c_str(), router.own, DESCRIPTION, "TCP",
                                   nullptr, seconds.c_str());
    };
    error = map(std::to_string(MAPPING_SEC));
    if (error == ONLY_PERMANENT) error = map("0");
    if (error != UPNPCOMMAND_SUCCESS) return "the router refuses: error " + std::to_string(error);
    return std::string(address) + " " + router.urls.rootdescURL;
}

void UnmapPort(const std::string& port, const std::string& description)
{
    Router router;
    router.good = UPNP_GetIGDFromUrl(description.c_str(), &router.urls, &router.data, router.own,
                                     sizeof(router.own)) == 1;
    if (router.good)
        UPNP_DeletePortMapping(router.urls.controlURL, router.data.first.servicetype, port.c_str(), "TCP",
                               nullptr);
}

} // namespace

std::unique_ptr<Gateway> MakeUpnpGateway()
{
    return std::make_unique<UpnpGateway>();
}

int RunUpnpHelper(const std::vector<std::string>& arguments)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (arguments.size() == 2 && arguments[0] == "map") {
        (void)printf("%s\n", MapPort(arguments[1]).c_str());
        return 0;
    }
    if (arguments.size() != 3 || arguments[0] != "unmap") return 1;
    UnmapPort(arguments[1], arguments[2]);
    return 0;
}

} // namespace emc::p2p

#else

std::unique_ptr<emc::p2p::Gateway> emc::p2p::MakeUpnpGateway()
{
    return nullptr;
}

int emc::p2p::RunUpnpHelper(const std::vector<std::string>&)
{
    return 1;
}

#endif
