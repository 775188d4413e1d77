#include "dns/transport/exchange.h"
#include "dns/transport/sockaddr.h"

#include <cerrno>
#include <cstring>
#include <memory>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::dns {

std::unique_ptr<DatagramChannel> DatagramChannel::Open(std::string& error)
{
    const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const int v4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int v6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int failure = errno;
    auto out = std::make_unique<DatagramChannel>(Handles{v4, v6, wake});
    if (wake >= 0 && (v4 >= 0 || v6 >= 0)) return out;
    error = std::strerror(failure);
    return nullptr;
}

DatagramChannel::~DatagramChannel()
{
    for (const int handle : {m_handles.v4, m_handles.v6, m_handles.wake}) {
        if (handle >= 0) close(handle);
    }
}

bool DatagramChannel::Send(const base::IpBytes& ip, uint16_t port, ByteSpan message)
{
    const SocketAddress to = SocketAddress::From(ip, port);
    const int handle = to.Family() == AF_INET ? m_handles.v4 : m_handles.v6;
    return handle >= 0 &&
           sendto(handle, message.data(), message.size(), MSG_NOSIGNAL, to.Get(), to.size) >= 0;
}

std::optional<DatagramChannel::Received> DatagramChannel::Receive(std::span<uint8_t> out, int timeout_ms)
{
    std::array<pollfd, 3> waiting{
        {{m_handles.wake, POLLIN, 0}, {m_handles.v4, POLLIN, 0}, {m_handles.v6, POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), timeout_ms) <= 0 || waiting[0].revents != 0) return std::nullopt;
    for (size_t i = 1; i < waiting.size(); ++i) {
        if (waiting[i].revents == 0) continue;
        SocketAddress from;
        from.size = sizeof(from.storage);
        const ssize_t got = recvfrom(waiting[i].fd, out.data(), out.size(), 0, from.Get(), &from.size);
        if (got < 0) continue; // an ICMP error of something sent earlier
        return Received{static_cast<size_t>(got), from.Ip(), from.Port()};
    }
    return std::nullopt;
}

void DatagramChannel::WakeUp()
{
    const uint64_t one = 1;
    // It can only fail when the counter is full, and then the thread wakes anyway.
    [[maybe_unused]] const ssize_t written = write(m_handles.wake, &one, sizeof(one));
}

} // namespace emc::dns
