#include "p2p/relay/orphanage.h"

#include <algorithm>
#include <map>
#include <set>

namespace emc::p2p {

using primitives::OutPoint;
using primitives::TxRef;

struct Orphanage::Impl {
    struct Orphan {
        TxRef tx;
        std::vector<PeerId> peers;
    };

    struct Peer {
        std::map<uint64_t, base::Hash256> by_order; ///< oldest first
        std::map<base::Hash256, uint64_t> orders;
        size_t weight = 0;
    };

    // Ordered maps, since strangers choose the keys.
    std::map<base::Hash256, Orphan> orphans;
    std::map<OutPoint, std::set<base::Hash256>> spenders;
    std::map<PeerId, Peer> peers;
    uint64_t next_order = 0;
    size_t announcements = 0;

    void Insert(PeerId id, const TxRef& tx)
    {
        Orphan& orphan = orphans[tx->Wtxid()];
        if (orphan.tx == nullptr) {
            orphan.tx = tx;
            for (const auto& input : tx->Inputs())
                spenders[input.prevout].insert(tx->Wtxid());
        }
        orphan.peers.push_back(id);
        Peer& peer = peers[id];
        peer.by_order[next_order] = tx->Wtxid();
        peer.orders[tx->Wtxid()] = next_order++;
        peer.weight += tx->Weight();
        ++announcements;
    }

    /// Takes one peer's offer back; the orphan goes with the last.
    void Withdraw(PeerId id, const base::Hash256& wtxid)
    {
        Orphan& orphan = orphans.at(wtxid);
        std::erase(orphan.peers, id);
        Peer& peer = peers.at(id);
        peer.by_order.erase(peer.orders.at(wtxid));
        peer.orders.erase(wtxid);
        peer.weight -= orphan.tx->Weight();
        --announcements;
        if (peer.orders.empty()) peers.erase(id);
        if (!orphan.peers.empty()) return;
        for (const auto& input : orphan.tx->Inputs()) {
            const auto found = spenders.find(input.prevout);
            if (found == spenders.end()) continue; // named twice by this transaction
            found->second.erase(wtxid);
            if (found->second.empty()) spenders.erase(found);
        }
        orphans.erase(wtxid);
    }

    /// How far a peer is above its share: 1 is exactly its share.
    [[nodiscard]] double Load(const Peer& peer) const
    {
        const double weight = static_cast<double>(peer.weight) / MAX_ORPHAN_WEIGHT_PER_PEER;
        const double fair = static_cast<double>(MAX_ORPHANS) / static_cast<double>(peers.size());
        return std::max(weight, static_cast<double>(peer.orders.size()) / fair);
    }

    void Trim()
    {
        for (;;) {
            const auto heaviest =
                std::max_element(peers.begin(), peers.end(), [this](const auto& a, const auto& b) {
                    return Load(a.second) < Load(b.second);
                });
            if (heaviest == peers.end()) return;
            const bool over =
                heaviest->second.weight > MAX_ORPHAN_WEIGHT_PER_PEER || announcements > MAX_ORPHANS;
            if (!over) return;
            Withdraw(heaviest->first, base::Hash256(heaviest->second.by_order.begin()->second));
        }
    }
};

Orphanage::Orphanage() : m_impl(std::make_unique<Impl>()) {}

Orphanage::~Orphanage() = default;

bool Orphanage::Add(PeerId peer, const TxRef& tx)
{
    if (tx->Weight() > MAX_ORPHAN_WEIGHT_PER_PEER) return false;
    const auto known = m_impl->peers.find(peer);
    if (known != m_impl->peers.end() && known->second.orders.contains(tx->Wtxid())) return false;
    m_impl->Insert(peer, tx);
    m_impl->Trim();
    return true;
}

bool Orphanage::Has(const base::Hash256& wtxid) const
{
    return m_impl->orphans.contains(wtxid);
}

std::vector<Orphanage::Offer> Orphanage::ChildrenOf(const primitives::Transaction& parent) const
{
    std::vector<Offer> out;
    std::set<base::Hash256> seen;
    for (uint32_t i = 0; i < parent.Outputs().size(); ++i) {
        const auto found = m_impl->spenders.find({.txid = parent.Txid(), .index = i});
        if (found == m_impl->spenders.end()) continue;
        for (const base::Hash256& wtxid : found->second) {
            if (!seen.insert(wtxid).second) continue;
            const Impl::Orphan& orphan = m_impl->orphans.at(wtxid);
            out.push_back({.tx = orphan.tx, .peer = orphan.peers.front()});
        }
    }
    return out;
}

void Orphanage::Erase(const base::Hash256& wtxid)
{
    const auto found = m_impl->orphans.find(wtxid);
    if (found == m_impl->orphans.end()) return;
    const base::Hash256 own = wtxid; // the argument may lie in what is erased
    for (const PeerId peer : std::vector<PeerId>(found->second.peers))
        m_impl->Withdraw(peer, own);
}

void Orphanage::EraseForBlock(const std::vector<TxRef>& block_transactions)
{
    for (const TxRef& tx : block_transactions) {
        Erase(tx->Wtxid());
        for (const auto& input : tx->Inputs()) {
            const auto found = m_impl->spenders.find(input.prevout);
            if (found == m_impl->spenders.end()) continue;
            for (const base::Hash256& wtxid : std::set<base::Hash256>(found->second))
                Erase(wtxid);
        }
    }
}

void Orphanage::Disconnected(PeerId peer)
{
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return;
    const auto orders = found->second.by_order;
    for (const auto& [order, wtxid] : orders)
        m_impl->Withdraw(peer, wtxid);
}

size_t Orphanage::Size() const
{
    return m_impl->orphans.size();
}

size_t Orphanage::Announcements() const
{
    return m_impl->announcements;
}

size_t Orphanage::WeightOf(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.weight;
}

} // namespace emc::p2p
