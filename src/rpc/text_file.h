/// Files on the node's computer that calls write and read.
#pragma once

#include "base/expected.h"

#include <string>

namespace emc::rpc {

/// Writes a new file for its owner alone, and to the disk; a sentence when that fails, "" when it is done.
[[nodiscard]] std::string WriteNewTextFile(const std::string& path, const std::string& text);
/// The whole file; a sentence when it cannot be read or is larger than `max_bytes`.
[[nodiscard]] base::Expected<std::string, std::string> ReadTextFile(const std::string& path,
                                                                    size_t max_bytes);

/// A file below a folder: `path` is relative, without ".." and without symbolic links on the way. A sentence
/// when it is not, is no plain file, or is larger than `max_bytes`.
[[nodiscard]] base::Expected<std::string, std::string>
ReadFileBelow(const std::string& folder, const std::string& path, size_t max_bytes);

} // namespace emc::rpc
