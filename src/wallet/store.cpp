#include "wallet/store.h"

#include <db_cxx.h>

#include <cerrno>
#include <cstring>
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
    if (code == ENOSPC) return {StoreError::Io, "The disk is full: " + path + " could not be written"};
    if (code == EACCES || code == EROFS || code == ENOENT)
        return {StoreError::Io, "Cannot access " + path + ": " + reason};
    return {StoreError::Corrupt,
            "Wallet file " + path + " is damaged (" + reason +
                "). It was left as it is: restore a backup, or keep the file for a rescue tool"};
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
        ok = write(out, buffer, static_cast<size_t>(got)) == got;
    }
    ok = ok && fsync(out) == 0;
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    return ok;
}

} // namespace

struct Store::Impl {
    explicit Impl(std::string f) : folder(std::move(f)), path(folder + "/" + FILE_NAME) {}

    ~Impl()
    {
        if (db) db->close(0);
        db.reset();
        if (env_open) {
            env->txn_checkpoint(0, 0, DB_FORCE);
            env->lsn_reset(path.c_str(), 0); // the file no longer needs the log
            env->close(0);
            RemoveLogs();
        } else if (env) {
            env->close(0);
        }
        if (lock_fd >= 0) close(lock_fd);
    }

    base::Expected<void, StoreFailure> Lock();
    base::Expected<void, StoreFailure> OpenEnvironment();
    base::Expected<void, StoreFailure> OpenTable(Mode mode);
    void RemoveLogs() const;

    std::string folder;
    std::string path;
    int lock_fd = -1;
    bool env_open = false;
    std::unique_ptr<DbEnv> env;
    std::unique_ptr<Db> db;
};

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
    const std::string logs = folder + "/" + LOG_FOLDER;
    static_cast<void>(mkdir(logs.c_str(), 0700));
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
    const uint32_t create = mode == Mode::Create ? DB_CREATE | DB_EXCL : 0;
    const int code =
        db->open(nullptr, FILE_NAME, TABLE_NAME, DB_BTREE, DB_AUTO_COMMIT | DB_THREAD | create, 0600);
    if (code != 0) return Unexpected(FailureOf(code, path));
    return {};
}

/// After an orderly close the logs say nothing that wallet.dat does not.
void Store::Impl::RemoveLogs() const
{
    for (int i = 1; i < 100; ++i) {
        char name[32];
        snprintf(name, sizeof(name), "/log.%010d", i);
        static_cast<void>(unlink((folder + "/" + LOG_FOLDER + name).c_str()));
    }
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
    if (auto opened = impl->OpenTable(mode); !opened) return Unexpected(opened.Error());
    return std::unique_ptr<Store>(new Store(std::move(impl)));
}

base::Expected<void, StoreFailure> Store::Write(const RowBatch& batch)
{
    DbTxn* txn = nullptr;
    int code = m_impl->env->txn_begin(nullptr, &txn, 0);
    if (code != 0) return Unexpected(FailureOf(code, m_impl->path));
    for (const auto& row : batch) {
        Dbt key = DbtOf(row.key);
        if (row.value) {
            Dbt value = DbtOf(*row.value);
            code = m_impl->db->put(txn, &key, &value, 0);
        } else {
            code = m_impl->db->del(txn, &key, 0);
            if (code == DB_NOTFOUND) code = 0;
        }
        if (code != 0) break;
    }
    if (code != 0) {
        txn->abort();
        return Unexpected(FailureOf(code, m_impl->path));
    }
    code = txn->commit(DB_TXN_SYNC);
    if (code != 0) return Unexpected(FailureOf(code, m_impl->path));
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
    uint64_t rows = 0;
    if (auto counted = ForEach([&rows](ByteSpan, ByteSpan) { ++rows; }); !counted) return counted;
    int code = m_impl->env->txn_checkpoint(0, 0, DB_FORCE);
    if (code != 0) return Unexpected(FailureOf(code, m_impl->path));
    if (!CopyFile(m_impl->path, path)) {
        return Unexpected(
            StoreFailure{StoreError::Io, "Cannot write backup " + path + ": " + std::strerror(errno)});
    }
    code = m_impl->env->lsn_reset(path.c_str(), 0);
    if (code != 0) return Unexpected(FailureOf(code, path));
    Db copy(nullptr, DB_CXX_NO_EXCEPTIONS);
    code = copy.open(nullptr, path.c_str(), TABLE_NAME, DB_BTREE, DB_RDONLY, 0);
    Dbc* cursor = nullptr;
    if (code == 0) code = copy.cursor(nullptr, &cursor, 0);
    if (code != 0) return Unexpected(FailureOf(code, path));
    Dbt key;
    Dbt value;
    uint64_t copied = 0;
    while ((code = cursor->get(&key, &value, DB_NEXT)) == 0)
        ++copied;
    cursor->close();
    copy.close(0);
    if (code != DB_NOTFOUND || copied != rows) {
        return Unexpected(
            StoreFailure{StoreError::Io, "Backup " + path + " does not read back whole; do not rely on it"});
    }
    return {};
}

} // namespace emc::wallet
