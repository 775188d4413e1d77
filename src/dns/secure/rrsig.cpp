#include "dns/secure/rrsig.h"

#include "base/check.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t OWNER_BYTES = 2; // of compiled records
constexpr size_t FIXED_BYTES = 10;
constexpr auto TYPE_NSEC = uint16_t{47};
constexpr auto TYPE_RRSIG = uint16_t{46};

void Append(Bytes& out, ByteSpan more)
{
    out.insert(out.end(), more.begin(), more.end());
}

/// Where names stand in the data of the types whose names are lowered (RFC 4034 §6.2, RFC 6840 §5.1): how
/// many bytes come first, and whether text fields come before the name.
std::optional<size_t> NameOffset(RrType type, ByteSpan data)
{
    switch (type) {
    case RrType::Ns:
    case RrType::Cname:
    case RrType::Ptr:
    case RrType::Soa:
        return 0;
    case RrType::Mx:
        return 2;
    case RrType::Srv:
        return 6;
    case RrType::Naptr: {
        size_t at = 4;
        for (int i = 0; i < 3 && at < data.size(); ++i)
            at += size_t{1} + data[at];
        return at;
    }
    default:
        return std::nullopt;
    }
}

Bytes CanonicalData(RrType type, ByteSpan data)
{
    Bytes out(data.begin(), data.end());
    const auto at = NameOffset(type, data);
    if (!at || *at >= out.size()) return out;
    // A SOA has two names; the numbers behind them must stay.
    const size_t names = type == RrType::Soa ? 2 : 1;
    size_t end = *at;
    for (size_t i = 0; i < names; ++i)
        EMC_CHECK(SkipName(data, end));
    LowerCase(std::span(out).subspan(*at, end - *at));
    return out;
}

/// Without the root's and a leading asterisk (RFC 4034 §3.1.3).
uint8_t LabelsOf(ByteSpan owner)
{
    const ByteSpan labels = owner.first(owner.size() - 1);
    const size_t count = CountLabels(labels);
    const bool wildcard = labels.size() >= 2 && labels[0] == 1 && labels[1] == '*';
    return static_cast<uint8_t>(count - (wildcard ? 1 : 0));
}

} // namespace

Bytes CanonicalSet(const SetToSign& set)
{
    struct Item {
        Bytes data;
        ByteSpan fixed;
    };

    std::vector<Item> items;
    for (ByteSpan rest = set.records; !rest.empty();) {
        EMC_CHECK(rest.size() >= OWNER_BYTES + FIXED_BYTES);
        const size_t length = LoadU16(rest.data() + OWNER_BYTES + 8);
        const auto type = static_cast<RrType>(LoadU16(rest.data() + OWNER_BYTES));
        items.push_back({CanonicalData(type, rest.subspan(OWNER_BYTES + FIXED_BYTES, length)),
                         rest.subspan(OWNER_BYTES, 8)});
        rest = rest.subspan(OWNER_BYTES + FIXED_BYTES + length);
    }
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.data < b.data; });
    Bytes out;
    for (const Item& item : items) {
        Append(out, set.owner);
        Append(out, item.fixed);
        AppendU16(out, static_cast<uint16_t>(item.data.size()));
        Append(out, item.data);
    }
    return out;
}

Bytes SignCanonical(const ZoneKey& key, ByteSpan owner, ByteSpan canonical, const SignedSpan& span)
{
    const ByteSpan first = canonical.subspan(owner.size());
    Bytes out;
    AppendU16(out, LoadU16(first.data()));
    out.push_back(ALGORITHM_ECDSAP256SHA256);
    out.push_back(LabelsOf(owner));
    AppendU32(out, LoadU32(first.data() + 4));
    AppendU32(out, span.expiration);
    AppendU32(out, span.inception);
    AppendU16(out, key.Tag());
    Append(out, key.Owner());
    Bytes covered = out;
    Append(covered, canonical);
    Append(out, key.Sign(covered));
    return out;
}

Bytes SignSet(const ZoneKey& key, const SetToSign& set, const SignedSpan& span)
{
    return SignCanonical(key, set.owner, CanonicalSet(set), span);
}

Bytes NsecData(ByteSpan next, std::vector<uint16_t> types)
{
    types.push_back(TYPE_RRSIG);
    types.push_back(TYPE_NSEC);
    std::sort(types.begin(), types.end());
    Bytes out(next.begin(), next.end());
    for (size_t i = 0; i < types.size();) {
        const auto window = static_cast<uint8_t>(types[i] >> 8);
        std::array<uint8_t, 32> bits{};
        size_t used = 0;
        for (; i < types.size() && types[i] >> 8 == window; ++i) {
            const size_t low = types[i] & 0xffu;
            bits[low / 8] = static_cast<uint8_t>(bits[low / 8] | 0x80u >> low % 8);
            used = low / 8 + 1;
        }
        out.push_back(window);
        out.push_back(static_cast<uint8_t>(used));
        Append(out, ByteSpan(bits).first(used));
    }
    return out;
}

std::optional<Bytes> FirstBelow(ByteSpan name)
{
    if (name.size() + 2 > MAX_NAME_BYTES) return std::nullopt;
    Bytes out{1, 0};
    Append(out, name);
    return out;
}

std::optional<Gap> GapAround(ByteSpan name)
{
    constexpr uint8_t LAST = 0xff;
    const size_t length = name[0];
    if (length == 0) return std::nullopt;
    const ByteSpan label = name.subspan(1, length);
    const ByteSpan rest = name.subspan(1 + length);
    const auto with = [&](const Bytes& first) {
        Bytes out{static_cast<uint8_t>(first.size())};
        Append(out, first);
        Append(out, rest);
        return out;
    };
    const auto is_upper = [](uint8_t byte) { return byte >= 'A' && byte <= 'Z'; };
    Gap out;
    // Before: the label with its last byte one lower and 0xff behind it, which no name of a zone reaches.
    Bytes lower(label.begin(), label.end());
    if (lower.back() == 0) {
        lower.pop_back();
        if (lower.empty()) {
            out.before.assign(rest.begin(), rest.end()); // the parent comes right before it
        } else {
            out.before = {1, LAST};
            Append(out.before, with(lower));
        }
    } else {
        // Letters sort as lower case: below '[' comes '@'.
        --lower.back();
        if (is_upper(lower.back())) lower.back() = '@';
        if (length < MAX_LABEL_BYTES) {
            lower.push_back(LAST);
            out.before = with(lower);
        } else {
            out.before = {1, LAST};
            Append(out.before, with(lower));
        }
    }
    // After: the label with a zero byte behind it comes right after everything below the name.
    Bytes higher(label.begin(), label.end());
    if (length < MAX_LABEL_BYTES) {
        higher.push_back(0);
    } else if (higher.back() == LAST) {
        return std::nullopt;
    } else {
        ++higher.back();
        if (is_upper(higher.back())) higher.back() = '[';
    }
    out.after = with(higher);
    if (out.before.size() > MAX_NAME_BYTES || out.after.size() > MAX_NAME_BYTES) return std::nullopt;
    return out;
}

int CompareNames(ByteSpan a, ByteSpan b)
{
    WireName left;
    WireName right;
    EMC_CHECK(left.Assign(a.first(a.size() - 1)) && right.Assign(b.first(b.size() - 1)));
    LowerCase(std::span(left.bytes).first(left.size));
    LowerCase(std::span(right.bytes).first(right.size));
    for (size_t i = 1; i <= left.labels && i <= right.labels; ++i) {
        const int order = left.Label(left.labels - i).compare(right.Label(right.labels - i));
        if (order != 0) return order;
    }
    return int{left.labels} - int{right.labels};
}

} // namespace emc::dns
