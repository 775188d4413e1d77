#include "crypto/random.h"
#include "storage/kv_store.h"
#include "storage/level_log.h"
#include "storage/memory_files.h"
#include "storage/schema.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace emc::test {
namespace {

using base::AsBytes;
using storage::Durability;
using storage::KvBatch;
using storage::KvStore;
using storage::MemoryFiles;
using storage::StorageError;

using Content = std::map<std::string, std::string>;

Content ReadAll(const KvStore& store)
{
    Content out;
    auto it = store.Iterate({});
    for (; it.Valid(); it.Next())
        out[base::ToText(it.Key())] = base::ToText(it.Value());
    BOOST_TEST(it.Status().HasValue());
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(synced_batches_survive_whole)
{
    crypto::TestRandom random(11);
    KvStore::Options options;
    const auto rounds = static_cast<int>(NumberFromEnvironment("EMC_FAULT_ROUNDS", 300));
    for (int round = 0; round < rounds; ++round) {
        // Every third round's batches span several of LevelDB's log blocks (32 KiB).
        const uint64_t most = round % 3 == 2 ? 5'000 : 300;
        MemoryFiles files;
        options.files = &files;
        options.write_buffer_bytes = 70'000; // so that tables are written too
        files.CutPowerAtSync(2 + random.Below(60));
        std::vector<Content> states{{}};
        size_t durable = 0; // index of the last state a write confirmed
        if (auto store = KvStore::Open("/db", options)) {
            for (int i = 0; i < 80; ++i) {
                Content next = states.back();
                KvBatch batch;
                for (uint64_t n = 1 + random.Below(20); n > 0; --n) {
                    const std::string key = "k" + std::to_string(random.Below(300));
                    if (random.Below(4) == 0) {
                        next.erase(key);
                        batch.Delete(AsBytes(key));
                    } else {
                        next[key] = std::string(static_cast<size_t>(random.Below(most)),
                                                static_cast<char>('a' + i % 26));
                        batch.Put(AsBytes(key), AsBytes(next[key]));
                    }
                }
                states.push_back(next);
                if (!(*store)->Write(batch, Durability::Synced)) break;
                durable = states.size() - 1;
            }
        }
        using Survivors = MemoryFiles::Survivors;
        const bool none = round % 2 == 1;
        files.Restart(none ? nullptr : &random, round % 4 == 0 ? Survivors::First : Survivors::Any);
        const auto store = KvStore::Open("/db", options);
        BOOST_REQUIRE_MESSAGE(store, (store ? "" : storage::Describe(store.Error())));
        const Content now = ReadAll(**store);
        bool known = false;
        for (size_t i = durable; i < states.size(); ++i)
            known = known || states[i] == now;
        BOOST_TEST(known);
    }
}

BOOST_AUTO_TEST_CASE(damage_in_a_log_is_told_from_a_lost_write)
{
    MemoryFiles files;
    KvStore::Options options;
    options.files = &files;
    std::vector<uint64_t> ends;
    const auto log_of = [&files] {
        std::string out;
        const auto names = files.List("/db");
        for (const auto& name : *names) {
            if (name.ends_with(".log")) out = "/db/" + name;
        }
        return out;
    };
    {
        auto store = KvStore::Open("/db", options);
        BOOST_REQUIRE(store);
        for (const char* key : {"first", "second", "third"}) {
            BOOST_REQUIRE((*store)->Put(AsBytes(key), base::Bytes(50'000, 7), Durability::Synced));
            ends.push_back(storage::ReadWholeFile(files, log_of())->size());
        }
    }
    const auto log = log_of();
    const auto whole = *storage::ReadWholeFile(files, log);
    BOOST_REQUIRE(!storage::UnfinishedTail(whole));

    // A bit in the second of three: damage, which stays as it is.
    BOOST_REQUIRE(files.Damage(log, ends[0] + 300, 1));
    const auto damaged = *storage::ReadWholeFile(files, log);
    BOOST_TEST(!storage::UnfinishedTail(damaged));
    const auto refused = KvStore::Open("/db", options);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.Error().code == StorageError::Corrupt));
    BOOST_TEST((*storage::ReadWholeFile(files, log) == damaged));
    BOOST_REQUIRE(files.Damage(log, ends[0] + 300, 1));

    // Parts of the third only: the write that was under way.
    for (uint64_t from = ends[1]; from < ends[2]; from += 4'096) {
        auto part = whole;
        const auto begin = part.begin() + static_cast<std::ptrdiff_t>(from);
        std::fill_n(begin, std::min<uint64_t>(4'096, ends[2] - from), uint8_t{0});
        BOOST_TEST(storage::UnfinishedTail(part).value_or(0) == ends[1]);
    }
    // A bit in the third: damage again.
    BOOST_REQUIRE(files.Damage(log, ends[2] - 300, 1));
    BOOST_TEST(!storage::UnfinishedTail(*storage::ReadWholeFile(files, log)));
    BOOST_TEST(!KvStore::Open("/db", options).HasValue());
    {
        auto file = files.Open(log, storage::OpenMode::Write);
        BOOST_REQUIRE(file);
        BOOST_REQUIRE((*file)->Write(ends[2] - 2'000, base::Bytes(1'500, 0)));
    }
    const auto store = KvStore::Open("/db", options);
    BOOST_REQUIRE(store);
    BOOST_TEST((*store)->Get(AsBytes("second")).HasValue());
    BOOST_TEST(((*store)->Get(AsBytes("third")).Error().code == StorageError::NotFound));
}

BOOST_AUTO_TEST_CASE(power_cut_at_the_first_batch_of_a_new_store)
{
    crypto::TestRandom random(12);
    const storage::ExpectedVersion version{1, 0x01020304, "start with -reindex"};
    for (int round = 0; round < 200; ++round) {
        MemoryFiles files;
        KvStore::Options options;
        options.files = &files;
        auto store = KvStore::Open("/db", options);
        BOOST_REQUIRE(store);
        BOOST_REQUIRE(storage::CheckVersion(**store, version));
        files.CutPowerAtSync(1);
        BOOST_TEST(!(*store)->Put(AsBytes("k"), base::Bytes(70'000, 7), Durability::Synced).HasValue());
        store->reset();
        files.Restart(&random, MemoryFiles::Survivors::Any);
        const auto again = KvStore::Open("/db", options);
        BOOST_REQUIRE_MESSAGE(again, (again ? "" : storage::Describe(again.Error())));
        BOOST_REQUIRE(storage::CheckVersion(**again, version));
    }
}

BOOST_AUTO_TEST_CASE(lost_write_on_real_files)
{
    const TempDir dir;
    const std::string path = dir.File("db");
    auto& files = storage::SystemFiles();
    {
        auto store = KvStore::Open(path, {});
        BOOST_REQUIRE(store);
        for (const char* key : {"first", "second"})
            BOOST_REQUIRE((*store)->Put(AsBytes(key), base::Bytes(80'000, 7), Durability::Synced));
    }
    const auto names = files.List(path);
    BOOST_REQUIRE(names);
    const auto log =
        std::find_if(names->begin(), names->end(), [](const auto& name) { return name.ends_with(".log"); });
    BOOST_REQUIRE(log != names->end());
    {
        auto file = files.Open(path + "/" + *log, storage::OpenMode::Write);
        BOOST_REQUIRE(file);
        BOOST_REQUIRE((*file)->Write(98'304, base::Bytes(32'768, 0))); // a page in the second record
    }
    const auto store = KvStore::Open(path, {});
    BOOST_REQUIRE_MESSAGE(store, (store ? "" : storage::Describe(store.Error())));
    BOOST_TEST((*store)->Get(AsBytes("first")).HasValue());
    BOOST_TEST(((*store)->Get(AsBytes("second")).Error().code == StorageError::NotFound));
}

BOOST_AUTO_TEST_CASE(full_disk_is_told_from_other_errors)
{
    MemoryFiles files;
    KvStore::Options options;
    options.files = &files;
    auto store = KvStore::Open("/db", options);
    BOOST_REQUIRE(store);
    files.SetQuota(files.UsedBytes() + 50'000);
    bool full = false;
    for (int i = 0; i < 100 && !full; ++i) {
        const std::string key = "k" + std::to_string(i);
        const auto done = (*store)->Put(AsBytes(key), base::Bytes(2'000, 1), Durability::Synced);
        if (done) continue;
        full = true;
        BOOST_TEST((done.Error().code == StorageError::DiskFull));
    }
    BOOST_TEST(full);
    store->reset();
    files.SetQuota(0);
    const auto again = KvStore::Open("/db", options);
    BOOST_REQUIRE(again);
    BOOST_TEST((*again)->Get(AsBytes("k3")).HasValue());
}

BOOST_AUTO_TEST_CASE(memory_files_forget_what_was_not_synced)
{
    MemoryFiles files;
    BOOST_REQUIRE(files.MakeDirectories("/d/e"));
    auto file = files.Open("/d/e/f", storage::OpenMode::Write);
    BOOST_REQUIRE(file);
    BOOST_REQUIRE((*file)->Write(0, AsBytes("first")));
    BOOST_REQUIRE((*file)->Sync());
    BOOST_REQUIRE((*file)->Write(5, AsBytes("second")));
    files.CutPowerAtSync(1);
    BOOST_TEST(!(*file)->Sync().HasValue());
    BOOST_TEST(files.PowerIsCut());
    BOOST_TEST(!(*file)->Write(0, AsBytes("x")).HasValue());
    files.Restart();
    BOOST_TEST(base::ToText(*storage::ReadWholeFile(files, "/d/e/f")) == "first");
    BOOST_TEST(files.UsedBytes() == 5U);
    files.SetQuota(8);
    BOOST_TEST((*file)->Write(5, AsBytes("abc")).HasValue());
    const auto refused = (*file)->Write(8, AsBytes("d"));
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.Error().code == StorageError::DiskFull));
    BOOST_TEST(files.Exists("/d/e"));
    BOOST_TEST(files.List("/d")->size() == 1U);
    BOOST_TEST((files.Open("/none", storage::OpenMode::Read).Error().code == StorageError::NotFound));
    auto lock = files.Lock("/d/lock");
    BOOST_REQUIRE(lock);
    BOOST_TEST((files.Lock("/d/lock").Error().code == StorageError::InUse));
    lock->reset();
    BOOST_TEST(files.Lock("/d/lock").HasValue());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
