/// Call records as SIP servers write them.
#pragma once

#include "calls/numbering.h"
#include "reward/call_record.h"

#include <map>

namespace emc::calls {

enum class CdrFormat : uint8_t {
    AsteriskCsv,   ///< cdr_csv, Master.csv: no heading, 16 to 21 columns
    FreeSwitchCsv, ///< mod_cdr_csv with its `example` template: no heading, 15 columns, a 16th may be the SIP
                   ///< Call-ID
    FreeSwitchJson, ///< mod_json_cdr or mod_format_cdr: one object for each leg, one after the other
    FreeSwitchXml,  ///< mod_xml_cdr: one `<cdr>` for each leg
    KamailioCsv,    ///< rows of table acc or cdrs, with a heading
    KamailioJson,   ///< the same as objects, one after the other or in one array
    Csv,            ///< any other table: CdrOptions::columns says what stands where
};

/// "asterisk-csv", "freeswitch-csv", "freeswitch-json", "freeswitch-xml", "kamailio-csv", "kamailio-json",
/// "csv"; nullopt for anything else.
[[nodiscard]] std::optional<CdrFormat> CdrFormatOf(std::string_view name);
[[nodiscard]] std::string_view Name(CdrFormat format);
/// What to say of a name that CdrFormatOf does not know.
[[nodiscard]] std::string NoFormat(std::string_view name);

/// Where a clock without a zone stands.
struct CdrZone {
    bool local = false;         ///< as this computer's clock
    int32_t offset_minutes = 0; ///< else east of Greenwich
};

struct CdrOptions {
    CdrFormat format = CdrFormat::AsteriskCsv;
    NumberingPlan plan;
    CdrZone zone;
    /// Which column (heading, or place from 1) or variable holds a field, in place of the format's own:
    /// caller, callee, callid, start, answer, end, duration (seconds from answer), cause (Q.850 number or
    /// FreeSWITCH's name), status (SIP), mos, codec, disposition (ANSWERED for answered calls).
    std::map<std::string, std::string> columns;
    uint64_t latest_ms = reward::MAX_CALL_TIME_MS; ///< calls that end later show a wrong clock or zone
};

/// "utc", "local" or "+02:00". The error says what would be right.
[[nodiscard]] base::Expected<CdrZone, std::string> ParseCdrZone(std::string_view text);
/// "caller=src,callee=3,…" (see CdrOptions::columns).
[[nodiscard]] base::Expected<std::map<std::string, std::string>, std::string>
ParseCdrColumns(std::string_view text);

/// A call whose beginning was read and whose end was not (Kamailio writes them apart).
struct OpenCall {
    std::string caller; ///< as written
    std::string callee;
    uint64_t answer_ms = 0;
};

/// What the next part of a source needs of the parts before it.
struct CdrState {
    std::map<std::string, OpenCall> open; ///< calls that wait for their end, by Call-ID
    std::map<std::string, uint64_t> ends; ///< ends in ms that came before their answer, by Call-ID
    std::vector<std::string> heading;     ///< of a table; empty: not read yet
};

/// Calls that may wait for their end, and ends for their answer, at a time; the oldest are given up then.
inline constexpr size_t MAX_OPEN_CALLS = 100'000;

/// A record that could not be taken.
struct CdrProblem {
    size_t line = 0; ///< from 1
    std::string reason;
};

struct CdrResult {
    std::vector<reward::CallRecord> calls; ///< answered ones; the salt is not set
    std::vector<size_t> lines;             ///< where each began
    std::vector<CdrProblem> problems;
    size_t unanswered = 0; ///< calls nobody took, and legs that repeat another one
    size_t used_bytes = 0; ///< of the text; the rest is a record that is not complete yet
    size_t used_lines = 0;
};

/// Reads the records of a text. `whole`: nothing will be added to it, so a half record at its end is a
/// problem and not a reason to wait. `state` is what the part before left, and is changed. Lines count from
/// the part's own.
[[nodiscard]] CdrResult ParseCdrs(std::string_view text, const CdrOptions& options, CdrState& state,
                                  bool whole);

} // namespace emc::calls
