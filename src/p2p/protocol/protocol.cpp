#include "p2p/protocol/protocol.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "chain/chain.h"
#include "interfaces/events.h"
#include "mempool/pool.h"
#include "p2p/peers/ban_list.h"
#include "p2p/protocol/conversation.h"
#include "p2p/protocol/mailbox.h"
#include "p2p/protocol/node_keeper.h"
#include "p2p/protocol/overloaded.h"
#include "p2p/protocol/peer_info.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr int64_t TICK_MS = 100;
constexpr size_t EVENT_QUEUE = 10'000;
constexpr size_t MAX_GATHERED = 64;
constexpr int64_t GATHER_US = 100'000;

} // namespace

struct Protocol::Impl final : public LinkSink, public interfaces::EventSink {
    Impl(const Options& o, const ProtocolDeps& deps, AddressManager& addresses, const LocalAddresses& own)
        : options(o), network(o.network, {deps.clock, deps.log, deps.random, *this}),
          talk({options.protocol, o.inbound_places, o.calls.map}, deps, {network, addresses, own},
               [box = box](PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict) {
                   // The box outlives the room when the chain is the last to finish.
                   box->Put(
                       [peer, block, verdict, box = box.get()] { box->on_verdict(peer, block, verdict); });
               }),
          desk(talk.desk), keeper(network, o.calls.default_port), connector(desk, network, addresses, o.calls)
    {
        box->on_verdict = [this](PeerId peer, const base::Hash256& block,
                                 const chain::BlockVerdict& verdict) {
            talk.OnVerdict(peer, block, verdict);
        };
        for (const auto& node : o.nodes)
            keeper.Add(node, o.network.v2);
    }

    /// The mailbox, and where verdicts go.
    struct Box : Mailbox {
        ChainSync::Report on_verdict;
    };

    // Network thread:
    [[nodiscard]] bool Admits(const Endpoint& remote, Permissions permissions) override;
    void OnOpened(const LinkInfo& info) override;
    void OnMessage(LinkId id, RawMessage message) override;
    void OnClosed(LinkId id, const std::string& reason) override;
    void OnOpening(const OpenRequest& request) override;
    void OnOpenFailed(const OpenRequest& request, const std::string& reason) override;
    void OnResolved(const std::string& host, const std::vector<Endpoint>& found) override;

    // Event thread:
    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnTxAdded(const primitives::TxRef& tx) override;
    void OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason) override;
    void OnTip(const interfaces::Tip& tip) override;

    // Message thread:
    void Loop();
    void Open(LinkInfo info);
    void Close(const MailClosed& mail);
    void Tick();
    [[nodiscard]] Permissions PermissionsOf(const LinkInfo& info) const;

    const Options options;
    const std::shared_ptr<Box> box = std::make_shared<Box>();
    Network network;
    Conversation talk;
    Desk& desk; ///< of talk
    NodeKeeper keeper;
    Connector connector;
    std::vector<primitives::BlockRef> connected; ///< since the last announcement
    std::vector<Network::Door> doors;
    std::vector<primitives::BlockRef> gathered; ///< the event thread's: not handed over yet
    int64_t handed_over_us = 0;                 ///< the event thread's: when that was last
    base::StopFlag stop;
    std::unique_ptr<interfaces::Subscription> subscription;
    base::Thread thread;
};

Protocol::Protocol(const Options& options, const ProtocolDeps& deps, AddressManager& addresses,
                   const LocalAddresses& own)
    : m_impl(std::make_unique<Impl>(options, deps, addresses, own))
{}

Protocol::~Protocol()
{
    Stop();
}

base::Expected<void, std::string> Protocol::Start()
{
    auto& impl = *m_impl;
    for (const auto& door : impl.options.doors) {
        auto where = impl.network.Listen(door);
        if (!where && door.optional && !impl.doors.empty()) {
            EMC_LOG(impl.desk.deps.log, Info, Net, "%s", where.Error().c_str());
            continue;
        }
        if (!where) return base::Unexpected(where.Error());
        EMC_LOG(impl.desk.deps.log, Info, Net, "listening for peers on %s", where->ToText().c_str());
        impl.doors.push_back(door);
        impl.doors.back().where = *where;
    }
    impl.thread = base::Thread("p2p-msg", [&impl] { impl.Loop(); });
    impl.network.Start();
    impl.subscription = impl.desk.deps.chain.Events().Subscribe("p2p", impl, EVENT_QUEUE);
    return {};
}

void Protocol::Stop()
{
    auto& impl = *m_impl;
    if (!impl.thread.Running()) return;
    impl.subscription.reset(); // its callbacks need the message thread
    impl.network.Stop();
    impl.stop.Request();
    impl.box->Put([] {});
    impl.thread.Join();
    impl.box->Close();
}

bool Protocol::Impl::Admits(const Endpoint& remote, Permissions permissions)
{
    LinkInfo info;
    info.remote = remote;
    info.permissions = permissions;
    if (PermissionsOf(info).Has(Permission::NoBan)) return true;
    return !desk.deps.bans.IsBanned(remote.address, desk.deps.clock.NowSec());
}

Permissions Protocol::Impl::PermissionsOf(const LinkInfo& info) const
{
    const auto direction = info.kind == LinkKind::Inbound ? Direction::Incoming : Direction::Outgoing;
    return info.permissions | Granted(options.whitelist, direction, info.remote.address);
}

void Protocol::Impl::OnOpened(const LinkInfo& info)
{
    box->Put(info);
}

void Protocol::Impl::OnMessage(LinkId id, RawMessage message)
{
    box->Put(MailMessage{id, std::move(message)});
}

void Protocol::Impl::OnClosed(LinkId id, const std::string& reason)
{
    box->Put(MailClosed{id, reason});
}

void Protocol::Impl::OnOpening(const OpenRequest& request)
{
    box->Put([this, request] {
        keeper.OnOpening(request);
        connector.OnOpening(request);
    });
}

void Protocol::Impl::OnOpenFailed(const OpenRequest& request, const std::string& reason)
{
    box->Put(MailFailed{request, reason});
}

void Protocol::Impl::OnResolved(const std::string& host, const std::vector<Endpoint>& found)
{
    box->Put([this, host, found] { connector.OnResolved(host, found); });
}

void Protocol::Impl::OnBlockConnected(const interfaces::BlockConnected& event)
{
    // While the node catches up blocks are handed over in groups: a wait for the other thread costs as much
    // as one.
    const bool catches_up = event.tip.initial_download;
    const int64_t now = base::SteadyMicros();
    gathered.push_back(event.block);
    if (catches_up && gathered.size() < MAX_GATHERED && now - handed_over_us < GATHER_US) return;
    handed_over_us = now;
    (void)box->Run([&] {
        for (const auto& block : gathered)
            talk.transactions.OnConnected(*block);
        if (!catches_up) connected.push_back(event.block);
    });
    gathered.clear();
}

void Protocol::Impl::OnTxAdded(const primitives::TxRef& tx)
{
    (void)box->Run([&] { talk.transactions.OnAdded(tx); });
}

void Protocol::Impl::OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason)
{
    (void)box->Run([&] { talk.transactions.OnRemoved(tx); });
}

void Protocol::Impl::OnTip(const interfaces::Tip& tip)
{
    if (tip.initial_download) return; // nothing of it is announced
    (void)box->Run([&] {
        if (connected.empty()) return;
        talk.blocks.OnTip(connected, talk.compact.Rare(connected.back()->header.Hash()));
        connected.clear();
    });
}

void Protocol::Impl::Loop()
{
    int64_t next_tick_ms = 0;
    while (!stop.Requested()) {
        for (auto& letter : box->TakeAll(TICK_MS)) {
            std::visit(
                Overloaded{[&](LinkInfo& info) { Open(std::move(info)); },
                           [&](MailMessage& mail) { talk.Receive(mail.link, std::move(mail.message)); },
                           [&](MailClosed& closed) { Close(closed); },
                           [&](MailFailed& failed) {
                               EMC_LOG(desk.deps.log, Debug, Net, "connecting to %s: %s",
                                       failed.request.name.c_str(), failed.reason.c_str());
                               keeper.OnFailed(failed.request, desk.NowMs());
                               connector.OnEnded(failed.request.kind, failed.request.endpoint);
                           },
                           [](std::function<void()>& work) { work(); }},
                letter);
            if (stop.Requested()) return;
        }
        const int64_t now = base::SteadyMicros() / 1'000;
        if (now < next_tick_ms) continue;
        next_tick_ms = now + TICK_MS;
        Tick();
    }
}

void Protocol::Impl::Tick()
{
    const int64_t now_ms = desk.NowMs();
    talk.Tick(now_ms);
    keeper.OnTick(now_ms);
    connector.OnTick(now_ms);
}

void Protocol::Impl::Open(LinkInfo info)
{
    info.permissions = PermissionsOf(info);
    keeper.OnOpened(info, desk.NowMs());
    connector.OnEnded(info.kind, info.remote);
    talk.Open(std::move(info));
}

void Protocol::Impl::Close(const MailClosed& mail)
{
    const auto it = desk.Peers().find(mail.link);
    if (it == desk.Peers().end()) return;
    EMC_LOG(desk.deps.log, Info, Net, "peer %llu %s: connection ended: %s",
            static_cast<unsigned long long>(mail.link), it->second.link.name.c_str(), mail.reason.c_str());
    keeper.OnClosed(it->second.link, desk.NowMs());
    talk.Close(mail.link);
}

void Protocol::SetAnchors(std::vector<Endpoint> anchors)
{
    m_impl->connector.SetAnchors(std::move(anchors));
}

std::vector<Endpoint> Protocol::Anchors()
{
    std::vector<Endpoint> out;
    (void)m_impl->box->Run([&] { out = m_impl->connector.Anchors(); });
    return out;
}

const std::vector<Network::Door>& Protocol::Doors() const
{
    return m_impl->doors;
}

Network& Protocol::Sockets()
{
    return m_impl->network;
}

std::vector<interfaces::PeerInfo> Protocol::Peers()
{
    std::vector<interfaces::PeerInfo> out;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] { out = DescribePeers(impl.desk, impl.network, impl.talk.sync); });
    return out;
}

bool Protocol::AddNode(const std::string& node, bool v2)
{
    bool added = false;
    (void)m_impl->box->Run([&] { added = m_impl->keeper.Add(node, v2); });
    return added;
}

bool Protocol::RemoveNode(const std::string& node)
{
    bool removed = false;
    (void)m_impl->box->Run([&] { removed = m_impl->keeper.Remove(node); });
    return removed;
}

std::vector<interfaces::AddedNode> Protocol::Nodes()
{
    std::vector<interfaces::AddedNode> out;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        for (const auto& node : impl.keeper.Nodes()) {
            interfaces::AddedNode added;
            added.name = node.name;
            const Peer* peer = node.link != 0 ? impl.desk.Find(node.link) : nullptr;
            added.connected = peer != nullptr;
            if (peer != nullptr) added.address = peer->link.remote.ToText();
            out.push_back(std::move(added));
        }
    });
    return out;
}

bool Protocol::TryNode(const std::string& node, bool v2)
{
    auto request = RequestFor(node, m_impl->options.calls.default_port);
    if (!request) return false;
    request->try_v2 = v2;
    m_impl->network.Open(*request);
    return true;
}

bool Protocol::Disconnect(const std::string& address, PeerId id)
{
    bool found = false;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        for (auto& [number, peer] : impl.desk.Peers()) {
            const bool named = peer.link.name == address || peer.link.remote.ToText() == address;
            if (peer.closing || (address.empty() ? number != id : !named)) continue;
            found = true;
            impl.desk.Drop(peer, "the operator ends it");
        }
    });
    return found;
}

void Protocol::DisconnectRange(const NetRange& range)
{
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        for (auto& [_, peer] : impl.desk.Peers()) {
            if (!peer.May(Permission::NoBan) && range.Contains(peer.link.remote.address))
                impl.desk.Drop(peer, "banned");
        }
    });
}

void Protocol::PingAll()
{
    (void)m_impl->box->Run([&] { m_impl->desk.ForEachReady([](Peer& peer) { peer.ping_asked = true; }); });
}

std::string Protocol::FetchBlock(PeerId peer, const base::Hash256& block)
{
    std::string out = "The network is being stopped";
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        out = "Peer does not exist";
        impl.desk.ForEachReady([&](Peer& one) {
            if (one.Id() == peer) out = impl.talk.sync.Fetch(one, block);
        });
    });
    return out;
}

std::vector<base::Hash256> Protocol::Unsent()
{
    std::vector<base::Hash256> out;
    (void)m_impl->box->Run([&] { out = m_impl->talk.transactions.Unsent(); });
    return out;
}

bool Protocol::SendRaw(PeerId peer, const std::string& command, const base::Bytes& payload)
{
    bool found = false;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        found = impl.desk.Find(peer) != nullptr;
        if (found) impl.network.Send(peer, command, payload);
    });
    return found;
}

void Protocol::SetMailReceiver(interfaces::CallPost::Receiver receiver)
{
    auto& impl = *m_impl;
    (void)impl.box->Run([&] { impl.talk.call_mail.SetReceiver(std::move(receiver)); });
}

size_t Protocol::PostMail(const reward::CallMail& mail)
{
    size_t peers = 0;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] { peers = impl.talk.call_mail.Post(mail); });
    return peers;
}

Protocol::Upload Protocol::UploadLeft()
{
    Upload out;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        const auto left = impl.talk.blocks.UploadLeft();
        out = {left.left_bytes, left.left_sec, left.serves_old};
    });
    return out;
}

} // namespace emc::p2p
