#include "app/options.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace emc::app {
namespace {

using Words = std::vector<std::string>;

/// A small table with one option of each kind.
const std::vector<OptionSpec>& Table()
{
    static const std::vector<OptionSpec> table = {
        {.name = "flag", .group = "One", .type = OptionType::Bool, .help = "a switch"},
        {.name = "f", .group = "One", .type = OptionType::Bool, .alias_of = "flag"},
        {.name = "count",
         .group = "One",
         .type = OptionType::Integer,
         .argument = "<n>",
         .fallback = "7",
         .help = "how many",
         .low = 1,
         .high = 100},
        {.name = "any", .group = "One", .type = OptionType::Integer, .argument = "<n>", .help = "no range"},
        {.name = "fee", .group = "Two", .type = OptionType::Amount, .argument = "<EMC>", .help = "a fee"},
        {.name = "file", .group = "Two", .argument = "<file>", .help = "may be empty"},
        {.name = "dir", .group = "Two", .argument = "<dir>", .help = "may not", .never_empty = true},
        {.name = "peer", .group = "Two", .argument = "<a>", .help = "several", .multiple = true},
        {.name = "port",
         .group = "Two",
         .type = OptionType::Integer,
         .argument = "<n>",
         .help = "by network",
         .per_network = true},
        {.name = "here", .group = "Two", .argument = "<x>", .help = "not in the file", .line_only = true},
    };
    return table;
}

std::string ErrorOf(const Words& words)
{
    Options options(Table());
    auto parsed = options.ParseArguments(words);
    if (!parsed) return parsed.Error();
    auto checked = options.Check();
    return checked ? "" : checked.Error();
}

std::string FileError(std::string_view text)
{
    Options options(Table());
    auto parsed = options.ParseFile("c", text, NodeOptions());
    return parsed ? "" : parsed.Error();
}

Options Made(const Words& words, std::string_view text = {}, std::string_view network = "main")
{
    Options options(Table());
    BOOST_REQUIRE(options.ParseArguments(words).HasValue());
    BOOST_REQUIRE(options.ParseFile("c", text, {}).HasValue());
    options.SelectNetwork(network);
    BOOST_REQUIRE(options.Check().HasValue());
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(the_command_line)
{
    const auto o =
        Made({"-flag", "--count=9", "-fee=0.5", "-file=a b=c", "-peer=x", "-peer=y", "word", "-flag=0"});
    BOOST_TEST(o.Bool("flag", false));
    BOOST_TEST(o.Int("count", 1) == 9);
    BOOST_TEST(o.Amount("fee", 0) == 50'000'000);
    BOOST_TEST(o.Text("file") == "a b=c");
    BOOST_TEST((o.List("peer") == Words{"x", "y"}));
    BOOST_TEST((o.Words() == Words{"word", "-flag=0"}));
    BOOST_TEST(!o.Has("any"));
    BOOST_TEST(o.Int("any", -3) == -3);
    BOOST_TEST(o.Text("dir", "here") == "here");
    BOOST_TEST((Made({"-"}).Words() == Words{"-"}));
    BOOST_TEST((Made({"", "-flag"}).Words() == Words{"", "-flag"}));
}

BOOST_AUTO_TEST_CASE(the_last_one_counts_and_aliases)
{
    BOOST_TEST(Made({"-count=3", "-count=4"}).Int("count", 0) == 4);
    BOOST_TEST(Made({"-f"}).Bool("flag", false));
    BOOST_TEST(!Made({"-f", "-noflag"}).Bool("flag", true));
}

BOOST_AUTO_TEST_CASE(truth_values)
{
    for (const auto* yes : {"-flag", "-flag=", "-flag=1", "-flag=true", "-flag=yes", "-flag=on", "-noflag=0"})
        BOOST_TEST(Made({yes}).Bool("flag", false), yes);
    for (const auto* no : {"-noflag", "-flag=0", "-flag=false", "-flag=no", "-flag=off", "-noflag=1"})
        BOOST_TEST(!Made({no}).Bool("flag", true), no);
    BOOST_TEST(ErrorOf({"-flag=2"}) == "-flag takes 1 or 0, not '2'");
    BOOST_TEST(ErrorOf({"-noflag=maybe"}) == "Command line: 'noflag' takes 1 or 0, not 'maybe'");
}

BOOST_AUTO_TEST_CASE(negations_of_other_types)
{
    BOOST_TEST(Made({"-noany"}).Int("any", 5) == 0);
    BOOST_TEST(ErrorOf({"-nocount"}) == "-count must be between 1 and 100, not 0");
    BOOST_TEST(Made({"-nofee"}).Amount("fee", 5) == 0);
    BOOST_TEST(Made({"-file=x", "-nofile"}).Text("file", "default").empty());
    BOOST_TEST(Made({"-peer=x", "-nopeer"}).List("peer").size() == 1U);
    BOOST_TEST(Made({"-nopeer"}).List("peer").empty());
    BOOST_TEST(ErrorOf({"-nodir"}) == "-dir needs a value, like -dir=<dir>");
    BOOST_TEST(ErrorOf({"-dir="}) == "-dir needs a value, like -dir=<dir>");
}

BOOST_AUTO_TEST_CASE(mistakes_are_named)
{
    BOOST_TEST(ErrorOf({"-count"}) == "Command line: option 'count' needs a value, like -count=<n>");
    BOOST_TEST(ErrorOf({"-count=x"}) == "-count takes a whole number, not 'x'");
    for (const auto* bad :
         {"-count=1x", "-count= 1", "-count=", "-count=+1", "-count=1.0", "-count=99999999999999999999"})
        BOOST_TEST(ErrorOf({bad}).starts_with("-count takes a whole number"), bad);
    BOOST_TEST(ErrorOf({"-count=0"}) == "-count must be between 1 and 100, not 0");
    BOOST_TEST(ErrorOf({"-count=101"}) == "-count must be between 1 and 100, not 101");
    BOOST_TEST(ErrorOf({"-count=1"}).empty());
    BOOST_TEST(ErrorOf({"-count=100"}).empty());
    BOOST_TEST(ErrorOf({"-fee=-0.00000001"}) == "-fee must be between 0 and 21000000 EMC, not -0.00000001");
    BOOST_TEST(ErrorOf({"-fee=21000000.00000001"}).starts_with("-fee must be between"));
    BOOST_TEST(ErrorOf({"-fee=0.000000001"}).starts_with("-fee takes an amount in EMC"));
    BOOST_TEST(ErrorOf({"-fee=0"}).empty());
}

BOOST_AUTO_TEST_CASE(suggestions)
{
    BOOST_TEST(ErrorOf({"-cuont=1"}) == "Command line: there is no option 'cuont'; did you mean -count?");
    BOOST_TEST(ErrorOf({"-Flag"}).ends_with("did you mean -flag?"));
    BOOST_TEST(ErrorOf({"-somethingelse"}) == "Command line: there is no option 'somethingelse'; see -help");
    BOOST_TEST(EditDistance("", "") == 0U);
    BOOST_TEST(EditDistance("", "abc") == 3U);
    BOOST_TEST(EditDistance("kitten", "sitting") == 3U);
    BOOST_TEST(EditDistance("flag", "flag") == 0U);
    BOOST_TEST(EditDistance("ab", "ba") == 2U);
}

BOOST_AUTO_TEST_CASE(the_file)
{
    const std::string text = "# c\r\n; d\n\n flag = 1 \r\ncount=5\nfile= a b \npeer=1\npeer=2\nport=1\n"
                             "test.port=2\n[regtest]\nport=3\ncount=6\npeer=3\n[main]\nport=4";
    const auto main = Made({}, text);
    BOOST_TEST(main.Bool("flag", false));
    BOOST_TEST(main.Text("file") == "a b");
    BOOST_TEST(main.Int("port", 0) == 4);
    BOOST_TEST((main.List("peer") == Words{"1", "2"}));
    BOOST_TEST(main.Warnings().empty());
    BOOST_TEST(Made({}, text, "test").Int("port", 0) == 2);
    const auto regtest = Made({"-count=8", "-peer=0"}, text, "regtest");
    BOOST_TEST(regtest.Int("port", 0) == 3);
    BOOST_TEST(regtest.Int("count", 0) == 8);
    BOOST_TEST((regtest.List("peer") == Words{"0", "3", "1", "2"}));
    BOOST_TEST(Made({}, "port=1\n", "regtest").Int("port", 9) == 9);
    BOOST_REQUIRE(Made({}, "port=1\n", "regtest").Warnings().size() == 1U);
    BOOST_TEST(Made({}, "port=1\n", "regtest").Warnings()[0] ==
               "Option 'port' outside a section holds for main only; put it under [regtest]");
}

BOOST_AUTO_TEST_CASE(mistakes_in_the_file)
{
    BOOST_TEST(FileError("\n\ncuont=1") == "c line 3: there is no option 'cuont'; did you mean -count?");
    BOOST_TEST(FileError("count 1") == "c line 1: 'count 1' is not of the form name=value");
    BOOST_TEST(FileError("-count=1") == "c line 1: options in the file are written without dash");
    BOOST_TEST(FileError("[moon]") == "c line 1: section [moon] is not one of [main], [test], [regtest]");
    BOOST_TEST(FileError("[") == "c line 1: '[' is not of the form name=value");
    BOOST_TEST(FileError("[]") == "c line 1: section [] is not one of [main], [test], [regtest]");
    for (const auto* bad : {"moon.count=1", ".count=1", "Main.count=1", "[main]\nmoon.count=1"})
        BOOST_TEST(FileError(bad).find(".' before an option is not one of main., test., regtest.") !=
                       std::string::npos,
                   bad);
    BOOST_TEST(FileError("here=1") == "c line 1: option 'here' works on the command line only");
    BOOST_TEST(FileError("main.here=1").ends_with("works on the command line only"));
    BOOST_TEST(FileError("rpcthreads=2").empty()); // another program's option
    BOOST_TEST(FileError("=1").find("there is no option ''") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(options_of_earlier_programs)
{
    Options options(NodeOptions());
    BOOST_REQUIRE(options.ParseArguments({"-rpcssl", "-stuntimio=5"}).HasValue());
    BOOST_REQUIRE(options.ParseFile("c", "maxdp=1\n", {}).HasValue());
    BOOST_TEST((options.Warnings() == Words{"Option 'rpcssl' has no effect in this program",
                                            "Option 'stuntimio' has no effect in this program",
                                            "Option 'maxdp' has no effect in this program"}));
    BOOST_TEST(IsObsoleteOption("maxdp"));
    BOOST_TEST(!IsObsoleteOption("rpcport"));
}

BOOST_AUTO_TEST_CASE(help)
{
    const auto text = OptionsHelp(Table());
    BOOST_TEST(text.starts_with("One:\n\n  -flag\n       a switch\n"));
    BOOST_TEST(text.find("\nTwo:\n\n  -fee=<EMC>\n") != std::string::npos);
    BOOST_TEST(text.find("  -count=<n>\n       how many (default: 7) [1 to 100]\n") != std::string::npos);
    BOOST_TEST(text.find("several. May be given several times") != std::string::npos);
    BOOST_TEST(text.find("  -f\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(both_tables_are_sound)
{
    for (const auto* table : {&NodeOptions(), &CliOptions()}) {
        std::set<std::string_view> names;
        for (const auto& spec : *table) {
            BOOST_TEST_CONTEXT(spec.name)
            {
                BOOST_TEST(names.insert(spec.name).second);
                BOOST_TEST(!IsObsoleteOption(spec.name));
                BOOST_TEST((spec.alias_of.empty() || names.contains(spec.alias_of)));
                BOOST_TEST((spec.help.empty() == !spec.alias_of.empty()));
                BOOST_TEST(
                    (!spec.alias_of.empty() || spec.argument.empty() == (spec.type == OptionType::Bool)));
                BOOST_TEST((!spec.never_empty || spec.type == OptionType::Text));
                BOOST_TEST((spec.low <= spec.high));
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::app
