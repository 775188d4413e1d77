/// Keys inside descriptors (BIP 380).
#pragma once

#include "script/hd_key.h"

namespace emc::script {

/// One key at one index.
struct DerivedKey {
    crypto::PublicKey key;
    std::optional<crypto::PrivateKey> secret; ///< when the descriptor leads to it
    KeyOrigin origin;                         ///< down to this key
};

/// Which forms of key a place in a descriptor takes.
enum class KeyPlace {
    Any,        ///< compressed or not
    Compressed, ///< witness scripts
    XOnly,      ///< tr and its tree; 32-byte hex too
};

/// A key expression. Value type, immutable.
class KeyExpression
{
public:
    /// The error is a sentence that says what is wrong.
    [[nodiscard]] static base::Expected<KeyExpression, std::string>
    Parse(const AddressParams& params, std::string_view text, KeyPlace place);

    [[nodiscard]] bool IsRange() const { return m_wildcard != Wildcard::None; }

    [[nodiscard]] bool HasSecret() const { return m_secret || m_ext_secret; }

    /// Bytes of the key in a script.
    [[nodiscard]] size_t Size() const;

    [[nodiscard]] bool IsCompressed() const { return !m_key || m_key->IsCompressed(); }

    /// Normal form; with `secret` the private key, nullopt when it is not there.
    [[nodiscard]] std::string Text(const AddressParams& params) const;
    [[nodiscard]] std::optional<std::string> SecretText(const AddressParams& params) const;
    /// Without private keys, and with the hardened steps in the origin, so that all indices can be derived;
    /// nullopt when that takes a private key that is not there, or is impossible: behind a hardened wildcard.
    [[nodiscard]] std::optional<KeyExpression> Public() const;
    /// The same without wildcard, public: the one key at `index` with the way to it as origin.
    [[nodiscard]] base::Expected<KeyExpression, std::string> Fixed(uint32_t index) const;
    /// The key at `index` (below 2^31), which only matters with a wildcard.
    [[nodiscard]] base::Expected<DerivedKey, std::string> At(uint32_t index) const;

private:
    enum class Wildcard : uint8_t { None, Plain, Hardened };

    [[nodiscard]] std::optional<std::string> ParseOrigin(std::string_view text);
    [[nodiscard]] std::optional<std::string> ParseSingle(const AddressParams& params, std::string_view text);
    [[nodiscard]] std::optional<std::string> ParseExtended(const AddressParams& params,
                                                           std::string_view text);
    [[nodiscard]] std::optional<std::string> ParseSteps(std::string_view text);
    [[nodiscard]] std::string WithOriginAndPath(const std::string& key) const;
    void Prepare();

    KeyPlace m_place = KeyPlace::Any;
    std::optional<KeyOrigin> m_origin;
    char m_mark = '\''; ///< how hardened steps are written
    // Either a single key …
    std::optional<crypto::PublicKey> m_key;
    std::optional<crypto::PrivateKey> m_secret;
    // … or an extended one, the path from it, and the key the wildcard starts from.
    std::optional<ExtPublicKey> m_ext;
    std::optional<ExtPrivateKey> m_ext_secret;
    HdPath m_path;
    Wildcard m_wildcard = Wildcard::None;
    std::optional<ExtPublicKey> m_parent;
    std::optional<ExtPrivateKey> m_parent_secret;
};

} // namespace emc::script
