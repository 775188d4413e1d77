#include "wallet/store.h"

#include "crypto/sha256.h"

#include <db_cxx.h>

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::wallet {

namespace {

using base::Unexpected;

constexpr const char* FILE_NAME = "wallet.dat";
constexpr const char* LOG_FOLDER = "database";
constexpr const char* LOCK_NAME = ".walletlock";
constexpr const char* TABLE_NAME = "main";
constexpr uint32_t CACHE_BYTES = 4u << 20;
constexpr uint32_t LOG_BYTES = 4u << 20;
constexpr uint32_t CHECKPOINT_KBYTES = 1024;

Dbt DbtOf(ByteSpan in)
{
    return {const_cast<uint8_t*>(in.data()),
            static_cast<uint32_t>(in.size())}; // Berkeley DB does not write through it
}

ByteSpan SpanOf(const Dbt& dbt)
{
    return {static_cast<const uint8_t*>(dbt.get_data()), dbt.get_size()};
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
    return {StoreError::Corrupt,
            "Wallet file " + path + " is damaged (" + reason +
                "). It was left as it is: restore a backup, or keep the file for a rescue tool"};
}

/// Makes new and removed entries of a folder survive a power cut.
void SyncFolder(const std::string& folder)
{
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    static_cast<void>(fsync(fd));
    close(fd);
}

/// Log files of the environment, by name.
std::vector<std::string> LogFiles(const std::string& folder)
{
    std::vector<std::string> out;
    DIR* dir = opendir(folder.c_str());
    if (dir == nullptr) return out;
    while (const dirent* entry = readdir(dir)) {
        const std::string name = entry->d_name;
        if (name.starts_with("log.")) out.push_back(folder + "/" + name);
    }
    closedir(dir);
    return out;
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

/// Reads all rows of a file that no environment has open. Berkeley DB's code, DB_NOTFOUND at the end of a
/// whole file.
int ReadAlone(const std::string& path, const std::function<void(ByteSpan key, ByteSpan value)>& visit)
{
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

/// Makes a file forget the log it was written with. In an environment of its own: files are known there by an
/// id that a copy shares with its original.
int ForgetLog(const std::string& path)
{
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

/// A file that came without its log, by a copy: it opens, provided that all of it can be read.
base::Expected<void, StoreFailure> AdoptFile(const std::string& path)
{
    int code = ReadAlone(path, [](ByteSpan, ByteSpan) {});
    if (code == DB_NOTFOUND) code = ForgetLog(path);
    if (code != 0) return Unexpected(FailureOf(code, path));
    return {};
}

} // namespace

struct Store::Impl {
    explicit Impl(std::string f)
        : folder(std::move(f)), path(folder + "/" + FILE_NAME), logs(folder + "/" + LOG_FOLDER)
    {}

    ~Impl() { Close(); }

    void Close();
    base::Expected<void, StoreFailure> Lock();
    base::Expected<void, StoreFailure> OpenEnvironment();
    base::Expected<void, StoreFailure> OpenTable(Mode mode);
    [[nodiscard]] int Put(const RowBatch& batch) const;
    [[nodiscard]] int SyncLogFolder();
    base::Unexpected<StoreFailure> Broken(int code);

    std::string folder;
    std::string path;
    std::string logs;
    int lock_fd = -1;
    bool env_open = false;
    uint32_t log_number = 0; ///< file of the log that is known to be in its folder for good
    std::unique_ptr<DbEnv> env;
    std::unique_ptr<Db> db;
    std::optional<StoreFailure> broken; ///< a write failed: nothing more is written
};

/// In good order the file ends up complete in itself and the log goes.
void Store::Impl::Close()
{
    bool whole = !broken;
    if (db) whole = db->close(0) == 0 && whole;
    db.reset();
    if (env_open) {
        whole = whole && env->txn_checkpoint(0, 0, DB_FORCE) == 0;
        whole = env->close(0) == 0 && whole;
        if (whole && ForgetLog(path) == 0) {
            for (const auto& name : LogFiles(logs))
                static_cast<void>(unlink(name.c_str()));
        }
    } else if (env) {
        env->close(0);
    }
    env.reset();
    if (lock_fd >= 0) close(lock_fd);
}

base::Expected<void, StoreFailure> Store::Impl::Lock()
{
    const std::string name = folder + "/" + LOCK_NAME;
    lock_fd = open(name.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock_fd < 0)
        return Unexpected(StoreFailure{StoreError::Io, "Cannot write " + name + ": " + std::strerror(errno)});
    if (flock(lock_fd, LOCK_EX | LOCK_NB) != 0) {
        return Unexpected(
            StoreFailure{StoreError::InUse, "Wallet " + path + " is in use by another program"});
    }
    return {};
}

base::Expected<void, StoreFailure> Store::Impl::OpenEnvironment()
{
    static_cast<void>(mkdir(logs.c_str(), 0700));
    if (LogFiles(logs).empty() && HoldsWallet(folder)) {
        if (auto adopted = AdoptFile(path); !adopted) return adopted;
    }
    env = std::make_unique<DbEnv>(DB_CXX_NO_EXCEPTIONS);
    env->set_errfile(nullptr);
    env->set_lg_dir(LOG_FOLDER);
    env->set_cachesize(0, CACHE_BYTES, 1);
    env->set_lg_max(LOG_BYTES);
    env->set_flags(DB_AUTO_COMMIT, 1);
    env->log_set_config(DB_LOG_AUTO_REMOVE, 1);
    const uint32_t flags = DB_CREATE | DB_INIT_LOCK | DB_INIT_LOG | DB_INIT_MPOOL | DB_INIT_TXN | DB_PRIVATE |
                           DB_RECOVER | DB_THREAD;
    const int code = env->open(folder.c_str(), flags, 0600);
    if (code != 0) return Unexpected(FailureOf(code, path));
    env_open = true;
    return {};
}

base::Expected<void, StoreFailure> Store::Impl::OpenTable(Mode mode)
{
    db = std::make_unique<Db>(env.get(), DB_CXX_NO_EXCEPTIONS);
    // A crash while the file was made leaves none after recovery; no key was ever in it.
    const bool create = mode == Mode::Create || !HoldsWallet(folder);
    if (create) db->set_flags(DB_CHKSUM);
    const uint32_t flags = DB_AUTO_COMMIT | DB_THREAD | (create ? DB_CREATE | DB_EXCL : 0u);
    int code = db->open(nullptr, FILE_NAME, TABLE_NAME, DB_BTREE, flags, 0600);
    if (code == 0 && create) code = env->txn_checkpoint(0, 0, DB_FORCE);
    if (code != 0) return Unexpected(FailureOf(code, path));
    SyncFolder(folder);
    SyncFolder(logs);
    return {};
}

Store::Store(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Store::~Store() = default;

const std::string& Store::Path() const
{
    return m_impl->path;
}

bool HoldsWallet(const std::string& folder)
{
    return access((folder + "/" + FILE_NAME).c_str(), F_OK) == 0;
}

base::Expected<std::unique_ptr<Store>, StoreFailure> Store::Open(const std::string& folder, Mode mode)
{
    const bool there = HoldsWallet(folder);
    if (mode == Mode::Open && !there) {
        return Unexpected(StoreFailure{StoreError::NotFound, "There is no wallet in " + folder});
    }
    if (mode == Mode::Create && there) {
        return Unexpected(StoreFailure{StoreError::Exists, "There is a wallet in " + folder + " already"});
    }
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return Unexpected(
            StoreFailure{StoreError::Io, "Cannot make folder " + folder + ": " + std::strerror(errno)});
    }
    auto impl = std::make_unique<Impl>(folder);
    if (auto locked = impl->Lock(); !locked) return Unexpected(locked.Error());
    if (auto opened = impl->OpenEnvironment(); !opened) return Unexpected(opened.Error());
    if (auto opened = impl->OpenTable(mode); !opened) {
        impl->broken = opened.Error(); // leaves the file as it is
        return Unexpected(opened.Error());
    }
    return std::unique_ptr<Store>(new Store(std::move(impl)));
}

int Store::Impl::Put(const RowBatch& batch) const
{
    DbTxn* txn = nullptr;
    int code = env->txn_begin(nullptr, &txn, 0);
    if (code != 0) return code;
    for (const auto& row : batch) {
        Dbt key = DbtOf(row.key);
        if (row.value) {
            Dbt value = DbtOf(*row.value);
            code = db->put(txn, &key, &value, 0);
        } else {
            code = db->del(txn, &key, 0);
            if (code == DB_NOTFOUND) code = 0;
        }
        if (code != 0) break;
    }
    if (code != 0) {
        txn->abort();
        return code;
    }
    return txn->commit(DB_TXN_SYNC);
}

/// A new file of the log is nothing worth while its folder's entry may be lost.
int Store::Impl::SyncLogFolder()
{
    DB_LOG_STAT* stat = nullptr;
    const int code = env->log_stat(&stat, 0);
    if (code != 0) return code;
    if (stat->st_cur_file != log_number) {
        SyncFolder(logs);
        log_number = stat->st_cur_file;
    }
    free(stat);
    return 0;
}

/// After a failed write memory and file may differ; the file is right after the next start.
base::Unexpected<StoreFailure> Store::Impl::Broken(int code)
{
    // Berkeley DB reports some full disks as a need to recover.
    const int reason =
        code == DB_RUNRECOVERY && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) ? errno : code;
    broken = FailureOf(reason, path);
    return Unexpected(*broken);
}

base::Expected<void, StoreFailure> Store::Write(const RowBatch& batch)
{
    auto& impl = *m_impl;
    if (impl.broken) return Unexpected(*impl.broken);
    errno = 0;
    int code = impl.Put(batch);
    if (code == 0) code = impl.SyncLogFolder();
    if (code == 0) code = impl.env->txn_checkpoint(CHECKPOINT_KBYTES, 0, 0); // bounds log and recovery
    if (code != 0) return impl.Broken(code);
    return {};
}

base::Expected<void, StoreFailure> Store::Flush()
{
    if (m_impl->broken) return Unexpected(*m_impl->broken);
    errno = 0;
    const int code = m_impl->env->txn_checkpoint(0, 0, DB_FORCE);
    if (code != 0) return m_impl->Broken(code);
    return {};
}

base::Expected<std::optional<Bytes>, StoreFailure> Store::Read(ByteSpan key) const
{
    Dbt wanted = DbtOf(key);
    Dbt found;
    found.set_flags(DB_DBT_MALLOC);
    const int code = m_impl->db->get(nullptr, &wanted, &found, 0);
    if (code == DB_NOTFOUND) return std::optional<Bytes>();
    if (code != 0) return Unexpected(FailureOf(code, m_impl->path));
    const ByteSpan span = SpanOf(found);
    std::optional<Bytes> out(Bytes(span.begin(), span.end()));
    free(found.get_data());
    return out;
}

base::Expected<void, StoreFailure>
Store::ForEach(const std::function<void(ByteSpan key, ByteSpan value)>& visit) const
{
    Dbc* cursor = nullptr;
    int code = m_impl->db->cursor(nullptr, &cursor, 0);
    if (code != 0) return Unexpected(FailureOf(code, m_impl->path));
    Dbt key;
    Dbt value;
    key.set_flags(DB_DBT_REALLOC);
    value.set_flags(DB_DBT_REALLOC);
    while ((code = cursor->get(&key, &value, DB_NEXT)) == 0)
        visit(SpanOf(key), SpanOf(value));
    free(key.get_data());
    free(value.get_data());
    cursor->close();
    if (code != DB_NOTFOUND) return Unexpected(FailureOf(code, m_impl->path));
    return {};
}

base::Expected<void, StoreFailure> Store::BackupTo(const std::string& path)
{
    if (m_impl->broken) return Unexpected(*m_impl->broken);
    uint64_t rows = 0;
    crypto::Sha256 here;
    const auto add = [](crypto::Sha256& hash, ByteSpan in) {
        const uint64_t size = in.size();
        hash.Write({reinterpret_cast<const uint8_t*>(&size), sizeof(size)});
        hash.Write(in);
    };
    const auto counted = ForEach([&](ByteSpan key, ByteSpan value) {
        ++rows;
        add(here, key);
        add(here, value);
    });
    if (!counted) return counted;
    int code = m_impl->env->txn_checkpoint(0, 0, DB_FORCE);
    if (code != 0) return m_impl->Broken(code);
    if (!CopyFile(m_impl->path, path)) {
        return Unexpected(
            StoreFailure{StoreError::Io, "Cannot write backup " + path + ": " + std::strerror(errno)});
    }
    code = ForgetLog(path);
    if (code != 0) return Unexpected(FailureOf(code, path));
    crypto::Sha256 there;
    uint64_t copied = 0;
    code = ReadAlone(path, [&](ByteSpan key, ByteSpan value) {
        ++copied;
        add(there, key);
        add(there, value);
    });
    if (code != DB_NOTFOUND || copied != rows || here.Finish() != there.Finish()) {
        return Unexpected(
            StoreFailure{StoreError::Io, "Backup " + path + " does not read back whole; do not rely on it"});
    }
    return {};
}

} // namespace emc::wallet
