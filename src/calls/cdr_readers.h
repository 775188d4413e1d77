/// Readers of the formats that are no tables. See ParseCdrs.
#pragma once

#include "calls/cdr_fields.h"

namespace emc::calls {

/// One record may take so many bytes; FreeSWITCH writes some ten thousand.
inline constexpr size_t MAX_CDR_BYTES = 1 << 20;

/// With %xx replaced; a % without two hex digits stays.
[[nodiscard]] std::string PercentDecoded(std::string_view text);

/// The names and values FreeSWITCH gives a call, of JSON or XML, found by CollectFields. Values are
/// percent-encoded as FreeSWITCH writes them.
class LegFields
{
public:
    void Set(const std::string& name, std::string_view encoded);
    /// Hands the leg on; one that another leg originated is the same call once more.
    void AddTo(CdrSink& sink, const CdrOptions& options, size_t line) const;

private:
    std::map<std::string, std::string> m_values; ///< what was set first stays
};

/// Objects one after the other, or in one array; blanks and commas between them.
[[nodiscard]] CdrResult ParseJsonCdrs(std::string_view text, const CdrOptions& options, CdrState& state,
                                      bool whole);
/// `<cdr>` elements one after the other; headings of XML files between them are passed over.
[[nodiscard]] CdrResult ParseXmlCdrs(std::string_view text, const CdrOptions& options, CdrState& state,
                                     bool whole);

} // namespace emc::calls
