#include "rpc/http_parse.h"

#include <boost/test/unit_test.hpp>

namespace emc::rpc {
namespace {

using Stage = HttpParser::Stage;

/// Feeds `text` in pieces of `step` bytes, going on behind the head, until the request is whole or refused.
/// Returns what is left over.
std::string FeedAll(HttpParser& parser, std::string_view text, size_t step, bool keep_body = true)
{
    std::string buffer;
    size_t next = 0;
    for (;;) {
        const size_t used = parser.Feed(buffer);
        buffer.erase(0, used);
        if (parser.GetStage() == Stage::HeadDone) {
            parser.Proceed(keep_body);
            continue;
        }
        if (parser.GetStage() == Stage::Done || parser.GetStage() == Stage::Failed) break;
        if (used > 0) continue;
        if (next >= text.size()) break;
        buffer += text.substr(next, step);
        next += step;
    }
    return buffer + std::string(text.substr(std::min(next, text.size())));
}

int StatusOf(std::string_view text, size_t step = 7)
{
    HttpParser parser({256, 1000});
    FeedAll(parser, text, step);
    if (parser.GetStage() == Stage::Done) return 200;
    if (parser.GetStage() != Stage::Failed) return 0;
    BOOST_TEST(parser.ErrorText().ends_with("."), "no sentence for " << text);
    return parser.ErrorStatus();
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_parse)

BOOST_AUTO_TEST_CASE(a_request_in_pieces_of_any_size)
{
    const std::string text =
        "\r\nPOST /wallet/my%20purse?x=1&y HTTP/1.1\r\nHost: a\r\nAuthorization:  Basic abc \r\n"
        "Cookie: b=1; c=2\r\nORIGIN: http://a\r\ncookie: d=3\r\n"
        "content-LENGTH: 11\r\n\r\nhello worldGET / HTTP/1.0\r\n\r\n";
    for (size_t step = 1; step <= text.size(); ++step) {
        HttpParser parser({});
        const auto rest = FeedAll(parser, text, step);
        BOOST_REQUIRE((parser.GetStage() == Stage::Done));
        const auto& request = parser.Request();
        BOOST_TEST(request.method == "POST");
        BOOST_TEST(request.path == "/wallet/my purse");
        BOOST_TEST(request.query == "x=1&y");
        BOOST_TEST(request.authorization == "Basic abc");
        BOOST_TEST(request.host == "a");
        BOOST_TEST(request.cookie == "b=1; c=2; d=3");
        BOOST_TEST(request.origin == "http://a");
        BOOST_TEST(request.body == "hello world");
        BOOST_TEST(parser.KeepAlive());
        BOOST_TEST(!parser.IsHttp10());
        parser.Reset();
        FeedAll(parser, rest, step);
        BOOST_REQUIRE((parser.GetStage() == Stage::Done));
        BOOST_TEST(parser.Request().method == "GET");
        BOOST_TEST(parser.Request().body.empty());
        BOOST_TEST(parser.IsHttp10());
        BOOST_TEST(!parser.KeepAlive());
    }
}

BOOST_AUTO_TEST_CASE(chunked_bodies)
{
    const std::string text = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "5;ext=1\r\nhello\r\nA\r\n 0123456789\r\n0\r\nTrailer: x\r\n\r\nrest";
    const std::string good = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "5;ext=1\r\nhello\r\na\r\n 012345678\r\n0\r\nTrailer: x\r\n\r\nrest";
    for (size_t step = 1; step <= good.size(); ++step) {
        HttpParser parser({});
        BOOST_TEST(FeedAll(parser, good, step) == "rest");
        BOOST_REQUIRE((parser.GetStage() == Stage::Done));
        BOOST_TEST(parser.Request().body == "hello 012345678");
        HttpParser skip({});
        BOOST_TEST(FeedAll(skip, good, step, false) == "rest");
        BOOST_TEST(skip.Request().body.empty());
        BOOST_TEST(StatusOf(text, step) == 400); // the second chunk is one byte longer than it says
    }
    const std::string head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    BOOST_TEST(StatusOf(head + "g\r\n") == 400);
    BOOST_TEST(StatusOf(head + "\r\n") == 400);
    BOOST_TEST(StatusOf(head + "-1\r\n") == 400);
    BOOST_TEST(StatusOf(head + "ffffffffffffffffff\r\n") == 400);
    BOOST_TEST(StatusOf(head + "3e9\r\n") == 413); // 1001 bytes
    BOOST_TEST(StatusOf(head + "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n") == 413);
    BOOST_TEST(StatusOf(head + "0\r\n" + std::string(300, 'x')) == 431);
    BOOST_TEST(StatusOf(head + std::string(300, '0')) == 400);
}

BOOST_AUTO_TEST_CASE(what_is_refused)
{
    const std::string end = "\r\n\r\n";
    BOOST_TEST(StatusOf("GET / HTTP/1.1" + end) == 200);
    BOOST_TEST(StatusOf("GET http://h:1/a HTTP/1.1" + end) == 200);
    BOOST_TEST(StatusOf("OPTIONS * HTTP/1.1" + end) == 200);
    BOOST_TEST(StatusOf("GET /") == 0);
    BOOST_TEST(StatusOf("GET /" + end) == 400);
    BOOST_TEST(StatusOf("GET a HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("GET /%4 HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("GET /%zz HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("GET /a b HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("GET /\x01 HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("G(T / HTTP/1.1" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/2.0" + end) == 505);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nno colon" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nName : x" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nA: b\r\n folded" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nA: b\x01" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nHost: a\r\nHost: a" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nHost:\r\nHost: a" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: x" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: -1" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 1, 1" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 1001" + end) == 413);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999" + end) == 413);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1" + end + "x") == 200);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.0\r\nTransfer-Encoding: chunked" + end) == 400);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked" + end) == 501);
    BOOST_TEST(StatusOf("GET / HTTP/1.1\r\nA: " + std::string(300, 'x')) == 431);
}

BOOST_AUTO_TEST_CASE(keep_alive_and_continue)
{
    const auto keeps = [](std::string_view version, std::string_view field) {
        HttpParser parser({});
        FeedAll(parser, "GET / " + std::string(version) + "\r\n" + std::string(field) + "\r\n\r\n", 100);
        BOOST_REQUIRE((parser.GetStage() == Stage::Done));
        return parser.KeepAlive();
    };
    BOOST_TEST(keeps("HTTP/1.1", "A: b"));
    BOOST_TEST(!keeps("HTTP/1.1", "Connection: Close"));
    BOOST_TEST(!keeps("HTTP/1.1", "connection: te, close"));
    BOOST_TEST(!keeps("HTTP/1.0", "A: b"));
    BOOST_TEST(keeps("HTTP/1.0", "Connection: keep-alive"));

    HttpParser parser({});
    const std::string head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    BOOST_TEST(parser.Feed(head) == head.size());
    BOOST_TEST((parser.GetStage() == Stage::HeadDone));
    BOOST_TEST(parser.ExpectsContinue());
    BOOST_TEST(parser.AnnouncedBytes() == 3U);
    parser.Proceed(false);
    BOOST_TEST(parser.Feed("abcd") == 3U);
    BOOST_TEST((parser.GetStage() == Stage::Done));
    BOOST_TEST(parser.Request().body.empty());
    BOOST_TEST(HttpReason(200) == "OK");
    for (const int status : {204, 400, 401, 403, 404, 405, 413, 431, 500, 501, 503, 505})
        BOOST_TEST(HttpReason(status) != HttpReason(999));
}

/// A path may take less than the server does; the next request has the whole limit again.
BOOST_AUTO_TEST_CASE(a_limit_for_one_body)
{
    constexpr std::string_view LONG = "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n0123456789x";
    constexpr std::string_view CHUNKED =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n";
    for (const auto text : {LONG, CHUNKED}) {
        HttpParser parser({256, 1000});
        size_t used = parser.Feed(text);
        parser.LimitBody(10);
        if (parser.GetStage() == Stage::HeadDone) parser.Proceed(true);
        used += parser.Feed(text.substr(used));
        BOOST_CHECK(parser.GetStage() == Stage::Failed);
        BOOST_CHECK_EQUAL(parser.ErrorStatus(), 413);
        BOOST_CHECK_EQUAL(parser.ErrorText(), "The body is too large: up to 10 bytes are taken.");
    }
    HttpParser parser({256, 1000});
    size_t used = parser.Feed(LONG);
    parser.LimitBody(11);
    parser.Proceed(true);
    used += parser.Feed(LONG.substr(used));
    BOOST_CHECK(parser.GetStage() == Stage::Done);
    BOOST_CHECK_EQUAL(parser.Request().body, "0123456789x");
    parser.Reset();
    FeedAll(parser, "POST / HTTP/1.1\r\nContent-Length: 20\r\n\r\n01234567890123456789", 7);
    BOOST_CHECK(parser.GetStage() == Stage::Done);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
