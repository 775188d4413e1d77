// Acceptance of independent payments with one input each by the pool, one caller, signatures not seen before,
// beside the rate at which libsecp256k1 alone verifies on one thread. Processor time of the caller; median of
// some rounds. Then the time to choose a block among them. Usage: bench_mempool [payments a round] [rounds].
#include "base/log.h"
#include "bench/on_chain.h"
#include "bench/timing.h"
#include "mempool/pool.h"
#include "storage/memory_files.h"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace emc;
using test::Builder;
using test::Own;

constexpr size_t OUTPUTS_PER_FAN = 2'500;

/// Processor time of the calling thread.
double ThreadSeconds()
{
    return bench::CpuSeconds(CLOCK_THREAD_CPUTIME_ID);
}

class Run
{
public:
    /// A chain with at least `coins` coins that can be spent; false when a block is refused.
    bool Prepare(size_t coins)
    {
        chain::ChainOptions options;
        options.blocks_dir = "/n/blocks";
        options.state_dir = "/n/state";
        const auto fatal = [](const chain::FatalError& error) {
            std::fprintf(stderr, "%s\n", error.message.c_str());
        };
        auto opened = chain::Chain::Open(options, {m_params, m_clock, m_log, m_random, fatal, &m_files});
        if (!opened) return false;
        m_chain = std::move(*opened);
        const size_t fans = (coins + OUTPUTS_PER_FAN - 1) / OUTPUTS_PER_FAN;
        std::vector<Own> coinbases;
        for (size_t i = 0; i < fans + 2; ++i) {
            const auto block = bench::AddOnTip(*m_chain, m_builder, {});
            if (!block) return false;
            const auto& tx = block->transactions[0];
            coinbases.push_back({{tx->Txid(), 0}, tx->Outputs()[0]});
        }
        for (size_t i = 0; i < fans; ++i) {
            const auto fan = m_builder.Pay({coinbases[i]}, OUTPUTS_PER_FAN, 0);
            if (!bench::AddOnTip(*m_chain, m_builder, {fan})) return false;
            for (uint32_t o = 0; o < OUTPUTS_PER_FAN; ++o)
                m_coins.push_back({{fan->Txid(), o}, fan->Outputs()[o]});
        }
        mempool::PoolOptions pool_options;
        m_pool = std::make_unique<mempool::Mempool>(*m_chain, m_clock, m_log, pool_options);
        return true;
    }

    /// Payments accepted per second of processor time; 0 when one is refused.
    double Accept(size_t from, size_t count)
    {
        std::vector<primitives::TxRef> payments;
        for (size_t i = from; i < from + count; ++i)
            payments.push_back(m_builder.Pay({m_coins[i]}, 1, 1'000 + static_cast<int64_t>(i % 997)));
        const double began = ThreadSeconds();
        for (const auto& tx : payments) {
            if (const auto accepted = m_pool->Submit(tx, {}); !accepted) {
                std::fprintf(stderr, "refused: %s\n", accepted.Error().message.c_str());
                return 0;
            }
        }
        return static_cast<double>(count) / (ThreadSeconds() - began);
    }

    /// Milliseconds of processor time to choose a block.
    double ChooseMillis(size_t& chosen)
    {
        const double began = ThreadSeconds();
        chosen = m_pool->Select(4'000'000, 80'000).transactions.size();
        return (ThreadSeconds() - began) * 1e3;
    }

private:
    consensus::Params m_params = test::QuickRegtest();
    Builder m_builder{m_params};
    storage::MemoryFiles m_files;
    base::Clock m_clock;
    base::Logger m_log;
    crypto::SystemRandom m_random;
    std::unique_ptr<chain::Chain> m_chain;
    std::vector<Own> m_coins;
    std::unique_ptr<mempool::Mempool> m_pool;
};

/// Signatures per second of processor time on one thread.
double VerifyCeiling(size_t count)
{
    const bench::Signatures signatures;
    const double began = ThreadSeconds();
    const bool good = signatures.Verify(count);
    return good ? static_cast<double>(count) / (ThreadSeconds() - began) : 0;
}

} // namespace

int main(int argc, char* argv[])
{
    const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 10'000;
    const size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 5;
    Run run;
    if (!run.Prepare(count * rounds)) return 1;
    std::vector<double> shares;
    for (size_t round = 0; round < rounds; ++round) {
        const double ceiling = VerifyCeiling(count);
        const double rate = run.Accept(round * count, count);
        if (rate <= 0 || ceiling <= 0) return 1;
        const double share = 100 * rate / ceiling;
        shares.push_back(share);
        std::printf("accepted %8.0f payments/s   verify ceiling %8.0f /s   %5.1f %%   (%zu in the pool)\n",
                    rate, ceiling, share, (round + 1) * count);
        std::fflush(stdout);
    }
    size_t chosen = 0;
    const double millis = run.ChooseMillis(chosen);
    std::printf("median share of the ceiling %.1f %%; choosing %zu of %zu for a block: %.1f ms\n",
                bench::Median(shares), chosen, count * rounds, millis);
    return 0;
}
