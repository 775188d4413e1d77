#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace emc;
using test::FakeNames;
using test::Reply;
using test::Rig;
using test::RigOptions;

// How the names of `dns:` zones hang together: aliases, delegations, empty non-terminals, apexes.

namespace {

constexpr unsigned A = 1, NS = 2, CNAME = 5, SOA = 6, MX = 15, TXT = 16, AAAA = 28, SRV = 33, NAPTR = 35,
                   DS = 43, SVCB = 64, HTTPS = 65, ANY = 255, URI = 256;

/// "owner type" of each record, joined.
std::string Shape(const std::vector<test::ReplyRecord>& records)
{
    std::string out;
    for (const auto& record : records) {
        if (record.type == 41) continue;
        out += (out.empty() ? "" : ", ") + record.owner + " " + std::to_string(record.type);
    }
    return out;
}

struct Expected {
    const char* name;
    unsigned type;
    unsigned rcode;
    const char* answer;
    const char* authority;
    const char* additional;
};

void CheckAll(Rig& rig, std::span<const Expected> expected)
{
    for (const Expected& one : expected) {
        const Reply reply = rig.Ask(one.name, one.type, 1232);
        const std::string what = std::string(one.name) + " " + std::to_string(one.type);
        BOOST_TEST(reply.rcode == one.rcode, what << ": rcode " << reply.rcode);
        BOOST_TEST(Shape(reply.answer) == one.answer, what << ": " << Shape(reply.answer));
        BOOST_TEST(Shape(reply.authority) == one.authority, what << ": " << Shape(reply.authority));
        BOOST_TEST(Shape(reply.additional) == one.additional, what << ": " << Shape(reply.additional));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_domains)

BOOST_AUTO_TEST_CASE(aliases_are_followed)
{
    FakeNames names;
    names.Put("dns:www.coin", "CNAME=Host.Coin");
    names.Put("dns:host.coin", "A=192.0.2.1|MX=mail.host.coin");
    names.Put("dns:two.coin", "CNAME=www.coin");
    names.Put("dns:gone.coin", "CNAME=nothing.coin");
    names.Put("dns:out.coin", "CNAME=www.example.net");
    names.Put("dns:far.coin", "CNAME=out.coin");
    names.Put("dns:self.coin", "CNAME=self.coin");
    names.Put("dns:ping.coin", "CNAME=pong.coin");
    names.Put("dns:pong.coin", "CNAME=PING.coin");
    names.Put("dns:ref.coin", "NS=ns.example.net");
    names.Put("dns:toref.coin", "CNAME=x.ref.coin");
    names.Put("dns:apex.coin", "CNAME=coin");
    names.Put("dns:call.coin", "CNAME=0.0.1.0.5.5.5.7.7.7.1.open");
    names.Put("open:17775550100:0", "E2U+sip=100|10|!^.*$!sip:100@example.net!");
    names.Put("dns:both.coin", "CNAME=host.coin|A=192.0.2.9");
    Rig rig(names);
    const Expected expected[] = {
        {"www.coin", A, 0, "www.coin. 5, Host.Coin. 1", "", ""},
        {"x.www.coin", A, 0, "x.www.coin. 5, Host.Coin. 1", "", ""},
        {"two.coin", MX, 0, "two.coin. 5, www.coin. 5, Host.Coin. 15", "", ""},
        {"www.coin", AAAA, 0, "www.coin. 5", "Coin. 6", ""},
        {"www.coin", CNAME, 0, "www.coin. 5", "", ""},
        {"www.coin", ANY, 0, "www.coin. 5", "", ""},
        {"gone.coin", A, 3, "gone.coin. 5", "coin. 6", ""},
        {"out.coin", A, 0, "out.coin. 5", "", ""},
        {"far.coin", A, 0, "far.coin. 5, out.coin. 5", "", ""},
        {"self.coin", A, 0, "self.coin. 5", "", ""},
        {"ping.coin", A, 0, "ping.coin. 5, pong.coin. 5", "", ""},
        {"toref.coin", A, 0, "toref.coin. 5", "ref.coin. 2", ""},
        {"apex.coin", SOA, 0, "apex.coin. 5, coin. 6", "", ""},
        {"apex.coin", A, 0, "apex.coin. 5", "coin. 6", ""},
        {"call.coin", NAPTR, 0, "call.coin. 5, 0.0.1.0.5.5.5.7.7.7.1.open. 35", "", ""},
        {"both.coin", A, 0, "both.coin. 1", "", ""},
        {"both.coin", CNAME, 0, "", "coin. 6", ""},
    };
    CheckAll(rig, expected);
    BOOST_TEST(rig.Text("www.coin", A) == "Host.Coin. / 192.0.2.1");
    BOOST_TEST(rig.Ask("www.coin", A).aa);
    BOOST_TEST(rig.Ask("toref.coin", A).aa); // of the first name (RFC 1035 §4.1.1)
}

BOOST_AUTO_TEST_CASE(alias_chains_are_bounded)
{
    FakeNames names;
    for (int i = 0; i < 40; ++i)
        names.Put("dns:c" + std::to_string(i) + ".coin", "CNAME=c" + std::to_string(i + 1) + ".coin");
    names.Put("dns:c40.coin", "A=192.0.2.1");
    const std::string label(60, 'l');
    const std::string tail = label + "." + label + "." + label + ".coin";
    names.Put("dns:z0.coin", "CNAME=" + tail);
    names.Put("dns:" + label + ".coin", "CNAME=" + tail);
    Rig rig(names);
    const Reply far = rig.Ask("c0.coin", A, 1232);
    BOOST_TEST(far.rcode == 0u);
    BOOST_TEST(far.answer.size() == 9u);
    BOOST_TEST(far.answer.back().owner == "c8.coin.");
    const Reply near = rig.Ask("c33.coin", A, 1232);
    BOOST_TEST(near.answer.size() == 8u);
    BOOST_TEST(near.answer.back().type == A);
    const Reply large = rig.Ask("z0.coin", A); // long names in 512 bytes
    BOOST_TEST(large.rcode == 0u);
    BOOST_TEST(large.answer.size() == 2u);
}

BOOST_AUTO_TEST_CASE(gateway_suffixes_and_aliases)
{
    FakeNames names;
    names.Put("dns:www.coin", "CNAME=host.coin.gate.test");
    names.Put("dns:host.coin", "A=192.0.2.1");
    names.Put("dns:bad.coin", "CNAME=gone.coin.gate.test");
    RigOptions options;
    options.suffix = ".gate.test";
    Rig rig(names, options);
    const Expected expected[] = {
        {"www.coin.gate.test", A, 0, "www.coin.gate.test. 5, host.coin.gate.test. 1", "", ""},
        {"bad.coin", A, 3, "bad.coin. 5", "coin.gate.test. 6", ""},
    };
    CheckAll(rig, expected);
}

BOOST_AUTO_TEST_CASE(the_gateway_suffix_is_an_apex)
{
    const test::TempDir folder;
    const std::string file = folder.File("local");
    std::ofstream(file) << "=A=10.0.0.1|TXT=gateway\nwww=CNAME=gate.test\n";
    FakeNames names;
    for (const bool local : {false, true}) {
        RigOptions options;
        options.suffix = ".gate.test";
        options.self_names = "ns1.gate.test,ns2.gate.test";
        if (local) options.local_file = file;
        Rig rig(names, options);
        BOOST_TEST(rig.Text("gate.test", SOA) ==
                   "ns1.gate.test. hostmaster.gate.test. 100 600 300 604800 60");
        BOOST_TEST(rig.Text("gate.test", NS) == "ns1.gate.test. / ns2.gate.test.");
        BOOST_TEST(rig.Text("gate.test", A) == (local ? "10.0.0.1" : "nodata"));
        BOOST_TEST(rig.Text("gate.test", MX) == "nodata");
        BOOST_TEST(rig.Text("www.gate.test", A) == (local ? "gate.test. / 10.0.0.1" : "rcode 5"));
        BOOST_TEST(rig.Ask("gate.test", MX).authority.at(0).owner == "gate.test.");
        BOOST_TEST(rig.Text("gate.test", ANY).starts_with(local ? "10.0.0.1" : "ns1.gate.test. hostmaster."));
        BOOST_TEST(rig.Text("test", SOA) == "rcode 5");
        for (const unsigned type : {SOA, A, ANY})
            BOOST_TEST(rig.Text("", type) == "rcode 5");
        BOOST_TEST(rig.Text("coin.gate.test", SOA).starts_with("ns1.gate.test. hostmaster.coin.gate.test. "));
    }
}

BOOST_AUTO_TEST_CASE(delegations_carry_glue)
{
    FakeNames names;
    names.Put("dns:ref.coin",
              "NS=ns.ref.coin,ns.host.coin,ns.example.net,gone.coin,alias.coin|SD=ns|A=192.0.2.5");
    names.Put("dns:ns.ref.coin", "A=192.0.2.1,192.0.2.2|AAAA=2001:db8::1");
    names.Put("dns:host.coin", "A=192.0.2.3");
    names.Put("dns:alias.coin", "CNAME=host.coin");
    names.Put("dns:own.coin", "NS=own.coin|A=192.0.2.4");
    names.Put("dns:blind.coin", "NS=ns.blind.coin"); // nobody says where that is
    names.Put("dns:bare.coin", "NS=ns.host.coin");
    std::string many = "NS=ns.wide.coin|SD=ns";
    names.Put("dns:wide.coin", many);
    std::string addresses = "A=";
    for (int i = 0; i < 64; ++i)
        addresses += "192.0.2." + std::to_string(i) + ",";
    names.Put("dns:ns.wide.coin", addresses);
    names.Put("dns:other.coin", "NS=ns.wide.coin");
    Rig rig(names);
    const Expected expected[] = {
        {"x.ref.coin", A, 0, "", "ref.coin. 2, ref.coin. 2, ref.coin. 2, ref.coin. 2, ref.coin. 2",
         "ns.ref.coin. 1, ns.ref.coin. 1, ns.ref.coin. 28, ns.host.coin. 1"},
        {"x.own.coin", A, 0, "", "own.coin. 2", "own.coin. 1"},
        {"own.coin", AAAA, 0, "", "own.coin. 2", "own.coin. 1"},
        {"own.coin", A, 0, "own.coin. 1", "", ""},
        {"x.blind.coin", A, 0, "", "blind.coin. 2", ""},
        {"bare.coin", A, 0, "", "bare.coin. 2", "ns.host.coin. 1"},
        {"bare.coin", DS, 0, "", "coin. 6", ""},
        {"bare.coin", NS, 0, "bare.coin. 2", "", ""},
    };
    CheckAll(rig, expected);
    BOOST_TEST(!rig.Ask("x.ref.coin", A).aa);
    // Addresses that are needed and do not fit are missed, others are not (RFC 9471).
    BOOST_TEST(rig.Ask("x.wide.coin", A).tc);
    BOOST_TEST(!rig.Ask("x.wide.coin", A, 1232).tc ==
               (rig.Ask("x.wide.coin", A, 1232).additional.size() == 65u));
    BOOST_TEST(!rig.Ask("x.other.coin", A).tc);
    BOOST_TEST(rig.Ask("x.other.coin", A).additional.size() > 5u);
}

BOOST_AUTO_TEST_CASE(a_name_exists_when_others_are_below_it)
{
    FakeNames names;
    names.Put("dns:a.x.coin", "A=192.0.2.1");
    names.Put("dns:b.a.y.coin", "A=192.0.2.2");
    names.Put("dns:z.coin", "A=192.0.2.3|SD=mid");
    names.Put("dns:low.mid.z.coin", "A=192.0.2.4");
    names.Put("dns:old.e.coin", "A=192.0.2.5", {}, 101);
    Rig rig(names);
    const Expected expected[] = {
        {"x.coin", A, 0, "", "coin. 6", ""},         {"x.coin", NS, 0, "", "coin. 6", ""},
        {"y.coin", A, 0, "", "coin. 6", ""},         {"a.y.coin", A, 0, "", "coin. 6", ""},
        {"c.y.coin", A, 3, "", "coin. 6", ""},       {"mid.z.coin", TXT, 0, "", "coin. 6", ""},
        {"low.mid.z.coin", A, 3, "", "coin. 6", ""}, {"ax.coin", A, 3, "", "coin. 6", ""},
        {"e.coin", A, 0, "", "coin. 6", ""},
    };
    CheckAll(rig, expected);
    names.Erase("dns:a.x.coin");
    rig.Block(102, {"dns:a.x.coin"});
    BOOST_TEST(rig.Text("x.coin", A) == "rcode 3");
    BOOST_TEST(rig.Text("e.coin", A) == "rcode 3"); // its only name has run out
    names.Put("dns:x.coin", "A=192.0.2.6|SD=a");
    names.Put("dns:a.x.coin", "A=192.0.2.7");
    rig.Block(103, {"dns:x.coin", "dns:a.x.coin"});
    BOOST_TEST(rig.Text("x.coin", A) == "192.0.2.6");
    BOOST_TEST(rig.Text("a.x.coin", A) == "192.0.2.7");
    names.Erase("dns:x.coin");
    rig.Block(104, {"dns:x.coin"});
    BOOST_TEST(rig.Text("x.coin", A) == "nodata");
}

BOOST_AUTO_TEST_CASE(every_apex_has_soa_and_ns)
{
    FakeNames names;
    Rig rig(names);
    for (const char* zone : {"coin", "enum", "open", "sigz"}) {
        BOOST_TEST(rig.Text(zone, SOA) ==
                   "ns.invalid. hostmaster." + std::string(zone) + ". 100 600 300 604800 60");
        BOOST_TEST(rig.Text(zone, NS) == "ns.invalid.");
        BOOST_TEST(rig.Ask(zone, NS).aa);
        BOOST_TEST(rig.Text(zone, DS) == "nodata");
        BOOST_TEST(rig.Text(zone, A) == "nodata");
    }
}

BOOST_AUTO_TEST_CASE(newer_record_types_are_answered)
{
    FakeNames names;
    names.Put("dns:new.coin",
              "NAPTR=~;10 20 s SIP+D2U \"\" _sip._udp.new.coin|URI=10 1 https://new.coin/|"
              "HTTPS=~;1 . alpn=h2,h3 port=8443;0 other.coin|SVCB=1 svc.new.coin port=53|SSHFP=4:3:00ff");
    Rig rig(names);
    BOOST_TEST(rig.Text("new.coin", NAPTR) == "10 20 \"s\" \"SIP+D2U\" \"\" _sip._udp.new.coin.");
    BOOST_TEST(rig.Text("new.coin", HTTPS) == "1 . 1=026832026833 3=20fb / 0 other.coin.");
    BOOST_TEST(rig.Text("new.coin", SVCB) == "1 svc.new.coin. 3=0035");
    BOOST_TEST(rig.Text("new.coin", URI) == "10 1 " + base::Hex(base::AsBytes("https://new.coin/")));
    BOOST_TEST(rig.Text("new.coin", 44) == "040300ff");
    BOOST_TEST(rig.Ask("new.coin", ANY).answer.at(0).type == HTTPS);
    BOOST_TEST(rig.Text("_sip._udp.new.coin", SRV) == "nodata");
}

BOOST_AUTO_TEST_SUITE_END()
