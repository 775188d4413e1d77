// Figures of a block and of the chain.
#include "base/log.h"
#include "consensus/subsidy.h"
#include "interfaces/chain.h"
#include "rpc/block_args.h"
#include "rpc/calls.h"
#include "rpc/render.h"
#include "rpc/take.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::BlockInfo;
using primitives::Amount;

constexpr int64_t WEIGHT_PER_VBYTE = 4;
/// What an output takes in a table of coins beside its own bytes: outpoint, height, mark.
constexpr int64_t COIN_OVERHEAD_BYTES = 36 + 4 + 1;
constexpr int64_t BLOCKS_PER_MONTH = 168 * 30;

/// Sums, means and ends of a series of numbers.
class Series
{
public:
    void Add(int64_t value)
    {
        m_values.push_back(value);
        m_sum += value;
    }

    [[nodiscard]] int64_t Sum() const { return m_sum; }

    [[nodiscard]] int64_t Mean() const { return m_values.empty() ? 0 : m_sum / Count(); }

    [[nodiscard]] int64_t Least() const
    {
        return m_values.empty() ? 0 : *std::min_element(m_values.begin(), m_values.end());
    }

    [[nodiscard]] int64_t Most() const
    {
        return m_values.empty() ? 0 : *std::max_element(m_values.begin(), m_values.end());
    }

    [[nodiscard]] int64_t Median() const
    {
        if (m_values.empty()) return 0;
        auto sorted = m_values;
        std::sort(sorted.begin(), sorted.end());
        const size_t half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

private:
    [[nodiscard]] int64_t Count() const { return static_cast<int64_t>(m_values.size()); }

    std::vector<int64_t> m_values;
    int64_t m_sum = 0;
};

/// Everything getblockstats counts.
struct BlockFigures {
    Series fees, rates, sizes;
    std::vector<std::pair<int64_t, int64_t>> rate_and_weight;
    int64_t inputs = 0, outputs = 0, weight = 0;
    int64_t segwit_count = 0, segwit_size = 0, segwit_weight = 0;
    int64_t coin_bytes = 0;
    Amount total_out = 0, burned = 0, staked_in = 0, staked_out = 0;
};

int64_t CoinBytes(const primitives::TxOut& output)
{
    const auto script = static_cast<int64_t>(output.script_pubkey.size());
    return COIN_OVERHEAD_BYTES + 8 + (script < 253 ? 1 : 3) + script;
}

void CountTransaction(const primitives::Transaction& tx, const std::vector<primitives::Coin>& spent,
                      BlockFigures& out)
{
    const auto size = static_cast<int64_t>(tx.TotalSize());
    const auto weight = static_cast<int64_t>(tx.Weight());
    out.sizes.Add(size);
    out.weight += weight;
    for (const auto& output : tx.Outputs())
        out.total_out += output.value;
    if (tx.HasWitness()) {
        ++out.segwit_count;
        out.segwit_size += size;
        out.segwit_weight += weight;
    }
    const auto paid = FeeOf(tx, &spent);
    if (!paid) return;
    const int64_t rate = paid->fee * WEIGHT_PER_VBYTE / weight;
    out.fees.Add(paid->fee);
    out.rates.Add(rate);
    out.rate_and_weight.emplace_back(rate, weight);
    out.burned += paid->burned;
}

/// Coinbase and coinstake make coins and pay nothing: they count as outputs and inputs only.
BlockFigures Count(const primitives::Block& block, const std::vector<std::vector<primitives::Coin>>& spent)
{
    BlockFigures out;
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        const auto& tx = *block.transactions[i];
        out.outputs += static_cast<int64_t>(tx.Outputs().size());
        for (const auto& output : tx.Outputs())
            out.coin_bytes += CoinBytes(output);
        if (i == 0 || i >= spent.size()) continue;
        out.inputs += static_cast<int64_t>(tx.Inputs().size());
        for (const auto& coin : spent[i])
            out.coin_bytes -= CoinBytes(coin.out);
        if (i == 1 && block.header.IsProofOfStake()) {
            for (const auto& coin : spent[i])
                out.staked_in += coin.out.value;
            for (const auto& output : tx.Outputs())
                out.staked_out += output.value;
            continue;
        }
        CountTransaction(tx, spent[i], out);
    }
    return out;
}

/// Fee rates below which a tenth, a quarter, … of the weight lies.
Json Percentiles(std::vector<std::pair<int64_t, int64_t>> rate_and_weight)
{
    std::sort(rate_and_weight.begin(), rate_and_weight.end());
    int64_t total = 0;
    for (const auto& [rate, weight] : rate_and_weight)
        total += weight;
    Json out = codec::JsonArray();
    size_t at = 0;
    int64_t below = rate_and_weight.empty() ? 0 : rate_and_weight[0].second;
    for (const int64_t percent : {10, 25, 50, 75, 90}) {
        while (at + 1 < rate_and_weight.size() && below * 100 < total * percent)
            below += rate_and_weight[++at].second;
        out.push_back(rate_and_weight.empty() ? 0 : rate_and_weight[at].first);
    }
    return out;
}

Json AllStats(const Request& request, const BlockInfo& info)
{
    const auto block = Take(request.Chain().ReadBlock(info.hash));
    const auto spent = Take(request.Chain().ReadSpentCoins(info.hash));
    const auto figures = Count(*block, spent);
    const bool stake = info.header.IsProofOfStake();
    const Amount made = stake
                            ? figures.staked_out - figures.staked_in - figures.fees.Sum()
                            : consensus::PowSubsidy(request.Chain().Params(), info.height, info.header.bits);
    Json out = codec::JsonObject();
    out.pushKV("avgfee", figures.fees.Mean());
    out.pushKV("avgfeerate",
               figures.weight == 0 ? 0 : figures.fees.Sum() * WEIGHT_PER_VBYTE / figures.weight);
    out.pushKV("avgtxsize", figures.sizes.Mean());
    out.pushKV("blockhash", base::ReversedHex(info.hash));
    out.pushKV("burned", figures.burned);
    out.pushKV("feerate_percentiles", Percentiles(figures.rate_and_weight));
    out.pushKV("height", info.height);
    out.pushKV("ins", figures.inputs);
    out.pushKV("maxfee", figures.fees.Most());
    out.pushKV("maxfeerate", figures.rates.Most());
    out.pushKV("maxtxsize", figures.sizes.Most());
    out.pushKV("medianfee", figures.fees.Median());
    out.pushKV("mediantime", info.median_time);
    out.pushKV("mediantxsize", figures.sizes.Median());
    out.pushKV("minfee", figures.fees.Least());
    out.pushKV("minfeerate", figures.rates.Least());
    out.pushKV("mintxsize", figures.sizes.Least());
    out.pushKV("outs", figures.outputs);
    out.pushKV("subsidy", info.height == 0 ? 0 : std::max<Amount>(made, 0));
    out.pushKV("swtotal_size", figures.segwit_size);
    out.pushKV("swtotal_weight", figures.segwit_weight);
    out.pushKV("swtxs", figures.segwit_count);
    out.pushKV("time", static_cast<int64_t>(info.header.time));
    out.pushKV("total_out", figures.total_out);
    out.pushKV("total_size", figures.sizes.Sum());
    out.pushKV("total_weight", figures.weight);
    out.pushKV("totalfee", figures.fees.Sum());
    out.pushKV("txs", static_cast<uint64_t>(block->transactions.size()));
    out.pushKV("utxo_increase", figures.outputs - figures.inputs);
    out.pushKV("utxo_size_inc", figures.coin_bytes);
    return out;
}

Json GetBlockStats(const Request& request)
{
    const Json all = AllStats(request, BlockOf(request, 0));
    if (!request.Has(1) || request.Raw(1).size() == 0) return all;
    Json out = codec::JsonObject();
    for (const auto& name : request.Raw(1).getValues()) {
        if (!name.isStr() || !all.exists(name.get_str()))
            throw RpcError(Code::Parameter, "Invalid selected statistic '" + name.getValStr() + "'");
        if (!out.exists(name.get_str())) out.pushKV(name.get_str(), all[name.get_str()]);
    }
    return out;
}

Json GetChainTxStats(const Request& request)
{
    const auto last = request.Has(1) ? NeedBlock(request, request.Hash(1))
                                     : NeedBlock(request, request.Chain().GetTip().hash);
    if (!last.in_best_chain) throw RpcError(Code::Parameter, "Block is not in main chain");
    const int64_t most = std::max(last.height - 1, 0);
    const int64_t blocks = request.Has(0) ? request.Int(0) : std::min(BLOCKS_PER_MONTH, most);
    if (blocks < 0 || (blocks > 0 && blocks >= last.height))
        throw RpcError(Code::Parameter,
                       "Invalid block count: should be between 0 and the block's height - 1");
    const auto first = NeedHeight(request, last.height - blocks);
    Json out = codec::JsonObject();
    out.pushKV("time", static_cast<int64_t>(last.header.time));
    out.pushKV("txcount", last.chain_tx_count);
    out.pushKV("window_final_block_hash", base::ReversedHex(last.hash));
    out.pushKV("window_final_block_height", last.height);
    out.pushKV("window_block_count", blocks);
    if (blocks == 0) return out;
    const int64_t interval = last.median_time - first.median_time;
    const uint64_t count = last.chain_tx_count - first.chain_tx_count;
    out.pushKV("window_tx_count", count);
    out.pushKV("window_interval", interval);
    if (interval > 0) out.pushKV("txrate", static_cast<double>(count) / static_cast<double>(interval));
    return out;
}

Json GetDeploymentInfo(const Request& request)
{
    const auto info = request.Has(0) ? NeedBlock(request, request.Hash(0))
                                     : NeedBlock(request, request.Chain().GetTip().hash);
    const auto& heights = request.Chain().Params().activation;
    const std::pair<const char*, int32_t> rows[] = {{"bip34", heights.bip34},   {"bip66", heights.bip66},
                                                    {"bip65", heights.bip65},   {"csv", heights.csv},
                                                    {"segwit", heights.segwit}, {"taproot", heights.taproot}};
    Json deployments = codec::JsonObject();
    for (const auto& [name, height] : rows) {
        Json row = codec::JsonObject();
        row.pushKV("type", "buried");
        row.pushKV("active", info.height + 1 >= height);
        row.pushKV("height", height);
        deployments.pushKV(name, row);
    }
    Json out = codec::JsonObject();
    out.pushKV("hash", base::ReversedHex(info.hash));
    out.pushKV("height", info.height);
    out.pushKV("deployments", deployments);
    return out;
}

} // namespace

const CallTable& ChainStatsCalls()
{
    static const CallTable table = {
        {"getblockstats",
         "Blockchain",
         CallKind::Slow,
         "Figures of one block; amounts in units of 10^-8 EMC, fee rates in units per vB.",
         {{"hash_or_height", ArgType::Any, "", "block hash, or height in the best chain"},
          {"stats", ArgType::Array, "-", "only these fields"}},
         "{ avgfee, avgfeerate, avgtxsize, blockhash, burned, feerate_percentiles: [ 10, 25, 50, 75, 90 % of "
         "the "
         "weight ],\n"
         "  height, ins, maxfee, maxfeerate, maxtxsize, medianfee, mediantime, mediantxsize, minfee, "
         "minfeerate, "
         "mintxsize,\n"
         "  outs, subsidy, swtotal_size, swtotal_weight, swtxs, time, total_out, total_size, total_weight, "
         "totalfee, txs,\n"
         "  utxo_increase, utxo_size_inc }\n"
         "Fees do not hold what names burned. Coinbase and coinstake are left out but of ins, outs and txs; "
         "the "
         "subsidy of a\n"
         "proof-of-stake block is what its coinstake made beyond the fees.",
         "1000 '[\"totalfee\",\"burned\"]'",
         GetBlockStats},
        {"getchaintxstats",
         "Blockchain",
         CallKind::Quick,
         "How many transactions the chain holds, and how fast they came of late.",
         {{"nblocks", ArgType::Number, "5040", "blocks of the window; default: a month, or what there is"},
          {"blockhash", ArgType::Hash, "-", "last block of the window; default: the tip"}},
         "{ time, txcount, window_final_block_hash, window_final_block_height, window_block_count, "
         "window_tx_count,\n"
         "  window_interval (seconds between median times), txrate (transactions a second) }",
         "168",
         GetChainTxStats},
        {"getdeploymentinfo",
         "Blockchain",
         CallKind::Quick,
         "Rules that began at some height; on this chain all hold from block 1 (regtest can move them).",
         {{"blockhash", ArgType::Hash, "-", "as seen from this block; default: the tip"}},
         "{ hash, height, deployments: { name: { type, active, height } } }",
         "",
         GetDeploymentInfo},
    };
    return table;
}

} // namespace emc::rpc
