#include "interfaces/chain.h"
#include "interfaces/net.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/tx_args.h"

#include <algorithm>
#include <unordered_set>

namespace emc::rpc {

namespace {

using interfaces::PoolEntry;

PoolEntry NeedEntry(const Request& request, const base::Hash256& txid)
{
    auto entry = request.Pool().Entry(txid);
    if (!entry) throw RpcError(Code::AddressOrKey, "Transaction not in mempool");
    return *entry;
}

Json HashList(const std::vector<base::Hash256>& hashes)
{
    Json out = codec::JsonArray();
    for (const auto& hash : hashes)
        out.push_back(base::ReversedHex(hash));
    return out;
}

/// Own transactions no peer has taken yet, in order.
std::vector<base::Hash256> UnsentOf(const Request& request)
{
    auto* net = request.Rooms().net;
    auto out = net != nullptr ? net->Unsent() : std::vector<base::Hash256>();
    std::sort(out.begin(), out.end());
    return out;
}

Json EntryJson(const PoolEntry& entry, const std::vector<base::Hash256>& unsent)
{
    Json fees = codec::JsonObject();
    fees.pushKV("base", codec::JsonAmount(entry.fee));
    fees.pushKV("modified", codec::JsonAmount(entry.fee + entry.delta));
    fees.pushKV("ancestor", codec::JsonAmount(entry.ancestor_fees));
    fees.pushKV("descendant", codec::JsonAmount(entry.descendant_fees));
    Json out = codec::JsonObject();
    out.pushKV("vsize", static_cast<uint64_t>(entry.tx->VirtualSize()));
    out.pushKV("weight", static_cast<uint64_t>(entry.tx->Weight()));
    out.pushKV("time", entry.time);
    out.pushKV("height", entry.height);
    out.pushKV("descendantcount", entry.descendant_count);
    out.pushKV("descendantsize", entry.descendant_size);
    out.pushKV("ancestorcount", entry.ancestor_count);
    out.pushKV("ancestorsize", entry.ancestor_size);
    out.pushKV("wtxid", base::ReversedHex(entry.tx->Wtxid()));
    out.pushKV("fees", fees);
    out.pushKV("burned", codec::JsonAmount(entry.burned));
    out.pushKV("depends", HashList(entry.depends));
    out.pushKV("spentby", HashList(entry.spent_by));
    out.pushKV("bip125-replaceable", entry.signals_replacement);
    out.pushKV("unbroadcast", std::binary_search(unsent.begin(), unsent.end(), entry.tx->Txid()));
    return out;
}

Json GetMempoolInfo(const Request& request)
{
    const auto info = request.Pool().Info();
    Json out = codec::JsonObject();
    out.pushKV("loaded", info.loaded);
    out.pushKV("size", info.count);
    out.pushKV("bytes", info.bytes);
    out.pushKV("usage", info.usage);
    out.pushKV("total_fee", codec::JsonAmount(info.total_fee));
    out.pushKV("maxmempool", info.max_usage);
    out.pushKV("mempoolminfee", codec::JsonAmount(info.min_fee_per_kvb));
    out.pushKV("minrelaytxfee", codec::JsonAmount(info.relay_fee_per_kvb));
    out.pushKV("incrementalrelayfee", codec::JsonAmount(info.incremental_fee_per_kvb));
    out.pushKV("unbroadcastcount", static_cast<uint64_t>(UnsentOf(request).size()));
    out.pushKV("fullrbf", info.full_replacement);
    return out;
}

/// The entries, and how many changes had been made to the pool that holds just them.
std::vector<PoolEntry> EntriesAt(const Request& request, uint64_t& changes)
{
    for (;;) {
        request.CheckStop();
        changes = request.Pool().Info().changes;
        auto entries = request.Pool().Entries();
        if (request.Pool().Info().changes == changes) return entries;
    }
}

Json GetRawMempool(const Request& request)
{
    const bool verbose = request.Bool(0);
    const bool with_sequence = request.Bool(1);
    if (verbose && with_sequence)
        throw RpcError(Code::Parameter, "verbose and mempool_sequence exclude each other");
    uint64_t changes = 0;
    const auto unsent = verbose ? UnsentOf(request) : std::vector<base::Hash256>();
    Json out = verbose ? codec::JsonObject() : codec::JsonArray();
    for (const auto& entry : with_sequence ? EntriesAt(request, changes) : request.Pool().Entries()) {
        const auto txid = base::ReversedHex(entry.tx->Txid());
        if (verbose) {
            codec::AddField(out, txid, EntryJson(entry, unsent));
        } else {
            out.push_back(txid);
        }
    }
    if (!with_sequence) return out;
    Json object = codec::JsonObject();
    object.pushKV("txids", out);
    object.pushKV("mempool_sequence", changes);
    return object;
}

Json GetTxSpendingPrevout(const Request& request)
{
    Json out = codec::JsonArray();
    if (request.Raw(0).size() == 0) throw RpcError(Code::Parameter, "The list of outputs is empty");
    for (const auto& item : request.Raw(0).getValues()) {
        const auto outpoint = OutPointOf(item);
        Json row = codec::JsonObject();
        row.pushKV("txid", base::ReversedHex(outpoint.txid));
        row.pushKV("vout", static_cast<uint64_t>(outpoint.index));
        if (const auto spender = request.Pool().SpenderOf(outpoint))
            row.pushKV("spendingtxid", base::ReversedHex(*spender));
        out.push_back(row);
    }
    return out;
}

Json GetMempoolEntry(const Request& request)
{
    return EntryJson(NeedEntry(request, request.Hash(0)), UnsentOf(request));
}

/// Walks the pool's graph from one entry along `edges`.
Json Relatives(const Request& request, std::vector<base::Hash256> PoolEntry::*edges)
{
    const bool verbose = request.Bool(1);
    std::vector<base::Hash256> waiting = NeedEntry(request, request.Hash(0)).*edges;
    std::unordered_set<base::Hash256, base::HashOfHash> seen;
    const auto unsent = verbose ? UnsentOf(request) : std::vector<base::Hash256>();
    Json out = verbose ? codec::JsonObject() : codec::JsonArray();
    while (!waiting.empty()) {
        const auto txid = waiting.back();
        waiting.pop_back();
        if (!seen.insert(txid).second) continue;
        const auto entry = request.Pool().Entry(txid);
        if (!entry) continue;
        waiting.insert(waiting.end(), ((*entry).*edges).begin(), ((*entry).*edges).end());
        if (verbose) {
            codec::AddField(out, base::ReversedHex(txid), EntryJson(*entry, unsent));
        } else {
            out.push_back(base::ReversedHex(txid));
        }
    }
    return out;
}

Json GetAncestors(const Request& request)
{
    return Relatives(request, &PoolEntry::depends);
}

Json GetDescendants(const Request& request)
{
    return Relatives(request, &PoolEntry::spent_by);
}

Json NameMempool(const Request& request)
{
    const auto type = ParseValueType(request.Str(0));
    Json out = codec::JsonArray();
    for (const auto& pending : request.Pool().PendingNames()) {
        Json row = codec::JsonObject();
        PushValue(row, "name", base::AsBytes(pending.op.name), ValueType::Text);
        row.pushKV("txid", base::ReversedHex(pending.txid));
        row.pushKV("vout", static_cast<int64_t>(pending.vout));
        row.pushKV("time", pending.time);
        row.pushKV("address", AddressText(request.Chain().Params(), pending.op.owner_script));
        row.pushKV("operation", std::string(names::OpName(pending.op.kind)));
        if (pending.op.kind != names::OpKind::Delete) {
            row.pushKV("days_added", pending.op.days);
            PushValue(row, "value", pending.op.value, type);
        }
        out.push_back(row);
    }
    return out;
}

} // namespace

const CallTable& PoolCalls()
{
    static const CallTable table = {
        {"getmempoolinfo",
         "Blockchain",
         CallKind::Quick,
         "Size and limits of the mempool.",
         {},
         "{ loaded, size, bytes, usage, total_fee, maxmempool, mempoolminfee, minrelaytxfee,\n"
         "  incrementalrelayfee, unbroadcastcount, fullrbf }\n"
         "loaded: the transactions of the last run have been read. fullrbf: what does not signal that it may "
         "be "
         "replaced is replaced, too (-mempoolfullrbf).",
         "",
         GetMempoolInfo},
        {"getrawmempool",
         "Blockchain",
         CallKind::Slow,
         "Transactions in the mempool.",
         {{"verbose", ArgType::Bool, "false", "objects instead of txids"},
          {"mempool_sequence", ArgType::Bool, "false",
           "also how many transactions came and went since the start; not with verbose"}},
         "[ txid ] or { txid: entry } or { txids: [ txid ], mempool_sequence }",
         "true",
         GetRawMempool},
        {"getmempoolentry",
         "Blockchain",
         CallKind::Quick,
         "One transaction of the mempool.",
         {{"txid", ArgType::Hash, "", "transaction"}},
         "{ vsize, weight, time, height, descendantcount, descendantsize, ancestorcount, ancestorsize, "
         "wtxid,\n"
         "  fees: { base, modified, ancestor, descendant }, burned, depends, spentby, bip125-replaceable,\n"
         "  unbroadcast }\n"
         "unbroadcast: came from no peer, none has asked for it yet, and fewer than 8 were told of it. "

         "burned: name fees, which are no fees of the miner. bip125-replaceable: an input of its own signals "
         "it; ancestors do not count.",
         "\"txid\"",
         GetMempoolEntry},
        {"getmempoolancestors",
         "Blockchain",
         CallKind::Slow,
         "Unconfirmed transactions this one depends on.",
         {{"txid", ArgType::Hash, "", "transaction in the mempool"},
          {"verbose", ArgType::Bool, "false", "objects instead of txids"}},
         "[ txid ] or { txid: entry }",
         "\"txid\"",
         GetAncestors},
        {"getmempooldescendants",
         "Blockchain",
         CallKind::Slow,
         "Unconfirmed transactions that depend on this one.",
         {{"txid", ArgType::Hash, "", "transaction in the mempool"},
          {"verbose", ArgType::Bool, "false", "objects instead of txids"}},
         "[ txid ] or { txid: entry }",
         "\"txid\"",
         GetDescendants},
        {"gettxspendingprevout",
         "Blockchain",
         CallKind::Quick,
         "Which transactions of the mempool spend these outputs.",
         {{"outputs", ArgType::Array, "", "[ { txid, vout } ]"}},
         "[ { txid, vout, spendingtxid } ]; without spendingtxid: none does",
         "'[{\"txid\":\"…\",\"vout\":0}]'",
         GetTxSpendingPrevout},
        {"name_mempool",
         "Names",
         CallKind::Slow,
         "Name operations that wait for a block.",
         {{"valuetype", ArgType::String, "text", "text, hex or base64"}},
         "[ { name, txid, vout, time, address, operation, days_added, value } ]",
         "",
         NameMempool},
    };
    return table;
}

} // namespace emc::rpc
