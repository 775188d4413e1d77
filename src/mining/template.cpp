#include "mining/template.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/block_rules.h"
#include "consensus/connect.h"
#include "consensus/subsidy.h"
#include "mempool/pool.h"

#include <algorithm>
#include <unordered_map>

namespace emc::mining {

namespace {

using base::Unexpected;
using interfaces::Failure;
using primitives::Amount;

constexpr int CODE_REJECTED = -25;
/// Weight and sigops kept free for header, count and coinbase.
constexpr size_t RESERVED_WEIGHT = 4'000;
constexpr int64_t RESERVED_SIGOPS = 400;
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
    tx.outputs.push_back({0, {}}); // the commitment's place
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
    m_pool.SyncToTip();
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
        auto selection = m_pool.Select(options.max_weight - RESERVED_WEIGHT,
                                       consensus::MAX_BLOCK_SIGOPS_COST - RESERVED_SIGOPS);
        txs = std::move(selection.transactions);
        out.fees = selection.fees;
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
