/// Golomb-coded sets: small probabilistic sets of byte strings (BIP 158).
#pragma once

#include "base/bytes.h"

namespace emc::codec {

/// Key and size of a set. `rice_bits` (1 … 32) is P of BIP 158, `inverse_rate` is M: a string that is not in
/// the set matches with probability 1/M.
struct GcsParams {
    uint64_t key0 = 0;
    uint64_t key1 = 0;
    uint8_t rice_bits = 19;
    uint32_t inverse_rate = 784'931;
};

/// The set as CompactSize count and Golomb-Rice coded differences. Repeated elements count once. Pure.
[[nodiscard]] base::Bytes EncodeGcs(const GcsParams& params, std::span<const base::Bytes> elements);

/// A set that was read. Value type.
class GcsSet
{
public:
    /// nullopt unless the bytes are exactly one set: as many values as announced, in the shortest form of the
    /// count, nothing behind them but the zero bits that fill the last byte. Memory: 8 bytes for each value,
    /// of which the input holds at least `rice_bits` + 1 bits.
    [[nodiscard]] static std::optional<GcsSet> Parse(const GcsParams& params, base::ByteSpan encoded);

    /// Number of values.
    [[nodiscard]] size_t Size() const { return m_values.size(); }

    /// May the element be in the set? No false negatives.
    [[nodiscard]] bool Match(base::ByteSpan element) const;
    /// May any of them?
    [[nodiscard]] bool MatchAny(std::span<const base::Bytes> elements) const;

private:
    GcsSet(const GcsParams& params, std::vector<uint64_t> values);

    GcsParams m_params;
    std::vector<uint64_t> m_values; ///< ascending
};

} // namespace emc::codec
