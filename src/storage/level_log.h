/// Logs of LevelDB that end in a write which lost power. Internal to this room.
#pragma once

#include "storage/file_system.h"

namespace emc::storage {

/// Where the last whole record of a log ends, when all that follows can only be one record of which a power
/// cut kept parts (later pages there, earlier ones not). nullopt when nothing is wrong, when the log merely
/// ends early (LevelDB copes with that itself), and when anything else is wrong: that is damage and stays.
/// The format is that of LevelDB's doc/log_format.md.
[[nodiscard]] std::optional<uint64_t> UnfinishedTail(base::ByteSpan log);

/// Cuts such a tail off the newest log and the newest manifest of a store nobody has open; takes its lock.
/// Every write to a store is synced before the next, so the tail is a write nobody was told to be done. True
/// when something was cut. Errors: InUse, Io.
[[nodiscard]] StorageResult<bool> DropUnfinishedTails(FileSystem& files, const std::string& directory);

} // namespace emc::storage
