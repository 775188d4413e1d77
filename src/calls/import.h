/// Files of SIP servers, read into the store from where they were left.
#pragma once

#include "calls/call_store.h"
#include "calls/cdr.h"

namespace emc::calls {

/// How far a file was read.
struct ImportMark {
    uint64_t inode = 0; ///< of the file that was read: a rotated one begins anew
    base::Hash256 head; ///< SHA-256 of its first bytes, at most MARK_HEAD_BYTES and not beyond `offset`
    uint64_t offset = 0;
    uint64_t lines = 0; ///< before `offset`
    CdrState state;
};

inline constexpr size_t MARK_HEAD_BYTES = 256;

[[nodiscard]] base::Bytes Encode(const ImportMark& mark);
/// nullopt unless the bytes are exactly one mark.
[[nodiscard]] std::optional<ImportMark> DecodeImportMark(base::ByteSpan in);

/// What is to be read, and how.
struct ImportJob {
    std::string file;
    CdrOptions options;
    bool whole = true;
    std::function<bool()> stop; ///< asked between parts; may be empty
};

inline constexpr size_t IMPORT_PART_BYTES = size_t{4} << 20;

/// Reads what was added to a file since the last time. A file that is another one now, or shorter, is read
/// from its beginning; the store knows calls it has. Each part of IMPORT_PART_BYTES is on disk before the
/// next one is read. Any thread; two that read one file at a time do no harm, the store knows calls it has.
/// Failures: −8 no such file or it cannot be read, −1 the store.
[[nodiscard]] base::Expected<interfaces::CallsImported, interfaces::Failure> ImportFile(CallStore& store,
                                                                                        const ImportJob& job);

} // namespace emc::calls
