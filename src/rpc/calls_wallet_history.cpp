#include "interfaces/chain.h"
#include "interfaces/pool.h"
#include "interfaces/wallet.h"
#include "names/op_codec.h"
#include "rpc/calls.h"
#include "rpc/render_wallet.h"
#include "rpc/take.h"
#include "rpc/tx_proof.h"

#include <algorithm>
#include <map>

namespace emc::rpc {

namespace {

using base::Hash256;
using interfaces::Generated;
using interfaces::WalletTx;
using primitives::Amount;
using Received = interfaces::WalletHistoryApi::Received;

constexpr int64_t MAX_CONFIRMATIONS = 9'999'999;

int32_t MinConf(const Request& request, size_t i)
{
    return static_cast<int32_t>(request.IntIn(i, 0, MAX_CONFIRMATIONS, 1));
}

Generated GeneratedArg(const Request& request, size_t i)
{
    return request.Bool(i) ? Generated::All : Generated::Mature;
}

/// Rows of a transaction, with or without those of change.
void PushRows(Json& out, const WalletTx& tx, const std::string& label)
{
    for (const auto& part : tx.parts) {
        if (label != "*" && part.label != label) continue;
        Json row = PartJson(tx, part);
        PushTxFields(row, tx);
        out.push_back(row);
    }
}

/// Transactions of this wallet in blocks that left the best chain, down to the fork.
Json RemovedJson(const Request& request, interfaces::BlockInfo block)
{
    Json out = codec::JsonArray();
    while (!block.in_best_chain) {
        request.CheckStop();
        const auto read = request.Chain().ReadBlock(block.hash);
        if (!read) throw RpcError(read.Error());
        for (const auto& tx : (*read)->transactions) {
            if (const auto own = request.Wallet()->GetTransaction(tx->Txid())) PushRows(out, *own, "*");
        }
        const auto previous = request.Chain().BlockByHash(block.header.prev_hash);
        if (!previous) break;
        block = *previous;
    }
    return out;
}

Json ListSinceBlock(const Request& request)
{
    const auto wallet = request.Wallet();
    const int64_t target = request.IntIn(1, 1, MAX_CONFIRMATIONS, 1);
    int32_t height = -1;
    Json removed = codec::JsonArray();
    if (request.Has(0) && !request.Str(0).empty()) {
        const auto hash = base::HashFromReversedHex(request.Str(0));
        if (!hash) throw RpcError(Code::Parameter, "blockhash has to be 64 hex digits");
        auto block = request.Chain().BlockByHash(*hash);
        if (!block) throw RpcError(Code::AddressOrKey, "Block not found");
        if (request.Bool(3, true)) removed = RemovedJson(request, *block);
        while (!block->in_best_chain) {
            block = request.Chain().BlockByHash(block->header.prev_hash);
            if (!block) throw RpcError(Code::AddressOrKey, "Block not found");
        }
        height = block->height;
    }
    Json rows = codec::JsonArray();
    for (const auto& tx : wallet->TransactionsSince(height))
        PushRows(rows, tx, request.Str(5, "*"));
    Json out = codec::JsonObject();
    out.pushKV("transactions", rows);
    if (request.Bool(3, true)) out.pushKV("removed", removed);
    const auto tip = request.Chain().GetTip();
    const auto last =
        request.Chain().BlockByHeight(std::max(tip.height + 1 - static_cast<int32_t>(target), 0));
    out.pushKV("lastblock", base::ReversedHex(last ? last->hash : tip.hash));
    return out;
}

Json TxidsJson(const std::vector<base::Hash256>& txids)
{
    Json out = codec::JsonArray();
    for (const auto& txid : txids)
        out.push_back(base::ReversedHex(txid));
    return out;
}

Json ListReceivedByAddress(const Request& request)
{
    const std::string only = request.Str(3);
    if (!only.empty()) (void)ScriptOfAddress(request.Chain().Params(), only);
    Json out = codec::JsonArray();
    for (const auto& entry :
         request.Wallet()->ReceivedByScript(MinConf(request, 0), GeneratedArg(request, 4))) {
        if (!entry.mine || entry.address.empty() || (entry.txids.empty() && !request.Bool(1))) continue;
        if (!only.empty() && entry.address != only) continue;
        Json row = codec::JsonObject();
        row.pushKV("address", entry.address);
        row.pushKV("amount", codec::JsonAmount(entry.amount));
        row.pushKV("confirmations", entry.confirmations);
        row.pushKV("label", entry.label);
        row.pushKV("txids", TxidsJson(entry.txids));
        out.push_back(row);
    }
    return out;
}

Json ListReceivedByLabel(const Request& request)
{
    std::map<std::string, Received> labels;
    for (const auto& entry :
         request.Wallet()->ReceivedByScript(MinConf(request, 0), GeneratedArg(request, 3))) {
        if (!entry.mine || (entry.txids.empty() && !request.Bool(1))) continue;
        const auto [it, fresh] = labels.emplace(entry.label, entry);
        if (fresh) continue;
        const bool first = it->second.txids.empty();
        it->second.amount += entry.amount;
        if (!entry.txids.empty()) {
            it->second.confirmations =
                first ? entry.confirmations : std::min(it->second.confirmations, entry.confirmations);
            it->second.txids = entry.txids;
        }
    }
    Json out = codec::JsonArray();
    for (const auto& [label, entry] : labels) {
        Json row = codec::JsonObject();
        row.pushKV("amount", codec::JsonAmount(entry.amount));
        row.pushKV("confirmations", entry.confirmations);
        row.pushKV("label", label);
        out.push_back(row);
    }
    return out;
}

Json GetReceivedByAddress(const Request& request)
{
    const auto script = ScriptOfAddress(request.Chain().Params(), request.Str(0));
    const auto wallet = request.Wallet();
    if (!wallet->IsMine(script)) throw RpcError(Code::Wallet, "The address is not of this wallet");
    const auto address = AddressText(request.Chain().Params(), script);
    Amount sum = 0;
    for (const auto& entry : wallet->ReceivedByScript(MinConf(request, 1), GeneratedArg(request, 2))) {
        if (entry.address == address) sum += entry.amount;
    }
    return codec::JsonAmount(sum);
}

Json GetReceivedByLabel(const Request& request)
{
    Amount sum = 0;
    bool known = false;
    for (const auto& entry :
         request.Wallet()->ReceivedByScript(MinConf(request, 1), GeneratedArg(request, 2))) {
        if (!entry.mine || entry.label != request.Str(0)) continue;
        known = true;
        sum += entry.amount;
    }
    if (!known) throw RpcError(Code::Wallet, "No address of this wallet has that label");
    return codec::JsonAmount(sum);
}

Json ListAddressGroupings(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& group : request.Wallet()->AddressGroups()) {
        Json rows = codec::JsonArray();
        for (const auto& member : group) {
            Json row = codec::JsonArray();
            row.push_back(member.address);
            row.push_back(codec::JsonAmount(member.amount));
            if (!member.label.empty()) row.push_back(member.label);
            rows.push_back(row);
        }
        out.push_back(rows);
    }
    return out;
}

Json SimulateRawTransaction(const Request& request)
{
    const auto wallet = request.Wallet();
    std::map<primitives::OutPoint, Amount> made; // by transactions of the list, not spent by later ones
    Amount change = 0;
    if (request.Has(0)) {
        for (const auto& item : request.Raw(0).getValues()) {
            const auto tx = TxFromHex(item.isStr() ? item.get_str() : "");
            for (const auto& input : tx->Inputs()) {
                if (const auto it = made.find(input.prevout); it != made.end()) {
                    change -= it->second;
                    made.erase(it);
                    continue;
                }
                const auto coin = CoinOf(request, input.prevout);
                if (!coin) {
                    throw RpcError(Code::Parameter, "One or more inputs are missing or spent: " +
                                                        base::ReversedHex(input.prevout.txid));
                }
                if (wallet->IsMine(coin->out.script_pubkey)) change -= coin->out.value;
            }
            for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
                const auto& output = tx->Outputs()[i];
                const auto owner = names::OwnerScriptOf(tx->Version(), i, output.script_pubkey);
                const Amount mine = wallet->IsMine(owner.script) ? output.value : 0;
                made[{tx->Txid(), i}] = mine;
                change += mine;
            }
        }
    }
    Json out = codec::JsonObject();
    out.pushKV("balance_change", codec::JsonAmount(change));
    return out;
}

Json RescanBlockchain(const Request& request)
{
    const auto from = static_cast<int32_t>(request.IntIn(0, INT32_MIN, INT32_MAX, 0));
    const auto to = static_cast<int32_t>(request.IntIn(1, INT32_MIN, INT32_MAX, 0));
    const auto scanned =
        Take(request.Wallet()->RescanBlocks(from, request.Has(1) ? std::optional(to) : std::nullopt));
    Json out = codec::JsonObject();
    out.pushKV("start_height", scanned.first);
    out.pushKV("stop_height", scanned.last);
    out.pushKV("blocks_read", scanned.read);
    return out;
}

Json AbortRescan(const Request& request)
{
    return request.Wallet()->AbortRescan();
}

Json ImportPrunedFunds(const Request& request)
{
    const auto tx = TxFromHex(request.Str(0));
    const auto proven = ReadTxOutProof(request, request.Str(1));
    if (proven.txids.empty()) throw RpcError(Code::AddressOrKey, "The proof does not hold");
    const Hash256& txid = tx->Txid();
    if (std::find(proven.txids.begin(), proven.txids.end(), txid) == proven.txids.end())
        throw RpcError(Code::AddressOrKey, "The proof is about other transactions than this one");
    Take(request.Wallet()->AddProven(
        tx, {proven.block.hash, proven.block.height, static_cast<int64_t>(proven.block.header.time)}));
    return Json();
}

Json RemovePrunedFunds(const Request& request)
{
    Take(request.Wallet()->Remove(request.Hash(0)));
    return Json();
}

constexpr ArgSpec MINCONF{"minconf", ArgType::Number, "1", "confirmations at least"};
constexpr ArgSpec WATCH{"include_watchonly", ArgType::Bool, "-", "ignored"};
constexpr ArgSpec IMMATURE{"include_immature_coinbase", ArgType::Bool, "false",
                           "generated coins that are not ripe, too"};

CallTable ReceivedCalls()
{
    return {
        {"listreceivedbyaddress",
         "Wallet",
         CallKind::Slow,
         "What came in, by address; change and names are not counted.",
         {MINCONF,
          {"include_empty", ArgType::Bool, "false", "also addresses with a label that got nothing"},
          WATCH,
          {"address_filter", ArgType::String, "\"\"", "only this address"},
          IMMATURE},
         "[ { address, amount, confirmations, label, txids } ]",
         "",
         ListReceivedByAddress},
        {"listreceivedbylabel",
         "Wallet",
         CallKind::Slow,
         "What came in, by label.",
         {MINCONF,
          {"include_empty", ArgType::Bool, "false", "also labels that got nothing"},
          WATCH,
          IMMATURE},
         "[ { amount, confirmations, label } ]",
         "",
         ListReceivedByLabel},
        {"getreceivedbyaddress",
         "Wallet",
         CallKind::Slow,
         "What came in on an address.",
         {{"address", ArgType::String, "", "address of this wallet"}, MINCONF, IMMATURE},
         "n    (numeric) EMC",
         "\"address\"",
         GetReceivedByAddress},
        {"getreceivedbylabel",
         "Wallet",
         CallKind::Slow,
         "What came in on the addresses of a label.",
         {{"label", ArgType::String, "", "the label"}, MINCONF, IMMATURE},
         "n    (numeric) EMC",
         "\"label\"",
         GetReceivedByLabel},
    };
}

CallTable MoreCalls()
{
    return {
        {"listsinceblock",
         "Wallet",
         CallKind::Slow,
         "Transactions since a block; all without one. Those that waited or lost are listed, too.",
         {{"blockhash", ArgType::String, "\"\"", "the block; it may have left the best chain"},
          {"target_confirmations", ArgType::Number, "1", "lastblock is the one with so many confirmations"},
          WATCH,
          {"include_removed", ArgType::Bool, "true", "transactions of blocks that left the best chain"},
          {"include_change", ArgType::Bool, "-", "ignored"},
          {"label", ArgType::String, "\"*\"", "only this label"}},
         "{ transactions, removed, lastblock }",
         "",
         ListSinceBlock},
        {"listaddressgroupings",
         "Wallet",
         CallKind::Slow,
         "Addresses whose common owner everybody can see, with what lies on them.",
         {},
         "[ [ [ address, amount, label ] ] ]",
         "",
         ListAddressGroupings},
        {"rescanblockchain",
         "Wallet",
         CallKind::Long,
         "Looks through blocks for transactions of this wallet again; getwalletinfo shows how far it is. "
         "With\n"
         "-blockfilterindex it reads only blocks that may hold some.",
         {{"start_height", ArgType::Number, "0", "first block"},
          {"stop_height", ArgType::Number, "-", "last block; default: the tip"}},
         "{ start_height, stop_height, blocks_read }",
         "100000 120000",
         RescanBlockchain},
        {"abortrescan",
         "Wallet",
         CallKind::Quick,
         "Ends a rescan.",
         {},
         "true, or false when none runs",
         "",
         AbortRescan},
        {"importprunedfunds",
         "Wallet",
         CallKind::Slow,
         "Adds a transaction of this wallet that stands in a block the node has pruned, with its proof.",
         {{"rawtransaction", ArgType::String, "", "the transaction in hex"},
          {"txoutproof", ArgType::String, "", "from gettxoutproof of a node that has the block"}},
         "null",
         "\"hex\" \"proof\"",
         ImportPrunedFunds},
        {"removeprunedfunds",
         "Wallet",
         CallKind::Slow,
         "Forgets a transaction, as if the wallet had never seen it; a rescan finds it again.",
         {{"txid", ArgType::Hash, "", "transaction"}},
         "null",
         "\"txid\"",
         RemovePrunedFunds},
        {"simulaterawtransaction",
         "Wallet",
         CallKind::Slow,
         "By how much transactions would change this wallet's balance.",
         {{"rawtxs", ArgType::Array, "-", "[ \"hex\" ]"}, {"options", ArgType::Object, "-", "ignored"}},
         "{ balance_change }",
         "'[\"hex\"]'",
         SimulateRawTransaction},
    };
}

} // namespace

const CallTable& WalletHistoryCalls()
{
    static const CallTable table = Joined({ReceivedCalls(), MoreCalls()});
    return table;
}

} // namespace emc::rpc
