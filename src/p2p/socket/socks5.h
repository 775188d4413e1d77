/// The client's side of a SOCKS5 conversation (RFC 1928, passwords RFC 1929): bytes in, bytes out.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"

namespace emc::p2p {

/// One conversation. One thread.
class Socks5
{
public:
    struct Target {
        std::string host; ///< name or address, 1 … 255 bytes; the proxy resolves it
        uint16_t port = 0;
        std::string user; ///< empty: no password is offered; at most 255 bytes, like the next
        std::string password;
    };

    explicit Socks5(Target target) : m_target(std::move(target)) {}

    /// The first bytes to send.
    [[nodiscard]] base::Bytes Begin() const;

    struct Step {
        base::Bytes send;  ///< may be empty
        bool done = false; ///< the proxy has connected; what is left of the input belongs to the target
    };

    /// Takes bytes from the front of `in`. Holds at most one reply. The error is a sentence that says what
    /// the proxy answered.
    [[nodiscard]] base::Expected<Step, std::string> Feed(base::ByteSpan& in);

private:
    enum class State : uint8_t { Method, Password, Reply, Done };

    [[nodiscard]] base::Bytes Request() const;
    /// Bytes the reply that is being read has, as far as it is known.
    [[nodiscard]] size_t Wanted() const;
    /// What is wrong with the bytes of the reply that have come.
    [[nodiscard]] std::optional<std::string> Fault() const;
    /// Moves on after a whole good reply: what to send.
    [[nodiscard]] base::Bytes Answer();

    const Target m_target;
    State m_state = State::Method;
    base::Bytes m_reply;
};

} // namespace emc::p2p
