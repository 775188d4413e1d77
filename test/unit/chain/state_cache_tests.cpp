#include "chain/state_cache.h"
#include "chain/undo.h"
#include "chain/watermark_changes.h"
#include "consensus/tx_rules.h"
#include "crypto/random.h"
#include "storage/kv_store.h"
#include "storage/memory_files.h"
#include "storage/schema.h"
#include "unit/chain/node.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using chain::BlockUndo;
using chain::StateCache;
using names::NameRecord;
using primitives::Coin;

/// A block that no rule but the shape of changes holds for, its delta and undo record.
struct Step {
    primitives::Block block;
    consensus::BlockDelta delta;
    int32_t height = 0;
};

/// How large the steps and the state are.
struct Shape {
    uint64_t seed = 1;
    size_t spends = 150; ///< per step
    size_t names = 20;   ///< per step
    size_t rewards = 3;  ///< per step
    uint64_t name_pool = 200;
    size_t coin_limit = 6'000; ///< about so many stay
    uint64_t flush_every = 6;  ///< steps, on average
};

/// Watermarks that ended before this are gone with the block.
int64_t HorizonAt(int32_t height)
{
    return int64_t{height} * 10;
}

/// Coins, names and watermarks as plain maps, and random changes of them.
class Plain
{
public:
    explicit Plain(const Shape& s) : shape(s), random(s.seed) {}

    Step Next(int32_t height)
    {
        Step step;
        step.height = height;
        Spend(step, shape.spends);
        Names(step, shape.names);
        Rewards(step, shape.rewards);
        for (const auto& outpoint : step.delta.removed) {
            step.delta.supply_change -= coins.at(outpoint).out.value;
            coins.erase(outpoint);
        }
        for (const auto& made : step.delta.created) {
            step.delta.supply_change += made.coin.out.value;
            coins[made.outpoint] = made.coin;
        }
        for (const auto& change : step.delta.names) {
            names.erase(change.name);
            if (change.after) names[change.name] = *change.after;
        }
        for (const auto& change : step.delta.watermarks) {
            watermarks.erase(change.pair);
            if (change.after) watermarks[change.pair] = *change.after;
        }
        supply += step.delta.supply_change;
        return step;
    }

    Shape shape;
    std::map<OutPoint, Coin> coins;
    std::map<std::string, NameRecord> names;
    std::map<reward::CallPair, uint32_t> watermarks;
    int64_t supply = 0;
    size_t operations = 0;
    crypto::TestRandom random;

private:
    void Spend(Step& step, size_t count)
    {
        primitives::MutableTransaction coinbase;
        coinbase.inputs.push_back({{}, base::Bytes(8, static_cast<uint8_t>(step.height)), 0, {}});
        coinbase.inputs[0].sequence = static_cast<uint32_t>(m_serial++);
        coinbase.outputs.push_back({5'000, base::Bytes{0x51}});
        step.block.transactions.push_back(primitives::MakeTx(coinbase));
        step.delta.spent.emplace_back();
        Create(step, 0);
        std::vector<OutPoint> own; // made in this block
        auto it = coins.lower_bound({base::Hash256{{static_cast<uint8_t>(random.Below(256))}}, 0});
        for (size_t i = 0; i < count; ++i) {
            primitives::MutableTransaction tx;
            std::vector<Coin> spent;
            if (!own.empty() && random.Below(4) == 0) {
                const OutPoint outpoint = own.back();
                own.pop_back();
                const auto made = std::find_if(step.delta.created.begin(), step.delta.created.end(),
                                               [&](const auto& item) { return item.outpoint == outpoint; });
                spent.push_back(made->coin);
                step.delta.created.erase(made);
                tx.inputs.push_back({outpoint, {}, 0, {}});
            } else if (it != coins.end()) {
                spent.push_back(it->second);
                step.delta.removed.push_back(it->first);
                tx.inputs.push_back({it->first, {}, 0, {}});
                ++it;
            }
            if (spent.empty()) break;
            const uint64_t fewest = coins.size() > shape.coin_limit ? 2 : 0;
            for (uint64_t o = std::max(fewest, random.Below(3)); o < 3; ++o) {
                tx.outputs.push_back({static_cast<int64_t>(random.Below(1'000)),
                                      base::Bytes(1 + static_cast<size_t>(random.Below(40)), 0x51)});
            }
            step.block.transactions.push_back(primitives::MakeTx(tx));
            step.delta.spent.push_back(std::move(spent));
            Create(step, step.block.transactions.size() - 1);
            own.push_back({step.block.transactions.back()->Txid(), 0});
            operations += 1 + tx.outputs.size();
        }
    }

    static void Create(Step& step, size_t t)
    {
        const auto& tx = *step.block.transactions[t];
        for (size_t i = 0; i < tx.Outputs().size(); ++i) {
            const auto coin = consensus::CoinOf(tx, i, step.height, consensus::RoleOf(step.block, t));
            if (coin) step.delta.created.push_back({{tx.Txid(), static_cast<uint32_t>(i)}, *coin});
        }
    }

    void Names(Step& step, size_t count)
    {
        std::map<std::string, bool> used;
        for (size_t i = 0; i < count; ++i) {
            const std::string name = "n" + std::to_string(random.Below(shape.name_pool));
            if (!used.emplace(name, true).second) continue;
            names::NameDelta delta;
            delta.name = name;
            if (const auto it = names.find(name); it != names.end()) delta.before = it->second;
            if (!delta.before || random.Below(4) != 0) {
                NameRecord record;
                record.outpoint.index = static_cast<uint32_t>(m_serial++);
                record.value = base::Bytes(static_cast<size_t>(random.Below(60)), 0x20);
                record.owner_script = base::Bytes(2, static_cast<uint8_t>(random.Below(3)));
                record.expiry = step.height + static_cast<int32_t>(random.Below(400));
                record.updated_height = step.height;
                record.born_height = static_cast<int32_t>(random.Below(1'000));
                delta.after = record;
            }
            step.delta.names.push_back(std::move(delta));
            ++operations;
        }
    }

    void Rewards(Step& step, size_t count)
    {
        std::map<reward::CallPair, reward::WatermarkDelta> changes;
        for (const auto& [pair, end] : watermarks) {
            if (end < HorizonAt(step.height)) changes[pair] = {pair, end, std::nullopt};
        }
        for (size_t i = 0; i < count; ++i) {
            const reward::CallPair pair{{1'000 + random.Below(30), static_cast<uint16_t>(random.Below(2))},
                                        {2'000 + random.Below(10), 0}};
            auto& change = changes[pair];
            change.pair = pair;
            if (const auto it = watermarks.find(pair); it != watermarks.end()) change.before = it->second;
            change.after =
                static_cast<uint32_t>(HorizonAt(step.height + 1) + static_cast<int64_t>(random.Below(300)));
            ++operations;
        }
        for (const auto& [pair, change] : changes)
            step.delta.watermarks.push_back(change);
    }

    uint64_t m_serial = 1;
};

BlockUndo UndoOf(const Step& step)
{
    BlockUndo undo;
    undo.spent = step.delta.spent;
    undo.names = step.delta.names;
    undo.watermarks = step.delta.watermarks;
    undo.supply_change = step.delta.supply_change;
    return undo;
}

/// The whole store against the plain maps, secondary rows included.
void CheckStore(const storage::KvStore& store, const Plain& plain)
{
    std::map<base::Bytes, base::Bytes> expected;
    for (const auto& [name, record] : plain.names) {
        base::Bytes row;
        codec::Writer writer(row);
        names::Write(writer, record);
        expected[storage::NameKey(name)] = row;
        expected[storage::NameByOutpointKey(record.outpoint.txid, record.outpoint.index)] =
            base::ToBytes(name);
        expected[storage::NameByOwnerKey(record.owner_script, name)] = {};
        expected[storage::NameByExpiryKey(record.expiry, name)] = {};
    }
    for (const auto& [pair, end] : plain.watermarks) {
        const auto key = chain::WatermarkKeyOf(pair);
        expected[key] = chain::WatermarkRowOf(end);
        expected[storage::WatermarkByEndKey(end, *storage::ParseWatermarkKey(key))] = {};
    }
    size_t coins = 0;
    std::map<base::Bytes, base::Bytes> found;
    for (auto it = store.Iterate({}); it.Valid(); it.Next()) {
        const uint8_t prefix = it.Key()[0];
        if (prefix == storage::PREFIX_BEST || prefix == storage::PREFIX_VERSION) continue;
        if (prefix == storage::PREFIX_NAME_TOTALS) continue; // CheckTotals
        if (prefix != storage::PREFIX_COIN) {
            found[base::Bytes(it.Key().begin(), it.Key().end())] =
                base::Bytes(it.Value().begin(), it.Value().end());
            continue;
        }
        ++coins;
        const auto key = storage::ParseCoinKey(it.Key());
        const auto row = storage::DecodeCoin(it.Value());
        BOOST_REQUIRE(key && row);
        const auto coin = plain.coins.find({key->txid, key->index});
        BOOST_REQUIRE(coin != plain.coins.end());
        BOOST_REQUIRE(row->value == coin->second.out.value);
        BOOST_REQUIRE((row->script == coin->second.out.script_pubkey));
        BOOST_REQUIRE(row->height == coin->second.height);
    }
    BOOST_TEST(coins == plain.coins.size());
    BOOST_TEST((found == expected));
}

/// What the cache keeps of all names and what it wrote, against sums over the plain map.
void CheckTotals(const StateCache& cache, const Plain& plain)
{
    const auto committed = cache.Committed();
    chain::NameTotals expected;
    for (const auto& [name, record] : plain.names)
        expected.Add(name, record, committed->tip.height);
    for (const auto& [pair, end] : plain.watermarks)
        expected.Add({pair, end});
    BOOST_TEST(committed->names.count == plain.names.size());
    BOOST_TEST(committed->names.live == expected.live);
    BOOST_TEST(committed->names.watermarks == plain.watermarks.size());
    BOOST_TEST(committed->names.Equals(expected));
    const auto row = committed->store->Get(storage::NameTotalsKey());
    BOOST_REQUIRE(row);
    const auto stored = storage::DecodeNameTotals(*row);
    BOOST_REQUIRE(stored);
    BOOST_TEST((*stored == committed->names.ToRow(committed->tip.hash)));
}

StateCache::NewTip TipAt(int32_t height)
{
    StateCache::NewTip tip;
    tip.tip.height = height;
    std::memcpy(tip.tip.hash.data(), &height, sizeof(height));
    tip.time = 1'000 + height;
    tip.median_time = 900 + height;
    return tip;
}

/// A cache on a store, beside the plain maps; both change in steps, forward and back.
class Pair
{
public:
    explicit Pair(const Shape& shape) : m_plain(shape)
    {
        m_options.files = &m_files;
        Reopen();
    }

    void Run(size_t operations)
    {
        while (m_plain.operations < operations) {
            if (!m_history.empty() && m_plain.random.Below(5) == 0) {
                Back();
            } else {
                Forward();
            }
            Look();
            if (m_plain.random.Below(m_plain.shape.flush_every) != 0) continue;
            const bool clean = m_plain.random.Below(2) == 0;
            BOOST_REQUIRE(m_cache->Flush(clean ? StateCache::Keep::Clean : StateCache::Keep::Nothing));
            BOOST_TEST(!m_cache->Dirty());
            BOOST_TEST(m_cache->DirtyBytes() == 0U);
            CheckStore(*m_store, m_plain);
            CheckTotals(*m_cache, m_plain);
            if (m_plain.random.Below(4) == 0) Reopen();
        }
        BOOST_TEST(m_reverted > 20U);
        BOOST_TEST(m_reopened > 2U);
        BOOST_TEST(m_walked > 0U);
        BOOST_TEST(m_ended > 20U);
        BOOST_REQUIRE(m_cache->Flush(StateCache::Keep::Nothing));
        BOOST_TEST(m_cache->MemoryBytes() == 0U);
        CheckStore(*m_store, m_plain);
        BOOST_TEST(!m_cache->ReadFailed());
        BOOST_TEST_MESSAGE(m_plain.operations << " operations, " << m_reverted << " steps taken back, "
                                              << m_reopened << " reopens");
    }

private:
    struct Kept {
        Step step;
        Plain before;
    };

    void Reopen()
    {
        m_cache.reset();
        m_store.reset();
        auto store = storage::KvStore::Open("/state", m_options);
        BOOST_REQUIRE(store);
        m_store = std::move(*store);
        m_cache = std::make_unique<StateCache>(m_store, m_keys, [](const storage::StorageFailure& failure) {
            BOOST_ERROR(storage::Describe(failure));
        });
        std::vector<StateCache::NewTip> ancestors;
        for (int32_t height = 0; height <= m_height; ++height)
            ancestors.push_back(TipAt(height));
        const auto names = LoadTotals();
        m_cache->Start(TipAt(m_height), ancestors, {m_plain.supply, names});
        if (m_reopened != 0) CheckTotals(*m_cache, m_plain);
        ++m_reopened;
    }

    /// As the store has them, or as if a program that knows nothing of them had written last.
    chain::NameTotals LoadTotals()
    {
        const auto asked = m_plain.random.Below(3);
        storage::KvBatch batch;
        if (asked == 1) batch.Delete(storage::NameTotalsKey());
        if (asked == 2) {
            chain::NameTotals older;
            older.count = 77;
            batch.Put(storage::NameTotalsKey(), storage::Encode(older.ToRow(TipAt(m_height + 1).tip.hash)));
        }
        BOOST_REQUIRE(m_store->Write(batch, storage::Durability::Synced));
        const auto loaded = chain::LoadNameTotals(*m_store, TipAt(m_height).tip.hash, m_height, {});
        BOOST_REQUIRE(loaded);
        BOOST_TEST(loaded->walked == (asked != 0 && !(m_plain.names.empty() && m_plain.watermarks.empty())));
        if (loaded->walked) ++m_walked;
        return loaded->totals;
    }

    void Back()
    {
        const size_t operations = m_plain.operations;
        const auto random = m_plain.random;
        const auto& last = m_history.back();
        m_cache->Revert(last.step.block, last.step.height, UndoOf(last.step), TipAt(last.step.height - 1));
        m_plain = last.before;
        m_plain.operations = operations + last.step.delta.created.size() + last.step.delta.names.size();
        m_plain.random = random;
        m_history.pop_back();
        --m_height;
        ++m_reverted;
    }

    void Forward()
    {
        Kept kept{{}, m_plain};
        kept.step = m_plain.Next(++m_height);
        if (m_plain.random.Below(2) == 0) m_cache->Prefetch(kept.step.delta.removed);
        AskForEnded(kept.before);
        m_cache->Apply(kept.step.delta, TipAt(m_height));
        m_history.push_back(std::move(kept));
        if (m_history.size() > 12) m_history.erase(m_history.begin());
    }

    /// As ConnectBlock does before a block is applied; now and then for another block first.
    void AskForEnded(const Plain& before)
    {
        if (m_plain.random.Below(4) == 0) (void)m_cache->EndedBefore(HorizonAt(m_height + 20));
        std::map<reward::CallPair, uint32_t> expected;
        for (const auto& [pair, end] : before.watermarks) {
            if (end < HorizonAt(m_height)) expected[pair] = end;
        }
        std::map<reward::CallPair, uint32_t> got;
        for (const auto& [pair, end] : m_cache->EndedBefore(HorizonAt(m_height)))
            BOOST_REQUIRE(got.emplace(pair, end).second);
        BOOST_REQUIRE((got == expected));
        m_ended += got.size();
    }

    /// Asks for some of everything.
    void Look()
    {
        for (int i = 0; i < 30; ++i) {
            const auto it = m_plain.coins.lower_bound(
                {base::Hash256{{static_cast<uint8_t>(m_plain.random.Below(256))}}, 0});
            if (it != m_plain.coins.end()) BOOST_REQUIRE((m_cache->Get(it->first) == it->second));
            const std::string name = "n" + std::to_string(m_plain.random.Below(m_plain.shape.name_pool));
            const auto record = m_plain.names.find(name);
            const auto got = m_cache->Get(name);
            BOOST_REQUIRE(got.has_value() == (record != m_plain.names.end()));
            if (!got) continue;
            BOOST_REQUIRE((*got == record->second));
            BOOST_REQUIRE(m_cache->NameByOutpoint(got->outpoint).value_or("") == name);
        }
        if (!m_history.empty()) {
            for (const auto& outpoint : m_history.back().step.delta.removed)
                BOOST_REQUIRE(!m_cache->Get(outpoint));
        }
        for (uint64_t i = 0; i < 10; ++i) {
            const reward::CallPair pair{{1'000 + m_plain.random.Below(30), 0}, {2'000 + i, 0}};
            const auto it = m_plain.watermarks.find(pair);
            const auto end = m_cache->EndOf(pair);
            BOOST_REQUIRE(end.has_value() == (it != m_plain.watermarks.end()));
            if (end) BOOST_REQUIRE_EQUAL(*end, it->second);
        }
        BOOST_REQUIRE(m_cache->Supply() == m_plain.supply);
    }

    storage::MemoryFiles m_files;
    storage::KvStore::Options m_options;
    crypto::TestRandom m_keys{3};
    std::shared_ptr<storage::KvStore> m_store;
    std::unique_ptr<StateCache> m_cache;
    Plain m_plain;
    std::vector<Kept> m_history;
    int32_t m_height = 0;
    size_t m_reverted = 0;
    size_t m_reopened = 0;
    size_t m_walked = 0;
    size_t m_ended = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(state_cache)

BOOST_AUTO_TEST_CASE(coins_agree_with_a_plain_map)
{
    Pair({.seed = 17, .spends = 500, .names = 5, .name_pool = 50, .coin_limit = 5'000, .flush_every = 15})
        .Run(NumberFromEnvironment("EMC_MODEL_OPERATIONS", 1'000'000));
}

BOOST_AUTO_TEST_CASE(names_agree_with_a_plain_map)
{
    Pair({.seed = 18, .spends = 4, .names = 600, .name_pool = 1'000, .coin_limit = 500, .flush_every = 15})
        .Run(NumberFromEnvironment("EMC_MODEL_OPERATIONS", 1'000'000));
}

/// Two stores with nothing in common: after going over every answer is the second one's, while a walk begun
/// on the first goes on with what it saw.
BOOST_AUTO_TEST_CASE(goes_over_to_another_store)
{
    storage::MemoryFiles files;
    storage::KvStore::Options options;
    options.files = &files;
    crypto::TestRandom keys(4);
    Plain plain({.seed = 6, .spends = 40, .names = 6});
    const Plain empty({.seed = 6});
    Step step;
    std::shared_ptr<storage::KvStore> second;
    {
        auto store = storage::KvStore::Open("/second", options);
        BOOST_REQUIRE(store);
        second = std::move(*store);
        StateCache fill(second, keys, {});
        fill.Start(TipAt(0), std::vector{TipAt(0)}, {});
        for (int32_t height = 1; height < 8; ++height) {
            step = plain.Next(height);
            fill.Apply(step.delta, TipAt(height));
        }
        BOOST_REQUIRE(fill.Flush(StateCache::Keep::Nothing));
    }
    auto first = storage::KvStore::Open("/first", options);
    BOOST_REQUIRE(first);
    StateCache cache(std::move(*first), keys, {});
    cache.Start(TipAt(0), std::vector{TipAt(0)}, {});
    const auto before = cache.Committed();
    const OutPoint known = plain.coins.begin()->first;
    const std::string name = plain.names.begin()->first;
    BOOST_TEST(!cache.Get(known));
    BOOST_TEST(!cache.Get(name));
    std::vector<StateCache::NewTip> ancestors;
    for (int32_t height = 0; height < 8; ++height)
        ancestors.push_back(TipAt(height));
    const auto generation = cache.Tip()->generation;
    const auto names = chain::LoadNameTotals(*second, TipAt(7).tip.hash, 7, {});
    BOOST_REQUIRE(names);
    BOOST_TEST(!names->walked);
    cache.Replace(second, TipAt(7), ancestors, {plain.supply, names->totals});
    CheckTotals(cache, plain);
    BOOST_TEST(cache.Tip()->generation > generation);
    BOOST_TEST(cache.Tip()->height == 7);
    BOOST_TEST(cache.BlockTime(5) == TipAt(5).time);
    BOOST_TEST(cache.Supply() == plain.supply);
    for (const auto& [outpoint, coin] : plain.coins)
        BOOST_REQUIRE((cache.Get(outpoint) == coin));
    for (const auto& [text, record] : plain.names)
        BOOST_REQUIRE((cache.Get(text) == record));
    CheckStore(*cache.Committed()->store, plain);
    CheckStore(*before->store, empty);
    cache.Apply(plain.Next(8).delta, TipAt(8));
    BOOST_REQUIRE(cache.Flush(StateCache::Keep::Clean));
    CheckStore(*second, plain);
    CheckTotals(cache, plain);
}

BOOST_AUTO_TEST_CASE(undo_record_round_trip_and_cut_off)
{
    Plain plain({.seed = 5, .spends = 40, .names = 6});
    Step step;
    for (int32_t height = 1; height < 8; ++height)
        step = plain.Next(height);
    const BlockUndo undo = UndoOf(step);
    const auto bytes = chain::EncodeUndo(undo);
    const auto back = chain::DecodeUndo(bytes);
    BOOST_REQUIRE(back);
    BOOST_TEST((back->spent == undo.spent));
    BOOST_TEST(back->supply_change == undo.supply_change);
    BOOST_REQUIRE(back->names.size() == undo.names.size());
    for (size_t i = 0; i < undo.names.size(); ++i) {
        BOOST_TEST(back->names[i].name == undo.names[i].name);
        BOOST_TEST((back->names[i].before == undo.names[i].before));
    }
    for (size_t n = 0; n < bytes.size(); ++n)
        BOOST_REQUIRE(!chain::DecodeUndo(base::ByteSpan(bytes).first(n)));
    auto longer = bytes;
    longer.push_back(0);
    BOOST_TEST(!chain::DecodeUndo(longer));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
