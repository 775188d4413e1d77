/// Bloom filters of light clients (BIP 37, offered as BIP 111 says): set, changed, and used on blocks.
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

class TxRelay;

/// The message thread only. A peer that is not offered filters and uses them is dropped.
class BloomServer
{
public:
    BloomServer(Desk& desk, TxRelay& transactions) : m_desk(desk), m_transactions(transactions) {}

    /// Both make the peer take announcements of transactions.
    void On(Peer& peer, const FilterLoad& message) const;
    void On(Peer& peer, const FilterClear& message) const;
    void On(Peer& peer, const FilterAdd& message) const;

private:
    [[nodiscard]] bool Allows(Peer& peer, std::string_view what) const;

    void Begin(Peer& peer) const;

    Desk& m_desk;
    TxRelay& m_transactions;
};

/// Sends the part of the block the peer's filter finds: proof and transactions. False without a filter.
bool GiveFiltered(Desk& desk, Peer& peer, const primitives::Block& block);

} // namespace emc::p2p
