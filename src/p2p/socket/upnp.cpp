#include "base/child.h"
#include "base/thread.h"
#include "p2p/socket/gateway.h"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <unistd.h>

#ifdef EMC_WITH_MINIUPNPC

#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpcommands.h>
#include <miniupnpc/upnperrors.h>

namespace emc::p2p {

namespace {

/// A router that has not answered everything by then gets no more time.
constexpr int MAP_PATIENCE_MS = 20'000;
constexpr int DISCOVERY_MS = 1'000;
constexpr size_t MAX_HELPER_BYTES = 2'048;
constexpr const char* DESCRIPTION = "Emercoin";

/// What this program prints when it is run as the helper with these words.
std::string AskHelper(std::vector<std::string> words, int patience_ms, const base::StopFlag& stop)
{
    words.insert(words.begin(), {"emercoind", std::string(UPNP_HELPER)});
    return base::RunChild({.program = "/proc/self/exe",
                           .words = std::move(words),
                           .input = {},
                           .patience_ms = patience_ms,
                           .max_output_bytes = MAX_HELPER_BYTES},
                          [&stop] { return stop.Requested(); })
        .output;
}

class UpnpGateway final : public Gateway
{
public:
    [[nodiscard]] std::string_view Name() const override { return "UPnP"; }

    [[nodiscard]] base::Expected<Endpoint, std::string> Map(uint16_t port,
                                                            const base::StopFlag& stop) override
    {
        const std::string said = AskHelper({"map", std::to_string(port)}, MAP_PATIENCE_MS, stop);
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
        (void)AskHelper({"unmap", std::to_string(port), m_url}, UNMAP_PATIENCE_MS, never);
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
