/// The state as of one tip, out of the store alone: what long work reads while the chain goes on. Internal to
/// this room.
#pragma once

#include "chain/state_cache.h"

namespace emc::chain {

struct BlockEntry;

/// One thread. What cannot be read counts as absent and is kept as Failure.
class CommittedView final : public consensus::CoinView,
                            public consensus::NameStateView,
                            public reward::WatermarkView,
                            public reward::EndedWatermarks,
                            public consensus::ChainTimes
{
public:
    /// `tip`: the entry of the block the state belongs to.
    CommittedView(std::shared_ptr<const CommittedState> state, const BlockEntry& tip);

    [[nodiscard]] std::optional<primitives::Coin> Get(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override;
    [[nodiscard]] std::optional<std::string>
    NameByOutpoint(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override;
    [[nodiscard]] std::vector<reward::Watermark> EndedBefore(int64_t sec) const override;
    [[nodiscard]] int64_t MedianTimePast(int32_t height) const override;
    [[nodiscard]] int64_t BlockTime(int32_t height) const override;

    [[nodiscard]] const BlockEntry& Tip() const { return m_tip; }

    /// Of the first read that failed.
    [[nodiscard]] const std::optional<storage::StorageFailure>& Failure() const { return m_failure; }

private:
    template <typename T>
    [[nodiscard]] T Value(storage::StorageResult<T> read) const;

    const std::shared_ptr<const CommittedState> m_state;
    const BlockEntry& m_tip;
    mutable std::optional<storage::StorageFailure> m_failure;
};

} // namespace emc::chain
