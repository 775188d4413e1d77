#include "storage/file_system.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::storage {
namespace {

base::Unexpected<StorageFailure> FromErrno(int error, const std::string& what)
{
    StorageError code = StorageError::Io;
    if (error == ENOENT || error == ENOTDIR) code = StorageError::NotFound;
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) code = StorageError::DiskFull;
    return Broken(code, what + ": " + std::strerror(error));
}

class PosixFile final : public File
{
public:
    PosixFile(int fd, std::string path) : m_fd(fd), m_path(std::move(path)) {}

    ~PosixFile() override { ::close(m_fd); }

    PosixFile(const PosixFile&) = delete;
    PosixFile& operator=(const PosixFile&) = delete;

    StorageResult<size_t> Read(uint64_t offset, std::span<uint8_t> out) const override
    {
        size_t done = 0;
        while (done < out.size()) {
            const auto got =
                ::pread(m_fd, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
            if (got == 0) break;
            if (got < 0) {
                if (errno == EINTR) continue;
                return FromErrno(errno, "reading " + m_path);
            }
            done += static_cast<size_t>(got);
        }
        return done;
    }

    StorageResult<void> Write(uint64_t offset, base::ByteSpan in) override
    {
        size_t done = 0;
        while (done < in.size()) {
            const auto put =
                ::pwrite(m_fd, in.data() + done, in.size() - done, static_cast<off_t>(offset + done));
            if (put < 0) {
                if (errno == EINTR) continue;
                return FromErrno(errno, "writing " + m_path);
            }
            done += static_cast<size_t>(put);
        }
        return {};
    }

    StorageResult<void> Sync() override
    {
        if (::fdatasync(m_fd) != 0) return FromErrno(errno, "syncing " + m_path);
        return {};
    }

    StorageResult<void> Resize(uint64_t bytes) override
    {
        if (::ftruncate(m_fd, static_cast<off_t>(bytes)) != 0) return FromErrno(errno, "resizing " + m_path);
        return {};
    }

    StorageResult<void> Allocate(uint64_t bytes) override
    {
        const auto size = Size();
        if (!size) return base::Unexpected(size.Error());
        if (*size >= bytes) return {};
        const int error =
            ::posix_fallocate(m_fd, static_cast<off_t>(*size), static_cast<off_t>(bytes - *size));
        if (error == EOPNOTSUPP || error == EINVAL) return Resize(bytes);
        if (error != 0) return FromErrno(error, "reserving space in " + m_path);
        return {};
    }

    StorageResult<uint64_t> Size() const override
    {
        struct stat info = {};
        if (::fstat(m_fd, &info) != 0) return FromErrno(errno, "asking the size of " + m_path);
        return static_cast<uint64_t>(info.st_size);
    }

private:
    const int m_fd;
    const std::string m_path;
};

class PosixLock final : public FileLock
{
public:
    explicit PosixLock(int fd) : m_fd(fd) {}

    ~PosixLock() override { ::close(m_fd); }

    PosixLock(const PosixLock&) = delete;
    PosixLock& operator=(const PosixLock&) = delete;

private:
    const int m_fd;
};

class PosixFileSystem final : public FileSystem
{
public:
    StorageResult<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override
    {
        int flags = O_CLOEXEC;
        if (mode == OpenMode::Read) flags |= O_RDONLY;
        if (mode == OpenMode::Write) flags |= O_RDWR | O_CREAT;
        if (mode == OpenMode::Create) flags |= O_RDWR | O_CREAT | O_TRUNC;
        const int fd = ::open(path.c_str(), flags, 0600);
        if (fd < 0) return FromErrno(errno, "opening " + path);
        return std::unique_ptr<File>(std::make_unique<PosixFile>(fd, path));
    }

    bool Exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }

    StorageResult<std::vector<std::string>> List(const std::string& directory) override
    {
        std::error_code error;
        std::vector<std::string> out;
        std::filesystem::directory_iterator it(directory, error);
        const std::filesystem::directory_iterator end;
        while (!error && it != end) {
            out.push_back(it->path().filename().string());
            it.increment(error);
        }
        if (error) return FromErrno(error.value(), "listing " + directory);
        return out;
    }

    StorageResult<void> Remove(const std::string& path) override
    {
        if (::unlink(path.c_str()) != 0) return FromErrno(errno, "removing " + path);
        return {};
    }

    StorageResult<void> RemoveDirectory(const std::string& path) override
    {
        if (::rmdir(path.c_str()) != 0) return FromErrno(errno, "removing " + path);
        return {};
    }

    StorageResult<void> Rename(const std::string& from, const std::string& to) override
    {
        if (::rename(from.c_str(), to.c_str()) != 0)
            return FromErrno(errno, "renaming " + from + " to " + to);
        return {};
    }

    StorageResult<void> MakeDirectories(const std::string& path) override
    {
        std::error_code error;
        std::filesystem::create_directories(path, error);
        if (error) return FromErrno(error.value(), "making directory " + path);
        return {};
    }

    StorageResult<void> SyncDirectory(const std::string& path) override
    {
        const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) return FromErrno(errno, "opening " + path);
        const int result = ::fsync(fd);
        const int error = errno;
        ::close(fd);
        if (result != 0 && error != EINVAL) return FromErrno(error, "syncing " + path);
        return {};
    }

    StorageResult<std::unique_ptr<FileLock>> Lock(const std::string& path) override
    {
        const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) return FromErrno(errno, "opening " + path);
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
            const int error = errno;
            ::close(fd);
            if (error == EWOULDBLOCK) return Broken(StorageError::InUse, path);
            return FromErrno(error, "locking " + path);
        }
        return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(fd));
    }
};

} // namespace

FileSystem& SystemFiles()
{
    static PosixFileSystem system_files; // no state: the same for everybody
    return system_files;
}

StorageResult<base::Bytes> ReadWholeFile(FileSystem& files, const std::string& path)
{
    const auto file = files.Open(path, OpenMode::Read);
    if (!file) return base::Unexpected(file.Error());
    const auto size = (*file)->Size();
    if (!size) return base::Unexpected(size.Error());
    base::Bytes out(static_cast<size_t>(*size));
    const auto got = (*file)->Read(0, out);
    if (!got) return base::Unexpected(got.Error());
    out.resize(*got);
    return out;
}

} // namespace emc::storage
