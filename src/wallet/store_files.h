/// Files of a wallet on the disk: copies, logs, what Berkeley DB has to say. For store*.cpp and tools only.
#pragma once

#include "crypto/sha256.h"
#include "wallet/store.h"

class Dbt; // of Berkeley DB

namespace emc::wallet {

inline constexpr const char* FILE_NAME = "wallet.dat";
inline constexpr const char* NEW_SUFFIX = ".new"; ///< a file that is to take another's place
inline constexpr const char* LOG_FOLDER = "database";
inline constexpr const char* LOCK_NAME = ".walletlock";
inline constexpr const char* TABLE_NAME = "main";

/// Berkeley DB gets memory that holds nothing of anybody, since it writes pages with whatever was there, and
/// what it gives back is wiped. Before its first use; again does nothing.
void PrepareLibrary();
[[nodiscard]] Dbt DbtOf(ByteSpan in);
[[nodiscard]] ByteSpan SpanOf(const Dbt& dbt);
/// A code of Berkeley DB or the system about a file.
[[nodiscard]] StoreFailure FailureOf(int code, const std::string& path);
/// The failure for a file that is damaged, in words.
[[nodiscard]] StoreFailure DamageOf(const std::string& path, const std::string& reason);
/// For a folder without a wallet file whose log folder is not empty: a new file would be "recovered" to
/// something that never was, and the newest rows of the old one may be in the log alone.
[[nodiscard]] StoreFailure OrphanedLog(const std::string& logs);
/// Makes new and removed entries of a folder survive a power cut.
void SyncFolder(const std::string& folder);
/// The same for a folder's own entry, and those of the folders it is in: they may all be new.
void SyncAbove(const std::string& folder);
/// 0, or errno.
[[nodiscard]] int SyncFile(const std::string& path);
/// False with errno.
[[nodiscard]] bool CopyFile(const std::string& from, const std::string& to);
/// Gives a finished file its name for good, where nothing has that name. False with errno.
[[nodiscard]] bool PlaceFile(const std::string& from, const std::string& to);
/// Overwrites a file with zeros and removes it; one with a second name is only removed. Not being there is
/// fine.
void WipeFile(const std::string& path);

/// Log files of the environment, by name.
[[nodiscard]] std::vector<std::string> LogFiles(const std::string& folder);
enum class Secrets : uint8_t { Stay, Wipe };
/// Removes the log, on request overwritten first. After a crash on the way the rest is no log any more.
void RemoveLogs(const std::string& folder, Secrets secrets);
/// What an interrupted RemoveLogs left.
void WipeRetiredLogs(const std::string& folder);

/// Reads all rows of a file that no environment has open. Berkeley DB's code, DB_NOTFOUND at the end of a
/// whole file.
[[nodiscard]] int ReadAlone(const std::string& path,
                            const std::function<void(ByteSpan key, ByteSpan value)>& visit);
/// Makes a file forget the log it was written with. In an environment of its own: files are known there by an
/// id that a copy shares with its original.
[[nodiscard]] int ForgetLog(const std::string& path);

/// Tells whether two files hold the same rows in the same order.
class RowDigest
{
public:
    void Add(ByteSpan key, ByteSpan value);
    bool operator==(const RowDigest& other) const;

private:
    uint64_t m_rows = 0;
    crypto::Sha256 m_hash;
};

} // namespace emc::wallet
