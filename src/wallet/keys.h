/// The keys of a wallet: a BIP 32 tree from one seed (BIPs 44, 49, 84) and imported single keys.
#pragma once

#include "interfaces/wallet.h"
#include "script/hd_key.h"
#include "script/sign.h"
#include "wallet/rows.h"

#include <map>
#include <unordered_map>

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

/// Keys and the scripts they can spend. Not thread-safe: guarded by the wallet's mutex. Holds private keys in
/// memory; wiped when it dies.
class KeyRing
{
public:
    /// `coin_type`: 6 on main, 1 elsewhere (SLIP 44). `look_ahead`: scripts known beyond the last one used.
    KeyRing(uint32_t coin_type, uint32_t look_ahead) : m_coin_type(coin_type), m_look_ahead(look_ahead) {}

    ~KeyRing();
    KeyRing(const KeyRing&) = delete;
    KeyRing& operator=(const KeyRing&) = delete;

    /// 64 bytes. False when no key comes from it.
    [[nodiscard]] bool SetSeed(ByteSpan seed);

    [[nodiscard]] bool HasSeed() const { return !m_seed.empty(); }

    /// Takes over a stored counter and derives the scripts up to it and ahead of it.
    void SetNextIndex(const ChainId& chain, uint32_t next);
    void AddImported(const crypto::PrivateKey& key);

    /// The script behind the next unused index of a chain, and the counter to store before it is shown.
    struct Fresh {
        Bytes script;
        RowChange row;
    };

    [[nodiscard]] Fresh Next(AddressType type, bool change);
    /// Notes that a script was seen on the chain; the row to store when its chain's counter moves.
    [[nodiscard]] std::optional<RowChange> MarkUsed(ByteSpan script);

    [[nodiscard]] const ScriptOrigin* Find(ByteSpan script) const;
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOf(const base::Hash160& id) const;
    /// The private key behind a script of this wallet.
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOfScript(ByteSpan script) const;
    /// "m/84'/6'/0'/0/5"; empty for imported keys.
    [[nodiscard]] std::string PathOf(const ScriptOrigin& origin) const;
    /// Scripts derived ahead and not used yet.
    [[nodiscard]] uint64_t Unused() const;
    /// Signs with these keys; valid as long as the ring.
    [[nodiscard]] script::SigningProvider Provider() const;

private:
    struct Chain {
        script::ExtPrivateKey parent; ///< m / purpose' / coin' / account' / change
        uint32_t next = 0;            ///< first index never handed out nor seen
        uint32_t derived = 0;         ///< scripts known below this index
    };

    [[nodiscard]] Chain& ChainOf(const ChainId& id);
    void DeriveAhead(const ChainId& id, Chain& chain);
    void AddScript(const crypto::PublicKey& key, AddressType type, ScriptOrigin origin);

    const uint32_t m_coin_type;
    const uint32_t m_look_ahead;
    Bytes m_seed;
    std::map<ChainId, Chain> m_chains;
    std::map<Bytes, ScriptOrigin, BytesLess> m_scripts;
    std::map<base::Hash160, crypto::PrivateKey> m_keys;
    std::map<base::Hash160, Bytes> m_redeem_scripts;
};

/// The output script of a key in one address form; legacy for uncompressed keys whatever is asked.
[[nodiscard]] Bytes ScriptFor(const crypto::PublicKey& key, AddressType type);

} // namespace emc::wallet
