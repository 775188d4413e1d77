#include "unit/p2p/talk.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "crypto/random.h"
#include "mempool/pool.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/reach/local_addresses.h"
#include "p2p/socket/network.h"
#include "storage/memory_files.h"
#include "unit/chain/builder.h"
#include "unit/p2p/no_sink.h"
#include "unit/p2p/samples.h"

namespace emc::test {

using namespace p2p;

namespace {

std::vector<primitives::BlockRef> MakeBlocks(const consensus::Params& params)
{
    constexpr int32_t STAKES = 8;
    constexpr uint32_t STEP_SEC = 16;
    const Builder builder(params);
    std::vector<primitives::BlockRef> out;
    base::Hash256 parent = params.genesis.header.Hash();
    for (int32_t i = 1; i <= TalkRig::MADE_BLOCKS; ++i) {
        const uint32_t start = params.genesis.header.time / STEP_SEC * STEP_SEC;
        const uint32_t step = TalkRig::BLOCK_SEC / STEP_SEC * STEP_SEC;
        const Builder::Place place{parent, i, start + step * static_cast<uint32_t>(i), 0};
        const Own nothing{{SampleTx(static_cast<uint32_t>(i))->Txid(), 0},
                          {primitives::COIN, builder.Script()}};
        out.push_back(i <= TalkRig::MADE_BLOCKS - STAKES ? builder.MakeBlock(place, {}, primitives::COIN)
                                                         : builder.MakeStakeBlock(place, nothing, {}));
        parent = out.back()->header.Hash();
    }
    return out;
}

struct Verdict {
    PeerId peer = 0;
    base::Hash256 block;
    chain::BlockVerdict verdict;
};

} // namespace

struct TalkRig::Impl {
    Impl(const std::string& log_file, size_t inbound_places)
    {
        clock.SetMockTime(now);
        if (!log_file.empty()) {
            base::Logger::Options lines;
            lines.file = log_file;
            lines.site_bytes_per_hour = 0;
            EMC_CHECK(log.Open(lines));
        }
        chain::ChainOptions chain_options;
        chain_options.blocks_dir = "/blocks";
        chain_options.state_dir = "/chainstate";
        auto opened =
            chain::Chain::Open(chain_options, {Params(), clock, log, random,
                                               [](const chain::FatalError&) { EMC_CHECK(false); }, &files});
        EMC_CHECK(opened.HasValue());
        chain = std::move(*opened);
        for (int32_t i = 0; i < KNOWN_BLOCKS; ++i)
            EMC_CHECK(chain->AcceptBlock(Blocks()[static_cast<size_t>(i)]).in_best_chain);
        pool = std::make_unique<mempool::Mempool>(*chain, clock, log, mempool::PoolOptions{});
        Conversation::Options options;
        options.protocol.user_agent = "/rig:1/";
        options.inbound_places = inbound_places;
        const ProtocolDeps deps{*chain, *pool, nullptr, bans, clock, log, random};
        talk = std::make_unique<Conversation>(
            options, deps, Conversation::Around{network, addresses, own},
            [this](PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict) {
                const base::LockGuard lock(mutex);
                verdicts.push_back({peer, block, verdict});
            });
    }

    base::Mutex<base::LockRank::PeerQueue> mutex;
    std::vector<Verdict> verdicts EMC_GUARDED_BY(mutex); ///< of the chain's thread, not handed on yet
    int64_t now = StartSec();
    LinkId last_id = 0;
    storage::MemoryFiles files;
    base::Clock clock;
    base::Logger log;
    crypto::TestRandom random{7};
    std::unique_ptr<chain::Chain> chain;
    std::unique_ptr<mempool::Mempool> pool;
    NoSink sink;
    Network network{{}, {clock, log, random, sink}};
    BanList bans{random};
    AddressManager addresses{nullptr, random};
    LocalAddresses own;
    std::unique_ptr<Conversation> talk;
};

TalkRig::TalkRig(const std::string& log_file, size_t inbound_places)
    : m_impl(std::make_unique<Impl>(log_file, inbound_places))
{}

TalkRig::~TalkRig() = default;

const consensus::Params& TalkRig::Params()
{
    static const consensus::Params PARAMS = QuickRegtest();
    return PARAMS;
}

const std::vector<primitives::BlockRef>& TalkRig::Blocks()
{
    static const auto BLOCKS = MakeBlocks(Params());
    return BLOCKS;
}

int64_t TalkRig::StartSec()
{
    return int64_t{Params().genesis.header.time} + BLOCK_SEC * (MADE_BLOCKS + 1);
}

Conversation& TalkRig::Talk()
{
    return *m_impl->talk;
}

AddressManager& TalkRig::Addresses()
{
    return m_impl->addresses;
}

BanList& TalkRig::Bans()
{
    return m_impl->bans;
}

const AddressManager& TalkRig::Addresses() const
{
    return m_impl->addresses;
}

LinkId TalkRig::Open(LinkKind kind, const Endpoint& remote)
{
    LinkInfo info;
    info.id = ++m_impl->last_id;
    info.kind = kind;
    info.remote = remote;
    info.name = remote.ToText();
    m_impl->talk->Open(std::move(info));
    return m_impl->last_id;
}

void TalkRig::Say(LinkId peer, std::string_view command, base::Bytes payload)
{
    RawMessage raw;
    raw.command = std::string(command);
    raw.wire_bytes = payload.size() + V1_HEADER_BYTES;
    raw.payload = std::move(payload);
    m_impl->talk->Receive(peer, std::move(raw));
}

void TalkRig::Say(LinkId peer, const Message& message)
{
    Say(peer, CommandOf(message), SerializePayload(message));
}

void TalkRig::ShakeHands(LinkId peer, uint64_t nonce)
{
    Say(peer, OpeningVersion(nonce));
    Say(peer, WtxidRelay{});
    Say(peer, Verack{});
}

void TalkRig::Advance(int64_t seconds)
{
    m_impl->now += seconds;
    m_impl->clock.SetMockTime(m_impl->now);
    m_impl->talk->Tick(m_impl->talk->desk.NowMs());
}

void TalkRig::Settle()
{
    while (true) {
        (void)m_impl->chain->AcceptBlock(Blocks()[0]); // behind all that was queued
        std::vector<Verdict> due;
        {
            const base::LockGuard lock(m_impl->mutex);
            due.swap(m_impl->verdicts);
        }
        if (due.empty()) return;
        for (const auto& one : due)
            m_impl->talk->OnVerdict(one.peer, one.block, one.verdict);
    }
}

Version OpeningVersion(uint64_t nonce)
{
    Version version;
    version.version = 70016;
    version.services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
    version.nonce = nonce;
    return version;
}

} // namespace emc::test
