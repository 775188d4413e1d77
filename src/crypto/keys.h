/// secp256k1 keys and signatures (through libsecp256k1): ECDSA, recoverable ECDSA, BIP340, BIP341 tweaks,
/// ECDH.
#pragma once

#include "base/bytes.h"
#include "base/random.h"

namespace emc::crypto {

/// A public key as it stood in the script: 33 bytes (02/03…) or 65 bytes (04…; 06/07 hybrid kept as data).
class PublicKey
{
public:
    PublicKey() = default;
    /// Takes any 33- or 65-byte string with a fitting first byte; whether it is a point is IsOnCurve's
    /// question.
    [[nodiscard]] static std::optional<PublicKey> From(base::ByteSpan in);

    [[nodiscard]] base::ByteSpan Span() const { return {m_bytes.data(), m_size}; }

    [[nodiscard]] bool IsCompressed() const { return m_size == 33; }

    [[nodiscard]] bool IsEmpty() const { return m_size == 0; }

    [[nodiscard]] bool IsOnCurve() const;
    /// HASH160 of the bytes.
    [[nodiscard]] base::Hash160 Id() const;
    /// The same point in the other form; nullopt when not on the curve.
    [[nodiscard]] std::optional<PublicKey> Compressed() const;
    [[nodiscard]] std::optional<PublicKey> Uncompressed() const;
    /// BIP32 public step: this + tweak·G, compressed; nullopt when the result is no key.
    [[nodiscard]] std::optional<PublicKey> AddTweak(const base::Hash256& tweak) const;
    bool operator==(const PublicKey& other) const;
    bool operator<(const PublicKey& other) const;

private:
    std::array<uint8_t, 65> m_bytes{};
    uint8_t m_size = 0;
};

/// The x coordinate of a key with even Y (BIP340).
struct XOnlyKeyTag;
using XOnlyKey = base::ByteArray<32, XOnlyKeyTag>;
using Signature64 = std::array<uint8_t, 64>;
/// Header byte 27–34 (31–34: compressed key), r, s: the form of signmessage.
using CompactSignature = std::array<uint8_t, 65>;

/// Verifies a DER signature leniently parsed as old networks did, high S accepted; `hash` is the message
/// digest. False for anything that is no signature or key. Encoding strictness is the interpreter's business.
[[nodiscard]] bool VerifyEcdsa(const PublicKey& key, const base::Hash256& hash, base::ByteSpan der);
/// True when S of a DER signature, parsed as VerifyEcdsa does, is at most half the group order. A signature
/// with a number beyond the order counts as zero and so as low, as it always has; it never verifies.
[[nodiscard]] bool IsLowS(base::ByteSpan der);
/// True for the one DER form BIP66 allows, without the hash-type byte: minimal lengths, no negative or padded
/// numbers, nothing behind. Says nothing about the size of r and s beyond 33 bytes.
[[nodiscard]] bool IsStrictDer(base::ByteSpan der);
/// BIP340. `message` is 32 bytes in all consensus uses; any length is accepted.
[[nodiscard]] bool VerifySchnorr(const XOnlyKey& key, base::ByteSpan message, base::ByteSpan signature64);
/// The key that made a compact signature, in the form the header byte names; nullopt when header, r or s is
/// out of range. High S is accepted; see IsCompactLowS.
[[nodiscard]] std::optional<PublicKey> RecoverCompact(const base::Hash256& hash, base::ByteSpan signature65);
[[nodiscard]] bool IsCompactLowS(base::ByteSpan signature65);

/// The even-Y form of a key and whether it was odd; nullopt when not on the curve.
struct XOnlyResult {
    XOnlyKey key;
    bool odd = false;
};

[[nodiscard]] std::optional<XOnlyResult> ToXOnly(const PublicKey& key);
[[nodiscard]] bool IsOnCurve(const XOnlyKey& key);
/// BIP341 output key: lift_x(internal) + tweak·G; nullopt when invalid.
[[nodiscard]] std::optional<XOnlyResult> TweakXOnly(const XOnlyKey& internal, const base::Hash256& tweak);
/// True when TweakXOnly(internal, tweak) gives `output` with this parity.
[[nodiscard]] bool CheckTweak(const XOnlyKey& output, bool odd, const XOnlyKey& internal,
                              const base::Hash256& tweak);

/// A private key; its memory is wiped when it dies.
class PrivateKey
{
public:
    PrivateKey() = default;
    ~PrivateKey();
    PrivateKey(const PrivateKey&) = default;
    PrivateKey& operator=(const PrivateKey&) = default;
    /// nullopt unless 32 bytes of a number in 1 … n−1.
    [[nodiscard]] static std::optional<PrivateKey> From(base::ByteSpan in, bool compressed = true);
    [[nodiscard]] static PrivateKey Generate(base::RandomSource& random, bool compressed = true);

    [[nodiscard]] bool IsValid() const { return m_valid; }

    [[nodiscard]] bool IsCompressed() const { return m_compressed; }

    [[nodiscard]] base::ByteSpan Span() const { return m_bytes; }

    [[nodiscard]] PublicKey Public() const;
    /// RFC 6979 deterministic ECDSA, low S, DER; grinds for a 71-byte signature when `low_r`.
    [[nodiscard]] base::Bytes SignEcdsa(const base::Hash256& hash, bool low_r = true) const;
    /// Recoverable, low S, header for this key's form.
    [[nodiscard]] CompactSignature SignCompact(const base::Hash256& hash) const;
    /// BIP340 with auxiliary randomness `aux`; the key is first tweaked by `tweak` if given (BIP341 key
    /// path). All zeros, which verify nowhere, when the tweak gives no key.
    [[nodiscard]] Signature64 SignSchnorr(const base::Hash256& message, const base::Hash256& aux,
                                          const base::Hash256* tweak = nullptr) const;
    /// BIP32 private step: (this + tweak) mod n; nullopt when zero.
    [[nodiscard]] std::optional<PrivateKey> AddTweak(const base::Hash256& tweak) const;
    /// x coordinate hash as libsecp256k1 gives: SHA256 of the compressed shared point; nullopt for a bad key.
    [[nodiscard]] std::optional<base::Hash256> Ecdh(const PublicKey& other) const;

private:
    std::array<uint8_t, 32> m_bytes{};
    bool m_valid = false;
    bool m_compressed = true;
};

/// False when libsecp256k1 fails its self test; call at start.
[[nodiscard]] bool KeysSelfTest();

} // namespace emc::crypto
