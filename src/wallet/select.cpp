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

/// Takes coins as `next` names them until target, change output and least change are paid; then decides on
/// change. `next` gives nullopt when there are no more.
template <typename Next>
std::optional<Selected> TakeUntilPaid(const std::vector<Candidate>& coins, const Next& next,
                                      const SelectionTarget& target)
{
    const Amount wanted = target.amount + target.change_cost + target.min_change;
    std::vector<size_t> chosen;
    Amount sum = 0;
    while (const std::optional<size_t> i = next()) {
        const Amount effective = Effective(coins[*i], target.rate_per_kvb);
        if (effective <= 0) continue;
        chosen.push_back(*i);
        sum += effective;
        if (sum >= wanted) return Summed(coins, std::move(chosen), target, true);
    }
    if (sum < target.amount) return std::nullopt;
    return Summed(coins, std::move(chosen), target, false);
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

/// Candidates in the order the searches want: the most valuable first; of equal ones the smallest.
struct Ranked {
    Ranked(const std::vector<Candidate>& candidates, Amount rate);

    const std::vector<Candidate>& coins;
    std::vector<Weighed> order;
    std::vector<Amount> rest; ///< what the coins from a position on bring
};

std::vector<Weighed> ByEffectiveValue(const std::vector<Candidate>& coins, Amount rate)
{
    std::vector<Weighed> out;
    for (size_t i = 0; i < coins.size(); ++i) {
        const Weighed coin{i, Effective(coins[i], rate), coins[i].input_vsize};
        if (coin.effective > 0) out.push_back(coin);
    }
    std::sort(out.begin(), out.end(), [](const Weighed& a, const Weighed& b) {
        if (a.effective != b.effective) return a.effective > b.effective;
        return a.vsize != b.vsize ? a.vsize < b.vsize : a.index < b.index;
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

Ranked::Ranked(const std::vector<Candidate>& candidates, Amount rate)
    : coins(candidates), order(ByEffectiveValue(candidates, rate)), rest(SumsBehind(order))
{}

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

std::optional<Selected> ExactMatch(const Ranked& ranked, const SelectionTarget& target)
{
    const auto& [coins, order, rest] = ranked;
    const Amount most = target.amount + target.change_cost;
    std::vector<size_t> best;
    Amount best_excess = target.change_cost + 1;
    DepthFirst(order, [&rest = rest, &target, &best, &best_excess, most](const Walk& walk) {
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

std::optional<Selected> LeastWeight(const Ranked& ranked, const SelectionTarget& target)
{
    const auto& [coins, order, rest] = ranked;
    std::vector<size_t> smallest(order.size() + 1, SIZE_MAX); // input from here on
    for (size_t i = order.size(); i > 0; --i)
        smallest[i - 1] = std::min(smallest[i], order[i - 1].vsize);
    const Amount wanted = target.amount + target.change_cost + target.min_change;
    std::vector<size_t> best;
    size_t best_vsize = SIZE_MAX;
    DepthFirst(order, [&rest = rest, &smallest, &best, &best_vsize, wanted](const Walk& walk) {
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

std::optional<Selected> MostValuable(const Ranked& ranked, const SelectionTarget& target)
{
    auto at = ranked.order.begin();
    const auto next = [&] { return at == ranked.order.end() ? std::nullopt : std::optional((at++)->index); };
    return TakeUntilPaid(ranked.coins, next, target);
}

} // namespace

std::optional<Selected> BranchAndBound(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    return ExactMatch(Ranked(coins, target.rate_per_kvb), target);
}

std::optional<Selected> SmallestInputs(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    return LeastWeight(Ranked(coins, target.rate_per_kvb), target);
}

std::optional<Selected> SingleRandomDraw(const std::vector<Candidate>& coins, const SelectionTarget& target,
                                         base::RandomSource& random)
{
    std::vector<size_t> order(coins.size());
    std::iota(order.begin(), order.end(), size_t{0});
    size_t drawn = 0;
    const auto next = [&]() -> std::optional<size_t> {
        if (drawn == order.size()) return std::nullopt;
        std::swap(order[drawn], order[drawn + random.Below(order.size() - drawn)]);
        return order[drawn++];
    };
    return TakeUntilPaid(coins, next, target);
}

std::optional<Selected> LargestFirst(const std::vector<Candidate>& coins, const SelectionTarget& target)
{
    return MostValuable(Ranked(coins, target.rate_per_kvb), target);
}

std::optional<Selected> SelectCoins(const std::vector<Candidate>& coins, const SelectionTarget& target,
                                    base::RandomSource& random)
{
    const Ranked ranked(coins, target.rate_per_kvb);
    std::optional<Selected> best;
    for (auto& choice : {ExactMatch(ranked, target), SingleRandomDraw(coins, target, random),
                         MostValuable(ranked, target), LeastWeight(ranked, target)}) {
        if (!choice || choice->input_vsize > target.max_input_vsize) continue;
        const auto cost = [](const Selected& s) { return s.waste + s.input_fees; };
        if (!best || cost(*choice) < cost(*best)) best = choice;
    }
    return best;
}

} // namespace emc::wallet
