#include "wallet/time_index.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr size_t RUN_MOST = 512;

} // namespace

void TimeIndex::Fill(const std::vector<const TransactionRow*>& rows)
{
    std::vector<Entry> all;
    all.reserve(rows.size());
    for (const auto* row : rows)
        all.push_back(EntryOf(*row));
    std::sort(all.begin(), all.end());
    m_runs.clear();
    for (size_t first = 0; first < all.size(); first += RUN_MOST) {
        const size_t count = std::min(RUN_MOST, all.size() - first);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        m_runs.push_back({{begin, begin + static_cast<std::ptrdiff_t>(count)}});
    }
}

std::vector<TimeIndex::Run>::iterator TimeIndex::RunFor(const Entry& entry)
{
    const auto behind =
        std::upper_bound(m_runs.begin(), m_runs.end(), entry,
                         [](const Entry& e, const Run& run) { return e < run.entries.front(); });
    return behind == m_runs.begin() ? behind : std::prev(behind);
}

void TimeIndex::Add(const TransactionRow& row)
{
    const Entry entry = EntryOf(row);
    // What is newest begins a run of its own behind a full one, so that a growing history has full runs.
    if (m_runs.empty() ||
        (m_runs.back().entries.size() >= RUN_MOST && m_runs.back().entries.back() < entry)) {
        m_runs.push_back({{entry}});
        return;
    }
    auto run = RunFor(entry);
    run->lines.reset();
    if (run->entries.size() >= RUN_MOST) {
        const auto middle = run->entries.begin() + static_cast<std::ptrdiff_t>(run->entries.size() / 2);
        Run upper{{middle, run->entries.end()}};
        run->entries.erase(middle, run->entries.end());
        const bool above = upper.entries.front() < entry;
        run = m_runs.insert(std::next(run), std::move(upper));
        if (!above) --run;
    }
    auto& entries = run->entries;
    entries.insert(std::upper_bound(entries.begin(), entries.end(), entry), entry);
}

void TimeIndex::Remove(const TransactionRow& row)
{
    if (m_runs.empty()) return;
    const Entry entry = EntryOf(row);
    const auto run = RunFor(entry);
    auto& entries = run->entries;
    const auto it = std::lower_bound(entries.begin(), entries.end(), entry);
    if (it == entries.end() || it->row != &row) return;
    entries.erase(it);
    run->lines.reset();
    if (entries.empty()) m_runs.erase(run);
}

void TimeIndex::Recount(const TransactionRow& row)
{
    if (!m_runs.empty()) RunFor(EntryOf(row))->lines.reset();
}

size_t TimeIndex::LinesOf(const Run& run) const
{
    if (!run.lines) {
        size_t lines = 0;
        for (const auto& entry : run.entries)
            lines += m_lines_of(*entry.row);
        run.lines = lines;
    }
    return *run.lines;
}

void TimeIndex::Newest(size_t& skip, const std::function<bool(const TransactionRow&)>& visit) const
{
    auto run = m_runs.rbegin();
    for (; skip > 0 && run != m_runs.rend() && LinesOf(*run) <= skip; ++run)
        skip -= LinesOf(*run);
    for (; run != m_runs.rend(); ++run) {
        for (auto entry = run->entries.rbegin(); entry != run->entries.rend(); ++entry) {
            if (!visit(*entry->row)) return;
        }
    }
}

} // namespace emc::wallet
