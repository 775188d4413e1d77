#include "dns/transport/stream_server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "crypto/tls.h"
#include "dns/answer/answer.h"
#include "dns/transport/certificate.h"
#include "dns/transport/connection.h"
#include "dns/transport/query_text.h"
#include "dns/transport/slow_lane.h"
#include "dns/transport/sockaddr.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <unordered_map>

namespace emc::dns {

namespace {

constexpr int64_t SWEEP_MS = 250;
constexpr int64_t REFRESH_MS = 5000;
constexpr int64_t MESSAGE_MS = 5000;
constexpr int64_t WRITE_MS = 10'000;
/// Secondaries stop reading while they put large zones together or write them down.
constexpr int64_t TRANSFER_MS = 120'000;
constexpr size_t EVENTS = 256;
constexpr int ACCEPTS_PER_TURN = 64;
constexpr int QUESTIONS_PER_TURN = 64;
constexpr uint64_t WAKE_ID = 0;
constexpr uint64_t FIRST_ID = 1'000'000; ///< below: listeners, counted from 1
constexpr size_t V6_SHARE_BYTES = 8;

/// Whose share of the connections it takes: an IPv4 address, or a /64 of IPv6.
base::IpBytes ShareOf(base::IpBytes ip)
{
    if (!base::IsMappedV4(ip)) std::fill(ip.begin() + V6_SHARE_BYTES, ip.end(), uint8_t{0});
    return ip;
}

} // namespace

class StreamServer::Impl
{
public:
    Impl(StreamOptions options, std::vector<StreamListener> listeners, Parts parts)
        : m_options(std::move(options)), m_listeners(std::move(listeners)), m_parts(*parts.answers),
          m_slow(*parts.slow), m_log(*parts.log), m_certificate(std::move(parts.certificate)),
          m_mail(std::make_shared<Mail>()), m_answerer(m_parts, m_counters, Patience::MemoryOnly),
          m_out(MAX_MESSAGE_BYTES), m_epoll(epoll_create1(EPOLL_CLOEXEC))
    {
        Watch(m_mail->Handle(), WAKE_ID, EPOLLIN, EPOLL_CTL_ADD);
        for (size_t i = 0; i < m_listeners.size(); ++i)
            Watch(m_listeners[i].Handle(), i + 1, EPOLLIN, EPOLL_CTL_ADD);
        m_thread = base::Thread(m_options.name, [this] { Run(); });
    }

    ~Impl()
    {
        m_stop.Request();
        m_mail->WakeUp();
        m_thread.Join();
        m_mail->Close();
        m_connections.clear(); // lets waiting streams go
        close(m_epoll);
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] const Counters& Counts() const { return m_counters; }

    [[nodiscard]] Clients GetClients() const
    {
        return {m_open.load(std::memory_order_relaxed), m_accepted.Get(), m_evicted.Get(), m_timed_out.Get()};
    }

private:
    void Run();
    void Watch(int handle, uint64_t id, uint32_t events, int what);
    void Accept(StreamListener& listener);
    void PauseAccepting();
    void Admit(int handle, const Client& client);
    bool MakeRoom(const base::IpBytes& share);
    void Turn(Connection& connection, uint32_t events);
    void AnswerQuestions(Connection& connection);
    void AnswerOne(Connection& connection, const Inbox::Item& item);
    void HandOver(Connection& connection, ByteSpan packet, Fate fate);
    void Deliver();
    void Sweep();
    void Close(uint64_t id);
    [[nodiscard]] int64_t IdleMs() const;

    const StreamOptions m_options;
    std::vector<StreamListener> m_listeners;
    const AnswerParts m_parts;
    SlowLane& m_slow;
    base::Logger& m_log;
    const std::unique_ptr<Certificate> m_certificate;
    int64_t m_refreshed_ms = 0;
    const std::shared_ptr<Mail> m_mail;
    Counters m_counters;
    Answerer m_answerer;
    Bytes m_out;
    size_t m_answered = 0; ///< since the loop last woke
    const int m_epoll;
    std::unordered_map<uint64_t, std::unique_ptr<Connection>> m_connections;
    std::list<uint64_t> m_silent; ///< connections, the longest silent in front
    std::map<base::IpBytes, size_t> m_shares;
    std::vector<uint64_t> m_again; ///< connections with questions left over from their turn
    uint64_t m_next_id = FIRST_ID;
    int64_t m_now_ms = 0;
    int64_t m_swept_ms = 0;
    bool m_paused = false; ///< nobody is accepted
    std::atomic<uint64_t> m_open{0};
    Counters::Count m_accepted;
    Counters::Count m_evicted;
    Counters::Count m_timed_out;
    base::StopFlag m_stop;
    base::Thread m_thread;
};

void StreamServer::Impl::Watch(int handle, uint64_t id, uint32_t events, int what)
{
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    epoll_ctl(m_epoll, what, handle, &event);
}

void StreamServer::Impl::Run()
{
    std::array<epoll_event, EVENTS> events{};
    while (!m_stop.Requested()) {
        const int wait = m_again.empty() ? static_cast<int>(SWEEP_MS) : 0;
        const int got = epoll_wait(m_epoll, events.data(), static_cast<int>(events.size()), wait);
        m_now_ms = base::SteadyMicros() / 1000;
        m_answerer.BeginBatch();
        m_answerer.SetIdleTime(static_cast<uint16_t>(std::min<int64_t>(IdleMs() / 100, UINT16_MAX)));
        std::vector<uint64_t> again;
        again.swap(m_again);
        for (int i = 0; i < got; ++i) {
            const epoll_event& event = events[static_cast<size_t>(i)];
            const uint64_t id = event.data.u64;
            if (id == WAKE_ID) {
                Deliver();
            } else if (id < FIRST_ID) {
                Accept(m_listeners[id - 1]);
            } else if (const auto found = m_connections.find(id); found != m_connections.end()) {
                Turn(*found->second, event.events);
            }
        }
        for (const uint64_t id : again) {
            if (const auto found = m_connections.find(id); found != m_connections.end()) {
                Turn(*found->second, 0);
            }
        }
        m_answerer.EndBatch(m_answered);
        m_answered = 0;
        if (m_now_ms - m_swept_ms >= SWEEP_MS) Sweep();
    }
}

int64_t StreamServer::Impl::IdleMs() const
{
    const int64_t idle = int64_t{m_options.idle_sec} * 1000;
    return m_connections.size() * 4 > m_options.max_clients * 3 ? idle / 4 : idle;
}

void StreamServer::Impl::Accept(StreamListener& listener)
{
    for (int i = 0; i < ACCEPTS_PER_TURN; ++i) {
        SocketAddress from;
        from.size = sizeof(from.storage);
        const int handle = accept4(listener.Handle(), from.Get(), &from.size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (handle >= 0) {
            Admit(handle, {from.Ip(), from.Port(), m_options.transport});
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (m_silent.empty()) return PauseAccepting();
            m_evicted.Add();
            Close(m_silent.front());
        } else if (errno != ECONNABORTED && errno != EINTR && errno != EPROTO) {
            return;
        }
    }
}

/// No descriptors, and none here to give up: until the next sweep nobody is accepted.
void StreamServer::Impl::PauseAccepting()
{
    m_paused = true;
    for (size_t i = 0; i < m_listeners.size(); ++i)
        Watch(m_listeners[i].Handle(), i + 1, 0, EPOLL_CTL_MOD);
}

/// Closes the longest silent connection of whoever has too many, if any owes nothing.
bool StreamServer::Impl::MakeRoom(const base::IpBytes& share)
{
    const auto taken = m_shares.find(share);
    const bool own_share = taken != m_shares.end() && taken->second >= m_options.max_per_address;
    if (!own_share && m_connections.size() < m_options.max_clients) return true;
    for (const uint64_t id : m_silent) {
        const Connection& connection = *m_connections.at(id);
        if (!connection.Idle() || (own_share && ShareOf(connection.client.ip) != share)) continue;
        m_evicted.Add();
        Close(id);
        return true;
    }
    return false;
}

void StreamServer::Impl::Admit(int handle, const Client& client)
{
    const base::IpBytes share = ShareOf(client.ip);
    if (!MakeRoom(share)) {
        close(handle);
        return;
    }
    const int one = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    const uint64_t id = m_next_id++;
    auto connection = std::make_unique<Connection>(id, handle, client);
    connection->active_ms = m_now_ms;
    if (m_certificate) {
        auto session = m_certificate->Get()->Accept(handle);
        if (!session) return;
        connection->StartTls(std::move(session), m_now_ms);
    }
    connection->events = EPOLLIN;
    Watch(handle, id, EPOLLIN, EPOLL_CTL_ADD);
    connection->place = m_silent.insert(m_silent.end(), id);
    ++m_shares[share];
    m_connections.emplace(id, std::move(connection));
    m_open.store(m_connections.size(), std::memory_order_relaxed);
    m_accepted.Add();
}

void StreamServer::Impl::Close(uint64_t id)
{
    const auto found = m_connections.find(id);
    if (found == m_connections.end()) return;
    m_silent.erase(found->second->place);
    const auto share = m_shares.find(ShareOf(found->second->client.ip));
    if (--share->second == 0) m_shares.erase(share);
    m_connections.erase(found); // closing the socket takes it out of epoll
    m_open.store(m_connections.size(), std::memory_order_relaxed);
}

/// One connection's share of the thread: read, answer, write.
void StreamServer::Impl::Turn(Connection& connection, uint32_t events)
{
    const uint64_t id = connection.id;
    using State = Connection::State;
    bool ended = (events & (EPOLLERR | EPOLLHUP)) != 0;
    if (!ended && (events & EPOLLOUT) != 0) ended = connection.Flush(m_now_ms) == State::Ended;
    const bool readable = (events & (EPOLLIN | EPOLLOUT)) != 0 || connection.HasHidden();
    if (!ended && readable && !connection.last_answer && connection.MayAnswer()) {
        ended = connection.Read(m_now_ms) == State::Ended;
    }
    if (!ended) {
        AnswerQuestions(connection);
        ended = connection.Flush(m_now_ms) == State::Ended || connection.Finished();
    }
    if (ended) {
        Close(id);
        return;
    }
    if (connection.MayAnswer() && (connection.has_questions || connection.HasHidden())) m_again.push_back(id);
    const uint32_t wanted = connection.WantedEvents();
    if (wanted != connection.events) {
        connection.events = wanted;
        Watch(connection.handle, id, wanted, EPOLL_CTL_MOD);
    }
}

void StreamServer::Impl::AnswerQuestions(Connection& connection)
{
    connection.has_questions = false;
    for (int i = 0; !connection.last_answer; ++i) {
        if (i == QUESTIONS_PER_TURN || !connection.MayAnswer()) {
            connection.has_questions = connection.inbox.Partial();
            return;
        }
        const Inbox::Item item = connection.inbox.Next();
        if (item.kind == Inbox::Kind::None) return;
        connection.active_ms = m_now_ms;
        m_silent.splice(m_silent.end(), m_silent, connection.place);
        AnswerOne(connection, item);
    }
}

void StreamServer::Impl::AnswerOne(Connection& connection, const Inbox::Item& item)
{
    if (item.kind == Inbox::Kind::Garbage) {
        m_counters.dropped.Add();
        connection.last_answer = true;
        return;
    }
    // The header of a message that is too long says that a question follows: it is answered FORMERR.
    const Answered answered = m_answerer.Answer(item.packet, connection.client, m_out);
    switch (answered.fate) {
    case Fate::Silence: // no client sends answers
        connection.last_answer = true;
        return;
    case Fate::Reply:
        if (m_options.log_queries) LogQuery(m_log, m_answerer.LastQuery(), {m_out.data(), answered.size});
        ++m_answered;
        if (m_options.sink != nullptr) {
            m_options.sink->Note(m_answerer.LastQuery(), connection.client, {m_out.data(), answered.size});
        }
        connection.PutMessage({m_out.data(), answered.size}, m_now_ms);
        return;
    case Fate::NeedsDisk:
    case Fate::Transfer:
        HandOver(connection, item.packet, answered.fate);
        return;
    }
}

void StreamServer::Impl::HandOver(Connection& connection, ByteSpan packet, Fate fate)
{
    if (!connection.gate) connection.gate = std::make_shared<Gate>();
    ++connection.in_flight;
    auto stream = MakeStream(connection.id, m_mail, connection.gate);
    Bytes copy(packet.begin(), packet.end());
    if (fate == Fate::Transfer) {
        connection.transfer = true;
        m_parts.transfers->OnStream(std::move(copy), connection.client, std::move(stream));
    } else {
        m_slow.Ask(std::move(copy), connection.client, std::move(stream));
    }
}

/// Letters of other threads reach their connections, if those still exist.
void StreamServer::Impl::Deliver()
{
    std::vector<uint64_t> touched;
    for (const Letter& letter : m_mail->Take()) {
        const auto found = m_connections.find(letter.connection);
        if (found == m_connections.end()) continue;
        Connection& connection = *found->second;
        switch (letter.what) {
        case Letter::What::Message:
            connection.PutRaw(letter.bytes, m_now_ms);
            connection.Account(letter.bytes.size());
            break;
        case Letter::What::End:
            --connection.in_flight;
            connection.active_ms = m_now_ms;
            break;
        case Letter::What::Overrun:
            m_timed_out.Add();
            Close(letter.connection);
            continue;
        }
        if (touched.empty() || touched.back() != letter.connection) touched.push_back(letter.connection);
    }
    for (const uint64_t id : touched) {
        if (const auto found = m_connections.find(id); found != m_connections.end()) Turn(*found->second, 0);
    }
}

void StreamServer::Impl::Sweep()
{
    m_swept_ms = m_now_ms;
    for (size_t i = 0; m_paused && i < m_listeners.size(); ++i)
        Watch(m_listeners[i].Handle(), i + 1, EPOLLIN, EPOLL_CTL_MOD);
    m_paused = false;
    if (m_certificate && m_now_ms - m_refreshed_ms >= REFRESH_MS) {
        m_refreshed_ms = m_now_ms;
        m_certificate->Refresh();
    }
    const Connection::Limits limits{IdleMs(), MESSAGE_MS, WRITE_MS, TRANSFER_MS};
    std::vector<uint64_t> late;
    for (const auto& [id, connection] : m_connections) {
        if (connection->TimedOut(m_now_ms, limits)) late.push_back(id);
    }
    for (const uint64_t id : late) {
        m_timed_out.Add();
        Close(id);
    }
}

StreamServer::StreamServer(StreamOptions options, std::vector<StreamListener> listeners, Parts parts)
    : m_impl(std::make_unique<Impl>(std::move(options), std::move(listeners), std::move(parts)))
{}

StreamServer::~StreamServer() = default;

const Counters& StreamServer::Counts() const
{
    return m_impl->Counts();
}

StreamServer::Clients StreamServer::GetClients() const
{
    return m_impl->GetClients();
}

} // namespace emc::dns
