// Proof of stake (P-*).
#include "consensus/kernel.h"
#include "consensus/stake.h"
#include "consensus/target.h"
#include "unit/consensus/cases.h"

#include <algorithm>

namespace emc::test {

using consensus::Rule;
using primitives::COIN;

namespace {

constexpr int STAKER = 1;
constexpr Amount STAKE = 1000 * COIN;

/// A state with one coin of the staker and a valid block that stakes it.
struct Scene {
    explicit Scene(Bytes script = WitnessKeyHashScript(STAKER), Amount value = STAKE, int32_t made = 500)
        : kernel(world.AddCoin(value, script, made))
    {
        draft.emplace(world);
        MakeStakeDraft(*draft);
        draft->stake_key = STAKER;
        draft->transactions = {Spend({kernel}, {{0, {}}, {value, script}})};
    }

    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    /// With the coinstake, if there still is one, signed.
    primitives::Block Block()
    {
        if (!draft->transactions.empty()) Sign(world, Coinstake());
        return draft->Finish();
    }

    MutableTransaction& Coinstake() { return draft->transactions[0]; }

    World world;
    OutPoint kernel;
    std::optional<Draft> draft;
};

using Change = void (*)(Scene&);

void Reject(CaseList& out, Rule rule, const std::string& tests, Change change)
{
    Scene s;
    change(s);
    out.Reject(rule, tests, s.world, s.Block());
}

void Accept(CaseList& out, Rule rule, const std::string& tests, Change change)
{
    Scene s;
    change(s);
    out.Accept(rule, tests, s.world, s.Block());
}

void HeaderPart(CaseList& out)
{
    for (const Rule rule : {Rule::StakeNonce, Rule::StakeTimeGrid, Rule::StakeCoinbaseScript,
                            Rule::StakeCoinbaseOutput, Rule::StakeCoinbaseWitness, Rule::StakeCoinstake}) {
        Accept(out, rule, "a block that keeps every rule", [](Scene&) {});
    }
    Reject(out, Rule::StakeNonce, "nonce 1", [](Scene& s) { s.draft->header.nonce = 1; });
    Reject(out, Rule::StakeTimeGrid, "a second late", [](Scene& s) { s.draft->header.time += 1; });
    Accept(out, Rule::StakeTimeOrder, "16 s after the last stake block",
           [](Scene& s) { s.world.last_pos_time = int64_t{s.draft->header.time} - 16; });
    Reject(out, Rule::StakeTimeOrder, "at the time of the last stake block",
           [](Scene& s) { s.world.last_pos_time = s.draft->header.time; });
    Accept(out, Rule::HeaderTimeNew, "15 s ahead",
           [](Scene& s) { s.world.clock_sec = int64_t{s.draft->header.time} - 15; });
    Reject(out, Rule::HeaderTimeNew, "16 s ahead",
           [](Scene& s) { s.world.clock_sec = int64_t{s.draft->header.time} - 16; });
}

void CoinbasePart(CaseList& out)
{
    Reject(out, Rule::StakeCoinbaseScript, "a byte after OP_0",
           [](Scene& s) { s.draft->coinbase.inputs[0].script_sig.push_back(0); });
    Reject(out, Rule::StakeCoinbaseScript, "OP_1 in place of OP_0",
           [](Scene& s) { s.draft->coinbase.inputs[0].script_sig.back() = 0x51; });
    Reject(out, Rule::StakeCoinbaseOutput, "two outputs", [](Scene& s) {
        s.draft->coinbase.outputs.push_back({0, ANYONE});
    });
    Reject(out, Rule::StakeCoinbaseOutput, "no commitment", [](Scene& s) {
        s.draft->commit = false;
        s.draft->coinbase.inputs[0].witness = {Bytes(32), Bytes(64)};
    });
    const auto with_witness = [&out](const std::string& tests, const primitives::Witness& witness) {
        Scene s;
        s.draft->stake_key = 0;
        s.draft->coinbase.inputs[0].witness = witness;
        out.RejectCopy(Rule::StakeCoinbaseWitness, tests, s.world, s.Block());
    };
    with_witness("signature of 63 bytes", {Bytes(32), Bytes(63)});
    with_witness("reserved value of 31 bytes", {Bytes(31), Bytes(64)});
    with_witness("three items", {Bytes(32), Bytes(64), Bytes()});
}

void CoinstakePart(CaseList& out)
{
    Reject(out, Rule::StakeCoinstake, "no coinstake", [](Scene& s) { s.draft->transactions.clear(); });
    Reject(out, Rule::StakeCoinstake, "one output", [](Scene& s) { s.Coinstake().outputs.pop_back(); });
    Reject(out, Rule::StakeCoinstake, "first output with a script",
           [](Scene& s) { s.Coinstake().outputs[0].script_pubkey = ANYONE; });
    Reject(out, Rule::StakeCoinstake, "first output with a value",
           [](Scene& s) { s.Coinstake().outputs[0].value = 1; });
    Reject(out, Rule::NameWrongTxKind, "coinstake of version 0x0666",
           [](Scene& s) { s.Coinstake().version = primitives::NAME_TX_VERSION; });
    Accept(out, Rule::StakeKernelScript, "two inputs of one script", [](Scene& s) {
        const OutPoint more = s.world.AddCoin(COIN, WitnessKeyHashScript(STAKER));
        s.draft.emplace(s.world);
        MakeStakeDraft(*s.draft);
        s.draft->stake_key = STAKER;
        s.draft->transactions = {Spend({s.kernel, more}, {{0, {}}, {STAKE + COIN, ANYONE}})};
    });
    Reject(out, Rule::StakeKernelScript, "second input of another script", [](Scene& s) {
        const OutPoint more = s.world.AddCoin(COIN, WitnessKeyHashScript(2));
        s.Coinstake().inputs.emplace_back();
        s.Coinstake().inputs.back().prevout = more;
    });
    {
        Scene open(ANYONE);
        out.Reject(Rule::StakeKernelScript, "kernel that everybody may spend", open.world, open.Block());
    }
    Reject(out, Rule::StakeKernelSpend, "witness without key", [](Scene& s) {
        s.Coinstake().inputs[0].prevout = s.kernel;
        s.world.coins.at(s.kernel).out.script_pubkey = WitnessKeyHashScript(7); // nobody signs for it
    });
    Reject(out, Rule::StakeLiveName, "a live name's output", [](Scene& s) {
        s.world.coins.at(s.kernel).had_prefix = true;
        names::NameRecord record;
        record.outpoint = s.kernel;
        record.expiry = s.world.height;
        s.world.records.emplace("d/x", record);
    });
    Accept(out, Rule::StakeLiveName, "an expired name's output", [](Scene& s) {
        s.world.coins.at(s.kernel).had_prefix = true;
        names::NameRecord record;
        record.outpoint = s.kernel;
        record.expiry = s.world.height - 1;
        s.world.records.emplace("d/x", record);
    });
    for (const int32_t made : {980, 981}) {
        Scene s(WitnessKeyHashScript(STAKER), STAKE, made);
        if (made == 980) out.Accept(Rule::StakeDepth, "20 blocks deep", s.world, s.Block());
        if (made == 981) out.Reject(Rule::StakeDepth, "19 blocks deep", s.world, s.Block());
    }
}

/// A coin of one unit whose kernel hash meets (or not) regtest's target.
void KernelPart(CaseList& out)
{
    for (const bool meets : {true, false}) {
        Scene s(WitnessKeyHashScript(STAKER), 1);
        consensus::Kernel kernel;
        kernel.modifier = s.world.modifier;
        kernel.coin_block_time = static_cast<uint32_t>(s.world.BlockTime(500));
        kernel.outpoint = s.kernel;
        kernel.block_time = s.draft->header.time;
        const auto target = *consensus::TargetOf(s.draft->header.bits);
        while (consensus::KernelMeets(consensus::KernelHash(kernel), target, 1) != meets)
            ++kernel.outpoint.index;
        const Coin coin = s.world.coins.at(s.kernel);
        s.world.coins.erase(s.kernel);
        s.world.coins.emplace(kernel.outpoint, coin);
        s.Coinstake().inputs[0].prevout = kernel.outpoint;
        if (meets) out.Accept(Rule::StakeKernelHash, "one unit, hash below the target", s.world, s.Block());
        if (!meets) out.Reject(Rule::StakeKernelHash, "one unit, hash above the target", s.world, s.Block());
    }
    const std::vector<std::pair<std::string, Bytes>> kinds = {{"P2PKH", KeyHashScript(STAKER)},
                                                              {"P2WPKH", WitnessKeyHashScript(STAKER)},
                                                              {"P2TR", TaprootScript(STAKER)}};
    for (const auto& [name, script] : kinds) {
        Scene s(script);
        out.Accept(Rule::StakeKernelSpend, name + " kernel", s.world, s.Block());
        out.Accept(Rule::StakeBlockSignature, name + " kernel's key", s.world, s.Block());
        s.draft->stake_key = 2;
        out.RejectCopy(Rule::StakeBlockSignature, name + " kernel, another key", s.world, s.Block());
    }
}

void RewardPart(CaseList& out)
{
    for (const Amount extra : {0, 1}) {
        Scene s;
        // The coin's clock begins at the median before block 500.
        const int64_t age = s.world.MedianTimePast(999) - s.world.MedianTimePast(499);
        const std::vector<consensus::AgedValue> aged = {{STAKE, age}};
        const Amount fee = 321;
        const OutPoint payer = s.world.AddCoin(COIN, ANYONE);
        s.draft->transactions.push_back(Spend({payer}, {{COIN - fee, ANYONE}}));
        s.Coinstake().outputs[1].value = STAKE + consensus::MaxStakeReward(aged) + fee + extra;
        if (extra == 0) out.Accept(Rule::StakeReward, "inputs, reward and fee", s.world, s.Block());
        if (extra == 1) out.Reject(Rule::StakeReward, "one unit more", s.world, s.Block());
    }
}

} // namespace

void StakeCases(CaseList& out)
{
    HeaderPart(out);
    CoinbasePart(out);
    CoinstakePart(out);
    KernelPart(out);
    RewardPart(out);
}

} // namespace emc::test
