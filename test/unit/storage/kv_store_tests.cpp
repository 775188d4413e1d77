#include "storage/kv_store.h"
#include "storage/memory_files.h"
#include "storage/schema.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using base::AsBytes;
using storage::Durability;
using storage::KvBatch;
using storage::KvStore;
using storage::StorageError;

std::string Text(const storage::StorageResult<base::Bytes>& result)
{
    return result ? base::ToText(*result) : std::string(storage::Text(result.Error().code));
}

std::unique_ptr<KvStore> MustOpen(const std::string& directory, storage::FileSystem* files = nullptr)
{
    KvStore::Options options;
    options.files = files;
    auto store = KvStore::Open(directory, options);
    BOOST_REQUIRE_MESSAGE(store, (store ? "" : storage::Describe(store.Error())));
    return std::move(*store);
}

/// The files of a process that is killed at its n-th removal.
class KilledFiles final : public storage::FileSystem
{
public:
    KilledFiles(storage::MemoryFiles& files, int removals) : m_files(files), m_left(removals) {}

    [[nodiscard]] bool Killed() const { return m_left < 0; }

    storage::StorageResult<std::unique_ptr<storage::File>> Open(const std::string& path,
                                                                storage::OpenMode mode) override
    {
        if (Killed()) return Gone();
        return m_files.Open(path, mode);
    }

    bool Exists(const std::string& path) override { return m_files.Exists(path); }

    storage::StorageResult<std::vector<std::string>> List(const std::string& directory) override
    {
        return m_files.List(directory);
    }

    storage::StorageResult<void> Remove(const std::string& path) override
    {
        if (--m_left < 0) return Gone();
        return m_files.Remove(path);
    }

    storage::StorageResult<void> RemoveDirectory(const std::string& path) override
    {
        if (--m_left < 0) return Gone();
        return m_files.RemoveDirectory(path);
    }

    storage::StorageResult<void> Rename(const std::string& from, const std::string& to) override
    {
        if (Killed()) return Gone();
        return m_files.Rename(from, to);
    }

    storage::StorageResult<void> MakeDirectories(const std::string& path) override
    {
        if (Killed()) return Gone();
        return m_files.MakeDirectories(path);
    }

    storage::StorageResult<void> SyncDirectory(const std::string& path) override
    {
        if (Killed()) return Gone();
        return m_files.SyncDirectory(path);
    }

    storage::StorageResult<std::unique_ptr<storage::FileLock>> Lock(const std::string& path) override
    {
        return m_files.Lock(path);
    }

private:
    static base::Unexpected<storage::StorageFailure> Gone()
    {
        return base::Unexpected(storage::StorageFailure{StorageError::Io, "killed"});
    }

    storage::MemoryFiles& m_files;
    int m_left;
};

} // namespace

BOOST_AUTO_TEST_SUITE(kv_store)

BOOST_AUTO_TEST_CASE(put_get_delete_and_reopen)
{
    const TempDir dir;
    {
        const auto store = MustOpen(dir.File("db"));
        KvBatch batch;
        batch.Put(AsBytes("a1"), AsBytes("one"));
        batch.Put(AsBytes("a2"), AsBytes("two"));
        batch.Put(AsBytes("b"), AsBytes("three"));
        batch.Delete(AsBytes("a1"));
        BOOST_TEST(batch.Count() == 4U);
        BOOST_TEST(batch.Bytes() > 10U);
        BOOST_REQUIRE(store->Write(batch, Durability::Synced));
        BOOST_TEST(Text(store->Get(AsBytes("a1"))) == "not found");
        BOOST_TEST(Text(store->Get(AsBytes("a2"))) == "two");
        batch.Clear();
        BOOST_TEST(batch.Count() == 0U);
    }
    const auto store = MustOpen(dir.File("db"));
    BOOST_TEST(Text(store->Get(AsBytes("b"))) == "three");
    BOOST_TEST(store->Directory() == dir.File("db"));
}

BOOST_AUTO_TEST_CASE(walks_a_prefix_in_order)
{
    storage::MemoryFiles files;
    const auto store = MustOpen("/db", &files);
    for (const char* key : {"a", "p", "p1", "p3", "p2", "q"}) {
        BOOST_REQUIRE(store->Put(AsBytes(key), AsBytes(key), Durability::Relaxed));
    }
    std::string seen;
    auto it = store->Iterate(AsBytes("p"));
    for (; it.Valid(); it.Next())
        seen += base::ToText(it.Key()) + " ";
    BOOST_TEST(seen == "p p1 p2 p3 ");
    BOOST_TEST(it.Status().HasValue());
    it.Seek(AsBytes("p2"));
    BOOST_REQUIRE(it.Valid());
    BOOST_TEST(base::ToText(it.Value()) == "p2");
    it.SeekToLast();
    BOOST_REQUIRE(it.Valid());
    BOOST_TEST(base::ToText(it.Key()) == "p3");
    auto last = store->Iterate(AsBytes("q"));
    last.SeekToLast();
    BOOST_REQUIRE(last.Valid());
    BOOST_TEST(base::ToText(last.Key()) == "q");
    auto none = store->Iterate(AsBytes("x"));
    BOOST_TEST(!none.Valid());
    none.SeekToLast();
    BOOST_TEST(!none.Valid());
    auto all = store->Iterate({});
    all.SeekToLast();
    BOOST_REQUIRE(all.Valid());
    BOOST_TEST(base::ToText(all.Key()) == "q");
}

BOOST_AUTO_TEST_CASE(snapshot_does_not_move)
{
    storage::MemoryFiles files;
    const auto store = MustOpen("/db", &files);
    BOOST_REQUIRE(store->Put(AsBytes("k"), AsBytes("old"), Durability::Relaxed));
    const auto snapshot = store->Snapshot();
    BOOST_REQUIRE(store->Put(AsBytes("k"), AsBytes("new"), Durability::Relaxed));
    BOOST_REQUIRE(store->Put(AsBytes("k2"), AsBytes("x"), Durability::Relaxed));
    BOOST_TEST(Text(store->Get(AsBytes("k"), snapshot.get())) == "old");
    BOOST_TEST(Text(store->Get(AsBytes("k"))) == "new");
    size_t count = 0;
    for (auto it = store->Iterate({}, snapshot.get()); it.Valid(); it.Next())
        ++count;
    BOOST_TEST(count == 1U);
}

BOOST_AUTO_TEST_CASE(a_store_is_opened_once)
{
    const TempDir dir;
    const auto store = MustOpen(dir.File("db"));
    const auto again = KvStore::Open(dir.File("db"), {});
    BOOST_REQUIRE(!again);
    BOOST_TEST((again.Error().code == StorageError::InUse));
    BOOST_TEST(again.Error().detail.find(dir.File("db")) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(damage_is_reported_and_the_files_stay)
{
    storage::MemoryFiles files;
    {
        const auto store = MustOpen("/db", &files);
        for (int i = 0; i < 2'000; ++i) {
            const std::string key = "key" + std::to_string(i);
            BOOST_REQUIRE(store->Put(AsBytes(key), base::Bytes(100, 7), Durability::Relaxed));
        }
    }
    {
        const auto store = MustOpen("/db", &files);
    } // the log becomes a table
    const auto names = files.List("/db");
    BOOST_REQUIRE(names);
    bool found = false;
    for (const auto& name : *names) {
        if (!name.ends_with(".ldb")) continue;
        found = true;
        const std::string path = "/db/" + name;
        BOOST_REQUIRE(files.Damage(path, 5'000, 0x10));
        const auto before = storage::ReadWholeFile(files, path);
        const auto store = MustOpen("/db", &files);
        auto it = store->Iterate({});
        while (it.Valid())
            it.Next();
        const auto status = it.Status();
        BOOST_REQUIRE(!status);
        BOOST_TEST((status.Error().code == StorageError::Corrupt));
        BOOST_TEST(status.Error().detail.find("/db") != std::string::npos);
        BOOST_TEST((*storage::ReadWholeFile(files, path) == *before));
    }
    BOOST_TEST(found);
    // A damaged manifest: not opened at all.
    const auto later = files.List("/db");
    BOOST_REQUIRE(later);
    for (const auto& name : *later) {
        if (name.starts_with("MANIFEST")) BOOST_REQUIRE(files.Damage("/db/" + name, 12, 0xff));
    }
    KvStore::Options options;
    options.files = &files;
    const auto refused = KvStore::Open("/db", options);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.Error().code == StorageError::Corrupt));
}

BOOST_AUTO_TEST_CASE(versions)
{
    storage::MemoryFiles files;
    const auto store = MustOpen("/db", &files);
    const auto check = [&](uint32_t version, uint32_t magic) -> std::optional<StorageError> {
        const auto done = storage::CheckVersion(*store, {version, magic, "start with -reindex"});
        if (done) return std::nullopt;
        BOOST_TEST(done.Error().detail.find("/db") != std::string::npos);
        return done.Error().code;
    };
    BOOST_TEST(!check(2, 1)); // empty: written
    BOOST_TEST(!check(2, 1));
    BOOST_TEST((check(1, 1) == StorageError::NewerVersion));
    BOOST_TEST((check(3, 1) == StorageError::Corrupt));
    BOOST_TEST((check(2, 7) == StorageError::WrongNetwork));
    BOOST_REQUIRE(store->Put(storage::VersionKey(), AsBytes("?"), Durability::Relaxed));
    BOOST_TEST((check(2, 1) == StorageError::Corrupt));
    KvBatch batch;
    batch.Delete(storage::VersionKey());
    batch.Put(AsBytes("Z"), AsBytes("data"));
    BOOST_REQUIRE(store->Write(batch, Durability::Relaxed));
    BOOST_TEST((check(2, 1) == StorageError::Corrupt));
}

BOOST_AUTO_TEST_CASE(destroy_removes_everything)
{
    storage::MemoryFiles files;
    KvStore::Options options;
    options.files = &files;
    {
        const auto store = MustOpen("/db", &files);
        BOOST_REQUIRE(store->Put(AsBytes("k"), AsBytes("v"), Durability::Synced));
    }
    BOOST_REQUIRE(KvStore::Destroy("/db", options));
    BOOST_REQUIRE(KvStore::Destroy("/other", options)); // never was
    const auto store = MustOpen("/db", &files);
    BOOST_TEST(Text(store->Get(AsBytes("k"))) == "not found");
}

BOOST_AUTO_TEST_CASE(killed_while_destroying)
{
    bool killed = true;
    for (int removals = 0; killed; ++removals) {
        storage::MemoryFiles files;
        for (int opened = 0; opened < 3; ++opened) { // tables, logs and a manifest of some age
            const auto store = MustOpen("/dir/db", &files);
            BOOST_REQUIRE(store->Put(AsBytes("k"), AsBytes("v"), Durability::Synced));
        }
        KilledFiles dying(files, removals);
        KvStore::Options options;
        options.files = &dying;
        const auto done = KvStore::Destroy("/dir/db", options);
        killed = dying.Killed();
        BOOST_TEST_CONTEXT("killed at removal " << removals)
        {
            BOOST_TEST((done || killed));
            const auto store = MustOpen("/dir/db", &files);
            BOOST_TEST(Text(store->Get(AsBytes("k"))) == "not found");
        }
        const auto left = files.List("/dir");
        BOOST_TEST((left && *left == std::vector<std::string>{"db"}));
        BOOST_REQUIRE(removals < 1'000);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
