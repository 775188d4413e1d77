#include "names/transition.h"

#include "unit/names/sample.h"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace emc;
using namespace emc::names;
using test::ENUM_ROUTE;
using test::NameTx;
using test::Op;
using test::Out;
using test::Owner;

namespace {

constexpr int32_t HEIGHT = 1'000;
const enumrec::Number NUMBER = *enumrec::Number::FromDigits("18009359935");
const std::string SLOT_0 = "enum:18009359935:0";
const std::string SLOT_1 = "enum:18009359935:1";

/// A state with two names, one of them expired, and a verifier.
struct Fixture {
    test::MapView view;
    script::AddressParams addresses;
    test::Verifier verifier{"ver:enum", 7};
    NameContext context;

    Fixture()
    {
        view.records["live"] = test::Record(Out(1), "v", Owner(1), HEIGHT);
        view.records["gone"] = test::Record(Out(2), "v", Owner(1), HEIGHT - 1);
        view.records["ver:enum"] = test::Record(Out(3), "name=Example", verifier.script, HEIGHT);
        context.height = HEIGHT;
        context.view = &view;
        context.addresses = &addresses;
    }

    base::Expected<std::vector<NameDelta>, NameFailure> Run(const std::vector<NameOp>& list,
                                                            const std::vector<primitives::OutPoint>& inputs,
                                                            const std::vector<SpentName>& spent = {})
    {
        const auto tx = NameTx(list, inputs);
        const auto ops = CheckNameOutputs(*tx);
        if (!ops) return base::Unexpected(ops.Error());
        return CheckTransition(*tx, *ops, spent, context);
    }

    std::optional<NameError> ErrorOf(const std::vector<NameOp>& list,
                                     const std::vector<primitives::OutPoint>& inputs,
                                     const std::vector<SpentName>& spent = {})
    {
        const auto deltas = Run(list, inputs, spent);
        if (deltas) return std::nullopt;
        return deltas.Error().error;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(names_transition, Fixture)

BOOST_AUTO_TEST_CASE(new_names)
{
    const auto deltas = Run({Op(OpKind::New, "fresh", 30), Op(OpKind::New, "gone", 36'500)}, {Out(9)});
    BOOST_REQUIRE(deltas);
    const NameDelta& fresh = (*deltas)[0];
    BOOST_CHECK(!fresh.before);
    BOOST_REQUIRE(fresh.after);
    BOOST_CHECK_EQUAL(fresh.after->expiry, HEIGHT + 30 * BLOCKS_PER_DAY);
    BOOST_CHECK_EQUAL(fresh.after->born_height, HEIGHT);
    BOOST_CHECK_EQUAL(fresh.after->outpoint.index, 0u);
    BOOST_CHECK_EQUAL(fresh.days, 30);
    const NameDelta& again = (*deltas)[1];
    BOOST_CHECK(again.before);
    BOOST_CHECK_EQUAL(again.after->expiry, HEIGHT + MAX_EXPIRY_AHEAD);
    BOOST_CHECK_EQUAL(again.after->outpoint.index, 1u);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "live")}, {Out(9)}) == NameError::NewOfLiveName);
    ++context.height; // the last block of "live" has passed
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, "live")}, {Out(9)}));
}

BOOST_AUTO_TEST_CASE(updates_and_deletes)
{
    const auto deltas = Run({Op(OpKind::Update, "live", 2, "w", Owner(5))}, {Out(9), Out(1)}, {{1, "live"}});
    BOOST_REQUIRE(deltas);
    const NameRecord& after = *deltas->front().after;
    BOOST_CHECK_EQUAL(after.expiry, HEIGHT + 2 * BLOCKS_PER_DAY);
    BOOST_CHECK_EQUAL(after.born_height, 1);
    BOOST_CHECK_EQUAL(after.updated_height, HEIGHT);
    BOOST_CHECK(after.owner_script == Owner(5) && after.value == base::ToBytes("w"));

    const auto deleted = Run({Op(OpKind::Delete, "live")}, {Out(1)}, {{0, "live"}});
    BOOST_REQUIRE(deleted);
    BOOST_CHECK(deleted->front().before && !deleted->front().after);

    BOOST_CHECK(ErrorOf({Op(OpKind::Update, "gone")}, {Out(2)}) == NameError::NotLive);
    BOOST_CHECK(ErrorOf({Op(OpKind::Delete, "unknown")}, {Out(2)}) == NameError::NotLive);
    BOOST_CHECK(ErrorOf({Op(OpKind::Update, "live")}, {Out(1, 1)}) == NameError::NotOwnerInput);
    BOOST_CHECK(ErrorOf({Op(OpKind::Delete, "live")}, {Out(9)}) == NameError::NotOwnerInput);
    BOOST_CHECK(!ErrorOf({Op(OpKind::Update, "live", 36'500)}, {Out(1)}));
    view.records["live"].expiry = HEIGHT + 1;
    BOOST_CHECK(ErrorOf({Op(OpKind::Update, "live", 36'500)}, {Out(1)}) == NameError::ExpiryTooFar);
    context.height = std::numeric_limits<int32_t>::max() - 10;
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "fresh", 30)}, {Out(1)}) == NameError::ExpiryTooFar);
}

BOOST_AUTO_TEST_CASE(spending_without_operation)
{
    const auto plain = NameTx({}, {Out(1)}, 2);
    BOOST_CHECK(CheckNameOutputs(*plain)->empty());
    const auto refused = CheckTransition(*plain, {}, {{4, "live"}}, context);
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.Error().error == NameError::SpentWithoutOp);
    BOOST_CHECK_EQUAL(refused.Error().index, 4u);
    BOOST_CHECK(CheckTransition(*plain, {}, {{0, "gone"}}, context));
    BOOST_CHECK(CheckTransition(*plain, {}, {{0, "unknown"}}, context));
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "fresh")}, {Out(1)}, {{0, "live"}}) == NameError::SpentWithoutOp);
}

BOOST_AUTO_TEST_CASE(outputs_of_a_transaction)
{
    BOOST_CHECK(ErrorOf({}, {Out(9)}) == NameError::NoNameOutput);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "a"), Op(OpKind::New, "a")}, {Out(9)}) == NameError::RepeatedInTx);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "enum:1")}, {Out(9)}) == NameError::EnumName);
    BOOST_CHECK(ErrorOf({Op(OpKind::Delete, "ver:")}, {Out(9)}) == NameError::EnumName);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_0, 1, "x")}, {Out(9)}) == NameError::EnumValue);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "enum:tollfree", 1, "x")}, {Out(9)}) == NameError::EnumValue);
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, "enum:tollfree:1", 1, "=1800.*\n" + ENUM_ROUTE)}, {Out(9)}));
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "ver:x", 1, "x")}, {Out(9)}) == NameError::VerValue);
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, "ver:x", 1, "name=x")}, {Out(9)}));
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, "ver:x", 1, "name=x", script::PayToPubKeyHash({}))}, {Out(9)}));
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "ver:x", 1, "name=x", script::PayToScriptHash({}))}, {Out(9)}) ==
                NameError::VerOwner);
    BOOST_CHECK(!ErrorOf({Op(OpKind::Delete, "ver:enum", 0, "", script::PayToScriptHash({}))}, {Out(3)}));

    primitives::MutableTransaction broken;
    broken.version = primitives::NAME_TX_VERSION;
    broken.inputs.resize(1);
    broken.inputs[0].prevout = Out(1);
    broken.outputs.push_back({0, Owner(1)});
    broken.outputs.push_back({0, Bytes{0x51, 0x75}});
    const auto refused = CheckNameOutputs(primitives::Transaction(broken));
    BOOST_REQUIRE(!refused);
    BOOST_CHECK(refused.Error().error == NameError::BadPrefix);
    BOOST_CHECK_EQUAL(refused.Error().index, 1u);

    const auto detail = Run({Op(OpKind::New, SLOT_0, 1, ENUM_ROUTE + "\nE2U+sip=1|1|!(!a:b!")}, {Out(9)});
    BOOST_CHECK(detail.Error().detail.starts_with("E-18, line 2: expression is not valid ("));
    BOOST_CHECK(Run({Op(OpKind::New, SLOT_0, 1, "")}, {Out(9)}).Error().detail.starts_with("E-10: "));
    BOOST_CHECK(Run({Op(OpKind::New, "ver:x", 1, "name=x\nBad")}, {Out(9)})
                    .Error()
                    .detail.starts_with("V-13, line 2: "));
}

BOOST_AUTO_TEST_CASE(generated_transactions)
{
    for (const int32_t version : {primitives::NAME_TX_VERSION, primitives::REWARD_TX_VERSION}) {
        const auto coinbase = NameTx({}, {primitives::OutPoint{}}, version);
        BOOST_CHECK(CheckNameOutputs(*coinbase).Error().error == NameError::WrongTxKind);
        BOOST_CHECK(!CheckGeneratedVersion(*coinbase));
    }
    BOOST_CHECK(CheckNameOutputs(*NameTx({}, {primitives::OutPoint{}}, 2))->empty());
    BOOST_CHECK(CheckGeneratedVersion(*NameTx({}, {Out(1)}, 2)));
}

BOOST_AUTO_TEST_CASE(slots)
{
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, SLOT_0, 1, ENUM_ROUTE)}, {Out(9)}));
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_1, 1, ENUM_ROUTE)}, {Out(9)}) == NameError::EnumSlotGap);
    // both in one transaction: the state before the block decides
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_0, 1, ENUM_ROUTE), Op(OpKind::New, SLOT_1, 1, ENUM_ROUTE)},
                        {Out(9)}) == NameError::EnumSlotGap);
    view.records[SLOT_0] = test::Record(Out(4), ENUM_ROUTE, Owner(1), HEIGHT);
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, SLOT_1, 1, ENUM_ROUTE)}, {Out(9)}));
    view.records[SLOT_0].expiry = HEIGHT - 1;
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_1, 1, ENUM_ROUTE)}, {Out(9)}) == NameError::EnumSlotGap);
    view.records[SLOT_1] = test::Record(Out(5), ENUM_ROUTE, Owner(1), HEIGHT);
    BOOST_CHECK(!ErrorOf({Op(OpKind::Update, SLOT_1, 1, ENUM_ROUTE)}, {Out(5)}));
    BOOST_CHECK(!ErrorOf({Op(OpKind::Delete, SLOT_1)}, {Out(5)}));
}

BOOST_AUTO_TEST_CASE(signatures)
{
    const std::string signed_value = ENUM_ROUTE + "\n" + verifier.Line(NUMBER, Owner(1), 5);
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, SLOT_0, 1, signed_value)}, {Out(9)}));
    // bound to owner, number and expiry, not to the slot
    view.records[SLOT_0] = test::Record(Out(4), signed_value, Owner(1), HEIGHT);
    BOOST_CHECK(!ErrorOf({Op(OpKind::New, SLOT_1, 1, signed_value)}, {Out(9)}));
    view.records.erase(SLOT_0);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_0, 1, signed_value, Owner(2))}, {Out(9)}) ==
                NameError::SigWrong);
    BOOST_CHECK(ErrorOf({Op(OpKind::New, "enum:18009359936:0", 1, signed_value)}, {Out(9)}) ==
                NameError::SigWrong);
    auto other = verifier.Sign(NUMBER, Owner(1), 5);
    other.expiry = 6;
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_0, 1, ENUM_ROUTE + "\n" + enumrec::PrintLine(other))},
                        {Out(9)}) == NameError::SigWrong);
    view.records["ver:enum"].expiry = HEIGHT - 1;
    const auto gone = Run({Op(OpKind::New, SLOT_0, 1, signed_value)}, {Out(9)});
    BOOST_CHECK(gone.Error().error == NameError::SigVerifierMissing);
    BOOST_CHECK_EQUAL(gone.Error().detail, "E-04, line 2: ver:enum");
    view.records.erase("ver:enum");
    BOOST_CHECK(ErrorOf({Op(OpKind::New, SLOT_0, 1, signed_value)}, {Out(9)}) ==
                NameError::SigVerifierMissing);
}

BOOST_AUTO_TEST_CASE(unchanged_lines)
{
    const std::string line = verifier.Line(NUMBER, Owner(1));
    view.records[SLOT_0] = test::Record(Out(4), ENUM_ROUTE + "\n" + line, Owner(1), HEIGHT);
    view.records["ver:enum"].expiry = HEIGHT - 1;
    const auto update = [&](const std::string& value, uint8_t owner) {
        return ErrorOf({Op(OpKind::Update, SLOT_0, 1, value, Owner(owner))}, {Out(4)});
    };
    BOOST_CHECK(!update(line + "\nTTL=5\n" + ENUM_ROUTE, 1));
    BOOST_CHECK(update(line + "\n" + ENUM_ROUTE, 2) == NameError::SigVerifierMissing);
    BOOST_CHECK(update(ENUM_ROUTE + "\n" + line + "\n" + verifier.Line(NUMBER, Owner(1), 9), 1) ==
                NameError::SigVerifierMissing);
    BOOST_CHECK(!update(ENUM_ROUTE, 2));

    const auto cost = [&](OpKind kind, const std::string& value, uint8_t owner) {
        return NameSigOpCost({{0, Op(kind, SLOT_0, 1, value, Owner(owner))}}, context);
    };
    const std::string two = ENUM_ROUTE + "\n" + line + "\n" + verifier.Line(NUMBER, Owner(1), 9);
    BOOST_CHECK_EQUAL(cost(OpKind::Update, two, 1), 4);
    BOOST_CHECK_EQUAL(cost(OpKind::Update, two, 2), 8);
    BOOST_CHECK_EQUAL(cost(OpKind::Delete, "", 1), 0);
    BOOST_CHECK_EQUAL(NameSigOpCost({{0, Op(OpKind::Update, SLOT_0, 1, two)},
                                     {1, Op(OpKind::New, "free", 1, two)},
                                     {2, Op(OpKind::Delete, SLOT_1)}}),
                      8);
    BOOST_CHECK_EQUAL(NameSigOpCost({{0, Op(OpKind::New, "free", 1, two)}}, context), 0);
    view.records[SLOT_0].expiry = HEIGHT - 1; // no current record any more
    BOOST_CHECK_EQUAL(cost(OpKind::New, two, 1), 8);
}

BOOST_AUTO_TEST_CASE(verifying)
{
    script::SignatureCache cache(1 << 20, {});
    NameContext cached = context;
    cached.cache = &cache;
    const auto sig = verifier.Sign(NUMBER, Owner(1), 0);
    for (int round = 0; round < 2; ++round) {
        BOOST_CHECK(VerifySig(sig, NUMBER, Owner(1), verifier.script, cached));
        BOOST_CHECK(!VerifySig(sig, NUMBER, Owner(2), verifier.script, cached));
        BOOST_CHECK(!VerifySig(sig, NUMBER, Owner(1), Owner(1), cached));
    }
    BOOST_CHECK(!VerifySig(sig, NUMBER, Bytes{0x51}, verifier.script, context)); // no address
    const test::Verifier segwit("ver:w", 9, true);
    BOOST_CHECK(VerifySig(segwit.Sign(NUMBER, Owner(1), 3), NUMBER, Owner(1), segwit.script, context));
    enumrec::Sig dated;
    BOOST_CHECK(SigCounts(dated, 1'800'000'000));
    dated.expiry = 1'800'000'000;
    BOOST_CHECK(!SigCounts(dated, 1'800'000'000));
    BOOST_CHECK(SigCounts(dated, 1'799'999'999));
}

BOOST_AUTO_TEST_CASE(fees)
{
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::New, "dns:x", 30, std::string(123, 'v'))), 1'200'000);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::New, "dns:x", 31, std::string(124, 'v'))), 1'400'000);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::Update, "x", 0, "")), 100'000);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::Delete, "enum:1000:999")), 0);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::New, "enum:1000:9", 30, "")), 12'000'000);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::New, "enum:tollfree:9", 30, "")), 1'200'000);
    BOOST_CHECK_EQUAL(NameFee(Op(OpKind::New, "enum:bad:9", 30, "")), 1'200'000);
    BOOST_CHECK_EQUAL(NameFees({{0, Op(OpKind::Update, "x", 0, "")}, {1, Op(OpKind::Update, "y", 0, "")}}),
                      200'000);
}

BOOST_AUTO_TEST_CASE(names_of_a_block)
{
    BlockNames block;
    const auto add = [&](const primitives::TxRef& tx) -> std::optional<NameError> {
        const auto ops = CheckNameOutputs(*tx);
        BOOST_REQUIRE(ops);
        const auto ok = block.Add(*tx, *ops);
        if (ok) return std::nullopt;
        return ok.Error().error;
    };
    const auto first = NameTx({Op(OpKind::New, "a"), Op(OpKind::Delete, "b")}, {Out(1)});
    BOOST_CHECK(!add(first));
    BOOST_CHECK(add(NameTx({Op(OpKind::New, "c"), Op(OpKind::Update, "b")}, {Out(2)})) ==
                NameError::RepeatedInBlock);
    BOOST_CHECK(!add(NameTx({Op(OpKind::New, "c")}, {Out(3)}))); // "c" was not taken in
    BOOST_CHECK(add(NameTx({}, {{first->Txid(), 0}}, 2)) == NameError::SpentInSameBlock);
    BOOST_CHECK(!add(NameTx({}, {{first->Txid(), 1}}, 2))); // output of a DELETE is an ordinary coin
}

BOOST_AUTO_TEST_SUITE_END()
