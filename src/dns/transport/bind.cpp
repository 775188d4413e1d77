#include "dns/transport/bind.h"

#include "dns/transport/sockaddr.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace emc::dns {

namespace {

constexpr int RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
constexpr int BACKLOG = 511;

base::Unexpected<BindFailure> Failed(const ListenAddress& where, int error)
{
    BindError kind = BindError::BindFailed;
    if (error == EADDRINUSE) kind = BindError::AddressInUse;
    if (error == EACCES || error == EPERM) kind = BindError::NotPermitted;
    if (error == EADDRNOTAVAIL) kind = BindError::AddressMissing;
    if (error == EAFNOSUPPORT) kind = BindError::SocketFailed;
    return base::Unexpected(BindFailure{kind, where.ToText() + ": " + std::strerror(error)});
}

bool SetOption(int handle, int level, int option, int value)
{
    return setsockopt(handle, level, option, &value, sizeof(value)) == 0;
}

sockaddr* AsSockaddr(sockaddr_storage& address)
{
    return reinterpret_cast<sockaddr*>(&address);
}

std::optional<ListenAddress> ParseOne(std::string_view text, uint16_t port)
{
    if (text.starts_with('.')) text.remove_prefix(1);
    if (text.empty()) text = "0.0.0.0";
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    const std::string plain(text);
    ListenAddress out;
    sockaddr_in v4{};
    if (inet_pton(AF_INET, plain.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&out.address, &v4, sizeof(v4));
        out.size = sizeof(v4);
        out.any = out.IsAny();
        return out;
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, plain.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&out.address, &v6, sizeof(v6));
    out.size = sizeof(v6);
    out.any = out.IsAny();
    return out;
}

/// Opened twice, an address would look as if somebody else had it: repeated ones go, and those that "all
/// addresses" of their family stands for.
void KeepDistinct(std::vector<ListenAddress>& list)
{
    std::vector<ListenAddress> out;
    for (const ListenAddress& one : list) {
        const bool covered = std::ranges::any_of(list, [&](const ListenAddress& other) {
            return other.any && !one.any && other.address.ss_family == one.address.ss_family;
        });
        const bool repeated = std::ranges::any_of(
            out, [&](const ListenAddress& other) { return other.ToText() == one.ToText(); });
        if (!covered && !repeated) out.push_back(one);
    }
    list = std::move(out);
}

/// Sharing the port hides a second node on it; a socket that does not share finds it.
std::optional<int> ProbeError(ListenAddress& where)
{
    const int handle = socket(where.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0) return errno;
    if (where.address.ss_family == AF_INET6) SetOption(handle, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    const int result = bind(handle, AsSockaddr(where.address), where.size);
    const int error = errno;
    close(handle);
    return result == 0 ? std::nullopt : std::optional(error);
}

void Tune(int handle, const ListenAddress& where)
{
    const bool v6 = where.address.ss_family == AF_INET6;
    if (where.any) SetOption(handle, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1);
    // Answers must not be cut into fragments that strangers can forge; the sizes are chosen to need none.
    if (!v6) SetOption(handle, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_OMIT);
    SetOption(handle, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER_BYTES); // as much of it as the system allows
    SetOption(handle, SOL_SOCKET, SO_SNDBUF, RECEIVE_BUFFER_BYTES);
}

bool Prepare(int handle, const ListenAddress& where)
{
    const bool v6 = where.address.ss_family == AF_INET6;
    if (!SetOption(handle, SOL_SOCKET, SO_REUSEPORT, 1)) return false;
    if (v6 && !SetOption(handle, IPPROTO_IPV6, IPV6_V6ONLY, 1)) return false;
    Tune(handle, where);
    return true;
}

/// Binds and takes the address, in which port 0 has become a free one; the error otherwise.
std::optional<int> Bind(int handle, ListenAddress& where)
{
    socklen_t size = sizeof(where.address);
    const bool bound = bind(handle, AsSockaddr(where.address), where.size) == 0 &&
                       getsockname(handle, AsSockaddr(where.address), &size) == 0;
    return bound ? std::nullopt : std::optional(errno);
}

} // namespace

std::string_view Text(BindError error)
{
    switch (error) {
    case BindError::BadAddress:
        return "not an IPv4 or IPv6 address";
    case BindError::SocketFailed:
        return "the system has no such address family";
    case BindError::AddressInUse:
        return "the address is in use by another program";
    case BindError::NotPermitted:
        return "no permission to listen there; ports below 1024 need CAP_NET_BIND_SERVICE";
    case BindError::AddressMissing:
        return "no interface of this machine has the address";
    case BindError::BindFailed:
        return "cannot listen there";
    }
    return "";
}

bool ListenAddress::IsAny() const
{
    const base::IpBytes ip = IpOf(address);
    return ip == *base::ParseIp("0.0.0.0") || ip == base::IpBytes{};
}

std::string ListenAddress::ToText() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof(v4));
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(v4.sin_port));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
}

base::Expected<std::vector<ListenAddress>, BindFailure> ParseBind(const std::vector<std::string>& options,
                                                                  uint16_t port)
{
    std::vector<ListenAddress> out;
    for (const std::string& option : options) {
        for (size_t start = 0; start < option.size();) {
            const size_t end = std::min(option.find_first_of(" ,|\t", start), option.size());
            const std::string_view piece = std::string_view(option).substr(start, end - start);
            start = end + 1;
            if (piece.empty()) continue;
            const auto parsed = ParseOne(piece, port);
            if (!parsed) return base::Unexpected(BindFailure{BindError::BadAddress, std::string(piece)});
            out.push_back(*parsed);
        }
    }
    KeepDistinct(out);
    if (!out.empty()) return out;
    out.push_back(*ParseOne("127.0.0.1", port));
    out.push_back(*ParseOne("::1", port));
    out.back().optional = true;
    return out;
}

Socket::~Socket()
{
    if (m_handle >= 0) close(m_handle);
}

Socket::Socket(Socket&& other) noexcept
    : m_handle(std::exchange(other.m_handle, -1)), m_inherited(other.m_inherited)
{}

Socket& Socket::operator=(Socket&& other) noexcept
{
    if (this != &other) {
        if (m_handle >= 0) close(m_handle);
        m_handle = std::exchange(other.m_handle, -1);
        m_inherited = other.m_inherited;
    }
    return *this;
}

base::Expected<UdpSocket, BindFailure> UdpSocket::Open(ListenAddress& where, bool first)
{
    if (first) {
        if (const auto error = ProbeError(where)) return Failed(where, *error);
    }
    UdpSocket out(socket(where.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (out.Handle() < 0 || !Prepare(out.Handle(), where)) return Failed(where, errno);
    if (const auto error = Bind(out.Handle(), where)) return Failed(where, *error);
    return out;
}

base::Expected<UdpSocket, BindFailure> UdpSocket::Inherit(const ListenAddress& where, int handle)
{
    UdpSocket out(fcntl(handle, F_DUPFD_CLOEXEC, 0), Origin::Inherited);
    if (out.Handle() < 0) return Failed(where, errno);
    Tune(out.Handle(), where);
    return out;
}

void UdpSocket::WakeUp() const
{
    // Reports "not connected" for UDP, but ends every wait for packets on Linux.
    if (Handle() >= 0 && !Inherited()) shutdown(Handle(), SHUT_RDWR);
}

base::Expected<StreamListener, BindFailure> StreamListener::Open(ListenAddress& where)
{
    StreamListener out(socket(where.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (out.Handle() < 0) return Failed(where, errno);
    // Connections of an earlier run that are not quite over must not keep the port.
    SetOption(out.Handle(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (where.address.ss_family == AF_INET6) SetOption(out.Handle(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (const auto error = Bind(out.Handle(), where)) return Failed(where, *error);
    if (listen(out.Handle(), BACKLOG) != 0) return Failed(where, errno);
    return out;
}

base::Expected<StreamListener, BindFailure> StreamListener::Inherit(const ListenAddress& where, int handle)
{
    StreamListener out(fcntl(handle, F_DUPFD_CLOEXEC, 0), Origin::Inherited);
    if (out.Handle() < 0 || fcntl(out.Handle(), F_SETFL, O_NONBLOCK) != 0) return Failed(where, errno);
    return out;
}

} // namespace emc::dns
