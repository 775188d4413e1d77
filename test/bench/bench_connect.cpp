// Connecting blocks full of single-input payments, of name operations and of call rewards (an input and two
// signatures of a batch each): rebuilding the chain state from the block files with cold caches, beside the
// rate at which libsecp256k1 alone verifies the same number of signatures on the same threads, in turn; the
// median counts. Beside the share by the clock stands the share by CPU time, which other programs on the
// machine disturb less; it is what the first becomes when no thread waits. Usage: bench_connect [blocks]
// [transactions per block]; with "payments", "names" or "rewards" after them only one kind, and with "state"
// after that only the rebuilding without script checks, once, for a profiler.
#include "base/log.h"
#include "bench/on_chain.h"
#include "bench/timing.h"
#include "reward/claim.h"
#include "script/solver.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

namespace {

using namespace emc;
using bench::AddOnTip;
using bench::Median;
using bench::Signatures;
using bench::Stopwatch;
using bench::Times;
using test::Builder;
using test::Own;

constexpr size_t OUTPUTS_PER_FAN = 2'500;
constexpr int ROUNDS = 5;

struct Size {
    size_t blocks = 20;
    size_t transactions = 2'500; ///< in each
};

enum class Content { Payments, Names, Rewards };

const char* Label(Content content)
{
    if (content == Content::Rewards) return "rewards";
    return content == Content::Payments ? "payments" : "names";
}

/// Signatures that connecting one transaction verifies.
size_t SignaturesOf(Content content)
{
    return content == Content::Rewards ? 3 : 1;
}

constexpr uint64_t FIRST_CALLER = 18'009'350'000;
constexpr uint64_t FIRST_CALLEE = 442'079'460'000;
/// So many numbers on each side: a block holds one reward of a pair.
constexpr size_t NUMBERS = 50;
constexpr uint32_t PERIOD_SEC = 5;

class Run
{
public:
    Run(std::string folder, Content content, Size size)
        : m_folder(std::move(folder)), m_content(content), m_size(size)
    {}

    /// Writes the chain's block files.
    bool Prepare()
    {
        auto chain = Open(false);
        if (!chain) return false;
        // Coins first: enough coinbases, each fanned out.
        const size_t fans = (m_size.blocks * m_size.transactions + OUTPUTS_PER_FAN - 1) / OUTPUTS_PER_FAN;
        std::vector<Own> coinbases;
        for (size_t i = 0; i < fans + 2; ++i) {
            const auto block = AddOnTip(*chain, m_builder, {});
            if (!block) return false;
            const auto& tx = block->transactions[0];
            coinbases.push_back({{tx->Txid(), 0}, tx->Outputs()[0]});
        }
        std::vector<Own> coins;
        for (size_t i = 0; i < fans; ++i) {
            const auto fan = m_builder.Pay({coinbases[i]}, OUTPUTS_PER_FAN, 0);
            if (!AddOnTip(*chain, m_builder, {fan})) return false;
            for (uint32_t o = 0; o < OUTPUTS_PER_FAN; ++o)
                coins.push_back({{fan->Txid(), o}, fan->Outputs()[o]});
        }
        if (m_content == Content::Rewards && !RegisterNumbers(*chain, coinbases[fans])) return false;
        m_first_height = chain->GetTip().height + 1;
        for (size_t b = 0; b < m_size.blocks; ++b) {
            std::vector<primitives::TxRef> txs;
            for (size_t t = 0; t < m_size.transactions; ++t) {
                const Own& own = coins[b * m_size.transactions + t];
                if (m_content == Content::Rewards) {
                    txs.push_back(Reward(*chain, own, b, t));
                } else if (m_content == Content::Payments) {
                    txs.push_back(m_builder.Pay({own}, 1, 1'000));
                } else {
                    const auto name = "bench:" + std::to_string(b) + ":" + std::to_string(t);
                    txs.push_back(
                        m_builder.Names({own}, {m_builder.Op(names::OpKind::New, name, 30, "value")}, 1'000));
                }
            }
            if (!AddOnTip(*chain, m_builder, txs)) return false;
        }
        return true;
    }

    /// Rebuilds the state from the block files; all zero when that fails.
    Times Rebuild(bool check_scripts)
    {
        const Stopwatch watch;
        m_check_scripts = check_scripts;
        const auto chain = Open(true);
        const Times times = watch.Read();
        if (!chain || chain->GetTip().height < m_first_height) return {};
        return times;
    }

private:
    /// Both sides' numbers, old enough to claim; the callees' are the builder's.
    bool RegisterNumbers(chain::Chain& chain, const Own& coin)
    {
        Own from = coin;
        for (const bool caller : {true, false}) {
            std::vector<names::NameOp> ops;
            for (size_t i = 0; i < NUMBERS; ++i) {
                const uint64_t number = (caller ? FIRST_CALLER : FIRST_CALLEE) + i;
                ops.push_back(m_builder.Op(names::OpKind::New, "enum:" + std::to_string(number) + ":0", 365,
                                           "E2U+sip=100|10|!^(.*)$!sip:x@example.com!"));
                if (caller) ops.back().owner_script = m_caller_script;
            }
            const auto made = m_builder.Names({from}, ops, 0);
            if (!AddOnTip(chain, m_builder, {made})) return false;
            const auto change = static_cast<uint32_t>(made->Outputs().size() - 1);
            from = {{made->Txid(), change}, made->Outputs()[change]};
        }
        for (int i = 0; i < reward::NAME_AGE_BLOCKS; ++i) {
            if (!AddOnTip(chain, m_builder, {})) return false;
        }
        m_first_period = static_cast<uint32_t>(chain.GetTip().median_time) -
                         static_cast<uint32_t>(m_size.blocks) * PERIOD_SEC;
        return true;
    }

    /// A claim of one unit for one call; the periods of all blocks lie before the first of them.
    primitives::TxRef Reward(const chain::Chain& chain, const Own& own, size_t block, size_t place) const
    {
        reward::CallBatch batch;
        batch.pair = {{FIRST_CALLER + place / NUMBERS % NUMBERS, 0}, {FIRST_CALLEE + place % NUMBERS, 0}};
        batch.period_start = m_first_period + static_cast<uint32_t>(block) * PERIOD_SEC;
        batch.period_end = batch.period_start + PERIOD_SEC;
        batch.calls = batch.minutes = 1;
        batch.claim = 1;
        const auto digest = reward::BatchDigest(chain.Params().genesis_hash, batch);
        batch.caller_signature = m_caller.SignCompact(digest);
        batch.callee_signature = m_builder.Key().SignCompact(digest);
        primitives::MutableTransaction tx;
        tx.version = primitives::REWARD_TX_VERSION;
        tx.inputs.push_back({own.outpoint, {}, primitives::SEQUENCE_FINAL, {}});
        tx.outputs.push_back({own.out.value, reward::WriteRewardScript(batch, m_builder.Script())});
        tx.outputs.push_back({0, m_caller_script});
        return m_builder.Sign(std::move(tx), {own});
    }

    std::unique_ptr<chain::Chain> Open(bool rebuild)
    {
        chain::ChainOptions options;
        options.blocks_dir = m_folder + "/blocks";
        options.state_dir = m_folder + "/chainstate";
        options.reindex_state = rebuild;
        options.check_scripts = rebuild && m_check_scripts;
        const auto fatal = [](const chain::FatalError& error) {
            std::fprintf(stderr, "%s\n", error.message.c_str());
        };
        auto opened = chain::Chain::Open(options, {m_params, m_clock, m_log, m_random, fatal, nullptr});
        if (opened) return std::move(*opened);
        std::fprintf(stderr, "%s\n", opened.Error().message.c_str());
        return nullptr;
    }

    const std::string m_folder;
    const Content m_content;
    const Size m_size;
    consensus::Params m_params = test::QuickRegtest();
    Builder m_builder{m_params};
    const crypto::PrivateKey m_caller = *crypto::PrivateKey::From(base::Bytes(32, 5));
    const base::Bytes m_caller_script = script::PayToWitnessKeyHash(m_caller.Public().Id());
    uint32_t m_first_period = 0;
    base::Clock m_clock;
    base::Logger m_log;
    crypto::SystemRandom m_random;
    int32_t m_first_height = 0;
    bool m_check_scripts = true;
};

/// All threads together verify `count` signatures.
Times VerifyCeiling(unsigned threads, size_t count)
{
    const Signatures signatures;
    const Stopwatch watch;
    std::atomic<size_t> bad{0};
    std::vector<std::thread> running;
    for (unsigned t = 0; t < threads; ++t) {
        running.emplace_back([&] {
            if (!signatures.Verify(count / threads)) ++bad;
        });
    }
    for (auto& thread : running)
        thread.join();
    return bad == 0 ? watch.Read() : Times{};
}

/// `total`: transactions; `signatures` in each.
bool Measure(Run& run, const char* label, size_t total, size_t signatures)
{
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<double> shares;
    std::vector<double> cpu_shares;
    for (int round = 0; round < ROUNDS; ++round) {
        const Times ceiling = VerifyCeiling(threads, total * signatures);
        const Times with = run.Rebuild(true);
        const Times without = run.Rebuild(false);
        if (ceiling.wall_sec <= 0 || with.wall_sec <= 0 || without.wall_sec <= 0) return false;
        const auto inputs = static_cast<double>(total * signatures);
        shares.push_back(100 * ceiling.wall_sec / with.wall_sec);
        cpu_shares.push_back(100 * ceiling.cpu_sec / with.cpu_sec);
        std::printf(
            "%-9s %8.0f signatures/s   verify ceiling %8.0f /s   %5.1f %%   CPU %5.1f %%   (%.2f s, CPU %.2f "
            "s; without script checks %.2f s, CPU %.2f s)\n",
            label, inputs / with.wall_sec, inputs / ceiling.wall_sec, shares.back(), cpu_shares.back(),
            with.wall_sec, with.cpu_sec, without.wall_sec, without.cpu_sec);
        std::fflush(stdout);
    }
    std::printf("%-9s median share of the ceiling %.1f %%, by CPU time %.1f %%\n", label, Median(shares),
                Median(cpu_shares));
    return true;
}

} // namespace

int main(int argc, char* argv[])
{
    Size size;
    if (argc > 1) size.blocks = std::strtoul(argv[1], nullptr, 10);
    if (argc > 2) size.transactions = std::strtoul(argv[2], nullptr, 10);
    const std::string_view only = argc > 3 ? argv[3] : "";
    const bool state_only = argc > 4 && std::string_view(argv[4]) == "state";
    const auto folder =
        std::filesystem::temp_directory_path() / ("emc_bench_" + std::to_string(base::SteadyMicros()));
    int status = 0;
    std::printf("%zu blocks of %zu transactions with one input, %u threads\n", size.blocks, size.transactions,
                std::max(1U, std::thread::hardware_concurrency()));
    for (const auto content : {Content::Payments, Content::Names, Content::Rewards}) {
        const char* label = Label(content);
        if (!only.empty() && only != label) continue;
        Run run((folder / label).string(), content, size);
        bool good = run.Prepare();
        if (good && state_only) {
            const Times times = run.Rebuild(false);
            good = times.wall_sec > 0;
            std::printf("%s without script checks %.2f s, CPU %.2f s\n", label, times.wall_sec,
                        times.cpu_sec);
        } else if (good) {
            good = Measure(run, label, size.blocks * size.transactions, SignaturesOf(content));
        }
        if (!good) {
            status = 1;
            break;
        }
    }
    std::filesystem::remove_all(folder);
    return status;
}
