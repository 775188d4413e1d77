#include "crypto/random.h"
#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace emc;
using test::FakeNames;
using test::MakeQuestion;
using test::ParseReply;
using test::Rig;
using test::RigOptions;

namespace {

constexpr unsigned A = 1, NS = 2, CNAME = 5, SOA = 6, MX = 15, TXT = 16, AAAA = 28, SRV = 33, NAPTR = 35,
                   TLSA = 52, ANY = 255, CAA = 257;
constexpr const char* BLOG = "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com!";

/// Names as a small chain would hold them.
struct World {
    World() : verifier(0x11), owner(0x22)
    {
        names.Put("ver:enum", "name=Test", verifier.script);
        names.Put("enum:18009359935:0", BLOG + ("\n" + verifier.SigLine("18009359935", owner)), owner.script);
        names.Put("enum:17770000000:0", BLOG, owner.script);
        names.Put("open:17775550100:0", "E2U+sip=100|10|!^.*$!sip:100@example.net!");
        names.Put("dns:vec.coin",
                  "A=192.0.2.1|AAAA=2001:db8::1|MX=mx.vec.coin:10|TXT=hi|TTL=300|SRV=1:2:sip.vec.coin:5060|"
                  "CAA=0 issue ca.test|TLSA=3:1:1:00ff");
        names.Put("dns:ref.coin", "NS=ns1.example.net");
        names.Put("dns:cn.coin", "CNAME=www.example.net");
        names.Put("dns:example.coin", "A=1.2.3.4|SD=www,gopher|NS=ns.example.com");
        names.Put("dns:www.example.coin", "A=5.6.7.8");
        names.Put("dns:plain.coin", "A=1.2.3.4|SD=www,gopher");
        names.Put("dns:star.coin", "A=1.1.1.1|SD=*");
        names.Put("dns:a.star.coin", "A=2.2.2.2");
        names.Put("dns:dead.coin", "A=1.1.1.1", {}, 50);
        names.Put("dns:s.sigz:0", "A=6.6.6.6|SIG=ver:enum!" + owner.SignText("dns:s.sigz:0"));
        names.Put("dns:s.sigz:1", "A=7.7.7.7|SIG=ver:enum!bad,ver:enum!" + verifier.SignText("dns:s.sigz:1"));
        names.Put("dns:www.s.sigz", "A=8.8.8.8");
    }

    FakeNames names;
    test::TestKey verifier;
    test::TestKey owner;
};

std::string AnswerHex(const std::vector<uint8_t>& message, size_t question_bytes)
{
    return base::Hex(base::ByteSpan(message).subspan(12 + question_bytes));
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_answer)

BOOST_AUTO_TEST_CASE(known_answers)
{
    World world;
    Rig rig(world.names);

    struct Vector {
        const char* name;
        unsigned type;
        const char* header;
        const char* rest;
    };

    const Vector vectors[] = {
        {"vec.coin", A, "123485000001000100000000", "c00c000100010000012c0004c0000201"},
        {"vec.coin", AAAA, "123485000001000100000000",
         "c00c001c00010000012c001020010db8000000000000000000000001"},
        {"vec.coin", MX, "123485000001000100000000",
         "c00c000f00010000012c000f000a026d780376656304636f696e00"},
        {"vec.coin", TXT, "123485000001000100000000", "c00c001000010000012c0003026869"},
        {"vec.coin", SRV, "123485000001000100000000",
         "c00c002100010000012c00140001000213c4037369700376656304636f696e00"},
        {"vec.coin", CAA, "123485000001000100000000", "c00c010100010000012c000e0005697373756563612e74657374"},
        {"vec.coin", TLSA, "123485000001000100000000", "c00c003400010000012c000503010100ff"},
        {"foo.example", A, "123481050001000000000000", ""},
        {"a.ref.coin", A, "123481000001000000010000",
         "c00e00020001000151800011036e7331076578616d706c65036e657400"},
        {"ref.coin", A, "123481000001000000010000",
         "c00c0002000100000e100011036e7331076578616d706c65036e657400"},
        {"cn.coin", A, "123485000001000100000000",
         "c00c0005000100000e10001103777777076578616d706c65036e657400"},
        {"0.0.1.0.5.5.5.7.7.7.1.open", NAPTR, "123485000001000100000000",
         "c00c0023000100015180002a0064000a01750"
         "74532552b7369701a215e2e2a24217369703a313030406578616d706c652e6e65742100"},
    };
    for (const Vector& one : vectors) {
        const auto question = MakeQuestion(one.name, one.type);
        const auto message = rig.Ask(question);
        BOOST_TEST_REQUIRE(message.size() >= question.size(), one.name);
        BOOST_TEST(base::Hex(base::ByteSpan(message).first(12)) == one.header, one.name << " " << one.type);
        BOOST_TEST(AnswerHex(message, question.size() - 12) == one.rest, one.name << " " << one.type);
    }
}

BOOST_AUTO_TEST_CASE(the_number_of_the_blog_post)
{
    World world;
    Rig rig(world.names);
    const std::string route = "100 10 \"u\" \"E2U+sip\" \"!^(.*)$!sip:17772325555@in.callcentric.com!\" .";
    BOOST_TEST(rig.Text("53995390081.enum", NAPTR) == route);
    BOOST_TEST(rig.Text("5.3.9.9.5.3.9.0.0.8.1.enum", NAPTR) == route);
    BOOST_TEST(rig.Text("5.3.9.9.5.3.9.0.0.8.1.EnUm", NAPTR) == route);
    BOOST_TEST(rig.Text("5399539-008-1.enum", NAPTR) == route);
    BOOST_TEST(rig.Text("5.3.9.sales.9.5.3.9.0.0.8.1.enum", NAPTR) == route);
    BOOST_TEST(rig.Text("53995390081.enum", ANY) == route);
    BOOST_TEST(rig.Text("53995390081.enum", A) == "nodata");
    BOOST_TEST(rig.Text("18009359935.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("00000007771.enum", NAPTR) == "rcode 3"); // registered, not signed
    BOOST_TEST(rig.Text("x.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("6.5.4.3.2.1.5.3.9.9.5.3.9.0.0.8.1.enum", NAPTR) == "rcode 3");
    const auto reply = rig.Ask("5.3.9.9.5.3.9.0.0.8.1.enum", NAPTR);
    BOOST_TEST(reply.aa);
    BOOST_TEST(!reply.ra);
    BOOST_TEST(reply.answer[0].ttl == 86400u);
    BOOST_TEST(world.names.Reads() < 100u); // questions read nothing once the names are in memory
}

BOOST_AUTO_TEST_CASE(types_nobody_can_own)
{
    World world;
    Rig rig(world.names);
    for (const unsigned type : {41u, 128u, 249u, 250u, 253u, 254u})
        BOOST_TEST(rig.Text("vec.coin", type) == "rcode 4", "type " << type);
    for (const unsigned transfer : {251u, 252u})
        BOOST_TEST(rig.Text("vec.coin", transfer) == "rcode 5", "type " << transfer);
    for (const unsigned type : {40u, 42u, 127u, 256u, 65280u})
        BOOST_TEST(rig.Text("vec.coin", type) == "nodata", "type " << type);
}

BOOST_AUTO_TEST_CASE(negative_answers_in_the_enum_zone)
{
    World world;
    Rig rig(world.names);
    // Every prefix of a number exists, without records (RFC 8020).
    for (const char* name : {"1.enum", "8.1.enum", "9.3.9.0.0.8.1.enum", "0.0.8.1.enum"}) {
        const auto reply = rig.Ask(name, NAPTR);
        const bool prefix = std::string_view("18009359935")
                                .starts_with(std::string_view(name) == "9.3.9.0.0.8.1.enum" ? "1800939"
                                             : std::string_view(name) == "8.1.enum"         ? "18"
                                             : std::string_view(name) == "1.enum"           ? "1"
                                                                                            : "1800");
        BOOST_TEST(reply.rcode == (prefix ? 0u : 3u), name);
        BOOST_TEST(reply.answer.empty());
        BOOST_TEST_REQUIRE(reply.authority.size() == 1u);
        BOOST_TEST(reply.authority[0].type == SOA);
        BOOST_TEST(reply.authority[0].owner == "enum.");
        BOOST_TEST(reply.authority[0].ttl == 60u);
        BOOST_TEST(reply.aa);
    }
    BOOST_TEST(rig.Ask("2.enum", NAPTR).rcode == 3u);
    BOOST_TEST(rig.Ask("81.enum", NAPTR).rcode == 3u);      // undotted names have nothing below
    BOOST_TEST(rig.Ask("7.7.7.1.enum", NAPTR).rcode == 3u); // only an unsigned number below
    const auto apex = rig.Ask("enum", SOA);
    BOOST_TEST(apex.answer.size() == 1u);
    BOOST_TEST(rig.Text("enum", SOA) == "ns.invalid. hostmaster.enum. 100 600 300 604800 60");
    BOOST_TEST(rig.Text("enum", NS) == "ns.invalid.");
    BOOST_TEST(rig.Ask("enum", NS).authority.empty());
    BOOST_TEST(rig.Text("enum", 43) == "nodata");
}

BOOST_AUTO_TEST_CASE(sub_domains_and_delegations)
{
    World world;
    Rig rig(world.names);
    BOOST_TEST(rig.Text("example.coin", A) == "1.2.3.4");
    BOOST_TEST(rig.Text("www.example.coin", A) == "5.6.7.8");
    BOOST_TEST(rig.Text("x.www.example.coin", A) == "5.6.7.8");
    BOOST_TEST(rig.Text("gopher.example.coin", A) == "rcode 3");
    BOOST_TEST(rig.Text("ww.plain.coin", A) == "1.2.3.4"); // no prefix of an element counts
    BOOST_TEST(rig.Text("mail.plain.coin", A) == "1.2.3.4");
    BOOST_TEST(rig.Text("_sip._tcp.vec.coin", SRV) == "1 2 5060 sip.vec.coin.");
    BOOST_TEST(rig.Text("a.star.coin", A) == "2.2.2.2");
    BOOST_TEST(rig.Text("b.star.coin", A) == "rcode 3");
    BOOST_TEST(rig.Text("dead.coin", A) == "rcode 3");
    BOOST_TEST(rig.Text("WWW.Example.COIN", A) == "5.6.7.8");
    BOOST_TEST(rig.Text("coin", A) == "nodata");
    const auto referral = rig.Ask("mail.example.coin", A);
    BOOST_TEST(!referral.aa);
    BOOST_TEST(referral.answer.empty());
    BOOST_TEST_REQUIRE(referral.authority.size() == 1u);
    BOOST_TEST(referral.authority[0].owner == "example.coin.");
    BOOST_TEST(referral.authority[0].ttl == 86400u);
    const auto nodata = rig.Ask("vec.coin", 99);
    BOOST_TEST(nodata.rcode == 0u);
    BOOST_TEST(nodata.aa);
    BOOST_TEST(nodata.authority.at(0).owner == "coin.");
    BOOST_TEST(rig.Text("vec.coin", ANY) == "192.0.2.1"); // one set, RFC 8482
    BOOST_TEST(rig.Text("ref.coin", NS) == "ns1.example.net.");
    BOOST_TEST(rig.Text("cn.coin", CNAME) == "www.example.net.");
    BOOST_TEST(rig.Ask("cn.coin", 43).answer.size() == 1u);
    BOOST_TEST(rig.Ask("ref.coin", 43).authority.at(0).type == SOA); // DS belongs to the parent
    // A literal dot or a blank inside a label names nothing.
    auto odd = MakeQuestion("vecXcoin.coin", A);
    odd[16] = '.';
    BOOST_TEST(ParseReply(rig.Ask(odd)).rcode == 3u);
}

BOOST_AUTO_TEST_CASE(signed_zones)
{
    World world;
    Rig rig(world.names);
    BOOST_TEST(rig.Text("s.sigz", A) == "7.7.7.7"); // the first candidate's signature is not the verifier's
    BOOST_TEST(rig.Text("www.s.sigz", A) == "7.7.7.7"); // not named in SD
    BOOST_TEST(rig.Text("t.sigz", A) == "rcode 3");
    world.names.Put("dns:s.sigz:0",
                    "A=9.9.9.9|SD=www|SIG=ver:enum!" + world.verifier.SignText("dns:s.sigz:0"));
    rig.Block(101, {"dns:s.sigz:0"});
    BOOST_TEST(rig.Text("s.sigz", A) == "9.9.9.9");
    BOOST_TEST(rig.Text("www.s.sigz", A) == "8.8.8.8");
    world.names.Erase("dns:s.sigz:0");
    rig.Block(102, {"dns:s.sigz:0"});
    BOOST_TEST(rig.Text("s.sigz", A) == "rcode 3"); // the first missing candidate ends the search
}

BOOST_AUTO_TEST_CASE(protocol_rules)
{
    World world;
    Rig rig(world.names);
    // The question comes back as it was written.
    const auto mixed = MakeQuestion("VeC.cOiN", A);
    const auto answer = rig.Ask(mixed);
    BOOST_TEST(std::equal(mixed.begin() + 12, mixed.end(), answer.begin() + 12));
    BOOST_TEST(ParseReply(answer).answer.at(0).owner == "VeC.cOiN.");
    // OPT only when asked for.
    BOOST_TEST((rig.Ask("vec.coin", A).Opt() == nullptr));
    BOOST_TEST(rig.Ask("vec.coin", A, 4096).Opt()->rr_class == 1232u);
    BOOST_TEST((rig.Ask("nothing.coin", A, 4096).Opt() != nullptr));
    auto dnssec = MakeQuestion("vec.coin", A, 4096);
    dnssec[dnssec.size() - 4] = 0x80;
    BOOST_TEST(ParseReply(rig.Ask(dnssec)).Opt()->ttl == 0u);
    auto version = MakeQuestion("vec.coin", A, 4096);
    version[version.size() - 5] = 1;
    BOOST_TEST(ParseReply(rig.Ask(version)).rcode == 16u);
    BOOST_TEST(ParseReply(rig.Ask(MakeQuestion("vec.coin", A, std::nullopt, 3))).rcode == 5u);
    BOOST_TEST(ParseReply(rig.Ask(MakeQuestion("version.bind", TXT, std::nullopt, 3))).rcode == 5u);
    BOOST_TEST(ParseReply(rig.Ask(MakeQuestion("vec.coin", A, std::nullopt, 255))).rcode == 5u);
    BOOST_TEST(rig.Ask("coin", 252).rcode == 5u);
    BOOST_TEST(rig.Ask("coin", 251).rcode == 5u);
    BOOST_TEST(rig.Ask("coin", 250).rcode == 4u);
    BOOST_TEST(ParseReply(rig.Ask(MakeQuestion("", A))).rcode == 5u);
    auto update = MakeQuestion("vec.coin", A);
    update[2] = 0x29;
    const auto refused = ParseReply(rig.Ask(update));
    BOOST_TEST(refused.rcode == 4u);
    BOOST_TEST(refused.opcode == 5u);
    auto no_recursion = MakeQuestion("vec.coin", A);
    no_recursion[2] = 0;
    BOOST_TEST(!ParseReply(rig.Ask(no_recursion)).rd);
    auto is_answer = MakeQuestion("vec.coin", A);
    is_answer[2] |= 0x80;
    BOOST_TEST(rig.Ask(is_answer).empty());
    BOOST_TEST(rig.Ask(std::vector<uint8_t>(11)).empty());
    const uint64_t dropped = rig.counters.dropped.Get();
    BOOST_TEST(dropped == 2u);
    BOOST_TEST(rig.Ask("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.vec.coin", A).rcode == 5u); // 22 labels
}

BOOST_AUTO_TEST_CASE(answers_are_cut_at_record_borders)
{
    World world;
    std::string many = "A=";
    for (int i = 0; i < 60; ++i)
        many += "10.0.0." + std::to_string(i) + ",";
    world.names.Put("dns:many.coin", many);
    world.names.Put("dns:huge.coin", "TXT=" + std::string(20'000, 'x'));
    Rig rig(world.names);
    const auto small = rig.Ask("many.coin", A);
    BOOST_TEST(small.tc);
    BOOST_TEST(small.answer.size() == 30u);
    const auto large = rig.Ask("many.coin", A, 1232);
    BOOST_TEST(!large.tc);
    BOOST_TEST(large.answer.size() == 60u);
    BOOST_TEST(rig.Ask("many.coin", A, 100).answer.size() == 29u); // sizes below 512 count as 512
    BOOST_TEST(rig.Ask("huge.coin", TXT, 4096).tc);
    BOOST_TEST(rig.Ask("huge.coin", TXT, 4096).answer.empty());
}

BOOST_AUTO_TEST_CASE(gateways_and_local_names)
{
    const test::TempDir folder;
    const std::string file = folder.File("local");
    std::ofstream(file) << "=A=10.0.0.1\nwww=A=10.0.0.2\n.lan=A=10.0.0.3\nvec.coin=A=10.0.0.4|TTL=77\n";
    World world;
    RigOptions options;
    options.suffix = ".gate.test";
    options.local_file = file;
    options.self_names = "ns1.gate.test,ns2.gate.test";
    Rig rig(world.names, options);
    BOOST_TEST(rig.Text("cn.coin.gate.test", A) == "www.example.net.");
    BOOST_TEST(rig.Text("gate.test", A) == "10.0.0.1");
    BOOST_TEST(rig.Text("www.gate.test", A) == "10.0.0.2");
    BOOST_TEST(rig.Text("www", A) == "10.0.0.2");
    BOOST_TEST(rig.Text("a.b.lan", A) == "10.0.0.3");
    BOOST_TEST(rig.Text("vec.coin", A) == "10.0.0.4"); // before the chain
    BOOST_TEST(rig.Text("vec.coin", MX) == "nodata");
    BOOST_TEST(rig.Text("example.org", A) == "rcode 5");
    const auto referral = rig.Ask("a.ref.coin.gate.test", A);
    BOOST_TEST(referral.authority.at(0).owner == "ref.coin.gate.test.");
    const auto unknown = rig.Ask("nothing.coin.gate.test", A);
    BOOST_TEST(unknown.rcode == 3u);
    BOOST_TEST(unknown.authority.at(0).owner == "coin.gate.test.");
    BOOST_TEST(rig.Text("coin", NS) == "ns1.gate.test. / ns2.gate.test.");
    BOOST_TEST(rig.Text("coin", SOA).starts_with("ns1.gate.test. hostmaster.coin. "));

    RigOptions replaced;
    replaced.suffix = ".e164.org|.enum";
    Rig other(world.names, replaced);
    BOOST_TEST(other.Text("5.3.9.9.5.3.9.0.0.8.1.e164.org", NAPTR).starts_with("100 10 "));
    BOOST_TEST(other.Text("5.3.9.9.5.3.9.0.0.8.1.enum", NAPTR).starts_with("100 10 "));
    BOOST_TEST(other.Ask("2.e164.org", NAPTR).authority.at(0).owner == "e164.org.");
    BOOST_TEST(other.Ask("e164.org", SOA).answer.at(0).owner == "e164.org.");
}

BOOST_AUTO_TEST_CASE(natural_order_is_an_option)
{
    World world;
    RigOptions options;
    options.natural = true;
    Rig rig(world.names, options);
    BOOST_TEST(rig.Text("18009359935.enum", NAPTR).starts_with("100 10 "));
    BOOST_TEST(rig.Text("53995390081.enum", NAPTR).starts_with("100 10 "));
    BOOST_TEST(rig.Text("1.8.0.0.9.3.5.9.9.3.5.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("018009359935.enum", NAPTR) == "rcode 3");
    BOOST_TEST(rig.Text("180093599351800935.enum", NAPTR) == "rcode 3");
}

BOOST_AUTO_TEST_CASE(during_the_initial_download)
{
    World world;
    RigOptions options;
    options.initial_download = true;
    Rig rig(world.names, options);
    BOOST_TEST(rig.Text("vec.coin", A) == "rcode 2");
    BOOST_TEST(rig.Text("example.org", A) == "rcode 5");
    BOOST_TEST(!rig.Ask("vec.coin", A).aa);
    rig.Block(101, {});
    rig.feed.WaitIdle();
    BOOST_TEST(rig.Text("vec.coin", A) == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(hostile_values_never_make_malformed_answers)
{
    crypto::TestRandom random(99);
    const std::string_view pieces[] = {"A=",
                                       "AAAA=",
                                       "NS=",
                                       "CNAME=",
                                       "MX=",
                                       "TXT=",
                                       "SRV=",
                                       "TLSA=",
                                       "CAA=",
                                       "SD=",
                                       "TTL=",
                                       "SIG=",
                                       "|",
                                       "|",
                                       ",",
                                       ",",
                                       "~",
                                       "~;",
                                       "=",
                                       ":",
                                       ".",
                                       "..",
                                       "@",
                                       "*",
                                       "1.2.3.4",
                                       "::1",
                                       "a.b",
                                       "1:2:c:3",
                                       "3:1:1:00",
                                       "0 issue x",
                                       "\x01",
                                       "\xff",
                                       "-1",
                                       "99999999999",
                                       " ",
                                       "\n",
                                       "NAPTR=",
                                       "SVCB=",
                                       "HTTPS=",
                                       "URI=",
                                       "SSHFP=",
                                       "1 1 u E2U+sip !^.*$!sip:a@b! .",
                                       "1 . alpn=h2 port=53",
                                       "0 h1.coin",
                                       "1 2 http://x",
                                       "4:3:00ff",
                                       "h1.coin",
                                       "h2.coin",
                                       "ns.h3.coin",
                                       "\"",
                                       "port=",
                                       "mandatory=alpn"};
    World world;
    for (int i = 0; i < 500; ++i) {
        std::string value;
        for (uint64_t left = random.Below(60); left > 0; --left)
            value += pieces[random.Below(std::size(pieces))];
        if (i % 50 == 0) value += "TXT=" + std::string(20'000 - value.size(), 't');
        if (i % 50 == 1) value = "A=1.1.1.1|TXT=" + std::string(300, ',') + std::string(300, 'y');
        world.names.Put("dns:h" + std::to_string(i) + ".coin", value);
    }
    Rig rig(world.names);
    for (int i = 0; i < 500; ++i) {
        const std::string name = "h" + std::to_string(i) + ".coin";
        for (const unsigned type :
             {A, NS, CNAME, SOA, MX, TXT, AAAA, SRV, NAPTR, TLSA, ANY, CAA, 44u, 64u, 65u, 256u}) {
            const auto reply = rig.Ask(name, type, 1232);
            BOOST_TEST(reply.rcode % 3 == 0u, name); // NXDOMAIN at the end of a CNAME chain
            BOOST_TEST(rig.Ask("x." + name, type).rcode % 3 == 0u, name);
        }
    }
}

BOOST_AUTO_TEST_CASE(ten_thousand_malformed_packets)
{
    World world;
    Rig rig(world.names);
    crypto::TestRandom random(5);
    const char* names[] = {"vec.coin", "5.3.9.9.5.3.9.0.0.8.1.enum", "mail.example.coin", "nothing.coin", "",
                           "x.org"};
    const unsigned types[] = {A, NAPTR, TXT, ANY, SOA, 252, 41, 0, 65535};
    size_t answered = 0;
    for (int i = 0; i < 10'000; ++i) {
        const auto edns = random.Below(2) == 0
                              ? std::optional<unsigned>(static_cast<unsigned>(random.Below(65536)))
                              : std::nullopt;
        auto packet = MakeQuestion(names[random.Below(std::size(names))],
                                   types[random.Below(std::size(types))], edns, random.Below(8) == 0 ? 3 : 1);
        for (uint64_t changes = random.Below(4); changes > 0; --changes)
            packet[random.Below(packet.size())] = static_cast<uint8_t>(random.Next64());
        if (random.Below(4) == 0) packet.resize(random.Below(packet.size() + 1));
        if (random.Below(8) == 0) packet.resize(packet.size() + random.Below(1100), 0xc0);
        const bool must_drop = packet.size() < 12 || (packet[2] & 0x80) != 0;
        const auto message = rig.Ask(packet);
        BOOST_TEST_REQUIRE(message.empty() == must_drop);
        if (message.empty()) continue;
        ++answered;
        const auto reply = ParseReply(message);
        BOOST_TEST_REQUIRE(reply.sound, reply.fault << " for " << base::Hex(packet));
        BOOST_TEST(reply.id == (unsigned{packet[0]} << 8 | packet[1]));
        BOOST_TEST(message.size() <= 1232u);
        if (reply.rcode == 1) BOOST_TEST(reply.answer.empty());
    }
    BOOST_TEST(answered > 5000u);
    const auto& counts = rig.counters;
    BOOST_TEST(counts.queries.Get() == 10'000u);
    BOOST_TEST(counts.answers.Get() + counts.nodata.Get() + counts.nxdomain.Get() + counts.refused.Get() +
                   counts.servfail.Get() + counts.formerr.Get() + counts.notimp.Get() +
                   counts.dropped.Get() ==
               10'000u);
}

BOOST_AUTO_TEST_SUITE_END()
