/// The signer.
#include "script/sign.h"

#include "psbt/path.h"
#include "psbt/roles.h"

#include <algorithm>

namespace emc::psbt {

namespace {

using base::Hash160;
using base::Unexpected;
using script::ScriptType;

// Adds signatures to one input.
class Signer
{
public:
    Signer(FieldMap& map, const script::SigningProvider& keys, const script::PrecomputedTx& tx, size_t input)
        : m_map(map), m_keys(keys), m_tx(tx), m_input(input), m_spent(tx.Spent()[input])
    {}

    // `hash_type`: SIGHASH_DEFAULT where nobody asked for one.
    size_t Sign(int hash_type)
    {
        const auto provider = ProviderOf(m_map, m_keys);
        const Path path = FindPath(m_spent.script_pubkey, provider);
        if (!path.Known()) return 0;
        if (path.kind == Kind::Taproot) {
            const auto output = *crypto::XOnlyKey::From(path.solution.parts[0]);
            return SignTaproot(output, provider, static_cast<uint8_t>(hash_type));
        }
        // The amount is proven by the whole previous transaction, or by the signature itself (BIP 143).
        if (path.kind == Kind::Legacy && m_map.Find(IN_PREVIOUS_TX) == nullptr) return 0;
        const int type = hash_type == script::SIGHASH_DEFAULT ? script::SIGHASH_ALL : hash_type;
        size_t added = 0;
        for (const auto& id : SignersOf(path.solution))
            added += SignEcdsa(path, id, type);
        return added;
    }

private:
    static std::vector<Hash160> SignersOf(const script::Solution& solution)
    {
        const auto& parts = solution.parts;
        std::vector<Hash160> out;
        if (solution.type == ScriptType::PubKeyHash) out.push_back(*Hash160::From(parts[0]));
        if (solution.type == ScriptType::PubKey) out.push_back(crypto::PublicKey::From(parts[0])->Id());
        for (size_t i = 1; solution.type == ScriptType::MultiSig && i + 1 < parts.size(); ++i)
            out.push_back(crypto::PublicKey::From(parts[i])->Id());
        return out;
    }

    [[nodiscard]] std::optional<crypto::PrivateKey> SecretOf(const Hash160& id) const
    {
        return m_keys.key_by_id ? m_keys.key_by_id(id) : std::nullopt;
    }

    size_t SignEcdsa(const Path& path, const Hash160& id, int type)
    {
        const auto secret = SecretOf(id);
        if (!secret) return 0;
        const auto key = secret->Public();
        for (const auto& field : m_map.OfType(IN_PARTIAL_SIG)) {
            if (crypto::PublicKey::From(field.KeyData()) == key) return 0;
        }
        const Hash256 digest =
            path.kind == Kind::WitnessV0
                ? script::SegwitV0SigHash(m_tx, m_input, path.script_code, m_spent.value, type)
                : script::LegacySigHash(m_tx.Tx(), m_input, path.script_code, type);
        Bytes signature = secret->SignEcdsa(digest);
        signature.push_back(static_cast<uint8_t>(type));
        m_map.Set(IN_PARTIAL_SIG, key.Span(), std::move(signature));
        return 1;
    }

    // A key as it stands in a leaf or as an internal key.
    [[nodiscard]] std::optional<crypto::PrivateKey> SecretOf(const crypto::XOnlyKey& key) const
    {
        if (m_keys.taproot_key) {
            if (auto secret = m_keys.taproot_key(key)) return secret;
        }
        for (const auto& id : IdsOf(key)) {
            if (auto secret = SecretOf(id)) return secret;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<crypto::PrivateKey>
    OutputSecret(const crypto::XOnlyKey& output, const std::optional<script::TaprootSpend>& spend) const
    {
        if (m_keys.taproot_key) {
            if (auto secret = m_keys.taproot_key(output)) return secret;
        }
        const auto internal = spend ? SecretOf(spend->internal_key) : std::nullopt;
        if (!internal) return std::nullopt;
        auto secret = script::TapTweakSecret(*internal, spend->root ? &*spend->root : nullptr);
        if (!secret || crypto::ToXOnly(secret->Public())->key != output) return std::nullopt;
        return secret;
    }

    [[nodiscard]] std::optional<Bytes> Schnorr(const crypto::PrivateKey& secret, uint8_t type,
                                               const script::TapscriptContext* leaf) const
    {
        const auto digest = script::TaprootSigHash(m_tx, m_input, type, std::nullopt, leaf);
        if (!digest) return std::nullopt;
        // As without a PSBT: BIP 340 nonces that depend on key and message alone.
        const auto raw = secret.SignSchnorr(*digest, Hash256());
        Bytes out(raw.begin(), raw.end());
        if (type != script::SIGHASH_DEFAULT) out.push_back(type);
        return out;
    }

    size_t SignTaproot(const crypto::XOnlyKey& output, const script::SigningProvider& provider, uint8_t type)
    {
        for (const auto& spent : m_tx.Spent()) { // the hash covers all of them
            if (spent.value < 0) return 0;
        }
        const auto spend = provider.taproot_spend(output);
        size_t added = 0;
        if (m_map.Find(IN_TAP_KEY_SIG) == nullptr) {
            const auto secret = OutputSecret(output, spend);
            auto signature = secret ? Schnorr(*secret, type, nullptr) : std::nullopt;
            if (signature) {
                m_map.Set(IN_TAP_KEY_SIG, std::move(*signature));
                ++added;
            }
        }
        for (size_t i = 0; spend && i < spend->leaves.size(); ++i)
            added += SignLeaf(spend->leaves[i], type);
        return added;
    }

    // Those the script asks for, and those of which the input says that they sign this leaf.
    [[nodiscard]] std::vector<crypto::XOnlyKey> SignersOf(const script::TaprootSpend::Leaf& leaf,
                                                          const Hash256& leaf_hash) const
    {
        std::vector<crypto::XOnlyKey> out;
        if (auto wanted = script::SolveLeaf(leaf.script)) out = std::move(wanted->keys);
        for (const auto& field : m_map.OfType(IN_TAP_DERIVATION)) {
            const auto origin = ReadTapOrigin(field.value);
            const auto key = *crypto::XOnlyKey::From(field.KeyData());
            const bool named = std::count(origin->leaves.begin(), origin->leaves.end(), leaf_hash) > 0;
            if (named && std::count(out.begin(), out.end(), key) == 0) out.push_back(key);
        }
        return out;
    }

    size_t SignLeaf(const script::TaprootSpend::Leaf& leaf, uint8_t type)
    {
        const script::TapscriptContext context{script::TapLeafHash(leaf.version, leaf.script)};
        size_t added = 0;
        for (const auto& key : SignersOf(leaf, context.leaf_hash)) {
            Bytes place(key.begin(), key.end());
            place.insert(place.end(), context.leaf_hash.begin(), context.leaf_hash.end());
            Bytes whole = {IN_TAP_SCRIPT_SIG};
            whole.insert(whole.end(), place.begin(), place.end());
            const auto secret = m_map.Find(whole) == nullptr ? SecretOf(key) : std::nullopt;
            auto signature = secret ? Schnorr(*secret, type, &context) : std::nullopt;
            if (!signature) continue;
            m_map.Set(IN_TAP_SCRIPT_SIG, place, std::move(*signature));
            ++added;
        }
        return added;
    }

    FieldMap& m_map;
    const script::SigningProvider& m_keys;
    const script::PrecomputedTx& m_tx;
    size_t m_input;
    const primitives::TxOut m_spent;
};

// The hash type an input asks for, if it does.
std::optional<int> TypeOf(const FieldMap& map)
{
    const Bytes* value = map.Find(IN_SIGHASH_TYPE);
    if (value == nullptr) return std::nullopt;
    codec::Reader in(*value);
    return in.I32();
}

bool SameType(int a, int b)
{
    const auto plain = [](int type) { return type == script::SIGHASH_DEFAULT ? script::SIGHASH_ALL : type; };
    return plain(a) == plain(b);
}

} // namespace

base::Expected<size_t, std::string> Sign(Psbt& psbt, const script::SigningProvider& provider,
                                         std::optional<int> hash_type)
{
    const script::PrecomputedTx tx(psbt.tx, SpentOutputs(psbt));
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        const auto asked = TypeOf(psbt.inputs[i]);
        if (asked && hash_type && !SameType(*asked, *hash_type)) {
            return Unexpected("Input " + std::to_string(i) +
                              " asks for signatures of another hash type than the one given.");
        }
    }
    size_t added = 0;
    for (size_t i = 0; i < psbt.inputs.size(); ++i) {
        FieldMap& map = psbt.inputs[i];
        if (IsFinal(map) || tx.Spent()[i].value < 0) continue;
        const int type = TypeOf(map).value_or(hash_type.value_or(script::SIGHASH_DEFAULT));
        added += Signer(map, provider, tx, i).Sign(type);
    }
    return added;
}

} // namespace emc::psbt
