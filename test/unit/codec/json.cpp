#include "codec/json.h"

#include "codec/json_scan.h"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace emc;

namespace {

/// The reason and place of the error, "ok" when there is none.
std::string ErrorOf(std::string_view text)
{
    const auto parsed = codec::ParseJson(text);
    if (parsed) return "ok";
    return parsed.Error().reason + " at " + std::to_string(parsed.Error().offset);
}

std::string Repeat(std::string_view text, size_t count)
{
    std::string out;
    for (size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(json)

BOOST_AUTO_TEST_CASE(values_come_back_as_written)
{
    for (const std::string_view text :
         {"null", "true", "false", "0", "-0", "12.50", "1e5", "-1.5E-7", "123456789012345678901234567890",
          "\"\"", "[]", "{}", "[1,[2,[3]],{}]", "{\"a\":{\"b\":[null,true]},\"c\":\"d\"}",
          "{\"a\":1,\"a\":2}"}) {
        const auto parsed = codec::ParseJson(text);
        BOOST_REQUIRE_MESSAGE(parsed, text);
        BOOST_TEST(codec::WriteJson(*parsed) == text);
    }
}

BOOST_AUTO_TEST_CASE(blanks_around_everything)
{
    const auto parsed = codec::ParseJson(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : null } \n");
    BOOST_REQUIRE(parsed);
    BOOST_TEST(codec::WriteJson(*parsed) == "{\"a\":[1,2],\"b\":null}");
    BOOST_TEST(codec::WriteJson(*parsed, 2).find("\n  \"b\": null") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(strings)
{
    const auto parsed =
        codec::ParseJson(R"(["\"\\\/\b\f\n\r\t","\u0041\u00e4\ud83d\uDE00","äöü€😀","\u0000"])");
    BOOST_REQUIRE(parsed);
    BOOST_TEST((*parsed)[0].get_str() == "\"\\/\b\f\n\r\t");
    BOOST_TEST((*parsed)[1].get_str() == "Aä😀");
    BOOST_TEST((*parsed)[2].get_str() == "äöü€😀");
    BOOST_TEST((*parsed)[3].get_str() == std::string(1, '\0'));
}

BOOST_AUTO_TEST_CASE(errors_name_place_and_reason)
{
    struct Case {
        std::string_view text;
        std::string_view error;
    };

    for (const Case& c : {
             Case{"", "unexpected end at 0"},
             Case{"  ", "unexpected end at 2"},
             Case{"nul", "value expected at 0"},
             Case{"[1,]", "value expected at 3"},
             Case{"[1 2]", "comma or closing bracket expected at 3"},
             Case{"[1", "unexpected end at 2"},
             Case{"[", "unexpected end at 1"},
             Case{"{\"a\"", "unexpected end at 4"},
             Case{"{\"a\":", "unexpected end at 5"},
             Case{"{\"a\" 1}", "colon expected at 5"},
             Case{"{a:1}", "key in quotes expected at 1"},
             Case{"{\"a\":1,}", "key in quotes expected at 7"},
             Case{"{\"a\":1,", "unexpected end at 7"},
             Case{"[}", "value expected at 1"},
             Case{"{]", "key in quotes expected at 1"},
             Case{"[1}", "bracket that closes nothing at 2"},
             Case{"{\"a\":1]", "bracket that closes nothing at 6"},
             Case{"]", "value expected at 0"},
             Case{"1 2", "text after the value at 2"},
             Case{"{}x", "text after the value at 2"},
             Case{"-", "digit expected at 1"},
             Case{"1.", "digit expected at 2"},
             Case{"1e", "digit expected at 2"},
             Case{"1e+", "digit expected at 3"},
             Case{"+1", "value expected at 0"},
             Case{".5", "value expected at 0"},
             Case{"01", "number with leading zero at 2"},
             Case{"-01", "number with leading zero at 3"},
             Case{"\"a", "string without end at 2"},
             Case{"\"a\nb\"", "control character in string at 2"},
             Case{"\"\\x\"", "unknown escape at 1"},
             Case{"\"\\", "unknown escape at 1"},
             Case{"\"\\u12\"", "four hex digits expected at 1"},
             Case{"\"\\u12g4\"", "four hex digits expected at 1"},
             Case{"\"\\ud800\"", "half of a surrogate pair at 1"},
             Case{"\"\\ud800\\u0041\"", "half of a surrogate pair at 1"},
             Case{"\"\\ud800\\n12345\"", "half of a surrogate pair at 1"},
             Case{"\"\\ud800\\uzzzz\"", "half of a surrogate pair at 1"},
             Case{"\"\\udc00\"", "half of a surrogate pair at 1"},
             Case{"\"\xff\"", "not UTF-8 at 1"},
             Case{"\"a\xc3\"", "not UTF-8 at 2"},
             Case{"\xef\xbb\xbf{}", "value expected at 0"},
             Case{"{\"\xff\":1}", "not UTF-8 at 2"},
             Case{"{\"a", "string without end at 3"},
             Case{"['a']", "value expected at 1"},
             Case{"[1]//", "text after the value at 3"},
         }) {
        BOOST_TEST(ErrorOf(c.text) == c.error, c.text << ": " << ErrorOf(c.text));
    }
    BOOST_TEST(ErrorOf(std::string_view("1\0", 2)) == "text after the value at 1");
    BOOST_TEST(ErrorOf(std::string_view("\0", 1)) == "value expected at 0");
    BOOST_TEST(ErrorOf(std::string_view("\"\0\"", 3)) == "control character in string at 1");
    BOOST_TEST(ErrorOf(std::string_view("\"\\\0\"", 4)) == "unknown escape at 1");
}

BOOST_AUTO_TEST_CASE(depth_is_limited)
{
    const size_t most = codec::MAX_JSON_DEPTH;
    BOOST_TEST(ErrorOf(Repeat("[", most) + Repeat("]", most)) == "ok");
    BOOST_TEST(ErrorOf(Repeat("[", most + 1) + Repeat("]", most + 1)) == "nested too deeply at 512");
    BOOST_TEST(ErrorOf(Repeat("{\"a\":", most) + "1" + Repeat("}", most)) == "ok");
    BOOST_TEST(ErrorOf(Repeat("{\"a\":", most + 1)).starts_with("nested too deeply"));
    BOOST_TEST(ErrorOf(Repeat("[", 1'000'000)) == "nested too deeply at 512");
}

BOOST_AUTO_TEST_CASE(utf8)
{
    for (const std::string_view good :
         {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
          "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "Grüße €"}) {
        BOOST_TEST(codec::IsUtf8(good), base::Hex(base::AsBytes(good)));
    }
    for (const std::string_view bad :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xe1\x80",
          "\xe1\x80\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf1\x80\x80",
          "\xf1\x41\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "ok\xfe"}) {
        BOOST_TEST(!codec::IsUtf8(bad), base::Hex(base::AsBytes(bad)));
    }
    BOOST_TEST(!codec::IsUtf8(std::string_view("a\0b", 3)));
    BOOST_TEST(codec::Utf8Length("") == 0u);
}

BOOST_AUTO_TEST_CASE(integers)
{
    const auto read = [](const char* text) { return codec::JsonInteger(codec::ParseJson(text).Value()); };
    BOOST_TEST(read("0").value() == 0);
    BOOST_TEST(read("-9223372036854775808").value() == INT64_MIN);
    BOOST_TEST(read("9223372036854775807").value() == INT64_MAX);
    for (const char* text : {"9223372036854775808", "1.0", "1e3", "\"1\"", "null", "true", "[]"})
        BOOST_TEST(!read(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(amounts_have_eight_decimals)
{
    struct Case {
        int64_t units;
        std::string_view text;
    };

    for (const Case& c : {Case{0, "0.00000000"}, Case{1, "0.00000001"}, Case{-1, "-0.00000001"},
                          Case{99'999'999, "0.99999999"}, Case{100'000'000, "1.00000000"},
                          Case{-123'456'789, "-1.23456789"}, Case{2'100'000'000'000'000, "21000000.00000000"},
                          Case{std::numeric_limits<int64_t>::max(), "92233720368.54775807"},
                          Case{std::numeric_limits<int64_t>::min(), "-92233720368.54775808"}}) {
        BOOST_TEST(codec::AmountDigits(c.units) == c.text);
        BOOST_TEST(codec::JsonAmount(c.units).isNum());
        BOOST_TEST(codec::WriteJson(codec::JsonAmount(c.units)) == c.text);
        const auto parsed = codec::ParseAmount(c.text);
        BOOST_REQUIRE(parsed);
        BOOST_TEST(*parsed == c.units);
    }
}

BOOST_AUTO_TEST_CASE(amounts_in_other_forms)
{
    struct Case {
        std::string_view text;
        int64_t units;
    };

    for (const Case& c :
         {Case{"1", 100'000'000}, Case{"-1", -100'000'000}, Case{"0", 0}, Case{"-0", 0},
          Case{"0.1", 10'000'000}, Case{"1e-8", 1}, Case{"1E-8", 1}, Case{"1.5e+1", 1'500'000'000},
          Case{"0.00000000100e2", 10}, Case{"0.1000000000000", 10'000'000}, Case{"10e-9", 1},
          Case{"0e999999999999", 0}, Case{"0.000000000000", 0}}) {
        const auto parsed = codec::ParseAmount(c.text);
        BOOST_REQUIRE_MESSAGE(parsed, c.text);
        BOOST_TEST(*parsed == c.units, c.text);
    }
    for (const std::string_view text : {"",
                                        "-",
                                        "+1",
                                        ".1",
                                        "1.",
                                        "01",
                                        "-01",
                                        "1e",
                                        "1e+",
                                        "1e-",
                                        "1 ",
                                        " 1",
                                        "1,5",
                                        "0x1",
                                        "abc",
                                        "1.000000001",
                                        "1e-9",
                                        "0.00000001e-1",
                                        "92233720368.54775808",
                                        "-92233720368.54775809",
                                        "1e11",
                                        "9e99",
                                        "1e999999999999",
                                        "1e-999999999999",
                                        "NaN",
                                        "1.5.",
                                        "--1"}) {
        BOOST_TEST(!codec::ParseAmount(text), text);
    }
    BOOST_TEST(!codec::ParseAmount(std::string(2000, '1')));
    BOOST_TEST(!codec::ParseAmount("0." + std::string(999, '0')));
}

BOOST_AUTO_TEST_CASE(empty_containers)
{
    BOOST_TEST(codec::WriteJson(codec::JsonObject()) == "{}");
    BOOST_TEST(codec::WriteJson(codec::JsonArray()) == "[]");
}

BOOST_AUTO_TEST_CASE(nothing_behind_the_text_is_looked_at)
{
    constexpr std::string_view LONGER = "01";
    const auto zero = codec::ParseJson(LONGER.substr(0, 1));
    BOOST_REQUIRE(zero.HasValue());
    BOOST_TEST(zero->get_int64() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
