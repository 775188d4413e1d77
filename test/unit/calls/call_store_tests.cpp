// The store of calls: each once, found by number, time and Call-ID, against a plain list.
#include "calls/call_store.h"
#include "crypto/random.h"
#include "storage/memory_files.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <tuple>

namespace emc::calls {
namespace {

using reward::CallRecord;

constexpr uint32_t MAGIC = 0x01020304;

/// A store on files in memory that can be opened again.
struct Fixture {
    storage::MemoryFiles files;
    crypto::TestRandom random{1};
    std::unique_ptr<CallStore> store;

    Fixture() { Open(); }

    void Open()
    {
        store.reset();
        auto opened = CallStore::Open({"/calls", MAGIC, &files}, random);
        BOOST_REQUIRE(opened.HasValue());
        store = std::move(*opened);
    }

    CallStore::Added Add(const std::vector<CallRecord>& calls, const std::vector<SourceMark>& marks = {})
    {
        const auto added = store->Add(calls, marks);
        BOOST_REQUIRE(added.HasValue());
        return *added;
    }

    std::vector<CallRecord> Read(const CallFilter& filter, size_t most = SIZE_MAX)
    {
        std::vector<CallRecord> out;
        const auto done = store->Read(filter, [&](const CallRecord& call) {
            out.push_back(call);
            return out.size() < most;
        });
        BOOST_REQUIRE(done.HasValue());
        return out;
    }
};

CallRecord Call(uint64_t caller, uint64_t callee, uint64_t answer_sec, uint64_t seconds = 61)
{
    CallRecord call = test::CallOf(1, seconds);
    call.caller = caller;
    call.callee = callee;
    call.start = call.answer = answer_sec * 1'000;
    call.end = call.answer + seconds * 1'000;
    call.call_id = std::to_string(caller) + "-" + std::to_string(answer_sec);
    return call;
}

/// Without the salt, which the store chooses.
CallRecord Bare(CallRecord call)
{
    call.salt = {};
    return call;
}

BOOST_FIXTURE_TEST_SUITE(call_store, Fixture)

BOOST_AUTO_TEST_CASE(each_call_once)
{
    const CallRecord call = Call(1000, 2000, 1'799'000'000);
    BOOST_TEST(Add({call, call}).added == 1U);
    CallRecord later = call;
    later.end += 1'000;
    const auto again = Add({call, later});
    BOOST_TEST(again.added == 0U);
    BOOST_TEST(again.known == 1U);
    BOOST_TEST((again.differing == std::vector<size_t>{1}));
    CallRecord other = call;
    other.call_id += "x";
    BOOST_TEST(Add({other}).added == 1U);
    Open();
    const auto all = Read({});
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST((Bare(all[0]) == Bare(call) || Bare(all[1]) == Bare(call)));
    BOOST_TEST((all[0].salt != all[1].salt));
}

BOOST_AUTO_TEST_CASE(found_by_call_id)
{
    const CallRecord call = Call(1000, 2000, 1'799'000'000);
    Add({call, Call(1000, 2000, 1'799'000'100)});
    const auto found = store->ByCallId(call.call_id);
    BOOST_REQUIRE(found.HasValue());
    BOOST_REQUIRE(found->size() == 1U);
    BOOST_TEST((Bare((*found)[0]) == Bare(call)));
    BOOST_TEST(store->ByCallId("nobody's")->empty());
}

BOOST_AUTO_TEST_CASE(mark_and_calls_together)
{
    const base::Bytes mark{1, 2, 3};
    BOOST_TEST(!store->Mark("Master.csv")->has_value());
    Add({Call(1000, 2000, 1'799'000'000)}, {{"Master.csv", mark}});
    Open();
    BOOST_TEST((*store->Mark("Master.csv") == mark));
    BOOST_TEST(!store->Mark("Master").Value().has_value());
    Add({}, {{"Master.csv", base::Bytes{9}}});
    BOOST_TEST((*store->Mark("Master.csv") == base::Bytes{9}));
    Add({}, {{"Master.csv", {}}});
    BOOST_TEST(!store->Mark("Master.csv").Value().has_value());
}

/// Random calls among few numbers: every filter gives what a plain list gives, in its order.
BOOST_AUTO_TEST_CASE(against_a_list)
{
    crypto::TestRandom dice(7);
    std::vector<CallRecord> list;
    for (int i = 0; i < 2'000; ++i) {
        const uint64_t caller = 1'000 + dice.Below(5);
        const uint64_t callee = 2'000 + dice.Below(5);
        const bool back = dice.Below(2) == 0;
        const CallRecord call = Call(back ? callee : caller, back ? caller : callee,
                                     1'799'000'000 + dice.Below(10'000), dice.Below(3'600));
        const bool known = std::any_of(list.begin(), list.end(), [&](const CallRecord& one) {
            return one.call_id == call.call_id && one.callee == call.callee;
        });
        if (!known) list.push_back(call);
    }
    for (size_t i = 0; i < list.size(); i += 100)
        Add({list.begin() + static_cast<std::ptrdiff_t>(i),
             list.begin() + static_cast<std::ptrdiff_t>(std::min(i + 100, list.size()))});
    for (int round = 0; round < 200; ++round) {
        CallFilter filter;
        if (dice.Below(4) != 0) filter.number = (dice.Below(2) == 0 ? 1'000 : 2'000) + dice.Below(6);
        if (filter.number != 0 && dice.Below(2) == 0)
            filter.counterparty = (filter.number < 2'000 ? 2'000 : 1'000) + dice.Below(6);
        filter.outgoing = dice.Below(4) != 0;
        filter.incoming = dice.Below(4) != 0;
        if (dice.Below(2) == 0) filter.from_ms = (1'799'000'000 + dice.Below(14'000)) * 1'000;
        if (dice.Below(2) == 0) filter.to_ms = (1'799'000'000 + dice.Below(14'000)) * 1'000;
        const auto got = Read(filter);
        size_t expected = 0;
        for (const CallRecord& call : list) {
            const bool made = call.caller == filter.number && filter.outgoing;
            const bool took = call.callee == filter.number && filter.incoming;
            const bool party = filter.counterparty == 0 || call.caller == filter.counterparty ||
                               call.callee == filter.counterparty;
            expected += (filter.number == 0 || made || took) && party && call.end >= filter.from_ms &&
                        call.end < filter.to_ms;
        }
        BOOST_TEST(got.size() == expected);
        const auto turn = std::find_if(got.begin(), got.end(),
                                       [&](const auto& call) { return call.caller != filter.number; });
        const auto by_end = [](const CallRecord& a, const CallRecord& b) { return a.end < b.end; };
        BOOST_TEST(std::is_sorted(got.begin(), turn, by_end));
        BOOST_TEST(std::is_sorted(turn, got.end(), by_end));
        filter.newest_first = true;
        auto newest = Read(filter);
        BOOST_TEST(std::is_sorted(newest.rbegin(), newest.rend(), by_end));
        const auto by_all = [](const CallRecord& a, const CallRecord& b) {
            return std::tie(a.end, a.caller, a.callee, a.call_id) <
                   std::tie(b.end, b.caller, b.callee, b.call_id);
        };
        auto all = got;
        std::sort(all.begin(), all.end(), by_all);
        std::sort(newest.begin(), newest.end(), by_all);
        BOOST_TEST((newest == all));
    }
    const auto totals = store->Totals({});
    BOOST_REQUIRE(totals.HasValue());
    uint64_t calls = 0;
    uint64_t minutes = 0;
    for (const auto& sum : *totals) {
        calls += sum.calls;
        minutes += sum.minutes;
        BOOST_TEST(sum.first_end_ms <= sum.last_end_ms);
    }
    BOOST_TEST(calls == list.size());
    uint64_t wanted = 0;
    for (const CallRecord& call : list)
        wanted += reward::CallMinutes(call.answer, call.end);
    BOOST_TEST(minutes == wanted);
}

BOOST_AUTO_TEST_CASE(a_visit_ends_when_it_wants)
{
    Add({Call(1000, 2000, 1'799'000'000), Call(2000, 1000, 1'799'000'100), Call(1000, 2000, 1'799'000'200)});
    CallFilter both;
    both.number = 1000;
    BOOST_TEST(Read(both, 1).size() == 1U);
    BOOST_TEST(Read(both, 3).size() == 3U);
    BOOST_TEST(Read({}, 2).size() == 2U);
}

BOOST_AUTO_TEST_CASE(forgetting)
{
    std::vector<CallRecord> calls;
    for (uint64_t i = 0; i < 25'000; ++i)
        calls.push_back(Call(1000, 2000, 1'799'000'000 + i, 10));
    Add(calls);
    const auto removed = store->Forget(calls[20'000].end);
    BOOST_REQUIRE(removed.HasValue());
    BOOST_TEST(*removed == 20'000U);
    BOOST_TEST(Read({}).size() == 5'000U);
    BOOST_TEST(store->ByCallId(calls[0].call_id)->empty());
    BOOST_TEST(Add({calls[0]}).added == 1U); // it can come again
}

BOOST_AUTO_TEST_CASE(another_network)
{
    store.reset();
    const auto opened = CallStore::Open({"/calls", MAGIC + 1, &files}, random);
    BOOST_REQUIRE(!opened.HasValue());
    BOOST_TEST((opened.Error().code == storage::StorageError::WrongNetwork));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
