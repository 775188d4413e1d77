#include "calls/import.h"

#include "calls/source_file.h"

namespace emc::calls {

using interfaces::CallsImported;
using interfaces::Failure;

namespace {

constexpr int MISC = -1;
constexpr int PARAMETER = -8;

base::Unexpected<Failure> Unreadable(std::string message)
{
    return base::Unexpected(Failure{PARAMETER, std::move(message)});
}

/// A file that was read as something else has still to be read.
std::string SourceOf(const ImportJob& job)
{
    return "file:" + std::string(Name(job.options.format)) + ":" + job.file;
}

/// One import while it runs.
class Run
{
public:
    Run(CallStore& store, const ImportJob& job, ImportMark mark)
        : m_store(store), m_job(job), m_mark(std::move(mark))
    {}

    base::Expected<CallsImported, Failure> Go(const SourceFile& source, uint64_t size)
    {
        while (m_mark.offset < size && !(m_job.stop && m_job.stop())) {
            const auto text = source.Read(m_mark.offset, IMPORT_PART_BYTES);
            if (!text) return Unreadable(text.Error());
            const bool last = m_mark.offset + text->size() >= size;
            const auto part = ReadPart(*text, m_job.options, m_mark, m_job.whole && last);
            if (!part) return Unreadable(m_job.file + ": " + part.Error());
            if (auto failure = Keep(*part, source)) return base::Unexpected(*failure);
            if (part->used_bytes == 0) break; // a half record; no part is larger than a record may be
        }
        return std::move(m_out);
    }

private:
    std::optional<Failure> Keep(const CdrResult& part, const SourceFile& source)
    {
        for (const auto& problem : part.problems)
            AddProblem(problem.line, problem.reason);
        m_mark.seen = source.SeenAt(m_mark.offset).value_or(base::Hash256{});
        const SourceMark mark{SourceOf(m_job), Encode(m_mark)};
        const auto added = m_store.Add(part.calls, {&mark, 1});
        if (!added) return Failure{MISC, storage::Describe(added.Error())};
        for (const size_t place : added->differing)
            AddProblem(part.lines[place], DifferingCall(part.calls[place]));
        m_out.added += added->added;
        m_out.known += added->known;
        m_out.unanswered += part.unanswered;
        m_out.bytes += part.used_bytes;
        return std::nullopt;
    }

    void AddProblem(size_t line, const std::string& reason)
    {
        ++m_out.problem_count;
        if (m_out.problems.size() < CallsImported::MAX_PROBLEMS) m_out.problems.push_back({line, reason});
    }

    CallStore& m_store;
    const ImportJob& m_job;
    ImportMark m_mark;
    CallsImported m_out;
};

} // namespace

base::Expected<CallsImported, Failure> ImportFile(CallStore& store, const ImportJob& job)
{
    const SourceFile source(job.file);
    const auto facts = source.Look();
    if (!facts) return Unreadable(facts.Error());
    const auto noted = store.Mark(SourceOf(job));
    if (!noted) return base::Unexpected(Failure{MISC, storage::Describe(noted.Error())});
    ImportMark mark;
    if (*noted && !job.again) {
        auto known = DecodeImportMark(**noted);
        if (known && source.Continues(*known, *facts)) mark = std::move(*known);
    }
    mark.inode = facts->inode;
    return Run(store, job, std::move(mark)).Go(source, facts->size);
}

} // namespace emc::calls
