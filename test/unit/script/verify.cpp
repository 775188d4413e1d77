// Spending: P2SH, witness programs, Taproot with both paths, the signature cache.
#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "script/opcodes.h"
#include "script/taproot.h"
#include "unit/script/spend.h"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace emc;
using namespace emc::script;
using test::KeyNumber;
using test::Spend;
using test::Words;

namespace {

crypto::XOnlyKey XOnly(uint8_t n)
{
    return crypto::ToXOnly(KeyNumber(n).Public())->key;
}

/// A Taproot output with one leaf, spent through it.
struct LeafSpend {
    explicit LeafSpend(const Bytes& leaf, uint8_t version = TAPSCRIPT_LEAF_VERSION)
        : tree(*BuildTapTree(XOnly(1), {{0, version, leaf}})), spend(PayToTaproot(tree.output_key))
    {
        spend.tx.inputs[0].witness = {leaf, tree.control_blocks[0]};
    }

    /// Puts elements before the leaf.
    void Give(const std::vector<Bytes>& items)
    {
        auto& witness = spend.tx.inputs[0].witness;
        witness.insert(witness.begin(), items.begin(), items.end());
    }

    [[nodiscard]] Bytes Signature(uint8_t key, uint32_t separator = 0xffffffff,
                                  const std::optional<Bytes>& annex = std::nullopt) const
    {
        const TapscriptContext context{tree.leaf_hashes[0], separator};
        const auto digest = TaprootSigHash(spend.Precomputed(), 0, SIGHASH_DEFAULT, annex, &context);
        const auto raw = KeyNumber(key).SignSchnorr(*digest, {});
        return Bytes(raw.begin(), raw.end());
    }

    TapTree tree;
    Spend spend;
};

Bytes KeyBytes(uint8_t n)
{
    const auto key = XOnly(n);
    return Bytes(key.begin(), key.end());
}

Error RunLeaf(std::string_view words, const std::vector<Bytes>& items = {}, Flags flags = STANDARD_FLAGS)
{
    LeafSpend leaf(Words(words));
    leaf.Give(items);
    return leaf.spend.Verify(flags);
}

} // namespace

BOOST_AUTO_TEST_SUITE(script_verify)

BOOST_AUTO_TEST_CASE(ScriptHashes)
{
    const Bytes redeem = Words("2 EQUAL");
    Spend spend(PayToScriptHash(crypto::Hash160Of(redeem)));
    auto& script_sig = spend.tx.inputs[0].script_sig;
    script_sig = ScriptBuilder().Number(2).Push(redeem).Take();
    BOOST_TEST((spend.Verify() == Error::Ok));
    script_sig = ScriptBuilder().Number(3).Push(redeem).Take();
    BOOST_TEST((spend.Verify() == Error::EvalFalse));
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::Ok));
    script_sig = ScriptBuilder().Op(OP_NOP).Number(2).Push(redeem).Take();
    BOOST_TEST((spend.Verify(VERIFY_P2SH) == Error::SigPushOnly));
    BOOST_TEST((spend.Verify(VERIFY_SIGPUSHONLY) == Error::SigPushOnly));
    script_sig = ScriptBuilder().Number(1).Number(2).Push(redeem).Take();
    BOOST_TEST((spend.Verify(VERIFY_P2SH) == Error::Ok));
    BOOST_TEST((spend.Verify() == Error::CleanStack));
    script_sig = ScriptBuilder().Push(Words("1")).Take();
    BOOST_TEST((spend.Verify(VERIFY_P2SH) == Error::EvalFalse));
    script_sig = {};
    BOOST_TEST((spend.Verify(VERIFY_P2SH) == Error::InvalidStackOperation));
    spend.tx.inputs[0].script_sig = ScriptBuilder().Number(2).Push(redeem).Take();
    spend.tx.inputs[0].witness = {Bytes{1}};
    BOOST_TEST((spend.Verify() == Error::WitnessUnexpected));

    const Bytes drops = Words("DROP");
    Spend emptied(PayToScriptHash(crypto::Hash160Of(drops)));
    emptied.tx.inputs[0].script_sig = ScriptBuilder().Number(1).Push(drops).Take();
    BOOST_TEST((emptied.Verify() == Error::EvalFalse));
    const Bytes broken = Words("0x02");
    Spend bad(PayToScriptHash(crypto::Hash160Of(broken)));
    bad.tx.inputs[0].script_sig = ScriptBuilder().Push(broken).Take();
    BOOST_TEST((bad.Verify(VERIFY_P2SH) == Error::BadOpcode));
}

BOOST_AUTO_TEST_CASE(WitnessVersionZero)
{
    const auto provider = test::ProviderOf({KeyNumber(1)});
    Spend spend(PayToWitnessKeyHash(KeyNumber(1).Public().Id()));
    BOOST_REQUIRE(spend.Sign(provider));
    BOOST_TEST((spend.Verify() == Error::Ok));
    BOOST_TEST((spend.Verify(VERIFY_NONE) == Error::Ok));
    auto& input = spend.tx.inputs[0];
    const auto good = input.witness;
    input.script_sig = {OP_1};
    BOOST_TEST((spend.Verify() == Error::WitnessMalleated));
    input.script_sig = {};
    input.witness.pop_back();
    BOOST_TEST((spend.Verify() == Error::WitnessProgramMismatch));
    input.witness = good;
    input.witness[1] = KeyBytes(1);
    BOOST_TEST((spend.Verify() == Error::EqualVerify));
    input.witness = good;
    spend.spent[0].value += 1;
    BOOST_TEST((spend.Verify() == Error::SigNullFail));
    BOOST_TEST((spend.Verify(CONSENSUS_FLAGS) == Error::EvalFalse));

    const Bytes script = Words("SIZE 3 EQUAL NIP");
    Spend wrapped(PayToWitnessScriptHash(crypto::Sha256Of(script)));
    BOOST_TEST((wrapped.Verify() == Error::WitnessProgramWitnessEmpty));
    wrapped.tx.inputs[0].witness = {Bytes{1, 2, 3}, script};
    BOOST_TEST((wrapped.Verify() == Error::Ok));
    wrapped.tx.inputs[0].witness = {Bytes{1}, script};
    BOOST_TEST((wrapped.Verify() == Error::EvalFalse));
    wrapped.tx.inputs[0].witness = {Bytes{1}, Bytes{1, 2, 3}, script};
    BOOST_TEST((wrapped.Verify() == Error::CleanStack));
    wrapped.tx.inputs[0].witness = {Bytes(521, 1), script};
    BOOST_TEST((wrapped.Verify() == Error::PushSize));
    wrapped.tx.inputs[0].witness = {Bytes{1}};
    BOOST_TEST((wrapped.Verify() == Error::WitnessProgramMismatch));
    BOOST_TEST((Spend(PayToWitness(0, Bytes(30, 1))).Verify() == Error::WitnessProgramWrongLength));
    BOOST_TEST((Spend(PayToWitness(2, Bytes(30, 1))).Verify() == Error::DiscourageUpgradableWitnessProgram));
    BOOST_TEST((Spend(PayToWitness(2, Bytes(30, 1))).Verify(CONSENSUS_FLAGS) == Error::Ok));
}

BOOST_AUTO_TEST_CASE(BranchConditionsInWitnessScripts)
{
    const Bytes script = Words("IF 1 ELSE 1 ENDIF");
    Spend spend(PayToWitnessScriptHash(crypto::Sha256Of(script)));
    spend.tx.inputs[0].witness = {Bytes{2}, script};
    BOOST_TEST((spend.Verify() == Error::MinimalIf));
    BOOST_TEST((spend.Verify(CONSENSUS_FLAGS) == Error::Ok));
    spend.tx.inputs[0].witness = {Bytes(), script};
    BOOST_TEST((spend.Verify() == Error::Ok));
}

BOOST_AUTO_TEST_CASE(NestedWitness)
{
    const Bytes program = PayToWitnessKeyHash(KeyNumber(1).Public().Id());
    Spend spend(PayToScriptHash(crypto::Hash160Of(program)));
    BOOST_REQUIRE(spend.Sign(test::ProviderOf({KeyNumber(1)}, {program})));
    BOOST_TEST((spend.Verify() == Error::Ok));
    spend.tx.inputs[0].script_sig = ScriptBuilder().Number(1).Push(program).Take();
    BOOST_TEST((spend.Verify() == Error::WitnessMalleatedP2sh));
    // Taproot does not nest: to this rule it is an unknown version.
    const Bytes taproot = PayToTaproot(XOnly(1));
    Spend nested(PayToScriptHash(crypto::Hash160Of(taproot)));
    nested.tx.inputs[0].script_sig = ScriptBuilder().Push(taproot).Take();
    BOOST_TEST((nested.Verify() == Error::DiscourageUpgradableWitnessProgram));
    BOOST_TEST((nested.Verify(CONSENSUS_FLAGS) == Error::Ok));
}

BOOST_AUTO_TEST_CASE(TaprootKeyPath)
{
    const auto secret = *TapTweakSecret(KeyNumber(1), nullptr);
    Spend spend(PayToTaproot(crypto::ToXOnly(secret.Public())->key));
    BOOST_TEST((spend.Verify() == Error::WitnessProgramWitnessEmpty));
    BOOST_TEST((spend.Verify(VERIFY_P2SH | VERIFY_WITNESS) == Error::Ok));
    auto& witness = spend.tx.inputs[0].witness;
    BOOST_REQUIRE(spend.Sign(test::ProviderOf({KeyNumber(1)})));
    BOOST_TEST(witness[0].size() == 64u);
    BOOST_TEST((spend.Verify() == Error::Ok));
    const Bytes good = witness[0];
    for (const int type : {SIGHASH_NONE, SIGHASH_SINGLE, SIGHASH_ALL | SIGHASH_ANYONECANPAY}) {
        BOOST_REQUIRE(spend.Sign(test::ProviderOf({KeyNumber(1)}), type));
        BOOST_TEST(witness[0].size() == 65u);
        BOOST_TEST((spend.Verify() == Error::Ok));
    }
    witness[0] = good;
    witness[0].push_back(0);
    BOOST_TEST((spend.Verify() == Error::SchnorrSigHashType));
    witness[0].back() = 4;
    BOOST_TEST((spend.Verify() == Error::SchnorrSigHashType));
    witness[0].push_back(1);
    BOOST_TEST((spend.Verify() == Error::SchnorrSigSize));
    witness[0] = good;
    witness[0][10] ^= 1;
    BOOST_TEST((spend.Verify() == Error::SchnorrSig));
    // An annex is signed too.
    witness = {good, Bytes{ANNEX_TAG, 1}};
    BOOST_TEST((spend.Verify() == Error::SchnorrSig));
    const std::optional<Bytes> annex = Bytes{ANNEX_TAG, 1};
    const auto raw = secret.SignSchnorr(*TaprootSigHash(spend.Precomputed(), 0, 0, annex, nullptr), {});
    witness[0].assign(raw.begin(), raw.end());
    BOOST_TEST((spend.Verify() == Error::Ok));
}

BOOST_AUTO_TEST_CASE(TaprootScriptPath)
{
    BOOST_TEST((RunLeaf("1") == Error::Ok));
    BOOST_TEST((RunLeaf("0") == Error::EvalFalse));
    BOOST_TEST((RunLeaf("1 1") == Error::CleanStack));
    BOOST_TEST((RunLeaf("IF 1 ENDIF", {Bytes{2}}) == Error::TapscriptMinimalIf));
    BOOST_TEST((RunLeaf("0 0 0 CHECKMULTISIG") == Error::TapscriptCheckMultiSig));
    BOOST_TEST((RunLeaf("0x02 0x") == Error::BadOpcode));
    BOOST_TEST((RunLeaf("1 DROP", {Bytes(521, 1)}) == Error::PushSize));
    BOOST_TEST((RunLeaf("1", std::vector<Bytes>(1001)) == Error::StackSize));
    BOOST_TEST((RunLeaf("RESERVED") == Error::DiscourageOpSuccess));
    BOOST_TEST((RunLeaf("RESERVED", {}, CONSENSUS_FLAGS) == Error::Ok));
    BOOST_TEST((RunLeaf("0xbb 0x02", {Bytes(600, 1)}, CONSENSUS_FLAGS) == Error::Ok));
    BOOST_TEST((RunLeaf("0x02 0xbb", {}, CONSENSUS_FLAGS) == Error::BadOpcode));
    // No limit on operations and script size.
    std::string many;
    for (int i = 0; i < 11'000; ++i)
        many += "NOP ";
    BOOST_TEST((RunLeaf(many + "1") == Error::Ok));

    LeafSpend other(Words("0"), 0xc2);
    BOOST_TEST((other.spend.Verify() == Error::DiscourageUpgradableTaprootVersion));
    BOOST_TEST((other.spend.Verify(CONSENSUS_FLAGS) == Error::Ok));

    LeafSpend control(Words("1"));
    auto& block = control.spend.tx.inputs[0].witness.back();
    block.push_back(0);
    BOOST_TEST((control.spend.Verify() == Error::TaprootWrongControlSize));
    block.resize(33);
    block[0] ^= 1;
    BOOST_TEST((control.spend.Verify() == Error::WitnessProgramMismatch));
    block.assign(33 + 32 * 129, 1);
    BOOST_TEST((control.spend.Verify() == Error::TaprootWrongControlSize));
}

BOOST_AUTO_TEST_CASE(TapscriptSignatures)
{
    const std::string key = "0x20 0x" + base::Hex(KeyBytes(2));
    LeafSpend leaf(Words(key + " CHECKSIG"));
    leaf.Give({leaf.Signature(2)});
    BOOST_TEST((leaf.spend.Verify() == Error::Ok));
    leaf.spend.tx.inputs[0].witness[0] = leaf.Signature(3);
    BOOST_TEST((leaf.spend.Verify() == Error::SchnorrSig));
    leaf.spend.tx.inputs[0].witness[0] = {};
    BOOST_TEST((leaf.spend.Verify() == Error::EvalFalse));

    LeafSpend separated(Words("NOP CODESEPARATOR " + key + " CHECKSIGVERIFY 1"));
    separated.Give({separated.Signature(2)});
    BOOST_TEST((separated.spend.Verify() == Error::SchnorrSig));
    separated.spend.tx.inputs[0].witness[0] = separated.Signature(2, 1);
    BOOST_TEST((separated.spend.Verify() == Error::Ok));

    const std::string other = "0x20 0x" + base::Hex(KeyBytes(3));
    LeafSpend two(Words(key + " CHECKSIG " + other + " CHECKSIGADD 2 NUMEQUAL"));
    two.Give({two.Signature(3), two.Signature(2)});
    BOOST_TEST((two.spend.Verify() == Error::Ok));
    two.spend.tx.inputs[0].witness[0] = {};
    BOOST_TEST((two.spend.Verify() == Error::EvalFalse));

    BOOST_TEST((RunLeaf("0 0 CHECKSIG", {}) == Error::PubkeyType));
    BOOST_TEST((RunLeaf("0 'key' CHECKSIG NOT", {}) == Error::DiscourageUpgradablePubkeyType));
    BOOST_TEST((RunLeaf("'sig' 'key' CHECKSIG", {}, CONSENSUS_FLAGS) == Error::Ok));
    BOOST_TEST((RunLeaf("0 'key' CHECKSIG", {}, CONSENSUS_FLAGS) == Error::EvalFalse));
    BOOST_TEST((RunLeaf("1 CHECKSIGADD") == Error::InvalidStackOperation));
    BOOST_TEST((RunLeaf("0 2147483648 'key' CHECKSIGADD") == Error::NumberOverflow));
    BOOST_TEST((RunLeaf("0 0 0 CHECKSIGADD") == Error::PubkeyType));
}

BOOST_AUTO_TEST_CASE(TapscriptPaysForItsChecksByWeight)
{
    // One check of an unknown key costs 50 units; the witness here weighs less than two of them and is
    // given 50.
    BOOST_TEST((RunLeaf("'s' 'k' CHECKSIG", {}, CONSENSUS_FLAGS) == Error::Ok));
    BOOST_TEST((RunLeaf("'s' 'k' 2DUP CHECKSIGVERIFY 2DUP CHECKSIGVERIFY CHECKSIG", {}, CONSENSUS_FLAGS) ==
                Error::TapscriptValidationWeight));
    const std::vector<Bytes> more = {Bytes(200, 1)};
    BOOST_TEST((RunLeaf("DROP 's' 'k' 2DUP CHECKSIGVERIFY 2DUP CHECKSIGVERIFY CHECKSIG", more,
                        CONSENSUS_FLAGS) == Error::Ok));
}

BOOST_AUTO_TEST_CASE(TreesOfEveryShape)
{
    const auto key = XOnly(1);
    const auto leaf = [](size_t depth, uint8_t n) {
        return TapLeaf{depth, TAPSCRIPT_LEAF_VERSION, Bytes{OP_1, n}};
    };
    BOOST_TEST(!BuildTapTree(key, {leaf(1, 1)}));
    BOOST_TEST(!BuildTapTree(key, {leaf(0, 1), leaf(0, 2)}));
    BOOST_TEST(!BuildTapTree(key, {leaf(1, 1), leaf(2, 2)}));
    BOOST_TEST(!BuildTapTree(key, {leaf(2, 1), leaf(1, 2)}));
    BOOST_TEST(!BuildTapTree(key, {leaf(1, 1), leaf(1, 2), leaf(1, 3)}));
    BOOST_TEST(!BuildTapTree(key, {leaf(129, 1)}));
    BOOST_TEST(!BuildTapTree(crypto::XOnlyKey(), {}));
    for (const auto& leaves : {std::vector<TapLeaf>{leaf(0, 1)},
                               {leaf(1, 1), leaf(1, 2)},
                               {leaf(2, 1), leaf(2, 2), leaf(1, 3)},
                               {leaf(1, 1), leaf(2, 2), leaf(2, 3)},
                               {leaf(1, 1), leaf(2, 2), leaf(3, 3), leaf(3, 4)}}) {
        const auto tree = BuildTapTree(key, leaves);
        BOOST_REQUIRE(tree);
        for (size_t i = 0; i < leaves.size(); ++i) {
            BOOST_TEST(tree->control_blocks[i].size() == 33 + 32 * leaves[i].depth);
            BOOST_TEST(CommitsTo(tree->output_key, tree->control_blocks[i], tree->leaf_hashes[i]));
            BOOST_TEST((RootFromControl(tree->control_blocks[i], tree->leaf_hashes[i]) == *tree->root));
            BOOST_TEST(!CommitsTo(tree->output_key, tree->control_blocks[i], {}));
        }
    }
    // The secret of the output key fits it, for internal keys of either parity.
    int odd = 0;
    for (uint8_t n = 1; n < 20; ++n) {
        const auto secret = TapTweakSecret(KeyNumber(n), nullptr);
        odd += crypto::ToXOnly(KeyNumber(n).Public())->odd ? 1 : 0;
        BOOST_TEST((crypto::ToXOnly(secret->Public())->key == BuildTapTree(XOnly(n), {})->output_key));
    }
    BOOST_TEST(odd > 0);
    BOOST_TEST(odd < 19);
}

BOOST_AUTO_TEST_CASE(LockTimesOfTheChecker)
{
    Spend spend(Words("1"));
    auto& tx = spend.tx;
    const auto locked = [&](int64_t time) {
        return TxSignatureChecker(spend.Precomputed(), 0, 0).CheckLockTime(time);
    };
    const auto waits = [&](int64_t sequence) {
        return TxSignatureChecker(spend.Precomputed(), 0, 0).CheckSequence(sequence);
    };
    BOOST_TEST(locked(17));
    BOOST_TEST(!locked(18));
    tx.inputs[0].sequence = primitives::SEQUENCE_FINAL;
    BOOST_TEST(!locked(17));
    tx.inputs[0].sequence = 0;
    tx.lock_time = 500'000'001;
    BOOST_TEST(!locked(17));
    BOOST_TEST(locked(500'000'001));

    tx.version = 2;
    tx.inputs[0].sequence = 10;
    BOOST_TEST(waits(10));
    BOOST_TEST(!waits(11));
    BOOST_TEST(!waits((1 << 22) | 10));
    BOOST_TEST(waits(0x10000 | 10)); // bits without meaning are not compared
    tx.inputs[0].sequence = (1 << 22) | 10;
    BOOST_TEST(waits((1 << 22) | 9));
    tx.inputs[0].sequence = (1u << 31) | 10;
    BOOST_TEST(!waits(10));
    tx.inputs[0].sequence = 10;
    tx.version = 1;
    BOOST_TEST(!waits(10));
    tx.version = -1; // compared as unsigned
    BOOST_TEST(waits(10));
}

BOOST_AUTO_TEST_CASE(TheCacheRemembersOnlyWhatVerified)
{
    SignatureCache cache(1 << 16, {});
    Spend spend(PayToWitnessKeyHash(KeyNumber(1).Public().Id()));
    BOOST_REQUIRE(spend.Sign(test::ProviderOf({KeyNumber(1)})));
    const auto& witness = spend.tx.inputs[0].witness;
    const auto shared = spend.Precomputed();
    const auto digest =
        SegwitV0SigHash(shared, 0, PayToPubKeyHash(KeyNumber(1).Public().Id()), 5000, SIGHASH_ALL);
    const auto entry =
        cache.Key(digest.Span(), witness[1], ByteSpan(witness[0]).first(witness[0].size() - 1));
    BOOST_TEST(!cache.Contains(entry));
    // A checker that must not store leaves no trace.
    const TxSignatureChecker quiet(shared, 0, 5000, &cache, false);
    BOOST_TEST(VerifyScript({}, spend.spent[0].script_pubkey, witness, STANDARD_FLAGS, quiet).HasValue());
    BOOST_TEST(!cache.Contains(entry));
    BOOST_TEST((spend.Verify(STANDARD_FLAGS, &cache) == Error::Ok));
    BOOST_TEST(cache.Contains(entry));
    BOOST_TEST((spend.Verify(STANDARD_FLAGS, &cache) == Error::Ok));
    spend.spent[0].value += 1;
    BOOST_TEST((spend.Verify(STANDARD_FLAGS, &cache) != Error::Ok));
    BOOST_TEST((spend.Verify(STANDARD_FLAGS, &cache) != Error::Ok));
    const SignatureCache salted(1 << 16, {{1}});
    BOOST_TEST((salted.Key({}, {}, {}) != cache.Key({}, {}, {})));
    BOOST_TEST((cache.Key(Bytes{1}, {}, {}) != cache.Key({}, Bytes{1}, {})));
}

BOOST_AUTO_TEST_CASE(TheCacheIsBoundedAndTakesManyThreads)
{
    SignatureCache cache(32 * 64, {});
    const auto entry = [](uint64_t n) {
        return crypto::Sha256Of({reinterpret_cast<const uint8_t*>(&n), sizeof(n)});
    };
    const auto work = [&](uint64_t first) {
        for (uint64_t n = first; n < first + 2000; ++n) {
            cache.Insert(entry(n));
            cache.Insert(entry(n));
            (void)cache.Contains(entry(n / 2));
        }
    };
    std::thread other(work, 0);
    work(1'000'000);
    other.join();
    size_t found = 0;
    for (uint64_t n = 0; n < 2000; ++n) {
        found += cache.Contains(entry(n)) ? 1u : 0u;
        found += cache.Contains(entry(n + 1'000'000)) ? 1u : 0u;
    }
    BOOST_TEST(found > 32u);
    BOOST_TEST(found <= 64u);
    SignatureCache smallest(0, {});
    smallest.Insert(entry(1));
    BOOST_TEST(smallest.Contains(entry(1)));
    SignatureCache roomy(1 << 20, {}); // of many pages, most of them used by few entries or none
    for (uint64_t n = 0; n < 600; ++n) {
        BOOST_TEST(!roomy.Contains(entry(n)));
        roomy.Insert(entry(n));
    }
    for (uint64_t n = 0; n < 600; ++n)
        BOOST_TEST(roomy.Contains(entry(n)));
    BOOST_TEST(!roomy.Contains(entry(600)));
}

BOOST_AUTO_TEST_CASE(TaprootNeedsEverySpentOutput)
{
    Spend spend(PayToTaproot(BuildTapTree(XOnly(1), {})->output_key));
    BOOST_REQUIRE(spend.Sign(test::ProviderOf({KeyNumber(1)})));
    const PrecomputedTx part(spend.tx, {spend.spent[0]});
    const TxSignatureChecker checker(part, 0, 5000);
    const Bytes& signature = spend.tx.inputs[0].witness[0];
    BOOST_TEST(
        (checker.CheckSchnorr(signature, KeyBytes(1), std::nullopt, nullptr) == Error::SchnorrSigHashType));
    BOOST_TEST((checker.CheckSchnorr(signature, Bytes(31, 1), std::nullopt, nullptr) == Error::SchnorrSig));
    BOOST_TEST(!checker.CheckEcdsa({}, KeyNumber(1).Public().Span(), {}, SignatureChecker::Version::Legacy));
    BOOST_TEST(!checker.CheckEcdsa(Bytes{1}, Bytes{1}, {}, SignatureChecker::Version::Legacy));
}

BOOST_AUTO_TEST_SUITE_END()
