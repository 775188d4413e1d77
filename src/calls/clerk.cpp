#include "calls/clerk.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/text.h"
#include "base/thread.h"
#include "calls/cdr_fields.h"
#include "calls/folder_import.h"
#include "calls/folder_signal.h"

#include <algorithm>

namespace emc::calls {

using interfaces::CallSource;

namespace {

constexpr int64_t US_PER_MS = 1'000;
constexpr int64_t KEEP_EVERY_US = 3'600'000'000;
constexpr int SHORTEST_PAUSE_MS = 100;
/// Looking takes at most this part of the time.
constexpr int64_t PAUSES_PER_LOOK = 9;
constexpr uint64_t MS = 1'000;
constexpr uint64_t DAY_MS = 86'400 * MS;
constexpr uint64_t FAST_CLOCK_MS = 300 * MS;

} // namespace

void AddNews(CallSource& source, const FolderNews& news, int64_t now_sec)
{
    source.files = news.files;
    source.added += news.added;
    source.known += news.known;
    source.unanswered += news.unanswered;
    source.bytes += news.bytes;
    source.problem_count += news.problem_count;
    if (news.added > 0) source.last_added_sec = now_sec;
    for (const auto& problem : news.problems)
        source.problems.push_back({problem.file, problem.line, problem.reason});
    if (source.problems.size() > CallSource::MAX_PROBLEMS) {
        source.problems.erase(source.problems.begin(),
                              source.problems.end() - static_cast<std::ptrdiff_t>(CallSource::MAX_PROBLEMS));
    }
}

struct Clerk::Impl {
    Options options;
    Deps deps;
    base::StopFlag stop;
    std::unique_ptr<FolderSignal> signal;
    std::vector<FolderImport> imports;
    mutable base::Mutex<base::LockRank::Leaf> mutex;
    std::vector<CallSource> sources EMC_GUARDED_BY(mutex); ///< one for each import
    int64_t next_keep_us = 0;
    base::Thread thread;

    Impl(Options given, const Deps& deps_given) : options(std::move(given)), deps(deps_given) {}

    void Run();
    void Look(size_t place);
    void KeepDays(int64_t now_us);
};

Clerk::Clerk(Options options, const Deps& deps) : m_impl(std::make_unique<Impl>(std::move(options), deps))
{
    auto& impl = *m_impl;
    std::vector<std::string> folders;
    const base::LockGuard lock(impl.mutex);
    for (const auto& watch : impl.options.watches) {
        folders.push_back(watch.folder);
        impl.imports.emplace_back(impl.deps.store, watch, [&impl] { return impl.stop.Requested(); });
        CallSource source;
        source.name = Shown(watch.folder);
        source.format = Name(watch.options.format);
        impl.sources.push_back(std::move(source));
    }
    if (!impl.options.poll) impl.signal = MakeInotifySignal(folders);
    if (!impl.signal) impl.signal = MakePollingSignal();
}

Clerk::~Clerk()
{
    m_impl->stop.Request();
    m_impl->signal->Wake();
}

void Clerk::Start()
{
    m_impl->thread = base::Thread("calls", [impl = m_impl.get()] { impl->Run(); });
}

std::vector<CallSource> Clerk::Sources() const
{
    const base::LockGuard lock(m_impl->mutex);
    return m_impl->sources;
}

uint64_t Clerk::LatestMs(const base::Clock& clock)
{
    return static_cast<uint64_t>(clock.NowMs()) + FAST_CLOCK_MS;
}

void Clerk::Impl::Run()
{
    while (!stop.Requested()) {
        const int64_t begin = base::SteadyMicros();
        KeepDays(begin);
        for (size_t i = 0; i < imports.size() && !stop.Requested(); ++i)
            Look(i);
        const int64_t took_ms = (base::SteadyMicros() - begin) / US_PER_MS;
        const int64_t pause_ms = std::max<int64_t>(SHORTEST_PAUSE_MS, PAUSES_PER_LOOK * took_ms);
        const int64_t pause_end = base::SteadyMicros() + pause_ms * US_PER_MS;
        if (!stop.Requested()) signal->Wait(signal->LongestWaitMs());
        // A file that grows all the time is looked at now and then.
        while (!stop.Requested()) {
            const int64_t left_ms = (pause_end - base::SteadyMicros()) / US_PER_MS;
            if (left_ms <= 0) break;
            signal->Wait(static_cast<int>(left_ms));
        }
    }
}

void Clerk::Impl::Look(size_t place)
{
    FolderImport& import = imports[place];
    import.SetLatest(LatestMs(deps.clock));
    const auto news = import.Read(base::SteadyMicros());
    const std::string error = news ? std::string() : Shown(news.Error());
    bool is_new = false;
    {
        const base::LockGuard lock(mutex);
        CallSource& source = sources[place];
        is_new = source.error != error;
        source.error = error;
        if (news) AddNews(source, *news, deps.clock.NowSec());
    }
    if (!news) {
        if (is_new) EMC_LOG(deps.log, Error, Calls, "call records: %s", error.c_str());
        return;
    }
    for (const auto& problem : news->problems) {
        EMC_LOG(deps.log, Warning, Calls, "call records: %s/%s:%llu: %s", import.Watch().folder.c_str(),
                problem.file.c_str(), static_cast<unsigned long long>(problem.line), problem.reason.c_str());
    }
    if (news->added > 0) {
        EMC_LOG(deps.log, Debug, Calls, "call records: %llu from %s",
                static_cast<unsigned long long>(news->added), import.Watch().folder.c_str());
    }
}

void Clerk::Impl::KeepDays(int64_t now_us)
{
    if (options.keep_days <= 0 || now_us < next_keep_us) return;
    next_keep_us = now_us + KEEP_EVERY_US;
    const auto now_ms = static_cast<uint64_t>(deps.clock.NowMs());
    const uint64_t kept_ms = static_cast<uint64_t>(options.keep_days) * DAY_MS;
    if (now_ms <= kept_ms) return;
    const auto gone = deps.store.Forget(now_ms - kept_ms);
    if (!gone) {
        EMC_LOG(deps.log, Error, Calls, "call records: %s", storage::Describe(gone.Error()).c_str());
    } else if (*gone > 0) {
        EMC_LOG(deps.log, Info, Calls, "call records: removed %zu that ended more than %s ago", *gone,
                base::CountText(static_cast<uint64_t>(options.keep_days), "day").c_str());
    }
}

} // namespace emc::calls
