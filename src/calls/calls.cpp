#include "calls/calls.h"

#include "calls/import.h"

namespace emc::calls {

using interfaces::CallsImported;
using interfaces::Failure;

namespace {

constexpr int MISC = -1;
constexpr int PARAMETER = -8;

base::Unexpected<Failure> Wrong(std::string message)
{
    return base::Unexpected(Failure{PARAMETER, std::move(message)});
}

template <typename To, typename From>
interfaces::CallBook::Result<To> Given(storage::StorageResult<From> result)
{
    if (!result) return base::Unexpected(Failure{MISC, storage::Describe(result.Error())});
    return To(std::move(*result));
}

} // namespace

Calls::Calls(Options options, std::unique_ptr<CallStore> store)
    : m_options(std::move(options)), m_store(std::move(store))
{}

base::Expected<std::unique_ptr<Calls>, std::string> Calls::Open(Options options, base::RandomSource& random)
{
    auto store = CallStore::Open(options.store, random);
    if (!store) return base::Unexpected(storage::Describe(store.Error()));
    return std::unique_ptr<Calls>(new Calls(std::move(options), std::move(*store)));
}

Calls::Result<bool> Calls::Add(const reward::CallRecord& record)
{
    if (const auto good = reward::CheckCallRecord(record); !good)
        return Wrong(std::string(reward::Text(good.Error())));
    const auto added = m_store->Add({&record, 1});
    if (!added) return base::Unexpected(Failure{MISC, storage::Describe(added.Error())});
    if (!added->differing.empty()) return Wrong("call " + record.call_id + " is known with another end");
    return added->added == 1;
}

Calls::Result<CallsImported> Calls::Import(const interfaces::CallImport& request)
{
    ImportJob job;
    job.file = request.file;
    job.whole = request.whole;
    job.stop = m_options.stop;
    const auto format = CdrFormatOf(request.format);
    if (!format) {
        return Wrong("\"" + request.format +
                     "\" is no format: asterisk-csv, freeswitch-csv, freeswitch-json, "
                     "freeswitch-xml, kamailio-csv, kamailio-json or csv");
    }
    job.options.format = *format;
    job.options.plan = m_options.plan;
    job.options.zone = m_options.zone;
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
    return ImportFile(*m_store, job);
}

Calls::Result<uint64_t> Calls::Number(const std::string& written) const
{
    const auto number = ToE164(written, m_options.plan);
    if (!number) return Wrong(number.Error());
    return *number;
}

Calls::Result<void> Calls::Read(const CallFilter& filter, const Visit& visit) const
{
    if (const auto done = m_store->Read(filter, visit); !done)
        return base::Unexpected(Failure{MISC, storage::Describe(done.Error())});
    return {};
}

Calls::Result<std::vector<reward::CallRecord>> Calls::ByCallId(const std::string& call_id) const
{
    return Given<std::vector<reward::CallRecord>>(m_store->ByCallId(call_id));
}

Calls::Result<std::vector<CallTotals>> Calls::Totals(const CallFilter& filter) const
{
    return Given<std::vector<CallTotals>>(m_store->Totals(filter));
}

Calls::Result<uint64_t> Calls::Forget(uint64_t before_ms)
{
    return Given<uint64_t>(m_store->Forget(before_ms));
}

} // namespace emc::calls
