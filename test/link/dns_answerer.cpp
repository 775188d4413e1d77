// The DNS server with the rooms up to dns alone: no chain behind it, only generated names. Without arguments
// it checks itself and prints the counts. With arguments it serves, for measuring and for trying clients:
//   --port P            where to listen on 127.0.0.1 (default 5399); --bind ADDRESS for another address
//   --numbers N         how many numbers there are (default 100,000)
//   --threads N         workers (default 1)
//   --cache MIB         memory for compiled answers (default 4096)
//   --signed            records are signed and signatures checked
//   --dnssec FOLDER     the zone is signed; FOLDER gets its key unless there is one already
//   --xfr               programs on this machine may copy the zone
//   --blocks-every MS   publish blocks that change 100 numbers each
//   --seconds S         end after that time; 0 (default): on SIGINT
//   --echo              answer nothing, send every packet back with the bytes of one record behind it: what
//                       the system's UDP and TCP cost alone
//   --write-zone FILE   only write the same zone as a master file
//   --write-queries FILE --count C --seed S   only write C questions for dnsperf, a tenth of them unknown
//   numbers
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "codec/base58.h"
#include "crypto/random.h"
#include "dns/message/wire.h"
#include "dns/server.h"
#include "dns/transport/bind.h"
#include "enum/record.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "script/address.h"
#include "script/sign.h"

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace emc;

constexpr uint64_t FIRST_NUMBER = 18000000000;
constexpr uint64_t STEP = 97;
constexpr std::string_view VERIFIER = "ver:enum";

std::atomic<bool> g_interrupted{false};

struct Arguments {
    std::map<std::string, std::string> values;

    [[nodiscard]] bool Has(const std::string& key) const { return values.contains(key); }

    [[nodiscard]] std::string Text(const std::string& key, const std::string& fallback) const
    {
        const auto at = values.find(key);
        return at == values.end() ? fallback : at->second;
    }

    [[nodiscard]] uint64_t Number(const std::string& key, uint64_t fallback) const
    {
        return Has(key) ? std::strtoull(Text(key, "").c_str(), nullptr, 10) : fallback;
    }
};

/// N numbers at equal distances, one slot each, made when asked for. Any thread.
class GeneratedNames final : public interfaces::NameReader
{
public:
    GeneratedNames(uint64_t count, bool with_signatures) : m_count(count), m_signed(with_signatures)
    {
        std::array<uint8_t, 32> secret{};
        secret.fill(0x11);
        m_key = *crypto::PrivateKey::From(secret);
        m_owner = script::PayToPubKeyHash(m_key.Public().Id());
        m_tip.initial_download = false;
        m_tip.height = 1000;
    }

    [[nodiscard]] static uint64_t NumberAt(uint64_t index) { return FIRST_NUMBER + index * STEP; }

    [[nodiscard]] std::optional<interfaces::NameInfo> Find(std::string_view name) const override
    {
        if (name == VERIFIER) return Info(std::string(name), "name=Test");
        std::optional<interfaces::NameInfo> out;
        Scan(name, [&](const interfaces::NameInfo& info) {
            if (info.name == name) out = info;
            return false;
        });
        return out;
    }

    void Scan(std::string_view from,
              const std::function<bool(const interfaces::NameInfo&)>& visit) const override
    {
        const std::string wanted(from);
        uint64_t low = 0;
        uint64_t high = m_count;
        while (low < high) {
            const uint64_t middle = (low + high) / 2;
            (NameAt(middle) < wanted ? low = middle + 1 : high = middle);
        }
        for (; low < m_count; ++low) {
            if (!visit(Info(NameAt(low), ValueAt(low)))) return;
        }
        if (wanted <= VERIFIER) (void)visit(Info(std::string(VERIFIER), "name=Test"));
    }

    void ByOwner(base::ByteSpan, const std::function<bool(const interfaces::NameInfo&)>&) const override {}

    [[nodiscard]] interfaces::Tip NamesTip() const override { return m_tip; }

    [[nodiscard]] Stats NameStats() const override { return {}; }

    [[nodiscard]] static std::string NameAt(uint64_t index)
    {
        return "enum:" + std::to_string(NumberAt(index)) + ":0";
    }

    [[nodiscard]] static std::string Regexp(uint64_t number)
    {
        return "!^.*$!sip:" + std::to_string(number) + "@gw.example.net!";
    }

private:
    [[nodiscard]] std::string ValueAt(uint64_t index) const
    {
        const uint64_t number = NumberAt(index);
        std::string value = "E2U+sip=100|10|" + Regexp(number);
        if (!m_signed) return value;
        const auto address = script::EncodeAddress(m_addresses, m_owner);
        const auto text =
            enumrec::SignatureText(*enumrec::Number::FromValue(number), address.value_or(""), 0);
        const auto signature = m_key.SignCompact(script::MessageDigest(text));
        return value + "\nSIG=" + std::string(VERIFIER) + "|" + codec::Base64Encode(signature);
    }

    [[nodiscard]] interfaces::NameInfo Info(std::string name, const std::string& value) const
    {
        interfaces::NameInfo out;
        out.name = std::move(name);
        out.record.value = base::ToBytes(value);
        out.record.owner_script = m_owner;
        out.record.expiry = 1'000'000;
        out.live = true;
        return out;
    }

    const uint64_t m_count;
    const bool m_signed;
    script::AddressParams m_addresses;
    crypto::PrivateKey m_key;
    base::Bytes m_owner;
    interfaces::Tip m_tip;
};

/// Keeps the sink so that blocks can be made up.
class MadeUpEvents final : public interfaces::ChainEvents
{
public:
    [[nodiscard]] std::unique_ptr<interfaces::Subscription>
    Subscribe(std::string_view, interfaces::EventSink& sink, size_t) override
    {
        struct Handle final : interfaces::Subscription {
            void Drain() override {}
        };

        m_sink = &sink;
        return std::make_unique<Handle>();
    }

    void DrainAll() override {}

    void Publish(const interfaces::Tip& tip, const std::shared_ptr<std::vector<names::NameDelta>>& deltas)
    {
        interfaces::BlockConnected event;
        event.names = deltas;
        event.tip = tip;
        m_sink->OnBlockConnected(event);
        m_sink->OnTip(tip);
    }

private:
    interfaces::EventSink* m_sink = nullptr;
};

std::string QuestionName(uint64_t number)
{
    std::string out;
    for (; number > 0; number /= 10) {
        out += static_cast<char>('0' + number % 10);
        out += '.';
    }
    return out + "enum";
}

int WriteZone(const std::string& path, uint64_t count)
{
    std::FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) return 1;
    std::fputs(
        "enum. 86400 IN SOA ns.enum. hostmaster.enum. 1 600 300 604800 60\nenum. 86400 IN NS ns.enum.\n"
        "ns.enum. 86400 IN A 127.0.0.1\n",
        file);
    for (uint64_t i = 0; i < count; ++i) {
        const uint64_t number = GeneratedNames::NumberAt(i);
        std::fprintf(file, "%s. 86400 IN NAPTR 100 10 \"u\" \"E2U+sip\" \"%s\" .\n",
                     QuestionName(number).c_str(), GeneratedNames::Regexp(number).c_str());
    }
    return std::fclose(file) == 0 ? 0 : 1;
}

int WriteQueries(const Arguments& arguments, uint64_t numbers)
{
    std::FILE* file = std::fopen(arguments.Text("write-queries", "").c_str(), "w");
    if (file == nullptr) return 1;
    std::mt19937_64 random(arguments.Number("seed", 1));
    for (uint64_t i = arguments.Number("count", 50'000); i > 0; --i) {
        const uint64_t known = GeneratedNames::NumberAt(random() % numbers);
        std::fprintf(file, "%s NAPTR\n", QuestionName(i % 10 == 0 ? known + 1 : known).c_str());
    }
    return std::fclose(file) == 0 ? 0 : 1;
}

void PublishBlock(MadeUpEvents& events, interfaces::Tip& tip, uint64_t numbers, std::mt19937_64& random)
{
    ++tip.height;
    auto deltas = std::make_shared<std::vector<names::NameDelta>>();
    for (int i = 0; i < 100; ++i) {
        names::NameDelta delta;
        delta.name = GeneratedNames::NameAt(random() % numbers);
        deltas->push_back(delta);
    }
    events.Publish(tip, deltas);
}

void PrintStats(const dns::DnsServer& server)
{
    const auto stats = server.GetStats();
    std::printf(
        "questions %llu, answers %llu, unknown %llu, dropped %llu, names %llu, %llu KiB\n",
        static_cast<unsigned long long>(stats.queries), static_cast<unsigned long long>(stats.answers),
        static_cast<unsigned long long>(stats.nxdomain), static_cast<unsigned long long>(stats.dropped),
        static_cast<unsigned long long>(stats.zone_names),
        static_cast<unsigned long long>(stats.zone_bytes / 1024));
}

dns::DnsOptions OptionsFrom(const Arguments& arguments)
{
    dns::DnsOptions out;
    out.port = static_cast<uint16_t>(arguments.Number("port", 5399));
    out.bind = {arguments.Text("bind", "127.0.0.1")};
    out.allowed = arguments.Has("signed") ? "$enum" : "~enum";
    out.trust = {std::string(VERIFIER)};
    out.threads = static_cast<unsigned>(arguments.Number("threads", 1));
    out.cache_mib = arguments.Number("cache", 4096);
    out.toll_free = {};
    if (arguments.Has("xfr")) out.transfer_allowed = {"127.0.0.0/8"};
    if (arguments.Has("dnssec")) out.signed_zones = {"enum"};
    out.key_folder = arguments.Text("dnssec", "");
    out.tcp_clients = out.tcp_per_address = 4096;
    out.tcp_idle_sec = 600;
    return out;
}

int Serve(const Arguments& arguments)
{
    const uint64_t numbers = arguments.Number("numbers", 100'000);
    if (arguments.Has("write-zone")) return WriteZone(arguments.Text("write-zone", ""), numbers);
    if (arguments.Has("write-queries")) return WriteQueries(arguments, numbers);
    const GeneratedNames names(numbers, arguments.Has("signed"));
    MadeUpEvents events;
    base::Logger log;
    base::Logger::Options log_options;
    log_options.console = true;
    if (!log.Open(log_options)) return 1;
    base::Clock clock;
    crypto::SystemRandom random;
    const script::AddressParams addresses;
    dns::DnsServer server(OptionsFrom(arguments), {&names, &events, &addresses, &clock, &log, &random});
    if (arguments.Has("dnssec")) (void)server.MakeZoneKey("enum");
    if (const auto started = server.Start(); !started) {
        std::printf("%s: %s\n", std::string(Text(started.Error().error)).c_str(),
                    started.Error().detail.c_str());
        return 1;
    }
    server.WaitIdle();
    std::printf("ready\n");
    std::fflush(stdout);
    interfaces::Tip tip = names.NamesTip();
    std::mt19937_64 choice(1);
    const uint64_t every_ms = arguments.Number("blocks-every", 0);
    const int64_t end_us =
        base::SteadyMicros() + static_cast<int64_t>(arguments.Number("seconds", 0)) * 1'000'000;
    while (!g_interrupted && (arguments.Number("seconds", 0) == 0 || base::SteadyMicros() < end_us)) {
        usleep(static_cast<useconds_t>(every_ms > 0 ? every_ms : 100) * 1000);
        if (every_ms > 0) PublishBlock(events, tip, numbers, choice);
    }
    PrintStats(server);
    server.Stop();
    return 0;
}

constexpr size_t RECORD_BYTES = 71;

/// One turn of a connection: sends back every whole message of `in`; false when the client has gone.
bool EchoMessages(int handle, base::Bytes& in)
{
    std::array<uint8_t, 65536> chunk;
    const ssize_t got = recv(handle, chunk.data(), chunk.size(), 0);
    if (got <= 0) return false;
    in.insert(in.end(), chunk.begin(), chunk.begin() + got);
    base::Bytes out;
    size_t at = 0;
    while (in.size() - at >= 2) {
        const size_t size = size_t{in[at]} << 8 | in[at + 1];
        if (size < 3 || in.size() - at < 2 + size) break;
        dns::AppendU16(out, static_cast<uint16_t>(size + RECORD_BYTES));
        const size_t message = out.size();
        const auto from = in.begin() + static_cast<std::ptrdiff_t>(at + 2);
        out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(size));
        out[message + 2] |= 0x80;
        out.resize(out.size() + RECORD_BYTES);
        at += 2 + size;
    }
    in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(at));
    return out.empty() || send(handle, out.data(), out.size(), MSG_NOSIGNAL) > 0;
}

/// Messages over TCP; clients must read what they are sent.
void EchoStreams(int listener)
{
    std::vector<pollfd> handles{{listener, POLLIN, 0}};
    std::map<int, base::Bytes> read;
    while (!g_interrupted) {
        if (poll(handles.data(), handles.size(), 100) <= 0) continue;
        for (size_t i = handles.size(); i-- > 1;) {
            if (handles[i].revents == 0 || EchoMessages(handles[i].fd, read[handles[i].fd])) continue;
            read.erase(handles[i].fd);
            close(handles[i].fd);
            handles.erase(handles.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (handles[0].revents == 0) continue;
        const int handle = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (handle >= 0) handles.push_back({handle, POLLIN, 0});
    }
}

/// Sends packets back in batches, as a worker would, without looking into them.
void EchoDatagrams(int handle)
{
    constexpr size_t BATCH = 32;
    constexpr size_t ROOM = 512;
    static std::array<std::array<uint8_t, ROOM>, BATCH> packets;
    std::array<sockaddr_storage, BATCH> peers{};
    std::array<iovec, BATCH> parts{};
    std::array<mmsghdr, BATCH> messages{};
    while (!g_interrupted) {
        for (size_t i = 0; i < BATCH; ++i) {
            parts[i] = {packets[i].data(), ROOM};
            messages[i].msg_hdr = {&peers[i], sizeof(peers[i]), &parts[i], 1, nullptr, 0, 0};
        }
        const int got = recvmmsg(handle, messages.data(), BATCH, MSG_WAITFORONE, nullptr);
        for (size_t i = 0; got > 0 && i < static_cast<size_t>(got); ++i) {
            packets[i][2] |= 0x80;
            parts[i].iov_len = std::min<size_t>(messages[i].msg_len + RECORD_BYTES, ROOM);
        }
        if (got > 0) sendmmsg(handle, messages.data(), static_cast<unsigned>(got), 0);
    }
}

int Echo(uint16_t port)
{
    auto where = dns::ParseBind({"127.0.0.1"}, port);
    if (!where) return 1;
    auto datagrams = dns::UdpSocket::Open(where->front(), true);
    auto streams = dns::StreamListener::Open(where->front());
    if (!datagrams || !streams) return 1;
    std::printf("ready\n");
    std::fflush(stdout);
    const base::Thread beside("echo-streams", [&] {
        EchoStreams(streams->Handle());
        datagrams->WakeUp();
    });
    EchoDatagrams(datagrams->Handle());
    return 0;
}

/// Sends one packet to the server and returns the answer.
base::Bytes Exchange(const std::string& listen, const base::Bytes& packet)
{
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::atoi(listen.substr(listen.rfind(':') + 1).c_str())));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int handle = socket(AF_INET, SOCK_DGRAM, 0);
    const timeval limit{5, 0};
    setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    base::Bytes out(2048);
    ssize_t got = -1;
    if (connect(handle, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0 &&
        send(handle, packet.data(), packet.size(), 0) > 0) {
        got = recv(handle, out.data(), out.size(), 0);
    }
    close(handle);
    out.resize(got < 0 ? 0 : static_cast<size_t>(got));
    return out;
}

int CheckItself()
{
    const GeneratedNames names(100, true);
    base::Logger log;
    base::Clock clock;
    crypto::SystemRandom random;
    const script::AddressParams addresses;
    Arguments arguments;
    arguments.values = {{"port", "0"}, {"signed", ""}, {"cache", "16"}};
    dns::DnsServer server(OptionsFrom(arguments), {&names, nullptr, &addresses, &clock, &log, &random});
    int failed = 0;
    if (!server.Start()) return 1;
    server.WaitIdle();
    for (const uint64_t number : {GeneratedNames::NumberAt(7), GeneratedNames::NumberAt(7) + 1}) {
        base::Bytes packet =
            base::ToBytes(std::string("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12));
        for (uint64_t rest = number; rest > 0; rest /= 10) {
            packet.push_back(1);
            packet.push_back(static_cast<uint8_t>('0' + rest % 10));
        }
        const base::Bytes end = base::ToBytes(std::string("\x04"
                                                          "enum\x00\x00\x23\x00\x01",
                                                          10));
        packet.insert(packet.end(), end.begin(), end.end());
        const base::Bytes answer = Exchange(server.GetStats().listen.front(), packet);
        const bool known = number == GeneratedNames::NumberAt(7);
        const bool right = answer.size() > packet.size() && (answer[3] & 0xf) == (known ? 0 : 3) &&
                           answer[7] == (known ? 1 : 0);
        if (!right) ++failed;
    }
    std::printf("%d passed, %d failed\n", 2 - failed, failed);
    return failed;
}

} // namespace

int main(int argc, char* argv[])
{
    if (argc == 1) return CheckItself();
    Arguments arguments;
    for (int i = 1; i < argc; ++i) {
        const std::string key =
            std::string(argv[i]).substr(0, 2) == "--" ? std::string(argv[i]).substr(2) : "";
        const bool has_value = i + 1 < argc && std::string(argv[i + 1]).substr(0, 2) != "--";
        if (key.empty()) {
            std::printf("%s: not an option\n", argv[i]);
            return 2;
        }
        arguments.values[key] = has_value ? argv[++i] : "";
    }

    struct sigaction action {};

    action.sa_handler = [](int) { g_interrupted = true; }; // no restart: waiting calls end
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    if (arguments.Has("echo")) return Echo(static_cast<uint16_t>(arguments.Number("port", 5399)));
    return Serve(arguments);
}
