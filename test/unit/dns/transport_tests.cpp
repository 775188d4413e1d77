// What carries messages: sockets for own questions.
#include "dns/transport/exchange.h"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace emc;

BOOST_AUTO_TEST_SUITE(dns_transport)

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
