// Call records: reading a SIP server's file into the store, a batch's tree with its root, and the proof of
// one call, each beside what it cannot be faster than, measured in the same run. Usage: bench_calls [calls]
#include "base/log.h"
#include "bench/timing.h"
#include "calls/batch_parts.h"
#include "calls/batch_store.h"
#include "calls/import.h"
#include "codec/writer.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "reward/call_tree.h"
#include "storage/kv_store.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

using namespace emc;
using bench::Stopwatch;
using bench::Times;

constexpr int ROUNDS = 5;
constexpr size_t PROOFS = 1'000;
constexpr uint64_t CALLER = 18'009'359'935;
constexpr uint64_t CALLEE = 442'079'460'000;

/// As Asterisk writes them.
std::string Rows(size_t count)
{
    std::string out;
    for (size_t i = 0; i < count; ++i) {
        const auto sec = static_cast<unsigned>(i);
        out += base::Format(
            "\"\",\"%llu\",\"%llu\",\"out\",\"\"\"A\"\" <%llu>\",\"PJSIP/a-%08x\",\"PJSIP/b-%08x\",\"Dial\","
            "\"PJSIP/b,30\",\"2026-11-%02u %02u:%02u:%02u\",\"2026-11-%02u %02u:%02u:%02u\","
            "\"2026-11-%02u %02u:59:59\",67,62,\"ANSWERED\",\"DOCUMENTATION\",\"1795285800.%zu\","
            "\"%08x-call@pbx.example.net\"\n",
            static_cast<unsigned long long>(CALLER), static_cast<unsigned long long>(CALLEE),
            static_cast<unsigned long long>(CALLER), sec, sec, 1 + sec / 3'600 / 24 % 28, sec / 3'600 % 24,
            sec / 60 % 60, sec % 60, 1 + sec / 3'600 / 24 % 28, sec / 3'600 % 24, sec / 60 % 60, sec % 60,
            1 + sec / 3'600 / 24 % 28, sec / 3'600 % 24, i, sec);
    }
    return out;
}

void Print(const char* what, size_t count, const Times& times)
{
    std::printf("  %-44s %9.0f /s by the clock, %9.0f per CPU second\n", what,
                static_cast<double>(count) / times.wall_sec, static_cast<double>(count) / times.cpu_sec);
}

/// A new store on disk, and the file read into it; false when a call is missing.
bool Import(const std::filesystem::path& folder, size_t count)
{
    crypto::SystemRandom random;
    std::filesystem::remove_all(folder / "calls");
    auto store = calls::CallStore::Open({(folder / "calls").string(), 1, nullptr}, random);
    if (!store) return false;
    calls::ImportJob job;
    job.file = (folder / "Master.csv").string();
    const Stopwatch watch;
    const auto done = calls::ImportFile(**store, job);
    if (!done || done->added != count) return false;
    Print("import into the store, on disk", count, watch.Read());
    return true;
}

/// What an import cannot do without: the file's bytes read and made records of.
bool Parse(const std::string& text, size_t count)
{
    calls::CdrState state;
    const Stopwatch watch;
    const auto parsed = calls::ParseCdrs(text, {}, state, true);
    Print("  of it reading the text alone", count, watch.Read());
    return parsed.calls.size() == count;
}

std::vector<reward::CallRecord> Records(const std::string& text)
{
    calls::CdrState state;
    auto parsed = calls::ParseCdrs(text, {}, state, true);
    crypto::TestRandom random(1);
    for (auto& call : parsed.calls)
        random.Fill(call.salt);
    return std::move(parsed.calls);
}

/// Leaves and root; beside them as many bare hashes as the tree has.
bool Tree(const std::vector<reward::CallRecord>& records)
{
    const Stopwatch watch;
    const auto tree = reward::MakeCallTree(records);
    const Times times = watch.Read();
    if (!tree) return false;
    std::vector<base::Bytes> encoded;
    for (const auto& record : records)
        encoded.push_back(reward::EncodeCallRecord(record));
    const Stopwatch bare;
    for (const auto& leaf : encoded)
        static_cast<void>(reward::CallLeaf(leaf));
    base::Hash256 node = tree->root;
    for (size_t i = 1; i < records.size(); ++i)
        node = reward::CallNode(node, tree->root);
    const Times ceiling = bare.Read();
    std::printf(
        "  batch of %zu with its root: %.3f s, CPU %.3f s; its hashes alone %.3f s, CPU %.3f s (aim 0.5 s)\n",
        records.size(), times.wall_sec, times.cpu_sec, ceiling.wall_sec, ceiling.cpu_sec);

    return true;
}

/// Proofs of single calls out of a batch on disk. Beside them the hashes of one proof's check, and what a
/// proof costs that is made of all leaves.
bool Proofs(const std::filesystem::path& folder, std::vector<reward::CallRecord> records)
{
    reward::BatchFile file;
    file.batch.pair = {{CALLER, 0}, {CALLEE, 0}};
    file.records = std::move(records);
    if (!reward::SetTotals(file)) return false;
    std::filesystem::remove_all(folder / "batches");
    auto rows = storage::KvStore::Open((folder / "batches").string(), {});
    if (!rows) return false;
    calls::BatchStore store(**rows);
    calls::BatchRow row;
    row.batch = file.batch;
    const base::Hash256 id;
    const Stopwatch adding;
    if (!store.Add(id, row, file).ValueOr(false)) return false;
    const Times added = adding.Read();
    const Stopwatch proving;
    size_t bytes = 0;
    const size_t step = file.records.size() / PROOFS;
    for (size_t i = 0; i < PROOFS; ++i) {
        const auto calls = store.Calls(id, file.records[i * step].call_id);
        if (!calls || calls->size() != 1) return false;
        bytes += (*calls)[0].proof.path.size() * sizeof(base::Hash256);
    }
    const Times proofs = proving.Read();
    const auto leaves = reward::MakeCallTree(file.records)->leaves;
    const Stopwatch whole;
    const auto path = reward::TreePath(leaves, 0);
    const Times out_of_all = whole.Read();
    const Stopwatch checking;
    base::Hash256 node = leaves[0];
    for (int i = 0; i < 1'000; ++i) {
        for (const auto& sibling : path)
            node = reward::CallNode(node, sibling);
    }
    const Times checks = checking.Read();
    std::printf("  batch onto the disk, with what its proofs need: %.3f s, CPU %.3f s\n", added.wall_sec,
                added.cpu_sec);
    std::printf(
        "  proof of one out of it: %.3f ms, CPU %.3f ms, %zu bytes (aim 5 ms); its path hashed once %.4f ms; "
        "out of all leaves CPU %.3f ms\n",
        1e3 * proofs.wall_sec / PROOFS, 1e3 * proofs.cpu_sec / PROOFS, bytes / PROOFS, checks.cpu_sec,
        1e3 * out_of_all.cpu_sec);
    return true;
}

} // namespace

int main(int argc, char* argv[])
{
    const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
    const auto folder =
        std::filesystem::temp_directory_path() / ("emc_bench_" + std::to_string(base::SteadyMicros()));
    std::filesystem::create_directories(folder);
    const std::string text = Rows(count);
    std::ofstream(folder / "Master.csv") << text;
    std::printf("%zu calls, %zu bytes of Asterisk's Master.csv\n", count, text.size());
    bool good = true;
    for (int round = 0; round < ROUNDS && good; ++round)
        good = Import(folder, count) && Parse(text, count) && Tree(Records(text)) &&
               Proofs(folder, Records(text));
    std::filesystem::remove_all(folder);
    if (!good) std::fprintf(stderr, "a step failed\n");
    return good ? 0 : 1;
}
