#include "chain/view.h"

#include "chain/state_cache.h"

#include <algorithm>

namespace emc::chain {

TipView::TipView(const StateCache& state, std::shared_ptr<const interfaces::Tip> tip)
    : m_state(state), m_tip(std::move(tip))
{}

bool TipView::Fresh() const
{
    return m_state.Tip()->generation == m_tip->generation;
}

std::optional<primitives::Coin> TipView::Get(const primitives::OutPoint& outpoint) const
{
    return m_state.Get(outpoint);
}

std::optional<names::NameRecord> TipView::Get(std::string_view name) const
{
    return m_state.Get(name);
}

std::optional<std::string> TipView::NameByOutpoint(const primitives::OutPoint& outpoint) const
{
    return m_state.NameByOutpoint(outpoint);
}

std::optional<uint32_t> TipView::EndOf(const reward::CallPair& pair) const
{
    return m_state.EndOf(pair);
}

int64_t TipView::MedianTimePast(int32_t height) const
{
    return m_state.MedianTimePast(std::min(height, m_tip->height));
}

int64_t TipView::BlockTime(int32_t height) const
{
    return m_state.BlockTime(std::min(height, m_tip->height));
}

} // namespace emc::chain
