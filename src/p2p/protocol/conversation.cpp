#include "p2p/protocol/conversation.h"

#include "base/log.h"
#include "chain/chain.h"
#include "crypto/hash.h"
#include "p2p/net/asmap.h"
#include "p2p/peers/ban_list.h"
#include "p2p/peers/evict.h"
#include "p2p/protocol/overloaded.h"
#include "p2p/socket/network.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr std::string_view OTHER_MESSAGES = "*other*";

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

Conversation::Conversation(const Options& options, const ProtocolDeps& deps, const Around& around,
                           ChainSync::Report report)
    : desk(options.protocol, deps, around.network), handshake(desk), keep_alive(desk),
      sync(desk, std::move(report)), blocks(desk), compact(desk, sync), filters(desk), transactions(desk),
      bloom(desk, transactions), call_mail(desk), address_relay(desk, around.addresses, around.own),
      m_options(options), m_network(around.network)
{}

void Conversation::Tick(int64_t now_ms)
{
    ReceiveHeld();
    handshake.OnTick(now_ms);
    keep_alive.OnTick(now_ms);
    sync.OnTick(now_ms);
    blocks.OnTick(now_ms);
    transactions.OnTick(now_ms);
    address_relay.OnTick(now_ms);
}

void Conversation::Open(LinkInfo info)
{
    Peer& peer = desk.Peers()[info.id];
    peer.link = std::move(info);
    peer.opened_ms = desk.NowMs();
    handshake.OnOpened(peer);
    if (peer.Inbound()) MakeRoom();
}

/// When too many have come in, one of them goes.
void Conversation::MakeRoom()
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
        candidate.has_wanted_services =
            Offers(peer.Offered(), Service::Network) && Offers(peer.Offered(), Service::Witness);
        candidate.discouraged = desk.deps.bans.IsDiscouraged(peer.link.remote.address);
        candidate.local = peer.link.remote.address.IsLocal();
        candidate.protected_by_operator = peer.May(Permission::NoBan);
        candidate.network = peer.link.remote.address.Kind();
        candidate.group =
            crypto::SipHash24(desk.Salt(), ~desk.Salt(), NetGroup(peer.link.remote.address, m_options.map));
        candidates.push_back(candidate);
    }
    if (candidates.size() <= m_options.inbound_places) return;
    const LinkId newest = candidates.back().id;
    const auto victim = SelectForEviction(std::move(candidates));
    if (Peer* peer = desk.Find(victim.value_or(newest))) desk.Drop(*peer, "all places are taken");
}

void Conversation::Close(LinkId id)
{
    const auto it = desk.Peers().find(id);
    if (it == desk.Peers().end()) return;
    address_relay.OnClosed(it->second);
    desk.Peers().erase(it);
    sync.OnClosed(id);
    blocks.OnClosed(id);
    compact.OnClosed(id);
    transactions.OnClosed(id);
    call_mail.OnClosed(id);
}

/// Who does not read its answers gets no further ones: its messages wait, and soon it is not read from
/// either.
void Conversation::Receive(LinkId id, RawMessage message)
{
    Peer* peer = desk.Find(id);
    if (peer == nullptr) return m_network.Handled(id, message.wire_bytes);
    if (peer->held.empty() && peer->asked.empty() && !desk.Busy(*peer)) return Handle(*peer, message);
    peer->held.push_back(std::move(message));
}

void Conversation::ReceiveHeld()
{
    for (auto& [_, peer] : desk.Peers()) {
        while (!peer.held.empty() && peer.asked.empty() && !peer.closing && !desk.Busy(peer)) {
            const RawMessage raw = std::move(peer.held.front());
            peer.held.pop_front();
            Handle(peer, raw);
        }
    }
}

void Conversation::Handle(Peer& peer, const RawMessage& raw)
{
    m_network.Handled(peer.Id(), raw.wire_bytes);
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

void Conversation::DispatchHandshake(Peer& peer, const Message& message)
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

void Conversation::Ready(Peer& peer)
{
    transactions.OnReady(peer);
    address_relay.OnReady(peer);
    sync.OnReady(peer);
}

void Conversation::Dispatch(Peer& peer, const Message& message)
{
    std::visit(Overloaded{
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
                   [&](const FilterLoad& m) { bloom.On(peer, m); },
                   [&](const FilterAdd& m) { bloom.On(peer, m); },
                   [&](const FilterClear& m) { bloom.On(peer, m); },
                   [&](const CallMailMessage& m) { call_mail.On(peer, m.mail); },
                   [](const auto&) {}, // answers nobody asked for
               },
               message);
}

void Conversation::OnVerdict(PeerId id, const base::Hash256& block, const chain::BlockVerdict& verdict)
{
    sync.OnVerdict(id, block, verdict);
    Peer* peer = desk.Find(id);
    const bool quick = verdict.outcome == chain::Outcome::Accepted && desk.deps.chain.GetTip().hash == block;
    if (peer != nullptr && quick && !desk.deps.chain.GetTip().initial_download) compact.OnQuick(*peer);
}

} // namespace emc::p2p
