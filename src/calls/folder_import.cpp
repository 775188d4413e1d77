#include "calls/folder_import.h"

#include "calls/cdr_fields.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <set>
#include <sys/stat.h>
#include <tuple>

namespace emc::calls {

using base::Expected;
using base::Unexpected;

namespace {

constexpr size_t MARKS_AT_ONCE = 500;

bool IsLeftAlone(std::string_view name)
{
    constexpr std::array<std::string_view, 8> ENDINGS = {".gz",  ".bz2", ".xz",  ".zst",
                                                         ".zip", ".tmp", ".swp", "~"};
    return name.starts_with('.') || std::any_of(ENDINGS.begin(), ENDINGS.end(), [&](std::string_view ending) {
               return name.ends_with(ending);
           });
}

} // namespace

Expected<FolderWatch, std::string> ParseFolderWatch(std::string_view text)
{
    const auto wrong = [&](const std::string& why) {
        return Unexpected("\"" + std::string(text) + "\": " + why +
                          "; it is of the form <format>[,<field>=<column>]:<folder>, such as "
                          "asterisk-csv:/var/log/asterisk/cdr-csv");
    };
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon + 1 == text.size()) return wrong("no folder");
    const auto what = text.substr(0, colon);
    const size_t comma = what.find(',');
    const auto format = CdrFormatOf(what.substr(0, comma));
    if (!format) return wrong(NoFormat(what.substr(0, comma)));
    FolderWatch out;
    out.folder = text.substr(colon + 1);
    while (out.folder.size() > 1 && out.folder.ends_with('/'))
        out.folder.pop_back();
    out.options.format = *format;
    auto columns =
        ParseCdrColumns(comma == std::string_view::npos ? std::string_view() : what.substr(comma + 1));
    if (!columns) return wrong(columns.Error());
    out.options.columns = std::move(*columns);
    return out;
}

FolderImport::FolderImport(CallStore& store, FolderWatch watch, std::function<bool()> stop)
    : m_store(store), m_watch(std::move(watch)), m_stop(std::move(stop))
{}

std::string FolderImport::SourceOf(uint64_t inode) const
{
    return "folder:" + m_watch.folder + "\n" + std::to_string(inode);
}

void FolderImport::AddProblem(const std::string& file, uint64_t line, std::string reason)
{
    ++m_news.problem_count;
    if (m_news.problems.size() < FolderNews::MAX_PROBLEMS)
        m_news.problems.push_back({Shown(file), line, Shown(std::move(reason))});
}

Expected<std::vector<FolderImport::File>, std::string> FolderImport::List() const
{
    constexpr int64_t NS_PER_SEC = 1'000'000'000;
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(m_watch.folder.c_str()),
                                                     [](DIR* dir) { return closedir(dir); });
    if (!folder) return Unexpected(m_watch.folder + ": " + std::strerror(errno));
    std::vector<File> out;
    errno = 0;
    while (const dirent* entry = readdir(folder.get())) {
        struct stat info {};

        const std::string name = entry->d_name;
        if (IsLeftAlone(name)) continue;
        // One that is gone by now was renamed or removed: the next look finds it, if it is there.
        if (stat((m_watch.folder + "/" + name).c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
            out.push_back({name, info.st_ino, static_cast<uint64_t>(info.st_size),
                           info.st_mtim.tv_sec * NS_PER_SEC + info.st_mtim.tv_nsec});
        }
        errno = 0;
    }
    if (errno != 0) return Unexpected(m_watch.folder + ": " + std::strerror(errno));
    std::sort(out.begin(), out.end(), [](const File& a, const File& b) {
        return std::tie(a.changed_ns, a.name) < std::tie(b.changed_ns, b.name);
    });
    return out;
}

Expected<void, std::string> FolderImport::LoadState()
{
    if (m_loaded) return {};
    m_known.clear();
    m_pending = {};
    m_state = {};
    const auto noted = m_store.Mark("folder:" + m_watch.folder);
    if (!noted) return Unexpected(storage::Describe(noted.Error()));
    if (*noted) {
        if (auto mark = DecodeImportMark(**noted)) m_state = std::move(mark->state);
    }
    m_loaded = true;
    return {};
}

Expected<FolderImport::Known*, std::string> FolderImport::Find(const SourceFile& source,
                                                               const SourceFile::Facts& facts)
{
    auto known = m_known.find(facts.inode);
    if (known == m_known.end()) {
        const auto noted = m_store.Mark(SourceOf(facts.inode));
        if (!noted) return Unexpected(storage::Describe(noted.Error()));
        known = m_known.try_emplace(facts.inode).first;
        if (*noted) known->second.mark = DecodeImportMark(**noted).value_or(ImportMark{});
    }
    if (!source.Continues(known->second.mark, facts)) known->second = {};
    known->second.mark.inode = facts.inode;
    return &known->second;
}

void FolderImport::TakePart(const std::string& name, CdrResult part)
{
    for (auto& problem : part.problems)
        AddProblem(name, problem.line, std::move(problem.reason));
    for (size_t i = 0; i < part.calls.size(); ++i) {
        m_pending.calls.push_back(std::move(part.calls[i]));
        m_pending.origins.push_back({name, part.lines[i]});
    }
    m_pending.bytes += part.used_bytes;
    m_news.unanswered += part.unanswered;
    m_news.bytes += part.used_bytes;
}

Expected<void, std::string> FolderImport::ReadFile(const File& file, int64_t now_us)
{
    const SourceFile source(m_watch.folder + "/" + file.name);
    const auto facts = source.Look();
    if (!facts) {
        Known& unread = m_known[file.inode];
        if (!unread.reported) AddProblem(file.name, 0, facts.Error());
        unread.reported = true;
        return {};
    }
    const auto found = Find(source, *facts);
    if (!found) return Unexpected(found.Error());
    Known& known = **found;
    if (known.size != facts->size || known.changed_ns != facts->changed_ns) {
        known.size = facts->size;
        known.changed_ns = facts->changed_ns;
        known.since_us = now_us;
        known.reported = false;
    }
    const uint64_t before = known.mark.offset;
    while (known.mark.offset < facts->size && !(m_stop && m_stop())) {
        const auto text = source.Read(known.mark.offset, IMPORT_PART_BYTES);
        if (!text) return Unexpected(text.Error());
        std::swap(known.mark.state.open, m_state.open);
        std::swap(known.mark.state.ends, m_state.ends);
        auto part = ReadPart(*text, m_watch.options, known.mark, false);
        std::swap(known.mark.state.open, m_state.open);
        std::swap(known.mark.state.ends, m_state.ends);
        if (!part) {
            if (!known.reported) AddProblem(file.name, 1, part.Error());
            known.reported = true;
            return {};
        }
        const bool half = part->used_bytes == 0;
        TakePart(file.name, std::move(*part));
        if (half) break;
        if (m_pending.bytes < IMPORT_PART_BYTES) continue;
        known.mark.seen = source.SeenAt(known.mark.offset).value_or(base::Hash256{});
        m_pending.marks.push_back({SourceOf(facts->inode), Encode(known.mark)});
        if (auto done = Flush(); !done) return done;
    }
    if (known.mark.offset < facts->size && now_us - known.since_us >= HALF_RECORD_US && !known.reported) {
        AddProblem(file.name, known.mark.lines + 1, "a record that is cut off; its rest is waited for");
        known.reported = true;
    }
    if (known.mark.offset == before) return {};
    known.mark.seen = source.SeenAt(known.mark.offset).value_or(base::Hash256{});
    m_pending.marks.push_back({SourceOf(facts->inode), Encode(known.mark)});
    return {};
}

Expected<void, std::string> FolderImport::Flush()
{
    if (m_pending.marks.empty()) return {};
    ImportMark waiting;
    waiting.state = m_state;
    m_pending.marks.push_back({"folder:" + m_watch.folder, Encode(waiting)});
    const auto added = m_store.Add(m_pending.calls, m_pending.marks);
    if (!added) return Unexpected(storage::Describe(added.Error()));
    for (const size_t place : added->differing) {
        const auto& origin = m_pending.origins[place];
        AddProblem(origin.file, origin.line, DifferingCall(m_pending.calls[place]));
    }
    m_news.added += added->added;
    m_news.known += added->known;
    m_pending = {};
    return {};
}

void FolderImport::ForgetGone(const std::vector<File>& files)
{
    std::set<uint64_t> here;
    for (const File& file : files)
        here.insert(file.inode);
    for (auto known = m_known.begin(); known != m_known.end();) {
        if (here.contains(known->first)) {
            ++known;
            continue;
        }
        m_pending.marks.push_back({SourceOf(known->first), {}});
        known = m_known.erase(known);
    }
}

Expected<FolderNews, std::string> FolderImport::Read(int64_t now_us)
{
    m_news = {};
    const auto failed = [this](std::string why) {
        m_loaded = false; // what was read and not written is read again
        return Unexpected(std::move(why));
    };
    if (auto loaded = LoadState(); !loaded) return failed(loaded.Error());
    const auto files = List();
    if (!files) return Unexpected(files.Error());
    m_news.files = files->size();
    for (const File& file : *files) {
        if (m_stop && m_stop()) break;
        const auto known = m_known.find(file.inode);
        const bool idle = known != m_known.end() && known->second.size == file.size &&
                          known->second.changed_ns == file.changed_ns &&
                          (known->second.reported || known->second.mark.offset == file.size);
        if (idle) continue;
        if (auto done = ReadFile(file, now_us); !done) return failed(done.Error());
        if (m_pending.bytes < IMPORT_PART_BYTES && m_pending.marks.size() < MARKS_AT_ONCE) continue;
        if (auto done = Flush(); !done) return failed(done.Error());
    }
    ForgetGone(*files);
    if (auto done = Flush(); !done) return failed(done.Error());
    return std::move(m_news);
}

} // namespace emc::calls
