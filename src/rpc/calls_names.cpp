#include "base/log.h"
#include "enum/ere.h"
#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::NameInfo;

constexpr int64_t DEFAULT_SCAN = 500;
constexpr int64_t MAX_SCAN = 100'000;
constexpr size_t MAX_PATTERN_BYTES = 512;
constexpr uint64_t NAMES_BETWEEN_QUESTIONS = 256;
/// What one answer may take before it is written as JSON: some 200,000 names with short values.
constexpr size_t MAX_LISTED_BYTES = size_t{128} << 20;
/// A row beside its name and value.
constexpr size_t ROW_BYTES = 512;

/// Bounds the memory of a list of names.
class ListBudget
{
public:
    explicit ListBudget(int64_t max_value) : m_max_value(max_value) {}

    /// Counts a row; throws -7 when the list grows too large.
    void Take(const NameInfo& info)
    {
        const size_t whole = info.record.value.size();
        m_bytes += ROW_BYTES + info.name.size() +
                   (m_max_value > 0 ? std::min(whole, static_cast<size_t>(m_max_value)) : whole);
        if (m_bytes <= MAX_LISTED_BYTES) return;
        throw RpcError(
            Code::OutOfMemory,
            "The answer would take more than 128 MiB: ask for fewer names at a time, or cut values with "
            "max-value-length");
    }

private:
    int64_t m_max_value;
    size_t m_bytes = 0;
};

/// Cuts an encoded value; 0: whole.
std::string Cut(std::string value, int64_t limit)
{
    if (limit <= 0 || value.size() <= static_cast<size_t>(limit)) return value;
    size_t end = static_cast<size_t>(limit);
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80)
        --end; // never inside a UTF-8 character
    value.resize(end);
    return value + "\n...(value cut)";
}

void PushExpiry(Json& row, const NameInfo& info, int32_t height)
{
    row.pushKV("expires_in", info.record.expiry - height);
    row.pushKV("expires_at", info.record.expiry);
    if (!info.record.LiveAt(height)) row.pushKV("expired", true);
}

int64_t BlockTime(const Request& request, int32_t height)
{
    const auto info = request.Chain().BlockByHeight(height);
    return info ? static_cast<int64_t>(info->header.time) : 0;
}

Json NameShow(const Request& request)
{
    const auto type = ParseValueType(request.Str(1));
    const auto info = request.Names().Find(request.Str(0));
    if (!info) throw RpcError(Code::Wallet, "failed to read from name DB: no such name");
    Json out = codec::JsonObject();
    PushValue(out, "name", base::AsBytes(info->name), ValueType::Text);
    PushValue(out, "value", info->record.value, type);
    out.pushKV("txid", base::ReversedHex(info->record.outpoint.txid));
    out.pushKV("address", AddressText(request.Chain().Params(), info->record.owner_script));
    out.pushKV("vout", static_cast<int64_t>(info->record.outpoint.index));
    PushExpiry(out, *info, request.Names().NamesTip().height);
    out.pushKV("time", BlockTime(request, info->record.updated_height));
    out.pushKV("height", info->record.updated_height);
    out.pushKV("registered_at", info->record.born_height);
    return out;
}

Json NameHistory(const Request& request)
{
    const auto type = ParseValueType(request.Str(2));
    std::vector<interfaces::NameHistoryEntry> entries;
    if (request.Rooms().index == nullptr || !request.Rooms().index->History(request.Str(0), entries)) {
        throw RpcError(Code::Misc, "Name history index is off; start with -nameindex=1");
    }
    if (entries.empty()) throw RpcError(Code::Database, "failed to read from name DB: no such name");
    size_t first = 0;
    if (!request.Bool(1)) {
        for (size_t i = 0; i < entries.size(); ++i) {
            if (entries[i].kind == names::OpKind::New) first = i;
        }
    }
    Json out = codec::JsonArray();
    for (size_t i = first; i < entries.size(); ++i) {
        const auto& entry = entries[i];
        Json row = codec::JsonObject();
        row.pushKV("txid", base::ReversedHex(entry.txid));
        row.pushKV("time", entry.time);
        row.pushKV("height", entry.height);
        row.pushKV("address", AddressText(request.Chain().Params(), entry.owner_script));
        row.pushKV("vout", static_cast<int64_t>(entry.vout));
        row.pushKV("operation", std::string(names::OpName(entry.kind)));
        if (entry.kind != names::OpKind::Delete) {
            row.pushKV("days_added", entry.days);
            PushValue(row, "value", entry.value, type);
        }
        out.push_back(row);
    }
    return out;
}

Json ScanRow(const NameInfo& info, ValueType type, int64_t max_value, int32_t height)
{
    Json row = codec::JsonObject();
    PushValue(row, "name", base::AsBytes(info.name), ValueType::Text);
    row.pushKV("value", Cut(EncodeValue(info.record.value, type), max_value));
    row.pushKV("expires_in", info.record.expiry - height);
    if (!info.record.LiveAt(height)) row.pushKV("expired", true);
    return row;
}

Json NameScan(const Request& request)
{
    const int64_t limit = request.IntIn(1, 0, MAX_SCAN, DEFAULT_SCAN);
    const int64_t max_value = request.IntIn(2, 0, INT32_MAX, 0);
    const auto type = ParseValueType(request.Str(3));
    const int32_t height = request.Names().NamesTip().height;
    Json out = codec::JsonArray();
    if (limit == 0) return out;
    ListBudget budget(max_value);
    request.Names().Scan(request.Str(0), [&](const NameInfo& info) {
        budget.Take(info);
        out.push_back(ScanRow(info, type, max_value, height));
        return out.size() < static_cast<size_t>(limit);
    });
    return out;
}

Json NameScanAddress(const Request& request)
{
    const auto script = ScriptOfAddress(request.Chain().Params(), request.Str(0));
    const int64_t max_value = request.IntIn(1, 0, INT32_MAX, 0);
    const auto type = ParseValueType(request.Str(2));
    const int32_t height = request.Names().NamesTip().height;
    Json out = codec::JsonArray();
    ListBudget budget(max_value);
    request.Names().ByOwner(script, [&](const NameInfo& info) {
        budget.Take(info);
        Json row = codec::JsonObject();
        PushValue(row, "name", base::AsBytes(info.name), ValueType::Text);
        row.pushKV("value", Cut(EncodeValue(info.record.value, type), max_value));
        row.pushKV("txid", base::ReversedHex(info.record.outpoint.txid));
        row.pushKV("nOut", static_cast<int64_t>(info.record.outpoint.index));
        PushExpiry(row, info, height);
        row.pushKV("time", BlockTime(request, info.record.updated_height));
        out.push_back(row);
        return out.size() < static_cast<size_t>(MAX_SCAN);
    });
    return out;
}

/// nullopt for the empty text, which fits every name.
std::optional<enumrec::Ere> PatternOf(const std::string& text)
{
    if (text.size() > MAX_PATTERN_BYTES) throw RpcError(Code::Parameter, "regexp is longer than 512 bytes");
    if (text.empty()) return std::nullopt;
    auto compiled = enumrec::Ere::Compile(text);
    if (compiled) return std::move(*compiled);
    const auto& failure = compiled.Error();
    throw RpcError(
        Code::Misc,
        base::Format("regexp is not valid at byte %zu: %s (POSIX extended expressions are understood: "
                     "no back-references, no classes like \\d, no lazy quantifiers)",
                     failure.offset, std::string(enumrec::Text(failure.error)).c_str()));
}

Json FilterRow(const NameInfo& info, ValueType type, int64_t max_value, int32_t height)
{
    Json row = codec::JsonObject();
    PushValue(row, "name", base::AsBytes(info.name), ValueType::Text);
    row.pushKV("value", Cut(EncodeValue(info.record.value, type), max_value));
    row.pushKV("registered_at", info.record.born_height);
    row.pushKV("expires_in", info.record.expiry - height);
    if (!info.record.LiveAt(height)) row.pushKV("expired", true);
    return row;
}

Json NameFilter(const Request& request)
{
    const auto pattern = PatternOf(request.Str(0));
    const int64_t max_age = request.IntIn(1, 0, INT32_MAX, 0);
    int64_t skip = request.IntIn(2, 0, INT32_MAX, 0);
    const int64_t limit = request.IntIn(3, 0, INT32_MAX, 0);
    const bool stat = request.Str(4) == "stat";
    const auto type = ParseValueType(request.Str(5));
    const int64_t max_value = request.IntIn(6, 0, INT32_MAX, 0);
    const int32_t height = request.Names().NamesTip().height;
    std::vector<std::pair<int32_t, Json>> found; // by height of birth
    uint64_t count = 0;
    uint64_t seen = 0;
    ListBudget budget(max_value);
    request.Names().Scan("", [&](const NameInfo& info) {
        if (++seen % NAMES_BETWEEN_QUESTIONS == 0) request.CheckStop();
        if (max_age > 0 && height - info.record.born_height >= max_age) return true;
        if (pattern && !pattern->Search(info.name)) return true;
        if (skip-- > 0) return true;
        ++count;
        if (!stat) {
            budget.Take(info);
            found.emplace_back(info.record.born_height, FilterRow(info, type, max_value, height));
        }
        return limit == 0 || count < static_cast<uint64_t>(limit);
    });
    if (stat) {
        Json out = codec::JsonObject();
        out.pushKV("blocks", height);
        out.pushKV("count", count);
        return out;
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Json out = codec::JsonArray();
    for (const auto& [born, row] : found)
        out.push_back(row);
    return out;
}

Json NameIndexInfo(const Request& request)
{
    const auto stats = request.Names().NameStats();
    const auto tip = request.Names().NamesTip();
    Json out = codec::JsonObject();
    out.pushKV("height", tip.height);
    out.pushKV("bestblock", base::ReversedHex(tip.hash));
    out.pushKV("records_name", stats.count);
    out.pushKV("records_live", stats.live);
    out.pushKV("bytes_name", stats.bytes);
    out.pushKV("reward_watermarks", stats.watermarks);
    out.pushKV("hash_name", base::ReversedHex(stats.hash));
    return out;
}

constexpr ArgSpec VALUE_TYPE{"valuetype", ArgType::String, "text",
                             "how values are shown: text, hex or base64"};
constexpr ArgSpec MAX_VALUE{"max-value-length|max_value_length", ArgType::Number, "0",
                            "cut values to this many characters; 0: whole"};

} // namespace

const CallTable& NameCalls()
{
    static const CallTable table = {
        {"name_show",
         "Names",
         CallKind::Quick,
         "The committed state of a name, expired ones included.",
         {{"name", ArgType::String, "", "the name"}, VALUE_TYPE},
         "{ name, value, txid, address, vout, expires_in, expires_at, expired, time, height, registered_at "
         "}\n"
         "A name is live while expires_in is 0 or more.",
         "\"enum:18009359935:0\"",
         NameShow},
        {"name_history",
         "Names",
         CallKind::Slow,
         "All operations on a name, oldest first.",
         {{"name", ArgType::String, "", "the name"},
          {"fullhistory", ArgType::Bool, "false", "also lives that have ended"},
          VALUE_TYPE},
         "[ { txid, time, height, address, vout, operation, days_added, value } ]",
         "\"enum:18009359935:0\" true",
         NameHistory},
        {"name_scan",
         "Names",
         CallKind::Slow,
         "Names in byte order.",
         {{"start-name|start_name", ArgType::String, "\"\"", "begin here"},
          {"max-returned|max_returned", ArgType::Number, "500", "at most this many, up to 100000"},
          MAX_VALUE,
          VALUE_TYPE},
         "[ { name, value, expires_in, expired } ]",
         "\"enum:\" 10",
         NameScan},
        {"name_scan_address",
         "Names",
         CallKind::Slow,
         "Names owned by an address.",
         {{"address", ArgType::String, "", "the owner"}, MAX_VALUE, VALUE_TYPE},
         "[ { name, value, txid, nOut, expires_in, expires_at, expired, time } ]",
         "\"address\"",
         NameScanAddress},
        {"name_filter",
         "Names",
         CallKind::Long,
         "Names that match a regular expression.",
         {{"regexp", ArgType::String, "\"\"",
           "POSIX extended expression, found anywhere in the name; empty: all"},
          {"maxage", ArgType::Number, "0", "only lives that began less than this many blocks ago; 0: any"},
          {"from", ArgType::Number, "0", "leave out so many matches"},
          {"nb", ArgType::Number, "0", "at most so many; 0: all"},
          {"stat", ArgType::String, "-", "\"stat\": only count"},
          VALUE_TYPE,
          MAX_VALUE},
         "[ { name, value, registered_at, expires_in, expired } ] or { blocks, count }",
         "\"^enum:1800\"",
         NameFilter},
        {"name_indexinfo",
         "Names",
         CallKind::Slow,
         "Size and hash of the name state.",
         {{"indextype", ArgType::Number, "0", "0 all, 1 main, 2 address (kept in one state here)"}},
         "{ height, bestblock, records_name, records_live, bytes_name, reward_watermarks, hash_name }",
         "",
         NameIndexInfo},
    };
    return table;
}

} // namespace emc::rpc
