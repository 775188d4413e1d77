// Name operations (N-*).
#include "unit/consensus/cases.h"

#include <algorithm>

namespace emc::test {

using consensus::Rule;
using names::OpKind;
using primitives::COIN;

namespace {

constexpr Amount NAME_COIN = 1'000'000;

/// A state with two names of key 1 ("d/old" live, "d/dead" expired) and money.
struct Scene {
    World world;
    OutPoint old = world.AddName("d/old", 2000, {}, base::ToBytes("v"));
    OutPoint dead = world.AddName("d/dead", 999, {}, base::ToBytes("v"));
    OutPoint money = world.AddCoin(COIN, ANYONE);

    /// A signed name transaction.
    MutableTransaction Tx(const std::vector<OutPoint>& inputs, std::vector<primitives::TxOut> outputs) const
    {
        MutableTransaction tx = Spend(inputs, std::move(outputs));
        tx.version = primitives::NAME_TX_VERSION;
        Sign(world, tx);
        return tx;
    }

    primitives::Block Block(std::vector<MutableTransaction> transactions) const
    {
        Draft d(world);
        d.transactions = std::move(transactions);
        return d.Finish();
    }
};

/// One output made of a valid NEW by a change of its script.
void CodecCases(CaseList& out)
{
    const Scene s;
    const auto changed = [&s](auto change) {
        primitives::TxOut output = NameOutput(OpKind::New, "d/a", 30, "text");
        change(output.script_pubkey);
        return s.Block({s.Tx({s.money}, {output})});
    };
    const primitives::Block good = changed([](Bytes&) {});
    for (const Rule rule : {Rule::NameBadPrefix, Rule::NameBadDays, Rule::NameBadChunks, Rule::NameBadOwner,
                            Rule::NameNoOutput, Rule::NameWrongTxKind}) {
        out.Accept(rule, "a NEW of 30 days", s.world, good);
    }
    // 51 75 03 "d/a" 01 1e 6d 04 "text" 75 <owner>
    out.Reject(Rule::NameBadPrefix, "name pushed by PUSHDATA1", s.world,
               changed([](Bytes& script) { script.insert(script.begin() + 2, uint8_t{0x4c}); }));
    out.Reject(Rule::NameBadPrefix, "begins like a name, nothing follows", s.world,
               changed([](Bytes& script) {
                   script = {0x51, 0x75};
               }));
    out.Reject(Rule::NameBadDays, "days as OP_5", s.world, changed([](Bytes& script) {
                   script.erase(script.begin() + 6);
                   script[6] = 0x55;
               }));
    out.Reject(Rule::NameBadDays, "days with a superfluous zero", s.world, changed([](Bytes& script) {
                   script[6] = 0x02;
                   script.insert(script.begin() + 8, uint8_t{0x00});
               }));
    out.Reject(Rule::NameBadChunks, "OP_2DROP for one chunk", s.world,
               changed([](Bytes& script) { script[14] = 0x6d; }));
    out.Reject(Rule::NameBadOwner, "owner script OP_1", s.world, changed([](Bytes& script) {
                   script.resize(15);
                   script.push_back(0x51);
               }));
    MutableTransaction plain = s.Tx({s.money}, {{COIN, ANYONE}});
    out.Reject(Rule::NameNoOutput, "version 0x0666, a payment", s.world, s.Block({plain}));
    plain = Spend({s.money}, {{1, Bytes{0x51, 0x75}}});
    out.Accept(Rule::NameBadPrefix, "in version 2 it is an ordinary script", s.world, s.Block({plain}));
    for (const int32_t version : {primitives::NAME_TX_VERSION, primitives::REWARD_TX_VERSION}) {
        Draft d(s.world);
        d.coinbase.version = version;
        out.Reject(Rule::NameWrongTxKind, "coinbase of that version", s.world, d.Finish());
    }
}

void LimitCases(CaseList& out)
{
    const Scene s;
    const auto block = [&s](OpKind kind, const std::string& name, int64_t days, size_t value_bytes) {
        names::NameOp op;
        op.kind = kind;
        op.name = name;
        op.days = days;
        op.value.assign(value_bytes, uint8_t{'v'});
        op.owner_script = WitnessKeyHashScript(1);
        return s.Block({s.Tx({s.money, s.old}, {{NAME_COIN, names::WriteNameScript(op)}})});
    };
    out.Accept(Rule::NameSize, "512 bytes", s.world,
               s.Block({s.Tx({s.money}, {NameOutput(OpKind::New, std::string(512, 'n'), 1, "v")})}));
    primitives::TxOut longer = NameOutput(OpKind::New, std::string(512, 'n'), 1, "v");
    Bytes& script = longer.script_pubkey; // 51 75 4d 00 02 name…
    script[3] = 0x01;
    script.insert(script.begin() + 5, uint8_t{'n'});
    out.Reject(Rule::NameSize, "513 bytes", s.world, s.Block({s.Tx({s.money}, {longer})}));
    primitives::TxOut nameless = NameOutput(OpKind::New, "n", 1, "v");
    nameless.script_pubkey.erase(nameless.script_pubkey.begin() + 3);
    nameless.script_pubkey[2] = 0;
    out.Reject(Rule::NameSize, "no byte", s.world, s.Block({s.Tx({s.money}, {nameless})}));

    const auto new_of = [&s](int64_t days, size_t value_bytes) {
        return s.Block(
            {s.Tx({s.money}, {NameOutput(OpKind::New, "d/x", days, std::string(value_bytes, 'v'))})});
    };
    for (const size_t size : {0, 1, 520, 521, 1040, 20'480}) {
        out.Accept(Rule::NameValueSize, std::to_string(size) + " bytes", s.world, new_of(1, size));
    }
    primitives::TxOut big = NameOutput(OpKind::New, "d/x", 1, std::string(20'480, 'v'));
    // 39 full chunks and one of 200 bytes (4c c8 …) at the end of the pushes; the last grows by one byte.
    const std::array<uint8_t, 2> last = {0x4c, 0xc8};
    const auto at =
        std::find_end(big.script_pubkey.begin(), big.script_pubkey.end(), last.begin(), last.end());
    const auto where = at - big.script_pubkey.begin();
    big.script_pubkey[static_cast<size_t>(where) + 1] = 0xc9;
    big.script_pubkey.insert(big.script_pubkey.begin() + where + 2, uint8_t{'v'});
    out.Reject(Rule::NameValueSize, "20,481 bytes", s.world, s.Block({s.Tx({s.money}, {big})}));

    Scene rich;
    rich.money = rich.world.AddCoin(10 * COIN, ANYONE);
    out.Accept(Rule::NameDaysRange, "36,500 days", rich.world,
               rich.Block({rich.Tx({rich.money}, {NameOutput(OpKind::New, "d/x", 36'500, "v")})}));
    primitives::TxOut days = NameOutput(OpKind::New, "d/x", 36'500, "v"); // 51 75 03 d/x 03 94 8e 00 6d
    days.script_pubkey[7] = 0x95;
    out.Reject(Rule::NameDaysRange, "36,501 days", s.world, s.Block({s.Tx({s.money}, {days})}));
    days = NameOutput(OpKind::New, "d/x", 1, "v");
    days.script_pubkey[7] = 0x81;
    out.Reject(Rule::NameDaysRange, "minus one day", s.world, s.Block({s.Tx({s.money}, {days})}));
    out.Accept(Rule::NameDaysRange, "UPDATE of 0 days", s.world, block(OpKind::Update, "d/old", 0, 1));
}

void RepeatCases(CaseList& out)
{
    Scene s;
    const OutPoint more = s.world.AddCoin(COIN, ANYONE);
    const auto a = NameOutput(OpKind::New, "d/a", 1, "v");
    const auto b = NameOutput(OpKind::New, "d/b", 1, "v");
    out.Accept(Rule::NameRepeatedInTx, "two names", s.world, s.Block({s.Tx({s.money}, {a, b})}));
    out.Reject(Rule::NameRepeatedInTx, "one name twice", s.world, s.Block({s.Tx({s.money}, {a, a})}));
    out.Accept(Rule::NameRepeatedInBlock, "two names in two transactions", s.world,
               s.Block({s.Tx({s.money}, {a}), s.Tx({more}, {b})}));
    out.Reject(Rule::NameRepeatedInBlock, "one name in two transactions", s.world,
               s.Block({s.Tx({s.money}, {a}), s.Tx({more}, {a})}));
    const MutableTransaction remove =
        s.Tx({s.money, s.old}, {NameOutput(OpKind::Delete, "d/old", 0, ""), {NAME_COIN, ANYONE}});
    out.Reject(Rule::NameRepeatedInBlock, "DELETE, then NEW", s.world,
               s.Block({remove, s.Tx({more}, {NameOutput(OpKind::New, "d/old", 1, "v")})}));

    MutableTransaction child = Spend({{primitives::MakeTx(s.Tx({s.money}, {a}))->Txid(), 0}}, {{1, ANYONE}});
    out.Reject(Rule::NameSpentInSameBlock, "a payment of a NEW's output", s.world,
               s.Block({s.Tx({s.money}, {a}), child}));
    MutableTransaction after_delete = Spend({{primitives::MakeTx(remove)->Txid(), 1}}, {{1, ANYONE}});
    out.Accept(Rule::NameSpentInSameBlock, "a payment of another output", s.world,
               s.Block({remove, after_delete}));
}

void StateCases(CaseList& out)
{
    Scene s;
    const auto one = [&s](const std::vector<OutPoint>& inputs, std::vector<primitives::TxOut> outputs) {
        return s.Block({s.Tx(inputs, std::move(outputs))});
    };
    const auto op = [](OpKind kind, const char* name, int64_t days = 0) {
        return NameOutput(kind, name, days, kind == OpKind::Delete ? "" : "v");
    };
    out.Accept(Rule::NameNewOfLive, "of an unknown name", s.world,
               one({s.money}, {op(OpKind::New, "d/x", 1)}));
    out.Accept(Rule::NameNewOfLive, "of a name that expired a block ago", s.world,
               one({s.money}, {op(OpKind::New, "d/dead", 1)}));
    out.Reject(Rule::NameNewOfLive, "of a live name", s.world, one({s.money}, {op(OpKind::New, "d/old", 1)}));
    out.Reject(Rule::NameSpentWithoutOp, "NEW of the name itself", s.world,
               one({s.money, s.old}, {op(OpKind::New, "d/old", 1)}));
    out.Reject(Rule::NameNotLive, "UPDATE of an expired name", s.world,
               one({s.money, s.dead}, {op(OpKind::Update, "d/dead", 1)}));
    out.Reject(Rule::NameNotLive, "DELETE of an unknown name", s.world,
               one({s.money}, {op(OpKind::Delete, "d/x")}));
    {
        Scene last;
        last.world.records.at("d/old").expiry = last.world.height;
        out.Accept(Rule::NameNotLive, "UPDATE at the last height", last.world,
                   last.Block({last.Tx({last.money, last.old}, {op(OpKind::Update, "d/old", 1)})}));
        out.Reject(Rule::NameNewOfLive, "NEW at the last height", last.world,
                   last.Block({last.Tx({last.money}, {op(OpKind::New, "d/old", 1)})}));
    }
    out.Accept(Rule::NameNotOwnerInput, "UPDATE", s.world,
               one({s.money, s.old}, {op(OpKind::Update, "d/old", 5)}));
    out.Accept(Rule::NameNotOwnerInput, "DELETE", s.world, one({s.old}, {op(OpKind::Delete, "d/old")}));
    out.Reject(Rule::NameNotOwnerInput, "UPDATE", s.world, one({s.money}, {op(OpKind::Update, "d/old", 5)}));
    out.Reject(Rule::NameNotOwnerInput, "DELETE", s.world, one({s.money}, {op(OpKind::Delete, "d/old")}));
    {
        MutableTransaction pay = Spend({s.old}, {{NAME_COIN, ANYONE}});
        Sign(s.world, pay);
        out.Reject(Rule::NameSpentWithoutOp, "a payment", s.world, s.Block({pay}));
        out.Reject(Rule::NameSpentWithoutOp, "an operation on another name", s.world,
                   one({s.money, s.old}, {op(OpKind::New, "d/x", 1)}));
        pay = Spend({s.dead}, {{NAME_COIN, ANYONE}});
        Sign(s.world, pay);
        out.Accept(Rule::NameSpentWithoutOp, "a payment of an expired name's output", s.world,
                   s.Block({pay}));
    }
    {
        // Height + 6,132,000 is 36,500 days; an update of a name with one block left fits, with 168 it does
        // not.
        Scene far;
        const OutPoint rich = far.world.AddCoin(10 * COIN, ANYONE);
        const auto update = op(OpKind::Update, "d/old", 36'500);
        far.world.records.at("d/old").expiry = far.world.height;
        out.Accept(Rule::NameExpiryTooFar, "6,132,000 blocks ahead", far.world,
                   far.Block({far.Tx({rich, far.old}, {update})}));
        far.world.records.at("d/old").expiry = far.world.height + 1;
        out.Reject(Rule::NameExpiryTooFar, "a block more", far.world,
                   far.Block({far.Tx({rich, far.old}, {update})}));
    }
}

void FeeCases(CaseList& out)
{
    // NEW of 30 days, name and value in 128 bytes: 0.01 + 0.001 + 0.001.
    constexpr Amount FEE = 1'200'000;
    for (const Amount missing : {0, 1}) {
        World world;
        const OutPoint money = world.AddCoin(NAME_COIN + FEE - missing, ANYONE);
        MutableTransaction tx = Spend({money}, {NameOutput(OpKind::New, "d/a", 30, "text")});
        tx.version = primitives::NAME_TX_VERSION;
        Draft d(world);
        d.transactions = {tx};
        if (missing == 0) out.Accept(Rule::NameFeeUnpaid, "exactly the fee", world, d.Finish());
        if (missing == 1) out.Reject(Rule::NameFeeUnpaid, "one unit missing", world, d.Finish());
        if (missing != 0) continue;
        d.coinbase.outputs[0].value = 50 * COIN >> 6;
        out.Accept(Rule::CoinbaseAmount, "burned fees are not the miner's", world, d.Finish());
        d.coinbase.outputs[0].value += 1;
        out.Reject(Rule::CoinbaseAmount, "a unit of burned fees", world, d.Finish());
    }
}

} // namespace

void NameCases(CaseList& out)
{
    CodecCases(out);
    LimitCases(out);
    RepeatCases(out);
    StateCases(out);
    FeeCases(out);
}

} // namespace emc::test
