#include "dns/transport/inherited.h"

#include <algorithm>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>

namespace emc::dns {

namespace {

constexpr int MAX_INHERITED = 64;

std::optional<int> NumberFrom(const std::string& text)
{
    int out = 0;
    if (text.empty() || text.size() > 9) return std::nullopt;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

int OptionOf(int handle, int option)
{
    int value = -1;
    socklen_t size = sizeof(value);
    return getsockopt(handle, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

base::Expected<InheritedSocket, std::string> Inspect(int handle, const std::string& name)
{
    InheritedSocket out;
    out.handle = handle;
    const std::string what = "inherited descriptor " + std::to_string(handle) + " (" + name + ") ";
    out.where.size = sizeof(out.where.address);
    if (getsockname(handle, reinterpret_cast<sockaddr*>(&out.where.address), &out.where.size) != 0) {
        return base::Unexpected(what + "is no socket");
    }
    if (out.where.address.ss_family != AF_INET && out.where.address.ss_family != AF_INET6) {
        return base::Unexpected(what + "is neither of IPv4 nor of IPv6");
    }
    const int type = OptionOf(handle, SO_TYPE);
    const bool listening = OptionOf(handle, SO_ACCEPTCONN) == 1;
    if (type == SOCK_DGRAM) {
        out.kind = InheritedSocket::Kind::Udp;
    } else if (type == SOCK_STREAM && listening) {
        const bool tls = name.find("tls") != std::string::npos || name.find("dot") != std::string::npos;
        out.kind = tls ? InheritedSocket::Kind::Tls : InheritedSocket::Kind::Tcp;
    } else {
        return base::Unexpected(what + "is neither a UDP socket nor a listening TCP socket");
    }
    out.where.any = out.where.IsAny();
    fcntl(handle, F_SETFD, FD_CLOEXEC);
    return out;
}

} // namespace

base::Expected<std::vector<InheritedSocket>, std::string>
InheritedSockets(const ListenEnvironment& environment, int own_pid, int first)
{
    std::vector<InheritedSocket> out;
    const auto pid = NumberFrom(environment.pid);
    if (environment.count.empty() || pid != own_pid) return out;
    const auto count = NumberFrom(environment.count);
    if (!count || *count > MAX_INHERITED) {
        return base::Unexpected("LISTEN_FDS=" + environment.count + ": a number from 1 to 64 is expected");
    }
    size_t at = 0;
    for (int i = 0; i < *count; ++i) {
        const size_t end = std::min(environment.names.find(':', at), environment.names.size());
        const std::string name = at < end ? environment.names.substr(at, end - at) : "";
        at = std::min(end + 1, environment.names.size());
        auto socket = Inspect(first + i, name);
        if (!socket) return base::Unexpected(socket.Error());
        out.push_back(*socket);
    }
    return out;
}

} // namespace emc::dns
