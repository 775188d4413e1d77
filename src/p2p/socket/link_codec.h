/// Messages to bytes and back over whichever transport the two sides agree on. No socket, no clock.
#pragma once

#include "p2p/socket/link.h"
#include "p2p/transport/v2.h"

namespace emc::p2p {

/// One side of one connection. One thread.
class LinkCodec
{
public:
    struct Options {
        bool inbound = false;
        bool v2 =
            true; ///< inbound: taken when offered; outbound: demanded (an old peer hangs up: see HasReceived)
        uint32_t magic_be = 0; ///< as in consensus::Params
    };

    LinkCodec(const Options& options, base::RandomSource& random);

    /// Takes bytes from the front of `in` until a message is whole or `in` is empty; call again while bytes
    /// are left. The error is a sentence; the connection has no meaning any more.
    [[nodiscard]] base::Expected<std::optional<RawMessage>, std::string> Feed(base::ByteSpan& in);
    /// Queues a message behind the handshake.
    void Send(std::string_view command, base::Bytes payload);
    /// What is to be written now; ask after construction, Feed and Send. Empty when there is nothing.
    [[nodiscard]] base::Bytes TakeOutgoing();

    [[nodiscard]] LinkTransport Transport() const;
    [[nodiscard]] std::optional<base::Hash256> SessionId() const;

    /// Whether the other side has sent anything yet.
    [[nodiscard]] bool HasReceived() const { return m_received; }

private:
    struct Waiting {
        std::string command;
        base::Bytes payload;
    };

    [[nodiscard]] base::Expected<std::optional<RawMessage>, std::string> FeedV1(base::ByteSpan& in);

    const uint32_t m_magic_be;
    V1Receiver m_v1;
    std::unique_ptr<V2Transport> m_v2; ///< null: the unencrypted framing
    bool m_received = false;
    std::vector<Waiting> m_waiting; ///< until keys are exchanged or the peer has turned out to be an old one
};

} // namespace emc::p2p
