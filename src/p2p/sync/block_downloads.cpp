#include "p2p/sync/block_downloads.h"

#include <algorithm>
#include <map>

namespace emc::p2p {
namespace {

/// How far a block that arrives brings the stall time back: to this many percent.
constexpr int64_t CALM_PERCENT = 85;
/// Of how many blocks the usual size is the mean, about.
constexpr size_t USUAL_OF = 16;

} // namespace

struct BlockDownloads::Impl {
    struct Flight {
        PeerId peer = 0;
        int32_t height = 0;
    };

    struct Peer {
        size_t in_flight = 0;
        int64_t waiting_since_ms = 0;  ///< for its oldest request, or since its last block
        int64_t stalling_since_ms = 0; ///< 0: it does not hold the window up
        bool reported = false;
    };

    std::map<base::Hash256, Flight> flights; ///< ordered, since strangers choose the keys
    std::map<PeerId, Peer> peers;
    int64_t stall_ms = STALL_MS;
    size_t usual_bytes = BYTES_IN_FLIGHT_PER_PEER / MIN_BLOCKS_IN_FLIGHT_PER_PEER;

    [[nodiscard]] size_t Share() const
    {
        return std::clamp(BYTES_IN_FLIGHT_PER_PEER / std::max<size_t>(usual_bytes, 1),
                          MIN_BLOCKS_IN_FLIGHT_PER_PEER, MAX_BLOCKS_IN_FLIGHT_PER_PEER);
    }

    bool Start(PeerId id, const Wanted& block, int64_t now_ms)
    {
        Peer& peer = peers[id];
        if (peer.in_flight >= Share()) return false;
        if (!flights.try_emplace(block.hash, Flight{.peer = id, .height = block.height}).second) return false;
        if (peer.in_flight++ == 0) peer.waiting_since_ms = now_ms;
        return true;
    }

    void End(std::map<base::Hash256, Flight>::iterator flight)
    {
        Peer& peer = peers.at(flight->second.peer);
        --peer.in_flight;
        peer.stalling_since_ms = 0;
        flights.erase(flight);
    }
};

BlockDownloads::BlockDownloads() : m_impl(std::make_unique<Impl>()) {}

BlockDownloads::~BlockDownloads() = default;

std::vector<base::Hash256> BlockDownloads::Plan(PeerId peer, const std::vector<Wanted>& missing,
                                                int32_t first_missing, int64_t now_ms)
{
    std::vector<base::Hash256> out;
    std::optional<PeerId> holder; // of the first block this peer could have given
    bool beyond = false;
    for (const Wanted& block : missing) {
        if (m_impl->peers[peer].in_flight >= m_impl->Share()) return out;
        if (block.height >= first_missing + DOWNLOAD_WINDOW) {
            beyond = true;
            break;
        }
        const auto flight = m_impl->flights.find(block.hash);
        if (flight != m_impl->flights.end()) {
            if (!holder) holder = flight->second.peer;
        } else if (m_impl->Start(peer, block, now_ms)) {
            out.push_back(block.hash);
        }
    }
    // Nothing left to ask for inside the window, though there is more beyond: whoever has the first one is in
    // the way.
    if (out.empty() && beyond && holder && *holder != peer) {
        Impl::Peer& slow = m_impl->peers.at(*holder);
        if (slow.stalling_since_ms == 0) slow.stalling_since_ms = now_ms;
    }
    return out;
}

bool BlockDownloads::Reserve(PeerId peer, const Wanted& block, int64_t now_ms)
{
    return m_impl->Start(peer, block, now_ms);
}

bool BlockDownloads::Received(PeerId peer, const base::Hash256& block, size_t bytes, int64_t now_ms)
{
    const auto flight = m_impl->flights.find(block);
    if (flight == m_impl->flights.end()) return false;
    const bool asked = flight->second.peer == peer;
    m_impl->End(flight);
    if (!asked) return false;
    m_impl->peers.at(peer).waiting_since_ms = now_ms;
    m_impl->usual_bytes += bytes / USUAL_OF;
    m_impl->usual_bytes -= m_impl->usual_bytes / USUAL_OF;
    m_impl->stall_ms = std::max(STALL_MS, m_impl->stall_ms * CALM_PERCENT / 100);
    return true;
}

void BlockDownloads::NotFound(PeerId peer, const base::Hash256& block)
{
    const auto flight = m_impl->flights.find(block);
    if (flight != m_impl->flights.end() && flight->second.peer == peer) m_impl->End(flight);
}

void BlockDownloads::Disconnected(PeerId peer)
{
    std::erase_if(m_impl->flights, [peer](const auto& item) { return item.second.peer == peer; });
    m_impl->peers.erase(peer);
}

std::vector<BlockDownloads::Slow> BlockDownloads::CheckTime(int64_t now_ms)
{
    std::vector<Slow> out;
    const auto busy = std::count_if(m_impl->peers.begin(), m_impl->peers.end(),
                                    [](const auto& item) { return item.second.in_flight > 0; });
    const int64_t timeout = BLOCK_TIMEOUT_MS + BLOCK_TIMEOUT_PER_PEER_MS * std::max<int64_t>(0, busy - 1);
    for (auto& [id, peer] : m_impl->peers) {
        if (peer.reported || peer.in_flight == 0) continue;
        if (peer.stalling_since_ms > 0 && now_ms - peer.stalling_since_ms >= m_impl->stall_ms) {
            out.push_back({.peer = id, .fault = Fault::Stalls});
            m_impl->stall_ms = std::min(MAX_STALL_MS, 2 * m_impl->stall_ms);
        } else if (now_ms - peer.waiting_since_ms >= timeout) {
            out.push_back({.peer = id, .fault = Fault::TimedOut});
        } else {
            continue;
        }
        peer.reported = true;
    }
    return out;
}

size_t BlockDownloads::InFlight(PeerId peer) const
{
    const auto found = m_impl->peers.find(peer);
    return found == m_impl->peers.end() ? 0 : found->second.in_flight;
}

size_t BlockDownloads::Share() const
{
    return m_impl->Share();
}

std::vector<int32_t> BlockDownloads::Heights(PeerId peer) const
{
    std::vector<int32_t> out;
    for (const auto& [_, flight] : m_impl->flights) {
        if (flight.peer == peer) out.push_back(flight.height);
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool BlockDownloads::IsInFlight(const base::Hash256& block) const
{
    return m_impl->flights.contains(block);
}

int64_t BlockDownloads::StallTimeoutMs() const
{
    return m_impl->stall_ms;
}

} // namespace emc::p2p
