#include "consensus/stake.h"

#include "base/check.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace emc::consensus {

namespace {
__extension__ using Uint128 = unsigned __int128;
constexpr uint64_t PERCENT_A_YEAR = 6;
constexpr uint64_t HUNDRED_YEARS_SEC = 3'153'600'000;
} // namespace

int64_t CoinAge(int64_t mtp_made, int64_t mtp_spend)
{
    return std::clamp<int64_t>(mtp_spend - mtp_made, 0, MAX_AGE_SEC);
}

Amount MaxStakeReward(std::span<const AgedValue> inputs)
{
    Uint128 sum = 0;
    for (const AgedValue& input : inputs) {
        sum += static_cast<Uint128>(input.value) * static_cast<Uint128>(input.age_sec);
    }
    const Uint128 reward = PERCENT_A_YEAR * sum / HUNDRED_YEARS_SEC;
    return static_cast<Amount>(std::min<Uint128>(reward, std::numeric_limits<Amount>::max()));
}

int64_t MedianTime(std::span<const int64_t> last_times)
{
    EMC_CHECK(!last_times.empty());
    std::vector<int64_t> sorted(last_times.begin(), last_times.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
}

} // namespace emc::consensus
