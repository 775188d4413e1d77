/// Rules of a header (H-*). Pure: the chain room fills the context.
#pragma once

#include "consensus/asert.h"
#include "consensus/rule.h"

namespace emc::consensus {

/// How far a PoS header may lie ahead of the clock, and the grid its time lies on.
inline constexpr int64_t POS_FUTURE_SEC = 15;
inline constexpr int64_t POS_TIME_GRID_SEC = 16;

/// What a header's rules need of its ancestors and of the clock.
struct HeaderContext {
    const Params* params = nullptr;
    int32_t height = 0;                   ///< of the header under test: parent's + 1
    int64_t parent_mtp = 0;               ///< median of the last 11 times ending with the parent
    uint32_t required_bits = 0;           ///< ForkState::RequiredBits for the header's kind
    std::optional<int64_t> last_pos_time; ///< time of the last PoS block below it; nullopt: none yet
    int64_t clock_sec = 0;                ///< this computer's unix time
};

/// Rules that need no ancestor: kind bits, usable bits, work (of the header itself or of its proof), PoS
/// nonce and time grid. Rules H-01, H-03, H-05, P-01, P-02, A-*. Costs a hash or two.
[[nodiscard]] Verdict CheckHeader(const primitives::BlockHeader& header, const Params& params);
/// Rules that need the parent: version, bits, times. Rules H-02, H-04, H-06, H-07, P-03.
[[nodiscard]] Verdict CheckHeaderContext(const primitives::BlockHeader& header, const HeaderContext& context);
/// Does this hash meet the target of `bits`, itself usable and not above the PoW limit?
[[nodiscard]] bool MeetsWork(const Hash256& hash, uint32_t bits, const Params& params);

} // namespace emc::consensus
