/// Work for miners: templates (BIPs 22, 23, 145), merged mining, the miner inside the node.
#include "base/log.h"
#include "consensus/auxpow.h"
#include "consensus/block_rules.h"
#include "consensus/target.h"
#include "interfaces/chain.h"
#include "interfaces/mining.h"
#include "interfaces/net.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"

#include <algorithm>
#include <unordered_map>

namespace emc::rpc {

namespace {

using interfaces::WorkSource;

constexpr int64_t HASHRATE_BLOCKS = 120;
constexpr int64_t MAX_MINER_THREADS = 1'024;

/// Where work would be wasted: −9 without peers, −10 while the chain is being loaded. Regtest has neither.
void NeedNetwork(const Request& request)
{
    if (request.Chain().Params().network == consensus::Network::Regtest) return;
    const auto info = request.Net().Info();
    if (info.connections_in + info.connections_out == 0)
        throw RpcError(Code::NotConnected,
                       "The node is not connected to any other: blocks made now would be lost");
    if (request.Chain().GetTip().initial_download)
        throw RpcError(Code::InitialDownload,
                       "The node is still loading the chain: wait until it has all blocks");
}

/// The member of the request object; null when absent.
const Json& Member(const Json& object, const std::string& key)
{
    static const Json NONE;
    return object.isObject() && object.exists(key) ? object[key] : NONE;
}

/// "0000…", most significant first.
std::string TargetHex(uint32_t bits)
{
    return consensus::TargetOf(bits).value_or(base::U256{}).ToHex();
}

std::string BitsHex(uint32_t bits)
{
    return base::Format("%08x", bits);
}

Json Propose(const Request& request, const Json& asked)
{
    const Json& data = Member(asked, "data");
    if (!data.isStr()) throw RpcError(Code::Type, "Missing data String key for proposal");
    const auto bytes = base::FromHex(data.get_str());
    const auto block = bytes ? primitives::ParseBlock(*bytes) : nullptr;
    if (!block) throw RpcError(Code::Deserialization, "Block decode failed");
    const auto reason = request.Work().Propose(block);
    return reason ? Json(*reason) : Json();
}

Json TransactionsJson(const interfaces::Work& work)
{
    const auto& txs = work.block->transactions;
    std::unordered_map<base::Hash256, int64_t, base::HashOfHash> places;
    Json out = codec::JsonArray();
    for (size_t i = 1; i < txs.size(); ++i) {
        const auto& tx = *txs[i];
        Json depends = codec::JsonArray();
        for (const auto& input : tx.Inputs()) {
            const auto parent = places.find(input.prevout.txid);
            if (parent != places.end()) depends.push_back(parent->second);
        }
        places.emplace(tx.Txid(), static_cast<int64_t>(i));
        Json row = codec::JsonObject();
        row.pushKV("data", base::Hex(primitives::Serialize(tx)));
        row.pushKV("txid", base::ReversedHex(tx.Txid()));
        row.pushKV("hash", base::ReversedHex(tx.Wtxid()));
        row.pushKV("depends", depends);
        row.pushKV("fee", work.tx_fees[i - 1]);
        row.pushKV("sigops", work.tx_sigop_cost[i - 1]);
        row.pushKV("weight", static_cast<uint64_t>(tx.Weight()));
        out.push_back(row);
    }
    return out;
}

Json Words(std::initializer_list<const char*> words)
{
    Json out = codec::JsonArray();
    for (const auto* word : words)
        out.push_back(word);
    return out;
}

Json TemplateJson(const Request& request, const interfaces::Work& work)
{
    const auto& header = work.block->header;
    const auto& coinbase = *work.block->transactions.front();
    Json out = codec::JsonObject();
    out.pushKV("capabilities", Words({"proposal", "longpoll"}));
    out.pushKV("version", header.version);
    out.pushKV("rules", Words({"csv", "!segwit", "taproot"}));
    out.pushKV("vbavailable", codec::JsonObject());
    out.pushKV("vbrequired", 0);
    out.pushKV("previousblockhash", base::ReversedHex(header.prev_hash));
    out.pushKV("transactions", TransactionsJson(work));
    out.pushKV("coinbaseaux", codec::JsonObject());
    out.pushKV("coinbasevalue", work.reward);
    out.pushKV("longpollid", work.id);
    out.pushKV("target", TargetHex(header.bits));
    out.pushKV("mintime", work.min_time);
    out.pushKV("mutable", Words({"time", "transactions", "prevblock"}));
    out.pushKV("noncerange", "00000000ffffffff");
    out.pushKV("sigoplimit", consensus::MAX_BLOCK_SIGOPS_COST);
    out.pushKV("sizelimit", static_cast<uint64_t>(consensus::MAX_BLOCK_WEIGHT));
    out.pushKV("weightlimit", static_cast<uint64_t>(consensus::MAX_BLOCK_WEIGHT));
    out.pushKV("curtime", std::max(work.min_time, request.Node().NowSec()));
    out.pushKV("bits", BitsHex(header.bits));
    out.pushKV("height", work.height);
    out.pushKV("default_witness_commitment", base::Hex(coinbase.Outputs().back().script_pubkey));
    return out;
}

Json GetBlockTemplate(const Request& request)
{
    const Json asked = request.Has(0) ? request.Raw(0) : codec::JsonObject();
    const Json& mode = Member(asked, "mode");
    if (!mode.isNull() && !mode.isStr())
        throw RpcError(Code::Parameter, "Invalid mode: a string is expected");
    const std::string wanted = mode.isNull() ? "template" : mode.get_str();
    if (wanted == "proposal") return Propose(request, asked);
    if (wanted != "template")
        throw RpcError(Code::Parameter, "Invalid mode: \"template\" and \"proposal\" are possible");
    NeedNetwork(request);
    const Json& longpoll = Member(asked, "longpollid");
    if (!longpoll.isNull() && !longpoll.isStr()) throw RpcError(Code::Type, "longpollid is a string");
    bool segwit = false;
    const Json& rules = Member(asked, "rules");
    for (size_t i = 0; rules.isArray() && i < rules.size(); ++i)
        segwit = segwit || (rules[i].isStr() && rules[i].get_str() == "segwit");
    if (!segwit) {
        throw RpcError(Code::Parameter, "getblocktemplate must be called with the segwit rule set (call with "
                                        "{\"rules\": [\"segwit\"]})");
    }
    const std::string before = longpoll.isNull() ? "" : longpoll.get_str();
    if (!before.empty()) request.Work().WaitForOther(before);
    request.CheckStop();
    const auto work = Take(request.Work().GetWork());
    Json out = TemplateJson(request, work);
    // Old work is as good while it rests on the same block.
    if (!before.empty())
        out.pushKV("submitold", before.starts_with(base::ReversedHex(work.block->header.prev_hash)));
    return out;
}

Json GetDifficulty(const Request& request)
{
    const auto next = request.Work().NextTargets();
    Json out = codec::JsonObject();
    out.pushKV("proof-of-work", Difficulty(next.pow_bits));
    out.pushKV("proof-of-stake", Difficulty(next.pos_bits));
    const auto* staking = request.Rooms().staking;
    const auto searched = staking != nullptr ? staking->GetInfo().searched_until : 0;
    out.pushKV("search-interval",
               searched == 0 ? 0 : std::max<int64_t>(0, request.Node().NowSec() - searched));
    return out;
}

/// Hashes a second that the work between two blocks stands for.
double HashRate(const Request& request, int64_t blocks, int64_t height)
{
    const auto& chain = request.Chain();
    const auto tip = chain.GetTip();
    if (height < 0 || height > tip.height) height = tip.height;
    const int64_t first = blocks <= 0 ? 0 : std::max<int64_t>(0, height - blocks);
    const auto low = chain.BlockByHeight(static_cast<int32_t>(first));
    const auto high = chain.BlockByHeight(static_cast<int32_t>(height));
    if (!low || !high) return 0;
    const auto passed = high->median_time - low->median_time;
    return passed > 0 ? (high->chain_work - low->chain_work).ToDouble() / static_cast<double>(passed) : 0;
}

Json GetNetworkHashPs(const Request& request)
{
    return HashRate(request, request.Int(0, HASHRATE_BLOCKS), request.Int(1, -1));
}

Json GetMiningInfo(const Request& request)
{
    const auto tip = request.Chain().GetTip();
    const auto targets = request.Work().NextTargets();
    const auto miner = request.Miner().GetInfo();
    Json next = codec::JsonObject();
    next.pushKV("height", tip.height + 1);
    next.pushKV("bits", BitsHex(targets.pow_bits));
    next.pushKV("difficulty", Difficulty(targets.pow_bits));
    next.pushKV("target", TargetHex(targets.pow_bits));
    Json out = codec::JsonObject();
    out.pushKV("blocks", tip.height);
    if (const auto size = request.Work().LastSize()) {
        out.pushKV("currentblockweight", size->weight);
        out.pushKV("currentblocktx", size->transactions);
    }
    out.pushKV("bits", BitsHex(tip.bits));
    out.pushKV("difficulty", Difficulty(tip.bits));
    out.pushKV("pow-difficulty", Difficulty(targets.pow_bits));
    out.pushKV("pos-difficulty", Difficulty(targets.pos_bits));
    out.pushKV("networkhashps", HashRate(request, HASHRATE_BLOCKS, -1));
    out.pushKV("generate", miner.running);
    out.pushKV("genproclimit", miner.threads);
    out.pushKV("hashespersec", miner.hashes_per_sec);
    out.pushKV("blocksfound", miner.blocks_found);
    if (!miner.problem.empty()) out.pushKV("problem", miner.problem);
    out.pushKV("pooledtx", request.Rooms().pool != nullptr ? request.Pool().Info().count : 0);
    out.pushKV("chain", request.Chain().Params().name);
    out.pushKV("next", next);
    out.pushKV("warnings", request.Node().Warnings());
    return out;
}

Json SetGenerate(const Request& request)
{
    const bool on = request.Bool(0);
    const int64_t threads = request.IntIn(1, -1, MAX_MINER_THREADS, 1);
    if (!on || threads == 0) {
        request.Miner().Mine(0, {});
        return Json();
    }
    const auto script = PayoutScript(request, 2);
    request.Miner().Mine(static_cast<int>(threads), script);
    return Json();
}

Json GetGenerate(const Request& request)
{
    return request.Miner().GetInfo().running;
}

Json AuxJson(const WorkSource::AuxWork& work)
{
    const auto target = consensus::TargetOf(work.bits).value_or(base::U256{}).ToHash();
    Json out = codec::JsonObject();
    out.pushKV("hash", base::ReversedHex(work.hash));
    out.pushKV("chainid", static_cast<int64_t>(consensus::AUXPOW_CHAIN_ID));
    out.pushKV("previousblockhash", base::ReversedHex(work.previous));
    out.pushKV("coinbasevalue", work.reward);
    out.pushKV("bits", BitsHex(work.bits));
    out.pushKV("height", work.height);
    out.pushKV("target", base::Hex(target.Span())); // least significant byte first
    out.pushKV("_target", base::Hex(target.Span()));
    return out;
}

Json CreateAux(const Request& request, size_t argument)
{
    NeedNetwork(request);
    return AuxJson(Take(request.Work().GetAuxWork(PayoutScript(request, argument))));
}

Json CreateAuxBlock(const Request& request)
{
    return CreateAux(request, 0);
}

/// True, a BIP 22 word, or nothing when the hash was not given out or its time is over.
std::optional<Json> SubmitAux(const Request& request)
{
    const auto hash = base::HashFromReversedHex(request.Str(0));
    if (!hash) throw RpcError(Code::Parameter, "hash must be the 64 hex digits createauxblock gave");
    const auto bytes = base::FromHex(request.Str(1));
    auto proof = std::make_shared<primitives::AuxPow>();
    if (bytes) {
        codec::Reader reader(*bytes);
        *proof = primitives::ReadAuxPow(reader);
        if (!reader.Done()) proof->coinbase = nullptr;
    }
    if (!bytes || !proof->coinbase) {
        throw RpcError(
            Code::Deserialization,
            "Not a merged-mining proof: parent coinbase without witness, block hash, branch and index of "
            "the coinbase, branch and index of the chain, parent header of 80 bytes");
    }
    if (request.Rooms().chain_control == nullptr)
        throw RpcError(Code::Misc, "This node runs without a chain");
    const auto given = request.Work().FindAux(*hash);
    if (!given) return std::nullopt;
    auto block = *given;
    block.header.auxpow = std::move(proof);
    const auto verdict = request.Rooms().chain_control->SubmitBlock(
        std::make_shared<const primitives::Block>(std::move(block)));
    return verdict ? Json(*verdict) : Json(true);
}

Json SubmitAuxBlock(const Request& request)
{
    auto result = SubmitAux(request);
    if (!result) {
        throw RpcError(Code::Parameter,
                       "This block was not given out here, or another one has come since: ask "
                       "createauxblock for a new one");
    }
    return *result;
}

/// Emercoin's call, which does both.
Json GetAuxBlock(const Request& request)
{
    if (request.Has(1)) return SubmitAux(request).value_or(Json(false));
    return CreateAux(request, 0);
}

CallTable TemplateCalls()
{
    return {
        {"getblocktemplate",
         "Mining",
         CallKind::Slow,
         "Gives what a miner needs to make a block (BIPs 22, 23, 145), or checks a block without its work.",
         {{"template_request", ArgType::Object, "{}",
           "mode \"template\" with rules [\"segwit\"], and longpollid to wait for other work; or mode "
           "\"proposal\" "
           "with the block in hex as data"}},
         "{ capabilities, version, rules, previousblockhash, transactions: [ { data, txid, hash, depends, "
         "fee,\n"
         "  sigops, weight } ], coinbasevalue, longpollid, target, mintime, mutable, noncerange, "
         "sigoplimit,\n"
         "  sizelimit, weightlimit, curtime, bits, height, default_witness_commitment, submitold … };\n"
         "of a proposal null or why it would be refused",
         "'{\"rules\": [\"segwit\"]}'",
         GetBlockTemplate},
        {"getdifficulty",
         "Blockchain",
         CallKind::Quick,
         "Difficulty of the next block, as multiples of the target 1d00ffff.",
         {},
         "{ proof-of-work, proof-of-stake, search-interval: seconds since a kernel was last searched }",
         "",
         GetDifficulty},
        {"getmininginfo",
         "Mining",
         CallKind::Quick,
         "What a miner wants to know.",
         {},
         "{ blocks, currentblockweight, currentblocktx (of the last template, if there was one), bits,\n"
         "  difficulty, pow-difficulty, pos-difficulty, networkhashps, generate, "
         "genproclimit,\n"
         "  hashespersec, blocksfound, problem, pooledtx, chain, next: { height, bits, difficulty, target "
         "},\n"
         "  warnings }",
         "",
         GetMiningInfo},
        {"getnetworkhashps",
         "Mining",
         CallKind::Quick,
         "Hashes a second all miners together do, estimated from the work of recent blocks.",
         {{"nblocks", ArgType::Number, "120", "blocks to look at; 0 or less: all"},
          {"height", ArgType::Number, "-1", "of the last one; -1: the best block"}},
         "n    (numeric) hashes a second",
         "120",
         GetNetworkHashPs},
    };
}

CallTable MinerCalls()
{
    return {
        {"setgenerate",
         "Generating",
         CallKind::Slow,
         "Switches the miner inside the node on or off. It is for small networks.",
         {{"generate", ArgType::Bool, "", "on or off"},
          {"genproclimit", ArgType::Number, "1", "threads; -1: as many as there are processors"},
          {"address", ArgType::String, "-",
           "who gets the rewards; default: the wallet's address labelled \"mining\""}},
         "null",
         "true 2",
         SetGenerate},
        {"getgenerate",
         "Generating",
         CallKind::Quick,
         "Is the miner inside the node switched on?",
         {},
         "true or false",
         "",
         GetGenerate},
        {"createauxblock",
         "Mining",
         CallKind::Slow,
         "Makes a block to be mined together with another chain's.",
         {{"address", ArgType::String, "-",
           "who gets the reward; default: the wallet's address labelled \"mining\""}},
         "{ hash, chainid, previousblockhash, coinbasevalue, bits, height, target }    target: least "
         "significant\n"
         "byte first",
         "\"address\"",
         CreateAuxBlock},
        {"submitauxblock",
         "Mining",
         CallKind::Slow,
         "Gives the node the proof of a block that createauxblock made.",
         {{"hash", ArgType::String, "", "as createauxblock gave it"},
          {"auxpow", ArgType::String, "", "the merged-mining proof in hex"}},
         "true when accepted, else a reason as BIP 22 has them",
         "\"hash\" \"hex\"",
         SubmitAuxBlock},
        {"getauxblock",
         "Mining",
         CallKind::Slow,
         "Without a proof makes a block to be mined together with another chain's, with one submits it.",
         {{"hash|address", ArgType::String, "-", "with a proof the block's hash, else who gets the reward"},
          {"auxpow", ArgType::String, "-", "the merged-mining proof in hex"}},
         "as createauxblock; with a proof true, false when the hash is not known, or a reason as BIP 22 has "
         "them",
         "\"hash\" \"hex\"",
         GetAuxBlock},
    };
}

} // namespace

const CallTable& WorkCalls()
{
    static const CallTable table = Joined({TemplateCalls(), MinerCalls()});
    return table;
}

} // namespace emc::rpc
