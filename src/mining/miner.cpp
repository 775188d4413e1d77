#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "interfaces/net.h"
#include "mempool/pool.h"
#include "mining/block_maker.h"
#include "mining/miner_impl.h"

#include <algorithm>

namespace emc::mining {

namespace {

constexpr int64_t LOOK_MS = 1'000;
constexpr int64_t JOB_US = 10'000'000; ///< a new template at least so often, for its time
constexpr uint64_t TRIES = 1 << 16;    ///< between looks at the job, some 20 ms
constexpr int64_t RATE_US = 500'000;
constexpr double MICROS = 1e6;

} // namespace

Miner::Impl::Impl(size_t max_weight, const MiningDeps& deps)
    : m_max_weight(max_weight), m_deps(deps), m_builder(deps.chain, deps.pool, deps.clock)
{}

Miner::Impl::~Impl()
{
    const base::LockGuard lock(m_control);
    StopThreads();
}

void Miner::Impl::StopThreads()
{
    m_stop.store(true);
    m_deps.watch.Poke();
    m_threads.clear(); // joins
    m_job.Store(nullptr);
}

void Miner::Impl::Mine(int threads, const base::Bytes& script)
{
    if (threads < 0) threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const base::LockGuard lock(m_control);
    StopThreads();
    {
        const base::LockGuard info(m_mutex);
        m_info.running = threads > 0;
        m_info.threads = threads;
        m_info.hashes_per_sec = 0;
        m_info.problem.clear();
        m_counted = m_hashes.load();
        m_counted_us = base::SteadyMicros();
    }
    if (threads <= 0) return;
    m_stop.store(false);
    m_threads.emplace_back("miner", [this, script] { MakeJobs(script); });
    const uint64_t count = (uint64_t{1} << 32) / static_cast<uint64_t>(threads); // of nonces for each
    for (int i = 0; i < threads; ++i) {
        const auto first = static_cast<uint32_t>(count * static_cast<uint64_t>(i));
        m_threads.emplace_back("hash-" + std::to_string(i),
                               [this, first, count] { SearchNonces(first, count); });
    }
}

Miner::Info Miner::Impl::GetInfo() const
{
    const base::LockGuard lock(m_mutex);
    return m_info;
}

std::string Miner::Impl::WhyNot() const
{
    if (m_deps.chain.Stopped()) return "the node takes no blocks any longer, see debug.log";
    if (m_deps.net == nullptr) return "";
    if (m_deps.chain.GetTip().initial_download) return "the chain is still being loaded";
    const auto info = m_deps.net->Info();
    return info.connections_in + info.connections_out == 0 ? "not connected to any node" : "";
}

void Miner::Impl::CountHashes()
{
    const uint64_t hashes = m_hashes.load(std::memory_order_relaxed);
    const int64_t now_us = base::SteadyMicros();
    const base::LockGuard lock(m_mutex);
    const int64_t passed_us = now_us - m_counted_us;
    if (passed_us < RATE_US) return;
    m_info.hashes_per_sec = static_cast<double>(hashes - m_counted) * MICROS / static_cast<double>(passed_us);
    m_counted = hashes;
    m_counted_us = now_us;
}

void Miner::Impl::MakeJobs(const base::Bytes& script)
{
    uint64_t number = 0;
    int64_t made_us = 0;
    while (!m_stop.load() && !m_deps.watch.Stopped()) {
        const uint64_t seen = m_deps.watch.Count();
        CountHashes();
        std::string problem = WhyNot();
        const auto job = m_job.Load();
        const bool good = job && job->block->header.prev_hash == m_deps.chain.GetTip().hash &&
                          job->pool_sequence == m_deps.pool.Sequence() &&
                          base::SteadyMicros() - made_us < JOB_US;
        if (!problem.empty()) {
            m_job.Store(nullptr);
        } else if (!good) {
            TemplateOptions options;
            options.coinbase_script = script;
            options.max_weight = m_max_weight;
            auto built = m_builder.Build(options);
            made_us = base::SteadyMicros();
            if (built) {
                Job fresh{++number, built->height, nullptr, built->pool_sequence};
                fresh.block = std::make_shared<const primitives::Block>(std::move(built->block));
                m_job.Store(std::make_shared<const Job>(std::move(fresh)));
                m_deps.watch.Poke(); // those who search may have looked just before
            } else {
                problem = built.Error().message;
            }
        }
        {
            const base::LockGuard lock(m_mutex);
            m_info.problem = problem;
        }
        m_deps.watch.Wait(seen, LOOK_MS);
    }
    m_job.Store(nullptr);
}

void Miner::Impl::SearchNonces(uint32_t first, uint64_t count)
{
    uint64_t number = 0;
    primitives::BlockHeader header;
    uint64_t left = 0; // nonces of the range that were not tried
    while (!m_stop.load(std::memory_order_relaxed) && !m_deps.watch.Stopped()) {
        const uint64_t seen = m_deps.watch.Count();
        const auto job = m_job.Load();
        if (!job || (job->number == number && left == 0)) {
            m_deps.watch.Wait(seen, LOOK_MS);
            continue;
        }
        if (job->number != number) {
            number = job->number;
            header = job->block->header;
            header.nonce = first;
            left = count;
        }
        const uint32_t begin = header.nonce;
        const uint64_t tries = std::min(TRIES, left);
        const bool found = FindNonce(header, m_deps.chain.Params(), tries);
        const uint64_t tried = found ? header.nonce - begin + 1 : tries;
        m_hashes.fetch_add(tried, std::memory_order_relaxed);
        left -= tried;
        if (!found) continue;
        left = 0; // its block is made: wait for the next job
        Found(*job, header);
    }
}

void Miner::Impl::Found(const Job& job, const primitives::BlockHeader& header)
{
    auto block = *job.block;
    block.header = header;
    const std::string hash = base::ReversedHex(header.Hash());
    const auto verdict =
        m_deps.chain.AcceptBlock(std::make_shared<const primitives::Block>(std::move(block)));
    if (!verdict.Good()) {
        const std::string why = verdict.text.empty() ? consensus::Describe(verdict.rule) : verdict.text;
        EMC_LOG(m_deps.log, Warning, Mining, "mined block %s was not taken: %s", hash.c_str(), why.c_str());
        return;
    }
    EMC_LOG(m_deps.log, Info, Mining, "mined block %s at height %d", hash.c_str(), job.height);
    const base::LockGuard lock(m_mutex);
    ++m_info.blocks_found;
}

Miner::Miner(size_t max_weight, const MiningDeps& deps) : m_impl(std::make_unique<Impl>(max_weight, deps)) {}

Miner::~Miner() = default;

void Miner::Mine(int threads, const base::Bytes& script)
{
    m_impl->Mine(threads, script);
}

Miner::Info Miner::GetInfo() const
{
    return m_impl->GetInfo();
}

} // namespace emc::mining
