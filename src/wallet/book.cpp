#include "wallet/book.h"

namespace emc::wallet {

namespace {

constexpr size_t TRAIL_MOST = 40;
constexpr size_t TRAIL_RECENT = 16; ///< blocks kept without a gap

} // namespace

/// Beyond the recent blocks those go first that stand closest to their neighbours for their distance from the
/// tip.
void Book::PushTip(const Hash256& hash, int32_t height)
{
    trail.push_back({hash, height});
    if (trail.size() <= TRAIL_MOST) return;
    size_t victim = 1;
    double least = -1;
    for (size_t i = 1; i + TRAIL_RECENT < trail.size(); ++i) {
        const double gap = trail[i + 1].height - trail[i - 1].height;
        const double weight = gap / (height - trail[i].height + 1);
        if (least >= 0 && weight >= least) continue;
        least = weight;
        victim = i;
    }
    trail.erase(trail.begin() + static_cast<std::ptrdiff_t>(victim));
}

void Book::CollectChanges(RowBatch& batch)
{
    for (const auto& [txid, row] : ledger.TakeChanged())
        batch.push_back(row == nullptr ? RemoveRow(txid) : MakeRow(*row));
}

RowChange Book::SyncedRowOf() const
{
    SyncedRow row;
    row.height = Tip().height;
    for (auto it = trail.rbegin(); it != trail.rend(); ++it)
        row.locator.push_back(it->hash);
    return MakeRow(row);
}

} // namespace emc::wallet
