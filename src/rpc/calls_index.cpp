// Optional indexes: how far they are, block filters.
#include "base/clock.h"
#include "base/log.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "rpc/calls.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace emc::rpc {

namespace {

/// Indexes that are being built are not waited for longer than this.
constexpr int64_t INDEX_WAIT_US = 5'000'000;

bool IndexesAtTip(const interfaces::IndexReader& index)
{
    const auto rows = index.Indexes();
    return std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.synced || row.waits; });
}

Json SyncQueue(const Request& request)
{
    if (request.Rooms().events != nullptr) request.Rooms().events->DrainAll();
    const auto* index = request.Rooms().index;
    const int64_t until = base::SteadyMicros() + INDEX_WAIT_US;
    while (index != nullptr && !IndexesAtTip(*index) && base::SteadyMicros() < until) {
        request.CheckStop();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Json();
}

Json GetIndexInfo(const Request& request)
{
    Json out = codec::JsonObject();
    if (request.Rooms().index == nullptr) return out;
    for (const auto& status : request.Rooms().index->Indexes()) {
        Json row = codec::JsonObject();
        row.pushKV("synced", status.synced);
        row.pushKV("best_block_height", status.height);
        if (!request.Has(0) || request.Str(0) == status.name) out.pushKV(status.name, row);
    }
    return out;
}

Json GetBlockFilter(const Request& request)
{
    if (request.Has(1) && request.Str(1) != "basic")
        throw RpcError(Code::AddressOrKey,
                       "Unknown filtertype " + request.Str(1) + "; there is \"basic\" only");
    const auto info = request.Chain().BlockByHash(request.Hash(0));
    if (!info) throw RpcError(Code::AddressOrKey, "Block not found");
    const auto* index = request.Rooms().index;
    const auto rows = index != nullptr ? index->Indexes() : std::vector<interfaces::IndexReader::Status>{};
    const auto status = std::find_if(rows.begin(), rows.end(),
                                     [](const auto& row) { return row.name == interfaces::FILTER_INDEX; });
    if (status == rows.end())
        throw RpcError(Code::Misc, "There is no index of basic filters; start with -blockfilterindex");
    const auto filter = index->FilterOf(info->hash);
    if (!filter) {
        throw RpcError(Code::Misc, !info->in_best_chain
                                       ? "Filter not found: the block is not in the best chain"
                                       : base::Format("Filter not found: the index is still being "
                                                      "built, it stands at height %d",
                                                      status->height));
    }
    Json out = codec::JsonObject();
    out.pushKV("filter", base::Hex(filter->filter));
    out.pushKV("header", base::ReversedHex(filter->header));
    return out;
}

} // namespace

const CallTable& IndexCalls()
{
    static const CallTable table{
        {"getblockfilter",
         "Blockchain",
         CallKind::Slow,
         "Filter of a block (BIP 158); needs -blockfilterindex.",
         {{"blockhash", ArgType::Hash, "", "hash of a block in the best chain"},
          {"filtertype", ArgType::String, "basic", "there is no other"}},
         "{ filter, header }    hex of the filter, and its header (BIP 157)",
         "\"00000000…\"",
         GetBlockFilter},
        {"getindexinfo",
         "Util",
         CallKind::Quick,
         "Optional indexes and how far they are.",
         {{"index_name", ArgType::String, "-", "only this one"}},
         "{ name: { synced, best_block_height } }",
         "",
         GetIndexInfo},
        {"syncwithvalidationinterfacequeue",
         "Hidden",
         CallKind::Slow,
         "Waits until wallet, indexes and DNS have seen all blocks.",
         {},
         "null",
         "",
         SyncQueue},
    };
    return table;
}

} // namespace emc::rpc
