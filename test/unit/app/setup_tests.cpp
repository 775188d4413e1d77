#include "app/endpoint.h"
#include "app/setup.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::app {
namespace {

void Write(const std::string& path, std::string_view text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
}

std::string ErrorOf(const std::vector<std::string>& arguments)
{
    const auto setup = MakeSetup(arguments, NodeOptions());
    return setup ? "" : setup.Error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(setup)

BOOST_AUTO_TEST_CASE(networks_and_folders)
{
    const test::TempDir folder;
    const std::string base = "-datadir=" + folder.Path();
    for (const auto& [option, name, below] : {std::tuple("-chain=main", "main", ""),
                                              {"-testnet", "test", "/testnet3"},
                                              {"-chain=test", "test", "/testnet3"},
                                              {"-regtest", "regtest", "/regtest"}}) {
        const auto setup = MakeSetup({base, option}, NodeOptions());
        BOOST_REQUIRE(setup.HasValue());
        BOOST_TEST(setup->params.name == name);
        BOOST_TEST(setup->folders.base == folder.Path());
        BOOST_TEST(setup->folders.network == folder.Path() + below);
        BOOST_TEST(setup->folders.config == folder.File("emercoin.conf"));
    }
    BOOST_TEST(ErrorOf({base, "-chain=moon"}) == "-chain=moon is not one of main, test, regtest");
    BOOST_TEST(ErrorOf({base, "-regtest", "-chain=main"}).starts_with("Choose one network"));
    BOOST_TEST(ErrorOf({"-datadir=" + folder.File("no")}).find("does not exist") != std::string::npos);
    BOOST_TEST(ErrorOf({"-nodatadir"}).find("needs a value") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(assumed_block)
{
    const test::TempDir folder;
    const std::string base = "-datadir=" + folder.Path();
    const std::string hash(64, 'a');
    for (const char* network : {"-chain=main", "-chain=test", "-chain=regtest"}) {
        const auto unset = MakeSetup({base, network}, NodeOptions());
        BOOST_REQUIRE(unset.HasValue());
        BOOST_TEST(!unset->params.assumed_valid.has_value());
        const auto named = MakeSetup({base, network, "-assumevalid=" + hash}, NodeOptions());
        BOOST_REQUIRE(named.HasValue());
        BOOST_TEST(base::ReversedHex(named->params.assumed_valid.value()) == hash);
    }
    const auto off = MakeSetup({base, "-assumevalid=0"}, NodeOptions());
    BOOST_REQUIRE(off.HasValue());
    BOOST_TEST(!off->params.assumed_valid.has_value());
    for (const std::string& wrong :
         {std::string("1"), std::string("aa"), std::string("xyz"), std::string(63, 'a') + "g"}) {
        BOOST_TEST(ErrorOf({base, "-assumevalid=" + wrong}) ==
                   "-assumevalid=" + wrong +
                       " is neither a block hash (64 hex digits) nor 0 (check all scripts)");
    }
}

BOOST_AUTO_TEST_CASE(assumed_states)
{
    const test::TempDir folder;
    const std::string base = "-datadir=" + folder.Path();
    const std::string block = std::string(62, 'a') + "01";
    const std::string state = std::string(62, 'b') + "02";
    BOOST_TEST(MakeSetup({base, "-regtest"}, NodeOptions())->params.assumed_states.empty());
    const auto two = MakeSetup(
        {base, "-regtest", "-assumeutxo=7:" + block + ":" + state, "-assumeutxo=8:" + state + ":" + block},
        NodeOptions());
    BOOST_REQUIRE(two.HasValue());
    BOOST_REQUIRE(two->params.assumed_states.size() == 2U);
    BOOST_TEST(two->params.assumed_states[0].height == 7);
    BOOST_TEST(base::ReversedHex(two->params.assumed_states[0].base) == block);
    BOOST_TEST(base::ReversedHex(two->params.assumed_states[0].state) == state);
    BOOST_TEST(two->params.assumed_states[1].height == 8);
    BOOST_TEST(ErrorOf({base, "-assumeutxo=7:" + block + ":" + state}) ==
               "-assumeutxo works on regtest only");
    for (const std::string& wrong :
         {std::string("7"), "7:" + block, "0:" + block + ":" + state, "-1:" + block + ":" + state,
          "7x:" + block + ":" + state, ":" + block + ":" + state, "7:" + block + ":" + state + "0",
          "7:" + block.substr(1) + ":" + state, "7:" + block + ":" + state + ":9"}) {
        BOOST_TEST(ErrorOf({base, "-regtest", "-assumeutxo=" + wrong}) ==
                   "-assumeutxo=" + wrong +
                       " is not of the form height:blockhash:statehash, as dumptxoutset shows them");
    }
}

BOOST_AUTO_TEST_CASE(the_file_is_read)
{
    const test::TempDir folder;
    const std::string base = "-datadir=" + folder.Path();
    Write(folder.File("emercoin.conf"), "regtest=1\ndbcache=9\n[regtest]\ndbcache=8\n");
    const auto setup = MakeSetup({base}, NodeOptions());
    BOOST_REQUIRE(setup.HasValue());
    BOOST_TEST(setup->params.name == "regtest");
    BOOST_TEST(setup->options.Int("dbcache", 0) == 8);
    const auto without = MakeSetup({base, "-noconf"}, NodeOptions());
    BOOST_REQUIRE(without.HasValue());
    BOOST_TEST(without->params.name == "main");
    BOOST_TEST(without->folders.config.empty());
    BOOST_TEST(
        ErrorOf({base, "-conf=other"}).starts_with("Cannot read configuration file " + folder.File("other")));
    Write(folder.File("emercoin.conf"), "dbcache=1\n");
    BOOST_TEST(ErrorOf({base}) == "-dbcache must be between 4 and 65536, not 1");
    Write(folder.File("emercoin.conf"), std::string((1u << 20) + 1, '#'));
    BOOST_TEST(ErrorOf({base}).starts_with("Cannot read configuration file"));
}

BOOST_AUTO_TEST_CASE(the_file_names_the_data_folder)
{
    const test::TempDir folder, data;
    const std::string conf = "-conf=" + folder.File("my.conf");
    Write(folder.File("my.conf"), "regtest=1\ndatadir=" + data.Path() + "\n");
    const std::string elsewhere = "-datadir=" + folder.Path();
    const auto told = MakeSetup({conf, elsewhere}, NodeOptions());
    BOOST_REQUIRE(told.HasValue());
    BOOST_TEST(told->folders.base == folder.Path(), "the command line wins");
    Write(folder.File("my.conf"), "[regtest]\ndatadir=" + data.Path() + "\n");
    const auto setup = MakeSetup({conf, "-regtest"}, NodeOptions());
    BOOST_REQUIRE(setup.HasValue());
    BOOST_TEST(setup->folders.base == data.Path());
    BOOST_TEST(setup->folders.network == data.Path() + "/regtest");
    BOOST_TEST(setup->folders.config == folder.File("my.conf"));
    Write(folder.File("my.conf"), "datadir=" + data.File("no") + "\n");
    BOOST_TEST(ErrorOf({conf}) == "Data folder " + data.File("no") + " does not exist; " +
                                      folder.File("my.conf") + " names it: make it or take the line out");
}

BOOST_AUTO_TEST_CASE(activation_heights)
{
    const test::TempDir folder;
    const std::string base = "-datadir=" + folder.Path();
    const auto setup = MakeSetup(
        {base, "-regtest", "-testactivationheight=segwit@7", "-testactivationheight=cltv@0"}, NodeOptions());
    BOOST_REQUIRE(setup.HasValue());
    BOOST_TEST(setup->params.activation.segwit == 7);
    BOOST_TEST(setup->params.activation.bip65 == 0);
    for (const auto* bad : {"segwit", "segwit@", "segwit@-1", "moon@5", "@5"})
        BOOST_TEST(ErrorOf({base, "-regtest", std::string("-testactivationheight=") + bad})
                           .find("is not of the form rule@height") != std::string::npos,
                   bad);
    BOOST_TEST(ErrorOf({base, "-testactivationheight=csv@1"}) ==
               "-testactivationheight works on regtest only");
}

BOOST_AUTO_TEST_CASE(paths_and_files)
{
    const test::TempDir folder;
    BOOST_TEST(PathBelow("/a", "b/c") == "/a/b/c");
    BOOST_TEST(PathBelow("/a", "/b") == "/b");
    BOOST_TEST(MakeFolder(folder.File("x/y/z")).HasValue());
    BOOST_TEST(MakeFolder(folder.File("x/y/z")).HasValue());

    struct stat info {};

    BOOST_TEST(stat(folder.File("x/y").c_str(), &info) == 0);
    BOOST_TEST((info.st_mode & 0777) == 0700);
    Write(folder.File("file"), "abc");
    BOOST_TEST(
        MakeFolder(folder.File("file")).Error().starts_with("Cannot make folder " + folder.File("file")));
    BOOST_TEST(ReadTextFile(folder.File("file")).value_or("") == "abc");
    BOOST_TEST(ReadTextFile(folder.File("file"), 3).has_value());
    BOOST_TEST(!ReadTextFile(folder.File("file"), 2).has_value());
    BOOST_TEST(!ReadTextFile(folder.File("none")).has_value());
    BOOST_TEST(!ReadTextFile(folder.Path()).has_value());
}

BOOST_AUTO_TEST_CASE(the_lock)
{
    const test::TempDir folder;
    {
        auto first = FolderLock::Take(folder.Path());
        BOOST_REQUIRE(first.HasValue());
        const FolderLock moved = std::move(*first);
        const auto second = FolderLock::Take(folder.Path());
        BOOST_REQUIRE(!second);
        BOOST_TEST(second.Error() ==
                   "Another program holds the data folder " + folder.Path() + "; is a node already running?");
    }
    BOOST_TEST(FolderLock::Take(folder.Path()).HasValue());
    BOOST_TEST(FolderLock::Take(folder.File("none")).Error().starts_with("Cannot write to data folder"));
}

BOOST_AUTO_TEST_CASE(endpoints)
{
    const auto read = [](const std::string& text) {
        const auto parsed = ParseEndpoint(text, 1);
        return parsed ? parsed->host + " " + std::to_string(parsed->port) : "! " + parsed.Error();
    };
    BOOST_TEST(read("127.0.0.1") == "127.0.0.1 1");
    BOOST_TEST(read("127.0.0.1:8000") == "127.0.0.1 8000");
    BOOST_TEST(read("name:65535") == "name 65535");
    BOOST_TEST(read("::1") == "::1 1");
    BOOST_TEST(read("[::1]") == "::1 1");
    BOOST_TEST(read("[::1]:80") == "::1 80");
    for (const auto* bad : {"", ":80", "[]:80", "[]"})
        BOOST_TEST(read(bad).ends_with("names no host"), bad);
    for (const auto* bad : {"a:", "a:0", "a:65536", "a:8x", "a: 8", "a:-1", "a:+1", "[::1]:", "a:0x10"})
        BOOST_TEST(read(bad).ends_with("must be 1 to 65535"), bad);
    BOOST_TEST(read("[::1") == "! the ] is missing in '[::1'");
    BOOST_TEST(read("[::1]8") == "! behind the ] of '[::1]8' only :port may stand");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::app
