/// One HTTP connection and the loop it lives on. Inside of the server only; everything runs on the loop's
/// thread.
#pragma once

#include "rpc/http_server.h"

#include <atomic>

struct event;
struct event_base;

namespace emc::rpc {

class HttpLoop;

/// What loops share with the server.
struct HttpShared {
    const HttpServer::Options& options;
    const HttpHandlers& handlers;
    base::Logger& log;
    /// Hands a slow request over; false: the queue is full or the server stops.
    std::function<bool(HttpLoop&, uint64_t connection, Lane, std::function<HttpReply()>)> enqueue;
    std::atomic<unsigned> connections{0};
    std::atomic<uint64_t> body_bytes{0};
};

struct EventDeleter {
    void operator()(event* p) const;
};

using EventPtr = std::unique_ptr<event, EventDeleter>;

/// Reads requests, has them answered, writes the replies, one after the other.
class HttpConnection
{
public:
    /// Takes `fd` over.
    HttpConnection(HttpLoop& loop, uint64_t id, int fd, std::string peer);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    /// Begins to read. False when the loop cannot watch the socket.
    [[nodiscard]] bool Watch();
    /// Answers without a request having been read, then closes.
    void Refuse(const HttpReply& reply);
    /// The reply to the request that was handed over or held back.
    void Finish(const HttpReply& reply);
    /// The loop ends: sends what there is to send, then closes.
    void Stop();

    /// When the present step must be over, in steady microseconds.
    [[nodiscard]] int64_t DeadlineUs() const { return m_deadline_us; }

    /// The deadline passed: closes, unless it is this side that lets the peer wait.
    void TimeOut();

private:
    enum class State : uint8_t {
        Reading,
        Waiting,   ///< for a worker, or for a pause to end
        Writing,   ///< the socket is full
        Lingering, ///< all is said; what still comes is thrown away, so that the last reply arrives
        Closed,
    };

    static void OnReadable(int fd, short what, void* arg);
    static void OnWritable(int fd, short what, void* arg);
    void Read();
    /// Serves what is in the buffer.
    void Process();
    /// After a head: decides about the body.
    void OnHead();
    void OnRequest();
    void CountChunks();
    void Send(const HttpReply& reply);
    /// Writes on; true when everything left.
    bool Flush();
    void AfterReply();
    void Close();
    void SetBodyShare(uint64_t bytes);
    void AllowSec(double seconds);

    HttpLoop& m_loop;
    const uint64_t m_id;
    const int m_fd;
    const std::string m_peer;
    State m_state = State::Reading;
    bool m_paused = false; ///< the read event is off
    bool m_close = false;  ///< after the present reply
    bool m_head_only = false;
    int64_t m_deadline_us = 0;
    std::string m_in;
    std::string m_out;
    size_t m_sent = 0;
    uint64_t m_body_share = 0; ///< of HttpShared::body_bytes
    std::optional<HttpAction> m_refusal;
    HttpParser m_parser;
    EventPtr m_readable;
    EventPtr m_writable;
};

/// An event loop with its connections. Run it on a thread of its own.
class HttpLoop
{
public:
    explicit HttpLoop(HttpShared& shared);
    ~HttpLoop();
    HttpLoop(const HttpLoop&) = delete;
    HttpLoop& operator=(const HttpLoop&) = delete;

    /// Watches the sockets, which stay the caller's. False when the system refuses.
    [[nodiscard]] bool Open(const std::vector<int>& sockets);
    void Run();
    /// Brings the reply to a request handed over; dropped when the connection is gone. Any thread.
    void Post(uint64_t connection, HttpReply reply);
    /// Ends Run after the replies posted so far. Any thread.
    void RequestStop();

    // For connections, on the loop's thread.
    [[nodiscard]] HttpShared& Shared();
    [[nodiscard]] event_base* Base();
    /// Sends the reply to the connection's request after a pause.
    void FinishLater(uint64_t connection, HttpReply reply, int delay_ms);
    /// Has a closed connection destroyed soon, not at once.
    void Bury(uint64_t connection);
    [[nodiscard]] bool Stopping() const;
    /// "Sat, 21 Nov 2026 08:00:00 GMT"
    [[nodiscard]] const std::string& Date() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::rpc
