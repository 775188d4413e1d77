/// An ordered store of byte strings on disk (LevelDB), with atomic batches and snapshots.
#pragma once

#include "base/bytes.h"
#include "base/memory.h"
#include "storage/file_system.h"

namespace emc::storage {

/// Changes that reach a store together or not at all. One thread.
class KvBatch
{
public:
    KvBatch();
    ~KvBatch();
    KvBatch(KvBatch&&) noexcept;
    KvBatch& operator=(KvBatch&&) noexcept;

    void Put(base::ByteSpan key, base::ByteSpan value);
    void Delete(base::ByteSpan key);
    void Clear();

    [[nodiscard]] size_t Count() const { return m_count; }

    /// Memory the batch takes, roughly.
    [[nodiscard]] size_t Bytes() const;

private:
    friend class KvStore;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    size_t m_count = 0;
};

/// The store as of one moment. Must die before its store. Any thread.
class KvSnapshot
{
public:
    struct Impl;
    /// For this room's own use.
    explicit KvSnapshot(std::unique_ptr<Impl> impl);
    KvSnapshot(const KvSnapshot&) = delete;
    KvSnapshot& operator=(const KvSnapshot&) = delete;
    ~KvSnapshot();

private:
    friend class KvStore;
    std::unique_ptr<Impl> m_impl;
};

/// Walks keys with a prefix in byte order:
/// `for (auto it = store.Iterate(prefix); it.Valid(); it.Next()) …; if (!it.Status()) …`
/// Must die before its store (and snapshot). One thread.
class KvIterator
{
public:
    struct Impl;
    /// For this room's own use.
    explicit KvIterator(std::unique_ptr<Impl> impl);
    KvIterator(KvIterator&&) noexcept;
    KvIterator& operator=(KvIterator&&) noexcept;
    ~KvIterator();

    /// False at the end and after an error: ask Status.
    [[nodiscard]] bool Valid() const;
    void Next();
    void Prev();
    /// Moves to the first key ≥ `key` (a whole key, prefix included).
    void Seek(base::ByteSpan key);
    /// Moves to the last key with the prefix; not Valid when there is none.
    void SeekToLast();
    /// Valid until the next move.
    [[nodiscard]] base::ByteSpan Key() const;
    [[nodiscard]] base::ByteSpan Value() const;
    /// Corrupt or Io when the walk ended because of damage.
    [[nodiscard]] StorageResult<void> Status() const;

private:
    friend class KvStore;
    std::unique_ptr<Impl> m_impl;
};

enum class Durability : uint8_t {
    Synced, ///< on disk when Write returns
    /// May be lost with the power, never half; a later Synced write does not make it durable. Only where the
    /// whole store may be lost: parts of two unsynced records cannot be told from damage (level_log.h).
    Relaxed,
};

/// Any thread.
class KvStore
{
public:
    struct Impl;
    /// For this room's own use.
    explicit KvStore(std::unique_ptr<Impl> impl);

    struct Options {
        size_t cache_bytes = size_t{8} << 20; ///< blocks read from disk
        size_t write_buffer_bytes = size_t{8} << 20;
        FileSystem* files = nullptr; ///< null: the operating system's, without this room's layer between
    };

    /// Opens or creates the store in a directory. Errors: InUse, Corrupt (the files stay as they are),
    /// DiskFull, Io; the detail names the directory.
    [[nodiscard]] static StorageResult<std::unique_ptr<KvStore>> Open(const std::string& directory,
                                                                      const Options& options);
    /// Removes the store, whole even when the process is killed meanwhile: the directory is renamed first,
    /// and what is left of it goes with the next Open or Destroy. The store must not be open.
    [[nodiscard]] static StorageResult<void> Destroy(const std::string& directory, const Options& options);
    ~KvStore();
    KvStore(const KvStore&) = delete;
    KvStore& operator=(const KvStore&) = delete;

    /// Errors: NotFound, Corrupt, Io.
    [[nodiscard]] StorageResult<base::Bytes> Get(base::ByteSpan key,
                                                 const KvSnapshot* snapshot = nullptr) const;
    /// Errors: DiskFull, Io, Corrupt. After an error the store takes no more writes until it is opened anew.
    [[nodiscard]] StorageResult<void> Write(const KvBatch& batch, Durability durability);
    [[nodiscard]] StorageResult<void> Put(base::ByteSpan key, base::ByteSpan value, Durability durability);
    [[nodiscard]] std::shared_ptr<const KvSnapshot> Snapshot() const;
    /// At the first key with the prefix.
    [[nodiscard]] KvIterator Iterate(base::ByteSpan prefix, const KvSnapshot* snapshot = nullptr) const;
    /// Bytes on disk of the keys in [from, to), roughly.
    [[nodiscard]] uint64_t DiskBytes(base::ByteSpan from, base::ByteSpan to) const;
    [[nodiscard]] const std::string& Directory() const;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::storage
