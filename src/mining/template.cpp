#include "mining/template.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/block_rules.h"
#include "consensus/coinstake.h"
#include "consensus/connect.h"
#include "consensus/subsidy.h"
#include "mempool/pool.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <unordered_map>

namespace emc::mining {

namespace {

using base::Unexpected;
using interfaces::Failure;
using primitives::Amount;

constexpr int CODE_REJECTED = -25;
/// Of a header and a count of up to 65,535 transactions.
constexpr size_t HEADER_AND_COUNT_WEIGHT = 4 * (80 + 3);
/// How often and how long to wait until the pool has followed a tip that has just moved.
constexpr int MAX_POOL_WAITS = 1'000;
constexpr std::chrono::milliseconds POOL_WAIT{1};
constexpr size_t BLOCK_SIGNATURE_BYTES = 64;
/// Of a P2PKH input with an uncompressed key, the longest a stake may have, beyond its unsigned form.
constexpr size_t MAX_INPUT_SIGNATURE_WEIGHT = 4 * (73 + 66);
/// Block version: signals nothing.
constexpr int32_t BLOCK_VERSION = 0x20000000;

/// Without outputs but the commitment: what a block of stake has.
primitives::MutableTransaction BareCoinbase(int32_t height)
{
    primitives::MutableTransaction tx;
    tx.inputs.resize(1);
    tx.inputs[0].script_sig = consensus::HeightScript(height);
    tx.inputs[0].script_sig.push_back(script::OP_0); // never below the two bytes a coinbase script must have
    tx.inputs[0].witness = {base::Bytes(32, 0)};
    tx.outputs.push_back(consensus::MakeWitnessCommitment({}, {})); // FinishBlock puts the right one here
    return tx;
}

primitives::TxRef MakeCoinbase(int32_t height, const base::Bytes& script, Amount reward)
{
    auto tx = BareCoinbase(height);
    tx.outputs.insert(tx.outputs.begin(), {reward, script});
    return primitives::MakeTx(std::move(tx));
}

/// vtx[1] as it is before it is signed; `reward` with the fees.
primitives::MutableTransaction MakeCoinstake(const StakeOptions& options, Amount reward)
{
    primitives::MutableTransaction tx;
    tx.version = 2;
    Amount total = reward;
    for (size_t i = 0; i < options.outpoints.size(); ++i) {
        primitives::TxIn input;
        input.prevout = options.outpoints[i];
        tx.inputs.push_back(std::move(input));
        total += options.coins[i].out.value;
    }
    tx.outputs.push_back({0, {}});
    const auto parts = static_cast<Amount>(options.outputs);
    for (Amount i = 0; i < parts; ++i)
        tx.outputs.push_back(
            {total / parts + (i == 0 ? total % parts : 0), options.coins[0].out.script_pubkey});
    return tx;
}

/// Sum of the net fees of given transactions, which may spend each other.
base::Expected<Amount, Failure> FeesOf(const std::vector<primitives::TxRef>& txs, chain::Chain& chain)
{
    const auto view = chain.View();
    const int32_t height = view.Tip().height + 1;
    std::unordered_map<primitives::OutPoint, primitives::Coin, primitives::OutPointHasher> made;
    consensus::ConnectContext context;
    context.params = &chain.Params();
    context.height = height;
    context.parent_mtp = view.Tip().median_time;
    context.names = &view;
    context.watermarks = &view;
    context.times = &view;
    context.cache = &chain.Signatures();
    Amount fees = 0;
    for (const auto& tx : txs) {
        std::vector<primitives::Coin> spent;
        for (const auto& input : tx->Inputs()) {
            const auto own = made.find(input.prevout);
            auto coin = own == made.end() ? view.Get(input.prevout) : std::optional(own->second);
            if (!coin) {
                return Unexpected(
                    Failure{CODE_REJECTED, "TestBlockValidity failed: bad-txns-inputs-missingorspent"});
            }
            spent.push_back(std::move(*coin));
        }
        const auto outcome = consensus::CheckSpend(*tx, spent, context);
        if (!outcome) {
            return Unexpected(
                Failure{CODE_REJECTED, "TestBlockValidity failed: " + consensus::Describe(outcome.Error())});
        }
        fees += outcome->fee;
        for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
            auto coin = consensus::CoinOf(*tx, i, height, consensus::TxRole::Ordinary);
            if (coin) made.emplace(primitives::OutPoint{tx->Txid(), i}, std::move(*coin));
        }
    }
    return fees;
}

} // namespace

void TemplateBuilder::Choose(BlockTemplate& out, const base::Hash256& tip, size_t reserved_weight,
                             int64_t reserved_sigops, size_t max_weight) const
{
    const size_t room = std::min(max_weight, consensus::MAX_BLOCK_WEIGHT);
    const int64_t sigops = consensus::MAX_BLOCK_SIGOPS_COST - reserved_sigops;
    out.pool_sequence = m_pool.Sequence();
    if (room <= reserved_weight || sigops <= 0) return;
    for (int attempt = 0; attempt < MAX_POOL_WAITS; ++attempt) {
        m_pool.SyncToTip();
        auto chosen = m_pool.Select(room - reserved_weight, sigops);
        if (chosen.tip == tip) {
            out.pool_sequence = chosen.sequence;
            out.fees = chosen.fees;
            out.tx_fees = std::move(chosen.tx_fees);
            out.tx_sigop_cost = std::move(chosen.sigop_costs);
            auto& txs = out.block.transactions;
            txs.insert(txs.end(), chosen.transactions.begin(), chosen.transactions.end());
            return;
        }
        if (m_chain.GetTip().hash != tip) return; // what is made here is stale
        std::this_thread::sleep_for(POOL_WAIT);
    } // the tip moves on all the time: a block without payments is valid too
}

void FinishBlock(primitives::Block& block)
{
    auto fields = block.transactions.front()->Fields();
    const auto reserved = base::Hash256::From(fields.inputs[0].witness[0]).value_or(base::Hash256{});
    fields.outputs.back() = consensus::MakeWitnessCommitment(primitives::WitnessMerkleRoot(block), reserved);
    block.transactions.front() = primitives::MakeTx(std::move(fields));
    block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
}

base::Expected<BlockTemplate, Failure> TemplateBuilder::Build(const TemplateOptions& options) const
{
    const auto next = m_chain.Next();
    BlockTemplate out;
    out.height = next.height;
    out.min_time = next.min_time;
    auto& txs = out.block.transactions;
    txs.push_back(nullptr); // the coinbase, once its reward is known
    if (options.transactions) {
        txs.insert(txs.end(), options.transactions->begin(), options.transactions->end());
        const auto fees = FeesOf(*options.transactions, m_chain);
        if (!fees) return Unexpected(fees.Error());
        out.fees = *fees;
    } else {
        const auto coinbase = MakeCoinbase(next.height, options.coinbase_script, 0);
        const int64_t sigops = std::max(consensus::TxSigOpCost(*coinbase, {}), options.coinbase_sigop_cost);
        Choose(out, next.tip.hash, HEADER_AND_COUNT_WEIGHT + coinbase->Weight(), sigops, options.max_weight);
    }
    const Amount subsidy = consensus::PowSubsidy(m_chain.Params(), next.height, next.pow_bits);
    auto& header = out.block.header;
    header.version = BLOCK_VERSION;
    header.prev_hash = next.tip.hash;
    header.time = static_cast<uint32_t>(std::max(next.min_time, m_clock.NowSec()));
    header.bits = next.pow_bits;
    txs.front() = MakeCoinbase(next.height, options.coinbase_script, subsidy + out.fees);
    FinishBlock(out.block);
    return out;
}

BlockTemplate TemplateBuilder::BuildStake(const chain::NextBlock& next, const StakeOptions& options) const
{
    BlockTemplate out;
    out.height = next.height;
    out.min_time = next.min_time;
    auto& txs = out.block.transactions;
    auto coinbase = BareCoinbase(next.height);
    coinbase.inputs[0].witness.emplace_back(BLOCK_SIGNATURE_BYTES); // the staker's, later
    txs = {primitives::MakeTx(std::move(coinbase)), primitives::MakeTx(MakeCoinstake(options, 0))};
    const size_t reserved = HEADER_AND_COUNT_WEIGHT + txs[0]->Weight() + txs[1]->Weight() +
                            options.outpoints.size() * MAX_INPUT_SIGNATURE_WEIGHT;
    const int64_t sigops = consensus::TxSigOpCost(*txs[1], options.coins);
    Choose(out, next.tip.hash, reserved, sigops, options.max_weight);
    const auto view = m_chain.View();
    consensus::ConnectContext context;
    context.params = &m_chain.Params();
    context.height = next.height;
    context.parent_mtp = next.tip.median_time;
    context.times = &view;
    const Amount reward = consensus::CoinstakeReward(options.coins, context);
    txs[1] = primitives::MakeTx(MakeCoinstake(options, reward + out.fees));
    auto& header = out.block.header;
    header.version = BLOCK_VERSION | primitives::VERSION_POS;
    header.prev_hash = next.tip.hash;
    header.time = options.time;
    header.bits = next.pos_bits;
    return out;
}

} // namespace emc::mining
