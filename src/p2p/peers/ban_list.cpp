#include "p2p/peers/ban_list.h"

#include "codec/json.h"
#include "storage/small_file.h"

#include <algorithm>

namespace emc::p2p {
namespace {

using codec::Json;
using storage::Broken;
using storage::StorageError;

// The format other nodes of the family write.
constexpr const char* LIST = "banned_nets";
constexpr const char* ADDRESS = "address";
constexpr const char* CREATED = "ban_created";
constexpr const char* UNTIL = "banned_until";
constexpr const char* VERSION = "version";

std::optional<Ban> ReadBan(const Json& entry)
{
    if (!entry.isObject() || !entry[ADDRESS].isStr()) return std::nullopt;
    const auto range = NetRange::Parse(entry[ADDRESS].getValStr());
    const auto created = codec::JsonInteger(entry[CREATED]);
    const auto until = codec::JsonInteger(entry[UNTIL]);
    if (!range || !created || !until) return std::nullopt;
    return Ban{.range = *range, .created_sec = *created, .until_sec = *until};
}

Json WriteBan(const Ban& ban)
{
    Json entry = codec::JsonObject();
    entry.pushKV(VERSION, 1);
    entry.pushKV(CREATED, ban.created_sec);
    entry.pushKV(UNTIL, ban.until_sec);
    entry.pushKV(ADDRESS, ban.range.ToText());
    return entry;
}

storage::StorageResult<std::vector<Ban>> ReadList(base::ByteSpan bytes, const std::string& path)
{
    const auto json = codec::ParseJson(base::AsText(bytes));
    if (!json) {
        return Broken(StorageError::Corrupt,
                      path + ": byte " + std::to_string(json.Error().offset) + ": " + json.Error().reason);
    }
    if (!json->isObject() || !(*json)[LIST].isArray())
        return Broken(StorageError::Corrupt, path + ": no list named " + LIST);
    std::vector<Ban> bans;
    for (const Json& entry : (*json)[LIST].getValues()) {
        const auto ban = ReadBan(entry);
        if (!ban) {
            return Broken(StorageError::Corrupt, path + ": entry " + std::to_string(bans.size() + 1) +
                                                     " is no ban: " + codec::WriteJson(entry));
        }
        if (bans.size() == MAX_BANS)
            return Broken(StorageError::Corrupt, path + ": more than " + std::to_string(MAX_BANS) + " bans");
        bans.push_back(*ban);
    }
    return bans;
}

base::Bytes DiscouragedKey(const NetAddress& address)
{
    return Endpoint{.address = address, .port = 0}.Key();
}

} // namespace

BanList::BanList(base::RandomSource& random)
    : m_discouraged(DISCOURAGED_ADDRESSES, DISCOURAGED_FALSE_POSITIVE, random)
{}

bool BanList::Add(const NetRange& range, int64_t now_sec, int64_t until_sec)
{
    if (until_sec <= now_sec) return false;
    const base::LockGuard lock(m_mutex);
    std::erase_if(m_bans, [now_sec](const Ban& ban) { return ban.until_sec <= now_sec; });
    const auto same =
        std::find_if(m_bans.begin(), m_bans.end(), [&range](const Ban& ban) { return ban.range == range; });
    if (same != m_bans.end()) {
        if (same->until_sec >= until_sec) return false;
        *same = {.range = range, .created_sec = now_sec, .until_sec = until_sec};
    } else {
        if (m_bans.size() >= MAX_BANS) return false;
        m_bans.push_back({.range = range, .created_sec = now_sec, .until_sec = until_sec});
    }
    m_changed = true;
    return true;
}

bool BanList::Remove(const NetRange& range)
{
    const base::LockGuard lock(m_mutex);
    const bool removed = std::erase_if(m_bans, [&range](const Ban& ban) { return ban.range == range; }) > 0;
    m_changed = m_changed || removed;
    return removed;
}

void BanList::Clear()
{
    const base::LockGuard lock(m_mutex);
    m_bans.clear();
    m_changed = true;
}

bool BanList::IsBanned(const NetAddress& address, int64_t now_sec) const
{
    const base::LockGuard lock(m_mutex);
    return std::any_of(m_bans.begin(), m_bans.end(), [&](const Ban& ban) {
        return ban.until_sec > now_sec && ban.range.Contains(address);
    });
}

std::vector<Ban> BanList::List(int64_t now_sec) const
{
    const base::LockGuard lock(m_mutex);
    std::vector<Ban> out;
    std::copy_if(m_bans.begin(), m_bans.end(), std::back_inserter(out),
                 [now_sec](const Ban& ban) { return ban.until_sec > now_sec; });
    return out;
}

void BanList::Discourage(const NetAddress& address)
{
    const base::LockGuard lock(m_mutex);
    m_discouraged.Add(DiscouragedKey(address));
}

bool BanList::IsDiscouraged(const NetAddress& address) const
{
    const base::LockGuard lock(m_mutex);
    return m_discouraged.Contains(DiscouragedKey(address));
}

storage::StorageResult<void> BanList::Save(storage::FileSystem& files, const std::string& path,
                                           int64_t now_sec)
{
    Json list = codec::JsonArray();
    {
        const base::LockGuard lock(m_mutex);
        if (!m_changed) return {};
        if (m_refused && files.Exists(path))
            return Broken(StorageError::Corrupt,
                          path + ": left as it is; move it away so that bans can be kept");
        m_refused = false;
        m_changed = false;
        for (const Ban& ban : m_bans) {
            if (ban.until_sec > now_sec) list.push_back(WriteBan(ban));
        }
    }
    Json whole = codec::JsonObject();
    whole.pushKV(LIST, list);
    auto done = ReplaceFile(files, path, base::AsBytes(codec::WriteJson(whole, 4) + "\n"));
    if (!done) {
        const base::LockGuard lock(m_mutex);
        m_changed = true;
    }
    return done;
}

storage::StorageResult<void> BanList::Load(storage::FileSystem& files, const std::string& path)
{
    std::vector<Ban> bans;
    storage::StorageResult<void> result;
    if (const auto bytes = storage::ReadWholeFile(files, path); !bytes) {
        if (bytes.Error().code != StorageError::NotFound) result = base::Unexpected(bytes.Error());
    } else if (auto list = ReadList(*bytes, path); !list) {
        result = base::Unexpected(list.Error());
    } else {
        bans = std::move(*list);
    }
    const base::LockGuard lock(m_mutex);
    m_bans = std::move(bans);
    m_changed = false;
    m_refused = !result;
    return result;
}

} // namespace emc::p2p
