#include "storage/memory_files.h"

#include "base/mutex.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::storage {
namespace {

using Guard = base::LockGuard<base::Mutex<base::LockRank::Leaf>>;

/// One change of a file that a power cut may lose: bytes at an offset, or a new size.
struct Change {
    uint64_t offset = 0;
    base::Bytes bytes;
    bool is_resize = false;
};

void Apply(base::Bytes& content, const Change& change, size_t bytes)
{
    if (change.is_resize) {
        content.resize(static_cast<size_t>(change.offset));
        return;
    }
    const auto end = static_cast<size_t>(change.offset) + bytes;
    if (content.size() < end) content.resize(end);
    std::copy_n(change.bytes.begin(), bytes, content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

struct Node {
    explicit Node(std::string p) : path(std::move(p)) {}

    std::string path; ///< of the last open or rename, for messages
    base::Bytes live;
    base::Bytes durable;
    std::vector<Change> unsynced;
};

/// The first changes of a file; the last of them perhaps cut short.
void KeepFirst(Node& node, base::RandomSource& random)
{
    const auto kept = static_cast<size_t>(random.Below(node.unsynced.size() + 1));
    for (size_t i = 0; i < kept; ++i) {
        const auto& change = node.unsynced[i];
        const bool torn = i + 1 == kept && !change.is_resize && !change.bytes.empty();
        const size_t bytes =
            torn ? static_cast<size_t>(random.Below(change.bytes.size() + 1)) : change.bytes.size();
        Apply(node.durable, change, bytes);
    }
}

/// Each change of a file or not.
void KeepAny(Node& node, base::RandomSource& random)
{
    for (const auto& change : node.unsynced) {
        if (random.Below(2) == 0) Apply(node.durable, change, change.bytes.size());
    }
}

std::string Trimmed(std::string path)
{
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    return path;
}

} // namespace

struct MemoryFiles::Disk {
    mutable base::Mutex<base::LockRank::Leaf> mutex;
    std::map<std::string, std::shared_ptr<Node>> files EMC_GUARDED_BY(mutex);
    std::set<std::string> directories EMC_GUARDED_BY(mutex);
    std::set<std::string> locks EMC_GUARDED_BY(mutex);
    uint64_t syncs EMC_GUARDED_BY(mutex) = 0;
    uint64_t writes EMC_GUARDED_BY(mutex) = 0;
    uint64_t cut_at EMC_GUARDED_BY(mutex) = 0;
    uint64_t cut_at_write EMC_GUARDED_BY(mutex) = 0;
    bool cut EMC_GUARDED_BY(mutex) = false;
    uint64_t quota EMC_GUARDED_BY(mutex) = 0;
    uint64_t used EMC_GUARDED_BY(mutex) = 0;

    StorageResult<void> Change(Node& node, storage::Change change) EMC_REQUIRES(mutex)
    {
        if (cut) return Broken(StorageError::Io, "the power is cut");
        ++writes;
        if (cut_at_write != 0 && writes >= cut_at_write) {
            cut = true;
            node.unsynced.push_back(std::move(change));
            return Broken(StorageError::Io, "the power is cut");
        }
        const uint64_t end = change.is_resize ? change.offset : change.offset + change.bytes.size();
        const uint64_t before = node.live.size();
        const uint64_t after = change.is_resize ? end : std::max<uint64_t>(before, end);
        if (quota != 0 && after > before && used + (after - before) > quota) {
            return Broken(StorageError::DiskFull,
                          node.path + ": quota of " + std::to_string(quota) + " bytes");
        }
        used = used + after - before;
        Apply(node.live, change, change.bytes.size());
        node.unsynced.push_back(std::move(change));
        return {};
    }
};

class MemoryFiles::Handle final : public File
{
public:
    Handle(std::shared_ptr<Disk> disk, std::shared_ptr<Node> node)
        : m_disk(std::move(disk)), m_node(std::move(node))
    {}

    StorageResult<size_t> Read(uint64_t offset, std::span<uint8_t> out) const override
    {
        const Guard lock(m_disk->mutex);
        const auto& live = m_node->live;
        if (offset >= live.size()) return size_t{0};
        const size_t count = std::min(out.size(), live.size() - static_cast<size_t>(offset));
        std::copy_n(live.begin() + static_cast<std::ptrdiff_t>(offset), count, out.begin());
        return count;
    }

    StorageResult<void> Write(uint64_t offset, base::ByteSpan in) override
    {
        const Guard lock(m_disk->mutex);
        return m_disk->Change(*m_node, {offset, base::Bytes(in.begin(), in.end()), false});
    }

    StorageResult<void> Sync() override
    {
        const Guard lock(m_disk->mutex);
        if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
        ++m_disk->syncs;
        if (m_disk->cut_at != 0 && m_disk->syncs >= m_disk->cut_at) {
            m_disk->cut = true;
            return Broken(StorageError::Io, "the power is cut");
        }
        for (const auto& change : m_node->unsynced)
            Apply(m_node->durable, change, change.bytes.size());
        m_node->unsynced.clear();
        return {};
    }

    StorageResult<void> Resize(uint64_t bytes) override
    {
        const Guard lock(m_disk->mutex);
        return m_disk->Change(*m_node, {bytes, {}, true});
    }

    StorageResult<void> Allocate(uint64_t bytes) override
    {
        const Guard lock(m_disk->mutex);
        if (m_node->live.size() >= bytes) return {};
        return m_disk->Change(*m_node, {bytes, {}, true});
    }

    StorageResult<uint64_t> Size() const override
    {
        const Guard lock(m_disk->mutex);
        return uint64_t{m_node->live.size()};
    }

private:
    const std::shared_ptr<Disk> m_disk;
    const std::shared_ptr<Node> m_node;
};

class MemoryFiles::Held final : public FileLock
{
public:
    Held(std::shared_ptr<Disk> disk, std::string path) : m_disk(std::move(disk)), m_path(std::move(path)) {}

    ~Held() override
    {
        const Guard lock(m_disk->mutex);
        m_disk->locks.erase(m_path);
    }

    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

private:
    const std::shared_ptr<Disk> m_disk;
    const std::string m_path;
};

MemoryFiles::MemoryFiles() : m_disk(std::make_shared<Disk>()) {}

MemoryFiles::~MemoryFiles() = default;

void MemoryFiles::CutPowerAtSync(uint64_t n)
{
    const Guard lock(m_disk->mutex);
    m_disk->cut_at = n == 0 ? 0 : m_disk->syncs + n;
}

void MemoryFiles::CutPowerAtWrite(uint64_t n)
{
    const Guard lock(m_disk->mutex);
    m_disk->cut_at_write = n == 0 ? 0 : m_disk->writes + n;
}

void MemoryFiles::Restart(base::RandomSource* random, Survivors survivors)
{
    const Guard lock(m_disk->mutex);
    m_disk->used = 0;
    for (auto& [path, node] : m_disk->files) {
        if (random != nullptr && !node->unsynced.empty()) {
            if (survivors == Survivors::First) KeepFirst(*node, *random);
            if (survivors == Survivors::Any) KeepAny(*node, *random);
        }
        node->unsynced.clear();
        node->live = node->durable;
        m_disk->used += node->live.size();
    }
    m_disk->cut = false;
    m_disk->cut_at = 0;
    m_disk->cut_at_write = 0;
}

uint64_t MemoryFiles::Syncs() const
{
    const Guard lock(m_disk->mutex);
    return m_disk->syncs;
}

uint64_t MemoryFiles::Writes() const
{
    const Guard lock(m_disk->mutex);
    return m_disk->writes;
}

bool MemoryFiles::PowerIsCut() const
{
    const Guard lock(m_disk->mutex);
    return m_disk->cut;
}

void MemoryFiles::SetQuota(uint64_t bytes)
{
    const Guard lock(m_disk->mutex);
    m_disk->quota = bytes;
}

uint64_t MemoryFiles::UsedBytes() const
{
    const Guard lock(m_disk->mutex);
    return m_disk->used;
}

bool MemoryFiles::Damage(const std::string& path, uint64_t offset, uint8_t mask)
{
    const Guard lock(m_disk->mutex);
    const auto it = m_disk->files.find(path);
    if (it == m_disk->files.end() || offset >= it->second->live.size()) return false;
    auto& node = *it->second;
    node.live[static_cast<size_t>(offset)] ^= mask;
    node.durable = node.live;
    node.unsynced.clear();
    return true;
}

StorageResult<std::unique_ptr<File>> MemoryFiles::Open(const std::string& path, OpenMode mode)
{
    const Guard lock(m_disk->mutex);
    auto it = m_disk->files.find(path);
    if (it == m_disk->files.end()) {
        if (mode == OpenMode::Read) return Broken(StorageError::NotFound, path);
        if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
        it = m_disk->files.emplace(path, std::make_shared<Node>(path)).first;
    } else if (mode == OpenMode::Create) {
        if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
        m_disk->used -= it->second->live.size();
        it->second = std::make_shared<Node>(path);
    }
    return std::unique_ptr<File>(std::make_unique<Handle>(m_disk, it->second));
}

bool MemoryFiles::Exists(const std::string& path)
{
    const Guard lock(m_disk->mutex);
    return m_disk->files.contains(path) || m_disk->directories.contains(Trimmed(path));
}

StorageResult<std::vector<std::string>> MemoryFiles::List(const std::string& directory)
{
    const Guard lock(m_disk->mutex);
    const std::string prefix = Trimmed(directory) + "/";
    if (!m_disk->directories.contains(Trimmed(directory))) return Broken(StorageError::NotFound, directory);
    std::vector<std::string> out;
    const auto add = [&](const std::string& path) {
        if (!path.starts_with(prefix)) return;
        const std::string rest = path.substr(prefix.size());
        if (!rest.empty() && rest.find('/') == std::string::npos) out.push_back(rest);
    };
    for (const auto& [path, node] : m_disk->files)
        add(path);
    for (const auto& path : m_disk->directories)
        add(path);
    return out;
}

StorageResult<void> MemoryFiles::Remove(const std::string& path)
{
    const Guard lock(m_disk->mutex);
    const auto it = m_disk->files.find(path);
    if (it == m_disk->files.end()) return Broken(StorageError::NotFound, path);
    if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
    m_disk->used -= it->second->live.size();
    m_disk->files.erase(it);
    return {};
}

StorageResult<void> MemoryFiles::RemoveDirectory(const std::string& path)
{
    const Guard lock(m_disk->mutex);
    if (m_disk->directories.erase(Trimmed(path)) == 0) return Broken(StorageError::NotFound, path);
    return {};
}

StorageResult<void> MemoryFiles::Rename(const std::string& from, const std::string& to)
{
    const Guard lock(m_disk->mutex);
    const bool folder = m_disk->directories.contains(from);
    if (!folder && !m_disk->files.contains(from)) return Broken(StorageError::NotFound, from);
    if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
    const auto move = [&](const std::string& old_path) EMC_NO_TSA {
        auto node = m_disk->files.extract(old_path);
        const std::string path = to + old_path.substr(from.size());
        node.mapped()->path = path;
        m_disk->files[path] = node.mapped();
    };
    if (!folder) {
        move(from);
        return {};
    }
    std::vector<std::string> inside;
    for (const auto& [path, node] : m_disk->files) {
        if (path.starts_with(to + "/")) return Broken(StorageError::Io, to + ": the folder is not empty");
        if (path.starts_with(from + "/")) inside.push_back(path);
    }
    for (const auto& path : inside)
        move(path);
    m_disk->directories.erase(from);
    m_disk->directories.insert(to);
    return {};
}

StorageResult<void> MemoryFiles::MakeDirectories(const std::string& path)
{
    const Guard lock(m_disk->mutex);
    const std::string whole = Trimmed(path);
    for (size_t slash = whole.find('/', 1); slash != std::string::npos; slash = whole.find('/', slash + 1)) {
        m_disk->directories.insert(whole.substr(0, slash));
    }
    m_disk->directories.insert(whole);
    return {};
}

StorageResult<void> MemoryFiles::SyncDirectory(const std::string&)
{
    const Guard lock(m_disk->mutex);
    if (m_disk->cut) return Broken(StorageError::Io, "the power is cut");
    return {};
}

StorageResult<std::unique_ptr<FileLock>> MemoryFiles::Lock(const std::string& path)
{
    {
        const Guard lock(m_disk->mutex);
        if (!m_disk->locks.insert(path).second) return Broken(StorageError::InUse, path);
    }
    return std::unique_ptr<FileLock>(std::make_unique<Held>(m_disk, path));
}

} // namespace emc::storage
