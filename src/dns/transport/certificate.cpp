#include "dns/transport/certificate.h"

#include "base/clock.h"
#include "base/log.h"
#include "crypto/tls.h"

#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::dns {

namespace {

constexpr int64_t NS_PER_SEC = 1'000'000'000;
constexpr int64_t WARN_SEC = int64_t{14} * 86'400;

int64_t ChangedAt(const std::string& path)
{
    struct stat info {};

    if (stat(path.c_str(), &info) != 0) return 0;
    return int64_t{info.st_mtim.tv_sec} * NS_PER_SEC + info.st_mtim.tv_nsec;
}

bool Exists(const std::string& path)
{
    return access(path.c_str(), F_OK) == 0;
}

} // namespace

base::Expected<std::unique_ptr<Certificate>, std::string>
Certificate::Open(CertificateFiles files, const base::Clock& clock, base::Logger& log)
{
    if (files.own && !Exists(files.certificate) && !Exists(files.key)) {
        const auto made =
            crypto::MakeSelfSigned({files.certificate, files.key, {}}, files.host, clock.NowSec());
        if (!made) return base::Unexpected(made.Error());
        EMC_LOG(log, Info, Dns, "made a certificate for DNS over TLS: %s", files.certificate.c_str());
    }
    auto out = std::make_unique<Certificate>();
    out->m_files = std::move(files);
    out->m_clock = &clock;
    out->m_log = &log;
    out->m_stamp = out->StampNow();
    if (auto read = out->Read(); !read) return base::Unexpected(read.Error());
    return out;
}

Certificate::Stamp Certificate::StampNow() const
{
    return {ChangedAt(m_files.certificate), ChangedAt(m_files.key)};
}

base::Expected<void, std::string> Certificate::Read()
{
    auto loaded = crypto::TlsContext::Load({m_files.certificate, m_files.key, "dot"});
    if (!loaded) return base::Unexpected(loaded.Error());
    m_context = std::move(*loaded);
    EMC_LOG(*m_log, Info, Dns, "DNS over TLS: certificate SHA-256 %s, key pin %s",
            m_context->Fingerprint().c_str(), m_context->KeyPin().c_str());
    const int64_t left = m_context->ExpirySec() - m_clock->NowSec();
    if (left < WARN_SEC) {
        EMC_LOG(*m_log, Warning, Dns, "%s: the certificate %s on %s", m_files.certificate.c_str(),
                left < 0 ? "has ended" : "ends", base::TimeText(m_context->ExpirySec()).c_str());
    }
    return {};
}

void Certificate::Refresh()
{
    const Stamp now = StampNow();
    if (now == m_stamp) return;
    m_stamp = now;
    const auto read = Read();
    if (read) return;
    EMC_LOG(*m_log, Warning, Dns, "DNS over TLS goes on with the certificate from before: %s",
            read.Error().c_str());
}

} // namespace emc::dns
