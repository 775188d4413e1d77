/// The server's side of TLS 1.2 and 1.3 over sockets that do not block.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "base/memory.h"

namespace emc::crypto {

enum class TlsState : uint8_t {
    Done,
    WantRead,  ///< again when the socket has something to read
    WantWrite, ///< again when the socket takes something
    Closed,    ///< the peer has ended the session in order
    Failed,    ///< it ended otherwise; drop the connection
};

struct TlsResult {
    TlsState state = TlsState::Failed;
    size_t bytes = 0; ///< read or written, with Done
};

/// One connection. One thread. Does not own the socket.
class TlsSession
{
public:
    struct Impl;
    explicit TlsSession(std::unique_ptr<Impl> impl);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    [[nodiscard]] TlsResult Handshake();
    [[nodiscard]] TlsResult Read(std::span<uint8_t> out);
    /// Is there more to read that the socket does not show?
    [[nodiscard]] bool Pending() const;
    /// May take a part.
    [[nodiscard]] TlsResult Write(base::ByteSpan in);
    /// Says that nothing more will be written.
    void Close();

private:
    std::unique_ptr<Impl> m_impl;
};

/// Certificate, key and what is offered to clients. Immutable; any thread.
class TlsContext
{
public:
    struct Options {
        std::string certificate_file; ///< PEM, the chain behind it
        std::string key_file;         ///< PEM, not encrypted
        std::string protocol;         ///< ALPN name, as "dot"; clients that offer others only are refused
    };

    /// The error names the file and what is wrong with it.
    [[nodiscard]] static base::Expected<std::shared_ptr<const TlsContext>, std::string>
    Load(const Options& options);

    struct Impl;
    explicit TlsContext(std::shared_ptr<Impl> impl);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// A session for a connected socket; null when there is no memory.
    [[nodiscard]] std::unique_ptr<TlsSession> Accept(int socket) const;
    /// SHA-256 of the certificate, as people compare it: "AB:CD:…".
    [[nodiscard]] const std::string& Fingerprint() const;
    /// SHA-256 of the public key in base64, as clients pin it (RFC 7858 §4.2).
    [[nodiscard]] const std::string& KeyPin() const;
    /// Unix time after which the certificate is not valid any more.
    [[nodiscard]] int64_t ExpirySec() const;

private:
    std::shared_ptr<Impl> m_impl; ///< sessions share it: they may outlive the context
};

/// Writes a new P-256 key (readable by its owner alone) and a certificate it has signed itself, valid ten
/// years from `now_sec`, for `host`. The error names the file and the reason.
[[nodiscard]] base::Expected<void, std::string> MakeSelfSigned(const TlsContext::Options& files,
                                                               const std::string& host, int64_t now_sec);

} // namespace emc::crypto
