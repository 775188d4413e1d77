#include "p2p/protocol/protocol.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"
#include "chain/chain.h"
#include "interfaces/events.h"
#include "mempool/pool.h"
#include "p2p/peers/ban_list.h"
#include "p2p/peers/evict.h"
#include "p2p/protocol/address_relay.h"
#include "p2p/protocol/block_server.h"
#include "p2p/protocol/compact_receiver.h"
#include "p2p/protocol/filter_server.h"
#include "p2p/protocol/handshake.h"
#include "p2p/protocol/keep_alive.h"
#include "p2p/protocol/mailbox.h"
#include "p2p/protocol/node_keeper.h"
#include "p2p/protocol/peer_info.h"
#include "p2p/protocol/tx_relay.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr int64_t TICK_MS = 100;
constexpr size_t EVENT_QUEUE = 10'000;
constexpr size_t MAX_GATHERED = 64;
constexpr int64_t GATHER_US = 100'000;
constexpr std::string_view OTHER_MESSAGES = "*other*";

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

bool IsTransaction(const InvItem& item)
{
    return item.kind == InvKind::Tx || item.kind == InvKind::Wtx || item.kind == InvKind::WitnessTx;
}

/// The items of one message by what they are.
struct Sorted {
    explicit Sorted(const InvList& list)
    {
        for (const auto& item : list.items)
            (IsTransaction(item) ? transactions : blocks).push_back(item);
    }

    std::vector<InvItem> transactions;
    std::vector<InvItem> blocks;
};

} // namespace

struct Protocol::Impl final : public LinkSink, public interfaces::EventSink {
    Impl(const Options& o, const ProtocolDeps& deps, AddressManager& addresses, const LocalAddresses& own)
        : options(o), network(o.network, {deps.clock, deps.log, deps.random, *this}),
          desk(options.protocol, deps, network), handshake(desk), keep_alive(desk),
          sync(desk,
               [box = box](PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict) {
                   // The box outlives the room when the chain is the last to finish.
                   box->Put(
                       [peer, block, verdict, box = box.get()] { box->on_verdict(peer, block, verdict); });
               }),
          blocks(desk), compact(desk, sync), filters(desk), transactions(desk),
          keeper(network, o.calls.default_port), address_relay(desk, addresses, own),
          connector(desk, network, addresses, o.calls)
    {
        box->on_verdict = [this](PeerId peer, const base::Hash256& block,
                                 const chain::BlockVerdict& verdict) { OnVerdict(peer, block, verdict); };
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
    void Receive(MailMessage& mail);
    void ReceiveHeld();
    void Handle(Peer& peer, const RawMessage& raw);
    void Dispatch(Peer& peer, const Message& message);
    void DispatchHandshake(Peer& peer, const Message& message);
    void Close(const MailClosed& mail);
    void MakeRoom();
    void Ready(Peer& peer);
    void OnVerdict(PeerId peer, const base::Hash256& block, const chain::BlockVerdict& verdict);
    void Tick();
    [[nodiscard]] Permissions PermissionsOf(const LinkInfo& info) const;

    const Options options;
    const std::shared_ptr<Box> box = std::make_shared<Box>();
    Network network;
    Desk desk;
    Handshake handshake;
    KeepAlive keep_alive;
    ChainSync sync;
    BlockServer blocks;
    CompactReceiver compact;
    FilterServer filters;
    TxRelay transactions;
    NodeKeeper keeper;
    AddressRelay address_relay;
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
    Permissions out = info.permissions;
    const bool inbound = info.kind == LinkKind::Inbound;
    for (const auto& entry : options.whitelist) {
        if ((inbound ? entry.incoming : entry.outgoing) && entry.range.Contains(info.remote.address))
            out |= entry.permissions;
    }
    return out;
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
            transactions.OnConnected(*block);
        if (!catches_up) connected.push_back(event.block);
    });
    gathered.clear();
}

void Protocol::Impl::OnTxAdded(const primitives::TxRef& tx)
{
    (void)box->Run([&] { transactions.OnAdded(tx); });
}

void Protocol::Impl::OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason)
{
    (void)box->Run([&] { transactions.OnRemoved(tx); });
}

void Protocol::Impl::OnTip(const interfaces::Tip& tip)
{
    if (tip.initial_download) return; // nothing of it is announced
    (void)box->Run([&] {
        blocks.OnTip(connected);
        connected.clear();
    });
}

void Protocol::Impl::Loop()
{
    int64_t next_tick_ms = 0;
    while (!stop.Requested()) {
        for (auto& mail : box->TakeAll(TICK_MS)) {
            std::visit(Overloaded{[&](LinkInfo& info) { Open(std::move(info)); },
                                  [&](MailMessage& message) { Receive(message); },
                                  [&](MailClosed& closed) { Close(closed); },
                                  [&](MailFailed& failed) {
                                      EMC_LOG(desk.deps.log, Debug, Net, "connecting to %s: %s",
                                              failed.request.name.c_str(), failed.reason.c_str());
                                      keeper.OnFailed(failed.request, desk.NowMs());
                                      connector.OnEnded(failed.request.kind);
                                  },
                                  [](std::function<void()>& work) { work(); }},
                       mail);
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
    ReceiveHeld();
    handshake.OnTick(now_ms);
    keep_alive.OnTick(now_ms);
    sync.OnTick(now_ms);
    blocks.OnTick(now_ms);
    transactions.OnTick(now_ms);
    keeper.OnTick(now_ms);
    address_relay.OnTick(now_ms);
    connector.OnTick(now_ms);
}

void Protocol::Impl::Open(LinkInfo info)
{
    info.permissions = PermissionsOf(info);
    const LinkId id = info.id;
    Peer& peer = desk.Peers()[id];
    peer.link = std::move(info);
    peer.opened_ms = desk.NowMs();
    keeper.OnOpened(peer.link);
    connector.OnEnded(peer.link.kind);
    handshake.OnOpened(peer);
    if (peer.Inbound()) MakeRoom();
}

/// When too many have come in, one of them goes.
void Protocol::Impl::MakeRoom()
{
    std::vector<EvictionCandidate> candidates;
    for (const auto& [id, peer] : desk.Peers()) {
        if (!peer.Inbound() || peer.closing) continue;
        EvictionCandidate candidate;
        candidate.id = id;
        candidate.connected_ms = peer.opened_ms;
        candidate.best_ping_us = peer.best_ping_us.value_or(INT64_MAX);
        candidate.last_block_ms = peer.last_block_sec * 1'000;
        candidate.last_tx_ms = peer.last_transaction_sec * 1'000;
        candidate.relays_transactions = peer.relays_transactions;
        candidate.discouraged = desk.deps.bans.IsDiscouraged(peer.link.remote.address);
        candidate.local = peer.link.remote.address.IsLocal();
        candidate.protected_by_operator = peer.May(Permission::NoBan);
        candidate.network = peer.link.remote.address.Kind();
        candidates.push_back(candidate);
    }
    if (candidates.size() <= options.inbound_places) return;
    const LinkId newest = candidates.back().id;
    const auto victim = SelectForEviction(std::move(candidates));
    if (Peer* peer = desk.Find(victim.value_or(newest))) desk.Drop(*peer, "all places are taken");
}

void Protocol::Impl::Close(const MailClosed& mail)
{
    const auto it = desk.Peers().find(mail.link);
    if (it == desk.Peers().end()) return;
    EMC_LOG(desk.deps.log, Info, Net, "peer %llu %s: connection ended: %s",
            static_cast<unsigned long long>(mail.link), it->second.link.name.c_str(), mail.reason.c_str());
    keeper.OnClosed(it->second.link, desk.NowMs());
    address_relay.OnClosed(it->second);
    desk.Peers().erase(it);
    sync.OnClosed(mail.link);
    blocks.OnClosed(mail.link);
    compact.OnClosed(mail.link);
    transactions.OnClosed(mail.link);
}

/// Who does not read its answers gets no further ones: its messages wait, and soon it is not read from
/// either.
void Protocol::Impl::Receive(MailMessage& mail)
{
    Peer* peer = desk.Find(mail.link);
    if (peer == nullptr) return network.Handled(mail.link, mail.message.wire_bytes);
    if (peer->held.empty() && peer->asked.empty() && !desk.Busy(*peer)) return Handle(*peer, mail.message);
    peer->held.push_back(std::move(mail.message));
}

void Protocol::Impl::ReceiveHeld()
{
    for (auto& [_, peer] : desk.Peers()) {
        while (!peer.held.empty() && peer.asked.empty() && !peer.closing && !desk.Busy(peer)) {
            const RawMessage raw = std::move(peer.held.front());
            peer.held.pop_front();
            Handle(peer, raw);
        }
    }
}

void Protocol::Impl::Handle(Peer& peer, const RawMessage& raw)
{
    network.Handled(peer.Id(), raw.wire_bytes);
    if (raw.flaw != RawMessage::Flaw::None) {
        peer.received[std::string(OTHER_MESSAGES)] += raw.wire_bytes;
        return;
    }
    auto message = ParseMessage(raw.command, raw.payload);
    const bool unknown = !message && message.Error().fault == WireFault::UnknownCommand;
    peer.received[unknown ? std::string(OTHER_MESSAGES) : raw.command] += raw.wire_bytes;
    if (unknown) return;
    if (!message) return desk.Punish(peer, Text(message.Error()));
    if (peer.ready) {
        Dispatch(peer, *message);
    } else {
        DispatchHandshake(peer, *message);
    }
}

void Protocol::Impl::DispatchHandshake(Peer& peer, const Message& message)
{
    std::visit(Overloaded{[&](const Version& m) { handshake.On(peer, m); },
                          [&](const Verack& m) {
                              if (handshake.On(peer, m)) Ready(peer);
                          },
                          [&](const SendAddrV2& m) { handshake.On(peer, m); },
                          [&](const WtxidRelay& m) { handshake.On(peer, m); },
                          [](const auto&) {}}, // too early to mean anything
               message);
}

void Protocol::Impl::Ready(Peer& peer)
{
    transactions.OnReady(peer);
    address_relay.OnReady(peer);
    sync.OnReady(peer);
}

void Protocol::Impl::Dispatch(Peer& peer, const Message& message)
{
    std::visit(
        Overloaded{
            [&](const Version& m) { handshake.On(peer, m); },
            [&](const Verack&) {},
            [&](const SendAddrV2& m) { handshake.On(peer, m); },
            [&](const WtxidRelay& m) { handshake.On(peer, m); },
            [&](const Ping& m) { keep_alive.On(peer, m); },
            [&](const Pong& m) { keep_alive.On(peer, m); },
            [&](const SendHeaders&) { peer.wants_headers = true; },
            [&](const SendCompact& m) { compact.On(peer, m); },
            [&](const FeeFilter& m) { transactions.On(peer, m); },
            [&](const MempoolRequest& m) { transactions.On(peer, m); },
            [&](const TxMessage& m) { transactions.On(peer, m); },
            [&](const Inv& m) {
                const Sorted sorted(m);
                transactions.OnInv(peer, sorted.transactions);
                if (!sorted.blocks.empty()) sync.OnAnnounced(peer, sorted.blocks.back().hash);
            },
            [&](const GetData& m) {
                const Sorted sorted(m);
                transactions.OnGetData(peer, sorted.transactions);
                if (!sorted.blocks.empty()) blocks.OnGetData(peer, sorted.blocks);
            },
            [&](const NotFound& m) {
                const Sorted sorted(m);
                transactions.OnNotFound(peer, sorted.transactions);
                for (const auto& item : sorted.blocks)
                    sync.OnNotFound(peer, item.hash);
            },
            [&](const GetHeaders& m) { blocks.On(peer, m); },
            [&](const GetBlocks& m) { blocks.On(peer, m); },
            [&](const Headers& m) { sync.On(peer, m); },
            [&](const GetAddr& m) { address_relay.On(peer, m); },
            [&](const Addr& m) { address_relay.On(peer, m); },
            [&](const AddrV2& m) { address_relay.On(peer, m); },
            [&](const BlockMessage& m) { sync.OnBlock(peer, m.block); },
            [&](const CompactBlock& m) { compact.On(peer, m); },
            [&](const GetBlockTxn& m) { blocks.On(peer, m); },
            [&](const BlockTxn& m) { compact.On(peer, m); },
            [&](const GetCFilters& m) { filters.On(peer, m); },
            [&](const GetCFHeaders& m) { filters.On(peer, m); },
            [&](const GetCFCheckpt& m) { filters.On(peer, m); },
            [&](const FilterLoad&) { desk.Drop(peer, "sets a bloom filter; this node offers none"); },
            [&](const FilterAdd&) { desk.Drop(peer, "adds to a bloom filter; this node offers none"); },
            [&](const FilterClear&) { desk.Drop(peer, "clears a bloom filter; this node offers none"); },
            [](const auto&) {}, // answers nobody asked for
        },
        message);
}

void Protocol::Impl::OnVerdict(PeerId id, const base::Hash256& block, const chain::BlockVerdict& verdict)
{
    sync.OnVerdict(id, block, verdict);
    Peer* peer = desk.Find(id);
    const bool quick = verdict.outcome == chain::Outcome::Accepted && desk.deps.chain.GetTip().hash == block;
    if (peer != nullptr && quick && !desk.deps.chain.GetTip().initial_download) compact.OnQuick(*peer);
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
    (void)impl.box->Run([&] { out = DescribePeers(impl.desk, impl.network, impl.sync); });
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

Protocol::Upload Protocol::UploadLeft()
{
    Upload out;
    auto& impl = *m_impl;
    (void)impl.box->Run([&] {
        const auto left = impl.blocks.UploadLeft();
        out = {left.left_bytes, left.left_sec, left.serves_old};
    });
    return out;
}

} // namespace emc::p2p
