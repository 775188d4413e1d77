// Own addresses, first addresses of others, and the conversation with Tor's control port.
#include "crypto/hash.h"
#include "crypto/random.h"
#include "p2p/peers/first_peers.h"
#include "p2p/peers/fixed_seeds.h"
#include "p2p/reach/local_addresses.h"
#include "p2p/reach/tor_control.h"
#include "p2p/socket/interfaces.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr const char* SERVICE = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd";
constexpr const char* KEY = "ED25519-V3:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5YWJjZGVmZ2hpamtsbW5v";

Endpoint At(const char* text)
{
    const auto where = ParseEndpoint(text, 6661);
    BOOST_REQUIRE_MESSAGE(where.has_value(), text);
    return *where;
}

/// A conversation whose side of Tor the test speaks.
struct Talk {
    explicit Talk(TorControl::Wish wish = {}) : control(WithTarget(std::move(wish)), random) {}

    static TorControl::Wish WithTarget(TorControl::Wish wish)
    {
        wish.port = 6661;
        wish.target = At("127.0.0.1:4000");
        return wish;
    }

    /// Every byte alone; the last step that has anything.
    TorControl::Result Say(const std::string& text)
    {
        TorControl::Step last;
        for (const char c : text) {
            const auto byte = static_cast<uint8_t>(c);
            base::ByteSpan in(&byte, 1);
            auto step = control.Feed(in);
            if (!step) return step;
            BOOST_TEST(in.empty());
            if (!step->send.empty() || !step->cookie_file.empty() || step->service) last = *step;
        }
        return last;
    }

    crypto::TestRandom random{7};
    TorControl control;
};

std::string Refusal(const TorControl::Result& result)
{
    BOOST_REQUIRE(!result.HasValue());
    return result.Error();
}

std::optional<TorReply> ReplyOf(std::string_view text)
{
    TorReplyReader reader;
    base::ByteSpan in = base::AsBytes(text);
    auto reply = reader.Feed(in);
    return reply ? *reply : std::nullopt;
}

bool IsRefused(std::string_view text)
{
    TorReplyReader reader;
    base::ByteSpan in = base::AsBytes(text);
    return !reader.Feed(in).HasValue();
}

} // namespace

BOOST_AUTO_TEST_SUITE(reach)

BOOST_AUTO_TEST_CASE(own_addresses_keep_their_best_source)
{
    LocalAddresses own;
    BOOST_TEST(own.Add(At("8.8.1.1:7000"), OwnSource::Interface));
    BOOST_TEST(own.Add(At("8.8.1.1:7000"), OwnSource::Manual));
    BOOST_TEST(own.Add(At("8.8.1.1:7000"), OwnSource::Bound));
    BOOST_TEST(own.Add(At("8.8.1.1:7001"), OwnSource::Mapped));
    for (const char* nobody :
         {"10.0.0.1", "127.0.0.1", "192.168.1.1", "::1", "fe80::1", "0.0.0.0", "8.8.8.8:0"})
        BOOST_TEST(!own.Add(At(nobody), OwnSource::Manual));
    auto list = own.List();
    BOOST_REQUIRE_EQUAL(list.size(), 2U);
    BOOST_TEST((list[0].endpoint == At("8.8.1.1:7000") && list[0].source == OwnSource::Manual));
    own.Remove(At("8.8.1.1:7000"));
    own.Remove(At("8.8.1.1:7000"));
    list = own.List();
    BOOST_REQUIRE_EQUAL(list.size(), 1U);
    BOOST_TEST((list[0].source == OwnSource::Mapped));
    for (uint16_t port = 1; port < 100; ++port)
        (void)own.Add({At("8.8.1.2").address, port}, OwnSource::Interface);
    BOOST_TEST(own.List().size() == MAX_OWN_ADDRESSES);
}

BOOST_AUTO_TEST_CASE(nobody_learns_onion_and_other_addresses_together)
{
    LocalAddresses own;
    const Endpoint onion = At((std::string(SERVICE) + ".onion").c_str());
    own.Add(onion, OwnSource::Manual);
    BOOST_TEST((own.ToldTo(NetKind::Ipv4) == std::vector<Endpoint>{onion}));
    own.Add(At("8.8.1.1"), OwnSource::Interface);
    own.Add(At("2a00:1450::9"), OwnSource::Interface);
    const std::vector<Endpoint> clear{At("8.8.1.1"), At("2a00:1450::9")};
    BOOST_TEST((own.ToldTo(NetKind::Ipv4) == clear));
    BOOST_TEST((own.ToldTo(NetKind::Cjdns) == clear));
    BOOST_TEST((own.ToldTo(NetKind::TorV3) == std::vector<Endpoint>{onion}));
    own.Remove(onion);
    BOOST_TEST(own.ToldTo(NetKind::TorV3).empty());
}

BOOST_AUTO_TEST_CASE(interfaces_have_no_loopback)
{
    for (const auto& address : InterfaceAddresses())
        BOOST_TEST(!address.IsLocal());
}

BOOST_AUTO_TEST_CASE(first_peers_of_who_knows_nobody)
{
    using Ask = FirstPeers::Ask;
    FirstPeers all(
        {.seed_nodes = 2, .named_nodes = 0, .dns = true, .force_dns = false, .dns_hosts = 1, .fixed = true});
    BOOST_TEST((all.Next(5'000, 0, 0) == Ask::SeedNode));
    BOOST_TEST((all.Next(5'500, 0, 0) == Ask::SeedNode));
    BOOST_TEST((all.Next(6'000, 0, 0) == Ask::DnsSeeds));
    BOOST_TEST((all.Next(5'000 + FIXED_SEED_PATIENCE_MS - 1, 0, 0) == Ask::Nobody));
    BOOST_TEST((all.Next(5'000 + FIXED_SEED_PATIENCE_MS, 1, 0) == Ask::Nobody));
    BOOST_TEST((all.Next(5'000 + FIXED_SEED_PATIENCE_MS, 0, 0) == Ask::FixedSeeds));
    BOOST_TEST((all.Next(10'000 + FIXED_SEED_PATIENCE_MS, 0, 0) == Ask::Nobody));
    FirstPeers alone(
        {.seed_nodes = 0, .named_nodes = 0, .dns = true, .force_dns = false, .dns_hosts = 0, .fixed = true});
    BOOST_TEST((alone.Next(0, 0, 0) == Ask::DnsSeeds)); // there are none, which is said
    BOOST_TEST((alone.Next(1, 0, 0) == Ask::FixedSeeds));
    FirstPeers named(
        {.seed_nodes = 0, .named_nodes = 1, .dns = false, .force_dns = false, .dns_hosts = 9, .fixed = true});
    BOOST_TEST((named.Next(0, 0, 0) == Ask::Nobody));
    BOOST_TEST((named.Next(FIXED_SEED_PATIENCE_MS, 0, 0) == Ask::FixedSeeds));
    FirstPeers none({.seed_nodes = 0,
                     .named_nodes = 0,
                     .dns = false,
                     .force_dns = false,
                     .dns_hosts = 9,
                     .fixed = false});
    BOOST_TEST((none.Next(0, 0, 0) == Ask::Nobody));
    BOOST_TEST((none.Next(FIXED_SEED_PATIENCE_MS, 0, 0) == Ask::Nobody));
}

BOOST_AUTO_TEST_CASE(first_peers_of_who_knows_some)
{
    using Ask = FirstPeers::Ask;
    const FirstPeers::Options options{
        .seed_nodes = 1, .named_nodes = 0, .dns = true, .force_dns = false, .dns_hosts = 1, .fixed = true};
    FirstPeers lonely(options);
    BOOST_TEST((lonely.Next(0, 10, 0) == Ask::Nobody));
    BOOST_TEST((lonely.Next(SEED_PATIENCE_MS - 1, 10, 0) == Ask::Nobody));
    BOOST_TEST((lonely.Next(SEED_PATIENCE_MS, 10, ENOUGH_CONNECTIONS - 1) == Ask::DnsSeeds));
    BOOST_TEST((lonely.Next(SEED_PATIENCE_MS + 1, 10, 0) == Ask::Nobody));
    FirstPeers well(options);
    BOOST_TEST((well.Next(0, 10, 0) == Ask::Nobody));
    BOOST_TEST((well.Next(SEED_PATIENCE_MS, 10, ENOUGH_CONNECTIONS) == Ask::Nobody));
    BOOST_TEST((well.Next(SEED_PATIENCE_MS * 9, 10, 0) == Ask::Nobody));
    auto forced = options;
    forced.force_dns = true;
    FirstPeers always(forced);
    BOOST_TEST((always.Next(0, 10, 8) == Ask::DnsSeeds));
    BOOST_TEST((always.Next(1, 10, 8) == Ask::Nobody));
}

BOOST_AUTO_TEST_CASE(fixed_seeds_can_be_reached)
{
    BOOST_TEST(FixedSeeds("").empty());
    BOOST_TEST(FixedSeeds("regtest").empty());
    for (const char* network : {"main", "test"}) {
        for (const auto& seed : FixedSeeds(network))
            BOOST_TEST((seed.address.IsRoutable() && seed.port != 0), seed.ToText());
    }
}

BOOST_AUTO_TEST_CASE(tor_replies)
{
    const auto one = ReplyOf("250 OK\r\n");
    BOOST_REQUIRE(one);
    BOOST_TEST((one->code == 250 && one->lines == std::vector<std::string>{"OK"}));
    const auto many = ReplyOf("250-a\r\n250+b=\r\n250 data\r\n..dot\r\n.\r\n250 c\n");
    BOOST_REQUIRE(many);
    BOOST_TEST((many->lines == std::vector<std::string>{"a", "b=", "250 data", ".dot", "c"}));
    BOOST_TEST(!ReplyOf("250-a\r\n").has_value());
    for (const char* bad : {"hello\n", "25 x\n", "250\n", "250*x\n", "\n", "2x0 x\n"})
        BOOST_TEST(IsRefused(bad), bad);
    BOOST_TEST(!IsRefused(std::string(MAX_TOR_LINE_BYTES, '2')));
    BOOST_TEST(IsRefused(std::string(MAX_TOR_LINE_BYTES + 1, '2')));
    std::string lines;
    for (size_t i = 0; i < MAX_TOR_REPLY_LINES; ++i)
        lines += "250-x\n";
    BOOST_TEST(!IsRefused(lines));
    BOOST_TEST(IsRefused(lines + "250 x\n"));
    BOOST_TEST(IsRefused("250+x\n" + lines + "250 x\n"));
}

BOOST_AUTO_TEST_CASE(tor_fields)
{
    const std::string line = R"(AUTH METHODS=COOKIE,NULL COOKIEFILE="/a \"b\"\\\101\n" LAST=x)";
    BOOST_TEST(TorField(line, "METHODS").value() == "COOKIE,NULL");
    BOOST_TEST(TorField(line, "COOKIEFILE").value() == "/a \"b\"\\A\n");
    BOOST_TEST(TorField(line, "LAST").value() == "x");
    BOOST_TEST(!TorField(line, "AUTH").has_value());
    BOOST_TEST(!TorField(line, "b").has_value());
    BOOST_TEST(!TorField("A=\"open B=1", "B").has_value());
    BOOST_TEST(TorField("A=", "A").value().empty());
    const std::vector<std::string> two{"127.0.0.1:9050", "unix:/x y"};
    BOOST_TEST((TorValues(R"("127.0.0.1:9050" "unix:/x y")").value() == two));
    BOOST_TEST(!TorValues(R"("open)").has_value());
    for (const char* text : {"", "plain", "a\"b\\c", "\\", "ends with \""})
        BOOST_TEST((TorValues(TorQuoted(text) + " z").value().front() == (*text == 0 ? "z" : text)));
}

BOOST_AUTO_TEST_CASE(tor_by_cookie)
{
    Talk talk({.wants_proxy = true});
    BOOST_TEST(talk.control.Begin() == "PROTOCOLINFO 1\r\n");
    auto step = talk.Say("250-PROTOCOLINFO 1\r\n250-AUTH METHODS=COOKIE,SAFECOOKIE,HASHEDPASSWORD "
                         "COOKIEFILE=\"/run/tor/cookie\"\r\n250-VERSION Tor=\"0.4.9\"\r\n250 OK\r\n");
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST(step->cookie_file == "/run/tor/cookie");
    const base::Bytes cookie(TOR_COOKIE_BYTES, 0x5c);
    step = talk.control.OnCookie(cookie);
    BOOST_REQUIRE(step.HasValue());
    BOOST_REQUIRE(step->send.starts_with("AUTHCHALLENGE SAFECOOKIE "));
    const auto ours = base::FromHex(step->send.substr(25, 64));
    BOOST_REQUIRE(ours.has_value());
    base::Bytes all = cookie;
    all.insert(all.end(), ours->begin(), ours->end());
    all.insert(all.end(), 32, 0x11);
    const auto proof = [&](const std::string& way) {
        const auto hash =
            crypto::HmacSha256(base::AsBytes("Tor safe cookie authentication " + way + " hash"), all);
        return base::Hex(hash.Span());
    };
    step = talk.Say("250 AUTHCHALLENGE SERVERHASH=" + proof("server-to-controller") +
                    " SERVERNONCE=" + base::Hex(base::Bytes(32, 0x11)) + "\r\n");
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST(step->send == "AUTHENTICATE " + proof("controller-to-server") + "\r\n");
    step = talk.Say("250 OK\r\n");
    BOOST_TEST(step->send == "GETINFO net/listeners/socks\r\n");
    step = talk.Say("650 BW 1 2\r\n250-net/listeners/socks=\"unix:/run/s\" \"10.0.0.1:1\" "
                    "\"127.0.0.1:9050\"\r\n250 OK\r\n");
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST((step->proxy == At("127.0.0.1:9050")));
    BOOST_TEST(step->send == "ADD_ONION NEW:ED25519-V3 Port=6661,127.0.0.1:4000\r\n");
    step = talk.Say(base::ToText(base::AsBytes(std::string("250-ServiceID=") + SERVICE +
                                               "\r\n250-PrivateKey=" + KEY + "\r\n250 OK\r\n")));
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST(step->new_key == KEY);
    BOOST_REQUIRE(step->service.has_value());
    BOOST_TEST(step->service->ToText() == std::string(SERVICE) + ".onion");
    BOOST_TEST(talk.control.Up());
    BOOST_TEST(talk.Say("650 HS_DESC x\r\n").HasValue());
    BOOST_TEST(!talk.Say("250 OK\r\n").HasValue());
}

BOOST_AUTO_TEST_CASE(tor_by_password_or_nothing)
{
    Talk word({.password = "a\"b", .key = KEY});
    auto step = word.Say("250-AUTH METHODS=HASHEDPASSWORD\r\n250 OK\r\n");
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST(step->send == "AUTHENTICATE \"a\\\"b\"\r\n");
    BOOST_TEST(word.Say("250 OK\r\n")->send ==
               "ADD_ONION " + std::string(KEY) + " Port=6661,127.0.0.1:4000\r\n");
    step = word.Say(std::string("250-ServiceID=") + SERVICE + "\r\n250 OK\r\n");
    BOOST_REQUIRE(step.HasValue());
    BOOST_TEST((step->new_key.empty() && step->service));
    Talk open;
    BOOST_TEST(open.Say("250-AUTH METHODS=NULL,SAFECOOKIE\r\n250 OK\r\n")->send == "AUTHENTICATE\r\n");
}

BOOST_AUTO_TEST_CASE(tor_refusals)
{
    const std::string no_auth = "250 OK\r\n";
    BOOST_TEST(Refusal(Talk().Say(no_auth)).find("no list of ways") != std::string::npos);
    BOOST_TEST(Refusal(Talk().Say("510 what\r\n")).find("510 what") != std::string::npos);
    BOOST_TEST(Refusal(Talk().Say("250-AUTH METHODS=HASHEDPASSWORD\r\n250 OK\r\n")).find("-torpassword") !=
               std::string::npos);
    BOOST_TEST(Refusal(Talk().Say("250-AUTH METHODS=COOKIE\r\n250 OK\r\n")).find("COOKIE") !=
               std::string::npos);
    BOOST_TEST(Refusal(Talk().Say("250-AUTH METHODS=SAFECOOKIE\r\n250 OK\r\n")).find("cookie file") !=
               std::string::npos);
    BOOST_TEST(
        Refusal(Talk({.password = "x"}).Say("250-AUTH METHODS=NULL\r\n250 OK\r\n")).find("no password") !=
        std::string::npos);
    const std::string cookie = "250-AUTH METHODS=SAFECOOKIE COOKIEFILE=\"/x\"\r\n250 OK\r\n";
    for (const size_t size : {0, 31, 33}) {
        Talk talk;
        BOOST_REQUIRE(talk.Say(cookie).HasValue());
        BOOST_TEST(Refusal(talk.control.OnCookie(base::Bytes(size))).find("bytes") != std::string::npos);
    }
    Talk liar;
    BOOST_REQUIRE(liar.Say(cookie).HasValue());
    BOOST_REQUIRE(liar.control.OnCookie(base::Bytes(32, 1)).HasValue());
    const std::string zeros(64, '0');
    BOOST_TEST(Refusal(liar.Say("250 AUTHCHALLENGE SERVERHASH=" + zeros + " SERVERNONCE=" + zeros + "\r\n"))
                   .find("does not know") != std::string::npos);
    const auto logged_in = [](Talk& talk) {
        BOOST_REQUIRE(talk.Say("250-AUTH METHODS=NULL\r\n250 OK\r\n250 OK\r\n").HasValue());
    };
    for (const char* answer :
         {"512 bad\r\n", "250 OK\r\n", "250-ServiceID=short\r\n250 OK\r\n",
          "250-ServiceID=pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd\r\n250 OK\r\n",
          "250-ServiceID=pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd\r\n250-PrivateKey=RSA1024:"
          "x\r\n"
          "250 OK\r\n"}) {
        Talk talk;
        logged_in(talk);
        BOOST_TEST(!talk.Say(answer).HasValue(), answer);
    }
    Talk shut;
    BOOST_TEST(Refusal(shut.Say("250-AUTH METHODS=NULL\r\n250 OK\r\n515 no\r\n")).find("515 no") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(tor_without_socks_port)
{
    for (const char* answer : {"552 unknown\r\n", "250-net/listeners/socks=\r\n250 OK\r\n",
                               "250-net/listeners/socks=\"unix:/x\"\r\n250 OK\r\n",
                               "250-net/listeners/socks=\"127.0.0.1:0\"\r\n250 OK\r\n"}) {
        Talk talk({.wants_proxy = true});
        BOOST_REQUIRE(talk.Say("250-AUTH METHODS=NULL\r\n250 OK\r\n250 OK\r\n").HasValue());
        const auto step = talk.Say(answer);
        BOOST_REQUIRE(step.HasValue());
        BOOST_TEST((!step->proxy && step->send.starts_with("ADD_ONION")), answer);
    }
}

BOOST_AUTO_TEST_CASE(onion_keys)
{
    BOOST_TEST(IsOnionKey(KEY));
    for (const char* bad :
         {"", "ED25519-V3:", "RSA1024:abcd", "ED25519-V3:ab cd", "ED25519-V3:ab\r\nQUIT", "abcd"})
        BOOST_TEST(!IsOnionKey(bad), bad);
    BOOST_TEST(!IsOnionKey("ED25519-V3:" + std::string(MAX_ONION_KEY_BYTES, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
