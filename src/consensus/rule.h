/// The rule book: one enumerator per rule, with its number, its text and the reject string miners know.
#pragma once

#include "base/expected.h"
#include "names/op_codec.h"

#include <span>

namespace emc::reward {
enum class RewardError : uint8_t;
}

namespace emc::consensus {

/// Where a rule is checked. The letter is the first of the rule's id.
enum class Stage : uint8_t {
    Header,      ///< H: a header alone or after its parent
    AuxPow,      ///< A: merged-mining proof
    Block,       ///< B: a block alone or with its height
    Transaction, ///< T: a transaction alone
    Connect,     ///< C: against the coins
    Name,        ///< N, E, V: name operations, `enum:` and `ver:` records
    Stake,       ///< P: proof of stake
    Reward,      ///< R: call-minute rewards
};

/// Every rule of doc/consensus-rules.md, in its order. Fits one byte; the value may be stored.
enum class Rule : uint8_t {
    Ok = 0,
    // H
    HeaderKinds,         ///< both kind bits
    HeaderVersion,       ///< version below 4
    HeaderTarget,        ///< bits that are no target or above the limit
    HeaderBits,          ///< bits other than ASERT demands
    HeaderWork,          ///< hash above the target
    HeaderTimeOld,       ///< not above the median of the last 11
    HeaderTimeNew,       ///< too far ahead of the clock
    HeaderParentUnknown, ///< parent not known (chain)
    HeaderParentInvalid, ///< parent invalid (chain)
    HeaderKnownInvalid,  ///< this very header was found invalid before (chain)
    HeaderForkDepth,     ///< branches off deeper than the reorganisation limit (chain)
    // A
    AuxMissing,
    AuxChainId,
    AuxParentChainId,
    AuxSize,
    AuxCoinbaseShape,
    AuxBranchLength,
    AuxCoinbaseIndex,
    AuxCoinbaseBranch,
    AuxMarker,
    AuxRoot,
    AuxSizeNonce,
    AuxTreeSize,
    AuxChainIndex,
    AuxWork,
    // B
    BlockEmpty,
    BlockLength,
    BlockMerkleRoot,
    BlockDuplicateTx,
    BlockNoCoinbase,
    BlockSecondCoinbase,
    BlockLegacySigOps,
    BlockHeight,
    BlockNotFinal,
    BlockWitnessReserved,
    BlockWitnessCommitment,
    BlockWitnessUnexpected,
    BlockWeight,
    // T
    TxNoInputs,
    TxNoOutputs,
    TxSize,
    TxOutputNegative,
    TxOutputTooLarge,
    TxOutputSum,
    TxRepeatedInput,
    TxCoinbaseLength,
    TxNullInput,
    // C
    InputsMissing,
    InputImmature,
    InputValues,
    InputsBelowOutputs,
    FeeRange,
    FeeSum,
    SequenceLocks,
    SigOpCost,
    CoinbaseAmount,
    ScriptFailed,
    CoinOverwritten,
    // N, E, V: one each of names::NameError, plus the fee
    NameBadPrefix,
    NameBadDays,
    NameBadChunks,
    NameNoOutput,
    NameBadOwner,
    NameSize,
    NameValueSize,
    NameDaysRange,
    NameRepeatedInTx,
    NameRepeatedInBlock,
    NameNewOfLive,
    NameNotLive,
    NameNotOwnerInput,
    NameExpiryTooFar,
    NameSpentWithoutOp,
    NameSpentInSameBlock,
    NameWrongTxKind,
    NameFeeUnpaid,
    EnumName,
    EnumValue,
    EnumSlotGap,
    EnumVerifierMissing,
    EnumSigWrong,
    VerValue,
    VerOwner,
    // P
    StakeNonce,
    StakeTimeGrid,
    StakeTimeOrder,
    StakeCoinbaseScript,
    StakeCoinbaseOutput,
    StakeCoinbaseWitness,
    StakeCoinstake,
    StakeKernelScript,
    StakeKernelSpend,
    StakeLiveName,
    StakeDepth,
    StakeKernelHash,
    StakeBlockSignature,
    StakeReward,
    // R: one each of reward::RewardError, in its order
    RewardPayload,
    RewardSameNumber,
    RewardPeriod,
    RewardTotals,
    RewardClaimMinutes,
    RewardCallerShare,
    RewardNameNotLive,
    RewardOwners,
    RewardSignature,
    RewardPeriodTime,
    RewardWatermark,
    RewardBond,
    RewardClaimAge,
    RewardPairTwice,
    RewardBudget,
    Count, ///< number of rules plus one
};

/// A broken rule.
struct RuleResult {
    Rule rule = Rule::Ok;
    Stage stage = Stage::Header;
    /// This copy of the block is bad, its hash is not: drop the copy, punish the sender, keep the hash.
    bool mutated = false;
    std::string detail; ///< which transaction, input, numbers; may be empty
};

/// Nothing, or the rule that is broken.
using Verdict = base::Expected<void, RuleResult>;

/// "T-03"; "" for Rule::Ok.
[[nodiscard]] std::string_view Id(Rule rule);
/// A sentence for people.
[[nodiscard]] std::string_view Text(Rule rule);
/// The reject string of BIP 22 and its followers ("bad-txns-inputs-missingorspent"). Never empty but for Ok.
[[nodiscard]] std::string_view Bip22(Rule rule);
[[nodiscard]] Stage StageOf(Rule rule);
/// The rule with this id; Rule::Ok when there is none.
[[nodiscard]] Rule RuleById(std::string_view id);
/// What submitblock and test frameworks show: Bip22, with the version or the script's fault behind it where
/// Bitcoin nodes give one ("bad-version(0x00000001)").
[[nodiscard]] std::string RejectReason(const RuleResult& result);
/// "bad-txns-vin-empty, T-01: a transaction has at least one input (detail)", for logs and RPC.
[[nodiscard]] std::string Describe(const RuleResult& result);

/// The rule a name error breaks.
[[nodiscard]] Rule RuleOf(names::NameError error);

/// The rule a reward error breaks.
[[nodiscard]] Rule RuleOf(reward::RewardError error);

/// `return Broken(Rule::TxNoInputs);` — the hash itself is bad.
[[nodiscard]] base::Unexpected<RuleResult> Broken(Rule rule, std::string detail = {});
/// `return BrokenCopy(Rule::BlockMerkleRoot);` — only this copy is bad (RuleResult::mutated).
[[nodiscard]] base::Unexpected<RuleResult> BrokenCopy(Rule rule, std::string detail = {});

} // namespace emc::consensus
