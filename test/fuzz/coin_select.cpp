// Coin selection: what is chosen pays for target and inputs, names no coin twice, leaves no dust as change,
// and something is chosen whenever all coins together suffice.
#include "base/check.h"
#include "codec/reader.h"
#include "crypto/random.h"
#include "wallet/select.h"

#include <set>

namespace {

using namespace emc::wallet;

void CheckSound(const std::vector<Candidate>& coins, const SelectionTarget& target, const Selected& selected)
{
    Amount total = 0;
    Amount fees = 0;
    size_t vsize = 0;
    for (const size_t i : std::set<size_t>(selected.chosen.begin(), selected.chosen.end())) {
        EMC_CHECK(i < coins.size());
        total += coins[i].value;
        fees += InputFee(coins[i], target.rate_per_kvb);
        vsize += coins[i].input_vsize;
    }
    // Equal sums also say that no coin was named twice.
    EMC_CHECK(total == selected.total && fees == selected.input_fees && vsize == selected.input_vsize);
    EMC_CHECK(total >= target.amount + fees);
    if (selected.with_change)
        EMC_CHECK(total - fees - target.amount - target.change_cost >= target.min_change);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    emc::codec::Reader in({data, size});
    SelectionTarget target;
    target.amount = 1 + in.U32() % 1'000'000;
    target.rate_per_kvb = in.U16();
    target.change_cost = in.U16();
    target.min_change = in.U16();
    target.max_input_vsize = in.U16();
    std::vector<Candidate> coins;
    while (in.Ok() && in.Remaining() >= 5 && coins.size() < 300) {
        Candidate coin;
        coin.value = in.U32() % 1'000'000;
        coin.input_vsize = in.U8();
        coins.push_back(coin);
    }
    if (!in.Ok()) return 0;
    emc::crypto::TestRandom random(size);
    const auto exact = BranchAndBound(coins, target);
    const auto drawn = SingleRandomDraw(coins, target, random);
    const auto largest = LargestFirst(coins, target);
    const auto best = SelectCoins(coins, target, random);
    for (const auto* one : {&exact, &drawn, &largest, &best}) {
        if (*one) CheckSound(coins, target, **one);
    }
    if (exact) EMC_CHECK(exact->total - exact->input_fees <= target.amount + target.change_cost);
    Amount all = 0;
    for (const auto& coin : coins)
        all += std::max<Amount>(0, coin.value - InputFee(coin, target.rate_per_kvb));
    EMC_CHECK(largest.has_value() == (all >= target.amount) && drawn.has_value() == largest.has_value());
    if (best) EMC_CHECK(best->input_vsize <= target.max_input_vsize);
    if (largest && largest->input_vsize <= target.max_input_vsize) EMC_CHECK(best.has_value());
    return 0;
}
