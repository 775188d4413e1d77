#include "storage/level_env.h"

#include <leveldb/env.h>
#include <leveldb/slice.h>
#include <leveldb/status.h>

namespace emc::storage {
namespace {

using leveldb::Slice;
using leveldb::Status;

Status ToStatus(const StorageFailure& failure)
{
    if (failure.code == StorageError::NotFound) return Status::NotFound(failure.detail);
    if (failure.code == StorageError::DiskFull)
        return Status::IOError(failure.detail, "No space left on device");
    return Status::IOError(failure.detail);
}

Status ToStatus(const StorageResult<void>& result)
{
    return result ? Status::OK() : ToStatus(result.Error());
}

base::ByteSpan BytesOf(const Slice& slice)
{
    return {reinterpret_cast<const uint8_t*>(slice.data()), slice.size()};
}

Status ReadAt(const File& file, uint64_t offset, size_t n, Slice* result, char* scratch)
{
    const auto got = file.Read(offset, {reinterpret_cast<uint8_t*>(scratch), n});
    if (!got) return ToStatus(got.Error());
    *result = Slice(scratch, *got);
    return Status::OK();
}

class Sequential final : public leveldb::SequentialFile
{
public:
    explicit Sequential(std::unique_ptr<File> file) : m_file(std::move(file)) {}

    Status Read(size_t n, Slice* result, char* scratch) override
    {
        const Status status = ReadAt(*m_file, m_pos, n, result, scratch);
        if (status.ok()) m_pos += result->size();
        return status;
    }

    Status Skip(uint64_t n) override
    {
        m_pos += n;
        return Status::OK();
    }

private:
    const std::unique_ptr<File> m_file;
    uint64_t m_pos = 0;
};

class RandomAccess final : public leveldb::RandomAccessFile
{
public:
    explicit RandomAccess(std::unique_ptr<File> file) : m_file(std::move(file)) {}

    Status Read(uint64_t offset, size_t n, Slice* result, char* scratch) const override
    {
        return ReadAt(*m_file, offset, n, result, scratch);
    }

private:
    const std::unique_ptr<File> m_file;
};

class Writable final : public leveldb::WritableFile
{
public:
    Writable(std::unique_ptr<File> file, uint64_t pos) : m_file(std::move(file)), m_pos(pos) {}

    Status Append(const Slice& data) override
    {
        const auto done = m_file->Write(m_pos, BytesOf(data));
        if (done) m_pos += data.size();
        return ToStatus(done);
    }

    Status Close() override { return Status::OK(); }

    Status Flush() override { return Status::OK(); }

    Status Sync() override { return ToStatus(m_file->Sync()); }

private:
    const std::unique_ptr<File> m_file;
    uint64_t m_pos;
};

class Lock final : public leveldb::FileLock
{
public:
    explicit Lock(std::unique_ptr<storage::FileLock> lock) : m_lock(std::move(lock)) {}

private:
    const std::unique_ptr<storage::FileLock> m_lock;
};

class Silent final : public leveldb::Logger
{
public:
    void Logv(const char*, va_list) override {}
};

class Env final : public leveldb::EnvWrapper
{
public:
    explicit Env(FileSystem& files) : leveldb::EnvWrapper(leveldb::Env::Default()), m_files(files) {}

    Status NewSequentialFile(const std::string& path, leveldb::SequentialFile** out) override
    {
        auto file = m_files.Open(path, OpenMode::Read);
        if (!file) return ToStatus(file.Error());
        *out = std::make_unique<Sequential>(std::move(*file)).release(); // LevelDB owns it
        return Status::OK();
    }

    Status NewRandomAccessFile(const std::string& path, leveldb::RandomAccessFile** out) override
    {
        auto file = m_files.Open(path, OpenMode::Read);
        if (!file) return ToStatus(file.Error());
        *out = std::make_unique<RandomAccess>(std::move(*file)).release();
        return Status::OK();
    }

    Status NewWritableFile(const std::string& path, leveldb::WritableFile** out) override
    {
        auto file = m_files.Open(path, OpenMode::Create);
        if (!file) return ToStatus(file.Error());
        *out = std::make_unique<Writable>(std::move(*file), 0).release();
        return Status::OK();
    }

    Status NewAppendableFile(const std::string& path, leveldb::WritableFile** out) override
    {
        auto file = m_files.Open(path, OpenMode::Write);
        if (!file) return ToStatus(file.Error());
        const auto size = (*file)->Size();
        if (!size) return ToStatus(size.Error());
        *out = std::make_unique<Writable>(std::move(*file), *size).release();
        return Status::OK();
    }

    bool FileExists(const std::string& path) override { return m_files.Exists(path); }

    Status GetChildren(const std::string& directory, std::vector<std::string>* out) override
    {
        auto names = m_files.List(directory);
        if (!names) return ToStatus(names.Error());
        *out = std::move(*names);
        return Status::OK();
    }

    Status RemoveFile(const std::string& path) override { return ToStatus(m_files.Remove(path)); }

    Status DeleteFile(const std::string& path) override { return RemoveFile(path); }

    Status CreateDir(const std::string& path) override { return ToStatus(m_files.MakeDirectories(path)); }

    Status RemoveDir(const std::string& path) override { return ToStatus(m_files.RemoveDirectory(path)); }

    Status DeleteDir(const std::string& path) override { return RemoveDir(path); }

    Status GetFileSize(const std::string& path, uint64_t* out) override
    {
        const auto file = m_files.Open(path, OpenMode::Read);
        if (!file) return ToStatus(file.Error());
        const auto size = (*file)->Size();
        if (!size) return ToStatus(size.Error());
        *out = *size;
        return Status::OK();
    }

    Status RenameFile(const std::string& from, const std::string& to) override
    {
        return ToStatus(m_files.Rename(from, to));
    }

    Status LockFile(const std::string& path, leveldb::FileLock** out) override
    {
        auto lock = m_files.Lock(path);
        if (!lock) return Status::IOError("lock " + path, "already held by process");
        *out = std::make_unique<Lock>(std::move(*lock)).release();
        return Status::OK();
    }

    Status UnlockFile(leveldb::FileLock* lock) override
    {
        const std::unique_ptr<leveldb::FileLock> owned(lock);
        return Status::OK();
    }

private:
    FileSystem& m_files;
};

} // namespace

std::unique_ptr<leveldb::Env> MakeLevelEnv(FileSystem& files)
{
    return std::make_unique<Env>(files);
}

std::unique_ptr<leveldb::Logger> MakeSilentLogger()
{
    return std::make_unique<Silent>();
}

} // namespace emc::storage
