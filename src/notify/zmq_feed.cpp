#include "notify/zmq_feed.h"

#include "base/log.h"
#include "codec/writer.h"
#include "notify/news.h"
#include "script/address.h"

#include <algorithm>
#include <utility>

namespace emc::notify {

namespace {

/// Events that may wait to be sent. Sending takes microseconds, so more than these are a burst of small
/// blocks.
constexpr size_t EVENT_QUEUE = 4096;

/// The order in which RPC shows hashes.
base::Bytes Shown(const base::Hash256& hash)
{
    return base::Bytes(hash.bytes.rbegin(), hash.bytes.rend());
}

} // namespace

ZmqFeed::ZmqFeed(std::unique_ptr<Publisher> publisher, std::vector<interfaces::Publication> publications,
                 interfaces::ChainEvents& events, const script::AddressParams& addresses, base::Logger& log)
    : m_publisher(std::move(publisher)), m_publications(std::move(publications)), m_addresses(addresses),
      m_log(log), m_subscription(events.Subscribe("zmq", *this, EVENT_QUEUE))
{}

ZmqFeed::~ZmqFeed()
{
    m_subscription.reset();
}

bool ZmqFeed::WantsTransactions() const
{
    using enum Topic;
    const Topic of_transactions[] = {HashTx, RawTx, Sequence, Name, CallReward};
    return std::any_of(std::begin(of_transactions), std::end(of_transactions),
                       [this](Topic topic) { return m_publisher->Wants(topic); });
}

void ZmqFeed::SendTx(const primitives::Transaction& tx)
{
    m_publisher->Send(Topic::HashTx, Shown(tx.Txid()));
    if (m_publisher->Wants(Topic::RawTx)) m_publisher->Send(Topic::RawTx, primitives::Serialize(tx));
}

void ZmqFeed::SendNews(const primitives::Transaction& tx, const Place& place)
{
    if (m_publisher->Wants(Topic::Name)) {
        for (const auto& news : NamesOf(tx, place, m_addresses))
            m_publisher->Send(Topic::Name, base::AsBytes(news.json));
    }
    if (!m_publisher->Wants(Topic::CallReward)) return;
    if (const auto json = RewardOf(tx, place); !json.empty())
        m_publisher->Send(Topic::CallReward, base::AsBytes(json));
}

void ZmqFeed::SendBlock(const primitives::Block& block, const Place& place, char mark)
{
    base::Bytes body = Shown(place.block);
    body.push_back(static_cast<uint8_t>(mark));
    m_publisher->Send(Topic::Sequence, body);
    for (const auto& tx : block.transactions) {
        SendTx(*tx);
        SendNews(*tx, place);
    }
}

void ZmqFeed::OnBlockConnected(const interfaces::BlockConnected& event)
{
    SendBlock(*event.block, {"connected", event.height, event.hash}, 'C');
    m_last = event.block;
    m_last_hash = event.hash;
}

void ZmqFeed::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    SendBlock(*event.block, {"disconnected", event.height, event.hash}, 'D');
}

void ZmqFeed::SendPoolChange(const primitives::Transaction& tx, char mark)
{
    base::Bytes body = Shown(tx.Txid());
    codec::Writer writer(body);
    writer.U8(static_cast<uint8_t>(mark));
    writer.U64(m_pool_changes);
    m_publisher->Send(Topic::Sequence, body);
}

void ZmqFeed::OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason)
{
    if (reason != interfaces::RemovalReason::Block) SendPoolChange(*tx, 'R'); // that block's C says it
}

void ZmqFeed::OnTxAdded(const primitives::TxRef& tx)
{
    SendPoolChange(*tx, 'A');
    SendTx(*tx);
    SendNews(*tx, {"mempool", -1, {}});
}

void ZmqFeed::OnTip(const interfaces::Tip& tip)
{
    const auto block = std::exchange(m_last, nullptr);
    // Only a tip that is new: not one that was uncovered because those above it are invalid.
    if (tip.initial_download || !block || m_last_hash != tip.hash) return;
    m_publisher->Send(Topic::HashBlock, Shown(tip.hash));
    if (m_publisher->Wants(Topic::RawBlock))
        m_publisher->Send(Topic::RawBlock, primitives::Serialize(*block));
}

void ZmqFeed::OnMissed()
{
    EMC_LOG(
        m_log, Warning, None,
        "ZeroMQ: events are left out; they came faster than they could be sent, or a snapshot was loaded");
    m_publisher->SkipNumbers();
}

} // namespace emc::notify
