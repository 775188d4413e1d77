/// One client's connection: bytes in, messages out, neither without bound.
#pragma once

#include "crypto/tls.h"
#include "dns/transport/inbox.h"
#include "dns/transport/mail.h"

#include <list>

namespace emc::dns {

/// Bytes of answers that may wait before the client's next questions are left unread.
inline constexpr size_t OUT_HIGH_BYTES = 64 * 1024;
/// Questions of one connection answered elsewhere at the same time.
inline constexpr unsigned MAX_IN_FLIGHT = 8;

/// Owns its socket. One thread.
class Connection
{
public:
    Connection(uint64_t id, int handle, const Client& client);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    enum class State : uint8_t { Alive, Ended };

    /// Everything from here on goes through a session.
    void StartTls(std::unique_ptr<crypto::TlsSession> session, int64_t now_ms);
    /// Reads what there is, up to a fixed amount, so that others have their turn.
    [[nodiscard]] State Read(int64_t now_ms);
    /// Writes what the socket takes.
    [[nodiscard]] State Flush(int64_t now_ms);
    /// Puts one message (or one that has its length in front already) behind those that wait.
    void PutMessage(ByteSpan message, int64_t now_ms);
    void PutRaw(ByteSpan bytes, int64_t now_ms);

    /// May another question be answered now?
    [[nodiscard]] bool MayAnswer() const { return Waiting() < OUT_HIGH_BYTES && in_flight < MAX_IN_FLIGHT; }

    /// Has TLS decrypted more than has been read? The socket does not show it.
    [[nodiscard]] bool HasHidden() const { return m_tls && !m_shaking && m_tls->Pending(); }

    [[nodiscard]] size_t Waiting() const { return m_out.size() - m_out_at; }

    /// Nothing is owed to the client: it may be closed to make room for another.
    [[nodiscard]] bool Idle() const { return in_flight == 0 && Waiting() == 0; }

    /// The client has sent its last and everything is answered.
    [[nodiscard]] bool Finished() const { return (m_read_closed || last_answer) && Idle() && !has_questions; }

    /// Epoll events that would bring it forward.
    [[nodiscard]] uint32_t WantedEvents() const;

    struct Limits {
        int64_t idle_ms = 0;     ///< without a question
        int64_t message_ms = 0;  ///< for one question, or the beginning of TLS
        int64_t write_ms = 0;    ///< in which the client takes nothing
        int64_t transfer_ms = 0; ///< the same while it copies a zone
    };

    [[nodiscard]] bool TimedOut(int64_t now_ms, const Limits& limits) const;

    /// The bytes of letters that have arrived; tells waiting streams what is left.
    void Account(size_t arrived);

    const uint64_t id;
    const int handle;
    const Client client;
    Inbox inbox;
    std::shared_ptr<Gate> gate;          ///< made for the first stream
    unsigned in_flight = 0;              ///< questions answered elsewhere
    bool has_questions = false;          ///< whole ones that wait for MayAnswer
    bool transfer = false;               ///< one is under way, or was asked for just now
    bool last_answer = false;            ///< close when what waits is written
    uint32_t events = 0;                 ///< as epoll knows them
    int64_t active_ms = 0;               ///< of the last question or answer
    std::list<uint64_t>::iterator place; ///< in the server's list, the longest silent in front

private:
    [[nodiscard]] State Shake(int64_t now_ms);
    [[nodiscard]] crypto::TlsResult ReadSome(std::span<uint8_t> out);
    [[nodiscard]] crypto::TlsResult WriteSome(ByteSpan in);

    std::unique_ptr<crypto::TlsSession> m_tls;
    Bytes m_out;
    size_t m_out_at = 0;
    bool m_shaking = false; ///< TLS has not begun yet
    bool m_read_closed = false;
    bool m_wants_write = false; ///< of TLS, to read or to begin
    int64_t m_partial_ms = 0;   ///< since when a question is incomplete; 0: none is
    int64_t m_progress_ms = 0;  ///< when the client last took something
};

} // namespace emc::dns
