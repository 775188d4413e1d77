#include "p2p/protocol/tx_relay.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "mempool/pool.h"

#include <algorithm>

namespace emc::p2p {

using base::Hash256;
using primitives::TxRef;

namespace {

// Failure codes of Broadcaster::Submit.
constexpr int INPUTS_MISSING = -25;
constexpr int ALREADY_IN_CHAIN = -27;

bool ByWtxid(InvKind kind)
{
    return kind == InvKind::Wtx;
}

} // namespace

TxRelay::TxRelay(Desk& desk)
    : m_desk(desk), m_requests(desk.deps.random.Next64()),
      m_refused(RECENT_REFUSALS, RECENT_FALSE_POSITIVE, desk.deps.random),
      m_confirmed(RECENT_CONFIRMED, RECENT_FALSE_POSITIVE, desk.deps.random)
{
    for (const auto& tx : desk.deps.pool.Transactions())
        m_by_wtxid.emplace(tx->Wtxid(), Waiting{tx->Txid(), 0});
    for (const auto& [wtxid, waiting] :
         m_by_wtxid) { // of the last run: whether others have them is not known
        if (m_unsent.size() < MAX_UNSENT) m_unsent.emplace(wtxid, Own{waiting.txid, 0});
    }
}

bool TxRelay::Takes(const Peer& peer) const
{
    if (peer.link.kind == LinkKind::OutboundBlocks) return false;
    return m_desk.options.relay_transactions || peer.May(Permission::Relay);
}

bool TxRelay::Known(const Hash256& id) const
{
    return m_by_wtxid.contains(id) || m_orphans.Has(id) || m_refused.Contains(id.Span()) ||
           m_confirmed.Contains(id.Span()) || m_desk.deps.pool.Get(id) != nullptr;
}

void TxRelay::OnReady(Peer& peer)
{
    OnRelayAsked(peer);
    SendFeeFilter(peer, m_desk.NowMs());
}

void TxRelay::OnRelayAsked(Peer& peer)
{
    if (!peer.relays_transactions || peer.trickle) return;
    const int64_t mean = peer.Inbound() ? INBOUND_TRICKLE_MS : OUTBOUND_TRICKLE_MS;
    peer.trickle = std::make_unique<TrickleQueue>(mean, m_desk.NowMs(), m_desk.deps.random);
    for (auto it = m_unsent.begin(); it != m_unsent.end();) {
        if (peer.trickle->Push(peer.uses_wtxid ? it->first : it->second.txid)) ++it->second.told;
        it = it->second.told >= ENOUGH_TOLD ? m_unsent.erase(it) : std::next(it);
    }
}

void TxRelay::OnClosed(PeerId peer)
{
    m_requests.Disconnected(peer);
    m_orphans.Disconnected(peer);
    m_next_fee_filter_ms.erase(peer);
}

void TxRelay::OnInv(Peer& peer, const std::vector<InvItem>& transactions)
{
    if (transactions.empty()) return;
    if (!Takes(peer)) return m_desk.Punish(peer, "announces transactions although we take none from it");
    if (m_desk.deps.chain.GetTip().initial_download) return;
    const auto source = peer.Inbound() ? TxRequests::Source::Other : TxRequests::Source::Preferred;
    for (const auto& item : transactions) {
        if (peer.trickle) peer.trickle->PeerKnows(item.hash);
        Heard(item);
        if (Known(item.hash) || ByWtxid(item.kind) != peer.uses_wtxid) continue;
        const auto kind = ByWtxid(item.kind) ? TxRequests::IdKind::Wtxid : TxRequests::IdKind::Txid;
        (void)m_requests.Announced({peer.Id(), item.hash, kind, source}, m_desk.NowMs());
    }
}

void TxRelay::Heard(const InvItem& item)
{
    if (m_unsent.empty()) return;
    const auto tx = ByWtxid(item.kind) ? nullptr : m_desk.deps.pool.Get(item.hash);
    m_unsent.erase(tx != nullptr ? tx->Wtxid() : item.hash);
}

std::vector<Hash256> TxRelay::Unsent() const
{
    std::vector<Hash256> out;
    for (const auto& [wtxid, own] : m_unsent)
        out.push_back(own.txid);
    return out;
}

TxRef TxRelay::FromPool(const Peer& peer, const InvItem& item) const
{
    const auto by_txid = ByWtxid(item.kind) ? nullptr : m_desk.deps.pool.Get(item.hash);
    if (!ByWtxid(item.kind) && by_txid == nullptr) return nullptr;
    const auto it = m_by_wtxid.find(by_txid != nullptr ? by_txid->Wtxid() : item.hash);
    if (it == m_by_wtxid.end() || it->second.added_ms > peer.last_group_ms) return nullptr;
    return by_txid != nullptr ? by_txid : m_desk.deps.pool.Get(it->second.txid);
}

void TxRelay::OnGetData(Peer& peer, const std::vector<InvItem>& transactions)
{
    peer.asked.insert(peer.asked.end(), transactions.begin(), transactions.end());
    Answer(peer);
}

void TxRelay::Answer(Peer& peer)
{
    NotFound missing;
    while (!peer.asked.empty() && !m_desk.Busy(peer)) {
        const InvItem item = peer.asked.front();
        peer.asked.pop_front();
        const auto tx = FromPool(peer, item);
        if (tx == nullptr) {
            missing.items.push_back(item);
            continue;
        }
        const bool whole = item.kind != InvKind::Tx;
        m_unsent.erase(tx->Wtxid());
        m_desk.Send(peer,
                    TxMessage{tx, whole ? primitives::WitnessMode::With : primitives::WitnessMode::Without});
        if (peer.trickle) peer.trickle->PeerKnows(item.hash);
    }
    if (!missing.items.empty()) m_desk.Send(peer, missing);
}

void TxRelay::OnNotFound(Peer& peer, const std::vector<InvItem>& transactions)
{
    for (const auto& item : transactions)
        m_requests.Answered(peer.Id(), item.hash);
}

void TxRelay::On(Peer& peer, const TxMessage& message)
{
    if (!Takes(peer)) return m_desk.Punish(peer, "sends a transaction although we take none from it");
    const auto& tx = message.tx;
    m_unsent.erase(tx->Wtxid());
    for (const auto& id : {tx->Txid(), tx->Wtxid()}) {
        m_requests.Answered(peer.Id(), id);
        if (peer.trickle) peer.trickle->PeerKnows(id);
    }
    if (m_desk.deps.chain.GetTip().initial_download) return;
    if (Known(tx->Wtxid())) {
        if (m_orphans.Has(tx->Wtxid())) (void)m_orphans.Add(peer.Id(), tx);
        const bool again = peer.May(Permission::ForceRelay) && m_desk.deps.pool.Get(tx->Txid()) != nullptr;
        if (again) OnAdded(tx);
        return;
    }
    if (Offer(peer.Id(), tx)) peer.last_transaction_sec = m_desk.deps.clock.NowSec();
}

bool TxRelay::Offer(PeerId from, const TxRef& tx)
{
    const auto wtxid = tx->Wtxid();
    const auto accepted = m_desk.deps.pool.Submit(tx, {});
    if (accepted || accepted.Error().code == ALREADY_IN_CHAIN) {
        m_requests.Forget(wtxid);
        m_requests.Forget(tx->Txid());
        m_orphans.Erase(wtxid);
        if (accepted) TryChildren(tx);
        return accepted.HasValue();
    }
    Peer* peer = m_desk.Find(from);
    if (accepted.Error().code == INPUTS_MISSING && peer != nullptr) {
        if (m_orphans.Add(from, tx)) AskParents(*peer, *tx);
        return false;
    }
    EMC_LOG(m_desk.deps.log, Debug, Net, "transaction %s of peer %llu refused: %s",
            base::ReversedHex(tx->Txid()).c_str(), static_cast<unsigned long long>(from),
            accepted.Error().message.c_str());
    m_refused.Add(wtxid.Span());
    m_requests.Forget(wtxid);
    m_orphans.Erase(wtxid);
    return false;
}

void TxRelay::AskParents(Peer& peer, const primitives::Transaction& tx)
{
    for (const auto& input : tx.Inputs()) {
        const auto& parent = input.prevout.txid;
        if (Known(parent)) continue;
        (void)m_requests.Announced(
            {peer.Id(), parent, TxRequests::IdKind::Txid, TxRequests::Source::Preferred}, m_desk.NowMs());
    }
}

void TxRelay::TryChildren(const TxRef& parent)
{
    std::vector<TxRef> accepted{parent};
    while (!accepted.empty()) {
        const auto tx = accepted.back();
        accepted.pop_back();
        for (const auto& child : m_orphans.ChildrenOf(*tx)) {
            const auto done = m_desk.deps.pool.Submit(child.tx, {});
            if (!done && done.Error().code == INPUTS_MISSING) continue;
            m_orphans.Erase(child.tx->Wtxid());
            if (done)
                accepted.push_back(child.tx);
            else
                m_refused.Add(child.tx->Wtxid().Span());
        }
    }
}

void TxRelay::On(Peer& peer, const MempoolRequest&)
{
    const bool may = peer.May(Permission::Mempool) || Offers(m_desk.OfferedTo(peer), Service::Bloom);
    if (!may) return m_desk.Drop(peer, "asks for the mempool without permission");
    peer.last_group_ms = m_desk.NowMs();
    Inv out;
    for (const auto& entry : m_desk.deps.pool.Entries()) {
        if (out.items.size() == MAX_INVENTORY) break;
        if (peer.bloom && !peer.bloom->Matches(*entry.tx)) continue;
        out.items.push_back(peer.uses_wtxid ? InvItem{InvKind::Wtx, entry.tx->Wtxid()}
                                            : InvItem{InvKind::Tx, entry.tx->Txid()});
    }
    if (!out.items.empty()) m_desk.Send(peer, out);
}

void TxRelay::On(Peer& peer, const FeeFilter& message)
{
    peer.fee_filter = message.units_per_kvb;
}

void TxRelay::OnAdded(const TxRef& tx)
{
    m_by_wtxid[tx->Wtxid()] = {tx->Txid(), m_desk.NowMs()};
    size_t told = 0;
    bool known = false; // to somebody: it came from there
    m_desk.ForEachReady([&](Peer& peer) {
        if (!peer.trickle) return;
        const bool fresh = peer.trickle->Push(peer.uses_wtxid ? tx->Wtxid() : tx->Txid());
        if (fresh) ++told;
        known = known || !fresh;
    });
    if (!known && told < ENOUGH_TOLD && m_unsent.size() < MAX_UNSENT)
        m_unsent[tx->Wtxid()] = {tx->Txid(), told};
}

void TxRelay::OnRemoved(const TxRef& tx)
{
    m_by_wtxid.erase(tx->Wtxid());
    m_unsent.erase(tx->Wtxid());
}

void TxRelay::OnConnected(const primitives::Block& block)
{
    m_refused.Clear();
    m_orphans.EraseForBlock(block.transactions);
    for (const auto& tx : block.transactions) {
        for (const auto& id : {tx->Txid(), tx->Wtxid()}) {
            m_confirmed.Add(id.Span());
            m_requests.Forget(id);
        }
    }
}

void TxRelay::Announce(Peer& peer, int64_t now_ms)
{
    if (!peer.trickle || now_ms < peer.trickle->NextMs()) return;
    peer.last_group_ms = now_ms;
    const auto& pool = m_desk.deps.pool;
    const auto txid_of = [&](const Hash256& id) {
        if (!peer.uses_wtxid) return id;
        const auto it = m_by_wtxid.find(id);
        return it == m_by_wtxid.end() ? Hash256{} : it->second.txid;
    };
    std::map<Hash256, std::pair<uint64_t, double>> order; // depth and fee rate, looked up once
    const auto rank = [&](const Hash256& id) {
        const auto it = order.find(id);
        return it == order.end() ? std::pair<uint64_t, double>{0, 0} : it->second;
    };
    const auto wanted = [&](const Hash256& id) {
        const auto entry = pool.Entry(txid_of(id));
        if (!entry) return false;
        const auto vsize = static_cast<double>(entry->tx->VirtualSize());
        const double rate = static_cast<double>(entry->fee) * 1'000 / vsize;
        order[id] = {entry->ancestor_count, -rate};
        return rate >= static_cast<double>(peer.fee_filter) &&
               (!peer.bloom || peer.bloom->Matches(*entry->tx));
    };
    const auto before = [&](const Hash256& a, const Hash256& b) { return rank(a) < rank(b); };
    Inv out;
    for (const auto& id : peer.trickle->Take(now_ms, before, wanted))
        out.items.push_back({peer.uses_wtxid ? InvKind::Wtx : InvKind::Tx, id});
    if (!out.items.empty()) m_desk.Send(peer, out);
}

void TxRelay::SendFeeFilter(Peer& peer, int64_t now_ms)
{
    if (!Takes(peer) || now_ms < m_next_fee_filter_ms[peer.Id()]) return;
    m_next_fee_filter_ms[peer.Id()] = now_ms + RandomWaitMs(FEE_FILTER_INTERVAL_MS, m_desk.deps.random);
    m_desk.Send(peer, FeeFilter{m_desk.deps.pool.MinFeeRate()});
}

void TxRelay::OnTick(int64_t now_ms)
{
    m_desk.ForEachReady([&](Peer& peer) {
        Answer(peer);
        Announce(peer, now_ms);
        SendFeeFilter(peer, now_ms);
        GetData out;
        for (const auto& request : m_requests.Ask(peer.Id(), now_ms)) {
            out.items.push_back(
                {request.kind == TxRequests::IdKind::Wtxid ? InvKind::Wtx : InvKind::WitnessTx, request.id});
        }
        if (!out.items.empty()) m_desk.Send(peer, out);
    });
}

} // namespace emc::p2p
