#include "unit/rpc/client.h"

#include <arpa/inet.h>
#include <cstdlib>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::test {

namespace {

constexpr int PATIENCE_MS = 5'000;

} // namespace

Client::Client(uint16_t port) : m_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        close(m_fd);
        m_fd = -1;
    }
}

Client::~Client()
{
    if (m_fd >= 0) close(m_fd);
}

bool Client::Send(std::string_view text) const
{
    while (!text.empty()) {
        const ssize_t sent = send(m_fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
}

bool Client::Fill(int ms)
{
    pollfd ready{m_fd, POLLIN, 0};
    if (m_fd < 0 || poll(&ready, 1, ms) != 1) return false;
    char buffer[65'536];
    const ssize_t got = recv(m_fd, buffer, sizeof(buffer), 0);
    if (got <= 0) return false;
    m_buffer.append(buffer, static_cast<size_t>(got));
    return true;
}

Answer Client::Read(bool with_body)
{
    size_t end = 0;
    while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!Fill(PATIENCE_MS)) return {};
    }
    Answer out;
    out.head = m_buffer.substr(0, end + 2);
    m_buffer.erase(0, end + 4);
    out.status = std::atoi(out.head.c_str() + out.head.find(' '));
    const auto field = out.head.find("Content-Length: ");
    if (!with_body || field == std::string::npos) return out;
    const auto length = static_cast<size_t>(std::atoll(out.head.c_str() + field + 16));
    while (m_buffer.size() < length) {
        if (!Fill(PATIENCE_MS)) return {};
    }
    out.body = m_buffer.substr(0, length);
    m_buffer.erase(0, length);
    return out;
}

bool Client::ClosedWithin(int ms)
{
    pollfd ready{m_fd, POLLIN, 0};
    if (!m_buffer.empty() || poll(&ready, 1, ms) != 1) return false;
    char byte = 0;
    return recv(m_fd, &byte, 1, 0) <= 0;
}

std::string Post(std::string_view path, std::string_view body, std::string_view fields)
{
    std::string out = "POST ";
    out += path;
    out += " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    out += fields;
    out += "\r\n";
    out += body;
    return out;
}

} // namespace emc::test
