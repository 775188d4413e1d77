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

/// A coin that pays for its own input, with what it brings.
struct Weighed {
    size_t index = 0;
    Amount effective = 0;
    size_t vsize = 0;

    [[nodiscard]] bool Equals(const Weighed& other) const
    {
        return effective == other.effective && vsize == other.vsize;
    }
};

/// The most valuable first; of equal ones the smallest.
std::vector<Weighed> ByEffectiveValue(const std::vector<Candidate>& coins, Amount rate)
{
    std::vector<Weighed> out;
    for (size_t i = 0; i < coins.size(); ++i) {
        const Weighed coin{i, Effective(coins[i], rate), coins[i].input_vsize};
        if (coin.effective > 0) out.push_back(coin);
    }
    std::stable_sort(out.begin(), out.end(), [](const Weighed& a, const Weighed& b) {
        return a.effective != b.effective ? a.effective > b.effective : a.vsize < b.vsize;
    });
    return out;
}

std::vector<Amount> SumsBehind(const std::vector<Weighed>& order)
{
    std::vector<Amount> out(order.size() + 1, 0);
    for (size_t i = order.size(); i > 0; --i)
        out[i - 1] = out[i] + order[i - 1].effective;
    return out;
}

std::vector<size_t> IndicesOf(const std::vector<Weighed>& order, const std::vector<size_t>& positions)
{
    std::vector<size_t> out;
    for (const size_t position : positions)
        out.push_back(order[position].index);
    return out;
}

/// Where a search stands.
struct Walk {
    std::vector<size_t> path; ///< positions that are taken
    Amount sum = 0;
    size_t vsize = 0;
    size_t next = 0; ///< the position to decide on
};

enum class Way { On, Back };

/// Depth first over the sets of coins: first with a coin, then without it. `ask` says where nothing more is
/// to be found. Bounded in steps.
template <typename Ask>
void DepthFirst(const std::vector<Weighed>& order, const Ask& ask)
{
    Walk walk;
    for (size_t step = 0; step < MAX_STEPS; ++step) {
        if (ask(walk) == Way::On && walk.next < order.size()) {
            walk.path.push_back(walk.next);
            walk.sum += order[walk.next].effective;
            walk.vsize += order[walk.next].vsize;
            ++walk.next;
            continue;
        }
        if (walk.path.empty()) return;
        const size_t last = walk.path.back();
        walk.path.pop_back();
        walk.sum -= order[last].effective;
        walk.vsize -= order[last].vsize;
        walk.next = last + 1;
        // An equal coin in place of the one just left out would give the same sums again.
        while (walk.next < order.size() && order[walk.next].Equals(order[walk.next - 1]))
            ++walk.next;
    }
}

} // namespace

std::optional<Selected> BranchAndBound(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    const auto order = ByEffectiveValue(coins, target.rate_per_kvb);
    const auto rest = SumsBehind(order);
    const Amount most = target.amount + target.change_cost;
    std::vector<size_t> best;
    Amount best_excess = target.change_cost + 1;
    DepthFirst(order, [&](const Walk& walk) {
        if (walk.sum > most || walk.sum + rest[walk.next] < target.amount) return Way::Back;
        if (walk.sum < target.amount) return Way::On;
        if (walk.sum - target.amount < best_excess) {
            best = walk.path;
            best_excess = walk.sum - target.amount;
        }
        return Way::Back;
    });
    if (best_excess > target.change_cost) return std::nullopt;
    return Summed(coins, IndicesOf(order, best), target, false);
}

std::optional<Selected> SmallestInputs(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    const auto order = ByEffectiveValue(coins, target.rate_per_kvb);
    const auto rest = SumsBehind(order);
    std::vector<size_t> smallest(order.size() + 1, SIZE_MAX); // input from here on
    for (size_t i = order.size(); i > 0; --i)
        smallest[i - 1] = std::min(smallest[i], order[i - 1].vsize);
    const Amount wanted = target.amount + target.change_cost + target.min_change;
    std::vector<size_t> best;
    size_t best_vsize = SIZE_MAX;
    DepthFirst(order, [&](const Walk& walk) {
        if (walk.sum + rest[walk.next] < wanted) return Way::Back;
        if (walk.sum >= wanted) {
            if (walk.vsize < best_vsize) {
                best = walk.path;
                best_vsize = walk.vsize;
            }
            return Way::Back;
        }
        const bool hopeless = best_vsize != SIZE_MAX && walk.vsize + smallest[walk.next] >= best_vsize;
        return hopeless ? Way::Back : Way::On;
    });
    if (best_vsize == SIZE_MAX) return std::nullopt;
    return Summed(coins, IndicesOf(order, best), target, true);
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
                         LargestFirst(coins, target), SmallestInputs(coins, target)}) {
        if (!choice || choice->input_vsize > target.max_input_vsize) continue;
        const auto cost = [](const Selected& s) { return s.waste + s.input_fees; };
        if (!best || cost(*choice) < cost(*best)) best = choice;
    }
    return best;
}

} // namespace emc::wallet
