// The whole way of a packet with everything a server can have: cookies, keys for signed messages, transfers,
// a signed zone, a gateway. The first byte chooses transport and client, the rest is the packet.
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "dns/answer/answer.h"
#include "dns/limit/guard.h"
#include "dns/records/local_file.h"
#include "dns/records/revocation.h"
#include "dns/records/toll_free.h"
#include "dns/secure/zone_signer.h"
#include "dns/transfer/service.h"
#include "dns/zone/feed.h"
#include "names/resolve.h"
#include "script/address.h"
#include "unit/dns/fake_chain.h"
#include "unit/dns/reply.h"

#include <cstdlib>
#include <filesystem>

using namespace emc;
using namespace emc::dns;

namespace {

constexpr int64_t NOW = 1'700'000'000;

ZoneConfig MakeConfig()
{
    ZoneConfig out;
    std::vector<std::string> warnings;
    out.zones = ParseZones("$enum|.coin|~open|.secure").zones;
    out.suffix = *ParseSuffix(".gate.test");
    out.self_names = ParseSelfNames("ns1.gate.test", warnings);
    out.natural_order = true;
    return out;
}

std::unique_ptr<ZoneSigners> MakeSigners(const ZoneConfig& config, base::RandomSource& random)
{
    std::string folder = std::filesystem::temp_directory_path() / "fuzz_dns_server_XXXXXX";
    EMC_CHECK(mkdtemp(folder.data()) != nullptr);
    EMC_CHECK(ZoneKey::Create(ZoneSigners::KeyPath(folder, "secure"), "secure", random).HasValue());
    auto out = ZoneSigners::Load(config, {"secure"}, folder);
    std::filesystem::remove_all(folder);
    EMC_CHECK(out.HasValue());
    return std::move(*out);
}

RateLimits Unlimited()
{
    RateLimits out;
    out.per_second = 0;
    return out;
}

/// A server without sockets, made once.
struct Server {
    Server()
    {
        clock.SetMockTime(NOW);
        names.SetTip(test::TipAt(100));
        names.Put("dns:x.coin", "A=192.0.2.1|TXT=hello|SD=www");
        names.Put("dns:www.x.coin", "CNAME=x.coin");
        names.Put("dns:cut.coin", "NS=ns.cut.coin,@|SD=ns");
        names.Put("dns:ns.cut.coin", "A=192.0.2.7");
        names.Put("dns:b.secure", "A=192.0.2.9");
        names.Put("open:18009359935:0", "E2U+sip=100|10|!^.*$!sip:a@b.test!");
        TransferOptions options;
        options.keys = {"k1:hmac-sha256:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="};
        options.allow = {"192.0.2.0/24", "key:k1"};
        EMC_CHECK(transfers.Start(options).HasValue());
        guard.nsid = "one";
        guard.version = "some version";
        feed.Start();
        feed.WaitIdle();
    }

    ~Server() { feed.Stop(); }

    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    test::FakeNames names;
    base::Clock clock;
    base::Logger log;
    crypto::SystemRandom random;
    script::AddressParams addresses;
    const ZoneConfig config = MakeConfig();
    const std::unique_ptr<ZoneSigners> signers = MakeSigners(config, random);
    ZoneStore store{{size_t{1} << 20, config.zones.size(), 1, 2}};
    ChainState chain;
    PatientRevocation revocation{clock, log};
    TollFreeSources toll_free{{}, names, log};
    LocalFile local{"", config.self_names, log};
    Compiler compiler{{&config, &names, &addresses, &revocation}};
    TransferService transfers{{&config, &store, &compiler, &clock, &log, &random}};
    Feed feed{{&compiler, &store, &chain, &toll_free, &local, &revocation, &clock, &log, &transfers,
               signers.get()}};
    Guard guard{{CookieSecret{}}, Unlimited(), random};
    Counters counters;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    static Server server;
    static Answerer answerer({&server.config, &server.store, &server.chain, &server.compiler,
                              &server.toll_free.Lists(), nullptr, &server.clock, &server.transfers,
                              server.transfers.Serials(), &server.guard, &server.transfers.Keys(),
                              server.signers.get()},
                             server.counters);
    if (size == 0) return 0;
    const ByteSpan packet{data + 1, size - 1};
    const auto transport = static_cast<Transport>(data[0] % 3);
    const char* const from = (data[0] & 4) != 0 ? "192.0.2.7" : "2001:db8::7";
    static std::vector<uint8_t> room(MAX_MESSAGE_BYTES);
    answerer.BeginBatch();
    const Answered answered = answerer.Answer(packet, {*base::ParseIp(from), 4000, transport}, room);
    if (answered.fate != Fate::Reply) return 0;
    EMC_CHECK(packet.size() >= HEADER_BYTES && (packet[2] & 0x80) == 0);
    EMC_CHECK(transport != Transport::Udp || answered.size <= EDNS_UDP_BYTES);
    const std::vector<uint8_t> reply(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(answered.size));
    const test::Reply read = test::ParseReply(reply);
    EMC_CHECK(read.sound && read.qr && !read.ra && read.id == LoadU16(packet.data()));
    EMC_CHECK(read.rcode == 0 || read.rcode == 3 || (read.answer.empty() && read.authority.empty()));
    return 0;
}
