/// Giving out block filters (BIP 157).
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

/// The message thread only. Peers are dropped when the node offers no filters or a question breaks the rules.
class FilterServer
{
public:
    explicit FilterServer(Desk& desk) : m_desk(desk) {}

    void On(Peer& peer, const GetCFilters& message) const;
    void On(Peer& peer, const GetCFHeaders& message) const;
    void On(Peer& peer, const GetCFCheckpt& message) const;

private:
    /// Height of the last block asked for; nullopt: the peer was dropped or there is nothing to answer.
    [[nodiscard]] std::optional<int32_t> StopHeight(Peer& peer, uint8_t kind,
                                                    const base::Hash256& stop) const;
    /// Hashes of the blocks from `first` to the one at `last`; empty when the range was refused.
    [[nodiscard]] std::vector<base::Hash256> Range(Peer& peer, const FilterRange& range, size_t limit) const;

    Desk& m_desk;
};

} // namespace emc::p2p
