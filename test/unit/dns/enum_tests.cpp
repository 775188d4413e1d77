#include "dns/records/loose_record.h"
#include "unit/dns/rig.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using test::FakeNames;
using test::Rig;
using test::RigOptions;

// Numbers: how questions are read, which lines count, how records are put together.

namespace {

constexpr unsigned A = 1, TXT = 16, NAPTR = 35, ANY = 255;

std::string Sound(std::string_view value)
{
    return dns::SoundLines(value, *enumrec::Number::FromDigits("17775550100"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_enum)

BOOST_AUTO_TEST_CASE(digits_are_read_from_right_to_left)
{
    FakeNames names;
    names.Put("open:17771234567:0", "E2U+sip=100|10|!^.*$!sip:a@b.c!");
    RigOptions options;
    options.zones = "~open|~short|5~five";
    names.Put("five:12345:0", "E2U+sip=100|10|!^.*$!sip:five@b.c!");
    Rig rig(names, options);
    for (const char* name :
         {"7.6.5.4.3.2.1.7.7.7.1.open", "76543217771.open", "7654321-777-1.open",
          "7.6.5.sales.4.3.2.1.7.7.7.1.open", "765.432.177.71.OPEN", "x7654321y7771z.open"})
        BOOST_TEST(rig.Text(name, NAPTR).ends_with("\"!^.*$!sip:a@b.c!\" ."), name);
    for (const char* name :
         {"17771234567.open", "7.6.5.4.3.2.1.7.7.7.open", "0.7.6.5.4.3.2.1.7.7.7.1.open", "sales.open"})
        BOOST_TEST(rig.Text(name, NAPTR) == "rcode 3", name);
    // Digits beyond the zone's limit are dropped, the rest is looked up.
    BOOST_TEST(rig.Text("9.8.7.5.4.3.2.1.five", NAPTR).ends_with("\"!^.*$!sip:five@b.c!\" ."));
    BOOST_TEST(rig.Text("54321.five", A) == "nodata");
}

BOOST_AUTO_TEST_CASE(lines_outside_the_enum_zone)
{
    const std::string route = "E2U+sip=100|10|!^.*$!sip:100@example.net!";
    BOOST_TEST(Sound(route) == route);
    BOOST_TEST(Sound("hello\r\n" + route + "\r\nbye") == route);
    BOOST_TEST(Sound("SIGNED\n" + route) == route); // a SIG line without = ended a predecessor's process
    BOOST_TEST(Sound("SIG\n" + route) == route);
    BOOST_TEST(Sound("SIG=\n" + route) == route);
    BOOST_TEST(Sound("SIG=ver:x|bad\n" + route) == route);
    BOOST_TEST(Sound("E2U+sip = 100 | 10 | !^.*$!sip:100@example.net! and a remark") == route);
    BOOST_TEST(Sound("TTL=300\n" + route) == route + "\nTTL=300");
    BOOST_TEST(Sound("ttl: seconds=300\n" + route) == route + "\nTTL=300");
    BOOST_TEST(Sound("TTL=\nTTL=abc\nTTL=0\nTTL\n" + route) == route);
    BOOST_TEST(Sound("TTL=300\nTTL=400\n" + route) == route + "\nTTL=300");
    BOOST_TEST(Sound(route + "\nE2U+sip=100|20") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip\nE2U\nE2U=\nE2U=|\nE2U=||\nE2U+sip=1|2|") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip=-1|10|!^.*$!sip:a@b.c!") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip=70000|10|!^.*$!sip:a@b.c!") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip=1|1|!^(.*$!sip:a@b.c!") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip=1|1|!^.*$!sip:a@b.c") == route); // would need the author's consent
    BOOST_TEST(Sound(route + "\nE2U+sip=1|1|!^\\+49!sip:a@b.c!") == route);
    BOOST_TEST(Sound(route + "\nE2U+sip=1|1|!" + std::string(250, 'x') + "!sip:a@b.c!") == route);
    for (const char* none :
         {"", "\n\n\n", "E2U", "TTL=300", "SIG=ver:x|y", "sip:100@example.net", "\xff\xfe"})
        BOOST_TEST(Sound(none).empty(), none);
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += "E2U+sip=100|" + std::to_string(i) + "|!^.*$!sip:100@example.net!\n";
    const std::string kept = Sound(many);
    BOOST_TEST(std::count(kept.begin(), kept.end(), '\n') == 15); // 16 routes are the most a record has
}

BOOST_AUTO_TEST_CASE(slots_with_a_gap_in_order)
{
    FakeNames names;
    names.Put("open:17775550100:0", "E2U+sip=200|5|!^.*$!sip:c@x.net!\nTTL=900");
    names.Put("open:17775550100:2", "E2U+sip=100|20|!^.*$!sip:b@x.net!\nTTL=300");
    names.Put("open:17775550100:7", "E2U+sip=100|10|!^.*$!sip:a@x.net!\nE2U+sip=200|5|!^.*$!sip:d@x.net!");
    names.Put("open:17775550100:999", "E2U+sip=100|10|!^.*$!sip:a@x.net!"); // the same again
    names.Put("open:17775550100:1000", "E2U+sip=1|1|!^.*$!sip:never@x.net!");
    names.Put("open:17775550100:01", "E2U+sip=1|1|!^.*$!sip:never@x.net!");
    names.Put("open:17775550100:3", "E2U+sip=1|1|!^.*$!sip:dead@x.net!", {}, 50);
    Rig rig(names);
    const auto reply = rig.Ask("0.0.1.0.5.5.5.7.7.7.1.open", NAPTR, 1232);
    BOOST_TEST_REQUIRE(reply.answer.size() == 4u);
    std::string order;
    for (const auto& record : reply.answer) {
        BOOST_TEST(record.ttl == 300u); // one set has one TTL, the smallest (RFC 2181 §5.2)
        const std::string data(record.rdata.begin(), record.rdata.end());
        order += data.at(data.find("sip:") + 4);
    }
    BOOST_TEST(order == "abcd");
    BOOST_TEST(rig.Text("0.0.1.0.5.5.5.7.7.7.1.open", TXT) == "nodata");
    BOOST_TEST(rig.Ask("0.0.1.0.5.5.5.7.7.7.1.open", ANY, 1232).answer.size() == 4u);
}

BOOST_AUTO_TEST_CASE(published_signatures)
{
    // Key 32 times 0x11, deterministic nonces: what other programs publish for the same texts.
    const test::TestKey key(0x11);
    BOOST_TEST(key.SignText("dns:s.sigz:0") ==
               "H/1VFL6z+Jm6qaFmSVw33K8WnIxxhz0zPXH+27t6bLdRE7vGk+lPHBrcuVDEAmxFJKVZtcxnwWn4FfIJiVkZkGI=");
    BOOST_TEST(key.SignText("enum:17771234567:0") ==
               "IBYXJM2unJOmoqSly1ztkIvSLzM2XBSjQ1tu2rX79aT4acV4gSGYWHbtACcEbtu8aTv1mmOwI3bX9TZ36BeoOHQ=");
    FakeNames names;
    names.Put("ver:enum", "name=Test", key.script);
    names.Put("dns:s.sigz:0",
              "A=192.0.2.1|SIG=ver:enum!H/1VFL6z+Jm6qaFmSVw33K8WnIxxhz0zPXH+27t6bLdRE7vGk+lPHBrcuVDEA"
              "mxFJKVZtcxnwWn4FfIJiVkZkGI=");
    Rig rig(names);
    BOOST_TEST(rig.Text("s.sigz", A) == "192.0.2.1");
}

BOOST_AUTO_TEST_SUITE_END()
