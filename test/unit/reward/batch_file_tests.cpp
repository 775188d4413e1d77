// A batch with its records: one form, and nothing else is read.
#include "crypto/random.h"
#include "reward/batch_file.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

namespace emc::reward {
namespace {

BatchFile Sample(uint8_t calls = 5)
{
    BatchFile file;
    file.genesis.bytes.fill(7);
    file.batch.pair = {{18009359935, 0}, {442079460000, 3}};
    file.batch.period_start = 1'799'000'000;
    file.batch.period_end = 1'799'086'400;
    for (uint8_t i = 1; i <= calls; ++i)
        file.records.push_back(test::CallOf(i, i * 61u));
    BOOST_REQUIRE(SetTotals(file));
    return file;
}

BatchFileError ErrorOf(const Bytes& bytes)
{
    const auto parsed = ParseBatchFile(bytes);
    BOOST_REQUIRE(!parsed.HasValue());
    BOOST_TEST(!Text(parsed.Error()).empty());
    return parsed.Error();
}

BOOST_AUTO_TEST_SUITE(batch_file)

BOOST_AUTO_TEST_CASE(comes_back)
{
    BatchFile file = Sample();
    BOOST_TEST(file.batch.calls == 5U);
    BOOST_TEST(file.batch.minutes == 2U + 3 + 4 + 5 + 6);
    file.batch.callee_signature.fill(5);
    for (const auto dispute : {CallDispute::Unknown, CallDispute::Answer, CallDispute::End,
                               CallDispute::Minutes, CallDispute::Twice, CallDispute::Counted}) {
        BOOST_TEST(!Text(dispute).empty());
        file.left_out.push_back({"gone@x", 1'799'000'000'000, dispute});
    }
    const Bytes bytes = WriteBatchFile(file);
    BOOST_TEST((ParseBatchFile(bytes).Value() == file));
    std::string text = BatchText(bytes);
    text.insert(40, "\r\n ");
    BOOST_TEST((BatchBytes(text).value() == bytes));
    BOOST_TEST(!BatchBytes("!").has_value());
}

BOOST_AUTO_TEST_CASE(order_does_not_matter)
{
    BatchFile file = Sample();
    BatchFile other = file;
    std::swap(other.records[0], other.records[4]);
    BOOST_TEST((ErrorOf(WriteBatchFile(other)) == BatchFileError::Tree));
    BOOST_TEST(SetTotals(other));
    BOOST_TEST((other == file));
    other.records.push_back(other.records[2]);
    BOOST_TEST(!SetTotals(other));
    other.records.clear();
    BOOST_TEST(!SetTotals(other));
}

BOOST_AUTO_TEST_CASE(nothing_else_is_read)
{
    const BatchFile file = Sample();
    const Bytes good = WriteBatchFile(file);
    for (size_t size = 0; size < good.size(); ++size) {
        const auto error = ErrorOf(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)));
        BOOST_REQUIRE((error == (size < 4 ? BatchFileError::Magic : BatchFileError::Encoding)));
    }
    Bytes bytes = good;
    bytes.push_back(0);
    BOOST_TEST((ErrorOf(bytes) == BatchFileError::Encoding));
    bytes = good;
    bytes[4] = 2;
    BOOST_TEST((ErrorOf(bytes) == BatchFileError::Version));
    bytes.resize(MAX_BATCH_FILE_BYTES + 1);
    BOOST_TEST((ErrorOf(bytes) == BatchFileError::Size));

    const auto refused = [&](BatchFileError error, const auto& change) {
        BatchFile wrong = file;
        change(wrong);
        BOOST_TEST((ErrorOf(WriteBatchFile(wrong)) == error));
    };
    refused(BatchFileError::Batch, [](BatchFile& wrong) { wrong.batch.claim = 1; });
    refused(BatchFileError::Tree, [](BatchFile& wrong) { ++wrong.batch.calls; });
    refused(BatchFileError::Tree, [](BatchFile& wrong) { ++wrong.batch.minutes; });
    refused(BatchFileError::Tree, [](BatchFile& wrong) { wrong.batch.root.bytes[0] ^= 1; });
    refused(BatchFileError::Tree, [](BatchFile& wrong) { wrong.records.clear(); });
    refused(BatchFileError::Record, [](BatchFile& wrong) { wrong.batch.pair.caller.number = 4930123456; });
    refused(BatchFileError::Record, [](BatchFile& wrong) { wrong.batch.period_start += 3'600; });
    refused(BatchFileError::Record, [](BatchFile& wrong) { wrong.batch.period_end = 1'799'000'060; });
    refused(BatchFileError::LeftOut, [](BatchFile& wrong) { wrong.left_out = {{"", 1, CallDispute::End}}; });
    refused(BatchFileError::LeftOut, [](BatchFile& wrong) {
        wrong.left_out = {{"a b", 1, CallDispute::End}};
    });
    refused(BatchFileError::LeftOut, [](BatchFile& wrong) {
        wrong.left_out = {{"a", MAX_CALL_TIME_MS + 1, CallDispute::End}};
    });
    refused(BatchFileError::LeftOut, [](BatchFile& wrong) {
        wrong.left_out = {{"a", 1, static_cast<CallDispute>(7)}};
    });
}

BOOST_AUTO_TEST_CASE(changed_bytes_never_pass_as_the_same_batch)
{
    const BatchFile file = Sample(3);
    const Bytes good = WriteBatchFile(file);
    crypto::TestRandom random{3};
    for (size_t i = 0; i < good.size(); ++i) {
        Bytes bytes = good;
        bytes[i] ^= static_cast<uint8_t>(1 + random.Below(255));
        const auto parsed = ParseBatchFile(bytes);
        // Genesis, slots, period and signatures stand for themselves; the records hang on the root.
        if (parsed) {
            BOOST_REQUIRE(!(*parsed == file));
            BOOST_REQUIRE((parsed->records == file.records));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::reward
