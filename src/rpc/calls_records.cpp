// Records of own calls: adding, importing, reading.
#include "interfaces/calls.h"
#include "interfaces/node.h"
#include "rpc/calls.h"
#include "rpc/render_call.h"
#include "rpc/take.h"

namespace emc::rpc {

namespace {

using interfaces::CallFilter;
using reward::CallRecord;

constexpr int64_t MAX_PAGE = 10'000;
constexpr uint64_t MS = 1'000;
constexpr uint64_t YEAR_2000_MS = 946'684'800'000; ///< earlier times were meant as seconds
constexpr int64_t LAST_SECOND = static_cast<int64_t>(reward::MAX_CALL_TIME_MS / MS);

/// A field of an object as text; numbers as they were written.
std::string TextOf(const Json& object, const std::string& name)
{
    const Json& value = object[name];
    if (value.isNull()) return {};
    if (!value.isStr() && !value.isNum())
        throw RpcError(Code::Type, name + ": a text or a number is expected");
    return value.getValStr();
}

uint64_t NumberOf(const Json& object, const std::string& name, uint64_t most,
                  std::optional<uint64_t> fallback)
{
    const Json& value = object[name];
    if (value.isNull() && fallback) return *fallback;
    const auto number = codec::JsonInteger(value);
    if (!number || *number < 0 || static_cast<uint64_t>(*number) > most)
        throw RpcError(Code::Parameter,
                       name + ": an integer from 0 to " + std::to_string(most) + " is expected");
    return static_cast<uint64_t>(*number);
}

} // namespace

Json RecordJson(const CallRecord& call)
{
    Json out = codec::JsonObject();
    out.pushKV("caller", std::to_string(call.caller));
    out.pushKV("callee", std::to_string(call.callee));
    out.pushKV("callid", call.call_id);
    out.pushKV("start", call.start);
    out.pushKV("answer", call.answer);
    out.pushKV("end", call.end);
    out.pushKV("minutes", reward::CallMinutes(call.answer, call.end));
    out.pushKV("cause", call.q850);
    out.pushKV("status", call.sip);
    if (call.mos) out.pushKV("mos", *call.mos / 100.0);
    if (!call.codec.empty()) out.pushKV("codec", call.codec);
    return out;
}

namespace {

Json CallAdd(const Request& request)
{
    auto& book = request.Calls();
    const Json& fields = request.Raw(0);
    CheckKeys(fields,
              {"caller", "callee", "callid", "start", "answer", "end", "cause", "status", "mos", "codec"});
    CallRecord call;
    call.caller = Take(book.Number(TextOf(fields, "caller")));
    call.callee = Take(book.Number(TextOf(fields, "callee")));
    call.call_id = TextOf(fields, "callid");
    call.answer = NumberOf(fields, "answer", reward::MAX_CALL_TIME_MS, std::nullopt);
    call.start = NumberOf(fields, "start", reward::MAX_CALL_TIME_MS, call.answer);
    call.end = NumberOf(fields, "end", reward::MAX_CALL_TIME_MS, std::nullopt);
    if (call.answer < YEAR_2000_MS || call.start < YEAR_2000_MS) {
        throw RpcError(Code::Parameter,
                       "times are in milliseconds since 1970: start and answer lie before the year 2000");
    }
    call.q850 = static_cast<uint16_t>(NumberOf(fields, "cause", 127, 16));
    call.sip = static_cast<uint16_t>(NumberOf(fields, "status", 699, 200));
    if (!fields["mos"].isNull()) call.mos = static_cast<uint16_t>(NumberOf(fields, "mos", 500, std::nullopt));
    call.codec = TextOf(fields, "codec");
    const bool added = Take(book.Add(call));
    Json out = RecordJson(call);
    out.pushKV("added", added);
    return out;
}

/// `T`: CallsImported or CallSource.
template <typename T>
void PushCounts(Json& out, const T& found)
{
    out.pushKV("added", found.added);
    out.pushKV("known", found.known);
    out.pushKV("unanswered", found.unanswered);
    out.pushKV("bytes", found.bytes);
}

Json CallImportFile(const Request& request)
{
    interfaces::CallImport job;
    job.file = request.Str(0);
    job.format = request.Str(1);
    if (request.Has(2)) {
        const Json& options = request.Raw(2);
        CheckKeys(options, {"numbering", "zone", "columns", "growing", "again"});
        job.numbering = TextOf(options, "numbering");
        job.zone = TextOf(options, "zone");
        job.columns = TextOf(options, "columns");
        for (const char* const name : {"growing", "again"}) {
            if (!options[name].isNull() && !options[name].isBool())
                throw RpcError(Code::Type, std::string(name) + ": true or false is expected");
        }
        job.whole = !options["growing"].isTrue();
        job.again = options["again"].isTrue();
    }
    const auto found = Take(request.Calls().Import(job));
    Json problems = codec::JsonArray();
    for (const auto& problem : found.problems) {
        Json row = codec::JsonObject();
        row.pushKV("line", problem.line);
        row.pushKV("reason", problem.reason);
        problems.push_back(row);
    }
    Json out = codec::JsonObject();
    PushCounts(out, found);
    out.pushKV("problem_count", found.problem_count);
    out.pushKV("problems", problems);
    return out;
}

/// Arguments number, counterparty, from, to at 0 … 3.
CallFilter FilterOf(const Request& request)
{
    CallFilter filter;
    const auto& book = request.Calls();
    if (const auto number = request.Str(0); !number.empty()) filter.number = Take(book.Number(number));
    if (const auto other = request.Str(1); !other.empty()) {
        if (filter.number == 0) throw RpcError(Code::Parameter, "counterparty: give a number, too");
        filter.counterparty = Take(book.Number(other));
    }
    filter.from_ms = static_cast<uint64_t>(request.IntIn(2, 0, LAST_SECOND, 0)) * MS;
    filter.to_ms = static_cast<uint64_t>(request.IntIn(3, 0, LAST_SECOND + 1, LAST_SECOND + 1)) * MS;
    return filter;
}

Json CallList(const Request& request)
{
    auto filter = FilterOf(request);
    filter.newest_first = request.Bool(6);
    const auto count = static_cast<size_t>(request.IntIn(4, 1, MAX_PAGE, 100));
    auto skip = static_cast<size_t>(request.IntIn(5, 0, INT64_MAX, 0));
    Json out = codec::JsonArray();
    Take(request.Calls().Read(filter, [&](const CallRecord& call) {
        request.CheckStop();
        if (skip > 0) {
            --skip;
            return true;
        }
        out.push_back(RecordJson(call));
        return out.size() < count;
    }));
    return out;
}

Json CallShow(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& call : Take(request.Calls().ByCallId(request.Str(0))))
        out.push_back(RecordJson(call));
    if (out.empty()) throw RpcError(Code::Parameter, "no call has this Call-ID");
    return out;
}

Json CallStats(const Request& request)
{
    Json pairs = codec::JsonArray();
    uint64_t calls = 0;
    uint64_t minutes = 0;
    for (const auto& sum : Take(request.Calls().Totals(FilterOf(request)))) {
        Json row = codec::JsonObject();
        row.pushKV("caller", std::to_string(sum.caller));
        row.pushKV("callee", std::to_string(sum.callee));
        row.pushKV("calls", sum.calls);
        row.pushKV("minutes", sum.minutes);
        row.pushKV("first_end", sum.first_end_ms);
        row.pushKV("last_end", sum.last_end_ms);
        pairs.push_back(row);
        calls += sum.calls;
        minutes += sum.minutes;
    }
    Json out = codec::JsonObject();
    out.pushKV("calls", calls);
    out.pushKV("minutes", minutes);
    out.pushKV("pairs", pairs);
    return out;
}

Json CallForget(const Request& request)
{
    return Take(request.Calls().Forget(static_cast<uint64_t>(request.IntIn(0, 0, LAST_SECOND, 0)) * MS));
}

Json CallExport(const Request& request)
{
    CallFilter filter;
    const auto& book = request.Calls();
    if (const auto number = request.Str(1); !number.empty()) filter.number = Take(book.Number(number));
    filter.from_ms = static_cast<uint64_t>(request.IntIn(2, 0, LAST_SECOND, 0)) * MS;
    filter.to_ms = static_cast<uint64_t>(request.IntIn(3, 0, LAST_SECOND + 1, LAST_SECOND + 1)) * MS;
    return Take(book.Export(filter, request.Str(0)));
}

Json CallSources(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& source : request.Calls().Sources()) {
        Json row = codec::JsonObject();
        row.pushKV("source", source.name);
        row.pushKV("format", source.format);
        row.pushKV("error", source.error);
        row.pushKV("files", source.files);
        PushCounts(row, source);
        row.pushKV("last_added", source.last_added_sec);
        row.pushKV("problem_count", source.problem_count);
        Json problems = codec::JsonArray();
        for (const auto& problem : source.problems) {
            Json at = codec::JsonObject();
            at.pushKV("file", problem.file);
            at.pushKV("line", problem.line);
            at.pushKV("reason", problem.reason);
            problems.push_back(at);
        }
        row.pushKV("problems", problems);
        out.push_back(row);
    }
    return out;
}

std::vector<ArgSpec> FilterArgs(std::initializer_list<ArgSpec> more = {})
{
    std::vector<ArgSpec> args = {
        {"number", ArgType::AnyWord, "-", "caller or callee"},
        {"counterparty", ArgType::AnyWord, "-", "the other one"},
        {"from", ArgType::Number, "0", "calls that ended then or later, unix seconds"},
        {"to", ArgType::Number, "-", "calls that ended before, unix seconds"}};
    args.insert(args.end(), more);
    return args;
}

constexpr std::string_view RECORD_HELP = "[ { caller, callee, callid, start, answer, end: ms since 1970, "
                                         "minutes: begun ones, cause: Q.850, status: SIP,\n"
                                         "    mos, codec: where known } ]";

constexpr std::string_view SOURCES_HELP =
    "[ { source: the folder, or http, format, error: why nothing can be read now, files: in the folder, or "
    "requests,\n    added, known, unanswered, bytes, last_added: unix seconds, problem_count,\n    problems: "
    "[ { file, line, reason } ] (the newest 100) } ]";

} // namespace

const CallTable& RecordCalls()
{
    static const CallTable table = {
        {"call_add",
         "Calls",
         CallKind::Slow,
         "Adds one answered call to the records of this node.",
         {{"record", ArgType::Object, "",
           "{ caller, callee, callid, answer, end, start, cause, status, mos, codec }: times in ms since "
           "1970; mos × 100; "
           "start, cause (16), status (200), mos and codec may be left out"}},
         "The record, and added: false when it is there already.",
         "'{\"caller\":\"+18009359935\",\"callee\":\"442079460000\",\"callid\":\"a@b\",\"answer\":"
         "1795285805000,"
         "\"end\":1795285867000}'",
         CallAdd},
        {"call_import",
         "Calls",
         CallKind::Slow,
         "Reads a SIP server's file of call records from where it was left; a file that was read to its end "
         "gives nothing new.",
         {{"file", ArgType::String, "", "on the node's computer"},
          {"format", ArgType::String, "",
           "asterisk-csv, freeswitch-csv, freeswitch-json, freeswitch-xml, kamailio-csv, kamailio-json or "
           "csv"},
          {"options", ArgType::Object, "-",
           "{ numbering: \"country=49,national=0\", zone: \"utc\", \"local\" or \"+02:00\", columns: "
           "\"caller=src,callid=3\", "
           "growing: true when the server still writes to it, again: true reads it from its beginning }"}},
         "{ added, known, unanswered, bytes, problem_count, problems: [ { line, reason } ] (the first 1000) "
         "}",
         "/var/log/asterisk/cdr-csv/Master.csv asterisk-csv",
         CallImportFile},
        {"call_list", "Calls", CallKind::Slow,
         "Lists calls by the time they ended; of one number first those it made.",
         FilterArgs({{"count", ArgType::Number, "100", "1 to 10000"},
                     {"skip", ArgType::Number, "0", "calls to pass over"},
                     {"newest_first", ArgType::Bool, "false",
                      "by falling end, those a number made and took in one"}}),
         RECORD_HELP, "18009359935", CallList},
        {"call_show",
         "Calls",
         CallKind::Slow,
         "Shows the calls with a Call-ID.",
         {{"callid", ArgType::String, "", "as in SIP"}},
         RECORD_HELP,
         "a84b4c76e66710@pc33.example.com",
         CallShow},
        {"call_stats", "Calls", CallKind::Slow,
         "Adds up calls and begun minutes for each direction between two numbers.", FilterArgs(),
         "{ calls, minutes, pairs: [ { caller, callee, calls, minutes, first_end, last_end } ] }",
         "18009359935", CallStats},
        {"call_export",
         "Calls",
         CallKind::Long,
         "Writes records into a file as a table with a heading, which call_import takes as csv.",
         {{"file", ArgType::String, "",
           "on the node's computer, with its whole path; one that is not there yet"},
          {"number", ArgType::AnyWord, "-", "caller or callee"},
          {"from", ArgType::Number, "0", "calls that ended then or later, unix seconds"},
          {"to", ArgType::Number, "-", "calls that ended before, unix seconds"}},
         "n: records written",
         "/home/me/calls.csv 18009359935",
         CallExport},
        {"call_sources",
         "Calls",
         CallKind::Quick,
         "Shows what came from watched folders and over HTTP since the start, and what could not be taken.",
         {},
         SOURCES_HELP,
         "",
         CallSources},
        {"call_forget",
         "Calls",
         CallKind::Slow,
         "Removes the records of calls that ended before a time.",
         {{"before", ArgType::Number, "", "unix seconds"}},
         "n: records removed",
         "1790000000",
         CallForget},
    };
    return table;
}

} // namespace emc::rpc
