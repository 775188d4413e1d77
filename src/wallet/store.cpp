#include "wallet/store.h"

#include "wallet/pages.h"
#include "wallet/store_files.h"

#include <db_cxx.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::wallet {

namespace {

using base::Unexpected;

constexpr const char* OLD_SUFFIX = ".old";
constexpr const char* PART_SUFFIX = ".incomplete";
constexpr uint32_t CACHE_BYTES = 4u << 20;
constexpr uint32_t LOG_BYTES = 4u << 20;
constexpr uint32_t CHECKPOINT_KBYTES = 1024;

/// A file that came without its log, by a copy: it opens, provided that all of it can be read.
base::Expected<void, StoreFailure> AdoptFile(const std::string& path)
{
    int code = ReadAlone(path, [](ByteSpan, ByteSpan) {});
    if (code == DB_NOTFOUND) code = ForgetLog(path);
    if (code != 0) return Unexpected(FailureOf(code, path));
    return {};
}

/// Takes away what was made under a name that is not the file's last one yet. Berkeley DB begins a file under
/// a name of its own, which a power cut may leave, and refuses to make another beside it.
void RemovePart(const std::string& path)
{
    const size_t name = path.rfind('/') + 1;
    static_cast<void>(unlink(path.c_str()));
    static_cast<void>(unlink((path.substr(0, name) + "__db." + path.substr(name)).c_str()));
}

/// Makes a file with an empty table and opens it; what a making that was cut short left goes. Berkeley DB's
/// code.
int CreateTable(Db& file, const std::string& path)
{
    RemovePart(path);
    file.set_errfile(nullptr);
    file.set_flags(DB_CHKSUM);
    return file.open(nullptr, path.c_str(), TABLE_NAME, DB_BTREE, DB_CREATE | DB_EXCL, 0600);
}

/// Closes a file whose making came to `code` so far, and sees that all of it is on the disk.
int FinishFile(Db& file, const std::string& path, int code)
{
    if (code == 0) code = file.sync(0);
    const int closed = file.close(0);
    if (code == 0) code = closed;
    return code == 0 ? SyncFile(path) : code;
}

/// 0, or Berkeley DB's code.
int PutRow(Db& file, DbTxn* txn, ByteSpan key, ByteSpan value)
{
    Dbt raw_key = DbtOf(key);
    Dbt raw_value = DbtOf(value);
    return file.put(txn, &raw_key, &raw_value, 0);
}

/// A new wallet file gets its name when all of it is on the disk: until then the folder holds none, from
/// then on one with these rows that needs no log.
base::Expected<void, StoreFailure> MakeFile(const std::string& folder, const RowBatch& rows)
{
    if (const std::string logs = folder + "/" + LOG_FOLDER; !LogFiles(logs).empty())
        return Unexpected(OrphanedLog(logs));
    const std::string path = folder + "/" + FILE_NAME;
    const std::string part = path + NEW_SUFFIX;
    PrepareLibrary();
    Db file(nullptr, DB_CXX_NO_EXCEPTIONS);
    int code = CreateTable(file, part);
    for (const auto& row : rows) {
        if (code == 0 && row.value) code = PutRow(file, nullptr, row.key, *row.value);
    }
    code = FinishFile(file, part, code);
    if (code == 0 && !PlaceFile(part, path)) code = errno;
    if (code != 0) {
        RemovePart(part);
        return Unexpected(FailureOf(code, path));
    }
    SyncAbove(folder);
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
    base::Expected<void, StoreFailure> OpenTable();
    base::Expected<void, StoreFailure> CloseTable(Secrets old_log);
    base::Expected<void, StoreFailure> WriteNew(const std::string& to, const RowBatch& changes,
                                                const Store& store);
    base::Expected<void, StoreFailure> PutInPlace(const std::string& from);
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
base::Expected<void, StoreFailure> Store::Impl::CloseTable(Secrets old_log)
{
    bool whole = !broken;
    if (db) whole = db->close(0) == 0 && whole;
    db.reset();
    if (env_open) {
        whole = whole && env->txn_checkpoint(0, 0, DB_FORCE) == 0;
        whole = env->close(0) == 0 && whole;
        whole = whole && ForgetLog(path) == 0;
        if (whole) RemoveLogs(logs, old_log);
    } else if (env) {
        env->close(0);
    }
    env.reset();
    env_open = false;
    log_number = 0;
    if (whole) return {};
    return Unexpected(StoreFailure{StoreError::Io, "Wallet file " + path + " could not be closed in order"});
}

void Store::Impl::Close()
{
    static_cast<void>(CloseTable(Secrets::Stay));
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
    const bool alone = LogFiles(logs).empty();
    if (HoldsWallet(folder)) { // Berkeley DB trusts what stands on the pages
        const auto damage = PageDamage(path, alone ? FileLog::Gone : FileLog::There);
        if (!damage.empty()) return Unexpected(DamageOf(path, damage));
    }
    if (alone && HoldsWallet(folder)) {
        if (auto adopted = AdoptFile(path); !adopted) return adopted;
    }
    // What a rewriting left that was cut short; not before what took its place is known to be good.
    if (HoldsWallet(folder)) WipeFile(path + OLD_SUFFIX);
    RemovePart(path + NEW_SUFFIX);
    WipeRetiredLogs(logs);
    PrepareLibrary();
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
    if (!alone && HoldsWallet(folder)) { // all of the log is in the file now
        const auto damage = PageDamage(path, FileLog::Gone);
        if (!damage.empty()) return Unexpected(broken.emplace(DamageOf(path, damage)));
    }
    SyncFolder(logs);
    SyncFolder(folder);
    return {};
}

base::Expected<void, StoreFailure> Store::Impl::OpenTable()
{
    db = std::make_unique<Db>(env.get(), DB_CXX_NO_EXCEPTIONS);
    const int code = db->open(nullptr, FILE_NAME, TABLE_NAME, DB_BTREE, DB_AUTO_COMMIT | DB_THREAD, 0600);
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

base::Expected<std::unique_ptr<Store>, StoreFailure> Store::Open(const std::string& folder, Mode mode,
                                                                 const RowBatch& first)
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
    if (mode == Mode::Create) {
        if (auto made = MakeFile(folder, first); !made) return Unexpected(made.Error());
    }
    if (auto opened = impl->OpenEnvironment(); !opened) return Unexpected(opened.Error());
    if (auto opened = impl->OpenTable(); !opened) {
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
        if (row.value) {
            code = PutRow(*db, txn, row.key, *row.value);
        } else {
            Dbt key = DbtOf(row.key);
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

/// All rows with the changes applied, in a file of their own that is on the disk.
base::Expected<void, StoreFailure> Store::Impl::WriteNew(const std::string& to, const RowBatch& changes,
                                                         const Store& store)
{
    std::map<Bytes, const std::optional<Bytes>*> changed;
    for (const auto& row : changes)
        changed[row.key] = &row.value;
    RowDigest written;
    Db file(nullptr, DB_CXX_NO_EXCEPTIONS);
    int code = CreateTable(file, to);
    const auto put = [&](ByteSpan key, ByteSpan value) {
        if (code != 0) return;
        code = PutRow(file, nullptr, key, value);
        written.Add(key, value);
    };
    const auto read = store.ForEach([&](ByteSpan key, ByteSpan value) {
        const Bytes owned(key.begin(), key.end());
        for (auto it = changed.begin(); it != changed.end() && it->first <= owned;
             it = changed.erase(it)) { // in the order of keys, as reading back will find them
            if (*it->second) put(it->first, **it->second);
            if (it->first == owned) {
                changed.erase(it);
                return;
            }
        }
        put(key, value);
    });
    for (const auto& [key, value] : changed) {
        if (*value) put(key, **value);
    }
    code = FinishFile(file, to, code);
    if (!read) return read;
    if (code != 0) return Unexpected(FailureOf(code, to));
    RowDigest found;
    code = ReadAlone(to, [&found](ByteSpan key, ByteSpan value) { found.Add(key, value); });
    if (code != DB_NOTFOUND || !(found == written))
        return Unexpected(StoreFailure{StoreError::Io, to + " does not read back as it was written"});
    return {};
}

/// The file takes the place of wallet.dat in one step; what was there is overwritten.
base::Expected<void, StoreFailure> Store::Impl::PutInPlace(const std::string& from)
{
    const std::string old = path + OLD_SUFFIX;
    const bool kept =
        link(path.c_str(), old.c_str()) == 0; // where links are not known, it is not overwritten
    if (rename(from.c_str(), path.c_str()) != 0) {
        const int reason = errno;
        if (kept) static_cast<void>(unlink(old.c_str()));
        return Unexpected(FailureOf(reason, path));
    }
    SyncFolder(folder);
    if (kept) WipeFile(old);
    return {};
}

base::Expected<void, StoreFailure> Store::Rewrite(const RowBatch& changes)
{
    auto& impl = *m_impl;
    if (impl.broken) return Unexpected(*impl.broken);
    const std::string to = impl.path + NEW_SUFFIX;
    auto done = impl.WriteNew(to, changes, *this);
    if (!done) {
        RemovePart(to);
        return done; // nothing happened to the wallet
    }
    done = impl.CloseTable(Secrets::Wipe);
    const auto placed = done ? impl.PutInPlace(to) : done;
    auto opened = impl.OpenEnvironment(); // the new file, or the old one when it stayed
    if (opened) opened = impl.OpenTable();
    if (!opened) impl.broken = opened.Error();
    return placed ? opened : placed;
}

base::Expected<void, StoreFailure> Store::BackupTo(const std::string& path)
{
    if (m_impl->broken) return Unexpected(*m_impl->broken);
    RowDigest here;
    const auto counted = ForEach([&here](ByteSpan key, ByteSpan value) { here.Add(key, value); });
    if (!counted) return counted;
    int code = m_impl->env->txn_checkpoint(0, 0, DB_FORCE);
    if (code != 0) return m_impl->Broken(code);
    const auto cannot_write = [&path] {
        return Unexpected(
            StoreFailure{StoreError::Io, "Cannot write backup " + path + ": " + std::strerror(errno)});
    };
    if (access(path.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return cannot_write();
    }
    // Under its own name it is whole from the first moment on, whenever this is cut short.
    const std::string part = path + PART_SUFFIX;
    static_cast<void>(unlink(part.c_str()));
    if (!CopyFile(m_impl->path, part)) return cannot_write();
    RowDigest there;
    code = ForgetLog(part);
    if (code == 0) {
        code = ReadAlone(part, [&there](ByteSpan key, ByteSpan value) { there.Add(key, value); });
        if (code == DB_NOTFOUND && here == there) {
            if (PlaceFile(part, path)) return {};
            const auto failed = cannot_write();
            static_cast<void>(unlink(part.c_str()));
            return failed;
        }
    }
    static_cast<void>(unlink(part.c_str()));
    return Unexpected(StoreFailure{
        StoreError::Io, "The backup " + path + " did not read back as it was written and was removed: " +
                            (code == DB_NOTFOUND ? "other rows" : db_strerror(code))});
}

} // namespace emc::wallet
