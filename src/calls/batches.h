/// Batches from the own records to the reward: made, compared, signed, claimed, found on the chain.
#pragma once

#include "calls/batch_check.h"
#include "calls/batch_store.h"
#include "calls/call_store.h"
#include "calls/numbering.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::interfaces {
class ChainReader;
class DnsControl;
class NameReader;
class PoolReader;
} // namespace emc::interfaces

namespace emc::calls {

class AutomaticSettings;
class Letters;

using base::Bytes;
using base::ByteSpan;

/// What batches need of the other rooms. All outlive them.
struct BatchDeps {
    const interfaces::ChainReader& chain;
    const interfaces::NameReader& names;
    const interfaces::PoolReader& pool;
    const interfaces::DnsControl& numbers; ///< tells which verifiers are trusted
    const base::Clock& clock;
    base::Logger& log;
};

/// See CallBatches. What it keeps lies in the store; it has no state of its own.
class Batches final : public interfaces::CallBatches
{
public:
    /// The stores must outlive it.
    Batches(CallStore& calls, BatchStore& store, NumberingPlan plan, const BatchDeps& deps);

    [[nodiscard]] Result<interfaces::BatchInfo> Create(const interfaces::BatchRequest& request,
                                                       const interfaces::WalletApi& wallet) override;
    [[nodiscard]] Result<interfaces::BatchInfo> Receive(ByteSpan file) override;
    [[nodiscard]] Result<interfaces::BatchCheck> Check(const Hash256& id) override;
    [[nodiscard]] Result<interfaces::BatchInfo> Sign(const Hash256& id, interfaces::WalletApi& wallet,
                                                     Disputed disputed) override;
    [[nodiscard]] Result<interfaces::ClaimPlan>
    Claim(const Hash256& id, const interfaces::ClaimOptions& options, interfaces::WalletApi& wallet) override;
    [[nodiscard]] Result<interfaces::BatchInfo> Refuse(const Hash256& id, const std::string& reason) override;
    [[nodiscard]] Result<std::vector<interfaces::BatchInfo>>
    List(const interfaces::BatchFilter& filter) override;
    [[nodiscard]] Result<interfaces::BatchInfo> Find(const Hash256& id) override;
    [[nodiscard]] Result<Bytes> File(const Hash256& id) override;
    [[nodiscard]] Result<std::vector<interfaces::ProvenCall>>
    Prove(const std::string& call_id, const std::optional<Hash256>& batch) override;

    [[nodiscard]] Result<interfaces::BatchInfo> Send(const Hash256& id) override;

    /// Is there an own record of the batch's numbers and period?
    [[nodiscard]] Result<bool> KnowsCalls(const reward::CallBatch& batch) const;

    /// What Send uses; null: nothing can be sent. They must outlive this object, or be taken away. Not while
    /// others use it.
    void SetLetters(Letters* letters) { m_letters = letters; }

    [[nodiscard]] std::optional<interfaces::AutomaticMode> Automatic() const override;
    [[nodiscard]] Result<void> SetAutomatic(const interfaces::AutomaticMode& mode) override;

    /// What SetAutomatic sets; null: nothing. They must outlive this object. Not while others use it.
    void SetSettings(AutomaticSettings* settings) { m_settings = settings; }

    /// Looks for rewards of batches in the blocks that came since the last time. Called by everything above.
    [[nodiscard]] Result<void> Follow();

private:
    /// The owners of the two numbers as of now; empty scripts for records that are not live.
    struct Owners {
        Bytes caller;
        Bytes callee;
    };

    struct Draft;

    // batches.cpp
    [[nodiscard]] Result<reward::BatchParty> PartyOf(const std::string& text,
                                                     const interfaces::WalletApi& wallet) const;
    [[nodiscard]] Result<void> SetPeriod(const interfaces::BatchRequest& request,
                                         reward::CallBatch& batch) const;
    [[nodiscard]] Owners OwnersOf(const reward::CallBatch& batch) const;
    [[nodiscard]] Result<BatchRow> RowOf(const Hash256& id) const;
    [[nodiscard]] Result<reward::BatchFile> FileOf(const Hash256& id) const;
    [[nodiscard]] Result<interfaces::BatchInfo> Keep(const reward::BatchFile& file, bool made_here);
    /// Own calls of a batch's numbers that ended in its period, or `slack_ms` before or after it.
    [[nodiscard]] Result<std::vector<reward::CallRecord>> OwnCalls(const reward::CallBatch& batch,
                                                                   uint64_t slack_ms) const;
    /// Calls of other batches that were signed for a period beside this one's.
    [[nodiscard]] Result<std::vector<CountedCall>> CountedBeside(const Hash256& id,
                                                                 const reward::CallBatch& batch) const;
    [[nodiscard]] Result<Comparison> Compare(const Hash256& id, const reward::BatchFile& file) const;
    /// Why a batch must not be signed whatever its records; empty: nothing.
    [[nodiscard]] Result<std::vector<std::string>> Obstacles(const Hash256& id, const BatchRow& row) const;
    [[nodiscard]] std::string WithoutTrust(const reward::BatchParty& party) const;
    [[nodiscard]] Result<Hash256> LeaveOut(const Hash256& id, const reward::BatchFile& file,
                                           const Comparison& compared);
    [[nodiscard]] Result<interfaces::BatchInfo> SignFor(const Hash256& id, const BatchRow& row,
                                                        interfaces::WalletApi& wallet);

    // batches_follow.cpp
    [[nodiscard]] Result<interfaces::BatchInfo> Describe(const Hash256& id, const BatchRow& row) const;
    [[nodiscard]] Result<void> SetState(const BatchRow& row, interfaces::BatchInfo& info) const;
    [[nodiscard]] Result<void> SetWaiting(const BatchRow& row, interfaces::BatchInfo& info) const;
    [[nodiscard]] Result<std::string> InTheWay(const Hash256& id, const BatchRow& row) const;
    /// Makes sure that blocks are searched in which a reward of this batch may stand.
    [[nodiscard]] Result<void> SearchSince(uint32_t period_end);

    // batches_claim.cpp
    [[nodiscard]] Result<Draft> DraftClaim(const BatchRow& row, const interfaces::ClaimOptions& options,
                                           interfaces::WalletApi& wallet) const;
    [[nodiscard]] Result<interfaces::ClaimPlan> BuildClaim(const Draft& draft,
                                                           interfaces::WalletApi& wallet) const;

    CallStore& m_calls;
    BatchStore& m_store;
    const NumberingPlan m_plan;
    const BatchDeps m_deps;
    Letters* m_letters = nullptr;
    AutomaticSettings* m_settings = nullptr;
};

inline constexpr int CODE_STORE = -1;
inline constexpr int CODE_WALLET = -4;
inline constexpr int CODE_PARAMETER = -8;

[[nodiscard]] base::Unexpected<interfaces::Failure> Wrong(std::string message);
[[nodiscard]] base::Unexpected<interfaces::Failure> Failed(const storage::StorageFailure& failure);

} // namespace emc::calls
