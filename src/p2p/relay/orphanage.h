/// Transactions that wait for their parents.
#pragma once

#include "base/memory.h"
#include "p2p/peers/peer_id.h"
#include "primitives/transaction.h"

namespace emc::p2p {

/// Weight of the orphans one peer may keep here; a heavier single one is not taken.
inline constexpr size_t MAX_ORPHAN_WEIGHT_PER_PEER = 404'000;
/// Announcements of orphans kept over all peers; each peer's fair share is this divided by the peers that
/// have any.
inline constexpr size_t MAX_ORPHANS = 3'000;

/// Keeps orphans with the peers that offer them. When a bound is passed, the oldest of the peer goes that is
/// furthest above its own share: who stays within 404,000 units of weight and a fair part of the 3,000 loses
/// nothing, whatever others send. One thread.
class Orphanage
{
public:
    Orphanage();
    ~Orphanage();
    Orphanage(const Orphanage&) = delete;
    Orphanage& operator=(const Orphanage&) = delete;

    /// Takes an orphan from a peer, or notes that this peer offers it too. False when it is too heavy or the
    /// peer has offered it before.
    bool Add(PeerId peer, const primitives::TxRef& tx);
    [[nodiscard]] bool Has(const base::Hash256& wtxid) const;

    /// An orphan and a peer that offers it.
    struct Offer {
        primitives::TxRef tx;
        PeerId peer = 0;
    };

    /// The orphans that spend an output of `parent`, each once, to be tried again; they stay until Erase.
    [[nodiscard]] std::vector<Offer> ChildrenOf(const primitives::Transaction& parent) const;
    /// It was accepted or refused for good.
    void Erase(const base::Hash256& wtxid);
    /// Drops what the block contains and what spends the same coins.
    void EraseForBlock(const std::vector<primitives::TxRef>& block_transactions);
    /// Orphans nobody else offers go with the peer.
    void Disconnected(PeerId peer);

    /// Different transactions.
    [[nodiscard]] size_t Size() const;
    /// Announcements over all peers.
    [[nodiscard]] size_t Announcements() const;
    /// Weight counted against a peer.
    [[nodiscard]] size_t WeightOf(PeerId peer) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
