/// The finalizer and the extractor.
#include "psbt/path.h"
#include "psbt/roles.h"
#include "script/sign.h"

namespace emc::psbt {

namespace {

// The input as a signer without keys finds it: all signatures and public keys lie ready.
primitives::Witness Ready(const FieldMap& map)
{
    primitives::Witness out;
    for (const uint8_t type : {IN_PARTIAL_SIG, IN_TAP_SCRIPT_SIG}) {
        for (const auto& field : map.OfType(type)) {
            out.push_back(field.value);
            if (type == IN_PARTIAL_SIG) out.emplace_back(field.KeyData().begin(), field.KeyData().end());
        }
    }
    return out;
}

std::optional<script::SignResult> FinalOf(const Psbt& psbt, const std::vector<primitives::TxOut>& spent,
                                          size_t input)
{
    const FieldMap& map = psbt.inputs[input];
    primitives::MutableTransaction tx = psbt.tx;
    if (const Bytes* signature = map.Find(IN_TAP_KEY_SIG)) {
        tx.inputs[input].witness = {*signature};
        const script::PrecomputedTx precomputed(tx, spent);
        if (script::VerifyInput(precomputed, input, script::STANDARD_FLAGS))
            return script::SignResult{true, {}, {*signature}};
    }
    tx.inputs[input].witness = Ready(map);
    const script::PrecomputedTx precomputed(tx, spent);
    auto result = script::SignInput(ProviderOf(map, {}), precomputed, input);
    if (!result.complete) return std::nullopt;
    return result;
}

// Only what a finished input still needs stays: BIP 174 names the rest.
void DropUsed(FieldMap& map)
{
    for (const uint8_t type :
         {IN_PARTIAL_SIG, IN_SIGHASH_TYPE, IN_REDEEM_SCRIPT, IN_WITNESS_SCRIPT, IN_DERIVATION, IN_TAP_KEY_SIG,
          IN_TAP_SCRIPT_SIG, IN_TAP_LEAF, IN_TAP_DERIVATION, IN_TAP_INTERNAL_KEY, IN_TAP_ROOT, IN_RIPEMD160,
          IN_SHA256, IN_HASH160, IN_HASH256, IN_MUSIG_KEYS, IN_MUSIG_NONCE, IN_MUSIG_SIG})
        map.Erase(type);
}

} // namespace

bool Finalize(Psbt& psbt)
{
    const auto spent = SpentOutputs(psbt);
    bool all = true;
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        FieldMap& map = psbt.inputs[i];
        if (IsFinal(map)) continue;
        auto result = spent[i].value < 0 ? std::nullopt : FinalOf(psbt, spent, i);
        if (!result) {
            all = false;
            continue;
        }
        DropUsed(map);
        if (!result->script_sig.empty()) map.Set(IN_FINAL_SCRIPT_SIG, std::move(result->script_sig));
        if (!result->witness.empty()) map.Set(IN_FINAL_WITNESS, WriteWitness(result->witness));
    }
    return all;
}

std::optional<primitives::MutableTransaction> Extract(const Psbt& psbt)
{
    primitives::MutableTransaction tx = psbt.tx;
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        const FieldMap& map = psbt.inputs[i];
        if (!IsFinal(map)) return std::nullopt;
        if (const Bytes* script = map.Find(IN_FINAL_SCRIPT_SIG)) tx.inputs[i].script_sig = *script;
        if (const Bytes* witness = map.Find(IN_FINAL_WITNESS)) tx.inputs[i].witness = *ReadWitness(*witness);
    }
    const auto spent = SpentOutputs(psbt);
    const script::PrecomputedTx precomputed(tx, spent);
    for (size_t i = 0; i < spent.size(); ++i) {
        if (spent[i].value >= 0 && !script::VerifyInput(precomputed, i, script::STANDARD_FLAGS))
            return std::nullopt;
    }
    return tx;
}

} // namespace emc::psbt
