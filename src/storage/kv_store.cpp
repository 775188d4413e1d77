#include "storage/kv_store.h"

#include "storage/level_env.h"
#include "storage/level_log.h"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <filesystem>

namespace emc::storage {
namespace {

constexpr int BLOOM_BITS_PER_KEY = 10;
constexpr size_t TABLE_FILE_BYTES = size_t{16} << 20;
constexpr int MAX_OPEN_FILES = 256;
constexpr std::string_view REMOVED_SUFFIX = "_removed";

leveldb::Slice SliceOf(base::ByteSpan in)
{
    if (in.empty()) return {}; // never a null pointer
    return {reinterpret_cast<const char*>(in.data()), in.size()};
}

base::ByteSpan BytesOf(const leveldb::Slice& slice)
{
    return {reinterpret_cast<const uint8_t*>(slice.data()), slice.size()};
}

base::Unexpected<StorageFailure> FromStatus(const leveldb::Status& status, const std::string& directory)
{
    const std::string text = status.ToString();
    StorageError code = StorageError::Io;
    if (status.IsNotFound()) code = StorageError::NotFound;
    if (status.IsCorruption() || status.IsInvalidArgument()) code = StorageError::Corrupt;
    if (text.find("No space left") != std::string::npos) code = StorageError::DiskFull;
    if (code == StorageError::Io && status.IsIOError()) {
        // The path may have "lock" in it, too, as blocks/index has.
        if (text.starts_with("IO error: lock ")) code = StorageError::InUse;
        // A table of no bytes cannot be mapped.
        if (text.ends_with(".ldb: Invalid argument")) code = StorageError::Corrupt;
    }
    return Broken(code, directory + ": " + text);
}

} // namespace

struct KvBatch::Impl {
    leveldb::WriteBatch batch;
};

KvBatch::KvBatch() : m_impl(std::make_unique<Impl>()) {}

KvBatch::~KvBatch() = default;

KvBatch::KvBatch(KvBatch&&) noexcept = default;

KvBatch& KvBatch::operator=(KvBatch&&) noexcept = default;

void KvBatch::Put(base::ByteSpan key, base::ByteSpan value)
{
    m_impl->batch.Put(SliceOf(key), SliceOf(value));
    ++m_count;
}

void KvBatch::Delete(base::ByteSpan key)
{
    m_impl->batch.Delete(SliceOf(key));
    ++m_count;
}

void KvBatch::Clear()
{
    m_impl->batch.Clear();
    m_count = 0;
}

size_t KvBatch::Bytes() const
{
    return m_impl->batch.ApproximateSize();
}

struct KvSnapshot::Impl {
    leveldb::DB* db = nullptr;
    const leveldb::Snapshot* snapshot = nullptr;
};

KvSnapshot::KvSnapshot(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

KvSnapshot::~KvSnapshot()
{
    m_impl->db->ReleaseSnapshot(m_impl->snapshot);
}

struct KvIterator::Impl {
    std::unique_ptr<leveldb::Iterator> it;
    base::Bytes prefix;
    std::string directory;
};

KvIterator::KvIterator(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

KvIterator::KvIterator(KvIterator&&) noexcept = default;

KvIterator& KvIterator::operator=(KvIterator&&) noexcept = default;

KvIterator::~KvIterator() = default;

bool KvIterator::Valid() const
{
    return m_impl->it->Valid() && m_impl->it->key().starts_with(SliceOf(m_impl->prefix));
}

void KvIterator::Next()
{
    m_impl->it->Next();
}

void KvIterator::Prev()
{
    m_impl->it->Prev();
}

void KvIterator::Seek(base::ByteSpan key)
{
    m_impl->it->Seek(SliceOf(key));
}

void KvIterator::SeekToLast()
{
    base::Bytes end = m_impl->prefix;
    while (!end.empty() && end.back() == 0xff)
        end.pop_back();
    if (end.empty()) {
        m_impl->it->SeekToLast();
        return;
    }
    ++end.back();
    m_impl->it->Seek(SliceOf(end));
    if (m_impl->it->Valid()) {
        m_impl->it->Prev();
    } else if (m_impl->it->status().ok()) {
        m_impl->it->SeekToLast();
    }
}

base::ByteSpan KvIterator::Key() const
{
    return BytesOf(m_impl->it->key());
}

base::ByteSpan KvIterator::Value() const
{
    return BytesOf(m_impl->it->value());
}

StorageResult<void> KvIterator::Status() const
{
    const auto status = m_impl->it->status();
    if (status.ok()) return {};
    return FromStatus(status, m_impl->directory);
}

struct KvStore::Impl {
    std::string directory;
    // In this order: the database is closed before what it uses goes.
    std::unique_ptr<leveldb::Env> env;
    std::unique_ptr<leveldb::Logger> logger;
    std::unique_ptr<leveldb::Cache> cache;
    std::unique_ptr<const leveldb::FilterPolicy> filter;
    std::unique_ptr<leveldb::DB> db;

    [[nodiscard]] leveldb::Options Prepare(const KvStore::Options& options)
    {
        if (options.files != nullptr) env = MakeLevelEnv(*options.files);
        logger = MakeSilentLogger();
        leveldb::Options out;
        if (env) out.env = env.get();
        out.info_log = logger.get();
        return out;
    }

    /// What an earlier Destroy left.
    [[nodiscard]] static StorageResult<void> RemoveRest(const std::string& directory,
                                                        const KvStore::Options& options)
    {
        const std::string removed = directory + std::string(REMOVED_SUFFIX);
        FileSystem& files = options.files != nullptr ? *options.files : SystemFiles();
        if (!files.Exists(removed)) return {};
        Impl impl;
        const auto status = leveldb::DestroyDB(removed, impl.Prepare(options));
        if (!status.ok() && !status.IsNotFound()) return FromStatus(status, removed);
        return {};
    }
};

KvStore::KvStore(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

KvStore::~KvStore() = default;

StorageResult<std::unique_ptr<KvStore>> KvStore::Open(const std::string& directory, const Options& options)
{
    FileSystem& files = options.files != nullptr ? *options.files : SystemFiles();
    if (const auto rest = Impl::RemoveRest(directory, options); !rest) return base::Unexpected(rest.Error());
    if (const auto made = files.MakeDirectories(directory); !made) return base::Unexpected(made.Error());
    auto impl = std::make_unique<Impl>();
    impl->directory = directory;
    leveldb::Options level = impl->Prepare(options);
    impl->cache.reset(leveldb::NewLRUCache(options.cache_bytes));
    impl->filter.reset(leveldb::NewBloomFilterPolicy(BLOOM_BITS_PER_KEY));
    level.create_if_missing = true;
    level.paranoid_checks = true; // damage is reported, never skipped
    level.block_cache = impl->cache.get();
    level.filter_policy = impl->filter.get();
    level.write_buffer_size = options.write_buffer_bytes;
    level.max_file_size = TABLE_FILE_BYTES;
    level.max_open_files = MAX_OPEN_FILES;
    level.compression = leveldb::kNoCompression; // hashes and scripts do not shrink
    leveldb::DB* db = nullptr;
    auto status = leveldb::DB::Open(level, directory, &db);
    if (status.IsCorruption()) {
        // A write that lost power may have reached the disk in parts; LevelDB cannot tell that from damage.
        const auto dropped = DropUnfinishedTails(files, directory);
        if (!dropped) return base::Unexpected(dropped.Error());
        if (*dropped) status = leveldb::DB::Open(level, directory, &db);
    }
    impl->db.reset(db);
    if (!status.ok()) return FromStatus(status, directory);
    return std::make_unique<KvStore>(std::move(impl));
}

StorageResult<void> KvStore::Destroy(const std::string& directory, const Options& options)
{
    FileSystem& files = options.files != nullptr ? *options.files : SystemFiles();
    if (const auto rest = Impl::RemoveRest(directory, options); !rest) return rest;
    if (!files.Exists(directory)) return {};
    // Files go one by one, and a store that lacks some is damage: all of them leave in one step first.
    const auto parent = std::filesystem::path(directory).parent_path().string();
    if (const auto moved = files.Rename(directory, directory + std::string(REMOVED_SUFFIX)); !moved)
        return moved;
    if (const auto synced = files.SyncDirectory(parent); !synced) return synced;
    return Impl::RemoveRest(directory, options);
}

StorageResult<base::Bytes> KvStore::Get(base::ByteSpan key, const KvSnapshot* snapshot) const
{
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    if (snapshot != nullptr) options.snapshot = snapshot->m_impl->snapshot;
    std::string value;
    const auto status = m_impl->db->Get(options, SliceOf(key), &value);
    if (!status.ok()) return FromStatus(status, m_impl->directory);
    return base::Bytes(value.begin(), value.end());
}

StorageResult<void> KvStore::Write(const KvBatch& batch, Durability durability)
{
    leveldb::WriteOptions options;
    options.sync = durability == Durability::Synced;
    const auto status = m_impl->db->Write(options, &batch.m_impl->batch);
    if (!status.ok()) return FromStatus(status, m_impl->directory);
    return {};
}

StorageResult<void> KvStore::Put(base::ByteSpan key, base::ByteSpan value, Durability durability)
{
    KvBatch batch;
    batch.Put(key, value);
    return Write(batch, durability);
}

std::shared_ptr<const KvSnapshot> KvStore::Snapshot() const
{
    auto impl = std::make_unique<KvSnapshot::Impl>();
    impl->db = m_impl->db.get();
    impl->snapshot = m_impl->db->GetSnapshot();
    return std::make_shared<const KvSnapshot>(std::move(impl));
}

KvIterator KvStore::Iterate(base::ByteSpan prefix, const KvSnapshot* snapshot) const
{
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.fill_cache = false;
    if (snapshot != nullptr) options.snapshot = snapshot->m_impl->snapshot;
    auto impl = std::make_unique<KvIterator::Impl>();
    impl->it.reset(m_impl->db->NewIterator(options));
    impl->prefix.assign(prefix.begin(), prefix.end());
    impl->directory = m_impl->directory;
    impl->it->Seek(SliceOf(prefix));
    return KvIterator(std::move(impl));
}

uint64_t KvStore::DiskBytes(base::ByteSpan from, base::ByteSpan to) const
{
    const leveldb::Range range(SliceOf(from), SliceOf(to));
    uint64_t size = 0;
    m_impl->db->GetApproximateSizes(&range, 1, &size);
    return size;
}

const std::string& KvStore::Directory() const
{
    return m_impl->directory;
}

} // namespace emc::storage
