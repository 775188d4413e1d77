// Signing every usual template, alone and together; signed messages.
#include "script/sign.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/opcodes.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::script;
using test::KeyNumber;
using test::ProviderOf;
using test::Spend;
using test::Words;

namespace {

Bytes ScriptHashOf(const Bytes& script)
{
    return PayToScriptHash(crypto::Hash160Of(script));
}

Bytes WitnessHashOf(const Bytes& script)
{
    return PayToWitnessScriptHash(crypto::Sha256Of(script));
}

/// Weight of input 0 as the serialised transaction has it.
size_t ActualWeight(const Spend& spend)
{
    const auto& input = spend.tx.inputs[0];
    const size_t script = input.script_sig.size();
    size_t witness = input.witness.empty() ? 0 : codec::CompactSizeBytes(input.witness.size());
    for (const Bytes& item : input.witness)
        witness += codec::CompactSizeBytes(item.size()) + item.size();
    return 4 * (40 + codec::CompactSizeBytes(script) + script) + witness;
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_sign)

BOOST_AUTO_TEST_CASE(EveryTemplateIsSignedAndItsWeightForeseen)
{
    const auto one = KeyNumber(1);
    const auto two = KeyNumber(2);
    const auto full = KeyNumber(3, false);
    const Bytes multi = MultiSigScript(2, {one.Public(), two.Public(), full.Public()});
    const Bytes compressed_multi = MultiSigScript(2, {one.Public(), two.Public(), KeyNumber(9).Public()});
    const Bytes key_program = PayToWitnessKeyHash(one.Public().Id());
    const Bytes wrapped_multi = WitnessHashOf(compressed_multi);
    const Bytes bare_key = PayToPubKey(one.Public());
    const Bytes bare_hash = PayToPubKeyHash(one.Public().Id());
    const auto provider = ProviderOf(
        {one, two, full}, {multi, compressed_multi, key_program, wrapped_multi, bare_key, bare_hash});
    const auto taproot = crypto::TweakXOnly(crypto::ToXOnly(one.Public())->key, {});
    BOOST_REQUIRE(taproot);
    for (const Bytes& output :
         {bare_key, PayToPubKey(full.Public()), bare_hash, PayToPubKeyHash(full.Public().Id()), multi,
          ScriptHashOf(multi), ScriptHashOf(bare_key), ScriptHashOf(bare_hash), key_program,
          ScriptHashOf(key_program), wrapped_multi, ScriptHashOf(wrapped_multi), WitnessHashOf(bare_key),
          WitnessHashOf(bare_hash)}) {
        for (const int type :
             {SIGHASH_ALL, SIGHASH_NONE, SIGHASH_SINGLE | SIGHASH_ANYONECANPAY, SIGHASH_DEFAULT}) {
            Spend spend(output);
            BOOST_TEST(spend.Sign(provider, type), base::Hex(output));
            BOOST_TEST((spend.Verify() == Error::Ok));
            const size_t foreseen = EstimateInputWeight(provider, output);
            const size_t actual = ActualWeight(spend);
            BOOST_TEST(foreseen >= actual, base::Hex(output));
            BOOST_TEST(foreseen <= actual + 24, base::Hex(output));
        }
        // Without keys and scripts nothing is signed, and nothing breaks.
        Spend spend(output);
        BOOST_TEST(!spend.Sign(SigningProvider{}));
        BOOST_TEST((spend.Verify() != Error::Ok));
    }
}

BOOST_AUTO_TEST_CASE(LeavesOfATaprootTree)
{
    const auto x_only = [](uint8_t n) { return crypto::ToXOnly(KeyNumber(n).Public())->key; };
    const Bytes single = ScriptBuilder().Push(x_only(4).Span()).Op(OP_CHECKSIG).Take();
    ScriptBuilder builder;
    for (uint8_t n = 1; n <= 3; ++n)
        builder.Push(x_only(n).Span()).Op(n == 1 ? uint8_t{OP_CHECKSIG} : uint8_t{OP_CHECKSIGADD});
    const Bytes multi = builder.Number(2).Op(OP_NUMEQUAL).Take();
    BOOST_TEST(SolveLeaf(single)->keys.size() == 1u);
    BOOST_TEST(SolveLeaf(multi)->threshold == 2u);
    for (const char* other : {"1", "CHECKSIG", "0 CHECKSIG", "RETURN", ""})
        BOOST_TEST(!SolveLeaf(Words(other)));
    Bytes longer = multi;
    longer.push_back(OP_DROP);
    BOOST_TEST(!SolveLeaf(longer));
    const auto output =
        MakeTapOutput(x_only(9), {{1, TAPSCRIPT_LEAF_VERSION, single}, {1, TAPSCRIPT_LEAF_VERSION, multi}});
    BOOST_REQUIRE(output);
    const auto with = [&](std::vector<uint8_t> numbers) {
        SigningProvider out;
        out.taproot_key = [=](const crypto::XOnlyKey& key) -> std::optional<crypto::PrivateKey> {
            for (const uint8_t n : numbers) {
                if (x_only(n) == key) return KeyNumber(n);
            }
            return std::nullopt;
        };
        out.taproot_spend = [&](const crypto::XOnlyKey& key) {
            return key == output->key ? std::optional(output->spend) : std::nullopt;
        };
        return out;
    };
    for (const auto& numbers : {std::vector<uint8_t>{4}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3, 4}}) {
        Spend spend(PayToTaproot(output->key));
        BOOST_TEST(spend.Sign(with(numbers)));
        BOOST_TEST((spend.Verify() == Error::Ok));
        BOOST_TEST(EstimateInputWeight(with(numbers), PayToTaproot(output->key)) == ActualWeight(spend));
    }
    // One signer after the other.
    Spend spend(PayToTaproot(output->key));
    BOOST_TEST(!spend.Sign(with({})));
    BOOST_TEST(spend.tx.inputs[0].witness.empty());
    BOOST_TEST(!spend.Sign(with({3})));
    BOOST_TEST(spend.Sign(with({1})));
    BOOST_TEST((spend.Verify() == Error::Ok));
}

BOOST_AUTO_TEST_CASE(WhatCannotBeSigned)
{
    const auto provider =
        ProviderOf({KeyNumber(1)}, {Words("1"), Words("0 0x02 0x0101"), PayToWitnessKeyHash({})});
    for (const Bytes& output :
         {Words("1 DROP"), Words("RETURN"), PayToWitness(3, Bytes(5, 1)), ScriptHashOf(Words("1")),
          WitnessHashOf(Words("1")), WitnessHashOf(PayToWitnessKeyHash({})), PayToTaproot({}),
          PayToPubKeyHash({}), WitnessHashOf(Words("2")), ScriptHashOf(Words("2"))}) {
        Spend spend(output);
        BOOST_TEST(!spend.Sign(provider), base::Hex(output));
    }
    BOOST_TEST(EstimateInputWeight(provider, Words("1 DROP")) == 0u);
    BOOST_TEST(EstimateInputWeight(provider, ScriptHashOf(Words("2"))) == 0u);
    BOOST_TEST(EstimateInputWeight(provider, WitnessHashOf(Words("2"))) == 0u);
    BOOST_TEST(EstimateInputWeight(provider, WitnessHashOf(PayToWitnessKeyHash({}))) == 0u);
    BOOST_TEST(EstimateInputWeight(provider, PayToTaproot({})) == 4 * 41 + 66u);
    BOOST_TEST(EstimateInputWeight({}, PayToPubKeyHash({})) > 0u);
    // An uncompressed key cannot pay to a witness program under standard rules.
    const auto full = KeyNumber(3, false);
    Spend spend(PayToWitnessKeyHash(full.Public().Id()));
    BOOST_TEST(!spend.Sign(ProviderOf({full})));
    // SINGLE without its output signs nothing by Taproot.
    const auto key = KeyNumber(1);
    Spend single(PayToTaproot(crypto::ToXOnly(key.Public())->key));
    single.tx.outputs.clear();
    SigningProvider plain;
    plain.taproot_key = [key](const crypto::XOnlyKey&) { return std::optional(key); };
    BOOST_TEST(!single.Sign(plain, SIGHASH_SINGLE));
    BOOST_TEST(single.Sign(plain));
}

BOOST_AUTO_TEST_CASE(SeveralSignersCompleteAMultisig)
{
    const Bytes multi =
        MultiSigScript(2, {KeyNumber(1).Public(), KeyNumber(2).Public(), KeyNumber(3).Public()});
    for (const Bytes& output : {multi, ScriptHashOf(multi), WitnessHashOf(multi)}) {
        Spend spend(output);
        BOOST_TEST(!spend.Sign(ProviderOf({KeyNumber(3)}, {multi})));
        BOOST_TEST(spend.Sign(ProviderOf({KeyNumber(1)}, {multi})), base::Hex(output));
        BOOST_TEST((spend.Verify() == Error::Ok));
        // Signing again without any key keeps what is there.
        BOOST_TEST(spend.Sign(ProviderOf({}, {multi})));
        BOOST_TEST((spend.Verify() == Error::Ok));
    }
    Spend single(PayToWitnessKeyHash(KeyNumber(1).Public().Id()));
    BOOST_TEST(single.Sign(ProviderOf({KeyNumber(1)})));
    BOOST_TEST(single.Sign(ProviderOf({})));
    single.tx.outputs[0].value += 1;
    BOOST_TEST(!single.Sign(ProviderOf({})));
}

BOOST_AUTO_TEST_CASE(Messages)
{
    const auto key = KeyNumber(5);
    const auto full = KeyNumber(5, false);
    const Bytes plain = PayToPubKeyHash(key.Public().Id());
    const Bytes segwit = PayToWitnessKeyHash(key.Public().Id());
    const auto signature = key.SignCompact(MessageDigest("hello"));
    BOOST_TEST(VerifyMessage(plain, "hello", signature, true));
    BOOST_TEST(VerifyMessage(segwit, "hello", signature, true));
    BOOST_TEST(!VerifyMessage(plain, "hello!", signature, false));
    BOOST_TEST(!VerifyMessage(PayToScriptHash(key.Public().Id()), "hello", signature, false));
    BOOST_TEST(!VerifyMessage(plain, "hello", ByteSpan(signature).first(64), false));
    BOOST_TEST(!VerifyMessage(PayToPubKeyHash(full.Public().Id()), "hello", signature, false));
    const auto uncompressed = full.SignCompact(MessageDigest("hello"));
    BOOST_TEST(VerifyMessage(PayToPubKeyHash(full.Public().Id()), "hello", uncompressed, true));
    BOOST_TEST(!VerifyMessage(PayToWitnessKeyHash(full.Public().Id()), "hello", uncompressed, false));
    auto bad = signature;
    bad[0] = 26;
    BOOST_TEST(!VerifyMessage(plain, "hello", bad, false));
    // The mirrored signature (n − s, other parity) recovers the same key but has a high S.
    const Bytes order = *base::FromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    auto high = signature;
    unsigned borrow = 0;
    for (size_t i = 32; i-- > 0;) {
        const unsigned difference = 0x100u + order[i] - signature[33 + i] - borrow;
        high[33 + i] = static_cast<uint8_t>(difference);
        borrow = 1 - (difference >> 8);
    }
    high[0] = static_cast<uint8_t>(((high[0] - 27) ^ 1) + 27);
    BOOST_TEST(VerifyMessage(plain, "hello", high, false));
    BOOST_TEST(!VerifyMessage(plain, "hello", high, true));
    BOOST_TEST((MessageDigest("x") == MessageDigest("x", "EmerCoin Signed Message:\n")));
    BOOST_TEST((MessageDigest("x") != MessageDigest("x", "Bitcoin Signed Message:\n")));
    BOOST_TEST((MessageDigest(std::string(300, 'x')) != MessageDigest(std::string(301, 'x'))));
}

BOOST_AUTO_TEST_SUITE_END()
