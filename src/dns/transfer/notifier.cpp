#include "dns/transfer/notifier.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/thread.h"
#include "dns/transport/exchange.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint16_t OPCODE_NOTIFY = 4;
constexpr uint16_t FLAGS_NOTIFY = OPCODE_NOTIFY << 11 | 0x0400; // AA
constexpr uint16_t FLAG_QR = 0x8000;
constexpr uint16_t OPCODE_MASK = 0x7800;
constexpr int POLL_MS = 50;

/// Question and new SOA of a zone.
Bytes NotifyMessage(const ZoneConfig& config, const Zone& zone, uint16_t id, uint32_t serial)
{
    Bytes out;
    for (const uint16_t word : {id, FLAGS_NOTIFY, uint16_t{1}, uint16_t{1}, uint16_t{0}, uint16_t{0}})
        AppendU16(out, word);
    out.push_back(static_cast<uint8_t>(zone.label.size()));
    out.insert(out.end(), zone.label.begin(), zone.label.end());
    out.push_back(0);
    AppendU16(out, static_cast<uint16_t>(RrType::Soa));
    AppendU16(out, CLASS_IN);
    const SoaRecord soa = MakeSoa(config, QUESTION_POINTER, serial);
    out.insert(out.end(), soa.Span().begin(), soa.Span().end());
    return out;
}

} // namespace

void NotifyPlan::Changed(size_t zone, size_t targets, int64_t now_ms, base::RandomSource& random)
{
    std::erase_if(m_waiting, [&](const Waiting& item) { return item.due.zone == zone; });
    for (size_t target = 0; target < targets; ++target) {
        uint16_t id = 0;
        do {
            id = static_cast<uint16_t>(random.Next64());
        } while (ZoneOf(target, id));
        m_waiting.push_back({{target, zone, id, 0}, now_ms});
    }
}

std::vector<NotifyPlan::Due> NotifyPlan::TakeDue(int64_t now_ms)
{
    std::vector<Due> out;
    std::erase_if(m_waiting, [&](Waiting& item) {
        if (item.at_ms > now_ms) return false;
        if (item.due.tries == TRIES) return true;
        item.at_ms = now_ms + (FIRST_WAIT_MS << item.due.tries);
        ++item.due.tries;
        out.push_back(item.due);
        return false;
    });
    return out;
}

std::optional<size_t> NotifyPlan::ZoneOf(size_t target, uint16_t id) const
{
    for (const Waiting& item : m_waiting) {
        if (item.due.target == target && item.due.id == id) return item.due.zone;
    }
    return std::nullopt;
}

void NotifyPlan::Answered(size_t target, uint16_t id)
{
    std::erase_if(m_waiting,
                  [&](const Waiting& item) { return item.due.target == target && item.due.id == id; });
}

int64_t NotifyPlan::WaitMs(int64_t now_ms, int64_t most) const
{
    for (const Waiting& item : m_waiting)
        most = std::min(most, std::max<int64_t>(item.at_ms - now_ms, 0));
    return most;
}

class Notifier::Impl
{
public:
    Impl(std::vector<NotifyTarget> targets, const Parts& parts)
        : m_targets(std::move(targets)), m_parts(parts), m_told(parts.config->zones.size()),
          m_sessions(m_targets.size() * m_told.size())
    {}

    ~Impl()
    {
        m_stop.Request();
        if (m_channel) m_channel->WakeUp();
        {
            const base::LockGuard lock(m_mutex);
            m_wake.NotifyAll();
        }
        m_thread.Join();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool Start(std::string& error)
    {
        m_channel = DatagramChannel::Open(error);
        if (!m_channel) return false;
        m_thread = base::Thread("dns-notify", [this] { Run(); });
        return true;
    }

    void OnNews()
    {
        const base::LockGuard lock(m_mutex);
        m_news = true;
        m_wake.NotifyAll();
    }

    std::atomic<uint64_t> sent{0};
    std::atomic<uint64_t> answered{0};

private:
    void Run();
    /// Waits for news or for what comes next; false when it is time to end.
    bool Wait();
    void TakeNews();
    void SendDue();
    void Receive(int timeout_ms);

    const std::vector<NotifyTarget> m_targets;
    const Parts m_parts;
    std::unique_ptr<DatagramChannel> m_channel;
    base::StopFlag m_stop;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_wake;
    bool m_news EMC_GUARDED_BY(m_mutex) = false;

    // The notifier's thread only.
    NotifyPlan m_plan;
    std::vector<uint32_t> m_told;        ///< serial by zone, 0 before the first
    std::vector<TsigSession> m_sessions; ///< of the latest message, by target and zone
    base::Thread m_thread;
};

void Notifier::Impl::TakeNews()
{
    const auto state = m_parts.history->State();
    if (!state || !state->view) return;
    for (const Zone& zone : m_parts.config->zones) {
        const uint32_t serial = state->zones[zone.index].serial;
        if (serial == m_told[zone.index]) continue;
        m_told[zone.index] = serial;
        m_plan.Changed(zone.index, m_targets.size(), base::SteadyMicros() / 1000, *m_parts.random);
    }
}

void Notifier::Impl::SendDue()
{
    for (const NotifyPlan::Due& due : m_plan.TakeDue(base::SteadyMicros() / 1000)) {
        const NotifyTarget& target = m_targets[due.target];
        const Zone& zone = m_parts.config->zones[due.zone];
        Bytes message = NotifyMessage(*m_parts.config, zone, due.id, m_told[due.zone]);
        if (target.key != nullptr) {
            TsigSession session(*target.key);
            session.Sign(message, m_parts.clock->NowSec());
            m_sessions[due.target * m_told.size() + due.zone] = std::move(session);
        }
        if (m_channel->Send(target.ip, target.port, message)) ++sent;
        if (due.tries == NotifyPlan::TRIES) {
            EMC_LOG(*m_parts.log, Warning, Dns, "%s does not answer that zone %s has changed",
                    target.Text().c_str(), zone.label.c_str());
        }
    }
}

void Notifier::Impl::Receive(int timeout_ms)
{
    std::array<uint8_t, EDNS_UDP_BYTES> buffer;
    const auto received = m_channel->Receive(buffer, timeout_ms);
    if (!received || received->size < HEADER_BYTES) return;
    const uint16_t flags = LoadU16(buffer.data() + 2);
    if ((flags & FLAG_QR) == 0 || (flags & OPCODE_MASK) != OPCODE_NOTIFY << 11) return;
    for (size_t i = 0; i < m_targets.size(); ++i) {
        if (m_targets[i].ip != received->ip || m_targets[i].port != received->port) continue;
        const uint16_t id = LoadU16(buffer.data());
        const auto zone = m_plan.ZoneOf(i, id);
        if (!zone) continue;
        const TsigSession& session = m_sessions[i * m_told.size() + *zone];
        const ByteSpan message = ByteSpan(buffer).first(received->size);
        if (m_targets[i].key != nullptr && !session.CheckAnswer(message, m_parts.clock->NowSec())) continue;
        m_plan.Answered(i, id);
        ++answered;
    }
}

bool Notifier::Impl::Wait()
{
    {
        const base::LockGuard lock(m_mutex);
        while (m_plan.Idle() && !m_news && !m_stop.Requested())
            m_wake.Wait(m_mutex);
        if (m_stop.Requested()) return false;
        if (std::exchange(m_news, false)) return true;
    }
    // News is looked for between short waits on the socket.
    Receive(static_cast<int>(m_plan.WaitMs(base::SteadyMicros() / 1000, POLL_MS)));
    return !m_stop.Requested();
}

void Notifier::Impl::Run()
{
    while (Wait()) {
        TakeNews();
        SendDue();
    }
}

Notifier::Notifier(std::vector<NotifyTarget> targets, const Parts& parts)
    : m_impl(std::make_unique<Impl>(std::move(targets), parts))
{}

Notifier::~Notifier() = default;

bool Notifier::Start(std::string& error)
{
    return m_impl->Start(error);
}

void Notifier::OnNews()
{
    m_impl->OnNews();
}

uint64_t Notifier::Sent() const
{
    return m_impl->sent.load();
}

uint64_t Notifier::Answered() const
{
    return m_impl->answered.load();
}

} // namespace emc::dns
