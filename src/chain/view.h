/// The state at the tip as readers outside the writer thread see it.
#pragma once

#include "consensus/connect.h"
#include "interfaces/types.h"

namespace emc::chain {

class StateCache;

/// Coins and names at one tip, changes that are not on disk yet included. Make one, use it for one check, ask
/// Fresh() at the end: false means that the tip moved meanwhile and the answers may mix two states, so take a
/// new view and repeat. Cheap to make. One thread per object; any number of objects.
class TipView final : public consensus::CoinView,
                      public consensus::NameStateView,
                      public reward::WatermarkView,
                      public consensus::ChainTimes
{
public:
    TipView(const StateCache& state, std::shared_ptr<const interfaces::Tip> tip);

    [[nodiscard]] const interfaces::Tip& Tip() const { return *m_tip; }

    [[nodiscard]] bool Fresh() const;
    [[nodiscard]] std::optional<primitives::Coin> Get(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override;
    [[nodiscard]] std::optional<std::string>
    NameByOutpoint(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override;
    /// Of the best chain; heights up to the tip's (above it the tip's values).
    [[nodiscard]] int64_t MedianTimePast(int32_t height) const override;
    [[nodiscard]] int64_t BlockTime(int32_t height) const override;

private:
    const StateCache& m_state;
    std::shared_ptr<const interfaces::Tip> m_tip;
};

} // namespace emc::chain
