/// The certificate of DNS over TLS: from the operator's files, or one the server has made for itself; read
/// again when the files change.
#pragma once

#include "base/expected.h"
#include "base/memory.h"

#include <cstdint>
#include <string>

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::crypto {
class TlsContext;
}

namespace emc::dns {

struct CertificateFiles {
    std::string certificate; ///< PEM, the chain behind it
    std::string key;         ///< PEM, without password
    bool own = false;        ///< made by the server when they are not there
    std::string host;        ///< name in an own certificate
};

/// One thread at a time.
class Certificate
{
public:
    /// Reads the files, or makes them first; says in the log what clients can compare. The error is a
    /// sentence that names the file.
    [[nodiscard]] static base::Expected<std::unique_ptr<Certificate>, std::string>
    Open(CertificateFiles files, const base::Clock& clock, base::Logger& log);

    [[nodiscard]] std::shared_ptr<const crypto::TlsContext> Get() const { return m_context; }

    /// Reads changed files again. Those that make no sense, perhaps because only one of them has been
    /// replaced yet, leave what is there and are named in the log once.
    void Refresh();

private:
    struct Stamp {
        int64_t certificate_ns = 0;
        int64_t key_ns = 0;
        bool operator==(const Stamp&) const = default;
    };

    [[nodiscard]] Stamp StampNow() const;
    [[nodiscard]] base::Expected<void, std::string> Read();

    CertificateFiles m_files;
    const base::Clock* m_clock = nullptr;
    base::Logger* m_log = nullptr;
    Stamp m_stamp;
    std::shared_ptr<const crypto::TlsContext> m_context;
};

} // namespace emc::dns
