#include "dns/transport/connection.h"

#include <cerrno>
#include <memory>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::dns {

namespace {

using crypto::TlsResult;
using crypto::TlsState;

constexpr size_t READ_BYTES = 4096;
constexpr int READS_PER_TURN = 4;

TlsResult FromErrno()
{
    if (errno == EAGAIN || errno == EINTR) return {TlsState::WantRead, 0};
    return {TlsState::Failed, 0};
}

} // namespace

Connection::Connection(uint64_t number, int socket, const Client& peer)
    : id(number), handle(socket), client(peer)
{}

Connection::~Connection()
{
    if (gate) gate->Close();
    if (m_tls) m_tls->Close();
    close(handle);
}

void Connection::StartTls(std::unique_ptr<crypto::TlsSession> session, int64_t now_ms)
{
    m_tls = std::move(session);
    m_shaking = true;
    m_partial_ms = now_ms;
}

TlsResult Connection::ReadSome(std::span<uint8_t> out)
{
    if (m_tls) return m_tls->Read(out);
    const ssize_t got = recv(handle, out.data(), out.size(), 0);
    if (got < 0) return FromErrno();
    return {got == 0 ? TlsState::Closed : TlsState::Done, static_cast<size_t>(got)};
}

TlsResult Connection::WriteSome(ByteSpan in)
{
    if (m_tls) return m_tls->Write(in);
    const ssize_t sent = send(handle, in.data(), in.size(), MSG_NOSIGNAL);
    if (sent < 0) return FromErrno();
    return {TlsState::Done, static_cast<size_t>(sent)};
}

Connection::State Connection::Shake(int64_t now_ms)
{
    const TlsResult result = m_tls->Handshake();
    m_wants_write = result.state == TlsState::WantWrite;
    if (result.state == TlsState::Closed || result.state == TlsState::Failed) return State::Ended;
    if (result.state != TlsState::Done) return State::Alive;
    m_shaking = false;
    m_partial_ms = 0;
    active_ms = now_ms;
    return State::Alive;
}

Connection::State Connection::Read(int64_t now_ms)
{
    if (m_shaking) {
        if (Shake(now_ms) == State::Ended) return State::Ended;
        if (m_shaking) return State::Alive;
    }
    std::array<uint8_t, READ_BYTES> buffer;
    for (int turn = 0; turn < READS_PER_TURN && !m_read_closed; ++turn) {
        if (inbox.Size() > MAX_QUESTION_BYTES) break;
        const TlsResult result = ReadSome(buffer);
        m_wants_write = result.state == TlsState::WantWrite;
        if (result.state == TlsState::Failed) return State::Ended;
        if (result.state == TlsState::Closed) m_read_closed = true;
        if (result.state != TlsState::Done) break;
        if (!inbox.Partial()) m_partial_ms = now_ms;
        inbox.Put({buffer.data(), result.bytes});
    }
    return State::Alive;
}

Connection::State Connection::Flush(int64_t now_ms)
{
    while (Waiting() > 0) {
        const TlsResult result = WriteSome(ByteSpan(m_out).subspan(m_out_at));
        if (result.state == TlsState::Failed || result.state == TlsState::Closed) return State::Ended;
        if (result.state != TlsState::Done) break;
        m_out_at += result.bytes;
        m_progress_ms = active_ms = now_ms;
    }
    if (Waiting() == 0) {
        Bytes().swap(m_out);
        m_out_at = 0;
        transfer = transfer && in_flight > 0;
    } else if (m_out_at > OUT_HIGH_BYTES) {
        m_out.erase(m_out.begin(), m_out.begin() + static_cast<std::ptrdiff_t>(m_out_at));
        m_out_at = 0;
    }
    if (gate) Account(0);
    return State::Alive;
}

void Connection::PutMessage(ByteSpan message, int64_t now_ms)
{
    if (Waiting() == 0) m_progress_ms = now_ms;
    AppendU16(m_out, static_cast<uint16_t>(message.size()));
    m_out.insert(m_out.end(), message.begin(), message.end());
}

void Connection::PutRaw(ByteSpan bytes, int64_t now_ms)
{
    if (Waiting() == 0) m_progress_ms = now_ms;
    m_out.insert(m_out.end(), bytes.begin(), bytes.end());
}

uint32_t Connection::WantedEvents() const
{
    uint32_t out = 0;
    if (!m_read_closed && !last_answer && MayAnswer()) out |= EPOLLIN;
    if (Waiting() > 0 || m_wants_write) out |= EPOLLOUT;
    return out;
}

bool Connection::TimedOut(int64_t now_ms, const Limits& limits) const
{
    // A refused transfer is in flight no longer: strangers gain no time by asking for one.
    const int64_t write_ms = transfer && in_flight > 0 ? limits.transfer_ms : limits.write_ms;
    if (Waiting() > 0) return now_ms - m_progress_ms > write_ms;
    if (in_flight > 0) return false;
    const bool partial = m_shaking || (inbox.Partial() && !has_questions);
    if (partial && now_ms - m_partial_ms > limits.message_ms) return true;
    return now_ms - active_ms > limits.idle_ms;
}

void Connection::Account(size_t arrived)
{
    gate->Update(arrived, Waiting());
}

} // namespace emc::dns
