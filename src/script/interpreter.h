/// Runs scripts.
#pragma once

#include "base/expected.h"
#include "script/flags.h"
#include "script/sighash.h"

namespace emc::crypto {
struct XOnlyKeyTag;
}

namespace emc::script {

/// What the interpreter asks about signatures and times. Implementations are used from one thread at a time.
class SignatureChecker
{
public:
    enum class Version { Legacy, WitnessV0 };

    virtual ~SignatureChecker() = default;
    /// `signature` includes its hash-type byte and is not empty.
    [[nodiscard]] virtual bool CheckEcdsa(ByteSpan signature, ByteSpan key, ByteSpan script_code,
                                          Version version) const = 0;
    /// Signature of 64 or 65 bytes. `script` null for the key path. Error::Ok when it holds.
    [[nodiscard]] virtual Error CheckSchnorr(ByteSpan signature, ByteSpan key32,
                                             const std::optional<Bytes>& annex,
                                             const TapscriptContext* script) const = 0;
    [[nodiscard]] virtual bool CheckLockTime(int64_t lock_time) const = 0;
    [[nodiscard]] virtual bool CheckSequence(int64_t sequence) const = 0;
};

/// Remembers signatures that verified. Shared by mempool and block checking. Any thread; bounded by its
/// capacity.
class SignatureCache
{
public:
    /// `max_bytes` of memory, rounded down to a power of two of entries; `salt` unknown to strangers.
    SignatureCache(size_t max_bytes, const base::Hash256& salt);
    ~SignatureCache();
    SignatureCache(const SignatureCache&) = delete;
    SignatureCache& operator=(const SignatureCache&) = delete;
    /// Key of one (digest, key, signature).
    [[nodiscard]] base::Hash256 Key(ByteSpan digest, ByteSpan key, ByteSpan signature) const;
    [[nodiscard]] bool Contains(const base::Hash256& key) const;
    void Insert(const base::Hash256& key);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A BIP 340 signature of `digest`. `cache` (may be null) is asked first, and told when `store`.
[[nodiscard]] bool VerifySchnorrOnce(SignatureCache* cache, bool store,
                                     const base::ByteArray<32, crypto::XOnlyKeyTag>& key,
                                     const base::Hash256& digest, ByteSpan signature64);

/// Checks signatures of one input of a transaction, with an optional cache.
class TxSignatureChecker final : public SignatureChecker
{
public:
    TxSignatureChecker(const PrecomputedTx& tx, size_t input, primitives::Amount value,
                       SignatureCache* cache = nullptr, bool store = true)
        : m_tx(tx), m_input(input), m_value(value), m_cache(cache), m_store(store)
    {}

    [[nodiscard]] bool CheckEcdsa(ByteSpan signature, ByteSpan key, ByteSpan script_code,
                                  Version version) const override;
    [[nodiscard]] Error CheckSchnorr(ByteSpan signature, ByteSpan key32, const std::optional<Bytes>& annex,
                                     const TapscriptContext* script) const override;
    [[nodiscard]] bool CheckLockTime(int64_t lock_time) const override;
    [[nodiscard]] bool CheckSequence(int64_t sequence) const override;

private:
    [[nodiscard]] const base::Hash256& LegacyDigest(ByteSpan script_code, int32_t hash_type) const;

    /// Digests of one script code, by hash type. A script may check many signatures, and each digest is a
    /// hash over nearly the whole transaction.
    struct LegacyDigests {
        Bytes script_code;
        std::vector<std::pair<int32_t, base::Hash256>> by_type;
    };

    mutable LegacyDigests m_legacy; ///< one thread checks an input
    const PrecomputedTx& m_tx;
    size_t m_input;
    primitives::Amount m_value;
    SignatureCache* m_cache;
    bool m_store;
};

/// Does the input's script_sig and witness satisfy the (owner) script it spends?
[[nodiscard]] base::Expected<void, Error> VerifyScript(ByteSpan script_sig, ByteSpan script_pubkey,
                                                       const primitives::Witness& witness, Flags flags,
                                                       const SignatureChecker& checker);
/// Convenience for input `i` of `tx`, whose spent outputs are in `tx`.
[[nodiscard]] base::Expected<void, Error> VerifyInput(const PrecomputedTx& tx, size_t input, Flags flags,
                                                      SignatureCache* cache = nullptr);
/// Signature operations of an input's witness and P2SH redeem script, times 4 where they are not witness (BIP
/// 141).
[[nodiscard]] int InputSigOpCost(ByteSpan script_sig, ByteSpan script_pubkey,
                                 const primitives::Witness& witness);

} // namespace emc::script
