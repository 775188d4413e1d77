// From an unsigned transaction to a finished one, through every role.
#include "unit/psbt/rig.h"

using namespace emc;
using namespace emc::psbt;
using test::Expand;
using test::Payment;
using test::Pub;
using test::SignWith;
using test::Wif;

namespace {

/// Public form of a descriptor of WIF keys 1 … 3.
std::string Public(std::string text)
{
    for (uint8_t n = 1; n <= 3; ++n) {
        for (size_t at = text.find(Wif(n)); at != std::string::npos; at = text.find(Wif(n)))
            text.replace(at, Wif(n).size(), Pub(n));
    }
    return text;
}

/// Only the key `n` of a descriptor stays private.
std::string OnlyKey(const std::string& text, uint8_t n)
{
    std::string out = Public(text);
    for (size_t at = out.find(Pub(n)); at != std::string::npos; at = out.find(Pub(n)))
        out.replace(at, Pub(n).size(), Wif(n));
    return out;
}

/// Finalizes, extracts and checks the signature by the rules.
void CheckFinishes(Payment& payment, const std::string& what)
{
    BOOST_CHECK_MESSAGE(Analyze(payment.psbt).next == Role::Finalizer, what);
    BOOST_REQUIRE_MESSAGE(Finalize(payment.psbt), what);
    BOOST_CHECK(Analyze(payment.psbt).next == Role::Extractor);
    const auto tx = Extract(payment.psbt);
    BOOST_REQUIRE_MESSAGE(tx.has_value(), what);
    const script::PrecomputedTx precomputed(*tx, {payment.spent});
    BOOST_CHECK_MESSAGE(script::VerifyInput(precomputed, 0, script::STANDARD_FLAGS).HasValue(), what);
    BOOST_CHECK(tx->outputs == payment.psbt.tx.outputs);
}

} // namespace

BOOST_AUTO_TEST_SUITE(psbt_roles)

BOOST_AUTO_TEST_CASE(EveryTemplateFromUpdaterToExtractor)
{
    const std::string one = Wif(1), two = Wif(2), three = Wif(3);
    const std::string multi = "multi(2," + one + "," + two + "," + three + ")";
    for (const auto& descriptor :
         {"pk(" + one + ")", "pkh(" + one + ")", "wpkh(" + one + ")", "sh(wpkh(" + one + "))", multi,
          "sh(" + multi + ")", "wsh(" + multi + ")", "sh(wsh(" + multi + "))", "wsh(pkh(" + one + "))",
          "tr(" + one + ")", "tr(" + one + ",pk(" + two + "))"}) {
        const auto known = Expand(Public(descriptor));
        Payment payment(known.scripts[0]);
        BOOST_CHECK(Analyze(payment.psbt).next == Role::Updater);
        payment.Update(known);
        BOOST_CHECK_MESSAGE(Analyze(payment.psbt).next == Role::Signer, descriptor);
        const auto foreseen = Analyze(payment.psbt).vsize;
        BOOST_CHECK_GT(SignWith(payment.psbt, descriptor), 0U);
        BOOST_CHECK_EQUAL(SignWith(payment.psbt, descriptor), 0U); // nothing is signed twice
        CheckFinishes(payment, descriptor);
        const auto tx = Extract(payment.psbt);
        BOOST_REQUIRE(foreseen.has_value());
        const size_t actual = primitives::Transaction(*tx).VirtualSize();
        BOOST_CHECK_MESSAGE(*foreseen >= actual && *foreseen <= actual + 4,
                            descriptor << ": " << *foreseen << " foreseen, " << actual);
        BOOST_CHECK_EQUAL(*Analyze(payment.psbt).fee, 1'000);
    }
}

BOOST_AUTO_TEST_CASE(SignersApartAreCombined)
{
    const std::string keys = Wif(1) + "," + Wif(2) + "," + Wif(3);
    for (const auto& descriptor : {"sh(sortedmulti(2," + keys + "))", "wsh(multi(2," + keys + "))",
                                   "tr(" + Pub(9) + ",multi_a(2," + keys + "))"}) {
        const auto known = Expand(Public(descriptor));
        Payment payment(known.scripts[0]);
        payment.Update(known);
        Psbt first = payment.psbt, third = payment.psbt;
        BOOST_CHECK_EQUAL(SignWith(first, OnlyKey(descriptor, 1)), 1U);
        BOOST_CHECK_EQUAL(SignWith(third, OnlyKey(descriptor, 3)), 1U);
        Psbt alone = first;
        BOOST_CHECK(!Finalize(alone));
        BOOST_CHECK(!Extract(alone));
        const auto combined = Combine({payment.psbt, first, third});
        BOOST_REQUIRE(combined.HasValue());
        payment.psbt = *combined;
        CheckFinishes(payment, descriptor);
    }
}

BOOST_AUTO_TEST_CASE(NameOutputsAreSpentByTheirOwner)
{
    const auto owner = script::PayToWitnessKeyHash(test::Secret(1).Public().Id());
    names::NameOp op;
    op.name = "dns:example";
    op.days = 30;
    op.value = base::ToBytes("A=1.2.3.4");
    op.owner_script = owner;
    const Bytes whole = names::WriteNameScript(op);
    Payment payment(owner, whole, primitives::NAME_TX_VERSION);
    payment.psbt.tx.version = primitives::NAME_TX_VERSION;
    op.kind = names::OpKind::Update;
    payment.psbt.tx.outputs[0].script_pubkey = names::WriteNameScript(op);
    payment.Update(Expand("wpkh(" + Pub(1) + ")"));
    BOOST_CHECK(SpentOutput(payment.psbt, 0)->script_pubkey == owner);
    // Others copy the output as it stands in its transaction.
    payment.psbt.inputs[0].Set(IN_SPENT_OUTPUT, WriteOutput({50'000, whole}));
    BOOST_REQUIRE(SpentOutput(payment.psbt, 0).has_value());
    BOOST_CHECK(SpentOutput(payment.psbt, 0)->script_pubkey == owner);
    UpdateOutput(payment.psbt, 0, script::SigningProvider{}, Derivations::With);
    BOOST_CHECK_EQUAL(SignWith(payment.psbt, "wpkh(" + Wif(1) + ")"), 1U);
    CheckFinishes(payment, "name");
    BOOST_CHECK_GT(Analyze(payment.psbt).burned, 0);
}

BOOST_AUTO_TEST_CASE(WhatIsNotProvenIsNotSigned)
{
    // An old-style input without its previous transaction: the amount could be a lie.
    Payment legacy(script::PayToPubKeyHash(test::Secret(1).Public().Id()));
    legacy.psbt.inputs[0].Set(IN_SPENT_OUTPUT, WriteOutput(legacy.spent));
    BOOST_CHECK_EQUAL(SignWith(legacy.psbt, "pkh(" + Wif(1) + ")"), 0U);
    // Two sources that contradict each other.
    Payment payment(script::PayToWitnessKeyHash(test::Secret(1).Public().Id()));
    payment.Update(Expand("wpkh(" + Pub(1) + ")"));
    Psbt lied = payment.psbt;
    lied.inputs[0].Set(IN_SPENT_OUTPUT, WriteOutput({60'000, payment.spent.script_pubkey}));
    BOOST_CHECK(!SpentOutput(lied, 0));
    BOOST_CHECK_EQUAL(SignWith(lied, "wpkh(" + Wif(1) + ")"), 0U);
    // A redeem script that does not hash to what the output says.
    const auto known = Expand("sh(multi(1," + Pub(1) + "))");
    Payment script(known.scripts[0]);
    script.Update(known);
    script.psbt.inputs[0].Set(IN_REDEEM_SCRIPT, {0x51});
    BOOST_CHECK_EQUAL(SignWith(script.psbt, "pkh(" + Wif(1) + ")"), 0U);
    BOOST_CHECK(Analyze(script.psbt).inputs[0].missing_redeem_script.has_value());
}

BOOST_AUTO_TEST_CASE(HashTypesAreKept)
{
    Payment payment(script::PayToWitnessKeyHash(test::Secret(1).Public().Id()));
    payment.Update(Expand("wpkh(" + Pub(1) + ")"));
    payment.psbt.inputs[0].Set(IN_SIGHASH_TYPE, {script::SIGHASH_NONE, 0, 0, 0});
    script::KeySet keys;
    keys.Add(test::Secret(1));
    BOOST_CHECK(!Sign(payment.psbt, keys.Provider(), script::SIGHASH_ALL));
    BOOST_REQUIRE(Sign(payment.psbt, keys.Provider()).HasValue());
    BOOST_CHECK_EQUAL(payment.psbt.inputs[0].OfType(IN_PARTIAL_SIG)[0].value.back(), script::SIGHASH_NONE);
    CheckFinishes(payment, "hash type");
}

BOOST_AUTO_TEST_CASE(CombiningAndJoining)
{
    Payment one(script::PayToPubKeyHash(test::Secret(1).Public().Id()));
    Payment two(script::PayToPubKeyHash(test::Secret(2).Public().Id()));
    BOOST_CHECK(!Combine({}));
    BOOST_CHECK(!Combine({one.psbt, two.psbt}));
    BOOST_CHECK(!Join({one.psbt}));
    BOOST_CHECK(!Join({one.psbt, one.psbt}));
    one.psbt.inputs[0].Set(0x77, {1});
    two.psbt.tx.lock_time = 5;
    const auto joined = Join({one.psbt, two.psbt});
    BOOST_REQUIRE(joined.HasValue());
    BOOST_CHECK_EQUAL(joined->inputs.size(), 2U);
    BOOST_CHECK_EQUAL(joined->outputs.size(), 2U);
    BOOST_CHECK_EQUAL(joined->tx.lock_time, 0U);
    BOOST_CHECK(joined->inputs[0] == one.psbt.inputs[0]);
    BOOST_CHECK(Parse(Serialize(*joined)).HasValue());
}

BOOST_AUTO_TEST_CASE(MoreOutThanInIsAnError)
{
    Payment payment(script::PayToWitnessKeyHash(test::Secret(1).Public().Id()));
    payment.psbt.tx.outputs[0].value = 60'000;
    payment.Update(Expand("wpkh(" + Pub(1) + ")"));
    const auto state = Analyze(payment.psbt);
    BOOST_CHECK(!state.error.empty());
    BOOST_CHECK(!state.fee);
}

BOOST_AUTO_TEST_SUITE_END()
