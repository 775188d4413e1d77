// Sends malformed messages to a node of regtest over sockets: `malformed_sender PORT v1|v2 WAYS`. Each kind
// of message is damaged in WAYS ways; a connection is used until the node ends it, a few are used at a time.
// Prints what it saw. The exit code is 1 when the node kept one that sent what cannot be read, sent away one
// that did nothing, or did not answer.
#include "base/thread.h"
#include "consensus/params.h"
#include "p2p/wire/message.h"
#include "unit/p2p/malformed.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/talk.h"

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace emc;

constexpr int PATIENCE_SEC = 30;
constexpr size_t READ_BYTES = 65'536;
constexpr uint32_t CLIENTS = 4;

[[noreturn]] void Fail(const std::string& what)
{
    (void)std::fprintf(stderr, "%s\n", what.c_str());
    ::_exit(1); // other threads may be at work
}

/// A socket that ends without a trace, so that a port is free again at once.
class Line
{
public:
    Line(uint16_t port, uint32_t number) : m_socket(::socket(AF_INET, SOCK_STREAM, 0))
    {
        constexpr uint32_t HOSTS = 60'000;
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        const timeval patience{.tv_sec = PATIENCE_SEC, .tv_usec = 0};
        const int on = 1;
        (void)::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        (void)::setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        (void)::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        const auto from = Address(INADDR_LOOPBACK + 256 + number % HOSTS, 0);
        const auto to = Address(INADDR_LOOPBACK, port);
        if (::bind(m_socket, reinterpret_cast<const sockaddr*>(&from), sizeof(from)) != 0 ||
            ::connect(m_socket, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0)
            Fail("cannot connect to port " + std::to_string(port));
    }

    ~Line() { (void)::close(m_socket); }

    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// False: the other side has gone.
    [[nodiscard]] bool Say(const base::Bytes& bytes) const
    {
        return bytes.empty() || ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                                    static_cast<ssize_t>(bytes.size());
    }

    /// Says nothing more and waits until the other side has read everything and gone.
    void End() const
    {
        (void)::shutdown(m_socket, SHUT_WR);
        while (!Hear().empty()) {
        }
    }

    /// Empty: the other side has gone.
    [[nodiscard]] base::Bytes Hear() const
    {
        base::Bytes out(READ_BYTES);
        const ssize_t bytes = ::recv(m_socket, out.data(), out.size(), 0);
        if (bytes < 0 && errno == EAGAIN) Fail("the node says nothing");
        out.resize(bytes > 0 ? static_cast<size_t>(bytes) : 0);
        return out;
    }

private:
    static sockaddr_in Address(uint32_t host, uint16_t port)
    {
        sockaddr_in out{};
        out.sin_family = AF_INET;
        out.sin_addr.s_addr = htonl(host);
        out.sin_port = htons(port);
        return out;
    }

    const int m_socket;
};

/// One connection after the other.
class Client
{
public:
    /// `number`: which of the clients; no two use an address or a nonce of the same number.
    Client(uint16_t port, bool v2, uint32_t number)
        : m_port(port), m_v2(v2), m_number(number), m_random(2'026 + number)
    {}

    /// A new connection. Hands are shaken with the first thing that is said, so that both arrive together.
    void Renew()
    {
        m_line.emplace(m_port, Number());
        m_sender.emplace(m_v2, test::TalkRig::Params().magic_be, m_random);
        m_before = m_sender->Opening();
        if (m_v2) {
            bool good = m_line->Say(m_before);
            for (m_before = {}; good && m_before.empty();) {
                const base::Bytes bytes = m_line->Hear();
                good = !bytes.empty() && m_sender->Hear(bytes, m_before);
            }
            if (!good) Fail("the node does not exchange keys");
        }
        Add(m_sender->Hands(Number()));
        ++m_lines;
    }

    /// Fails unless the node shakes hands and answers.
    void Greet()
    {
        if (!Answers()) Fail("the node does not shake hands");
    }

    /// Sends it. False: the node has ended the connection.
    [[nodiscard]] bool Say(std::string_view command, const base::Bytes& payload)
    {
        Add(m_sender->Framed(command, payload));
        return Answers();
    }

    /// Sends a damaged frame and ends the connection: behind a changed length a node waits for more.
    void SayBroken(const base::Bytes& frame)
    {
        Add(frame);
        if (m_line->Say(std::exchange(m_before, {}))) m_line->End();
        Renew();
    }

    [[nodiscard]] base::Bytes Framed(std::string_view command, const base::Bytes& payload)
    {
        return m_sender->Framed(command, payload);
    }

    [[nodiscard]] uint32_t Lines() const { return m_lines; }

private:
    void Add(const base::Bytes& bytes) { m_before.insert(m_before.end(), bytes.begin(), bytes.end()); }

    [[nodiscard]] uint32_t Number() const { return m_lines * CLIENTS + m_number; }

    /// Until the node has dealt with everything.
    [[nodiscard]] bool Answers()
    {
        const base::Bytes ping = p2p::SerializePayload(p2p::Ping{.nonce = ++m_nonce});
        Add(m_sender->Framed("ping", ping));
        if (!m_line->Say(std::exchange(m_before, {}))) return false;
        while (true) {
            const base::Bytes bytes = m_line->Hear();
            base::Bytes reply;
            if (bytes.empty()) return false;
            if (!m_sender->Hear(bytes, reply)) Fail("the node breaks the stream");
            if (!m_line->Say(reply)) return false;
            bool answered = false;
            for (const auto& message : m_sender->heard)
                answered = answered || (message.command == "pong" && message.payload == ping);
            m_sender->heard.clear();
            if (answered) return true;
        }
    }

    const uint16_t m_port;
    const bool m_v2;
    const uint32_t m_number;
    crypto::TestRandom m_random;
    uint32_t m_lines = 0;
    uint64_t m_nonce = 0;
    std::optional<Line> m_line;
    std::optional<test::Sender> m_sender;
    base::Bytes m_before; ///< goes out with what is said next
};

struct Counts {
    size_t sent = 0;
    size_t unparsed = 0;
    size_t sent_away = 0;
    size_t broken_frames = 0;
    size_t lines = 0;
};

void Torment(Client& client, const p2p::Message& good, size_t ways, Counts& counts, uint64_t seed)
{
    const std::string command(CommandOf(good));
    const base::Bytes payload = SerializePayload(good);
    test::Damage damage(seed);
    for (size_t way = 0; way < ways; ++way, ++counts.sent) {
        if (damage.OneIn(8)) {
            ++counts.broken_frames;
            client.SayBroken(damage.Frame(client.Framed(command, payload)));
            continue;
        }
        const base::Bytes bad = damage.Payload(payload);
        const bool readable = p2p::ParseMessage(command, bad).HasValue();
        counts.unparsed += readable ? 0 : 1;
        if (client.Say(command, bad)) {
            if (!readable) Fail("the node keeps who sends " + command + " " + base::Hex(bad));
            continue;
        }
        ++counts.sent_away;
        client.Renew();
    }
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4) Fail("malformed_sender PORT v1|v2 WAYS");
    const auto port = static_cast<uint16_t>(std::strtoul(argv[1], nullptr, 10));
    const bool v2 = std::string_view(argv[2]) == "v2";
    const size_t ways = std::strtoul(argv[3], nullptr, 10);
    const auto messages = test::SampleMessages();
    std::array<Counts, CLIENTS> counts;
    std::atomic<size_t> next{0};
    {
        std::vector<base::Thread> threads; // joined here
        for (uint32_t number = 0; number < CLIENTS; ++number) {
            threads.emplace_back("sender", [&, number] {
                Client client(port, v2, number);
                client.Renew();
                client.Greet();
                for (size_t kind = next++; kind < messages.size(); kind = next++)
                    Torment(client, messages[kind], ways, counts[number], kind * ways + 1);
                client.Greet();
                counts[number].lines = client.Lines();
            });
        }
    }
    Counts all;
    for (const Counts& one : counts) {
        all.sent += one.sent;
        all.unparsed += one.unparsed;
        all.sent_away += one.sent_away;
        all.broken_frames += one.broken_frames;
        all.lines += one.lines;
    }
    (void)std::printf(
        "%zu messages, %zu unreadable, %zu senders sent away, %zu broken frames, %zu connections\n", all.sent,
        all.unparsed, all.sent_away, all.broken_frames, all.lines);
    return 0;
}
