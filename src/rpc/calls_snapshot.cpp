// States in files: writing one.
#include "interfaces/node.h"
#include "interfaces/snapshot.h"
#include "rpc/calls.h"

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

} // namespace

const CallTable& SnapshotCalls()
{
    static const CallTable table{
        {"dumptxoutset",
         "Blockchain",
         CallKind::Slow,
         "Writes all coins and names as of the tip into a new file (doc/snapshot.md).",
         {{"path", ArgType::String, "", "the file; below the network's folder unless it begins with /"},
          {"type", ArgType::String, "\"latest\"", "the state at the tip, the only one there is"}},
         "{ coins_written, names_written, base_hash, base_height, path, txoutset_hash, names_hash, "
         "state_hash,\n"
         "  nchaintx }",
         "state.dat",
         DumpTxOutSet},
    };
    return table;
}

} // namespace emc::rpc
