#include "wallet/store_files.h"

#include "crypto/random.h"
#include "wallet/pages.h"

#include <db_cxx.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::wallet {

namespace {

constexpr const char* LOG_PREFIX = "log.";
constexpr const char* RETIRED_PREFIX = "retired.";

std::vector<std::string> FilesBeginning(const std::string& folder, const std::string& prefix)
{
    std::vector<std::string> out;
    DIR* dir = opendir(folder.c_str());
    if (dir == nullptr) return out;
    while (const dirent* entry = readdir(dir)) {
        const std::string name = entry->d_name;
        if (name.starts_with(prefix)) out.push_back(folder + "/" + name);
    }
    closedir(dir);
    return out;
}

void* EmptyMemory(size_t size)
{
    return calloc(1, size);
}

/// Keeps everybody from opening the wallet of a folder while this lives. Without a lock file nobody has it.
class FolderHold
{
public:
    explicit FolderHold(const std::string& folder)
        : m_fd(open((folder + "/" + LOCK_NAME).c_str(), O_RDONLY | O_CLOEXEC)),
          m_in_use(m_fd >= 0 && flock(m_fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {}

    ~FolderHold()
    {
        if (m_fd >= 0) close(m_fd);
    }

    FolderHold(const FolderHold&) = delete;
    FolderHold& operator=(const FolderHold&) = delete;

    [[nodiscard]] bool InUse() const { return m_in_use; }

private:
    const int m_fd;
    const bool m_in_use;
};

/// The folder whose wallet.dat a file is, links followed; nullopt: it is none, but a copy under another name.
std::optional<std::string> WalletFolderOf(const std::string& file)
{
    char* const real = realpath(file.c_str(), nullptr);
    if (real == nullptr) return std::nullopt;
    std::string folder = real;
    free(real);
    const std::string end = std::string("/") + FILE_NAME;
    if (!folder.ends_with(end)) return std::nullopt;
    folder.resize(folder.size() - end.size());
    return folder;
}

void WipeAndFree(void* memory)
{
    if (memory == nullptr) return;
    crypto::Wipe({static_cast<uint8_t*>(memory), malloc_usable_size(memory)});
    free(memory);
}

} // namespace

void PrepareLibrary()
{
    static const bool DONE =
        db_env_set_func_malloc(EmptyMemory) == 0 && db_env_set_func_free(WipeAndFree) == 0;
    static_cast<void>(DONE);
}

Dbt DbtOf(ByteSpan in)
{
    return {const_cast<uint8_t*>(in.data()),
            static_cast<uint32_t>(in.size())}; // Berkeley DB does not write through it
}

ByteSpan SpanOf(const Dbt& dbt)
{
    return {static_cast<const uint8_t*>(dbt.get_data()), dbt.get_size()};
}

StoreFailure DamageOf(const std::string& path, const std::string& reason)
{
    return {StoreError::Corrupt,
            "Wallet file " + path + " is damaged (" + reason +
                "). It was left as it is: restore a backup, or keep the file for a rescue tool"};
}

StoreFailure FailureOf(int code, const std::string& path)
{
    const std::string reason = db_strerror(code);
    if (code == ENOSPC || code == EFBIG || code == EDQUOT) {
        return {StoreError::Io,
                "The disk is full: " + path +
                    " could not be written. What was saved before is safe; make room and start again"};
    }
    if (code == EACCES || code == EROFS || code == ENOENT || code == EIO || code == EMFILE || code == ENOMEM)
        return {StoreError::Io, "Cannot access " + path + ": " + reason};
    return DamageOf(path, reason);
}

StoreFailure OrphanedLog(const std::string& logs)
{
    return {StoreError::Exists,
            logs + " has the log of a wallet whose file is gone; move that folder away first"};
}

void SyncFolder(const std::string& folder)
{
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    static_cast<void>(fsync(fd));
    close(fd);
}

void SyncAbove(const std::string& folder)
{
    std::string above = folder;
    while (!above.empty() && above != "/") {
        const size_t slash = above.rfind('/');
        if (slash == std::string::npos) {
            SyncFolder(".");
            return;
        }
        above.resize(std::max<size_t>(slash, 1));
        SyncFolder(above);
    }
}

std::vector<std::string> LogFiles(const std::string& folder)
{
    return FilesBeginning(folder, LOG_PREFIX);
}

bool CopyFile(const std::string& from, const std::string& to)
{
    const int in = open(from.c_str(), O_RDONLY | O_CLOEXEC);
    const int out = open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = in >= 0 && out >= 0;
    char buffer[65536];
    while (ok) {
        const ssize_t got = read(in, buffer, sizeof(buffer));
        if (got <= 0) {
            ok = got == 0;
            break;
        }
        const ssize_t put = write(out, buffer, static_cast<size_t>(got));
        if (put >= 0 && put < got) errno = ENOSPC;
        ok = put == got;
    }
    ok = ok && fsync(out) == 0;
    const int reason = errno;
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    if (!ok && out >= 0) unlink(to.c_str());
    errno = reason;
    return ok;
}

bool PlaceFile(const std::string& from, const std::string& to)
{
    bool placed = link(from.c_str(), to.c_str()) == 0;
    if (placed) {
        static_cast<void>(unlink(from.c_str()));
    } else if (errno != EEXIST && access(to.c_str(), F_OK) != 0) { // a file system without links
        placed = rename(from.c_str(), to.c_str()) == 0;
    }
    const int reason = errno;
    const size_t slash = to.rfind('/');
    if (placed) SyncFolder(slash == std::string::npos ? "." : to.substr(0, slash + 1));
    errno = reason;
    return placed;
}

int ReadAlone(const std::string& path, const std::function<void(ByteSpan key, ByteSpan value)>& visit)
{
    PrepareLibrary();
    Db file(nullptr, DB_CXX_NO_EXCEPTIONS);
    file.set_errfile(nullptr);
    int code = file.open(nullptr, path.c_str(), TABLE_NAME, DB_BTREE, DB_RDONLY, 0);
    Dbc* cursor = nullptr;
    if (code == 0) code = file.cursor(nullptr, &cursor, 0);
    Dbt key;
    Dbt value;
    while (code == 0) {
        code = cursor->get(&key, &value, DB_NEXT);
        if (code == 0) visit(SpanOf(key), SpanOf(value));
    }
    if (cursor != nullptr) cursor->close();
    file.close(0);
    return code;
}

int ForgetLog(const std::string& path)
{
    PrepareLibrary();
    DbEnv plain(DB_CXX_NO_EXCEPTIONS);
    plain.set_errfile(nullptr);
    int code = plain.open(nullptr, DB_CREATE | DB_INIT_MPOOL | DB_PRIVATE, 0600);
    if (code == 0) code = plain.lsn_reset(path.c_str(), 0);
    plain.close(0);
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    if (fsync(fd) != 0 && code == 0) code = errno;
    close(fd);
    return code;
}

int SyncFile(const std::string& path)
{
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int code = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return code;
}

void WipeFile(const std::string& path)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;

    struct stat info {};

    const char zeros[65536] = {};
    // A file that has another name, too, is not ours to destroy: a rewriting cut short leaves wallet.dat so.
    const bool sole = fstat(fd, &info) == 0 && info.st_nlink == 1;
    off_t left = sole ? info.st_size : 0;
    while (left > 0) {
        const ssize_t put = write(fd, zeros, std::min(static_cast<size_t>(left), sizeof(zeros)));
        if (put <= 0) break;
        left -= put;
    }
    static_cast<void>(fsync(fd));
    close(fd);
    static_cast<void>(unlink(path.c_str()));
}

void WipeRetiredLogs(const std::string& folder)
{
    for (const auto& name : FilesBeginning(folder, RETIRED_PREFIX))
        WipeFile(name);
}

void RemoveLogs(const std::string& folder, Secrets secrets)
{
    for (const auto& name : LogFiles(folder)) {
        const std::string retired = folder + "/" + RETIRED_PREFIX + name.substr(folder.size() + 1);
        if (secrets == Secrets::Stay || rename(name.c_str(), retired.c_str()) != 0)
            static_cast<void>(unlink(name.c_str()));
    }
    if (secrets == Secrets::Stay) return;
    SyncFolder(folder);
    WipeRetiredLogs(folder);
}

void RowDigest::Add(ByteSpan key, ByteSpan value)
{
    for (const ByteSpan in : {key, value}) {
        const uint64_t size = in.size();
        m_hash.Write({reinterpret_cast<const uint8_t*>(&size), sizeof(size)});
        m_hash.Write(in);
    }
    ++m_rows;
}

bool RowDigest::operator==(const RowDigest& other) const
{
    crypto::Sha256 here = m_hash;
    crypto::Sha256 there = other.m_hash;
    return m_rows == other.m_rows && here.Finish() == there.Finish();
}

namespace {

/// The file reads; it is put into place under a name of its own until it is whole.
base::Expected<void, StoreFailure> CopyWhole(const std::string& file, const std::string& folder)
{
    const std::string to = folder + "/" + FILE_NAME;
    if (const auto damage = PageDamage(file, FileLog::Gone); !damage.empty())
        return base::Unexpected(DamageOf(file, damage));
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return base::Unexpected(FailureOf(errno, folder));
    if (const std::string logs = folder + "/" + LOG_FOLDER; !LogFiles(logs).empty())
        return base::Unexpected(OrphanedLog(logs));
    const std::string part = to + NEW_SUFFIX; // of one that was cut short, nothing is worth keeping
    static_cast<void>(unlink(part.c_str()));
    if (!CopyFile(file, part)) return base::Unexpected(FailureOf(errno, part));
    const int code = ReadAlone(part, [](ByteSpan, ByteSpan) {});
    if (code == DB_NOTFOUND && PlaceFile(part, to)) {
        SyncAbove(folder);
        return {};
    }
    const auto failure = code == DB_NOTFOUND ? FailureOf(errno, to) : FailureOf(code, file);
    static_cast<void>(unlink(part.c_str()));
    if (code != DB_NOTFOUND) RemoveCopy(folder);
    return base::Unexpected(failure);
}

} // namespace

base::Expected<void, StoreFailure> CopyWallet(const std::string& file, const std::string& folder)
{
    if (access(file.c_str(), R_OK) != 0)
        return base::Unexpected(StoreFailure{StoreError::NotFound, "There is no readable file " + file});
    const auto source = WalletFolderOf(file);
    if (!source) return CopyWhole(file, folder);
    const FolderHold hold(*source);
    if (hold.InUse()) {
        return base::Unexpected(StoreFailure{
            StoreError::InUse, "Wallet file " + file +
                                   " is loaded, here or by another program, and alone may lack its newest "
                                   "rows. Call backupwallet for that wallet and restore what it writes"});
    }
    if (const std::string logs = *source + "/" + LOG_FOLDER; !LogFiles(logs).empty()) {
        return base::Unexpected(StoreFailure{
            StoreError::Io, "Wallet file " + file + " was not closed in order: its newest rows may be in " +
                                logs +
                                " alone. Load that wallet, call backupwallet and restore what it writes"});
    }
    return CopyWhole(file, folder);
}

void RemoveCopy(const std::string& folder)
{
    const std::string logs = folder + "/" + LOG_FOLDER;
    RemoveLogs(logs, Secrets::Stay);
    for (const char* name : {FILE_NAME, LOCK_NAME})
        static_cast<void>(unlink((folder + "/" + name).c_str()));
    static_cast<void>(rmdir(logs.c_str()));
    static_cast<void>(rmdir(folder.c_str()));
}

base::Expected<void, StoreFailure> WriteNewFile(const std::string& path, const std::string& content)
{
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST)
        return base::Unexpected(
            StoreFailure{StoreError::Exists, path + " is there already; name a new file"});
    if (fd < 0) return base::Unexpected(FailureOf(errno, path));
    size_t at = 0;
    while (at < content.size()) {
        const ssize_t put = write(fd, content.data() + at, content.size() - at);
        if (put <= 0) break;
        at += static_cast<size_t>(put);
    }
    const bool whole = at == content.size() && fsync(fd) == 0;
    const int reason = errno;
    close(fd);
    if (whole) return {};
    static_cast<void>(unlink(path.c_str()));
    return base::Unexpected(FailureOf(reason, path));
}

base::Expected<void, StoreFailure> ReplaceFile(const std::string& path, const std::string& content)
{
    const std::string temporary = path + ".new";
    const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size());
    ok = ok && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    ok = ok && rename(temporary.c_str(), path.c_str()) == 0;
    if (!ok) return base::Unexpected(FailureOf(errno, path));
    SyncFolder(path.substr(0, path.rfind('/')));
    return {};
}

} // namespace emc::wallet
