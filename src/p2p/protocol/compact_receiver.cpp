#include "p2p/protocol/compact_receiver.h"

#include "chain/chain.h"
#include "mempool/pool.h"

#include <algorithm>

namespace emc::p2p {

using base::Hash256;
using primitives::TxRef;

namespace {

constexpr uint64_t COMPACT_VERSION = 2;

} // namespace

void CompactReceiver::On(Peer& peer, const SendCompact& message) const
{
    if (message.version != COMPACT_VERSION) return;
    peer.takes_compact = true;
    peer.compact_from = message.high_bandwidth;
}

void CompactReceiver::OnQuick(Peer& peer)
{
    if (!peer.takes_compact || peer.link.kind == LinkKind::OutboundBlocks) return;
    std::erase(m_quick, peer.Id());
    m_quick.push_back(peer.Id());
    if (!peer.compact_to) m_desk.Send(peer, SendCompact{.high_bandwidth = true});
    peer.compact_to = true;
    if (m_quick.size() <= MAX_HIGH_BANDWIDTH) return;
    Peer* slowest = m_desk.Find(m_quick.front());
    m_quick.pop_front();
    if (slowest == nullptr) return;
    slowest->compact_to = false;
    m_desk.Send(*slowest, SendCompact{.high_bandwidth = false});
}

void CompactReceiver::OnClosed(PeerId peer)
{
    std::erase(m_quick, peer);
    std::erase_if(m_partial, [peer](const auto& entry) { return entry.first.second == peer; });
}

void CompactReceiver::AskWhole(Peer& peer, const Hash256& block) const
{
    GetData out;
    out.items.push_back({InvKind::WitnessBlock, block});
    m_desk.Send(peer, out);
}

void CompactReceiver::On(Peer& peer, const CompactBlock& message)
{
    const auto hash = message.header.Hash();
    Headers header;
    header.headers.push_back(message.header);
    const auto known = m_desk.deps.chain.Find(hash);
    if (known && known->Here()) return m_sync.OnAnnounced(peer, hash);
    if (!m_desk.deps.chain.Find(message.header.prev_hash)) return m_sync.On(peer, header); // we are behind
    m_sync.Note(peer, message.header);
    if (peer.closing) return;
    const auto same_block = std::count_if(m_partial.begin(), m_partial.end(),
                                          [&](const auto& entry) { return entry.first.first == hash; });
    if (static_cast<size_t>(same_block) >= MAX_PARTIAL_PER_BLOCK || m_partial.contains({hash, peer.Id()}))
        return;
    if (!m_sync.Reserve(peer, hash) && same_block == 0) return;
    Half half;
    auto& partial = half.partial;
    switch (partial.Start(message)) {
    case PartialBlock::Result::Invalid:
        return m_desk.Punish(peer, "a compact block that breaks the protocol");
    case PartialBlock::Result::Failed:
        return AskWhole(peer, hash);
    case PartialBlock::Result::Ok:
        break;
    }
    for (const auto& tx : m_desk.deps.pool.Transactions())
        partial.Offer(tx);
    for (const auto& [position, tx] : message.prefilled) {
        if (m_desk.deps.pool.Get(tx->Txid()) == nullptr) half.rare.push_back(position);
    }
    const auto missing = partial.Missing();
    half.rare.insert(half.rare.end(), missing.begin(), missing.end());
    if (missing.empty()) {
        ++m_counts.at_once;
        return Finish(peer, std::move(half), {});
    }
    GetBlockTxn out;
    out.block = hash;
    out.positions = missing;
    m_partial.emplace(std::pair(hash, peer.Id()), std::move(half));
    m_desk.Send(peer, out);
}

void CompactReceiver::On(Peer& peer, const BlockTxn& message)
{
    const auto it = m_partial.find({message.block, peer.Id()});
    if (it == m_partial.end()) return;
    Half half = std::move(it->second);
    m_partial.erase(it);
    Finish(peer, std::move(half), message.transactions);
}

void CompactReceiver::Finish(Peer& peer, Half half, const std::vector<TxRef>& missing)
{
    const auto finished = half.partial.Finish(missing);
    const auto hash = half.partial.Header().Hash();
    switch (finished.result) {
    case PartialBlock::Result::Ok:
        ++m_counts.complete;
        m_latest = hash;
        m_latest_rare = std::move(half.rare);
        std::sort(m_latest_rare.begin(), m_latest_rare.end());
        return m_sync.OnBlock(peer, finished.block);
    case PartialBlock::Result::Invalid:
        return m_desk.Punish(peer, "blocktxn with another number of transactions than was asked for");
    case PartialBlock::Result::Failed:
        return AskWhole(peer, hash);
    }
}

std::span<const uint16_t> CompactReceiver::Rare(const Hash256& block) const
{
    if (block != m_latest) return {};
    return m_latest_rare;
}

} // namespace emc::p2p
