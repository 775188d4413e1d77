#include "dns/zone/zone_config.h"

#include "base/text.h"
#include "dns/zone/entry.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint32_t SOA_REFRESH_SEC = 600;
constexpr uint32_t SOA_RETRY_SEC = 300;
constexpr uint32_t SOA_EXPIRE_SEC = 604'800;

/// Pieces between characters for which `separates` holds; empty ones are dropped.
template <typename F>
std::vector<std::string_view> SplitIf(std::string_view text, F separates)
{
    std::vector<std::string_view> out;
    size_t start = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && !separates(text[i])) continue;
        if (i > start) out.push_back(text.substr(start, i - start));
        start = i + 1;
    }
    return out;
}

std::optional<ZoneKind> KindOf(char c)
{
    switch (c) {
    case '.':
        return ZoneKind::Plain;
    case '!':
        return ZoneKind::Signed;
    case '$':
        return ZoneKind::Enum;
    case '~':
        return ZoneKind::OpenEnum;
    default:
        return std::nullopt;
    }
}

std::string Quoted(std::string_view text)
{
    return "\"" + std::string(text) + "\"";
}

/// Wire labels in lower case without root.
std::optional<Bytes> LowerLabels(std::string_view text)
{
    auto name = NameFromText(text);
    if (!name) return std::nullopt;
    name->pop_back();
    LowerCase(*name);
    return name;
}

class ZoneListReader
{
public:
    void Entry(std::string_view entry)
    {
        size_t digits = 0;
        unsigned number = 0;
        while (digits < entry.size() && entry[digits] >= '0' && entry[digits] <= '9') {
            number = std::min(number * 10 + static_cast<unsigned>(entry[digits] - '0'), 1000u);
            ++digits;
        }
        const auto kind = digits < entry.size() ? KindOf(entry[digits]) : std::nullopt;
        if (!kind) return Warn(entry, "needs one of . ! $ ~ in front of its label");
        std::string_view text = entry.substr(digits + 1);
        const size_t dot = text.rfind('.');
        if (dot != std::string_view::npos) {
            text.remove_prefix(dot + 1);
            Warn(entry, "has several labels; only the last one names a zone");
        }
        const auto labels = LowerLabels(text);
        if (!labels) return Warn(entry, "holds no valid label");
        Zone zone;
        zone.kind = *kind;
        zone.label = std::string(base::AsText(ByteSpan(*labels).subspan(1)));
        zone.limit = Limit(zone, digits > 0, number);
        Add(std::move(zone), entry);
    }

    ZoneList out;

private:
    static unsigned Limit(const Zone& zone, bool given, unsigned number)
    {
        if (!zone.IsEnum()) return given ? std::min<unsigned>(number, MAX_LABELS) : DEFAULT_LABEL_LIMIT;
        return given ? std::min(number, MAX_DIGIT_LIMIT) : DEFAULT_DIGIT_LIMIT;
    }

    void Add(Zone zone, std::string_view entry)
    {
        for (const Zone& other : out.zones) {
            if (other.label == zone.label) return Warn(entry, "names a zone that is already in the list");
        }
        if (out.zones.size() == MAX_ZONES) return Warn(entry, "is beyond the limit of 64 zones");
        zone.index = static_cast<uint8_t>(out.zones.size());
        out.zones.push_back(std::move(zone));
    }

    void Warn(std::string_view entry, std::string_view why)
    {
        out.warnings.push_back("zone entry " + Quoted(entry) + " " + std::string(why));
    }
};

void Put(SoaRecord& out, ByteSpan bytes)
{
    std::copy(bytes.begin(), bytes.end(), out.bytes.begin() + static_cast<std::ptrdiff_t>(out.size));
    out.size += bytes.size();
}

void PutU16(SoaRecord& out, uint16_t value)
{
    StoreU16(out.bytes.data() + out.size, value);
    out.size += 2;
}

void PutU32(SoaRecord& out, uint32_t value)
{
    StoreU32(out.bytes.data() + out.size, value);
    out.size += 4;
}

/// "label" and a pointer to the apex.
void PutBelowApex(SoaRecord& out, std::string_view label, uint16_t apex)
{
    out.bytes[out.size++] = static_cast<uint8_t>(label.size());
    Put(out, base::AsBytes(label));
    PutU16(out, apex);
}

} // namespace

ZoneList ParseZones(std::string_view text)
{
    ZoneListReader reader;
    const auto separates = [](char c) { return c == '|' || static_cast<unsigned char>(c) <= 0x20; };
    for (const std::string_view entry : SplitIf(text, separates))
        reader.Entry(entry);
    return std::move(reader.out);
}

std::optional<GatewaySuffix> ParseSuffix(std::string_view text)
{
    GatewaySuffix out;
    text = base::Trim(text);
    if (text.empty()) return out;
    const size_t bar = text.find('|');
    const std::string_view tail = base::Trim(text.substr(0, bar));
    if (!tail.starts_with('.')) return std::nullopt;
    auto labels = LowerLabels(tail.substr(1));
    if (!labels) return std::nullopt;
    out.tail = std::move(*labels);
    if (bar == std::string_view::npos) return out;
    const std::string_view replacement = base::Trim(text.substr(bar + 1));
    if (!replacement.starts_with('.') || replacement.find('.', 1) != std::string_view::npos)
        return std::nullopt;
    labels = LowerLabels(replacement.substr(1));
    if (!labels) return std::nullopt;
    out.replacement = std::move(*labels);
    return out;
}

std::vector<Bytes> ParseSelfNames(std::string_view text, std::vector<std::string>& warnings)
{
    std::vector<Bytes> out;
    const auto separates = [](char c) { return c == ',' || c == '|' || c == ';'; };
    for (const std::string_view piece : SplitIf(text, separates)) {
        if (auto name = NameFromText(base::Trim(piece))) {
            out.push_back(std::move(*name));
        } else {
            warnings.push_back("selfns entry " + Quoted(piece) + " is no host name");
        }
    }
    return out;
}

std::vector<std::string> ParseTrust(const std::vector<std::string>& options,
                                    std::vector<std::string>& warnings)
{
    std::vector<std::string> out;
    const auto separates = [](char c) { return c == ',' || c == '|'; };
    for (const std::string& option : options) {
        for (const std::string_view piece : SplitIf(option, separates)) {
            std::string name(base::Trim(piece));
            if (!enumrec::IsVerifierName(name)) {
                warnings.push_back("enumtrust entry " + Quoted(piece) + " is no verifier; write ver:name");
            } else if (std::find(out.begin(), out.end(), name) == out.end()) {
                out.push_back(std::move(name));
            }
        }
    }
    return out;
}

const Zone* ZoneConfig::Find(std::string_view label) const
{
    for (const Zone& zone : zones) {
        if (zone.label == label) return &zone;
    }
    return nullptr;
}

std::span<const Bytes> ApexServers(const ZoneConfig& config)
{
    static const Bytes nobody = NameFromText("ns.invalid").value_or(Bytes{0}); // RFC 6761 §6.4
    if (config.self_names.empty()) return {&nobody, 1};
    return config.self_names;
}

Bytes ApexServerRecords(const ZoneConfig& config)
{
    Bytes out;
    for (const Bytes& name : ApexServers(config))
        AppendRecord(out, RrType::Ns, DEFAULT_TTL_SEC, name);
    return out;
}

const Zone* ZoneConfig::OfKey(ByteSpan key) const
{
    if (IsNumberKey(key)) return ZoneOfKey(key) < zones.size() ? &zones[ZoneOfKey(key)] : nullptr;
    const ByteSpan last = LastLabels(key, 1);
    return last.empty() ? nullptr : Find(base::AsText(last.subspan(1)));
}

SoaRecord MakeSoa(const ZoneConfig& config, uint16_t apex, uint32_t serial)
{
    SoaRecord out;
    PutU16(out, QUESTION_POINTER);
    PutU16(out, static_cast<uint16_t>(RrType::Soa));
    PutU16(out, CLASS_IN);
    PutU32(out, NEGATIVE_TTL_SEC);
    const size_t length_at = out.size;
    PutU16(out, 0);
    Put(out, ApexServers(config).front());
    PutBelowApex(out, "hostmaster", apex);
    for (const uint32_t value : {serial, SOA_REFRESH_SEC, SOA_RETRY_SEC, SOA_EXPIRE_SEC, NEGATIVE_TTL_SEC})
        PutU32(out, value);
    StoreU16(out.bytes.data() + length_at, static_cast<uint16_t>(out.size - length_at - 2));
    return out;
}

} // namespace emc::dns
