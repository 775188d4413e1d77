#include "dns/zone/entry.h"

#include "base/check.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr uint8_t FLAG_ANY_SUBDOMAIN = 1;
constexpr uint8_t FLAG_ABSENT = 2;
constexpr uint8_t FLAG_REFRESH = 4; ///< the time is when signatures are to be made anew

template <typename T>
void Store(Bytes& out, size_t at, T value)
{
    std::memcpy(out.data() + at, &value, sizeof(T));
}

} // namespace

NumberKey MakeNumberKey(uint8_t zone_index, uint64_t number)
{
    NumberKey out{};
    out[0] = static_cast<uint8_t>(0x80 | zone_index);
    std::memcpy(out.data() + 1, &number, sizeof(number));
    return out;
}

uint64_t NumberOfKey(ByteSpan key)
{
    EMC_CHECK(key.size() == NUMBER_KEY_BYTES);
    uint64_t out = 0;
    std::memcpy(&out, key.data() + 1, sizeof(out));
    return out;
}

EntryBuilder::EntryBuilder(ByteSpan key, const EntryTerms& terms)
{
    EMC_CHECK(key.size() <= MAX_KEY_BYTES);
    m_bytes.resize(EntryView::HEADER);
    Store(m_bytes, 0, terms.depends);
    Store(m_bytes, 12, terms.valid_height);
    Store(m_bytes, 16, terms.valid_sec);
    m_bytes[20] = static_cast<uint8_t>(key.size());
    m_bytes.insert(m_bytes.end(), key.begin(), key.end());
}

EntryBuilder::EntryBuilder(const EntryView& made)
{
    size_t end = EntryView::HEADER + made.Key().size();
    made.ForEachSet([&](const RecordSet& set) {
        end += EntryView::SET_HEADER + set.records.size();
        ++m_sets;
    });
    const ByteSpan whole = made.Span().first(end);
    m_bytes.assign(whole.begin(), whole.end());
}

void EntryBuilder::RefreshAt(uint32_t due_sec, uint32_t end_sec)
{
    uint32_t valid_sec = 0;
    std::memcpy(&valid_sec, m_bytes.data() + 16, sizeof(valid_sec));
    if (valid_sec > end_sec) m_bytes[21] |= FLAG_REFRESH;
    Store(m_bytes, 16, std::min(valid_sec, due_sec));
}

void EntryBuilder::AddRaw(RrType type, size_t count, ByteSpan data)
{
    const size_t at = m_bytes.size();
    m_bytes.resize(at + EntryView::SET_HEADER);
    Store(m_bytes, at, static_cast<uint16_t>(type));
    Store(m_bytes, at + 2, static_cast<uint16_t>(count));
    Store(m_bytes, at + 4, static_cast<uint32_t>(data.size()));
    m_bytes.insert(m_bytes.end(), data.begin(), data.end());
    ++m_sets;
}

void EntryBuilder::AddSet(RrType type, uint32_t ttl, const std::vector<Bytes>& rdata)
{
    EMC_CHECK(rdata.size() <= UINT16_MAX);
    const RrType on_wire = type == RrType::Referral ? RrType::Ns : type;
    Bytes records;
    for (const Bytes& data : rdata)
        AppendRecord(records, on_wire, ttl, data);
    AddRaw(type, rdata.size(), records);
}

void EntryBuilder::AddSubdomains(const std::vector<std::string>& labels, bool any)
{
    Bytes list;
    for (const std::string& label : labels) {
        list.push_back(static_cast<uint8_t>(label.size()));
        list.insert(list.end(), label.begin(), label.end());
    }
    if (any) m_bytes[21] |= FLAG_ANY_SUBDOMAIN;
    if (!list.empty()) AddRaw(RrType::Subdomains, labels.size(), list);
}

void EntryBuilder::SetAbsent()
{
    m_bytes[21] |= FLAG_ABSENT;
}

Bytes EntryBuilder::Finish() &&
{
    m_bytes.resize((m_bytes.size() + 7) / 8 * 8);
    Store(m_bytes, 8, static_cast<uint32_t>(m_bytes.size()));
    Store(m_bytes, 22, m_sets);
    return std::move(m_bytes);
}

uint32_t EntryView::EndSec() const
{
    return (m_at[21] & FLAG_REFRESH) != 0 ? std::numeric_limits<uint32_t>::max() : ValidSec();
}

bool EntryView::IsAbsent() const
{
    return (m_at[21] & FLAG_ABSENT) != 0;
}

std::optional<RecordSet> EntryView::Find(RrType type) const
{
    const auto sets = Load<uint16_t>(22);
    size_t at = HEADER + m_at[20];
    for (uint16_t i = 0; i < sets; ++i) {
        const auto bytes = Load<uint32_t>(at + 4);
        if (static_cast<RrType>(Load<uint16_t>(at)) == type) {
            return RecordSet{type, Load<uint16_t>(at + 2), {m_at + at + SET_HEADER, bytes}};
        }
        at += SET_HEADER + bytes;
    }
    return std::nullopt;
}

std::optional<RecordSet> EntryView::First() const
{
    const auto sets = Load<uint16_t>(22);
    if (sets == 0) return std::nullopt;
    const size_t at = HEADER + m_at[20];
    const auto type = static_cast<RrType>(Load<uint16_t>(at));
    if (type == RrType::Subdomains || type == RrType::Referral) return std::nullopt;
    return RecordSet{type, Load<uint16_t>(at + 2), {m_at + at + SET_HEADER, Load<uint32_t>(at + 4)}};
}

bool EntryView::HasAnySubdomain() const
{
    return (m_at[21] & FLAG_ANY_SUBDOMAIN) != 0;
}

bool EntryView::HasSubdomain(std::string_view label) const
{
    if (HasAnySubdomain()) return true;
    const auto set = Find(RrType::Subdomains);
    if (!set) return false;
    for (ByteSpan list = set->records; !list.empty(); list = list.subspan(size_t{1} + list[0])) {
        if (base::AsText(list.subspan(1, list[0])) == label) return true;
    }
    return false;
}

Bytes NameOfKey(ByteSpan key, std::string_view zone_label)
{
    Bytes out;
    if (IsNumberKey(key)) {
        for (uint64_t number = NumberOfKey(key); number > 0; number /= 10) {
            out.push_back(1);
            out.push_back(static_cast<uint8_t>('0' + number % 10));
        }
        out.push_back(static_cast<uint8_t>(zone_label.size()));
        out.insert(out.end(), zone_label.begin(), zone_label.end());
    } else {
        out.assign(key.begin(), key.end());
    }
    out.push_back(0);
    return out;
}

bool IsNameOfKey(ByteSpan key, std::string_view zone_label, ByteSpan name)
{
    if (!IsNumberKey(key)) {
        return name.size() == key.size() + 1 && std::equal(key.begin(), key.end(), name.begin());
    }
    uint64_t number = NumberOfKey(key);
    for (; number > 0 && name.size() >= 2 && name[0] == 1 && name[1] == '0' + number % 10; number /= 10)
        name = name.subspan(2);
    return number == 0 && name.size() == zone_label.size() + 2 &&
           base::AsText(name.subspan(1, zone_label.size())) == zone_label;
}

uint64_t DependencyBit(std::string_view name)
{
    uint64_t hash = 0xcbf29ce484222325; // FNV-1a
    for (const char c : name)
        hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
    return uint64_t{1} << (hash >> 58);
}

} // namespace emc::dns
