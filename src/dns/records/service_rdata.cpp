#include "dns/records/service_rdata.h"

#include "codec/base58.h"
#include "dns/records/rdata_fields.h"
#include "enum/ere.h"

#include <arpa/inet.h>

namespace emc::dns {

namespace {

/// Three parts between a delimiter that may be escaped by a backslash: delim ere delim replacement delim
/// flags (RFC 3402 §3.2), with escaped delimiters made plain.
struct Substitution {
    std::string ere;
    std::string replacement;
    std::string flags;
};

std::optional<Substitution> SplitSubstitution(std::string_view text)
{
    const char delimiter = text[0];
    if (delimiter == '\\' || delimiter == 'i' || (delimiter >= '0' && delimiter <= '9')) return std::nullopt;
    Substitution out;
    std::string* const parts[] = {&out.ere, &out.replacement, &out.flags};
    size_t part = 0;
    for (size_t i = 1; i < text.size(); ++i) {
        if (text[i] == delimiter) {
            if (++part > 2) return std::nullopt;
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            if (text[i + 1] != delimiter) *parts[part] += '\\';
            *parts[part] += text[++i];
        } else {
            *parts[part] += text[i];
        }
    }
    if (part != 2) return std::nullopt;
    return out;
}

/// One bad expression makes resolvers refuse the whole answer, so it is judged here.
bool IsSubstitution(std::string_view text)
{
    const auto parts = SplitSubstitution(text);
    if (!parts || (!parts->flags.empty() && parts->flags != "i")) return false;
    const auto ere = enumrec::Ere::Compile(parts->ere, !parts->flags.empty());
    if (!ere) return false;
    const std::string& replacement = parts->replacement;
    for (size_t i = replacement.find('\\'); i != std::string::npos; i = replacement.find('\\', i + 2)) {
        const int group = i + 1 < replacement.size() ? replacement[i + 1] - '0' : 0;
        if (group < 1 || group > 9 || group > ere->Groups()) return false;
    }
    return !replacement.empty();
}

constexpr uint16_t KEY_MANDATORY = 0;
constexpr uint16_t KEY_ALPN = 1;
constexpr uint16_t KEY_NO_DEFAULT_ALPN = 2;
constexpr uint16_t KEY_PORT = 3;
constexpr uint16_t KEY_IPV4_HINT = 4;
constexpr uint16_t KEY_ECH = 5;
constexpr uint16_t KEY_IPV6_HINT = 6;
constexpr uint16_t KEY_DOHPATH = 7;
constexpr uint16_t KEY_RESERVED = 65'535;
constexpr std::string_view KEY_NAMES[] = {"mandatory", "alpn", "no-default-alpn", "port",
                                          "ipv4hint",  "ech",  "ipv6hint",        "dohpath"};

std::optional<uint16_t> KeyNumber(std::string_view name)
{
    for (uint16_t key = 0; key < std::size(KEY_NAMES); ++key) {
        if (KEY_NAMES[key] == name) return key;
    }
    if (!name.starts_with("key")) return std::nullopt;
    name.remove_prefix(3);
    if (name.size() > 1 && name[0] == '0') return std::nullopt;
    return Decimal(name, KEY_RESERVED - 1);
}

/// Calls `take(piece)` for each piece between commas; false when one is refused or empty.
template <typename F>
bool EachPiece(std::string_view text, F take)
{
    for (;;) {
        const std::string_view piece = text.substr(0, text.find(','));
        if (piece.empty() || !take(piece)) return false;
        if (piece.size() == text.size()) return true;
        text.remove_prefix(piece.size() + 1);
    }
}

std::optional<Bytes> Hints(int family, std::string_view text)
{
    Bytes out;
    std::array<uint8_t, 16> raw{};
    const size_t size = family == AF_INET ? 4 : 16;
    const bool good = EachPiece(text, [&](std::string_view piece) {
        if (inet_pton(family, std::string(piece).c_str(), raw.data()) != 1) return false;
        Append(out, ByteSpan(raw).first(size));
        return true;
    });
    return good ? std::optional(out) : std::nullopt;
}

/// Protocol names as character strings (RFC 9460 §7.1.1).
std::optional<Bytes> Protocols(std::string_view text)
{
    Bytes out;
    const bool good = EachPiece(text, [&](std::string_view piece) {
        if (piece.size() > MAX_STRING_BYTES) return false;
        AppendString(out, piece);
        return true;
    });
    return good ? std::optional(out) : std::nullopt;
}

/// Keys a client must understand: ascending, none twice, not this key itself (RFC 9460 §8).
std::optional<Bytes> Mandatory(std::string_view text)
{
    std::vector<uint16_t> keys;
    const bool good = EachPiece(text, [&](std::string_view piece) {
        const auto key = KeyNumber(piece);
        if (key) keys.push_back(*key);
        return key && *key != KEY_MANDATORY;
    });
    std::sort(keys.begin(), keys.end());
    if (!good || std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return std::nullopt;
    Bytes out;
    for (const uint16_t key : keys)
        AppendU16(out, key);
    return out;
}

std::optional<Bytes> ParamValue(uint16_t key, std::string_view text)
{
    switch (key) {
    case KEY_MANDATORY:
        return Mandatory(text);
    case KEY_ALPN:
        return Protocols(text);
    case KEY_NO_DEFAULT_ALPN:
        return text.empty() ? std::optional(Bytes()) : std::nullopt;
    case KEY_PORT: {
        const auto port = Decimal(text, UINT16_MAX);
        if (!port) return std::nullopt;
        Bytes out;
        AppendU16(out, *port);
        return out;
    }
    case KEY_IPV4_HINT:
        return Hints(AF_INET, text);
    case KEY_IPV6_HINT:
        return Hints(AF_INET6, text);
    case KEY_ECH: {
        auto raw = codec::Base64Decode(text);
        return raw && !raw->empty() ? std::optional(*raw) : std::nullopt;
    }
    case KEY_DOHPATH: // a relative template with the variable dns (RFC 9461 §5)
        if (!text.starts_with('/') || text.find("dns") == std::string_view::npos) return std::nullopt;
        return base::ToBytes(text);
    default:
        return base::ToBytes(text);
    }
}

struct Param {
    uint16_t key = 0;
    Bytes value;
};

/// The next word as key[=value]; the value may stand between double quotes.
std::optional<Param> TakeParam(std::string_view& text)
{
    text = WithoutBlanks(text);
    const std::string_view name = text.substr(0, text.find_first_of(" ="));
    text.remove_prefix(name.size());
    const auto key = KeyNumber(name);
    if (!key) return std::nullopt;
    std::optional<std::string_view> value = std::string_view();
    if (text.starts_with('=')) {
        text.remove_prefix(1);
        if (!text.empty() && text[0] != ' ') value = TakeWord(text);
        if (!value || value->empty()) return std::nullopt;
    }
    auto data = ParamValue(*key, *value);
    if (!data) return std::nullopt;
    return Param{*key, std::move(*data)};
}

/// Ascending, none twice, every mandatory one there, no default switched off without another protocol.
bool FitTogether(const std::vector<Param>& params)
{
    const auto has = [&](uint16_t key) {
        return std::any_of(params.begin(), params.end(), [key](const Param& p) { return p.key == key; });
    };
    for (size_t i = 1; i < params.size(); ++i) {
        if (params[i - 1].key == params[i].key) return false;
    }
    if (has(KEY_NO_DEFAULT_ALPN) && !has(KEY_ALPN)) return false;
    if (params.empty() || params[0].key != KEY_MANDATORY) return true;
    const Bytes& keys = params[0].value;
    for (size_t i = 0; i < keys.size(); i += 2) {
        if (!has(LoadU16(keys.data() + i))) return false;
    }
    return true;
}

/// Two numbers of 16 bits, as they go on the wire; nullopt when they are not there.
std::optional<Bytes> TakeTwoNumbers(std::string_view& text)
{
    Bytes out;
    for (int i = 0; i < 2; ++i) {
        const auto word = TakeWord(text);
        const auto number = word ? Decimal(*word, UINT16_MAX) : std::nullopt;
        if (!number) return std::nullopt;
        AppendU16(out, *number);
    }
    return out;
}

} // namespace

std::optional<Bytes> NaptrFromText(std::string_view text)
{
    auto numbers = TakeTwoNumbers(text);
    if (!numbers) return std::nullopt;
    Bytes& out = *numbers;
    const auto flags = TakeWord(text);
    const auto service = flags ? TakeWord(text) : std::nullopt;
    const auto regexp = service ? TakeWord(text) : std::nullopt;
    const auto target = regexp ? TakeWord(text) : std::nullopt;
    if (!target || !WithoutBlanks(text).empty() || !AllOf(*flags, IsAlnum)) return std::nullopt;
    for (const std::string_view field : {*flags, *service, *regexp}) {
        if (field.size() > MAX_STRING_BYTES || !AllOf(field, IsVisible)) return std::nullopt;
        AppendString(out, field);
    }
    const auto name = NameOrRoot(*target);
    // Both or neither is an error (RFC 3403 §4.1).
    if (!name || regexp->empty() == (name->size() == 1)) return std::nullopt;
    if (!regexp->empty() && !IsSubstitution(*regexp)) return std::nullopt;
    Append(out, *name);
    return numbers;
}

std::optional<Bytes> ServiceBindingFromText(std::string_view text)
{
    const auto number = TakeWord(text);
    const auto priority = number ? Decimal(*number, UINT16_MAX) : std::nullopt;
    const auto target = priority ? TakeWord(text) : std::nullopt;
    const auto name = target ? NameOrRoot(*target) : std::nullopt;
    if (!name) return std::nullopt;
    std::vector<Param> params;
    for (text = WithoutBlanks(text); !text.empty(); text = WithoutBlanks(text)) {
        auto param = TakeParam(text);
        if (!param) return std::nullopt;
        params.push_back(std::move(*param));
    }
    std::sort(params.begin(), params.end(), [](const Param& a, const Param& b) { return a.key < b.key; });
    if (!FitTogether(params) || (*priority == 0 && !params.empty())) return std::nullopt;
    Bytes out;
    AppendU16(out, *priority);
    Append(out, *name);
    for (const Param& param : params) {
        AppendU16(out, param.key);
        AppendU16(out, static_cast<uint16_t>(param.value.size()));
        Append(out, param.value);
    }
    return out.size() > UINT16_MAX ? std::nullopt : std::optional(out);
}

std::optional<Bytes> UriFromText(std::string_view text)
{
    auto numbers = TakeTwoNumbers(text);
    if (!numbers) return std::nullopt;
    Bytes& out = *numbers;
    const auto target = TakeWord(text);
    if (!target || target->empty() || !WithoutBlanks(text).empty() || !AllOf(*target, IsVisible))
        return std::nullopt;
    if (target->size() > UINT16_MAX - out.size()) return std::nullopt;
    Append(out, base::AsBytes(*target));
    return numbers;
}

} // namespace emc::dns
