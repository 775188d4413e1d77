#include "calls/import.h"

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
using interfaces::CallsImported;
using interfaces::Failure;

namespace {

constexpr int MISC = -1;
constexpr int PARAMETER = -8;
constexpr uint8_t MARK_VERSION = 1;

/// A file that is only read.
class Source
{
public:
    explicit Source(const std::string& path) : m_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

    ~Source()
    {
        if (m_fd >= 0) close(m_fd);
    }

    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    /// False with errno when it is no file that can be read.
    bool Look(uint64_t& inode, uint64_t& size) const
    {
        struct stat info {};

        if (m_fd < 0 || fstat(m_fd, &info) != 0) return false;
        if (!S_ISREG(info.st_mode)) {
            errno = EISDIR;
            return false;
        }
        inode = info.st_ino;
        size = static_cast<uint64_t>(info.st_size);
        return true;
    }

    /// Bytes from an offset, as many as there are up to `most`.
    std::optional<std::string> Read(uint64_t offset, size_t most) const
    {
        std::string out(most, '\0');
        size_t got = 0;
        while (got < most) {
            const ssize_t n = pread(m_fd, out.data() + got, most - got, static_cast<off_t>(offset + got));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return std::nullopt;
            if (n == 0) break;
            got += static_cast<size_t>(n);
        }
        out.resize(got);
        return out;
    }

private:
    int m_fd;
};

/// Hash of the first bytes of what was read of a file; nothing when they cannot be read.
std::optional<base::Hash256> HeadOf(const Source& source, uint64_t offset)
{
    const auto head = source.Read(0, static_cast<size_t>(std::min<uint64_t>(offset, MARK_HEAD_BYTES)));
    if (!head) return std::nullopt;
    return crypto::Sha256Of(base::AsBytes(*head));
}

/// One import while it runs.
class Run
{
public:
    Run(CallStore& store, const ImportJob& job, ImportMark mark)
        : m_store(store), m_job(job), m_mark(std::move(mark))
    {}

    base::Expected<CallsImported, Failure> Go(const Source& source, uint64_t size)
    {
        while (m_mark.offset < size && !(m_job.stop && m_job.stop())) {
            const auto text = source.Read(m_mark.offset, IMPORT_PART_BYTES);
            if (!text) return base::Unexpected(Failure{PARAMETER, m_job.file + ": " + std::strerror(errno)});
            const bool last = m_mark.offset + text->size() >= size;
            const auto part = ParseCdrs(*text, m_job.options, m_mark.state, m_job.whole && last);
            if (auto failure = Keep(part, source)) return base::Unexpected(*failure);
            if (part.used_bytes == 0) break; // a half record; no part is larger than a record may be
        }
        return std::move(m_out);
    }

private:
    std::optional<Failure> Keep(const CdrResult& part, const Source& source)
    {
        for (const auto& problem : part.problems)
            AddProblem(problem.line, problem.reason);
        const uint64_t before = m_mark.lines;
        m_mark.offset += part.used_bytes;
        m_mark.lines += part.used_lines;
        m_mark.head = HeadOf(source, m_mark.offset).value_or(base::Hash256{});
        const auto added = m_store.Add(part.calls, "file:" + m_job.file, Encode(m_mark));
        if (!added) return Failure{MISC, storage::Describe(added.Error())};
        for (const size_t place : added->differing)
            AddProblem(part.lines[place],
                       "call " + part.calls[place].call_id + " is known with another end; that one stays",
                       before);
        m_out.added += added->added;
        m_out.known += added->known;
        m_out.unanswered += part.unanswered;
        m_out.bytes += part.used_bytes;
        return std::nullopt;
    }

    void AddProblem(size_t line, const std::string& reason) { AddProblem(line, reason, m_mark.lines); }

    void AddProblem(size_t line, const std::string& reason, uint64_t lines_before)
    {
        ++m_out.problem_count;
        if (m_out.problems.size() < CallsImported::MAX_PROBLEMS)
            m_out.problems.push_back({lines_before + line, reason});
    }

    CallStore& m_store;
    const ImportJob& m_job;
    ImportMark m_mark;
    CallsImported m_out;
};

} // namespace

Bytes Encode(const ImportMark& mark)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(MARK_VERSION);
    writer.U64(mark.inode);
    writer.Raw(mark.head.Span());
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
    return out;
}

std::optional<ImportMark> DecodeImportMark(ByteSpan in)
{
    constexpr size_t LEAST_OPEN_BYTES = 3 + 8;
    codec::Reader reader(in);
    ImportMark mark;
    if (reader.U8() != MARK_VERSION) return std::nullopt;
    mark.inode = reader.U64();
    const ByteSpan head = reader.Take(mark.head.bytes.size());
    std::copy(head.begin(), head.end(), mark.head.bytes.begin());
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
    if (!reader.Done()) return std::nullopt;
    return mark;
}

base::Expected<CallsImported, Failure> ImportFile(CallStore& store, const ImportJob& job)
{
    const Source source(job.file);
    ImportMark mark;
    uint64_t inode = 0;
    uint64_t size = 0;
    if (!source.Look(inode, size))
        return base::Unexpected(Failure{PARAMETER, job.file + ": " + std::strerror(errno)});
    const auto noted = store.Mark("file:" + job.file);
    if (!noted) return base::Unexpected(Failure{MISC, storage::Describe(noted.Error())});
    if (*noted) {
        auto known = DecodeImportMark(**noted);
        const bool same = known && known->inode == inode && known->offset <= size &&
                          HeadOf(source, known->offset) == known->head;
        if (same) mark = std::move(*known);
    }
    mark.inode = inode;
    return Run(store, job, std::move(mark)).Go(source, size);
}

} // namespace emc::calls
