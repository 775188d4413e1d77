// Signatures, lock times and sequences of one input of a transaction.
#include "crypto/keys.h"
#include "script/interpreter.h"

#include <algorithm>

namespace emc::script {

namespace {

using base::Hash256;
using primitives::SEQUENCE_FINAL;

// Below: block height, at or above: unix time (also BIP 65).
constexpr int64_t LOCK_TIME_THRESHOLD = 500'000'000;
constexpr uint32_t SEQUENCE_DISABLED = 1u << 31; // BIP 68
constexpr uint32_t SEQUENCE_IS_TIME = 1u << 22;
constexpr uint32_t SEQUENCE_VALUE_MASK = 0xffff;
constexpr size_t SCHNORR_BYTES = 64;

// Verifies unless the cache knows the signature, and remembers it when asked to.
template <typename Verify>
bool CachedVerify(SignatureCache* cache, bool store, const std::array<ByteSpan, 3>& parts,
                  const Verify& verify)
{
    if (cache == nullptr) return verify();
    const Hash256 entry = cache->Key(parts[0], parts[1], parts[2]);
    if (cache->Contains(entry)) return true;
    if (!verify()) return false;
    if (store) cache->Insert(entry);
    return true;
}

} // namespace

bool VerifySchnorrOnce(SignatureCache* cache, bool store, const crypto::XOnlyKey& key, const Hash256& digest,
                       ByteSpan signature64)
{
    return CachedVerify(cache, store, {digest.Span(), key.Span(), signature64},
                        [&] { return crypto::VerifySchnorr(key, digest.Span(), signature64); });
}

const Hash256& TxSignatureChecker::LegacyDigest(ByteSpan script_code, int32_t hash_type) const
{
    auto& [code, by_type] = m_legacy;
    if (!std::equal(code.begin(), code.end(), script_code.begin(), script_code.end())) {
        code.assign(script_code.begin(), script_code.end());
        by_type.clear();
    }
    const auto known = std::find_if(by_type.begin(), by_type.end(),
                                    [&](const auto& item) { return item.first == hash_type; });
    if (known != by_type.end()) return known->second;
    return by_type.emplace_back(hash_type, LegacySigHash(m_tx.Tx(), m_input, script_code, hash_type)).second;
}

bool TxSignatureChecker::CheckEcdsa(ByteSpan signature, ByteSpan key, ByteSpan script_code,
                                    Version version) const
{
    const auto public_key = crypto::PublicKey::From(key);
    if (!public_key || signature.empty()) return false;
    const int32_t hash_type = signature.back();
    const ByteSpan der = signature.first(signature.size() - 1);
    const Hash256 digest = version == Version::WitnessV0
                               ? SegwitV0SigHash(m_tx, m_input, script_code, m_value, hash_type)
                               : LegacyDigest(script_code, hash_type);
    return CachedVerify(m_cache, m_store, {digest.Span(), key, der},
                        [&] { return crypto::VerifyEcdsa(*public_key, digest, der); });
}

Error TxSignatureChecker::CheckSchnorr(ByteSpan signature, ByteSpan key32, const std::optional<Bytes>& annex,
                                       const TapscriptContext* script) const
{
    const auto key = crypto::XOnlyKey::From(key32);
    if (!key) return Error::SchnorrSig;
    if (signature.size() != SCHNORR_BYTES && signature.size() != SCHNORR_BYTES + 1)
        return Error::SchnorrSigSize;
    uint8_t hash_type = SIGHASH_DEFAULT;
    if (signature.size() > SCHNORR_BYTES) {
        hash_type = signature.back();
        if (hash_type == SIGHASH_DEFAULT) return Error::SchnorrSigHashType;
    }
    if (m_tx.Spent().size() != m_tx.Tx().inputs.size()) return Error::SchnorrSigHashType;
    const auto digest = TaprootSigHash(m_tx, m_input, hash_type, annex, script);
    if (!digest) return Error::SchnorrSigHashType;
    const ByteSpan raw = signature.first(SCHNORR_BYTES);
    return VerifySchnorrOnce(m_cache, m_store, *key, *digest, raw) ? Error::Ok : Error::SchnorrSig;
}

bool TxSignatureChecker::CheckLockTime(int64_t lock_time) const
{
    const int64_t own = m_tx.Tx().lock_time;
    if ((own < LOCK_TIME_THRESHOLD) != (lock_time < LOCK_TIME_THRESHOLD)) return false;
    // A final input would switch the transaction's own lock time off.
    return lock_time <= own && m_tx.Tx().inputs[m_input].sequence != SEQUENCE_FINAL;
}

bool TxSignatureChecker::CheckSequence(int64_t sequence) const
{
    const uint32_t own = m_tx.Tx().inputs[m_input].sequence;
    if (static_cast<uint32_t>(m_tx.Tx().version) < 2 || (own & SEQUENCE_DISABLED) != 0) return false;
    const uint32_t asked = static_cast<uint32_t>(sequence);
    if ((own & SEQUENCE_IS_TIME) != (asked & SEQUENCE_IS_TIME)) return false;
    return (asked & SEQUENCE_VALUE_MASK) <= (own & SEQUENCE_VALUE_MASK);
}

base::Expected<void, Error> VerifyInput(const PrecomputedTx& tx, size_t input, Flags flags,
                                        SignatureCache* cache)
{
    EMC_CHECK(input < tx.Tx().inputs.size() && input < tx.Spent().size());
    const auto& fields = tx.Tx().inputs[input];
    const auto& spent = tx.Spent()[input];
    const TxSignatureChecker checker(tx, input, spent.value, cache);
    return VerifyScript(fields.script_sig, spent.script_pubkey, fields.witness, flags, checker);
}

} // namespace emc::script
