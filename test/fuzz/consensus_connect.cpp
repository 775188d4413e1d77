// Blocks built from the input upon a model state: what connecting gives must fit the model, and undo it.
#include "base/check.h"
#include "unit/consensus/world.h"

#include <algorithm>

using namespace emc;
using namespace emc::test;
using consensus::BlockDelta;

namespace {

/// The outpoints the input may choose from: the world's and those made in the block.
using Choices = std::vector<OutPoint>;

std::string NameFrom(codec::Reader& in)
{
    static const std::array<const char*, 6> NAMES = {"d/a",      "d/b",  "d/c", "enum:18009359935:0",
                                                     "ver:enum", "d/old"};
    return NAMES[in.U8() % NAMES.size()];
}

primitives::TxOut OutputFrom(codec::Reader& in)
{
    const uint8_t shape = in.U8();
    const Amount value = int64_t{in.U16()} << (shape % 32);
    switch (shape % 7) {
    case 0:
        return {value, {0x6a}};
    case 1:
        return NameOutput(names::OpKind::New, NameFrom(in), 1 + in.U16() % 36'500, "name=x");
    case 2:
        return NameOutput(names::OpKind::Update, NameFrom(in), in.U8(), "E2U+sip=1|1|!^(.*)$!sip:a@b!");
    case 3:
        return NameOutput(names::OpKind::Delete, NameFrom(in), 0, "");
    case 4:
        return {value, in.SizedBytes()};
    default:
        return {value, ANYONE};
    }
}

MutableTransaction TransactionFrom(codec::Reader& in, const Choices& choices)
{
    static const std::array<int32_t, 4> VERSIONS = {2, 1, primitives::NAME_TX_VERSION,
                                                    primitives::REWARD_TX_VERSION};
    MutableTransaction tx;
    tx.version = VERSIONS[in.U8() % VERSIONS.size()];
    for (int i = in.U8() % 4; i >= 0; --i) {
        tx.inputs.emplace_back();
        tx.inputs.back().prevout = choices[in.U8() % choices.size()];
        const uint8_t sequence = in.U8();
        tx.inputs.back().sequence = sequence < 128 ? 0xffffffff : sequence - 128U;
    }
    for (int i = in.U8() % 4; i >= 0; --i)
        tx.outputs.push_back(OutputFrom(in));
    return tx;
}

Amount Supply(const World& world)
{
    Amount sum = 0;
    for (const auto& [outpoint, coin] : world.coins)
        sum += coin.out.value;
    return sum;
}

/// The world after the block.
World Applied(const World& world, const BlockDelta& delta)
{
    World after = world;
    for (const OutPoint& outpoint : delta.removed)
        EMC_CHECK(after.coins.erase(outpoint) == 1);
    for (const auto& made : delta.created)
        EMC_CHECK(after.coins.emplace(made.outpoint, made.coin).second);
    for (const auto& change : delta.names) {
        EMC_CHECK(change.before == world.Get(change.name));
        if (change.after) {
            after.records.insert_or_assign(change.name, *change.after);
            EMC_CHECK(after.coins.contains(change.after->outpoint));
        } else {
            EMC_CHECK(after.records.erase(change.name) == 1);
        }
    }
    return after;
}

/// Takes the block back with what a store keeps: spent coins by transaction and the names before.
void Undo(World& world, const primitives::Block& block, const BlockDelta& delta)
{
    for (const auto& made : delta.created)
        EMC_CHECK(world.coins.erase(made.outpoint) == 1);
    for (size_t i = 0; i < block.transactions.size(); ++i) {
        for (size_t j = 0; j < delta.spent[i].size(); ++j) {
            const Coin& coin = delta.spent[i][j];
            if (coin.height == world.height) continue; // made in this block
            EMC_CHECK(world.coins.emplace(block.transactions[i]->Inputs()[j].prevout, coin).second);
        }
    }
    for (const auto& change : delta.names) {
        world.records.erase(change.name);
        if (change.before) world.records.emplace(change.name, *change.before);
    }
}

World StartWorld()
{
    World world;
    for (int i = 0; i < 6; ++i)
        world.AddCoin(primitives::COIN << i, ANYONE, 500 + 80 * i);
    world.AddName("d/old", 2000);
    world.AddName("d/a", 999);
    world.AddName("ver:enum", 1000, {}, base::ToBytes("name=x"));
    return world;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static const World START = StartWorld();
    codec::Reader in({data, size});
    Choices choices(1);
    for (const auto& [outpoint, coin] : START.coins)
        choices.push_back(outpoint);
    Draft draft(START);
    draft.mine = false;
    draft.coinbase.outputs[0].value = in.U32();
    while (in.Remaining() > 4 && draft.transactions.size() < 12) {
        draft.transactions.push_back(TransactionFrom(in, choices));
        const auto txid = primitives::MakeTx(draft.transactions.back())->Txid();
        for (uint32_t i = 0; i < draft.transactions.back().outputs.size(); ++i)
            choices.push_back({txid, i});
    }
    const primitives::Block block = draft.Finish();
    if (!consensus::CheckBlock(block)) return 0;

    consensus::ConnectContext context;
    context.params = &START.params;
    context.height = START.height;
    context.parent_mtp = START.MedianTimePast(START.height - 1);
    context.coins = &START;
    context.names = &START;
    context.watermarks = &START;
    context.ended = &START;
    context.times = &START;
    consensus::InlineScriptRunner runner;
    context.runner = &runner;
    context.assumed_valid = true; // scripts are not this target's matter
    const auto delta = consensus::ConnectBlock(block, context);
    if (!delta) {
        EMC_CHECK(delta.Error().rule != consensus::Rule::Ok);
        return 0;
    }
    World after = Applied(START, *delta);
    EMC_CHECK(Supply(after) - Supply(START) == delta->supply_change);
    EMC_CHECK(delta->fees >= 0 && delta->burned >= 0);
    EMC_CHECK(delta->supply_change <= delta->minted - delta->burned);
    Undo(after, block, *delta);
    EMC_CHECK(after.coins == START.coins);
    EMC_CHECK(after.records == START.records);
    return 0;
}
