/// A block against the coins and names before it: checks everything that is left and gives the changes.
#pragma once

#include "consensus/block_rules.h"
#include "consensus/script_runner.h"
#include "reward/watermark.h"

namespace emc::consensus {

/// Unspent coins before the block. Read from the calling thread only.
class CoinView
{
public:
    virtual ~CoinView() = default;
    [[nodiscard]] virtual std::optional<Coin> Get(const OutPoint& outpoint) const = 0;
    /// Told once per block which coins will be asked for; may load them together.
    virtual void Prefetch(std::span<const OutPoint> outpoints) const;
};

/// Names before the block, also by their current output.
class NameStateView : public names::NameView
{
public:
    /// The name (live or expired) whose current output this is. Asked only for coins with `had_prefix`.
    [[nodiscard]] virtual std::optional<std::string> NameByOutpoint(const OutPoint& outpoint) const = 0;
};

/// What connecting needs. References outlive the call.
struct ConnectContext {
    const Params* params = nullptr;
    int32_t height = 0;
    int64_t parent_mtp = 0;
    const CoinView* coins = nullptr;
    const NameStateView* names = nullptr;
    const reward::WatermarkView* watermarks = nullptr; ///< of call rewards
    const reward::EndedWatermarks* ended = nullptr;    ///< for ConnectBlock only
    const ChainTimes* times = nullptr;                 ///< of the ancestors, up to height − 1
    ScriptRunner* runner = nullptr;                    ///< for ConnectBlock only
    script::SignatureCache* cache = nullptr;           ///< may be null
    bool assumed_valid = false; ///< scripts are taken as valid; signatures of call batches never
    Hash256 stake_modifier;     ///< after the parent; for PoS blocks only
};

struct NewCoin {
    OutPoint outpoint;
    Coin coin;
};

/// What a block changes. `spent` undoes it together with `names`.
struct BlockDelta {
    /// The coins each transaction spends, by input; empty for the coinbase. A coin whose height is the
    /// block's own was made in this block: it is in no store before and after, undoing skips it.
    std::vector<std::vector<Coin>> spent;
    std::vector<OutPoint> removed;       ///< coins of the state before that are gone
    std::vector<NewCoin> created;        ///< coins that are there after the block, in block order
    std::vector<names::NameDelta> names; ///< in block order
    std::vector<reward::WatermarkDelta> watermarks;
    Amount fees = 0;   ///< F: net fees of all transactions
    Amount burned = 0; ///< name fees
    Amount claims = 0; ///< of reward transactions; part of the fees as far as no output takes them
    Amount minted = 0; ///< outputs of coinbase (and coinstake, less its inputs) − F + claims; may be negative
    Amount supply_change = 0; ///< sum of created − sum of removed
    int64_t sigop_cost = 0;
};

/// Script rules in force at a height.
[[nodiscard]] script::Flags BlockScriptFlags(const Params& params, int32_t height);
/// CheckBlock and CheckBlockContext must have passed. Not run for genesis, whose outputs are never coins.
/// Rules C-*, N-*, E-*, V-*, P-*, R-*. Blocks until all scripts were run.
[[nodiscard]] base::Expected<BlockDelta, RuleResult> ConnectBlock(const primitives::Block& block,
                                                                  const ConnectContext& context);

/// The sums of a transaction, each 0 … MAX_MONEY.
struct TxAmounts {
    Amount inputs = 0;
    Amount claim = 0; ///< of a reward transaction
    Amount outputs = 0;
    Amount burned = 0; ///< name fees
};

/// inputs + claim − outputs − burned. Rules C-04, C-05, N-20.
[[nodiscard]] base::Expected<Amount, RuleResult> NetFee(const TxAmounts& amounts);

/// One transaction against the state, scripts apart: what the mempool runs before it trusts the scripts.
struct TxOutcome {
    std::vector<names::IndexedOp> ops;
    std::vector<names::NameDelta> names;
    std::optional<reward::Reward> reward; ///< of a reward transaction
    Amount fee = 0;                       ///< inputs + claim − outputs − burned
    Amount burned = 0;
    int64_t sigop_cost = 0;
};

/// Coins by input (already fetched); `context.runner` and `coins` are not used. Rules C-02 … C-05, C-07, N-*,
/// E-*, V-*, R-01 … R-13.
[[nodiscard]] base::Expected<TxOutcome, RuleResult>
CheckSpend(const Transaction& tx, std::span<const Coin> spent, const ConnectContext& context);
/// The script checks of a transaction's inputs.
[[nodiscard]] std::vector<ScriptCheck> ScriptChecksOf(const primitives::TxRef& tx,
                                                      std::span<const Coin> spent, script::Flags flags,
                                                      script::SignatureCache* cache);
/// The coin output `index` becomes; nullopt for unspendable scripts and a coinstake's first output.
[[nodiscard]] std::optional<Coin> CoinOf(const Transaction& tx, size_t index, int32_t height, TxRole role);

} // namespace emc::consensus
