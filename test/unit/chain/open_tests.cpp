#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <limits>

namespace emc::test {
namespace {

using chain::Outcome;

struct Grown {
    Grown()
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        for (int i = 0; i < 30; ++i) {
            tip = &tree.Grow(*tip, 4);
            BOOST_REQUIRE(node.chain->AcceptBlock(tip->block).outcome == Outcome::Accepted);
        }
    }

    /// Restarts without the orderly end: what was not synced is gone or half there.
    void Crash(base::RandomSource* random = nullptr)
    {
        node.files.CutPowerAtSync(1);
        node.Close();
        node.files.Restart(random);
        node.fatal.clear();
    }

    /// Writes rows into the closed state store.
    void Write(const storage::KvBatch& batch)
    {
        storage::KvStore::Options options;
        options.files = &node.files;
        auto store = storage::KvStore::Open("/node/chainstate", options);
        BOOST_REQUIRE(store);
        BOOST_REQUIRE((*store)->Write(batch, storage::Durability::Synced));
    }

    static bool Has(const std::string& text, const std::string& part)
    {
        return text.find(part) != std::string::npos;
    }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 21};
    const Made* tip = &tree.Genesis();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(open, Grown)

BOOST_AUTO_TEST_CASE(blocks_of_a_killed_process_are_found_again)
{
    // Written, never flushed, and the process is gone: the files hold everything the system was given.
    node.options.flush_interval_sec = 1'000'000;
    const auto before = node.files.Syncs();
    BOOST_TEST(before == node.files.Syncs());

    struct Copy {
        std::string path;
        base::Bytes bytes;
    };

    std::vector<Copy> copies;
    for (const char* name : {"/node/blocks/blk00000.dat", "/node/blocks/blk00001.dat"}) {
        if (auto bytes = storage::ReadWholeFile(node.files, name))
            copies.push_back({name, std::move(*bytes)});
    }
    BOOST_REQUIRE(!copies.empty());
    storage::MemoryFiles fresh;
    BOOST_REQUIRE(fresh.MakeDirectories("/node/blocks"));
    for (const auto& copy : copies) {
        auto file = fresh.Open(copy.path, storage::OpenMode::Create);
        BOOST_REQUIRE(file);
        BOOST_REQUIRE((*file)->Write(0, copy.bytes));
    }
    chain::ChainDeps deps{params, node.clock, node.log, node.random, {}, &fresh};
    const auto opened = chain::Chain::Open(node.options, deps);
    BOOST_REQUIRE(opened);
    BOOST_TEST(((*opened)->GetTip().hash == tip->hash));
    BOOST_TEST((*opened)->Supply() == tip->state->supply);
}

BOOST_AUTO_TEST_CASE(newer_version_is_refused_and_left_alone)
{
    node.Close();
    storage::KvBatch batch;
    batch.Put(storage::VersionKey(),
              storage::Encode(storage::VersionRow{storage::STATE_VERSION + 1, params.magic_be}));
    Write(batch);
    for (int i = 0; i < 2; ++i) {
        const auto text = node.Open();
        BOOST_TEST(Has(text, "newer version"), text);
        BOOST_TEST(Has(text, "/node/chainstate"), text);
    }
    node.options.reindex_state = true; // the way out the text names
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
}

BOOST_AUTO_TEST_CASE(name_totals_of_older_stores_are_worked_out)
{
    const auto hash = node.CheckedNameHash();
    BOOST_REQUIRE(node.chain->Names().NameStats().count != 0U);
    for (int round = 0; round < 2; ++round) {
        node.Close();
        storage::KvBatch batch;
        batch.Delete(storage::NameTotalsKey());
        if (round == 1) { // written at another block, as when an older program was used in between
            storage::NameTotalsRow row;
            row.block = params.genesis_hash;
            batch.Put(storage::NameTotalsKey(), storage::Encode(row));
        }
        Write(batch);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        BOOST_TEST((node.CheckedNameHash() == hash));
        BOOST_TEST(node.chain->Control().Verify(4, 5).HasValue());
    }
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), ""); // now from the row
    BOOST_TEST((node.CheckedNameHash() == hash));
}

BOOST_AUTO_TEST_CASE(verification_sees_wrong_name_totals)
{
    const auto stats = node.chain->Names().NameStats();
    storage::NameTotalsRow row;
    row.block = tip->hash;
    row.count = stats.count;
    row.live = stats.live;
    row.bytes = stats.bytes;
    row.product = base::Bytes(384, 1);
    node.Close();
    storage::KvBatch batch;
    batch.Put(storage::NameTotalsKey(), storage::Encode(row));
    Write(batch);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->Control().Verify(3, 0).HasValue());
    const auto verified = node.chain->Control().Verify(4, 1);
    BOOST_REQUIRE(!verified);
    BOOST_TEST(Has(verified.Error().message, "name-state hash"), verified.Error().message);
    BOOST_TEST(Has(verified.Error().message, "-reindex-chainstate"), verified.Error().message);
    node.Close();
    node.options.reindex_state = true; // the way out the text names
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.CheckedNameHash() == stats.hash));
}

BOOST_AUTO_TEST_CASE(other_network_is_refused)
{
    node.Close();
    consensus::Params other = params;
    other.magic_be ^= 1;
    chain::ChainDeps deps{other, node.clock, node.log, node.random, {}, &node.files};
    const auto opened = chain::Chain::Open(node.options, deps);
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.Error().kind == chain::OpenErrorKind::WrongNetwork));
    BOOST_TEST(Has(opened.Error().message, "another network"), opened.Error().message);
}

BOOST_AUTO_TEST_CASE(second_process_is_refused)
{
    chain::ChainDeps deps{params, node.clock, node.log, node.random, {}, &node.files};
    const auto opened = chain::Chain::Open(node.options, deps);
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.Error().kind == chain::OpenErrorKind::InUse), opened.Error().message);
}

BOOST_AUTO_TEST_CASE(missing_and_damaged_block_files_are_named)
{
    const auto second = node.chain->Reader().BlockByHeight(2)->hash;
    node.Close();
    const std::string path = "/node/blocks/blk00000.dat";
    const auto good = storage::ReadWholeFile(node.files, path);
    BOOST_REQUIRE(good);
    BOOST_REQUIRE(node.files.Remove(path));
    auto text = node.Open();
    BOOST_TEST(Has(text, path), text);
    BOOST_TEST(Has(text, "-reindex"), text);

    // Cut off.
    {
        auto file = node.files.Open(path, storage::OpenMode::Create);
        BOOST_REQUIRE((*file)->Write(0, base::ByteSpan(*good).first(400)));
    }
    text = node.Open();
    BOOST_TEST(Has(text, path), text);
    BOOST_TEST(Has(text, "-reindex"), text);
    // Zeros where connected blocks were: opening needs them not, reading one names the place.
    {
        auto file = node.files.Open(path, storage::OpenMode::Write);
        BOOST_REQUIRE((*file)->Resize(good->size()));
    }
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    const auto block = node.chain->Reader().ReadBlock(second);
    BOOST_REQUIRE(!block);
    BOOST_TEST(Has(block.Error().message, path), block.Error().message);
    BOOST_TEST(!node.chain->BlockBytes(second));
    BOOST_TEST(!node.chain->Control().Verify(1, 0).HasValue());
    // A reorganisation that needs it stops the node in order, with the file named.
    BOOST_TEST(!node.chain->Control().InvalidateBlock(second).HasValue());
    BOOST_REQUIRE_EQUAL(node.fatal.size(), 1U);
    BOOST_TEST((node.fatal[0].kind == chain::FatalKind::Corrupt));
    BOOST_TEST(Has(node.fatal[0].message, path), node.fatal[0].message);
    BOOST_TEST((node.chain->AcceptBlock(tree.Grow(*tip, 0).block).outcome == Outcome::Failed));
    node.Close();
    {
        auto file = node.files.Open(path, storage::OpenMode::Create);
        BOOST_REQUIRE((*file)->Write(0, *good));
    }
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
    BOOST_TEST(
        (node.chain->BlockBytes(second) == primitives::Serialize(**node.chain->Reader().ReadBlock(second))));
    BOOST_TEST(!node.chain->BlockBytes(base::Hash256{}));
}

BOOST_AUTO_TEST_CASE(damage_found_while_blocks_are_read_ahead)
{
    const int32_t height = node.chain->GetTip().height;
    node.Close();
    const std::string path = "/node/blocks/blk00000.dat";
    const auto good = storage::ReadWholeFile(node.files, path);
    BOOST_REQUIRE(good);
    const auto bytes = primitives::Serialize(*tip->block);
    const auto last = std::search(good->begin(), good->end(), bytes.begin(), bytes.end());
    BOOST_REQUIRE(last != good->end());
    const auto place = static_cast<uint64_t>(last - good->begin()) + 50; // in the Merkle root
    BOOST_REQUIRE(node.files.Damage(path, place, 0x40));
    node.options.reindex_state = true;
    const auto text = node.Open();
    BOOST_TEST(Has(text, path), text);
    BOOST_TEST(Has(text, "-reindex"), text);
    BOOST_REQUIRE(node.files.Damage(path, place, 0x40)); // undone
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->GetTip().height == height);
    BOOST_TEST((node.chain->GetTip().hash == primitives::PlainHeader(tip->block->header).Hash()));
    BOOST_TEST(node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized)->total ==
               tip->state->supply);
}

BOOST_AUTO_TEST_CASE(damaged_store_is_named_and_left_alone)
{
    node.Close();
    // One byte in each file of the state store in turn: an error that names the store, or no effect on the
    // answer.
    const auto names = node.files.List("/node/chainstate");
    BOOST_REQUIRE(names);
    size_t refused = 0;
    for (const auto& name : *names) {
        if (name == "LOCK" || name == "LOG") continue;
        const std::string path = "/node/chainstate/" + name;
        const auto before = storage::ReadWholeFile(node.files, path);
        if (!before || before->size() < 40) continue;
        BOOST_REQUIRE(node.files.Damage(path, before->size() / 2, 0x40));
        const auto text = node.Open();
        if (text.empty()) {
            const auto stats = node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
            if (stats) BOOST_TEST(stats->total == tip->state->supply);
            if (!stats) BOOST_TEST(Has(stats.Error().message, "/node/chainstate"));
            node.Close();
        } else {
            ++refused;
            BOOST_TEST(Has(text, "/node/chainstate"), text);
            BOOST_TEST(Has(text, "-reindex"), text);
        }
        if (storage::ReadWholeFile(node.files, path).HasValue()) {
            (void)node.files.Damage(path, before->size() / 2, 0x40);
        }
        if (!text.empty()) BOOST_TEST((*storage::ReadWholeFile(node.files, path) == *before));
    }
    BOOST_TEST(refused > 0U);
}

BOOST_AUTO_TEST_CASE(full_disk_stops_in_order_and_loses_nothing)
{
    // Whatever the amount of space left, the node either works or says that the disk is full.
    int full = 0;
    for (uint64_t space = 0; space < 200'000; space += 9'001) {
        node.files.SetQuota(node.files.UsedBytes() + space);
        bool failed = false;
        for (int i = 0; i < 6 && !failed; ++i) {
            const Made& next = tree.Grow(*tip, 6);
            const auto verdict = node.chain->AcceptBlock(next.block);
            failed = verdict.outcome == Outcome::Failed;
            if (!failed) tip = &next;
        }
        node.chain->Control().FlushToDisk();
        if (!node.fatal.empty()) {
            ++full;
            BOOST_TEST((node.fatal[0].kind == chain::FatalKind::DiskFull), node.fatal[0].message);
            BOOST_TEST(Has(node.fatal[0].message, "no space left"), node.fatal[0].message);
            BOOST_TEST(node.chain->Stopped());
            BOOST_TEST((node.chain->GetTip().hash == tip->hash)); // still answers
        }
        node.Close();
        node.files.SetQuota(0);
        node.fatal.clear();
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        BOOST_REQUIRE((node.chain->GetTip().hash == tip->hash));
    }
    BOOST_TEST(full > 3);
    BOOST_TEST((node.Read().coins == tip->state->coins));
    BOOST_TEST((node.Read().names == tip->state->names));
}

BOOST_AUTO_TEST_CASE(interrupted_reindex_goes_on)
{
    node.Close();
    node.options.reindex = true;
    node.options.flush_interval_sec = -1; // after every block
    node.files.CutPowerAtSync(9);
    const auto text = node.Open();
    node.Close();
    node.files.Restart();
    node.fatal.clear();
    BOOST_TEST(!text.empty());
    node.options.reindex = false;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    BOOST_TEST((node.Read().names == tip->state->names));
}

/// Stopped after every number of blocks, by turns in both kinds of rebuilding: no harm, and progress is kept.
BOOST_AUTO_TEST_CASE(opening_ends_when_asked_to)
{
    int starts = 0, asked = 0, most = 0;
    node.interrupted = [&asked, &most] { return ++asked > most; }; // the open chain goes on asking
    for (const bool whole : {true, false}) {
        node.Close();
        (whole ? node.options.reindex : node.options.reindex_state) = true;
        for (int after = 1;; ++after) {
            asked = 0;
            most = after;
            const auto text = node.Open();
            node.options.reindex = node.options.reindex_state = false;
            ++starts;
            BOOST_REQUIRE(starts < 1000);
            if (text.empty()) break;
            BOOST_TEST(text == "Stopped while the chain was opened; the next start goes on");
            BOOST_TEST((node.chain == nullptr));
        }
        most = std::numeric_limits<int>::max();
        BOOST_TEST(node.fatal.empty());
        BOOST_TEST((node.chain->GetTip().hash == tip->hash));
        BOOST_TEST((node.Read() == *tip->state));
    }
    BOOST_TEST(starts > 3, "never interrupted");
}

BOOST_AUTO_TEST_CASE(long_readings_end_when_asked_to)
{
    node.Close();
    bool stop = false;
    node.interrupted = [&stop] { return stop; };
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
    BOOST_TEST(node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized).HasValue());
    stop = true;
    BOOST_TEST(node.chain->Control().Verify(0, 0).Error().message == "Interrupted: the node stops");
    BOOST_TEST(node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized).Error().message ==
               "Interrupted: the node stops");
    BOOST_TEST(node.fatal.empty());
    node.Close(); // in order, with everything written
    stop = false;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.Read() == *tip->state));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
