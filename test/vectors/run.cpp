// Runs published test vectors: run [--all] [--only=PATTERN] FOLDER. One line per file, failures below it, the
// sum last. Exit code: 0 everything passed, 1 a case failed, 2 wrong use, 77 no folder (skipped).
#include "vectors/registry.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace emc::vectors {
namespace {

namespace fs = std::filesystem;

constexpr int EXIT_SKIPPED = 77;
constexpr size_t FAILURES_SHOWN = 20;
constexpr size_t REASON_CHARACTERS = 400;

struct Options {
    std::string folder;
    std::string only;
    bool all_failures = false;
};

struct Sums {
    size_t passed = 0;
    size_t failed = 0;
    size_t skipped = 0;
};

std::vector<std::string> FilesBelow(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).generic_string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<VectorFile> Load(const std::string& folder, const std::string& name)
{
    std::ifstream in(folder + "/" + name, std::ios::binary);
    if (!in) return std::nullopt;
    VectorFile file;
    file.name = name;
    std::ostringstream content;
    content << in.rdbuf();
    if (in.bad()) return std::nullopt;
    const std::string text = std::move(content).str();
    file.bytes.assign(text.begin(), text.end());
    if (name.ends_with(".json")) {
        auto parsed = codec::ParseJson(file.Text());
        if (parsed) file.json = std::move(*parsed);
    }
    return file;
}

void PrintFailures(const Report& report, bool all)
{
    size_t shown = 0;
    for (const auto& failure : report.Failures()) {
        if (!all && shown == FAILURES_SHOWN) {
            std::printf("  ... %zu more (--all shows them)\n", report.Failures().size() - shown);
            break;
        }
        const std::string why = all ? failure.why : failure.why.substr(0, REASON_CHARACTERS);
        std::printf("  FAILED %s: %s\n", failure.id.c_str(), why.c_str());
        ++shown;
    }
}

void RunFile(const Options& options, const std::string& name, const std::vector<Entry>& entries, Sums& sums)
{
    if (name == "README.md" || name.ends_with("/README.md")) return;
    std::vector<Handler> handlers;
    std::string_view reason;
    for (const Entry& entry : entries) {
        if (!Matches(entry.pattern, name)) continue;
        if (entry.handler != nullptr) {
            handlers.push_back(entry.handler);
        } else if (reason.empty()) {
            reason = entry.reason;
        }
    }
    if (handlers.empty()) {
        if (reason.empty()) reason = "not run yet: no handler knows this file";
        std::printf("%s: %.*s\n", name.c_str(), static_cast<int>(reason.size()), reason.data());
        ++sums.skipped;
        return;
    }
    Report report;
    const auto file = Load(options.folder, name);
    if (file) {
        for (const Handler handler : handlers)
            handler(*file, report);
    } else {
        report.Fail("file", "cannot be read");
    }
    if (report.Total() == 0 && report.Skipped().empty()) report.Fail("file", "holds no case of a known form");
    std::printf("%s: %zu/%zu", name.c_str(), report.Passed(), report.Total());
    for (const auto& [why, count] : report.Skipped()) {
        std::printf(" (%zu skipped: %s)", count, why.c_str());
        sums.skipped += count;
    }
    std::printf("\n");
    PrintFailures(report, options.all_failures);
    sums.passed += report.Passed();
    sums.failed += report.Failures().size();
}

int RunAll(const Options& options)
{
    std::error_code error;
    if (!fs::is_directory(options.folder, error)) {
        std::fprintf(stderr, "%s: no such folder\n", options.folder.c_str());
        return 2;
    }
    const auto entries = AllEntries();
    Sums sums;
    for (const std::string& name : FilesBelow(options.folder)) {
        if (!options.only.empty() && !Matches(options.only, name)) continue;
        RunFile(options, name, entries, sums);
        std::fflush(stdout);
    }
    std::printf("%zu passed, %zu failed", sums.passed, sums.failed);
    if (sums.skipped > 0) std::printf(", %zu skipped", sums.skipped);
    std::printf("\n");
    return sums.failed == 0 ? 0 : 1;
}

int Usage(const char* program)
{
    std::fprintf(stderr,
                 "usage: %s [--all] [--only=PATTERN] FOLDER\n"
                 "  --all           print every failure in full, not the first %zu of a file\n"
                 "  --only=PATTERN  run the files whose path below FOLDER matches, e.g. --only=wycheproof/*\n"
                 "Without FOLDER the environment variable EMC_VECTORS names it.\n",
                 program, FAILURES_SHOWN);
    return 2;
}

int Main(const std::vector<std::string_view>& arguments, const char* program)
{
    Options options;
    for (const std::string_view argument : arguments) {
        if (argument == "--all") {
            options.all_failures = true;
        } else if (argument.starts_with("--only=")) {
            options.only = argument.substr(7);
        } else if (argument.starts_with("-") || !options.folder.empty()) {
            return Usage(program);
        } else {
            options.folder = argument;
        }
    }
    if (options.folder.empty()) {
        const char* from_environment =
            std::getenv("EMC_VECTORS"); // NOLINT(concurrency-mt-unsafe): one thread
        if (from_environment != nullptr) options.folder = from_environment;
    }
    if (options.folder.empty()) {
        std::printf("skipped: no folder of test vectors given (argument or EMC_VECTORS)\n0 passed, 0 failed, "
                    "1 skipped\n");
        return EXIT_SKIPPED;
    }
    return RunAll(options);
}

} // namespace
} // namespace emc::vectors

int main(int argc, char* argv[])
{
    return emc::vectors::Main(std::vector<std::string_view>(argv + 1, argv + argc), argv[0]);
}
