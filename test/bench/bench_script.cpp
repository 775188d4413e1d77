// Verifying inputs: how close to the bare curve operation, the ceiling of every kind of spend.
#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "script/sign.h"
#include "script/taproot.h"

#include <benchmark/benchmark.h>
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

namespace {

using namespace emc;
using namespace emc::script;

crypto::PrivateKey Secret()
{
    return *crypto::PrivateKey::From(Bytes(32, 0x21));
}

SigningProvider Provider(const Bytes& inner)
{
    SigningProvider out;
    out.key_by_id = [](const base::Hash160&) { return std::optional(Secret()); };
    out.taproot_key = [](const crypto::XOnlyKey&) { return TapTweakSecret(Secret(), nullptr); };
    out.redeem_script = [inner](const base::Hash160&) { return std::optional(inner); };
    out.witness_script = [inner](const base::Hash256&) { return std::optional(inner); };
    return out;
}

/// A payment with two outputs whose one input is signed.
struct Payment {
    primitives::MutableTransaction tx;
    std::vector<primitives::TxOut> spent;
};

Payment Signed(const Bytes& script, const Bytes& inner = {})
{
    Payment out;
    out.tx.inputs.resize(1);
    out.tx.inputs[0].prevout = {{{1}}, 0};
    out.tx.outputs = {{1000, PayToPubKeyHash({})}, {2000, PayToWitnessKeyHash({})}};
    out.spent = {{5000, script}};
    const auto result = SignInput(Provider(inner), PrecomputedTx(out.tx, out.spent), 0);
    EMC_CHECK(result.complete);
    out.tx.inputs[0].script_sig = result.script_sig;
    out.tx.inputs[0].witness = result.witness;
    return out;
}

/// Everything that is done for an input of its own transaction, shared hashes included.
void Verify(benchmark::State& state, const Payment& payment, SignatureCache* cache = nullptr)
{
    for (auto _ : state) {
        const PrecomputedTx shared(payment.tx, payment.spent);
        const bool good = VerifyInput(shared, 0, CONSENSUS_FLAGS, cache).HasValue();
        if (!good) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
}

void PubKeyHash(benchmark::State& state)
{
    Verify(state, Signed(PayToPubKeyHash(Secret().Public().Id())));
}

void WitnessKeyHash(benchmark::State& state)
{
    Verify(state, Signed(PayToWitnessKeyHash(Secret().Public().Id())));
}

void TaprootKeyPath(benchmark::State& state)
{
    const auto output = *TapTweakSecret(Secret(), nullptr);
    Verify(state, Signed(PayToTaproot(crypto::ToXOnly(output.Public())->key)));
}

void WitnessMultiSig2of3(benchmark::State& state)
{
    const std::vector<crypto::PublicKey> keys(3, Secret().Public());
    const Bytes inner = MultiSigScript(2, keys);
    Verify(state, Signed(PayToWitnessScriptHash(crypto::Sha256Of(inner)), inner));
}

void WitnessKeyHashCached(benchmark::State& state)
{
    SignatureCache cache(1 << 20, {});
    Verify(state, Signed(PayToWitnessKeyHash(Secret().Public().Id())), &cache);
}

/// The interpreter alone: 200 op codes, no curve.
void OpCodes(benchmark::State& state)
{
    Payment payment;
    payment.tx.inputs.resize(1);
    payment.tx.outputs = {{1000, PayToPubKeyHash({})}};
    ScriptBuilder script;
    script.Number(1);
    for (int i = 0; i < 66; ++i)
        script.Op(OP_DUP).Op(OP_DUP).Op(OP_EQUALVERIFY);
    payment.spent = {{5000, script.Take()}};
    Verify(state, payment);
}

/// The ceiling of ECDSA: one parsed key, one parsed signature.
void CeilingEcdsa(benchmark::State& state)
{
    secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    const base::Hash256 hash = crypto::Sha256Of({});
    const Bytes der = Secret().SignEcdsa(hash);
    const auto public_key = Secret().Public();
    for (auto _ : state) {
        secp256k1_pubkey key;
        secp256k1_ecdsa_signature signature;
        const int good =
            secp256k1_ec_pubkey_parse(context, &key, public_key.Span().data(), public_key.Span().size()) &
            secp256k1_ecdsa_signature_parse_der(context, &signature, der.data(), der.size()) &
            secp256k1_ecdsa_verify(context, &signature, hash.data(), &key);
        if (good != 1) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
    secp256k1_context_destroy(context);
}

void CeilingSchnorr(benchmark::State& state)
{
    secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    const base::Hash256 hash = crypto::Sha256Of({});
    const auto signature = Secret().SignSchnorr(hash, {});
    const auto x_only = crypto::ToXOnly(Secret().Public())->key;
    for (auto _ : state) {
        secp256k1_xonly_pubkey key;
        const int good = secp256k1_xonly_pubkey_parse(context, &key, x_only.data()) &
                         secp256k1_schnorrsig_verify(context, signature.data(), hash.data(), 32, &key);
        if (good != 1) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
    secp256k1_context_destroy(context);
}

BENCHMARK(CeilingEcdsa);
BENCHMARK(WitnessKeyHash);
BENCHMARK(PubKeyHash);
BENCHMARK(WitnessMultiSig2of3);
BENCHMARK(CeilingSchnorr);
BENCHMARK(TaprootKeyPath);
BENCHMARK(WitnessKeyHashCached);
BENCHMARK(OpCodes);

} // namespace
