// Call records of every format, whole and in two parts: what is read is a valid record, each byte is read at
// most once, and nothing is left at the end of a whole text. The first byte chooses the format, the second
// the cut.
#include "base/check.h"
#include "calls/cdr.h"

#include <array>

using namespace emc;

namespace {

constexpr std::array<calls::CdrFormat, 7> FORMATS = {calls::CdrFormat::AsteriskCsv,
                                                     calls::CdrFormat::FreeSwitchCsv,
                                                     calls::CdrFormat::FreeSwitchJson,
                                                     calls::CdrFormat::FreeSwitchXml,
                                                     calls::CdrFormat::KamailioCsv,
                                                     calls::CdrFormat::KamailioJson,
                                                     calls::CdrFormat::Csv};

size_t Check(const calls::CdrResult& result, std::string_view text)
{
    EMC_CHECK(result.used_bytes <= text.size());
    EMC_CHECK(result.lines.size() == result.calls.size());
    for (const auto& call : result.calls)
        EMC_CHECK(reward::CheckCallRecord(call).HasValue());
    for (const auto& problem : result.problems)
        EMC_CHECK(!problem.reason.empty() && problem.line > 0);
    return result.used_bytes;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2) return 0;
    calls::CdrOptions options;
    options.format = FORMATS[data[0] % FORMATS.size()];
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    calls::CdrState whole;
    EMC_CHECK(Check(calls::ParseCdrs(text, options, whole, true), text) == text.size());
    calls::CdrState parts;
    const auto first = text.substr(0, text.size() * data[1] / 256);
    const size_t used = Check(calls::ParseCdrs(first, options, parts, false), first);
    EMC_CHECK(parts.open.size() <= calls::MAX_OPEN_CALLS);
    const auto rest = text.substr(used);
    EMC_CHECK(Check(calls::ParseCdrs(rest, options, parts, true), rest) == rest.size());
    return 0;
}
