#include "p2p/socket/port_mapper.h"

#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "p2p/reach/local_addresses.h"

namespace emc::p2p {

struct PortMapper::Impl {
    Impl(uint16_t p, std::vector<std::unique_ptr<Gateway>> g, base::Logger& l, LocalAddresses& o)
        : port(p), gateways(std::move(g)), log(l), own(o)
    {}

    void Loop();
    /// True when one of the gateways grants it.
    [[nodiscard]] bool Map();
    void Forget();
    void Wait(int64_t milliseconds);

    const uint16_t port;
    const std::vector<std::unique_ptr<Gateway>> gateways;
    base::Logger& log;
    LocalAddresses& own;
    Gateway* granted = nullptr;
    std::optional<Endpoint> outside; ///< as entered in `own`
    std::string last_failure;        ///< said once, not at every attempt
    base::StopFlag stop;
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar wake;
    base::Thread thread;
};

void PortMapper::Impl::Loop()
{
    while (!stop.Requested())
        Wait(Map() ? REMAP_MS : MAP_RETRY_MS);
    if (granted != nullptr) granted->Unmap(port);
    Forget();
}

bool PortMapper::Impl::Map()
{
    std::string failure;
    for (const auto& gateway : gateways) {
        const auto where = gateway->Map(port, stop);
        if (where) granted = gateway.get();
        if (stop.Requested()) return false;
        if (!where) {
            failure += (failure.empty() ? "" : "; ") + std::string(gateway->Name()) + ": " + where.Error();
            continue;
        }
        last_failure.clear();
        if (outside == *where) return true;
        Forget();
        const bool useful = own.Add(*where, OwnSource::Mapped);
        if (useful) outside = *where;
        EMC_LOG(log, Info, Net, "%s: the router leads %s here%s", std::string(gateway->Name()).c_str(),
                where->ToText().c_str(), useful ? "" : ", an address strangers cannot reach either");
        return true;
    }
    Forget();
    if (failure != last_failure) EMC_LOG(log, Info, Net, "the router opens no port: %s", failure.c_str());
    last_failure = failure;
    return false;
}

void PortMapper::Impl::Forget()
{
    if (outside) own.Remove(*outside);
    outside.reset();
}

void PortMapper::Impl::Wait(int64_t milliseconds)
{
    const base::LockGuard lock(mutex);
    while (!stop.Requested() && wake.WaitFor(mutex, milliseconds)) {
    }
}

PortMapper::PortMapper(uint16_t port, std::vector<std::unique_ptr<Gateway>> gateways, base::Logger& log,
                       LocalAddresses& own)
    : m_impl(std::make_unique<Impl>(port, std::move(gateways), log, own))
{
    m_impl->thread = base::Thread("p2p-map", [impl = m_impl.get()] { impl->Loop(); });
}

PortMapper::~PortMapper()
{
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->stop.Request();
        m_impl->wake.NotifyAll();
    }
    m_impl->thread.Join();
}

} // namespace emc::p2p
