#include "calls/cdr_readers.h"

namespace emc::calls {
namespace {

int HexDigit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::string PercentDecoded(std::string_view text)
{
    std::string out;
    for (size_t i = 0; i < text.size(); ++i) {
        const bool encoded =
            text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 && HexDigit(text[i + 2]) >= 0;
        if (encoded) {
            out += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

void LegFields::Set(const std::string& name, std::string_view encoded)
{
    if (!encoded.empty()) m_values.try_emplace(name, PercentDecoded(encoded));
}

void LegFields::AddTo(CdrSink& sink, const CdrOptions& options, size_t line) const
{
    const CdrLookup lookup = [this](std::string_view name) -> const std::string* {
        const auto found = m_values.find(std::string(name));
        return found == m_values.end() ? nullptr : &found->second;
    };
    const bool second_leg = lookup("originating_leg_uuid") != nullptr || lookup("originator") != nullptr;
    CdrFields fields = CollectFields(options, lookup);
    if (second_leg) fields[CdrField::Answer].clear();
    sink.Add(fields, line);
}

} // namespace emc::calls
