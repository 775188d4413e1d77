// Several peers talk to the node: connections, messages good and bad in any order, blocks of a real chain,
// time. Nothing may be kept beyond its bounds, and when all have gone nothing is left of them.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "crypto/random.h"
#include "mempool/pool.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/protocol/conversation.h"
#include "p2p/reach/local_addresses.h"
#include "p2p/socket/network.h"
#include "p2p/sync/partial_block.h"
#include "storage/memory_files.h"
#include "unit/chain/builder.h"
#include "unit/p2p/samples.h"

#include <algorithm>

namespace {

using namespace emc;
using namespace emc::p2p;

constexpr int32_t KNOWN_BLOCKS = 3; ///< in the chain from the start
constexpr int32_t MADE_BLOCKS = 24; ///< that peers may have, on one another
constexpr size_t MAX_STEPS = 400;
constexpr size_t MAX_PEERS = 6;
constexpr uint32_t BLOCK_SEC = 600;

/// Blocks of work upon genesis, the last of them with stakes claimed by nobody.
std::vector<primitives::BlockRef> MakeBlocks(const consensus::Params& params)
{
    const test::Builder builder(params);
    std::vector<primitives::BlockRef> out;
    base::Hash256 parent = params.genesis.header.Hash();
    for (int32_t i = 1; i <= MADE_BLOCKS; ++i) {
        const uint32_t time =
            params.genesis.header.time / 16 * 16 + BLOCK_SEC / 16 * 16 * static_cast<uint32_t>(i);
        const test::Builder::Place place{parent, i, time, 0};
        const test::Own nothing{{test::SampleTx(static_cast<uint32_t>(i))->Txid(), 0},
                                {primitives::COIN, builder.Script()}};
        out.push_back(i <= MADE_BLOCKS - 8 ? builder.MakeBlock(place, {}, primitives::COIN)
                                           : builder.MakeStakeBlock(place, nothing, {}));
        parent = out.back()->header.Hash();
    }
    return out;
}

const consensus::Params& Params()
{
    static const consensus::Params PARAMS = test::QuickRegtest();
    return PARAMS;
}

const std::vector<primitives::BlockRef>& Blocks()
{
    static const auto BLOCKS = MakeBlocks(Params());
    return BLOCKS;
}

/// Never started: what is sent goes nowhere.
class NoSink final : public LinkSink
{
public:
    bool Admits(const Endpoint&, Permissions) override { return true; }

    void OnOpened(const LinkInfo&) override {}

    void OnMessage(LinkId, RawMessage) override {}

    void OnClosed(LinkId, const std::string&) override {}

    void OnOpenFailed(const OpenRequest&, const std::string&) override {}

    void OnResolved(const std::string&, const std::vector<Endpoint>&) override {}
};

/// Verdicts of the chain's thread, until they are handed on.
struct Verdicts {
    struct One {
        PeerId peer = 0;
        base::Hash256 block;
        chain::BlockVerdict verdict;
    };

    base::Mutex<base::LockRank::PeerQueue> mutex;
    std::vector<One> all EMC_GUARDED_BY(mutex);
};

class Talk
{
public:
    explicit Talk(base::ByteSpan input) : m_in(input)
    {
        m_now = int64_t{Params().genesis.header.time} + BLOCK_SEC * (MADE_BLOCKS + 1);
        m_clock.SetMockTime(m_now);
        chain::ChainOptions chain_options;
        chain_options.blocks_dir = "/blocks";
        chain_options.state_dir = "/chainstate";
        auto opened =
            chain::Chain::Open(chain_options, {Params(), m_clock, m_log, m_random,
                                               [](const chain::FatalError&) { EMC_CHECK(false); }, &m_files});
        EMC_CHECK(opened.HasValue());
        m_chain = std::move(*opened);
        for (int32_t i = 0; i < KNOWN_BLOCKS; ++i)
            EMC_CHECK(m_chain->AcceptBlock(Blocks()[static_cast<size_t>(i)]).in_best_chain);
        m_pool = std::make_unique<mempool::Mempool>(*m_chain, m_clock, m_log, mempool::PoolOptions{});
        Conversation::Options options;
        options.protocol.user_agent = "/fuzz:1/";
        options.inbound_places = 4;
        const ProtocolDeps deps{*m_chain, *m_pool, nullptr, m_bans, m_clock, m_log, m_random};
        m_talk = std::make_unique<Conversation>(
            options, deps, Conversation::Around{m_network, m_addresses, m_own},
            [this](PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict) {
                const base::LockGuard lock(m_verdicts.mutex);
                m_verdicts.all.push_back({peer, block, verdict});
            });
    }

    void Run()
    {
        for (size_t step = 0; step < MAX_STEPS && m_in.Remaining() > 0; ++step) {
            Step(m_in.U8());
            Settle();
            Check();
        }
        while (!m_talk->desk.Peers().empty())
            m_talk->Close(m_talk->desk.Peers().begin()->first);
        Settle();
        EMC_CHECK(m_talk->sync.Bytes() == 0);
    }

private:
    [[nodiscard]] LinkId SomePeer()
    {
        const auto& peers = m_talk->desk.Peers();
        if (peers.empty()) return 0;
        auto it = peers.begin();
        std::advance(it, m_in.U8() % peers.size());
        return it->first;
    }

    void Open()
    {
        if (m_talk->desk.Peers().size() >= MAX_PEERS) return;
        const uint8_t kind = m_in.U8();
        LinkInfo info;
        info.id = ++m_last_id;
        info.kind = static_cast<LinkKind>(kind % 5);
        info.remote = test::SampleEndpoints()[kind / 5u % test::SampleEndpoints().size()];
        info.name = info.remote.ToText();
        m_talk->Open(std::move(info));
    }

    void Say(LinkId peer, std::string_view command, base::Bytes payload)
    {
        RawMessage raw;
        raw.command = std::string(command);
        raw.wire_bytes = payload.size() + V1_HEADER_BYTES;
        raw.payload = std::move(payload);
        m_talk->Receive(peer, std::move(raw));
    }

    void Say(LinkId peer, const Message& message)
    {
        Say(peer, CommandOf(message), SerializePayload(message));
    }

    void ShakeHands(LinkId peer)
    {
        Version version;
        version.version = 70016;
        version.services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
        version.nonce = m_in.U8();
        Say(peer, version);
        Say(peer, WtxidRelay{});
        Say(peer, Verack{});
    }

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
        claimed.bits = Params().pos_limit_bits;
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
        if (what == 0 || m_talk->desk.Peers().empty()) return Open();
        if (what == 1) {
            m_now += operation / 12;
            m_clock.SetMockTime(m_now);
            return m_talk->Tick(m_talk->desk.NowMs());
        }
        const LinkId peer = SomePeer();
        switch (what) {
        case 2:
            return m_talk->Close(peer);
        case 3:
        case 4:
            return ShakeHands(peer);
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

    /// Until the chain has judged all it was given, and the verdicts have brought nothing new.
    void Settle()
    {
        while (true) {
            (void)m_chain->AcceptBlock(Blocks()[0]); // behind all that was queued
            std::vector<Verdicts::One> due;
            {
                const base::LockGuard lock(m_verdicts.mutex);
                due.swap(m_verdicts.all);
            }
            if (due.empty()) return;
            for (const auto& one : due)
                m_talk->OnVerdict(one.peer, one.block, one.verdict);
        }
    }

    void Check() const
    {
        EMC_CHECK(m_talk->desk.Peers().size() <= MAX_PEERS);
        EMC_CHECK(m_talk->sync.Bytes() <= MAX_UNPROVEN_BYTES + MAX_EARLY_BYTES);
        EMC_CHECK(m_addresses.Size() <= 1'000 * MAX_STEPS && m_addresses.IsConsistent());
        for (const auto& [id, peer] : m_talk->desk.Peers()) {
            EMC_CHECK(m_talk->sync.InFlightHeights(id).size() <= MAX_BLOCKS_IN_FLIGHT_PER_PEER);
            EMC_CHECK(peer.received.size() <= KnownCommands().size() + 1);
            EMC_CHECK(!peer.trickle || peer.trickle->Waiting() <= MAX_TRICKLE_WAITING);
        }
    }

    codec::Reader m_in;
    int64_t m_now = 0;
    LinkId m_last_id = 0;
    Verdicts m_verdicts;
    storage::MemoryFiles m_files;
    base::Clock m_clock;
    base::Logger m_log;
    crypto::TestRandom m_random{7};
    std::unique_ptr<chain::Chain> m_chain;
    std::unique_ptr<mempool::Mempool> m_pool;
    NoSink m_sink;
    Network m_network{{}, {m_clock, m_log, m_random, m_sink}};
    BanList m_bans{m_random};
    AddressManager m_addresses{nullptr, m_random};
    LocalAddresses m_own;
    std::unique_ptr<Conversation> m_talk;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    Talk(base::ByteSpan(data, size)).Run();
    return 0;
}
