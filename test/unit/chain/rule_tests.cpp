// Every rule a block can break, broken before a whole chain: the cases of test/vectors/consensus, each on a
// chain whose tip, coins and names are those of the case, together with rivals that force reorganisations
// over it.
#include "chain/block_index.h"
#include "chain/state_cache.h"
#include "consensus/auxpow.h"
#include "storage/kv_store.h"
#include "unit/chain/node.h"
#include "unit/consensus/cases.h"

#include <boost/test/unit_test.hpp>

#include <set>

namespace emc::test {
namespace {

using chain::Outcome;
using consensus::Rule;

BlockRef Ref(primitives::Block block)
{
    return std::make_shared<const primitives::Block>(std::move(block));
}

/// A node that stands right below the world's block, with the world's coins and names.
class Stage
{
public:
    explicit Stage(const World& w) : world(w), node(world.params)
    {
        node.options.reorg_limit = 0;
        node.options.block_file_bytes = 20'000'000;
        node.clock.SetMockTime(world.clock_sec);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        node.Close();
        const auto parent = SeedIndex();
        SeedState(parent);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        base = node.chain->GetTip().hash;
        BOOST_REQUIRE((base == parent));
        BOOST_REQUIRE(node.chain->GetTip().height == world.height - 1);
        start = node.StateHashes();
    }

    chain::BlockVerdict Give(const BlockRef& block) { return node.chain->AcceptBlock(block); }

    Hash256 Tip() const { return node.chain->GetTip().hash; }

    /// The empty block that stands in the way; the tip afterwards.
    BlockRef Rival()
    {
        Draft draft(world);
        draft.coinbase.inputs[0].script_sig.push_back(0x77);
        draft.commit = world.params.activation.segwit <= world.height;
        const auto rival = Ref(draft.Finish());
        const auto verdict = Give(rival);
        BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted, consensus::Describe(verdict.rule));
        BOOST_REQUIRE((Tip() == rival->header.Hash()));
        return rival;
    }

    /// An empty block on one that may not be in the chain.
    BlockRef Child(const Hash256& parent) const
    {
        World above = world;
        above.height += 1;
        Draft draft(above);
        draft.commit = world.params.activation.segwit <= world.height;
        draft.mine = false;
        auto block = draft.Finish();
        block.header.prev_hash = parent;
        while (!consensus::MeetsWork(block.header.Hash(), block.header.bits, world.params))
            ++block.header.nonce;
        return Ref(std::move(block));
    }

    bool MarkedInvalid(const Hash256& hash) const
    {
        const auto info = node.chain->Reader().BlockByHash(hash);
        return info && info->invalid;
    }

    const World world;
    Node node;
    Hash256 base;
    Node::Hashes start;

private:
    std::unique_ptr<storage::KvStore> OpenStore(const std::string& directory)
    {
        storage::KvStore::Options options;
        options.files = &node.files;
        auto store = storage::KvStore::Open(directory, options);
        BOOST_REQUIRE(store);
        return std::move(*store);
    }

    Hash256 SeedIndex()
    {
        const auto store = OpenStore(node.options.blocks_dir + "/index");
        chain::BlockIndex index(world.params);
        BOOST_REQUIRE(index.Load(*store, std::nullopt));
        const auto genesis = index.Copy(*index.Find(world.params.genesis_hash));
        Hash256 last = genesis.hash;
        for (const auto& header : world.Headers()) {
            last = header.Hash();
            const auto* entry = index.Insert(last, header);
            index.Change(*entry, [&](chain::BlockEntry& e) {
                e.status = chain::STATUS_DATA | chain::STATUS_UNDO | chain::STATUS_CONNECTED;
                e.data = e.undo = genesis.data; // never read: nothing goes back that far
                e.data_bytes = genesis.data_bytes;
                e.tx_count = 1;
                e.sequence = static_cast<uint64_t>(e.height) + 1;
                e.modifier = world.modifier;
            });
        }
        storage::KvBatch batch;
        index.WriteChanges(batch);
        BOOST_REQUIRE(store->Write(batch, storage::Durability::Synced));
        return last;
    }

    void SeedState(const Hash256& parent)
    {
        chain::StateCache cache(
            OpenStore(node.options.state_dir), node.random,
            [](const storage::StorageFailure& failure) { BOOST_ERROR(storage::Describe(failure)); });
        const auto tip_at = [&](int32_t height) {
            chain::StateCache::NewTip tip;
            tip.tip.height = height;
            tip.time = world.BlockTime(height);
            tip.median_time = world.MedianTimePast(height);
            return tip;
        };
        std::vector<chain::StateCache::NewTip> ancestors;
        for (int32_t height = 0; height < world.height - 1; ++height)
            ancestors.push_back(tip_at(height));
        cache.Start(ancestors.back(), ancestors, {});
        consensus::BlockDelta delta;
        for (const auto& [outpoint, coin] : world.coins) {
            delta.created.push_back({outpoint, coin});
            delta.supply_change += coin.out.value;
        }
        for (const auto& [name, record] : world.records) {
            names::NameDelta change;
            change.name = name;
            change.after = record;
            delta.names.push_back(change);
        }
        for (const auto& [pair, end] : world.watermarks)
            delta.watermarks.push_back({pair, std::nullopt, end});
        auto tip = tip_at(world.height - 1);
        tip.tip.hash = parent;
        cache.Apply(delta, tip);
        BOOST_REQUIRE(cache.Flush(chain::StateCache::Keep::Nothing));
    }
};

/// A case as a world and a block; a single transaction is put into a block.
struct Case {
    std::string id;
    Rule rule = Rule::Ok;
    bool valid = true;
    bool mutated = false;
    bool lone_tx = false;
    World world;
    BlockRef block;
};

Case ReadCase(const codec::Json& row)
{
    Case out;
    out.id = row["id"].getValStr();
    out.rule = consensus::RuleById(row["rule"].getValStr());
    out.valid = row["expected"]["valid"].isTrue();
    out.mutated = row["expected"]["mutated"].isTrue();
    const auto& in = row["in"];
    out.lone_tx = in.exists("transaction");
    if (!out.lone_tx) {
        out.world = World::FromJson(in);
        const auto block = primitives::ParseBlock(*UnpackHex(in["block"].getValStr()));
        BOOST_REQUIRE_MESSAGE(block, out.id);
        out.block = block;
        return out;
    }
    const auto bytes = *UnpackHex(in["transaction"].getValStr());
    codec::Reader reader(bytes);
    const auto tx = primitives::ReadTransaction(reader, primitives::WitnessMode::Without);
    Draft draft(out.world);
    if (out.rule == Rule::TxCoinbaseLength) {
        draft.coinbase.inputs[0].script_sig = tx.inputs[0].script_sig;
    } else {
        draft.transactions.push_back(tx);
    }
    out.block = Ref(draft.Finish());
    return out;
}

std::string Why(const Case& c, const chain::BlockVerdict& verdict)
{
    return c.id + ": " + std::to_string(static_cast<int>(verdict.outcome)) + " " +
           consensus::Describe(verdict.rule) + verdict.text;
}

/// Refused on the tip, remembered or not as it should be, nothing changed.
void CheckRefused(const Case& c)
{
    Stage stage(c.world);
    const auto hash = c.block->header.Hash();
    for (int time = 0; time < 2; ++time) {
        const auto verdict = stage.Give(c.block);
        const auto wanted = c.mutated                       ? Outcome::Mutated
                            : c.rule == Rule::HeaderTimeNew ? Outcome::Waiting
                                                            : Outcome::Invalid;
        BOOST_REQUIRE_MESSAGE(verdict.outcome == wanted, Why(c, verdict));
        BOOST_REQUIRE_MESSAGE(verdict.rule.rule == c.rule, Why(c, verdict));
        BOOST_REQUIRE_MESSAGE((stage.Tip() == stage.base), c.id);
        if (wanted != Outcome::Invalid) BOOST_REQUIRE_MESSAGE(!stage.MarkedInvalid(hash), c.id);
    }
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == stage.start, c.id);
    BOOST_REQUIRE(stage.node.fatal.empty());
}

/// The same block under a longer branch: the node tries, refuses and goes back.
void CheckRefusedInReorganisation(const Case& c)
{
    Stage stage(c.world);
    const auto rival = stage.Rival();
    const auto before = stage.node.StateHashes();
    const auto hash = c.block->header.Hash();
    (void)stage.Give(c.block);
    (void)stage.Give(stage.Child(hash));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == rival->header.Hash()), c.id);
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == before, c.id);
    const auto again = stage.Give(c.block);
    BOOST_REQUIRE_MESSAGE(again.rule.rule == c.rule, Why(c, again));
    // A header that is refused by itself never enters the index.
    const bool known = stage.node.chain->Reader().BlockByHash(hash).has_value();
    BOOST_REQUIRE_MESSAGE(stage.MarkedInvalid(hash) == (known && !c.mutated), c.id);
}

/// Accepted over a rival, taken back, put on again; each time the state is the one it was.
void CheckAccepted(const Case& c)
{
    Stage stage(c.world);
    auto& control = stage.node.chain->Control();
    const auto rival = stage.Rival()->header.Hash();
    const auto with_rival = stage.node.StateHashes();
    const auto verdict = stage.Give(c.block);
    BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted, Why(c, verdict));
    const auto hash = c.block->header.Hash();
    const auto child = stage.Child(hash);
    const auto next = stage.Give(child);
    BOOST_REQUIRE_MESSAGE(next.outcome == Outcome::Accepted, Why(c, next));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == child->header.Hash()), c.id);
    const auto with_block = stage.node.StateHashes();
    BOOST_REQUIRE_MESSAGE(control.Verify(4, 2), c.id);
    BOOST_REQUIRE(control.InvalidateBlock(hash));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == rival), c.id);
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == with_rival, c.id);
    BOOST_REQUIRE(control.ReconsiderBlock(hash));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == child->header.Hash()), c.id);
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == with_block, c.id);
    BOOST_REQUIRE(control.InvalidateBlock(rival));
    BOOST_REQUIRE(control.InvalidateBlock(hash));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == stage.base), c.id);
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == stage.start, c.id);
}

/// Copies of a good block that have its hash and break a rule: what the hash does not cover is changed.
std::vector<BlockRef> BadCopies(const primitives::Block& good, const consensus::Params& params)
{
    std::vector<BlockRef> out;
    const auto with_witness = [&](size_t t, const std::function<void(primitives::Witness&)>& change) {
        primitives::Block copy = good;
        auto fields = copy.transactions[t]->Fields();
        change(fields.inputs[0].witness);
        copy.transactions[t] = primitives::MakeTx(fields);
        out.push_back(Ref(std::move(copy)));
    };
    with_witness(0, [](primitives::Witness& witness) { witness.emplace_back(3, uint8_t{9}); });
    if (!good.transactions[0]->Inputs()[0].witness.empty())
        with_witness(0, [](primitives::Witness& witness) { witness[0][0] ^= 1; }); // reserved value
    if (good.header.IsProofOfStake())
        with_witness(0, [](primitives::Witness& witness) { witness[1][20] ^= 1; }); // block signature
    const size_t last = good.transactions.size() - 1;
    if (last > 0)
        with_witness(last, [](primitives::Witness& witness) { witness.emplace_back(2, uint8_t{5}); });
    if (last > 0 && last % 2 == 0) { // an odd number: the last one twice gives the same root
        primitives::Block copy = good;
        copy.transactions.push_back(copy.transactions.back());
        out.push_back(Ref(std::move(copy)));
    }
    if (good.header.auxpow) {
        primitives::AuxPow proof = *good.header.auxpow;
        while (consensus::MeetsWork(proof.parent.Hash(), good.header.bits, params))
            ++proof.parent.nonce;
        primitives::Block copy = good;
        copy.header.auxpow = std::make_shared<const primitives::AuxPow>(proof);
        out.push_back(Ref(std::move(copy)));
    }
    return out;
}

/// The bad copy first, twice, then the good one.
Rule CheckCopy(const Case& c, const BlockRef& bad)
{
    Stage stage(c.world);
    const auto hash = c.block->header.Hash();
    BOOST_REQUIRE((bad->header.Hash() == hash));
    const auto verdict = stage.Give(bad);
    BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Mutated, Why(c, verdict));
    BOOST_REQUIRE_MESSAGE(stage.Give(bad).rule.rule == verdict.rule.rule, c.id);
    BOOST_REQUIRE_MESSAGE(!stage.MarkedInvalid(hash), c.id);
    BOOST_REQUIRE_MESSAGE((stage.Tip() == stage.base), c.id);
    BOOST_REQUIRE_MESSAGE(stage.node.StateHashes() == stage.start, c.id);
    const auto good = stage.Give(c.block);
    BOOST_REQUIRE_MESSAGE(good.outcome == Outcome::Accepted, Why(c, good));
    BOOST_REQUIRE_MESSAGE((stage.Tip() == hash), c.id);
    return verdict.rule.rule;
}

/// The bad copy on a side branch with a child, so that a reorganisation meets it; the node is restarted, then
/// the good copy comes.
void CheckCopyInReorganisation(const Case& c, const BlockRef& bad)
{
    Stage stage(c.world);
    const auto rival = stage.Rival();
    const auto hash = c.block->header.Hash();
    const auto child = stage.Child(hash);
    (void)stage.Give(bad);
    (void)stage.Give(child);
    for (const bool restarted : {false, true}) {
        BOOST_REQUIRE_MESSAGE((stage.Tip() == rival->header.Hash()), c.id);
        BOOST_REQUIRE_MESSAGE(!stage.MarkedInvalid(hash), c.id);
        BOOST_REQUIRE_MESSAGE(!stage.MarkedInvalid(child->header.Hash()), c.id);
        if (restarted) break;
        stage.node.Close();
        BOOST_REQUIRE_EQUAL(stage.node.Open(), "");
    }
    const auto good = stage.Give(c.block);
    BOOST_REQUIRE_MESSAGE(good.outcome == Outcome::Accepted, Why(c, good));
    (void)stage.Give(child);
    BOOST_REQUIRE_MESSAGE((stage.Tip() == child->header.Hash()), c.id);
}

std::vector<Case> AllCases()
{
    std::vector<Case> out;
    for (const CaseFile& file : CaseFiles()) {
        CaseList list;
        file.fill(list);
        for (const auto& row : list.Rows().getValues())
            out.push_back(ReadCase(row));
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(every_rule_a_block_can_break)
{
    // Rules that no block shows here, and why.
    const std::map<Rule, std::string> elsewhere = {
        {Rule::FeeRange, "inputs are in range and cover the outputs, so the fee is in range"},
        {Rule::TxSize, "a block around such a transaction breaks BlockLength first"},
        {Rule::HeaderParentUnknown, "chain: rules_of_the_chain"},
        {Rule::HeaderParentInvalid, "chain: rules_of_the_chain"},
        {Rule::HeaderKnownInvalid, "chain: rules_of_the_chain"},
        {Rule::HeaderForkDepth, "chain: rules_of_the_chain"},
        {Rule::AuxMissing, "no reader gives such a header: proofs_no_reader_gives"},
        {Rule::AuxSize, "no reader gives such a header: proofs_no_reader_gives"},
        {Rule::AuxCoinbaseShape, "no reader gives such a header: proofs_no_reader_gives"},
        {Rule::AuxBranchLength, "no reader gives such a header: proofs_no_reader_gives"},
    };
    std::set<Rule> shown;
    size_t good = 0;
    size_t bad = 0;
    for (const Case& c : AllCases()) {
        if (c.valid && c.lone_tx) continue; // its coins do not exist
        if (c.valid) {
            CheckAccepted(c);
            ++good;
        } else if (c.rule == Rule::TxSize) {
            BOOST_CHECK(Stage(c.world).Give(c.block).rule.rule == Rule::BlockLength);
        } else if (!elsewhere.contains(c.rule)) {
            CheckRefused(c);
            CheckRefusedInReorganisation(c);
            shown.insert(c.rule);
            ++bad;
        }
    }
    for (int i = 1; i < static_cast<int>(Rule::Count); ++i) {
        const auto rule = static_cast<Rule>(i);
        BOOST_CHECK_MESSAGE(shown.contains(rule) != elsewhere.contains(rule), consensus::Id(rule));
    }
    BOOST_TEST_MESSAGE(good << " good and " << bad << " bad blocks, " << shown.size() << " rules broken");
}

/// Of all rules only the one about scripts is lifted for a block that is assumed to be valid.
BOOST_AUTO_TEST_CASE(assumed_valid_lifts_scripts_only)
{
    size_t scripts = 0;
    std::set<Rule> kept;
    for (Case& c : AllCases()) {
        if (c.valid || c.lone_tx) continue;
        c.world.params.assumed_valid = c.block->header.Hash();
        const auto verdict = Stage(c.world).Give(c.block);
        if (c.rule == Rule::ScriptFailed) {
            BOOST_CHECK_MESSAGE(verdict.in_best_chain, Why(c, verdict));
            ++scripts;
        } else {
            BOOST_CHECK_MESSAGE(!verdict.in_best_chain, Why(c, verdict));
            BOOST_CHECK_MESSAGE(verdict.rule.rule == c.rule, Why(c, verdict));
            kept.insert(c.rule);
        }
    }
    BOOST_CHECK(scripts > 0U);
    for (const Rule rule : {Rule::InputsBelowOutputs, Rule::CoinbaseAmount, Rule::NameFeeUnpaid,
                            Rule::StakeKernelHash, Rule::StakeBlockSignature, Rule::StakeReward}) {
        BOOST_CHECK_MESSAGE(kept.contains(rule), consensus::Id(rule));
    }
    BOOST_TEST_MESSAGE(kept.size() << " rules hold below the assumed block");
}

BOOST_AUTO_TEST_CASE(a_bad_copy_does_not_spoil_the_hash)
{
    std::set<Rule> shown;
    size_t copies = 0;
    for (const Case& c : AllCases()) {
        if (!c.valid || c.lone_tx || primitives::BlockWeight(*c.block) > 400'000) continue;
        for (const auto& bad : BadCopies(*c.block, c.world.params)) {
            shown.insert(CheckCopy(c, bad));
            if (c.block->header.IsProofOfStake()) CheckCopyInReorganisation(c, bad);
            ++copies;
        }
    }
    for (const Rule rule :
         {Rule::StakeBlockSignature, Rule::StakeCoinbaseWitness, Rule::AuxWork, Rule::BlockWitnessReserved,
          Rule::BlockWitnessCommitment, Rule::BlockWitnessUnexpected, Rule::BlockDuplicateTx}) {
        BOOST_CHECK_MESSAGE(shown.contains(rule), consensus::Id(rule));
    }
    BOOST_TEST_MESSAGE(copies << " bad copies by " << shown.size() << " rules");
}

BOOST_AUTO_TEST_CASE(proofs_no_reader_gives)
{
    const World world;
    Draft draft(world);
    draft.header.version = static_cast<int32_t>(consensus::AUXPOW_CHAIN_ID << 16 | 0x104);
    Stage stage(world);
    primitives::AuxPow plain;
    plain.coinbase = primitives::MakeTx(Spend({OutPoint{}}, {{0, ANYONE}}));
    const auto refused = [&](const std::optional<primitives::AuxPow>& proof) {
        auto block = draft.Finish();
        block.header.auxpow.reset();
        if (proof) block.header.auxpow = std::make_shared<const primitives::AuxPow>(*proof);
        const auto verdict = stage.Give(Ref(std::move(block)));
        BOOST_TEST((verdict.outcome == Outcome::Mutated));
        return verdict.rule.rule;
    };
    BOOST_CHECK(refused(std::nullopt) == Rule::AuxMissing);
    auto proof = plain;
    proof.coinbase = primitives::MakeTx(Spend({OutPoint{}}, {{0, Bytes(100'000)}}));
    BOOST_CHECK(refused(proof) == Rule::AuxSize);
    proof.coinbase = primitives::MakeTx(Spend({}, {{0, ANYONE}}));
    BOOST_CHECK(refused(proof) == Rule::AuxCoinbaseShape);
    proof = plain;
    proof.chain_branch.resize(31);
    BOOST_CHECK(refused(proof) == Rule::AuxBranchLength);
    BOOST_CHECK((stage.Tip() == stage.base));
}

BOOST_AUTO_TEST_CASE(rules_of_the_chain)
{
    const auto params = QuickRegtest();
    Node node(params);
    node.options.reorg_limit = 3;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 8);
    std::vector<const Made*> path{&tree.Genesis()};
    for (int i = 0; i < 6; ++i) {
        path.push_back(&tree.Grow(*path.back(), 1));
        BOOST_REQUIRE(node.chain->AcceptBlock(path.back()->block).Good());
    }
    const auto rule = [&](const BlockRef& block) { return node.chain->AcceptBlock(block).rule.rule; };
    const Made& deep = tree.Grow(*path[2], 0);
    BOOST_CHECK(rule(deep.block) == Rule::HeaderForkDepth);
    BOOST_CHECK(rule(tree.Grow(deep, 0).block) == Rule::HeaderParentUnknown);
    const Made& next = tree.Grow(*path.back(), 1);
    BOOST_REQUIRE(node.chain->AcceptBlock(next.block).Good());
    BOOST_REQUIRE(node.chain->Control().InvalidateBlock(next.hash));
    BOOST_CHECK(rule(next.block) == Rule::HeaderKnownInvalid);
    BOOST_CHECK(rule(tree.Grow(next, 0).block) == Rule::HeaderParentInvalid);
    BOOST_CHECK((node.chain->GetTip().hash == path.back()->hash));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
