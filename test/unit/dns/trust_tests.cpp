// Which verifiers count: -enumtrust, or what was set since and a file keeps.
#include "base/log.h"
#include "dns/records/trust_list.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace emc;
using namespace emc::dns;

namespace {

struct Kept {
    test::TempDir folder;
    std::string path = folder.File("enumtrust");
    base::Logger log;

    [[nodiscard]] Verifiers After(const Verifiers& option)
    {
        return *TrustList(option, path, log).Now().Load();
    }

    [[nodiscard]] std::string Text() const
    {
        std::ostringstream out;
        out << std::ifstream(path).rdbuf();
        return out.str();
    }
};

const Verifiers OPTION = {"ver:enum", "ver:x"};
const Verifiers OTHERS = {"ver:a", "ver:b"};

} // namespace

BOOST_AUTO_TEST_SUITE(dns_trust)

BOOST_AUTO_TEST_CASE(what_was_set_outlives_the_process)
{
    Kept kept;
    BOOST_TEST((kept.After(OPTION) == OPTION));
    BOOST_TEST(!std::filesystem::exists(kept.path), "a file that says nothing");
    for (const Verifiers& set : {OTHERS, Verifiers{}, Verifiers{"ver:x"}}) {
        TrustList list(OPTION, kept.path, kept.log);
        BOOST_TEST(list.Set(set).HasValue());
        BOOST_TEST((*list.Now().Load() == set));
        BOOST_TEST((kept.After(OPTION) == set));
    }
    BOOST_TEST(kept.Text() == "enumtrust ver:enum|ver:x\nset ver:x\n");
}

BOOST_AUTO_TEST_CASE(a_changed_option_counts_and_the_file_is_gone)
{
    for (const Verifiers& changed : {Verifiers{"ver:enum"}, Verifiers{}, Verifiers{"ver:x", "ver:enum"}}) {
        Kept kept;
        BOOST_TEST(TrustList(OPTION, kept.path, kept.log).Set(OTHERS).HasValue());
        BOOST_TEST((kept.After(changed) == changed));
        BOOST_TEST(!std::filesystem::exists(kept.path));
        BOOST_TEST((kept.After(OPTION) == OPTION), "what was set came back");
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_left_and_trusts_nobody)
{
    const std::string good = "enumtrust ver:enum|ver:x\nset ver:a|ver:b\n";
    std::vector<std::string> texts = {"enumtrust ver:enum|ver:x\nset ver:a|enum:1:0\n", good + "ver:c\n",
                                      "enumtrust ver:enum|ver:x\n", std::string(100, '\0'), good + good};
    for (size_t size = 0; size < good.size(); ++size)
        texts.push_back(good.substr(0, size));
    for (const std::string& text : texts) {
        Kept kept;
        std::ofstream(kept.path) << text;
        BOOST_TEST((kept.After(OPTION) == OPTION), text);
        BOOST_TEST(kept.Text() == text);
        BOOST_TEST(TrustList(OPTION, kept.path, kept.log).Set(OTHERS).HasValue());
        BOOST_TEST((kept.After(OPTION) == OTHERS), text);
    }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_kept_is_not_trusted)
{
    Kept kept;
    TrustList list(OPTION, kept.folder.File("nowhere/enumtrust"), kept.log);
    const auto set = list.Set(OTHERS);
    BOOST_TEST_REQUIRE(!set.HasValue());
    BOOST_TEST(set.Error().find("nothing was changed") != std::string::npos, set.Error());
    BOOST_TEST((*list.Now().Load() == OPTION));
    TrustList unkept(OPTION, "", kept.log);
    BOOST_TEST(unkept.Set(OTHERS).HasValue());
    BOOST_TEST((*unkept.Now().Load() == OTHERS));
}

BOOST_AUTO_TEST_SUITE_END()
