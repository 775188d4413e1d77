/// Transactions: announced by others and fetched, accepted and announced to others.
#pragma once

#include "p2p/protocol/desk.h"
#include "p2p/relay/orphanage.h"
#include "p2p/relay/tx_requests.h"

#include <unordered_map>

namespace emc::p2p {

/// Refused transactions that are not asked for again until the next block.
inline constexpr size_t RECENT_REFUSALS = 120'000;
/// Transactions of recent blocks that are not asked for again.
inline constexpr size_t RECENT_CONFIRMED = 48'000;
inline constexpr double RECENT_FALSE_POSITIVE = 0.000001;
/// What this node has of its own is told to so many peers, unless one asks for it or announces it before; and
/// how many such transactions are remembered.
inline constexpr size_t ENOUGH_TOLD = 8;
inline constexpr size_t MAX_UNSENT = 5'000;
/// Between two feefilter messages of one connection.
inline constexpr int64_t FEE_FILTER_INTERVAL_MS = 600'000;

/// The message thread only.
class TxRelay
{
public:
    explicit TxRelay(Desk& desk);

    void OnReady(Peer& peer);
    /// It may take announcements from now on.
    void OnRelayAsked(Peer& peer);
    void OnClosed(PeerId peer);
    /// The transactions among what inv announces.
    void OnInv(Peer& peer, const std::vector<InvItem>& transactions);
    /// Answers while the peer reads; the rest of the list waits in Peer::asked.
    void OnGetData(Peer& peer, const std::vector<InvItem>& transactions);
    void OnNotFound(Peer& peer, const std::vector<InvItem>& transactions);
    void On(Peer& peer, const TxMessage& message);
    void On(Peer& peer, const MempoolRequest& message);
    void On(Peer& peer, const FeeFilter& message);
    /// From the mempool.
    void OnAdded(const primitives::TxRef& tx);
    void OnRemoved(const primitives::TxRef& tx);
    void OnConnected(const primitives::Block& block);
    void OnTick(int64_t now_ms);

    /// Ids of transactions of the pool that came from no peer and are told to whoever comes, see ENOUGH_TOLD.
    [[nodiscard]] std::vector<base::Hash256> Unsent() const;

private:
    [[nodiscard]] bool Known(const base::Hash256& id) const;
    /// Whether transactions of this peer are taken at all.
    [[nodiscard]] bool Takes(const Peer& peer) const;
    /// What the peer may be given: nothing that came after the last group of announcements to it.
    [[nodiscard]] primitives::TxRef FromPool(const Peer& peer, const InvItem& item) const;
    /// True when the mempool took it, or knew it.
    bool Offer(PeerId from, const primitives::TxRef& tx);
    void AskParents(Peer& peer, const primitives::Transaction& tx);
    void TryChildren(const primitives::TxRef& parent);
    void Answer(Peer& peer);
    /// Somebody announces it: nobody else need be told.
    void Heard(const InvItem& item);
    void Announce(Peer& peer, int64_t now_ms);
    void SendFeeFilter(Peer& peer, int64_t now_ms);

    Desk& m_desk;
    TxRequests m_requests;
    Orphanage m_orphans;
    RollingFilter m_refused;   ///< by wtxid, until the tip changes
    RollingFilter m_confirmed; ///< by wtxid and txid

    struct Waiting {
        base::Hash256 txid;
        int64_t added_ms = 0;
    };

    std::unordered_map<base::Hash256, Waiting, base::HashOfHash> m_by_wtxid; ///< what is in the pool

    struct Own {
        base::Hash256 txid;
        size_t told = 0; ///< peers it was or will be announced to
    };

    std::map<base::Hash256, Own> m_unsent; ///< by wtxid; ordered, since wtxids can be chosen
    std::map<PeerId, int64_t> m_next_fee_filter_ms;
};

} // namespace emc::p2p
