#include "rpc/http_parse.h"

#include "base/log.h"
#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace emc::rpc {

namespace {

constexpr std::string_view LINE_END = "\r\n";
constexpr std::string_view HEAD_END = "\r\n\r\n";
constexpr size_t MAX_CHUNK_LINE = 256;
constexpr std::string_view CHUNK_SIZE = "The size of a chunk is a short hex number on a line of its own.";

bool IsTokenChar(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
    return std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

/// Printable or at least no control character; bytes above ASCII are let through.
bool IsPlain(char c)
{
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
}

char Lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool EqualNoCase(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return Lower(x) == Lower(y); });
}

/// Is `word` one of the comma-separated words of a field?
bool ListHolds(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (EqualNoCase(base::Trim(list.substr(0, comma)), word)) return true;
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return false;
}

int HexDigit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = Lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

} // namespace

std::string_view HttpReason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 204:
        return "No Content";
    case 303:
        return "See Other";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Content Too Large";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Status";
    }
}

bool PercentDecode(std::string_view text, std::string& out)
{
    out.clear();
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? HexDigit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0) return false;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return true;
}

bool HttpParser::Fail(int status, std::string_view what)
{
    m_stage = Stage::Failed;
    m_error = status;
    m_error_text = what;
    m_keep_alive = false;
    return false;
}

bool HttpParser::FailTooLarge(size_t limit)
{
    return Fail(413, base::Format("The body is too large: up to %zu bytes are taken.", limit));
}

bool HttpParser::FailLongHead()
{
    return Fail(431, base::Format("The head of the request is too long: up to %zu bytes are taken.",
                                  m_limits.head_bytes));
}

void HttpParser::Reset()
{
    m_request = {};
    m_stage = Stage::Head;
    m_chunk = Chunk::Size;
    m_keep_alive = true;
    m_http10 = m_expects_continue = m_chunked = m_has_length = m_has_host = false;
    m_keep_body = true;
    m_announced = m_body_left = m_body_seen = 0;
    m_trailer_bytes = 0;
    m_body_limit = m_limits.body_bytes;
}

void HttpParser::LimitBody(size_t bytes)
{
    m_body_limit = std::min(bytes, m_limits.body_bytes);
    if (m_stage == Stage::HeadDone && m_announced > m_body_limit) FailTooLarge(m_body_limit);
}

void HttpParser::Proceed(bool keep_body)
{
    if (m_stage != Stage::HeadDone) return;
    m_keep_body = keep_body;
    m_stage = HasBody() ? Stage::Body : Stage::Done;
    if (keep_body && !m_chunked) m_request.body.reserve(static_cast<size_t>(m_body_left));
}

size_t HttpParser::Feed(std::string_view in)
{
    if (m_stage == Stage::Body) return m_chunked ? FeedChunked(in) : FeedBody(in);
    if (m_stage != Stage::Head) return 0;
    size_t skipped = 0; // empty lines in front of a request are passed over (RFC 9112 section 2.2)
    while (in.substr(skipped).starts_with(LINE_END))
        skipped += LINE_END.size();
    const std::string_view rest = in.substr(skipped);
    const auto end = rest.substr(0, m_limits.head_bytes).find(HEAD_END);
    if (end == std::string_view::npos) {
        if (rest.size() >= m_limits.head_bytes) FailLongHead();
        return skipped;
    }
    ReadHead(rest.substr(0, end));
    return skipped + end + HEAD_END.size();
}

void HttpParser::ReadHead(std::string_view head)
{
    const auto first = head.find(LINE_END);
    if (!ReadRequestLine(head.substr(0, first))) return;
    while (head.find(LINE_END) != std::string_view::npos) {
        head.remove_prefix(head.find(LINE_END) + LINE_END.size());
        if (!ReadField(head.substr(0, head.find(LINE_END)))) return;
    }
    if (m_chunked && (m_has_length || m_http10)) {
        Fail(400, m_http10 ? "HTTP/1.0 knows no Transfer-Encoding; send Content-Length."
                           : "The body comes in chunks and has a Content-Length, too; send one of them.");
        return;
    }
    m_stage = Stage::HeadDone;
}

bool HttpParser::ReadRequestLine(std::string_view line)
{
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    const bool shaped = first != std::string_view::npos && first < last;
    const std::string_view version = shaped ? line.substr(last + 1) : std::string_view();
    if (!shaped || !IsToken(line.substr(0, first)) || !version.starts_with("HTTP/"))
        return Fail(400, "The first line is no request; one looks like \"POST / HTTP/1.1\".");
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return Fail(505, "HTTP/1.1 and HTTP/1.0 are spoken here.");
    m_http10 = version == "HTTP/1.0";
    m_keep_alive = !m_http10;
    m_request.method = line.substr(0, first);
    return ReadTarget(line.substr(first + 1, last - first - 1));
}

bool HttpParser::ReadTarget(std::string_view target)
{
    if (target.find(' ') != std::string_view::npos || !std::all_of(target.begin(), target.end(), IsPlain))
        return Fail(400, "The path has a space or a control character in it; write it as %20 or the like.");
    if (target == "*") {
        m_request.path = "*";
        return true;
    }
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
        const auto slash = target.find('/', scheme + 3);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    if (!target.starts_with('/')) return Fail(400, "The path does not begin with a slash.");
    target = target.substr(0, target.find('#'));
    const auto mark = target.find('?');
    if (mark != std::string_view::npos) m_request.query = target.substr(mark + 1);
    return PercentDecode(target.substr(0, mark), m_request.path) ||
           Fail(400, "Behind a % in the path stand two hex digits, like %3A for a colon.");
}

bool HttpParser::ReadLength(std::string_view value)
{
    uint64_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error == std::errc::result_out_of_range) return FailTooLarge(m_limits.body_bytes);
    if (error != std::errc{} || end != value.data() + value.size())
        return Fail(400, "Content-Length is not a number of bytes.");
    if (m_has_length && length != m_announced)
        return Fail(400, "There are two Content-Length fields that differ.");
    if (length > m_limits.body_bytes) return FailTooLarge(m_limits.body_bytes);
    m_has_length = true;
    m_announced = m_body_left = length;
    return true;
}

bool HttpParser::ReadField(std::string_view line)
{
    const auto colon = line.find(':');
    const bool shaped = colon != std::string_view::npos && IsToken(line.substr(0, colon));
    const std::string_view name = line.substr(0, shaped ? colon : 0);
    const std::string_view value = shaped ? base::Trim(line.substr(colon + 1)) : std::string_view();
    const auto allowed = [](char c) { return IsPlain(c) || c == '\t'; };
    if (!shaped || !std::all_of(value.begin(), value.end(), allowed))
        return Fail(400, "A line of the head is not \"Name: value\" in plain characters.");
    if (EqualNoCase(name, "content-length")) return ReadLength(value);
    if (EqualNoCase(name, "transfer-encoding")) {
        if (m_chunked || !EqualNoCase(value, "chunked"))
            return Fail(501, "Of transfer encodings only \"chunked\" is known, once.");
        m_chunked = true;
    } else if (EqualNoCase(name, "authorization")) {
        m_request.authorization = value;
    } else if (EqualNoCase(name, "host")) {
        if (m_has_host) return Fail(400, "There are two Host fields.");
        m_has_host = true;
        m_request.host = value;
    } else if (EqualNoCase(name, "cookie")) {
        if (!m_request.cookie.empty()) m_request.cookie += "; ";
        m_request.cookie += value;
    } else if (EqualNoCase(name, "origin")) {
        m_request.origin = value;
    } else if (EqualNoCase(name, "connection")) {
        if (ListHolds(value, "close")) m_keep_alive = false;
        if (m_http10 && ListHolds(value, "keep-alive")) m_keep_alive = true;
    } else if (EqualNoCase(name, "expect")) {
        m_expects_continue = EqualNoCase(value, "100-continue");
    }
    return true;
}

void HttpParser::TakeBody(std::string_view data)
{
    if (m_keep_body) m_request.body += data;
    m_body_left -= data.size();
}

size_t HttpParser::FeedBody(std::string_view in)
{
    const auto part = in.substr(0, static_cast<size_t>(std::min<uint64_t>(in.size(), m_body_left)));
    TakeBody(part);
    if (m_body_left == 0) m_stage = Stage::Done;
    return part.size();
}

size_t HttpParser::FeedChunked(std::string_view in)
{
    size_t used = 0;
    while (m_stage == Stage::Body && used < in.size()) {
        const std::string_view rest = in.substr(used);
        size_t step = 0;
        if (m_chunk == Chunk::Data) {
            step = static_cast<size_t>(std::min<uint64_t>(rest.size(), m_body_left));
            TakeBody(rest.substr(0, step));
            if (m_body_left == 0) m_chunk = Chunk::DataEnd;
        } else {
            step = FeedChunkLine(rest);
            if (step == 0) break;
        }
        used += step;
    }
    return used;
}

size_t HttpParser::FeedChunkLine(std::string_view in)
{
    const size_t limit = m_chunk == Chunk::Trailer ? m_limits.head_bytes - m_trailer_bytes : MAX_CHUNK_LINE;
    const auto end = in.substr(0, limit).find(LINE_END);
    if (end == std::string_view::npos) {
        if (in.size() < limit) return 0;
        if (m_chunk == Chunk::Trailer) {
            FailLongHead();
        } else {
            Fail(400, CHUNK_SIZE);
        }
        return 0;
    }
    const std::string_view line = in.substr(0, end);
    if (m_chunk == Chunk::Trailer) {
        m_trailer_bytes += end + LINE_END.size();
        if (line.empty()) m_stage = Stage::Done;
    } else if (m_chunk == Chunk::DataEnd) {
        if (!line.empty()) Fail(400, "A chunk of the body is longer than its size says.");
        m_chunk = Chunk::Size;
    } else {
        const std::string_view digits = base::Trim(line.substr(0, line.find(';')));
        uint64_t size = 0;
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
        if (error != std::errc{} || stop != digits.data() + digits.size()) {
            Fail(400, CHUNK_SIZE);
        } else if (size > m_body_limit - m_body_seen) {
            FailTooLarge(m_body_limit);
        } else {
            m_body_seen += size;
            m_body_left = size;
            m_chunk = size == 0 ? Chunk::Trailer : Chunk::Data;
        }
    }
    return end + LINE_END.size();
}

} // namespace emc::rpc
