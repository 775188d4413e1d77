#include "reward/call_record.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::reward;

BOOST_AUTO_TEST_SUITE(call_record)

BOOST_AUTO_TEST_CASE(written_and_read)
{
    CallRecord record = test::CallOf(3);
    BOOST_CHECK(DecodeCallRecord(EncodeCallRecord(record)).Value() == record);
    record.mos = 417;
    BOOST_CHECK(DecodeCallRecord(EncodeCallRecord(record)).Value() == record);
    record.codec = "telephone-event/8000";
    const Bytes whole = EncodeCallRecord(record);
    BOOST_CHECK(DecodeCallRecord(whole).Value() == record);
    record.mos.reset();
    BOOST_CHECK(DecodeCallRecord(EncodeCallRecord(record)).Value() == record);

    for (size_t size = 0; size < whole.size(); ++size)
        BOOST_CHECK(DecodeCallRecord(ByteSpan(whole).first(size)).Error() == CallError::Encoding);
    Bytes longer = whole;
    longer.push_back(0);
    BOOST_CHECK(DecodeCallRecord(longer).Error() == CallError::Encoding);
}

BOOST_AUTO_TEST_CASE(one_encoding_only)
{
    // What is read is written back byte for byte, or refused: no bit can be changed unnoticed.
    CallRecord record = test::CallOf(3);
    record.mos = 417;
    record.codec = "opus";
    const Bytes whole = EncodeCallRecord(record);
    size_t read = 0;
    for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
        Bytes changed = whole;
        changed[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
        const auto other = DecodeCallRecord(changed);
        if (!other) continue;
        ++read;
        BOOST_CHECK(EncodeCallRecord(*other) == changed);
        BOOST_CHECK(*other != record);
    }
    BOOST_TEST(read > 100U); // salt and Call-ID alone have that many
}

struct Bound {
    const char* what;
    void (*change)(CallRecord&);
    std::optional<CallError> error;
};

const std::vector<Bound> BOUNDS = {
    {"caller of 4 digits", [](CallRecord& r) { r.caller = 1000; }, {}},
    {"caller of 3 digits", [](CallRecord& r) { r.caller = 999; }, CallError::Number},
    {"callee of 15 digits", [](CallRecord& r) { r.callee = 999'999'999'999'999; }, {}},
    {"callee of 16 digits", [](CallRecord& r) { r.callee = 1'000'000'000'000'000; }, CallError::Number},
    {"called itself", [](CallRecord& r) { r.callee = r.caller; }, CallError::Number},
    {"Call-ID of 255", [](CallRecord& r) { r.call_id.assign(255, '~'); }, {}},
    {"Call-ID of 256", [](CallRecord& r) { r.call_id.assign(256, '~'); }, CallError::CallId},
    {"no Call-ID", [](CallRecord& r) { r.call_id.clear(); }, CallError::CallId},
    {"blank in Call-ID", [](CallRecord& r) { r.call_id = "a b"; }, CallError::CallId},
    {"DEL in Call-ID", [](CallRecord& r) { r.call_id = "a\x7f"; }, CallError::CallId},
    {"answered at once", [](CallRecord& r) { r.answer = r.start; }, {}},
    {"answered before", [](CallRecord& r) { r.answer = r.start - 1; }, CallError::Times},
    {"ended at once", [](CallRecord& r) { r.end = r.answer; }, {}},
    {"ended before", [](CallRecord& r) { r.end = r.answer - 1; }, CallError::Times},
    {"a day", [](CallRecord& r) { r.end = r.answer + MAX_CALL_MS; }, {}},
    {"over a day", [](CallRecord& r) { r.end = r.answer + MAX_CALL_MS + 1; }, CallError::Times},
    {"last time", [](CallRecord& r) { r.start = r.answer = r.end = MAX_CALL_TIME_MS; }, {}},
    {"too late", [](CallRecord& r) { r.start = r.answer = r.end = MAX_CALL_TIME_MS + 1; }, CallError::Times},
    {"cause 127", [](CallRecord& r) { r.q850 = 127; }, {}},
    {"cause 128", [](CallRecord& r) { r.q850 = 128; }, CallError::Cause},
    {"SIP 699", [](CallRecord& r) { r.sip = 699; }, {}},
    {"SIP 700", [](CallRecord& r) { r.sip = 700; }, CallError::SipStatus},
    {"SIP 199", [](CallRecord& r) { r.sip = 199; }, CallError::SipStatus},
    {"MOS 1.00", [](CallRecord& r) { r.mos = 100; }, {}},
    {"MOS 0.99", [](CallRecord& r) { r.mos = 99; }, CallError::Mos},
    {"MOS 5.01", [](CallRecord& r) { r.mos = 501; }, CallError::Mos},
    {"codec of 32", [](CallRecord& r) { r.codec.assign(32, 'x'); }, {}},
    {"codec of 33", [](CallRecord& r) { r.codec.assign(33, 'x'); }, CallError::Codec},
    {"codec with a plus", [](CallRecord& r) { r.codec = "a+b"; }, CallError::Codec},
};

BOOST_AUTO_TEST_CASE(bounds)
{
    for (const Bound& bound : BOUNDS) {
        BOOST_TEST_CONTEXT(bound.what)
        {
            CallRecord record = test::CallOf(1);
            bound.change(record);
            const auto checked = CheckCallRecord(record);
            BOOST_REQUIRE(checked.HasValue() != bound.error.has_value());
            if (bound.error)
                BOOST_CHECK(checked.Error() == *bound.error);
            else
                BOOST_CHECK(DecodeCallRecord(EncodeCallRecord(record)).Value() == record);
        }
    }
}

BOOST_AUTO_TEST_CASE(minutes_begun)
{
    BOOST_TEST(CallMinutes(0, 0) == 1U);
    BOOST_TEST(CallMinutes(5, 60'005) == 1U);
    BOOST_TEST(CallMinutes(5, 60'006) == 2U);
    BOOST_TEST(CallMinutes(0, MAX_CALL_MS) == 1'440U);
}

BOOST_AUTO_TEST_SUITE_END()
