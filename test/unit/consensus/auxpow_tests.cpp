// Merged-mining and stake shapes that no serialised block can have.
#include "consensus/auxpow.h"
#include "consensus/stake_rules.h"
#include "unit/consensus/world.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

namespace {

using consensus::Rule;

primitives::BlockHeader MergedHeader(const primitives::AuxPow& proof)
{
    primitives::BlockHeader header;
    header.version = static_cast<int32_t>(consensus::AUXPOW_CHAIN_ID << 16 | 0x104);
    header.bits = 0x207fffff;
    header.auxpow = std::make_shared<const primitives::AuxPow>(proof);
    return header;
}

Rule BrokenBy(const primitives::BlockHeader& header)
{
    const auto verdict = consensus::CheckAuxPow(header, consensus::RegtestParams());
    BOOST_REQUIRE(!verdict.HasValue());
    BOOST_CHECK(verdict.Error().mutated);
    return verdict.Error().rule;
}

primitives::AuxPow Proof()
{
    primitives::AuxPow proof;
    proof.coinbase = primitives::MakeTx(Spend({OutPoint{}}, {{0, ANYONE}}));
    return proof;
}

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_auxpow)

BOOST_AUTO_TEST_CASE(forms_the_reader_refuses)
{
    primitives::BlockHeader header = MergedHeader(Proof());
    header.auxpow = nullptr;
    BOOST_CHECK(BrokenBy(header) == Rule::AuxMissing);
    primitives::AuxPow proof;
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxMissing);

    MutableTransaction coinbase = Spend({OutPoint{}}, {{0, ANYONE}});
    coinbase.inputs[0].witness = {Bytes(3)};
    proof.coinbase = primitives::MakeTx(coinbase);
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxCoinbaseShape);
    proof.coinbase = primitives::MakeTx(Spend({}, {{0, ANYONE}}));
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxCoinbaseShape);

    proof = Proof();
    proof.chain_branch.resize(31);
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxBranchLength);
    proof = Proof();
    proof.coinbase_branch.resize(31);
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxBranchLength);

    coinbase = Spend({OutPoint{}}, {{0, Bytes(100'000)}});
    proof = Proof();
    proof.coinbase = primitives::MakeTx(coinbase);
    BOOST_CHECK(BrokenBy(MergedHeader(proof)) == Rule::AuxSize);
}

BOOST_AUTO_TEST_CASE(an_overweight_proof_is_the_copys_fault)
{
    const World world;
    Draft d(world);
    d.coinbase.outputs.push_back({0, Bytes(990'000, uint8_t{0x6a})});
    primitives::Block block = d.Finish();
    BOOST_CHECK(consensus::CheckBlockContext(block, {&world.params, world.height, world.start}).HasValue());
    primitives::AuxPow proof = Proof();
    proof.coinbase = primitives::MakeTx(Spend({OutPoint{}}, {{0, Bytes(90'000)}}));
    block.header.version = static_cast<int32_t>(consensus::AUXPOW_CHAIN_ID << 16 | 0x104);
    block.header.auxpow = std::make_shared<const primitives::AuxPow>(proof);
    const auto verdict = consensus::CheckBlockContext(block, {&world.params, world.height, world.start});
    BOOST_REQUIRE(!verdict.HasValue());
    BOOST_CHECK(verdict.Error().rule == Rule::BlockWeight);
    BOOST_CHECK(verdict.Error().mutated);
}

BOOST_AUTO_TEST_CASE(signing_keys)
{
    const auto rule = [](const Bytes& script, const primitives::TxIn& input) {
        const auto key = consensus::SigningKey(script, input);
        return key ? Rule::Ok : key.Error().rule;
    };
    const auto public_key = Key(1).Public();
    primitives::TxIn input;
    BOOST_CHECK(rule(KeyHashScript(1), input) == Rule::StakeKernelSpend);
    input.script_sig = {0x01, 0x30, 0x21};
    const base::ByteSpan bytes = public_key.Span();
    input.script_sig.insert(input.script_sig.end(), bytes.begin(), bytes.end());
    BOOST_CHECK(rule(KeyHashScript(1), input) == Rule::Ok);
    BOOST_CHECK(rule(KeyHashScript(2), input) == Rule::StakeKernelSpend); // another key's hash
    input.script_sig[0] = 0x51;                                           // no push of bytes
    input.script_sig.erase(input.script_sig.begin() + 1);
    BOOST_CHECK(rule(KeyHashScript(1), input) == Rule::StakeKernelSpend);
    input.script_sig = {0x01, 0x30, 0x01, 0x02};
    BOOST_CHECK(rule(KeyHashScript(1), input) == Rule::StakeKernelSpend); // no key
    input.script_sig = {0x01, 0x30, 0x01, 0x02, 0x00};
    BOOST_CHECK(rule(KeyHashScript(1), input) == Rule::StakeKernelSpend); // three pushes

    // A key that hashes right but is no point.
    Bytes no_point(33, uint8_t{0xff});
    no_point[0] = 0x02;
    primitives::TxIn bad;
    bad.witness = {Bytes{0x30}, no_point};
    const auto id = crypto::PublicKey::From(no_point)->Id();
    BOOST_CHECK(rule(script::PayToWitnessKeyHash(id), bad) == Rule::StakeKernelSpend);

    primitives::TxIn taproot;
    BOOST_CHECK(rule(TaprootScript(1), taproot) == Rule::StakeKernelSpend);
    taproot.witness = {Bytes(64)};
    BOOST_CHECK(rule(TaprootScript(1), taproot) == Rule::Ok);
    taproot.script_sig = {0x00};
    BOOST_CHECK(rule(TaprootScript(1), taproot) == Rule::StakeKernelSpend);
    BOOST_CHECK(rule(ANYONE, taproot) == Rule::StakeKernelScript);
    const auto x_only = crypto::ToXOnly(public_key)->key;
    BOOST_CHECK(!consensus::CheckBlockSignature(Hash256{}, x_only, Bytes(63)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
