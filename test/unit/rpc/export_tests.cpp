// Label files: what is written and read, without a node.
#include "consensus/params.h"
#include "rpc/label_file.h"
#include "rpc/text_file.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace emc;
using namespace emc::rpc;
using interfaces::LabelKind;

BOOST_AUTO_TEST_SUITE(wallet_files)

BOOST_AUTO_TEST_CASE(label_files_of_bip_329)
{
    const auto& params = consensus::MainParams();
    const std::string txid(64, 'a');
    const std::string key = "0283409659355b6d1cc3c32decd5d561abaac86c37a353b52895a5e6c196d6f448";
    const auto file =
        ParseLabelFile(params, "{ \"type\": \"tx\", \"ref\": \"" + txid +
                                   "\", \"label\": \"T\", \"origin\": \"wpkh([d34db33f/84'/0'/0'])\" }\r\n"
                                   "\n"
                                   "{\"type\":\"pubkey\",\"ref\":\"" +
                                   key +
                                   "\",\"label\":\"P\"}\n"
                                   "{\"type\":\"pubkey\",\"ref\":\"" +
                                   key.substr(2) +
                                   "\",\"label\":\"x-only\"}\n"
                                   "{\"type\":\"input\",\"ref\":\"" +
                                   txid +
                                   ":0\",\"label\":\"I\",\"spendable\":false}\n"
                                   "{\"type\":\"output\",\"ref\":\"" +
                                   txid +
                                   ":1\",\"spendable\":false}\n"
                                   "{\"type\":\"later\",\"ref\":\"?\"}");
    BOOST_REQUIRE_MESSAGE(file.HasValue(), (file.HasValue() ? std::string() : file.Error()));
    BOOST_REQUIRE(file->labels.size() == 5);
    BOOST_TEST((file->lines == std::vector<size_t>{1, 3, 4, 5, 6}));
    BOOST_TEST(file->passed_over.size() == 1U);
    BOOST_TEST(file->passed_over[0].first == 7U);
    BOOST_TEST((file->labels[3].kind == LabelKind::Input));
    BOOST_TEST(!file->labels[3].spendable.has_value()); // only outputs are spendable or not
    BOOST_TEST(file->labels[4].spendable.value_or(true) == false);
    BOOST_TEST(!file->labels[4].label.has_value());
    const auto again = ParseLabelFile(params, LabelFileText(file->labels));
    BOOST_REQUIRE(again.HasValue());
    BOOST_TEST(LabelFileText(again->labels) == LabelFileText(file->labels));
    for (const std::string bad :
         {"x", "{\"type\":\"tx\",\"ref\":7}", "{\"type\":\"output\",\"ref\":\"aa:0\"}"}) {
        const auto refused = ParseLabelFile(params, "\n" + bad);
        BOOST_REQUIRE(!refused.HasValue());
        BOOST_TEST(refused.Error().starts_with("line 2: "), refused.Error());
    }
}

BOOST_AUTO_TEST_CASE(files_below_a_folder)
{
    const test::TempDir folder;
    const std::string root = folder.Path() + "/root";
    BOOST_REQUIRE(mkdir(root.c_str(), 0700) == 0);
    BOOST_REQUIRE(mkdir((root + "/sub").c_str(), 0700) == 0);
    std::ofstream(folder.Path() + "/secret") << "secret";
    std::ofstream(root + "/sub/file") << "content";
    BOOST_REQUIRE(symlink("../secret", (root + "/link").c_str()) == 0);
    BOOST_REQUIRE(symlink("sub", (root + "/folder-link").c_str()) == 0);
    BOOST_REQUIRE(mkfifo((root + "/pipe").c_str(), 0600) == 0);
    const auto good = ReadFileBelow(root, "sub/file", 7);
    BOOST_REQUIRE(good.HasValue());
    BOOST_TEST(*good == "content");
    BOOST_TEST(!ReadFileBelow(root, "sub/file", 6).HasValue());
    for (const std::string path :
         {"../secret", "sub/../../secret", "..", ".", "", "/", "/etc/passwd", "sub/./file", "sub//file",
          "sub/file/", "link", "folder-link/file", "pipe", "sub", "none"})
        BOOST_TEST(!ReadFileBelow(root, path, 100).HasValue(), path);
    BOOST_TEST(!ReadFileBelow(root, std::string("sub/file\0x", 10), 100).HasValue());
    BOOST_TEST(!ReadFileBelow(root + "/none", "file", 100).HasValue());
}

BOOST_AUTO_TEST_SUITE_END()
