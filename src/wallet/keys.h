/// The keys of a wallet: a BIP 32 tree from one seed (BIPs 44, 49, 84, 86), imported single keys, and
/// imported descriptors.
#pragma once

#include "interfaces/wallet.h"
#include "script/sign.h"
#include "wallet/descriptors.h"
#include "wallet/rows.h"

#include <map>

namespace emc::wallet {

using interfaces::AddressType;

/// The forms of address, in the order of their numbers.
inline constexpr AddressType ALL_TYPES[] = {AddressType::Legacy, AddressType::P2shSegwit, AddressType::Bech32,
                                            AddressType::Bech32m};

/// Where a script of this wallet comes from.
struct ScriptOrigin {
    bool imported = false; ///< a single key
    ChainId chain;         ///< for keys of the seed
    uint32_t index = 0;    ///< for keys of the seed and descriptors
    base::Hash160 key_id;  ///< of the one key behind it; zero: several keys, or none known
    AddressType type = AddressType::Bech32;
    std::optional<size_t> descriptor; ///< its number in the set
    bool change = false;
    bool solvable = true; ///< false: of a descriptor that says nothing about keys
};

/// All scripts of a ring, to be asked for by block filters. Grows with it by KeyRing::Extend.
struct ScriptList {
    std::vector<Bytes> derived;           ///< from the seed
    std::vector<Bytes> others;            ///< of imported keys and descriptors
    std::map<ChainId, uint32_t> taken;    ///< indices of each chain that are in `derived`
    std::optional<size_t> others_counted; ///< how many the ring had when they were taken
};

/// Keys and the scripts they can spend. Public halves are always there, private keys only while the vault is
/// open; they are derived when they are needed. Not thread-safe: guarded by the wallet's mutex.
class KeyRing
{
public:
    /// `coin_type`: 6 on main, 1 elsewhere (SLIP 44). `look_ahead`: scripts known beyond the last one used.
    KeyRing(uint32_t coin_type, uint32_t look_ahead, const script::AddressParams& params = {});
    ~KeyRing();
    KeyRing(const KeyRing&) = delete;
    KeyRing& operator=(const KeyRing&) = delete;

    [[nodiscard]] Vault& Secrets();
    [[nodiscard]] const Vault& Secrets() const;
    [[nodiscard]] const DescriptorSet& Descriptors() const;
    [[nodiscard]] DescriptorSet& Descriptors();

    /// 64 bytes. The rows to write, none when no key comes from it. Scripts are known after Ready.
    [[nodiscard]] RowBatch SetSeed(ByteSpan seed, base::RandomSource& random);
    [[nodiscard]] bool HasSeed() const;
    /// Public halves as stored.
    void LoadAccount(const AccountRow& row);
    /// Takes over stored key ids, in the order of their numbers; runs that do not belong to the seed are
    /// left.
    void LoadIds(const KeyIdsRow& row);
    /// Takes over a stored counter: the first index never handed out nor seen.
    void LoadNextIndex(const ChainId& chain, uint32_t next);
    void LoadImported(const crypto::PublicKey& key);
    /// Public halves that an older file lacks; false when the seed gives none, or others than stored. While
    /// the vault is locked nothing can be compared.
    [[nodiscard]] bool Complete(RowBatch& missing);
    /// Derives the scripts up to the counters and ahead of them. Call after the seed and the rows above.
    void Ready();
    /// Opens the vault. False when this master key is wrong, or the seed does not give the stored public
    /// halves.
    [[nodiscard]] bool Unlock(SecureBytes master);
    /// Takes private keys out of memory; nothing happens to an unencrypted ring.
    void Lock();
    /// Adds a key; the rows to write. Not while locked.
    [[nodiscard]] RowBatch AddImported(const crypto::PrivateKey& key, base::RandomSource& random);

    /// The script behind the next unused index of a chain, and rows to store before it is shown.
    struct Fresh {
        Bytes script;
        RowBatch rows;
    };

    /// From the active descriptor of that type, else from the seed; nullopt without both.
    [[nodiscard]] std::optional<Fresh> Next(AddressType type, bool change);
    /// Notes that a script was seen on the chain. Rows to store when its chain's counter moves (scripts
    /// further ahead are known then), else none.
    [[nodiscard]] RowBatch MarkUsed(ByteSpan script);
    /// Knows at least that many scripts ahead from now on; the rows to write.
    [[nodiscard]] RowBatch Refill(uint32_t look_ahead);

    [[nodiscard]] std::optional<ScriptOrigin> Find(ByteSpan script) const;
    /// The same without deriving anything: type, key_id and solvable are not told for scripts of descriptors.
    [[nodiscard]] std::optional<ScriptOrigin> Locate(ByteSpan script) const;
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOf(const base::Hash160& id) const;
    [[nodiscard]] std::optional<crypto::PublicKey> PublicOf(const base::Hash160& id) const;
    [[nodiscard]] std::optional<script::KeyOrigin> OriginOf(const base::Hash160& id) const;
    /// The private key behind a script of this wallet; before its tweak for Taproot.
    [[nodiscard]] std::optional<crypto::PrivateKey> KeyOfScript(ByteSpan script) const;
    /// "m/84'/6'/0'/0/5"; empty for keys without a known tree.
    [[nodiscard]] std::string PathOf(const ScriptOrigin& origin) const;
    /// The descriptor of a chain of the seed, with its private half while the vault is open; checksum
    /// included.
    [[nodiscard]] std::string ChainDescriptor(const ChainId& chain, bool with_secret) const;
    /// First index never handed out, and one behind the last one known.
    [[nodiscard]] std::pair<uint32_t, uint32_t> ChainRange(const ChainId& chain) const;
    /// Chains of the seed, in order; none without a seed.
    [[nodiscard]] std::vector<ChainId> Chains() const;
    [[nodiscard]] std::vector<crypto::PublicKey> ImportedKeys() const;
    /// Brings a list of all scripts of the ring up to date.
    void Extend(ScriptList& list) const;
    /// Scripts derived ahead and not used yet.
    [[nodiscard]] uint64_t Unused() const;
    /// Weight units an input that spends this script adds when signed; 0 when it is not of this wallet or not
    /// known how to spend.
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
