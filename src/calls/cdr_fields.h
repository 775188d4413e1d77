/// One record as text fields, and what becomes of it: shared by the readers of all formats.
#pragma once

#include "calls/cdr.h"

#include <array>
#include <functional>

namespace emc::calls {

enum class CdrField : uint8_t {
    Caller,
    Callee,
    CallId,
    Start,
    Answer,
    End,
    Duration,
    Cause,
    Status,
    Mos,
    Codec,
    Disposition,
};

inline constexpr size_t CDR_FIELDS = 12;
/// As CdrOptions::columns spells them, in the order of CdrField.
inline constexpr std::array<std::string_view, CDR_FIELDS> CDR_FIELD_NAMES = {
    "caller",   "callee", "callid", "start", "answer", "end",
    "duration", "cause",  "status", "mos",   "codec",  "disposition"};

/// The fields of one record as written; empty: not there.
struct CdrFields {
    std::array<std::string, CDR_FIELDS> text;

    [[nodiscard]] const std::string& operator[](CdrField field) const
    {
        return text[static_cast<size_t>(field)];
    }

    [[nodiscard]] std::string& operator[](CdrField field) { return text[static_cast<size_t>(field)]; }
};

/// The text as it may be shown: when it is no UTF-8, with a question mark for each byte that is no ASCII.
[[nodiscard]] std::string Shown(std::string text);

/// Gives the value of a column or variable; nullptr when there is none of that name.
using CdrLookup = std::function<const std::string*(std::string_view name)>;

/// Fills the fields: those of CdrOptions::columns from there, others from the first of the format's own names
/// that is there and not empty.
[[nodiscard]] CdrFields CollectFields(const CdrOptions& options, const CdrLookup& lookup);

/// Collects the outcome of a text.
class CdrSink
{
public:
    CdrSink(const CdrOptions& options, CdrState& state) : m_options(options), m_state(state) {}

    /// Takes a record that began at `line`.
    void Add(const CdrFields& fields, size_t line);
    /// Takes one of Kamailio's rows for a request and its answer: an INVITE that was answered begins a call,
    /// a BYE ends it.
    void AddEvent(const std::string& method, const CdrFields& fields, size_t line);
    void Problem(size_t line, std::string reason);

    [[nodiscard]] size_t Problems() const { return m_result.problems.size(); }

    [[nodiscard]] CdrResult Take() { return std::move(m_result); }

private:
    void GiveUpOldest(size_t line);
    void Begin(const std::string& call_id, OpenCall call, size_t line);
    void End(const std::string& call_id, const OpenCall& call, uint64_t end_ms, CdrFields more, size_t line);
    void AddAnswered(const CdrFields& fields, size_t line);
    [[nodiscard]] base::Expected<reward::CallRecord, std::string> Build(const CdrFields& fields) const;

    const CdrOptions& m_options;
    CdrState& m_state;
    CdrResult m_result;
};

} // namespace emc::calls
