/// The operating system's files behind an interface, so that tests can take power and space away.
#pragma once

#include "base/bytes.h"
#include "base/memory.h"
#include "storage/failure.h"

namespace emc::storage {

/// One open file with positional access. Reads from any thread; writes from one.
class File
{
public:
    virtual ~File() = default;
    /// Fills `out` from `offset` on and says how many bytes were there (fewer only at the end of the file).
    [[nodiscard]] virtual StorageResult<size_t> Read(uint64_t offset, std::span<uint8_t> out) const = 0;
    /// Writes all bytes or fails; the file grows as needed. What was written may be lost until Sync. Errors:
    /// DiskFull, Io.
    [[nodiscard]] virtual StorageResult<void> Write(uint64_t offset, base::ByteSpan in) = 0;
    /// Makes everything written so far durable.
    [[nodiscard]] virtual StorageResult<void> Sync() = 0;
    /// Sets the size; new bytes are zero.
    [[nodiscard]] virtual StorageResult<void> Resize(uint64_t bytes) = 0;
    /// Reserves space up to `bytes`; the size grows to it. Errors: DiskFull, Io.
    [[nodiscard]] virtual StorageResult<void> Allocate(uint64_t bytes) = 0;
    [[nodiscard]] virtual StorageResult<uint64_t> Size() const = 0;
};

/// Keeps other processes out while it lives.
class FileLock
{
public:
    virtual ~FileLock() = default;
};

enum class OpenMode : uint8_t {
    Read,   ///< must exist
    Write,  ///< created when missing, content kept
    Create, ///< created, content dropped
};

/// Any thread. Paths are as the operating system takes them.
class FileSystem
{
public:
    virtual ~FileSystem() = default;
    /// Errors: NotFound, Io, DiskFull.
    [[nodiscard]] virtual StorageResult<std::unique_ptr<File>> Open(const std::string& path,
                                                                    OpenMode mode) = 0;
    [[nodiscard]] virtual bool Exists(const std::string& path) = 0;
    /// Names of the entries of a directory, unordered; NotFound when there is none.
    [[nodiscard]] virtual StorageResult<std::vector<std::string>> List(const std::string& directory) = 0;
    [[nodiscard]] virtual StorageResult<void> Remove(const std::string& path) = 0;
    /// An empty directory.
    [[nodiscard]] virtual StorageResult<void> RemoveDirectory(const std::string& path) = 0;
    /// Atomic; a file replaces the target, a folder needs one that is missing or empty.
    [[nodiscard]] virtual StorageResult<void> Rename(const std::string& from, const std::string& to) = 0;
    /// With all parents; fine when it exists.
    [[nodiscard]] virtual StorageResult<void> MakeDirectories(const std::string& path) = 0;
    /// Makes creations, removals and renames in a directory durable.
    [[nodiscard]] virtual StorageResult<void> SyncDirectory(const std::string& path) = 0;
    /// Takes the lock file `path`, created when missing. Errors: InUse, Io.
    [[nodiscard]] virtual StorageResult<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
};

/// The operating system's. The object is shared and has no state.
[[nodiscard]] FileSystem& SystemFiles();

/// Whole content of a file. Errors: NotFound, Io.
[[nodiscard]] StorageResult<base::Bytes> ReadWholeFile(FileSystem& files, const std::string& path);

} // namespace emc::storage
