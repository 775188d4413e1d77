#include "reward/batch.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::reward;

BOOST_AUTO_TEST_SUITE(call_batch)

BOOST_AUTO_TEST_CASE(payload_of_207_bytes)
{
    test::RewardCase sample;
    sample.Sign();
    const Bytes payload = WriteBatch(sample.batch);
    BOOST_TEST(payload.size() == BATCH_BYTES);
    BOOST_CHECK(ParseBatch(payload) == sample.batch);
    for (size_t size = 0; size < payload.size(); ++size)
        BOOST_CHECK(!ParseBatch(ByteSpan(payload).first(size)));
    Bytes longer = payload;
    longer.push_back(0);
    BOOST_CHECK(!ParseBatch(longer));
    Bytes other_version = payload;
    other_version[0] = 2;
    BOOST_CHECK(!ParseBatch(other_version));
}

BOOST_AUTO_TEST_CASE(numbers_and_slots)
{
    test::RewardCase sample;
    CallBatch batch = sample.batch;
    batch.pair.caller = {1000, 999};
    BOOST_CHECK(ParseBatch(WriteBatch(batch)) == batch);
    batch.pair.caller = {1000, 1000};
    BOOST_CHECK(!ParseBatch(WriteBatch(batch)));
    batch.pair.caller = {999, 0};
    BOOST_CHECK(!ParseBatch(WriteBatch(batch)));
    batch.pair.caller = {999'999'999'999'999, 0};
    BOOST_CHECK(ParseBatch(WriteBatch(batch)) == batch);
    batch.pair.callee = {1'000'000'000'000'000, 0};
    BOOST_CHECK(!ParseBatch(WriteBatch(batch)));
    BOOST_TEST((BatchParty{18009359935, 7}.Name()) == "enum:18009359935:7");
}

BOOST_AUTO_TEST_CASE(what_is_signed)
{
    test::RewardCase sample;
    const Hash256 digest = BatchDigest(sample.genesis, sample.batch);
    const Bytes before = WriteBatch(sample.batch);
    for (size_t at = 1; at < BATCH_BYTES; ++at) {
        Bytes changed = before;
        changed[at] ^= 1;
        const auto batch = ParseBatch(changed);
        if (!batch) continue;
        const bool covered = at < 69; // version to root; neither signatures nor claim
        BOOST_CHECK((BatchDigest(sample.genesis, *batch) != digest) == covered);
    }
    Hash256 other_chain = sample.genesis;
    other_chain.bytes[0] ^= 1;
    BOOST_CHECK(BatchDigest(other_chain, sample.batch) != digest);
}

BOOST_AUTO_TEST_CASE(output_script)
{
    test::RewardCase sample;
    const Bytes script = WriteRewardScript(sample.batch, sample.callee.script);
    const auto read = ParseRewardOutput(script);
    BOOST_REQUIRE(read);
    BOOST_CHECK(read->batch == sample.batch);
    BOOST_CHECK(std::ranges::equal(read->owner_script, sample.callee.script));
    for (const size_t at : {0U, 1U, 2U, 3U, 4U, 211U}) { // op codes, lengths, version
        Bytes changed = script;
        changed[at] ^= 1;
        BOOST_CHECK(!ParseRewardOutput(changed));
    }
    BOOST_CHECK(!ParseRewardOutput(ByteSpan(script).first(script.size() - sample.callee.script.size())));
    BOOST_CHECK(!ParseRewardOutput({}));
}

BOOST_AUTO_TEST_SUITE_END()
