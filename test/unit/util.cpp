#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace emc::test {

std::optional<std::string> VectorsFolder()
{
    const char* folder = std::getenv("EMC_VECTORS");
    if (folder == nullptr || *folder == '\0') {
        BOOST_TEST_MESSAGE("skipped: no vectors folder");
        return std::nullopt;
    }
    std::string path{folder};
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

std::optional<std::string> ReadVectors(std::string_view relative_path)
{
    const auto folder = VectorsFolder();
    if (!folder) return std::nullopt;
    const std::string path = *folder + "/" + std::string{relative_path};
    std::ifstream in{path, std::ios::binary};
    BOOST_REQUIRE_MESSAGE(in.is_open(), "cannot open " << path);
    std::ostringstream text;
    text << in.rdbuf();
    BOOST_REQUIRE_MESSAGE(!in.bad() && !text.bad(), "cannot read " << path);
    return std::move(text).str();
}

uint64_t NumberFromEnvironment(const char* name, uint64_t otherwise)
{
    const char* text = std::getenv(name);
    if (text == nullptr || *text == '\0') return otherwise;
    return std::strtoull(text, nullptr, 10);
}

TempDir::TempDir()
{
    std::string pattern = (std::filesystem::temp_directory_path() / "emc_test_XXXXXX").string();
    BOOST_REQUIRE_MESSAGE(::mkdtemp(pattern.data()) != nullptr, "cannot make a directory like " << pattern);
    m_path = pattern;
}

TempDir::~TempDir()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_path, ignored);
}

std::string TempDir::File(std::string_view name) const
{
    return m_path + "/" + std::string{name};
}

} // namespace emc::test
