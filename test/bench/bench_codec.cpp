// Parsing of transactions and blocks and Merkle roots. Beside each stands its ceiling: the memory copy and
// the hashing that no implementation can leave out.
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "primitives/block.h"

#include <benchmark/benchmark.h>

using namespace emc;
using namespace emc::primitives;

namespace {

constexpr size_t BLOCK_TRANSACTIONS = 2000;

Bytes RandomBytes(crypto::TestRandom& random, size_t size)
{
    Bytes out(size);
    random.Fill(out);
    return out;
}

/// Two inputs and two outputs of the usual kind: witness of a signature and a key.
TxRef UsualTransaction(crypto::TestRandom& random)
{
    MutableTransaction tx;
    for (uint32_t i = 0; i < 2; ++i) {
        TxIn input;
        random.Fill(input.prevout.txid.bytes);
        input.prevout.index = i;
        input.witness = {RandomBytes(random, 71), RandomBytes(random, 33)};
        tx.inputs.push_back(std::move(input));
        tx.outputs.push_back({COIN, RandomBytes(random, 22)});
    }
    return MakeTx(std::move(tx));
}

Block UsualBlock()
{
    crypto::TestRandom random(1);
    Block block;
    block.header.version = 4;
    for (size_t i = 0; i < BLOCK_TRANSACTIONS; ++i)
        block.transactions.push_back(UsualTransaction(random));
    return block;
}

void HashTwice(const Transaction& tx, const Bytes& base, const Bytes& whole)
{
    benchmark::DoNotOptimize(tx);
    benchmark::DoNotOptimize(crypto::Sha256d(base));
    benchmark::DoNotOptimize(crypto::Sha256d(whole));
}

void SetBytes(benchmark::State& state, size_t bytes)
{
    state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
}

void TxParse(benchmark::State& state)
{
    crypto::TestRandom random(1);
    const Bytes bytes = Serialize(*UsualTransaction(random));
    for (auto _ : state)
        benchmark::DoNotOptimize(ParseTransaction(bytes));
    SetBytes(state, bytes.size());
}

void TxReadOnly(benchmark::State& state)
{
    crypto::TestRandom random(1);
    const Bytes bytes = Serialize(*UsualTransaction(random));
    for (auto _ : state) {
        codec::Reader in(bytes);
        benchmark::DoNotOptimize(ReadTransaction(in));
    }
    SetBytes(state, bytes.size());
}

void TxCeilingHash(benchmark::State& state)
{
    crypto::TestRandom random(1);
    const TxRef tx = UsualTransaction(random);
    const Bytes base = Serialize(*tx, WitnessMode::Without);
    const Bytes whole = Serialize(*tx);
    for (auto _ : state)
        HashTwice(*tx, base, whole);
    SetBytes(state, whole.size());
}

void BlockParse(benchmark::State& state)
{
    const Bytes bytes = Serialize(UsualBlock());
    for (auto _ : state)
        benchmark::DoNotOptimize(ParseBlock(bytes));
    SetBytes(state, bytes.size());
}

void BlockWrite(benchmark::State& state)
{
    const Block block = UsualBlock();
    const size_t size = Serialize(block).size();
    for (auto _ : state)
        benchmark::DoNotOptimize(Serialize(block));
    SetBytes(state, size);
}

void BlockCeilingHash(benchmark::State& state)
{
    const Block block = UsualBlock();
    std::vector<Bytes> base;
    std::vector<Bytes> whole;
    for (const TxRef& tx : block.transactions) {
        base.push_back(Serialize(*tx, WitnessMode::Without));
        whole.push_back(Serialize(*tx));
    }
    for (auto _ : state) {
        for (size_t i = 0; i < base.size(); ++i)
            HashTwice(*block.transactions[i], base[i], whole[i]);
    }
    SetBytes(state, Serialize(block).size());
}

void BlockCeilingCopy(benchmark::State& state)
{
    const Bytes bytes = Serialize(UsualBlock());
    Bytes copy(bytes.size());
    for (auto _ : state) {
        std::memcpy(copy.data(), bytes.data(), bytes.size());
        benchmark::DoNotOptimize(copy.data());
        benchmark::ClobberMemory();
    }
    SetBytes(state, bytes.size());
}

std::vector<Hash256> RandomLeaves(size_t count)
{
    crypto::TestRandom random(2);
    std::vector<Hash256> leaves(count);
    for (Hash256& leaf : leaves)
        random.Fill(leaf.bytes);
    return leaves;
}

void MerkleRootOf(benchmark::State& state)
{
    const auto leaves = RandomLeaves(static_cast<size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(MerkleRoot(leaves));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// As many pair hashes as the tree has inner nodes, in one run.
void MerkleCeilingHash(benchmark::State& state)
{
    const auto pairs = static_cast<size_t>(state.range(0)) - 1;
    const auto leaves = RandomLeaves(2 * pairs);
    std::vector<Hash256> out(pairs);
    for (auto _ : state) {
        crypto::Sha256dPairs(out.front().data(), leaves.front().data(), pairs);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(TxParse);
BENCHMARK(TxReadOnly);
BENCHMARK(TxCeilingHash);
BENCHMARK(BlockParse)->Unit(benchmark::kMicrosecond);
BENCHMARK(BlockWrite)->Unit(benchmark::kMicrosecond);
BENCHMARK(BlockCeilingHash)->Unit(benchmark::kMicrosecond);
BENCHMARK(BlockCeilingCopy)->Unit(benchmark::kMicrosecond);
BENCHMARK(MerkleRootOf)->Arg(100)->Arg(2000)->Arg(9001)->Unit(benchmark::kMicrosecond);
BENCHMARK(MerkleCeilingHash)->Arg(100)->Arg(2000)->Arg(9001)->Unit(benchmark::kMicrosecond);

} // namespace
