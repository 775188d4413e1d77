// Zone transfers: what a zone consists of, its serials, and a copy that follows it change by change.
#include "base/mutex.h"
#include "crypto/random.h"
#include "dns/transfer/access.h"
#include "dns/transfer/notifier.h"
#include "dns/transfer/stream.h"
#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>

using namespace emc;
using namespace emc::dns;
using test::FakeNames;
using test::Reply;
using test::Rig;
using test::RigOptions;

BOOST_AUTO_TEST_SUITE(dns_transfer)

namespace {

constexpr unsigned SOA = 6;
constexpr unsigned AXFR = 252;
constexpr unsigned IXFR = 251;

RigOptions Open(std::vector<std::string> notify = {})
{
    RigOptions out;
    out.zones = ".coin|~open|3.short";
    out.self_names = "ns1.gate.test";
    out.transfer.allow = {"127.0.0.1"};
    out.transfer.notify = std::move(notify);
    return out;
}

/// Keeps what is sent.
class Replies final : public ReplyStream
{
public:
    bool Send(ByteSpan message) override
    {
        const base::LockGuard lock(m_mutex);
        m_messages.emplace_back(message.begin(), message.end());
        return true;
    }

    bool SendNow(ByteSpan message) override { return Send(message); }

    [[nodiscard]] bool Closed() const override { return false; }

    [[nodiscard]] std::vector<Bytes> Take()
    {
        const base::LockGuard lock(m_mutex);
        return std::exchange(m_messages, {});
    }

private:
    base::Mutex<base::LockRank::Leaf> m_mutex;
    std::vector<Bytes> m_messages EMC_GUARDED_BY(m_mutex);
};

Client Local()
{
    return {*base::ParseIp("127.0.0.1"), 5300, Transport::Tcp};
}

/// An IXFR question carries the SOA of the copy.
Bytes Question(const std::string& zone, unsigned type, uint32_t have = 0)
{
    Bytes out = test::MakeQuestion(zone, type);
    if (type != IXFR) return out;
    StoreU16(out.data() + 8, 1);
    AppendU16(out, QUESTION_POINTER);
    AppendU16(out, SOA);
    AppendU16(out, CLASS_IN);
    AppendU32(out, 0);
    AppendU16(out, 22);
    out.insert(out.end(), {0, 0});
    for (const uint32_t value : {have, 0u, 0u, 0u, 0u})
        AppendU32(out, value);
    return out;
}

/// All messages of one question: the last reference to the stream is gone when they are complete.
std::vector<Bytes> Transfer(Rig& rig, const Bytes& question, const Client& client = Local())
{
    auto replies = std::make_shared<Replies>();
    rig.transfers.OnStream(question, client, replies);
    while (replies.use_count() > 1)
        std::this_thread::yield();
    return replies->Take();
}

struct Record {
    unsigned type = 0;
    std::string text; ///< "owner ttl type data"
    uint32_t serial = 0;
};

std::vector<Record> RecordsOf(const std::vector<Bytes>& messages)
{
    std::vector<Record> out;
    for (const Bytes& message : messages) {
        const Reply reply = test::ParseReply(message);
        BOOST_TEST_REQUIRE(reply.sound, reply.fault);
        BOOST_TEST(reply.rcode == 0u);
        BOOST_TEST(reply.aa);
        for (const auto& record : reply.answer) {
            Record item{record.type, {}, 0};
            item.text = record.owner + " " + std::to_string(record.ttl) + " " + std::to_string(record.type) +
                        " " + test::DataText(message, record);
            if (record.type == SOA) item.serial = LoadU32(record.rdata.data() + record.rdata.size() - 20);
            out.push_back(item);
        }
    }
    return out;
}

using Content = std::set<std::string>;

/// A copy of one zone as a strict secondary keeps it.
struct Copy {
    uint32_t serial = 0;
    Content records; ///< without SOA

    void TakeWhole(const std::vector<Record>& all)
    {
        BOOST_TEST_REQUIRE(all.size() >= 2u);
        BOOST_TEST(all.front().type == SOA);
        BOOST_TEST(all.back().text == all.front().text);
        records.clear();
        for (size_t i = 1; i + 1 < all.size(); ++i)
            BOOST_TEST(records.insert(all[i].text).second, "twice: " << all[i].text);
        serial = all.front().serial;
    }

    /// RFC 1995 §4; everything that is removed must be there, nothing that is added may be.
    void TakeChanges(const std::vector<Record>& all)
    {
        const uint32_t target = all.front().serial;
        if (all.size() == 1) {
            BOOST_TEST(target == serial);
            return;
        }
        if (all[1].type != SOA) return TakeWhole(all);
        size_t at = 1;
        while (at + 1 < all.size()) {
            BOOST_TEST_REQUIRE(all[at].serial == serial);
            for (++at; all[at].type != SOA; ++at)
                BOOST_TEST(records.erase(all[at].text) == 1u, "not there: " << all[at].text);
            serial = all[at].serial;
            for (++at; all[at].type != SOA; ++at)
                BOOST_TEST(records.insert(all[at].text).second, "already there: " << all[at].text);
        }
        BOOST_TEST(all[at].serial == target);
        BOOST_TEST(serial == target);
    }
};

Content Whole(Rig& rig, const std::string& zone)
{
    Copy out;
    out.TakeWhole(RecordsOf(Transfer(rig, Question(zone, AXFR))));
    return out.records;
}

uint32_t SerialOf(Rig& rig, const std::string& zone)
{
    const Reply reply = rig.Ask(zone, SOA);
    BOOST_TEST_REQUIRE(reply.answer.size() == 1u);
    const auto& rdata = reply.answer[0].rdata;
    return LoadU32(rdata.data() + rdata.size() - 20);
}

unsigned RcodeOf(const std::vector<Bytes>& messages)
{
    BOOST_TEST_REQUIRE(messages.size() == 1u);
    const Reply reply = test::ParseReply(messages[0]);
    BOOST_TEST(reply.sound, reply.fault);
    BOOST_TEST(reply.answer.empty());
    return reply.rcode;
}

} // namespace

BOOST_AUTO_TEST_CASE(content_of_a_zone)
{
    FakeNames names;
    names.Put("dns:plain.coin", "A=192.0.2.1|TTL=300");
    names.Put("dns:sub.coin", "A=192.0.2.2|SD=www,gone");
    names.Put("dns:www.sub.coin", "A=192.0.2.3");
    names.Put("dns:other.sub.coin", "A=192.0.2.4"); // no question leads to it
    names.Put("dns:any.coin", "A=192.0.2.5|SD=*");
    names.Put("dns:x.any.coin", "TXT=deep");
    names.Put("dns:cut.coin", "NS=ns.cut.coin|A=192.0.2.6|TXT=hidden|SD=www");
    names.Put("dns:www.cut.coin", "A=192.0.2.7"); // below the delegation
    names.Put("dns:alias.coin", "CNAME=plain.coin");
    names.Put("dns:both.coin", "CNAME=plain.coin|A=192.0.2.8");
    names.Put("dns:orphan.parent.coin", "A=192.0.2.9");
    names.Put("open:4930123456:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
    names.Put("dns:a.b.short", "A=192.0.2.10|SD=c");
    names.Put("dns:b.short", "A=192.0.2.11|SD=a");
    Rig rig(names, Open());
    const Content coin = {
        "coin. 3600 2 ns1.gate.test.",      "plain.coin. 300 1 192.0.2.1",
        "*.plain.coin. 300 1 192.0.2.1",    "sub.coin. 3600 1 192.0.2.2",
        "*.sub.coin. 3600 1 192.0.2.2",     "www.sub.coin. 3600 1 192.0.2.3",
        "*.www.sub.coin. 3600 1 192.0.2.3", "any.coin. 3600 1 192.0.2.5",
        "x.any.coin. 3600 16 \"deep\"",     "*.x.any.coin. 3600 16 \"deep\"",
        "cut.coin. 3600 2 ns.cut.coin.",    "cut.coin. 3600 1 192.0.2.6",
        "alias.coin. 3600 5 plain.coin.",   "*.alias.coin. 3600 5 plain.coin.",
        "both.coin. 3600 1 192.0.2.8",      "*.both.coin. 3600 1 192.0.2.8",
    };
    const Content got = Whole(rig, "coin");
    BOOST_TEST(got == coin, boost::test_tools::per_element());
    const Content open = Whole(rig, "open");
    BOOST_TEST_REQUIRE(open.size() == 2u);
    BOOST_TEST(open.begin()->starts_with("6.5.4.3.2.1.0.3.9.4.open. 86400 35 "), *open.begin());
    // Questions have at most three labels there: nothing is below a.b.short.
    const Content narrow = {"short. 3600 2 ns1.gate.test.", "b.short. 3600 1 192.0.2.11",
                            "*.b.short. 3600 1 192.0.2.11", "a.b.short. 3600 1 192.0.2.10"};
    BOOST_TEST(Whole(rig, "short") == narrow, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(large_zones_come_in_many_messages)
{
    FakeNames names;
    constexpr size_t NUMBERS = 3000;
    for (size_t i = 0; i < NUMBERS; ++i)
        names.Put("open:49301" + std::to_string(100'000 + i) + ":0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
    Rig rig(names, Open());
    const auto messages = Transfer(rig, Question("open", AXFR));
    BOOST_TEST(messages.size() > 3u);
    for (const Bytes& message : messages)
        BOOST_TEST(message.size() <= MessagePacker::FULL_BYTES);
    const auto records = RecordsOf(messages);
    BOOST_TEST(records.size() == NUMBERS + 3);
}

BOOST_AUTO_TEST_CASE(serials_and_changes)
{
    FakeNames names;
    names.Put("dns:a.coin", "A=192.0.2.1");
    Rig rig(names, Open());
    Copy copy;
    copy.TakeWhole(RecordsOf(Transfer(rig, Question("coin", AXFR))));
    BOOST_TEST(copy.serial == 100u);
    BOOST_TEST(SerialOf(rig, "coin") == 100u);
    rig.Block(101, {}); // nothing changes
    BOOST_TEST(SerialOf(rig, "coin") == 100u);
    names.Put("dns:a.coin", "A=192.0.2.2");
    rig.Block(102, {"dns:a.coin"});
    BOOST_TEST(SerialOf(rig, "coin") == 102u);
    BOOST_TEST(SerialOf(rig, "open") == 100u);
    names.Put("dns:b.coin", "A=192.0.2.3");
    rig.Block(90, {"dns:b.coin"}); // another branch, lower
    BOOST_TEST(SerialOf(rig, "coin") == 103u);
    const auto changes = RecordsOf(Transfer(rig, Question("coin", IXFR, copy.serial)));
    BOOST_TEST(changes.size() == 1u + 1 + 2 + 1 + 2 + 1 + 1 + 2 + 1); // SOA, two changes, SOA
    copy.TakeChanges(changes);
    BOOST_TEST((copy.records == Whole(rig, "coin")));
    BOOST_TEST(RecordsOf(Transfer(rig, Question("coin", IXFR, copy.serial))).size() == 1u);
    BOOST_TEST(RecordsOf(Transfer(rig, Question("coin", IXFR, copy.serial + 7))).size() ==
               1u); // newer than ours
    const auto unknown = RecordsOf(Transfer(rig, Question("coin", IXFR, 50)));
    BOOST_TEST(unknown[1].type == 2u); // the whole zone
    Copy anew;
    anew.TakeWhole(unknown);
    BOOST_TEST((anew.records == copy.records));
}

/// Names of all kinds come, change and go; two copies follow, one at every block, one now and then.
BOOST_AUTO_TEST_CASE(copies_follow_a_long_history)
{
    const std::vector<std::string> values = {
        "A=192.0.2.1",       "A=192.0.2.1,192.0.2.2|TXT=x", "A=192.0.2.1|SD=a",
        "TXT=y|SD=*",        "NS=ns.example|A=192.0.2.9",   "A=192.0.2.1|SD=a,b",
        "CNAME=t.coin",      "CNAME=t.coin|TXT=z",          "NS=ns.example|SD=a",
        "A=192.0.2.1|TTL=60"};
    const std::vector<std::string> keys = {"dns:t.coin",     "dns:a.t.coin", "dns:b.t.coin", "dns:a.a.t.coin",
                                           "dns:b.a.t.coin", "dns:u.coin",   "dns:a.u.coin", "dns:b.u.coin"};
    crypto::TestRandom random(20'261'121);
    const auto below = [&](size_t bound) { return random.Below(bound); };
    FakeNames names;
    Rig rig(names, Open());
    Copy every;
    Copy some;
    every.TakeWhole(RecordsOf(Transfer(rig, Question("coin", AXFR))));
    some = every;
    size_t incremental = 0;
    const uint64_t blocks = test::NumberFromEnvironment("EMC_TRANSFER_BLOCKS", 400);
    for (uint64_t i = 1; i <= blocks; ++i) {
        std::vector<std::string> changed;
        for (size_t n = below(4); n > 0; --n) {
            changed.push_back(keys[below(keys.size())]);
            if (below(3) == 0) {
                names.Erase(changed.back());
            } else {
                names.Put(changed.back(), values[below(values.size())]);
            }
        }
        rig.Block(static_cast<int32_t>(100 + i - (below(10) == 0 ? 5 : 0)), changed);
        const auto records = RecordsOf(Transfer(rig, Question("coin", IXFR, every.serial)));
        incremental += records.size() > 1 && records[1].type == SOA ? 1 : 0;
        every.TakeChanges(records);
        const Content now = Whole(rig, "coin");
        BOOST_TEST_REQUIRE((every.records == now), "block " << i);
        if (below(7) != 0) continue;
        some.TakeChanges(RecordsOf(Transfer(rig, Question("coin", IXFR, some.serial))));
        BOOST_TEST_REQUIRE((some.records == now), "block " << i << ", copy that skips");
    }
    BOOST_TEST(incremental > blocks / 3);
}

BOOST_AUTO_TEST_CASE(who_may)
{
    FakeNames names;
    RigOptions options = Open();
    options.transfer.keys = {"k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
    options.transfer.allow = {"192.0.2.0/24", "10.0.0.0/8,key:k1", "key:K1."};
    Rig rig(names, options);
    const auto from = [](const char* ip) { return Client{*base::ParseIp(ip), 1, Transport::Tcp}; };
    const Bytes question = Question("coin", AXFR);
    BOOST_TEST(RcodeOf(Transfer(rig, question)) == 5u);
    BOOST_TEST(RcodeOf(Transfer(rig, question, from("10.1.1.1"))) == 5u);
    BOOST_TEST(RecordsOf(Transfer(rig, question, from("192.0.2.77"))).size() == 3u);
    BOOST_TEST(RcodeOf(Transfer(rig, Question("example", AXFR), from("192.0.2.77"))) == 9u);
    BOOST_TEST(RcodeOf(Transfer(rig, Question("a.coin", AXFR), from("192.0.2.77"))) == 9u);
    Bytes lame = Question("coin", IXFR, 1);
    StoreU16(lame.data() + 8, 0);
    lame.resize(question.size());
    BOOST_TEST(RcodeOf(Transfer(rig, lame, from("192.0.2.77"))) == 1u);
    TsigSession session(*rig.transfers.Keys().Find(*NameFromText("k1")));
    Bytes with_key = question;
    session.Sign(with_key, rig.clock.NowSec());
    const auto messages = Transfer(rig, with_key, from("198.51.100.1"));
    BOOST_TEST_REQUIRE(messages.size() == 1u);
    BOOST_TEST(session.CheckAnswer(messages[0], rig.clock.NowSec()));
    rig.clock.SetMockTime(rig.clock.NowSec() + 1000);
    BOOST_TEST(RcodeOf(Transfer(rig, with_key, from("198.51.100.1"))) == 9u); // BADTIME
    const auto counts = rig.transfers.GetCounts();
    BOOST_TEST(counts.whole == 2u);
    BOOST_TEST(counts.refused == 6u);
    // Over UDP the SOA alone tells that TCP is needed.
    std::array<uint8_t, 512> out{};
    const Client near = from("192.0.2.77");
    const size_t size = rig.transfers.OnDatagram(Question("coin", IXFR, 1), near, out);
    const auto alone = RecordsOf({Bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size))});
    BOOST_TEST(alone.size() == 1u);
    BOOST_TEST(rig.transfers.OnDatagram(question, near, out) == 0u);
}

BOOST_AUTO_TEST_CASE(nothing_incomplete_is_copied)
{
    FakeNames names;
    for (int i = 0; i < 200; ++i)
        names.Put("dns:n" + std::to_string(i) + ".coin", "TXT=" + std::string(200, 'x'));
    RigOptions options = Open();
    options.max_bytes = 20'000;
    Rig rig(names, options);
    BOOST_TEST(RcodeOf(Transfer(rig, Question("coin", AXFR))) == 2u);
    RigOptions early = Open();
    early.initial_download = true;
    Rig loading(names, early);
    BOOST_TEST(RcodeOf(Transfer(loading, Question("coin", AXFR))) == 2u);
}

BOOST_AUTO_TEST_CASE(signed_questions_get_signed_answers)
{
    FakeNames names;
    names.Put("dns:a.coin", "A=192.0.2.1");
    names.Put("dns:big.coin", "TXT=" + std::string(470, 'x'));
    RigOptions options = Open();
    options.transfer.keys = {"k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
    Rig rig(names, options);
    const TsigKey& key = *rig.transfers.Keys().Find(*NameFromText("k1"));
    for (const auto& [name, type, cut] :
         {std::tuple("a.coin", 1u, false), std::tuple("coin", SOA, false), std::tuple("none.coin", 1u, false),
          std::tuple("big.coin", 16u, true)}) {
        TsigSession session(key);
        Bytes question = test::MakeQuestion(name, type);
        session.Sign(question, rig.clock.NowSec());
        const Bytes answer = rig.Ask(question);
        BOOST_TEST(session.CheckAnswer(answer, rig.clock.NowSec()), name);
        BOOST_TEST(answer.size() <= 512u);
        BOOST_TEST(test::ParseReply(answer).tc == cut, name);
    }
    TsigSession session(key);
    Bytes question = test::MakeQuestion("a.coin", 1);
    session.Sign(question, rig.clock.NowSec());
    question[13] ^= 1;
    const Reply reply = test::ParseReply(rig.Ask(question));
    BOOST_TEST(reply.rcode == 9u);
}

BOOST_AUTO_TEST_CASE(serials_outlive_a_restart)
{
    const test::TempDir folder;
    RigOptions options = Open();
    options.transfer.serial_file = folder.File("serials");
    FakeNames names;
    {
        Rig rig(names, options);
        BOOST_TEST(SerialOf(rig, "coin") == 100u);
        names.Put("dns:a.coin", "A=192.0.2.1");
        rig.Block(120, {"dns:a.coin"});
        rig.Block(150, {});
    }
    options.height = 150;
    {
        Rig rig(names, options); // all tips of these tests have one hash
        BOOST_TEST(SerialOf(rig, "coin") == 120u);
        BOOST_TEST(SerialOf(rig, "open") == 100u);
        BOOST_TEST(RecordsOf(Transfer(rig, Question("coin", IXFR, 120))).size() == 1u);
        names.Erase("dns:a.coin");
        rig.Block(151, {"dns:a.coin"});
        const auto changes = RecordsOf(Transfer(rig, Question("coin", IXFR, 120)));
        BOOST_TEST_REQUIRE(changes.size() > 2u);
        BOOST_TEST(changes[1].serial == 120u);
    }
    options.self_names = "ns2.gate.test"; // another content
    Rig rig(names, options);
    BOOST_TEST(SerialOf(rig, "coin") == 151u + ZoneSerials::JUMP);
    BOOST_TEST(SerialIsNewer(5, 0xffff'fff0));
    BOOST_TEST(!SerialIsNewer(0xffff'fff0, 5));
    BOOST_TEST(!SerialIsNewer(5, 5));
}

BOOST_AUTO_TEST_CASE(rules_and_targets_as_text)
{
    TsigKeys keys;
    BOOST_TEST(keys.Add("k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").HasValue());
    for (const char* bad : {"", "key:", "key:k2", "192.0.2.0/33", "192.0.2.0/24,", "192.0.2.0/24,k1", "x"})
        BOOST_TEST(!ParseTransferRule(bad, keys).has_value(), bad);
    for (const char* good : {"192.0.2.0/24", "key:k1", "::1,key:K1", "2001:db8::/32"})
        BOOST_TEST(ParseTransferRule(good, keys).has_value(), good);
    const auto text = [&](const char* target) {
        const auto parsed = ParseNotifyTarget(target, keys);
        return parsed ? parsed->Text() + (parsed->key != nullptr ? " signed" : "") : "";
    };
    BOOST_TEST(text("192.0.2.1") == "192.0.2.1:53");
    BOOST_TEST(text("192.0.2.1:5353,key:k1") == "192.0.2.1:5353 signed");
    BOOST_TEST(text("2001:db8::1") == "[2001:db8::1]:53");
    BOOST_TEST(text("[2001:db8::1]:5353") == "[2001:db8::1]:5353");
    for (const char* bad :
         {"", "host", "192.0.2.1:0", "192.0.2.1:99999", "192.0.2.1,key:k2", "[::1", "192.0.2.1:"})
        BOOST_TEST(text(bad) == "", bad);
}

BOOST_AUTO_TEST_CASE(notifications_are_repeated_until_answered)
{
    crypto::SystemRandom random;
    NotifyPlan plan;
    plan.Changed(3, 2, 1000, random);
    auto due = plan.TakeDue(1000);
    BOOST_TEST_REQUIRE(due.size() == 2u);
    BOOST_TEST(plan.TakeDue(1999).empty());
    BOOST_TEST(plan.WaitMs(1500, 10'000) == 500);
    BOOST_TEST((plan.ZoneOf(0, due[0].id) == std::optional<size_t>(3)));
    BOOST_TEST(!plan.ZoneOf(1, static_cast<uint16_t>(due[1].id + 1)).has_value());
    plan.Answered(0, due[0].id);
    unsigned sent = 1;
    int64_t now = 1000;
    while (!plan.Idle() && now < 200'000) {
        now += 100;
        for (const auto& item : plan.TakeDue(now)) {
            BOOST_TEST(item.target == 1u);
            BOOST_TEST(item.tries == ++sent);
        }
    }
    BOOST_TEST(sent == NotifyPlan::TRIES);
    BOOST_TEST(now > 60'000); // 1 + 2 + 4 + … seconds
    plan.Changed(3, 2, now, random);
    (void)plan.TakeDue(now);
    plan.Changed(3, 2, now + 1, random); // the newer serial takes the older one's place
    BOOST_TEST(plan.TakeDue(now + 1).size() == 2u);
    BOOST_TEST(plan.TakeDue(now + 1100).size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
