#include "calls/calls.h"

#include "base/clock.h"
#include "base/mutex.h"
#include "calls/automatic.h"
#include "calls/batches.h"
#include "calls/cdr_fields.h"
#include "calls/clerk.h"
#include "calls/exchange.h"
#include "calls/export.h"
#include "calls/import.h"
#include "calls/posted.h"

#include <filesystem>

namespace emc::calls {

using interfaces::CallsImported;
using interfaces::CallSource;

namespace {

template <typename To, typename From>
interfaces::CallBook::Result<To> Given(storage::StorageResult<From> result)
{
    if (!result) return Failed(result.Error());
    return To(std::move(*result));
}

} // namespace

struct Calls::Impl {
    Impl(CdrOptions given, const Options& options, std::unique_ptr<CallStore> opened)
        : defaults(std::move(given)), stop(options.stop), clock(*options.clock), store(std::move(opened))
    {
        const base::LockGuard lock(mutex);
        posted.name = "http";
    }

    const CdrOptions defaults; ///< format apart
    const std::function<bool()> stop;
    base::Clock& clock;
    const std::unique_ptr<CallStore> store;
    std::unique_ptr<Clerk> clerk; ///< reads into the store, so it goes first
    std::unique_ptr<BatchStore> batch_store;
    std::unique_ptr<AutomaticSettings> settings;
    std::unique_ptr<Batches> batches;
    std::unique_ptr<Exchange> exchange; ///< uses the three before
    base::Mutex<base::LockRank::Leaf> mutex;
    CallSource posted EMC_GUARDED_BY(mutex); ///< what came in by Post

    [[nodiscard]] CdrOptions OptionsOf(CdrFormat format) const
    {
        CdrOptions out = defaults;
        out.format = format;
        out.latest_ms = Clerk::LatestMs(clock);
        return out;
    }

    void CountPosted(const FolderNews& news)
    {
        const base::LockGuard lock(mutex);
        const uint64_t requests = posted.files + 1;
        AddNews(posted, news, clock.NowSec());
        posted.files = requests;
    }
};

Calls::Calls(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Calls::~Calls() = default;

void Calls::StartBatches(const BatchDeps& deps)
{
    Impl& impl = *m_impl;
    impl.batch_store = std::make_unique<BatchStore>(impl.store->Rows());
    impl.batches = std::make_unique<Batches>(*impl.store, *impl.batch_store, impl.defaults.plan, deps);
}

void Calls::StartExchange(const BatchDeps& rooms, const ExchangeDeps& deps,
                          const interfaces::AutomaticMode& mode)
{
    Impl& impl = *m_impl;
    impl.settings = std::make_unique<AutomaticSettings>(impl.store->Rows(), mode, rooms.log);
    impl.batches->SetSettings(impl.settings.get());
    const Exchange::Own own{*impl.store, *impl.batch_store, *impl.batches, *impl.settings};
    impl.exchange = std::make_unique<Exchange>(own, rooms, deps);
}

interfaces::CallBatches* Calls::GetBatches()
{
    return m_impl->batches.get();
}

base::Expected<std::unique_ptr<Calls>, std::string> Calls::Open(Options options, base::RandomSource& random)
{
    CdrOptions defaults;
    auto plan = ParseNumberingPlan(options.numbering);
    if (!plan) return base::Unexpected("-callnumbering: " + plan.Error());
    defaults.plan = std::move(*plan);
    const auto zone = ParseCdrZone(options.zone);
    if (!zone) return base::Unexpected("-callzone: " + zone.Error());
    defaults.zone = *zone;
    Clerk::Options clerk;
    clerk.keep_days = options.keep_days;
    clerk.poll = options.poll;
    for (const auto& text : options.watches) {
        auto watch = ParseFolderWatch(text);
        if (!watch) return base::Unexpected("-callwatch: " + watch.Error());
        if (std::error_code none; !std::filesystem::is_directory(watch->folder, none))
            return base::Unexpected("-callwatch: there is no folder " + watch->folder);
        watch->options.plan = defaults.plan;
        watch->options.zone = defaults.zone;
        clerk.watches.push_back(std::move(*watch));
    }
    auto store = CallStore::Open(options.store, random);
    if (!store) return base::Unexpected("Cannot open the call records: " + storage::Describe(store.Error()));
    auto impl = std::make_unique<Impl>(std::move(defaults), options, std::move(*store));
    impl->clerk =
        std::make_unique<Clerk>(std::move(clerk), Clerk::Deps{*impl->store, *options.clock, *options.log});
    impl->clerk->Start();
    return std::unique_ptr<Calls>(new Calls(std::move(impl)));
}

Calls::Result<bool> Calls::Add(const reward::CallRecord& record)
{
    if (const auto good = reward::CheckCallRecord(record); !good)
        return Wrong(std::string(reward::Text(good.Error())));
    if (record.end > Clerk::LatestMs(m_impl->clock))
        return Wrong(
            "the call ends more than five minutes after this computer's clock: one of the two is wrong");
    const auto added = m_impl->store->Add({&record, 1});
    if (!added) return Failed(added.Error());
    if (!added->differing.empty()) return Wrong(DifferingCall(record));
    return added->added == 1;
}

Calls::Result<CallsImported> Calls::Import(const interfaces::CallImport& request)
{
    ImportJob job;
    job.file = request.file;
    job.whole = request.whole;
    job.again = request.again;
    job.stop = m_impl->stop;
    const auto format = CdrFormatOf(request.format);
    if (!format) return Wrong(NoFormat(request.format));
    job.options = m_impl->OptionsOf(*format);
    if (!request.numbering.empty()) {
        auto plan = ParseNumberingPlan(request.numbering);
        if (!plan) return Wrong(plan.Error());
        job.options.plan = std::move(*plan);
    }
    if (!request.zone.empty()) {
        const auto zone = ParseCdrZone(request.zone);
        if (!zone) return Wrong(zone.Error());
        job.options.zone = *zone;
    }
    auto columns = ParseCdrColumns(request.columns);
    if (!columns) return Wrong(columns.Error());
    job.options.columns = std::move(*columns);
    return ImportFile(*m_impl->store, job);
}

Calls::Result<uint64_t> Calls::Number(const std::string& written) const
{
    const auto number = ToE164(written, m_impl->defaults.plan);
    if (!number) return Wrong(Shown(number.Error()));
    return *number;
}

Calls::Result<void> Calls::Read(const CallFilter& filter, const Visit& visit) const
{
    if (const auto done = m_impl->store->Read(filter, visit); !done) return Failed(done.Error());
    return {};
}

Calls::Result<std::vector<reward::CallRecord>> Calls::ByCallId(const std::string& call_id) const
{
    return Given<std::vector<reward::CallRecord>>(m_impl->store->ByCallId(call_id));
}

Calls::Result<std::vector<CallTotals>> Calls::Totals(const CallFilter& filter) const
{
    return Given<std::vector<CallTotals>>(m_impl->store->Totals(filter));
}

Calls::Result<uint64_t> Calls::Forget(uint64_t before_ms)
{
    return Given<uint64_t>(m_impl->store->Forget(before_ms));
}

Calls::Result<uint64_t> Calls::Export(const CallFilter& filter, const std::string& file) const
{
    return WriteCalls(*m_impl->store, filter, file);
}

Calls::Result<CallsImported> Calls::Post(const std::string& body, const std::string& format)
{
    FolderNews news;
    const auto refused = [&](uint64_t line, const std::string& reason) {
        news.problem_count = 1;
        news.problems = {{"", line, reason}};
        m_impl->CountPosted(news);
        return Wrong("line " + std::to_string(line) + ": " + reason);
    };
    auto posted = ReadPosted(body, format);
    if (!posted) return refused(1, posted.Error());
    CdrState state;
    const auto found = ParseCdrs(posted->text, m_impl->OptionsOf(posted->format), state, true);
    const auto added = m_impl->store->Add(found.calls);
    if (!added) return Failed(added.Error());
    news.added = added->added;
    news.known = added->known;
    news.unanswered = found.unanswered;
    news.bytes = body.size();
    if (!found.problems.empty()) return refused(found.problems[0].line, found.problems[0].reason);
    if (!added->differing.empty()) {
        const size_t place = added->differing[0];
        return refused(found.lines[place], DifferingCall(found.calls[place]));
    }
    if (!state.open.empty())
        return refused(1, "a call without its end; rows of requests go into a watched folder");
    m_impl->CountPosted(news);
    CallsImported out;
    out.added = news.added;
    out.known = news.known;
    out.unanswered = news.unanswered;
    out.bytes = news.bytes;
    return out;
}

std::vector<CallSource> Calls::Sources() const
{
    auto out = m_impl->clerk->Sources();
    const base::LockGuard lock(m_impl->mutex);
    if (m_impl->posted.files > 0) out.push_back(m_impl->posted);
    return out;
}

} // namespace emc::calls
