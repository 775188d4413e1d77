#include "calls/source_file.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/sha256.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace emc::calls {

using base::Bytes;
using base::ByteSpan;

namespace {

constexpr uint8_t MARK_VERSION = 2;
constexpr std::string_view UTF8_MARK = "\xEF\xBB\xBF";

bool IsUtf16(std::string_view text)
{
    return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

} // namespace

Bytes Encode(const ImportMark& mark)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(MARK_VERSION);
    writer.U64(mark.inode);
    writer.Raw(mark.seen.Span());
    writer.U64(mark.offset);
    writer.U64(mark.lines);
    writer.CompactSize(mark.state.heading.size());
    for (const auto& name : mark.state.heading)
        writer.Sized(base::AsBytes(name));
    writer.CompactSize(mark.state.open.size());
    for (const auto& [call_id, call] : mark.state.open) {
        writer.Sized(base::AsBytes(call_id));
        writer.Sized(base::AsBytes(call.caller));
        writer.Sized(base::AsBytes(call.callee));
        writer.U64(call.answer_ms);
    }
    writer.CompactSize(mark.state.ends.size());
    for (const auto& [call_id, end_ms] : mark.state.ends) {
        writer.Sized(base::AsBytes(call_id));
        writer.U64(end_ms);
    }
    return out;
}

std::optional<ImportMark> DecodeImportMark(ByteSpan in)
{
    constexpr size_t LEAST_OPEN_BYTES = 3 + 8;
    constexpr size_t LEAST_END_BYTES = 1 + 8;
    codec::Reader reader(in);
    ImportMark mark;
    if (reader.U8() != MARK_VERSION) return std::nullopt;
    mark.inode = reader.U64();
    const ByteSpan seen = reader.Take(mark.seen.bytes.size());
    std::copy(seen.begin(), seen.end(), mark.seen.bytes.begin());
    mark.offset = reader.U64();
    mark.lines = reader.U64();
    for (size_t left = reader.Count(1); left > 0; --left)
        mark.state.heading.push_back(base::ToText(reader.TakeSized()));
    for (size_t left = reader.Count(LEAST_OPEN_BYTES); left > 0; --left) {
        std::string call_id = base::ToText(reader.TakeSized());
        OpenCall call;
        call.caller = base::ToText(reader.TakeSized());
        call.callee = base::ToText(reader.TakeSized());
        call.answer_ms = reader.U64();
        mark.state.open.insert_or_assign(std::move(call_id), std::move(call));
    }
    for (size_t left = reader.Count(LEAST_END_BYTES); left > 0; --left) {
        std::string call_id = base::ToText(reader.TakeSized());
        mark.state.ends.insert_or_assign(std::move(call_id), reader.U64());
    }
    if (!reader.Done()) return std::nullopt;
    return mark;
}

// A pipe without a writer would let open() wait.
SourceFile::SourceFile(const std::string& path)
    : m_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), m_path(path)
{}

SourceFile::~SourceFile()
{
    if (m_fd >= 0) close(m_fd);
}

base::Expected<SourceFile::Facts, std::string> SourceFile::Look() const
{
    constexpr int64_t NS_PER_SEC = 1'000'000'000;

    struct stat info {};

    if (m_fd < 0 || fstat(m_fd, &info) != 0) return base::Unexpected(m_path + ": " + std::strerror(errno));
    if (S_ISDIR(info.st_mode)) return base::Unexpected(m_path + ": " + std::strerror(EISDIR));
    if (!S_ISREG(info.st_mode)) return base::Unexpected(m_path + ": no regular file");
    return Facts{info.st_ino, static_cast<uint64_t>(info.st_size),
                 info.st_mtim.tv_sec * NS_PER_SEC + info.st_mtim.tv_nsec};
}

base::Expected<std::string, std::string> SourceFile::Read(uint64_t offset, size_t most) const
{
    std::string out(most, '\0');
    size_t got = 0;
    while (got < most) {
        const ssize_t n = pread(m_fd, out.data() + got, most - got, static_cast<off_t>(offset + got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return base::Unexpected(m_path + ": " + std::strerror(errno));
        if (n == 0) break;
        got += static_cast<size_t>(n);
    }
    out.resize(got);
    return out;
}

std::optional<base::Hash256> SourceFile::SeenAt(uint64_t offset) const
{
    const auto bytes = static_cast<size_t>(std::min<uint64_t>(offset, SEEN_BYTES));
    const auto first = Read(0, bytes);
    const auto last = Read(offset - bytes, bytes);
    if (!first || !last) return std::nullopt;
    return crypto::Sha256Of(base::AsBytes(*first + *last));
}

bool SourceFile::Continues(const ImportMark& mark, const Facts& facts) const
{
    return mark.inode == facts.inode && mark.offset <= facts.size && SeenAt(mark.offset) == mark.seen;
}

base::Expected<CdrResult, std::string> ReadPart(std::string_view text, const CdrOptions& options,
                                                ImportMark& mark, bool last)
{
    if (mark.offset == 0 && IsUtf16(text))
        return base::Unexpected(std::string("text in UTF-16, where UTF-8 or ASCII is read"));
    const size_t skipped = mark.offset == 0 && text.starts_with(UTF8_MARK) ? UTF8_MARK.size() : 0;
    auto part = ParseCdrs(text.substr(skipped), options, mark.state, last);
    for (auto& problem : part.problems)
        problem.line += mark.lines;
    for (auto& line : part.lines)
        line += mark.lines;
    if (part.used_bytes > 0) part.used_bytes += skipped;
    mark.offset += part.used_bytes;
    mark.lines += part.used_lines;
    return part;
}

} // namespace emc::calls
