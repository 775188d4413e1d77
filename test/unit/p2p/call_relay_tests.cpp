// How much call mail is passed on: what may come at once, and in the long run.
#include "p2p/protocol/call_relay.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

constexpr MailRate RATE{3, 0.5, 1'000, 100};

BOOST_AUTO_TEST_SUITE(call_relay)

BOOST_AUTO_TEST_CASE(mails_at_once_and_later)
{
    MailAllowance left;
    int64_t now = 5'000;
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(left.Take(RATE, 1, now));
    BOOST_TEST(!left.Take(RATE, 1, now));
    now += 1'999;
    BOOST_TEST(!left.Take(RATE, 1, now));
    now += 1;
    BOOST_TEST(left.Take(RATE, 1, now));
    BOOST_TEST(!left.Take(RATE, 1, now));
    BOOST_TEST(!left.IsFull(RATE, now + 5'000));
    BOOST_TEST(left.IsFull(RATE, now + 6'000));
    now += 1'000'000; // no more than at once is saved
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(left.Take(RATE, 1, now));
    BOOST_TEST(!left.Take(RATE, 1, now));
}

BOOST_AUTO_TEST_CASE(bytes_at_once_and_later)
{
    MailAllowance left;
    BOOST_TEST(!left.Take(RATE, 1'001, 0));
    BOOST_TEST(left.Take(RATE, 900, 0));
    BOOST_TEST(!left.Take(RATE, 200, 999));
    BOOST_TEST(left.Take(RATE, 200, 1'100));
    BOOST_TEST(!left.Take(RATE, 20, 500)); // a clock that goes back gives nothing
    BOOST_TEST(left.Take(RATE, 9, 500));   // and takes nothing
}

BOOST_AUTO_TEST_CASE(a_peer_may_send_what_it_may_pass_on)
{
    BOOST_TEST(PEER_RATE.mails >= 2 * RELAY_RATE.mails);
    BOOST_TEST(PEER_RATE.bytes >= 2 * RELAY_RATE.bytes);
    BOOST_TEST(PEER_RATE.mails_per_sec >= 2 * RELAY_RATE.mails_per_sec);
    BOOST_TEST(PEER_RATE.bytes_per_sec >= 2 * RELAY_RATE.bytes_per_sec);
    BOOST_TEST(SENDER_RATE.bytes >= static_cast<double>(reward::MAX_MAIL_BODY_BYTES));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
