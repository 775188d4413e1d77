#include "chain/state_cache.h"
#include "chain/undo.h"
#include "consensus/tx_rules.h"
#include "crypto/random.h"
#include "storage/kv_store.h"
#include "storage/memory_files.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

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

/// Coins and names as plain maps, and random changes of them.
class Plain
{
public:
    explicit Plain(uint64_t seed) : random(seed) {}

    Step Next(int32_t height, size_t spends)
    {
        Step step;
        step.height = height;
        Spend(step, spends);
        Names(step, 1 + spends / 8);
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
        supply += step.delta.supply_change;
        return step;
    }

    std::map<OutPoint, Coin> coins;
    std::map<std::string, NameRecord> names;
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
            for (uint64_t o = random.Below(3); o < 3; ++o) {
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
            const std::string name = "n" + std::to_string(random.Below(200));
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
                delta.after = record;
            }
            step.delta.names.push_back(std::move(delta));
            ++operations;
        }
    }

    uint64_t m_serial = 1;
};

BlockUndo UndoOf(const Step& step)
{
    BlockUndo undo;
    undo.spent = step.delta.spent;
    undo.names = step.delta.names;
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
    size_t coins = 0;
    std::map<base::Bytes, base::Bytes> found;
    for (auto it = store.Iterate({}); it.Valid(); it.Next()) {
        const uint8_t prefix = it.Key()[0];
        if (prefix == storage::PREFIX_BEST || prefix == storage::PREFIX_VERSION) continue;
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

StateCache::NewTip TipAt(int32_t height)
{
    StateCache::NewTip tip;
    tip.tip.height = height;
    tip.time = 1'000 + height;
    tip.median_time = 900 + height;
    return tip;
}

} // namespace

BOOST_AUTO_TEST_SUITE(state_cache)

BOOST_AUTO_TEST_CASE(agrees_with_plain_maps_over_many_operations)
{
    storage::MemoryFiles files;
    storage::KvStore::Options options;
    options.files = &files;
    auto store = storage::KvStore::Open("/state", options);
    BOOST_REQUIRE(store);
    crypto::TestRandom random(3);
    StateCache cache(**store, random,
                     [](const storage::StorageFailure& failure) { BOOST_ERROR(storage::Describe(failure)); });
    cache.Start(TipAt(0), {}, 0);
    Plain plain(17);

    struct Kept {
        Step step;
        Plain before;
    };

    std::vector<Kept> history;
    size_t reverted = 0;
    while (plain.operations < 120'000) {
        const auto height = static_cast<int32_t>(history.size()) + 1;
        if (!history.empty() && plain.random.Below(5) == 0) {
            const size_t operations = plain.operations;
            const auto seed = plain.random;
            const auto& last = history.back();
            cache.Revert(last.step.block, last.step.height, UndoOf(last.step), TipAt(last.step.height - 1));
            plain = last.before;
            plain.operations = operations + last.step.delta.created.size();
            plain.random = seed;
            history.pop_back();
            ++reverted;
        } else {
            Kept kept{{}, plain};
            kept.step = plain.Next(height, 150);
            std::vector<OutPoint> wanted = kept.step.delta.removed;
            if (plain.random.Below(2) == 0) cache.Prefetch(wanted);
            cache.Apply(kept.step.delta, TipAt(height));
            history.push_back(std::move(kept));
            if (history.size() > 12) history.erase(history.begin());
        }
        for (int i = 0; i < 30; ++i) {
            const auto it =
                plain.coins.lower_bound({base::Hash256{{static_cast<uint8_t>(plain.random.Below(256))}}, 0});
            if (it != plain.coins.end()) BOOST_REQUIRE((cache.Get(it->first) == it->second));
            const std::string name = "n" + std::to_string(plain.random.Below(200));
            const auto record = plain.names.find(name);
            const auto got = cache.Get(name);
            BOOST_REQUIRE(got.has_value() == (record != plain.names.end()));
            if (!got) continue;
            BOOST_REQUIRE((*got == record->second));
            BOOST_REQUIRE(cache.NameByOutpoint(got->outpoint).value_or("") == name);
        }
        if (!history.empty()) {
            for (const auto& outpoint : history.back().step.delta.removed)
                BOOST_REQUIRE(!cache.Get(outpoint));
        }
        BOOST_REQUIRE(cache.Supply() == plain.supply);
        const auto dice = plain.random.Below(12);
        if (dice < 2) {
            BOOST_REQUIRE(cache.Flush(dice == 0 ? StateCache::Keep::Clean : StateCache::Keep::Nothing));
            BOOST_TEST(!cache.Dirty());
            BOOST_TEST(cache.DirtyBytes() == 0U);
            CheckStore(**store, plain);
        }
    }
    BOOST_TEST(reverted > 20U);
    BOOST_REQUIRE(cache.Flush(StateCache::Keep::Nothing));
    BOOST_TEST(cache.MemoryBytes() == 0U);
    CheckStore(**store, plain);
    BOOST_TEST(!cache.ReadFailed());
}

BOOST_AUTO_TEST_CASE(undo_record_round_trip_and_cut_off)
{
    Plain plain(5);
    Step step;
    for (int32_t height = 1; height < 8; ++height)
        step = plain.Next(height, 40);
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
