// Proof-of-stake blocks that are not on the tip: nothing of one is kept before its stake is proven.
#include "chain/block_index.h"
#include "chain/held_blocks.h"
#include "consensus/header_rules.h"
#include "consensus/stake_rules.h"
#include "script/interpreter.h"
#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <latch>
#include <thread>

namespace emc::test {
namespace {

using chain::BlockVerdict;
using chain::Outcome;
using consensus::Rule;

consensus::Params ShallowStake()
{
    auto params = QuickRegtest();
    params.kernel_depth = 4;
    return params;
}

Own CoinbaseOf(const Made& made)
{
    const auto& tx = *made.block->transactions[0];
    return {{tx.Txid(), 0}, tx.Outputs()[0]};
}

Own StakeOf(const Made& made)
{
    const auto& tx = *made.block->transactions[1];
    return {{tx.Txid(), 1}, tx.Outputs()[1]};
}

/// What the stores hold: entries, and where the files of blocks end.
struct Kept {
    size_t entries = 0;
    storage::FilePos blocks;

    bool operator==(const Kept&) const = default;
};

/// Twelve blocks of work and three of stake upon them, which spend the coins of the heights 1 to 3.
struct Staked {
    explicit Staked(const consensus::Params& given = ShallowStake())
        : params(given), node(params), tree(params, 5)
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        path.push_back(&tree.Genesis());
        for (int i = 0; i < 12; ++i)
            path.push_back(&Extend(tree.Grow(*path.back(), 0)));
    }

    const Made& Extend(const Made& made)
    {
        const auto verdict = Give(made);
        BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted && verdict.in_best_chain,
                              consensus::Describe(verdict.rule));
        return made;
    }

    void ExtendWithStakes()
    {
        for (size_t i = 1; i <= 3; ++i)
            path.push_back(&Extend(Stake(*path.back(), CoinbaseOf(*path[i]))));
    }

    /// Not given to the node.
    const Made& Stake(const Made& on, const Own& kernel, uint32_t later = 0)
    {
        const uint32_t time = (on.time / 16 + 1 + later) * 16;
        const auto block = tree.builder.MakeStakeBlock({on.hash, on.height + 1, time, 0}, kernel, {});
        return tree.Adopt(on, block);
    }

    /// The same without telling the tree, which asks for coins that exist.
    BlockRef Loose(const Made& on, const Own& kernel, uint32_t later = 0) const
    {
        const uint32_t time = (on.time / 16 + 1 + later) * 16;
        return tree.builder.MakeStakeBlock({on.hash, on.height + 1, time, 0}, kernel, {});
    }

    /// One of many blocks of the same stake on the same block, told apart by its version.
    BlockRef Variant(const Made& on, const Own& kernel, uint32_t tag) const
    {
        const uint32_t time = (on.time / 16 + 1) * 16;
        return tree.builder.MakeStakeBlock({on.hash, on.height + 1, time, tag}, kernel, {});
    }

    /// What is in the block files and the index.
    [[nodiscard]] uint64_t Disk() const { return node.chain->Reader().DiskBytes(); }

    [[nodiscard]] bool Stored(const BlockRef& block) const
    {
        return node.chain->Reader().BlockByHash(block->header.Hash()).has_value();
    }

    BlockVerdict Give(const Made& made) { return node.chain->AcceptBlock(made.block); }

    BlockVerdict Give(const BlockRef& block) { return node.chain->AcceptBlock(block); }

    /// Accepted, and not in the best chain.
    const Made& Aside(const Made& made)
    {
        const auto verdict = Give(made);
        BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted, consensus::Describe(verdict.rule));
        BOOST_REQUIRE(!verdict.in_best_chain);
        return made;
    }

    /// Refused, and nothing of it is kept.
    void Refused(const BlockRef& block, Rule rule, Outcome outcome = Outcome::Invalid)
    {
        const auto before = Look();
        for (int time = 0; time < 2; ++time) {
            const auto verdict = Give(block);
            BOOST_TEST((verdict.outcome == outcome));
            BOOST_CHECK_MESSAGE(verdict.rule.rule == rule, consensus::Describe(verdict.rule));
        }
        BOOST_TEST(!node.chain->Reader().BlockByHash(block->header.Hash()).has_value());
        BOOST_TEST((Look() == before));
    }

    /// Restarts the node on the way.
    Kept Look()
    {
        node.Close();
        Kept kept;
        {
            storage::KvStore::Options options;
            options.files = &node.files;
            const auto store = storage::KvStore::Open(node.options.blocks_dir + "/index", options);
            BOOST_REQUIRE(store);
            chain::BlockIndex index(params);
            BOOST_REQUIRE(index.Load(**store, std::nullopt));
            kept.entries = index.Size();
            const auto row = (*store)->Get(storage::FileEndsKey());
            BOOST_REQUIRE(row);
            kept.blocks = storage::DecodeFileEnds(*row)->blocks;
        }
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        return kept;
    }

    const consensus::Params params;
    Node node;
    Tree tree;
    std::vector<const Made*> path;
};

/// A copy with something of its coinstake's witness changed, proven and signed anew.
BlockRef WithWitness(const Staked& s, const BlockRef& block,
                     const std::function<void(primitives::Witness&)>& change)
{
    primitives::Block copy = *block;
    auto fields = copy.transactions[1]->Fields();
    change(fields.inputs[0].witness);
    copy.transactions[1] = primitives::MakeTx(std::move(fields));
    s.tree.builder.SignStake(copy);
    return std::make_shared<const primitives::Block>(std::move(copy));
}

BlockRef WithSignature(const BlockRef& block, uint8_t flip)
{
    primitives::Block copy = *block;
    auto fields = copy.transactions[0]->Fields();
    fields.inputs[0].witness[1][7] ^= flip;
    copy.transactions[0] = primitives::MakeTx(std::move(fields));
    return std::make_shared<const primitives::Block>(std::move(copy));
}

} // namespace

BOOST_AUTO_TEST_SUITE(stakes)

BOOST_AUTO_TEST_CASE(what_is_not_proven_is_not_kept)
{
    Staked s;
    s.ExtendWithStakes();
    const Made& fork = *s.path[12];
    const auto good = s.Loose(fork, CoinbaseOf(*s.path[4]));
    s.Refused(WithSignature(good, 1), Rule::StakeBlockSignature, Outcome::Mutated);
    s.Refused(WithWitness(s, good, [](primitives::Witness& witness) { witness[0][9] ^= 1; }),
              Rule::ScriptFailed);
    s.Refused(WithWitness(s, good, [](primitives::Witness& witness) { witness[1][9] ^= 1; }),
              Rule::StakeKernelSpend);
    s.Refused(s.Loose(fork, {{fork.hash, 0}, CoinbaseOf(fork).out}), Rule::InputsMissing);
    s.Refused(s.Loose(fork, CoinbaseOf(*s.path[10])), Rule::StakeDepth);
    s.Refused(s.Loose(fork, CoinbaseOf(*s.path[12])), Rule::InputImmature);
    // Made by a block of the best chain above the fork, so not there on the branch.
    s.Refused(s.Loose(fork, StakeOf(*s.path[13])), Rule::InputsMissing);
    BOOST_TEST((s.Give(good).outcome == Outcome::Accepted));
    BOOST_TEST(s.node.fatal.empty());
}

BOOST_AUTO_TEST_CASE(a_kernel_that_misses_the_target)
{
    auto params = ShallowStake();
    params.pos_limit_bits = 0x03000001;
    Staked s(params);
    s.Refused(s.Loose(*s.path[11], CoinbaseOf(*s.path[1])), Rule::StakeKernelHash);
    s.Refused(s.Loose(*s.path[12], CoinbaseOf(*s.path[1])), Rule::StakeKernelHash);
}

/// The coins a branch may stake are those there were where it began, and its own.
BOOST_AUTO_TEST_CASE(coins_as_the_branch_has_them)
{
    Staked s;
    s.ExtendWithStakes();
    // Spent by the best chain above the fork.
    const Made* side = &s.Aside(s.Stake(*s.path[11], CoinbaseOf(*s.path[1])));
    // Spent on the branch itself; after a restart too.
    s.Refused(s.Loose(*side, CoinbaseOf(*s.path[1])), Rule::InputsMissing);
    const Made* deep = &s.Aside(s.tree.Grow(*s.path[5], 0));
    const Own made = CoinbaseOf(*deep);
    s.Refused(s.Loose(*deep, made), Rule::InputImmature);
    for (int i = 0; i < 2; ++i)
        deep = &s.Aside(s.tree.Grow(*deep, 0));
    s.Refused(s.Loose(*deep, made), Rule::StakeDepth);
    deep = &s.Aside(s.tree.Grow(*deep, 0));
    deep = &s.Aside(s.Stake(*deep, made));
    s.Refused(s.Loose(*deep, made), Rule::InputsMissing);
    s.Refused(s.Loose(*deep, CoinbaseOf(*s.path[6])), Rule::InputsMissing);
    // The branch wins: what was proven aside connects.
    side = &s.Aside(s.Stake(*side, CoinbaseOf(*s.path[2])));
    bool won = false;
    for (size_t i = 3; i <= 6 && !won; ++i) {
        side = &s.Stake(*side, CoinbaseOf(*s.path[i]));
        const auto verdict = s.Give(*side);
        BOOST_REQUIRE_MESSAGE(verdict.Good(), consensus::Describe(verdict.rule));
        won = verdict.in_best_chain;
    }
    BOOST_TEST(won);
    BOOST_TEST((s.node.chain->GetTip().hash == side->hash));
    BOOST_TEST(s.node.fatal.empty());
}

BOOST_AUTO_TEST_CASE(a_flood_without_stake)
{
    Staked s;
    s.ExtendWithStakes();
    constexpr uint32_t BLOCKS = 2'000;
    std::vector<BlockRef> flood;
    const auto good = s.Loose(*s.path[9], CoinbaseOf(*s.path[2]));
    for (uint32_t i = 0; i < BLOCKS; ++i) {
        const Made& on = *s.path[5 + i % 8];
        if (i % 2 == 0) { // no such coin
            Own coin = CoinbaseOf(*s.path[1]);
            coin.outpoint.index = i + 1;
            flood.push_back(s.Loose(on, coin));
        } else { // another's coin: the signature is of another block
            auto block = *s.Loose(on, CoinbaseOf(*s.path[1]), i % 32);
            auto fields = block.transactions[0]->Fields();
            fields.inputs[0].witness[1] = good->transactions[0]->Inputs()[0].witness[1];
            block.transactions[0] = primitives::MakeTx(std::move(fields));
            flood.push_back(std::make_shared<const primitives::Block>(std::move(block)));
        }
    }
    const auto before = s.Look();
    const auto disk = s.node.chain->Reader().DiskBytes();
    const int64_t began = base::SteadyMicros();
    size_t refused = 0;
    for (const auto& block : flood)
        refused += s.Give(block).Good() ? 0 : 1;
    const int64_t took_us = base::SteadyMicros() - began;
    BOOST_TEST(refused == BLOCKS);
    BOOST_TEST(s.node.chain->Reader().DiskBytes() == disk);
    BOOST_TEST((s.Look() == before));
    BOOST_TEST_MESSAGE(BLOCKS << " blocks without stake refused in " << took_us / 1000 << " ms");
}

BOOST_AUTO_TEST_CASE(two_blocks_of_a_stake_are_stored)
{
    Staked s;
    s.ExtendWithStakes();
    const Made& on = *s.path.back();
    std::vector<BlockRef> variants;
    for (uint32_t tag = 0; tag < 200; ++tag)
        variants.push_back(s.Variant(on, CoinbaseOf(*s.path[4]), tag));
    BOOST_TEST(s.Give(variants[0]).in_best_chain);
    BOOST_TEST((s.Give(variants[1]).outcome == Outcome::Accepted));
    const auto before = s.Look();
    const auto disk = s.Disk();
    const auto tip = s.node.chain->GetTip().hash;
    for (size_t i = 2; i < variants.size(); ++i) {
        for (int time = 0; time < 2; ++time) {
            const auto verdict = s.Give(variants[i]);
            BOOST_REQUIRE((verdict.outcome == Outcome::Held));
            BOOST_REQUIRE_EQUAL(verdict.height, on.height + 1);
        }
        BOOST_REQUIRE(!s.Stored(variants[i]));
    }
    BOOST_TEST(s.Disk() == disk);
    BOOST_TEST((s.node.chain->GetTip().hash == tip));
    for (size_t i = 2; i < variants.size(); ++i) {
        const auto known = s.node.chain->Find(variants[i]->header.Hash());
        BOOST_REQUIRE_EQUAL(known.has_value(), i + chain::MAX_HELD_BLOCKS >= variants.size());
        if (known)
            BOOST_REQUIRE(known->held && !known->stored && known->Here() && known->height == on.height + 1);
    }
    // Another time, another coin: other stakes.
    BOOST_TEST((s.Give(s.Loose(on, CoinbaseOf(*s.path[4]), 1)).outcome == Outcome::Accepted));
    BOOST_TEST((s.Give(s.Variant(on, CoinbaseOf(*s.path[5]), 0)).outcome == Outcome::Accepted));
    // On another block it is the same stake.
    const uint32_t later = variants[0]->header.time / 16 - s.path[14]->time / 16 - 1;
    BOOST_TEST((s.Give(s.Loose(*s.path[14], CoinbaseOf(*s.path[4]), later)).outcome == Outcome::Held));
    // A restart forgets what was held, and knows what is stored.
    const auto after = s.Look();
    BOOST_TEST(after.entries == before.entries + 2);
    BOOST_TEST(!s.node.chain->Find(variants.back()->header.Hash()).has_value());
    BOOST_TEST((s.Give(variants.back()).outcome == Outcome::Held));
    BOOST_TEST(s.node.fatal.empty());
}

BOOST_AUTO_TEST_CASE(what_something_is_built_on_is_stored)
{
    Staked s;
    s.ExtendWithStakes();
    const Made& on = *s.path.back();
    std::vector<const Made*> variants;
    for (uint32_t tag = 0; tag < 12; ++tag) {
        variants.push_back(&s.tree.Adopt(on, s.Variant(on, CoinbaseOf(*s.path[4]), tag)));
        BOOST_REQUIRE((s.Give(*variants.back()).outcome == (tag < 2 ? Outcome::Accepted : Outcome::Held)));
    }
    // Work.
    const Made& work = s.tree.Grow(*variants[5], 0);
    BOOST_TEST(s.Give(work).in_best_chain);
    BOOST_TEST((s.node.chain->GetTip().hash == work.hash));
    BOOST_TEST(s.Stored(variants[5]->block));
    // Another stake; a third one of it waits as well, with what it stands on, until there is work on it.
    std::vector<const Made*> upper;
    for (size_t i : {6, 7, 8}) {
        upper.push_back(&s.Stake(*variants[i], CoinbaseOf(*s.path[5])));
        const auto verdict = s.Give(*upper.back());
        BOOST_REQUIRE((verdict.outcome == (i < 8 ? Outcome::Accepted : Outcome::Held)));
        BOOST_REQUIRE_EQUAL(s.Stored(variants[i]->block), i < 8);
    }
    const Made& top = s.tree.Grow(s.tree.Grow(*upper[2], 0), 0);
    BOOST_TEST((s.Give(top).outcome == Outcome::Waiting));
    BOOST_TEST((s.Give(s.tree.Find(top.block->header.prev_hash)).outcome == Outcome::Accepted));
    BOOST_TEST(s.Stored(variants[8]->block));
    BOOST_TEST(s.Stored(upper[2]->block));
    BOOST_TEST(s.Give(top).in_best_chain);
    BOOST_TEST((s.node.chain->GetTip().hash == top.hash));
    // What was not needed is in no file.
    for (size_t i : {2, 3, 4, 9, 10, 11})
        BOOST_TEST(!s.Stored(variants[i]->block));
    BOOST_TEST(s.node.fatal.empty());
    (void)s.Look();
    BOOST_TEST((s.node.chain->GetTip().hash == top.hash));
}

BOOST_AUTO_TEST_CASE(what_is_not_proven_brings_nothing_in)
{
    Staked s;
    s.ExtendWithStakes();
    const Made& on = *s.path.back();
    const Made* held = nullptr;
    for (uint32_t tag = 0; tag < 3; ++tag) {
        held = &s.tree.Adopt(on, s.Variant(on, CoinbaseOf(*s.path[4]), tag));
        (void)s.Give(*held);
    }
    const auto disk = s.Disk();
    const auto refused = [&](const BlockRef& block, Rule rule, Outcome outcome = Outcome::Invalid) {
        const auto verdict = s.Give(block);
        BOOST_TEST((verdict.outcome == outcome));
        BOOST_CHECK_MESSAGE(verdict.rule.rule == rule, consensus::Describe(verdict.rule));
        BOOST_TEST(!s.Stored(held->block));
        BOOST_TEST(s.Disk() == disk);
    };
    const auto stake = s.Loose(*held, CoinbaseOf(*s.path[5]));
    refused(WithSignature(stake, 1), Rule::StakeBlockSignature, Outcome::Mutated);
    refused(s.Loose(*held, CoinbaseOf(*s.path[4])), Rule::InputsMissing); // the held block spends it
    refused(s.Loose(*held, StakeOf(*s.path[14])), Rule::StakeDepth);
    auto idle = *s.tree.Grow(*held, 0).block;
    do {
        ++idle.header.nonce;
    } while (consensus::CheckHeader(idle.header, s.params));
    refused(std::make_shared<const primitives::Block>(idle), Rule::HeaderWork);
    auto other = *s.tree.Grow(*held, 0).block;
    other.transactions.pop_back();
    other.transactions.push_back(on.block->transactions[0]);
    refused(std::make_shared<const primitives::Block>(other), Rule::BlockMerkleRoot, Outcome::Mutated);
    BOOST_TEST((s.Give(stake).outcome == Outcome::Accepted));
    BOOST_TEST(s.Stored(held->block));
}

/// A held block that breaks a rule takes with it what is built on it, and nothing else.
BOOST_AUTO_TEST_CASE(a_held_block_may_be_invalid)
{
    Staked s;
    s.ExtendWithStakes();
    const Made& on = *s.path.back();
    for (uint32_t tag = 0; tag < 2; ++tag)
        (void)s.Give(s.Variant(on, CoinbaseOf(*s.path[4]), tag));
    const auto tip = s.node.chain->GetTip().hash;
    const uint32_t time = (on.time / 16 + 1) * 16;
    auto pay = s.tree.builder.Pay({CoinbaseOf(*s.path[5])}, 1, 1'000)->Fields();
    pay.inputs[0].witness[0][9] ^= 1;
    const auto bad = s.tree.builder.MakeStakeBlock({on.hash, on.height + 1, time, 7}, CoinbaseOf(*s.path[4]),
                                                   {primitives::MakeTx(std::move(pay))});
    BOOST_TEST((s.Give(bad).outcome == Outcome::Held));
    const Made& work = s.tree.Grow(s.tree.Adopt(on, bad), 0);
    const auto verdict = s.Give(work);
    BOOST_TEST((verdict.outcome == Outcome::Invalid));
    BOOST_TEST((verdict.rule.rule == Rule::HeaderParentInvalid));
    BOOST_TEST((s.node.chain->GetTip().hash == tip));
    BOOST_TEST(s.node.fatal.empty());
}

BOOST_AUTO_TEST_CASE(the_room_for_held_blocks)
{
    Staked s;
    const auto entry = [&](const BlockRef& block, const chain::BlockEntry* parent) {
        return chain::MakeEntry(s.params, block->header.Hash(), block->header, parent);
    };
    const auto genesis = entry(s.tree.Genesis().block, nullptr);
    const auto make = [&](uint32_t tag, size_t bytes) {
        primitives::Block block = *s.Variant(s.tree.Genesis(), CoinbaseOf(*s.path[1]), tag);
        auto fields = block.transactions[1]->Fields();
        fields.outputs.push_back({0, base::Bytes(bytes, 0x51)});
        block.transactions[1] = primitives::MakeTx(std::move(fields));
        block.header.nonce = tag;
        return std::make_shared<const primitives::Block>(std::move(block));
    };
    chain::HeldBlocks room;
    std::vector<BlockRef> blocks;
    const auto keep = [&](size_t bytes, const chain::BlockEntry* parent) {
        blocks.push_back(make(static_cast<uint32_t>(blocks.size()), bytes));
        room.Keep(entry(blocks.back(), parent), blocks.back());
    };
    const auto here = [&](size_t i) {
        const auto hash = blocks[i]->header.Hash();
        const bool found = room.Find(hash) != nullptr;
        BOOST_REQUIRE_EQUAL(room.Known(hash).has_value(), found);
        BOOST_REQUIRE((room.Block(hash) == (found ? blocks[i] : nullptr)));
        return found;
    };
    const auto at = [&](size_t i) { return room.Find(blocks[i]->header.Hash()); };
    keep(0, genesis.get());
    keep(0, at(0));
    keep(0, at(1));
    keep(0, at(0));
    keep(0, genesis.get());
    // 2 and what it stands on; 3 stood on that, too, and is forgotten.
    const auto taken = room.Take(*at(2));
    BOOST_TEST((taken == std::vector<BlockRef>(blocks.begin(), blocks.begin() + 3)));
    BOOST_TEST(!here(3));
    BOOST_TEST(here(4));
    keep(0, at(4));
    for (size_t i = 0; i < chain::MAX_HELD_BLOCKS - 2; ++i)
        keep(0, genesis.get());
    BOOST_TEST((here(4) && here(5)));
    keep(0, genesis.get()); // one too many: the oldest goes, with its child
    BOOST_TEST((!here(4) && !here(5) && here(6)));
    constexpr size_t BIG = 3'900'000;
    const size_t first = blocks.size();
    for (size_t i = 0; i < chain::MAX_HELD_BYTES / BIG; ++i)
        keep(BIG, genesis.get());
    BOOST_TEST(here(first));
    keep(BIG, genesis.get());
    BOOST_TEST((!here(6) && !here(first) && here(first + 1)));
}

BOOST_AUTO_TEST_CASE(signatures_of_waiting_blocks_are_checked_ahead)
{
    constexpr size_t STAKES = 11;
    Staked s;
    s.node.Close();
    s.node.options.script_threads = 1;
    BOOST_REQUIRE_EQUAL(s.node.Open(), "");
    std::vector<BlockRef> stakes;
    for (size_t i = 1; i <= STAKES; ++i) {
        s.path.push_back(&s.Stake(*s.path.back(), CoinbaseOf(*s.path[i])));
        stakes.push_back(s.path.back()->block);
    }
    auto& chain = *s.node.chain;
    const auto known = [&](const primitives::Block& block, const Own& kernel) {
        const auto key = consensus::SigningKey(kernel.out.script_pubkey, block.transactions[1]->Inputs()[0]);
        const auto digest = consensus::BlockSignatureMessage(block.header.Hash());
        const auto& signature = block.transactions[0]->Inputs()[0].witness[1];
        const auto& cache = chain.Signatures();
        return cache.Contains(cache.Key(digest.Span(), key->Span(), signature));
    };
    // The writer is held up by the first one, which it knows, while the others wait for it.
    std::latch begun(1);
    std::latch held(1);
    chain.QueueBlock(s.path[1]->block, [&](const BlockVerdict&) {
        begun.count_down();
        held.wait();
    });
    begun.wait();
    std::atomic<size_t> accepted{0};
    for (const auto& block : stakes) {
        chain.QueueBlock(block, [&](const BlockVerdict& verdict) {
            accepted += verdict.outcome == Outcome::Accepted && verdict.in_best_chain ? 1 : 0;
        });
    }
    const auto second_known = [&] { return known(*stakes[1], CoinbaseOf(*s.path[2])); };
    for (int tries = 0; tries < 2'000 && !second_known(); ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    BOOST_TEST(second_known());
    BOOST_TEST(!known(*stakes.front(), CoinbaseOf(*s.path[1]))); // the writer's next one is left to it
    BOOST_TEST(accepted.load() == 0u);
    held.count_down();
    BOOST_TEST(chain.AcceptBlock(stakes.back()).Good()); // after all of them
    BOOST_TEST(accepted.load() == STAKES);
    BOOST_TEST((chain.GetTip().hash == stakes.back()->header.Hash()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
