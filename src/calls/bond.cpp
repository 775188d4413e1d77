#include "calls/bond.h"

#include "reward/claim.h"

#include <algorithm>

namespace emc::calls {

namespace {

__extension__ using Uint128 = unsigned __int128;
constexpr uint32_t MAX_STEPS = 200'000;

struct Aged {
    Uint128 age = 0; ///< value × seconds
    size_t place = 0;
};

/// Tries sets of coins, larger ages first; keeps the one with the least sum that is enough.
class Search
{
public:
    Search(std::vector<Aged> coins, Uint128 need) : m_coins(std::move(coins)), m_need(need)
    {
        m_rest.resize(m_coins.size() + 1);
        for (size_t i = m_coins.size(); i-- > 0;)
            m_rest[i] = m_rest[i + 1] + m_coins[i].age;
    }

    [[nodiscard]] std::vector<size_t> Run()
    {
        if (m_rest[0] < m_need) return {};
        Start();
        Visit(0, 0);
        std::vector<size_t> out;
        for (const size_t i : m_best)
            out.push_back(m_coins[i].place);
        std::sort(out.begin(), out.end());
        return out;
    }

private:
    /// A set to begin with: the largest until it is enough, and then without those it does not need.
    void Start()
    {
        for (size_t i = 0; i < m_coins.size() && m_best_sum < m_need; ++i) {
            m_best.push_back(i);
            m_best_sum += m_coins[i].age;
        }
        for (size_t i = 0; i < m_best.size();) {
            const Uint128 age = m_coins[m_best[i]].age;
            if (m_best_sum - age < m_need) {
                ++i;
                continue;
            }
            m_best_sum -= age;
            m_best.erase(m_best.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void Visit(size_t at, Uint128 sum)
    {
        if (sum >= m_best_sum || ++m_steps > MAX_STEPS) return;
        if (sum >= m_need) {
            m_best = m_chosen;
            m_best_sum = sum;
            return;
        }
        if (at == m_coins.size() || sum + m_rest[at] < m_need) return;
        m_chosen.push_back(at);
        Visit(at + 1, sum + m_coins[at].age);
        m_chosen.pop_back();
        Visit(at + 1, sum);
    }

    const std::vector<Aged> m_coins; ///< by falling age
    const Uint128 m_need;
    std::vector<Uint128> m_rest; ///< sums of the ages from a place on
    std::vector<size_t> m_chosen;
    std::vector<size_t> m_best;
    Uint128 m_best_sum = 0;
    uint32_t m_steps = 0;
};

} // namespace

std::vector<size_t> ChooseBond(const std::vector<BondCoin>& coins, primitives::Amount claim)
{
    std::vector<Aged> aged;
    for (size_t i = 0; i < coins.size(); ++i) {
        const Uint128 age = static_cast<Uint128>(coins[i].value) * static_cast<Uint128>(coins[i].age_sec);
        if (age > 0) aged.push_back({age, i});
    }
    std::stable_sort(aged.begin(), aged.end(), [](const Aged& a, const Aged& b) { return a.age > b.age; });
    if (aged.size() > MAX_BOND_COINS) aged.resize(MAX_BOND_COINS);
    // The least sum with ⌊5 × sum ÷ hundred years⌋ ≥ claim.
    const Uint128 wanted = static_cast<Uint128>(claim) * reward::HUNDRED_YEARS_SEC;
    constexpr uint64_t PERCENT = reward::CLAIM_PERCENT_A_YEAR;
    return Search(std::move(aged), (wanted + PERCENT - 1) / PERCENT).Run();
}

} // namespace emc::calls
