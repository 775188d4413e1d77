/// The keys of a wallet: a BIP 32 tree from one seed (BIPs 44, 49, 84) and imported single keys.
#pragma once

#include "interfaces/wallet.h"
#include "script/sign.h"
#include "wallet/rows.h"

namespace emc::wallet {

using interfaces::AddressType;

/// Where a script of this wallet comes from.
struct ScriptOrigin {
    bool imported = false;
    ChainId chain;      ///< for derived keys
    uint32_t index = 0; ///< for derived keys
    base::Hash160 key_id;
    AddressType type = AddressType::Bech32;
};

/// Orders byte strings; lets maps be asked with spans.
struct BytesLess {
    using is_transparent = void;

    bool operator()(ByteSpan a, ByteSpan b) const
    {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    }
};

/// Keys and the scripts they can spend. Private keys are derived when they are needed; the seed and imported
/// keys are wiped when the ring dies. Not thread-safe: guarded by the wallet's mutex.
class KeyRing
{
public:
    /// `coin_type`: 6 on main, 1 elsewhere (SLIP 44). `look_ahead`: scripts known beyond the last one used.
    KeyRing(uint32_t coin_type, uint32_t look_ahead);
    ~KeyRing();
    KeyRing(const KeyRing&) = delete;
    KeyRing& operator=(const KeyRing&) = delete;

    /// 64 bytes. False when no key comes from it. Scripts are known after Ready.
    [[nodiscard]] bool SetSeed(ByteSpan seed);
    [[nodiscard]] bool HasSeed() const;
    /// Takes over stored key ids, in the order of their numbers; runs that do not belong to the seed are
    /// left.
    void LoadIds(const KeyIdsRow& row);
    /// Takes over a stored counter: the first index never handed out nor seen.
    void LoadNextIndex(const ChainId& chain, uint32_t next);
    /// Derives the scripts up to the counters and ahead of them. Call after the seed and the rows above.
    void Ready();
    void AddImported(const crypto::PrivateKey& key);

    /// The script behind the next unused index of a chain, and rows to store before it is shown.
    struct Fresh {
        Bytes script;
        RowBatch rows;
    };

    [[nodiscard]] Fresh Next(AddressType type, bool change);
    /// Notes that a script was seen on the chain. Rows to store when its chain's counter moves (scripts
    /// further ahead are known then), else none.
    [[nodiscard]] RowBatch MarkUsed(ByteSpan script);

    [[nodiscard]] std::optional<ScriptOrigin> Find(ByteSpan script) const;
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOf(const base::Hash160& id) const;
    /// The private key behind a script of this wallet.
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOfScript(ByteSpan script) const;
    /// "m/84'/6'/0'/0/5"; empty for imported keys.
    [[nodiscard]] std::string PathOf(const ScriptOrigin& origin) const;
    /// Scripts derived ahead and not used yet.
    [[nodiscard]] uint64_t Unused() const;
    /// Weight units an input that spends this script adds when signed; 0 when it is not of this wallet.
    [[nodiscard]] size_t InputWeight(ByteSpan script) const;
    /// Signs with these keys; valid as long as the ring.
    [[nodiscard]] script::SigningProvider Provider() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The output script of a key in one address form; legacy for uncompressed keys whatever is asked.
[[nodiscard]] Bytes ScriptFor(const crypto::PublicKey& key, AddressType type);

} // namespace emc::wallet
