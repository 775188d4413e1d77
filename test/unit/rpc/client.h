// A plain HTTP client on one loopback connection, for talking to the server in every odd way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emc::test {

struct Answer {
    int status = 0;
    std::string head; ///< status line and fields
    std::string body;
};

class Client
{
public:
    /// Connects to 127.0.0.1.
    explicit Client(uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// False when the peer closed.
    bool Send(std::string_view text) const;
    /// The next answer; status 0 when the connection ends or stays silent for five seconds first.
    Answer Read(bool with_body = true);
    /// True when the peer closes within `ms` without sending anything more.
    bool ClosedWithin(int ms);

private:
    bool Fill(int ms);

    int m_fd = -1;
    std::string m_buffer;
};

/// "POST path" with this body and these further fields (each with its CR LF).
std::string Post(std::string_view path, std::string_view body, std::string_view fields = {});

} // namespace emc::test
