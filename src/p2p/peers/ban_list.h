/// Who may not connect: bans by the operator, and discouragement of those who misbehaved.
#pragma once

#include "base/mutex.h"
#include "p2p/net/range.h"
#include "p2p/relay/rolling_filter.h"
#include "storage/file_system.h"

namespace emc::p2p {

inline constexpr int64_t DEFAULT_BAN_SEC = 24 * 60 * 60;
/// Bans kept; further ones are refused until some end or are lifted.
inline constexpr size_t MAX_BANS = 10'000;
/// Addresses that are discouraged at a time, and how often a stranger is by chance.
inline constexpr size_t DISCOURAGED_ADDRESSES = 50'000;
inline constexpr double DISCOURAGED_FALSE_POSITIVE = 0.000001;

struct Ban {
    NetRange range = NetRange::Of({});
    int64_t created_sec = 0; ///< unix
    int64_t until_sec = 0;   ///< unix

    bool operator==(const Ban&) const = default;
};

/// The operator's bans, kept in banlist.json, and the addresses that misbehaved, kept in memory alone: they
/// may connect while there is room and are the first to go. Any thread; a mutex of rank Peers, held for
/// memory work.
class BanList
{
public:
    explicit BanList(base::RandomSource& random);

    /// Bans until `until_sec`, replacing an entry for the same range that ends earlier. False when one that
    /// ends later stands, the time is past, or the list is full.
    bool Add(const NetRange& range, int64_t now_sec, int64_t until_sec);
    /// False when there is no entry for exactly this range.
    bool Remove(const NetRange& range);
    void Clear();
    [[nodiscard]] bool IsBanned(const NetAddress& address, int64_t now_sec) const;
    /// Those that have not ended.
    [[nodiscard]] std::vector<Ban> List(int64_t now_sec) const;

    void Discourage(const NetAddress& address);
    [[nodiscard]] bool IsDiscouraged(const NetAddress& address) const;

    /// Writes the list when it changed since it was read or written. Errors: DiskFull, Io, and Corrupt while
    /// a file stands there that Load refused.
    [[nodiscard]] storage::StorageResult<void> Save(storage::FileSystem& files, const std::string& path,
                                                    int64_t now_sec);
    /// Replaces the list by the file's; a missing file is an empty list. Errors: Corrupt (the file and its
    /// first wrong entry are named; the list is then empty, and the file stays as it is), Io.
    [[nodiscard]] storage::StorageResult<void> Load(storage::FileSystem& files, const std::string& path);

private:
    using Mutex = base::Mutex<base::LockRank::Peers>;

    mutable Mutex m_mutex;
    std::vector<Ban> m_bans EMC_GUARDED_BY(m_mutex);
    bool m_changed EMC_GUARDED_BY(m_mutex) = false;
    bool m_refused EMC_GUARDED_BY(m_mutex) = false; ///< Load has refused the file
    RollingFilter m_discouraged EMC_GUARDED_BY(m_mutex);
};

} // namespace emc::p2p
