#include "p2p/sync/unproven.h"

#include <algorithm>
#include <set>

namespace emc::p2p {

using primitives::BlockHeader;

size_t UnprovenCost(const BlockHeader& header)
{
    return UNPROVEN_ENTRY_BYTES + primitives::AuxPowSize(header);
}

struct UnprovenHeaders::Impl {
    struct Entry {
        base::Hash256 hash;
        base::Hash256 parent;
        size_t cost = 0;
    };

    struct Peer {
        std::vector<Entry> entries; ///< parents before children
        std::set<base::Hash256> hashes;
        size_t bytes = 0;
    };

    std::map<PeerId, Peer> peers;
    size_t bytes = 0;

    /// Removes the entries of a peer the condition holds for.
    template <typename Condition>
    void EraseIf(Peer& peer, Condition condition)
    {
        std::erase_if(peer.entries, [&](const Entry& entry) {
            if (!condition(entry)) return false;
            peer.hashes.erase(entry.hash);
            peer.bytes -= entry.cost;
            bytes -= entry.cost;
            return true;
        });
    }

    void DropEmpty()
    {
        std::erase_if(peers, [](const auto& item) { return item.second.entries.empty(); });
    }
};

UnprovenHeaders::UnprovenHeaders() : m_impl(std::make_unique<Impl>()) {}

UnprovenHeaders::~UnprovenHeaders() = default;

UnprovenHeaders::Result UnprovenHeaders::Add(PeerId id, const BlockHeader& header, Parent parent)
{
    const base::Hash256 hash = header.Hash();
    const size_t cost = UnprovenCost(header);
    const auto found = m_impl->peers.find(id);
    const bool fresh = found == m_impl->peers.end();
    if (!fresh && found->second.hashes.contains(hash)) return Result::Known;
    if (parent == Parent::Unknown && (fresh || !found->second.hashes.contains(header.prev_hash)))
        return Result::Loose;
    if (!fresh && (found->second.entries.size() >= MAX_UNPROVEN_HEADERS ||
                   found->second.bytes + cost > MAX_UNPROVEN_BYTES_PER_PEER))
        return Result::PeerFull;
    if (m_impl->bytes + cost > MAX_UNPROVEN_BYTES) return Result::Full;
    Impl::Peer& peer = m_impl->peers[id];
    peer.entries.push_back({.hash = hash, .parent = header.prev_hash, .cost = cost});
    peer.hashes.insert(hash);
    peer.bytes += cost;
    m_impl->bytes += cost;
    return Result::Added;
}

void UnprovenHeaders::Proven(const base::Hash256& hash)
{
    for (auto& [id, peer] : m_impl->peers) {
        if (!peer.hashes.contains(hash)) continue;
        m_impl->EraseIf(peer, [&hash](const Impl::Entry& entry) { return entry.hash == hash; });
    }
    m_impl->DropEmpty();
}

std::vector<PeerId> UnprovenHeaders::Refused(const base::Hash256& hash)
{
    std::vector<PeerId> senders;
    std::set<base::Hash256> refused = {hash};
    for (auto& [id, peer] : m_impl->peers) {
        if (peer.hashes.contains(hash)) senders.push_back(id);
        std::set<base::Hash256> here = refused;
        m_impl->EraseIf(peer, [&here](const Impl::Entry& entry) {
            const bool bad = here.contains(entry.hash) || here.contains(entry.parent);
            if (bad) here.insert(entry.hash);
            return bad;
        });
    }
    m_impl->DropEmpty();
    return senders;
}

void UnprovenHeaders::Disconnected(PeerId peer)
{
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return;
    m_impl->bytes -= found->second.bytes;
    m_impl->peers.erase(found);
}

std::vector<base::Hash256> UnprovenHeaders::Of(PeerId peer) const
{
    std::vector<base::Hash256> out;
    const auto found = m_impl->peers.find(peer);
    if (found == m_impl->peers.end()) return out;
    for (const Impl::Entry& entry : found->second.entries)
        out.push_back(entry.hash);
    return out;
}

bool UnprovenHeaders::Has(PeerId peer, const base::Hash256& hash) const
{
    const auto found = m_impl->peers.find(peer);
    return found != m_impl->peers.end() && found->second.hashes.contains(hash);
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

StakeMemory::Verdict StakeMemory::Note(const Stake& stake, const base::Hash256& block)
{
    const auto found = m_blocks.find(stake);
    if (found == m_blocks.end()) {
        if (m_blocks.size() == MAX_STAKES) {
            m_blocks.erase(m_order.front());
            m_order.pop_front();
        }
        m_blocks[stake] = {block};
        m_order.push_back(stake);
        return Verdict::First;
    }
    std::vector<base::Hash256>& blocks = found->second;
    if (std::find(blocks.begin(), blocks.end(), block) != blocks.end()) return Verdict::Again;
    if (blocks.size() >= MAX_BLOCKS_PER_STAKE) return Verdict::Refuse;
    blocks.push_back(block);
    return Verdict::Second;
}

std::vector<base::Hash256> StakeMemory::BlocksOf(const Stake& stake) const
{
    const auto found = m_blocks.find(stake);
    return found == m_blocks.end() ? std::vector<base::Hash256>{} : found->second;
}

} // namespace emc::p2p
