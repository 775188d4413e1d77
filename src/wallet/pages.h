/// Pages of a Berkeley DB 5.3 btree file, read without Berkeley DB, which trusts what is on them: a damaged
/// one may end the program. For the files of this room only.
#pragma once

#include "base/bytes.h"

#include <iosfwd>
#include <map>
#include <string>

namespace emc::wallet {

using base::Bytes;
using base::ByteSpan;

/// Is the file's log there? Then its last pages may not be written yet.
enum class FileLog : uint8_t { There, Gone };

/// What is wrong with the pages of a file: their kind, sums and number, and without a log what leads from one
/// to another. Empty: nothing.
[[nodiscard]] std::string PageDamage(const std::string& path, FileLog log);
/// The same of a stream that stands at its beginning and can seek.
[[nodiscard]] std::string PageDamage(std::istream& in, FileLog log);
/// Rows on the pages of a file, as far as they can be read; damage of other pages or rows does not matter.
[[nodiscard]] std::map<Bytes, Bytes> RowsOnPages(ByteSpan file);

} // namespace emc::wallet
