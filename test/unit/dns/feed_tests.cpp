#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace emc;
using test::FakeNames;
using test::Rig;
using test::RigOptions;
using test::TestKey;

namespace {

constexpr unsigned A = 1, NAPTR = 35;
constexpr const char* NUMBER = "18009359935";
constexpr const char* QUESTION = "5.3.9.9.5.3.9.0.0.8.1.enum";

std::string Route(int preference, const std::string& host)
{
    return "E2U+sip=100|" + std::to_string(preference) + "|!^.*$!sip:x@" + host + "!";
}

std::string Shown(int preference, const std::string& host)
{
    return "100 " + std::to_string(preference) + " \"u\" \"E2U+sip\" \"!^.*$!sip:x@" + host + "!\" .";
}

struct Chain {
    Chain() : verifier(0x11), owner(0x22), other(0x33)
    {
        names.Put("ver:enum", "name=Test", verifier.script);
    }

    void PutSlot(int slot, const std::string& value, int32_t expiry = FakeNames::FOREVER,
                 uint32_t sig_expiry = 0)
    {
        names.Put(Slot(slot), value + "\n" + verifier.SigLine(NUMBER, owner, sig_expiry), owner.script,
                  expiry);
    }

    static std::string Slot(int slot) { return std::string("enum:") + NUMBER + ":" + std::to_string(slot); }

    FakeNames names;
    TestKey verifier;
    TestKey owner;
    TestKey other;
};

} // namespace

BOOST_AUTO_TEST_SUITE(dns_feed)

BOOST_AUTO_TEST_CASE(changed_names_show_at_once)
{
    Chain chain;
    Rig rig(chain.names);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    chain.PutSlot(3, Route(20, "b.test"));
    rig.Block(101, {Chain::Slot(3)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(20, "b.test")); // a gap in the slots hides nothing
    chain.PutSlot(12, Route(10, "a.test"));
    rig.Block(102, {Chain::Slot(12)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test") + " / " + Shown(20, "b.test"));
    chain.names.Erase(Chain::Slot(3));
    rig.Block(103, {Chain::Slot(3)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    chain.names.Erase(Chain::Slot(12));
    rig.Block(104, {Chain::Slot(12)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    BOOST_TEST(rig.Ask("8.1.enum", NAPTR).rcode == 3u);
    chain.names.Put("dns:new.coin", "A=1.2.3.4");
    rig.Block(105, {"dns:new.coin", "dns:odd", "x", "enum:1:2:3", "dns:UPPER.coin", "dns:new.org"});
    BOOST_TEST(rig.Text("new.coin", A) == "1.2.3.4");
    const uint64_t slow = rig.counters.slow.Get();
    BOOST_TEST(slow == 0u);
}

BOOST_AUTO_TEST_CASE(lifetimes_are_merged)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test") + "\nTTL=600");
    chain.PutSlot(1, Route(20, "b.test") + "\nTTL=300");
    Rig rig(chain.names);
    const auto reply = rig.Ask(QUESTION, NAPTR);
    BOOST_TEST_REQUIRE(reply.answer.size() == 2u);
    BOOST_TEST(reply.answer[0].ttl == 300u);
    BOOST_TEST(reply.answer[1].ttl == 300u);
}

BOOST_AUTO_TEST_CASE(a_signature_dies_with_its_owner_verifier_and_date)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"), FakeNames::FOREVER, 1'700'000'100);
    Rig rig(chain.names);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    BOOST_TEST(rig.Ask(QUESTION, NAPTR).answer.at(0).ttl == 100u); // not longer than the signature
    rig.clock.SetMockTime(1'700'000'099);
    BOOST_TEST(rig.Ask(QUESTION, NAPTR).answer.at(0).ttl == 1u);
    rig.clock.SetMockTime(1'700'000'100);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.Block(101, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    BOOST_TEST(rig.Ask("8.1.enum", NAPTR).rcode == 3u);

    // The same value under another owner: nobody signed that.
    chain.PutSlot(0, Route(10, "a.test"));
    rig.Block(102, {Chain::Slot(0)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    auto info = chain.names.Find(Chain::Slot(0));
    chain.names.Put(Chain::Slot(0), base::AsText(info->record.value), chain.other.script);
    rig.Block(103, {Chain::Slot(0)});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
}

BOOST_AUTO_TEST_CASE(a_verifier_takes_its_numbers_along)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"));
    Rig rig(chain.names);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    chain.names.Erase("ver:enum");
    rig.Block(101, {"ver:enum"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    chain.names.Put("ver:enum", "name=Test", chain.verifier.script);
    rig.Block(102, {"ver:enum"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    chain.names.Put("ver:enum", "name=Test", chain.other.script); // another key
    rig.Block(103, {"ver:enum"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    chain.names.Put("ver:enum", "name=Test", chain.verifier.script, 105); // expires
    rig.Block(104, {"ver:enum"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    rig.Block(105, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    rig.Block(106, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
}

BOOST_AUTO_TEST_CASE(revocation_lists)
{
    Chain chain;
    chain.names.Put("ver:enum", "name=Test\nSRL=0|srl:test", chain.verifier.script);
    chain.PutSlot(0, Route(10, "a.test"));
    chain.names.Put("srl:test", "some other line");
    Rig rig(chain.names);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    chain.names.Put("srl:test", "x\n" + Chain::Slot(0) + "1\n" + "a" + Chain::Slot(0));
    rig.Block(101, {"srl:test"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test")); // whole lines only
    chain.names.Put("srl:test", "x\n" + Chain::Slot(0));
    rig.Block(102, {"srl:test"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    // A missing list refuses for five minutes, then accepts.
    chain.names.Erase("srl:test");
    rig.Block(103, {"srl:test"});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.clock.SetMockTime(1'700'000'299);
    rig.Block(104, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.clock.SetMockTime(1'700'000'400);
    rig.Block(105, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
}

BOOST_AUTO_TEST_CASE(names_expire_and_reorganisations_bring_them_back)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"), 105);
    chain.names.Put("dns:short.coin", "A=1.2.3.4", {}, 105);
    Rig rig(chain.names);
    BOOST_TEST(rig.Text("short.coin", A) == "1.2.3.4");
    for (const int32_t height : {104, 105}) { // up to the expiry itself
        rig.Block(height, {});
        BOOST_TEST(rig.Text("short.coin", A) == "1.2.3.4");
        BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    }
    rig.Block(106, {});
    BOOST_TEST(rig.Text("short.coin", A) == "rcode 3");
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.Block(107, {});
    rig.Block(105, {});
    BOOST_TEST(rig.Text("short.coin", A) == "1.2.3.4");
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
}

BOOST_AUTO_TEST_CASE(what_was_over_before_the_start_comes_back_too)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"), 100);
    chain.PutSlot(1, Route(20, "b.test"));
    chain.names.Put("dns:short.coin", "A=1.2.3.4", {}, 100);
    chain.names.Put("dns:a.b.ent.coin", "A=1.2.3.4", {}, 100);
    chain.names.Put("dns:s.sigz:0", "A=6.6.6.6|SIG=ver:enum!" + chain.verifier.SignText("dns:s.sigz:0"), {},
                    100);
    RigOptions options;
    options.height = 101;
    Rig rig(chain.names, options);
    for (const char* name : {"short.coin", "b.ent.coin", "s.sigz"})
        BOOST_TEST(rig.Text(name, A) == "rcode 3", name);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(20, "b.test"));
    rig.Block(100, {}); // a block was undone
    BOOST_TEST(rig.Text("short.coin", A) == "1.2.3.4");
    BOOST_TEST(rig.Text("b.ent.coin", A) == "nodata");
    BOOST_TEST(rig.Text("s.sigz", A) == "6.6.6.6");
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test") + " / " + Shown(20, "b.test"));
}

BOOST_AUTO_TEST_CASE(a_verifier_over_before_the_start_comes_back_too)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"));
    chain.names.Put("ver:enum", "name=Test", chain.verifier.script, 98);
    RigOptions options;
    options.height = 100;
    Rig rig(chain.names, options);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.Block(99, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
    rig.Block(98, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    rig.Block(99, {});
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == "rcode 3");
}

BOOST_AUTO_TEST_CASE(the_search_in_a_signed_zone_ends_with_a_candidate)
{
    Chain chain;
    chain.names.Put("dns:s.sigz:0", "A=6.6.6.6", {}, 102); // without a signature: the next one counts
    chain.names.Put("dns:s.sigz:1", "A=7.7.7.7|SIG=ver:enum!" + chain.verifier.SignText("dns:s.sigz:1"));
    Rig rig(chain.names);
    rig.Block(102, {});
    BOOST_TEST(rig.Text("s.sigz", A) == "7.7.7.7");
    rig.Block(103, {});
    BOOST_TEST(rig.Text("s.sigz", A) == "rcode 3"); // as after a restart
    rig.Block(102, {});
    BOOST_TEST(rig.Text("s.sigz", A) == "7.7.7.7");
}

BOOST_AUTO_TEST_CASE(missed_events_lead_to_a_full_pass)
{
    Chain chain;
    Rig rig(chain.names);
    chain.PutSlot(0, Route(10, "a.test"));
    rig.events.Miss();
    rig.feed.WaitIdle();
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    BOOST_TEST(rig.counters.slow.Get() == 0u);
}

BOOST_AUTO_TEST_CASE(what_memory_does_not_hold_is_read)
{
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"));
    for (int i = 0; i < 300; ++i)
        chain.names.Put("dns:n" + std::to_string(i) + ".coin", "A=10.0.0." + std::to_string(i % 250));
    RigOptions options;
    options.max_bytes = 4000;
    Rig rig(chain.names, options);
    BOOST_TEST(rig.store.HoldsAllNumbers());
    BOOST_TEST(!rig.store.HoldsAllNames());
    for (int turn = 0; turn < 2; ++turn) {
        for (int i = 0; i < 300; ++i)
            BOOST_TEST(rig.Text("n" + std::to_string(i) + ".coin", A) == "10.0.0." + std::to_string(i % 250));
        BOOST_TEST(rig.Text("nothing.coin", A) == "rcode 3");
    }
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    BOOST_TEST(rig.counters.slow.Get() > 200u);
    BOOST_TEST(rig.counters.slow.Get() < 500u); // the second turn came from the worker's own memory
    chain.names.Put("dns:n299.coin", "A=9.9.9.9");
    rig.Block(101, {"dns:n299.coin"});
    BOOST_TEST(rig.Text("n299.coin", A) == "9.9.9.9");

    options.max_bytes = 1;
    Rig none(chain.names, options);
    BOOST_TEST(!none.store.HoldsAllNumbers());
    BOOST_TEST(none.Text(QUESTION, NAPTR) == Shown(10, "a.test"));
    BOOST_TEST(none.Ask("8.1.enum", NAPTR).rcode == 0u);
    BOOST_TEST(none.Ask("8.2.enum", NAPTR).rcode == 3u);
}

BOOST_AUTO_TEST_CASE(toll_free_numbers)
{
    const test::TempDir folder;
    const std::string file = folder.File("tollfree");
    std::ofstream(file)
        << "# comment\n=^1?8(00|88|77)\\d+$\nE2U+sip=100|10|!^\\\\+*(.*)$!sip:\\\\1@tf.example.com!\n";
    Chain chain;
    chain.PutSlot(0, Route(10, "a.test"));
    chain.names.Put("enum:tollfree:44", "=^44800[0-9]+$\nE2U+sip=100|10|!^.*$!sip:uk@tf.test!");
    RigOptions options;
    options.toll_free = {"@enum:tollfree:44|" + file};
    Rig rig(chain.names, options);
    BOOST_TEST(rig.Text(QUESTION, NAPTR) == Shown(10, "a.test")); // registered ones come first
    const std::string toll_free = rig.Text("1.1.1.1.1.1.1.0.0.8.1.enum", NAPTR);
    BOOST_TEST(toll_free.find("tf.example.com") != std::string::npos, toll_free);
    BOOST_TEST(rig.Text("1.1.1.1.1.1.1.0.0.8.1.enum", A) == "nodata");
    BOOST_TEST(rig.Text("3.2.1.0.0.8.4.4.enum", NAPTR).find("uk@tf.test") != std::string::npos);
    BOOST_TEST(rig.Text("3.2.1.0.0.9.4.4.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Ask("4.4.enum", NAPTR).rcode == 0u); // a pattern may lie below
    // The name changes with a block, the file with its time.
    chain.names.Put("enum:tollfree:44", "=^44900[0-9]+$\nE2U+sip=100|10|!^.*$!sip:uk@tf.test!");
    rig.Block(101, {"enum:tollfree:44"});
    BOOST_TEST(rig.Text("3.2.1.0.0.8.4.4.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("3.2.1.0.0.9.4.4.enum", NAPTR) != "rcode 3");
    std::ofstream(file) << "=^1999[0-9]{7}$\nE2U+sip=100|10|!^.*$!sip:new@tf.test!\n";
    rig.Block(102, {});
    BOOST_TEST(rig.Text("1.1.1.1.1.1.1.0.0.8.1.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("1.1.1.1.1.1.1.9.9.9.1.enum", NAPTR).find("new@tf.test") != std::string::npos);
    std::remove(file.c_str());
    rig.Block(103, {});
    BOOST_TEST(rig.Text("1.1.1.1.1.1.1.9.9.9.1.enum", NAPTR) == "rcode 3");
}

BOOST_AUTO_TEST_SUITE_END()
