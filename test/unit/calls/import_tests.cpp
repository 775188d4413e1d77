// Files that grow, rotate and break off, read into the store.
#include "calls/import.h"
#include "calls/source_file.h"
#include "crypto/random.h"
#include "storage/memory_files.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace emc::calls {
namespace {

struct Fixture {
    storage::MemoryFiles files;
    crypto::TestRandom random{1};
    std::unique_ptr<CallStore> store;
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("emc_calls_" + std::to_string(getpid()));
    ImportJob job;

    Fixture()
    {
        std::filesystem::create_directories(folder);
        store = std::move(*CallStore::Open({"/calls", 1, &files}, random));
        job.file = (folder / "calls.csv").string();
        job.options.format = CdrFormat::Csv;
        job.options.columns = *ParseCdrColumns("callid=1,caller=2,callee=3,answer=4,duration=5");
        job.whole = false;
    }

    ~Fixture() { std::filesystem::remove_all(folder); }

    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void Write(const std::string& text, bool append = false) const
    {
        std::ofstream(job.file, append ? std::ios::app : std::ios::trunc) << text;
    }

    [[nodiscard]] interfaces::CallsImported Import() const
    {
        auto done = ImportFile(*store, job);
        BOOST_REQUIRE(done.HasValue());
        return std::move(*done);
    }
};

std::string Row(int number)
{
    return "c" + std::to_string(number) + ",18009359935,442079460000," +
           std::to_string(1'795'285'805 + number) + ",61\n";
}

BOOST_FIXTURE_TEST_SUITE(call_import, Fixture)

BOOST_AUTO_TEST_CASE(grows_and_rotates)
{
    const std::string half = Row(2).substr(0, 20);
    Write(Row(1) + half);
    BOOST_TEST(Import().added == 1U);
    Write(Row(2).substr(20) + "broken\n", true);
    const auto second = Import();
    BOOST_TEST(second.added == 1U);
    BOOST_REQUIRE(second.problems.size() == 1U);
    BOOST_TEST(second.problems[0].line == 3U);
    BOOST_TEST(Import().bytes == 0U);
    // Cut and written anew in the same place, and longer than it was: it is read from its beginning.
    std::string other;
    for (int i = 100; i < 110; ++i)
        other += Row(i);
    Write(other);
    BOOST_TEST(Import().added == 10U);
    Write(Row(1));
    const auto known = Import();
    BOOST_TEST(known.added == 0U);
    BOOST_TEST(known.known == 1U);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_whole_file)
{
    Write(Row(1) + "c2,18009359935,4420794600");
    BOOST_TEST(Import().problem_count == 0U);
    job.whole = true;
    BOOST_TEST(Import().problem_count == 1U);
}

/// A part that was stored is not read again when the work was stopped after it.
BOOST_AUTO_TEST_CASE(stopped_between_parts)
{
    std::string text;
    int rows = 0;
    while (text.size() < 3 * IMPORT_PART_BYTES)
        text += Row(rows++);
    Write(text);
    int asked = 0;
    job.stop = [&asked] { return ++asked > 1; };
    const auto first = Import();
    BOOST_TEST(first.bytes <= IMPORT_PART_BYTES);
    BOOST_TEST(first.added > 0U);
    job.stop = {};
    const auto rest = Import();
    BOOST_TEST(rest.known == 0U);
    BOOST_TEST(first.added + rest.added == static_cast<uint64_t>(rows));
}

BOOST_AUTO_TEST_CASE(calls_that_are_open_outlast_the_part)
{
    job.options.format = CdrFormat::KamailioCsv;
    job.options.columns.clear();
    Write(
        "method,callid,sip_code,time,src_user,dst_user\nINVITE,k,200,1795285805,18009359935,442079460000\n");
    BOOST_TEST(Import().added == 0U);
    Write("BYE,k,200,1795285866,18009359935,442079460000\n", true);
    BOOST_TEST(Import().added == 1U);
    BOOST_TEST(store->ByCallId("k")->size() == 1U);
}

BOOST_AUTO_TEST_CASE(marks)
{
    ImportMark mark;
    mark.inode = 7;
    mark.offset = 1'000'000'000'000;
    mark.lines = 12;
    mark.state.heading = {"a", ""};
    mark.state.open["x"] = {"1", "2", 3};
    mark.state.ends["y"] = 4;
    const auto bytes = Encode(mark);
    const auto back = DecodeImportMark(bytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((Encode(*back) == bytes));
    for (size_t i = 0; i < bytes.size(); ++i)
        BOOST_TEST(!DecodeImportMark(base::ByteSpan(bytes).first(i)).has_value());
    BOOST_TEST(!ImportFile(*store, {(folder / "none").string(), job.options, true, {}}).HasValue());
    BOOST_TEST(!ImportFile(*store, {folder.string(), job.options, true, {}}).HasValue());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
