// Damaged questions in large numbers through the whole way of a packet. Every reply is read by the tests' own
// parser and held against what the question allows. EMC_DNS_PACKETS says how many (doc/fuzzing.md: ten
// million).
#include "base/random.h"
#include "dns/limit/guard.h"
#include "dns/secure/zone_signer.h"
#include "dns/transfer/tsig.h"
#include "unit/dns/rig.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

using namespace emc;
using namespace emc::dns;

namespace {

using Packet = std::vector<uint8_t>;

constexpr unsigned RCODE_NOTAUTH = 9;

class Mutator
{
public:
    explicit Mutator(uint64_t seed) : m_random(seed) {}

    size_t Below(size_t bound) { return static_cast<size_t>(m_random() % bound); }

    /// One of the seeds, mostly damaged; now and then nothing but chance.
    Packet Next(const std::vector<Packet>& seeds)
    {
        Packet out = seeds[Below(seeds.size())];
        if (Below(50) == 0) {
            out.resize(Below(600));
            for (uint8_t& byte : out)
                byte = static_cast<uint8_t>(m_random());
        }
        const size_t more = Below(4) == 0 ? Below(4) : 0;
        for (size_t n = Below(4) == 0 ? 0 : 1 + more; n > 0 && !out.empty(); --n)
            Damage(out, seeds);
        return out;
    }

private:
    void Damage(Packet& out, const std::vector<Packet>& seeds)
    {
        constexpr uint8_t TELLING[] = {0, 1, 2, 0x29, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xc1, 0xfa, 0xff};
        const size_t head = out.size() > HEADER_BYTES && Below(5) != 0 ? HEADER_BYTES : 0;
        const size_t at = head + Below(out.size() - head);
        const auto place = out.begin() + static_cast<std::ptrdiff_t>(at);
        const Packet& other = seeds[Below(seeds.size())];
        const auto from = other.begin() + static_cast<std::ptrdiff_t>(Below(other.size()));
        switch (Below(16)) {
        case 0:
            *place ^= static_cast<uint8_t>(1u << Below(8));
            break;
        case 1:
            *place = TELLING[Below(std::size(TELLING))];
            break;
        case 2:
            *place = static_cast<uint8_t>(m_random());
            break;
        case 3: // a byte of the header
            out[std::min(Below(HEADER_BYTES), out.size() - 1)] = TELLING[Below(std::size(TELLING))];
            break;
        case 4:
            out.resize(at);
            break;
        case 5:
            out.erase(place);
            break;
        case 6:
            out.insert(place, TELLING[Below(std::size(TELLING))]);
            break;
        case 7: // the end of another
            out.resize(at);
            out.insert(out.end(), from, other.end());
            break;
        case 8: // a piece of another
            out.insert(place, from, from + std::min<std::ptrdiff_t>(other.end() - from, 20));
            break;
        default: // another name of the same form
            if (*place >= 'a' && *place <= 'z') *place = static_cast<uint8_t>("abcnsxABX"[Below(9)]);
            if (*place >= '0' && *place <= '9') *place = static_cast<uint8_t>('0' + Below(10));
        }
    }

    std::mt19937_64 m_random;
};

Packet WithOptions(std::string_view name, unsigned type, const Packet& options)
{
    Packet out = test::MakeQuestion(name, type, 4096);
    out[out.size() - 4] = 0x80; // DO
    out[out.size() - 1] = static_cast<uint8_t>(options.size());
    out.insert(out.end(), options.begin(), options.end());
    return out;
}

std::vector<Packet> Seeds(const TsigKey& key, int64_t now)
{
    std::vector<Packet> out;
    for (const char* name :
         {"x.coin", "a.b.plain.coin", "alias3.coin", "cut.coin", "w.cut.coin", "large.coin", "nothere.coin",
          "coin", "a.sub.coin", "5.3.9.9.5.3.9.0.0.8.1.open", "53995390081.open", "5.3.open",
          "x.coin.gate.test", "below.lab.lan", "example.org", "b.secure", "nothere.secure", "secure"}) {
        for (const unsigned type : {1u, 2u, 6u, 16u, 35u, 48u, 251u, 252u, 255u}) {
            out.push_back(test::MakeQuestion(name, type));
            out.push_back(test::MakeQuestion(name, type, 1232));
            out.push_back(WithOptions(name, type, {}));
        }
    }
    out.push_back(test::MakeQuestion("version.bind", 16, 1232, 3));
    out.push_back(WithOptions("x.coin", 1, {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8}));
    out.push_back(WithOptions("x.coin", 1, {0, 10, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 0, 0, 1, 2, 3, 4}));
    out.push_back(WithOptions("x.coin", 1, {0, 3, 0, 0, 0, 11, 0, 0, 0, 12, 0, 4, 0, 0, 0, 0}));
    out.push_back(WithOptions("x.coin", 1, {0, 8, 0, 7, 0, 1, 24, 0, 192, 0, 2, 0xfd, 0xe9, 0, 2, 1, 2}));
    Packet transfer = test::MakeQuestion("coin", 251);
    transfer[9] = 1;
    const Packet soa = {0xc0, 0x0c, 0, 6, 0, 1, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0,
                        1,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0};
    transfer.insert(transfer.end(), soa.begin(), soa.end());
    out.push_back(transfer);
    for (const Packet& plain :
         {transfer, test::MakeQuestion("x.coin", 1), test::MakeQuestion("coin", 252, 1232)}) {
        TsigSession session(key);
        out.push_back(plain);
        session.Sign(out.back(), now);
    }
    return out;
}

/// What is wrong with a reply; empty when nothing is.
std::string Fault(const Packet& packet, Transport transport, const Packet& reply)
{
    const bool due = packet.size() >= HEADER_BYTES && (packet[2] & 0x80) == 0;
    if (reply.empty()) return due ? "no reply" : "";
    if (!due) return "a reply to what is no question";
    const test::Reply read = test::ParseReply(reply);
    if (!read.sound) return read.fault;
    if (!read.qr || read.ra || read.id != static_cast<unsigned>(packet[0] << 8 | packet[1]))
        return "id, QR or RA";
    if (read.opcode != (packet[2] >> 3 & 15u) || read.rd != ((packet[2] & 1) != 0)) return "opcode or RD";
    const unsigned known[] = {0, 1, 2, 3, 4, 5, RCODE_NOTAUTH, 16, 23};
    if (std::ranges::find(known, read.rcode) == std::end(known)) return "rcode " + std::to_string(read.rcode);
    if (read.opcode != 0 && read.rcode != 4 && read.rcode != 1) return "an opcode other than QUERY";
    const bool data = !read.answer.empty() || !read.authority.empty();
    if (data && read.rcode != 0 && read.rcode != 3) return "records with an error";
    const bool offered = packet[10] != 0 || packet[11] != 0;
    if (!read.additional.empty() && !offered && !data) return "more than was asked for";
    if (read.Opt() != nullptr && !offered) return "OPT for who sent none";
    if (transport == Transport::Udp &&
        reply.size() > (read.Opt() != nullptr ? EDNS_UDP_BYTES : PLAIN_UDP_BYTES))
        return "too long";
    const size_t question = read.question.empty()
                                ? HEADER_BYTES
                                : HEADER_BYTES + read.question.size() + (read.question == "." ? 4 : 5);
    if (question > packet.size() ||
        !std::equal(packet.begin() + HEADER_BYTES, packet.begin() + static_cast<std::ptrdiff_t>(question),
                    reply.begin() + HEADER_BYTES))
        return "another question";
    return "";
}

void PutNames(test::FakeNames& names)
{
    names.Put("dns:x.coin", "A=192.0.2.1,192.0.2.2|TXT=hello|AAAA=2001:db8::1");
    names.Put("dns:plain.coin", "A=192.0.2.8|MX=x.coin:10");
    names.Put("dns:alias1.coin", "CNAME=x.coin");
    names.Put("dns:alias2.coin", "CNAME=alias1.coin");
    names.Put("dns:alias3.coin", "CNAME=alias2.coin");
    names.Put("dns:cut.coin", "NS=ns.cut.coin,@|SD=ns");
    names.Put("dns:ns.cut.coin", "A=192.0.2.7");
    names.Put("dns:sub.coin", "SD=a|A=192.0.2.3");
    names.Put("dns:a.sub.coin", "A=192.0.2.4|HTTPS=~;1 . alpn=h2");
    names.Put("dns:b.secure", "A=192.0.2.9");
    names.Put("dns:large.coin", test::ManyAddresses(64));
    names.Put("open:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!\nE2U+tel=100|20|!^(.*)$!tel:\\1!");
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_mutation)

BOOST_AUTO_TEST_CASE(damaged_questions_get_sound_answers)
{
    const uint64_t packets = test::NumberFromEnvironment("EMC_DNS_PACKETS", 100'000);
    test::FakeNames names;
    PutNames(names);
    const test::TempDir folder;
    std::ofstream(folder.File("local")) << "printer.lan=A=192.168.1.20\n.lab.lan=A=192.168.1.30\n";
    crypto::SystemRandom random;
    test::RigOptions options;
    options.zones = ".coin|~open|.secure";
    options.suffix = ".gate.test";
    options.self_names = "ns1.gate.test";
    options.local_file = folder.File("local");
    options.transfer.keys = {"k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
    options.transfer.allow = {"192.0.2.0/24"};
    ZoneConfig config;
    config.zones = ParseZones(options.zones).zones;
    BOOST_TEST_REQUIRE(
        ZoneKey::Create(ZoneSigners::KeyPath(folder.Path(), "secure"), "secure", random).HasValue());
    const auto signers = ZoneSigners::Load(config, {"secure"}, folder.Path());
    BOOST_TEST_REQUIRE(signers.HasValue());
    options.signers = signers.Value().get();
    test::Rig rig(names, options);
    RateLimits unlimited;
    unlimited.per_second = 0;
    Guard guard({}, unlimited, random);
    guard.version = "some version";
    guard.nsid = "one";
    Answerer answerer({&rig.config, &rig.store, &rig.chain, &rig.compiler, &rig.toll_free.Lists(),
                       &rig.local.Zone(), &rig.clock, &rig.transfers, rig.transfers.Serials(), &guard,
                       &rig.transfers.Keys(), options.signers},
                      rig.counters);
    const auto seeds = Seeds(*rig.transfers.Keys().Find(*NameFromText("k1")), rig.clock.NowSec());
    Mutator mutator(test::NumberFromEnvironment("EMC_DNS_SEED", 20'261'121));
    std::map<unsigned, uint64_t> rcodes;
    Packet room(MAX_MESSAGE_BYTES);
    for (uint64_t i = 0; i < packets; ++i) {
        const Packet packet = mutator.Next(seeds);
        const Client client{*base::ParseIp(mutator.Below(2) == 0 ? "192.0.2.7" : "198.51.100.7"), 4000,
                            static_cast<Transport>(mutator.Below(3))};
        answerer.BeginBatch();
        const Answered answered = answerer.Answer(packet, client, room);
        if (answered.fate == Fate::Transfer) continue;
        const Packet reply(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(answered.size));
        const std::string fault = Fault(packet, client.transport, reply);
        BOOST_TEST_REQUIRE(fault == "", fault << ": packet " << i << " " << base::Hex(packet) << " over "
                                              << static_cast<int>(client.transport) << " got "
                                              << base::Hex(reply));
        if (!reply.empty()) ++rcodes[test::ParseReply(reply).rcode];
    }
    std::string seen;
    for (const auto& [rcode, count] : rcodes)
        seen += " " + std::to_string(rcode) + ": " + std::to_string(count);
    BOOST_TEST_MESSAGE(packets << " packets; replies by rcode:" << seen);
    for (const unsigned rcode : {0u, 1u, 3u, 4u, 5u, RCODE_NOTAUTH, 16u})
        BOOST_TEST(rcodes[rcode] > 0u, "rcode " << rcode);
    BOOST_TEST(rig.counters.answers.Get() > packets / 10, "too few questions survive");
}

BOOST_AUTO_TEST_SUITE_END()
