// Several peers talk to the node: connections, messages good and bad in any order, blocks of a real chain,
// time. Nothing may be kept beyond its bounds, and when all have gone nothing is left of them.
#include "consensus/params.h"
#include "p2p/peers/address_manager.h"
#include "p2p/sync/partial_block.h"
#include "unit/p2p/samples.h"
#include "unit/p2p/talk.h"

#include <algorithm>

namespace {

using namespace emc;
using namespace emc::p2p;

constexpr size_t MAX_STEPS = 400;
constexpr size_t MAX_PEERS = 6;

const auto& Blocks()
{
    return test::TalkRig::Blocks();
}

class Talk
{
public:
    explicit Talk(base::ByteSpan input) : m_in(input) {}

    void Run()
    {
        for (size_t step = 0; step < MAX_STEPS && m_in.Remaining() > 0; ++step) {
            Step(m_in.U8());
            m_rig.Settle();
            Check();
        }
        while (!m_talk.desk.Peers().empty())
            m_talk.Close(m_talk.desk.Peers().begin()->first);
        m_rig.Settle();
        EMC_CHECK(m_talk.sync.Bytes() == 0);
    }

private:
    [[nodiscard]] LinkId SomePeer()
    {
        const auto& peers = m_talk.desk.Peers();
        if (peers.empty()) return 0;
        auto it = peers.begin();
        std::advance(it, m_in.U8() % peers.size());
        return it->first;
    }

    void Open()
    {
        if (m_talk.desk.Peers().size() >= MAX_PEERS) return;
        const uint8_t kind = m_in.U8();
        (void)m_rig.Open(static_cast<LinkKind>(kind % 5),
                         test::SampleEndpoints()[kind / 5u % test::SampleEndpoints().size()]);
    }

    void Say(LinkId peer, std::string_view command, base::Bytes payload)
    {
        m_rig.Say(peer, command, std::move(payload));
    }

    void Say(LinkId peer, const Message& message) { m_rig.Say(peer, message); }

    /// A message as it should be, with bytes changed.
    void Damaged(LinkId peer)
    {
        static const auto SAMPLES = test::SampleMessages();
        const auto& message = SAMPLES[m_in.U8() % SAMPLES.size()];
        base::Bytes payload = SerializePayload(message);
        for (uint8_t changes = m_in.U8() % 4; changes > 0 && !payload.empty(); --changes)
            payload[m_in.U8() % payload.size()] = m_in.U8();
        Say(peer, CommandOf(message), std::move(payload));
    }

    void Anything(LinkId peer)
    {
        const auto commands = KnownCommands();
        const auto command = commands[m_in.U8() % commands.size()];
        const size_t size = std::min<size_t>(m_in.U8(), m_in.Remaining());
        const auto bytes = m_in.Take(size);
        Say(peer, command, base::Bytes(bytes.begin(), bytes.end()));
    }

    /// Headers of blocks there are, then some nobody has a block for.
    void SayHeaders(LinkId peer)
    {
        const size_t from = m_in.U8() % Blocks().size();
        const size_t to = std::min<size_t>(Blocks().size(), from + m_in.U8() % 32);
        Headers out;
        for (size_t i = from; i < to; ++i)
            out.headers.push_back(Blocks()[i]->header);
        primitives::BlockHeader claimed = Blocks()[from]->header;
        claimed.version = 4 | primitives::VERSION_POS;
        claimed.nonce = 0;
        claimed.bits = test::TalkRig::Params().pos_limit_bits;
        claimed.time = claimed.time / 16 * 16;
        claimed.prev_hash = out.headers.empty() ? Blocks()[from]->header.Hash() : out.headers.back().Hash();
        for (size_t more = size_t{m_in.U8()} * (m_in.U8() % 8u); more > 0 && out.headers.size() < MAX_HEADERS;
             --more) {
            claimed.time += 16;
            out.headers.push_back(claimed);
            claimed.prev_hash = claimed.Hash();
        }
        Say(peer, out);
    }

    void SayBlock(LinkId peer, bool whole)
    {
        const uint8_t number = m_in.U8();
        primitives::Block block = *Blocks()[number % Blocks().size()];
        if (number >= 128) block.header.time += 16 * (number / 8u); // another one, of no work
        if (number >= 250) block.transactions.pop_back();
        if (whole) {
            Say(peer, BlockMessage{std::make_shared<const primitives::Block>(std::move(block)),
                                   primitives::WitnessMode::With});
        } else if (!block.transactions.empty()) {
            Say(peer, MakeCompactBlock(block, number));
        }
    }

    void SayItems(LinkId peer)
    {
        const uint8_t flags = m_in.U8();
        Inv list;
        for (size_t count = m_in.U8() % 16; count > 0; --count) {
            const uint8_t n = m_in.U8();
            list.items.push_back(
                {n % 2 == 0 ? InvKind::WitnessBlock : InvKind::Wtx,
                 n % 2 == 0 ? Blocks()[n / 2 % Blocks().size()]->header.Hash() : test::SampleTx(n)->Wtxid()});
        }
        switch (flags % 3) {
        case 0:
            return Say(peer, list);
        case 1: {
            GetData out;
            out.items = list.items;
            return Say(peer, out);
        }
        default: {
            NotFound out;
            out.items = list.items;
            return Say(peer, out);
        }
        }
    }

    void Step(uint8_t operation)
    {
        const uint8_t what = operation % 12;
        if (what == 0 || m_talk.desk.Peers().empty()) return Open();
        if (what == 1) {
            return m_rig.Advance(operation / 12);
        }
        const LinkId peer = SomePeer();
        switch (what) {
        case 2:
            return m_talk.Close(peer);
        case 3:
        case 4:
            return m_rig.ShakeHands(peer, m_in.U8());
        case 5:
            return Damaged(peer);
        case 6:
            return Anything(peer);
        case 7:
            return SayHeaders(peer);
        case 8:
            return SayBlock(peer, true);
        case 9:
            return SayBlock(peer, false);
        case 10:
            return SayItems(peer);
        default:
            return Say(peer, TxMessage{test::SampleTx(m_in.U8())});
        }
    }

    void Check() const
    {
        EMC_CHECK(m_talk.desk.Peers().size() <= MAX_PEERS);
        EMC_CHECK(m_talk.sync.Bytes() <= MAX_UNPROVEN_BYTES + MAX_EARLY_BYTES);
        EMC_CHECK(m_rig.Addresses().Size() <= 1'000 * MAX_STEPS && m_rig.Addresses().IsConsistent());
        for (const auto& [id, peer] : m_talk.desk.Peers()) {
            EMC_CHECK(m_talk.sync.InFlightHeights(id).size() <= MAX_BLOCKS_IN_FLIGHT_PER_PEER);
            EMC_CHECK(peer.received.size() <= KnownCommands().size() + 1);
            EMC_CHECK(!peer.trickle || peer.trickle->Waiting() <= MAX_TRICKLE_WAITING);
        }
    }

    codec::Reader m_in;
    test::TalkRig m_rig{"", 4};
    Conversation& m_talk = m_rig.Talk();
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    Talk(base::ByteSpan(data, size)).Run();
    return 0;
}
