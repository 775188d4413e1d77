#include "base/log.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "rpc/call_figures.h"
#include "rpc/calls.h"
#include "rpc/help.h"
#include "rpc/schema.h"

#include <cstdlib>
#include <malloc.h>
#include <unistd.h>

namespace emc::rpc {

namespace {

Json Help(const Request& request)
{
    if (!request.Has(0) || request.Str(0).empty()) return HelpList();
    const CallSpec* spec = FindCall(request.Str(0));
    if (spec == nullptr) return "help: unknown command: " + request.Str(0);
    return HelpPage(*spec);
}

Json Stop(const Request& request)
{
    request.Node().RequestShutdown();
    return "Emercoin node stopping";
}

Json Uptime(const Request& request)
{
    return request.Node().UptimeSec();
}

Json SetMockTime(const Request& request)
{
    if (request.Chain().Params().network != consensus::Network::Regtest) {
        throw RpcError(Code::Misc, "setmocktime is for regression testing (-regtest mode) only");
    }
    request.Node().SetMockTime(request.IntIn(0, 0, UINT32_MAX, 0));
    return Json();
}

base::LogCategory CategoriesOf(const Json& list)
{
    uint32_t mask = 0;
    for (const auto& entry : list.getValues()) {
        if (!entry.isStr()) throw RpcError(Code::Type, "Logging categories are strings");
        const auto category = base::CategoryFromName(entry.get_str());
        if (category == base::LogCategory::None && entry.get_str() != "none" && entry.get_str() != "0") {
            throw RpcError(Code::Parameter, "unknown logging category " + entry.get_str());
        }
        mask |= static_cast<uint32_t>(category);
    }
    return static_cast<base::LogCategory>(mask);
}

Json Logging(const Request& request)
{
    auto& log = request.Node().Log();
    if (request.Has(0)) log.EnableCategories(CategoriesOf(request.Raw(0)), true);
    if (request.Has(1)) log.EnableCategories(CategoriesOf(request.Raw(1)), false);
    const auto enabled = static_cast<uint32_t>(log.EnabledCategories());
    Json out = codec::JsonObject();
    for (uint32_t bit = 0; bit < 32; ++bit) {
        const auto name = base::CategoryName(static_cast<base::LogCategory>(1u << bit));
        if (!name.empty()) out.pushKV(std::string(name), (enabled & (1u << bit)) != 0);
    }
    return out;
}

/// What the C library's allocator says about itself, as XML.
std::string AllocatorText()
{
    char* text = nullptr;
    size_t size = 0;
    FILE* file = open_memstream(&text, &size);
    if (file == nullptr) throw RpcError(Code::OutOfMemory, "No memory for the allocator's figures");
    const bool good = malloc_info(0, file) == 0;
    fclose(file);
    std::string out(text, size);
    free(text);
    if (!good) throw RpcError(Code::Misc, "The allocator gives no figures");
    return out;
}

Json MemoryInfo(const Request& request)
{
    const std::string mode = request.Str(0, "stats");
    if (mode == "mallocinfo") return AllocatorText();
    if (mode != "stats") throw RpcError(Code::Parameter, "unknown mode " + mode + ": stats or mallocinfo");
    long resident_pages = 0;
    if (FILE* file = fopen("/proc/self/statm", "re")) {
        long total = 0;
        if (fscanf(file, "%ld %ld", &total, &resident_pages) != 2) resident_pages = 0;
        fclose(file);
    }
    Json out = codec::JsonObject();
    out.pushKV("resident", static_cast<int64_t>(resident_pages) * sysconf(_SC_PAGESIZE));
    return out;
}

Json RpcInfo(const Request& request)
{
    Json active = codec::JsonArray();
    const auto* figures = request.Rooms().figures;
    for (const auto& call : figures != nullptr ? figures->Present() : std::vector<CallFigures::Running>{}) {
        Json row = codec::JsonObject();
        row.pushKV("method", std::string(call.method));
        row.pushKV("duration", call.duration_us);
        active.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("active_commands", active);
    out.pushKV("calls", static_cast<uint64_t>(AllCalls().size()));
    out.pushKV("logpath", request.Node().DataDir() + "/debug.log");
    return out;
}

Json OpenRpc(const Request&)
{
    return OpenRpcSchema();
}

Json Echo(const Request& request)
{
    Json out = codec::JsonArray();
    for (size_t i = 0; i < request.Count(); ++i)
        out.push_back(request.Raw(i));
    return out;
}

CallSpec EchoSpec(std::string_view name, ArgType type)
{
    CallSpec spec{name, "Hidden",        CallKind::Quick, "Gives back its arguments, for testing clients.",
                  {},   "[ arguments ]", "1 2",           Echo};
    for (const auto* arg : {"arg0", "arg1", "arg2", "arg3", "arg4", "arg5", "arg6", "arg7", "arg8", "arg9"}) {
        spec.args.push_back({arg, type, "-", "anything"});
    }
    return spec;
}

} // namespace

const CallTable& ControlCalls()
{
    static const CallTable table = {
        {"help",
         "Control",
         CallKind::Quick,
         "Lists all calls, or explains one.",
         {{"command", ArgType::String, "-", "the call to explain"}},
         "\"text\"    (string)",
         "getblock",
         Help},
        {"stop",
         "Control",
         CallKind::Quick,
         "Stops the node in order.",
         {},
         "\"text\"    (string) a farewell",
         "",
         Stop},
        {"uptime",
         "Control",
         CallKind::Quick,
         "Seconds since the node started.",
         {},
         "n    (numeric) seconds",
         "",
         Uptime},
        {"logging",
         "Control",
         CallKind::Quick,
         "Shows and switches the debug log's categories.",
         {{"include", ArgType::Array, "-", "categories to switch on; \"all\" for all"},
          {"exclude", ArgType::Array, "-", "categories to switch off"}},
         "{ category: true or false }",
         "'[\"dns\"]' '[\"rpc\"]'",
         Logging},
        {"getmemoryinfo",
         "Control",
         CallKind::Quick,
         "Memory of the process.",
         {{"mode", ArgType::String, "stats", "stats, or mallocinfo for the allocator's own figures"}},
         "{ resident }    bytes; with mallocinfo a text in XML",
         "mallocinfo",
         MemoryInfo},
        {"getrpcinfo",
         "Control",
         CallKind::Quick,
         "The RPC server.",
         {},
         "{ active_commands: [ { method, duration (microseconds) } ], calls, logpath }",
         "",
         RpcInfo},
        {"getopenrpcinfo",
         "Control",
         CallKind::Quick,
         "OpenRPC document of all calls, for client generators.",
         {},
         "{ openrpc, info, methods }",
         "",
         OpenRpc},
        {"rpc.discover",
         "Hidden",
         CallKind::Quick,
         "The same as getopenrpcinfo, by the name OpenRPC gives it.",
         {},
         "{ openrpc, info, methods }",
         "",
         OpenRpc},
        {"setmocktime",
         "Hidden",
         CallKind::Quick,
         "Fixes the node's clock (regtest only).",
         {{"timestamp", ArgType::Number, "", "unix seconds; 0: let the clock run"}},
         "null",
         "1700000000",
         SetMockTime},
        EchoSpec("echo", ArgType::AnyWord),
        EchoSpec("echojson", ArgType::Any),
    };
    return table;
}

} // namespace emc::rpc
