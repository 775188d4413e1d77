#include "enum/ere.h"

#include "unit/enum/ere_model.h"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace emc::enumrec;

namespace {

std::optional<EreError> ErrorOf(std::string_view text)
{
    const auto ere = Ere::Compile(text);
    if (ere) return std::nullopt;
    return ere.Error().error;
}

/// Spans as "0-4 1-2 -".
std::string Spans(std::string_view text, std::string_view subject, bool ignore_case = false)
{
    const auto ere = Ere::Compile(text, ignore_case);
    if (!ere) return "invalid";
    const auto match = ere->Find(subject);
    if (!match) return "none";
    std::string out;
    for (int i = 0; i <= ere->Groups(); ++i) {
        const auto& span = match->spans[static_cast<size_t>(i)];
        if (i > 0) out += " ";
        out += span ? std::to_string(span->first) + "-" + std::to_string(span->second) : "-";
    }
    return out;
}

std::string Repeated(std::string_view text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(enum_ere)

BOOST_AUTO_TEST_CASE(refused_with_the_reason)
{
    const std::pair<const char*, EreError> cases[] = {
        {"", EreError::Empty},
        {"a\n", EreError::BadByte},
        {"\x7f", EreError::BadByte},
        {"(a", EreError::UnmatchedParenthesis},
        {"a)", EreError::UnmatchedParenthesis},
        {")", EreError::UnmatchedParenthesis},
        {"[a", EreError::UnmatchedBracket},
        {"[]", EreError::UnmatchedBracket},
        {"[a-", EreError::UnmatchedBracket},
        {"[b-a]", EreError::BadBracket},
        {"[a-c-e]", EreError::BadBracket},
        {"[[:digit:]-9]", EreError::BadBracket},
        {"[a-[:digit:]]", EreError::BadBracket},
        {"[a-[.b.]]", EreError::BadBracket},
        {"[[.a.]]", EreError::BadBracket},
        {"[[=a=]]", EreError::BadBracket},
        {"[[:word:]]", EreError::BadBracket},
        {"[[:digit]", EreError::BadBracket},
        {"\\d", EreError::BadEscape},
        {"a\\", EreError::BadEscape},
        {"*", EreError::QuantifierWithoutAtom},
        {"^*", EreError::QuantifierWithoutAtom},
        {"$+", EreError::QuantifierWithoutAtom},
        {"a|?", EreError::QuantifierWithoutAtom},
        {"({2})", EreError::QuantifierWithoutAtom},
        {"a**", EreError::RepeatedQuantifier},
        {"(a)?+", EreError::RepeatedQuantifier},
        {"a{2}{2}", EreError::RepeatedQuantifier},
        {"a{2,1}", EreError::BadInterval},
        {"a{17}", EreError::BadInterval},
        {"a{1,}", EreError::BadInterval},
        {"a{,1}", EreError::BadInterval},
        {"a{01}", EreError::BadInterval},
        {"a{1", EreError::BadInterval},
        {"a{99999999999}", EreError::BadInterval},
        {"(a){2}", EreError::BadInterval},
        {"()", EreError::EmptyAlternative},
        {"a||b", EreError::EmptyAlternative},
        {"|a", EreError::EmptyAlternative},
        {"(a|)", EreError::EmptyAlternative},
        {"(((((a)))))", EreError::TooDeep},
    };
    for (const auto& [text, error] : cases) {
        BOOST_CHECK_MESSAGE(ErrorOf(text) == error, text);
        BOOST_CHECK(!Text(error).empty());
    }
    BOOST_CHECK(ErrorOf(Repeated("(a)", 10)) == EreError::TooManyGroups);
    BOOST_CHECK(ErrorOf(Repeated("a", 513)) == EreError::TooManyPositions);
    BOOST_CHECK(ErrorOf(Repeated(".{16}", 33)) == EreError::TooManyPositions);
    BOOST_CHECK(!Text(EreError::TooManyGroups).empty() && !Text(EreError::TooManyPositions).empty());
    BOOST_CHECK(Text(static_cast<EreError>(99)).empty());
    BOOST_CHECK_EQUAL(Ere::Compile("ab(c").Error().offset, 2u);
}

BOOST_AUTO_TEST_CASE(counts)
{
    const auto ere = Ere::Compile("^\\+1(8[0-9]{2,3})(.)*x{0}$");
    BOOST_REQUIRE(ere);
    BOOST_CHECK_EQUAL(ere->Groups(), 2);
    BOOST_CHECK_EQUAL(ere->Positions(), 7);
    BOOST_CHECK_EQUAL(Ere::Compile(Repeated("a", 512))->Positions(), 512);
    BOOST_CHECK_EQUAL(Ere::Compile("^$")->Positions(), 0);
}

BOOST_AUTO_TEST_CASE(atoms)
{
    const std::tuple<const char*, const char*, bool> cases[] = {
        {"^a.c$", "abc", true},
        {"^a.c$", "ac", false},
        {"\\.", "a", false},
        {"\\{\\}\\[\\]\\(\\)", "{}[]()", true},
        {"a]", "a]", true},
        {"a}", "a}", true},
        {"^[]a]$", "]", true},
        {"^[^]a]$", "]", false},
        {"^[--/]$", ".", true},
        {"^[%--]$", "+", true},
        {"^[a-]$", "-", true},
        {"^[-a]$", "-", true},
        {"^[^-a]$", "-", false},
        {"^[\\]$", "\\", true},
        {"^[[:digit:]-]$", "-", true},
        {"^[[a]$", "[", true},
        {"^[a-z0-9]+$", "a0z9", true},
        {"^x{2,3}$", "xxxx", false},
        {"^x{2,3}$", "xxx", true},
        {"^x{0,1}$", "", true},
        {"^x{0}y$", "y", true},
        {"^x{0}y$", "xy", false},
        {"a^b", "ab", false},
        {"^^a$$", "a", true},
        {"(^a|b$)", "xb", true},
        {"(^)*a", "ba", true},
        {"(a*)*b", "aaab", true},
        {"((a*)*)*c", "aaab", false},
        {"(a|b)+c", "ababc", true},
        {"(ab)?c", "abc", true},
    };
    for (const auto& [text, subject, matches] : cases) {
        const auto ere = Ere::Compile(text);
        BOOST_REQUIRE_MESSAGE(ere, text);
        BOOST_CHECK_MESSAGE(ere->Search(subject) == matches, text);
        BOOST_CHECK_MESSAGE(ere->Find(subject).has_value() == matches, text);
    }
}

BOOST_AUTO_TEST_CASE(classes)
{
    const std::tuple<const char*, const char*, const char*> cases[] = {
        {"alnum", "aZ5", "-"}, {"alpha", "aZ", "5"},    {"blank", " \t", "a"}, {"cntrl", "\x01\x7f", "a"},
        {"digit", "09", "a"},  {"graph", "!~a", " "},   {"lower", "az", "A"},  {"print", " ~a", "\x7f"},
        {"punct", "!-~", "a"}, {"space", " \n\r", "a"}, {"upper", "AZ", "a"},  {"xdigit", "0aFf", "g"},
    };
    for (const auto& [name, in, out] : cases) {
        const auto ere = Ere::Compile("^[[:" + std::string(name) + ":]]+$");
        BOOST_REQUIRE_MESSAGE(ere, name);
        BOOST_CHECK_MESSAGE(ere->Search(in), name);
        BOOST_CHECK_MESSAGE(!ere->Search(out), name);
    }
    BOOST_CHECK(!Ere::Compile("[[:alpha:]]")->Search("\xe9"));
    BOOST_CHECK(Ere::Compile("[^a]")->Search("\xe9"));
}

BOOST_AUTO_TEST_CASE(case_folding)
{
    BOOST_CHECK(Ere::Compile("^abC1$", true)->Search("AbC1"));
    BOOST_CHECK(!Ere::Compile("^abC1$", false)->Search("AbC1"));
    BOOST_CHECK(Ere::Compile("^[a-c]$", true)->Search("B"));
    BOOST_CHECK(!Ere::Compile("^[^a-c]$", true)->Search("B"));
    BOOST_CHECK(Ere::Compile("^[[:upper:]]$", true)->Search("b"));
}

BOOST_AUTO_TEST_CASE(submatches)
{
    BOOST_CHECK_EQUAL(Spans("(a|ab)(c|bcd)(d*)", "abcd"), "0-4 0-2 2-3 3-4");
    BOOST_CHECK_EQUAL(Spans("(a*)(ab)*(b*)", "abb"), "0-3 0-1 - 1-3");
    BOOST_CHECK_EQUAL(Spans("x*", "aax"), "0-0");
    BOOST_CHECK_EQUAL(Spans("b+", "abba"), "1-3");
    BOOST_CHECK_EQUAL(Spans("(a*)*", "b"), "0-0 0-0");
    BOOST_CHECK_EQUAL(Spans("(a*)+", "aa"), "0-2 0-2");
    BOOST_CHECK_EQUAL(Spans("(a*)?", "b"), "0-0 0-0");
    BOOST_CHECK_EQUAL(Spans("(a)?b", "b"), "0-1 -");
    BOOST_CHECK_EQUAL(Spans("((a)|b)*", "ab"), "0-2 1-2 -");
    BOOST_CHECK_EQUAL(Spans("(a)|(b)", "b"), "0-1 - 0-1");
    BOOST_CHECK_EQUAL(Spans("(ab|(a))(b|c)?", "ab"), "0-2 0-2 - -");
    BOOST_CHECK_EQUAL(Spans("^(ab|abc)*$", "ababcab"), "0-7 5-7");
    BOOST_CHECK_EQUAL(Spans("(.)(b)", "xAB", true), "1-3 1-2 2-3");
    BOOST_CHECK_EQUAL(Spans("z", "abc"), "none");
}

BOOST_AUTO_TEST_CASE(long_subjects)
{
    for (const int size : {62, 63, 64, 65, 127, 128, 200}) {
        const std::string subject = std::string(static_cast<size_t>(size), 'a') + "b";
        const std::string end = std::to_string(size);
        BOOST_CHECK_EQUAL(Spans("(a*)b", subject), "0-" + std::to_string(size + 1) + " 0-" + end);
        BOOST_CHECK_EQUAL(Spans("b$", subject), end + "-" + std::to_string(size + 1));
        const auto ere = Ere::Compile("((a|aa)*)*c");
        BOOST_CHECK(!ere->Search(subject));
        BOOST_CHECK(!ere->MatchesWhole(subject));
        BOOST_CHECK(Ere::Compile("(a|b)*")->MatchesWhole(subject));
        BOOST_CHECK(!Ere::Compile("a*")->MatchesWhole(subject));
        BOOST_CHECK_EQUAL(Spans("c", subject), "none");
    }
}

BOOST_AUTO_TEST_CASE(long_subjects_have_the_same_groups)
{
    // whatever is in front, the part from "=" on gives the same groups
    const std::string front(70, 'x');
    for (const char* text : {"=(a|ab)(c|bcd)(d*)", "=(a*)(ab)*(b*)", "=((a)|b)*", "=(ab|(a))(b|c)?", "=(a*)*",
                             "=(a*)?", "=(ab|abc)*$", "=a{2,3}(.)b{0}", "=(a|(b|c)+)+d", "(^|=)(a+)"}) {
        for (const char* subject : {"=abcd", "=abb", "=ab", "=b", "=ababcab", "=aaab", "=abcbd", "="}) {
            const auto ere = Ere::Compile(text);
            BOOST_REQUIRE(ere);
            auto near = ere->Find(subject);
            const auto far = ere->Find(front + subject);
            BOOST_REQUIRE_MESSAGE(near.has_value() == far.has_value(), text);
            BOOST_CHECK_EQUAL(ere->Search(front + subject), far.has_value());
            if (!near) continue;
            for (auto& span : near->spans) {
                if (span) span = {span->first + front.size(), span->second + front.size()};
            }
            BOOST_CHECK_MESSAGE(near->spans == far->spans, std::string(text) + " on " + subject);
        }
    }
}

BOOST_AUTO_TEST_CASE(whole)
{
    BOOST_CHECK(Ere::Compile("1|18|180")->MatchesWhole("180"));
    BOOST_CHECK(!Ere::Compile("800")->MatchesWhole("1800"));
    BOOST_CHECK(Ere::Compile("a")->MatchesWhole("a"));
}

BOOST_AUTO_TEST_CASE(substitution)
{
    const auto match = Ere::Compile("^\\+1(8)?(9)?(.*)$")->Find("+18005");
    BOOST_REQUIRE(match);
    BOOST_CHECK_EQUAL(Substitute("x:\\1-\\2-\\3&\\", "+18005", *match), "x:8--005&\\");
}

BOOST_AUTO_TEST_CASE(agrees_with_the_definition)
{
    std::mt19937 random(20);
    int compared = 0;
    for (int round = 0; round < 20'000; ++round) {
        uint8_t bytes[40];
        for (uint8_t& byte : bytes)
            byte = static_cast<uint8_t>(random());
        emc::test::ModelSource source(bytes, sizeof(bytes));
        std::string subject;
        for (unsigned i = source.Pick(7); i > 0; --i)
            subject.push_back(static_cast<char>('a' + source.Pick(3)));
        emc::test::ModelMaker maker(source);
        const auto tree = maker.Make();
        const std::string text = emc::test::ModelText(tree);
        emc::test::ModelMatcher model(subject);
        const auto want = model.Find(tree);
        if (!model.Finished()) continue;
        ++compared;
        const auto ere = Ere::Compile(text);
        BOOST_REQUIRE_MESSAGE(ere, text);
        BOOST_REQUIRE_EQUAL(ere->Groups(), maker.Groups());
        const auto got = ere->Find(subject);
        BOOST_REQUIRE_MESSAGE(got.has_value() == want.has_value(), text + " on " + subject);
        BOOST_REQUIRE_MESSAGE(ere->Search(subject) == want.has_value(), text + " on " + subject);
        if (got) BOOST_REQUIRE_MESSAGE(got->spans == *want, text + " on " + subject);
    }
    BOOST_CHECK_GT(compared, 15'000);
}

BOOST_AUTO_TEST_SUITE_END()
