#include "dns/records/text_records.h"

#include <algorithm>

namespace emc::dns {

namespace {

struct KeyType {
    std::string_view key;
    RrType type;
};

// In the order in which a question for ANY looks for a set.
constexpr KeyType KEY_TYPES[] = {
    {"A", RrType::A},         {"AAAA", RrType::Aaaa}, {"NS", RrType::Ns},       {"CNAME", RrType::Cname},
    {"PTR", RrType::Ptr},     {"MX", RrType::Mx},     {"TXT", RrType::Txt},     {"SRV", RrType::Srv},
    {"TLSA", RrType::Tlsa},   {"CAA", RrType::Caa},   {"HTTPS", RrType::Https}, {"SVCB", RrType::Svcb},
    {"NAPTR", RrType::Naptr}, {"URI", RrType::Uri},   {"SSHFP", RrType::Sshfp},
};

struct Token {
    std::string_view key;
    std::string_view list;
};

std::vector<std::string_view> Pieces(std::string_view text, char separator, size_t most)
{
    std::vector<std::string_view> out;
    while (!text.empty() && out.size() < most) {
        const size_t end = text.find(separator);
        if (const auto piece = text.substr(0, end); !piece.empty()) out.push_back(piece);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

/// Takes a leading "~X" off and gives X.
char TakeSeparator(std::string_view& text, char usual)
{
    if (text.size() < 2 || text[0] != '~') return usual;
    const char separator = text[1];
    text.remove_prefix(2);
    return separator;
}

bool IsKey(std::string_view text)
{
    return text == "TTL" || text == "SD" || text == "SIG" ||
           std::any_of(std::begin(KEY_TYPES), std::end(KEY_TYPES),
                       [text](const KeyType& type) { return type.key == text; });
}

/// The first token of each key there is: however many others a value holds, they are passed over at once.
std::vector<Token> Tokens(std::string_view value)
{
    value = value.substr(0, value.find('\0'));
    const char separator = TakeSeparator(value, '|');
    std::vector<Token> out;
    for (const std::string_view piece : Pieces(value, separator, SIZE_MAX)) {
        const size_t equals = piece.find('=');
        if (equals == std::string_view::npos || !IsKey(piece.substr(0, equals))) continue;
        const Token token{piece.substr(0, equals), piece.substr(equals + 1)};
        const bool known =
            std::any_of(out.begin(), out.end(), [&](const Token& t) { return t.key == token.key; });
        if (!known) out.push_back(token);
    }
    return out;
}

std::vector<std::string_view> Elements(std::string_view list)
{
    const char separator = TakeSeparator(list, ',');
    return Pieces(list, separator, MAX_ELEMENTS);
}

void AddUnique(std::vector<Bytes>& out, Bytes rdata)
{
    if (std::find(out.begin(), out.end(), rdata) == out.end()) out.push_back(std::move(rdata));
}

bool TakesSelfNames(RrType type)
{
    return type == RrType::Ns || type == RrType::Cname || type == RrType::Ptr;
}

TextSet MakeSet(RrType type, std::string_view list, const std::vector<Bytes>& self_names)
{
    TextSet out;
    out.type = type;
    for (const std::string_view element : Elements(list)) {
        if (TakesSelfNames(type) && element.starts_with('@')) {
            for (const Bytes& name : self_names)
                AddUnique(out.rdata, name);
        } else if (auto rdata = RdataFromText(type, element)) {
            AddUnique(out.rdata, std::move(*rdata));
        }
    }
    // A name has at most one CNAME (RFC 2181 §10.1).
    if (type == RrType::Cname && out.rdata.size() > 1) out.rdata.resize(1);
    return out;
}

/// A CNAME stands alone (RFC 2181 §10.1): beside other records it does not count. Beside NS it does: the
/// servers then answer only for what is below the name.
void KeepCnameAlone(std::vector<TextSet>& sets)
{
    const auto has_type = [](RrType type) { return [type](const TextSet& set) { return set.type == type; }; };
    if (std::none_of(sets.begin(), sets.end(), has_type(RrType::Cname))) return;
    const bool has_others = std::any_of(sets.begin(), sets.end(), [](const TextSet& set) {
        return set.type != RrType::Cname && set.type != RrType::Ns;
    });
    std::erase_if(sets, has_type(has_others ? RrType::Cname : RrType::Ns));
}

std::optional<uint32_t> ReadTtl(std::string_view text)
{
    uint64_t value = 0;
    size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        value = value * 10 + static_cast<uint64_t>(text[digits] - '0');
        if (value > INT32_MAX) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    return static_cast<uint32_t>(value);
}

void ReadSubdomains(std::string_view list, TextRecords& out)
{
    for (const std::string_view element : Elements(list)) {
        if (element.starts_with('*')) {
            out.any_subdomain = true;
        } else if (element.size() <= MAX_LABEL_BYTES) {
            std::string label(element);
            LowerCase({reinterpret_cast<uint8_t*>(label.data()), label.size()});
            out.subdomains.push_back(std::move(label));
        }
    }
}

} // namespace

const TextSet* TextRecords::Find(RrType type) const
{
    const auto at =
        std::find_if(sets.begin(), sets.end(), [type](const TextSet& set) { return set.type == type; });
    return at == sets.end() ? nullptr : &*at;
}

TextRecords ParseTextRecords(std::string_view value, const std::vector<Bytes>& self_names)
{
    const std::vector<Token> tokens = Tokens(value);
    const auto find = [&](std::string_view key) {
        const auto at =
            std::find_if(tokens.begin(), tokens.end(), [&](const Token& t) { return t.key == key; });
        return at == tokens.end() ? std::optional<std::string_view>() : std::optional(at->list);
    };
    TextRecords out;
    for (const KeyType& entry : KEY_TYPES) {
        const auto list = find(entry.key);
        if (!list) continue;
        TextSet set = MakeSet(entry.type, *list, self_names);
        if (set.rdata.empty()) continue;
        if (set.type == RrType::Ns) out.servers = set.rdata;
        out.sets.push_back(std::move(set));
    }
    KeepCnameAlone(out.sets);
    if (const auto text = find("TTL")) out.ttl_sec = ReadTtl(*text);
    if (const auto list = find("SD")) ReadSubdomains(*list, out);
    if (const auto list = find("SIG")) {
        for (const std::string_view element : Elements(*list))
            out.signatures.emplace_back(element);
    }
    return out;
}

} // namespace emc::dns
