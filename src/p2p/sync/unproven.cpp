#include "p2p/sync/unproven.h"

#include <algorithm>
#include <map>

namespace emc::p2p {

using base::Hash256;
using primitives::BlockHeader;

size_t UnprovenCost(const BlockHeader& header)
{
    return UNPROVEN_ENTRY_BYTES + primitives::AuxPowSize(header);
}

struct UnprovenHeaders::Impl {
    struct Entry {
        Hash256 parent;
        Place place;
        uint32_t cost = 0;
    };

    using Entries = std::map<Hash256, Entry>; ///< ordered, since strangers choose the keys

    struct Peer {
        Entries entries;
        size_t bytes = 0;
        std::deque<Wanted> branch; ///< the way to the best header, unless it is stale
        bool stale = false;
    };

    std::map<PeerId, Peer> peers;
    size_t bytes = 0;

    void Erase(Peer& peer, Entries::iterator entry)
    {
        peer.bytes -= entry->second.cost;
        bytes -= entry->second.cost;
        peer.entries.erase(entry);
    }

    static void Extend(Peer& peer, const Hash256& hash, const Entry& entry);
    static void Renew(Peer& peer);
    [[nodiscard]] bool EraseWithChildren(Peer& peer, const Hash256& hash);
};

/// The branch grows when the header goes on from its end, and is found anew when another one becomes better.
void UnprovenHeaders::Impl::Extend(Peer& peer, const Hash256& hash, const Entry& entry)
{
    if (peer.stale) return;
    if (!peer.branch.empty()) {
        const auto& end = peer.branch.back().hash;
        if (peer.entries.at(peer.branch.front().hash).parent == hash) peer.stale = true; // begins lower now
        if (!entry.place.state.BetterThan(peer.entries.at(end).place.state)) return;
        peer.stale = peer.stale || entry.parent != end;
    } else if (peer.entries.contains(entry.parent)) {
        peer.stale = true;
    }
    if (!peer.stale) peer.branch.push_back({entry.place.height, hash});
}

void UnprovenHeaders::Impl::Renew(Peer& peer)
{
    peer.stale = false;
    peer.branch.clear();
    auto best = peer.entries.begin();
    for (auto it = best; it != peer.entries.end(); ++it) {
        if (it->second.place.state.BetterThan(best->second.place.state)) best = it;
    }
    for (auto walk = best; walk != peer.entries.end(); walk = peer.entries.find(walk->second.parent))
        peer.branch.push_front({walk->second.place.height, walk->first});
}

/// False: the peer had not sent the header itself.
bool UnprovenHeaders::Impl::EraseWithChildren(Peer& peer, const Hash256& hash)
{
    std::vector<std::pair<Hash256, Hash256>> by_parent;
    by_parent.reserve(peer.entries.size());
    for (const auto& [child, entry] : peer.entries)
        by_parent.emplace_back(entry.parent, child);
    std::sort(by_parent.begin(), by_parent.end());
    const bool had = peer.entries.contains(hash);
    std::vector<Hash256> open{hash};
    while (!open.empty()) {
        const Hash256 bad = open.back();
        open.pop_back();
        if (const auto entry = peer.entries.find(bad); entry != peer.entries.end()) Erase(peer, entry);
        auto child = std::lower_bound(by_parent.begin(), by_parent.end(), std::pair(bad, Hash256{}));
        for (; child != by_parent.end() && child->first == bad; ++child)
            open.push_back(child->second);
    }
    peer.stale = true;
    return had;
}

UnprovenHeaders::UnprovenHeaders() : m_impl(std::make_unique<Impl>()) {}

UnprovenHeaders::~UnprovenHeaders() = default;

UnprovenHeaders::Result UnprovenHeaders::Add(PeerId id, const BlockHeader& header, const Place& place,
                                             Parent parent)
{
    const Hash256 hash = header.Hash();
    const size_t cost = UnprovenCost(header);
    const auto found = m_impl->peers.find(id);
    const bool fresh = found == m_impl->peers.end();
    if (!fresh && found->second.entries.contains(hash)) return Result::Known;
    if (parent == Parent::Unknown && (fresh || !found->second.entries.contains(header.prev_hash)))
        return Result::Loose;
    if (!fresh && (found->second.entries.size() >= MAX_UNPROVEN_HEADERS ||
                   found->second.bytes + cost > MAX_UNPROVEN_BYTES_PER_PEER))
        return Result::PeerFull;
    if (m_impl->bytes + cost > MAX_UNPROVEN_BYTES) return Result::Full;
    Impl::Peer& peer = m_impl->peers[id];
    const auto added =
        peer.entries.emplace(hash, Impl::Entry{header.prev_hash, place, static_cast<uint32_t>(cost)}).first;
    peer.bytes += cost;
    m_impl->bytes += cost;
    Impl::Extend(peer, hash, added->second);
    return Result::Added;
}

void UnprovenHeaders::Proven(const Hash256& hash)
{
    for (auto it = m_impl->peers.begin(); it != m_impl->peers.end();) {
        Impl::Peer& peer = it->second;
        if (const auto entry = peer.entries.find(hash); entry != peer.entries.end()) {
            m_impl->Erase(peer, entry);
            const bool lowest = !peer.branch.empty() && peer.branch.front().hash == hash;
            if (lowest) peer.branch.pop_front();
            // What is left may have a best header of its own; a branch may have got a gap.
            if (!lowest || peer.branch.empty()) peer.stale = true;
        }
        it = peer.entries.empty() ? m_impl->peers.erase(it) : std::next(it);
    }
}

std::vector<PeerId> UnprovenHeaders::Refused(const Hash256& hash)
{
    std::vector<PeerId> senders;
    for (auto& [id, peer] : m_impl->peers) {
        if (m_impl->EraseWithChildren(peer, hash)) senders.push_back(id);
    }
    std::erase_if(m_impl->peers, [](const auto& item) { return item.second.entries.empty(); });
    return senders;
}

void UnprovenHeaders::Disconnected(PeerId peer)
{
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return;
    m_impl->bytes -= found->second.bytes;
    m_impl->peers.erase(found);
}

const UnprovenHeaders::Place* UnprovenHeaders::Find(PeerId id, const Hash256& hash) const
{
    const auto peer = m_impl->peers.find(id);
    if (peer == m_impl->peers.end()) return nullptr;
    const auto entry = peer->second.entries.find(hash);
    return entry == peer->second.entries.end() ? nullptr : &entry->second.place;
}

const std::deque<UnprovenHeaders::Wanted>& UnprovenHeaders::BranchOf(PeerId peer)
{
    static const std::deque<Wanted> NONE;
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return NONE;
    if (found->second.stale) Impl::Renew(found->second);
    return found->second.branch;
}

size_t UnprovenHeaders::CountOf(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.entries.size();
}

size_t UnprovenHeaders::BytesOf(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.bytes;
}

size_t UnprovenHeaders::Bytes() const
{
    return m_impl->bytes;
}

bool UnaskedBlocks::Note(const Hash256& parent, const Hash256& block)
{
    const auto same = [&parent](const Rivals& rivals) { return rivals.parent == parent; };
    auto found = std::find_if(m_recent.begin(), m_recent.end(), same);
    if (found == m_recent.end()) {
        if (m_recent.size() == MAX_UNASKED_PARENTS) m_recent.pop_front();
        m_recent.push_back({parent, {}});
        found = std::prev(m_recent.end());
    }
    auto& blocks = found->blocks;
    if (std::find(blocks.begin(), blocks.end(), block) != blocks.end()) return true;
    if (blocks.size() == MAX_UNASKED_RIVALS) return false;
    blocks.push_back(block);
    return true;
}

} // namespace emc::p2p
