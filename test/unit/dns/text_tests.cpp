#include "dns/records/enum_naptr.h"
#include "dns/records/text_records.h"
#include "names/resolve.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::dns;

BOOST_AUTO_TEST_SUITE(dns_text)

namespace {

std::string HexOf(RrType type, std::string_view element)
{
    const auto rdata = RdataFromText(type, element);
    return rdata ? base::Hex(*rdata) : "none";
}

size_t CountOf(std::string_view value, RrType type)
{
    const TextRecords records = ParseTextRecords(value, {});
    const TextSet* set = records.Find(type);
    return set == nullptr ? 0 : set->rdata.size();
}

} // namespace

BOOST_AUTO_TEST_CASE(elements_of_each_type)
{
    BOOST_TEST(HexOf(RrType::A, "192.0.2.1") == "c0000201");
    BOOST_TEST(HexOf(RrType::Aaaa, "2001:db8::1") == "20010db8000000000000000000000001");
    BOOST_TEST(HexOf(RrType::Mx, "mx.vec.coin:10") == "000a026d780376656304636f696e00");
    BOOST_TEST(HexOf(RrType::Mx, "mx.vec.coin") == "0001026d780376656304636f696e00");
    BOOST_TEST(HexOf(RrType::Txt, "hi") == "026869");
    BOOST_TEST(HexOf(RrType::Srv, "1:2:sip.vec.coin:5060") == "0001000213c4037369700376656304636f696e00");
    BOOST_TEST(HexOf(RrType::Srv, "1:2:sip.vec.coin") == "000100020001037369700376656304636f696e00");
    BOOST_TEST(HexOf(RrType::Caa, "0 issue ca.test") == "0005697373756563612e74657374");
    BOOST_TEST(HexOf(RrType::Tlsa, "3:1:1:00ff") == "03010100ff");
    BOOST_TEST(HexOf(RrType::Ns, "ns1.example.net") == "036e7331076578616d706c65036e657400");
    const auto text = RdataFromText(RrType::Txt, std::string(510, 'x'));
    BOOST_TEST_REQUIRE(text.has_value());
    BOOST_TEST(text->size() == 512u); // two full strings, no empty one behind
}

BOOST_AUTO_TEST_CASE(malformed_elements_give_nothing)
{
    struct Case {
        RrType type;
        const char* element;
    };

    const Case cases[] = {
        {RrType::A, "192.0.2"},      {RrType::A, "192.0.2.256"},   {RrType::A, " 192.0.2.1"},
        {RrType::Aaaa, "2001:::1"},  {RrType::Aaaa, "192.0.2.1"},  {RrType::Ns, ".."},
        {RrType::Ns, "a..b"},        {RrType::Cname, "a b"},       {RrType::Mx, "mx:"},
        {RrType::Mx, ":10"},         {RrType::Mx, "mx:70000"},     {RrType::Mx, "mx:-1"},
        {RrType::Srv, "1:2"},        {RrType::Srv, "1"},           {RrType::Srv, "1:2:"},
        {RrType::Srv, "x:2:h:1"},    {RrType::Srv, "1:2:h:99999"}, {RrType::Tlsa, "3:1:1"},
        {RrType::Tlsa, "3:1:1:"},    {RrType::Tlsa, "3:1:1:0"},    {RrType::Tlsa, "256:1:1:00"},
        {RrType::Tlsa, "3:1:1:zz"},  {RrType::Caa, "issue x"},     {RrType::Caa, "0 issue"},
        {RrType::Caa, "0 is-sue x"}, {RrType::Caa, "300 issue x"}, {RrType::Txt, ""},
        {RrType::Naptr, "x"},
    };
    for (const Case& one : cases)
        BOOST_TEST(HexOf(one.type, one.element) == "none", one.element);
}

BOOST_AUTO_TEST_CASE(separators_and_first_token)
{
    const TextRecords records =
        ParseTextRecords("~#A=1.2.3.4,5.5.5.5#TXT=~*Hello, w|rld*second#MX=gm.com:33,mx.ms.com:66", {});
    BOOST_TEST(records.Find(RrType::A)->rdata.size() == 2u);
    BOOST_TEST(base::ToText(records.Find(RrType::Txt)->rdata[0]) == "\x0cHello, w|rld");
    BOOST_TEST(records.Find(RrType::Txt)->rdata.size() == 2u);
    BOOST_TEST(records.Find(RrType::Mx)->rdata.size() == 2u);

    BOOST_TEST(CountOf("A=1.1.1.1|A=2.2.2.2,3.3.3.3", RrType::A) == 1u);
    BOOST_TEST(CountOf("A=bad,1.1.1.1,,2.2.2.2,", RrType::A) == 2u);
    BOOST_TEST(CountOf("A=1.1.1.1,1.1.1.1", RrType::A) == 1u);
    BOOST_TEST(CountOf("a=1.1.1.1", RrType::A) == 0u);
    BOOST_TEST(CountOf(" A=1.1.1.1|A =1.1.1.1", RrType::A) == 0u);
    BOOST_TEST(CountOf("A", RrType::A) == 0u);
    BOOST_TEST(CountOf("|||A=1.1.1.1|||", RrType::A) == 1u);
    BOOST_TEST(CountOf("CNAME=a.b,c.d", RrType::Cname) == 1u);
    BOOST_TEST(CountOf(std::string_view("TXT=x\0|A=1.1.1.1", 15), RrType::A) == 0u);
    BOOST_TEST(base::ToText(ParseTextRecords("TXT=a=b", {}).Find(RrType::Txt)->rdata[0]) == "\x03"
                                                                                            "a=b");
    std::string many = "A=";
    for (int i = 0; i < 100; ++i)
        many += "10.0.0." + std::to_string(i) + ",";
    BOOST_TEST(CountOf(many, RrType::A) == MAX_ELEMENTS);
    for (const char* odd : {"", "~", "~A", "~|", "~~~", "=", "=|=", "A=~", "A=~,", "|"})
        BOOST_TEST(ParseTextRecords(odd, {}).sets.empty(), odd);
}

BOOST_AUTO_TEST_CASE(lifetimes)
{
    BOOST_TEST((ParseTextRecords("TTL=300", {}).ttl_sec == 300u));
    BOOST_TEST((ParseTextRecords("TTL=300abc", {}).ttl_sec == 300u));
    BOOST_TEST((ParseTextRecords("TTL=0", {}).ttl_sec == 0u));
    BOOST_TEST((ParseTextRecords("TTL=2147483647", {}).ttl_sec == 2147483647u));
    for (const char* bad : {"TTL=", "TTL=abc", "TTL=-1", "TTL=2147483648", "TTL=99999999999999999999"})
        BOOST_TEST(!ParseTextRecords(bad, {}).ttl_sec, bad);
}

BOOST_AUTO_TEST_CASE(control_keys)
{
    const std::vector<Bytes> self{*NameFromText("ns1.gate.test"), *NameFromText("ns2.gate.test")};
    const TextRecords records =
        ParseTextRecords("NS=@,ns9.example.org,@|SD=WWW,mail|SIG=ver:a!x,ver:b!y|MX=@", self);
    BOOST_TEST(records.Find(RrType::Ns)->rdata.size() == 3u);
    BOOST_TEST((records.Find(RrType::Ns)->rdata[0] == self[0]));
    BOOST_TEST((records.subdomains == std::vector<std::string>{"www", "mail"}));
    BOOST_TEST(!records.any_subdomain);
    BOOST_TEST(ParseTextRecords("SD=*", {}).any_subdomain);
    BOOST_TEST((records.signatures == std::vector<std::string>{"ver:a!x", "ver:b!y"}));
    BOOST_TEST((ParseTextRecords("NS=@", {}).Find(RrType::Ns) == nullptr));
}

BOOST_AUTO_TEST_CASE(naptr_data)
{
    names::ResolvedRoute route;
    route.route = {"E2U+sip", 100, 10, "^(.*)$", "sip:\\1@127.0.0.1:15070", false};
    route.uri = "sip:+18009359935@127.0.0.1:15070";
    // The vector of 47 bytes from RFC 3403's layout.
    BOOST_TEST(
        base::Hex(NaptrRdata(route).value()) ==
        "0064000a0175074532552b7369701f215e282e2a2924217369703a5c31403132372e302e302e313a31353037302100");
    // Alternatives fill groups differently in Perl-like libraries: expanded.
    route.route.ere = "^(.*|\\+1(.*))$";
    BOOST_TEST(NaptrRegexp(route).value() == "!^.*$!sip:+18009359935@127.0.0.1:15070!");
    // Without back-references the same expression means the same everywhere.
    route.route.replacement = "sip:100@example.net";
    BOOST_TEST(NaptrRegexp(route).value() == "!^(.*|\\+1(.*))$!sip:100@example.net!");
    route.route.ere = "^[[:digit:]+]*$";
    route.uri = "sip:100@example.net";
    BOOST_TEST(NaptrRegexp(route).value() == "!^.*$!sip:100@example.net!");
    // Too long when expanded: the record's own text still fits.
    route.uri = "sip:" + std::string(248, 'x');
    BOOST_TEST(NaptrRegexp(route).value() == route.route.Regexp());
    route.route.ere = std::string(250, '1') + "]";
    BOOST_TEST(!NaptrRegexp(route));
    BOOST_TEST(!NaptrRdata(route));
    route.uri = "sip:x";
    route.route.service = std::string(256, 's');
    BOOST_TEST(!NaptrRdata(route));
}

BOOST_AUTO_TEST_SUITE_END()
