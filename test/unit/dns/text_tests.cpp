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
    BOOST_TEST(HexOf(RrType::Mx, ".:0") == "000000");              // no mail (RFC 7505)
    BOOST_TEST(HexOf(RrType::Srv, "0:0:.:0") == "00000000000000"); // no such service (RFC 2782)
    BOOST_TEST(HexOf(RrType::Caa, "0 issue ca.test") == "0005697373756563612e74657374");
    BOOST_TEST(HexOf(RrType::Caa, "0 issue \"ca.test\"") == "0005697373756563612e74657374");
    BOOST_TEST(HexOf(RrType::Caa, "0 issue \"\"") == "00056973737565");
    BOOST_TEST(HexOf(RrType::Caa, "0 issue \"") == "0005697373756522");
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
        {RrType::A, "192.0.2"},       {RrType::A, "192.0.2.256"},
        {RrType::A, " 192.0.2.1"},    {RrType::Aaaa, "2001:::1"},
        {RrType::Aaaa, "192.0.2.1"},  {RrType::Ns, ".."},
        {RrType::Ns, "a..b"},         {RrType::Cname, "a b"},
        {RrType::Mx, "mx:"},          {RrType::Mx, ":10"},
        {RrType::Mx, "..:10"},        {RrType::Mx, "mx:70000"},
        {RrType::Mx, "mx:-1"},        {RrType::Srv, "1:2"},
        {RrType::Srv, "1"},           {RrType::Srv, "1:2:"},
        {RrType::Srv, "x:2:h:1"},     {RrType::Srv, "1:2:h:99999"},
        {RrType::Tlsa, "3:1:1"},      {RrType::Tlsa, "3:1:1:"},
        {RrType::Tlsa, "3:1:1:0"},    {RrType::Tlsa, "256:1:1:00"},
        {RrType::Tlsa, "3:1:1:zz"},   {RrType::Caa, "issue x"},
        {RrType::Caa, "0 issue"},     {RrType::Caa, "0 is-sue x"},
        {RrType::Caa, "300 issue x"}, {RrType::Txt, ""},
        {RrType::Naptr, "x"},         {RrType::Soa, "x"},
    };
    for (const Case& one : cases)
        BOOST_TEST(HexOf(one.type, one.element) == "none", one.element);
}

BOOST_AUTO_TEST_CASE(fingerprints_and_uris)
{
    // RFC 4255 §3.2: algorithm 2 (DSS), type 1 (SHA-1).
    BOOST_TEST(HexOf(RrType::Sshfp, "2:1:123456789abcdef67890123456789abcdef67890") ==
               "0201123456789abcdef67890123456789abcdef67890");
    // RFC 7553 §4.5, URI: 10 1 "ftp://ftp1.example.com/public".
    BOOST_TEST(HexOf(RrType::Uri, "10 1 ftp://ftp1.example.com/public") ==
               "000a0001" + base::Hex(base::AsBytes("ftp://ftp1.example.com/public")));
    BOOST_TEST(HexOf(RrType::Uri, "10 1 \"ftp://x\"") == "000a00016674703a2f2f78");
    for (const char* bad : {"", "10", "10 1", "10 1 ", "10 1 \"\"", "10 1 a b", "10 1 \"a b\"", "x 1 a",
                            "10 70000 a", "10 1 \"a", "10 1 \xff"})
        BOOST_TEST(HexOf(RrType::Uri, bad) == "none", bad);
    for (const char* bad : {"", "2", "2:1", "2:1:", "2:1:1", "2:256:11", "2:1:zz", "2:1:0102", "4:2:0102"})
        BOOST_TEST(HexOf(RrType::Sshfp, bad) == "none", bad);
}

BOOST_AUTO_TEST_CASE(naptr_elements)
{
    // RFC 3403 §6.2: a non-terminal rule, and one of SIP (RFC 3263 §4.1).
    BOOST_TEST(HexOf(RrType::Naptr, "100 50 a z3950+N2L+N2C \"\" cidserver.example.com.") ==
               "00640032"
               "0161"
               "0d7a333935302b4e324c2b4e3243"
               "00"
               "0963696473657276657207657861"
               "6d706c6503636f6d00");
    BOOST_TEST(HexOf(RrType::Naptr, "50 50 s SIP+D2U \"\" _sip._udp.vec.coin") ==
               "00320032"
               "0173"
               "075349502b443255"
               "00"
               "045f736970045f7564700376656304636f696e00");
    BOOST_TEST(
        HexOf(RrType::Naptr, "100 10 u E2U+sip !^(.*)$!sip:\\1@127.0.0.1:15070! .") ==
        "0064000a0175074532552b7369701f215e282e2a2924217369703a5c31403132372e302e302e313a31353037302100");
    BOOST_TEST(HexOf(RrType::Naptr, "1 1 \"\" \"\" \"\" next.coin") == "00010001"
                                                                       "000000"
                                                                       "046e65787404636f696e00");
    for (const char* good : {"1 1 u E2U+sip /^.*$/sip:a@b.c/i .", "1 1 u E2U+sip #^.*$#sip:\\#a@b.c# ."})
        BOOST_TEST(HexOf(RrType::Naptr, good) != "none", good);
    const std::string too_long = "1 1 u E2U+sip !^.*$!sip:" + std::string(255, 'x') + "! .";
    for (const char* bad : {"",
                            "1",
                            "1 1",
                            "1 1 u",
                            "1 1 u s",
                            "1 1 u s \"\"",
                            "1 1 u s \"\" .",
                            "1 1 u s !a!b:! b.c",
                            "1 1 u s \"\" a b",
                            "x 1 u s \"\" a",
                            "1 -1 u s \"\" a",
                            "1 1 u+ s \"\" a",
                            "1 1 u \"s t\" \"\" a",
                            "1 1 u s !a!b .",
                            "1 1 u s !a!b:!c! .",
                            "1 1 u s !a!b:!x .",
                            "1 1 u s !(a!b:! .",
                            "1 1 u s !a!b:\\1! .",
                            "1 1 u s !(a)!b:\\2! .",
                            "1 1 u s !(a)!b:\\0! .",
                            "1 1 u s !(a)!b:\\! .",
                            "1 1 u s !a!! .",
                            "1 1 u s 1a1b:1 .",
                            "1 1 u s iaib:i .",
                            "1 1 u s \\a\\b:\\ .",
                            "1 1 u s \"\" a..b",
                            too_long.c_str()})
        BOOST_TEST(HexOf(RrType::Naptr, bad) == "none", bad);
}

BOOST_AUTO_TEST_CASE(service_bindings)
{
    struct Vector {
        const char* text;
        const char* rdata;
    };

    // RFC 9460, appendix D; what needs escapes there is not part of this grammar.
    const Vector vectors[] = {
        {"0 foo.example.com.", "0000"
                               "03666f6f076578616d706c6503636f6d00"},
        {"1 .", "000100"},
        {"16 foo.example.com. port=53", "0010"
                                        "03666f6f076578616d706c6503636f6d00"
                                        "00030002"
                                        "0035"},
        {"1 foo.example.com. key667=hello", "0001"
                                            "03666f6f076578616d706c6503636f6d00"
                                            "029b0005"
                                            "68656c6c6f"},
        {"1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"", "0001"
                                                                       "03666f6f076578616d706c6503636f6d00"
                                                                       "00060020"
                                                                       "20010db8000000000000000000000001"
                                                                       "20010db8000000000000000000530001"},
        {"1 example.com. ipv6hint=\"2001:db8:122:344::192.0.2.33\"", "0001"
                                                                     "076578616d706c6503636f6d00"
                                                                     "00060010"
                                                                     "20010db8012203440000000"
                                                                     "0c0000221"},
        {"16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1",
         "0010"
         "03666f6f076578616d706c65036f726700"
         "00000004"
         "00010004"
         "00010009"
         "026832"
         "0568332d3139"
         "00040004"
         "c0000201"},
        {"1 . alpn=\"h2\" no-default-alpn dohpath=/q{?dns} ech=AAE=", "000100"
                                                                      "00010003"
                                                                      "026832"
                                                                      "00020000"
                                                                      "00050002"
                                                                      "0001"
                                                                      "00070008"
                                                                      "2f717b3f646e737d"},
        {"1 . key123", "000100"
                       "007b0000"},
    };
    for (const Vector& one : vectors) {
        BOOST_TEST(HexOf(RrType::Svcb, one.text) == one.rdata, one.text);
        BOOST_TEST(HexOf(RrType::Https, one.text) == one.rdata, one.text);
    }
}

BOOST_AUTO_TEST_CASE(service_bindings_that_are_none)
{
    // Appendix D.3 and more.
    for (const char* bad : {"",
                            "1",
                            "x .",
                            "65536 .",
                            "1 a..b",
                            "1 foo key123=abc key123=def",
                            "1 foo mandatory",
                            "1 foo alpn",
                            "1 foo port",
                            "1 foo ipv4hint",
                            "1 foo ipv6hint",
                            "1 foo no-default-alpn=abc",
                            "1 foo no-default-alpn",
                            "1 foo mandatory=key123",
                            "1 foo mandatory=mandatory",
                            "1 foo mandatory=key123,key123 key123=abc",
                            "1 foo port=65536",
                            "1 foo port=",
                            "1 foo alpn=,",
                            "1 foo alpn=h2,,h3",
                            "1 foo ipv4hint=1.2.3",
                            "1 foo ipv6hint=1.2.3.4",
                            "1 foo ech=!",
                            "1 foo ech",
                            "1 foo dohpath=q",
                            "1 foo unknown=1",
                            "1 foo key=1",
                            "1 foo key65535=1",
                            "1 foo key01=1",
                            "0 foo port=53",
                            "1 foo port=53 port=54",
                            "1 foo alpn=\"h2",
                            "1 foo =x"})
        BOOST_TEST(HexOf(RrType::Svcb, bad) == "none", bad);
    BOOST_TEST(HexOf(RrType::Svcb, "1 . key9=" + std::string(70'000, 'x')) == "none");
    BOOST_TEST(HexOf(RrType::Caa, "0 issue " + std::string(70'000, 'x')) == "none");
    // Commas inside an element need another separator between elements.
    BOOST_TEST(CountOf("HTTPS=~;1 . alpn=h2,h3;2 backup.coin port=8443", RrType::Https) == 2u);
}

BOOST_AUTO_TEST_CASE(a_cname_stands_alone)
{
    const auto types = [](std::string_view value) {
        std::string out;
        for (const TextSet& set : ParseTextRecords(value, {}).sets)
            out += std::to_string(static_cast<unsigned>(set.type)) + " ";
        return out;
    };
    BOOST_TEST(types("CNAME=a.b") == "5 ");
    BOOST_TEST(types("CNAME=a.b|TTL=5|SD=x") == "5 ");
    BOOST_TEST(types("CNAME=a.b|A=1.2.3.4") == "1 ");
    BOOST_TEST(types("TXT=x|CNAME=a.b|MX=m.x") == "15 16 ");
    BOOST_TEST(types("CNAME=a.b|A=broken") == "5 ");
    BOOST_TEST(types("CNAME=a.b|NS=n.x") == "5 ");
    BOOST_TEST(types("CNAME=a..b|NS=n.x") == "2 ");
    BOOST_TEST(ParseTextRecords("CNAME=a.b|NS=n.x", {}).servers.size() == 1u);
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
