#include "dns/records/local_zone.h"

#include <algorithm>

namespace emc::dns {

namespace {

struct KeyLess {
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const
    {
        return base::AsText(Span(a)) < base::AsText(Span(b));
    }

    static ByteSpan Span(ByteSpan key) { return key; }

    template <typename T>
    static ByteSpan Span(const T& item) requires requires
    {
        item.key;
    }

    {
        return item.key;
    }
};

bool IsComment(std::string_view line)
{
    if (line.empty() || line[0] == ';') return true;
    const bool names_nothing = line[0] == '=';
    return !names_nothing && static_cast<unsigned char>(line[0]) < '.';
}

Bytes CompileLocal(ByteSpan key, std::string_view value, const std::vector<Bytes>& self_names)
{
    const TextRecords records = ParseTextRecords(value, self_names);
    EntryBuilder builder(key, EntryTerms{});
    for (const TextSet& set : records.sets)
        builder.AddSet(set.type, records.ttl_sec.value_or(DEFAULT_TTL_SEC), set.rdata);
    return std::move(builder).Finish();
}

} // namespace

const LocalZone::Item* LocalZone::FindIn(const std::vector<Item>& items, ByteSpan key)
{
    const auto at = std::lower_bound(items.begin(), items.end(), key, KeyLess{});
    return at != items.end() && std::ranges::equal(at->key, key) ? &*at : nullptr;
}

void LocalZone::Insert(std::vector<Item>& items, Item item)
{
    const auto at = std::lower_bound(items.begin(), items.end(), ByteSpan(item.key), KeyLess{});
    if (at == items.end() || at->key != item.key) items.insert(at, std::move(item));
}

LocalZone LocalZone::Parse(std::string_view text, const std::vector<Bytes>& self_names,
                           std::vector<std::string>& warnings)
{
    LocalZone out;
    for (size_t number = 1; !text.empty(); ++number) {
        const size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        while (!line.empty() && static_cast<unsigned char>(line.back()) < 0x20)
            line.remove_suffix(1);
        const size_t equals = line.find('=');
        if (IsComment(line) || equals == std::string_view::npos) continue;
        std::string_view name = line.substr(0, equals);
        const bool below = name.starts_with('.');
        if (below) name.remove_prefix(1);
        Bytes key;
        if (!name.empty() || below) {
            auto wire = NameFromText(name);
            if (!wire) {
                warnings.push_back("line " + std::to_string(number) + ": the name is not valid");
                continue;
            }
            wire->pop_back();
            LowerCase(*wire);
            key = std::move(*wire);
        }
        Bytes entry = CompileLocal(key, line.substr(equals + 1), self_names);
        Insert(below ? out.m_below : out.m_exact, {std::move(key), std::move(entry)});
    }
    return out;
}

LocalZone::Found LocalZone::Find(const WireName& name) const
{
    if (!m_below.empty()) {
        for (size_t first = name.labels; first-- > 1;) {
            if (const Item* item = FindIn(m_below, name.Suffix(first))) {
                return {EntryView(item->entry.data()), first};
            }
        }
    }
    if (const Item* item = FindIn(m_exact, name.Suffix(0))) return {EntryView(item->entry.data()), 0};
    return {};
}

} // namespace emc::dns
