#include "calls/cdr_fields.h"

#include "base/clock.h"
#include "calls/cdr_time.h"
#include "codec/json.h"

#include <algorithm>
#include <charconv>

namespace emc::calls {
namespace {

constexpr uint64_t MS = 1'000;
constexpr uint16_t NORMAL_CLEARING = 16; // ITU-T Q.850
constexpr uint16_t SIP_OK = 200;
constexpr uint16_t FIRST_SIP_FAILURE = 300;
constexpr uint16_t LAST_SIP_STATUS = 699;
constexpr size_t MAX_SHOWN = 64;

using Names = std::array<std::string_view, CDR_FIELDS>;

/// The formats' own columns and variables, several with | between them, in the order of CdrField.
Names OwnNames(CdrFormat format)
{
    switch (format) {
    case CdrFormat::AsteriskCsv:
        return {"2", "3", "18|17", "10", "11", "12", "14", "", "", "", "", "15"};
    case CdrFormat::FreeSwitchCsv:
        return {"2", "3", "16|11", "5", "6", "7", "9", "10", "", "", "14", ""};
    case CdrFormat::FreeSwitchJson:
    case CdrFormat::FreeSwitchXml:
        return {"caller_id_number|sip_from_user",
                "destination_number|sip_to_user",
                "sip_call_id|uuid",
                "start_uepoch|start_epoch",
                "answer_uepoch|answer_epoch",
                "end_uepoch|end_epoch",
                "billsec",
                "hangup_cause_q850|hangup_cause",
                "sip_term_status",
                "rtp_audio_in_mos",
                "read_codec",
                ""};
    case CdrFormat::KamailioCsv:
    case CdrFormat::KamailioJson:
        return {"caller|src_user|from_user",
                "callee|dst_ouser|dst_user|to_user",
                "callid|sip_call_id|call_id",
                "start_time|time",
                "answer_time|start_time|time",
                "end_time",
                "duration",
                "",
                "sip_code",
                "mos",
                "codec",
                ""};
    case CdrFormat::Csv:
        return {"caller",   "callee", "callid", "start", "answer", "end",
                "duration", "cause",  "status", "mos",   "codec",  "disposition"};
    }
    return {};
}

/// FreeSWITCH's names of causes that calls end with after an answer, and others that are common.
struct CauseName {
    std::string_view name;
    uint16_t q850;
};

constexpr std::array<CauseName, 22> CAUSES = {{{"UNALLOCATED_NUMBER", 1},
                                               {"NO_ROUTE_TRANSIT_NET", 2},
                                               {"NO_ROUTE_DESTINATION", 3},
                                               {"NORMAL_CLEARING", 16},
                                               {"USER_BUSY", 17},
                                               {"NO_USER_RESPONSE", 18},
                                               {"NO_ANSWER", 19},
                                               {"SUBSCRIBER_ABSENT", 20},
                                               {"CALL_REJECTED", 21},
                                               {"NUMBER_CHANGED", 22},
                                               {"DESTINATION_OUT_OF_ORDER", 27},
                                               {"INVALID_NUMBER_FORMAT", 28},
                                               {"FACILITY_REJECTED", 29},
                                               {"NORMAL_UNSPECIFIED", 31},
                                               {"NORMAL_CIRCUIT_CONGESTION", 34},
                                               {"NETWORK_OUT_OF_ORDER", 38},
                                               {"NORMAL_TEMPORARY_FAILURE", 41},
                                               {"SWITCH_CONGESTION", 42},
                                               {"BEARERCAPABILITY_NOTAVAIL", 58},
                                               {"INCOMPATIBLE_DESTINATION", 88},
                                               {"RECOVERY_ON_TIMER_EXPIRE", 102},
                                               {"INTERWORKING", 127}}};

std::optional<uint16_t> Small(std::string_view text, uint16_t most)
{
    uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
    return value;
}

/// Names FreeSWITCH has for causes of its own have no number: they count as unspecified.
uint16_t Cause(std::string_view text)
{
    constexpr uint16_t UNSPECIFIED = 31;
    constexpr uint16_t LAST_CAUSE = 127;
    if (text.empty()) return NORMAL_CLEARING;
    if (const auto number = Small(text, LAST_CAUSE)) return *number;
    const auto known =
        std::find_if(CAUSES.begin(), CAUSES.end(), [&](const auto& entry) { return entry.name == text; });
    return known == CAUSES.end() ? UNSPECIFIED : known->q850;
}

/// "4.35" as 435; nothing when it is no mean opinion score.
std::optional<uint16_t> Mos(std::string_view text)
{
    const auto thousandth = ParseCdrSeconds(text);
    if (!thousandth || *thousandth < 1'000 || *thousandth > 5'000) return std::nullopt;
    return static_cast<uint16_t>(*thousandth / 10);
}

bool IsZero(std::string_view text)
{
    return text.find_first_not_of("0. ") == std::string_view::npos;
}

base::Unexpected<std::string> NoTime(std::string_view what, const std::string& text)
{
    return base::Unexpected(std::string(what) + " \"" + text.substr(0, MAX_SHOWN) +
                            "\" is no time (2026-11-21 18:30:05, or seconds since 1970)");
}

} // namespace

CdrFields CollectFields(const CdrOptions& options, const CdrLookup& lookup)
{
    const Names own = OwnNames(options.format);
    CdrFields out;
    for (size_t i = 0; i < CDR_FIELDS; ++i) {
        const auto chosen = options.columns.find(std::string(CDR_FIELD_NAMES[i]));
        std::string_view names = chosen == options.columns.end() ? own[i] : std::string_view(chosen->second);
        while (!names.empty() && out.text[i].empty()) {
            const auto name = names.substr(0, names.find('|'));
            names.remove_prefix(std::min(names.size(), name.size() + 1));
            if (const std::string* value = lookup(name)) out.text[i] = *value;
        }
    }
    return out;
}

std::string Shown(std::string text)
{
    constexpr unsigned char LAST_ASCII = 0x7f;
    if (codec::IsUtf8(text)) return text;
    for (char& c : text)
        c = static_cast<unsigned char>(c) > LAST_ASCII ? '?' : c;
    return text;
}

void CdrSink::Problem(size_t line, std::string reason)
{
    m_result.problems.push_back({line, Shown(std::move(reason))});
}

void CdrSink::Add(const CdrFields& fields, size_t line)
{
    if (fields[CdrField::Caller].empty() && fields[CdrField::Callee].empty() &&
        fields[CdrField::CallId].empty())
        return Problem(line, "no call record: neither numbers nor a Call-ID");
    const std::string& disposition = fields[CdrField::Disposition];
    const auto status = Small(fields[CdrField::Status], LAST_SIP_STATUS);
    const bool nobody = (!disposition.empty() && disposition != "ANSWERED") ||
                        (status && *status >= FIRST_SIP_FAILURE) || IsZero(fields[CdrField::Answer]);
    if (nobody) {
        ++m_result.unanswered;
        return;
    }
    AddAnswered(fields, line);
}

void CdrSink::AddAnswered(const CdrFields& fields, size_t line)
{
    auto record = Build(fields);
    if (!record) return Problem(line, record.Error());
    m_result.calls.push_back(std::move(*record));
    m_result.lines.push_back(line);
}

base::Expected<reward::CallRecord, std::string> CdrSink::Build(const CdrFields& fields) const
{
    reward::CallRecord out;
    const auto caller = ToE164(fields[CdrField::Caller], m_options.plan);
    if (!caller) return base::Unexpected("caller " + caller.Error());
    const auto callee = ToE164(fields[CdrField::Callee], m_options.plan);
    if (!callee) return base::Unexpected("callee " + callee.Error());
    out.caller = *caller;
    out.callee = *callee;
    out.call_id = fields[CdrField::CallId];
    if (out.call_id.empty()) return base::Unexpected(std::string("no Call-ID"));
    const auto answer = ParseCdrTime(fields[CdrField::Answer], m_options.zone);
    if (!answer) return NoTime("answer", fields[CdrField::Answer]);
    const std::string& begin =
        fields[CdrField::Start].empty() ? fields[CdrField::Answer] : fields[CdrField::Start];
    const auto start = ParseCdrTime(begin, m_options.zone);
    if (!start) return NoTime("start", begin);
    out.start = *start;
    out.answer = *answer;
    if (!fields[CdrField::End].empty()) {
        const auto end = ParseCdrTime(fields[CdrField::End], m_options.zone);
        if (!end) return NoTime("end", fields[CdrField::End]);
        out.end = *end;
    } else {
        const auto duration = ParseCdrSeconds(fields[CdrField::Duration]);
        if (!duration)
            return base::Unexpected("no end, and duration \"" + fields[CdrField::Duration] +
                                    "\" is no number");
        if (*duration < 0)
            return base::Unexpected("negative duration of " + fields[CdrField::Duration] + " s");
        out.end = *answer + static_cast<uint64_t>(*duration);
    }
    out.q850 = Cause(fields[CdrField::Cause]);
    out.sip = Small(fields[CdrField::Status], FIRST_SIP_FAILURE - 1).value_or(SIP_OK);
    out.mos = Mos(fields[CdrField::Mos]);
    out.codec = fields[CdrField::Codec];
    if (const auto good = reward::CheckCallRecord(out); !good)
        return base::Unexpected(std::string(reward::Text(good.Error())));
    if (out.end > m_options.latest_ms)
        return base::Unexpected("the call ends at " + base::TimeText(static_cast<int64_t>(out.end / MS)) +
                                ", later than this computer's clock: check the clocks and the zone");
    return out;
}

namespace {

constexpr size_t GIVEN_UP_AT_ONCE = MAX_OPEN_CALLS / 100;

/// Takes the oldest out of a map that has grown too large.
template <typename Map, typename Time, typename Visit>
void DropOldest(Map& map, const Time& time, const Visit& visit)
{
    std::vector<typename Map::iterator> entries;
    for (auto it = map.begin(); it != map.end(); ++it)
        entries.push_back(it);
    const auto last = entries.begin() + GIVEN_UP_AT_ONCE;
    std::nth_element(entries.begin(), last, entries.end(),
                     [&](const auto& a, const auto& b) { return time(a->second) < time(b->second); });
    std::for_each(entries.begin(), last, [&](const auto& entry) {
        visit(entry->first);
        map.erase(entry);
    });
}

} // namespace

void CdrSink::GiveUpOldest(size_t line)
{
    DropOldest(
        m_state.open, [](const OpenCall& call) { return call.answer_ms; },
        [&](const std::string& call_id) {
            Problem(line, "the end of call " + call_id.substr(0, MAX_SHOWN) + " never came");
        });
}

void CdrSink::Begin(const std::string& call_id, OpenCall call, size_t line)
{
    auto& open = m_state.open;
    const auto early = m_state.ends.find(call_id);
    if (early != m_state.ends.end() && early->second >= call.answer_ms && !open.contains(call_id)) {
        End(call_id, call, early->second, {}, line);
        m_state.ends.erase(early);
        return;
    }
    // A second answer within one dialogue changes the call's media and does not begin another.
    open.try_emplace(call_id, std::move(call));
    if (open.size() > MAX_OPEN_CALLS) GiveUpOldest(line);
}

void CdrSink::End(const std::string& call_id, const OpenCall& call, uint64_t end_ms, CdrFields more,
                  size_t line)
{
    more[CdrField::Caller] = call.caller;
    more[CdrField::Callee] = call.callee;
    more[CdrField::CallId] = call_id;
    // Milliseconds have more digits than any second of these centuries.
    more[CdrField::Answer] = more[CdrField::Start] = std::to_string(call.answer_ms);
    more[CdrField::End] = std::to_string(end_ms);
    AddAnswered(more, line);
}

void CdrSink::AddEvent(const std::string& method, const CdrFields& fields, size_t line)
{
    const std::string& call_id = fields[CdrField::CallId];
    if (call_id.empty()) return Problem(line, "no Call-ID");
    const auto time = ParseCdrTime(fields[CdrField::Answer], m_options.zone);
    if (!time) return Problem(line, NoTime("time", fields[CdrField::Answer]).error);
    const auto status = Small(fields[CdrField::Status], LAST_SIP_STATUS);
    if (method == "INVITE") {
        if (status && *status >= SIP_OK && *status < FIRST_SIP_FAILURE)
            return Begin(call_id, {fields[CdrField::Caller], fields[CdrField::Callee], *time}, line);
        ++m_result.unanswered;
        return;
    }
    if (method != "BYE") return;
    const auto begun = m_state.open.find(call_id);
    if (begun != m_state.open.end()) {
        CdrFields more;
        more[CdrField::Mos] = fields[CdrField::Mos];
        End(call_id, begun->second, *time, std::move(more), line);
        m_state.open.erase(begun);
        return;
    }
    m_state.ends.try_emplace(call_id, *time);
    if (m_state.ends.size() > MAX_OPEN_CALLS)
        DropOldest(
            m_state.ends, [](uint64_t end_ms) { return end_ms; }, [](const std::string&) {});
    Problem(line, "the end of call " + call_id.substr(0, MAX_SHOWN) + ", whose answer is not known yet");
}

} // namespace emc::calls
