#include "storage/level_log.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace emc::storage {
namespace {

constexpr size_t BLOCK_BYTES = 32'768;
constexpr size_t HEAD_BYTES = 7;
constexpr size_t SECTOR_BYTES = 512;               ///< what a disk writes at once
constexpr size_t SHORTEST_HOLE = 16;               ///< fewer zeros may well be content
constexpr uint32_t CRC32C_POLYNOMIAL = 0x82f63b78; // reflected
constexpr uint32_t MASK_DELTA = 0xa282ead8;

enum : uint8_t { LOST = 0, FULL = 1, FIRST = 2, MIDDLE = 3, LAST = 4 };

constexpr std::array<uint32_t, 256> MakeTable()
{
    std::array<uint32_t, 256> out{};
    for (uint32_t i = 0; i < out.size(); ++i) {
        uint32_t rest = i;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest >> 1) ^ ((rest & 1) != 0 ? CRC32C_POLYNOMIAL : 0);
        out[i] = rest;
    }
    return out;
}

/// As a log stores it: rotated and shifted.
uint32_t MaskedCrc(base::ByteSpan in)
{
    static constexpr auto TABLE = MakeTable();
    uint32_t crc = 0xffffffff;
    for (const uint8_t byte : in)
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xff];
    crc = ~crc;
    return ((crc >> 15) | (crc << 17)) + MASK_DELTA;
}

/// A piece of a record; pieces do not cross blocks.
struct Fragment {
    uint8_t type = LOST;
    size_t end = 0; ///< offset behind it
    uint32_t crc = 0;
};

/// nullopt when the log is too short for what the head says, or the head says what no writer writes.
std::optional<Fragment> FragmentAt(base::ByteSpan log, size_t at)
{
    const size_t room = BLOCK_BYTES - at % BLOCK_BYTES;
    if (room < HEAD_BYTES || log.size() - at < HEAD_BYTES) return std::nullopt;
    Fragment out;
    std::memcpy(&out.crc, log.data() + at, sizeof(out.crc));
    const size_t length = log[at + 4] + size_t{log[at + 5]} * 256;
    out.type = log[at + 6];
    out.end = at + HEAD_BYTES + length;
    if (out.type > LAST || HEAD_BYTES + length > room) return std::nullopt;
    return out;
}

bool Whole(base::ByteSpan log, size_t at, const Fragment& fragment)
{
    return fragment.type != LOST && fragment.end <= log.size() &&
           fragment.crc == MaskedCrc(log.subspan(at + HEAD_BYTES - 1, fragment.end - at - HEAD_BYTES + 1));
}

size_t NextBlock(size_t at)
{
    return (at / BLOCK_BYTES + 1) * BLOCK_BYTES;
}

bool AtPadding(size_t at)
{
    return BLOCK_BYTES - at % BLOCK_BYTES < HEAD_BYTES;
}

/// Is a part of the fragment not there? What was not written reads as zeros, sector by sector.
bool HasHole(base::ByteSpan log, size_t at, const Fragment& fragment)
{
    if (fragment.end > log.size()) return true;
    const auto zeros = [log](size_t from, size_t to) {
        return std::all_of(log.begin() + static_cast<std::ptrdiff_t>(from),
                           log.begin() + static_cast<std::ptrdiff_t>(to), [](uint8_t b) { return b == 0; });
    };
    if (zeros(at + HEAD_BYTES, fragment.end)) return true;
    for (size_t from = at; from < fragment.end;) {
        const size_t to = std::min((from / SECTOR_BYTES + 1) * SECTOR_BYTES, fragment.end);
        if (to - from >= SHORTEST_HOLE && zeros(from, to)) return true;
        from = to;
    }
    return false;
}

/// Could everything from here on be the fragments of one record, some of them lost?
bool OneRecord(base::ByteSpan log, size_t at)
{
    bool first = true;
    while (at < log.size()) {
        if (AtPadding(at)) {
            at = NextBlock(at);
            continue;
        }
        if (log.size() - at < HEAD_BYTES) return true;
        const auto fragment = FragmentAt(log, at);
        if (!fragment) return false;
        if (fragment->type == LOST) {
            at = NextBlock(at);
        } else {
            const bool begins = fragment->type == FULL || fragment->type == FIRST;
            if (begins != first) return false;
            if (!Whole(log, at, *fragment) && !HasHole(log, at, *fragment)) return false;
            if (fragment->type == FULL || fragment->type == LAST) return fragment->end >= log.size();
            if (fragment->end % BLOCK_BYTES != 0) return false;
            at = fragment->end;
        }
        first = false;
    }
    return true;
}

StorageResult<bool> DropTail(FileSystem& files, const std::string& path)
{
    const auto log = ReadWholeFile(files, path);
    if (!log) return base::Unexpected(log.Error());
    const auto end = UnfinishedTail(*log);
    if (!end) return false;
    const auto file = files.Open(path, OpenMode::Write);
    if (!file) return base::Unexpected(file.Error());
    if (const auto done = (*file)->Resize(*end); !done) return base::Unexpected(done.Error());
    if (const auto done = (*file)->Sync(); !done) return base::Unexpected(done.Error());
    return true;
}

} // namespace

std::optional<uint64_t> UnfinishedTail(base::ByteSpan log)
{
    size_t at = 0;
    size_t good = 0;
    bool inside = false;
    while (at < log.size()) {
        if (AtPadding(at)) {
            at = NextBlock(at);
            continue;
        }
        if (log.size() - at < HEAD_BYTES) return std::nullopt;
        const auto fragment = FragmentAt(log, at);
        if (!fragment) return std::nullopt;
        const bool begins = fragment->type == FULL || fragment->type == FIRST;
        if (!Whole(log, at, *fragment) || begins == inside) {
            if (OneRecord(log, good)) return good;
            return std::nullopt;
        }
        at = fragment->end;
        inside = fragment->type == FIRST || fragment->type == MIDDLE;
        if (!inside) good = at;
    }
    return std::nullopt;
}

StorageResult<bool> DropUnfinishedTails(FileSystem& files, const std::string& directory)
{
    const auto lock = files.Lock(directory + "/LOCK");
    if (!lock) return base::Unexpected(lock.Error());
    const auto names = files.List(directory);
    if (!names) return base::Unexpected(names.Error());
    std::string log;
    std::string manifest;
    // Numbers have at least six digits; more digits are newer.
    const auto newer = [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a > b;
    };
    for (const auto& name : *names) {
        if (name.ends_with(".log") && newer(name, log)) log = name;
        if (name.starts_with("MANIFEST-") && newer(name, manifest)) manifest = name;
    }
    bool dropped = false;
    for (const auto& name : {log, manifest}) {
        if (name.empty()) continue;
        const auto done = DropTail(files, directory + "/" + name);
        if (!done) return base::Unexpected(done.Error());
        dropped = dropped || *done;
    }
    return dropped;
}

} // namespace emc::storage
