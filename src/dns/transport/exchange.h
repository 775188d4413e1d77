/// Queries that one message made on the spot does not answer: zone transfers, and look-ups that need the
/// disk. A transport hands such a query over and takes its messages back when they are ready.
#pragma once

#include "base/memory.h"
#include "base/subnet.h"
#include "dns/message/wire.h"

namespace emc::dns {

enum class Transport : uint8_t { Udp, Tcp, Tls };
inline constexpr size_t TRANSPORTS = 3;

/// Who asks, and over what.
struct Client {
    base::IpBytes ip{};
    uint16_t port = 0;
    Transport transport = Transport::Udp;
};

/// The way back of one query that came over a connection. Its end (destructor) ends the exchange; the
/// connection goes on with its other queries. Messages of one query keep their order. May outlive the server.
class ReplyStream
{
public:
    virtual ~ReplyStream() = default;

    /// Sends one message (12 to 65,535 bytes, without the length in front) behind those already waiting.
    /// Waits while the client leaves too much of them unread. False: the connection has ended, or the server
    /// stops; nothing more can be sent. Never on a thread of a transport.
    virtual bool Send(ByteSpan message) = 0;
    /// The same without waiting: a client with too much unread loses its connection.
    virtual bool SendNow(ByteSpan message) = 0;
    /// True when Send would be in vain.
    [[nodiscard]] virtual bool Closed() const = 0;
};

/// Answers AXFR and IXFR (RFC 5936, 1995). Packets have passed ParseQuery: one question of type AXFR or IXFR
/// in class IN; IXFR may have one record in the authority section; TSIG may be last in the additional
/// section.
class TransferHandler
{
public:
    virtual ~TransferHandler() = default;

    /// Over a connection. Called on a transport's thread: takes the query over and returns at once. A refusal
    /// is a message like any other.
    virtual void OnStream(Bytes packet, const Client& client, std::shared_ptr<ReplyStream> replies) = 0;
    /// Over UDP, on a worker's thread: writes the answer (`out` has at least 512 bytes) and returns its size;
    /// 0 leaves the question to the server, which refuses it. Several workers at once.
    [[nodiscard]] virtual size_t OnDatagram(ByteSpan packet, const Client& client,
                                            std::span<uint8_t> out) = 0;
};

/// A UDP socket of its own for questions this server asks: NOTIFY (RFC 1996) and the like. One thread, except
/// WakeUp.
class DatagramChannel
{
    struct Handles {
        int v4 = -1;
        int v6 = -1; ///< -1 on a machine without IPv6
        int wake = -1;
    };

public:
    /// From any free port, to IPv4 and IPv6 alike. `error` is errno's text on failure.
    [[nodiscard]] static std::unique_ptr<DatagramChannel> Open(std::string& error);

    explicit DatagramChannel(const Handles& handles) : m_handles(handles) {}

    ~DatagramChannel();
    DatagramChannel(const DatagramChannel&) = delete;
    DatagramChannel& operator=(const DatagramChannel&) = delete;

    /// False when the system refused it at once.
    [[nodiscard]] bool Send(const base::IpBytes& ip, uint16_t port, ByteSpan message);

    struct Received {
        size_t size = 0; ///< of the message, cut to the buffer's size
        base::IpBytes ip{};
        uint16_t port = 0;
    };

    /// The next message, or nothing within the time or after WakeUp.
    [[nodiscard]] std::optional<Received> Receive(std::span<uint8_t> out, int timeout_ms);
    /// Ends a Receive that waits, and makes all later ones return at once. Any thread.
    void WakeUp();

private:
    const Handles m_handles;
};

} // namespace emc::dns
