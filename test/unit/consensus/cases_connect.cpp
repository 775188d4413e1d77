// Blocks against their coins (C-*).
#include "crypto/sha256.h"
#include "script/script.h"
#include "script/solver.h"
#include "unit/consensus/cases.h"

namespace emc::test {

using consensus::Rule;
using primitives::COIN;
using primitives::MAX_MONEY;

namespace {

Draft With(const World& world, std::vector<MutableTransaction> transactions)
{
    Draft d(world);
    d.transactions = std::move(transactions);
    return d;
}

void CoinCases(CaseList& out)
{
    World world;
    const OutPoint coin = world.AddCoin(COIN, ANYONE);
    OutPoint unknown = coin;
    unknown.index = 1;
    const MutableTransaction first = Spend({coin}, {{COIN, ANYONE}});
    const MutableTransaction child = Spend({{primitives::MakeTx(first)->Txid(), 0}}, {{COIN, ANYONE}});
    MutableTransaction rival = first;
    rival.outputs[0].value = COIN - 1;
    out.Accept(Rule::InputsMissing, "a coin, then the coin made of it", world,
               With(world, {first, child}).Finish());
    out.Reject(Rule::InputsMissing, "no such output", world,
               With(world, {Spend({unknown}, {{COIN, ANYONE}})}).Finish());
    out.Reject(Rule::InputsMissing, "spent before in the block", world, With(world, {first, rival}).Finish());
    out.Reject(Rule::InputsMissing, "child before parent", world, With(world, {child, first}).Finish());
    MutableTransaction data = Spend({coin}, {{COIN, {0x6a}}});
    out.Reject(Rule::InputsMissing, "OP_RETURN makes no coin", world,
               With(world, {data, Spend({{primitives::MakeTx(data)->Txid(), 0}}, {{0, ANYONE}})}).Finish());

    for (const int32_t made : {900, 901}) {
        World young;
        const OutPoint generated = young.AddCoin(COIN, ANYONE, made);
        young.coins.at(generated).generated = true;
        const auto block = With(young, {Spend({generated}, {{COIN, ANYONE}})}).Finish();
        if (made == 900) out.Accept(Rule::InputImmature, "100 blocks deep", young, block);
        if (made == 901) out.Reject(Rule::InputImmature, "99 blocks deep", young, block);
    }
}

void ValueCases(CaseList& out)
{
    World world;
    const OutPoint big = world.AddCoin(MAX_MONEY, ANYONE);
    const OutPoint other = world.AddCoin(MAX_MONEY, ANYONE);
    const OutPoint unit = world.AddCoin(1, ANYONE);
    const OutPoint broken = world.AddCoin(MAX_MONEY + 1, ANYONE);
    const auto spend = [&](const std::vector<OutPoint>& inputs, Amount value) {
        return With(world, {Spend(inputs, {{value, ANYONE}})}).Finish();
    };
    out.Accept(Rule::InputValues, "21,000,000 EMC", world, spend({big}, MAX_MONEY));
    out.Reject(Rule::InputValues, "sum above it", world, spend({big, unit}, MAX_MONEY));
    out.Reject(Rule::InputValues, "a coin above it", world, spend({broken}, MAX_MONEY));
    out.Accept(Rule::InputsBelowOutputs, "outputs equal inputs", world, spend({unit}, 1));
    out.Reject(Rule::InputsBelowOutputs, "one unit more", world, spend({unit}, 2));
    out.Accept(Rule::FeeRange, "everything as fee", world, spend({big}, 0));
    out.Accept(Rule::FeeSum, "fees of 21,000,000 EMC", world, spend({big}, 0));
    out.Reject(Rule::FeeSum, "twice that", world,
               With(world, {Spend({big}, {{0, ANYONE}}), Spend({other}, {{0, ANYONE}})}).Finish());

    for (const Amount extra : {0, 1}) {
        Draft d(world);
        d.transactions = {Spend({big}, {{MAX_MONEY - 7, ANYONE}})};
        const Amount subsidy = 50 * COIN >> (1000 / 150);
        d.coinbase.outputs[0].value = subsidy + 7 + extra;
        if (extra == 0) out.Accept(Rule::CoinbaseAmount, "subsidy and fee", world, d.Finish());
        if (extra == 1) out.Reject(Rule::CoinbaseAmount, "one unit more", world, d.Finish());
    }
}

void SequenceCases(CaseList& out)
{
    World world;
    const OutPoint coin = world.AddCoin(COIN, ANYONE, 990);
    const auto block = [&](uint32_t sequence, int32_t version) {
        MutableTransaction tx = Spend({coin}, {{COIN, ANYONE}});
        tx.inputs[0].sequence = sequence;
        tx.version = version;
        return With(world, {tx}).Finish();
    };
    constexpr uint32_t TIME = 1U << 22;
    // The median moves by the spacing: 10 blocks since the coin's, 600 s each, in steps of 512 s.
    const uint32_t steps = 10 * 600 / 512;
    out.Accept(Rule::SequenceLocks, "10 blocks, 10 passed", world, block(10, 2));
    out.Reject(Rule::SequenceLocks, "11 blocks, 10 passed", world, block(11, 2));
    out.Accept(Rule::SequenceLocks, "version 1 knows no locks", world, block(11, 1));
    out.Accept(Rule::SequenceLocks, "disabled by bit 31", world, block(11 | 1U << 31, 2));
    out.Accept(Rule::SequenceLocks, "time that has passed", world, block(TIME | steps, 2));
    out.Reject(Rule::SequenceLocks, "time that has not passed", world, block(TIME | (steps + 1), 2));
    out.Reject(Rule::SequenceLocks, "negative version counts as unsigned", world, block(11, -1));
    World late = world;
    late.params.activation.csv = 1001;
    MutableTransaction tx = Spend({coin}, {{COIN, ANYONE}});
    tx.inputs[0].sequence = 11;
    out.Accept(Rule::SequenceLocks, "before activation", late, With(late, {tx}).Finish());
}

/// A spend of P2WSH coins whose witness scripts count `groups` × 20 signature operations each.
MutableTransaction CostlySpend(World& world, const std::vector<int>& groups)
{
    MutableTransaction tx = Spend({}, {{COIN, ANYONE}});
    for (const int count : groups) {
        // OP_1 OP_0 OP_IF <OP_CHECKMULTISIG…> OP_ENDIF: counted, not run.
        Bytes witness_script{0x51, 0x00, 0x63};
        witness_script.insert(witness_script.end(), static_cast<size_t>(count), uint8_t{0xae});
        witness_script.push_back(0x68);
        const Hash256 program = crypto::Sha256Of(witness_script);
        tx.inputs.emplace_back();
        tx.inputs.back().prevout = world.AddCoin(COIN, script::PayToWitnessScriptHash(program));
        tx.inputs.back().witness = {witness_script};
    }
    return tx;
}

void ScriptCases(CaseList& out)
{
    {
        World world;
        std::vector<int> groups(20, 199);
        groups.push_back(20);
        const MutableTransaction limit = CostlySpend(world, groups);
        out.Accept(Rule::SigOpCost, "80,000 in witness scripts", world, With(world, {limit}).Finish());
        Draft d = With(world, {limit});
        d.coinbase.outputs[0].script_pubkey = {0xac};
        out.Reject(Rule::SigOpCost, "4 more in the coinbase", world, d.Finish());
    }
    World world;
    const std::vector<std::pair<std::string, Bytes>> kinds = {{"P2PKH", KeyHashScript(1)},
                                                              {"P2WPKH", WitnessKeyHashScript(1)},
                                                              {"P2TR key path", TaprootScript(1)}};
    for (const auto& [name, script] : kinds) {
        MutableTransaction tx = Spend({world.AddCoin(COIN, script)}, {{COIN, ANYONE}});
        Sign(world, tx);
        out.Accept(Rule::ScriptFailed, name, world, With(world, {tx}).Finish());
        tx.outputs[0].value -= 1;
        out.Reject(Rule::ScriptFailed, name + ", output changed after signing", world,
                   With(world, {tx}).Finish());
    }
    out.Reject(Rule::ScriptFailed, "script that leaves false", world,
               With(world, {Spend({world.AddCoin(COIN, {0x00})}, {{COIN, ANYONE}})}).Finish());
}

void OverwriteCases(CaseList& out)
{
    World world;
    world.params.activation.bip34 = 2000;
    const primitives::Block block = Draft(world).Finish();
    out.Accept(Rule::CoinOverwritten, "before BIP 34, no such coin yet", world, block);
    Coin coin;
    coin.out = {0, ANYONE};
    coin.height = 5;
    coin.generated = true;
    world.coins.emplace(OutPoint{block.transactions[0]->Txid(), 0}, coin);
    out.Reject(Rule::CoinOverwritten, "before BIP 34, the coin exists", world, block);
}

} // namespace

void ConnectCases(CaseList& out)
{
    CoinCases(out);
    ValueCases(out);
    SequenceCases(out);
    ScriptCases(out);
    OverwriteCases(out);
}

} // namespace emc::test
