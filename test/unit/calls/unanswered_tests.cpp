// A batch whose other side does not sign: who is named, since when, and what is said of it.
#include "calls/unanswered.h"

#include <boost/test/unit_test.hpp>

namespace emc::calls {
namespace {

constexpr int64_t ASKED = 1'799'100'000; // 2027-01-04T22:00:00Z
constexpr uint8_t CALLER = 1;
constexpr uint8_t CALLEE = 2;

BatchRow Row(uint8_t signed_by = 0)
{
    BatchRow row;
    row.batch.pair = {{18009359935, 0}, {442079460000, 3}};
    row.batch.period_start = 1'799'000'000; // 2027-01-03T18:13:20Z
    row.batch.period_end = 1'799'086'400;
    row.changed = ASKED - 60;
    if ((signed_by & CALLER) != 0) row.batch.caller_signature.fill(1);
    if ((signed_by & CALLEE) != 0) row.batch.callee_signature.fill(1);
    return row;
}

std::string WaitsFor(const BatchRow& row)
{
    const auto awaited = Awaited(row);
    return awaited ? awaited->from.Name() + " " + std::to_string(awaited->since) : "nobody";
}

std::string TextOf(const BatchRow& row, std::optional<int64_t> heard)
{
    return UnansweredText(row, Awaited(row).value(), heard);
}

BOOST_AUTO_TEST_SUITE(unanswered)

BOOST_AUTO_TEST_CASE(who_is_to_sign)
{
    BatchRow row = Row();
    BOOST_TEST(WaitsFor(row) == "nobody"); // not asked yet
    row.asked = ASKED;
    BOOST_TEST(WaitsFor(row) == "enum:442079460000:3 1799100000");
    row.asked_caller = true;
    BOOST_TEST(WaitsFor(row) == "enum:18009359935:0 1799100000");
    row.refusal = "no";
    BOOST_TEST(WaitsFor(row) == "nobody");

    row = Row(CALLEE);
    row.asked = ASKED;
    BOOST_TEST(WaitsFor(row) == "nobody"); // it came back signed: this side is next
    row.signed_here = true;
    BOOST_TEST(WaitsFor(row) == "enum:18009359935:0 1799100000");
    row.asked = 0; // handed over as a file
    BOOST_TEST(WaitsFor(row) == "enum:18009359935:0 1799099940");
    row = Row(CALLER);
    row.signed_here = true;
    BOOST_TEST(WaitsFor(row) == "enum:442079460000:3 1799099940");
    row = Row(CALLER | CALLEE);
    row.signed_here = true;
    row.asked = ASKED;
    BOOST_TEST(WaitsFor(row) == "nobody");
}

BOOST_AUTO_TEST_CASE(another_batch_came_back)
{
    BatchRow row = Row();
    row.asked = ASKED;
    const auto awaited = Awaited(row).value();
    BOOST_TEST(IsAnswer(row, awaited, Row(CALLEE)));
    BOOST_TEST(!IsAnswer(row, awaited, Row(CALLER)));
    BOOST_TEST(!IsAnswer(row, awaited, Row()));
    const std::vector<void (*)(BatchRow&)> others = {
        [](BatchRow& other) { other.refusal = "no"; }, [](BatchRow& other) { other.signed_here = true; },
        [](BatchRow& other) { other.batch.pair.callee.slot = 4; },
        [](BatchRow& other) { ++other.batch.period_start; },
        [](BatchRow& other) { ++other.batch.period_end; }};
    for (const auto& change : others) {
        BatchRow other = Row(CALLEE);
        change(other);
        BOOST_TEST(!IsAnswer(row, awaited, other));
    }
}

BOOST_AUTO_TEST_CASE(what_is_said)
{
    BatchRow row = Row(CALLER);
    row.signed_here = true;
    const std::string end =
        ". Ask its operator, or hand the batch over as a file; it can be claimed until 2027-03-04T18:13:20Z";
    BOOST_TEST(TextOf(row, std::nullopt) ==
               "no signature of enum:442079460000:3 since 2027-01-04T21:59:00Z: it was not sent as a letter" +
                   end);
    row.asked = ASKED;
    const std::string begin = "no signature of enum:442079460000:3 since 2027-01-04T22:00:00Z: ";
    BOOST_TEST(
        TextOf(row, std::nullopt) ==
        begin + "it could not be sent as a letter; its node has not been heard from since this one started" +
            end);
    BOOST_TEST(TextOf(row, ASKED + 60) ==
               begin +
                   "it could not be sent as a letter; its node was heard from last at 2027-01-04T22:01:00Z" +
                   end);
    row.handed_over = true;
    BOOST_TEST(TextOf(row, std::nullopt) ==
               begin +
                   "it was sent as a letter and may not have arrived: its node has not been heard from since "
                   "this one started" +
                   end);
    BOOST_TEST(TextOf(row, ASKED - 60) ==
               begin +
                   "it was sent as a letter and may not have arrived: its node was heard from last at "
                   "2027-01-04T21:59:00Z" +
                   end);
    BOOST_TEST(TextOf(row, ASKED + 60) ==
               begin +
                   "it was sent as a letter, and its node was heard from last at 2027-01-04T22:01:00Z, after "
                   "that" +
                   end);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
