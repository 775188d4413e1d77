/// Partially signed transactions: the container of BIP 174 (version 0) with the Taproot fields of BIP 371.
/// What is known of each input and output travels beside an unsigned transaction as maps of keys and values;
/// fields this program does not know are kept. Everything in this room is pure: no disk, no chain, no
/// randomness.
#pragma once

#include "base/expected.h"
#include "primitives/transaction.h"

namespace emc::psbt {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;

/// `key` begins with its type, one byte for all types that have a meaning here.
struct Field {
    Bytes key;
    Bytes value;

    bool operator==(const Field&) const = default;

    /// The key behind its type.
    [[nodiscard]] ByteSpan KeyData() const { return ByteSpan(key).subspan(1); }
};

/// Fields in the byte order of their keys, none twice. Value type.
class FieldMap
{
public:
    /// The value of the field with this whole key; nullptr without.
    [[nodiscard]] const Bytes* Find(ByteSpan key) const;

    /// The value of a field whose key is its type alone.
    [[nodiscard]] const Bytes* Find(uint8_t type) const { return Find(ByteSpan(&type, 1)); }

    [[nodiscard]] bool Has(uint8_t type) const { return !OfType(type).empty(); }

    /// All fields of a type, in order of their keys.
    [[nodiscard]] std::span<const Field> OfType(uint8_t type) const;

    [[nodiscard]] const std::vector<Field>& All() const { return m_fields; }

    /// Adds a field or gives it another value.
    void Set(uint8_t type, ByteSpan key_data, Bytes value);

    void Set(uint8_t type, Bytes value) { Set(type, {}, std::move(value)); }

    /// Takes away all fields of a type.
    void Erase(uint8_t type);
    /// Adds the fields of the other map that are not here yet; of a key in both, this map's value stays.
    void Merge(const FieldMap& other);
    /// Takes over fields in any order; the key that stands twice, if one does, and then nothing is taken
    /// over.
    [[nodiscard]] std::optional<Bytes> Assign(std::vector<Field> fields);

    bool operator==(const FieldMap&) const = default;

private:
    std::vector<Field> m_fields;
};

struct Psbt {
    primitives::MutableTransaction tx; ///< without any script_sig or witness
    FieldMap global;                   ///< all but the transaction
    std::vector<FieldMap> inputs;      ///< as many as the transaction has
    std::vector<FieldMap> outputs;     ///< as many as the transaction has
};

/// Reads a container; nothing may follow. Every known field must have the form its BIP demands. The error is
/// a sentence that says what is wrong and where.
[[nodiscard]] base::Expected<Psbt, std::string> Parse(ByteSpan in);
[[nodiscard]] base::Expected<Psbt, std::string> ParseBase64(std::string_view text);
[[nodiscard]] Bytes Serialize(const Psbt& psbt);
[[nodiscard]] std::string ToBase64(const Psbt& psbt);

/// A container around a transaction, without any knowledge; script_sig and witness of the inputs are dropped.
[[nodiscard]] Psbt Create(primitives::MutableTransaction tx);

} // namespace emc::psbt
