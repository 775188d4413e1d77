// Replaying a chain of small proof-of-stake blocks: rebuilding the chain state, and index and state, from the
// block files, with and without script checks, beside reading, parsing and hashing alone. Block signatures
// are checked every time. Usage: bench_replay [blocks] [payments in each] [folder]; a folder keeps the chain,
// and what it holds already is used again.
#include "base/log.h"
#include "bench/timing.h"
#include "chain/chain.h"
#include "storage/file_system.h"
#include "storage/flat_files.h"
#include "unit/chain/builder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

using namespace emc;
using bench::Seconds;
using bench::Stopwatch;
using bench::Times;
using test::Builder;
using test::Own;

constexpr size_t COINS = 300; ///< staked in turn, longer than any depth or maturity; as many are paid around
constexpr primitives::Amount FEE = 10;
constexpr uint32_t STEP_SEC = 16;

enum class Rebuild { Nothing, State, All };

class Replay
{
public:
    Replay(std::string folder, size_t blocks, size_t payments)
        : m_folder(std::move(folder)), m_blocks(blocks), m_payments(payments)
    {
        m_clock.SetMockTime(int64_t{m_params.genesis.header.time} +
                            static_cast<int64_t>(2 * STEP_SEC * (blocks + 1'000)));
    }

    /// Writes the chain's block files unless they are there.
    bool Prepare()
    {
        auto chain = Open(Rebuild::Nothing, false);
        if (!chain) return false;
        if (chain->GetTip().height >= static_cast<int32_t>(m_blocks)) return true;
        if (chain->GetTip().height != 0) {
            std::fprintf(stderr, "%s holds another chain; name an empty folder\n", m_folder.c_str());
            return false;
        }
        if (!MakeCoins(*chain)) return false;
        const int64_t began = base::SteadyMicros();
        for (size_t i = 0; i < m_blocks; ++i) {
            if (!Stake(*chain, i)) return false;
            if ((i + 1) % 1'000 != 0) continue;
            const double spent = Seconds(base::SteadyMicros() - began);
            std::fprintf(stderr, "\rmaking blocks: %3.0f %%, %.0f s left ",
                         100.0 * static_cast<double>(i + 1) / static_cast<double>(m_blocks),
                         spent * static_cast<double>(m_blocks - i - 1) / static_cast<double>(i + 1));
        }
        std::fprintf(stderr, "\n");
        return true;
    }

    /// Opens the chain and rebuilds; all zero when that fails.
    Times Measure(Rebuild what, bool check_scripts)
    {
        const Stopwatch watch;
        const auto chain = Open(what, check_scripts);
        const Times times = watch.Read();
        if (!chain || chain->GetTip().height < static_cast<int32_t>(m_blocks)) return {};
        return times;
    }

    /// Reads the files, parses blocks, hashes headers, transactions and Merkle trees, on one thread.
    Times ParseOnly() const
    {
        const Stopwatch watch;
        storage::FlatFiles::Options options;
        options.directory = m_folder + "/blocks";
        options.prefix = "blk";
        options.magic_be = m_params.magic_be;
        const storage::FlatFiles files(storage::SystemFiles(), options);
        const auto numbers = files.Numbers();
        if (!numbers) return {};
        size_t good = 0;
        for (const int32_t number : *numbers) {
            const auto scanned = files.Scan(number, 0, [&](storage::FilePos, base::ByteSpan payload) {
                const auto block = primitives::ParseBlock(payload);
                if (!block) return false;
                const bool fits = primitives::BlockMerkleRoot(*block).root == block->header.merkle_root;
                if (fits && block->header.Hash() != base::Hash256{}) ++good;
                return true;
            });
            if (!scanned) return {};
        }
        return good >= m_blocks ? watch.Read() : Times{};
    }

private:
    std::unique_ptr<chain::Chain> Open(Rebuild what, bool check_scripts)
    {
        chain::ChainOptions options;
        options.blocks_dir = m_folder + "/blocks";
        options.state_dir = m_folder + "/chainstate";
        options.reindex = what == Rebuild::All;
        options.reindex_state = what == Rebuild::State;
        options.check_scripts = check_scripts;
        const auto fatal = [](const chain::FatalError& error) {
            std::fprintf(stderr, "%s\n", error.message.c_str());
        };
        auto opened = chain::Chain::Open(options, {m_params, m_clock, m_log, m_random, fatal, nullptr});
        if (opened) return std::move(*opened);
        std::fprintf(stderr, "%s\n", opened.Error().message.c_str());
        return nullptr;
    }

    [[nodiscard]] Builder::Place Next(const chain::Chain& chain) const
    {
        const auto tip = chain.GetTip();
        const uint32_t time = (static_cast<uint32_t>(tip.time) / STEP_SEC + 1) * STEP_SEC;
        return {tip.hash, tip.height + 1, time, 0};
    }

    static bool Add(chain::Chain& chain, const primitives::BlockRef& block)
    {
        const auto verdict = chain.AcceptBlock(block);
        if (verdict.in_best_chain) return true;
        std::fprintf(stderr, "refused: %s\n", consensus::Describe(verdict.rule).c_str());
        return false;
    }

    /// Mines until the first reward is mature and cuts it into coins to stake and coins to pay with.
    bool MakeCoins(chain::Chain& chain)
    {
        std::optional<Own> reward;
        for (int32_t i = 0; i <= m_params.maturity; ++i) {
            const auto block = m_builder.MakeBlock(Next(chain), {}, primitives::COIN);
            if (!Add(chain, block)) return false;
            const auto& tx = block->transactions[0];
            if (!reward) reward = Own{{tx->Txid(), 0}, tx->Outputs()[0]};
        }
        const size_t outputs = COINS * 2;
        const auto fan = m_builder.Pay({*reward}, outputs, 0);
        if (!Add(chain, m_builder.MakeBlock(Next(chain), {fan}, 0))) return false;
        for (uint32_t i = 0; i < outputs; ++i)
            (i < COINS ? m_stakes : m_coins).push_back({{fan->Txid(), i}, fan->Outputs()[i]});
        for (int32_t i = 0; i < m_params.kernel_depth; ++i) {
            if (!Add(chain, m_builder.MakeBlock(Next(chain), {}, 0))) return false;
        }
        return true;
    }

    bool Stake(chain::Chain& chain, size_t number)
    {
        std::vector<primitives::TxRef> payments;
        for (size_t i = 0; i < m_payments; ++i) {
            Own& coin = m_coins[(number * m_payments + i) % COINS];
            const auto fee = coin.out.value > FEE ? FEE : 0;
            payments.push_back(m_builder.Pay({coin}, 1, fee));
            coin = {{payments.back()->Txid(), 0}, payments.back()->Outputs()[0]};
        }
        Own& stake = m_stakes[number % COINS];
        const auto block = m_builder.MakeStakeBlock(Next(chain), stake, payments);
        stake = {{block->transactions[1]->Txid(), 1}, block->transactions[1]->Outputs()[1]};
        return Add(chain, block);
    }

    const std::string m_folder;
    const size_t m_blocks;
    const size_t m_payments;
    const consensus::Params& m_params = consensus::RegtestParams();
    Builder m_builder{m_params};
    base::Clock m_clock;
    base::Logger m_log;
    crypto::SystemRandom m_random;
    std::vector<Own> m_stakes;
    std::vector<Own> m_coins;
};

bool Print(const char* label, size_t blocks, const Times& times)
{
    if (times.wall_sec <= 0) {
        std::printf("%-44s failed\n", label);
        return false;
    }
    std::printf("%-44s %6.2f s, CPU %6.2f s, %7.0f blocks/s\n", label, times.wall_sec, times.cpu_sec,
                static_cast<double>(blocks) / times.wall_sec);
    std::fflush(stdout);
    return true;
}

} // namespace

int main(int argc, char* argv[])
{
    const size_t blocks = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 100'000;
    const size_t payments = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
    const bool keep = argc > 3;
    const std::string folder =
        keep
            ? argv[3]
            : (std::filesystem::temp_directory_path() / ("emc_bench_" + std::to_string(base::SteadyMicros())))
                  .string();
    if (blocks == 0 || payments > COINS) {
        std::fprintf(stderr, "at least one block, at most %zu payments in each\n", COINS);
        return 1;
    }
    std::filesystem::create_directories(folder);
    Replay replay(folder, blocks, payments);
    std::printf("%zu proof-of-stake blocks with %zu payments each\n", blocks, payments);
    const bool good =
        replay.Prepare() && Print("read, parse, hash", blocks, replay.ParseOnly()) &&
        Print("state, without script checks", blocks, replay.Measure(Rebuild::State, false)) &&
        Print("state", blocks, replay.Measure(Rebuild::State, true)) &&
        Print("index and state, without script checks", blocks, replay.Measure(Rebuild::All, false)) &&
        Print("index and state", blocks, replay.Measure(Rebuild::All, true));
    if (!keep) std::filesystem::remove_all(folder);
    return good ? 0 : 1;
}
