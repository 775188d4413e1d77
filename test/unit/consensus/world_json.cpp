// The world as JSON, and hex with packed runs.
#include "enum/number.h"
#include "unit/consensus/world.h"

#include <algorithm>
#include <charconv>

namespace emc::test {

namespace {

using codec::Json;

constexpr size_t SHORTEST_RUN = 64;

std::string Place(const OutPoint& outpoint)
{
    return base::ReversedHex(outpoint.txid) + ":" + std::to_string(outpoint.index);
}

OutPoint PlaceFrom(const std::string& text)
{
    OutPoint out;
    out.txid = base::HashFromReversedHex(text.substr(0, 64)).value_or(Hash256{});
    out.index = static_cast<uint32_t>(
        std::strtoul(text.substr(std::min<size_t>(65, text.size())).c_str(), nullptr, 10));
    return out;
}

int64_t Number(const Json& value)
{
    return value.isNum() ? std::strtoll(value.getValStr().c_str(), nullptr, 10) : 0;
}

Bytes HexOf(const Json& value)
{
    return value.isStr() ? UnpackHex(value.getValStr()).value_or(Bytes{}) : Bytes{};
}

const std::vector<Json>& Rows(const Json& value)
{
    static const std::vector<Json> NONE;
    return value.isArray() ? value.getValues() : NONE;
}

reward::BatchParty PartyFrom(const std::string& name)
{
    const auto record = enumrec::ParseRecordName(name);
    if (!record || !record->number) return {};
    return {record->number->Value(), static_cast<uint16_t>(record->slot)};
}

} // namespace

Json World::ToJson() const
{
    Json out = codec::JsonObject();
    out.pushKV("network", params.name);
    const auto& active = params.activation;
    if (active.bip34 != 1) out.pushKV("bip34_height", active.bip34);
    if (active.bip65 != 1) out.pushKV("bip65_height", active.bip65);
    if (active.csv != 1) out.pushKV("csv_height", active.csv);
    if (active.segwit != 1) out.pushKV("segwit_height", active.segwit);
    out.pushKV("height", height);
    out.pushKV("start", start);
    out.pushKV("spacing", spacing);
    out.pushKV("clock", clock_sec);
    if (last_pos_time) out.pushKV("last_pos_time", *last_pos_time);
    out.pushKV("modifier", base::ReversedHex(modifier));
    Json coin_rows = codec::JsonArray();
    for (const auto& [outpoint, coin] : coins) {
        Json row = codec::JsonObject();
        row.pushKV("outpoint", Place(outpoint));
        row.pushKV("value", coin.out.value);
        row.pushKV("owner_script", PackHex(coin.out.script_pubkey));
        row.pushKV("height", coin.height);
        if (coin.generated) row.pushKV("generated", true);
        if (coin.had_prefix) row.pushKV("prefix", true);
        coin_rows.push_back(row);
    }
    out.pushKV("coins", coin_rows);
    Json name_rows = codec::JsonArray();
    for (const auto& [name, record] : records) {
        Json row = codec::JsonObject();
        row.pushKV("name", base::Hex(base::AsBytes(name)));
        row.pushKV("outpoint", Place(record.outpoint));
        row.pushKV("value", PackHex(record.value));
        row.pushKV("owner_script", base::Hex(record.owner_script));
        row.pushKV("born", record.born_height);
        row.pushKV("expiry", record.expiry);
        name_rows.push_back(row);
    }
    out.pushKV("names", name_rows);
    if (watermarks.empty()) return out;
    Json marks = codec::JsonArray();
    for (const auto& [pair, end] : watermarks) {
        Json row = codec::JsonObject();
        row.pushKV("caller", pair.caller.Name());
        row.pushKV("callee", pair.callee.Name());
        row.pushKV("end", uint64_t{end});
        marks.push_back(row);
    }
    out.pushKV("watermarks", marks);
    return out;
}

World World::FromJson(const Json& json)
{
    World world;
    if (const auto* params = consensus::ParamsByName(json["network"].getValStr())) world.params = *params;
    auto& active = world.params.activation;
    const auto moved = [&json](const char* key, int32_t& at_height) {
        if (json.exists(key)) at_height = static_cast<int32_t>(Number(json[key]));
    };
    moved("bip34_height", active.bip34);
    moved("bip65_height", active.bip65);
    moved("csv_height", active.csv);
    moved("segwit_height", active.segwit);
    world.height = static_cast<int32_t>(Number(json["height"]));
    world.start = Number(json["start"]);
    world.spacing = Number(json["spacing"]);
    world.clock_sec = Number(json["clock"]);
    if (json.exists("last_pos_time")) world.last_pos_time = Number(json["last_pos_time"]);
    world.modifier = base::HashFromReversedHex(json["modifier"].getValStr()).value_or(Hash256{});
    for (const Json& row : Rows(json["coins"])) {
        Coin coin;
        coin.out = {Number(row["value"]), HexOf(row["owner_script"])};
        coin.height = static_cast<int32_t>(Number(row["height"]));
        coin.generated = row["generated"].isTrue();
        coin.had_prefix = row["prefix"].isTrue();
        world.coins.emplace(PlaceFrom(row["outpoint"].getValStr()), std::move(coin));
    }
    for (const Json& row : Rows(json["names"])) {
        names::NameRecord record;
        record.outpoint = PlaceFrom(row["outpoint"].getValStr());
        record.value = HexOf(row["value"]);
        record.owner_script = HexOf(row["owner_script"]);
        record.born_height = record.updated_height = static_cast<int32_t>(Number(row["born"]));
        record.expiry = static_cast<int32_t>(Number(row["expiry"]));
        world.records.emplace(base::ToText(HexOf(row["name"])), std::move(record));
    }
    for (const Json& row : Rows(json["watermarks"])) {
        const reward::CallPair pair{PartyFrom(row["caller"].getValStr()),
                                    PartyFrom(row["callee"].getValStr())};
        world.watermarks.emplace(pair, static_cast<uint32_t>(Number(row["end"])));
    }
    return world;
}

std::string PackHex(base::ByteSpan bytes)
{
    std::string out;
    size_t plain = 0; // from here to `at` nothing is written yet
    for (size_t at = 0; at < bytes.size();) {
        size_t end = at + 1;
        while (end < bytes.size() && bytes[end] == bytes[at])
            ++end;
        if (end - at >= SHORTEST_RUN) {
            out += base::Hex(bytes.subspan(plain, at - plain));
            out += "(" + base::Hex(bytes.subspan(at, 1)) + "*" + std::to_string(end - at) + ")";
            plain = end;
        }
        at = end;
    }
    return out + base::Hex(bytes.subspan(plain));
}

std::optional<Bytes> UnpackHex(std::string_view text)
{
    Bytes out;
    while (!text.empty()) {
        const size_t open = std::min(text.find('('), text.size());
        const auto plain = base::FromHex(text.substr(0, open));
        if (!plain) return std::nullopt;
        out.insert(out.end(), plain->begin(), plain->end());
        text.remove_prefix(open);
        if (text.empty()) break;
        const size_t close = text.find(')');
        if (close == std::string_view::npos || close < 5 || text[3] != '*') return std::nullopt;
        const auto byte = base::FromHex(text.substr(1, 2));
        size_t count = 0;
        const auto number = text.substr(4, close - 4);
        const auto end = number.data() + number.size();
        if (!byte || std::from_chars(number.data(), end, count).ptr != end) return std::nullopt;
        out.insert(out.end(), count, byte->front());
        text.remove_prefix(close + 1);
    }
    return out;
}

} // namespace emc::test
