/// Fee estimation: how long transactions of each fee rate waited, counted in buckets of fee rates over three
/// horizons. Each horizon forgets exponentially, one block at a time. No chain, no locks, no clock.
#pragma once

#include "base/bytes.h"
#include "base/memory.h"
#include "interfaces/fees.h"

namespace emc::mempool {

using primitives::Amount;

/// One thread at a time.
class FeeEstimator
{
public:
    FeeEstimator();
    ~FeeEstimator();
    FeeEstimator(const FeeEstimator&) = delete;
    FeeEstimator& operator=(const FeeEstimator&) = delete;

    /// A transaction of this rate (units per kvB) entered the pool while the tip had this height. Each one is
    /// taken back by Confirmed or Left with the same height and rate.
    void Entered(int32_t height, double per_kvb);
    /// It left without a block while the tip had height `now`.
    void Left(int32_t entered, double per_kvb, int32_t now);
    /// It stands in the block of height `now`, for which NextBlock was called.
    void Confirmed(int32_t entered, double per_kvb, int32_t now);
    /// A block was connected: everything known fades a little. Blocks at heights seen before (after a
    /// reorganisation) count for nothing, nor do their transactions.
    void NextBlock(int32_t height);

    /// It is followed no longer, and nothing is learnt from it.
    void Forget(int32_t entered, double per_kvb);

    struct Answer {
        double per_kvb = 0;
        int32_t blocks =
            0; ///< that it holds for: the target, rounded up to whole periods of the horizon used
    };

    /// The rate for `blocks` (1 … MAX_FEE_TARGET); nullopt when too little is known.
    [[nodiscard]] std::optional<Answer> Estimate(int32_t blocks, interfaces::FeeMode mode) const;
    [[nodiscard]] std::vector<interfaces::FeeHorizon> History(int32_t blocks, double threshold) const;

    /// What is known, without what waits now. Load of anything else than such bytes changes nothing and says
    /// false: wrong sizes, numbers that are negative, infinite, or contradict each other.
    [[nodiscard]] base::Bytes Serialize() const;
    [[nodiscard]] bool Load(base::ByteSpan in);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace emc::mempool
