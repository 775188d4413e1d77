#include "chain/block_index.h"
#include "chain/readers.h"
#include "storage/kv_store.h"

namespace emc::chain {
namespace {

constexpr int RPC_MISC_ERROR = -1;
constexpr int RPC_NOT_FOUND = -5;
constexpr int RPC_DATABASE_ERROR = -20;

base::Expected<void, interfaces::Failure> ToResult(const std::optional<std::string>& problem, int code)
{
    if (!problem) return {};
    return base::Unexpected(interfaces::Failure{code, *problem});
}

} // namespace

std::optional<std::string> Control::SubmitBlock(const primitives::BlockRef& block)
{
    const auto prechecked = m_engine.Precheck(*block);
    BlockVerdict verdict;
    m_engine.Run([&] { verdict = m_engine.AcceptBlock(block, prechecked); });
    switch (verdict.outcome) {
    case Outcome::Accepted:
        if (verdict.in_best_chain) return std::nullopt;
        return "inconclusive";
    case Outcome::Held:
        return "inconclusive";
    case Outcome::Known:
        return "duplicate";
    case Outcome::Failed:
        return verdict.text;
    case Outcome::Invalid:
        if (verdict.rule.rule == consensus::Rule::HeaderKnownInvalid) return "duplicate-invalid";
        break;
    case Outcome::Mutated:
    case Outcome::Waiting:
        break;
    }
    return std::string(consensus::Bip22(verdict.rule.rule));
}

std::optional<std::string> Control::SubmitHeader(const primitives::BlockHeader& header)
{
    BlockVerdict verdict;
    m_engine.Run([&] { verdict = m_engine.AcceptHeader(header); });
    if (verdict.Good()) return std::nullopt;
    if (verdict.outcome == Outcome::Failed) return verdict.text;
    return std::string(consensus::Bip22(verdict.rule.rule));
}

base::Expected<void, interfaces::Failure> Control::InvalidateBlock(const base::Hash256& hash)
{
    std::optional<std::string> problem;
    m_engine.Run([&] { problem = m_engine.Invalidate(hash); });
    return ToResult(problem, m_engine.Stopped() ? RPC_DATABASE_ERROR : RPC_NOT_FOUND);
}

base::Expected<void, interfaces::Failure> Control::ReconsiderBlock(const base::Hash256& hash)
{
    std::optional<std::string> problem;
    m_engine.Run([&] { problem = m_engine.Reconsider(hash); });
    return ToResult(problem, m_engine.Stopped() ? RPC_DATABASE_ERROR : RPC_NOT_FOUND);
}

base::Expected<void, interfaces::Failure> Control::PreferBlock(const base::Hash256& hash)
{
    std::optional<std::string> problem;
    m_engine.Run([&] { problem = m_engine.Prefer(hash); });
    return ToResult(problem, m_engine.Stopped() ? RPC_DATABASE_ERROR : RPC_NOT_FOUND);
}

void Control::FlushToDisk()
{
    m_engine.Run([&] { (void)m_engine.Flush(StateCache::Keep::Clean); });
}

Control::Pruning Control::GetPruning() const
{
    const auto& options = m_engine.Options();
    return {options.prune, options.prune_target_bytes, m_engine.PruneHeight()};
}

base::Expected<int32_t, interfaces::Failure> Control::Prune(int32_t height)
{
    base::Expected<int32_t, std::string> done = base::Unexpected(std::string());
    m_engine.Run([&] { done = m_engine.PruneTo(height); });
    if (done) return *done;
    return base::Unexpected(
        interfaces::Failure{m_engine.Stopped() ? RPC_DATABASE_ERROR : RPC_MISC_ERROR, done.Error()});
}

std::optional<int32_t> Control::HeightSince(int64_t time) const
{
    const auto& index = m_engine.Index();
    for (int32_t height = 0;; ++height) {
        const BlockEntry* entry = index.AtHeight(height);
        if (entry == nullptr) return std::nullopt;
        if (entry->header.time >= time) return height;
    }
}

/// Lets the others wait: each verification may take as much memory as the cache.
class Control::VerifyTurn
{
public:
    explicit VerifyTurn(Control& control) : m_control(control)
    {
        const base::LockGuard lock(m_control.m_verify_mutex);
        while (m_control.m_verifying)
            m_control.m_verify_wake.Wait(m_control.m_verify_mutex);
        m_control.m_verifying = true;
    }

    ~VerifyTurn()
    {
        {
            const base::LockGuard lock(m_control.m_verify_mutex);
            m_control.m_verifying = false;
        }
        m_control.m_verify_wake.NotifyOne();
    }

    VerifyTurn(const VerifyTurn&) = delete;
    VerifyTurn& operator=(const VerifyTurn&) = delete;

private:
    Control& m_control;
};

base::Expected<void, interfaces::Failure> Control::Verify(int level, int32_t blocks)
{
    const VerifyTurn turn(*this);
    auto problem = m_engine.VerifyBlocks(level, blocks);
    if (!problem && level >= 4) problem = VerifyNameTotals();
    return ToResult(problem, RPC_DATABASE_ERROR);
}

std::optional<std::string> Control::VerifyNameTotals() const
{
    const auto committed = m_engine.CommittedAtTip();
    const auto& store = *committed->store;
    const auto walked = AddUpNames(store, committed->snapshot.get(), committed->tip.height,
                                   [this] { return m_engine.StopAsked(); });
    if (!walked) return storage::Describe(walked.Error());
    if (walked->Equals(committed->names)) return std::nullopt;
    return store.Directory() + ": the stored name-state hash " +
           base::ReversedHex(committed->names.hash.Finish()) + " is not that of the names in the store, " +
           base::ReversedHex(walked->hash.Finish()) + "; start with -reindex-chainstate";
}

} // namespace emc::chain
