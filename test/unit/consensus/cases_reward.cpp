// Call-minute rewards (R-*).
#include "consensus/reward_rules.h"
#include "unit/consensus/cases.h"

namespace emc::test {

using consensus::Rule;
using primitives::COIN;

namespace {

constexpr int CALLER = 1;
constexpr int CALLEE = 2;
constexpr Amount BOND = 1000 * COIN;
/// At most: 5 % a year of the bond for its 300,000 seconds.
constexpr Amount AGE_BOUND = 47'564'687;
constexpr int64_t DAY = reward::SEC_PER_DAY;

/// A state with two numbers and a coin of the callee, and a valid claim.
struct Scene {
    Scene()
    {
        batch.pair = {{18009359935, 0}, {442079460000, 3}};
        world.AddName(batch.pair.caller.Name(), 5000, WitnessKeyHashScript(CALLER));
        world.AddName(batch.pair.callee.Name(), 5000, KeyHashScript(CALLEE));
        bond = world.AddCoin(BOND, KeyHashScript(CALLEE));
        const int64_t mtp = Mtp();
        Move(mtp - 2 * DAY, mtp - DAY);
        batch.calls = 50;
        batch.minutes = 100;
        batch.root = Filled(9);
        batch.claim = AGE_BOUND;
        tx = Spend({bond}, {{BOND, {}}, {AGE_BOUND / 5, WitnessKeyHashScript(CALLER)}});
        tx.version = primitives::REWARD_TX_VERSION;
    }

    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    [[nodiscard]] int64_t Mtp() const { return world.MedianTimePast(world.height - 1); }

    void Move(int64_t start, int64_t end)
    {
        batch.period_start = static_cast<uint32_t>(start);
        batch.period_end = static_cast<uint32_t>(end);
    }

    names::NameRecord& Caller() { return world.records.find(batch.pair.caller.Name())->second; }

    /// The claim as it stands now, signed by all.
    MutableTransaction Finish()
    {
        const Hash256 digest = reward::BatchDigest(world.params.genesis_hash, batch);
        batch.caller_signature = Key(caller_signer).SignCompact(digest);
        batch.callee_signature = Key(CALLEE).SignCompact(digest);
        if (write_batch) tx.outputs[0].script_pubkey = reward::WriteRewardScript(batch, paid_to);
        Sign(world, tx);
        return tx;
    }

    primitives::Block Block()
    {
        Draft d(world);
        d.transactions = {Finish()};
        d.transactions.insert(d.transactions.end(), more.begin(), more.end());
        return d.Finish();
    }

    World world;
    OutPoint bond;
    reward::CallBatch batch;
    MutableTransaction tx;
    Bytes paid_to = KeyHashScript(CALLEE);
    int caller_signer = CALLER;
    bool write_batch = true;
    std::vector<MutableTransaction> more; ///< behind the claim
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

/// R-01 … R-06: the transaction alone.
void AlonePart(CaseList& out)
{
    Accept(out, Rule::RewardPayload, "a claim", [](Scene&) {});
    Reject(out, Rule::RewardPayload, "no payload", [](Scene& s) {
        s.write_batch = false;
        s.tx.outputs[0].script_pubkey = s.paid_to;
    });
    Reject(out, Rule::RewardPayload, "slot 1000", [](Scene& s) { s.batch.pair.callee.slot = 1000; });
    Reject(out, Rule::RewardPayload, "version 2", [](Scene& s) {
        s.Finish();
        s.write_batch = false;
        s.tx.outputs[0].script_pubkey[4] = 2;
    });
    Accept(out, Rule::RewardSameNumber, "another number", [](Scene&) {});
    Reject(out, Rule::RewardSameNumber, "another slot of the same number", [](Scene& s) {
        s.batch.pair.caller = {s.batch.pair.callee.number, 0};
    });
    Accept(out, Rule::RewardPeriod, "31 days", [](Scene& s) { s.Move(s.Mtp() - 31 * DAY, s.Mtp()); });
    Reject(out, Rule::RewardPeriod, "31 days and a second",
           [](Scene& s) { s.Move(s.Mtp() - 31 * DAY - 1, s.Mtp()); });
    Reject(out, Rule::RewardPeriod, "empty", [](Scene& s) { s.Move(s.Mtp() - 9, s.Mtp() - 9); });
    Accept(out, Rule::RewardTotals, "1,440 minutes a call", [](Scene& s) {
        s.batch.calls = 1;
        s.batch.minutes = 1'440;
    });
    Reject(out, Rule::RewardTotals, "1,441 minutes in a call", [](Scene& s) {
        s.batch.calls = 1;
        s.batch.minutes = 1'441;
    });
    Reject(out, Rule::RewardTotals, "more calls than minutes", [](Scene& s) { s.batch.calls = 101; });
    Reject(out, Rule::RewardTotals, "more than a million minutes a day", [](Scene& s) {
        s.batch.calls = 1'000'000;
        s.batch.minutes = 1'000'001;
    });
    Accept(out, Rule::RewardClaimMinutes, "one unit", [](Scene& s) {
        s.batch.claim = 1;
        s.tx.outputs[1].value = 0;
    });
    Reject(out, Rule::RewardClaimMinutes, "nothing", [](Scene& s) { s.batch.claim = 0; });
    Reject(out, Rule::RewardClaimMinutes, "more than 0.01 EMC a minute", [](Scene& s) {
        s.batch.calls = s.batch.minutes = 1;
        s.batch.claim = COIN / 100 + 1;
    });
    Accept(out, Rule::RewardCallerShare, "a fifth, rounded down", [](Scene&) {});
    Reject(out, Rule::RewardCallerShare, "a unit less", [](Scene& s) { --s.tx.outputs[1].value; });
    Reject(out, Rule::RewardCallerShare, "no second output", [](Scene& s) { s.tx.outputs.resize(1); });
}

/// R-07 … R-13: against the state.
void StatePart(CaseList& out)
{
    Accept(out, Rule::RewardNameNotLive, "registered 168 blocks ago",
           [](Scene& s) { s.Caller().born_height = s.world.height - 168; });
    Reject(out, Rule::RewardNameNotLive, "registered 167 blocks ago",
           [](Scene& s) { s.Caller().born_height = s.world.height - 167; });
    Reject(out, Rule::RewardNameNotLive, "expired", [](Scene& s) { s.Caller().expiry = s.world.height - 1; });
    Reject(out, Rule::RewardNameNotLive, "not registered", [](Scene& s) { s.batch.pair.caller.slot = 5; });
    Accept(out, Rule::RewardOwners, "two key hashes", [](Scene&) {});
    Reject(out, Rule::RewardOwners, "paid to somebody else", [](Scene& s) { s.paid_to = KeyHashScript(3); });
    Reject(out, Rule::RewardOwners, "share to somebody else",
           [](Scene& s) { s.tx.outputs[1].script_pubkey = KeyHashScript(3); });
    Reject(out, Rule::RewardOwners, "one owner of both", [](Scene& s) {
        s.Caller().owner_script = s.paid_to;
        s.tx.outputs[1].script_pubkey = s.paid_to;
    });
    Accept(out, Rule::RewardSignature, "both owners", [](Scene&) {});
    Reject(out, Rule::RewardSignature, "another key", [](Scene& s) { s.caller_signer = 3; });
    Accept(out, Rule::RewardPeriodTime, "ends at the median time",
           [](Scene& s) { s.Move(s.Mtp() - DAY, s.Mtp()); });
    Reject(out, Rule::RewardPeriodTime, "ends a second later",
           [](Scene& s) { s.Move(s.Mtp() - DAY, s.Mtp() + 1); });
    Accept(out, Rule::RewardPeriodTime, "began 60 days ago",
           [](Scene& s) { s.Move(s.Mtp() - 60 * DAY, s.Mtp() - 59 * DAY); });
    Reject(out, Rule::RewardPeriodTime, "began a second earlier",
           [](Scene& s) { s.Move(s.Mtp() - 60 * DAY - 1, s.Mtp() - 59 * DAY); });
    Accept(out, Rule::RewardWatermark, "begins where the last one ended",
           [](Scene& s) { s.world.watermarks[s.batch.pair] = s.batch.period_start; });
    Reject(out, Rule::RewardWatermark, "begins a second before",
           [](Scene& s) { s.world.watermarks[s.batch.pair] = s.batch.period_start + 1; });
    Accept(out, Rule::RewardBond, "returned", [](Scene&) {});
    Reject(out, Rule::RewardBond, "returned but for a unit", [](Scene& s) { --s.tx.outputs[0].value; });
    Reject(out, Rule::RewardBond, "coins of others",
           [](Scene& s) { s.tx.inputs[0].prevout = s.world.AddCoin(BOND, ANYONE); });
    Accept(out, Rule::RewardClaimAge, "the most the bond's age gives", [](Scene&) {});
    Reject(out, Rule::RewardClaimAge, "a unit more", [](Scene& s) { ++s.batch.claim; });
}

/// A second claim over the same bond size, of another slot of the caller.
MutableTransaction SecondClaim(Scene& s, reward::BatchParty caller)
{
    const reward::CallBatch first = s.batch;
    const MutableTransaction first_tx = s.tx;
    if (!s.world.records.contains(caller.Name()))
        s.world.AddName(caller.Name(), 5000, WitnessKeyHashScript(CALLER));
    s.batch.pair.caller = caller;
    s.tx.inputs[0].prevout = s.world.AddCoin(s.tx.outputs[0].value, KeyHashScript(CALLEE));
    MutableTransaction second = s.Finish();
    s.batch = first;
    s.tx = first_tx;
    return second;
}

/// Two claims that together come to the budget and `extra` units.
primitives::Block BudgetBlock(Scene& s, Amount extra)
{
    const Amount large = 70'000 * COIN; // its age is worth 33.29 EMC
    s.world.coins.at(s.bond).out.value = large;
    s.tx.outputs[0].value = large;
    s.batch.calls = s.batch.minutes = 10'000;
    s.batch.claim = 25 * COIN;
    s.tx.outputs[1].value = 10 * COIN;
    s.batch.claim += static_cast<uint64_t>(extra);
    s.more = {SecondClaim(s, {18009359935, 1})};
    s.batch.claim -= static_cast<uint64_t>(extra);
    return s.Block();
}

/// all claims of a block.
void BlockPart(CaseList& out)
{
    for (const bool same : {false, true}) {
        Scene s;
        s.more = {SecondClaim(s, {18009359935, static_cast<uint16_t>(same ? 0 : 1)})};
        if (same) {
            out.Reject(Rule::RewardPairTwice, "the same pair again", s.world, s.Block());
        } else {
            out.Accept(Rule::RewardPairTwice, "another slot is another pair", s.world, s.Block());
        }
    }
    for (const Amount extra : {0, 1}) {
        Scene s;
        const auto block = BudgetBlock(s, extra);
        if (extra == 0)
            out.Accept(Rule::RewardBudget, "50 EMC", s.world, block);
        else
            out.Reject(Rule::RewardBudget, "a unit more", s.world, block);
    }
    // The claim is money the transaction may spend, and no more than it.
    for (const Amount extra : {0, 1}) {
        Scene s;
        s.tx.outputs[1].value = AGE_BOUND + extra;
        if (extra == 0)
            out.Accept(Rule::InputsBelowOutputs, "a whole claim spent", s.world, s.Block());
        else
            out.Reject(Rule::InputsBelowOutputs, "a unit above the claim", s.world, s.Block());
    }
}

} // namespace

void RewardCases(CaseList& out)
{
    AlonePart(out);
    StatePart(out);
    BlockPart(out);
}

} // namespace emc::test
