#include "mining/kernel_search.h"

#include <algorithm>
#include <cstring>

namespace emc::mining {

using base::U256;

namespace {

constexpr size_t HEAD_BYTES = 64;

} // namespace

KernelSearch::KernelSearch(const base::Hash256& modifier, const U256& target,
                           std::span<const StakeCoin> coins)
{
    m_coins.reserve(coins.size());
    for (const auto& coin : coins) {
        const auto bytes = consensus::KernelPreimage({modifier, coin.block_time, coin.outpoint, 0});
        std::array<uint8_t, HEAD_BYTES> head{};
        std::copy_n(bytes.begin(), HEAD_BYTES, head.begin());
        Prepared prepared{crypto::Sha256dTail(head),
                          {},
                          base::MulDiv(target, U256(static_cast<uint64_t>(coin.value)), U256(1))};
        std::copy_n(bytes.begin() + HEAD_BYTES, TAIL_BYTES, prepared.tail.begin());
        m_coins.push_back(prepared);
    }
}

std::optional<size_t> KernelSearch::Find(uint32_t time, size_t begin) const
{
    for (size_t i = begin; i < m_coins.size(); ++i) {
        const Prepared& coin = m_coins[i];
        auto tail = coin.tail;
        std::memcpy(tail.data() + TAIL_BYTES - sizeof(time), &time,
                    sizeof(time)); // machines are little-endian
        if (U256::FromHash(coin.head.Of(tail)) <= coin.limit) return i;
    }
    return std::nullopt;
}

double KernelChance(const U256& target, primitives::Amount value)
{
    return std::min(1.0, target.ToDouble() / U256::Max().ToDouble() * static_cast<double>(value));
}

} // namespace emc::mining
