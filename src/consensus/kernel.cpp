#include "consensus/kernel.h"

#include "crypto/sha256.h"

namespace emc::consensus {

namespace {

/// Lays fields one after the other.
class Layout
{
public:
    void Hash(const Hash256& hash) { Copy(hash.data(), Hash256::SIZE); }

    void U32(uint32_t value) { Copy(&value, sizeof(value)); } // the supported machines are little-endian

    [[nodiscard]] const std::array<uint8_t, 76>& Bytes() const { return m_bytes; }

private:
    void Copy(const void* from, size_t size)
    {
        std::memcpy(m_bytes.data() + m_used, from, size);
        m_used += size;
    }

    std::array<uint8_t, 76> m_bytes{};
    size_t m_used = 0;
};

} // namespace

std::array<uint8_t, 76> KernelPreimage(const Kernel& kernel)
{
    Layout layout;
    layout.Hash(kernel.modifier);
    layout.U32(kernel.coin_block_time);
    layout.Hash(kernel.outpoint.txid);
    layout.U32(kernel.outpoint.index);
    layout.U32(kernel.block_time);
    return layout.Bytes();
}

Hash256 KernelHash(const Kernel& kernel)
{
    return crypto::Sha256d(KernelPreimage(kernel));
}

bool KernelMeets(const Hash256& kernel_hash, const U256& target, Amount value)
{
    return LessOrEqualProduct(U256::FromHash(kernel_hash), target, static_cast<uint64_t>(value));
}

Hash256 GenesisModifier(const Hash256& genesis_hash)
{
    return crypto::Sha256d(genesis_hash.Span());
}

Hash256 NextModifier(const Hash256& modifier, int64_t pos_blocks, const Hash256& kernel_txid)
{
    if (pos_blocks % MODIFIER_INTERVAL != 0) return modifier;
    std::array<uint8_t, 2 * Hash256::SIZE> joined{};
    std::memcpy(joined.data(), kernel_txid.data(), Hash256::SIZE);
    std::memcpy(joined.data() + Hash256::SIZE, modifier.data(), Hash256::SIZE);
    return crypto::Sha256d(joined);
}

} // namespace emc::consensus
