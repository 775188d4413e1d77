// States in files: writing and loading one.
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "interfaces/snapshot.h"
#include "rpc/calls.h"
#include "rpc/render.h"

#include <algorithm>

namespace emc::rpc {

namespace {

interfaces::SnapshotControl& Snapshots(const Request& request)
{
    if (request.Rooms().snapshots == nullptr) throw RpcError(Code::Misc, "This node runs without a chain");
    return *request.Rooms().snapshots;
}

/// A path of the caller: below the network's folder unless it begins with a slash.
std::string PathOf(const Request& request, size_t i)
{
    const std::string path = request.Str(i);
    if (path.empty() || path.ends_with('/') || path.find('\0') != std::string::npos)
        throw RpcError(Code::Parameter, "The path must name a file");
    return path.starts_with('/') ? path : request.Node().DataDir() + "/" + path;
}

Json DumpTxOutSet(const Request& request)
{
    const std::string type = request.Has(1) ? request.Str(1) : "latest";
    if (type != "latest" && !type.empty()) {
        throw RpcError(Code::Parameter,
                       "Only \"latest\", the state at the tip, can be written. For an earlier "
                       "block: invalidateblock the one after it, dump, reconsiderblock");
    }
    const std::string path = PathOf(request, 0);
    const auto done = Snapshots(request).Dump(path);
    if (!done) throw RpcError(done.Error());
    Json out = codec::JsonObject();
    out.pushKV("coins_written", done->coins);
    out.pushKV("names_written", done->names);
    out.pushKV("base_hash", base::ReversedHex(done->base));
    out.pushKV("base_height", done->height);
    out.pushKV("path", path);
    out.pushKV("txoutset_hash", base::ReversedHex(done->coin_hash));
    out.pushKV("names_hash", base::ReversedHex(done->name_hash));
    out.pushKV("state_hash", base::ReversedHex(done->state_hash));
    out.pushKV("nchaintx", done->chain_tx_count);
    return out;
}

Json LoadTxOutSet(const Request& request)
{
    const std::string path = PathOf(request, 0);
    const auto done = Snapshots(request).Load(path);
    if (!done) throw RpcError(done.Error());
    Json out = codec::JsonObject();
    out.pushKV("coins_loaded", done->coins);
    out.pushKV("names_loaded", done->names);
    out.pushKV("tip_hash", base::ReversedHex(done->base));
    out.pushKV("base_height", done->height);
    out.pushKV("path", path);
    return out;
}

Json GetChainStates(const Request& request)
{
    const auto tip = request.Chain().GetTip();
    Json states = codec::JsonArray();
    for (const auto& state : Snapshots(request).States()) {
        Json row = codec::JsonObject();
        row.pushKV("blocks", state.height);
        row.pushKV("bestblockhash", base::ReversedHex(state.best_block));
        row.pushKV("difficulty", Difficulty(state.bits));
        row.pushKV("verificationprogress", state.progress);
        if (state.snapshot_base) row.pushKV("snapshot_blockhash", base::ReversedHex(*state.snapshot_base));
        row.pushKV("coins_db_cache_bytes", state.store_cache_bytes);
        row.pushKV("coins_tip_cache_bytes", state.coin_cache_bytes);
        row.pushKV("validated", state.validated);
        if (state.seconds_left > 0) row.pushKV("seconds_left", state.seconds_left);
        states.push_back(row);
    }
    Json out = codec::JsonObject();
    out.pushKV("headers", std::max(tip.height, tip.header_height));
    out.pushKV("chainstates", states);
    return out;
}

} // namespace

const CallTable& SnapshotCalls()
{
    static const CallTable table{
        {"dumptxoutset",
         "Blockchain",
         CallKind::Long,
         "Writes all coins and names as of the tip into a new file (doc/snapshot.md).",
         {{"path", ArgType::String, "", "the file; below the network's folder unless it begins with /"},
          {"type", ArgType::String, "\"latest\"", "the state at the tip, the only one there is"}},
         "{ coins_written, names_written, base_hash, base_height, path, txoutset_hash, names_hash, "
         "state_hash,\n"
         "  nchaintx }",
         "state.dat",
         DumpTxOutSet},
        {"loadtxoutset",
         "Blockchain",
         CallKind::Long,
         "Takes over the coins and names of a file, if this program vouches for them; the blocks below are "
         "checked later (doc/snapshot.md).",
         {{"path", ArgType::String, "", "the file; below the network's folder unless it begins with /"}},
         "{ coins_loaded, names_loaded, tip_hash, base_height, path }",
         "state.dat",
         LoadTxOutSet},
        {"getchainstates",
         "Blockchain",
         CallKind::Quick,
         "The states the node keeps: one, or two while the blocks below a loaded snapshot are being checked.",
         {},
         "{ headers, chainstates: [ { blocks, bestblockhash, difficulty, verificationprogress, "
         "snapshot_blockhash,\n"
         "  coins_db_cache_bytes, coins_tip_cache_bytes, validated, seconds_left } ] }; the active one is "
         "last",
         "",
         GetChainStates},
    };
    return table;
}

} // namespace emc::rpc
