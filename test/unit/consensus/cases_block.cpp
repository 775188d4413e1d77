// Blocks without their coins (B-*) and single transactions (T-*).
#include "unit/consensus/cases.h"

namespace emc::test {

using consensus::Rule;
using primitives::COIN;
using primitives::MAX_MONEY;

namespace {

/// A draft with one payment in it.
Draft WithPayment(World& world)
{
    const OutPoint coin = world.AddCoin(COIN, ANYONE);
    Draft d(world);
    d.transactions.push_back(Spend({coin}, {{COIN, ANYONE}}));
    return d;
}

void ShapeCases(CaseList& out)
{
    World world;
    const Draft payment = WithPayment(world);
    const primitives::Block good = payment.Finish();
    for (const Rule rule : {Rule::BlockEmpty, Rule::BlockMerkleRoot, Rule::BlockDuplicateTx,
                            Rule::BlockNoCoinbase, Rule::BlockSecondCoinbase, Rule::BlockLength}) {
        out.Accept(rule, "a coinbase and a payment", world, good);
    }
    {
        Draft d(world);
        d.fix_merkle = false;
        out.RejectCopy(Rule::BlockMerkleRoot, "merkle root of nothing", world, d.Finish());
        primitives::Block empty = Draft(world).Finish();
        empty.transactions.clear();
        empty.header.merkle_root = Hash256{};
        while (!consensus::MeetsWork(empty.header.Hash(), empty.header.bits, world.params))
            ++empty.header.nonce;
        out.Reject(Rule::BlockEmpty, "no transaction", world, empty);
    }
    {
        Draft d = payment;
        d.transactions.push_back(Spend({world.AddCoin(COIN, ANYONE)}, {{COIN, ANYONE}}));
        primitives::Block block = d.Finish();
        block.transactions.push_back(block.transactions.back());
        out.RejectCopy(Rule::BlockDuplicateTx, "the last of three transactions again", world, block);
    }
    {
        Draft d = payment;
        d.commit = false;
        d.coinbase = Spend({world.AddCoin(COIN, ANYONE)}, {{COIN, ANYONE}});
        out.Reject(Rule::BlockNoCoinbase, "a payment first", world, d.Finish());
        d = payment;
        d.transactions.push_back(d.coinbase);
        d.transactions.back().inputs[0].script_sig.push_back(0);
        out.Reject(Rule::BlockSecondCoinbase, "a coinbase last", world, d.Finish());
    }
    {
        Draft d(world);
        d.coinbase.outputs.push_back({0, Bytes(1'000'000, uint8_t{0x6a})});
        out.Reject(Rule::BlockLength, "1,000,000 bytes in one output", world, d.Finish());
    }
}

void CountCases(CaseList& out)
{
    const World world;
    for (const size_t sigops : {20'000, 20'001}) {
        Draft d(world);
        d.coinbase.outputs[0].script_pubkey.assign(sigops, uint8_t{0xac}); // OP_CHECKSIG
        if (sigops == 20'000) out.Accept(Rule::BlockLegacySigOps, "20,000 in an output", world, d.Finish());
        if (sigops == 20'001) out.Reject(Rule::BlockLegacySigOps, "one more", world, d.Finish());
    }
    for (const int32_t height : {1000, 16, 17, 128, 32768}) {
        World at;
        at.height = height;
        at.clock_sec = at.BlockTime(height);
        out.Accept(Rule::BlockHeight, "the height in its shortest push", at, Draft(at).Finish());
        Draft d(at);
        d.coinbase.inputs[0].script_sig = consensus::HeightScript(height + 1);
        d.coinbase.inputs[0].script_sig.push_back(0);
        out.Reject(Rule::BlockHeight, "height of the next block", at, d.Finish());
    }
    {
        Draft d(world);
        d.coinbase.inputs[0].script_sig = {0x03, 0xe8, 0x03, 0x00};
        out.Reject(Rule::BlockHeight, "height with a zero byte too many", world, d.Finish());
        d.coinbase.inputs[0].script_sig = {0x02, 0xe8};
        out.Reject(Rule::BlockHeight, "script shorter than the height", world, d.Finish());
    }
}

void FinalityCases(CaseList& out)
{
    World world;
    const Draft payment = WithPayment(world);
    const auto with_lock = [&](uint32_t lock, uint32_t sequence) {
        Draft d = payment;
        d.transactions[0].lock_time = lock;
        d.transactions[0].inputs[0].sequence = sequence;
        return d.Finish();
    };
    const auto mtp = static_cast<uint32_t>(world.MedianTimePast(world.height - 1));
    out.Accept(Rule::BlockNotFinal, "lock of the height before", world, with_lock(999, 0xfffffffe));
    out.Reject(Rule::BlockNotFinal, "lock of this height", world, with_lock(1000, 0xfffffffe));
    out.Accept(Rule::BlockNotFinal, "lock of this height, sequence final", world,
               with_lock(1000, 0xffffffff));
    out.Accept(Rule::BlockNotFinal, "lock a second before the median", world, with_lock(mtp - 1, 0xfffffffe));
    out.Reject(Rule::BlockNotFinal, "lock at the median", world, with_lock(mtp, 0xfffffffe));
}

void WitnessCases(CaseList& out)
{
    World world;
    const OutPoint coin = world.AddCoin(COIN, WitnessKeyHashScript(1));
    MutableTransaction tx = Spend({coin}, {{COIN, ANYONE}});
    Sign(world, tx);
    Draft good(world);
    good.transactions.push_back(tx);
    for (const Rule rule : {Rule::BlockWitnessReserved, Rule::BlockWitnessCommitment}) {
        out.Accept(rule, "a P2WPKH spend and its commitment", world, good.Finish());
    }
    Draft d = good;
    d.coinbase.inputs[0].witness = {Bytes(31, uint8_t{0})};
    out.RejectCopy(Rule::BlockWitnessReserved, "reserved value of 31 bytes", world, d.Finish());
    d.coinbase.inputs[0].witness = {Bytes(32, uint8_t{0}), Bytes()};
    out.RejectCopy(Rule::BlockWitnessReserved, "a second item", world, d.Finish());
    d.coinbase.inputs[0].witness = {Bytes(32, uint8_t{1})};
    out.RejectCopy(Rule::BlockWitnessCommitment, "another reserved value", world, d.Finish());
    d = good;
    d.commit = false;
    out.RejectCopy(Rule::BlockWitnessUnexpected, "no commitment", world, d.Finish());
    Draft bare(world);
    bare.commit = false;
    out.Accept(Rule::BlockWitnessUnexpected, "neither commitment nor witness", world, bare.Finish());

    World late = world;
    late.params.activation.segwit = 2000;
    Draft before(late);
    before.transactions.push_back(tx);
    out.RejectCopy(Rule::BlockWitnessUnexpected, "a witness before its activation", late, before.Finish());
}

/// A block of this weight: its filler is the witness of a spend of an undefined witness version.
primitives::Block Heavy(const World& world, const OutPoint& coin, size_t weight)
{
    Draft d(world);
    d.transactions.push_back(Spend({coin}, {{COIN, ANYONE}}));
    primitives::Witness& witness = d.transactions[0].inputs[0].witness;
    witness.emplace_back(weight - 2000, uint8_t{0});
    d.mine = false;
    const size_t have = primitives::BlockWeight(d.Finish());
    witness[0].resize(witness[0].size() + weight - have);
    d.mine = true;
    return d.Finish();
}

void WeightCases(CaseList& out)
{
    World world;
    Bytes future{0x52, 0x20};
    future.resize(34, uint8_t{7});
    const OutPoint coin = world.AddCoin(COIN, future);
    out.Accept(Rule::BlockWeight, "exactly 4,000,000", world, Heavy(world, coin, 4'000'000));
    out.Reject(Rule::BlockWeight, "4,000,001", world, Heavy(world, coin, 4'000'001));
}

} // namespace

void BlockCases(CaseList& out)
{
    ShapeCases(out);
    CountCases(out);
    FinalityCases(out);
    WitnessCases(out);
    WeightCases(out);
}

void TransactionCases(CaseList& out)
{
    OutPoint coin;
    coin.index = 0;
    const MutableTransaction good = Spend({coin}, {{COIN, ANYONE}});
    const auto vary = [&](Rule rule, const std::string& tests, bool valid, auto change) {
        MutableTransaction tx = good;
        change(tx);
        if (valid) out.AcceptTx(rule, tests, tx);
        if (!valid) out.RejectTx(rule, tests, tx);
    };
    using Tx = MutableTransaction;
    out.AcceptTx(Rule::TxNoInputs, "one input", good);
    vary(Rule::TxNoInputs, "no input", false, [](Tx& tx) { tx.inputs.clear(); });
    out.AcceptTx(Rule::TxNoOutputs, "one output", good);
    vary(Rule::TxNoOutputs, "no output", false, [](Tx& tx) { tx.outputs.clear(); });
    constexpr size_t REST = 10 + 41 + 9 + 4; // the transaction around a script longer than 65,535 bytes
    vary(Rule::TxSize, "1,000,000 bytes", true,
         [](Tx& tx) { tx.outputs[0].script_pubkey.resize(1'000'000 - REST); });
    vary(Rule::TxSize, "1,000,001 bytes", false,
         [](Tx& tx) { tx.outputs[0].script_pubkey.resize(1'000'001 - REST); });
    vary(Rule::TxOutputNegative, "zero", true, [](Tx& tx) { tx.outputs[0].value = 0; });
    vary(Rule::TxOutputNegative, "minus one unit", false, [](Tx& tx) { tx.outputs[0].value = -1; });
    vary(Rule::TxOutputTooLarge, "21,000,000 EMC", true, [](Tx& tx) { tx.outputs[0].value = MAX_MONEY; });
    vary(Rule::TxOutputTooLarge, "one unit more", false, [](Tx& tx) { tx.outputs[0].value = MAX_MONEY + 1; });
    vary(Rule::TxOutputSum, "21,000,000 EMC in two", true, [](Tx& tx) {
        tx.outputs[0].value = MAX_MONEY - 1;
        tx.outputs.push_back({1, ANYONE});
    });
    vary(Rule::TxOutputSum, "one unit more in two", false, [](Tx& tx) {
        tx.outputs[0].value = MAX_MONEY;
        tx.outputs.push_back({1, ANYONE});
    });
    vary(Rule::TxRepeatedInput, "two outputs of one transaction", true, [](Tx& tx) {
        tx.inputs.push_back(tx.inputs[0]);
        tx.inputs[1].prevout.index = 1;
    });
    vary(Rule::TxRepeatedInput, "the same output twice", false,
         [](Tx& tx) { tx.inputs.push_back(tx.inputs[0]); });
    for (const size_t size : {1, 2, 100, 101}) {
        vary(Rule::TxCoinbaseLength, std::to_string(size) + " bytes", size == 2 || size == 100,
             [size](Tx& tx) {
                 tx.inputs[0].prevout = OutPoint{};
                 tx.inputs[0].script_sig.resize(size);
             });
    }
    vary(Rule::TxNullInput, "zero txid with index 0", true, [](Tx& tx) {
        tx.inputs.push_back({.prevout = {Hash256{}, 5}, .script_sig = {}, .witness = {}});
    });
    vary(Rule::TxNullInput, "a null input as second", false, [](Tx& tx) { tx.inputs.emplace_back(); });
}

} // namespace emc::test
