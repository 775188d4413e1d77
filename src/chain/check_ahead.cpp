#include "chain/check_ahead.h"

#include "base/mutex.h"
#include "base/thread.h"
#include "chain/state_cache.h"
#include "consensus/connect.h"
#include "consensus/stake_rules.h"

#include <atomic>
#include <deque>

namespace emc::chain {
namespace {

/// No further ahead of the writer: beyond it coins are often not there yet.
constexpr uint64_t MOST_AHEAD = 16;
/// A thread that has to wait for the writer goes on when it has so many blocks to do.
constexpr uint64_t WORTH_WAKING = MOST_AHEAD / 2;
/// Blocks with more inputs have enough for the threads of the pool.
constexpr size_t MOST_INPUTS = 16;

size_t InputsOf(const primitives::Block& block)
{
    size_t count = 0;
    for (const auto& tx : block.transactions)
        count += tx->Inputs().size();
    return count;
}

} // namespace

struct CheckAhead::Impl {
    explicit Impl(const Deps& d) : deps(d), thread("check-ahead", [this] { Work(); }) {}

    void Work();
    /// The next block that the writer will not come to at once; null: stop.
    [[nodiscard]] primitives::BlockRef Wait();
    void Check(const primitives::Block& block) const;
    [[nodiscard]] std::vector<primitives::Coin> CoinsOf(const primitives::Transaction& tx) const;
    [[nodiscard]] bool CheckSignature(const primitives::Block& block, const primitives::Coin& kernel) const;

    /// How many the thread may look at now. The one the writer has, and its next, are left to it.
    [[nodiscard]] size_t Ready() const EMC_REQUIRES(mutex)
    {
        if (waiting.empty()) return 0;
        const uint64_t end = std::min(queued, taken + MOST_AHEAD);
        const uint64_t first = queued - waiting.size();
        return first < end ? static_cast<size_t>(end - first) : 0;
    }

    /// Drops what the writer has come to.
    void Forget() EMC_REQUIRES(mutex)
    {
        while (!waiting.empty() && queued - waiting.size() <= taken)
            waiting.pop_front();
    }

    const Deps deps;
    std::atomic<bool> stop{false};

    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar wake;
    std::deque<primitives::BlockRef> waiting EMC_GUARDED_BY(mutex); ///< the last ones of those queued
    uint64_t queued EMC_GUARDED_BY(mutex) = 0;
    uint64_t taken EMC_GUARDED_BY(mutex) = 0;
    bool asleep EMC_GUARDED_BY(mutex) = false;
    base::Thread thread; // last: runs on the members above
};

CheckAhead::CheckAhead(const Deps& deps) : m_impl(std::make_unique<Impl>(deps)) {}

CheckAhead::~CheckAhead()
{
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->stop = true;
    }
    m_impl->wake.NotifyOne();
}

void CheckAhead::Queued(primitives::BlockRef block)
{
    bool wakes = false;
    {
        const base::LockGuard lock(m_impl->mutex);
        ++m_impl->queued;
        m_impl->waiting.push_back(std::move(block));
        m_impl->Forget();
        wakes = m_impl->asleep && m_impl->Ready() >= WORTH_WAKING;
    }
    if (wakes) m_impl->wake.NotifyOne();
}

void CheckAhead::Taken()
{
    bool wakes = false;
    {
        const base::LockGuard lock(m_impl->mutex);
        ++m_impl->taken;
        m_impl->Forget();
        wakes = m_impl->asleep && m_impl->Ready() >= WORTH_WAKING;
    }
    if (wakes) m_impl->wake.NotifyOne();
}

primitives::BlockRef CheckAhead::Impl::Wait()
{
    const base::LockGuard lock(mutex);
    while (!stop) {
        while (Ready() > 0) {
            auto block = std::move(waiting.front());
            waiting.pop_front();
            if (block != nullptr) return block;
        }
        asleep = true;
        wake.Wait(mutex);
        asleep = false;
    }
    return nullptr;
}

void CheckAhead::Impl::Work()
{
    while (const auto block = Wait()) {
        if (InputsOf(*block) <= MOST_INPUTS) Check(*block);
    }
}

std::vector<primitives::Coin> CheckAhead::Impl::CoinsOf(const primitives::Transaction& tx) const
{
    std::vector<primitives::Coin> out;
    for (const auto& input : tx.Inputs()) {
        auto coin = deps.state.Get(input.prevout);
        if (!coin) return {};
        out.push_back(std::move(*coin));
    }
    return out;
}

bool CheckAhead::Impl::CheckSignature(const primitives::Block& block, const primitives::Coin& kernel) const
{
    const auto key = consensus::SigningKey(kernel.out.script_pubkey, block.transactions[1]->Inputs()[0]);
    const auto& witness = block.transactions[0]->Inputs()[0].witness;
    return key && witness.size() == 2 &&
           consensus::CheckBlockSignature(block.header.Hash(), *key, witness[1], &deps.cache);
}

void CheckAhead::Impl::Check(const primitives::Block& block) const
{
    const auto flags = consensus::BlockScriptFlags(deps.params, deps.state.Tip()->height + 1);
    // Of blocks that are assumed to be valid only what proves the stake is looked at.
    const size_t end = deps.params.assumed_valid ? 2 : block.transactions.size();
    for (size_t i = 1; i < std::min(end, block.transactions.size()) && !stop; ++i) {
        const auto& tx = block.transactions[i];
        const auto spent = CoinsOf(*tx);
        if (spent.empty()) continue;
        if (i == 1 && block.header.IsProofOfStake() && !CheckSignature(block, spent[0])) return;
        for (const auto& check : consensus::ScriptChecksOf(tx, spent, flags, &deps.cache)) {
            if (!check.Run()) return;
        }
    }
}

} // namespace emc::chain
