#include "rpc/http_connection.h"

#include "base/clock.h"
#include "base/log.h"

#include <event2/event.h>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::rpc {

namespace {

constexpr size_t READ_BYTES = 65'536;
/// Slower than this a body or a reply is given up.
constexpr double MIN_BYTES_PER_SEC = 65'536;
constexpr double LINGER_SEC = 2;
constexpr const char* TOO_LARGE = "Too many large requests at once\n";

void AppendHead(std::string& out, const HttpReply& reply, const std::string& date)
{
    out += "HTTP/1.1 ";
    out += std::to_string(reply.status);
    out += ' ';
    out += HttpReason(reply.status);
    out += "\r\nDate: ";
    out += date;
    if (!reply.body.empty()) {
        out += "\r\nContent-Type: ";
        out += reply.content_type;
    }
    if (reply.status != 204) {
        out += "\r\nContent-Length: ";
        out += std::to_string(reply.body.size());
    }
    for (const auto& [name, value] : reply.headers) {
        out += "\r\n";
        out += name;
        out += ": ";
        out += value;
    }
}

} // namespace

void EventDeleter::operator()(event* p) const
{
    event_free(p);
}

HttpConnection::HttpConnection(HttpLoop& loop, uint64_t id, int fd, std::string peer)
    : m_loop(loop), m_id(id), m_fd(fd), m_peer(std::move(peer)), m_parser(loop.Shared().options.limits)
{
    AllowSec(0);
}

HttpConnection::~HttpConnection()
{
    SetBodyShare(0);
    m_readable.reset();
    m_writable.reset();
    close(m_fd);
    m_loop.Shared().connections.fetch_sub(1, std::memory_order_relaxed);
}

bool HttpConnection::Watch()
{
    m_readable.reset(event_new(m_loop.Base(), m_fd, EV_READ | EV_PERSIST, &OnReadable, this));
    m_writable.reset(event_new(m_loop.Base(), m_fd, EV_WRITE | EV_PERSIST, &OnWritable, this));
    return m_readable && m_writable && event_add(m_readable.get(), nullptr) == 0;
}

/// The deadline: so many seconds beyond the time every step has.
void HttpConnection::AllowSec(double seconds)
{
    const double whole = seconds + m_loop.Shared().options.idle_timeout_sec;
    m_deadline_us = base::SteadyMicros() + static_cast<int64_t>(whole * 1e6);
}

void HttpConnection::SetBodyShare(uint64_t bytes)
{
    auto& total = m_loop.Shared().body_bytes;
    if (bytes > m_body_share) total.fetch_add(bytes - m_body_share, std::memory_order_relaxed);
    if (bytes < m_body_share) total.fetch_sub(m_body_share - bytes, std::memory_order_relaxed);
    m_body_share = bytes;
}

void HttpConnection::OnReadable(int, short, void* arg)
{
    static_cast<HttpConnection*>(arg)->Read();
}

void HttpConnection::Read()
{
    if (m_state == State::Waiting || m_state == State::Writing) {
        m_paused = true; // whoever sends on without reading waits
        event_del(m_readable.get());
        return;
    }
    char buffer[READ_BYTES];
    const ssize_t got = recv(m_fd, buffer, sizeof(buffer), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        Close();
        return;
    }
    if (m_state != State::Reading) return; // what comes after the last reply is thrown away
    if (m_in.empty() && m_parser.GetStage() == HttpParser::Stage::Head) AllowSec(0);
    m_in.append(buffer, static_cast<size_t>(got));
    Process();
}

void HttpConnection::Process()
{
    size_t used = 0;
    while (m_state == State::Reading) {
        const size_t step = m_parser.Feed(std::string_view(m_in).substr(used));
        used += step;
        const auto stage = m_parser.GetStage();
        if (stage == HttpParser::Stage::HeadDone) {
            OnHead();
        } else if (stage == HttpParser::Stage::Done) {
            OnRequest();
        } else if (stage == HttpParser::Stage::Failed) {
            Refuse(HttpReply{m_parser.ErrorStatus(), m_parser.ErrorText() + "\n", "text/plain", {}});
        } else {
            if (stage == HttpParser::Stage::Body && m_parser.AnnouncedBytes() == 0) CountChunks();
            break;
        }
    }
    m_in.erase(0, used);
    if (m_in.empty() && m_in.capacity() > READ_BYTES) m_in = {};
}

/// A body of unknown length: its share grows, and with it the time it may take.
void HttpConnection::CountChunks()
{
    auto& shared = m_loop.Shared();
    const uint64_t size = m_parser.Request().body.size();
    if (size < m_body_share + READ_BYTES) return;
    SetBodyShare(size);
    AllowSec(0);
    if (shared.body_bytes.load(std::memory_order_relaxed) > shared.options.total_body_bytes) {
        Refuse(HttpReply{503, TOO_LARGE, "text/plain", {{"Retry-After", "1"}}});
    }
}

void HttpConnection::OnHead()
{
    auto& shared = m_loop.Shared();
    auto& request = m_parser.Request();
    request.peer = m_peer;
    m_head_only = request.method == "HEAD";
    HttpAction gate = shared.handlers.gate ? shared.handlers.gate(request) : HttpAction{};
    if (gate.body_limit) m_parser.LimitBody(*gate.body_limit);
    if (m_parser.GetStage() == HttpParser::Stage::Failed) return;
    const uint64_t announced = m_parser.AnnouncedBytes();
    if (!gate.now) {
        SetBodyShare(announced);
        if (shared.body_bytes.load(std::memory_order_relaxed) > shared.options.total_body_bytes) {
            SetBodyShare(0);
            gate.now = HttpReply{503, TOO_LARGE, "text/plain", {{"Retry-After", "1"}}};
        }
    }
    AllowSec(static_cast<double>(announced) / MIN_BYTES_PER_SEC);
    const bool keep = !gate.now;
    if (m_parser.ExpectsContinue()) {
        if (keep) {
            m_out += "HTTP/1.1 100 Continue\r\n\r\n";
            static_cast<void>(Flush());
        } else {
            m_close = true; // the body will not come
            const HttpReply reply = *gate.now;
            m_loop.FinishLater(m_id, reply, gate.delay_ms);
            m_state = State::Waiting;
            return;
        }
    }
    if (gate.now) m_refusal = std::move(gate);
    m_parser.Proceed(keep);
}

void HttpConnection::OnRequest()
{
    auto& shared = m_loop.Shared();
    HttpAction action =
        m_refusal ? std::move(*m_refusal) : shared.handlers.handle(std::move(m_parser.Request()));
    m_refusal.reset();
    if (action.now && action.delay_ms <= 0) {
        Send(*action.now);
        return;
    }
    m_state = State::Waiting;
    if (action.now) {
        m_loop.FinishLater(m_id, std::move(*action.now), action.delay_ms);
        return;
    }
    if (shared.enqueue(m_loop, m_id, action.lane, std::move(action.later))) return;
    EMC_LOG(shared.log, Warning, None,
            "HTTP work queue is full (%zu waiting): answered 503; see -rpcworkqueue", shared.options.queue);
    m_state = State::Reading;
    Send(HttpReply{
        503, "Too many long calls wait already; see -rpcworkqueue\n", "text/plain", {{"Retry-After", "1"}}});
}

void HttpConnection::Refuse(const HttpReply& reply)
{
    m_close = true;
    Send(reply);
}

void HttpConnection::Finish(const HttpReply& reply)
{
    if (m_state != State::Waiting) return;
    m_state = State::Reading;
    Send(reply);
    if (m_state == State::Reading) Process();
    if (m_state == State::Reading && m_paused) {
        m_paused = false;
        event_add(m_readable.get(), nullptr);
    }
}

void HttpConnection::Send(const HttpReply& reply)
{
    SetBodyShare(0);
    if (!m_parser.KeepAlive() || m_loop.Stopping()) m_close = true;
    AppendHead(m_out, reply, m_loop.Date());
    if (m_close) {
        m_out += "\r\nConnection: close";
    } else if (m_parser.IsHttp10()) {
        m_out += "\r\nConnection: keep-alive";
    }
    m_out += "\r\n\r\n";
    if (!m_head_only) m_out += reply.body;
    AllowSec(static_cast<double>(m_out.size()) / MIN_BYTES_PER_SEC);
    if (Flush()) {
        AfterReply();
    } else if (m_state != State::Closed) {
        m_state = State::Writing;
        event_add(m_writable.get(), nullptr);
    }
}

bool HttpConnection::Flush()
{
    while (m_sent < m_out.size()) {
        const ssize_t wrote = send(m_fd, m_out.data() + m_sent, m_out.size() - m_sent, MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0 && errno == EAGAIN) return false;
        if (wrote < 0) {
            Close();
            return false;
        }
        m_sent += static_cast<size_t>(wrote);
    }
    m_out.clear();
    if (m_out.capacity() > READ_BYTES) m_out = {};
    m_sent = 0;
    return true;
}

void HttpConnection::AfterReply()
{
    if (!m_close) {
        m_parser.Reset();
        m_head_only = false;
        m_state = State::Reading;
        AllowSec(0);
        return;
    }
    shutdown(m_fd, SHUT_WR);
    m_state = State::Lingering;
    m_deadline_us = base::SteadyMicros() + static_cast<int64_t>(LINGER_SEC * 1e6);
    if (m_paused) {
        m_paused = false;
        event_add(m_readable.get(), nullptr);
    }
}

void HttpConnection::OnWritable(int, short, void* arg)
{
    auto& self = *static_cast<HttpConnection*>(arg);
    if (!self.Flush()) return;
    event_del(self.m_writable.get());
    if (self.m_state != State::Writing) return;
    self.AfterReply();
    if (self.m_state == State::Reading) self.Process();
    if (self.m_state == State::Reading && self.m_paused) {
        self.m_paused = false;
        event_add(self.m_readable.get(), nullptr);
    }
}

void HttpConnection::Stop()
{
    m_close = true;
    if (m_state != State::Writing) Close();
}

void HttpConnection::TimeOut()
{
    if (m_state != State::Waiting) Close();
}

void HttpConnection::Close()
{
    if (m_state == State::Closed) return;
    m_state = State::Closed;
    event_del(m_readable.get());
    event_del(m_writable.get());
    m_loop.Bury(m_id);
}

} // namespace emc::rpc
