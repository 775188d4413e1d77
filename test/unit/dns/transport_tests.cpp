// What carries messages: sockets for own questions, connections of clients.
#include "dns/transport/connection.h"
#include "dns/transport/exchange.h"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace emc;

BOOST_AUTO_TEST_SUITE(dns_transport)

/// Who takes nothing is waited for, longer while a zone is copied; the time begins anew with each byte taken.
BOOST_AUTO_TEST_CASE(clients_that_do_not_read)
{
    constexpr dns::Connection::Limits LIMITS{10'000, 5'000, 10'000, 120'000};
    for (const bool transfer : {false, true}) {
        std::array<int, 2> ends{};
        BOOST_REQUIRE_EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
        dns::Connection connection(1, ends[0], {});
        connection.in_flight = 1;
        connection.transfer = transfer;
        connection.PutRaw(base::Bytes(4'000'000), 1'000);
        BOOST_TEST((connection.Flush(1'000) == dns::Connection::State::Alive));
        BOOST_TEST(connection.Waiting() > 0u);
        const int64_t limit = transfer ? LIMITS.transfer_ms : LIMITS.write_ms;
        BOOST_TEST(!connection.TimedOut(1'000 + limit, LIMITS));
        BOOST_TEST(connection.TimedOut(1'001 + limit, LIMITS));
        base::Bytes taken(1'000'000);
        BOOST_TEST(recv(ends[1], taken.data(), taken.size(), 0) > 0);
        BOOST_TEST((connection.Flush(5'000) == dns::Connection::State::Alive));
        BOOST_TEST(!connection.TimedOut(5'000 + limit, LIMITS));
        connection.in_flight = 0;
        BOOST_TEST(connection.TimedOut(5'001 + LIMITS.write_ms, LIMITS), "nothing more is being made");
        while (connection.Waiting() > 0) {
            while (recv(ends[1], taken.data(), taken.size(), 0) > 0) {
            }
            BOOST_TEST_REQUIRE((connection.Flush(6'000) == dns::Connection::State::Alive));
        }
        BOOST_TEST(!connection.transfer, "the next answers are ordinary ones");
        close(ends[1]);
    }
}

/// A question goes out, the answer comes back with the address it came from; waiting has an end.
BOOST_AUTO_TEST_CASE(own_questions)
{
    const int server = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    BOOST_REQUIRE_EQUAL(bind(server, reinterpret_cast<sockaddr*>(&at), size), 0);
    BOOST_REQUIRE_EQUAL(getsockname(server, reinterpret_cast<sockaddr*>(&at), &size), 0);
    const auto loopback = *base::ParseIp("127.0.0.1");

    std::string error;
    const auto channel = dns::DatagramChannel::Open(error);
    BOOST_REQUIRE_MESSAGE(channel != nullptr, error);
    BOOST_TEST(channel->Send(loopback, ntohs(at.sin_port), base::AsBytes("question")));

    std::array<char, 64> heard{};
    sockaddr_in from{};
    size = sizeof(from);
    const ssize_t got =
        recvfrom(server, heard.data(), heard.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    BOOST_TEST(std::string(heard.data(), static_cast<size_t>(got)) == "question");
    BOOST_TEST(sendto(server, "answer", 6, 0, reinterpret_cast<sockaddr*>(&from), size) == 6);

    std::array<uint8_t, 64> answer{};
    const auto received = channel->Receive(answer, 5000);
    BOOST_REQUIRE(received);
    BOOST_TEST(base::ToText({answer.data(), received->size}) == "answer");
    BOOST_TEST((received->ip == loopback));
    BOOST_TEST(received->port == ntohs(at.sin_port));

    BOOST_TEST(!channel->Receive(answer, 1).has_value());
    channel->WakeUp();
    BOOST_TEST(!channel->Receive(answer, 60'000).has_value());
    close(server);
}

BOOST_AUTO_TEST_SUITE_END()
