/// Batches of own calls, from records to the reward, for RPC and GUI (doc/call-reward.md).
#pragma once

#include "interfaces/call_automatic.h"
#include "interfaces/types.h"
#include "reward/batch_file.h"

namespace emc::interfaces {

class WalletApi;

/// How far a batch has come. What the chain says is looked up whenever it is asked for, so a reorganisation
/// takes back what it took from the chain.
enum class BatchState : uint8_t {
    Open,      ///< not signed by this side
    Waiting,   ///< signed by this side, or handed over: the other side is to sign
    Signed,    ///< by both sides; may be claimed
    Claimed,   ///< the reward transaction waits for a block
    Confirmed, ///< it stands in a block
    Refused,   ///< will not be rewarded; BatchInfo::reason
};
/// In the order of BatchState.
inline constexpr std::array<std::string_view, 6> BATCH_STATE_NAMES = {"open",    "waiting",   "signed",
                                                                      "claimed", "confirmed", "refused"};

struct BatchInfo {
    Hash256 id; ///< what both owners sign; the same on both sides
    reward::CallBatch batch;
    BatchState state = BatchState::Open;
    std::string reason; ///< of a refusal
    bool caller_signed = false;
    bool callee_signed = false;
    bool made_here = false;
    std::optional<Hash256> txid;                   ///< of the reward transaction
    std::optional<Hash256> block;                  ///< it stands in, of the best chain
    int32_t height = -1;                           ///< of that block
    std::optional<reward::BatchParty> waiting_for; ///< the other side, when its signature is the next
    int64_t waiting_since = 0;                     ///< unix seconds, with waiting_for
    std::string problem; ///< when that lasts a day: who, since when, and what can be done
    int64_t created = 0; ///< unix seconds, here
    int64_t changed = 0;
    std::vector<reward::DisputedCall> left_out; ///< calls one side left out
};

/// What goes into a new batch.
struct BatchRequest {
    std::string caller; ///< number in any form, with ":slot" behind it or without
    std::string callee;
    std::optional<uint32_t> from; ///< unix seconds; else the end of the last batch of the two numbers
    std::optional<uint32_t> to;   ///< else the tip's median time
};

/// A call of a batch that does not agree with the own records.
struct CallFinding {
    reward::CallRecord theirs;
    std::optional<reward::CallRecord> own; ///< the nearest one; none when it is not known
    reward::CallDispute dispute = reward::CallDispute::Unknown;
};

struct BatchCheck {
    BatchInfo info;
    uint64_t agreed = 0;                      ///< calls
    std::vector<CallFinding> disputed;        ///< in the order of the batch
    std::vector<reward::CallRecord> withheld; ///< own calls of the period that are not in the batch
    std::vector<std::string> obstacles;       ///< why it would not be signed even so; sentences
};

struct ClaimOptions {
    bool preview = false;              ///< sends nothing
    std::optional<Amount> amount;      ///< units; else as much as minutes and coin age allow
    std::optional<Amount> fee_per_kvb; ///< units per 1000 virtual bytes
};

/// A claim, sent or only looked at. Units.
struct ClaimPlan {
    BatchInfo info;
    Amount claim = 0;
    Amount minute_bound = 0; ///< what the minutes allow
    Amount age_bound = 0;    ///< what all coins of the callee's owner allow
    Amount bond = 0;         ///< value of the coins whose age pays
    uint32_t coins = 0;      ///< of the bond
    Amount to_caller = 0;    ///< the other side's share
    Amount to_callee = 0;    ///< the own share, without the fee
    Amount fee = 0;
    Amount staking_forgone = 0; ///< what staking the age that is used would have brought
    primitives::TxRef tx;
};

/// A call of a batch on the chain, and the proof of it (reward/proof_file.h).
struct ProvenCall {
    BatchInfo info;
    reward::CallRecord record;
    Bytes proof;
};

struct BatchFilter {
    std::optional<BatchState> state;
    uint64_t number = 0; ///< caller or callee; 0: any
    size_t skip = 0;
    size_t count = SIZE_MAX;
};

/// Any thread. Failures: −1 the store, −4 the wallet, −8 what was asked, −26 the rules of the chain.
class CallBatches
{
public:
    virtual ~CallBatches() = default;

    template <typename T>
    using Result = base::Expected<T, Failure>;

    /// Makes a batch of the records of a period and keeps it. One of the two numbers must be the wallet's. It
    /// is not signed: a side that signs first cannot change its mind about the period.
    [[nodiscard]] virtual Result<BatchInfo> Create(const BatchRequest& request, const WalletApi& wallet) = 0;
    /// Takes in a batch the other side handed over, or its signature of a known one.
    [[nodiscard]] virtual Result<BatchInfo> Receive(ByteSpan file) = 0;
    /// Compares with the own records.
    [[nodiscard]] virtual Result<BatchCheck> Check(const Hash256& id) = 0;

    enum class Disputed : uint8_t { Refuse, LeaveOut };

    /// Signs for the wallet's numbers. With LeaveOut a batch without the disputed calls takes the place of
    /// this one, unless somebody has signed it. −8: calls are disputed, the period overlaps a signed one, or
    /// a number lacks a trusted verifier's signature.
    [[nodiscard]] virtual Result<BatchInfo> Sign(const Hash256& id, WalletApi& wallet, Disputed disputed) = 0;
    /// Claims for the callee's owner: takes the coins with the least age that covers the claim.
    [[nodiscard]] virtual Result<ClaimPlan> Claim(const Hash256& id, const ClaimOptions& options,
                                                  WalletApi& wallet) = 0;
    /// Gives up a batch this side has not signed; the reason is kept. −8 once it is signed.
    [[nodiscard]] virtual Result<BatchInfo> Refuse(const Hash256& id, const std::string& reason) = 0;
    /// Newest first.
    [[nodiscard]] virtual Result<std::vector<BatchInfo>> List(const BatchFilter& filter) = 0;
    [[nodiscard]] virtual Result<BatchInfo> Find(const Hash256& id) = 0;
    /// The batch with its records and the signatures so far, to be handed over (reward/batch_file.h).
    [[nodiscard]] virtual Result<Bytes> File(const Hash256& id) = 0;
    /// Hands a batch to the other side by a sealed letter over the network. −8 when its owner has not been
    /// heard from, or the batch is too large for one (some 2,000 calls); −4 when no loaded wallet owns the
    /// number it is from; −9 without peers; −1 when the node has neither wallets nor network.
    [[nodiscard]] virtual Result<BatchInfo> Send(const Hash256& id) = 0;
    /// What the node does without being asked; nullopt: nothing, since it has no wallets.
    [[nodiscard]] virtual std::optional<AutomaticMode> Automatic() const = 0;
    /// Counts from now on, and after a restart for as long as -callreward and its relatives say what they say
    /// now. −8 says what is out of range; −4 when the node has no wallets.
    [[nodiscard]] virtual Result<void> SetAutomatic(const AutomaticMode& mode) = 0;
    /// Proofs of the calls with this Call-ID, of one batch or of all that stand in a block. −8 when there are
    /// none. They are checked with reward::CheckProof.
    [[nodiscard]] virtual Result<std::vector<ProvenCall>> Prove(const std::string& call_id,
                                                                const std::optional<Hash256>& batch) = 0;
};

} // namespace emc::interfaces
