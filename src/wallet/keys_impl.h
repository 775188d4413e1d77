/// The key ring's inside. For keys*.cpp only.
#pragma once

#include "wallet/keys.h"

#include <map>
#include <unordered_map>

namespace emc::wallet {

struct KeyRing::Impl {
    struct Chain {
        script::ExtPublicKey parent;    ///< m / purpose' / coin' / 0' / change
        std::vector<base::Hash160> ids; ///< of the keys known so far; zero: none at this index
        uint32_t next = 0;              ///< first index never handed out nor seen
        uint32_t stored_runs = 0;       ///< rows of key ids that are in the file
    };

    struct Derived {
        ChainId chain;
        uint32_t index = 0;
    };

    Impl(uint32_t coin, uint32_t ahead, const script::AddressParams& addresses)
        : coin_type(coin), look_ahead(ahead), params(addresses), descriptors(params, vault, ahead)
    {}

    const uint32_t coin_type;
    uint32_t look_ahead;
    const script::AddressParams params;
    Vault vault;
    DescriptorSet descriptors;
    std::map<uint8_t, AccountRow> accounts;
    std::map<ChainId, Chain> chains;
    std::unordered_map<base::Hash160, Derived, base::HashOfHash> derived;
    std::unordered_map<base::Hash160, crypto::PublicKey, base::HashOfHash> imported;
    std::unordered_map<base::Hash160, base::Hash160, base::HashOfHash> key_of_script_hash; ///< P2SH-P2WPKH
    size_t weights[std::size(ALL_TYPES)] = {}; ///< of inputs with compressed keys, by type
    /// Chain code and key of the chains' private parents, made when first needed, gone when locked.
    mutable std::map<ChainId, SecureBytes> parents;

    void Know(const ChainId& id, Chain& chain, const base::Hash160& key_id);
    void DeriveAhead(const ChainId& id, Chain& chain);
    RowBatch RowsOf(const ChainId& id, Chain& chain);
    void AddAccount(const AccountRow& row);
    [[nodiscard]] std::optional<script::ExtPrivateKey> Root() const;
    [[nodiscard]] std::optional<script::ExtPrivateKey> ParentOf(const ChainId& id) const;
    [[nodiscard]] std::optional<crypto::PrivateKey> DerivedKey(const Derived& place) const;
    [[nodiscard]] std::optional<crypto::PublicKey> DerivedPublic(const Derived& place) const;
    [[nodiscard]] script::HdPath AccountPath(uint8_t type) const;
    [[nodiscard]] script::HdPath PathOf(const Derived& place) const;
    /// The key of a descriptor, at a place where it stands.
    [[nodiscard]] std::optional<script::DerivedKey> DescriptorKey(const base::Hash160& id) const;
    [[nodiscard]] std::optional<crypto::PrivateKey> TaprootKey(const crypto::XOnlyKey& key) const;
    [[nodiscard]] std::optional<script::TaprootSpend> SpendOf(const crypto::XOnlyKey& output) const;
};

/// By which a key of the seed is found: HASH160 of the public key, for Taproot of the output key.
[[nodiscard]] base::Hash160 SeedKeyId(const crypto::PublicKey& key, uint8_t type);
/// The output script of a key by its id, for all types but Bech32m.
[[nodiscard]] Bytes ScriptForId(const base::Hash160& id, AddressType type);
/// The output key of a Taproot key without scripts; nullopt where BIP 341 has none.
[[nodiscard]] std::optional<crypto::XOnlyKey> OutputKeyOf(const crypto::PublicKey& key);
/// BIPs 44, 49, 84, 86.
[[nodiscard]] uint32_t PurposeOf(uint8_t type);

} // namespace emc::wallet
