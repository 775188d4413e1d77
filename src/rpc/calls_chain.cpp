#include "base/log.h"
#include "interfaces/chain.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "rpc/block_args.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "script/solver.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::BlockInfo;

Json GetBlockCount(const Request& request)
{
    return request.Chain().GetTip().height;
}

Json GetBestBlockHash(const Request& request)
{
    return base::ReversedHex(request.Chain().GetTip().hash);
}

Json GetBlockHash(const Request& request)
{
    return base::ReversedHex(NeedHeight(request, request.Int(0)).hash);
}

Json GetBlockHeader(const Request& request)
{
    const BlockInfo info = NeedBlock(request, request.Hash(0));
    if (!request.Bool(1, true)) {
        if (info.header.IsAuxPow() && !info.header.auxpow) {
            throw RpcError(Code::Misc, "The header's merged-mining proof is not there yet: it comes with the "
                                       "block, which lies below the loaded snapshot (see getchainstates)");
        }
        return base::Hex(primitives::Serialize(info.header));
    }
    return HeaderJson(info);
}

Json GetBlock(const Request& request)
{
    const BlockInfo info = NeedBlock(request, request.Hash(0));
    int64_t verbosity = 1;
    if (request.Has(1)) {
        const Json& value = request.Raw(1);
        if (!value.isBool() && !value.isNum())
            throw RpcError(Code::Type, "verbosity must be 0 to 3 or a boolean");
        verbosity = value.isBool() ? (value.get_bool() ? 1 : 0) : request.IntIn(1, 0, 3, 1);
    }
    auto block = request.Chain().ReadBlock(info.hash);
    if (!block) throw RpcError(block.Error());
    if (verbosity == 0) return base::Hex(primitives::Serialize(**block));
    const auto& params = request.Chain().Params();
    if (verbosity == 1) return BlockJson(**block, info, params, 1, nullptr);
    const auto spent = request.Chain().ReadSpentCoins(info.hash);
    return BlockJson(**block, info, params, static_cast<int>(verbosity), spent ? &*spent : nullptr);
}

void PushPruning(const Request& request, Json& out)
{
    const auto* control = request.Rooms().chain_control;
    const auto pruning = control != nullptr ? control->GetPruning() : interfaces::ChainControl::Pruning();
    out.pushKV("pruned", pruning.enabled);
    if (!pruning.enabled) return;
    out.pushKV("pruneheight", pruning.first_kept);
    out.pushKV("automatic_pruning", pruning.target_bytes != 0);
    if (pruning.target_bytes != 0) out.pushKV("prune_target_size", pruning.target_bytes);
}

Json GetBlockchainInfo(const Request& request)
{
    const auto& chain = request.Chain();
    const auto tip = chain.GetTip();
    Json out = codec::JsonObject();
    out.pushKV("chain", chain.Params().name);
    out.pushKV("blocks", tip.height);
    out.pushKV("headers", std::max(tip.height, tip.header_height));
    out.pushKV("bestblockhash", base::ReversedHex(tip.hash));
    out.pushKV("difficulty", Difficulty(tip.bits));
    out.pushKV("time", tip.time);
    out.pushKV("mediantime", tip.median_time);
    out.pushKV("verificationprogress", chain.VerificationProgress());
    out.pushKV("initialblockdownload", tip.initial_download);
    out.pushKV("chainwork", tip.chain_work.ToHex());
    out.pushKV("size_on_disk", chain.DiskBytes());
    PushPruning(request, out);
    out.pushKV("warnings", request.Rooms().node != nullptr ? request.Rooms().node->Warnings() : "");
    return out;
}

Json GetChainTips(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& tip : request.Chain().Tips()) {
        Json row = codec::JsonObject();
        row.pushKV("height", tip.height);
        row.pushKV("hash", base::ReversedHex(tip.hash));
        row.pushKV("branchlen", tip.branch_length);
        row.pushKV("status", tip.status);
        out.push_back(row);
    }
    return out;
}

Json GetTxOut(const Request& request)
{
    const primitives::OutPoint outpoint{request.Hash(0),
                                        static_cast<uint32_t>(request.IntIn(1, 0, UINT32_MAX, 0))};
    const bool with_pool = request.Bool(2, true) && request.Rooms().pool != nullptr;
    const auto tip = request.Chain().GetTip();
    if (with_pool && request.Pool().SpenderOf(outpoint)) return Json();
    const auto coin = with_pool ? CoinOf(request, outpoint) : request.Chain().GetCoin(outpoint);
    if (!coin) return Json();
    const int32_t confirmations = coin->height == MEMPOOL_HEIGHT ? 0 : tip.height - coin->height + 1;
    Json out = codec::JsonObject();
    out.pushKV("bestblock", base::ReversedHex(tip.hash));
    out.pushKV("confirmations", confirmations);
    out.pushKV("value", codec::JsonAmount(coin->out.value));
    out.pushKV("scriptPubKey", CoinScriptJson(*coin, request.Chain().Params()));
    out.pushKV("coinbase", coin->generated);
    return out;
}

Json GetTxOutSetInfo(const Request& request)
{
    using interfaces::CoinHash;
    const std::string hash_type = request.Str(0, "hash_serialized_3");
    CoinHash kind = CoinHash::Serialized;
    if (hash_type == "muhash") {
        kind = CoinHash::MuHash;
    } else if (hash_type == "none") {
        kind = CoinHash::None;
    } else if (hash_type != "hash_serialized_3") {
        throw RpcError(Code::Parameter,
                       "'" + hash_type + "' is no hash_type; there are hash_serialized_3, muhash and none");
    }
    if (request.Has(1)) {
        throw RpcError(Code::Parameter,
                       "hash_or_height needs a coinstatsindex, which this node does not have: "
                       "leave it out, the totals are those of the tip");
    }
    const auto stats = request.Chain().ComputeCoinStats(kind);
    if (!stats) throw RpcError(stats.Error());
    Json out = codec::JsonObject();
    out.pushKV("height", stats->height);
    out.pushKV("bestblock", base::ReversedHex(stats->best_block));
    out.pushKV("txouts", stats->coins);
    out.pushKV("bogosize", stats->bogus_bytes);
    if (kind != CoinHash::None) out.pushKV(hash_type, base::ReversedHex(stats->hash));
    out.pushKV("total_amount", codec::JsonAmount(stats->total));
    out.pushKV("total_supply", codec::JsonAmount(stats->supply));
    out.pushKV("transactions", stats->transactions);
    out.pushKV("disk_size", stats->disk_bytes);
    return out;
}

interfaces::ChainControl& Control(const Request& request)
{
    if (request.Rooms().chain_control == nullptr)
        throw RpcError(Code::Misc, "This node runs without a chain");
    return *request.Rooms().chain_control;
}

Json InvalidateBlock(const Request& request)
{
    static_cast<void>(NeedBlock(request, request.Hash(0)));
    if (auto done = Control(request).InvalidateBlock(request.Hash(0)); !done) throw RpcError(done.Error());
    return Json();
}

Json ReconsiderBlock(const Request& request)
{
    static_cast<void>(NeedBlock(request, request.Hash(0)));
    if (auto done = Control(request).ReconsiderBlock(request.Hash(0)); !done) throw RpcError(done.Error());
    return Json();
}

Json PreciousBlock(const Request& request)
{
    static_cast<void>(NeedBlock(request, request.Hash(0)));
    if (auto done = Control(request).PreferBlock(request.Hash(0)); !done) throw RpcError(done.Error());
    return Json();
}

/// Numbers from here on are unix seconds, below heights.
constexpr int64_t FIRST_TIMESTAMP = 1'000'000'000;
/// Times in blocks may differ so much from the real ones.
constexpr int64_t TIME_SLACK_SEC = 7'200;

Json PruneBlockchain(const Request& request)
{
    auto& control = Control(request);
    if (!control.GetPruning().enabled)
        throw RpcError(Code::Misc, "This node does not prune: start it with -prune=1");
    int64_t height = request.Int(0);
    if (height < 0) throw RpcError(Code::Parameter, "A block height cannot be negative");
    if (height >= FIRST_TIMESTAMP) {
        const auto found = control.HeightSince(height - TIME_SLACK_SEC);
        if (!found) throw RpcError(Code::Parameter, "No block of the chain is as new as this time");
        height = *found;
    }
    const auto tip = request.Chain().GetTip().height;
    if (height > tip) {
        throw RpcError(Code::Parameter,
                       base::Format("The chain is shorter than that: its height is %d", tip));
    }
    const auto pruned = control.Prune(static_cast<int32_t>(height));
    if (!pruned) throw RpcError(pruned.Error());
    return *pruned;
}

Json VerifyChain(const Request& request)
{
    const auto level = static_cast<int>(request.IntIn(0, 0, 4, 3));
    const auto blocks = static_cast<int32_t>(request.IntIn(1, 0, INT32_MAX, 6));
    const bool good = Control(request).Verify(level, blocks).HasValue();
    request.CheckStop(); // what was cut short says nothing about the blocks
    return good;
}

CallTable BlockCalls()
{
    return {
        {"getblockcount",
         "Blockchain",
         CallKind::Quick,
         "Height of the best chain; the genesis block has height 0.",
         {},
         "n    (numeric) the height",
         "",
         GetBlockCount},
        {"getbestblockhash",
         "Blockchain",
         CallKind::Quick,
         "Hash of the best block.",
         {},
         "\"hex\"    (string) block hash",
         "",
         GetBestBlockHash},
        {"getblockhash",
         "Blockchain",
         CallKind::Quick,
         "Hash of the block at a height of the best chain.",
         {{"height", ArgType::Number, "", "0 … getblockcount"}},
         "\"hex\"    (string) block hash",
         "1000",
         GetBlockHash},
        {"getblockheader",
         "Blockchain",
         CallKind::Quick,
         "Header of a block.",
         {{"blockhash", ArgType::Hash, "", "hash of the block"},
          {"verbose", ArgType::Bool, "true",
           "false: serialised header as hex, with its merged-mining proof"}},
         "{ hash, confirmations, height, version, versionHex, merkleroot, time, mediantime, nonce, bits, "
         "difficulty,\n"
         "  chainwork, flags, nTx, previousblockhash, nextblockhash }",
         "\"00000000…\"",
         GetBlockHeader},
        {"getblock",
         "Blockchain",
         CallKind::Slow,
         "A block.",
         {{"blockhash", ArgType::Hash, "", "hash of the block"},
          {"verbosity|verbose", ArgType::Any, "1",
           "0: hex, 1: with txids, 2: with transactions and fees, 3: also the outputs they spend"}},
         "\"hex\" or { as getblockheader, strippedsize, size, weight, tx: [ … ] }",
         "\"00000000…\" 2",
         GetBlock},
        {"getblockchaininfo",
         "Blockchain",
         CallKind::Quick,
         "State of the chain.",
         {},
         "{ chain, blocks, headers, bestblockhash, difficulty, time, mediantime, verificationprogress,\n"
         "  initialblockdownload, chainwork, size_on_disk, pruned, warnings }; with -prune also\n"
         "  { pruneheight (the first block that is kept), automatic_pruning, prune_target_size (bytes) }",
         "",
         GetBlockchainInfo},
    };
}

CallTable StateCalls()
{
    return {
        {"getchaintips",
         "Blockchain",
         CallKind::Slow,
         "All known tips of the block tree.",
         {},
         "[ { height, hash, branchlen, status } ]; status: active, valid-fork, valid-headers, headers-only, "
         "invalid",
         "",
         GetChainTips},
        {"gettxout",
         "Blockchain",
         CallKind::Quick,
         "An unspent output; null when it is spent or unknown.",
         {{"txid", ArgType::Hash, "", "transaction"},
          {"n", ArgType::Number, "", "output, counted from 0"},
          {"include_mempool", ArgType::Bool, "true", "count what the mempool spends and makes"}},
         "{ bestblock, confirmations, value, scriptPubKey: { asm, desc, hex, address, type }, coinbase }",
         "\"txid\" 0",
         GetTxOut},
        {"gettxoutsetinfo",
         "Blockchain",
         CallKind::Long,
         "Totals over all coins; walks the whole set.",
         {{"hash_type", ArgType::String, "hash_serialized_3",
           "how the coins are hashed: hash_serialized_3, muhash, or none, which is fastest"},
          {"hash_or_height", ArgType::Any, "-", "refused: totals of other blocks than the tip are not kept"},
          {"use_index", ArgType::Bool, "true", "without effect: there is no coinstatsindex"}},
         "{ height, bestblock, txouts, bogosize, hash_serialized_3 or muhash, total_amount, total_supply, "
         "transactions, disk_size }\n"
         "total_supply is tracked block by block; the call fails when it is not the sum of the coins.",
         "muhash",
         GetTxOutSetInfo},
        {"pruneblockchain",
         "Blockchain",
         CallKind::Slow,
         "Removes old block files, whole ones only; needs -prune. The newest blocks stay, 510 on main.",
         {{"height", ArgType::Number, "",
           "remove blocks up to this height; from 1000000000 on: blocks older than this time in unix "
           "seconds, two "
           "hours of doubt apart"}},
         "n    (numeric) height of the last block that is gone, -1 when all are here",
         "1000",
         PruneBlockchain},
        {"verifychain",
         "Blockchain",
         CallKind::Long,
         "Checks the newest blocks again. Until it ends no other block is taken.",
         {{"checklevel", ArgType::Number, "3",
           "0: read them, 1: and check them, 2: and read their undo records, 3: and take them back in "
           "memory, 4: and "
           "connect them again"},
          {"nblocks", ArgType::Number, "6", "how many; 0: all"}},
         "true or false    (boolean) all is well; the log says what is not",
         "",
         VerifyChain},
    };
}

CallTable SteeringCalls()
{
    return {
        {"invalidateblock",
         "Hidden",
         CallKind::Slow,
         "Treats a block and everything on it as invalid.",
         {{"blockhash", ArgType::Hash, "", "the block"}},
         "null",
         "\"hash\"",
         InvalidateBlock},
        {"preciousblock",
         "Blockchain",
         CallKind::Slow,
         "Of branches that are exactly as good as the tip, takes the one of this block as if it had come "
         "first. A "
         "better tip stays. Kept over a restart.",
         {{"blockhash", ArgType::Hash, "", "the block"}},
         "null",
         "\"hash\"",
         PreciousBlock},
        {"reconsiderblock",
         "Hidden",
         CallKind::Slow,
         "Takes invalidateblock back.",
         {{"blockhash", ArgType::Hash, "", "the block"}},
         "null",
         "\"hash\"",
         ReconsiderBlock},
    };
}

} // namespace

const CallTable& ChainCalls()
{
    static const CallTable table = Joined({BlockCalls(), StateCalls(), SteeringCalls()});
    return table;
}

} // namespace emc::rpc
