/// What a proof-of-stake block must show before anything of it is kept. Making such a block costs nothing but
/// the stake, so without this strangers could fill the index and the disk.
#pragma once

#include "chain/branch_coins.h"
#include "chain/chain.h"

namespace emc::chain {

/// Where a block wants to go.
struct StakeSite {
    const consensus::Params* params = nullptr;
    const BlockEntry* parent = nullptr;
    base::Hash256 modifier; ///< after the parent
    /// A coin as it is after the parent.
    std::function<storage::StorageResult<BranchCoin>(const primitives::OutPoint&)> coins;
    const consensus::NameStateView* names = nullptr; ///< after the parent; null: live names are not looked at
    script::SignatureCache* cache = nullptr;         ///< may be null
    bool run_script = true;
};

/// Why a block is not let in.
struct StakeFault {
    Outcome outcome = Outcome::Invalid; ///< Invalid, Mutated, Waiting (a block on the way is missing), Failed
    consensus::RuleResult rule;
    std::optional<storage::StorageFailure> failure; ///< of Failed
};

/// The kernel coin exists after the parent, is mature and deep, its hash meets the target, the block is
/// signed by the key its spend shows, and that spend's script holds; all coins of the coinstake exist and
/// have its script. CheckBlock and CheckBlockContext must have passed. One hash, two signatures and the
/// coins; what needs no owner is checked first. Rules C-01, C-02, C-06, P-08 … P-13.
[[nodiscard]] base::Expected<void, StakeFault> ProveStake(const primitives::Block& block,
                                                          const StakeSite& site);

} // namespace emc::chain
