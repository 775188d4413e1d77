#include "p2p/relay/tx_requests.h"

#include "base/check.h"
#include "crypto/hash.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::p2p {
namespace {

enum class State : uint8_t { Waiting, InFlight, Done };

/// One peer's announcement of one transaction.
struct Entry {
    PeerId peer = 0;
    State state = State::Waiting;
    TxRequests::IdKind kind = TxRequests::IdKind::Wtxid;
    TxRequests::Source source = TxRequests::Source::Other;
    uint64_t order = 0;    ///< of arrival
    int64_t ready_ms = 0;  ///< Waiting: when it may be asked for
    int64_t expiry_ms = 0; ///< InFlight
};

using Entries = std::vector<Entry>;

/// Announcements of a peer by when they are ready and when they came. Those of transactions that are in
/// flight elsewhere are not in it.
using Queue = std::set<std::pair<int64_t, std::pair<uint64_t, base::Hash256>>>;

struct Peer {
    Queue ready;
    size_t announcements = 0;
    size_t in_flight = 0;
};

} // namespace

struct TxRequests::Impl {
    uint64_t salt = 0;
    uint64_t next_order = 0;
    std::map<base::Hash256, Entries> txs; ///< ordered, since strangers choose the keys
    std::map<PeerId, Peer> peers;
    std::set<std::pair<int64_t, base::Hash256>> expiries;

    [[nodiscard]] uint64_t Chance(PeerId peer, const base::Hash256& id) const
    {
        return crypto::SipHash24(salt, peer, id.Span());
    }

    static bool InFlightAnywhere(const Entries& entries)
    {
        return std::any_of(entries.begin(), entries.end(),
                           [](const Entry& e) { return e.state == State::InFlight; });
    }

    void Enqueue(const base::Hash256& id, const Entry& entry)
    {
        peers[entry.peer].ready.insert({entry.ready_ms, {entry.order, id}});
    }

    void Dequeue(const base::Hash256& id, const Entry& entry)
    {
        peers[entry.peer].ready.erase({entry.ready_ms, {entry.order, id}});
    }

    /// Ends a request; the others who announced it are candidates again.
    void Land(const base::Hash256& id, Entries& entries, Entry& flying)
    {
        expiries.erase({flying.expiry_ms, id});
        --peers[flying.peer].in_flight;
        flying.state = State::Done;
        for (const Entry& entry : entries) {
            if (entry.state == State::Waiting) Enqueue(id, entry);
        }
    }

    /// Forgets a transaction when nobody is left to ask.
    void DropIfDone(const base::Hash256& id)
    {
        const auto found = txs.find(id);
        if (found == txs.end()) return;
        const Entries& entries = found->second;
        if (!std::all_of(entries.begin(), entries.end(),
                         [](const Entry& e) { return e.state == State::Done; }))
            return;
        for (const Entry& entry : entries)
            --peers[entry.peer].announcements;
        txs.erase(found);
    }

    void Expire(int64_t now_ms)
    {
        while (!expiries.empty() && expiries.begin()->first <= now_ms) {
            const base::Hash256 id = expiries.begin()->second;
            Entries& entries = txs[id];
            const auto flying = std::find_if(entries.begin(), entries.end(),
                                             [](const Entry& e) { return e.state == State::InFlight; });
            EMC_CHECK(flying != entries.end());
            Land(id, entries, *flying);
            DropIfDone(id);
        }
    }

    /// Whether another candidate that could be asked right now goes before `own`.
    [[nodiscard]] bool HasBetter(const base::Hash256& id, const Entries& entries, const Entry& own,
                                 int64_t now_ms) const
    {
        const auto rank = [&](const Entry& e) {
            return std::pair(e.source == Source::Preferred ? 0 : 1, Chance(e.peer, id));
        };
        return std::any_of(entries.begin(), entries.end(), [&](const Entry& e) {
            return e.peer != own.peer && e.state == State::Waiting && e.ready_ms <= now_ms &&
                   peers.at(e.peer).in_flight < MAX_TX_IN_FLIGHT && rank(e) < rank(own);
        });
    }
};

TxRequests::TxRequests(uint64_t salt) : m_impl(std::make_unique<Impl>())
{
    m_impl->salt = salt;
}

TxRequests::~TxRequests() = default;

bool TxRequests::Announced(const Announcement& announcement, int64_t now_ms)
{
    Peer& peer = m_impl->peers[announcement.peer];
    if (peer.announcements >= MAX_TX_ANNOUNCEMENTS) return false;
    Entries& entries = m_impl->txs[announcement.id];
    if (std::any_of(entries.begin(), entries.end(),
                    [&](const Entry& e) { return e.peer == announcement.peer; }))
        return false;
    Entry entry{.peer = announcement.peer, .kind = announcement.kind, .source = announcement.source};
    entry.order = m_impl->next_order++;
    entry.ready_ms = now_ms;
    if (entry.source == Source::Other) entry.ready_ms += INBOUND_TX_DELAY_MS;
    if (entry.kind == IdKind::Txid) entry.ready_ms += TXID_DELAY_MS;
    if (!Impl::InFlightAnywhere(entries)) m_impl->Enqueue(announcement.id, entry);
    entries.push_back(entry);
    ++peer.announcements;
    return true;
}

std::vector<TxRequests::Request> TxRequests::Ask(PeerId peer, int64_t now_ms)
{
    m_impl->Expire(now_ms);
    std::vector<Request> out;
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return out;
    Peer& own = found->second;
    std::vector<std::pair<uint64_t, base::Hash256>> candidates;
    for (const auto& [ready_ms, candidate] : own.ready) {
        if (ready_ms > now_ms) break;
        candidates.push_back(candidate);
    }
    std::sort(candidates.begin(), candidates.end());
    for (const auto& [order, id] : candidates) {
        if (own.in_flight >= MAX_TX_IN_FLIGHT) break;
        Entries& entries = m_impl->txs[id];
        const auto entry =
            std::find_if(entries.begin(), entries.end(), [peer](const Entry& e) { return e.peer == peer; });
        EMC_CHECK(entry != entries.end());
        if (m_impl->HasBetter(id, entries, *entry, now_ms)) continue;
        for (const Entry& each : entries) {
            if (each.state == State::Waiting) m_impl->Dequeue(id, each);
        }
        entry->state = State::InFlight;
        entry->expiry_ms = now_ms + TX_REQUEST_TIMEOUT_MS;
        m_impl->expiries.insert({entry->expiry_ms, id});
        ++own.in_flight;
        out.push_back({.id = id, .kind = entry->kind});
    }
    return out;
}

void TxRequests::Answered(PeerId peer, const base::Hash256& id)
{
    const auto found = m_impl->txs.find(id);
    if (found == m_impl->txs.end()) return;
    Entries& entries = found->second;
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [peer](const Entry& e) { return e.peer == peer; });
    if (entry == entries.end()) return;
    if (entry->state == State::InFlight) {
        m_impl->Land(id, entries, *entry);
    } else if (entry->state == State::Waiting) {
        m_impl->Dequeue(id, *entry);
        entry->state = State::Done;
    }
    m_impl->DropIfDone(id);
}

void TxRequests::Forget(const base::Hash256& id)
{
    const auto found = m_impl->txs.find(id);
    if (found == m_impl->txs.end()) return;
    for (Entry& entry : found->second) {
        if (entry.state == State::InFlight) m_impl->Land(id, found->second, entry);
    }
    for (Entry& entry : found->second) {
        m_impl->Dequeue(id, entry);
        entry.state = State::Done;
    }
    m_impl->DropIfDone(id);
}

void TxRequests::Disconnected(PeerId peer)
{
    std::vector<base::Hash256> touched;
    for (auto& [id, entries] : m_impl->txs) {
        const auto entry =
            std::find_if(entries.begin(), entries.end(), [peer](const Entry& e) { return e.peer == peer; });
        if (entry == entries.end()) continue;
        if (entry->state == State::InFlight) m_impl->Land(id, entries, *entry);
        entries.erase(entry);
        touched.push_back(id);
    }
    m_impl->peers.erase(peer);
    for (const base::Hash256& id : touched)
        m_impl->DropIfDone(id);
}

size_t TxRequests::Announcements(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.announcements;
}

size_t TxRequests::InFlight(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.in_flight;
}

size_t TxRequests::Transactions() const
{
    return m_impl->txs.size();
}

} // namespace emc::p2p
