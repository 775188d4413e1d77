/// A file of a SIP server while it is read: what it is, its bytes, and how far it was read. Internal to this
/// room.
#pragma once

#include "base/bytes.h"
#include "base/expected.h"
#include "calls/cdr.h"

#include <optional>
#include <string>

namespace emc::calls {

/// How far a file was read.
struct ImportMark {
    uint64_t inode = 0; ///< of the file that was read: a rotated one begins anew
    base::Hash256 seen; ///< SourceFile::SeenAt of `offset`
    uint64_t offset = 0;
    uint64_t lines = 0; ///< before `offset`
    CdrState state;
};

/// So many bytes at the beginning of what was read, and at its end, tell a file from another one.
inline constexpr size_t SEEN_BYTES = 256;
/// Each part of this size is on disk before the next one is read.
inline constexpr size_t IMPORT_PART_BYTES = size_t{4} << 20;

[[nodiscard]] base::Bytes Encode(const ImportMark& mark);
/// nullopt unless the bytes are exactly one mark.
[[nodiscard]] std::optional<ImportMark> DecodeImportMark(base::ByteSpan in);

/// An open file that is only read. One thread.
class SourceFile
{
public:
    struct Facts {
        uint64_t inode = 0;
        uint64_t size = 0;
        int64_t changed_ns = 0; ///< time of the last change, unix
    };

    explicit SourceFile(const std::string& path);
    ~SourceFile();
    SourceFile(const SourceFile&) = delete;
    SourceFile& operator=(const SourceFile&) = delete;

    /// What it is now; the error says why it is no file that can be read.
    [[nodiscard]] base::Expected<Facts, std::string> Look() const;
    /// Bytes from an offset, as many as there are up to `most`.
    [[nodiscard]] base::Expected<std::string, std::string> Read(uint64_t offset, size_t most) const;
    /// SHA-256 of the first and the last bytes before `offset`; nullopt when they cannot be read.
    [[nodiscard]] std::optional<base::Hash256> SeenAt(uint64_t offset) const;
    /// True when this is the file of a mark, and nothing of what was read changed.
    [[nodiscard]] bool Continues(const ImportMark& mark, const Facts& facts) const;

private:
    int m_fd;
    std::string m_path;
};

/// Reads the records of the next part of a file and moves the mark behind it. `last`: the part ends where the
/// file does, and nothing will be added to it. A mark of a byte order at the beginning is passed over. Lines
/// of the result count from the beginning of the file. The error says what is wrong with the whole file.
[[nodiscard]] base::Expected<CdrResult, std::string>
ReadPart(std::string_view text, const CdrOptions& options, ImportMark& mark, bool last);

} // namespace emc::calls
