#include "wallet/pages.h"

#include "codec/reader.h"
#include "crypto/random.h"
#include "wallet/store_files.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <vector>

namespace emc::wallet {

namespace {

// Layout of the pages (db_page.h). What describes a table begins with the same fields as other pages, but its
// sum is over the first bytes only and stands elsewhere.
constexpr size_t NUMBER_AT = 8;
constexpr size_t NEXT_AT = 16;
constexpr size_t ENTRIES_AT = 20;
constexpr size_t USED_AT = 22;
constexpr size_t LEVEL_AT = 24;
constexpr size_t KIND_AT = 25;
constexpr size_t SUM_AT = 28;
constexpr size_t HEAD_BYTES = 32;
constexpr uint8_t FREE_PAGE = 0;
constexpr uint8_t INNER_PAGE = 3;
constexpr uint8_t LEAF_PAGE = 5;
constexpr uint8_t OVERFLOW_PAGE = 7;
constexpr uint8_t HASH_TABLE = 8;
constexpr uint8_t BTREE_TABLE = 9;
constexpr uint8_t QUEUE_TABLE = 10;

constexpr size_t TABLE_MAGIC_AT = 12;
constexpr uint32_t BTREE_MAGIC = 0x053162;
constexpr size_t PAGE_BYTES_AT = 20;
constexpr size_t FLAGS_AT = 26;
constexpr uint8_t WITH_SUMS = 1;
constexpr size_t LAST_PAGE_AT = 32;
constexpr size_t ROOT_AT = 88;
constexpr size_t TABLE_BYTES = 512;
constexpr size_t TABLE_SUM_AT = 492;

constexpr uint32_t LEAST_PAGE_BYTES = 512;
constexpr uint32_t MOST_PAGE_BYTES = 65'536;
constexpr uint32_t USUAL_PAGE_BYTES = 4'096;

// An item of a leaf: length, kind, bytes; or what lies on pages of its own.
constexpr size_t ITEM_HEAD_BYTES = 3;
constexpr size_t OVERFLOW_ITEM_BYTES = 12;
constexpr uint8_t ITEM_BYTES = 1;
constexpr uint8_t ITEM_OVERFLOW = 3;
constexpr uint32_t MOST_ITEM_BYTES = 16u << 20;
constexpr uint8_t KIND_OF_ITEM = 0x7f; ///< the bit above: removed, but for a cursor that stands on it

// An entry of an inner page: length and kind of the key, page below, count, key.
constexpr size_t ENTRY_HEAD_BYTES = 12;
constexpr uint8_t LEAF_LEVEL = 1;

uint32_t U32(ByteSpan in, size_t at)
{
    return codec::Reader(in.subspan(at, 4)).U32();
}

uint16_t U16(ByteSpan in, size_t at)
{
    return codec::Reader(in.subspan(at, 2)).U16();
}

bool IsPageSize(uint32_t bytes)
{
    return bytes >= LEAST_PAGE_BYTES && bytes <= MOST_PAGE_BYTES && (bytes & (bytes - 1)) == 0;
}

bool IsTable(uint8_t kind)
{
    return kind == HASH_TABLE || kind == BTREE_TABLE || kind == QUEUE_TABLE;
}

/// The sum over a page with zeros in its own place.
bool SumIsRight(ByteSpan page)
{
    const bool table = IsTable(page[KIND_AT]);
    const size_t at = table ? TABLE_SUM_AT : SUM_AT;
    const ByteSpan covered = table ? page.first(TABLE_BYTES) : page;
    const size_t end = table ? TABLE_BYTES : at + 4;
    uint32_t sum = 0;
    const auto add = [&sum](ByteSpan bytes) {
        for (const uint8_t byte : bytes)
            sum = sum * 33 + byte;
    };
    add(covered.first(at));
    for (size_t i = at; i < end; ++i)
        sum *= 33;
    add(covered.subspan(end));
    return sum == U32(page, at);
}

bool IsEmpty(ByteSpan page)
{
    return std::all_of(page.begin(), page.end(), [](uint8_t byte) { return byte == 0; });
}

/// A file taken apart into pages.
class Pages
{
public:
    Pages(ByteSpan file, uint32_t page_bytes) : m_file(file), m_bytes(page_bytes) {}

    [[nodiscard]] size_t Count() const { return m_file.size() / m_bytes; }

    [[nodiscard]] ByteSpan At(size_t number) const { return m_file.subspan(number * m_bytes, m_bytes); }

    /// Bytes of an item; nullopt where there is none that can be read.
    [[nodiscard]] std::optional<Bytes> Item(ByteSpan page, size_t at) const
    {
        if (at < HEAD_BYTES || at + ITEM_HEAD_BYTES > page.size()) return std::nullopt;
        const uint8_t kind = page[at + 2];
        if (kind == ITEM_BYTES) {
            const size_t size = U16(page, at);
            if (at + ITEM_HEAD_BYTES + size > page.size()) return std::nullopt;
            const ByteSpan bytes = page.subspan(at + ITEM_HEAD_BYTES, size);
            return Bytes(bytes.begin(), bytes.end());
        }
        if (kind != ITEM_OVERFLOW || at + OVERFLOW_ITEM_BYTES > page.size()) return std::nullopt;
        return Chained(U32(page, at + 4), U32(page, at + 8));
    }

private:
    [[nodiscard]] std::optional<Bytes> Chained(uint32_t number, uint32_t size) const
    {
        if (size > MOST_ITEM_BYTES) return std::nullopt;
        Bytes out;
        for (size_t steps = 0; out.size() < size; ++steps) {
            if (number == 0 || number >= Count() || steps >= Count()) return std::nullopt; // or in a circle
            const ByteSpan page = At(number);
            const size_t used = U16(page, USED_AT);
            if (page[KIND_AT] != OVERFLOW_PAGE || used == 0 || used > m_bytes - HEAD_BYTES)
                return std::nullopt;
            const ByteSpan bytes = page.subspan(HEAD_BYTES, used);
            out.insert(out.end(), bytes.begin(), bytes.end());
            number = U32(page, NEXT_AT);
        }
        return out.size() == size ? std::optional(std::move(out)) : std::nullopt;
    }

    ByteSpan m_file;
    uint32_t m_bytes;
};

/// Keys and values stand in turn.
void AddRows(const Pages& pages, ByteSpan page, std::map<Bytes, Bytes>& rows)
{
    const size_t entries = std::min<size_t>(U16(page, ENTRIES_AT), (page.size() - HEAD_BYTES) / 2);
    for (size_t i = 0; i + 1 < entries; i += 2) {
        const auto key = pages.Item(page, U16(page, HEAD_BYTES + 2 * i));
        auto value = pages.Item(page, U16(page, HEAD_BYTES + 2 * i + 2));
        if (key && value && !key->empty()) rows.emplace(*key, std::move(*value));
    }
}

/// What pages say of each other: nobody may follow what leads nowhere.
class Links
{
public:
    /// False: its own items are not sound.
    [[nodiscard]] bool Add(ByteSpan page)
    {
        const auto number = static_cast<uint32_t>(m_kinds.size());
        const uint8_t kind = page[KIND_AT];
        m_kinds.push_back({kind, page[LEVEL_AT]});
        if (IsEmpty(page)) return true;
        if (IsTable(kind)) {
            const uint32_t root = U32(page, ROOT_AT);
            if (number == 0) m_first_root = root;
            m_links.push_back({number, root, Target::Tree, 0});
            return kind == BTREE_TABLE;
        }
        if (kind == OVERFLOW_PAGE) {
            const uint32_t next = U32(page, NEXT_AT);
            if (next != 0) m_links.push_back({number, next, Target::Overflow, 0});
            return U16(page, USED_AT) <= page.size() - HEAD_BYTES;
        }
        return (kind != LEAF_PAGE && kind != INNER_PAGE) || AddItems(number, page);
    }

    /// The first page that leads to none, or to one of another kind.
    [[nodiscard]] std::string Fault() const
    {
        if (!m_named) return "its table is not named";
        for (const auto& link : m_links) {
            if (!Holds(link))
                return "page " + std::to_string(link.to) + ", which page " + std::to_string(link.from) +
                       " leads to, is missing or of another kind";
        }
        return "";
    }

private:
    enum class Target : uint8_t { Tree, Overflow, Table };

    struct Kind {
        uint8_t kind;
        uint8_t level;
    };

    struct Link {
        uint32_t from;
        uint32_t to;
        Target target;
        uint8_t level; ///< of a Tree page; 0: any
    };

    [[nodiscard]] bool Holds(const Link& link) const
    {
        if (link.to == 0 || link.to >= m_kinds.size()) return false;
        const auto& [kind, level] = m_kinds[link.to];
        if (link.target == Target::Overflow) return kind == OVERFLOW_PAGE;
        if (link.target == Target::Table) return kind == BTREE_TABLE;
        if (link.level != 0 && link.level != level) return false;
        return level == LEAF_LEVEL ? kind == LEAF_PAGE : level > LEAF_LEVEL && kind == INNER_PAGE;
    }

    [[nodiscard]] bool AddItems(uint32_t number, ByteSpan page)
    {
        const bool leaf = page[KIND_AT] == LEAF_PAGE;
        const size_t entries = U16(page, ENTRIES_AT);
        const size_t begin = HEAD_BYTES + 2 * entries;
        if (begin > page.size() || (leaf && entries % 2 != 0) || (!leaf && entries == 0)) return false;
        for (size_t i = 0; i < entries; ++i) {
            const size_t at = U16(page, HEAD_BYTES + 2 * i);
            if (at < begin || at >= page.size()) return false;
            const ByteSpan item = page.subspan(at);
            if (!(leaf ? AddItem(number, item) : AddEntry(number, page[LEVEL_AT], item))) return false;
            if (leaf && number == m_first_root && i % 2 == 0) NoteName(number, page, i);
        }
        return true;
    }

    [[nodiscard]] bool AddItem(uint32_t number, ByteSpan item)
    {
        if (item.size() < ITEM_HEAD_BYTES) return false;
        const uint8_t kind = item[2] & KIND_OF_ITEM;
        if (kind == ITEM_BYTES) return ITEM_HEAD_BYTES + U16(item, 0) <= item.size();
        if (kind != ITEM_OVERFLOW || item.size() < OVERFLOW_ITEM_BYTES) return false;
        m_links.push_back({number, U32(item, 4), Target::Overflow, 0});
        return true;
    }

    [[nodiscard]] bool AddEntry(uint32_t number, uint8_t level, ByteSpan entry)
    {
        if (level <= LEAF_LEVEL || entry.size() < ENTRY_HEAD_BYTES) return false;
        m_links.push_back({number, U32(entry, 4), Target::Tree, static_cast<uint8_t>(level - 1)});
        const ByteSpan key = entry.subspan(ENTRY_HEAD_BYTES);
        const uint8_t kind = entry[2] & KIND_OF_ITEM;
        if (kind == ITEM_BYTES) return U16(entry, 0) <= key.size();
        if (kind != ITEM_OVERFLOW || key.size() < OVERFLOW_ITEM_BYTES) return false;
        m_links.push_back({number, U32(key, 4), Target::Overflow, 0});
        return true;
    }

    /// The first tree holds the names of the tables and where they begin.
    void NoteName(uint32_t number, ByteSpan page, size_t entry)
    {
        const Pages one(page, static_cast<uint32_t>(page.size()));
        const auto name = one.Item(page, U16(page, HEAD_BYTES + 2 * entry));
        const auto where = one.Item(page, U16(page, HEAD_BYTES + 2 * entry + 2));
        if (!name || !where || base::AsText(*name) != TABLE_NAME || where->size() != 4) return;
        uint32_t at = 0; // the one number that is written with its high byte first
        for (const uint8_t byte : *where)
            at = at << 8 | byte;
        m_links.push_back({number, at, Target::Table, 0});
        m_named = true;
    }

    std::vector<Kind> m_kinds;
    std::vector<Link> m_links;
    uint32_t m_first_root = 0;
    bool m_named = false;
};

/// Reads the pages one after the other into `page`, which has room for the first bytes of a file.
std::string DamageOfPages(std::istream& in, FileLog log, Bytes& page)
{
    const auto read = [&in](Bytes& to) {
        in.read(reinterpret_cast<char*>(to.data()), static_cast<std::streamsize>(to.size()));
        return static_cast<size_t>(in.gcount()) == to.size();
    };
    if (!read(page)) return log == FileLog::There ? "" : "it is too short";
    const uint32_t bytes = U32(page, PAGE_BYTES_AT);
    if (IsEmpty(page) && log == FileLog::There) return "";
    if (U32(page, TABLE_MAGIC_AT) != BTREE_MAGIC || !IsTable(page[KIND_AT]) || !IsPageSize(bytes))
        return "it does not begin as a wallet's file does";
    if ((page[FLAGS_AT] & WITH_SUMS) == 0) return "its pages have no sums: another program made it";
    const size_t count = size_t{U32(page, LAST_PAGE_AT)} + 1;
    in.seekg(0);
    page.resize(bytes);
    size_t number = 0;
    Links links;
    for (; read(page); ++number) {
        const auto where = "page " + std::to_string(number);
        const bool written = number == 0 || !IsEmpty(page);
        if (written && !SumIsRight(page)) return where + " has a wrong sum";
        if (written && U32(page, NUMBER_AT) != number) return where + " belongs elsewhere";
        if (log == FileLog::Gone && !links.Add(page)) return where + " has no order";
    }
    if (log == FileLog::There) return "";
    if (in.gcount() != 0) return "its end is missing";
    return number >= count ? links.Fault() : "its last pages are missing";
}

} // namespace

std::string PageDamage(std::istream& in, FileLog log)
{
    Bytes page(TABLE_BYTES);
    page.reserve(MOST_PAGE_BYTES); // nothing of it is moved
    auto damage = DamageOfPages(in, log, page);
    crypto::Wipe(page); // there may be secrets
    return damage;
}

std::string PageDamage(const std::string& path, FileLog log)
{
    std::ifstream in(path, std::ios::binary);
    return PageDamage(in, log);
}

std::map<Bytes, Bytes> RowsOnPages(ByteSpan file)
{
    uint32_t bytes = file.size() < TABLE_BYTES ? 0 : U32(file, PAGE_BYTES_AT);
    if (!IsPageSize(bytes)) bytes = USUAL_PAGE_BYTES;
    const Pages pages(file, bytes);
    std::map<Bytes, Bytes> rows;
    std::vector<ByteSpan> others; // one that is damaged may have been a leaf
    for (size_t number = 0; number < pages.Count(); ++number) {
        const ByteSpan page = pages.At(number);
        const uint8_t kind = page[KIND_AT];
        if (kind == LEAF_PAGE) AddRows(pages, page, rows);
        const bool known = kind == FREE_PAGE || kind == INNER_PAGE || kind == LEAF_PAGE || IsTable(kind);
        if (!known && !SumIsRight(page)) others.push_back(page);
    }
    for (const auto& page : others)
        AddRows(pages, page, rows);
    return rows;
}

} // namespace emc::wallet
