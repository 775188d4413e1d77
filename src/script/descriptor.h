/// Output descriptors (BIPs 380–386): a text that says which output scripts to watch for and how to spend
/// them. Functions: addr, raw, pk, pkh, wpkh, combo, multi, sortedmulti, sh, wsh, and tr with a tree of pk,
/// multi_a and sortedmulti_a. Keys: hex, WIF, extended keys with a path and a wildcard, each with an optional
/// key origin.
#pragma once

#include "script/descriptor_key.h"
#include "script/taproot.h"

namespace emc::script {

/// The eight characters behind "#"; nullopt when the text has a character that no descriptor may have.
[[nodiscard]] std::optional<std::string> DescriptorChecksum(std::string_view text);

/// What a descriptor stands for at one index.
struct DescriptorOutputs {
    std::vector<Bytes> scripts;         ///< output scripts; four for combo of a compressed key
    std::vector<Bytes> redeem_scripts;  ///< behind the script hashes (BIP 16)
    std::vector<Bytes> witness_scripts; ///< behind the witness script hashes (BIP 141)
    std::vector<DerivedKey> keys;
    std::optional<TaprootSpend> taproot; ///< of tr
};

/// A parsed descriptor. Value type, immutable.
class Descriptor
{
public:
    /// Reads a descriptor of this network; a checksum behind "#" must be right, and be there when
    /// `require_checksum`. The error is a sentence that says what is wrong.
    [[nodiscard]] static base::Expected<Descriptor, std::string>
    Parse(const AddressParams& params, std::string_view text, bool require_checksum);
    /// It has a wildcard, so that every index gives other scripts.
    [[nodiscard]] bool IsRange() const;
    /// The scripts come from keys, so that their owner can sign.
    [[nodiscard]] bool IsSolvable() const;
    /// At least one private key is in it.
    [[nodiscard]] bool HasPrivateKeys() const;
    /// Normal form with public keys only, checksum included.
    [[nodiscard]] std::string Text() const;
    /// Normal form with private keys; nullopt unless all of them are there.
    [[nodiscard]] std::optional<std::string> PrivateText() const;
    /// Normal form with those private keys that are there.
    [[nodiscard]] std::string KnownText() const;
    /// The same descriptor from public keys alone; see KeyExpression::Public.
    [[nodiscard]] std::optional<Descriptor> Public() const;
    /// What it is at `index`: without wildcard, with one public key in each place; nullopt as Expand.
    [[nodiscard]] std::optional<Descriptor> At(uint32_t index) const;
    /// Output scripts at `index` (below 2^31; without meaning when not IsRange).
    [[nodiscard]] base::Expected<std::vector<Bytes>, std::string> Scripts(uint32_t index) const;
    /// The same with all that is needed to spend. Fails when a hardened step needs a private key that is not
    /// there.
    [[nodiscard]] base::Expected<DescriptorOutputs, std::string> Expand(uint32_t index) const;

    enum class Function : uint8_t {
        Addr,
        Raw,
        Pk,
        Pkh,
        Wpkh,
        Combo,
        Multi,
        SortedMulti,
        MultiA,
        SortedMultiA,
        Tr,
    };

    /// One function that holds no other, but for the tree of tr.
    struct Expression {
        Function function = Function::Raw;
        int threshold = 0;               ///< for the multi family
        std::vector<KeyExpression> keys; ///< one unless multi
        Bytes script;                    ///< for addr and raw
        std::string address;             ///< for addr
    };

    struct TreeLeaf {
        size_t depth = 0;
        Expression expression;
    };

private:
    friend class DescriptorParser;

    [[nodiscard]] std::vector<const KeyExpression*> Keys() const;
    template <typename Change>
    [[nodiscard]] std::optional<Descriptor> With(const Change& change) const;

    AddressParams m_params;
    bool m_in_sh = false;  ///< wrapped in sh(…)
    bool m_in_wsh = false; ///< wrapped in wsh(…), inside sh if both
    Expression m_inner;
    std::vector<TreeLeaf> m_tree; ///< of tr, from left to right
};

} // namespace emc::script
