/// What fee rate gets a transaction into a block how soon, learnt from transactions that came and were
/// confirmed.
#pragma once

#include "interfaces/fee_mode.h"
#include "primitives/amount.h"

#include <optional>
#include <string_view>
#include <vector>

namespace emc::interfaces {

/// Largest number of blocks an estimate may be asked for.
inline constexpr int32_t MAX_FEE_TARGET = 1'008;

struct FeeEstimate {
    primitives::Amount per_kvb = 0; ///< units per 1000 virtual bytes; never below what enters the pool now
    int32_t blocks = 0;             ///< the estimate holds for this many
    bool from_history = false;      ///< false: too little is known, `per_kvb` is what enters the pool now
};

/// A range of fee rates with what became of its transactions. Counts are weights: old ones fade.
struct FeeRange {
    double from_per_kvb = 0, to_per_kvb = 0;
    double within_target = 0;    ///< confirmed in time
    double confirmed = 0;        ///< in time or later
    double in_pool = 0;          ///< wait for longer than the target
    double left_unconfirmed = 0; ///< waited for longer than the target and left
};

/// One horizon's answer, for people who want to see why.
struct FeeHorizon {
    std::string_view name; ///< "short", "medium" or "long"
    int32_t scale_blocks = 0;
    double decay = 0; ///< of weights, a block
    std::optional<double> per_kvb;
    std::optional<FeeRange> pass; ///< the lowest range that is good enough
    std::optional<FeeRange> fail; ///< the highest below it, which is not
};

/// Any thread.
class FeeReader
{
public:
    virtual ~FeeReader() = default;
    /// `blocks` 1 … MAX_FEE_TARGET.
    [[nodiscard]] virtual FeeEstimate EstimateFee(int32_t blocks, FeeMode mode) const = 0;
    /// The horizons that reach as far as `blocks`; `threshold` is the share (0 … 1) that has to be in time.
    [[nodiscard]] virtual std::vector<FeeHorizon> FeeHistory(int32_t blocks, double threshold) const = 0;
};

} // namespace emc::interfaces
