#include "rpc/dispatcher.h"

#include "base/log.h"
#include "rpc/call_figures.h"
#include "rpc/scans.h"

#include <algorithm>
#include <atomic>

namespace emc::rpc {

namespace {

constexpr size_t MAX_BATCH = 10'000;
/// JSON values of one body; each costs about a hundred bytes of memory.
constexpr std::ptrdiff_t MAX_VALUES = 1'000'000;
/// Replies of a batch together; calls beyond it are not made.
constexpr size_t MAX_BATCH_REPLY_BYTES = size_t{256} << 20;

Json ErrorObject(int code, const std::string& message)
{
    Json out = codec::JsonObject();
    out.pushKV("code", code);
    out.pushKV("message", message);
    return out;
}

int HttpStatusOf(int code)
{
    if (code == static_cast<int>(Code::InvalidRequest)) return 400;
    if (code == static_cast<int>(Code::MethodNotFound)) return 404;
    return 500;
}

bool IsVersion2(const Json& request)
{
    const Json& version = request["jsonrpc"];
    return version.isStr() && version.get_str() == "2.0";
}

std::vector<Json> ArgumentsOf(const CallSpec& spec, const Json& params)
{
    std::vector<Json> args;
    if (params.isNull()) return args;
    if (params.isArray()) return params.getValues();
    if (!params.isObject()) throw RpcError(Code::InvalidRequest, "params must be an array or an object");
    for (const auto& key : params.getKeys()) {
        if (key == "args" && ArgPosition(spec, key) < 0 && params[key].isArray()) continue;
        const int position = ArgPosition(spec, key);
        if (position < 0) throw RpcError(Code::Parameter, "Unknown named parameter " + key);
        const auto slot = static_cast<size_t>(position);
        if (args.size() <= slot) args.resize(slot + 1);
        if (!args[slot].isNull())
            throw RpcError(Code::Parameter, "Parameter " + key + " specified multiple times");
        args[slot] = params[key];
    }
    const Json& positional = params["args"];
    if (positional.isArray() && ArgPosition(spec, "args") < 0) {
        if (args.size() < positional.size()) args.resize(positional.size());
        for (size_t i = 0; i < positional.size(); ++i) {
            if (!args[i].isNull()) {
                throw RpcError(Code::Parameter, "Parameter " + std::string(spec.args[i].name) +
                                                    " specified twice both as positional and named argument");
            }
            args[i] = positional[i];
        }
    }
    return args;
}

/// A reply to a body that holds no request one could answer to.
Reply Unanswerable(Code code, int status, const std::string& message)
{
    const Json error = ErrorObject(static_cast<int>(code), message);
    return {status, "{\"result\":null,\"error\":" + codec::WriteJson(error) + ",\"id\":null}\n"};
}

bool WorksInWarmup(std::string_view method)
{
    return method == "help" || method == "uptime" || method == "stop";
}

/// A call that does not exist is refused quickly.
CallKind KindOf(const Json& request)
{
    const Json& method = request["method"];
    if (!method.isStr()) return CallKind::Slow;
    const CallSpec* spec = FindCall(method.get_str());
    return spec == nullptr ? CallKind::Quick : spec->kind;
}

} // namespace

struct Dispatcher::State {
    State(const Services& e, base::Logger& l) : early(e), log(l) { early.figures = &figures; }

    CallFigures figures;
    Services early;
    base::Logger& log;
    Services services; ///< read only after `ready`
    Scans scans;
    std::atomic<bool> ready{false};
};

Dispatcher::Dispatcher(const Services& early, base::Logger& log)
    : m_state(std::make_unique<State>(early, log))
{}

Dispatcher::~Dispatcher() = default;

void Dispatcher::EndWarmup(const Services& services)
{
    m_state->services = services;
    m_state->services.figures = &m_state->figures;
    m_state->services.scans = &m_state->scans;
    m_state->ready.store(true, std::memory_order_release);
}

const CallFigures& Dispatcher::Figures() const
{
    return m_state->figures;
}

const Services* Dispatcher::Ready() const
{
    return m_state->ready.load(std::memory_order_acquire) ? &m_state->services : nullptr;
}

Dispatcher::Job Dispatcher::Prepare(std::string_view body, std::string wallet) const
{
    Job job;
    job.wallet = std::move(wallet);
    if (std::count(body.begin(), body.end(), ',') > MAX_VALUES) {
        job.early = Unanswerable(Code::InvalidRequest, 400, "A request holds at most 1000000 values");
        return job;
    }
    auto parsed = codec::ParseJson(body);
    if (!parsed) {
        const auto& error = parsed.Error();
        job.early =
            Unanswerable(Code::ParseError, 500,
                         base::Format("Parse error at byte %zu: %s", error.offset, error.reason.c_str()));
        return job;
    }
    if (!parsed->isObject() && !parsed->isArray()) {
        job.early = Unanswerable(Code::ParseError, 500, "The request is neither an object nor an array");
        return job;
    }
    job.body = std::move(*parsed);
    if (job.body.isObject()) {
        job.kind = KindOf(job.body);
    } else {
        const auto& requests = job.body.getValues();
        const bool takes_long = std::any_of(requests.begin(), requests.end(), [](const Json& request) {
            return KindOf(request) == CallKind::Long;
        });
        job.kind = takes_long ? CallKind::Long : CallKind::Slow;
    }
    return job;
}

Json Dispatcher::Call(const Json& request, const std::string& wallet) const
{
    if (!request.isObject()) throw RpcError(Code::InvalidRequest, "Invalid Request object");
    const Json& method = request["method"];
    if (method.isNull()) throw RpcError(Code::InvalidRequest, "Missing method");
    if (!method.isStr()) throw RpcError(Code::InvalidRequest, "Method must be a string");
    const std::string& name = method.get_str();
    const bool ready = m_state->ready.load(std::memory_order_acquire);
    if (!ready && !WorksInWarmup(name)) {
        throw RpcError(Code::Warmup, "The node is starting; try again in a moment");
    }
    const CallSpec* spec = FindCall(name);
    if (spec == nullptr) throw RpcError(Code::MethodNotFound, "Method not found");
    auto args = ArgumentsOf(*spec, request["params"]);
    EMC_LOG(m_state->log, Debug, Rpc, "call %s", name.c_str());
    return RunCall(ready ? m_state->services : m_state->early, *spec, std::move(args), wallet);
}

Dispatcher::Outcome Dispatcher::Execute(const Json& request, const std::string& wallet) const
{
    Outcome out;
    try {
        out.result = codec::WriteJson(Call(request, wallet));
    } catch (const RpcError& e) {
        out.error = ErrorObject(e.ErrorCode(), e.what());
        out.http_status = HttpStatusOf(e.ErrorCode());
    } catch (const std::exception& e) {
        out.error = ErrorObject(static_cast<int>(Code::Misc), e.what());
        out.http_status = 500;
    }
    return out;
}

std::optional<std::string> Dispatcher::RunOne(const Json& request, const std::string& wallet,
                                              int& status) const
{
    const Outcome outcome = Execute(request, wallet);
    const bool version2 = request.isObject() && IsVersion2(request);
    const bool notification = version2 && !request.exists("id");
    if (notification) return std::nullopt;
    status = version2 ? 200 : outcome.http_status;
    const std::string id = request.isObject() ? codec::WriteJson(request["id"]) : "null";
    if (version2) {
        const std::string middle =
            outcome.error ? "\"error\":" + codec::WriteJson(*outcome.error) : "\"result\":" + outcome.result;
        return "{\"jsonrpc\":\"2.0\"," + middle + ",\"id\":" + id + "}";
    }
    const std::string result = outcome.error ? "null" : outcome.result;
    const std::string error = outcome.error ? codec::WriteJson(*outcome.error) : "null";
    return "{\"result\":" + result + ",\"error\":" + error + ",\"id\":" + id + "}";
}

bool Dispatcher::OnlyCalls(const Job& job, const std::vector<std::string>& allowed)
{
    if (job.early) return true;
    const auto fits = [&allowed](const Json& request) {
        const Json& method = request["method"];
        return !method.isStr() || std::binary_search(allowed.begin(), allowed.end(), method.get_str());
    };
    if (!job.body.isArray()) return fits(job.body);
    const auto& requests = job.body.getValues();
    return std::all_of(requests.begin(), requests.end(), fits);
}

Reply Dispatcher::RunBatch(const Job& job) const
{
    if (job.body.size() > MAX_BATCH)
        return Unanswerable(Code::InvalidRequest, 400, "A batch holds at most 10000 calls");
    std::string out;
    int ignored = 200;
    for (const auto& request : job.body.getValues()) {
        if (out.size() > MAX_BATCH_REPLY_BYTES)
            return Unanswerable(Code::OutOfMemory, 500, "The replies are too large together; ask in parts");
        if (const auto text = RunOne(request, job.wallet, ignored)) out += (out.empty() ? "[" : ",") + *text;
    }
    if (out.empty() && job.body.size() > 0) return Reply{204, ""};
    return Reply{200, (out.empty() ? "[" : out) + "]\n"};
}

Reply Dispatcher::Run(const Job& job) const
{
    if (job.early) return *job.early;
    try {
        if (job.body.isArray()) return RunBatch(job);
        int status = 200;
        const auto text = RunOne(job.body, job.wallet, status);
        if (!text) return Reply{204, ""};
        return Reply{status, *text + "\n"};
    } catch (const std::exception& e) { // out of memory while the reply was written
        return Unanswerable(Code::InternalError, 500, e.what());
    }
}

} // namespace emc::rpc
