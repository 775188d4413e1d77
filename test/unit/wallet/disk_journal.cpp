// Takes the place of the C library's functions for the whole program, the shared libraries it uses included.
#include "disk_journal.h"

#include <algorithm>
#include <cstdarg>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sys/syscall.h>
#include <unistd.h>

// <fcntl.h> may have them inline.
extern "C" {
int open(const char* path, int flags, ...);
int open64(const char* path, int flags, ...);
int mkdir(const char* path, unsigned mode) noexcept;
}

namespace emc::test {

namespace {

constexpr int FLAG_CREATE = 0100;
constexpr int FLAG_TRUNCATE = 01000;
constexpr int HERE = -100; // AT_FDCWD
constexpr int SEEK_CURRENT = 1;
/// What a disk writes whole or not at all, as does the system's cache.
constexpr uint64_t SECTOR_BYTES = 4'096;

/// What is open.
struct Handle {
    uint64_t file = 0;
    std::string folder; ///< not empty: a folder
};

struct Journal {
    std::mutex mutex;
    std::string root; ///< empty: nothing is noted
    std::vector<DiskOp> ops;
    std::map<int, Handle> handles;
    std::map<std::string, uint64_t> files; ///< by path
    uint64_t last_file = 0;
};

Journal& TheJournal()
{
    static Journal journal;
    return journal;
}

/// The path below the folder; nullopt for others. The folder itself is ".".
std::optional<std::string> Below(const Journal& journal, const char* path)
{
    if (journal.root.empty()) return std::nullopt;
    std::string text = path;
    while (text.size() > 1 && text.back() == '/')
        text.pop_back();
    if (text == journal.root) return ".";
    if (!text.starts_with(journal.root + "/")) return std::nullopt;
    return text.substr(journal.root.size() + 1);
}

std::string FolderOf(const std::string& path)
{
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
}

void NoteOpen(const char* path, int flags, int fd, bool was_there)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    journal.handles.erase(fd);
    const auto name = Below(journal, path);
    if (fd < 0 || !name) return;
    if (std::filesystem::is_directory(path)) {
        journal.handles[fd] = {0, *name};
        return;
    }
    if (!was_there || !journal.files.contains(*name)) {
        journal.files[*name] = ++journal.last_file;
        journal.ops.push_back({.kind = DiskOp::Kind::Make, .path = *name, .file = journal.last_file});
    } else if ((flags & FLAG_TRUNCATE) != 0) {
        journal.ops.push_back({.kind = DiskOp::Kind::Cut, .file = journal.files[*name]});
    }
    journal.handles[fd] = {journal.files[*name], ""};
}

void NoteWrite(int fd, const void* data, long size, uint64_t offset)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    const auto handle = journal.handles.find(fd);
    if (size <= 0 || handle == journal.handles.end()) return;
    const auto* bytes = static_cast<const uint8_t*>(data);
    journal.ops.push_back({.kind = DiskOp::Kind::Write,
                           .file = handle->second.file,
                           .offset = offset,
                           .data = base::Bytes(bytes, bytes + size)});
}

void NoteSync(int fd)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    const auto handle = journal.handles.find(fd);
    if (handle == journal.handles.end()) return;
    const bool folder = !handle->second.folder.empty();
    journal.ops.push_back({.kind = folder ? DiskOp::Kind::SyncFolder : DiskOp::Kind::Sync,
                           .path = handle->second.folder,
                           .file = handle->second.file});
}

/// A change of names.
void NoteNames(DiskOp::Kind kind, const char* from, const char* to)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    const auto name = Below(journal, from);
    const auto other = to == nullptr ? name : Below(journal, to);
    if (!name || !other) return;
    if (kind == DiskOp::Kind::Link || kind == DiskOp::Kind::Rename)
        journal.files[*other] = journal.files[*name];
    if (kind == DiskOp::Kind::Rename || kind == DiskOp::Kind::Remove) journal.files.erase(*name);
    journal.ops.push_back({.kind = kind, .path = *name, .to = to == nullptr ? "" : *other});
}

bool IsThere(const char* path)
{
    return syscall(SYS_faccessat, HERE, path, 0) == 0;
}

int OpenAndNote(const char* path, int flags, unsigned mode)
{
    const bool was_there = IsThere(path);
    const auto fd = static_cast<int>(syscall(SYS_openat, HERE, path, flags, mode));
    NoteOpen(path, flags, fd, was_there);
    return fd;
}

} // namespace

void StartNoting(const std::string& folder)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    journal.root = folder;
    journal.ops.clear();
    journal.handles.clear();
    journal.files.clear();
}

void NoteWord(const std::string& text)
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    journal.ops.push_back({.kind = DiskOp::Kind::Word, .path = text});
}

std::vector<DiskOp> StopNoting()
{
    auto& journal = TheJournal();
    const std::lock_guard lock(journal.mutex);
    journal.root.clear();
    return std::move(journal.ops);
}

namespace {

bool ChangesNames(DiskOp::Kind kind)
{
    using enum DiskOp::Kind;
    return kind == Make || kind == MakeFolder || kind == Link || kind == Rename || kind == Remove;
}

/// Which of the changes before the cut reach the disk.
std::set<size_t> Survivors(const std::vector<DiskOp>& ops, size_t end,
                           const std::function<uint64_t(uint64_t)>& below)
{
    std::map<uint64_t, size_t> file_synced;
    std::map<std::string, size_t> folder_synced;
    std::map<std::string, std::vector<size_t>> loose; // entries of folders that were not synced
    for (size_t i = 0; i < end; ++i) {
        if (ops[i].kind == DiskOp::Kind::Sync) file_synced[ops[i].file] = i;
        if (ops[i].kind == DiskOp::Kind::SyncFolder) folder_synced[ops[i].path] = i;
    }
    const uint64_t mood = below(4); // nothing, everything, or some of what was not synced
    std::set<size_t> out;
    for (size_t i = 0; i < end; ++i) {
        const auto& op = ops[i];
        if (ChangesNames(op.kind)) {
            const auto folder = FolderOf(op.path);
            const auto synced = folder_synced.find(folder);
            if (synced != folder_synced.end() && i < synced->second) {
                out.insert(i);
            } else {
                loose[folder].push_back(i);
            }
        } else if (op.kind == DiskOp::Kind::Write || op.kind == DiskOp::Kind::Cut) {
            const auto synced = file_synced.find(op.file);
            const bool sure = synced != file_synced.end() && i < synced->second;
            if (sure || mood == 1 || (mood > 1 && below(2) == 0)) out.insert(i);
        }
    }
    for (const auto& [folder, entries] : loose) {
        const size_t kept = mood == 0 ? 0 : mood == 1 ? entries.size() : below(entries.size() + 1);
        out.insert(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(kept));
    }
    return out;
}

void Apply(std::string& bytes, const DiskOp& op, bool torn, const std::function<uint64_t(uint64_t)>& below)
{
    const size_t size = op.data.size();
    if (bytes.size() < op.offset + size) bytes.resize(op.offset + size, '\0');
    for (size_t at = 0; at < size;) {
        const size_t count = std::min<size_t>(size - at, SECTOR_BYTES - (op.offset + at) % SECTOR_BYTES);
        if (!torn || below(2) == 0) {
            std::copy_n(op.data.begin() + static_cast<std::ptrdiff_t>(at), count,
                        bytes.begin() + static_cast<std::ptrdiff_t>(op.offset + at));
        }
        at += count;
    }
}

} // namespace

void MakeDiskAfterCut(const std::vector<DiskOp>& ops, size_t end, const std::string& folder,
                      const std::function<uint64_t(uint64_t)>& below)
{
    using enum DiskOp::Kind;
    const auto kept = Survivors(ops, end, below);
    std::map<uint64_t, size_t> synced;
    for (size_t i = 0; i < end; ++i) {
        if (ops[i].kind == Sync) synced[ops[i].file] = i;
    }
    std::map<std::string, uint64_t> names;
    std::set<std::string> folders{"."};
    std::map<uint64_t, std::string> files;
    for (const size_t i : kept) {
        const auto& op = ops[i];
        if (op.kind == Write) {
            const auto sure = synced.find(op.file);
            const bool torn = (sure == synced.end() || i > sure->second) && below(3) == 0;
            Apply(files[op.file], op, torn, below);
        } else if (op.kind == Cut) {
            files[op.file].resize(op.offset, '\0');
        } else if (!folders.contains(FolderOf(op.path))) {
            continue; // its folder never reached the disk
        } else if (op.kind == MakeFolder) {
            folders.insert(op.path);
        } else if (op.kind == Make) {
            names[op.path] = op.file;
        } else if (names.contains(op.path)) {
            if (op.kind != Remove) names[op.to] = names[op.path];
            if (op.kind != Link) names.erase(op.path);
        }
    }
    for (const auto& name : folders)
        std::filesystem::create_directories(folder + "/" + name);
    for (const auto& [name, file] : names)
        std::ofstream(folder + "/" + name, std::ios::binary) << files[file];
}

} // namespace emc::test

// --- In place of the C library's ---

extern "C" {

int open(const char* path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const unsigned mode = (flags & emc::test::FLAG_CREATE) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return emc::test::OpenAndNote(path, flags, mode);
}

int open64(const char* path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const unsigned mode = (flags & emc::test::FLAG_CREATE) != 0 ? va_arg(arguments, unsigned) : 0;
    va_end(arguments);
    return emc::test::OpenAndNote(path, flags, mode);
}

int close(int fd)
{
    auto& journal = emc::test::TheJournal();
    {
        const std::lock_guard lock(journal.mutex);
        journal.handles.erase(fd);
    }
    return static_cast<int>(syscall(SYS_close, fd));
}

long write(int fd, const void* data, unsigned long size)
{
    const long offset = syscall(SYS_lseek, fd, 0L, emc::test::SEEK_CURRENT);
    const long done = syscall(SYS_write, fd, data, size);
    emc::test::NoteWrite(fd, data, done, static_cast<uint64_t>(std::max(offset, 0L)));
    return done;
}

long pwrite(int fd, const void* data, unsigned long size, long offset)
{
    const long done = syscall(SYS_pwrite64, fd, data, size, offset);
    emc::test::NoteWrite(fd, data, done, static_cast<uint64_t>(offset));
    return done;
}

long pwrite64(int fd, const void* data, unsigned long size, long offset)
{
    return pwrite(fd, data, size, offset);
}

int fsync(int fd)
{
    const auto code = static_cast<int>(syscall(SYS_fsync, fd));
    if (code == 0) emc::test::NoteSync(fd);
    return code;
}

int fdatasync(int fd)
{
    const auto code = static_cast<int>(syscall(SYS_fdatasync, fd));
    if (code == 0) emc::test::NoteSync(fd);
    return code;
}

int ftruncate(int fd, long size) noexcept
{
    const auto code = static_cast<int>(syscall(SYS_ftruncate, fd, size));
    auto& journal = emc::test::TheJournal();
    const std::lock_guard lock(journal.mutex);
    const auto handle = journal.handles.find(fd);
    if (code == 0 && handle != journal.handles.end()) {
        journal.ops.push_back({.kind = emc::test::DiskOp::Kind::Cut,
                               .file = handle->second.file,
                               .offset = static_cast<uint64_t>(size)});
    }
    return code;
}

int mkdir(const char* path, unsigned mode) noexcept
{
    const auto code = static_cast<int>(syscall(SYS_mkdirat, emc::test::HERE, path, mode));
    if (code == 0) emc::test::NoteNames(emc::test::DiskOp::Kind::MakeFolder, path, nullptr);
    return code;
}

int link(const char* from, const char* to) noexcept
{
    const auto code = static_cast<int>(syscall(SYS_linkat, emc::test::HERE, from, emc::test::HERE, to, 0));
    if (code == 0) emc::test::NoteNames(emc::test::DiskOp::Kind::Link, from, to);
    return code;
}

int rename(const char* from, const char* to) noexcept
{
    const auto code = static_cast<int>(syscall(SYS_renameat2, emc::test::HERE, from, emc::test::HERE, to, 0));
    if (code == 0) emc::test::NoteNames(emc::test::DiskOp::Kind::Rename, from, to);
    return code;
}

int unlink(const char* path) noexcept
{
    const auto code = static_cast<int>(syscall(SYS_unlinkat, emc::test::HERE, path, 0));
    if (code == 0) emc::test::NoteNames(emc::test::DiskOp::Kind::Remove, path, nullptr);
    return code;
}

} // extern "C"
