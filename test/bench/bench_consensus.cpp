// Arithmetic that runs for every header, and connecting a block of payments without its signatures beside
// merely hashing and parsing it.
#include "consensus/fork_choice.h"
#include "consensus/kernel.h"
#include "consensus/subsidy.h"
#include "unit/consensus/world.h"

#include <benchmark/benchmark.h>

using namespace emc;

namespace {

constexpr int PAYMENTS = 2000;

/// A state and a block of single-input payments upon it.
struct Scene {
    Scene()
    {
        test::Draft draft(world);
        draft.mine = false;
        for (int i = 0; i < PAYMENTS; ++i) {
            const auto coin = world.AddCoin(primitives::COIN, test::WitnessKeyHashScript(1));
            draft.transactions.push_back(
                test::Spend({coin}, {{primitives::COIN - 1000, test::WitnessKeyHashScript(2)}}));
        }
        block = draft.Finish();
        bytes = primitives::Serialize(block);
    }

    test::World world;
    primitives::Block block;
    base::Bytes bytes;
};

const Scene& TheScene()
{
    static const Scene SCENE;
    return SCENE;
}

void Asert(benchmark::State& state)
{
    const auto& params = consensus::MainParams();
    int64_t seconds = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(consensus::NextBits(params, consensus::Kind::Pos, seconds += 600, 20'000));
}

void ForkChoice(benchmark::State& state)
{
    const auto& params = consensus::MainParams();
    auto fork = consensus::ForkState::Genesis(params);
    int64_t time = params.genesis.header.time;
    for (auto _ : state)
        fork = fork.Next(params, consensus::Kind::Pos, params.pos_anchor_bits, time += 600);
    benchmark::DoNotOptimize(fork);
}

void Subsidy(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(consensus::PowSubsidy(consensus::MainParams(), 12'345, 0x1b0404cb));
}

void KernelHash(benchmark::State& state)
{
    consensus::Kernel kernel;
    for (auto _ : state) {
        kernel.block_time += 16;
        benchmark::DoNotOptimize(consensus::KernelHash(kernel));
    }
}

void ParseOnly(benchmark::State& state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(primitives::ParseBlock(TheScene().bytes));
    state.SetItemsProcessed(state.iterations() * PAYMENTS);
}

void CheckAndConnect(benchmark::State& state)
{
    const Scene& scene = TheScene();
    consensus::ConnectContext context;
    context.params = &scene.world.params;
    context.height = scene.world.height;
    context.parent_mtp = scene.world.MedianTimePast(scene.world.height - 1);
    context.coins = &scene.world;
    context.names = &scene.world;
    context.watermarks = &scene.world;
    context.ended = &scene.world;
    context.times = &scene.world;
    consensus::InlineScriptRunner runner;
    context.runner = &runner;
    context.assumed_valid = true;
    for (auto _ : state) {
        if (!consensus::CheckBlock(scene.block) || !consensus::ConnectBlock(scene.block, context)) {
            state.SkipWithError("block refused");
        }
    }
    state.SetItemsProcessed(state.iterations() * PAYMENTS);
}

BENCHMARK(Asert);
BENCHMARK(ForkChoice);
BENCHMARK(Subsidy);
BENCHMARK(KernelHash);
BENCHMARK(ParseOnly)->Unit(benchmark::kMillisecond);
BENCHMARK(CheckAndConnect)->Unit(benchmark::kMillisecond);

} // namespace
