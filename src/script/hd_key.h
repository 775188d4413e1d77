/// Hierarchical deterministic keys (BIP 32) and the paths that lead to them.
#pragma once

#include "crypto/keys.h"
#include "script/address.h"

namespace emc::script {

/// Child numbers at and above this are hardened: only the private key leads to them.
inline constexpr uint32_t HARDENED = 0x80000000;

using HdPath = std::vector<uint32_t>;

/// "m/84'/0'/0'/0/5", "84h/0h" …: an optional "m" and child numbers below 2^31 separated by "/", hardened
/// ones marked with ', h or H. "m" and "" are the empty path. nullopt for anything else.
[[nodiscard]] std::optional<HdPath> ParseHdPath(std::string_view text);
/// "/84h/0h/5" for use behind "m" or a fingerprint; empty for the empty path. `mark` is ' or h.
[[nodiscard]] std::string HdPathText(const HdPath& path, char mark = 'h');

/// First four bytes of a key's HASH160.
using Fingerprint = std::array<uint8_t, 4>;
[[nodiscard]] Fingerprint FingerprintOf(const crypto::PublicKey& key);

/// The master key's fingerprint and the way from it to a key.
struct KeyOrigin {
    Fingerprint fingerprint{};
    HdPath path;
    bool operator==(const KeyOrigin&) const = default;
};

/// Where an extended key stands in its tree.
struct HdPlace {
    uint8_t depth = 0;
    Fingerprint parent{}; ///< zero for the root
    uint32_t child = 0;   ///< number under the parent
    bool operator==(const HdPlace&) const = default;
};

struct ExtPublicKey {
    HdPlace place;
    base::Hash256 chain_code;
    crypto::PublicKey key; ///< compressed

    bool operator==(const ExtPublicKey&) const = default;
    /// The child; nullopt for a hardened number, below depth 255, and where BIP 32 says to go on with the
    /// next number.
    [[nodiscard]] std::optional<ExtPublicKey> Derive(uint32_t child) const;
};

struct ExtPrivateKey {
    HdPlace place;
    base::Hash256 chain_code;
    crypto::PrivateKey key;

    /// The root of a tree from 16 to 64 bytes of randomness; nullopt for another length or an unusable
    /// result.
    [[nodiscard]] static std::optional<ExtPrivateKey> FromSeed(ByteSpan seed);
    /// The child; nullopt below depth 255 and where BIP 32 says to go on with the next number.
    [[nodiscard]] std::optional<ExtPrivateKey> Derive(uint32_t child) const;
    [[nodiscard]] std::optional<ExtPrivateKey> Derive(const HdPath& path) const;
    [[nodiscard]] ExtPublicKey Neuter() const;
};

/// The text forms ("xpub…", "xprv…" with main net's prefixes).
[[nodiscard]] std::string EncodeExtPublic(const AddressParams& params, const ExtPublicKey& key);
[[nodiscard]] std::string EncodeExtPrivate(const AddressParams& params, const ExtPrivateKey& key);
/// nullopt on a wrong checksum, length or prefix, a key that is none, or a root with a parent or child
/// number.
[[nodiscard]] std::optional<ExtPublicKey> DecodeExtPublic(const AddressParams& params, std::string_view text);
[[nodiscard]] std::optional<ExtPrivateKey> DecodeExtPrivate(const AddressParams& params,
                                                            std::string_view text);

} // namespace emc::script
