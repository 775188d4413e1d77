/// Where to listen: addresses as options give them, sockets made from them.
#pragma once

#include "base/expected.h"

#include <cstdint>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <vector>

namespace emc::dns {

enum class BindError : uint8_t {
    BadAddress,     ///< no IPv4 or IPv6 address
    SocketFailed,   ///< the system makes no socket of this family
    AddressInUse,   ///< another program, or another node, has the port
    NotPermitted,   ///< ports below 1024 need a privilege
    AddressMissing, ///< no interface of this machine has the address
    BindFailed,     ///< any other reason
};
[[nodiscard]] std::string_view Text(BindError error);

struct BindFailure {
    BindError error{};
    std::string detail; ///< the address, and what the system said
};

struct ListenAddress {
    sockaddr_storage address{};
    socklen_t size = 0;
    bool any = false;      ///< 0.0.0.0 or ::
    bool optional = false; ///< by default: left out when the machine has no such family

    [[nodiscard]] bool IsAny() const;
    /// "127.0.0.1:5335" or "[::1]:5335".
    [[nodiscard]] std::string ToText() const;
};

/// Addresses between blanks, commas and |: "127.0.0.1", "::1", "[::1]", the old spellings ".127.0.0.1" and
/// ".", each one once. None at all: 127.0.0.1 and, where the machine has IPv6, ::1.
[[nodiscard]] base::Expected<std::vector<ListenAddress>, BindFailure>
ParseBind(const std::vector<std::string>& options, uint16_t port);

/// A socket, closed at the end of its life.
class Socket
{
public:
    Socket() = default;
    ~Socket();
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;

    [[nodiscard]] int Handle() const { return m_handle; }

    /// It was opened by whoever started this program, and outlives it there.
    [[nodiscard]] bool Inherited() const { return m_inherited; }

protected:
    enum class Origin : uint8_t { Own, Inherited };

    explicit Socket(int handle, Origin origin = Origin::Own)
        : m_handle(handle), m_inherited(origin == Origin::Inherited)
    {}

private:
    int m_handle = -1;
    bool m_inherited = false;
};

/// For datagrams.
class UdpSocket : public Socket
{
public:
    UdpSocket() = default;

    /// Bound with SO_REUSEPORT among this process's workers. Port 0 takes a free one and writes it to
    /// `where`. `first`: makes sure beforehand that nobody else has the address.
    [[nodiscard]] static base::Expected<UdpSocket, BindFailure> Open(ListenAddress& where, bool first);
    /// A second descriptor of a bound socket; all share what arrives.
    [[nodiscard]] static base::Expected<UdpSocket, BindFailure> Inherit(const ListenAddress& where,
                                                                        int handle);

    /// Wakes a thread that waits for packets; receiving gives nothing from then on. Not for inherited ones,
    /// which would stay so for the next program, too. Any thread.
    void WakeUp() const;

private:
    using Socket::Socket;
};

/// Listens for connections; never blocks.
class StreamListener : public Socket
{
public:
    StreamListener() = default;

    /// Port 0 takes a free one and writes it to `where`.
    [[nodiscard]] static base::Expected<StreamListener, BindFailure> Open(ListenAddress& where);
    /// A second descriptor of a listening socket.
    [[nodiscard]] static base::Expected<StreamListener, BindFailure> Inherit(const ListenAddress& where,
                                                                             int handle);

private:
    using Socket::Socket;
};

} // namespace emc::dns
