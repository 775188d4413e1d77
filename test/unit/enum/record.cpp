#include "enum/record.h"

#include "enum/lines.h"

#include <boost/test/unit_test.hpp>

using namespace emc::enumrec;

namespace {

const Number NUMBER = *Number::FromDigits("18009359935");
const std::string ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!";
const std::string PVP_KEY = "03d50582adeb5cef5fc4ab7bb2a42df574c92dee402aef618e103013e780272b48";
const std::string PVP = "PVP=pvp.example.net:5070|v1|" + PVP_KEY + "|C";
const std::string BASE64 =
    "IGSuXPnhTJ944jCDp7gSq+GvlwCK0V8DFRBTH2YnEzqNeYd9KzBnTCuE/ki5Co4oHB4QqPnowIZoT/nW9J92XdQ=";
const std::string SIG = "SIG=ver:enum|" + BASE64 + "|4102444800";

std::optional<RecordError> ErrorOf(const std::string& value)
{
    const auto record = ParseRecord(value, NUMBER);
    if (record) return std::nullopt;
    return record.Error().error;
}

std::string Repeated(const std::string& line, int times)
{
    std::string out = line;
    for (int i = 1; i < times; ++i)
        out += "\n" + line;
    return out;
}

std::string Route(const std::string& regexp)
{
    return "E2U+sip=100|10|" + regexp;
}

bool HostAccepted(const std::string& host)
{
    return !ErrorOf("PVP=" + host + ":5070|v1|" + PVP_KEY + "|C");
}

} // namespace

BOOST_AUTO_TEST_SUITE(enum_record)

BOOST_AUTO_TEST_CASE(all_kinds_of_lines)
{
    const std::string value =
        "X-note=hello\n" + PVP + "\nTTL=600\n" + SIG + "\n" + ROUTE +
        "\ne2u+Web:http+ft:FTP=0|65535|!^\\+(1)(.*)$!https://example.net/\\2?c=\\1&x y!i";
    const auto record = ParseRecord(value, NUMBER);
    BOOST_REQUIRE(record);
    BOOST_CHECK_EQUAL(PrintRecord(*record), value);
    BOOST_CHECK_EQUAL(record->TtlSec(), 600u);
    BOOST_CHECK_EQUAL(record->Routes().size(), 2u);
    BOOST_CHECK_EQUAL(record->Signatures().size(), 1u);
    BOOST_CHECK_EQUAL(record->Signatures()[0]->expiry, 4102444800u);
    BOOST_CHECK_EQUAL(record->Endpoint()->host, "pvp.example.net");
    BOOST_CHECK_EQUAL(*ApplyRoute(*record->Routes()[1], NUMBER), "https://example.net/8009359935?c=1&x y");
    BOOST_CHECK_EQUAL(*ApplyRoute(*record->Routes()[0], NUMBER), "sip:100@example.net");

    BOOST_CHECK(ParseRecord(PrintRecord(*record), NUMBER)->lines == record->lines);

    const auto small = ParseRecord(ROUTE, NUMBER);
    BOOST_CHECK_EQUAL(small->TtlSec(), DEFAULT_TTL_SEC);
    BOOST_CHECK(small->Endpoint() == nullptr);
    BOOST_CHECK(!ErrorOf(PVP));
}

BOOST_AUTO_TEST_CASE(each_reason)
{
    const std::pair<std::string, RecordError> cases[] = {
        {"", RecordError::Empty},
        {ROUTE + "\n", RecordError::Empty},
        {"\n" + ROUTE, RecordError::Empty},
        {ROUTE + "\r", RecordError::BadByte},
        {Repeated(ROUTE, 65), RecordError::TooManyLines},
        {"ttl=5\n" + ROUTE, RecordError::UnknownLine},
        {"E2U+=1|1|!a!b:c!", RecordError::BadService},
        {"E2U+sip", RecordError::BadService},
        {"E2U+sip+=1|1|!a!b:c!", RecordError::BadService},
        {"E2U+a_b=1|1|!a!b:c!", RecordError::BadService},
        {"E2U+a:=1|1|!a!b:c!", RecordError::BadService},
        {"E2U+" + std::string(33, 'a') + "=1|1|!.!b:c!", RecordError::BadService},
        {"E2U+a" + Repeated("+a", 1) + std::string(300, 'b') + "=1|1|!.!b:c!", RecordError::BadService},
        {"E2U+sip=65536|1|!.!b:c!", RecordError::BadOrder},
        {"E2U+sip=01|1|!.!b:c!", RecordError::BadOrder},
        {"E2U+sip=1", RecordError::BadOrder},
        {"E2U+sip=1|-1|!.!b:c!", RecordError::BadPreference},
        {"E2U+sip=1|1", RecordError::BadPreference},
        {Route(""), RecordError::BadRegexp},
        {Route("!.!a:b"), RecordError::BadRegexp},
        {Route("!.!a:b!I"), RecordError::BadRegexp},
        {Route("!.!a:b!!"), RecordError::BadRegexp},
        {Route("x!.!a:b!"), RecordError::BadRegexp},
        {Route("!.!a:" + std::string(260, 'b') + "!"), RecordError::BadRegexp},
        {Route("!^+1!a:b!"), RecordError::BadEre},
        {Route("!(.*)!a:\\2!"), RecordError::BadReplacement},
        {Route("!(.*)!a:\\0!"), RecordError::BadReplacement},
        {Route("!(.*)!a:\\!"), RecordError::BadReplacement},
        {Route("!(.*)!\\1:b!"), RecordError::NoUriScheme},
        {Route("!.!!"), RecordError::NoUriScheme},
        {Route("!.!sip!"), RecordError::NoUriScheme},
        {Route("!.!sip:!"), RecordError::NoUriScheme},
        {Route("!.!1sip:x!"), RecordError::NoUriScheme},
        {Route("!(.*)!a:" + std::string(222, 'b') + "\\1\\1!"), RecordError::ReplacementTooLong},
        {Route("!^1800!a:b!"), RecordError::EreMissesNumber},
        {"SIG=\n" + ROUTE, RecordError::BadSignature},
        {"SIG=ver:enum|" + BASE64 + "|1|2\n" + ROUTE, RecordError::BadSignature},
        {"SIG=ver:enum|" + BASE64.substr(0, 84) + "\n" + ROUTE, RecordError::BadSignature},
        {"SIG=ver:enum|" + BASE64.substr(0, 86) + "==\n" + ROUTE, RecordError::BadSignature},
        {"SIG=dns:x|" + BASE64 + "\n" + ROUTE, RecordError::BadVerifierName},
        {"SIG=ver:enum|" + BASE64 + "|0\n" + ROUTE, RecordError::BadExpiry},
        {"SIG=ver:enum|" + BASE64 + "|4294967296\n" + ROUTE, RecordError::BadExpiry},
        {"TTL=0\n" + ROUTE, RecordError::BadTtl},
        {"TTL=604801\n" + ROUTE, RecordError::BadTtl},
        {"TTL=\n" + ROUTE, RecordError::BadTtl},
        {"PVP=a.b:1|v2|" + PVP_KEY + "|C", RecordError::BadPvp},
        {"PVP=a.b:1|v1|" + PVP_KEY, RecordError::BadPvp},
        {"PVP=a.b|v1|" + PVP_KEY + "|C", RecordError::BadPvp},
        {"PVP=a.b:0|v1|" + PVP_KEY + "|C", RecordError::BadPvp},
        {"PVP=a.b:65536|v1|" + PVP_KEY + "|C", RecordError::BadPvp},
        {"PVP=a.b:1|v1|03D5|C", RecordError::BadPvp},
        {"PVP=a.b:1|v1|" + PVP_KEY.substr(2) + "|C", RecordError::BadPvp},
        {"PVP=a.b:1|v1|02" + std::string(64, 'f') + "|C", RecordError::BadPvp},
        {"PVP=a.b:1|v1|" + PVP_KEY + "|CC", RecordError::BadPvp},
        {"PVP=a.b:1|v1|" + PVP_KEY + "|ABCDEFGHI", RecordError::BadPvp},
        {"PVP=a.b:1|v1|" + PVP_KEY + "|", RecordError::BadPvp},
        {"X-=a\n" + ROUTE, RecordError::BadExtension},
        {"X-a\n" + ROUTE, RecordError::BadExtension},
        {"X-a_=b\n" + ROUTE, RecordError::BadExtension},
        {"X-" + std::string(31, 'a') + "=b\n" + ROUTE, RecordError::BadExtension},
        {Repeated(ROUTE, 17), RecordError::TooManyE2u},
        {ROUTE + "\n" + Repeated(SIG, 9), RecordError::TooManySig},
        {ROUTE + "\nTTL=1\nTTL=1", RecordError::RepeatedTtl},
        {PVP + "\n" + PVP, RecordError::RepeatedPvp},
        {"TTL=5\nX-a=b", RecordError::NoRoute},
    };
    for (const auto& [value, error] : cases) {
        BOOST_CHECK_MESSAGE(ErrorOf(value) == error, value);
        BOOST_CHECK(!Text(error).empty());
        BOOST_CHECK(RuleId(error).starts_with("E-"));
    }
    const auto failure = ParseRecord("TTL=5\n" + Route("!a**!a:b!"), NUMBER);
    BOOST_CHECK_EQUAL(failure.Error().line, 2u);
    BOOST_CHECK_EQUAL(failure.Error().detail, "two quantifiers on one item, at byte 2");
}

BOOST_AUTO_TEST_CASE(limits_reached)
{
    BOOST_CHECK(!ErrorOf(Repeated(ROUTE, 16) + "\n" + Repeated(SIG, 8) + "\n" + Repeated("X-a=", 40)));
    BOOST_CHECK(!ErrorOf(Route("!(.*)!a:" + std::string(221, 'b') + "\\1\\1!")));
    BOOST_CHECK(!ErrorOf(Route("!.!a+b-c.d:" + std::string(241, 'b') + "!")));
}

BOOST_AUTO_TEST_CASE(hosts)
{
    const std::string label(63, 'a');
    for (const std::string host : {"a", "localhost", "a-b.example", "1a", "192.0.2.1", "0.0.0.0", "[::]",
                                   "[::1]", "[2001:db8::1]", "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7::]",
                                   "[::ffff:192.0.2.1]", "[1:2:3:4:5:6:192.0.2.1]", "[ABCD::abcd]"}) {
        BOOST_CHECK_MESSAGE(HostAccepted(host), host);
    }
    BOOST_CHECK(HostAccepted(label + "." + label + "." + label + "." + label.substr(2)));
    BOOST_CHECK(!HostAccepted(label + "." + label + "." + label + "." + label.substr(1)));
    for (const std::string host : {"",
                                   ".",
                                   "a.",
                                   ".a",
                                   "a..b",
                                   "-a",
                                   "a-",
                                   "a_b",
                                   "1.2.3",
                                   "1.2.3.4.5",
                                   "256.1.1.1",
                                   "01.1.1.1",
                                   "a.1",
                                   "[]",
                                   "[",
                                   "::1",
                                   "[1]",
                                   "[:::]",
                                   "[1::2::3]",
                                   "[1:2:3:4:5:6:7:8:9]",
                                   "[1:2:3:4::5:6:7:8]",
                                   "[12345::]",
                                   "[g::]",
                                   "[::1%eth0]",
                                   "[192.0.2.1]",
                                   "[192.0.2.1::]",
                                   "[::192.0.2]",
                                   "[:1:2:3:4:5:6:7]",
                                   "a b"}) {
        BOOST_CHECK_MESSAGE(!HostAccepted(host), host);
    }
    BOOST_CHECK(!HostAccepted("a" + label));
}

BOOST_AUTO_TEST_CASE(signature_lines)
{
    const std::string value = ROUTE + "\n" + SIG + "\nX-a=SIG=no\nSIG=broken\n" + SIG;
    const auto lines = SignatureLines(value);
    BOOST_REQUIRE_EQUAL(lines.size(), 2u);
    BOOST_CHECK_EQUAL(lines[0].text, SIG);
    BOOST_CHECK_EQUAL(lines[0].line, 2u);
    BOOST_CHECK_EQUAL(lines[1].line, 5u);
    BOOST_CHECK(SignatureLines(ROUTE).empty());
    BOOST_CHECK_EQUAL(SignatureText(NUMBER, "Eabc", 0), "ENUM1\nenum:18009359935\nEabc\n0");
    BOOST_CHECK_EQUAL(SignatureText(NUMBER, "Eabc", 7), "ENUM1\nenum:18009359935\nEabc\n7");
}

BOOST_AUTO_TEST_CASE(routes_that_do_not_apply)
{
    E2u route{"E2U+sip", 1, 1, "^44(.*)", "sip:\\1@x", false};
    BOOST_CHECK(!ApplyRoute(route, NUMBER));
    route.replacement = "sip:x";
    BOOST_CHECK(!ApplyRoute(route, NUMBER));
    route.ere = "(";
    BOOST_CHECK(!ApplyRoute(route, NUMBER));
}

BOOST_AUTO_TEST_CASE(toll_free)
{
    const std::string value =
        "=^1?8(00|88|77)[0-9]+$\n" + ROUTE + "\n=44800.*\n" + ROUTE + "\n" + Route("!^99$!a:b!");
    const auto blocks = ParseTollFree(value);
    BOOST_REQUIRE(blocks);
    BOOST_CHECK_EQUAL(blocks->size(), 2u);
    BOOST_CHECK_EQUAL((*blocks)[1].routes.size(), 2u);
    BOOST_CHECK_EQUAL(PrintTollFree(*blocks), value);

    const auto error = [](const std::string& text) { return ParseTollFree(text).Error().error; };
    BOOST_CHECK(error("") == RecordError::Empty);
    BOOST_CHECK(error("=1\n=2\n" + ROUTE) == RecordError::NoRoute);
    BOOST_CHECK(error("=1\n" + ROUTE + "\n=2") == RecordError::NoRoute);
    BOOST_CHECK(error(ROUTE) == RecordError::BadTollFree);
    BOOST_CHECK(error("=1\nTTL=5") == RecordError::BadTollFree);
    BOOST_CHECK(error("=(\n" + ROUTE) == RecordError::BadEre);
    BOOST_CHECK(error("=1\n" + Route("!(!a:b!")) == RecordError::BadEre);
    BOOST_CHECK(error("=1\n" + Repeated(ROUTE, 64)) == RecordError::TooManyLines);
    BOOST_CHECK(ParseTollFree("=1\n" + Repeated(ROUTE, 63)));
}

BOOST_AUTO_TEST_CASE(routes_that_libraries_agree_on)
{
    const auto agree = [](const char* ere, const char* replacement, bool ignore_case = false) {
        return LibrariesAgree(E2u{"E2U+sip", 1, 1, ere, replacement, ignore_case});
    };
    for (const char* ere : {"^.*$", "^(.*)$", "^\\+(1)([0-9]{3,10})$", "^[+]1([^2-9]+)$", "^\\+?(.*)$"})
        BOOST_CHECK_MESSAGE(agree(ere, "sip:\\1@x"), ere);
    for (const char* ere : {"800", "^\\+1(800|888)", "(8)*", "a{2}"})
        BOOST_CHECK_MESSAGE(agree(ere, "sip:x"), ere);
    for (const char* ere : {"(.*)", "^(a|ab)(.*)$", "^(8)*$", "^(.*)", "(.*)$"})
        BOOST_CHECK_MESSAGE(!agree(ere, "sip:\\1@x"), ere);
    for (const char* ere :
         {"^[\\d]$", "^[[:digit:]]+$", "^.{0,3}$", "a^b", "$a", "^a}$", "^a]$", "^\\}$", "^[-a]$", "a{2"})
        BOOST_CHECK_MESSAGE(!agree(ere, "sip:x"), ere);
    BOOST_CHECK(!agree("^.*$", "sip:x", true));
}

BOOST_AUTO_TEST_SUITE_END()
