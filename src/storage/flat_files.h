/// Numbered append-only files of framed records: blk00000.dat holds blocks, rev00000.dat what undoes them.
#pragma once

#include "base/bytes.h"
#include "base/function.h"
#include "storage/file_pos.h"
#include "storage/file_system.h"

#include <map>

namespace emc::storage {

/// What looking through one file for frames found. `end` is behind the last whole frame; `cut_off` tells that
/// the file ends inside a frame, `foreign` that it was read from its first byte, holds no frame, and begins
/// with something other than the magic or zeros.
struct ScanResult {
    uint64_t end = 0;
    uint64_t frames = 0;
    bool cut_off = false;
    bool foreign = false;
};

/// A file that may hold frames.
struct FrameFile {
    std::string path;
    std::array<uint8_t, 4> magic{};
    size_t trailer_bytes = 0;
    uint64_t from = 0; ///< where to begin
};

/// Shows everything in a file from an offset on that looks like a frame, payload by payload; `visit` gets the
/// payload's offset and says whether it is one (else the search goes on inside it). Bytes that belong to no
/// frame are skipped. Errors: NotFound, Io.
using FrameVisitor = std::function<bool(uint64_t offset, base::ByteSpan payload)>;
[[nodiscard]] StorageResult<ScanResult> ScanFrames(FileSystem& files, const FrameFile& file,
                                                   const FrameVisitor& visit);

/// A number as four bytes, the highest first, as magics are written.
[[nodiscard]] std::array<uint8_t, 4> BigEndian(uint32_t v);

/// A frame is magic (4 bytes) ‖ payload length (u32, little-endian) ‖ payload ‖ trailer (a fixed number of
/// bytes), the layout of Bitcoin's block files, so that its tools read them. Files are preallocated with
/// zeros beyond the last frame. One thread appends; any number may Read at the same time.
class FlatFiles
{
public:
    struct Options {
        std::string directory;
        std::string prefix;    ///< "blk"
        uint32_t magic_be = 0; ///< first byte on disk is the highest
        uint64_t max_file_bytes = uint64_t{128} << 20;
        uint64_t chunk_bytes = uint64_t{16} << 20; ///< preallocation step; 0: none
        size_t trailer_bytes = 0;
    };

    /// Longest payload.
    static constexpr uint32_t MAX_PAYLOAD_BYTES = uint32_t{1} << 28;

    FlatFiles(FileSystem& files, Options options);

    /// Sets where the next frame goes (found in the index on start). What lies behind is overwritten.
    void SetEnd(int32_t file, uint64_t offset);

    /// The same, and the next Sync covers the file: its frames up to there were found, but may not be durable
    /// yet.
    [[nodiscard]] StorageResult<void> Adopt(FilePos end);

    /// File number and offset behind the last frame.
    [[nodiscard]] FilePos End() const { return m_end; }

    /// Writes one frame and gives its payload's place. Not durable before Sync. Errors: DiskFull, Io; then
    /// nothing counts as written.
    [[nodiscard]] StorageResult<FilePos> Append(base::ByteSpan payload, base::ByteSpan trailer = {});
    /// Makes every frame appended so far durable.
    [[nodiscard]] StorageResult<void> Sync();
    /// Cuts off what was preallocated behind the last frame, so that nobody reads zeros to find its end. Need
    /// not be durable; Append preallocates again.
    [[nodiscard]] StorageResult<void> Trim();

    struct Record {
        base::Bytes payload;
        base::Bytes trailer;
    };

    /// Errors: NotFound (no such file), Corrupt (no frame there, cut off), Io. The detail names file and
    /// offset.
    [[nodiscard]] StorageResult<Record> Read(FilePos pos) const;

    /// ScanFrames over one of the files.
    using ScanResult = storage::ScanResult;
    using Visitor = std::function<bool(FilePos, base::ByteSpan payload)>;
    [[nodiscard]] StorageResult<ScanResult> Scan(int32_t file, uint64_t from, const Visitor& visit) const;

    /// Numbers of the files that exist, ascending.
    [[nodiscard]] StorageResult<std::vector<int32_t>> Numbers() const;
    /// Deletes whole files, those that are there. The file of End() is never among them.
    [[nodiscard]] StorageResult<void> Remove(std::span<const int32_t> numbers);
    /// Size of one file; 0 when there is none.
    [[nodiscard]] uint64_t Bytes(int32_t file) const;
    /// Sizes of all files together.
    [[nodiscard]] uint64_t DiskBytes() const;
    [[nodiscard]] std::string PathOf(int32_t file) const;

private:
    [[nodiscard]] StorageResult<File*> OpenForWriting(int32_t file);

    FileSystem& m_files;
    const Options m_options;
    const std::array<uint8_t, 4> m_magic;
    FilePos m_end{0, 0};
    std::map<int32_t, std::unique_ptr<File>> m_open; ///< written since the last Sync, and the current one
};

} // namespace emc::storage
