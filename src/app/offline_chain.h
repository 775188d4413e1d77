/// A chain without blocks: the network's parameters for calls that need nothing else, in programs without a
/// node.
#pragma once

#include "interfaces/chain.h"

namespace emc::app {

/// Knows no block and no coin. `params` outlives it.
class OfflineChain final : public interfaces::ChainReader
{
public:
    explicit OfflineChain(const consensus::Params& params) : m_params(params) {}

    [[nodiscard]] const consensus::Params& Params() const override { return m_params; }

    [[nodiscard]] interfaces::Tip GetTip() const override { return {}; }

    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHash(const base::Hash256&) const override
    {
        return std::nullopt;
    }

    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHeight(int32_t) const override
    {
        return std::nullopt;
    }

    [[nodiscard]] base::Expected<primitives::BlockRef, interfaces::Failure>
    ReadBlock(const base::Hash256&) const override
    {
        return NoBlocks();
    }

    [[nodiscard]] base::Expected<std::vector<std::vector<primitives::Coin>>, interfaces::Failure>
    ReadSpentCoins(const base::Hash256&) const override
    {
        return NoBlocks();
    }

    [[nodiscard]] std::optional<primitives::Coin> GetCoin(const primitives::OutPoint&) const override
    {
        return std::nullopt;
    }

    [[nodiscard]] std::vector<ChainTip> Tips() const override { return {}; }

    [[nodiscard]] base::Expected<interfaces::CoinStats, interfaces::Failure>
    ComputeCoinStats(interfaces::CoinHash) const override
    {
        return NoBlocks();
    }

    [[nodiscard]] base::Expected<interfaces::Tip, interfaces::Failure>
    ScanCoins(const CoinVisit&) const override
    {
        return NoBlocks();
    }

    [[nodiscard]] double VerificationProgress() const override { return 0; }

    [[nodiscard]] uint64_t DiskBytes() const override { return 0; }

private:
    [[nodiscard]] static base::Unexpected<interfaces::Failure> NoBlocks()
    {
        return base::Unexpected(interfaces::Failure{-1, "This program has no chain"});
    }

    const consensus::Params& m_params;
};

} // namespace emc::app
