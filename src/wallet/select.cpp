#include "wallet/select.h"

#include <algorithm>
#include <numeric>

namespace emc::wallet {

namespace {

constexpr size_t MAX_STEPS = 100'000;

/// What a coin brings after paying for its own input.
Amount Effective(const Candidate& coin, Amount rate)
{
    return coin.value - InputFee(coin, rate);
}

Selected Summed(const std::vector<Candidate>& coins, std::vector<size_t> chosen,
                const SelectionTarget& target, bool with_change)
{
    Selected out;
    for (const size_t i : chosen) {
        out.total += coins[i].value;
        out.input_fees += InputFee(coins[i], target.rate_per_kvb);
        out.input_vsize += coins[i].input_vsize;
    }
    out.chosen = std::move(chosen);
    out.with_change = with_change;
    out.waste = with_change ? target.change_cost : out.total - out.input_fees - target.amount;
    return out;
}

/// Takes coins in this order until target, change output and least change are paid; then decides on change.
std::optional<Selected> TakeUntilPaid(const std::vector<Candidate>& coins, const std::vector<size_t>& order,
                                      const SelectionTarget& target)
{
    const Amount wanted = target.amount + target.change_cost + target.min_change;
    std::vector<size_t> chosen;
    Amount sum = 0;
    for (const size_t i : order) {
        const Amount effective = Effective(coins[i], target.rate_per_kvb);
        if (effective <= 0) continue;
        chosen.push_back(i);
        sum += effective;
        if (sum >= wanted) return Summed(coins, std::move(chosen), target, true);
    }
    if (sum < target.amount) return std::nullopt;
    return Summed(coins, std::move(chosen), target, false);
}

std::vector<size_t> IndicesOf(const std::vector<Candidate>& coins)
{
    std::vector<size_t> out(coins.size());
    std::iota(out.begin(), out.end(), size_t{0});
    return out;
}

} // namespace

/// Depth-first over the coins by descending effective value: first with the coin, then without it. A branch
/// ends when it has too much, or when all that is left cannot reach the target.
std::optional<Selected> BranchAndBound(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    std::vector<size_t> order = IndicesOf(coins);
    std::erase_if(order, [&](size_t i) { return Effective(coins[i], target.rate_per_kvb) <= 0; });
    const auto effective = [&](size_t i) { return Effective(coins[i], target.rate_per_kvb); };
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return effective(a) > effective(b); });
    std::vector<Amount> rest(order.size() + 1, 0);
    for (size_t i = order.size(); i > 0; --i)
        rest[i - 1] = rest[i] + effective(order[i - 1]);
    const Amount most = target.amount + target.change_cost;
    std::vector<size_t> path; // positions in `order` that are taken
    std::vector<size_t> best;
    Amount best_excess = target.change_cost + 1;
    Amount sum = 0;
    size_t next = 0;
    for (size_t step = 0; step < MAX_STEPS; ++step) {
        bool backtrack = sum > most || sum + rest[next] < target.amount;
        if (!backtrack && sum >= target.amount) {
            if (sum - target.amount < best_excess) {
                best = path;
                best_excess = sum - target.amount;
            }
            backtrack = true;
        }
        if (!backtrack && next < order.size()) {
            path.push_back(next);
            sum += effective(order[next]);
            ++next;
            continue;
        }
        if (path.empty()) break;
        next = path.back() + 1;
        sum -= effective(order[path.back()]);
        path.pop_back();
        // An equal coin in place of the one just left out would give the same sums again.
        while (next < order.size() && effective(order[next]) == effective(order[next - 1]))
            ++next;
    }
    if (best_excess > target.change_cost) return std::nullopt;
    std::vector<size_t> chosen;
    for (const size_t position : best)
        chosen.push_back(order[position]);
    return Summed(coins, std::move(chosen), target, false);
}

std::optional<Selected> SingleRandomDraw(const std::vector<Candidate>& coins, const SelectionTarget& target,
                                         base::RandomSource& random)
{
    std::vector<size_t> order = IndicesOf(coins);
    for (size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.Below(i)]);
    return TakeUntilPaid(coins, order, target);
}

std::optional<Selected> LargestFirst(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    std::vector<size_t> order = IndicesOf(coins);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
        return Effective(coins[a], target.rate_per_kvb) > Effective(coins[b], target.rate_per_kvb);
    });
    return TakeUntilPaid(coins, order, target);
}

std::optional<Selected> SelectCoins(const std::vector<Candidate>& coins, const SelectionTarget& target,
                                    base::RandomSource& random)
{
    std::optional<Selected> best;
    for (auto& choice : {BranchAndBound(coins, target), SingleRandomDraw(coins, target, random),
                         LargestFirst(coins, target)}) {
        if (!choice || choice->input_vsize > target.max_input_vsize) continue;
        const auto cost = [](const Selected& s) { return s.waste + s.input_fees; };
        if (!best || cost(*choice) < cost(*best)) best = choice;
    }
    return best;
}

} // namespace emc::wallet
