/// HTTP/1.0 and HTTP/1.1 requests out of a byte stream (RFC 9112), without sockets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace emc::rpc {

struct HttpRequest {
    std::string method; ///< as sent: "POST"
    std::string path;   ///< percent-decoded, without query; "*" for OPTIONS *
    std::string query;
    std::string peer; ///< "127.0.0.1:40000"; filled in by the server
    std::string user; ///< filled in by the gate
    std::string authorization;
    std::string host;   ///< field Host; "" when there is none
    std::string cookie; ///< fields of this name in one, as a list with semicolons
    std::string origin;
    std::string body;
};

struct HttpLimits {
    size_t head_bytes = 8192; ///< request line and header fields
    size_t body_bytes = 32u << 20;
};

/// Reads one request after the other. Lines end with CR LF; folded fields, a message with both a length and a
/// transfer coding, and everything else that two readers could understand differently is refused.
class HttpParser
{
public:
    enum class Stage : uint8_t {
        Head,     ///< wants more of the head
        HeadDone, ///< the head may be looked at; go on with Proceed
        Body,     ///< wants more of the body
        Done,     ///< the request is whole; go on with Reset
        Failed,   ///< ErrorStatus says why; the stream cannot be read on
    };

    explicit HttpParser(const HttpLimits& limits) : m_limits(limits) {}

    /// Reads on and returns how many bytes were used up. Stops when the head is whole and when the request
    /// is; of a head that is not whole yet nothing is used up, the caller offers it again with what came
    /// behind.
    [[nodiscard]] size_t Feed(std::string_view in);

    [[nodiscard]] Stage GetStage() const { return m_stage; }

    /// After HeadDone: a body of this request may only have so many bytes; fails with 413 when it is
    /// announced larger.
    void LimitBody(size_t bytes);
    /// After HeadDone; `keep_body` false lets the body pass by without keeping it.
    void Proceed(bool keep_body);
    /// After Done: the next request.
    void Reset();

    [[nodiscard]] HttpRequest& Request() { return m_request; }

    /// HTTP status for a Failed stream: 400, 413, 431, 501 or 505.
    [[nodiscard]] int ErrorStatus() const { return m_error; }

    /// A sentence for the person who reads the reply of a Failed stream.
    [[nodiscard]] const std::string& ErrorText() const { return m_error_text; }

    /// May the connection serve another request?
    [[nodiscard]] bool KeepAlive() const { return m_keep_alive; }

    [[nodiscard]] bool IsHttp10() const { return m_http10; }

    /// The client waits for "100 Continue" before it sends the body.
    [[nodiscard]] bool ExpectsContinue() const { return m_expects_continue && HasBody(); }

    [[nodiscard]] bool HasBody() const { return m_chunked || m_body_left != 0; }

    /// Length the head announced; 0 for a chunked body.
    [[nodiscard]] uint64_t AnnouncedBytes() const { return m_announced; }

private:
    /// Where in a chunked body.
    enum class Chunk : uint8_t { Size, Data, DataEnd, Trailer };

    /// All three give false.
    bool Fail(int status, std::string_view what);
    bool FailTooLarge(size_t limit);
    bool FailLongHead();
    void ReadHead(std::string_view head);
    [[nodiscard]] bool ReadRequestLine(std::string_view line);
    [[nodiscard]] bool ReadTarget(std::string_view target);
    [[nodiscard]] bool ReadField(std::string_view line);
    [[nodiscard]] bool ReadLength(std::string_view value);
    [[nodiscard]] size_t FeedBody(std::string_view in);
    [[nodiscard]] size_t FeedChunked(std::string_view in);
    [[nodiscard]] size_t FeedChunkLine(std::string_view in);
    void TakeBody(std::string_view data);

    const HttpLimits m_limits;
    size_t m_body_limit = m_limits.body_bytes; ///< of the present request
    Stage m_stage = Stage::Head;
    Chunk m_chunk = Chunk::Size;
    HttpRequest m_request;
    int m_error = 0;
    std::string m_error_text;
    bool m_keep_alive = true;
    bool m_http10 = false;
    bool m_expects_continue = false;
    bool m_chunked = false;
    bool m_has_length = false;
    bool m_has_host = false;
    bool m_keep_body = true;
    uint64_t m_announced = 0;
    uint64_t m_body_left = 0; ///< of the body, or of the present chunk
    uint64_t m_body_seen = 0; ///< bytes of a chunked body so far
    size_t m_trailer_bytes = 0;
};

/// Standard phrase of a status: "OK", "Not Found", …
[[nodiscard]] std::string_view HttpReason(int status);
/// Decodes %xx; false when a % is not followed by two hex digits.
[[nodiscard]] bool PercentDecode(std::string_view text, std::string& out);

} // namespace emc::rpc
