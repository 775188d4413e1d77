/// Small text files: read again when they change, or replaced as a whole.
#pragma once

#include "base/bytes.h"

namespace emc::dns {

/// What tells one content of a file from the next; equal while the file stays as it is.
struct FileStamp {
    int64_t modified_ns = -1; ///< −1: not there
    int64_t bytes = 0;
    uint64_t inode = 0;
    bool operator==(const FileStamp&) const = default;
};

[[nodiscard]] FileStamp StampOf(const std::string& path);
/// The whole file; nullopt when it cannot be read or is longer than `max_bytes`.
[[nodiscard]] std::optional<std::string> ReadSmallFile(const std::string& path, size_t max_bytes);

/// Puts a file readable by its owner alone in the place of another, in one step and on the disk when this
/// returns; false when the system would not, with its reason in errno. One caller at a time for each path.
[[nodiscard]] bool ReplaceSmallFile(const std::string& path, std::string_view text);

inline constexpr size_t MAX_LIST_FILE_BYTES = size_t{4} * 1024 * 1024;

} // namespace emc::dns
