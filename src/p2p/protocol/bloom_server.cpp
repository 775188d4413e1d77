#include "p2p/protocol/bloom_server.h"

#include "p2p/protocol/tx_relay.h"

namespace emc::p2p {

bool BloomServer::Allows(Peer& peer, std::string_view what) const
{
    if (Offers(m_desk.OfferedTo(peer), Service::Bloom)) return true;
    m_desk.Drop(peer, std::string(what).append(" a bloom filter; this node offers none"));
    return false;
}

void BloomServer::Begin(Peer& peer) const
{
    peer.relays_transactions = m_desk.RelaysWith(peer);
    m_transactions.OnRelayAsked(peer);
}

void BloomServer::On(Peer& peer, const FilterLoad& message) const
{
    if (!Allows(peer, "sets")) return;
    peer.bloom =
        std::make_unique<BloomFilter>(message.filter, message.functions, message.tweak, message.flags);
    Begin(peer);
}

void BloomServer::On(Peer& peer, const FilterClear&) const
{
    if (!Allows(peer, "clears")) return;
    peer.bloom.reset();
    Begin(peer);
}

void BloomServer::On(Peer& peer, const FilterAdd& message) const
{
    if (!Allows(peer, "adds to")) return;
    if (!peer.bloom) return m_desk.Punish(peer, "adds to a bloom filter it has not set");
    peer.bloom->Add(message.element);
}

bool GiveFiltered(Desk& desk, Peer& peer, const primitives::Block& block)
{
    if (!peer.bloom) return false;
    std::vector<base::Hash256> leaves;
    std::vector<bool> wanted;
    for (const auto& tx : block.transactions) {
        leaves.push_back(tx->Txid());
        wanted.push_back(peer.bloom->Matches(*tx));
    }
    desk.Send(peer, MerkleBlock{{block.header, primitives::MakePartialMerkle(leaves, wanted)}});
    for (size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i]) desk.Send(peer, TxMessage{block.transactions[i], primitives::WitnessMode::Without});
    }
    return true;
}

} // namespace emc::p2p
