#include "unit/consensus/world.h"

#include "consensus/stake_rules.h"
#include "crypto/hash.h"
#include "script/sign.h"
#include "script/solver.h"

#include <algorithm>

namespace emc::test {

namespace {

constexpr int32_t MEDIAN_BACK = 5;
constexpr Amount NAME_OUTPUT = 1'000'000;
constexpr int KEYS = 5;

} // namespace

World::World() : params(consensus::RegtestParams()), modifier(Filled(0x6d))
{
    clock_sec = BlockTime(height);
}

std::optional<Coin> World::Get(const OutPoint& outpoint) const
{
    const auto found = coins.find(outpoint);
    if (found == coins.end()) return std::nullopt;
    return found->second;
}

std::optional<names::NameRecord> World::Get(std::string_view name) const
{
    const auto found = records.find(name);
    if (found == records.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string> World::NameByOutpoint(const OutPoint& outpoint) const
{
    for (const auto& [name, record] : records) {
        if (record.outpoint == outpoint) return name;
    }
    return std::nullopt;
}

std::optional<uint32_t> World::EndOf(const reward::CallPair& pair) const
{
    const auto found = watermarks.find(pair);
    if (found == watermarks.end()) return std::nullopt;
    return found->second;
}

std::vector<reward::Watermark> World::EndedBefore(int64_t sec) const
{
    std::vector<reward::Watermark> out;
    for (const auto& [pair, end] : watermarks) {
        if (end < sec) out.push_back({pair, end});
    }
    return out;
}

int64_t World::MedianTimePast(int32_t at_height) const
{
    return BlockTime(std::max(at_height - MEDIAN_BACK, 0));
}

int64_t World::BlockTime(int32_t at_height) const
{
    return start + spacing * at_height;
}

std::vector<primitives::BlockHeader> World::Headers() const
{
    std::vector<primitives::BlockHeader> out;
    Hash256 parent = params.genesis_hash;
    for (int32_t at = 1; at < height; ++at) {
        primitives::BlockHeader header;
        header.version = 0x20000000;
        header.prev_hash = parent;
        header.time = static_cast<uint32_t>(BlockTime(at));
        header.bits = params.pow_limit_bits;
        if (at == height - 1 && last_pos_time) {
            header.version |= primitives::VERSION_POS;
            header.time = static_cast<uint32_t>(*last_pos_time);
            header.bits = params.pos_limit_bits;
        }
        parent = header.Hash();
        out.push_back(header);
    }
    return out;
}

Hash256 World::ParentHash() const
{
    const auto headers = Headers();
    return headers.empty() ? params.genesis_hash : headers.back().Hash();
}

OutPoint World::AddCoin(Amount value, Bytes script, int32_t made)
{
    OutPoint outpoint;
    outpoint.txid = Filled(0xc0);
    ++m_serial;
    std::memcpy(outpoint.txid.data(), &m_serial, sizeof(m_serial));
    outpoint.index = 0;
    Coin coin;
    coin.out = {value, std::move(script)};
    coin.height = made;
    coins.emplace(outpoint, std::move(coin));
    return outpoint;
}

OutPoint World::AddName(const std::string& name, int32_t expiry, Bytes owner, Bytes value)
{
    if (owner.empty()) owner = WitnessKeyHashScript(1);
    const OutPoint outpoint = AddCoin(NAME_OUTPUT, owner);
    coins.at(outpoint).had_prefix = true;
    names::NameRecord record;
    record.outpoint = outpoint;
    record.owner_script = std::move(owner);
    record.value = std::move(value);
    record.born_height = record.updated_height = 500;
    record.expiry = expiry;
    records.insert_or_assign(name, std::move(record));
    return outpoint;
}

std::optional<consensus::RuleResult> World::Judge(const primitives::Block& block,
                                                  consensus::BlockDelta* delta) const
{
    const int64_t mtp = MedianTimePast(height - 1);
    consensus::HeaderContext header;
    header.params = &params;
    header.height = height;
    header.parent_mtp = mtp;
    header.required_bits = consensus::CurveOf(params, consensus::KindOf(block.header)).limit_bits;
    header.last_pos_time = last_pos_time;
    header.clock_sec = clock_sec;
    if (const auto v = consensus::CheckHeader(block.header, params); !v) return v.Error();
    if (const auto v = consensus::CheckHeaderContext(block.header, header); !v) return v.Error();
    if (const auto v = consensus::CheckBlock(block); !v) return v.Error();
    if (const auto v = consensus::CheckBlockContext(block, {&params, height, mtp}); !v) return v.Error();

    consensus::InlineScriptRunner runner;
    consensus::ConnectContext context;
    context.params = &params;
    context.height = height;
    context.parent_mtp = mtp;
    context.coins = this;
    context.names = this;
    context.watermarks = this;
    context.ended = this;
    context.times = this;
    context.runner = &runner;
    context.stake_modifier = modifier;
    auto result = consensus::ConnectBlock(block, context);
    if (!result) return result.Error();
    if (delta != nullptr) *delta = std::move(*result);
    return std::nullopt;
}

Draft::Draft(const World& state) : world(&state)
{
    coinbase.version = 2;
    primitives::TxIn input;
    // BIP 34 and one byte more, so that low heights have the two bytes a coinbase needs.
    input.script_sig = consensus::HeightScript(world->height);
    input.script_sig.push_back(0x01);
    input.script_sig.push_back(0x2a);
    coinbase.inputs.push_back(std::move(input));
    coinbase.outputs.push_back({0, ANYONE});
    header.version = 0x20000000;
    header.time = static_cast<uint32_t>(world->BlockTime(world->height));
    header.bits = world->params.pow_limit_bits;
}

primitives::Block Draft::Finish() const
{
    MutableTransaction first = coinbase;
    const bool stake = header.IsProofOfStake();
    primitives::Block block;
    block.header = header;
    block.header.prev_hash = world->ParentHash();
    const auto assemble = [&] {
        block.transactions.clear();
        block.transactions.push_back(primitives::MakeTx(first));
        for (const MutableTransaction& tx : transactions)
            block.transactions.push_back(primitives::MakeTx(tx));
    };
    assemble();
    if (commit) {
        const Hash256 reserved;
        const auto output = consensus::MakeWitnessCommitment(primitives::WitnessMerkleRoot(block), reserved);
        if (stake && !first.outputs.empty()) {
            first.outputs[0] = output;
        } else {
            first.outputs.push_back(output);
        }
        if (first.inputs[0].witness.empty()) first.inputs[0].witness.emplace_back(Hash256::SIZE, uint8_t{0});
        if (stake && first.inputs[0].witness.size() == 1)
            first.inputs[0].witness.emplace_back(64, uint8_t{1});
        assemble();
    }
    if (fix_merkle) block.header.merkle_root = primitives::BlockMerkleRoot(block).root;
    if (stake && stake_key != 0) {
        const Hash256 message = consensus::BlockSignatureMessage(block.header.Hash());
        const auto signature = Key(stake_key).SignSchnorr(message, Hash256{});
        first.inputs[0].witness[1].assign(signature.begin(), signature.end());
        assemble();
    }
    while (mine && !stake && !header.IsAuxPow() &&
           !consensus::MeetsWork(block.header.Hash(), block.header.bits, world->params)) {
        ++block.header.nonce;
    }
    return block;
}

void MakeStakeDraft(Draft& draft)
{
    draft.header.version |= primitives::VERSION_POS;
    draft.header.time = static_cast<uint32_t>(draft.world->BlockTime(draft.world->height) / 16 * 16);
    draft.header.bits = draft.world->params.pos_limit_bits;
    draft.coinbase.inputs[0].script_sig = consensus::HeightScript(draft.world->height);
    draft.coinbase.inputs[0].script_sig.push_back(0x00);
}

crypto::PrivateKey Key(int number)
{
    return *crypto::PrivateKey::From(Filled(static_cast<uint8_t>(number)).Span());
}

Bytes KeyHashScript(int number)
{
    return script::PayToPubKeyHash(Key(number).Public().Id());
}

Bytes WitnessKeyHashScript(int number)
{
    return script::PayToWitnessKeyHash(Key(number).Public().Id());
}

Bytes TaprootScript(int number)
{
    return script::PayToTaproot(crypto::ToXOnly(Key(number).Public())->key);
}

MutableTransaction Spend(const std::vector<OutPoint>& inputs, std::vector<primitives::TxOut> outputs)
{
    MutableTransaction tx;
    for (const OutPoint& outpoint : inputs) {
        tx.inputs.emplace_back();
        tx.inputs.back().prevout = outpoint;
    }
    tx.outputs = std::move(outputs);
    return tx;
}

void Sign(const World& world, MutableTransaction& tx)
{
    std::vector<primitives::TxOut> spent;
    for (const primitives::TxIn& input : tx.inputs) {
        const auto coin = world.Get(input.prevout);
        spent.push_back(coin ? coin->out : primitives::TxOut{0, {}});
    }
    script::SigningProvider provider;
    provider.key_by_id = [](const base::Hash160& id) -> std::optional<crypto::PrivateKey> {
        for (int i = 1; i <= KEYS; ++i) {
            if (Key(i).Public().Id() == id) return Key(i);
        }
        return std::nullopt;
    };
    provider.taproot_key = [](const crypto::XOnlyKey& key) -> std::optional<crypto::PrivateKey> {
        for (int i = 1; i <= KEYS; ++i) {
            if (crypto::ToXOnly(Key(i).Public())->key == key) return Key(i);
        }
        return std::nullopt;
    };
    const MutableTransaction unsigned_tx = tx;
    const script::PrecomputedTx precomputed(unsigned_tx, spent);
    for (size_t i = 0; i < tx.inputs.size(); ++i) {
        auto result = script::SignInput(provider, precomputed, i);
        if (!result.complete) continue;
        tx.inputs[i].script_sig = std::move(result.script_sig);
        tx.inputs[i].witness = std::move(result.witness);
    }
}

primitives::TxOut NameOutput(names::OpKind kind, const std::string& name, int64_t days,
                             std::string_view value, Bytes owner)
{
    names::NameOp op;
    op.kind = kind;
    op.name = name;
    op.days = days;
    op.value = base::ToBytes(value);
    op.owner_script = owner.empty() ? WitnessKeyHashScript(1) : std::move(owner);
    return {NAME_OUTPUT, names::WriteNameScript(op)};
}

Hash256 Filled(uint8_t byte)
{
    Hash256 out;
    out.bytes.fill(byte);
    return out;
}

} // namespace emc::test
