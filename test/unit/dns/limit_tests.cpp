// Who gets an answer, and how much of one: cookies, rate limits, options of EDNS.
#include "base/random.h"
#include "dns/limit/guard.h"
#include "dns/message/wire.h"
#include "dns/transport/inbox.h"
#include "unit/dns/rig.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::dns;

namespace {

class FixedRandom final : public base::RandomSource
{
public:
    void Fill(std::span<uint8_t> out) override
    {
        for (uint8_t& byte : out)
            byte = static_cast<uint8_t>(++m_next * 37);
    }

private:
    unsigned m_next = 0;
};

base::IpBytes Ip(const char* text)
{
    return *base::ParseIp(text);
}

EdnsRequest WithCookie(const std::string& hex)
{
    EdnsRequest out;
    const auto bytes = *base::FromHex(hex);
    std::copy(bytes.begin(), bytes.end(), out.cookie.begin());
    out.cookie_bytes = static_cast<uint8_t>(bytes.size());
    return out;
}

constexpr const char* RFC_SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";

/// A question with one option in OPT.
std::vector<uint8_t> WithOption(std::string_view name, OptionCode code, const std::string& hex)
{
    auto out = test::MakeQuestion(name, 1, 1232);
    const auto data = *base::FromHex(hex);
    out[out.size() - 1] = static_cast<uint8_t>(4 + data.size());
    AppendU16(out, static_cast<uint16_t>(code));
    AppendU16(out, static_cast<uint16_t>(data.size()));
    out.insert(out.end(), data.begin(), data.end());
    return out;
}

/// Data of an option in an answer's OPT as hex; "-" when it is not there.
std::string OptionIn(const test::Reply& reply, OptionCode code)
{
    if (reply.Opt() == nullptr) return "-";
    base::ByteSpan data(reply.Opt()->rdata);
    while (data.size() >= 4) {
        const size_t size = LoadU16(data.data() + 2);
        if (LoadU16(data.data()) == static_cast<uint16_t>(code)) return base::Hex(data.subspan(4, size));
        data = data.subspan(4 + size);
    }
    return "-";
}

/// A rig whose answers are guarded; loopback is a stranger.
struct Guarded {
    explicit Guarded(RateLimits limits = {}, unsigned cookie_load = 0) : rig(names), guard({}, limits, random)
    {
        guard.allowed.push_back(*base::Subnet::Parse("192.0.2.0/24"));
        guard.cookie_load = cookie_load;
        names.Put("dns:x.coin", "A=192.0.2.1");
        rig.Block(101, {"dns:x.coin"});
    }

    test::Reply Ask(const std::vector<uint8_t>& packet, const Client& client)
    {
        std::vector<uint8_t> out(MAX_MESSAGE_BYTES);
        if (!answerer) {
            answerer.emplace(AnswerParts{&rig.config, &rig.store, &rig.chain, &rig.compiler,
                                         &rig.toll_free.Lists(), nullptr, &rig.clock, nullptr, nullptr,
                                         &guard},
                             rig.counters);
        }
        out.resize(answerer->Answer(packet, client, out).size);
        if (out.empty()) return {};
        test::Reply reply = test::ParseReply(out);
        BOOST_TEST(reply.sound, reply.fault);
        return reply;
    }

    FixedRandom random;
    test::FakeNames names;
    test::Rig rig;
    Guard guard;
    std::optional<Answerer> answerer;
};

const Client STRANGER{*base::ParseIp("198.51.100.7"), 4000, Transport::Udp};
const Client FRIEND{*base::ParseIp("192.0.2.7"), 4000, Transport::Udp};

} // namespace

BOOST_AUTO_TEST_SUITE(dns_limit)

/// The examples of RFC 9018, appendix A.1, A.2 and A.3.
BOOST_AUTO_TEST_CASE(cookies_of_the_rfc)
{
    FixedRandom random;
    const CookieJar jar(*ParseCookieSecrets(RFC_SECRET), random);
    const auto make = [&](const char* client, const char* ip, int64_t time) {
        return base::Hex(jar.Make(*base::FromHex(client), Ip(ip), time));
    };
    BOOST_TEST(make("2464c4abcf10c957", "198.51.100.100", 1559731985) == "010000005cf79f111f8130c3eee29480");
    BOOST_TEST(make("fc93fc62807ddb86", "203.0.113.203", 1559734700) == "010000005cf7a9acf73a7810aca2381e");
    using Verdict = CookieJar::Verdict;
    const auto check = [&](const std::string& cookie, const char* ip, int64_t time) {
        return jar.Check(WithCookie(cookie), Ip(ip), time);
    };
    const std::string good = "2464c4abcf10c957010000005cf79f111f8130c3eee29480";
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985) == Verdict::Good);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 + 1800) == Verdict::Good);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 + 1801) == Verdict::Renewed);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 + 3600) == Verdict::Renewed);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 + 3601) == Verdict::Bad);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 - 300) == Verdict::Good);
    BOOST_CHECK(check(good, "198.51.100.100", 1559731985 - 301) == Verdict::Bad);
    BOOST_CHECK(check(good, "198.51.100.101", 1559731985) == Verdict::Bad);
    BOOST_CHECK(check("2464c4abcf10c957", "198.51.100.100", 1559731985) == Verdict::None);
    BOOST_CHECK(check("2464c4abcf10c957020000005cf79f111f8130c3eee29480", "198.51.100.100", 1559731985) ==
                Verdict::Bad);
}

/// IPv6, appendix A.4, where the second secret is the older one.
BOOST_AUTO_TEST_CASE(cookies_of_several_secrets)
{
    FixedRandom random;
    const auto secrets =
        ParseCookieSecrets("445536bcd2513298075a5d379663c962, dd3bdf9344b678b185a6f5cb60fca715");
    BOOST_TEST_REQUIRE(secrets.has_value());
    const CookieJar jar(*secrets, random);
    const EdnsRequest old = WithCookie("22681ab97d52c298010000005cf7c57926556bd0934c72f8");
    BOOST_CHECK(jar.Check(old, Ip("2001:db8:220:1:59de:d0f4:8769:82b8"), 1559741961) ==
                CookieJar::Verdict::Good);
    BOOST_TEST(base::Hex(jar.Make(old.ClientCookie(), Ip("2001:db8:220:1:59de:d0f4:8769:82b8"),
                                  1559741961)) == "010000005cf7c609a6bb79d16625507a");
    BOOST_TEST(!ParseCookieSecrets("445536").has_value());
    BOOST_TEST(!ParseCookieSecrets(std::string(32, 'g')).has_value());
}

/// Own secrets change every day; a cookie made before midnight holds after it.
BOOST_AUTO_TEST_CASE(cookies_of_own_secrets)
{
    FixedRandom random;
    const CookieJar jar({}, random);
    const base::IpBytes ip = Ip("198.51.100.1");
    const int64_t midnight = 20'000 * 86'400;
    const auto client = *base::FromHex("0102030405060708");
    const auto at = [&](int64_t time) { return base::Hex(client) + base::Hex(jar.Make(client, ip, time)); };
    const std::string before = at(midnight - 60);
    BOOST_CHECK(jar.Check(WithCookie(before), ip, midnight + 60) == CookieJar::Verdict::Good);
    BOOST_CHECK(jar.Check(WithCookie(before), ip, midnight + 7200) == CookieJar::Verdict::Bad);
    const CookieJar other({}, random);
    BOOST_CHECK(other.Check(WithCookie(before), ip, midnight - 60) == CookieJar::Verdict::Bad);
}

BOOST_AUTO_TEST_CASE(options_of_questions)
{
    const auto read = [](const std::string& hex) {
        EdnsRequest out;
        return ReadOptions(*base::FromHex(hex), out) ? std::optional(out) : std::nullopt;
    };
    BOOST_TEST(read("")->cookie_bytes == 0);
    BOOST_TEST(read("000a00080102030405060708")->cookie_bytes == 8);
    BOOST_TEST(read("00030000")->nsid);
    BOOST_TEST(read("000b0000")->keepalive);
    BOOST_TEST(read("000c0003000000fde900021234")->cookie_bytes == 0);
    BOOST_TEST(base::Hex(read("000a00080102030405060708000a00080909090909090909")->ClientCookie()) ==
               "0102030405060708");
    for (const char* bad : {"000a000701020304050607", "000a0009010203040506070809",
                            "000a000f"
                            "010203040506070801020304050607",
                            "000b0002ffff", "000a", "000a0008", "0003000100ff0001"})
        BOOST_TEST(!read(bad).has_value(), bad);
    BOOST_TEST(!read("000a0029" + std::string(82, '0')).has_value(), "41 bytes");
    BOOST_TEST(read("000a0028" + std::string(80, '0'))->cookie_bytes == 40);
}

BOOST_AUTO_TEST_CASE(rate_of_a_network)
{
    RateLimits limits;
    limits.per_second = 10;
    limits.window_sec = 2;
    RateLimiter limiter(limits, 1, 2);
    const auto many = [&](const char* ip, int count, int64_t now, ReplyKind kind = ReplyKind::Answer) {
        int sent = 0;
        for (int i = 0; i < count; ++i)
            sent += limiter.Exceeds(Ip(ip), kind, now) ? 0 : 1;
        return sent;
    };
    BOOST_TEST(many("198.51.100.1", 50, 1000) == 10);
    BOOST_TEST(many("198.51.100.200", 5, 1000) == 0); // the same /24
    BOOST_TEST(many("198.51.101.1", 5, 1000) == 5);
    BOOST_TEST(many("198.51.100.1", 5, 1000, ReplyKind::NxDomain) == 5);
    // What was sent too much is remembered for two seconds, then one answer each tenth of a second is free.
    BOOST_TEST(many("198.51.100.1", 1, 2900) == 0);
    BOOST_TEST(many("198.51.100.1", 5, 3300) == 2);
    BOOST_TEST(many("198.51.100.1", 50, 60'000) == 10);
    BOOST_TEST(many("2001:db8:1:200::1", 50, 1000) == 10);
    BOOST_TEST(many("2001:db8:1:2ff::1", 5, 1000) == 0); // the same /56
    BOOST_TEST(many("2001:db8:1:300::1", 5, 1000) == 5);
    // Slow and steady is never limited.
    for (int i = 0; i < 500; ++i)
        BOOST_TEST(many("203.0.113.9", 1, 1000 + i * 100) == 1);
}

/// However many networks come, a flooded one is not forgotten and memory stays as it is.
BOOST_AUTO_TEST_CASE(rate_table_is_bounded)
{
    RateLimits limits;
    limits.per_second = 5;
    limits.places = 64;
    RateLimiter limiter(limits, 3, 4);
    const base::IpBytes victim = Ip("198.51.100.1");
    for (int i = 0; i < 100; ++i)
        (void)limiter.Exceeds(victim, ReplyKind::Answer, 1000);
    base::IpBytes other = Ip("10.0.0.0");
    for (int i = 0; i < 100'000; ++i) {
        other[13] = static_cast<uint8_t>(i >> 8);
        other[14] = static_cast<uint8_t>(i);
        (void)limiter.Exceeds(other, ReplyKind::Answer, 1000);
    }
    BOOST_TEST(limiter.Exceeds(victim, ReplyKind::Answer, 1001));
}

BOOST_AUTO_TEST_CASE(limited_answers)
{
    RateLimits limits;
    limits.per_second = 3;
    limits.slip = 2;
    Guarded server(limits);
    const auto question = test::MakeQuestion("x.coin", 1, 1232);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(server.Ask(question, STRANGER).answer.size() == 1u);
    int silent = 0;
    int cut = 0;
    for (int i = 0; i < 10; ++i) {
        const test::Reply reply = server.Ask(question, STRANGER);
        silent += reply.sound ? 0 : 1;
        cut += reply.sound && reply.tc && reply.answer.empty() && reply.question == "x.coin." ? 1 : 0;
    }
    BOOST_TEST(silent == 5);
    BOOST_TEST(cut == 5);
    BOOST_TEST(server.rig.counters.limited.Get() == 10u);
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(server.Ask(question, FRIEND).answer.size() == 1u);
        BOOST_TEST(server.Ask(question, {STRANGER.ip, 1, Transport::Tcp}).answer.size() == 1u);
    }
    // Whoever shows that the address is theirs is not limited.
    const std::string cookie =
        OptionIn(server.Ask(WithOption("x.coin", OptionCode::Cookie, "0102030405060708"),
                            {STRANGER.ip, 1, Transport::Tcp}),
                 OptionCode::Cookie);
    BOOST_TEST(cookie.size() == 48u);
    for (int i = 0; i < 10; ++i) {
        const test::Reply reply = server.Ask(WithOption("x.coin", OptionCode::Cookie, cookie), STRANGER);
        BOOST_TEST(reply.answer.size() == 1u);
        BOOST_TEST(OptionIn(reply, OptionCode::Cookie) == cookie);
    }
}

BOOST_AUTO_TEST_CASE(cookies_under_load)
{
    Guarded server({}, 2);
    const auto plain = test::MakeQuestion("x.coin", 1);
    // More than two in one second; the clock may turn once.
    int cut = 0;
    for (int i = 0; i < 10; ++i)
        cut += server.Ask(plain, STRANGER).tc ? 1 : 0;
    BOOST_TEST(cut >= 6);
    const test::Reply reply =
        server.Ask(WithOption("x.coin", OptionCode::Cookie, "0102030405060708"), STRANGER);
    BOOST_TEST_REQUIRE(reply.Opt() != nullptr);
    BOOST_TEST(((reply.Opt()->ttl >> 24) << 4 | reply.rcode) == 23u);
    const std::string cookie = OptionIn(reply, OptionCode::Cookie);
    BOOST_TEST(server.Ask(WithOption("x.coin", OptionCode::Cookie, cookie), STRANGER).answer.size() == 1u);
    BOOST_TEST(server.Ask(plain, FRIEND).answer.size() == 1u);
}

BOOST_AUTO_TEST_CASE(options_of_answers)
{
    Guarded server;
    server.guard.nsid = "ns1";
    const auto nsid = WithOption("x.coin", OptionCode::Nsid, "");
    BOOST_TEST(OptionIn(server.Ask(nsid, FRIEND), OptionCode::Nsid) == base::Hex(base::AsBytes("ns1")));
    BOOST_TEST(OptionIn(server.Ask(test::MakeQuestion("x.coin", 1, 1232), FRIEND), OptionCode::Nsid) == "-");
    const auto foreign = server.Ask(test::MakeQuestion("example.org", 1, 1232), FRIEND);
    BOOST_TEST(OptionIn(foreign, OptionCode::ExtendedError) == "0014");
    const auto keepalive = WithOption("x.coin", OptionCode::Keepalive, "");
    BOOST_TEST(OptionIn(server.Ask(keepalive, FRIEND), OptionCode::Keepalive) == "-");
    server.answerer->SetIdleTime(100);
    BOOST_TEST(OptionIn(server.Ask(keepalive, {FRIEND.ip, 1, Transport::Tcp}), OptionCode::Keepalive) ==
               "0064");
    // Over TLS every answer to EDNS is a multiple of 468 bytes long.
    std::vector<uint8_t> out(MAX_MESSAGE_BYTES);
    const auto padded =
        server.answerer->Answer(test::MakeQuestion("x.coin", 1, 1232), {FRIEND.ip, 1, Transport::Tls}, out);
    BOOST_TEST(padded.size == 468u);
    const auto plain =
        server.answerer->Answer(test::MakeQuestion("x.coin", 1), {FRIEND.ip, 1, Transport::Tls}, out);
    BOOST_TEST(plain.size < 100u);
}

/// RFC 7873 §5.4: a packet without a question that asks for a cookie alone.
BOOST_AUTO_TEST_CASE(cookie_without_question)
{
    Guarded server;
    auto packet = WithOption("x.coin", OptionCode::Cookie, "0102030405060708");
    packet[5] = 0;
    packet.erase(packet.begin() + 12, packet.begin() + 12 + 8 + 4);
    const test::Reply reply = server.Ask(packet, STRANGER);
    BOOST_TEST(reply.rcode == 0u);
    BOOST_TEST(reply.question == "");
    BOOST_TEST(OptionIn(reply, OptionCode::Cookie).size() == 48u);
}

BOOST_AUTO_TEST_CASE(version_in_chaos)
{
    Guarded server;
    const auto question = test::MakeQuestion("version.bind", 16, std::nullopt, 3);
    BOOST_TEST(server.Ask(question, FRIEND).rcode == 5u);
    server.guard.version = "none of yours";
    const test::Reply reply = server.Ask(question, FRIEND);
    BOOST_TEST_REQUIRE(reply.answer.size() == 1u);
    BOOST_TEST(reply.answer[0].rr_class == 3u);
    BOOST_TEST(base::ToText(reply.answer[0].rdata) == "\x0dnone of yours");
    BOOST_TEST(server.Ask(test::MakeQuestion("hostname.bind", 16, std::nullopt, 3), FRIEND).rcode == 5u);
}

/// However a stream of messages is cut, the same messages come out.
BOOST_AUTO_TEST_CASE(messages_of_a_stream)
{
    Bytes stream;
    std::vector<size_t> sizes = {12, 40, 4096, 4097, 65'535, 13};
    for (const size_t size : sizes) {
        AppendU16(stream, static_cast<uint16_t>(size));
        stream.insert(stream.end(), size, static_cast<uint8_t>(size));
    }
    for (const size_t step : {1u, 2u, 3u, 1000u, 70'000u, 1'000'000u}) {
        Inbox inbox;
        std::string seen;
        for (size_t at = 0; at < stream.size(); at += step) {
            inbox.Put(ByteSpan(stream).subspan(at, std::min(step, stream.size() - at)));
            for (auto item = inbox.Next(); item.kind != Inbox::Kind::None; item = inbox.Next()) {
                seen += item.kind == Inbox::Kind::Message ? "message " : "long ";
                seen += std::to_string(item.packet.size()) + " ";
            }
            BOOST_TEST(inbox.Size() < MAX_QUESTION_BYTES + 2 + step);
        }
        BOOST_TEST(seen == "message 12 message 40 message 4096 long 12 long 12 message 13 ", step);
        BOOST_TEST(!inbox.Partial());
    }
    Inbox inbox;
    inbox.Put(Bytes{0, 11});
    BOOST_CHECK(inbox.Next().kind == Inbox::Kind::Garbage);
}

BOOST_AUTO_TEST_SUITE_END()
