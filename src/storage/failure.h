/// Why a store or file could not do what was asked.
#pragma once

#include "base/expected.h"

#include <string>
#include <string_view>

namespace emc::storage {

enum class StorageError : uint8_t {
    NotFound,     ///< no such key or file
    Corrupt,      ///< bytes are there but wrong: bad checksum, cut off, not in the format
    Io,           ///< the operating system refused
    DiskFull,     ///< no space left
    InUse,        ///< another process holds the store
    NewerVersion, ///< written by a newer version of this program
    WrongNetwork, ///< data of another network
    Pruned,       ///< blocks that are needed were removed to save space
};
/// A sentence for people.
[[nodiscard]] std::string_view Text(StorageError error);

/// The error, and which path, offset and reason.
struct StorageFailure {
    StorageError code = StorageError::Io;
    std::string detail;
};

/// "no space left on the disk: /data/blocks/blk00000.dat"
[[nodiscard]] std::string Describe(const StorageFailure& failure);

template <typename T>
using StorageResult = base::Expected<T, StorageFailure>;

/// `return Broken(StorageError::Corrupt, path);`
[[nodiscard]] base::Unexpected<StorageFailure> Broken(StorageError code, std::string detail);

} // namespace emc::storage
