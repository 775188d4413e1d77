#include "enum/lines.h"

#include "codec/base58.h"
#include "crypto/keys.h"
#include "enum/ere.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr size_t MAX_SERVICE = 255;
constexpr size_t MAX_TYPE = 32;
constexpr size_t MIN_REGEXP = 3;
constexpr size_t MAX_REGEXP = 255;
constexpr size_t MAX_RESULT = 255;
constexpr size_t REFERENCE_BYTES = 16; ///< what a back-reference counts towards MAX_RESULT
constexpr size_t SIG_BASE64_CHARS = 88;
constexpr uint64_t MAX_TTL = 604'800;
constexpr size_t MAX_METHODS = 8;
constexpr size_t MAX_EXTENSION_KEY = 30;

bool IsAlpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool IsWord(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return IsAlpha(c) || IsDigit(c) || c == '-'; });
}

base::Unexpected<LineFailure> Refuse(RecordError error, std::string detail = {})
{
    return base::Unexpected(LineFailure{error, std::move(detail)});
}

/// "E2U" 1*( "+" type *( ":" subtype ) )
bool IsService(std::string_view service)
{
    if (service.size() > MAX_SERVICE || !IsE2uLine(service)) return false;
    for (const std::string_view enumservice : Split(service.substr(4), '+')) {
        for (const std::string_view type : Split(enumservice, ':')) {
            if (type.empty() || type.size() > MAX_TYPE || !IsWord(type)) return false;
        }
    }
    return true;
}

/// Bytes of the literal scheme with its colon at the front of a replacement; 0 when there is none.
size_t SchemeBytes(std::string_view replacement)
{
    if (replacement.empty() || !IsAlpha(replacement[0])) return 0;
    size_t i = 1;
    while (i < replacement.size() &&
           (IsWord(replacement.substr(i, 1)) || replacement[i] == '+' || replacement[i] == '.'))
        ++i;
    return i < replacement.size() && replacement[i] == ':' ? i + 1 : 0;
}

/// References exist, the result begins with a scheme and cannot get too long.
LineResult<void> CheckReplacement(std::string_view replacement, int groups)
{
    size_t longest = 0;
    for (size_t i = 0; i < replacement.size(); ++i) {
        if (replacement[i] != '\\') {
            ++longest;
            continue;
        }
        ++i;
        const char digit = i < replacement.size() ? replacement[i] : '\0';
        if (digit < '1' || digit > '9') {
            return Refuse(RecordError::BadReplacement, "a backslash stands only before 1 to 9");
        }
        if (digit - '0' > groups) {
            return Refuse(RecordError::BadReplacement, std::string("there is no group \\") + digit);
        }
        longest += REFERENCE_BYTES;
    }
    const size_t scheme = SchemeBytes(replacement);
    if (scheme == 0 || scheme == replacement.size()) return Refuse(RecordError::NoUriScheme);
    if (longest > MAX_RESULT) return Refuse(RecordError::ReplacementTooLong);
    return {};
}

/// Takes "!ere!replacement![i]" apart into `out`.
LineResult<void> ParseRegexp(std::string_view regexp, const Number* number, E2u& out)
{
    if (regexp.size() < MIN_REGEXP || regexp.size() > MAX_REGEXP) {
        return Refuse(RecordError::BadRegexp, std::to_string(regexp.size()) + " bytes");
    }
    const auto parts = Split(regexp, '!');
    if (parts.size() != 4 || !parts[0].empty() || (!parts[3].empty() && parts[3] != "i")) {
        return Refuse(RecordError::BadRegexp);
    }
    out.ere = parts[1];
    out.replacement = parts[2];
    out.ignore_case = !parts[3].empty();
    const auto ere = Ere::Compile(out.ere, out.ignore_case);
    if (!ere) {
        return Refuse(RecordError::BadEre, std::string(Text(ere.Error().error)) + ", at byte " +
                                               std::to_string(ere.Error().offset));
    }
    if (const auto ok = CheckReplacement(out.replacement, ere->Groups()); !ok) return ok;
    if (number != nullptr && !ere->Search(number->WithPlus())) return Refuse(RecordError::EreMissesNumber);
    return {};
}

bool IsLowerHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); });
}

/// 1*8 of A-Z, ascending, none twice.
bool IsMethods(std::string_view methods)
{
    if (methods.empty() || methods.size() > MAX_METHODS) return false;
    char last = 'A' - 1;
    for (const char c : methods) {
        if (c <= last || c > 'Z') return false;
        last = c;
    }
    return true;
}

} // namespace

std::optional<uint64_t> ReadDecimal(std::string_view text, uint64_t max)
{
    if (text.empty() || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    uint64_t value = 0;
    for (const char c : text) {
        if (!IsDigit(c)) return std::nullopt;
        value = value * 10 + static_cast<uint64_t>(c - '0');
        if (value > max) return std::nullopt;
    }
    return value;
}

std::vector<std::string_view> Split(std::string_view text, char separator)
{
    std::vector<std::string_view> out;
    for (;;) {
        const size_t end = text.find(separator);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

bool IsPrintable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool IsE2uLine(std::string_view line)
{
    return line.size() >= 4 && (line[0] == 'E' || line[0] == 'e') && line[1] == '2' &&
           (line[2] == 'U' || line[2] == 'u') && line[3] == '+';
}

LineResult<E2u> ParseE2u(std::string_view line, const Number* number)
{
    E2u out;
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos || !IsService(line.substr(0, equals))) {
        return Refuse(RecordError::BadService);
    }
    out.service = line.substr(0, equals);
    std::string_view rest = line.substr(equals + 1);
    const auto field = [&](uint16_t& value) {
        const size_t bar = rest.find('|');
        if (bar == std::string_view::npos) return false;
        const auto read = ReadDecimal(rest.substr(0, bar), 0xffff);
        rest.remove_prefix(bar + 1);
        value = static_cast<uint16_t>(read.value_or(0));
        return read.has_value();
    };
    if (!field(out.order)) return Refuse(RecordError::BadOrder);
    if (!field(out.preference)) return Refuse(RecordError::BadPreference);
    if (const auto ok = ParseRegexp(rest, number, out); !ok) return base::Unexpected(ok.Error());
    return out;
}

LineResult<Sig> ParseSig(std::string_view rest)
{
    const auto parts = Split(rest, '|');
    if (parts.size() < 2 || parts.size() > 3) return Refuse(RecordError::BadSignature);
    Sig out;
    if (!IsVerifierName(parts[0])) return Refuse(RecordError::BadVerifierName);
    out.verifier = parts[0];
    const auto bytes = parts[1].size() == SIG_BASE64_CHARS ? codec::Base64Decode(parts[1]) : std::nullopt;
    if (!bytes || bytes->size() != out.signature.size()) return Refuse(RecordError::BadSignature);
    std::copy(bytes->begin(), bytes->end(), out.signature.begin());
    if (parts.size() == 3) {
        const auto expiry = ReadDecimal(parts[2], 0xffffffff);
        if (!expiry || *expiry == 0) return Refuse(RecordError::BadExpiry);
        out.expiry = static_cast<uint32_t>(*expiry);
    }
    return out;
}

LineResult<Ttl> ParseTtl(std::string_view rest)
{
    const auto seconds = ReadDecimal(rest, MAX_TTL);
    if (!seconds || *seconds == 0) return Refuse(RecordError::BadTtl);
    return Ttl{static_cast<uint32_t>(*seconds)};
}

LineResult<Pvp> ParsePvp(std::string_view rest)
{
    const auto parts = Split(rest, '|');
    if (parts.size() != 4 || parts[1] != "v1")
        return Refuse(RecordError::BadPvp, "host:port|v1|key|methods expected");
    Pvp out;
    const size_t colon = parts[0].rfind(':');
    if (colon == std::string_view::npos || !IsHost(parts[0].substr(0, colon))) {
        return Refuse(RecordError::BadPvp, "host is no DNS name, IPv4 address or [IPv6 address]");
    }
    out.host = parts[0].substr(0, colon);
    const auto port = ReadDecimal(parts[0].substr(colon + 1), 0xffff);
    if (!port || *port == 0) return Refuse(RecordError::BadPvp, "port is not 1 to 65535");
    out.port = static_cast<uint16_t>(*port);
    const auto bytes = IsLowerHex(parts[2]) ? base::FromHex(parts[2]) : std::nullopt;
    const auto key = bytes ? crypto::PublicKey::From(*bytes) : std::nullopt;
    if (!key || !key->IsCompressed() || !key->IsOnCurve()) {
        return Refuse(RecordError::BadPvp, "key is no compressed public key in lower-case hex");
    }
    std::copy(bytes->begin(), bytes->end(), out.key.begin());
    if (!IsMethods(parts[3]))
        return Refuse(RecordError::BadPvp, "methods are not 1 to 8 ascending letters A to Z");
    out.methods = parts[3];
    return out;
}

LineResult<Extension> ParseExtension(std::string_view line)
{
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return Refuse(RecordError::BadExtension);
    const std::string_view name = line.substr(2, equals - 2);
    if (name.empty() || name.size() > MAX_EXTENSION_KEY || !IsWord(name))
        return Refuse(RecordError::BadExtension);
    return Extension{std::string(line.substr(0, equals)), std::string(line.substr(equals + 1))};
}

} // namespace emc::enumrec
