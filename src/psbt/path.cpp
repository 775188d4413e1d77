#include "psbt/path.h"

#include "crypto/hash.h"
#include "crypto/sha256.h"
#include "names/op_codec.h"
#include "psbt/roles.h"

namespace emc::psbt {

namespace {

using base::Hash160;
using script::ScriptType;

std::optional<crypto::PublicKey> KeyOfType(const FieldMap& input, uint8_t type, const Hash160& id)
{
    for (const auto& field : input.OfType(type)) {
        const auto key = crypto::PublicKey::From(field.KeyData());
        if (key && key->Id() == id) return key;
    }
    return std::nullopt;
}

// The leaves an input tells of an output key; nullopt when there is neither a leaf nor an internal key.
std::optional<script::TaprootSpend> SpendIn(const FieldMap& input, const crypto::XOnlyKey& output)
{
    const Bytes* internal = input.Find(IN_TAP_INTERNAL_KEY);
    const auto fields = input.OfType(IN_TAP_LEAF);
    if (internal == nullptr && fields.empty()) return std::nullopt;
    script::TaprootSpend out;
    if (internal != nullptr) out.internal_key = *crypto::XOnlyKey::From(*internal);
    if (const Bytes* root = input.Find(IN_TAP_ROOT)) out.root = Hash256::From(*root);
    for (const auto& field : fields) {
        const ByteSpan control = field.KeyData();
        script::TaprootSpend::Leaf leaf;
        leaf.version = field.value.back();
        leaf.script.assign(field.value.begin(), field.value.end() - 1);
        leaf.control.assign(control.begin(), control.end());
        const bool fits = (control[0] & 0xfe) == leaf.version &&
                          script::CommitsTo(output, control, script::TapLeafHash(leaf.version, leaf.script));
        if (fits) out.leaves.push_back(std::move(leaf));
    }
    return out;
}

} // namespace

std::optional<crypto::PublicKey> KeyIn(const FieldMap& input, const Hash160& id)
{
    if (auto key = KeyOfType(input, IN_PARTIAL_SIG, id)) return key;
    return KeyOfType(input, IN_DERIVATION, id);
}

std::array<Hash160, 2> IdsOf(const crypto::XOnlyKey& key)
{
    std::array<Hash160, 2> out;
    Bytes bytes(1);
    bytes.insert(bytes.end(), key.begin(), key.end());
    for (uint8_t i = 0; i < 2; ++i) {
        bytes[0] = static_cast<uint8_t>(2 + i);
        out[i] = crypto::Hash160Of(bytes);
    }
    return out;
}

Path FindPath(ByteSpan owner_script, const script::SigningProvider& provider)
{
    Path out;
    out.script_code.assign(owner_script.begin(), owner_script.end());
    out.solution = script::Solve(owner_script);
    if (out.solution.type == ScriptType::ScriptHash) {
        const auto id = *Hash160::From(out.solution.parts[0]);
        out.redeem_script = provider.redeem_script ? provider.redeem_script(id) : std::nullopt;
        if (!out.redeem_script || crypto::Hash160Of(*out.redeem_script) != id) {
            out.missing_redeem_script = id;
            return out;
        }
        out.script_code = *out.redeem_script;
        out.solution = script::Solve(out.script_code);
    }
    if (out.solution.type == ScriptType::WitnessV0KeyHash) {
        out.kind = Kind::WitnessV0;
        out.script_code = script::PayToPubKeyHash(*Hash160::From(out.solution.parts[0]));
        out.solution.type = ScriptType::PubKeyHash;
    } else if (out.solution.type == ScriptType::WitnessV0ScriptHash) {
        out.kind = Kind::WitnessV0;
        const auto hash = *Hash256::From(out.solution.parts[0]);
        out.witness_script = provider.witness_script ? provider.witness_script(hash) : std::nullopt;
        if (!out.witness_script || crypto::Sha256Of(*out.witness_script) != hash) {
            out.missing_witness_script = hash;
            return out;
        }
        out.script_code = *out.witness_script;
        out.solution = script::Solve(out.script_code);
    } else if (out.solution.type == ScriptType::WitnessV1Taproot && !out.redeem_script) {
        out.kind = Kind::Taproot;
    }
    return out;
}

script::SigningProvider ProviderOf(const FieldMap& input, const script::SigningProvider& other)
{
    script::SigningProvider out = other;
    const auto script_in = [&input](uint8_t type) {
        const Bytes* script = input.Find(type);
        return script != nullptr ? std::optional(*script) : std::nullopt;
    };
    out.redeem_script = [ask = other.redeem_script, script_in](const Hash160& id) {
        const auto script = script_in(IN_REDEEM_SCRIPT);
        if (script && crypto::Hash160Of(*script) == id) return script;
        return ask ? ask(id) : std::nullopt;
    };
    out.witness_script = [ask = other.witness_script, script_in](const Hash256& hash) {
        const auto script = script_in(IN_WITNESS_SCRIPT);
        if (script && crypto::Sha256Of(*script) == hash) return script;
        return ask ? ask(hash) : std::nullopt;
    };
    out.public_key = [ask = other.public_key, &input](const Hash160& id) {
        const auto key = KeyIn(input, id);
        return key || !ask ? key : ask(id);
    };
    out.taproot_spend = [ask = other.taproot_spend, &input](const crypto::XOnlyKey& key) {
        auto spend = SpendIn(input, key);
        return spend || !ask ? spend : ask(key);
    };
    return out;
}

std::optional<primitives::TxOut> SpentOutput(const Psbt& psbt, size_t input)
{
    const FieldMap& map = psbt.inputs[input];
    std::optional<primitives::TxOut> out;
    if (const Bytes* bytes = map.Find(IN_PREVIOUS_TX)) {
        const auto tx = primitives::ParseTransaction(*bytes);
        const auto& prevout = psbt.tx.inputs[input].prevout;
        if (!tx || tx->Txid() != prevout.txid || prevout.index >= tx->Outputs().size()) return std::nullopt;
        const auto& output = tx->Outputs()[prevout.index];
        const auto owner = names::OwnerScriptOf(tx->Version(), prevout.index, output.script_pubkey);
        out = primitives::TxOut{output.value, Bytes(owner.script.begin(), owner.script.end())};
    }
    const Bytes* bytes = map.Find(IN_SPENT_OUTPUT);
    if (bytes == nullptr) return out;
    auto given = ReadOutput(*bytes);
    if (!given) return std::nullopt;
    // Other programs write a name output as it stands in its transaction.
    const auto owner = names::OwnerScriptOf(primitives::NAME_TX_VERSION, 0, given->script_pubkey);
    given->script_pubkey = Bytes(owner.script.begin(), owner.script.end());
    if (out && *out != *given) return std::nullopt;
    return given;
}

std::vector<primitives::TxOut> SpentOutputs(const Psbt& psbt)
{
    std::vector<primitives::TxOut> out;
    for (size_t i = 0; i < psbt.inputs.size(); ++i)
        out.push_back(SpentOutput(psbt, i).value_or(primitives::TxOut{}));
    return out;
}

bool IsFinal(const FieldMap& input)
{
    return input.Find(IN_FINAL_SCRIPT_SIG) != nullptr || input.Find(IN_FINAL_WITNESS) != nullptr;
}

} // namespace emc::psbt
