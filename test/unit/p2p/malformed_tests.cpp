// Every message, malformed in thousands of ways, over both transports, through everything a peer's bytes pass
// but the socket. EMC_MALFORMED_WAYS says how many ways; 10,000 of them take minutes.
#include "consensus/params.h"
#include "unit/p2p/malformed.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/talk.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <malloc.h>

using namespace emc;
using namespace emc::p2p;

namespace {

constexpr size_t SHORT_RUN_WAYS = 150;
constexpr size_t GROWTH_BYTES = 64 * 1024 * 1024;

/// On the heap at present. (Sanitizers tell 0.)
size_t HeapBytes()
{
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

struct Counts {
    size_t sent = 0;
    size_t unparsed = 0;       ///< whole messages whose fields cannot be read
    size_t sent_away = 0;      ///< their senders, and those of messages that break a rule
    size_t broken_streams = 0; ///< the transport has lost its thread
    size_t most_bytes = 0;     ///< more than at the beginning
    std::vector<std::string> wrong;
};

/// One kind of message over one transport.
class Offender
{
public:
    Offender(const Message& good, bool v2, uint64_t seed)
        : m_command(CommandOf(good)), m_good(SerializePayload(good)), m_v2(v2), m_random(seed), m_damage(seed)
    {
        OpenLine();
        m_before = HeapBytes();
    }

    void Run(size_t ways)
    {
        constexpr size_t OFTEN = 64;
        constexpr int64_t STEP_SEC = 2;
        while (m_counts.sent < ways) {
            ++m_counts.sent;
            Once();
            if (m_counts.sent % OFTEN != 0) continue;
            m_rig.Settle();
            m_rig.Advance(STEP_SEC);
            if (Gone()) OpenLine();
            const size_t bytes = HeapBytes();
            m_counts.most_bytes = std::max(m_counts.most_bytes, bytes - std::min(bytes, m_before));
        }
        m_rig.Settle();
    }

    [[nodiscard]] const Counts& Result() const { return m_counts; }

    /// Lines of the log that name a reason.
    [[nodiscard]] size_t Reasons() const
    {
        size_t count = 0;
        std::ifstream log(m_folder.File("log"));
        for (std::string line; std::getline(log, line);)
            count += line.find(") misbehaves: ") != std::string::npos ? 1 : 0;
        return count;
    }

private:
    void OpenLine()
    {
        constexpr uint32_t NETS = 200; // of this many hosts each
        ++m_lines;
        const NetAddress address =
            *NetAddress::Parse("8." + std::to_string(m_lines / NETS / NETS % NETS) + "." +
                               std::to_string(m_lines / NETS % NETS) + "." + std::to_string(m_lines % NETS));
        m_link = m_rig.Open(LinkKind::Inbound, {address, 4000});
        const uint32_t magic = test::TalkRig::Params().magic_be;
        m_node.emplace(LinkCodec::Options{.inbound = true, .v2 = true, .magic_be = magic}, m_random);
        m_sender.emplace(m_v2, magic, m_random);
        base::Bytes to_node = m_sender->Opening();
        while (!to_node.empty()) {
            EMC_CHECK(Carry(to_node));
            EMC_CHECK(m_sender->Hear(m_node->TakeOutgoing(), to_node));
        }
        // Some begin before they have shaken hands. A stream of v1 begins with a version, or it is none.
        const bool hands = !m_damage.OneIn(16);
        EMC_CHECK(Carry(hands ? m_sender->Hands(m_lines) : m_sender->Hello(m_lines)) && !Gone());
    }

    [[nodiscard]] bool Gone() { return m_rig.Talk().desk.Find(m_link) == nullptr; }

    /// As the network thread does it. False: the stream is broken.
    [[nodiscard]] bool Carry(const base::Bytes& bytes)
    {
        base::ByteSpan in(bytes);
        while (!in.empty()) {
            auto fed = m_node->Feed(in);
            if (!fed) {
                if (fed.Error().empty()) m_counts.wrong.push_back("no reason");
                return false;
            }
            if (*fed) m_rig.Talk().Receive(m_link, std::move(**fed));
        }
        return true;
    }

    void Once()
    {
        if (m_damage.OneIn(8)) {
            // Behind a changed length the stream has no end to wait for.
            base::Bytes frame = m_damage.Frame(m_sender->Framed(m_command, m_good));
            if (!Carry(frame)) ++m_counts.broken_streams;
            return Renew();
        }
        const base::Bytes payload = m_damage.Payload(m_good);
        const auto parsed = ParseMessage(m_command, payload);
        if (!Carry(m_sender->Framed(m_command, payload))) {
            m_counts.wrong.push_back("a good frame of " + base::Hex(payload));
            return Renew();
        }
        m_counts.unparsed += parsed ? 0 : 1;
        if (!parsed && !Gone()) m_counts.wrong.push_back("still here after " + base::Hex(payload));
        if (!Gone()) return;
        ++m_counts.sent_away;
        Renew();
    }

    void Renew()
    {
        m_rig.Talk().Close(m_link);
        OpenLine();
    }

    const std::string m_command;
    const base::Bytes m_good;
    const bool m_v2;
    test::TempDir m_folder;
    test::TalkRig m_rig{m_folder.File("log"), 4};
    crypto::TestRandom m_random;
    test::Damage m_damage;
    uint32_t m_lines = 0;
    LinkId m_link = 0;
    std::optional<LinkCodec> m_node;
    std::optional<test::Sender> m_sender;
    size_t m_before = 0;
    Counts m_counts;
};

} // namespace

BOOST_AUTO_TEST_SUITE(malformed)

BOOST_AUTO_TEST_CASE(every_message_over_both_transports)
{
    const auto ways = static_cast<size_t>(test::NumberFromEnvironment("EMC_MALFORMED_WAYS", SHORT_RUN_WAYS));
    Counts all;
    uint64_t seed = 1;
    for (const bool v2 : {false, true}) {
        for (const Message& good : test::SampleMessages()) {
            Offender offender(good, v2, seed++);
            offender.Run(ways);
            const Counts& seen = offender.Result();
            const std::string what = std::string(CommandOf(good)) + (v2 ? " over v2" : " over v1");
            BOOST_TEST(seen.wrong.empty(), what << ": " << seen.wrong.size() << ", first " << seen.wrong[0]);
            BOOST_TEST(seen.most_bytes <= GROWTH_BYTES, what << " takes " << seen.most_bytes);
            BOOST_TEST(seen.sent_away >= seen.unparsed, what);
            BOOST_TEST(offender.Reasons() >= seen.unparsed,
                       what << ": " << offender.Reasons() << " reasons for " << seen.unparsed);
            all.sent += seen.sent;
            all.unparsed += seen.unparsed;
            all.sent_away += seen.sent_away;
            all.broken_streams += seen.broken_streams;
            all.most_bytes = std::max(all.most_bytes, seen.most_bytes);
        }
    }
    BOOST_TEST_MESSAGE(all.sent << " malformed messages, " << all.unparsed << " of them unreadable; "
                                << all.sent_away << " senders sent away, " << all.broken_streams
                                << " streams broken; the heap grew by " << all.most_bytes
                                << " bytes at most");
    BOOST_TEST(all.unparsed > all.sent / 4);
    BOOST_TEST(all.broken_streams > all.sent / 64);
}

BOOST_AUTO_TEST_SUITE_END()
