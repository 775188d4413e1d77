#include "base/log.h"
#include "rpc/http_server.h"
#include "unit/rpc/client.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <semaphore>
#include <thread>

namespace emc::rpc {
namespace {

using test::Client;
using test::Post;

/// A server on a free port of the loopback. Paths: /now echoes at once, /slow waits for `release`, /late
/// answers after 300 ms, /big gives a large reply; the gate refuses /no with 401.
struct Rig {
    explicit Rig(HttpServer::Options options = {})
    {
        options.listen = {{"127.0.0.1", 0}};
        if (options.allow.empty()) options.allow = {*base::Subnet::Parse("127.0.0.0/8")};
        HttpHandlers handlers;
        handlers.gate = [this](HttpRequest& request) {
            HttpAction action;
            ++gated;
            if (request.path == "/no") action.now = HttpReply{401, "go away", "text/plain", {}};
            return action;
        };
        handlers.handle = [this](HttpRequest&& request) { return Handle(std::move(request)); };
        server.emplace(std::move(options), std::move(handlers), log);
        const auto started = server->Start();
        BOOST_REQUIRE_MESSAGE(started.HasValue(), (started ? "" : started.Error()));
        port = server->Port();
    }

    HttpAction Handle(HttpRequest&& request)
    {
        HttpAction action;
        ++handled;
        if (request.path == "/slow") {
            action.later = [this] {
                ++running;
                release.acquire();
                return HttpReply{200, "slow", "text/plain", {}};
            };
        } else {
            action.now = HttpReply{200, request.method + " " + request.body, "text/plain", {{"X-Peer", "1"}}};
            if (request.path == "/late") action.delay_ms = 300;
            if (request.path == "/big") action.now->body.assign(20u << 20, 'b');
            if (request.path == "/none") action.now = HttpReply{204, "", "text/plain", {}};
        }
        return action;
    }

    void WaitForRunning(int count) const
    {
        while (running < count)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    base::Logger log;
    std::counting_semaphore<1000> release{0};
    std::atomic<int> running{0};
    std::atomic<int> handled{0};
    std::atomic<int> gated{0};
    std::optional<HttpServer> server;
    uint16_t port = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(keep_alive_pipelining_and_methods)
{
    Rig rig;
    Client client(rig.port);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(client.Send(Post("/now", "a" + std::to_string(i))));
        const auto answer = client.Read();
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(answer.body == "POST a" + std::to_string(i));
        BOOST_TEST(answer.head.find("X-Peer: 1\r\n") != std::string::npos);
        BOOST_TEST(answer.head.find("Date: ") != std::string::npos);
        BOOST_TEST(answer.head.find("GMT\r\n") != std::string::npos);
        BOOST_TEST(answer.head.find("Connection") == std::string::npos);
    }
    std::string many;
    for (int i = 0; i < 200; ++i)
        many += Post(i % 50 == 7 ? "/late" : "/now", std::to_string(i));
    std::vector<std::string> bodies; // looked at here: Boost's macros are for one thread at a time
    std::thread reader([&] {
        for (int i = 0; i < 200; ++i)
            bodies.push_back(client.Read().body);
    });
    BOOST_TEST(client.Send(many));
    reader.join();
    for (size_t i = 0; i < bodies.size(); ++i)
        BOOST_TEST(bodies[i] == "POST " + std::to_string(i)); // in order, past delayed ones

    BOOST_TEST(client.Send("HEAD /now HTTP/1.1\r\n\r\n"));
    const auto head = client.Read(false);
    BOOST_TEST(head.head.find("Content-Length: 5\r\n") != std::string::npos);
    BOOST_TEST(client.Send(Post("/none", "")));
    const auto none = client.Read();
    BOOST_TEST(none.status == 204);
    BOOST_TEST(none.head.find("Content-Length") == std::string::npos);
    BOOST_TEST(client.Send("OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n"));
    const auto last = client.Read();
    BOOST_TEST(last.head.find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(client.ClosedWithin(1'000));

    Client old(rig.port);
    BOOST_TEST(old.Send("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    BOOST_TEST(old.Read().head.find("Connection: keep-alive\r\n") != std::string::npos);
    BOOST_TEST(old.Send("GET /now HTTP/1.0\r\n\r\n"));
    BOOST_TEST(old.Read().status == 200);
    BOOST_TEST(old.ClosedWithin(1'000));
}

BOOST_AUTO_TEST_CASE(big_bodies_and_big_replies)
{
    HttpServer::Options options;
    options.limits.body_bytes = 1u << 20;
    Rig rig(options);
    Client fits(rig.port);
    const std::string body(1u << 20, 'x');
    std::thread sender([&] { BOOST_TEST(fits.Send(Post("/now", body))); });
    const auto answer = fits.Read();
    sender.join();
    BOOST_TEST(answer.body.size() == body.size() + 5);
    BOOST_TEST(fits.Send(Post("/big", "")));
    BOOST_TEST(fits.Read().body.size() == 20u << 20);

    Client larger(rig.port);
    std::thread rest([&] { larger.Send(Post("/now", body + "y")); });
    const auto refused = larger.Read();
    rest.join();
    BOOST_TEST(refused.status == 413);

    // A body the gate does not want passes by, and the connection lives on.
    Client unwanted(rig.port);
    const int before = rig.handled;
    std::thread third([&] { unwanted.Send(Post("/no", body)); });
    BOOST_TEST(unwanted.Read().status == 401);
    third.join();
    BOOST_TEST(rig.handled == before);
    BOOST_TEST(unwanted.Send(Post("/now", "b")));
    BOOST_TEST(unwanted.Read().body == "POST b");

    Client patient(rig.port);
    BOOST_TEST(patient.Send("POST /now HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    BOOST_TEST(patient.Read().status == 100);
    BOOST_TEST(patient.Send("hi"));
    BOOST_TEST(patient.Read().body == "POST hi");
    BOOST_TEST(patient.Send("POST /no HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    BOOST_TEST(patient.Read().status == 401);
    BOOST_TEST(patient.ClosedWithin(1'000));

    Client chunked(rig.port);
    BOOST_TEST(chunked.Send("POST /now HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
    BOOST_TEST(chunked.Read().body == "POST abc");
    BOOST_TEST(chunked.Send("POST /now HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff"));
    BOOST_TEST(chunked.Send("g\r\n"));
    BOOST_TEST(chunked.Read().status == 400);
}

BOOST_AUTO_TEST_CASE(bodies_of_all_requests_together_are_bounded)
{
    HttpServer::Options options;
    options.total_body_bytes = 100'000;
    Rig rig(options);
    Client first(rig.port);
    BOOST_TEST(first.Send("POST /now HTTP/1.1\r\nContent-Length: 80000\r\n\r\nbegin"));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Client second(rig.port);
    BOOST_TEST(second.Send(Post("/now", std::string(50'000, 'x'))));
    BOOST_TEST(second.Read().status == 503);
    BOOST_TEST(second.Send(Post("/now", "small")));
    BOOST_TEST(second.Read().status == 200);
    BOOST_TEST(first.Send(std::string(79'995, 'y')));
    BOOST_TEST(first.Read().status == 200);
    BOOST_TEST(second.Send(Post("/now", std::string(50'000, 'x'))));
    BOOST_TEST(second.Read().status == 200);
    Client third(rig.port);
    BOOST_TEST(third.Send("POST /now HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n30000\r\n"));
    third.Send(std::string(190'000, 'z'));
    BOOST_TEST(third.Read().status == 503);
}

BOOST_AUTO_TEST_CASE(a_full_queue_answers_503)
{
    HttpServer::Options options;
    options.workers = 1;
    options.queue = 2;
    Rig rig(options);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<Client>(rig.port));
        BOOST_TEST(clients.back()->Send(Post("/slow", "")));
        if (i == 0) rig.WaitForRunning(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    Client extra(rig.port);
    BOOST_TEST(extra.Send(Post("/slow", "")));
    const auto refused = extra.Read();
    BOOST_TEST(refused.status == 503);
    BOOST_TEST(refused.head.find("Retry-After: 1\r\n") != std::string::npos);
    BOOST_TEST(extra.Send(Post("/now", "q"))); // quick ones are served all the same
    BOOST_TEST(extra.Read().status == 200);
    rig.release.release(3);
    for (const auto& client : clients)
        BOOST_TEST(client->Read().body == "slow");
}

BOOST_AUTO_TEST_CASE(too_many_connections_and_strangers)
{
    HttpServer::Options options;
    options.max_connections = 3;
    Rig rig(options);
    {
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 3; ++i) {
            clients.push_back(std::make_unique<Client>(rig.port));
            BOOST_TEST(clients.back()->Send(Post("/now", "")));
            BOOST_TEST(clients.back()->Read().status == 200);
        }
        Client extra(rig.port);
        BOOST_TEST(extra.Read().status == 503);
        BOOST_TEST(extra.ClosedWithin(1'000));
    }
    for (int attempt = 0;; ++attempt) { // those that left are noticed
        Client again(rig.port);
        again.Send(Post("/now", ""));
        if (again.Read().status == 200) break;
        BOOST_REQUIRE(attempt < 100);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    HttpServer::Options elsewhere;
    elsewhere.allow = {*base::Subnet::Parse("10.0.0.0/8")};
    Rig closed(elsewhere);
    Client stranger(closed.port);
    BOOST_TEST(stranger.Read().status == 403);
    BOOST_TEST(closed.gated == 0);
}

BOOST_AUTO_TEST_CASE(silent_and_dripping_clients_are_closed)
{
    HttpServer::Options options;
    options.idle_timeout_sec = 1;
    Rig rig(options);
    Client silent(rig.port);
    Client served(rig.port);
    BOOST_TEST(served.Send(Post("/now", "")));
    BOOST_TEST(served.Read().status == 200);
    Client waiting(rig.port);
    BOOST_TEST(waiting.Send(Post("/slow", "")));
    std::atomic<bool> ended{false};
    std::thread drip([&] {
        Client dripping(rig.port); // a byte now and then does not keep it open
        dripping.Send("POST /now HTTP/1.1\r\n");
        for (int i = 0; i < 60 && dripping.Send("A"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ended = dripping.ClosedWithin(1);
    });
    BOOST_TEST(silent.ClosedWithin(4'000));
    BOOST_TEST(served.ClosedWithin(4'000));
    drip.join();
    BOOST_TEST(ended);
    rig.release.release(1); // whoever waits for the node is not closed
    BOOST_TEST(waiting.Read().body == "slow");
}

BOOST_AUTO_TEST_CASE(clients_that_leave_early)
{
    Rig rig;
    for (int i = 0; i < 3; ++i) {
        Client gone(rig.port);
        BOOST_TEST(gone.Send(Post("/slow", "") + Post("/now", "")));
        rig.WaitForRunning(i + 1);
    }
    {
        Client gone(rig.port);
        BOOST_TEST(gone.Send(Post("/late", "")));
        Client reading(rig.port);
        BOOST_TEST(reading.Send(Post("/big", ""))); // and never reads
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    rig.release.release(3);
    Client client(rig.port);
    BOOST_TEST(client.Send(Post("/late", "x")));
    BOOST_TEST(client.Read().body == "POST x");
}

BOOST_AUTO_TEST_CASE(stopping_while_requests_run)
{
    HttpServer::Options options;
    options.workers = 2;
    Rig rig(options);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 6; ++i) {
        clients.push_back(std::make_unique<Client>(rig.port));
        BOOST_TEST(clients.back()->Send(Post("/slow", "")));
    }
    rig.WaitForRunning(2);
    while (rig.handled < 6)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Client late(rig.port);
    BOOST_TEST(late.Send(Post("/late", "")));
    std::thread stopper([&] { rig.server->Stop(); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    rig.release.release(2);
    stopper.join();
    int done = 0;
    int refused = 0;
    for (const auto& client : clients) {
        const auto answer = client->Read();
        done += answer.status == 200 ? 1 : 0;
        refused += answer.status == 503 ? 1 : 0;
    }
    BOOST_TEST(done == 2); // those that ran ended well
    BOOST_TEST(refused == 4);
    rig.server->Stop(); // twice does no harm
    Client nobody(rig.port);
    BOOST_TEST(!nobody.Send("GET / HTTP/1.1\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(addresses_that_cannot_be_had)
{
    base::Logger log;
    Rig rig;
    const auto start = [&log](std::vector<HttpServer::Endpoint> listen, bool optional) {
        HttpServer::Options options;
        options.listen = std::move(listen);
        options.optional_loopback = optional;
        HttpServer server(std::move(options), {}, log);
        const auto started = server.Start();
        return started ? std::string() : started.Error();
    };
    BOOST_TEST(start({{"127.0.0.1", rig.port}}, false).find("Address already in use") != std::string::npos);
    BOOST_TEST(start({{"localhost", 0}}, false) == "'localhost' is no IPv4 or IPv6 address");
    BOOST_TEST(start({{"192.0.2.1", 0}}, false).find("Cannot listen on 192.0.2.1") != std::string::npos);
    BOOST_TEST(start({{"127.0.0.1", 0}, {"::1", 0}}, true).empty()); // with or without IPv6
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::rpc
