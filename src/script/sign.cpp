#include "script/sign.h"

#include "script/opcodes.h"

namespace emc::script {

namespace {

using base::Hash160;
using base::Hash256;
using Version = SignatureChecker::Version;
using Items = std::vector<Bytes>;

constexpr size_t SIGNATURE_BYTES = 72; // DER with low R and S, and the hash type; rarely shorter
constexpr size_t SCHNORR_BYTES = 64;
constexpr size_t COMPRESSED_BYTES = 33;
constexpr size_t UNCOMPRESSED_BYTES = 65;
constexpr size_t OUTPOINT_AND_SEQUENCE_BYTES = 40;
constexpr size_t WITNESS_SCALE = 4;

// Stack elements that satisfy a script; fewer than needed when a key or script is missing.
struct Answer {
    bool complete = false;
    Items items;
};

class InputSigner
{
public:
    InputSigner(const SigningProvider& provider, const PrecomputedTx& tx, size_t input, int hash_type)
        : m_provider(provider), m_tx(tx), m_input(input), m_hash_type(hash_type),
          m_checker(tx, input, tx.Spent()[input].value)
    {
        CollectKnown();
    }

    [[nodiscard]] SignResult Sign()
    {
        const ByteSpan script = m_tx.Spent()[m_input].script_pubkey;
        SignResult out;
        const Solution solution = Solve(script);
        Answer answer;
        if (solution.type == ScriptType::ScriptHash) {
            answer = SignScriptHash(solution, out);
        } else if (solution.witness_version >= 0) {
            answer = SignWitness(solution, out);
        } else {
            answer = SignPlain(solution, script, Version::Legacy);
            out.script_sig = Pushes(answer.items);
        }
        out.complete =
            answer.complete &&
            VerifyScript(out.script_sig, script, out.witness, STANDARD_FLAGS, m_checker).HasValue();
        return out;
    }

private:
    // Signatures that stand in the input already; those that are none do no harm, they fit no key.
    void CollectKnown()
    {
        const auto& input = m_tx.Tx().inputs[m_input];
        ScriptReader reader(input.script_sig);
        while (const auto instruction = reader.Next()) {
            if (!instruction->data.empty())
                m_known.emplace_back(instruction->data.begin(), instruction->data.end());
        }
        for (const Bytes& item : input.witness) {
            if (!item.empty()) m_known.push_back(item);
        }
    }

    static Bytes Pushes(const Items& items)
    {
        ScriptBuilder out;
        for (const Bytes& item : items)
            out.Push(item);
        return out.Take();
    }

    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOf(const Hash160& id) const
    {
        return m_provider.key_by_id ? m_provider.key_by_id(id) : std::nullopt;
    }

    [[nodiscard]] Bytes EcdsaSignature(const crypto::PrivateKey& key, ByteSpan script_code,
                                       Version version) const
    {
        const int type = m_hash_type == SIGHASH_DEFAULT ? SIGHASH_ALL : m_hash_type;
        const Hash256 digest =
            version == Version::WitnessV0
                ? SegwitV0SigHash(m_tx, m_input, script_code, m_tx.Spent()[m_input].value, type)
                : LegacySigHash(m_tx.Tx(), m_input, script_code, type);
        Bytes out = key.SignEcdsa(digest);
        out.push_back(static_cast<uint8_t>(type));
        return out;
    }

    // A signature of this key: one that is there already, else a new one; empty when neither is possible.
    [[nodiscard]] Bytes SignatureOf(const crypto::PublicKey& key, ByteSpan script_code, Version version) const
    {
        for (const Bytes& known : m_known) {
            if (m_checker.CheckEcdsa(known, key.Span(), script_code, version)) return known;
        }
        const auto secret = KeyOf(key.Id());
        return secret ? EcdsaSignature(*secret, script_code, version) : Bytes();
    }

    [[nodiscard]] Answer SignKeyHash(const Hash160& id, ByteSpan script_code, Version version) const
    {
        if (const auto secret = KeyOf(id)) {
            const crypto::PublicKey key = secret->Public();
            return {
                true,
                {EcdsaSignature(*secret, script_code, version), Bytes(key.Span().begin(), key.Span().end())}};
        }
        // Without the secret an input that is signed already stays signed.
        for (const Bytes& known : m_known) {
            const auto key = crypto::PublicKey::From(known);
            if (!key || key->Id() != id) continue;
            Bytes signature = SignatureOf(*key, script_code, version);
            if (!signature.empty()) return {true, {std::move(signature), known}};
        }
        return {};
    }

    [[nodiscard]] Answer SignMultiSig(const Solution& solution, ByteSpan script_code, Version version) const
    {
        const size_t required = solution.parts.front()[0];
        Answer out;
        out.items.emplace_back(); // the element OP_CHECKMULTISIG takes too many
        for (size_t i = 1; i + 1 < solution.parts.size() && out.items.size() <= required; ++i) {
            const auto key = crypto::PublicKey::From(solution.parts[i]);
            Bytes signature = SignatureOf(*key, script_code, version);
            if (!signature.empty()) out.items.push_back(std::move(signature));
        }
        out.complete = out.items.size() == required + 1;
        return out;
    }

    // Scripts that need nothing but signatures and keys.
    [[nodiscard]] Answer SignPlain(const Solution& solution, ByteSpan script, Version version) const
    {
        switch (solution.type) {
        case ScriptType::PubKey: {
            Bytes signature = SignatureOf(*crypto::PublicKey::From(solution.parts[0]), script, version);
            if (signature.empty()) return {};
            return {true, {std::move(signature)}};
        }
        case ScriptType::PubKeyHash:
            return SignKeyHash(*Hash160::From(solution.parts[0]), script, version);
        case ScriptType::MultiSig:
            return SignMultiSig(solution, script, version);
        default:
            return {};
        }
    }

    // Without auxiliary randomness BIP 340 nonces depend on key and message alone, as RFC 6979's do.
    [[nodiscard]] Bytes SchnorrSignature(const crypto::PrivateKey& key, const TapscriptContext* leaf) const
    {
        const int type = m_hash_type == SIGHASH_ALL ? SIGHASH_DEFAULT : m_hash_type;
        const auto digest = TaprootSigHash(m_tx, m_input, static_cast<uint8_t>(type), std::nullopt, leaf);
        if (!digest) return {};
        const auto raw = key.SignSchnorr(*digest, Hash256());
        Bytes signature(raw.begin(), raw.end());
        if (type != SIGHASH_DEFAULT) signature.push_back(static_cast<uint8_t>(type));
        return signature;
    }

    // A signature for a leaf: one that is there already, else a new one; empty when neither is possible.
    [[nodiscard]] Bytes LeafSignature(const crypto::XOnlyKey& key, const TapscriptContext& leaf) const
    {
        for (const Bytes& known : m_known) {
            const bool fits = known.size() == SCHNORR_BYTES || known.size() == SCHNORR_BYTES + 1;
            if (fits && m_checker.CheckSchnorr(known, key.Span(), std::nullopt, &leaf) == Error::Ok)
                return known;
        }
        const auto secret = m_provider.taproot_key ? m_provider.taproot_key(key) : std::nullopt;
        return secret ? SchnorrSignature(*secret, &leaf) : Bytes();
    }

    // Signatures from the last key to the first, script and control block.
    [[nodiscard]] Answer SignLeaf(const TaprootSpend::Leaf& leaf) const
    {
        const auto wanted = SolveLeaf(leaf.script);
        if (!wanted || leaf.version != TAPSCRIPT_LEAF_VERSION) return {};
        const TapscriptContext context{TapLeafHash(leaf.version, leaf.script)};
        Items signatures;
        size_t count = 0;
        for (const auto& key : wanted->keys) {
            signatures.push_back(count < wanted->threshold ? LeafSignature(key, context) : Bytes());
            if (!signatures.back().empty()) ++count;
        }
        if (count == 0) return {};
        Answer out{count == wanted->threshold, Items(signatures.rbegin(), signatures.rend())};
        out.items.push_back(leaf.script);
        out.items.push_back(leaf.control);
        return out;
    }

    [[nodiscard]] Answer SignTaproot(ByteSpan program) const
    {
        if (m_tx.Spent().size() != m_tx.Tx().inputs.size()) return {};
        const auto output = crypto::XOnlyKey::From(program);
        if (const auto secret = m_provider.taproot_key ? m_provider.taproot_key(*output) : std::nullopt) {
            Bytes signature = SchnorrSignature(*secret, nullptr);
            if (signature.empty()) return {};
            return {true, {std::move(signature)}};
        }
        const auto spend = m_provider.taproot_spend ? m_provider.taproot_spend(*output) : std::nullopt;
        if (!spend) return {};
        Answer best;
        for (const auto& leaf : spend->leaves) {
            Answer answer = SignLeaf(leaf);
            if (answer.complete) return answer;
            if (best.items.empty()) best = std::move(answer);
        }
        return best;
    }

    [[nodiscard]] Answer SignWitness(const Solution& solution, SignResult& out) const
    {
        Answer answer;
        const Bytes& program = solution.parts[0];
        if (solution.type == ScriptType::WitnessV0KeyHash) {
            const Hash160 id = *Hash160::From(program);
            answer = SignKeyHash(id, PayToPubKeyHash(id), Version::WitnessV0);
        } else if (solution.type == ScriptType::WitnessV1Taproot) {
            answer = SignTaproot(program);
        } else if (solution.type == ScriptType::WitnessV0ScriptHash) {
            const auto script =
                m_provider.witness_script ? m_provider.witness_script(*Hash256::From(program)) : std::nullopt;
            if (!script) return {};
            answer = SignPlain(Solve(*script), *script, Version::WitnessV0);
            answer.items.push_back(*script);
        }
        out.witness = answer.items;
        return answer;
    }

    [[nodiscard]] Answer SignScriptHash(const Solution& solution, SignResult& out) const
    {
        const auto redeem = m_provider.redeem_script
                                ? m_provider.redeem_script(*Hash160::From(solution.parts[0]))
                                : std::nullopt;
        if (!redeem) return {};
        const Solution inner = Solve(*redeem);
        if (inner.witness_version >= 0) {
            out.script_sig = Pushes({*redeem});
            return SignWitness(inner, out);
        }
        Answer answer = SignPlain(inner, *redeem, Version::Legacy);
        answer.items.push_back(*redeem);
        out.script_sig = Pushes(answer.items);
        return answer;
    }

    const SigningProvider& m_provider;
    const PrecomputedTx& m_tx;
    size_t m_input;
    int m_hash_type;
    TxSignatureChecker m_checker;
    Items m_known;
};

// Those of the way SignTaproot will take: a leaf when only its keys are there.
std::vector<size_t> TaprootSizes(const SigningProvider& provider, const crypto::XOnlyKey& output)
{
    const std::vector<size_t> by_key = {SCHNORR_BYTES};
    if (!provider.taproot_key || provider.taproot_key(output) || !provider.taproot_spend) return by_key;
    const auto spend = provider.taproot_spend(output);
    if (!spend) return by_key;
    for (const auto& leaf : spend->leaves) {
        const auto wanted = SolveLeaf(leaf.script);
        if (!wanted) continue;
        std::vector<size_t> sizes;
        size_t count = 0;
        for (const auto& key : wanted->keys) {
            const bool signs = count < wanted->threshold && provider.taproot_key(key);
            sizes.push_back(signs ? SCHNORR_BYTES : 0);
            if (signs) ++count;
        }
        if (count < wanted->threshold) continue;
        sizes.push_back(leaf.script.size());
        sizes.push_back(leaf.control.size());
        return sizes;
    }
    return by_key;
}

// Sizes of the elements that satisfy a script; empty when that is not known.
std::vector<size_t> ItemSizes(const SigningProvider& provider, const Solution& solution)
{
    switch (solution.type) {
    case ScriptType::PubKey:
        return {SIGNATURE_BYTES};
    case ScriptType::WitnessV0KeyHash:
        return {SIGNATURE_BYTES, COMPRESSED_BYTES};
    case ScriptType::PubKeyHash: {
        const Hash160 id = *Hash160::From(solution.parts[0]);
        const auto secret = provider.key_by_id ? provider.key_by_id(id) : std::nullopt;
        const auto known = !secret && provider.public_key ? provider.public_key(id) : std::nullopt;
        const bool compressed = secret ? secret->IsCompressed() : !known || known->IsCompressed();
        return {SIGNATURE_BYTES, compressed ? COMPRESSED_BYTES : UNCOMPRESSED_BYTES};
    }
    case ScriptType::MultiSig: {
        std::vector<size_t> sizes(size_t{solution.parts.front()[0]} + 1, SIGNATURE_BYTES);
        sizes[0] = 0;
        return sizes;
    }
    case ScriptType::WitnessV1Taproot:
        return TaprootSizes(provider, *crypto::XOnlyKey::From(solution.parts[0]));
    case ScriptType::WitnessV0ScriptHash: {
        const auto script = provider.witness_script
                                ? provider.witness_script(*Hash256::From(solution.parts[0]))
                                : std::nullopt;
        if (!script) return {};
        const Solution inner = Solve(*script);
        if (inner.witness_version >= 0 || inner.type == ScriptType::ScriptHash) return {};
        auto sizes = ItemSizes(provider, inner);
        if (!sizes.empty()) sizes.push_back(script->size());
        return sizes;
    }
    default:
        return {};
    }
}

size_t PushedBytes(size_t size)
{
    return size + (size < OP_PUSHDATA1 ? 1 : size <= 0xff ? 2 : 3);
}

size_t WitnessBytes(const std::vector<size_t>& sizes)
{
    size_t out = codec::CompactSizeBytes(sizes.size());
    for (const size_t size : sizes)
        out += codec::CompactSizeBytes(size) + size;
    return out;
}

} // namespace

SignResult SignInput(const SigningProvider& provider, const PrecomputedTx& tx, size_t input, int hash_type)
{
    EMC_CHECK(input < tx.Tx().inputs.size() && input < tx.Spent().size());
    return InputSigner(provider, tx, input, hash_type).Sign();
}

size_t EstimateInputWeight(const SigningProvider& provider, ByteSpan script_pubkey)
{
    Solution solution = Solve(script_pubkey);
    size_t script_sig = 0;
    size_t redeem_bytes = 0;
    if (solution.type == ScriptType::ScriptHash) {
        const auto redeem =
            provider.redeem_script ? provider.redeem_script(*Hash160::From(solution.parts[0])) : std::nullopt;
        if (!redeem) return 0;
        solution = Solve(*redeem);
        redeem_bytes = PushedBytes(redeem->size());
    }
    const auto sizes = ItemSizes(provider, solution);
    if (sizes.empty()) return 0;
    const bool witness = solution.witness_version >= 0;
    if (!witness) {
        for (const size_t size : sizes)
            script_sig += PushedBytes(size);
    }
    script_sig += redeem_bytes;
    const size_t plain = OUTPOINT_AND_SEQUENCE_BYTES + codec::CompactSizeBytes(script_sig) + script_sig;
    return plain * WITNESS_SCALE + (witness ? WitnessBytes(sizes) : 0);
}

} // namespace emc::script
