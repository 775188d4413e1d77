/// Adding what a provider knows; combining and joining.
#include "names/op_codec.h"
#include "psbt/path.h"
#include "psbt/roles.h"
#include "script/sign.h"

#include <algorithm>
#include <set>

namespace emc::psbt {

namespace {

using base::Hash160;
using base::Unexpected;
using script::ScriptType;

// The same knowledge has other types in inputs and outputs.
struct Types {
    uint8_t redeem_script;
    uint8_t witness_script;
    uint8_t derivation;
    uint8_t tap_internal_key;
    uint8_t tap_derivation;
};

constexpr Types INPUT_TYPES = {IN_REDEEM_SCRIPT, IN_WITNESS_SCRIPT, IN_DERIVATION, IN_TAP_INTERNAL_KEY,
                               IN_TAP_DERIVATION};
constexpr Types OUTPUT_TYPES = {OUT_REDEEM_SCRIPT, OUT_WITNESS_SCRIPT, OUT_DERIVATION, OUT_TAP_INTERNAL_KEY,
                                OUT_TAP_DERIVATION};

std::optional<crypto::PublicKey> PublicKeyOf(const script::SigningProvider& provider, const Hash160& id)
{
    if (provider.public_key) {
        if (auto key = provider.public_key(id)) return key;
    }
    const auto secret = provider.key_by_id ? provider.key_by_id(id) : std::nullopt;
    return secret ? std::optional(secret->Public()) : std::nullopt;
}

void AddDerivation(FieldMap& map, uint8_t type, const script::SigningProvider& provider, const Hash160& id)
{
    if (!provider.key_origin) return;
    const auto key = PublicKeyOf(provider, id);
    const auto origin = provider.key_origin(id);
    if (key && origin) map.Set(type, key->Span(), WriteOrigin(*origin));
}

void AddTapDerivation(FieldMap& map, uint8_t type, const script::SigningProvider& provider,
                      const crypto::XOnlyKey& key, const std::vector<Hash256>& leaves)
{
    for (const auto& id : IdsOf(key)) {
        const auto origin = provider.key_origin ? provider.key_origin(id) : std::nullopt;
        if (!origin) continue;
        map.Set(type, key.Span(), WriteTapOrigin({leaves, *origin}));
        return;
    }
}

void AddTaproot(FieldMap& map, const Types& types, const script::TaprootSpend& spend,
                const script::SigningProvider& provider, Derivations derivations)
{
    map.Set(types.tap_internal_key, Bytes(spend.internal_key.begin(), spend.internal_key.end()));
    const bool input = types.redeem_script == IN_REDEEM_SCRIPT;
    if (input && spend.root) map.Set(IN_TAP_ROOT, Bytes(spend.root->begin(), spend.root->end()));
    std::vector<std::pair<crypto::XOnlyKey, std::vector<Hash256>>> keys{{spend.internal_key, {}}};
    for (const auto& leaf : spend.leaves) {
        Bytes value = leaf.script;
        value.push_back(leaf.version);
        if (input) map.Set(IN_TAP_LEAF, leaf.control, std::move(value));
        const auto wanted = script::SolveLeaf(leaf.script);
        if (!wanted) continue;
        for (const auto& key : wanted->keys) {
            auto it = std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.first == key; });
            if (it == keys.end()) it = keys.insert(keys.end(), {key, {}});
            it->second.push_back(script::TapLeafHash(leaf.version, leaf.script));
        }
    }
    if (derivations == Derivations::Without) return;
    for (auto& [key, leaves] : keys) {
        std::sort(leaves.begin(), leaves.end());
        AddTapDerivation(map, types.tap_derivation, provider, key, leaves);
    }
}

void Update(FieldMap& map, const Types& types, ByteSpan owner_script, const script::SigningProvider& provider,
            Derivations derivations)
{
    const Path path = FindPath(owner_script, provider);
    if (path.redeem_script && !path.missing_redeem_script) map.Set(types.redeem_script, *path.redeem_script);
    if (path.witness_script && !path.missing_witness_script)
        map.Set(types.witness_script, *path.witness_script);
    if (!path.Known()) return;
    if (path.kind == Kind::Taproot) {
        const auto output = *crypto::XOnlyKey::From(path.solution.parts[0]);
        const auto spend = provider.taproot_spend ? provider.taproot_spend(output) : std::nullopt;
        if (spend) AddTaproot(map, types, *spend, provider, derivations);
        return;
    }
    if (derivations == Derivations::Without) return;
    const auto& parts = path.solution.parts;
    if (path.solution.type == ScriptType::PubKeyHash) {
        AddDerivation(map, types.derivation, provider, *Hash160::From(parts[0]));
    } else if (path.solution.type == ScriptType::PubKey) {
        AddDerivation(map, types.derivation, provider, crypto::PublicKey::From(parts[0])->Id());
    } else if (path.solution.type == ScriptType::MultiSig) {
        for (size_t i = 1; i + 1 < parts.size(); ++i)
            AddDerivation(map, types.derivation, provider, crypto::PublicKey::From(parts[i])->Id());
    }
}

Bytes Plain(const primitives::MutableTransaction& tx)
{
    Bytes out;
    codec::Writer writer(out);
    primitives::Write(writer, tx, primitives::WitnessMode::Without);
    return out;
}

} // namespace

void AddSpent(Psbt& psbt, size_t input, const primitives::TxRef& previous, const primitives::TxOut& spent,
              const script::SigningProvider& provider)
{
    FieldMap& map = psbt.inputs[input];
    const auto known = ProviderOf(map, provider);
    const Path path = FindPath(spent.script_pubkey, known);
    const bool witness = path.kind != Kind::Legacy;
    if (witness && map.Find(IN_SPENT_OUTPUT) == nullptr) map.Set(IN_SPENT_OUTPUT, WriteOutput(spent));
    // Taproot signatures commit to the amounts of all inputs; older ones are safe only with the transaction.
    if (previous && path.kind != Kind::Taproot && map.Find(IN_PREVIOUS_TX) == nullptr)
        map.Set(IN_PREVIOUS_TX, primitives::Serialize(*previous));
}

void UpdateInput(Psbt& psbt, size_t input, const script::SigningProvider& provider, Derivations derivations)
{
    if (IsFinal(psbt.inputs[input])) return;
    if (const auto spent = SpentOutput(psbt, input))
        Update(psbt.inputs[input], INPUT_TYPES, spent->script_pubkey, provider, derivations);
}

void UpdateOutput(Psbt& psbt, size_t output, const script::SigningProvider& provider, Derivations derivations)
{
    const ByteSpan whole = psbt.tx.outputs[output].script_pubkey;
    const auto owner = names::OwnerScriptOf(psbt.tx.version, output, whole);
    Update(psbt.outputs[output], OUTPUT_TYPES, owner.script, provider, derivations);
}

base::Expected<Psbt, std::string> Combine(const std::vector<Psbt>& parts)
{
    if (parts.empty()) return Unexpected(std::string("There is nothing to combine."));
    Psbt out = parts.front();
    for (size_t n = 1; n < parts.size(); ++n) {
        if (Plain(parts[n].tx) != Plain(out.tx)) {
            return Unexpected("PSBT " + std::to_string(n) +
                              " is about another transaction than the first (counting from 0).");
        }
        out.global.Merge(parts[n].global);
        for (size_t i = 0; i < out.inputs.size(); ++i)
            out.inputs[i].Merge(parts[n].inputs[i]);
        for (size_t i = 0; i < out.outputs.size(); ++i)
            out.outputs[i].Merge(parts[n].outputs[i]);
    }
    return out;
}

base::Expected<Psbt, std::string> Join(const std::vector<Psbt>& parts)
{
    if (parts.size() < 2) return Unexpected(std::string("At least two PSBTs are needed to join."));
    Psbt out;
    out.tx.version = 1;
    out.tx.lock_time = UINT32_MAX;
    std::set<primitives::OutPoint> seen;
    for (const auto& part : parts) {
        out.tx.version = std::max(out.tx.version, part.tx.version);
        out.tx.lock_time = std::min(out.tx.lock_time, part.tx.lock_time);
        for (const auto& input : part.tx.inputs) {
            if (!seen.insert(input.prevout).second) {
                return Unexpected("Input " + base::ReversedHex(input.prevout.txid) + ":" +
                                  std::to_string(input.prevout.index) + " stands in more than one PSBT.");
            }
        }
        const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
        append(out.tx.inputs, part.tx.inputs);
        append(out.tx.outputs, part.tx.outputs);
        append(out.inputs, part.inputs);
        append(out.outputs, part.outputs);
        out.global.Merge(part.global);
    }
    return out;
}

} // namespace emc::psbt
