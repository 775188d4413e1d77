#include "enum/compose.h"

#include <boost/test/unit_test.hpp>

using namespace emc::enumrec;

namespace {

const Number NUMBER = *Number::FromDigits("18009359935");
const std::string BASE64 =
    "IGSuXPnhTJ944jCDp7gSq+GvlwCK0V8DFRBTH2YnEzqNeYd9KzBnTCuE/ki5Co4oHB4QqPnowIZoT/nW9J92XdQ=";
const std::string ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!";

LooseRecord Loose(std::string_view text)
{
    auto out = ReadLoose(text, NUMBER);
    BOOST_REQUIRE_MESSAGE(out, std::string(text) + (out ? "" : ": " + std::string(Text(out.Error().error))));
    return std::move(*out);
}

} // namespace

BOOST_AUTO_TEST_SUITE(enum_compose)

BOOST_AUTO_TEST_CASE(from_options)
{
    ComposeOptions options;
    options.routes.push_back({});
    options.routes[0].uri = "sip:100@example.net";
    BOOST_CHECK_EQUAL(*ComposeRecord(NUMBER, options), ROUTE);

    options.routes.push_back({"E2U+email:mailto", 100, 20, "mailto:\\1@example.net", "^\\+(.*)$", true});
    options.ttl_sec = 600;
    options.endpoint = Pvp{"pvp.example.net", 5070, {}, "C"};
    const auto bad_key = ComposeRecord(NUMBER, options);
    BOOST_REQUIRE(!bad_key);
    BOOST_CHECK(bad_key.Error().error == RecordError::BadPvp);
    BOOST_CHECK_EQUAL(bad_key.Error().line, 3u);
    options.endpoint.reset();
    options.signatures =
        ParseRecord(ROUTE + "\nSIG=ver:enum|" + BASE64, NUMBER)->Signatures().empty()
            ? std::vector<Sig>{}
            : std::vector<Sig>{*ParseRecord(ROUTE + "\nSIG=ver:enum|" + BASE64, NUMBER)->Signatures()[0]};
    options.extensions.push_back({"X-note", "two words"});
    BOOST_CHECK_EQUAL(
        *ComposeRecord(NUMBER, options),
        ROUTE + "\nE2U+email:mailto=100|20|!^\\+(.*)$!mailto:\\1@example.net!i\nTTL=600\nSIG=ver:enum|" +
            BASE64 + "\nX-note=two words");

    options.routes[0].uri = "100@example.net";
    BOOST_CHECK(ComposeRecord(NUMBER, options).Error().error == RecordError::NoUriScheme);
    options.routes[0].uri = "sip:a!\nE2U+sip=100|10|!^.*$!sip:b"; // must not become two lines
    BOOST_CHECK(!ComposeRecord(NUMBER, options));
    BOOST_CHECK(ComposeRecord(NUMBER, {}).Error().error == RecordError::Empty);
}

BOOST_AUTO_TEST_CASE(canonical_text_is_left_alone)
{
    const auto out = Loose(ROUTE);
    BOOST_CHECK_EQUAL(out.value, ROUTE);
    BOOST_CHECK(out.repairs.empty());
    BOOST_CHECK(!out.NeedsConsent());
}

BOOST_AUTO_TEST_CASE(layout)
{
    const std::string canonical = "SIG=ver:enum|" + BASE64 + "\n" + ROUTE + "\nTTL=600";
    for (const std::string& text : {
             "SIG=ver:enum|" + BASE64 + " " + ROUTE + "  TTL=600 ",
             "sig = ver:enum | " + BASE64 +
                 "\r\nE2U+sip = 100 | 10 | !^.*$!sip:100@example.net!\r\n\r\nttl=600\r\n",
             "\nSIG=ver:enum|" + BASE64 + "\tE2U+sip=100|10|!^.*$!sip:100@example.net! TTL =600",
         }) {
        const auto out = Loose(text);
        BOOST_CHECK_EQUAL(out.value, canonical);
        BOOST_CHECK(!out.repairs.empty());
        BOOST_CHECK(!out.NeedsConsent());
        BOOST_CHECK_EQUAL(PrintRecord(out.record), canonical);
    }
    const auto list = Loose("SIG=ver:enum|" + BASE64 + ",ver:other|" + BASE64 + "\n" + ROUTE);
    BOOST_CHECK_EQUAL(list.value, "SIG=ver:enum|" + BASE64 + "\nSIG=ver:other|" + BASE64 + "\n" + ROUTE);
    const auto extension = Loose("X-a=b TTL=5\r\n" + ROUTE);
    BOOST_CHECK_EQUAL(extension.value, "X-a=b TTL=5\n" + ROUTE);
}

BOOST_AUTO_TEST_CASE(repairs_that_need_consent)
{
    const auto delimiter = Loose("E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com");
    BOOST_CHECK_EQUAL(delimiter.value, "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com!");
    BOOST_CHECK(delimiter.NeedsConsent());
    BOOST_REQUIRE_EQUAL(delimiter.repairs.size(), 1u);
    BOOST_CHECK_EQUAL(delimiter.repairs[0].line, 1u);

    const auto doubled = Loose("TTL=5 E2U+sip=100|10|!^\\\\+(.*)$!sip:\\\\1@x!");
    BOOST_CHECK_EQUAL(doubled.value, "TTL=5\nE2U+sip=100|10|!^\\+(.*)$!sip:\\1@x!");
    BOOST_CHECK(doubled.NeedsConsent());
    BOOST_CHECK_EQUAL(doubled.repairs[0].line, 2u);
}

BOOST_AUTO_TEST_CASE(beyond_repair)
{
    for (const char* text :
         {"", "hello", "E2U+sip=100", "E2U+sip=100|10", "E2U+sip", "X-a", "TTL=5", "E2U+sip=100|10|sip:a@b",
          "SIG=ver:enum E2U+sip=100|10|!^.*$!sip:100@example.net!"}) {
        BOOST_CHECK_MESSAGE(!ReadLoose(text, NUMBER), text);
    }
}

BOOST_AUTO_TEST_CASE(toll_free_files)
{
    const auto out = ImportTollFree("# comment\n\n"
                                    "E2U+sip=1|1|!.!a:b!\n"
                                    "=^1?8(00|88|77)\\d+$  \r\n"
                                    "E2U+sip=100|10|!^\\\\+*(.*)$!sip:\\\\1@tf.example.com!\n"
                                    "hello\n"
                                    "E2U+sip=100|10|!(!a:b!\n"
                                    "E2U+sip=100|10|!.!a:\xc3\xa9!\n"
                                    "=(\n"
                                    "E2U+sip=1|1|!.!a:b!\n"
                                    "=^44$\n");
    BOOST_REQUIRE_EQUAL(out.blocks.size(), 1u);
    BOOST_CHECK_EQUAL(PrintTollFree(out.blocks), "=^1?8(00|88|77)[0-9]+$\n"
                                                 "E2U+sip=100|10|!^\\+*(.*)$!sip:\\1@tf.example.com!");
    BOOST_CHECK_EQUAL(out.notes.size(), 7u);
    BOOST_CHECK(out.notes[0].starts_with("line 3: "));
    BOOST_CHECK_EQUAL(*ApplyRoute(out.blocks[0].routes[0], NUMBER), "sip:18009359935@tf.example.com");
    BOOST_CHECK(ImportTollFree("").blocks.empty());
    BOOST_CHECK(!ImportTollFree("=^\\\\d\nE2U+sip=1|1|!.!a:b!").blocks.empty());
}

BOOST_AUTO_TEST_SUITE_END()
