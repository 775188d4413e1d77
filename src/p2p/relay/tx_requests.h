/// Which transaction is asked of which peer, and when.
#pragma once

#include "base/bytes.h"
#include "base/memory.h"
#include "p2p/peers/peer_id.h"

namespace emc::p2p {

/// Announcements of one peer that are remembered; more are dropped.
inline constexpr size_t MAX_TX_ANNOUNCEMENTS = 5'000;
/// Requests to one peer that wait for an answer; more wait their turn.
inline constexpr size_t MAX_TX_IN_FLIGHT = 100;
/// After this a request counts as unanswered and the next peer is asked.
inline constexpr int64_t TX_REQUEST_TIMEOUT_MS = 60'000;
/// How much later peers are asked that we did not choose ourselves.
inline constexpr int64_t INBOUND_TX_DELAY_MS = 2'000;
/// How much later transactions are asked for that were announced by txid, when others announce wtxids.
inline constexpr int64_t TXID_DELAY_MS = 2'000;

/// Keeps, for each transaction somebody announced, who did and who has been asked. At any time at most one
/// peer is asked for one transaction. Among peers whose delay is over the preferred come first, then chance
/// decides (a keyed hash, so that nobody can make himself first). One thread; time never goes back.
class TxRequests
{
public:
    enum class Source : uint8_t { Preferred, Other };
    enum class IdKind : uint8_t { Txid, Wtxid };

    struct Announcement {
        PeerId peer = 0;
        base::Hash256 id;
        IdKind kind = IdKind::Wtxid;
        Source source = Source::Other;
    };

    struct Request {
        base::Hash256 id;
        IdKind kind = IdKind::Wtxid;

        bool operator==(const Request&) const = default;
    };

    /// `salt` decides between equal peers.
    explicit TxRequests(uint64_t salt);
    ~TxRequests();
    TxRequests(const TxRequests&) = delete;
    TxRequests& operator=(const TxRequests&) = delete;

    /// False when the peer has announced it before or is at its limit.
    bool Announced(const Announcement& announcement, int64_t now_ms);
    /// What to ask this peer now, oldest announcement first; it is in flight from now on.
    [[nodiscard]] std::vector<Request> Ask(PeerId peer, int64_t now_ms);
    /// The peer has answered, with the transaction or with `notfound`: it is not asked for it again.
    void Answered(PeerId peer, const base::Hash256& id);
    /// Nobody need be asked for it any more: it was accepted, refused for good, or stands in a block.
    void Forget(const base::Hash256& id);
    void Disconnected(PeerId peer);

    [[nodiscard]] size_t Announcements(PeerId peer) const;
    [[nodiscard]] size_t InFlight(PeerId peer) const;
    /// Transactions somebody could still be asked for or has been asked for.
    [[nodiscard]] size_t Transactions() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
