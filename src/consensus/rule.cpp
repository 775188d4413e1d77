#include "consensus/rule.h"

namespace emc::consensus {

namespace {

struct Row {
    Rule rule;
    Stage stage;
    std::string_view id;
    std::string_view bip22;
    std::string_view text;
};

constexpr size_t COUNT = static_cast<size_t>(Rule::Count);
using enum Rule;

/// In the order of the enumerators (checked below).
constexpr std::array<Row, COUNT> TABLE = {{
    {Ok, Stage::Header, "", "", "no rule is broken"},

    {HeaderKinds, Stage::Header, "H-01", "bad-version-kind",
     "a block is not both merged-mined and proof of stake"},
    {HeaderVersion, Stage::Header, "H-02", "bad-version", "the block version is at least 4"},
    {HeaderTarget, Stage::Header, "H-03", "bad-target",
     "bits give a positive target within the kind's limit"},
    {HeaderBits, Stage::Header, "H-04", "bad-diffbits", "bits are those the difficulty rule gives"},
    {HeaderWork, Stage::Header, "H-05", "high-hash", "the block hash meets the target"},
    {HeaderTimeOld, Stage::Header, "H-06", "time-too-old",
     "the time is above the median of the last 11 blocks"},
    {HeaderTimeNew, Stage::Header, "H-07", "time-too-new", "the time is not too far ahead of the clock"},
    {HeaderParentUnknown, Stage::Header, "H-08", "prev-blk-not-found", "the parent is known"},
    {HeaderParentInvalid, Stage::Header, "H-09", "bad-prevblk", "the parent is valid"},
    {HeaderKnownInvalid, Stage::Header, "H-10", "duplicate-invalid",
     "the block was not found invalid before"},
    {HeaderForkDepth, Stage::Header, "H-11", "bad-fork-depth",
     "the branch starts within the reorganisation limit"},

    {AuxMissing, Stage::AuxPow, "A-01", "bad-auxpow-missing", "a merged-mined header carries its proof"},
    {AuxChainId, Stage::AuxPow, "A-02", "bad-auxpow-chainid", "a merged-mined block has this chain's id"},
    {AuxParentChainId, Stage::AuxPow, "A-03", "bad-auxpow-parent-chainid",
     "the parent block has not this chain's id"},
    {AuxSize, Stage::AuxPow, "A-04", "bad-auxpow-size", "a proof has at most 100,000 bytes"},
    {AuxCoinbaseShape, Stage::AuxPow, "A-05", "bad-auxpow-coinbase",
     "the parent coinbase has an input and no witness"},
    {AuxBranchLength, Stage::AuxPow, "A-06", "bad-auxpow-branch", "branches have at most 30 hashes"},
    {AuxCoinbaseIndex, Stage::AuxPow, "A-07", "bad-auxpow-coinbase-index",
     "the parent coinbase stands at index 0"},
    {AuxCoinbaseBranch, Stage::AuxPow, "A-08", "bad-auxpow-merkle",
     "the parent coinbase is in the parent's merkle tree"},
    {AuxMarker, Stage::AuxPow, "A-09", "bad-auxpow-marker",
     "the merged-mining marker occurs exactly once in the parent coinbase"},
    {AuxRoot, Stage::AuxPow, "A-10", "bad-auxpow-root", "the root of the chain tree follows the marker"},
    {AuxSizeNonce, Stage::AuxPow, "A-11", "bad-auxpow-tail", "size and nonce follow the root"},
    {AuxTreeSize, Stage::AuxPow, "A-12", "bad-auxpow-treesize", "the size is 2 to the chain branch's length"},
    {AuxChainIndex, Stage::AuxPow, "A-13", "bad-auxpow-index", "the chain stands in the slot its id gives"},
    {AuxWork, Stage::AuxPow, "A-14", "high-hash", "the parent header's hash meets the target"},

    {BlockEmpty, Stage::Block, "B-01", "bad-blk-length", "a block has a transaction"},
    {BlockLength, Stage::Block, "B-02", "bad-blk-length",
     "a block without its witness is at most a quarter of the weight limit"},
    {BlockMerkleRoot, Stage::Block, "B-03", "bad-txnmrklroot",
     "the header names the transactions' merkle root"},
    {BlockDuplicateTx, Stage::Block, "B-04", "bad-txns-duplicate",
     "no transactions are repeated so that the merkle root stays the same"},
    {BlockNoCoinbase, Stage::Block, "B-05", "bad-cb-missing", "the first transaction is a coinbase"},
    {BlockSecondCoinbase, Stage::Block, "B-06", "bad-cb-multiple",
     "only the first transaction is a coinbase"},
    {BlockLegacySigOps, Stage::Block, "B-07", "bad-blk-sigops",
     "signature operations counted the old way stay within the limit"},
    {BlockHeight, Stage::Block, "B-08", "bad-cb-height", "the coinbase begins with the block's height"},
    {BlockNotFinal, Stage::Block, "B-09", "bad-txns-nonfinal", "every transaction is final"},
    {BlockWitnessReserved, Stage::Block, "B-10", "bad-witness-nonce-size",
     "the coinbase's witness is one item of 32 bytes"},
    {BlockWitnessCommitment, Stage::Block, "B-11", "bad-witness-merkle-match",
     "the witness commitment fits the block"},
    {BlockWitnessUnexpected, Stage::Block, "B-12", "unexpected-witness",
     "without a commitment there is no witness"},
    {BlockWeight, Stage::Block, "B-13", "bad-blk-weight", "a block weighs at most 4,000,000"},

    {TxNoInputs, Stage::Transaction, "T-01", "bad-txns-vin-empty", "a transaction has an input"},
    {TxNoOutputs, Stage::Transaction, "T-02", "bad-txns-vout-empty", "a transaction has an output"},
    {TxSize, Stage::Transaction, "T-03", "bad-txns-oversize",
     "a transaction without witness is at most a quarter of the weight limit"},
    {TxOutputNegative, Stage::Transaction, "T-04", "bad-txns-vout-negative", "no output is negative"},
    {TxOutputTooLarge, Stage::Transaction, "T-05", "bad-txns-vout-toolarge", "no output is above MAX_MONEY"},
    {TxOutputSum, Stage::Transaction, "T-06", "bad-txns-txouttotal-toolarge",
     "the outputs' sum is not above MAX_MONEY"},
    {TxRepeatedInput, Stage::Transaction, "T-07", "bad-txns-inputs-duplicate", "no coin is spent twice"},
    {TxCoinbaseLength, Stage::Transaction, "T-08", "bad-cb-length", "a coinbase's script has 2 to 100 bytes"},
    {TxNullInput, Stage::Transaction, "T-09", "bad-txns-prevout-null", "only a coinbase has a null input"},

    {InputsMissing, Stage::Connect, "C-01", "bad-txns-inputs-missingorspent",
     "every input spends a coin there is"},
    {InputImmature, Stage::Connect, "C-02", "bad-txns-premature-spend-of-coinbase",
     "generated coins are mature"},
    {InputValues, Stage::Connect, "C-03", "bad-txns-inputvalues-outofrange",
     "values of inputs and their sum are not above MAX_MONEY"},
    {InputsBelowOutputs, Stage::Connect, "C-04", "bad-txns-in-belowout", "inputs are not below outputs"},
    {FeeRange, Stage::Connect, "C-05", "bad-txns-fee-outofrange", "a fee is not above MAX_MONEY"},
    {FeeSum, Stage::Connect, "C-06", "bad-txns-accumulated-fee-outofrange",
     "the fees of a block are not above MAX_MONEY"},
    {SequenceLocks, Stage::Connect, "C-07", "bad-txns-nonfinal", "relative lock times have passed"},
    {SigOpCost, Stage::Connect, "C-08", "bad-blk-sigops",
     "signature operations of a block cost at most 80,000"},
    {CoinbaseAmount, Stage::Connect, "C-09", "bad-cb-amount", "the coinbase takes at most subsidy and fees"},
    {ScriptFailed, Stage::Connect, "C-10", "mandatory-script-verify-flag-failed",
     "every input's script holds"},
    {CoinOverwritten, Stage::Connect, "C-11", "bad-txns-BIP30", "no transaction makes a coin that exists"},

    {NameBadPrefix, Stage::Name, "N-01", "bad-name-prefix", "a name output has the form of one"},
    {NameBadDays, Stage::Name, "N-02", "bad-name-days-encoding",
     "days are a minimal number of at most 4 bytes"},
    {NameBadChunks, Stage::Name, "N-03", "bad-name-chunks",
     "a value comes in full chunks of 520 bytes and a rest"},
    {NameNoOutput, Stage::Name, "N-04", "bad-name-missing",
     "a transaction of version 0x0666 has a name output"},
    {NameBadOwner, Stage::Name, "N-05", "bad-name-owner", "a name's owner script is of an allowed kind"},
    {Rule::NameSize, Stage::Name, "N-06", "bad-name-size", "a name has 1 to 512 bytes"},
    {NameValueSize, Stage::Name, "N-07", "bad-name-value-size", "a value has at most 20,480 bytes"},
    {NameDaysRange, Stage::Name, "N-08", "bad-name-days", "days are 1 (UPDATE: 0) to 36,500"},
    {NameRepeatedInTx, Stage::Name, "N-09", "bad-name-repeated-tx", "a name appears once in a transaction"},
    {NameRepeatedInBlock, Stage::Name, "N-10", "bad-name-repeated-block", "a name appears once in a block"},
    {NameNewOfLive, Stage::Name, "N-11", "bad-name-exists", "NEW is of a name that is not live"},
    {NameNotLive, Stage::Name, "N-12", "bad-name-not-live", "UPDATE and DELETE are of a live name"},
    {NameNotOwnerInput, Stage::Name, "N-13", "bad-name-not-owner",
     "UPDATE and DELETE spend the name's current output"},
    {NameExpiryTooFar, Stage::Name, "N-14", "bad-name-expiry", "expiry lies at most 6,132,000 blocks ahead"},
    {NameSpentWithoutOp, Stage::Name, "N-15", "bad-name-spent",
     "a live name's output is spent only by an operation on it"},
    {NameSpentInSameBlock, Stage::Name, "N-16", "bad-name-spent-same-block",
     "a name output is not spent in the block that makes it"},
    {NameWrongTxKind, Stage::Name, "N-17", "bad-name-generated",
     "coinbase and coinstake are of neither version 0x0666 nor 0x0CA1"},
    {NameFeeUnpaid, Stage::Name, "N-20", "bad-name-fee", "inputs cover outputs and the burned name fee"},
    {Rule::EnumName, Stage::Name, "E-01", "bad-enum-name", "names under enum: and ver: follow the grammar"},
    {Rule::EnumValue, Stage::Name, "E-02", "bad-enum-value", "values of enum: names follow the grammar"},
    {EnumSlotGap, Stage::Name, "E-03", "bad-enum-slot", "slot N is made while slot N-1 is live"},
    {EnumVerifierMissing, Stage::Name, "E-04", "bad-enum-verifier", "a SIG line names a live verifier"},
    {EnumSigWrong, Stage::Name, "E-05", "bad-enum-signature", "a SIG line verifies"},
    {Rule::VerValue, Stage::Name, "V-01", "bad-ver-value", "values of ver: names follow the grammar"},
    {Rule::VerOwner, Stage::Name, "V-02", "bad-ver-owner", "a verifier's owner script is P2PKH or P2WPKH"},

    {StakeNonce, Stage::Stake, "P-01", "bad-pos-nonce", "a proof-of-stake header has nonce 0"},
    {StakeTimeGrid, Stage::Stake, "P-02", "bad-pos-time", "a proof-of-stake time is a multiple of 16 s"},
    {StakeTimeOrder, Stage::Stake, "P-03", "bad-pos-time-order",
     "a proof-of-stake time is above that of the previous such block"},
    {StakeCoinbaseScript, Stage::Stake, "P-04", "bad-pos-cb-script",
     "a stake block's coinbase script is height and OP_0"},
    {StakeCoinbaseOutput, Stage::Stake, "P-05", "bad-pos-cb-output",
     "a stake block's coinbase has one output, a witness commitment of value 0"},
    {StakeCoinbaseWitness, Stage::Stake, "P-06", "bad-pos-cb-witness",
     "a stake block's coinbase witness is 32 bytes and a signature of 64"},
    {StakeCoinstake, Stage::Stake, "P-07", "bad-pos-coinstake",
     "a coinstake spends coins, its first output is empty, another follows"},
    {StakeKernelScript, Stage::Stake, "P-08", "bad-pos-kernel-script",
     "coinstake inputs have the kernel's script: P2PKH, P2WPKH or P2TR"},
    {StakeKernelSpend, Stage::Stake, "P-09", "bad-pos-kernel-spend", "the kernel's spend shows its key"},
    {StakeLiveName, Stage::Stake, "P-10", "bad-pos-name", "a coinstake spends no live name"},
    {StakeDepth, Stage::Stake, "P-11", "bad-pos-depth", "coinstake inputs are as deep as a kernel must be"},
    {StakeKernelHash, Stage::Stake, "P-12", "bad-pos-kernel-hash",
     "the kernel hash meets target times value"},
    {StakeBlockSignature, Stage::Stake, "P-13", "bad-pos-signature",
     "the block is signed by the kernel's key"},
    {StakeReward, Stage::Stake, "P-14", "bad-pos-amount",
     "a coinstake takes at most inputs, reward and fees"},

    {RewardPayload, Stage::Reward, "R-01", "bad-reward-payload",
     "the first output of a reward transaction carries a canonical call batch"},
    {RewardSameNumber, Stage::Reward, "R-02", "bad-reward-numbers", "caller and callee are two numbers"},
    {RewardPeriod, Stage::Reward, "R-03", "bad-reward-period",
     "a batch covers more than nothing and at most 31 days"},
    {RewardTotals, Stage::Reward, "R-04", "bad-reward-totals", "calls and minutes of a batch are possible"},
    {RewardClaimMinutes, Stage::Reward, "R-05", "bad-reward-claim",
     "a claim is at least 1 unit and at most 0.01 EMC a minute"},
    {RewardCallerShare, Stage::Reward, "R-06", "bad-reward-share",
     "the second output gives the caller a fifth of the claim"},
    {RewardNameNotLive, Stage::Reward, "R-07", "bad-reward-name",
     "both numbers are registered, for at least 168 blocks"},
    {RewardOwners, Stage::Reward, "R-08", "bad-reward-owner",
     "the owners are two key hashes, paid by the first two outputs"},
    {RewardSignature, Stage::Reward, "R-09", "bad-reward-signature",
     "a batch is signed by the owners of both numbers"},
    {RewardPeriodTime, Stage::Reward, "R-10", "bad-reward-time",
     "a period has ended and began within the last 60 days"},
    {RewardWatermark, Stage::Reward, "R-11", "bad-reward-repeated", "the calls of a pair are rewarded once"},
    {RewardBond, Stage::Reward, "R-12", "bad-reward-bond",
     "coins of the callee are spent and returned by the first output"},
    {RewardClaimAge, Stage::Reward, "R-13", "bad-reward-age",
     "a claim is at most 5 % a year of the coins spent"},
    {RewardPairTwice, Stage::Reward, "R-14", "bad-reward-pair", "a block holds one reward of a pair"},
    {RewardBudget, Stage::Reward, "R-15", "bad-reward-budget", "the claims of a block are at most 50 EMC"},
}};

constexpr bool TableInOrder()
{
    for (size_t i = 0; i < COUNT; ++i) {
        if (static_cast<size_t>(TABLE[i].rule) != i) return false;
    }
    return true;
}

static_assert(TableInOrder());

/// By names::NameError, in the order of its enumerators (a unit test compares the ids).
constexpr std::array NAME_RULES = {
    Rule::NameBadPrefix,
    Rule::NameBadDays,
    Rule::NameBadChunks,
    Rule::NameBadOwner,
    Rule::NameSize,
    Rule::NameValueSize,
    Rule::NameDaysRange,
    Rule::NameNoOutput,
    Rule::NameRepeatedInTx,
    Rule::NameRepeatedInBlock,
    Rule::NameExpiryTooFar,
    Rule::NameNewOfLive,
    Rule::NameNotLive,
    Rule::NameNotOwnerInput,
    Rule::NameSpentWithoutOp,
    Rule::NameSpentInSameBlock,
    Rule::NameWrongTxKind,
    Rule::EnumName,
    Rule::EnumValue,
    Rule::EnumSlotGap,
    Rule::EnumVerifierMissing,
    Rule::EnumSigWrong,
    Rule::VerValue,
    Rule::VerOwner,
};
static_assert(NAME_RULES.size() == static_cast<size_t>(names::NameError::VerOwner) + 1);

const Row& RowOf(Rule rule)
{
    const auto index = static_cast<size_t>(rule);
    EMC_CHECK(index < COUNT);
    return TABLE[index];
}

} // namespace

std::string_view Id(Rule rule)
{
    return RowOf(rule).id;
}

std::string_view Text(Rule rule)
{
    return RowOf(rule).text;
}

std::string_view Bip22(Rule rule)
{
    return RowOf(rule).bip22;
}

Stage StageOf(Rule rule)
{
    return RowOf(rule).stage;
}

Rule RuleById(std::string_view id)
{
    for (const Row& row : TABLE) {
        if (row.id == id) return row.rule;
    }
    return Ok;
}

std::string RejectReason(const RuleResult& result)
{
    std::string out(Bip22(result.rule));
    const std::string cause = result.detail.substr(0, result.detail.find(';'));
    if (result.rule == HeaderVersion) out += "(" + cause + ")";
    if (result.rule == ScriptFailed) out += " (" + cause + ")";
    return out;
}

std::string Describe(const RuleResult& result)
{
    std::string out(Bip22(result.rule));
    out.append(", ").append(Id(result.rule)).append(": ").append(Text(result.rule));
    if (!result.detail.empty()) out.append(" (").append(result.detail).append(")");
    return out;
}

Rule RuleOf(names::NameError error)
{
    return NAME_RULES[static_cast<size_t>(error)];
}

Rule RuleOf(reward::RewardError error)
{
    return static_cast<Rule>(static_cast<size_t>(Rule::RewardPayload) + static_cast<size_t>(error));
}

base::Unexpected<RuleResult> Broken(Rule rule, std::string detail)
{
    return base::Unexpected(RuleResult{rule, StageOf(rule), false, std::move(detail)});
}

base::Unexpected<RuleResult> BrokenCopy(Rule rule, std::string detail)
{
    return base::Unexpected(RuleResult{rule, StageOf(rule), true, std::move(detail)});
}

} // namespace emc::consensus
