#include "chain/history.h"

#include "chain/block_entry.h"

namespace emc::chain {
namespace {

/// Rows hashed between two jobs of the writer: about a millisecond.
constexpr int ROWS_AT_ONCE = 300;

} // namespace

History::History(const BlockEntry& base, const storage::SnapshotRow& promised, const BlockEntry& tip,
                 std::unique_ptr<StateCache> state, base::Logger& log)
    : m_base(base), m_promised(promised), m_tip(&tip), m_state(std::move(state)),
      m_progress(log, "checking the blocks below the snapshot")
{
    m_progress.Begin(static_cast<double>(tip.height) / base.height);
}

bool History::Covers(const BlockEntry& entry) const
{
    return m_base.Ancestor(entry.height) == &entry;
}

const BlockEntry* History::Next() const
{
    return m_tip == &m_base ? nullptr : m_base.Ancestor(m_tip->height + 1);
}

void History::Reached(const BlockEntry& entry)
{
    m_tip = &entry;
    m_progress.At(static_cast<double>(entry.height) / m_base.height);
}

HistoryView History::View() const
{
    HistoryView view;
    view.base = &m_base;
    view.tip = m_tip;
    view.seconds_left = m_progress.SecondsLeft(static_cast<double>(m_tip->height) / m_base.height);
    return view;
}

storage::StorageResult<std::optional<StateHashes>> History::HashSome(SnapshotHead& head)
{
    if (!m_walk) {
        m_walk = std::make_unique<Walk>();
        m_walk->state = m_state->Committed();
    }
    Walk& walk = *m_walk;
    if (!walk.at)
        walk.at = walk.state->store->Iterate(base::ByteSpan(&walk.prefix, 1), walk.state->snapshot.get());
    for (int i = 0; i < ROWS_AT_ONCE && walk.at->Valid(); ++i, walk.at->Next()) {
        if (walk.prefix == storage::PREFIX_COIN) {
            walk.hasher.Coin(walk.at->Key(), walk.at->Value());
            ++walk.coins;
        } else if (walk.prefix == storage::PREFIX_NAME) {
            walk.hasher.Name(walk.at->Key(), walk.at->Value());
            ++walk.names;
        } else {
            walk.hasher.Watermark(walk.at->Key(), walk.at->Value());
            ++walk.watermarks;
        }
    }
    if (walk.at->Valid()) return std::optional<StateHashes>();
    if (const auto status = walk.at->Status(); !status) return base::Unexpected(status.Error());
    walk.at.reset();
    if (walk.prefix != storage::PREFIX_WATERMARK) {
        walk.prefix = walk.prefix == storage::PREFIX_COIN ? storage::PREFIX_NAME : storage::PREFIX_WATERMARK;
        return std::optional<StateHashes>();
    }
    head.coins = walk.coins;
    head.names = walk.names;
    head.watermarks = walk.watermarks;
    auto hashes = walk.hasher.Finish(head);
    m_walk.reset();
    return std::optional<StateHashes>(hashes);
}

} // namespace emc::chain
