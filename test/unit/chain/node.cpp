#include "unit/chain/node.h"

#include "consensus/tx_rules.h"
#include "crypto/muhash.h"
#include "reward/watermark.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {

using names::NameOp;
using names::OpKind;
using primitives::Amount;
using primitives::Coin;

void Model::Connect(const primitives::Block& block, int32_t height)
{
    if (height == 0) return;
    for (size_t t = 0; t < block.transactions.size(); ++t) {
        const auto& tx = *block.transactions[t];
        if (t != 0) {
            for (const auto& input : tx.Inputs()) {
                supply -= coins.at(input.prevout).out.value;
                coins.erase(input.prevout);
            }
        }
        for (uint32_t i = 0; i < tx.Outputs().size(); ++i) {
            const auto& output = tx.Outputs()[i];
            if (!output.script_pubkey.empty() && output.script_pubkey[0] == 0x6a) continue;
            const auto owner = names::OwnerScriptOf(tx.Version(), i, output.script_pubkey);
            Coin coin;
            coin.out.value = output.value;
            coin.out.script_pubkey.assign(owner.script.begin(), owner.script.end());
            coin.height = height;
            coin.generated = t == 0;
            coin.had_prefix = owner.had_prefix;
            coins[{tx.Txid(), i}] = coin;
            supply += output.value;
            if (tx.Version() != primitives::NAME_TX_VERSION) continue;
            const auto parsed = names::ParseNameOutput(output.script_pubkey);
            if (!parsed || !parsed->op) continue;
            const NameOp& op = *parsed->op;
            if (op.kind == OpKind::Delete) {
                names.erase(op.name);
                continue;
            }
            auto& record = names[op.name];
            if (op.kind == OpKind::New) {
                record.born_height = height;
                record.expiry = height;
            }
            record.expiry += static_cast<int32_t>(op.days) * names::BLOCKS_PER_DAY;
            record.updated_height = height;
            record.value = op.value;
            record.owner_script = op.owner_script;
            record.outpoint = {tx.Txid(), i};
        }
    }
}

Node::Node(const consensus::Params& p) : params(p)
{
    options.blocks_dir = "/node/blocks";
    options.state_dir = "/node/chainstate";
    options.block_file_bytes = 200'000;
    options.block_chunk_bytes = 64'000;
    options.signature_cache_bytes = size_t{1} << 20;
    options.store_cache_bytes = size_t{1} << 20;
    options.script_threads = 1;
    clock.SetMockTime(2'000'000'000);
}

std::string Node::Open()
{
    chain::ChainDeps deps{
        params, clock,      log, random, [this](const chain::FatalError& error) { fatal.push_back(error); },
        &files, interrupted};
    auto opened = chain::Chain::Open(options, deps);
    if (!opened) return opened.Error().message;
    chain = std::move(*opened);
    return {};
}

Node::Hashes Node::StateHashes() const
{
    const auto stats = chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
    BOOST_REQUIRE_MESSAGE(stats, (stats ? "" : stats.Error().message));
    return {stats->hash, CheckedNameHash(), stats->total};
}

Hash256 Node::CheckedNameHash() const
{
    const auto kept = chain->Names().NameStats();
    crypto::MuHash3072 walked;
    uint64_t count = 0;
    uint64_t live = 0;
    uint64_t bytes = 0;
    chain->Names().Scan({}, [&](const interfaces::NameInfo& info) {
        walked.Insert(names::HashElement(info.name, info.record));
        ++count;
        if (info.live) ++live;
        base::Bytes row;
        codec::Writer writer(row);
        names::Write(writer, info.record);
        bytes += 1 + info.name.size() + row.size();
        return true;
    });
    const auto watermarks = chain->Watermarks();
    for (const auto& watermark : watermarks)
        walked.Insert(reward::HashElement(watermark));
    BOOST_TEST((kept.hash == walked.Finish()));
    BOOST_TEST(kept.watermarks == watermarks.size());
    BOOST_TEST(kept.count == count);
    BOOST_TEST(kept.live == live);
    BOOST_TEST(kept.bytes == bytes);
    return kept.hash;
}

const Node::Hashes& Replays::At(const Hash256& tip)
{
    if (const auto it = m_known.find(tip); it != m_known.end()) return it->second;
    Node node(m_params);
    node.options.check_scripts = false;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    for (const Made* made : m_tree.PathTo(m_tree.Find(tip)))
        BOOST_REQUIRE(node.chain->AcceptBlock(made->block).outcome == chain::Outcome::Accepted);
    BOOST_REQUIRE((node.chain->GetTip().hash == tip));
    return m_known.emplace(tip, node.StateHashes()).first->second;
}

Model Node::Read() const
{
    Model out;
    chain->Control().FlushToDisk();
    chain->Names().Scan({}, [&](const interfaces::NameInfo& info) {
        out.names[info.name] = info.record;
        return true;
    });
    const auto stats = chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
    BOOST_REQUIRE(stats);
    out.supply = stats->total;
    // Coins are asked for one by one: every outpoint that any block of the best chain made.
    for (int32_t height = 1; height <= stats->height; ++height) {
        const auto info = chain->Reader().BlockByHeight(height);
        BOOST_REQUIRE(info);
        const auto block = chain->Reader().ReadBlock(info->hash);
        BOOST_REQUIRE(block);
        for (const auto& tx : (*block)->transactions) {
            for (uint32_t i = 0; i < tx->Outputs().size(); ++i) {
                const OutPoint outpoint{tx->Txid(), i};
                if (auto coin = chain->Reader().GetCoin(outpoint)) out.coins[outpoint] = *coin;
            }
        }
    }
    BOOST_TEST(out.coins.size() == stats->coins);
    return out;
}

Tree::Tree(const consensus::Params& params, uint64_t seed) : builder(params), random(seed), m_params(params)
{
    Made genesis;
    genesis.block = std::make_shared<const primitives::Block>(params.genesis);
    genesis.hash = params.genesis_hash;
    genesis.time = params.genesis.header.time;
    genesis.state = std::make_shared<const Model>();
    m_by_hash[genesis.hash] = 0;
    m_blocks.push_back(std::move(genesis));
}

const Made& Tree::Find(const Hash256& hash) const
{
    return m_blocks.at(m_by_hash.at(hash));
}

std::vector<const Made*> Tree::PathTo(const Made& made) const
{
    std::vector<const Made*> out;
    for (const Made* walk = &made; walk->height > 0; walk = &Find(walk->block->header.prev_hash))
        out.push_back(walk);
    std::reverse(out.begin(), out.end());
    return out;
}

std::vector<Own> Tree::Spendable(const Made& parent) const
{
    const int32_t height = parent.height + 1;
    std::map<OutPoint, bool> live;
    for (const auto& [name, record] : parent.state->names) {
        if (record.LiveAt(height)) live[record.outpoint] = true;
    }
    std::vector<Own> out;
    for (const auto& [outpoint, coin] : parent.state->coins) {
        if (coin.generated && height - coin.height < m_params.maturity) continue;
        if (!live.contains(outpoint)) out.push_back({outpoint, coin.out});
    }
    return out;
}

std::string Tree::RandomName()
{
    return "test:" + std::to_string(random.Below(40));
}

TxRef Tree::RandomTx(const Made& parent, std::vector<Own>& free, std::map<std::string, bool>& touched)
{
    const auto pick = static_cast<size_t>(random.Below(free.size()));
    std::vector<Own> from{free[pick]};
    free.erase(free.begin() + static_cast<std::ptrdiff_t>(pick));
    const Amount fee = std::min<Amount>(1'000, from[0].out.value / 4);
    const std::string name = RandomName();
    if (from[0].out.value < primitives::COIN || random.Below(3) == 0 || touched.contains(name)) {
        return builder.Pay(from, 1 + static_cast<size_t>(random.Below(3)), fee);
    }
    touched[name] = true;
    const int32_t height = parent.height + 1;
    const auto it = parent.state->names.find(name);
    OpKind kind = OpKind::New;
    if (it != parent.state->names.end() && it->second.LiveAt(height)) {
        kind = random.Below(3) == 0 ? OpKind::Delete : OpKind::Update;
        from.push_back({it->second.outpoint, parent.state->coins.at(it->second.outpoint).out});
    }
    const std::string value(static_cast<size_t>(random.Below(700)), 'v');
    const auto op = builder.Op(kind, name, 1 + static_cast<int64_t>(random.Below(9)), value);
    return builder.Names(from, {op}, fee);
}

const Made& Tree::Grow(const Made& parent, size_t transactions)
{
    std::vector<Own> free = Spendable(parent);
    std::map<std::string, bool> touched;
    std::vector<TxRef> txs;
    for (size_t i = 0; i < transactions && !free.empty(); ++i) {
        const auto tx = RandomTx(parent, free, touched);
        txs.push_back(tx);
        // Sometimes spent again in the same block.
        if (tx->Version() == 2 && random.Below(4) == 0 && tx->Outputs()[0].value > 10'000) {
            txs.push_back(builder.Pay({{{tx->Txid(), 0}, tx->Outputs()[0]}}, 2, 1'000));
        }
    }
    const uint32_t time = parent.time + 1 + static_cast<uint32_t>(random.Below(600));
    const Builder::Place place{parent.hash, parent.height + 1, time, ++m_tag};
    return Adopt(parent, builder.MakeBlock(place, txs, 50 * primitives::COIN));
}

const Made& Tree::Adopt(const Made& parent, const BlockRef& block)
{
    Made made;
    made.block = block;
    made.hash = block->header.Hash();
    made.height = parent.height + 1;
    made.time = block->header.time;
    auto state = std::make_shared<Model>(*parent.state);
    state->Connect(*block, made.height);
    made.state = std::move(state);
    m_by_hash[made.hash] = m_blocks.size();
    m_blocks.push_back(std::move(made));
    return m_blocks.back();
}

} // namespace emc::test
