#include "storage/flat_files.h"

#include "base/log.h"

#include <algorithm>

namespace emc::storage {
namespace {

constexpr size_t HEAD_BYTES = 8;
constexpr uint64_t SCAN_STEP_BYTES = uint64_t{1} << 20;

uint32_t Little32(const uint8_t* in)
{
    uint32_t out = 0;
    std::memcpy(&out, in, sizeof(out));
    return out;
}

} // namespace

std::array<uint8_t, 4> BigEndian(uint32_t v)
{
    return {static_cast<uint8_t>(v >> 24), static_cast<uint8_t>(v >> 16), static_cast<uint8_t>(v >> 8),
            static_cast<uint8_t>(v)};
}

FlatFiles::FlatFiles(FileSystem& files, Options options)
    : m_files(files), m_options(std::move(options)), m_magic(BigEndian(m_options.magic_be))
{}

void FlatFiles::SetEnd(int32_t file, uint64_t offset)
{
    m_end = {file, offset};
    m_open.clear();
}

StorageResult<void> FlatFiles::Adopt(FilePos end)
{
    const auto file = OpenForWriting(end.file);
    if (!file) return base::Unexpected(file.Error());
    m_end = end;
    return {};
}

std::string FlatFiles::PathOf(int32_t file) const
{
    return m_options.directory + "/" + m_options.prefix + base::Format("%05d.dat", file);
}

StorageResult<File*> FlatFiles::OpenForWriting(int32_t file)
{
    auto it = m_open.find(file);
    if (it == m_open.end()) {
        auto opened = m_files.Open(PathOf(file), OpenMode::Write);
        if (!opened) return base::Unexpected(opened.Error());
        it = m_open.emplace(file, std::move(*opened)).first;
    }
    return it->second.get();
}

StorageResult<FilePos> FlatFiles::Append(base::ByteSpan payload, base::ByteSpan trailer)
{
    EMC_CHECK(payload.size() <= MAX_PAYLOAD_BYTES && trailer.size() == m_options.trailer_bytes);
    const uint64_t frame_bytes = HEAD_BYTES + payload.size() + trailer.size();
    FilePos at = m_end;
    if (at.offset > 0 && at.offset + frame_bytes > m_options.max_file_bytes) {
        if (auto done = Trim(); !done) return base::Unexpected(done.Error());
        at = {at.file + 1, 0};
    }
    const auto file = OpenForWriting(at.file);
    if (!file) return base::Unexpected(file.Error());
    if (m_options.chunk_bytes != 0) {
        const uint64_t chunk = m_options.chunk_bytes;
        const uint64_t wanted = (at.offset + frame_bytes + chunk - 1) / chunk * chunk;
        if (auto done = (*file)->Allocate(wanted); !done) return base::Unexpected(done.Error());
    }
    base::Bytes frame;
    frame.reserve(frame_bytes);
    frame.insert(frame.end(), m_magic.begin(), m_magic.end());
    const auto length = static_cast<uint32_t>(payload.size());
    const auto* raw = reinterpret_cast<const uint8_t*>(&length);
    frame.insert(frame.end(), raw, raw + sizeof(length));
    frame.insert(frame.end(), payload.begin(), payload.end());
    frame.insert(frame.end(), trailer.begin(), trailer.end());
    if (auto done = (*file)->Write(at.offset, frame); !done) return base::Unexpected(done.Error());
    m_end = {at.file, at.offset + frame_bytes};
    return FilePos{at.file, at.offset + HEAD_BYTES};
}

StorageResult<void> FlatFiles::Sync()
{
    for (const auto& [number, file] : m_open) {
        if (auto done = file->Sync(); !done) return done;
    }
    if (!m_open.empty()) {
        if (auto done = m_files.SyncDirectory(m_options.directory); !done) return done;
    }
    std::erase_if(m_open, [this](const auto& item) { return item.first != m_end.file; });
    return {};
}

StorageResult<void> FlatFiles::Trim()
{
    if (!m_files.Exists(PathOf(m_end.file))) return {};
    const auto file = OpenForWriting(m_end.file);
    if (!file) return base::Unexpected(file.Error());
    const auto size = (*file)->Size();
    if (!size) return base::Unexpected(size.Error());
    if (*size <= m_end.offset) return {};
    return (*file)->Resize(m_end.offset);
}

StorageResult<FlatFiles::Record> FlatFiles::Read(FilePos pos) const
{
    const std::string where =
        PathOf(pos.file) + base::Format(" at offset %llu", static_cast<unsigned long long>(pos.offset));
    if (pos.offset < HEAD_BYTES) return Broken(StorageError::Corrupt, where + ": no record can be there");
    const auto file = m_files.Open(PathOf(pos.file), OpenMode::Read);
    if (!file) return base::Unexpected(file.Error());
    std::array<uint8_t, HEAD_BYTES> head{};
    const auto got = (*file)->Read(pos.offset - HEAD_BYTES, head);
    if (!got) return base::Unexpected(got.Error());
    if (*got != HEAD_BYTES) return Broken(StorageError::Corrupt, where + ": the file ends before the record");
    const uint32_t length = Little32(head.data() + 4);
    if (!std::equal(m_magic.begin(), m_magic.end(), head.begin()) || length > MAX_PAYLOAD_BYTES) {
        return Broken(StorageError::Corrupt, where + ": no record begins there");
    }
    const auto size = (*file)->Size();
    if (!size) return base::Unexpected(size.Error());
    if (pos.offset + length + m_options.trailer_bytes > *size) {
        return Broken(StorageError::Corrupt, where + ": the file ends inside the record");
    }
    Record record;
    record.payload.resize(length + m_options.trailer_bytes);
    const auto body = (*file)->Read(pos.offset, record.payload);
    if (!body) return base::Unexpected(body.Error());
    if (*body != record.payload.size())
        return Broken(StorageError::Corrupt, where + ": the file ends inside the record");
    record.trailer.assign(record.payload.begin() + length, record.payload.end());
    record.payload.resize(length);
    return record;
}

StorageResult<ScanResult> FlatFiles::Scan(int32_t number, uint64_t from, const Visitor& visit) const
{
    const FrameFile file{PathOf(number), m_magic, m_options.trailer_bytes, from};
    return ScanFrames(m_files, file, [&](uint64_t offset, base::ByteSpan payload) {
        return visit(FilePos{number, offset}, payload);
    });
}

StorageResult<ScanResult> ScanFrames(FileSystem& files, const FrameFile& source, const FrameVisitor& visit)
{
    const auto file = files.Open(source.path, OpenMode::Read);
    if (!file) return base::Unexpected(file.Error());
    const auto size = (*file)->Size();
    if (!size) return base::Unexpected(size.Error());
    ScanResult result;
    result.end = source.from;
    base::Bytes window(static_cast<size_t>(SCAN_STEP_BYTES));
    uint64_t start = 0;
    size_t filled = 0;
    uint64_t pos = source.from;
    base::Bytes payload;
    while (pos + HEAD_BYTES <= *size) {
        if (pos < start || pos + HEAD_BYTES > start + filled) {
            const auto got = (*file)->Read(pos, window);
            if (!got) return base::Unexpected(got.Error());
            if (*got < HEAD_BYTES) break;
            start = pos;
            filled = *got;
        }
        const uint8_t* head = window.data() + (pos - start);
        if (*head != source.magic[0]) { // jump over what cannot begin a frame, mostly zeros
            const auto rest = static_cast<size_t>(start + filled - pos);
            const void* next = std::memchr(head, source.magic[0], rest);
            pos += next == nullptr ? rest : static_cast<size_t>(static_cast<const uint8_t*>(next) - head);
            continue;
        }
        const uint32_t length = Little32(head + 4);
        const bool framed = std::equal(source.magic.begin(), source.magic.end(), head) &&
                            length <= FlatFiles::MAX_PAYLOAD_BYTES;
        const bool whole = framed && pos + HEAD_BYTES + length + source.trailer_bytes <= *size;
        if (framed && !whole) result.cut_off = true;
        bool taken = false;
        if (whole) {
            payload.resize(length);
            const auto body = (*file)->Read(pos + HEAD_BYTES, payload);
            if (!body) return base::Unexpected(body.Error());
            taken = *body == length && visit(pos + HEAD_BYTES, payload);
        }
        if (!taken) {
            ++pos;
            continue;
        }
        ++result.frames;
        pos += HEAD_BYTES + length + source.trailer_bytes;
        result.end = pos;
    }
    if (source.from == 0 && result.frames == 0) {
        std::array<uint8_t, 4> begin{};
        const auto got = (*file)->Read(0, begin);
        if (!got) return base::Unexpected(got.Error());
        result.foreign = begin != source.magic && begin != std::array<uint8_t, 4>{};
    }
    return result;
}

StorageResult<std::vector<int32_t>> FlatFiles::Numbers() const
{
    const auto names = m_files.List(m_options.directory);
    if (!names) return base::Unexpected(names.Error());
    std::vector<int32_t> out;
    for (const auto& name : *names) {
        if (!name.starts_with(m_options.prefix) || !name.ends_with(".dat")) continue;
        const std::string digits =
            name.substr(m_options.prefix.size(), name.size() - m_options.prefix.size() - 4);
        if (digits.size() < 5 || digits.size() > 9) continue;
        if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
        out.push_back(static_cast<int32_t>(std::stol(digits)));
    }
    std::sort(out.begin(), out.end());
    return out;
}

StorageResult<void> FlatFiles::Remove(std::span<const int32_t> numbers)
{
    if (numbers.empty()) return {};
    for (const int32_t number : numbers) {
        EMC_CHECK(number != m_end.file);
        m_open.erase(number);
        const auto done = m_files.Remove(PathOf(number));
        if (!done && done.Error().code != StorageError::NotFound) return done;
    }
    return m_files.SyncDirectory(m_options.directory);
}

uint64_t FlatFiles::Bytes(int32_t number) const
{
    const auto file = m_files.Open(PathOf(number), OpenMode::Read);
    return file ? (*file)->Size().ValueOr(uint64_t{0}) : 0;
}

uint64_t FlatFiles::DiskBytes() const
{
    uint64_t out = 0;
    const auto numbers = Numbers();
    if (!numbers) return 0;
    for (const int32_t number : *numbers)
        out += Bytes(number);
    return out;
}

} // namespace emc::storage
