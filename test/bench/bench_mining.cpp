/// Nonces of the miner inside the node and kernels of staking, beside what the hash function allows: two
/// steps of SHA-256 for each, back to back in one stream.
#include "consensus/params.h"
#include "consensus/target.h"
#include "crypto/sha256_impl.h"
#include "mining/block_maker.h"
#include "mining/kernel_search.h"

#include <benchmark/benchmark.h>

namespace {

using namespace emc;

constexpr size_t COINS = 10'000;

/// The ceiling: each block's input depends on the one before, as the second hash of a try on the first.
void BareSteps(benchmark::State& state)
{
    const auto& backend = crypto::Sha256Backends().front();
    std::array<uint8_t, 64> block{};
    auto words = crypto::SHA256_START;
    for (auto _ : state) {
        backend.blocks(words.data(), block.data(), 1);
        backend.blocks(words.data(), block.data(), 1);
        benchmark::DoNotOptimize(words);
    }
    state.SetItemsProcessed(state.iterations());
    state.SetLabel(std::string(backend.name) + ", tries");
}

void Nonces(benchmark::State& state)
{
    constexpr uint64_t TRIES = 65'536;
    primitives::BlockHeader header = consensus::MainParams().genesis.header;
    header.bits = 0x03000001; // out of reach
    for (auto _ : state) {
        header.nonce = 0;
        benchmark::DoNotOptimize(mining::FindNonce(header, consensus::MainParams(), TRIES));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(TRIES));
}

std::vector<mining::StakeCoin> Coins()
{
    std::vector<mining::StakeCoin> out(COINS);
    for (size_t i = 0; i < COINS; ++i) {
        out[i].outpoint.txid.bytes[0] = static_cast<uint8_t>(i);
        out[i].outpoint.txid.bytes[1] = static_cast<uint8_t>(i >> 8);
        out[i].block_time = static_cast<uint32_t>(1'800'000'000 + i);
        out[i].value = primitives::COIN;
    }
    return out;
}

/// One time, which comes every 16 seconds.
void KernelsOfOneTime(benchmark::State& state)
{
    const mining::KernelSearch search({}, consensus::TargetOf(0x10123456).value_or(base::U256{}), Coins());
    uint32_t time = 1'800'000'000;
    for (auto _ : state) {
        time += 16;
        benchmark::DoNotOptimize(search.Find(time));
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(COINS));
}

/// What a new tip costs beside the times that are tried again.
void PrepareKernels(benchmark::State& state)
{
    const auto coins = Coins();
    const auto target = consensus::TargetOf(0x10123456).value_or(base::U256{});
    for (auto _ : state) {
        const mining::KernelSearch search({}, target, coins);
        benchmark::DoNotOptimize(search.Size());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(COINS));
}

} // namespace

BENCHMARK(BareSteps);
BENCHMARK(Nonces)->Unit(benchmark::kMillisecond);
BENCHMARK(KernelsOfOneTime)->Unit(benchmark::kMillisecond);
BENCHMARK(PrepareKernels)->Unit(benchmark::kMillisecond);
