#include "mining/template.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/block_rules.h"
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
/// Block version: signals nothing.
constexpr int32_t BLOCK_VERSION = 0x20000000;

primitives::TxRef MakeCoinbase(int32_t height, const base::Bytes& script, Amount reward)
{
    primitives::MutableTransaction tx;
    tx.inputs.resize(1);
    tx.inputs[0].script_sig = consensus::HeightScript(height);
    tx.inputs[0].script_sig.push_back(script::OP_0); // never below the two bytes a coinbase script must have
    tx.inputs[0].witness = {base::Bytes(32, 0)};
    tx.outputs.push_back({reward, script});
    tx.outputs.push_back(consensus::MakeWitnessCommitment({}, {})); // FinishBlock puts the right one here
    return primitives::MakeTx(std::move(tx));
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

/// The best of the pool, in the room the coinbase leaves.
mempool::Mempool::Chosen Choose(mempool::Mempool& pool, const base::Hash256& tip,
                                const primitives::Transaction& coinbase, size_t max_weight)
{
    const size_t reserved = HEADER_AND_COUNT_WEIGHT + coinbase.Weight();
    const int64_t sigops = consensus::MAX_BLOCK_SIGOPS_COST - consensus::TxSigOpCost(coinbase, {});
    if (max_weight <= reserved || sigops <= 0) return {};
    for (int attempt = 0; attempt < MAX_POOL_WAITS; ++attempt) {
        pool.SyncToTip();
        auto chosen = pool.Select(max_weight - reserved, sigops);
        if (chosen.tip == tip) return chosen;
        std::this_thread::sleep_for(POOL_WAIT);
    }
    return {}; // the tip moves on all the time: a block without payments is valid too
}

} // namespace

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
    std::vector<primitives::TxRef> txs;
    if (options.transactions) {
        txs = *options.transactions;
        const auto fees = FeesOf(txs, m_chain);
        if (!fees) return Unexpected(fees.Error());
        out.fees = *fees;
    } else {
        auto chosen = Choose(m_pool, next.tip.hash, *MakeCoinbase(next.height, options.coinbase_script, 0),
                             std::min(options.max_weight, consensus::MAX_BLOCK_WEIGHT));
        txs = std::move(chosen.transactions);
        out.fees = chosen.fees;
    }
    const Amount subsidy = consensus::PowSubsidy(m_chain.Params(), next.height, next.pow_bits);
    auto& header = out.block.header;
    header.version = BLOCK_VERSION;
    header.prev_hash = next.tip.hash;
    header.time = static_cast<uint32_t>(std::max(next.min_time, m_clock.NowSec()));
    header.bits = next.pow_bits;
    out.block.transactions.push_back(MakeCoinbase(next.height, options.coinbase_script, subsidy + out.fees));
    out.block.transactions.insert(out.block.transactions.end(), txs.begin(), txs.end());
    FinishBlock(out.block);
    return out;
}

} // namespace emc::mining
