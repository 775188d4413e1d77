// The calls of a batch against own records: tolerances to the millisecond, each own call once.
#include "calls/batch_check.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

namespace emc::calls {
namespace {

using reward::CallDispute;
using reward::CallRecord;

struct Fixture {
    reward::BatchFile file;
    std::vector<CallRecord> own;
    std::vector<CountedCall> counted;
    CallRecord call = test::CallOf(1, 600);

    Fixture()
    {
        file.batch.period_start = 1'798'000'000;
        file.batch.period_end = 1'799'900'000;
        file.records = {call};
        own = {call};
    }

    std::optional<CallDispute> Verdict()
    {
        const auto compared = CompareCalls(file, own, counted);
        BOOST_TEST(compared.agreed + compared.disputed.size() == file.records.size());
        if (compared.disputed.empty()) return std::nullopt;
        return compared.disputed[0].dispute;
    }
};

BOOST_FIXTURE_TEST_SUITE(batch_check, Fixture)

BOOST_AUTO_TEST_CASE(tolerances)
{
    BOOST_TEST(!Verdict());
    own[0].answer = call.answer + 2'000;
    own[0].end = call.end - 2'000;
    BOOST_TEST(!Verdict());
    own[0].answer = call.answer + 2'001;
    BOOST_TEST((Verdict() == CallDispute::Answer));
    own[0].answer = call.answer - 2'001;
    BOOST_TEST((Verdict() == CallDispute::Answer));
    own[0].answer = call.answer;
    own[0].end = call.end + 2'001;
    BOOST_TEST((Verdict() == CallDispute::End));
    own[0].end = call.end + 1; // one minute more
    BOOST_TEST(reward::CallMinutes(own[0].answer, own[0].end) == 11U);
    BOOST_TEST(!Verdict());
}

BOOST_AUTO_TEST_CASE(unknown_and_twice)
{
    own[0].call_id += "x";
    BOOST_TEST((Verdict() == CallDispute::Unknown));
    own = {call};
    CallRecord copy = call;
    copy.salt.fill(9);
    file.records.push_back(copy);
    BOOST_TEST((Verdict() == CallDispute::Twice));
    BOOST_TEST(CompareCalls(file, own, counted).agreed == 1U);
}

BOOST_AUTO_TEST_CASE(one_call_id_for_several_calls)
{
    CallRecord second = call;
    second.answer += 700'000;
    second.end += 700'000;
    file.records = {second, call};
    own = {call, second};
    BOOST_TEST(!Verdict());
}

BOOST_AUTO_TEST_CASE(counted_before)
{
    counted = {{call.call_id, call.answer + 2'000}};
    BOOST_TEST((Verdict() == CallDispute::Counted));
    counted = {{call.call_id, call.answer - 2'000}};
    BOOST_TEST((Verdict() == CallDispute::Counted));
    counted = {{call.call_id, call.answer + 2'001}, {call.call_id + "x", call.answer}};
    BOOST_TEST(!Verdict());
}

BOOST_AUTO_TEST_CASE(withheld)
{
    CallRecord other = call;
    other.call_id = "other";
    own.push_back(other);
    auto compared = CompareCalls(file, own, counted);
    BOOST_REQUIRE(compared.withheld.size() == 1U);
    BOOST_TEST(compared.withheld[0].call_id == "other");
    // Close to a border the other side may have it in the period beside.
    for (const uint64_t end : {uint64_t{1'798'000'001'999}, uint64_t{1'799'899'998'000}}) {
        own[1].end = end;
        BOOST_TEST(CompareCalls(file, own, counted).withheld.empty());
    }
    own[1].end = 1'799'899'997'999;
    BOOST_TEST(CompareCalls(file, own, counted).withheld.size() == 1U);
    counted = {{"other", own[1].answer}};
    BOOST_TEST(CompareCalls(file, own, counted).withheld.empty());
    counted.clear();
    file.left_out = {{"other", own[1].answer, CallDispute::End}};
    BOOST_TEST(CompareCalls(file, own, counted).withheld.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
