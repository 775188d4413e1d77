// Connects blocks to a chain on disk: "chain_driver DIR feed SEED" until it is killed, "chain_driver DIR
// check" opens the chain, compares its whole state with one built anew from the same blocks in another
// folder, and prints the height. "prune SEED" feeds and removes old block files as soon as it may; then
// "check-pruned" takes back and connects again what is kept, since not all blocks are there.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "consensus/tx_rules.h"
#include "crypto/random.h"
#include "unit/chain/builder.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

namespace {

using namespace emc;
using test::Builder;
using test::Own;

constexpr int32_t FORK_EVERY = 7;
constexpr int32_t PRUNE_EVERY = 5;

struct Process {
    consensus::Params params = test::QuickRegtest();
    base::Clock clock;
    base::Logger log;
    crypto::SystemRandom random;

    enum class Keep : uint8_t { All, Newest };
    Keep keep = Keep::All;

    /// Feeding flushes after every block, so that a kill meets many flushes; checking need not.
    enum class Flush : uint8_t { EveryBlock, Seldom };

    std::unique_ptr<chain::Chain> Open(const std::string& folder, Flush flush)
    {
        chain::ChainOptions options;
        options.blocks_dir = folder + "/blocks";
        options.state_dir = folder + "/chainstate";
        options.cache_bytes = size_t{1} << 20;
        if (flush == Flush::EveryBlock) options.flush_interval_sec = 0;
        options.block_file_bytes = keep == Keep::All ? 400'000 : 40'000;
        options.block_chunk_bytes = options.block_file_bytes / 4;
        options.prune = keep == Keep::Newest;
        options.prune_keep_blocks = 20;
        options.script_threads = 1;
        const auto fatal = [](const chain::FatalError& error) {
            std::fprintf(stderr, "fatal: %s\n", error.message.c_str());
        };
        auto opened = chain::Chain::Open(options, {params, clock, log, random, fatal, nullptr});
        if (opened) return std::move(*opened);
        std::fprintf(stderr, "cannot open %s: %s\n", folder.c_str(), opened.Error().message.c_str());
        return nullptr;
    }
};

/// Coins of ours in the newest blocks that can be spent at the next height.
std::vector<Own> Spendable(chain::Chain& chain, const consensus::Params& params, int32_t below)
{
    std::vector<Own> out;
    const auto tip = chain.GetTip();
    for (int32_t height = tip.height; height > std::max(0, tip.height - below); --height) {
        const auto block = chain.Reader().ReadBlock(chain.Reader().BlockByHeight(height)->hash);
        if (!block) continue;
        for (const auto& tx : (*block)->transactions) {
            for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
                const primitives::OutPoint outpoint{tx->Txid(), i};
                const auto coin = chain.Reader().GetCoin(outpoint);
                if (!coin || coin->had_prefix || coin->out.value < primitives::COIN) continue;
                if (coin->generated && tip.height + 1 - coin->height < params.maturity) continue;
                out.push_back({outpoint, coin->out});
            }
        }
    }
    return out;
}

/// A payment, or a NEW, UPDATE or DELETE of a name no other transaction of the block touches.
primitives::TxRef RandomTx(const Builder& builder, chain::Chain& chain, const Own& own,
                           crypto::TestRandom& random, std::set<std::string>& touched)
{
    const std::string name = "test:" + std::to_string(random.Next64() % 300);
    if (random.Below(2) == 0 || !touched.insert(name).second) return builder.Pay({own}, 2, 1'000);
    const auto found = chain.Names().Find(name);
    const auto days = 1 + static_cast<int64_t>(random.Below(5));
    if (!found || !found->record.LiveAt(chain.GetTip().height + 1))
        return builder.Names({own}, {builder.Op(names::OpKind::New, name, days, "v")}, 1'000);
    const auto coin = chain.Reader().GetCoin(found->record.outpoint);
    if (!coin) return builder.Pay({own}, 2, 1'000);
    const auto kind = random.Below(4) == 0 ? names::OpKind::Delete : names::OpKind::Update;
    return builder.Names({own, {found->record.outpoint, coin->out}}, {builder.Op(kind, name, days, "w")},
                         1'000);
}

/// One block on `parent`. On the tip it carries payments and name operations; on a block below, which begins
/// a branch, names nobody else has, paid with coins that branch has too; else nothing.
primitives::BlockRef Next(const Builder& builder, chain::Chain& chain, const base::Hash256& parent,
                          crypto::TestRandom& random)
{
    const auto info = chain.Reader().BlockByHash(parent);
    std::vector<primitives::TxRef> txs;
    const bool at_tip = parent == chain.GetTip().hash;
    if (at_tip || info->in_best_chain) {
        std::set<std::string> touched;
        for (const auto& own : Spendable(chain, chain.Params(), 6)) {
            if (txs.size() == 8) break;
            if (at_tip) {
                txs.push_back(RandomTx(builder, chain, own, random, touched));
                continue;
            }
            const auto coin = chain.Reader().GetCoin(own.outpoint);
            const int32_t depth = coin->generated ? chain.Params().maturity : 1;
            if (info->height + 1 - coin->height < depth) continue;
            const std::string name = "branch:" + std::to_string(random.Next64());
            txs.push_back(builder.Names({own}, {builder.Op(names::OpKind::New, name, 2, "b")}, 1'000));
        }
    }
    const Builder::Place place{
        parent, info->height + 1,
        static_cast<uint32_t>(info->median_time + 1 + static_cast<int64_t>(random.Below(60))),
        static_cast<uint32_t>(random.Next64())};
    return builder.MakeBlock(place, txs, 50 * primitives::COIN);
}

int Feed(Process& process, const std::string& folder, uint64_t seed)
{
    const auto chain = process.Open(folder, Process::Flush::EveryBlock);
    if (!chain) return 1;
    std::printf("opened %d\n", chain->GetTip().height);
    std::fflush(stdout);
    const Builder builder(process.params);
    crypto::TestRandom random(seed);
    while (!chain->Stopped()) {
        const auto tip = chain->GetTip();
        base::Hash256 parent = tip.hash;
        if (tip.height > FORK_EVERY && random.Below(FORK_EVERY) == 0) {
            // A branch from a few blocks below that overtakes the tip.
            const auto depth = 1 + static_cast<int32_t>(random.Below(4));
            parent = chain->Reader().BlockByHeight(tip.height - depth)->hash;
            for (int32_t i = 0; i < depth; ++i) {
                const auto block = Next(builder, *chain, parent, random);
                if (!chain->AcceptBlock(block).Good()) return 2;
                parent = block->header.Hash();
            }
        }
        const auto verdict = chain->AcceptBlock(Next(builder, *chain, parent, random));
        if (!verdict.Good()) {
            std::fprintf(stderr, "refused: %s\n", consensus::Describe(verdict.rule).c_str());
            return 2;
        }
        if (process.keep == Process::Keep::Newest && verdict.height % PRUNE_EVERY == 0)
            (void)chain->Control().Prune(verdict.height);
    }
    return 3;
}

/// Is the state that of a chain built anew from the same blocks in another folder?
bool SameAsFresh(Process& process, chain::Chain& chain, const std::string& other)
{
    std::filesystem::remove_all(other);
    const auto fresh = process.Open(other, Process::Flush::Seldom);
    if (!fresh) return false;
    const auto tip = chain.GetTip();
    for (int32_t height = 1; height <= tip.height; ++height) {
        const auto block = chain.Reader().ReadBlock(chain.Reader().BlockByHeight(height)->hash);
        if (!block || !fresh->AcceptBlock(*block).Good()) {
            std::fprintf(stderr, "block %d is unreadable or refused\n", height);
            return false;
        }
    }
    const auto coins = chain.Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
    const auto fresh_coins = fresh->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
    if (coins && fresh_coins && coins->hash == fresh_coins->hash &&
        chain.Names().NameStats().hash == fresh->Names().NameStats().hash && fresh->GetTip().hash == tip.hash)
        return true;
    std::fprintf(stderr, "the state at height %d is not what its blocks make\n", tip.height);
    return false;
}

int Check(Process& process, const std::string& folder)
{
    const auto chain = process.Open(folder, Process::Flush::Seldom);
    if (!chain) return 1;
    const auto tip = chain->GetTip();
    const auto coins = chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
    const auto names = chain->Names().NameStats();
    if (!coins || coins->total != chain->Supply()) {
        std::fprintf(stderr, "the coins are not what the chain counts\n");
        return 2;
    }
    const bool all = process.keep == Process::Keep::All;
    if (all && !SameAsFresh(process, *chain, folder + "/check")) return 2;
    if (const auto verified = chain->Control().Verify(4, all ? 20 : 0); !verified) {
        std::fprintf(stderr, "%s\n", verified.Error().message.c_str());
        return 2;
    }
    const size_t branches = chain->Reader().Tips().size() - 1;
    std::printf("height %d coins %llu names %llu branches %zu pruned %d\n", tip.height,
                static_cast<unsigned long long>(coins->coins), static_cast<unsigned long long>(names.count),
                branches, chain->Control().GetPruning().first_kept);
    return 0;
}

} // namespace

int main(int argc, char* argv[])
{
    const std::string mode = argc > 2 ? argv[2] : "";
    Process process;
    if (mode == "prune" || mode == "check-pruned") process.keep = Process::Keep::Newest;
    if ((mode == "feed" || mode == "prune") && argc == 4)
        return Feed(process, argv[1], std::strtoull(argv[3], nullptr, 10));
    if ((mode == "check" || mode == "check-pruned") && argc == 3) return Check(process, argv[1]);
    std::fprintf(stderr, "usage: chain_driver DIR feed|prune SEED | chain_driver DIR check|check-pruned\n");
    return 64;
}
