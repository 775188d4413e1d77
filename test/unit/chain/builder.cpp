#include "unit/chain/builder.h"

#include "consensus/block_rules.h"
#include "consensus/header_rules.h"
#include "consensus/stake_rules.h"
#include "names/transition.h"
#include "script/opcodes.h"
#include "script/sighash.h"
#include "script/solver.h"

namespace emc::test {

using primitives::Amount;
using primitives::MutableTransaction;

namespace {

constexpr Amount NAME_COIN = 10'000;
/// Versions of stake blocks are free from here on.
constexpr int TAG_SHIFT = 12;

MutableTransaction Inputs(const std::vector<Own>& from, int32_t version)
{
    MutableTransaction tx;
    tx.version = version;
    for (const auto& own : from)
        tx.inputs.push_back({own.outpoint, {}, primitives::SEQUENCE_FINAL, {}});
    return tx;
}

Amount Sum(const std::vector<Own>& from)
{
    Amount out = 0;
    for (const auto& own : from)
        out += own.out.value;
    return out;
}

} // namespace

consensus::Params QuickRegtest()
{
    consensus::Params params = consensus::RegtestParams();
    params.maturity = 2;
    params.subsidy_halving = 1'000'000;
    return params;
}

Builder::Builder(const consensus::Params& params) : m_params(params)
{
    const base::Bytes secret(32, 0x17);
    m_key = *crypto::PrivateKey::From(secret);
    const auto id = m_key.Public().Id();
    m_script = script::PayToWitnessKeyHash(id);
    m_script_code = script::PayToPubKeyHash(id);
}

void Builder::Mine(primitives::Block& block) const
{
    while (!consensus::MeetsWork(block.header.Hash(), block.header.bits, m_params))
        ++block.header.nonce;
}

void Builder::Finish(primitives::Block& block) const
{
    MutableTransaction coinbase = block.transactions[0]->Fields();
    coinbase.inputs[0].witness = {base::Bytes(32, 0)};
    coinbase.outputs.resize(1);
    coinbase.outputs.push_back(
        consensus::MakeWitnessCommitment(primitives::WitnessMerkleRoot(block), Hash256{}));
    block.transactions[0] = primitives::MakeTx(std::move(coinbase));
    block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
    Mine(block);
}

BlockRef Builder::MakeBlock(const Place& place, const std::vector<TxRef>& txs, Amount coinbase_value) const
{
    primitives::Block block;
    block.header.version = 4;
    block.header.prev_hash = place.parent;
    block.header.time = place.time;
    block.header.bits = m_params.pow_limit_bits;
    MutableTransaction coinbase;
    primitives::TxIn input;
    input.script_sig = consensus::HeightScript(place.height);
    codec::Writer writer(input.script_sig);
    writer.U8(4);
    writer.U32(place.tag);
    coinbase.inputs.push_back(std::move(input));
    coinbase.outputs.push_back({coinbase_value, m_script});
    block.transactions.push_back(primitives::MakeTx(std::move(coinbase)));
    block.transactions.insert(block.transactions.end(), txs.begin(), txs.end());
    Finish(block);
    return std::make_shared<const primitives::Block>(std::move(block));
}

BlockRef Builder::MakeStakeBlock(const Place& place, const Own& kernel, const std::vector<TxRef>& txs) const
{
    primitives::Block block;
    block.header.version = 4 | primitives::VERSION_POS | static_cast<int32_t>(place.tag << TAG_SHIFT);
    block.header.prev_hash = place.parent;
    block.header.time = place.time;
    block.header.bits = m_params.pos_limit_bits;
    MutableTransaction stake = Inputs({kernel}, 2);
    stake.outputs = {{0, {}}, kernel.out};
    MutableTransaction coinbase;
    primitives::TxIn input;
    input.script_sig = consensus::HeightScript(place.height);
    input.script_sig.push_back(script::OP_0);
    input.witness = {base::Bytes(Hash256::SIZE, 0), base::Bytes(64, 0)};
    coinbase.inputs.push_back(std::move(input));
    coinbase.outputs.push_back({0, {}});
    block.transactions.push_back(primitives::MakeTx(std::move(coinbase)));
    block.transactions.push_back(Sign(std::move(stake), {kernel}));
    block.transactions.insert(block.transactions.end(), txs.begin(), txs.end());
    SignStake(block);
    return std::make_shared<const primitives::Block>(std::move(block));
}

void Builder::SignStake(primitives::Block& block) const
{
    // Neither the commitment nor the block's hash depends on the coinbase's witness.
    MutableTransaction coinbase = block.transactions[0]->Fields();
    coinbase.outputs[0] = consensus::MakeWitnessCommitment(primitives::WitnessMerkleRoot(block), Hash256{});
    block.transactions[0] = primitives::MakeTx(coinbase);
    block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
    const auto message = consensus::BlockSignatureMessage(block.header.Hash());
    const auto signature = m_key.SignSchnorr(message, Hash256{});
    coinbase.inputs[0].witness[1].assign(signature.begin(), signature.end());
    block.transactions[0] = primitives::MakeTx(std::move(coinbase));
}

TxRef Builder::Sign(MutableTransaction tx, const std::vector<Own>& from) const
{
    std::vector<primitives::TxOut> spent;
    for (const auto& own : from)
        spent.push_back(own.out);
    const MutableTransaction plain = tx;
    const script::PrecomputedTx ready(plain, std::move(spent));
    for (size_t i = 0; i < from.size(); ++i) {
        const auto hash =
            script::SegwitV0SigHash(ready, i, m_script_code, from[i].out.value, script::SIGHASH_ALL);
        auto signature = m_key.SignEcdsa(hash, false);
        signature.push_back(static_cast<uint8_t>(script::SIGHASH_ALL));
        const auto key = m_key.Public();
        tx.inputs[i].witness = {std::move(signature), base::Bytes(key.Span().begin(), key.Span().end())};
    }
    return primitives::MakeTx(std::move(tx));
}

TxRef Builder::Pay(const std::vector<Own>& from, size_t outputs, Amount fee) const
{
    MutableTransaction tx = Inputs(from, 2);
    const Amount each = (Sum(from) - fee) / static_cast<Amount>(outputs);
    for (size_t i = 0; i < outputs; ++i)
        tx.outputs.push_back({each, m_script});
    return Sign(std::move(tx), from);
}

TxRef Builder::Names(const std::vector<Own>& from, const std::vector<names::NameOp>& ops, Amount fee) const
{
    MutableTransaction tx = Inputs(from, primitives::NAME_TX_VERSION);
    Amount left = Sum(from) - fee;
    for (const auto& op : ops) {
        tx.outputs.push_back({NAME_COIN, names::WriteNameScript(op)});
        left -= NAME_COIN + names::NameFee(op);
    }
    tx.outputs.push_back({left, m_script});
    return Sign(std::move(tx), from);
}

names::NameOp Builder::Op(names::OpKind kind, const std::string& name, int64_t days,
                          const std::string& value) const
{
    names::NameOp op;
    op.kind = kind;
    op.name = name;
    op.owner_script = m_script;
    if (kind != names::OpKind::Delete) {
        op.days = days;
        op.value = base::ToBytes(value);
    }
    return op;
}

} // namespace emc::test
