// A pool upon a chain with coins of ours, for tests that say what exactly happens.
#pragma once

#include "mempool/pool.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

struct PoolRig {
    explicit PoolRig(const mempool::PoolOptions& options = {})
    {
        BOOST_REQUIRE(node.Open() == "");
        pool = std::make_unique<mempool::Mempool>(*node.chain, node.clock, node.log, options);
        std::vector<Own> coinbases;
        for (int i = 0; i < 5; ++i) {
            const auto block = Mine({});
            coinbases.push_back({{block->transactions[0]->Txid(), 0}, block->transactions[0]->Outputs()[0]});
        }
        const auto fan = builder.Pay({coinbases[0]}, 20, 0);
        (void)Mine({fan});
        for (uint32_t i = 0; i < 20; ++i)
            coins.push_back(OutputOf(fan, i));
        young = {{TipBlock()->transactions[0]->Txid(), 0}, TipBlock()->transactions[0]->Outputs()[0]};
    }

    static Own OutputOf(const TxRef& tx, uint32_t index)
    {
        return {{tx->Txid(), index}, tx->Outputs()[index]};
    }

    BlockRef MineOn(const Hash256& parent, int32_t height, const std::vector<TxRef>& txs)
    {
        const auto time =
            static_cast<uint32_t>(params.genesis.header.time) + 600 * static_cast<uint32_t>(height);
        auto block = builder.MakeBlock({parent, height, time, ++tag}, txs, 50 * primitives::COIN);
        BOOST_REQUIRE(node.chain->AcceptBlock(block).Good());
        if (pool) pool->SyncToTip();
        return block;
    }

    BlockRef Mine(const std::vector<TxRef>& txs)
    {
        const auto tip = node.chain->GetTip();
        auto block = MineOn(tip.hash, tip.height + 1, txs);
        BOOST_REQUIRE((node.chain->GetTip().hash == block->header.Hash()));
        return block;
    }

    BlockRef TipBlock() const { return *node.chain->Reader().ReadBlock(node.chain->GetTip().hash); }

    /// One output, input signals replacement when told.
    TxRef Spend(const std::vector<Own>& from, primitives::Amount fee, uint32_t sequence = 0xffffffff,
                int32_t version = 2, std::vector<primitives::TxOut> more = {}, uint32_t lock_time = 0) const
    {
        primitives::MutableTransaction tx;
        tx.version = version;
        tx.lock_time = lock_time;
        primitives::Amount left = -fee;
        for (const auto& own : from) {
            tx.inputs.push_back({own.outpoint, {}, sequence, {}});
            left += own.out.value;
        }
        for (const auto& output : more)
            left -= output.value;
        tx.outputs.push_back({left, builder.Script()});
        tx.outputs.insert(tx.outputs.end(), more.begin(), more.end());
        return builder.Sign(std::move(tx), from);
    }

    /// "ok" or "code message".
    std::string Submit(const TxRef& tx, const interfaces::Broadcaster::Options& options = {})
    {
        const auto got = pool->Submit(tx, options);
        return got ? "ok" : std::to_string(got.Error().code) + " " + got.Error().message;
    }

    consensus::Params params = QuickRegtest();
    Node node{params};
    Builder builder{params};
    std::unique_ptr<mempool::Mempool> pool;
    std::vector<Own> coins; ///< 20 of 2.5 EMC
    Own young;              ///< a coinbase output that cannot be spent yet
    uint32_t tag = 0;
};

inline constexpr uint32_t REPLACEABLE = 0xfffffffd;

} // namespace emc::test

#define CHECK_ANSWER(answer, beginning)                                                                      \
    do {                                                                                                     \
        const std::string got_answer = (answer);                                                             \
        BOOST_TEST(got_answer.starts_with(beginning),                                                        \
                   "'" << got_answer << "' does not begin '" << (beginning) << "'");                         \
    } while (false)
