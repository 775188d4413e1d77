/// The file a whole state travels in: headers, coins, names and watermarks of rewards as of one block
/// (doc/snapshot.md). Both sides stream: memory does not grow with the file.
#pragma once

#include "base/expected.h"
#include "crypto/muhash.h"
#include "crypto/sha256.h"
#include "names/state.h"
#include "primitives/block.h"
#include "reward/watermark.h"
#include "storage/file_system.h"
#include "storage/schema.h"

namespace emc::chain {

/// The format this program writes and the only one it reads.
inline constexpr uint32_t SNAPSHOT_FORMAT = 2;

/// Why a snapshot was not written or not taken.
enum class SnapshotError : uint8_t {
    NotFound,      ///< no such file
    Exists,        ///< the file to write is there already
    NotASnapshot,  ///< another kind of file
    NewerFormat,   ///< of a newer version of this program
    WrongNetwork,  ///< of another network
    Truncated,     ///< ends too early
    Checksum,      ///< bytes were changed
    Malformed,     ///< does not fit itself: order, counts, links, rows
    UnknownBase,   ///< nobody vouches for a state at this block
    WrongState,    ///< the content is not the state that was vouched for
    NotAhead,      ///< the present chain is at least as good
    OtherChain,    ///< the present chain is not below the snapshot
    AlreadyLoaded, ///< the history of an earlier one is not validated yet
    Busy,          ///< another dump or load is running
    NothingThere,  ///< no block to take a snapshot at
    Interrupted,   ///< the node stops
    Disk,          ///< reading or writing failed
};

struct SnapshotFault {
    SnapshotError code = SnapshotError::Disk;
    std::string text; ///< for the user: what, where, what would be right
};

template <typename T>
using SnapshotResult = base::Expected<T, SnapshotFault>;

/// `return NoSnapshot(SnapshotError::Checksum, path + " …");`
[[nodiscard]] base::Unexpected<SnapshotFault> NoSnapshot(SnapshotError code, std::string text);
/// A failed read or write.
[[nodiscard]] base::Unexpected<SnapshotFault> NoSnapshot(const storage::StorageFailure& failure);

/// The folder a path lies in.
[[nodiscard]] std::string ParentOf(const std::string& path);

/// What stands in front of a snapshot.
struct SnapshotHead {
    uint32_t magic_be = 0; ///< of the network
    base::Hash256 base;    ///< the block the state belongs to
    int32_t height = 0;    ///< of the base, at least 1
    uint64_t chain_tx_count = 0;
    int64_t supply = 0;     ///< sum of all coins, units
    base::Hash256 modifier; ///< stake modifier after the base
    uint64_t coins = 0;
    uint64_t names = 0;
    uint64_t watermarks = 0;

    bool operator==(const SnapshotHead&) const = default;
};

/// What a state comes down to.
struct StateHashes {
    base::Hash256 coins; ///< hash_serialized_3 of gettxoutsetinfo
    base::Hash256 names; ///< hash_name of name_indexinfo
    base::Hash256 state; ///< commits to all rows, to everything in the head and to nothing else

    bool operator==(const StateHashes&) const = default;
};

/// Takes rows of the state store in key order. Value type.
class StateHasher
{
public:
    /// Keys with their prefix, rows as stored.
    void Coin(base::ByteSpan key, base::ByteSpan row);
    void Name(base::ByteSpan key, base::ByteSpan row);
    void Watermark(base::ByteSpan key, base::ByteSpan row);
    /// Once, at the end; `head` with all its fields.
    [[nodiscard]] StateHashes Finish(const SnapshotHead& head);

private:
    crypto::Sha256 m_coin_rows;
    crypto::Sha256 m_name_rows;
    crypto::Sha256 m_watermark_rows;
    crypto::Sha256 m_coins;
    crypto::MuHash3072 m_names;
};

/// Writes PATH.incomplete and gives it its name at the end. One thread.
class SnapshotWriter
{
public:
    /// Errors: Exists, Disk.
    [[nodiscard]] static SnapshotResult<SnapshotWriter> Create(storage::FileSystem& files,
                                                               const std::string& path);
    SnapshotWriter(SnapshotWriter&& other) noexcept;
    SnapshotWriter& operator=(SnapshotWriter&&) = delete;
    /// Removes what is not finished.
    ~SnapshotWriter();

    /// In this order: headers from height 1 to the base, coins, names and watermarks by
    /// key. Error: Disk.
    [[nodiscard]] SnapshotResult<void> Header(const primitives::PlainHeader& header);
    [[nodiscard]] SnapshotResult<void> Coin(base::ByteSpan key, base::ByteSpan row);
    [[nodiscard]] SnapshotResult<void> Name(base::ByteSpan key, base::ByteSpan row);
    [[nodiscard]] SnapshotResult<void> Watermark(base::ByteSpan key, base::ByteSpan row);
    /// Sets the counts of `head`, makes the file durable and renames it. Errors: Exists, Disk.
    [[nodiscard]] SnapshotResult<StateHashes> Finish(SnapshotHead& head);

private:
    SnapshotWriter(storage::FileSystem& files, std::string path, std::unique_ptr<storage::File> file);
    [[nodiscard]] SnapshotResult<void> Append(base::ByteSpan bytes);
    [[nodiscard]] SnapshotResult<void> WriteOut();

    storage::FileSystem* m_files;
    std::string m_path;
    std::unique_ptr<storage::File> m_file;
    base::Bytes m_buffer;
    uint64_t m_offset = 0; ///< of what is in the buffer
    crypto::Sha256 m_body;
    StateHasher m_hasher;
    uint64_t m_coins = 0;
    uint64_t m_names = 0;
    uint64_t m_watermarks = 0;
};

/// Gets the content of a snapshot in the order of the file. Any fault ends the reading.
class SnapshotSink
{
public:
    virtual ~SnapshotSink() = default;
    [[nodiscard]] virtual SnapshotResult<void> OnHeader(const primitives::PlainHeader& header) = 0;
    [[nodiscard]] virtual SnapshotResult<void> OnCoin(base::ByteSpan key, base::ByteSpan row) = 0;
    [[nodiscard]] virtual SnapshotResult<void> OnName(std::string_view name, const names::NameRecord& record,
                                                      base::ByteSpan row) = 0;
    [[nodiscard]] virtual SnapshotResult<void> OnWatermark(const reward::Watermark& watermark) = 0;
    /// Now and then: how many of the file's bytes were read.
    [[nodiscard]] virtual SnapshotResult<void> OnProgress(uint64_t bytes) = 0;
};

/// Reads a snapshot that may hold anything. One thread.
class SnapshotReader
{
public:
    /// Reads the head. Errors: NotFound, NotASnapshot, NewerFormat, WrongNetwork, Truncated, Malformed, Disk.
    [[nodiscard]] static SnapshotResult<SnapshotReader> Open(storage::FileSystem& files,
                                                             const std::string& path, uint32_t magic_be);

    [[nodiscard]] const SnapshotHead& Head() const { return m_head; }

    [[nodiscard]] uint64_t FileBytes() const { return m_size; }

    /// Reads everything: headers must lead from the genesis block to the base, keys must rise, rows be
    /// canonical and fit the base's height, sums and counts be those of the head, the checksum right. The
    /// sink gets rows before the checksum is known. Errors: Truncated, Checksum, Malformed, Disk, the sink's.
    [[nodiscard]] SnapshotResult<StateHashes> Read(const base::Hash256& genesis, SnapshotSink& sink);

private:
    SnapshotReader(std::string path, std::unique_ptr<storage::File> file, uint64_t size);
    [[nodiscard]] SnapshotResult<void> ReadHead(uint32_t magic_be);
    [[nodiscard]] SnapshotResult<void> ReadHeaders(const base::Hash256& genesis, SnapshotSink& sink);
    [[nodiscard]] SnapshotResult<void> ReadCoins(SnapshotSink& sink);
    [[nodiscard]] SnapshotResult<void> ReadNames(SnapshotSink& sink);
    [[nodiscard]] SnapshotResult<void> ReadWatermarks(SnapshotSink& sink);
    /// The next n bytes, good until the next call.
    [[nodiscard]] SnapshotResult<base::ByteSpan> Take(size_t n);
    /// A length of at most `max`, then that many bytes.
    [[nodiscard]] SnapshotResult<base::ByteSpan> TakeSized(size_t max);
    [[nodiscard]] base::Unexpected<SnapshotFault> Bad(SnapshotError code, const std::string& what) const;

    std::string m_path;
    std::unique_ptr<storage::File> m_file;
    uint64_t m_size;
    SnapshotHead m_head;
    base::Bytes m_head_bytes;
    base::Bytes m_buffer;
    size_t m_at = 0;       ///< in the buffer
    uint64_t m_offset = 0; ///< of the buffer's end in the file
    crypto::Sha256 m_body;
    StateHasher m_hasher;
};

} // namespace emc::chain
