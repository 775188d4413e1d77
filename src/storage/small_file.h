/// Small files that are read and written whole: known addresses, bans, fee estimates.
#pragma once

#include "storage/file_system.h"

namespace emc::storage {

/// Puts `content` in place of the file, durably: a crash leaves the old or the new content, never a mixture.
/// Errors: DiskFull, Io.
[[nodiscard]] StorageResult<void> ReplaceFile(FileSystem& files, const std::string& path,
                                              base::ByteSpan content);

/// The frame of the binary ones: what it is and for which network, a version, the content, a checksum.
struct FileFrame {
    uint32_t magic_be = 0; ///< the network's, as in consensus::Params
    std::string_view kind; ///< four letters
    uint32_t version = 1;  ///< the only one that is read
};

[[nodiscard]] base::Bytes WrapFile(const FileFrame& frame, base::ByteSpan content);
/// The content. `path` is for the error: Corrupt, WrongNetwork or NewerVersion.
[[nodiscard]] StorageResult<base::Bytes> UnwrapFile(const FileFrame& frame, base::ByteSpan file,
                                                    const std::string& path);

} // namespace emc::storage
