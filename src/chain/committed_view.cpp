#include "chain/committed_view.h"

#include "chain/block_entry.h"
#include "chain/state_rows.h"
#include "chain/watermark_changes.h"

#include <algorithm>

namespace emc::chain {
namespace {

RowSource SourceOf(const CommittedState& state)
{
    return {*state.store, state.snapshot.get()};
}

} // namespace

CommittedView::CommittedView(std::shared_ptr<const CommittedState> state, const BlockEntry& tip)
    : m_state(std::move(state)), m_tip(tip)
{}

template <typename T>
T CommittedView::Value(storage::StorageResult<T> read) const
{
    if (read) return std::move(*read);
    if (!m_failure) m_failure = read.Error();
    return {};
}

std::optional<primitives::Coin> CommittedView::Get(const primitives::OutPoint& outpoint) const
{
    return Value(ReadCoin(SourceOf(*m_state), outpoint));
}

std::optional<names::NameRecord> CommittedView::Get(std::string_view name) const
{
    return Value(ReadName(SourceOf(*m_state), name));
}

std::optional<std::string> CommittedView::NameByOutpoint(const primitives::OutPoint& outpoint) const
{
    return Value(ReadNameAt(SourceOf(*m_state), outpoint));
}

std::optional<uint32_t> CommittedView::EndOf(const reward::CallPair& pair) const
{
    return Value(ReadWatermark(SourceOf(*m_state), pair));
}

std::vector<reward::Watermark> CommittedView::EndedBefore(int64_t sec) const
{
    return Value(ReadEnded(SourceOf(*m_state), sec)).ended;
}

int64_t CommittedView::MedianTimePast(int32_t height) const
{
    return m_tip.Ancestor(std::clamp(height, 0, m_tip.height))->MedianTime();
}

int64_t CommittedView::BlockTime(int32_t height) const
{
    return m_tip.Ancestor(std::clamp(height, 0, m_tip.height))->header.time;
}

} // namespace emc::chain
