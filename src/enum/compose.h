/// Making record values from what people give: options, or text in an older or looser way of writing.
#pragma once

#include "enum/record.h"

namespace emc::enumrec {

/// One route of a record to be made.
struct ComposeRoute {
    std::string service = "E2U+sip";
    uint16_t order = 100;
    uint16_t preference = 10;
    std::string uri;          ///< "sip:100@example.net"; may hold \1 … \9 when the expression has groups
    std::string ere = "^.*$"; ///< the one expression every known client handles (RFC 5483)
    bool ignore_case = false;
};

/// What a record shall say.
struct ComposeOptions {
    std::vector<ComposeRoute> routes;
    std::vector<Sig> signatures;
    std::optional<uint32_t> ttl_sec;
    std::optional<Pvp> endpoint;
    std::vector<Extension> extensions;
};

/// The canonical value: routes, PVP, TTL, signatures, extensions. Every rule of ParseRecord is checked; the
/// line of a failure counts in that order.
[[nodiscard]] base::Expected<std::string, RecordFailure> ComposeRecord(const Number& number,
                                                                       const ComposeOptions& options);

/// A change that made text fit the grammar.
struct Repair {
    size_t line = 0;            ///< of the canonical value, counted from 1; 0: the value as a whole
    std::string what;           ///< a sentence for the user
    bool needs_consent = false; ///< it may change the meaning: do not use without asking
};

/// Text read generously.
struct LooseRecord {
    Record record;
    std::string value; ///< canonical
    std::vector<Repair> repairs;

    [[nodiscard]] bool NeedsConsent() const;
};

/// Reads a value in the canonical form, or with all entries on one line between blanks, CR LF or empty lines,
/// blanks around = and |, keywords in lower case, several signatures in one SIG line between commas, doubled
/// backslashes, or without the final delimiter. The last two are repairs that need consent. Other faults are
/// ParseRecord's, with lines as in the repaired text.
[[nodiscard]] base::Expected<LooseRecord, RecordFailure> ReadLoose(std::string_view text,
                                                                   const Number& number);

/// A toll-free list from a file: blocks that are valid, and a sentence with the line's number for everything
/// left out or rewritten.
struct TollFreeImport {
    std::vector<TollFreeBlock> blocks;
    std::vector<std::string> notes;
};

/// Reads the file form of toll-free lists: lines that begin with a byte below "0" (#, blank, +, *) are
/// comments, trailing blanks are cut, \d becomes [0-9], doubled backslashes single ones. Any number of lines.
[[nodiscard]] TollFreeImport ImportTollFree(std::string_view text);

} // namespace emc::enumrec
