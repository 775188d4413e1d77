// Finding coins and blocks by descriptor, without a wallet.
#include "base/log.h"
#include "interfaces/chain.h"
#include "names/op_codec.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/scans.h"
#include "rpc/take.h"
#include "script/descriptor.h"

#include <algorithm>
#include <unordered_set>

namespace emc::rpc {

namespace {

constexpr uint32_t DEFAULT_RANGE_END = 1'000;
constexpr size_t MAX_SCRIPTS = 100'000;
/// Coins a reply may list; more are an error, so that a reply stays a reply.
constexpr size_t MAX_COINS = 200'000;

struct ScriptHash {
    size_t operator()(const base::Bytes& script) const
    {
        return std::hash<std::string_view>()(base::AsText(script));
    }
};

using ScriptSet = std::unordered_set<base::Bytes, ScriptHash>;

ScanSlot& Slot(const Request& request, ScanSlot Scans::*kind)
{
    if (request.Rooms().scans == nullptr) throw RpcError(Code::Misc, "This process scans nothing");
    return request.Rooms().scans->*kind;
}

void AddScripts(const Request& request, const Json& object, ScriptSet& out)
{
    const bool with_range = object.isObject();
    const Json& text = with_range ? object["desc"] : object;
    if (!text.isStr()) {
        throw RpcError(Code::Parameter,
                       "A scan object is a descriptor, or { \"desc\": descriptor, \"range\": end "
                       "or [ begin, end ] }");
    }
    const auto parsed = script::Descriptor::Parse(request.Chain().Params().addresses, text.get_str(), false);
    if (!parsed) throw RpcError(Code::AddressOrKey, parsed.Error());
    std::pair<uint32_t, uint32_t> range{0, parsed->IsRange() ? DEFAULT_RANGE_END : 0};
    if (with_range && object.exists("range")) {
        range = IndexRange(object["range"]);
        if (!parsed->IsRange())
            throw RpcError(Code::Parameter, "Range should not be specified for an un-ranged descriptor");
    }
    for (uint32_t index = range.first; index <= range.second; ++index) {
        const auto scripts = parsed->Scripts(index);
        if (!scripts) throw RpcError(Code::AddressOrKey, scripts.Error());
        out.insert(scripts->begin(), scripts->end());
        if (out.size() > MAX_SCRIPTS)
            throw RpcError(Code::Parameter,
                           "The scan objects stand for more than 100000 scripts; scan in parts");
    }
}

ScriptSet ScriptsOf(const Request& request)
{
    if (!request.Has(1)) throw RpcError(Code::Misc, "scanobjects argument is required for the start action");
    ScriptSet out;
    for (const auto& object : request.Raw(1).getValues())
        AddScripts(request, object, out);
    return out;
}

/// The answer to "status" and "abort"; nullopt when a scan is to be started.
std::optional<Json> Manage(const Request& request, ScanSlot& slot)
{
    const std::string action = request.Str(0);
    if (action == "abort") {
        const bool runs = slot.busy;
        slot.abort = true;
        return Json(runs);
    }
    if (action == "status") {
        if (!slot.busy) return Json();
        Json out = codec::JsonObject();
        out.pushKV("progress", slot.percent.load());
        if (&slot == &request.Rooms().scans->blocks) out.pushKV("current_height", slot.height.load());
        return out;
    }
    if (action != "start")
        throw RpcError(Code::Parameter, "Invalid action '" + action + "': start, abort or status");
    return std::nullopt;
}

Json CoinRow(const consensus::Params& params, const primitives::OutPoint& outpoint,
             const primitives::Coin& coin)
{
    Json row = codec::JsonObject();
    row.pushKV("txid", base::ReversedHex(outpoint.txid));
    row.pushKV("vout", static_cast<uint64_t>(outpoint.index));
    row.pushKV("scriptPubKey", base::Hex(coin.out.script_pubkey));
    row.pushKV("desc", DescriptorOf(params, coin.out.script_pubkey));
    row.pushKV("amount", codec::JsonAmount(coin.out.value));
    row.pushKV("coinbase", coin.generated);
    row.pushKV("height", coin.height);
    return row;
}

Json ScanTxOutSet(const Request& request)
{
    ScanSlot& slot = Slot(request, &Scans::coins);
    if (auto answer = Manage(request, slot)) return *answer;
    const ScanTurn turn(slot);
    if (!turn.Mine())
        throw RpcError(Code::Parameter, "Scan already in progress, use action \"abort\" or \"status\"");
    const auto wanted = ScriptsOf(request);
    const auto& params = request.Chain().Params();
    uint64_t seen = 0;
    primitives::Amount total = 0;
    Json found = codec::JsonArray();
    const auto visit = [&](const primitives::OutPoint& outpoint, const primitives::Coin& coin) {
        ++seen;
        if (seen % 4096 == 0) {
            slot.percent = (outpoint.txid.bytes[0] * 256 + outpoint.txid.bytes[1]) * 100 / 65'536;
            request.CheckStop();
        }
        if (slot.abort) return false;
        if (!wanted.contains(coin.out.script_pubkey)) return true;
        if (found.size() >= MAX_COINS)
            throw RpcError(Code::Misc, "More than 200000 coins fit; ask for fewer scripts at a time");
        total += coin.out.value;
        found.push_back(CoinRow(params, outpoint, coin));
        return true;
    };
    const auto tip = Take(request.Chain().ScanCoins(visit));
    Json out = codec::JsonObject();
    out.pushKV("success", !slot.abort.load());
    out.pushKV("txouts", seen);
    out.pushKV("height", tip.height);
    out.pushKV("bestblock", base::ReversedHex(tip.hash));
    out.pushKV("unspents", found);
    out.pushKV("total_amount", codec::JsonAmount(total));
    return out;
}

/// Does a block make or spend an output of these scripts?
bool Holds(const Request& request, const base::Hash256& hash, const ScriptSet& wanted)
{
    const auto block = Take(request.Chain().ReadBlock(hash));
    for (const auto& tx : block->transactions) {
        for (size_t i = 0; i < tx->Outputs().size(); ++i) {
            const auto script = names::OwnerScriptOf(tx->Version(), i, tx->Outputs()[i].script_pubkey).script;
            if (wanted.contains(base::Bytes(script.begin(), script.end()))) return true;
        }
    }
    const auto spent = Take(request.Chain().ReadSpentCoins(hash));
    return std::any_of(spent.begin(), spent.end(), [&wanted](const auto& coins) {
        return std::any_of(coins.begin(), coins.end(),
                           [&wanted](const auto& coin) { return wanted.contains(coin.out.script_pubkey); });
    });
}

struct BlockRange {
    int32_t from = 0;
    int32_t to = 0;
};

BlockRange RangeOf(const Request& request)
{
    const int32_t tip = request.Chain().GetTip().height;
    BlockRange out;
    out.from = static_cast<int32_t>(request.IntIn(2, 0, INT32_MAX, 0));
    out.to = static_cast<int32_t>(request.IntIn(3, 0, INT32_MAX, tip));
    if (out.from > tip) throw RpcError(Code::Misc, "Invalid start_height");
    if (out.to > tip || out.to < out.from) throw RpcError(Code::Misc, "Invalid stop_height");
    return out;
}

bool DropsFalsePositives(const Request& request)
{
    bool out = false;
    const Json& options = request.Raw(5);
    for (size_t i = 0; request.Has(5) && i < options.size(); ++i) {
        if (options.getKeys()[i] != "filter_false_positives")
            throw RpcError(Code::Type, "Unexpected key " + options.getKeys()[i]);
        if (!options.getValues()[i].isBool())
            throw RpcError(Code::Type, "filter_false_positives has to be true or false");
        out = options.getValues()[i].get_bool();
    }
    return out;
}

Json ScanBlocks(const Request& request)
{
    ScanSlot& slot = Slot(request, &Scans::blocks);
    if (auto answer = Manage(request, slot)) return *answer;
    if (request.Has(4) && request.Str(4) != "basic")
        throw RpcError(Code::AddressOrKey,
                       "Unknown filtertype " + request.Str(4) + "; there is \"basic\" only");
    const ScanTurn turn(slot);
    if (!turn.Mine())
        throw RpcError(Code::Parameter, "Scan already in progress, use action \"abort\" or \"status\"");
    const bool exact = DropsFalsePositives(request);
    const auto wanted = ScriptsOf(request);
    const std::vector<base::Bytes> scripts(wanted.begin(), wanted.end());
    const auto range = RangeOf(request);
    const auto* index = request.Rooms().index;
    Json relevant = codec::JsonArray();
    int32_t height = range.from;
    for (; height <= range.to && !slot.abort; ++height) {
        request.CheckStop();
        slot.height = height;
        slot.percent = static_cast<int>(int64_t{height - range.from} * 100 / (range.to - range.from + 1));
        const auto info = request.Chain().BlockByHeight(height);
        if (!info) break; // a reorganisation to a shorter chain
        const auto match = index != nullptr ? index->FilterMatches(info->hash, scripts) : std::nullopt;
        if (!match) {
            throw RpcError(Code::Misc, "There is no filter of block " + base::ReversedHex(info->hash) +
                                           ": start with -blockfilterindex and wait until getindexinfo says "
                                           "that it is synced");
        }
        if (*match && (!exact || Holds(request, info->hash, wanted)))
            relevant.push_back(base::ReversedHex(info->hash));
    }
    Json out = codec::JsonObject();
    out.pushKV("from_height", range.from);
    out.pushKV("to_height", height - 1);
    out.pushKV("relevant_blocks", relevant);
    out.pushKV("completed", height > range.to);
    return out;
}

const ArgSpec ACTION{"action", ArgType::String, "", "start, abort or status"};
const ArgSpec OBJECTS{"scanobjects", ArgType::Array, "-",
                      "for start: [ descriptor or { desc, range: end or [ begin, end ], default 1000 } ]"};

} // namespace

const CallTable& ScanCalls()
{
    static const CallTable table = {
        {"scantxoutset",
         "Blockchain",
         CallKind::Long,
         "Finds the unspent outputs of descriptors by walking over all coins. Others go on meanwhile; one "
         "scan at "
         "a time.",
         {ACTION, OBJECTS},
         "start: { success, txouts (coins seen), height, bestblock, total_amount,\n"
         "  unspents: [ { txid, vout, scriptPubKey, desc, amount, coinbase, height } ] }; success is false "
         "after "
         "abort\n"
         "abort: true when a scan was running; status: { progress } in percent, or null\n"
         "The script of a name's coin is its owner's; desc is addr(…) or raw(…).",
         "start '[\"addr(em1…)\"]'",
         ScanTxOutSet},
        {"scanblocks",
         "Blockchain",
         CallKind::Long,
         "Finds blocks that may concern descriptors by their filters; needs -blockfilterindex.",
         {ACTION,
          OBJECTS,
          {"start_height", ArgType::Number, "0", "first block"},
          {"stop_height", ArgType::Number, "-", "last block; default: the tip"},
          {"filtertype", ArgType::String, "basic", "there is no other"},
          {"options", ArgType::Object, "-",
           "{ filter_false_positives: false }; true reads each block that matches"}},
         "start: { from_height, to_height, relevant_blocks: [ hash ], completed }\n"
         "abort: true when a scan was running; status: { progress, current_height }, or null",
         "start '[\"addr(em1…)\"]' 1000",
         ScanBlocks},
    };
    return table;
}

} // namespace emc::rpc
