// Batches on disk: rows come back as they were, periods are kept for one batch, also after opening anew.
#include "calls/batch_parts.h"
#include "calls/batch_store.h"
#include "storage/kv_store.h"
#include "storage/memory_files.h"
#include "storage/schema.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::calls {
namespace {

struct Fixture {
    storage::MemoryFiles files;
    std::unique_ptr<storage::KvStore> rows;
    std::unique_ptr<BatchStore> store;
    reward::BatchFile file;

    Fixture()
    {
        file.batch.pair = {{18009359935, 0}, {442079460000, 3}};
        file.batch.period_start = 1'799'000'000;
        file.batch.period_end = 1'799'086'400;
        file.records = {test::CallOf(1), test::CallOf(2)};
        BOOST_REQUIRE(reward::SetTotals(file));
        Open();
    }

    void Open()
    {
        store.reset();
        rows.reset();
        storage::KvStore::Options options;
        options.files = &files;
        auto opened = storage::KvStore::Open("/calls", options);
        BOOST_REQUIRE(opened.HasValue());
        rows = std::move(*opened);
        store = std::make_unique<BatchStore>(*rows);
    }

    static Hash256 Id(uint8_t tag)
    {
        Hash256 id;
        id.bytes.fill(tag);
        return id;
    }

    [[nodiscard]] BatchRow Row() const
    {
        BatchRow row;
        row.batch = file.batch;
        row.created = 5;
        row.left_out = {{"a@b", 7, reward::CallDispute::End}};
        return row;
    }
};

BOOST_FIXTURE_TEST_SUITE(batch_store, Fixture)

BOOST_AUTO_TEST_CASE(rows_come_back)
{
    BOOST_TEST(*store->Add(Id(1), Row(), file));
    BOOST_TEST(!*store->Add(Id(1), BatchRow{}, file));
    const auto changed = store->Change(Id(1), [](BatchRow& row) {
        row.made_here = row.handed_over = row.signed_here = true;
        row.txid = Id(8);
        row.block = Id(9);
        row.height = 12;
        row.asked = 77;
        row.asked_caller = row.told = true;
        row.refusal = "no";
        row.batch.callee_signature.fill(3);
    });
    BOOST_REQUIRE(changed.HasValue());
    Open();
    const auto row = store->Find(Id(1));
    BOOST_REQUIRE(row.HasValue() && row->has_value());
    BOOST_TEST((**row == *changed));
    BOOST_TEST((store->File(Id(1)).Value() == file));
    BOOST_TEST(store->All()->size() == 1U);
    BOOST_TEST(!store->Find(Id(2))->has_value());
    BOOST_TEST((store->Change(Id(2), [](BatchRow&) {}).Error().code == storage::StorageError::NotFound));
}

/// Each call is found with a proof that leads to the root, for trees of all shapes around the size of a part.
BOOST_AUTO_TEST_CASE(one_call_and_its_proof)
{
    for (const size_t count : {size_t{1}, size_t{2}, PART_CALLS - 1, PART_CALLS, PART_CALLS + 1,
                               3 * PART_CALLS - 5, 5 * PART_CALLS + 1}) {
        reward::BatchFile big = file;
        big.records.clear();
        for (size_t i = 0; i < count; ++i) {
            big.records.push_back(test::CallOf(1));
            big.records.back().call_id = "call-" + std::to_string(i / 2); // each one twice
            big.records.back().salt.fill(static_cast<uint8_t>(i));
            big.records.back().answer += i;
            big.records.back().end += i;
        }
        BOOST_REQUIRE(reward::SetTotals(big));
        const auto id = Id(static_cast<uint8_t>(count % 251));
        BOOST_REQUIRE(*store->Add(id, Row(), big));
        BOOST_TEST((store->File(id).Value() == big));
        const auto leaves = reward::MakeCallTree(big.records)->leaves;
        for (size_t i = 0; i < count; i += 1 + i % 7) {
            const auto& record = big.records[i];
            const auto calls = store->Calls(id, record.call_id);
            BOOST_REQUIRE(calls.HasValue());
            const auto found = std::find_if(calls->begin(), calls->end(),
                                            [&](const auto& call) { return call.record == record; });
            BOOST_REQUIRE((found != calls->end()));
            BOOST_TEST(calls->size() ==
                       (count % 2 == 1 && record.call_id == "call-" + std::to_string(count / 2) ? 1U : 2U));
            BOOST_TEST(found->proof.index == i);
            BOOST_TEST((found->proof.path == reward::TreePath(leaves, i)));
            BOOST_TEST(reward::VerifyCallProof(leaves[i], found->proof, big.batch.root));
        }
        BOOST_TEST(store->Calls(id, "nobody's")->empty());
    }
    BOOST_TEST(store->Calls(Id(252), "call-0")->empty());
    BOOST_TEST((store->File(Id(252)).Error().code == storage::StorageError::NotFound));
}

/// Bytes of its rows that are changed or cut are never taken for records.
BOOST_AUTO_TEST_CASE(damaged_records_are_told)
{
    BOOST_REQUIRE(*store->Add(Id(1), Row(), file));
    std::vector<std::pair<base::Bytes, base::Bytes>> kept;
    for (auto it = rows->Iterate(base::Bytes{storage::PREFIX_CALL_BATCH_FILE}); it.Valid(); it.Next())
        kept.emplace_back(base::Bytes(it.Key().begin(), it.Key().end()),
                          base::Bytes(it.Value().begin(), it.Value().end()));
    BOOST_TEST(kept.size() >= 3U); // head, part, places
    const auto id = file.records[0].call_id;
    for (const auto& [key, value] : kept) {
        for (size_t i = 0; i <= value.size(); ++i) {
            base::Bytes wrong = value;
            if (i < value.size()) {
                wrong[i] ^= 1;
            } else {
                wrong.pop_back();
            }
            BOOST_REQUIRE(rows->Put(key, wrong, storage::Durability::Relaxed).HasValue());
            const auto whole = store->File(Id(1));
            const auto calls = store->Calls(Id(1), id);
            // What can differ is what no root covers: signatures, periods, network, calls left out.
            if (whole) BOOST_TEST((whole->records == file.records));
            if (calls && !calls->empty()) BOOST_TEST((calls->front().record == file.records[0]));
        }
        BOOST_REQUIRE(rows->Put(key, value, storage::Durability::Relaxed).HasValue());
    }
    BOOST_TEST((store->File(Id(1)).Value() == file));
}

BOOST_AUTO_TEST_CASE(damaged_rows_are_none)
{
    auto row = Row();
    row.txid = Id(8);
    const base::Bytes never_asked = Encode(row);
    BOOST_TEST((DecodeBatchRow(never_asked).value() == row));
    row.asked = 77;
    const base::Bytes good = Encode(row);
    BOOST_TEST((DecodeBatchRow(good).value() == row));
    BOOST_TEST(good.size() == never_asked.size() + 9); // rows of before that are read as they are
    for (size_t size = 0; size < good.size(); ++size)
        BOOST_REQUIRE(!DecodeBatchRow({good.data(), size}));
    base::Bytes more = good;
    more.push_back(0);
    BOOST_TEST(!DecodeBatchRow(more));
    more = good;
    more[1] = 0x80; // a flag that is none
    BOOST_TEST(!DecodeBatchRow(more));
}

BOOST_AUTO_TEST_CASE(a_period_is_kept_for_one_batch)
{
    const auto in_the_way = [&](uint8_t id, uint32_t start, uint32_t end, uint16_t slot = 3) {
        reward::CallBatch batch = file.batch;
        batch.pair.callee.slot = slot;
        batch.period_start = start;
        batch.period_end = end;
        const auto other = store->Reserve(Id(id), batch);
        BOOST_REQUIRE(other.HasValue());
        return *other ? (*other)->id.bytes[0] : 0;
    };
    BOOST_TEST(in_the_way(1, 100, 200) == 0);
    BOOST_TEST(in_the_way(1, 100, 200) == 0);
    Open();
    for (const auto& [start, end] : std::vector<std::pair<uint32_t, uint32_t>>{
             {100, 200}, {50, 101}, {199, 300}, {120, 130}, {0, 1'000}})
        BOOST_TEST(in_the_way(2, start, end) == 1);
    BOOST_TEST(in_the_way(2, 100, 200, 4) == 0); // another pair
    reward::CallBatch batch = file.batch;
    batch.pair.callee.slot = 4;
    batch.period_end = 200;
    BOOST_TEST(store->Release(Id(2), batch).HasValue());
    BOOST_TEST(in_the_way(3, 100, 200, 4) == 0);
    BOOST_TEST(in_the_way(2, 200, 300) == 0);
    BOOST_TEST(in_the_way(3, 50, 100) == 0);
    const auto periods = store->Periods(file.batch.pair, 100);
    BOOST_REQUIRE(periods.HasValue());
    BOOST_REQUIRE(periods->size() == 2U);
    BOOST_TEST((*periods)[0].start == 100U);
    BOOST_TEST((*periods)[1].end == 300U);
}

BOOST_AUTO_TEST_CASE(batches_that_wait)
{
    const auto waiting = [&] {
        const auto found = store->Waiting(file.batch.pair, file.batch.period_start);
        BOOST_REQUIRE(found.HasValue());
        return std::pair(found->of_pair, found->all);
    };
    for (uint8_t tag = 1; tag <= 5; ++tag)
        BOOST_REQUIRE(*store->Add(Id(tag), Row(), file));
    auto other = Row();
    other.batch.pair.callee.slot = 4;
    BOOST_REQUIRE(*store->Add(Id(6), other, file));
    BOOST_TEST((waiting() == std::pair<size_t, size_t>(5, 6)));
    // Refused, or signed, or made by this side, or too old: nothing is to be done about them.
    const std::vector<void (*)(BatchRow&)> settled = {
        [](BatchRow& row) { row.refusal = "no"; }, [](BatchRow& row) { row.signed_here = true; },
        [](BatchRow& row) { row.made_here = true; }, [](BatchRow& row) { --row.batch.period_start; }};
    for (size_t i = 0; i < settled.size(); ++i) {
        BOOST_REQUIRE(store->Change(Id(static_cast<uint8_t>(i + 1)), settled[i]).HasValue());
        BOOST_TEST((waiting() == std::pair<size_t, size_t>(4 - i, 5 - i)));
    }
}

BOOST_AUTO_TEST_CASE(the_place_on_the_chain)
{
    BOOST_TEST(!store->Followed()->has_value());
    const storage::BestRow at{Id(4), 77, 0};
    BOOST_TEST(store->SetFollowed(at).HasValue());
    Open();
    BOOST_TEST((**store->Followed() == at));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
