#include "mining/work_desk.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/auxpow.h"
#include "mempool/pool.h"

#include <algorithm>
#include <charconv>

namespace emc::mining {

namespace {

using base::Hash256;
using interfaces::Work;

/// Left to the miner's coinbase beside the one of the template: further outputs, an extra nonce.
constexpr size_t COINBASE_WEIGHT = 4'000;
constexpr int64_t COINBASE_SIGOP_COST = 400;
/// A template may cost one part in so many of the time it is used for.
constexpr int64_t SHARE_OF_TIME = 20;
constexpr int64_t POOL_NEWS_US = 60'000'000;
constexpr int64_t WAIT_MS = 1'000;
constexpr size_t MAX_AUX = 128;
constexpr size_t MAX_AUX_OF_SCRIPT = 8;
constexpr size_t HASH_DIGITS = 64;
/// The smallest usable version; the bits above are the chain's number.
constexpr int32_t AUX_VERSION =
    static_cast<int32_t>(consensus::AUXPOW_CHAIN_ID << 16) | primitives::VERSION_AUXPOW | 4;

/// What an id stands for.
struct Moment {
    std::string tip;
    uint64_t pool_sequence = 0;
};

std::string IdOf(const Hash256& tip, uint64_t pool_sequence)
{
    return base::ReversedHex(tip) + std::to_string(pool_sequence);
}

std::optional<Moment> MomentOf(const std::string& id)
{
    if (id.size() <= HASH_DIGITS || !base::HashFromReversedHex(id.substr(0, HASH_DIGITS)))
        return std::nullopt;
    Moment out;
    out.tip = id.substr(0, HASH_DIGITS);
    const char* end = id.data() + id.size();
    const auto [stop, error] = std::from_chars(id.data() + HASH_DIGITS, end, out.pool_sequence);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return out;
}

base::Bytes AnyoneCanSpend()
{
    return {script::OP_1};
}

} // namespace

WorkDesk::WorkDesk(chain::Chain& chain, mempool::Mempool& pool, const base::Clock& clock, TipWatch& watch,
                   const Options& options)
    : m_chain(chain), m_pool(pool), m_watch(watch), m_options(options), m_builder(chain, pool, clock)
{}

bool WorkDesk::Current(const Made& made) const
{
    if (m_chain.GetTip().hash != made.work.block->header.prev_hash) return false;
    if (m_pool.Sequence() == made.pool_sequence) return true;
    return base::SteadyMicros() - made.made_us < SHARE_OF_TIME * made.took_us;
}

base::Expected<WorkDesk::Made, interfaces::Failure> WorkDesk::Make(const TemplateOptions& options) const
{
    Made out;
    out.made_us = base::SteadyMicros();
    auto built = m_builder.Build(options);
    if (!built) return base::Unexpected(built.Error());
    out.took_us = base::SteadyMicros() - out.made_us;
    out.pool_sequence = built->pool_sequence;
    Work& work = out.work;
    work.height = built->height;
    work.min_time = built->min_time;
    work.reward = built->block.transactions.front()->Outputs().front().value;
    work.tx_fees = std::move(built->tx_fees);
    work.tx_sigop_cost = std::move(built->tx_sigop_cost);
    work.id = IdOf(built->block.header.prev_hash, out.pool_sequence);
    work.block = std::make_shared<const primitives::Block>(std::move(built->block));
    return out;
}

base::Expected<Work, interfaces::Failure> WorkDesk::GetWork()
{
    std::optional<Made> latest;
    {
        const base::LockGuard lock(m_mutex);
        latest = m_latest;
    }
    if (latest && Current(*latest)) return latest->work;
    TemplateOptions options;
    options.coinbase_script = AnyoneCanSpend();
    options.max_weight = std::min(m_options.max_weight, consensus::MAX_BLOCK_WEIGHT - COINBASE_WEIGHT);
    options.coinbase_sigop_cost = COINBASE_SIGOP_COST;
    auto made = Make(options);
    if (!made) return base::Unexpected(made.Error());
    const base::LockGuard lock(m_mutex);
    m_latest = *made;
    return std::move(made->work);
}

void WorkDesk::WaitForOther(const std::string& id)
{
    const auto moment = MomentOf(id);
    if (!moment) return;
    {
        const base::LockGuard lock(m_mutex);
        if (m_waiting >= m_options.max_waiting) return;
        ++m_waiting;
    }
    const int64_t begin_us = base::SteadyMicros();
    while (!m_watch.Stopped()) {
        const uint64_t seen = m_watch.Count();
        if (base::ReversedHex(m_chain.GetTip().hash) != moment->tip) break;
        const bool patient = base::SteadyMicros() - begin_us < POOL_NEWS_US;
        if (!patient && m_pool.Sequence() != moment->pool_sequence) break;
        m_watch.Wait(seen, WAIT_MS);
    }
    const base::LockGuard lock(m_mutex);
    --m_waiting;
}

std::optional<std::string> WorkDesk::Propose(const primitives::BlockRef& block)
{
    if (const auto known = m_chain.Find(block->header.Hash())) {
        if (known->invalid) return "duplicate-invalid";
        return known->stored ? "duplicate" : "duplicate-inconclusive";
    }
    const auto verdict = m_chain.TestBlock(block);
    if (verdict.Good()) return std::nullopt;
    if (verdict.outcome == chain::Outcome::Failed) return verdict.text;
    if (m_chain.GetTip().hash != block->header.prev_hash) return "inconclusive-not-best-prevblk";
    return consensus::RejectReason(verdict.rule);
}

interfaces::WorkSource::Targets WorkDesk::NextTargets() const
{
    const auto next = m_chain.Next();
    return {next.pow_bits, next.pos_bits};
}

std::optional<WorkDesk::Size> WorkDesk::LastSize() const
{
    primitives::BlockRef block;
    {
        const base::LockGuard lock(m_mutex);
        if (m_latest) block = m_latest->work.block;
    }
    if (!block) return std::nullopt;
    return Size{block->transactions.size() - 1, primitives::BlockWeight(*block)};
}

void WorkDesk::DropStale(const Hash256& tip)
{
    std::erase_if(m_aux, [&tip](const Aux& aux) { return aux.made.work.block->header.prev_hash != tip; });
}

namespace {

interfaces::WorkSource::AuxWork Describe(const Work& work, const Hash256& hash)
{
    const auto& header = work.block->header;
    return {hash, header.prev_hash, work.height, header.bits, work.reward};
}

} // namespace

base::Expected<interfaces::WorkSource::AuxWork, interfaces::Failure>
WorkDesk::GetAuxWork(const base::Bytes& script)
{
    std::optional<Aux> latest;
    {
        const base::LockGuard lock(m_mutex);
        DropStale(m_chain.GetTip().hash);
        const auto newest = std::find_if(m_aux.rbegin(), m_aux.rend(),
                                         [&script](const Aux& aux) { return aux.script == script; });
        if (newest != m_aux.rend()) latest = *newest;
    }
    if (latest && Current(latest->made)) return Describe(latest->made.work, latest->hash);
    TemplateOptions options;
    options.coinbase_script = script;
    options.max_weight =
        std::min(m_options.max_weight, consensus::MAX_BLOCK_WEIGHT - 4 * primitives::MAX_AUXPOW_BYTES);
    auto made = Make(options);
    if (!made) return base::Unexpected(made.Error());
    auto block = *made->work.block;
    block.header.version = AUX_VERSION;
    const Hash256 hash = block.header.Hash();
    made->work.block = std::make_shared<const primitives::Block>(std::move(block));
    const auto out = Describe(made->work, hash);
    const base::LockGuard lock(m_mutex);
    DropStale(out.previous);
    const auto same = [&script](const Aux& aux) { return aux.script == script; };
    if (std::count_if(m_aux.begin(), m_aux.end(), same) >= static_cast<std::ptrdiff_t>(MAX_AUX_OF_SCRIPT))
        m_aux.erase(std::find_if(m_aux.begin(), m_aux.end(), same));
    if (m_aux.size() >= MAX_AUX) m_aux.pop_front();
    m_aux.push_back({std::move(*made), script, hash});
    return out;
}

primitives::BlockRef WorkDesk::FindAux(const Hash256& hash) const
{
    const base::LockGuard lock(m_mutex);
    const auto found =
        std::find_if(m_aux.begin(), m_aux.end(), [&hash](const Aux& aux) { return aux.hash == hash; });
    return found == m_aux.end() ? nullptr : found->made.work.block;
}

} // namespace emc::mining
