// Loading a snapshot, going on from it, and checking the blocks below it behind its back.
#include "unit/chain/snapshot_source.h"

#include <chrono>
#include <thread>

namespace emc::test {
namespace {

using chain::Outcome;
using Survivors = storage::MemoryFiles::Survivors;

constexpr int BASE = 14;
constexpr int MORE = 4;

/// Waits until `done` or the node has stopped or lost its power; true when it was done.
bool Wait(Node& node, const std::function<bool()>& done)
{
    for (int i = 0; i < 20'000; ++i) {
        if (done()) return true;
        if (node.chain->Stopped() || node.files.PowerIsCut()) return done();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return done();
}

bool Settled(const Node& node)
{
    return node.chain->Snapshots().States().size() == 1;
}

/// A chain with a snapshot at height BASE and MORE blocks above, and nodes that may load it.
struct Ground {
    Ground() : source(BASE), info(source.Dump()), file(source.FileOf()), params(source.params)
    {
        path = source.tree.PathTo(*source.tip);
        const Made* tip = source.tip;
        for (int i = 0; i < MORE; ++i)
            path.push_back(tip = &source.tree.Grow(*tip, 5));
        params.assumed_states.push_back({BASE, info.base, info.state_hash});
    }

    /// A node that was given the first blocks and the file.
    std::unique_ptr<Node> Make(const consensus::Params& with, int blocks = 3)
    {
        auto node = std::make_unique<Node>(with);
        node->options.cache_bytes = size_t{4} << 20;
        BOOST_REQUIRE_EQUAL(node->Open(), "");
        Give(*node, 1, blocks);
        WriteFile(node->files, file);
        return node;
    }

    std::unique_ptr<Node> Loaded(int blocks = 3)
    {
        auto node = Make(params, blocks);
        const auto done = node->chain->Snapshots().Load(PATH);
        BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.Error().message));
        return node;
    }

    void Give(Node& node, int from, int to) const
    {
        for (int height = from; height <= to; ++height)
            (void)node.chain->AcceptBlock(path[static_cast<size_t>(height) - 1]->block);
    }

    const Made& At(int height) const { return *path[static_cast<size_t>(height) - 1]; }

    /// The state is exactly that of the block the node stands at.
    void CheckState(Node& node)
    {
        BOOST_REQUIRE(node.StateHashes() == replays.At(node.chain->GetTip().hash));
        const Made& made = source.tree.Find(node.chain->GetTip().hash);
        std::map<std::string, names::NameRecord> names;
        node.chain->Names().Scan({}, [&](const interfaces::NameInfo& name) {
            names[name.name] = name.record;
            bool found = false;
            node.chain->Names().ByOwner(name.record.owner_script, [&](const interfaces::NameInfo& other) {
                found = other.name == name.name;
                return !found;
            });
            BOOST_REQUIRE(found);
            return true;
        });
        BOOST_REQUIRE((names == made.state->names));
        BOOST_REQUIRE(node.chain->Supply() == made.state->supply);
    }

    Source source;
    const interfaces::SnapshotInfo info;
    const base::Bytes file;
    consensus::Params params;
    std::vector<const Made*> path;
    Replays replays{source.tree, source.params};
};

std::string Refusal(Node& node)
{
    const auto done = node.chain->Snapshots().Load(PATH);
    BOOST_REQUIRE(!done);
    BOOST_TEST(!node.files.Exists("/node/chainstate_loading/CURRENT"));
    BOOST_TEST(!node.files.Exists("/node/chainstate_snapshot/CURRENT"));
    BOOST_TEST(Settled(node));
    return done.Error().message;
}

void Contains(const std::string& text, std::string_view part)
{
    BOOST_TEST(text.find(part) != std::string::npos, text << " does not hold: " << part);
}

} // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(loads_goes_on_and_validates)
{
    Ground ground;
    const auto node = ground.Loaded();
    BOOST_TEST((node->chain->GetTip().hash == ground.info.base));
    ground.CheckState(*node);
    auto states = node->chain->Snapshots().States();
    BOOST_REQUIRE(states.size() == 2U);
    BOOST_TEST((states[0].height == 3 && states[0].validated && !states[0].snapshot_base));
    BOOST_TEST(
        (states[1].height == BASE && !states[1].validated && states[1].snapshot_base == ground.info.base));
    ground.Give(*node, BASE + 1, BASE + MORE);
    BOOST_TEST(node->chain->GetTip().height == BASE + MORE);
    ground.CheckState(*node);
    const auto below = node->chain->Reader().BlockByHeight(7);
    BOOST_REQUIRE(below);
    BOOST_TEST((below->awaited && below->in_best_chain && !below->has_data));
    const auto block = node->chain->Reader().ReadBlock(below->hash);
    BOOST_REQUIRE(!block);
    Contains(block.Error().message, "below the snapshot that was loaded at height 14");
    BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue()); // down to the base
    node->Close();
    BOOST_REQUIRE_EQUAL(node->Open(), "");
    BOOST_TEST(node->chain->GetTip().height == BASE + MORE);
    ground.CheckState(*node);
    BOOST_TEST(node->chain->MissingHistory(100).size() == static_cast<size_t>(BASE - 3));
    for (int height = BASE; height > 4; --height)
        ground.Give(*node, height, height);
    BOOST_TEST(node->chain->Snapshots().States().size() == 2U);
    const std::vector<chain::Chain::MissingBlock> last{{4, ground.At(4).hash}};
    BOOST_TEST((node->chain->MissingHistory(100) == last));
    ground.Give(*node, 4, 4);
    BOOST_REQUIRE(Wait(*node, [&] { return Settled(*node); }));
    BOOST_TEST(!node->chain->Reader().BlockByHeight(7)->awaited);
    BOOST_TEST(node->chain->MissingHistory(100).empty());
    BOOST_TEST(node->chain->Reader().BlockByHeight(BASE + MORE)->chain_tx_count ==
               node->chain->Reader().BlockByHeight(BASE)->chain_tx_count +
                   node->chain->Reader().BlockByHeight(BASE + 1)->tx_count +
                   node->chain->Reader().BlockByHeight(BASE + 2)->tx_count +
                   node->chain->Reader().BlockByHeight(BASE + 3)->tx_count +
                   node->chain->Reader().BlockByHeight(BASE + 4)->tx_count);
    ground.CheckState(*node);
    BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue());
    node->Close();
    BOOST_REQUIRE_EQUAL(node->Open(), "");
    BOOST_TEST(!node->files.Exists("/node/chainstate_snapshot/CURRENT"));
    BOOST_TEST(node->files.Exists("/node/chainstate/CURRENT"));
    ground.CheckState(*node);
    BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue());
    // The old blocks can be undone now.
    BOOST_TEST(node->chain->Control().InvalidateBlock(ground.At(9).hash).HasValue());
    BOOST_TEST(node->chain->GetTip().height == 8);
    ground.CheckState(*node);
    BOOST_TEST(node->fatal.empty());
}

BOOST_AUTO_TEST_CASE(validates_from_an_empty_node_while_new_blocks_come)
{
    Ground ground;
    const auto node = ground.Loaded(0);
    for (int height = 1; height <= BASE; ++height) {
        ground.Give(*node, height, height);
        if (height % 4 == 0) ground.Give(*node, BASE + height / 4, BASE + height / 4);
    }
    ground.Give(*node, BASE + MORE, BASE + MORE);
    BOOST_REQUIRE(Wait(*node, [&] { return Settled(*node); }));
    BOOST_TEST(node->chain->GetTip().height == BASE + MORE);
    ground.CheckState(*node);
    BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue());
}

BOOST_AUTO_TEST_CASE(blocks_above_that_came_before_are_connected)
{
    Ground ground;
    const auto node = ground.Make(ground.params);
    for (const Made* made : ground.path)
        BOOST_REQUIRE(node->chain->AcceptHeader(made->block->header).Good());
    ground.Give(*node, BASE + 1, BASE + 2);
    BOOST_TEST(node->chain->GetTip().height == 3);
    BOOST_REQUIRE(node->chain->Snapshots().Load(PATH));
    BOOST_TEST(node->chain->GetTip().height == BASE + 2);
    ground.CheckState(*node);
}

BOOST_AUTO_TEST_CASE(refusals)
{
    Ground ground;
    Contains(Refusal(*ground.Make(ground.source.params)), "Nobody vouches for the state");
    {
        auto other = ground.params;
        other.assumed_states[0].state.bytes[5] ^= 1;
        const auto text = Refusal(*ground.Make(other));
        Contains(text, base::ReversedHex(ground.info.state_hash));
        Contains(text, base::ReversedHex(other.assumed_states[0].state));
    }
    {
        auto node = ground.Make(ground.params);
        auto damaged = ground.file;
        damaged[damaged.size() - 50] ^= 1;
        WriteFile(node->files, damaged);
        (void)Refusal(*node);
        ground.CheckState(*node);
        WriteFile(node->files, base::ByteSpan(ground.file).first(ground.file.size() - 1));
        Contains(Refusal(*node), "get it again");
        BOOST_REQUIRE(node->files.Remove(PATH));
        Contains(Refusal(*node), "no such file");
    }
    Contains(Refusal(*ground.Make(ground.params, BASE)), "at height 14 already");
    for (const uint64_t space : {100, 2'000, 8'000}) {
        auto node = ground.Make(ground.params);
        node->files.SetQuota(node->files.UsedBytes() + space);
        Contains(Refusal(*node), "no space left on the disk");
        node->files.SetQuota(0);
        BOOST_TEST(!node->chain->Stopped());
        ground.CheckState(*node);
        BOOST_TEST(node->chain->Snapshots().Load(PATH).HasValue());
    }
    {
        auto node = ground.Make(ground.params);
        const Made& other = ground.source.tree.Grow(ground.At(3), 0);
        BOOST_REQUIRE((node->chain->AcceptBlock(other.block).outcome == Outcome::Accepted));
        Contains(Refusal(*node), "is not below the snapshot's block");
        BOOST_REQUIRE(node->chain->Control().InvalidateBlock(other.hash));
        BOOST_TEST(node->chain->Snapshots().Load(PATH).HasValue());
    }
    {
        auto node = ground.Make(ground.params);
        for (const Made* made : ground.path)
            BOOST_REQUIRE(node->chain->AcceptHeader(made->block->header).Good());
        BOOST_REQUIRE(node->chain->Control().InvalidateBlock(ground.At(6).hash));
        Contains(Refusal(*node), "known to be invalid");
    }
}

BOOST_AUTO_TEST_CASE(what_a_loaded_node_refuses)
{
    Ground ground;
    const auto node = ground.Loaded();
    const auto again = node->chain->Snapshots().Load(PATH);
    BOOST_REQUIRE(!again);
    Contains(again.Error().message, "is loaded already");
    const auto dump = node->chain->Snapshots().Dump("/own.dat");
    BOOST_REQUIRE(!dump);
    Contains(dump.Error().message, "cannot vouch");
    for (const int height : {2, 9, BASE}) {
        const auto undone = node->chain->Control().InvalidateBlock(ground.At(height).hash);
        BOOST_REQUIRE(!undone);
        Contains(undone.Error().message, "history is not checked yet");
    }
    // A better chain that leaves below the base is not followed before that, and is afterwards.
    const Made* other = &ground.At(10);
    for (int i = 0; i < 12; ++i) {
        other = &ground.source.tree.Grow(*other, 2);
        (void)node->chain->AcceptBlock(other->block);
    }
    for (int height = 4; height <= 10; ++height)
        ground.Give(*node, height, height);
    BOOST_TEST(node->chain->GetTip().height == BASE);
    BOOST_TEST((node->chain->GetTip().hash == ground.info.base));
    ground.CheckState(*node);
    ground.Give(*node, 11, BASE);
    BOOST_REQUIRE(Wait(*node, [&] { return Settled(*node); }));
    BOOST_REQUIRE(Wait(*node, [&] { return node->chain->GetTip().hash == other->hash; }));
    ground.CheckState(*node);
}

/// A file somebody made up, and an operator who was talked into trusting it.
BOOST_AUTO_TEST_CASE(a_lie_is_found_out)
{
    Ground ground;
    Parts parts(ground.source, ground.source.node.files);
    auto& coins = parts.content.coins;
    size_t other = 1;
    while (coins[other].second == coins[0].second)
        ++other;
    std::swap(coins[0].second, coins[other].second);
    auto lie = ground.params;
    const auto forged = parts.File();
    {
        auto node = ground.Make(ground.params);
        WriteFile(node->files, forged);
        Contains(Refusal(*node), "is trusted; get the file from somebody else");
        WriteFile(node->files, forged);
        auto reader = SnapshotReader::Open(node->files, PATH, lie.magic_be);
        BOOST_REQUIRE(reader);
        Kept kept;
        lie.assumed_states[0].state = reader->Read(lie.genesis_hash, kept)->state;
    }
    const auto node = ground.Make(lie);
    WriteFile(node->files, forged);
    BOOST_REQUIRE(node->chain->Snapshots().Load(PATH));
    ground.Give(*node, BASE + 1, BASE + MORE);
    ground.Give(*node, 4, BASE);
    BOOST_REQUIRE(Wait(*node, [&] { return node->chain->Stopped(); }));
    node->chain->Control().FlushToDisk(); // the writer has told why by then
    BOOST_REQUIRE(node->fatal.size() == 1U);
    const auto& message = node->fatal[0].message;
    Contains(message, base::ReversedHex(lie.assumed_states[0].state));
    Contains(message, base::ReversedHex(ground.info.state_hash));
    Contains(message, "The next start puts the snapshot aside");
    node->Close();
    node->fatal.clear();
    BOOST_REQUIRE_EQUAL(node->Open(), "");
    BOOST_TEST(!node->files.Exists("/node/chainstate_snapshot/CURRENT"));
    BOOST_TEST(node->files.Exists("/node/chainstate_snapshot_refused/CURRENT"));
    ground.Give(*node, 1, BASE + MORE);
    BOOST_TEST(node->chain->GetTip().height == BASE + MORE);
    ground.CheckState(*node);
    BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue());
    BOOST_TEST(node->fatal.empty());
}

/// The file is true to blocks that only a careless node took.
BOOST_AUTO_TEST_CASE(a_bad_block_below_the_base_is_found_out)
{
    const auto params = QuickRegtest();
    Tree tree(params, 5);
    Node careless(params);
    careless.options.check_scripts = false;
    BOOST_REQUIRE_EQUAL(careless.Open(), "");
    std::vector<BlockRef> blocks;
    const Made* tip = &tree.Genesis();
    const auto add = [&](const BlockRef& block) {
        tip = &tree.Adopt(*tip, block);
        blocks.push_back(block);
        BOOST_REQUIRE(careless.chain->AcceptBlock(block).in_best_chain);
    };
    for (int i = 0; i < 5; ++i)
        add(tree.Grow(*tip, 0).block);
    auto fields = tree.builder.Pay({tree.Spendable(*tip)[0]}, 2, 0)->Fields();
    fields.inputs[0].witness[0][10] ^= 1;
    add(tree.builder.MakeBlock({tip->hash, 6, tip->time + 60, 1}, {primitives::MakeTx(fields)},
                               50 * primitives::COIN));
    for (int i = 0; i < 3; ++i)
        add(tree.Grow(*tip, 0).block);
    const auto info = careless.chain->Snapshots().Dump(PATH);
    BOOST_REQUIRE(info);
    auto trusting = params;
    trusting.assumed_states.push_back({info->height, info->base, info->state_hash});
    Node node(trusting);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    WriteFile(node.files, *storage::ReadWholeFile(careless.files, PATH));
    BOOST_REQUIRE(node.chain->Snapshots().Load(PATH));
    for (const auto& block : blocks)
        (void)node.chain->AcceptBlock(block);
    BOOST_REQUIRE(Wait(node, [&] { return node.chain->Stopped(); }));
    node.chain->Control().FlushToDisk(); // the writer has told why by then
    BOOST_REQUIRE(node.fatal.size() == 1U);
    Contains(node.fatal[0].message, base::ReversedHex(blocks[5]->header.Hash()) + " at height 6");
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->GetTip().height == 5);
    BOOST_TEST((node.chain->AcceptBlock(blocks[5]).outcome == Outcome::Invalid));
    BOOST_TEST(node.StateHashes().supply == 5 * 50 * primitives::COIN);
}

/// Stake on a coin from below the base: its kernel, the modifier and the targets come from the snapshot.
BOOST_AUTO_TEST_CASE(proof_of_stake_above_the_base)
{
    auto params = QuickRegtest();
    Tree tree(params, 8);
    Node whole(params);
    BOOST_REQUIRE_EQUAL(whole.Open(), "");
    const Made* tip = &tree.Genesis();
    BlockRef first;
    const auto add = [&](const BlockRef& block) {
        if (!first) first = block;
        BOOST_REQUIRE(whole.chain->AcceptBlock(block).in_best_chain);
    };
    const auto stake = [&](const BlockRef& on, int32_t height, size_t coin_height) {
        const auto info = whole.chain->Reader().BlockByHeight(static_cast<int32_t>(coin_height));
        const auto source = whole.chain->Reader().ReadBlock(info->hash);
        const auto& made = (*source)->transactions[0];
        const uint32_t time = (on->header.time / 16 + 1) * 16;
        return tree.builder.MakeStakeBlock({on->header.Hash(), height, time, 0},
                                           {{made->Txid(), 0}, made->Outputs()[0]}, {});
    };
    for (int i = 0; i < params.kernel_depth + 3; ++i)
        add((tip = &tree.Grow(*tip, 0))->block);
    const auto below = stake(tip->block, tip->height + 1, 1);
    add(below);
    const auto info = whole.chain->Snapshots().Dump(PATH);
    BOOST_REQUIRE(info);
    params.assumed_states.push_back({info->height, info->base, info->state_hash});
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    WriteFile(node.files, *storage::ReadWholeFile(whole.files, PATH));
    BOOST_REQUIRE(node.chain->Snapshots().Load(PATH));
    const auto above = stake(below, info->height + 1, 2);
    add(above);
    const auto verdict = node.chain->AcceptBlock(above);
    BOOST_REQUIRE_MESSAGE(verdict.in_best_chain, consensus::Describe(verdict.rule));
    BOOST_TEST((node.StateHashes() == whole.StateHashes()));
    const auto next = node.chain->Next();
    const auto wanted = whole.chain->Next();
    BOOST_TEST((next.stake_modifier == wanted.stake_modifier));
    BOOST_TEST((next.fork_state == wanted.fork_state));
    BOOST_TEST((next.last_pos_time == wanted.last_pos_time));
    for (int32_t height = 1; height <= info->height; ++height) {
        const auto hash = whole.chain->Reader().BlockByHeight(height)->hash;
        (void)node.chain->AcceptBlock(*whole.chain->Reader().ReadBlock(hash));
    }
    BOOST_REQUIRE(Wait(node, [&] { return Settled(node); }));
    BOOST_TEST((node.StateHashes() == whole.StateHashes()));
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
}

BOOST_AUTO_TEST_CASE(pruning_spares_what_is_to_be_checked)
{
    Ground ground;
    auto node = std::make_unique<Node>(ground.params);
    node->options.prune = true;
    node->options.prune_keep_blocks = 1;
    node->options.block_file_bytes = 2'000;
    node->options.block_chunk_bytes = 500;
    node->options.reorg_limit = 1;
    BOOST_REQUIRE_EQUAL(node->Open(), "");
    WriteFile(node->files, ground.file);
    BOOST_REQUIRE(node->chain->Snapshots().Load(PATH));
    for (int height = BASE; height > 1; --height) // nothing can be checked before the first one
        ground.Give(*node, height, height);
    ground.Give(*node, BASE + 1, BASE + MORE);
    (void)node->chain->Control().Prune(BASE + MORE);
    for (int height = 2; height <= BASE; ++height)
        BOOST_REQUIRE(node->chain->Reader().BlockByHeight(height)->has_data);
    ground.Give(*node, 1, 1);
    BOOST_REQUIRE(Wait(*node, [&] { return Settled(*node); }));
    const auto gone = node->chain->Control().Prune(BASE + MORE);
    BOOST_REQUIRE(gone);
    BOOST_TEST(*gone > 0);
    ground.CheckState(*node);
    node->Close();
    BOOST_REQUIRE_EQUAL(node->Open(), "");
    ground.CheckState(*node);
}

BOOST_AUTO_TEST_CASE(reindexing_drops_the_snapshot)
{
    Ground ground;
    for (const bool all : {false, true}) {
        const auto node = ground.Loaded();
        ground.Give(*node, 4, 6);
        ground.Give(*node, BASE + 1, BASE + MORE);
        node->Close();
        (all ? node->options.reindex : node->options.reindex_state) = true;
        BOOST_REQUIRE_EQUAL(node->Open(), "");
        BOOST_TEST(node->chain->GetTip().height == 6);
        BOOST_TEST(Settled(*node));
        ground.CheckState(*node);
        node->Close();
        node->options.reindex = node->options.reindex_state = false;
        BOOST_REQUIRE_EQUAL(node->Open(), "");
        BOOST_TEST(!node->files.Exists("/node/chainstate_snapshot/CURRENT"));
        ground.Give(*node, 7, BASE + MORE);
        BOOST_TEST(node->chain->GetTip().height == BASE + MORE);
        ground.CheckState(*node);
        BOOST_TEST(node->chain->Control().Verify(4, 0).HasValue());
    }
}

namespace {

/// Everything a node may go through with a snapshot; ends early when the power goes.
void GoThrough(Ground& ground, Node& node)
{
    const auto alive = [&] { return !node.files.PowerIsCut() && !node.chain->Stopped(); };
    ground.Give(node, 1, 3);
    if (alive() && node.chain->GetTip().height < BASE) (void)node.chain->Snapshots().Load(PATH);
    if (alive()) ground.Give(node, BASE + 1, BASE + 2);
    if (alive()) node.chain->Control().FlushToDisk();
    if (alive()) ground.Give(node, 1, BASE);
    if (alive()) (void)Wait(node, [&] { return Settled(node); });
    if (alive()) ground.Give(node, BASE + 1, BASE + MORE);
    if (alive()) node.chain->Control().FlushToDisk();
}

void CheckRecovery(Ground& ground, Node& node)
{
    node.fatal.clear();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    ground.CheckState(node);
    BOOST_REQUIRE(node.chain->Control().Verify(4, 6).HasValue());
    GoThrough(ground, node);
    BOOST_REQUIRE(Settled(node));
    BOOST_REQUIRE(node.chain->GetTip().height == BASE + MORE);
    ground.CheckState(node);
    BOOST_REQUIRE(node.chain->Control().Verify(4, 0).HasValue());
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    ground.CheckState(node);
    BOOST_REQUIRE(!node.files.Exists("/node/chainstate_snapshot/CURRENT"));
    BOOST_REQUIRE(!node.files.Exists("/node/chainstate_loading/CURRENT"));
    BOOST_REQUIRE(node.fatal.empty());
}

/// The power goes at the n-th sync or write of a node's life with a snapshot, the start after it included.
void CutOnce(Ground& ground, void (storage::MemoryFiles::*cut)(uint64_t), uint64_t n,
             std::optional<Survivors> survivors)
{
    static crypto::TestRandom torn(1);
    Node node(ground.params);
    WriteFile(node.files, ground.file);
    const auto file = node.files.Open(PATH, storage::OpenMode::Write);
    BOOST_REQUIRE((*file)->Sync());
    (node.files.*cut)(n);
    if (node.Open().empty()) {
        GoThrough(ground, node);
        node.Close();
        if (!node.files.PowerIsCut()) (void)node.Open();
    }
    node.Close();
    node.files.Restart(survivors ? &torn : nullptr, survivors.value_or(Survivors::First));
    CheckRecovery(ground, node);
}

} // namespace

BOOST_AUTO_TEST_CASE(power_cut_at_every_sync_and_write)
{
    Ground ground;
    uint64_t syncs = 0;
    uint64_t writes = 0;
    {
        Node node(ground.params);
        WriteFile(node.files, ground.file);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        GoThrough(ground, node);
        BOOST_REQUIRE(Settled(node));
        node.Close();
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        node.Close();
        syncs = node.files.Syncs();
        writes = node.files.Writes();
    }
    BOOST_TEST(syncs > 20U);
    for (uint64_t at = 1; at <= syncs; ++at) {
        CutOnce(ground, &storage::MemoryFiles::CutPowerAtSync, at, std::nullopt);
        CutOnce(ground, &storage::MemoryFiles::CutPowerAtSync, at, Survivors::First);
        CutOnce(ground, &storage::MemoryFiles::CutPowerAtSync, at, Survivors::Any);
    }
    BOOST_TEST_MESSAGE("power cut at " << syncs << " syncs, three times each");
    for (uint64_t at = 1; at <= writes; ++at) {
        const auto survivors = at % 2 == 0 ? Survivors::Any : Survivors::First;
        CutOnce(ground, &storage::MemoryFiles::CutPowerAtWrite, at, survivors);
    }
    BOOST_TEST_MESSAGE("power cut at " << writes << " writes");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
