/// The filter a light client sets on its connection (BIP 37): it is told of transactions that may be its own.
#pragma once

#include "base/bytes.h"

namespace emc::primitives {
class Transaction;
}

namespace emc::p2p {

/// One thread.
class BloomFilter
{
public:
    /// Which outputs that match are added, so that their spending matches, too.
    enum class Update : uint8_t { None = 0, All = 1, PublicKeys = 2 };

    /// `functions` and the number of bytes are bounded by the message that brought them; `flags` as on the
    /// wire, of which other bits than the lowest two mean nothing.
    BloomFilter(base::Bytes bits, uint32_t functions, uint32_t tweak, uint8_t flags);

    void Add(base::ByteSpan element);
    /// A filter without bits has everything.
    [[nodiscard]] bool Has(base::ByteSpan element) const;
    /// Whether the peer wants to hear of it: by its id, data in its scripts, or a coin it spends. Outputs
    /// that match are added as the flags say.
    [[nodiscard]] bool Matches(const primitives::Transaction& tx);

    [[nodiscard]] const base::Bytes& Bits() const { return m_bits; }

private:
    [[nodiscard]] size_t BitOf(uint32_t function, base::ByteSpan element) const;
    [[nodiscard]] bool HasDataOf(base::ByteSpan script) const;
    [[nodiscard]] bool Keeps(base::ByteSpan script) const;

    base::Bytes m_bits;
    uint32_t m_functions;
    uint32_t m_tweak;
    Update m_update;
};

/// MurmurHash3, the variant for 32-bit machines. Source: BIP 37.
[[nodiscard]] uint32_t Murmur3(uint32_t seed, base::ByteSpan in);

} // namespace emc::p2p
