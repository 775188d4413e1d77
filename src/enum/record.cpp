#include "enum/record.h"

#include "codec/base58.h"
#include "enum/ere.h"

namespace emc::enumrec {

namespace {

struct ErrorInfo {
    std::string_view rule;
    std::string_view text;
};

/// In the order of the enumerators.
constexpr ErrorInfo ERRORS[] = {
    {"E-10", "value or line is empty (no line feed stands at the end)"},
    {"E-11", "byte outside the printable ASCII characters"},
    {"E-12", "more than 64 lines"},
    {"E-13", "line begins with none of E2U+, SIG=, TTL=, PVP=, X-"},
    {"E-14", "service is not E2U+type with types of 1 to 32 letters, digits and hyphens"},
    {"E-15", "order is not a number from 0 to 65535 followed by |"},
    {"E-16", "preference is not a number from 0 to 65535 followed by |"},
    {"E-17",
     "regular expression field is not !expression!replacement! of 3 to 255 bytes with ! nowhere else"},
    {"E-18", "expression is not valid"},
    {"E-19", "replacement is not valid"},
    {"E-20", "replacement does not begin with a URI scheme, a colon and something after it"},
    {"E-21", "replacement may give more than 255 bytes"},
    {"E-22", "expression does not match the record's own number"},
    {"E-23", "signature line is not SIG=verifier|base64 of 65 bytes[|expiry]"},
    {"E-24", "verifier of a signature line is no name of the form ver:identifier"},
    {"E-25", "expiry of a signature line is not a number from 1 to 4294967295"},
    {"E-26", "TTL is not a number from 1 to 604800"},
    {"E-27", "validation endpoint is not valid"},
    {"E-28", "extension line is not X-key=text with a key of 1 to 30 letters, digits and hyphens"},
    {"E-29", "more than 16 E2U lines"},
    {"E-30", "more than 8 SIG lines"},
    {"E-31", "more than one TTL line"},
    {"E-32", "more than one PVP line"},
    {"E-33", "neither an E2U nor a PVP line (in toll-free lists: a block without E2U line)"},
    {"E-34", "toll-free list has other lines than =expression and E2U lines below one"},
};
static_assert(std::size(ERRORS) == static_cast<size_t>(RecordError::BadTollFree) + 1);

std::string PrintE2u(const E2u& route)
{
    return route.service + "=" + std::to_string(route.order) + "|" + std::to_string(route.preference) + "|" +
           route.Regexp();
}

std::string PrintSig(const Sig& sig)
{
    std::string out = "SIG=" + sig.verifier + "|" + codec::Base64Encode(sig.signature);
    if (sig.expiry != 0) out += "|" + std::to_string(sig.expiry);
    return out;
}

std::string PrintPvp(const Pvp& pvp)
{
    return "PVP=" + pvp.host + ":" + std::to_string(pvp.port) + "|v1|" + base::Hex(pvp.key) + "|" +
           pvp.methods;
}

} // namespace

std::string_view Text(RecordError error)
{
    return ERRORS[static_cast<size_t>(error)].text;
}

std::string_view RuleId(RecordError error)
{
    return ERRORS[static_cast<size_t>(error)].rule;
}

std::string E2u::Regexp() const
{
    return "!" + ere + "!" + replacement + (ignore_case ? "!i" : "!");
}

bool Record::operator==(const Record& other) const
{
    return lines == other.lines;
}

std::vector<const E2u*> Record::Routes() const
{
    std::vector<const E2u*> out;
    for (const Line& line : lines) {
        if (const auto* route = std::get_if<E2u>(&line)) out.push_back(route);
    }
    return out;
}

std::vector<const Sig*> Record::Signatures() const
{
    std::vector<const Sig*> out;
    for (const Line& line : lines) {
        if (const auto* sig = std::get_if<Sig>(&line)) out.push_back(sig);
    }
    return out;
}

uint32_t Record::TtlSec() const
{
    for (const Line& line : lines) {
        if (const auto* ttl = std::get_if<Ttl>(&line)) return ttl->seconds;
    }
    return DEFAULT_TTL_SEC;
}

const Pvp* Record::Endpoint() const
{
    for (const Line& line : lines) {
        if (const auto* pvp = std::get_if<Pvp>(&line)) return pvp;
    }
    return nullptr;
}

std::string PrintLine(const Line& line)
{
    if (const auto* route = std::get_if<E2u>(&line)) return PrintE2u(*route);
    if (const auto* sig = std::get_if<Sig>(&line)) return PrintSig(*sig);
    if (const auto* ttl = std::get_if<Ttl>(&line)) return "TTL=" + std::to_string(ttl->seconds);
    if (const auto* pvp = std::get_if<Pvp>(&line)) return PrintPvp(*pvp);
    const Extension& extension = std::get<Extension>(line);
    return extension.key + "=" + extension.value;
}

std::string PrintRecord(const Record& record)
{
    std::string out;
    for (const Line& line : record.lines) {
        if (!out.empty()) out.push_back('\n');
        out += PrintLine(line);
    }
    return out;
}

std::string PrintTollFree(const std::vector<TollFreeBlock>& blocks)
{
    std::string out;
    for (const TollFreeBlock& block : blocks) {
        if (!out.empty()) out.push_back('\n');
        out += "=" + block.ere;
        for (const E2u& route : block.routes)
            out += "\n" + PrintE2u(route);
    }
    return out;
}

std::optional<std::string> ApplyRoute(const E2u& route, const Number& number)
{
    const auto ere = Ere::Compile(route.ere, route.ignore_case);
    if (!ere) return std::nullopt;
    const std::string subject = number.WithPlus();
    if (route.replacement.find('\\') == std::string::npos) {
        return ere->Search(subject) ? std::optional(route.replacement) : std::nullopt;
    }
    const auto match = ere->Find(subject);
    if (!match) return std::nullopt;
    return Substitute(route.replacement, subject, *match);
}

std::string SignatureText(const Number& number, std::string_view owner_address, uint32_t expiry)
{
    return "ENUM1\nenum:" + number.Digits() + "\n" + std::string(owner_address) + "\n" +
           std::to_string(expiry);
}

} // namespace emc::enumrec
