// Folders of SIP servers: files that come, grow, rotate and break off while the process ends at any moment.
#include "base/clock.h"
#include "base/log.h"
#include "calls/clerk.h"
#include "calls/folder_import.h"
#include "crypto/random.h"
#include "storage/memory_files.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>
#include <unistd.h>

namespace emc::calls {
namespace {

constexpr int64_t LATER_US = FolderImport::HALF_RECORD_US;

struct Fixture {
    storage::MemoryFiles files;
    crypto::TestRandom random{1};
    std::unique_ptr<CallStore> store;
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("emc_folder_" + std::to_string(getpid()));
    FolderWatch watch;

    Fixture()
    {
        std::filesystem::create_directories(folder);
        watch = *ParseFolderWatch("csv,callid=1,caller=2,callee=3,answer=4,duration=5:" + folder.string());
        Open();
    }

    ~Fixture() { std::filesystem::remove_all(folder); }

    Fixture(const Fixture&) = delete;
    Fixture& operator=(const Fixture&) = delete;

    void Open()
    {
        store.reset();
        store = std::move(*CallStore::Open({"/calls", 1, &files}, random));
    }

    void Write(const std::string& name, const std::string& text, bool append = true) const
    {
        std::ofstream(folder / name, append ? std::ios::app : std::ios::trunc) << text;
    }

    [[nodiscard]] FolderImport Import() { return FolderImport(*store, watch, {}); }

    [[nodiscard]] std::multiset<std::string> Stored() const
    {
        std::multiset<std::string> out;
        const auto done = store->Read({}, [&](const reward::CallRecord& call) {
            out.insert(call.call_id);
            return true;
        });
        BOOST_REQUIRE(done.HasValue());
        return out;
    }
};

std::string Row(int number)
{
    return "c" + std::to_string(number) + ",18009359935,442079460000," +
           std::to_string(1'795'285'805 + number) + ",61\n";
}

BOOST_FIXTURE_TEST_SUITE(call_folder, Fixture)

BOOST_AUTO_TEST_CASE(grows_rotates_and_is_emptied)
{
    auto import = Import();
    Write("Master.csv", Row(1) + Row(2).substr(0, 9));
    const auto first = import.Read(0);
    BOOST_REQUIRE(first.HasValue());
    BOOST_TEST(first->files == 1U);
    BOOST_TEST(first->added == 1U);
    // What was written between the last look and the rotation is taken, and nothing is read again.
    Write("Master.csv", Row(2).substr(9));
    std::filesystem::rename(folder / "Master.csv", folder / "Master.csv.1");
    Write("Master.csv", Row(3));
    Write("Master.csv.0.gz", "\x1F\x8B...\n");
    Write(".hidden", Row(9));
    const auto second = import.Read(1);
    BOOST_TEST(second->added == 2U);
    BOOST_TEST(second->known == 0U);
    BOOST_TEST(second->bytes == Row(2).size() + Row(3).size());
    BOOST_TEST(import.Read(2)->bytes == 0U);
    // Copied and emptied, then longer than before.
    std::filesystem::copy(folder / "Master.csv", folder / "Master.csv.2");
    Write("Master.csv", Row(4) + Row(5), false);
    const auto third = import.Read(3);
    BOOST_TEST(third->added == 2U);
    BOOST_TEST(third->known == 1U);
    BOOST_TEST(third->problem_count == 0U);
    BOOST_TEST(Stored().size() == 5U);
}

/// Another process goes on where this one stopped, and reads nothing of a file twice.
BOOST_AUTO_TEST_CASE(goes_on_after_a_restart)
{
    Write("a.csv", Row(1) + Row(2));
    BOOST_TEST(Import().Read(0)->added == 2U);
    Open();
    auto next = Import();
    BOOST_TEST(next.Read(0)->bytes == 0U);
    Write("a.csv", Row(3));
    BOOST_TEST(next.Read(1)->bytes == Row(3).size());
    std::filesystem::remove(folder / "a.csv");
    BOOST_TEST(next.Read(2)->files == 0U);
    Write("b.csv", Row(1));
    BOOST_TEST(next.Read(3)->known == 1U);
}

BOOST_AUTO_TEST_CASE(problems_name_file_line_and_reason)
{
    auto import = Import();
    Write("a.csv", Row(1) + "c2,anonymous,442079460000,1795285805,61\n" + Row(3).substr(0, 20));
    Write("utf16.csv", std::string("\xFF\xFE"
                                   "c\0\n\0",
                                   6));
    const auto news = import.Read(0);
    BOOST_TEST(news->problem_count == 2U);
    BOOST_TEST(news->problems[0].file == "a.csv");
    BOOST_TEST(news->problems[0].line == 2U);
    BOOST_TEST(news->problems[0].reason.find("anonymous") != std::string::npos);
    BOOST_TEST(news->problems[1].reason.find("UTF-16") != std::string::npos);
    BOOST_TEST(import.Read(1)->problem_count == 0U);
    const auto late = import.Read(LATER_US);
    BOOST_REQUIRE(late->problem_count == 1U);
    BOOST_TEST(late->problems[0].line == 3U);
    BOOST_TEST(import.Read(LATER_US + 1)->problem_count == 0U);
    Write("a.csv", Row(3).substr(20)); // the rest came after all
    BOOST_TEST(import.Read(LATER_US + 2)->added == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_goes_and_comes_back)
{
    auto import = Import();
    Write("a.csv", Row(1));
    BOOST_TEST(import.Read(0)->added == 1U);
    std::filesystem::rename(folder, folder.string() + ".away");
    BOOST_TEST(!import.Read(1).HasValue());
    std::filesystem::rename(folder.string() + ".away", folder);
    BOOST_TEST(import.Read(2)->bytes == 0U);
}

/// Rows of one call in two files, the later one read first.
BOOST_AUTO_TEST_CASE(calls_that_wait_across_files)
{
    watch = *ParseFolderWatch("kamailio-csv:" + folder.string());
    const std::string heading = "method,callid,sip_code,time,src_user,dst_user\n";
    Write("acc.csv", heading + "INVITE,k,200,1795285805,18009359935,442079460000\n");
    BOOST_TEST(Import().Read(0)->added == 0U);
    Open();
    Write("acc2.csv", heading + "BYE,k,200,1795285866,18009359935,442079460000\n"
                                "BYE,early,200,1795285866,18009359935,442079460000\n");
    auto import = Import();
    const auto second = import.Read(0);
    BOOST_TEST(second->added == 1U);
    BOOST_TEST(second->problem_count == 1U); // an end whose answer is not known yet
    Write("acc2.csv", "INVITE,early,200,1795285800,18009359935,442079460000\n");
    BOOST_TEST(import.Read(1)->added == 1U);
    BOOST_TEST(store->ByCallId("early")->at(0).answer == 1'795'285'800'000U);
}

/// Rows are written, files are rotated and emptied, and the process ends between reading and writing or goes
/// on; in the end each row was taken exactly once.
BOOST_AUTO_TEST_CASE(against_a_plain_list)
{
    std::mt19937 rng(7);
    const auto below = [&rng](unsigned n) { return rng() % n; };
    std::multiset<std::string> written;
    std::string rest; // of a row that is half written
    int next = 0;
    int files_made = 0;
    size_t stopped = 0;
    auto import = std::make_unique<FolderImport>(Import());
    for (int step = 0; step < 3'000; ++step) {
        switch (below(8)) {
        case 0: // rotation, in the middle of a row or not: the server goes on in the old file for that row
            if (!rest.empty() || !std::filesystem::exists(folder / "Master.csv")) break;
            std::filesystem::rename(folder / "Master.csv",
                                    folder / ("Master.csv." + std::to_string(++files_made)));
            break;
        case 1: // an old file goes, once it was read
            BOOST_REQUIRE(import->Read(step).HasValue());
            std::filesystem::remove(folder / ("Master.csv." + std::to_string(below(20) + 1)));
            break;
        case 2: { // the process ends at any point of its work
            int parts = static_cast<int>(below(3));
            FolderImport broken(*store, watch, [&parts] { return parts-- <= 0; });
            BOOST_REQUIRE(broken.Read(step).HasValue());
            ++stopped;
            Open();
            import = std::make_unique<FolderImport>(Import());
            break;
        }
        case 3:
            BOOST_REQUIRE(import->Read(step).HasValue());
            break;
        default: {
            const std::string row = rest.empty() ? Row(next) : rest;
            if (rest.empty()) written.insert("c" + std::to_string(next++));
            const size_t now = below(3) == 0 ? below(static_cast<unsigned>(row.size())) : row.size();
            rest = row.substr(now);
            Write("Master.csv", row.substr(0, now));
        }
        }
    }
    Write("Master.csv", rest);
    const auto last = import->Read(0);
    BOOST_REQUIRE(last.HasValue());
    BOOST_TEST(last->problem_count == 0U);
    BOOST_TEST((Stored() == written));
    BOOST_TEST(stopped > 100U);
}

BOOST_AUTO_TEST_CASE(watches)
{
    BOOST_TEST(ParseFolderWatch("kamailio-csv:/a:b/")->folder == "/a:b");
    for (const char* const text : {"", "csv", "csv:", "cisco:/a", "csv,x=1:/a", ":/a"})
        BOOST_TEST(!ParseFolderWatch(text).HasValue(), text);
}

/// The thread: told by the kernel or looking by itself, and what it keeps.
BOOST_AUTO_TEST_CASE(a_thread_that_looks_and_forgets)
{
    base::Clock clock;
    base::Logger log;
    int row = 0;
    for (const bool poll : {false, true}) {
        clock.SetMockTime(1'795'285'805 + 86'400);
        Clerk clerk({.watches = {watch}, .keep_days = 0, .poll = poll}, {*store, clock, log});
        clerk.Start();
        Write("c.csv", Row(row) + "x\n");
        ++row;
        const int64_t end = base::SteadyMicros() + 20'000'000;
        while (clerk.Sources()[0].added == 0 && base::SteadyMicros() < end)
            usleep(10'000);
        BOOST_TEST(clerk.Sources()[0].added == 1U);
        BOOST_TEST(clerk.Sources()[0].problems.back().reason != "");
    }
    clock.SetMockTime(1'795'285'805 + 40 * 86'400);
    Clerk keeper({.watches = {}, .keep_days = 30, .poll = true}, {*store, clock, log});
    keeper.Start();
    const int64_t end = base::SteadyMicros() + 20'000'000;
    while (!Stored().empty() && base::SteadyMicros() < end)
        usleep(10'000);
    BOOST_TEST(Stored().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
