/// Files in memory that lose power and run out of space on command: the fault-injecting layer of tests.
#pragma once

#include "base/random.h"
#include "storage/file_system.h"

namespace emc::storage {

/// Every file has what was written and what survives a power cut. Creating, renaming and removing are durable
/// at once. Any thread.
class MemoryFiles final : public FileSystem
{
public:
    MemoryFiles();
    ~MemoryFiles() override;

    /// The power goes at the n-th sync from now (1: the next one): it and every later write or sync fails and
    /// changes nothing. 0: never.
    void CutPowerAtSync(uint64_t n);
    /// The same at the n-th write or resize from now. That write is under way: Restart may keep (a part of)
    /// it.
    void CutPowerAtWrite(uint64_t n);

    /// Which unsynced writes of a file reached the disk all the same, drawn for each file.
    enum class Survivors : uint8_t {
        First, ///< the first ones, the last of them perhaps torn
        Any,   ///< any of them: later writes may be there and earlier ones not
    };

    /// Forgets what was not synced, survivors apart (none without `random`), and turns the power on again.
    void Restart(base::RandomSource* random = nullptr, Survivors survivors = Survivors::First);
    /// Syncs so far.
    [[nodiscard]] uint64_t Syncs() const;
    /// Writes and resizes so far.
    [[nodiscard]] uint64_t Writes() const;
    [[nodiscard]] bool PowerIsCut() const;
    /// Writes that would take all files together beyond this many bytes fail with DiskFull. 0: no limit.
    void SetQuota(uint64_t bytes);
    [[nodiscard]] uint64_t UsedBytes() const;
    /// Flips the bits of `mask` in one stored byte; false when the file is shorter.
    [[nodiscard]] bool Damage(const std::string& path, uint64_t offset, uint8_t mask);

    [[nodiscard]] StorageResult<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override;
    [[nodiscard]] bool Exists(const std::string& path) override;
    [[nodiscard]] StorageResult<std::vector<std::string>> List(const std::string& directory) override;
    [[nodiscard]] StorageResult<void> Remove(const std::string& path) override;
    [[nodiscard]] StorageResult<void> RemoveDirectory(const std::string& path) override;
    [[nodiscard]] StorageResult<void> Rename(const std::string& from, const std::string& to) override;
    [[nodiscard]] StorageResult<void> MakeDirectories(const std::string& path) override;
    [[nodiscard]] StorageResult<void> SyncDirectory(const std::string& path) override;
    [[nodiscard]] StorageResult<std::unique_ptr<FileLock>> Lock(const std::string& path) override;

private:
    struct Disk;
    class Handle;
    class Held;
    std::shared_ptr<Disk> m_disk;
};

} // namespace emc::storage
