/// LevelDB on top of a FileSystem, for stores whose files a test controls. Internal to this room.
#pragma once

#include "storage/file_system.h"

namespace leveldb {
class Env;
class Logger;
} // namespace leveldb

namespace emc::storage {

/// An Env that keeps its files in `files`; threads and time are LevelDB's own. `files` must outlive it.
[[nodiscard]] std::unique_ptr<leveldb::Env> MakeLevelEnv(FileSystem& files);
/// A logger that drops everything (LevelDB's own LOG file says nothing a user needs).
[[nodiscard]] std::unique_ptr<leveldb::Logger> MakeSilentLogger();

} // namespace emc::storage
