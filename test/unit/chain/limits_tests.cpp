// Blocks as large and as dear as the rules let them be: accepted, refused one step further, and in seconds.
#include "codec/base58.h"
#include "consensus/tx_rules.h"
#include "enum/ere.h"
#include "enum/record.h"
#include "names/transition.h"
#include "script/address.h"
#include "script/opcodes.h"
#include "script/sighash.h"
#include "script/sign.h"
#include "script/solver.h"
#include "script/taproot.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using chain::Outcome;
using consensus::MAX_BLOCK_WEIGHT;
using consensus::Rule;
using primitives::Amount;
using primitives::MutableTransaction;
using script::ScriptBuilder;

constexpr size_t WITNESS_SCALE = 4;
/// Signature checks in scripts without witness that use up a block's limit.
constexpr size_t MAX_OLD_CHECKS = consensus::MAX_BLOCK_SIGOPS_COST / WITNESS_SCALE;
/// Header, coinbase and counts of a block, generously.
constexpr size_t BLOCK_FRAME_WEIGHT = 1'600;
/// Far more than any of these blocks takes, even with sanitizers on a busy machine.
constexpr double SECONDS_ALLOWED = 120;

/// A chain with some coins, and blocks given to it one by one.
struct Limits {
    Limits()
    {
        node.options.block_file_bytes = uint64_t{64} << 20;
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        for (int i = 0; i < 12; ++i)
            Accepted({}, {});
    }

    BlockRef Next(const std::vector<TxRef>& txs)
    {
        return builder.MakeBlock({tip, height + 1, time + 60, ++tag}, txs, 50 * primitives::COIN);
    }

    chain::BlockVerdict Submit(const BlockRef& block)
    {
        const int64_t began = base::SteadyMicros();
        auto verdict = node.chain->AcceptBlock(block);
        seconds = static_cast<double>(base::SteadyMicros() - began) / 1e6;
        BOOST_TEST(seconds < SECONDS_ALLOWED);
        return verdict;
    }

    /// Connects a block of these transactions. With a label, tells how large it is and how long it takes.
    BlockRef Accepted(const std::vector<TxRef>& txs, const std::string& label)
    {
        const auto block = Next(txs);
        const auto verdict = Submit(block);
        BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted && verdict.in_best_chain,
                              label << ": " << consensus::Describe(verdict.rule) << verdict.text);
        tip = block->header.Hash();
        ++height;
        time += 60;
        const auto& tx = *block->transactions[0];
        coins.push_back({{tx.Txid(), 0}, tx.Outputs()[0]});
        if (!label.empty()) {
            BOOST_TEST_MESSAGE(label << ": weight " << primitives::BlockWeight(*block) << ", " << seconds
                                     << " s");
        }
        return block;
    }

    Rule RefusedFor(const std::vector<TxRef>& txs)
    {
        const auto verdict = Submit(Next(txs));
        BOOST_TEST((verdict.outcome == Outcome::Invalid));
        return verdict.rule.rule;
    }

    /// The oldest coins, which are mature.
    std::vector<Own> Take(size_t count)
    {
        BOOST_REQUIRE(coins.size() > count + 2);
        std::vector<Own> out(coins.begin(), coins.begin() + static_cast<std::ptrdiff_t>(count));
        coins.erase(coins.begin(), coins.begin() + static_cast<std::ptrdiff_t>(count));
        return out;
    }

    /// Connects a block that makes `count` coins with this script.
    std::vector<Own> Spread(const base::Bytes& script, size_t count, Amount value)
    {
        const auto from = Take(1);
        MutableTransaction tx;
        tx.inputs.push_back({from[0].outpoint, {}, primitives::SEQUENCE_FINAL, {}});
        tx.outputs.assign(count, {value, script});
        const auto made = builder.Sign(std::move(tx), from);
        Accepted({made}, {});
        std::vector<Own> out;
        for (uint32_t i = 0; i < count; ++i)
            out.push_back({{made->Txid(), i}, made->Outputs()[i]});
        return out;
    }

    static MutableTransaction Spend(const std::vector<Own>& from)
    {
        MutableTransaction tx;
        for (const auto& own : from)
            tx.inputs.push_back({own.outpoint, {}, primitives::SEQUENCE_FINAL, {}});
        tx.outputs.push_back({0, base::Bytes{script::OP_1}});
        return tx;
    }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Builder builder{params};
    Hash256 tip = params.genesis_hash;
    int32_t height = 0;
    uint32_t time = params.genesis.header.time;
    uint32_t tag = 0;
    std::vector<Own> coins;
    double seconds = 0;
};

/// A Taproot output whose one leaf is this script, and what spends it.
struct Leaf {
    explicit Leaf(base::Bytes leaf_script)
    {
        const auto key = crypto::PrivateKey::From(base::Bytes(32, 0x21))->Public();
        const auto tree = script::BuildTapTree(crypto::ToXOnly(key)->key,
                                               {{0, script::TAPSCRIPT_LEAF_VERSION, leaf_script}});
        output = script::PayToTaproot(tree->output_key);
        spending = {std::move(leaf_script), tree->control_blocks[0]};
    }

    /// The witness with these items below script and control block.
    [[nodiscard]] std::vector<base::Bytes> Witness(std::vector<base::Bytes> items) const
    {
        items.insert(items.end(), spending.begin(), spending.end());
        return items;
    }

    base::Bytes output;
    std::vector<base::Bytes> spending;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(limits, Limits)

BOOST_AUTO_TEST_CASE(inputs_as_many_as_fit)
{
    // 41 bytes each without script and witness.
    const size_t count = (MAX_BLOCK_WEIGHT - BLOCK_FRAME_WEIGHT) / (41 * WITNESS_SCALE);
    const auto own = Spread({script::OP_1}, count, 1'000);
    const auto tx = primitives::MakeTx(Spend(own));
    BOOST_TEST(tx->Inputs().size() > 24'000U);
    const auto block = Accepted({tx}, std::to_string(count) + " inputs in one transaction");
    BOOST_TEST(primitives::BlockWeight(*block) > MAX_BLOCK_WEIGHT - 2'000);
    for (size_t i = 0; i < own.size(); i += 1'000)
        BOOST_TEST(!node.chain->Reader().GetCoin(own[i].outpoint));
}

BOOST_AUTO_TEST_CASE(signatures_that_each_hash_the_whole_transaction)
{
    // The original signature hash: every input hashes all of them, here 0.27 MB each.
    const auto key = *crypto::PrivateKey::From(base::Bytes(32, 0x22));
    const auto point = key.Public();
    const auto script = script::PayToPubKeyHash(point.Id());
    const size_t count = (MAX_BLOCK_WEIGHT - BLOCK_FRAME_WEIGHT) / ((41 + 107) * WITNESS_SCALE);
    const auto own = Spread(script, count, 1'000);
    MutableTransaction tx = Spend(own);
    const MutableTransaction unsigned_tx = tx;
    for (size_t i = 0; i < count; ++i) {
        auto signature = key.SignEcdsa(script::LegacySigHash(unsigned_tx, i, script, script::SIGHASH_ALL));
        signature.push_back(static_cast<uint8_t>(script::SIGHASH_ALL));
        tx.inputs[i].script_sig = ScriptBuilder().Push(signature).Push(point.Span()).Take();
    }
    Accepted({primitives::MakeTx(std::move(tx))}, std::to_string(count) + " P2PKH inputs");
    tx = Spend(Spread(script, 1, 1'000));
    BOOST_TEST((RefusedFor({primitives::MakeTx(std::move(tx))}) == Rule::ScriptFailed));
}

BOOST_AUTO_TEST_CASE(signature_checks_of_the_old_kind)
{
    constexpr size_t EACH = 100; // 199 operations of the 201 a script may have
    constexpr size_t COINS = MAX_OLD_CHECKS / EACH;
    const auto key = *crypto::PrivateKey::From(base::Bytes(32, 0x23));
    const auto point = key.Public();
    ScriptBuilder checks;
    for (size_t i = 1; i < EACH; ++i)
        checks.Op(script::OP_DUP).Push(point.Span()).Op(script::OP_CHECKSIGVERIFY);
    const auto script = checks.Push(point.Span()).Op(script::OP_CHECKSIG).Take();
    auto make = Spend(Spread({script::OP_1}, 1, COINS * 1'000));
    make.outputs.assign(COINS, {1'000, script});
    auto more = make;
    more.outputs.push_back({0, base::Bytes{script::OP_CHECKSIG}});
    BOOST_TEST((RefusedFor({primitives::MakeTx(more)}) == Rule::BlockLegacySigOps));
    // One signature of the new kind costs 1, a check of the old kind 4.
    const auto witness = builder.Pay(Take(1), 1, 1'000);
    const auto full = primitives::MakeTx(make);
    BOOST_TEST((RefusedFor({full, witness}) == Rule::SigOpCost));
    Accepted({full}, "scripts with 20,000 signature checks");
    std::vector<Own> own;
    for (uint32_t i = 0; i < COINS; ++i)
        own.push_back({{full->Txid(), i}, full->Outputs()[i]});
    const auto spend = [&](size_t padding) {
        auto tx = Spend(own);
        tx.outputs.push_back({0, base::Bytes(padding, script::OP_RETURN)});
        const MutableTransaction unsigned_tx = tx;
        for (size_t i = 0; i < COINS; ++i) {
            auto signature =
                key.SignEcdsa(script::LegacySigHash(unsigned_tx, i, script, script::SIGHASH_ALL));
            signature.push_back(static_cast<uint8_t>(script::SIGHASH_ALL));
            tx.inputs[i].script_sig = ScriptBuilder().Push(signature).Take();
        }
        return tx;
    };
    auto wrong = spend(0);
    wrong.inputs[COINS - 1].script_sig[20] ^= 1;
    BOOST_TEST((RefusedFor({primitives::MakeTx(wrong)}) == Rule::ScriptFailed));
    Accepted({primitives::MakeTx(spend(900'000))},
             "20,000 signature checks of the old kind, each over 0.9 MB");
}

BOOST_AUTO_TEST_CASE(signatures_of_verifiers)
{
    constexpr size_t LINES = 8; // in one record
    const auto key = *crypto::PrivateKey::From(base::Bytes(32, 0x24));
    const auto free = Spread({script::OP_1}, 4, 1'000);
    auto verifier = builder.Op(names::OpKind::New, "ver:enum", 30, "name=Verifier");
    verifier.owner_script = script::PayToWitnessKeyHash(key.Public().Id());
    Accepted({builder.Names(Take(1), {verifier}, 1'000)}, {});
    const auto owner = *script::EncodeAddress(params.addresses, builder.Script());
    const auto record = [&](names::OpKind kind, const std::string& digits, size_t lines) {
        const auto text = enumrec::SignatureText(*enumrec::Number::FromDigits(digits), owner, 0);
        const auto signature = codec::Base64Encode(key.SignCompact(script::MessageDigest(text)));
        std::string value = "E2U+sip=100|10|!^(.*)$!sip:a@b.example!";
        for (size_t i = 0; i < lines; ++i)
            value += "\nSIG=ver:enum|" + signature;
        return builder.Op(kind, "enum:" + digits + ":0", 30, value);
    };
    // Four inputs cost 1 each, a line and a check of the old kind 4.
    const auto filler = [&](size_t coin, size_t checks) {
        auto tx = Spend({free[coin]});
        tx.outputs.push_back({0, base::Bytes(checks, script::OP_CHECKSIG)});
        return primitives::MakeTx(tx);
    };
    const auto names = [&](names::OpKind kind, const std::vector<Own>& from, size_t lines) {
        return builder.Names(from, {record(kind, "18009359935", LINES), record(kind, "18009359936", lines)},
                             1'000);
    };
    const auto from = Take(4);
    constexpr size_t LEFT = MAX_OLD_CHECKS - 1 - (2 * LINES - 1);
    const auto rest = filler(0, LEFT);
    BOOST_TEST((RefusedFor({rest, names(names::OpKind::New, from, LINES)}) == Rule::SigOpCost));
    const auto made = names(names::OpKind::New, from, LINES - 1);
    BOOST_TEST((RefusedFor({filler(0, LEFT + 1), made}) == Rule::SigOpCost));
    Accepted({rest, made}, "15 lines of verifiers and 19,984 checks of the old kind");
    // Unchanged, they are not verified and cost nothing; three coins are spent here.
    std::vector<Own> again{Take(1)[0]};
    for (uint32_t i = 0; i < 2; ++i)
        again.push_back({{made->Txid(), i}, {made->Outputs()[i].value, builder.Script()}});
    const auto renewed = names(names::OpKind::Update, again, LINES - 1);
    BOOST_TEST((RefusedFor({filler(1, MAX_OLD_CHECKS), renewed}) == Rule::SigOpCost));
    Accepted({filler(1, MAX_OLD_CHECKS - 1), renewed}, "the same lines renewed, and 19,999 checks");
}

BOOST_AUTO_TEST_CASE(tapscript_stack_at_its_limits)
{
    // 1,000 items of 520 bytes each, the most a stack and an item may be.
    ScriptBuilder drops;
    for (size_t i = 0; i + 1 < script::MAX_STACK_ITEMS / 2; ++i)
        drops.Op(script::OP_2DROP);
    drops.Op(script::OP_DROP);
    const Leaf leaf(drops.Take());
    const auto own = Spread(leaf.output, 4, 1'000);
    const base::Bytes item(script::MAX_ELEMENT_BYTES, 1);
    const auto spend = [&](size_t coin, size_t items, size_t longest) {
        auto tx = Spend({own[coin]});
        std::vector<base::Bytes> stack(items, item);
        stack[0].resize(longest, 1);
        tx.inputs[0].witness = leaf.Witness(std::move(stack));
        return primitives::MakeTx(std::move(tx));
    };
    BOOST_TEST((RefusedFor({spend(0, script::MAX_STACK_ITEMS + 1, 520)}) == Rule::ScriptFailed));
    BOOST_TEST((RefusedFor({spend(0, script::MAX_STACK_ITEMS, 521)}) == Rule::ScriptFailed));
    BOOST_TEST((RefusedFor({spend(0, script::MAX_STACK_ITEMS - 1, 520)}) == Rule::ScriptFailed));
    Accepted({spend(0, script::MAX_STACK_ITEMS, 520)}, "1,000 stack items of 520 bytes");
}

BOOST_AUTO_TEST_CASE(one_tapscript_as_large_as_a_block)
{
    const base::Bytes item(script::MAX_ELEMENT_BYTES, 1);
    ScriptBuilder pushes;
    for (size_t i = 0; i < (MAX_BLOCK_WEIGHT - 2 * BLOCK_FRAME_WEIGHT) / 524; ++i)
        pushes.Push(item).Op(script::OP_DROP);
    pushes.Op(script::OP_1);
    const Leaf leaf(pushes.Take());
    const auto own = Spread(leaf.output, 1, 1'000);
    auto tx = Spend(own);
    tx.inputs[0].witness = leaf.Witness({});
    Accepted({primitives::MakeTx(std::move(tx))}, "a tapscript that fills the block");
}

BOOST_AUTO_TEST_CASE(one_witness_item_as_large_as_a_block)
{
    // A witness version without meaning takes anything.
    const auto own = Spread(script::PayToWitness(5, base::Bytes(32, 7)), 1, 1'000);
    auto tx = Spend(own);
    tx.inputs[0].witness = {base::Bytes(MAX_BLOCK_WEIGHT - BLOCK_FRAME_WEIGHT, 9)};
    const auto block = Accepted({primitives::MakeTx(std::move(tx))}, "a witness item that fills the block");
    const auto read = node.chain->Reader().ReadBlock(block->header.Hash());
    BOOST_REQUIRE(read);
    BOOST_TEST((*read)->transactions[1]->Inputs()[0].witness[0].size() ==
               MAX_BLOCK_WEIGHT - BLOCK_FRAME_WEIGHT);
}

BOOST_AUTO_TEST_CASE(names_as_many_as_fit)
{
    const size_t op_weight = WITNESS_SCALE * (8 + 1 + 35);
    const size_t count = (MAX_BLOCK_WEIGHT - 2 * BLOCK_FRAME_WEIGHT - 8'000) / op_weight;
    std::vector<names::NameOp> ops;
    for (size_t i = 0; i < count; ++i) {
        std::string name = std::to_string(i);
        name.insert(0, 5 - name.size(), '0');
        ops.push_back(builder.Op(names::OpKind::New, name, 1, ""));
    }
    const auto from = Take(8); // the fees alone are more than 240 EMC
    const auto tx = builder.Names(from, ops, 1'000);
    const auto block = Accepted({tx}, std::to_string(count) + " new names in one transaction");
    BOOST_TEST(primitives::BlockWeight(*block) > MAX_BLOCK_WEIGHT / 100 * 97);
    BOOST_TEST(node.chain->Names().NameStats().count == count);
    static_cast<void>(node.CheckedNameHash());
    // And back again.
    const int64_t began = base::SteadyMicros();
    BOOST_REQUIRE(node.chain->Control().InvalidateBlock(tip));
    BOOST_TEST_MESSAGE("taken back in " << static_cast<double>(base::SteadyMicros() - began) / 1e6 << " s");
    BOOST_TEST(node.chain->Names().NameStats().count == 0U);
}

BOOST_AUTO_TEST_CASE(values_as_large_as_they_may_be)
{
    // 48 of them fill a block; one more does not fit.
    const std::string value(names::MAX_VALUE_BYTES, 'v');
    constexpr int BLOCKS = 4;
    constexpr size_t IN_EACH = 48;
    for (int b = 0; b < BLOCKS; ++b) {
        std::vector<names::NameOp> ops;
        for (size_t i = 0; i <= IN_EACH; ++i) {
            ops.push_back(builder.Op(names::OpKind::New,
                                     "large:" + std::to_string(b) + ":" + std::to_string(i), 30, value));
        }
        const auto from = Take(1);
        if (b == 0) {
            const auto rule = RefusedFor({builder.Names(from, ops, 1'000)});
            BOOST_TEST((rule == Rule::BlockLength), consensus::Bip22(rule));
        }
        ops.pop_back();
        const auto block =
            Accepted({builder.Names(from, ops, 1'000)}, std::to_string(IN_EACH) + " values of 20,480 bytes");
        BOOST_TEST(primitives::BlockWeight(*block) > MAX_BLOCK_WEIGHT / 100 * 97);
    }
    BOOST_TEST(node.chain->Names().NameStats().count == BLOCKS * IN_EACH);
    static_cast<void>(node.CheckedNameHash());
    const auto verified = node.chain->Control().Verify(4, BLOCKS);
    BOOST_TEST(verified.HasValue(), (verified ? "" : verified.Error().message));
}

BOOST_AUTO_TEST_CASE(numbers_with_the_dearest_expressions)
{
    // Each near the limits of positions (512), length (255) and nesting (4), and made so that a matcher which
    // backtracks would not come to an end.
    const auto repeat = [](std::string_view part, size_t times) {
        std::string out;
        for (size_t i = 0; i < times; ++i)
            out += part;
        return out;
    };
    const std::vector<std::string> expressions{
        "^" + repeat(".{0,16}", 31) + "$",
        "^\\+" + repeat(".{0,15}", 33) + "$",
        "^\\+((((1*)*)*)*)*" + repeat("1?", 90) + ".*$",
        "((((.*)*)*)*)*" + repeat(".*", 80),
        "^(.|.|.|[0-9]|[[:digit:]]|.*|\\+)*" + repeat("[^a]*", 30) + "$",
        repeat("(.*.*.*.*.*.*.*)*", 9) + repeat(".*", 20),
    };
    std::string value;
    std::vector<std::string> good;
    for (const auto& expression : expressions) {
        const std::string line = "E2U+sip=100|10|!" + expression + "!sip:a!";
        const auto compiled = enumrec::Ere::Compile(expression);
        BOOST_TEST(compiled.HasValue(), expression << ": " << (compiled ? "" : Text(compiled.Error().error)));
        if (compiled) good.push_back(line);
    }
    BOOST_TEST(good.size() == expressions.size());
    for (size_t i = 0; i < 16; ++i)
        value += (i == 0 ? "" : "\n") + good[i % good.size()];
    const size_t op_weight = WITNESS_SCALE * (value.size() + 90);
    const size_t count = (MAX_BLOCK_WEIGHT - 2 * BLOCK_FRAME_WEIGHT) / op_weight;
    std::vector<names::NameOp> ops;
    for (size_t i = 0; i < count; ++i) {
        const auto number = std::to_string(111'111'111'110'000 + i);
        ops.push_back(builder.Op(names::OpKind::New, "enum:" + number + ":0", 30, value));
    }
    Accepted({builder.Names(Take(1), ops, 1'000)}, std::to_string(count) +
                                                       " numbers with 16 expressions of " +
                                                       std::to_string(value.size() / 16) + " bytes each");
    BOOST_TEST(node.chain->Names().NameStats().count == count);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
