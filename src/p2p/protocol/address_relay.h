/// Addresses of other nodes: told, asked for, passed on.
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

class AddressManager;
class LocalAddresses;

/// Addresses a peer may tell of: so many a second on average, and at most this many at once.
inline constexpr double ADDRESSES_PER_SEC = 0.1;
inline constexpr double MAX_ADDRESS_TOKENS = 1'000;
/// Messages with more addresses are answers, not news, and are not passed on.
inline constexpr size_t MAX_NEWS = 10;
/// News this old is none.
inline constexpr int64_t NEWS_AGE_SEC = 600;
/// Peers one piece of news goes to.
inline constexpr size_t NEWS_PEERS = 2;
/// What somebody tells of counts as seen so much earlier than he says.
inline constexpr int64_t HEARSAY_SEC = 7'200;
inline constexpr int64_t ADDRESS_TRICKLE_MS = 30'000;
/// Our own addresses are told again after this time on average.
inline constexpr int64_t OWN_ADDRESS_MS = 86'400'000;

/// The message thread only.
class AddressRelay
{
public:
    AddressRelay(Desk& desk, AddressManager& addresses, const LocalAddresses& own)
        : m_desk(desk), m_addresses(addresses), m_own(own)
    {}

    void OnReady(Peer& peer);
    void OnClosed(const Peer& peer);
    void On(Peer& peer, const GetAddr& message);

    void On(Peer& peer, const Addr& message) { Take(peer, message.entries); }

    void On(Peer& peer, const AddrV2& message) { Take(peer, message.entries); }

    void OnTick(int64_t now_ms);

private:
    [[nodiscard]] static bool Exchanges(const Peer& peer);
    void Take(Peer& peer, const std::vector<AddressEntry>& entries);
    void PassOn(const Peer& from, const AddressEntry& entry);
    void TellOwn(Peer& peer, int64_t now_ms);
    void Send(Peer& peer, const std::vector<AddressEntry>& entries);

    Desk& m_desk;
    AddressManager& m_addresses;
    const LocalAddresses& m_own;
};

} // namespace emc::p2p
