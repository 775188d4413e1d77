#include "p2p/protocol/chain_sync.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "consensus/header_rules.h"

#include <algorithm>

namespace emc::p2p {

using base::Hash256;
using consensus::ForkState;
using consensus::Rule;
using primitives::BlockHeader;
using primitives::BlockRef;

namespace {

/// Bytes of a headers message that was probably cut at the limit of a message.
constexpr size_t NEARLY_FULL_BYTES = MAX_PAYLOAD_BYTES / 2;

template <typename V>
using ByHash = std::unordered_map<Hash256, V, base::HashOfHash>;

/// Where an unproven header stands.
struct Placed {
    Hash256 previous;
    int32_t height = 0;
    ForkState state;
};

struct EarlyBlock {
    PeerId peer = 0;
    BlockRef block;
    size_t bytes = 0;
};

struct Judged {
    PeerId peer = 0;
    size_t bytes = 0;
};

size_t BytesOf(const primitives::Block& block)
{
    size_t bytes = HeaderEntryBytes(block.header);
    for (const auto& tx : block.transactions)
        bytes += tx->TotalSize();
    return bytes;
}

bool IsContinuous(const std::vector<BlockHeader>& headers)
{
    for (size_t i = 1; i < headers.size(); ++i) {
        if (headers[i].prev_hash != headers[i - 1].Hash()) return false;
    }
    return true;
}

} // namespace

struct ChainSync::Impl {
    Impl(Desk& d, Report r) : desk(d), report(std::move(r)) {}

    [[nodiscard]] chain::Chain& Chain() const { return desk.deps.chain; }

    [[nodiscard]] std::optional<Placed> PlaceOf(const Hash256& hash) const;
    void NoteBest(Peer& peer, const Hash256& hash, int32_t height) const;
    [[nodiscard]] bool TakeHeader(Peer& peer, const BlockHeader& header);
    void Ask(Peer& peer, std::vector<Hash256> front) const;
    [[nodiscard]] std::vector<BlockDownloads::Wanted> Missing(const Peer& peer) const;
    [[nodiscard]] std::vector<BlockDownloads::Wanted> History(const Peer& peer) const;
    void Plan(Peer& peer, int64_t now_ms);
    void Submit(PeerId peer, const BlockRef& block, size_t bytes);
    void KeepEarly(Peer& peer, const BlockRef& block);
    void Accepted(PeerId from, const Hash256& hash, int32_t height);
    void Forget(const Hash256& hash);
    [[nodiscard]] std::vector<EarlyBlock> TakeEarly(const Hash256& parent);
    void SweepNotes();

    Desk& desk;
    const Report report;
    UnprovenHeaders unproven;
    BlockDownloads downloads;
    ByHash<Placed> notes;
    ByHash<std::vector<EarlyBlock>> early; ///< by parent
    ByHash<size_t> early_hashes;
    size_t early_bytes = 0;
    ByHash<Judged> in_chain; ///< handed over, not judged yet
    size_t in_chain_bytes = 0;
    std::map<PeerId, int> loose;      ///< headers in a row without a parent
    std::map<PeerId, bool> cut_short; ///< headers were left out for want of room
    int64_t next_sweep_ms = 0;
};

ChainSync::ChainSync(Desk& desk, Report report) : m_impl(std::make_unique<Impl>(desk, std::move(report))) {}

ChainSync::~ChainSync() = default;

std::optional<Placed> ChainSync::Impl::PlaceOf(const Hash256& hash) const
{
    if (const auto it = notes.find(hash); it != notes.end()) return it->second;
    const auto known = Chain().Find(hash);
    if (!known) return std::nullopt;
    return Placed{known->previous, known->height, known->fork_state};
}

void ChainSync::Impl::NoteBest(Peer& peer, const Hash256& hash, int32_t height) const
{
    if (height < peer.best_height) return;
    peer.best_block = hash;
    peer.best_height = height;
}

void ChainSync::Impl::Ask(Peer& peer, std::vector<Hash256> front) const
{
    GetHeaders out;
    out.hashes = std::move(front);
    for (const auto& hash : Chain().Locator()) {
        if (out.hashes.size() < MAX_LOCATOR_HASHES) out.hashes.push_back(hash);
    }
    desk.Send(peer, out);
}

void ChainSync::AskHeaders(Peer& peer)
{
    std::vector<Hash256> front;
    if (auto waiting = m_impl->unproven.Of(peer.Id()); !waiting.empty()) front.push_back(waiting.back());
    m_impl->Ask(peer, std::move(front));
}

void ChainSync::OnReady(Peer& peer)
{
    AskHeaders(peer);
}

void ChainSync::OnClosed(PeerId peer)
{
    m_impl->unproven.Disconnected(peer);
    m_impl->downloads.Disconnected(peer);
    m_impl->loose.erase(peer);
    m_impl->cut_short.erase(peer);
}

/// False: the rest of the message is not looked at.
bool ChainSync::Impl::TakeHeader(Peer& peer, const BlockHeader& header)
{
    const auto hash = header.Hash();
    if (const auto known = Chain().Find(hash)) {
        if (known->invalid) {
            desk.Punish(peer, "follows a chain with the invalid block " + base::ReversedHex(hash));
            return false;
        }
        NoteBest(peer, hash, known->height);
        if (known->Here()) return true;
    }
    const auto& params = Chain().Params();
    if (const auto good = consensus::CheckHeader(header, params); !good) {
        desk.Punish(peer, "header " + base::ReversedHex(hash) + ": " + consensus::Describe(good.Error()));
        return false;
    }
    const auto parent = PlaceOf(header.prev_hash);
    if (!parent) return false;
    const auto kind = header.IsProofOfStake() ? consensus::Kind::Pos : consensus::Kind::Pow;
    if (header.bits != parent->state.RequiredBits(params, kind, parent->height)) {
        desk.Punish(peer, "header " + base::ReversedHex(hash) + ": " +
                              std::string(consensus::Text(Rule::HeaderBits)));
        return false;
    }
    const bool parent_known = Chain().Find(header.prev_hash).has_value();
    switch (
        unproven.Add(peer.Id(), header,
                     parent_known ? UnprovenHeaders::Parent::InIndex : UnprovenHeaders::Parent::Unknown)) {
    case UnprovenHeaders::Result::Added:
    case UnprovenHeaders::Result::Known:
        break;
    case UnprovenHeaders::Result::Loose:
        return false;
    case UnprovenHeaders::Result::PeerFull:
    case UnprovenHeaders::Result::Full:
        cut_short[peer.Id()] = true;
        return false;
    }
    notes.try_emplace(hash, Placed{header.prev_hash, parent->height + 1, parent->state.Next(params, header)});
    return true;
}

void ChainSync::On(Peer& peer, const Headers& message)
{
    const auto& headers = message.headers;
    if (headers.empty()) return;
    if (!IsContinuous(headers)) return m_impl->desk.Punish(peer, "headers that do not follow one another");
    const auto& first_parent = headers.front().prev_hash;
    const bool connects = m_impl->Chain().Find(first_parent) || m_impl->unproven.Has(peer.Id(), first_parent);
    if (!connects) {
        if (++m_impl->loose[peer.Id()] > MAX_LOOSE_HEADERS)
            return m_impl->desk.Punish(peer, "headers that connect to nothing, again and again");
        return AskHeaders(peer);
    }
    m_impl->loose.erase(peer.Id());
    m_impl->cut_short.erase(peer.Id());
    size_t bytes = 0;
    for (const auto& header : headers) {
        bytes += HeaderEntryBytes(header);
        if (!m_impl->TakeHeader(peer, header)) break;
    }
    if (peer.closing) return;
    const bool more = headers.size() >= MAX_HEADERS || bytes > NEARLY_FULL_BYTES;
    if (more && !m_impl->cut_short.contains(peer.Id())) m_impl->Ask(peer, {headers.back().Hash()});
    m_impl->Plan(peer, m_impl->desk.NowMs());
}

/// The blocks to fetch on the way to the peer's best branch, lowest first; none unless it beats the present
/// tip.
std::vector<BlockDownloads::Wanted> ChainSync::Impl::Missing(const Peer& peer) const
{
    const Placed* best = nullptr;
    Hash256 best_hash;
    for (const auto& hash : unproven.Of(peer.Id())) {
        const auto it = notes.find(hash);
        if (it == notes.end() || (best != nullptr && !it->second.state.BetterThan(best->state))) continue;
        best = &it->second;
        best_hash = hash;
    }
    if (best == nullptr || !best->state.BetterThan(Chain().Next().fork_state)) return {};
    std::vector<BlockDownloads::Wanted> out;
    for (const Placed* walk = best; walk != nullptr;) {
        out.push_back({walk->height, best_hash});
        best_hash = walk->previous;
        const auto it = notes.find(best_hash);
        walk = it == notes.end() ? nullptr : &it->second;
    }
    std::reverse(out.begin(), out.end());
    return out;
}

void ChainSync::Impl::Plan(Peer& peer, int64_t now_ms)
{
    auto missing = Missing(peer);
    if (missing.empty()) missing = History(peer);
    if (missing.empty()) return;
    if (in_chain.size() >= MAX_BLOCKS_IN_CHAIN_QUEUE || in_chain_bytes >= MAX_BYTES_IN_CHAIN_QUEUE) return;
    const int32_t first = missing.front().height;
    std::erase_if(missing, [this](const BlockDownloads::Wanted& wanted) {
        return in_chain.contains(wanted.hash) || early_hashes.contains(wanted.hash);
    });
    GetData out;
    for (const auto& hash : downloads.Plan(peer.Id(), missing, first, now_ms))
        out.items.push_back({InvKind::WitnessBlock, hash});
    if (!out.items.empty()) desk.Send(peer, out);
}

/// Blocks below a loaded snapshot, when the peer has them and nothing newer is missing.
std::vector<BlockDownloads::Wanted> ChainSync::Impl::History(const Peer& peer) const
{
    std::vector<BlockDownloads::Wanted> out;
    if (!Offers(peer.Offered(), Service::Network)) return out;
    for (const auto& block : Chain().MissingHistory(DOWNLOAD_WINDOW))
        out.push_back({block.height, block.hash});
    return out;
}

void ChainSync::Note(Peer& peer, const BlockHeader& header)
{
    (void)m_impl->TakeHeader(peer, header);
}

void ChainSync::OnAnnounced(Peer& peer, const Hash256& block)
{
    if (const auto known = m_impl->Chain().Find(block)) {
        m_impl->NoteBest(peer, block, known->height);
        if (known->Here()) return;
    }
    if (!m_impl->unproven.Has(peer.Id(), block)) AskHeaders(peer);
}

void ChainSync::OnNotFound(Peer& peer, const Hash256& block)
{
    m_impl->downloads.NotFound(peer.Id(), block);
}

bool ChainSync::Reserve(Peer& peer, const Hash256& block)
{
    const auto it = m_impl->notes.find(block);
    if (it == m_impl->notes.end() || m_impl->in_chain.contains(block)) return false;
    return m_impl->downloads.Reserve(peer.Id(), {it->second.height, block}, m_impl->desk.NowMs());
}

void ChainSync::OnBlock(Peer& peer, const BlockRef& block)
{
    auto& impl = *m_impl;
    const auto hash = block->header.Hash();
    const bool asked = impl.downloads.Received(peer.Id(), hash, impl.desk.NowMs());
    const auto known = impl.Chain().Find(hash);
    if (known) impl.NoteBest(peer, hash, known->height);
    if ((known && known->Here()) || impl.in_chain.contains(hash) || impl.early_hashes.contains(hash)) return;
    if (!asked && !impl.unproven.Has(peer.Id(), hash)) {
        // Nobody asked for it: worth a look only if it would be the new tip.
        if (!impl.PlaceOf(block->header.prev_hash)) return AskHeaders(peer);
        if (!impl.TakeHeader(peer, block->header)) return;
        const auto place = impl.PlaceOf(hash);
        if (!place || !place->state.BetterThan(impl.Chain().Next().fork_state)) return;
    }
    const auto& parent = block->header.prev_hash;
    const auto below = impl.Chain().Find(parent);
    const bool reachable =
        below && (below->Here() || below->in_best_chain); // in the chain, but behind a snapshot
    if (reachable || impl.in_chain.contains(parent)) {
        impl.Submit(peer.Id(), block, BytesOf(*block));
    } else {
        impl.KeepEarly(peer, block);
        // The chain held the block before it and has forgotten it by now: its header is needed again.
        if (!below && !impl.notes.contains(parent)) impl.Ask(peer, {});
    }
    impl.Plan(peer, impl.desk.NowMs());
}

void ChainSync::Impl::KeepEarly(Peer& peer, const BlockRef& block)
{
    const size_t bytes = BytesOf(*block);
    if (early_bytes + bytes > MAX_EARLY_BYTES) return; // it is asked for again when its time has come
    early_bytes += bytes;
    early_hashes.emplace(block->header.Hash(), bytes);
    early[block->header.prev_hash].push_back({peer.Id(), block, bytes});
}

/// Takes out what waits for a block, and what waits for that, parents first.
std::vector<EarlyBlock> ChainSync::Impl::TakeEarly(const Hash256& parent)
{
    std::vector<EarlyBlock> out;
    std::vector<Hash256> open{parent};
    while (!open.empty()) {
        const auto it = early.find(open.back());
        open.pop_back();
        if (it == early.end()) continue;
        for (auto& child : it->second) {
            const auto hash = child.block->header.Hash();
            early_bytes -= child.bytes;
            early_hashes.erase(hash);
            open.push_back(hash);
            out.push_back(std::move(child));
        }
        early.erase(it);
    }
    return out;
}

void ChainSync::Impl::Submit(PeerId peer, const BlockRef& block, size_t bytes)
{
    const auto hand_over = [this](PeerId from, const BlockRef& given, size_t given_bytes) {
        const auto hash = given->header.Hash();
        in_chain.emplace(hash, Judged{from, given_bytes});
        in_chain_bytes += given_bytes;
        Chain().QueueBlock(
            given, [this, from, hash](const chain::BlockVerdict& verdict) { report(from, hash, verdict); });
    };
    hand_over(peer, block, bytes);
    // What waited for it can follow at once: the chain judges in this order.
    for (const auto& child : TakeEarly(block->header.Hash()))
        hand_over(child.peer, child.block, child.bytes);
}

void ChainSync::Impl::Forget(const Hash256& hash)
{
    for (const PeerId id : unproven.Refused(hash))
        cut_short.erase(id);
    notes.erase(hash);
    (void)TakeEarly(hash);
}

void ChainSync::Impl::Accepted(PeerId from, const Hash256& hash, int32_t height)
{
    unproven.Proven(hash);
    notes.erase(hash);
    Peer* peer = desk.Find(from);
    if (peer == nullptr) return;
    peer->last_block_sec = desk.deps.clock.NowSec();
    NoteBest(*peer, hash, height);
}

void ChainSync::OnVerdict(PeerId from, const Hash256& block, const chain::BlockVerdict& verdict)
{
    auto& impl = *m_impl;
    if (const auto it = impl.in_chain.find(block); it != impl.in_chain.end()) {
        impl.in_chain_bytes -= it->second.bytes;
        impl.in_chain.erase(it);
    }
    Peer* peer = impl.desk.Find(from);
    const auto blame = [&] {
        if (peer != nullptr)
            impl.desk.Punish(*peer,
                             "block " + base::ReversedHex(block) + ": " + consensus::Describe(verdict.rule));
    };
    switch (verdict.outcome) {
    case chain::Outcome::Accepted:
    case chain::Outcome::Known:
    case chain::Outcome::Held:
        impl.Accepted(from, block, verdict.height);
        break;
    case chain::Outcome::Invalid:
        impl.Forget(block);
        blame();
        break;
    case chain::Outcome::Mutated: // the hash may be good: others are asked
        (void)impl.TakeEarly(block);
        blame();
        break;
    case chain::Outcome::Waiting:
        if (verdict.rule.rule != Rule::HeaderParentUnknown) impl.Forget(block);
        break;
    case chain::Outcome::Failed:
        break;
    }
    if (peer != nullptr && !peer->closing) impl.Plan(*peer, impl.desk.NowMs());
}

/// Notes that no peer's header stands behind any more.
void ChainSync::Impl::SweepNotes()
{
    ByHash<Placed> kept;
    for (const auto& [id, _] : desk.Peers()) {
        for (const auto& hash : unproven.Of(id)) {
            if (const auto it = notes.find(hash); it != notes.end()) kept.emplace(*it);
        }
    }
    notes = std::move(kept);
}

void ChainSync::OnTick(int64_t now_ms)
{
    constexpr int64_t SWEEP_MS = 60'000;
    auto& impl = *m_impl;
    for (const auto& slow : impl.downloads.CheckTime(now_ms)) {
        Peer* peer = impl.desk.Find(slow.peer);
        if (peer == nullptr) continue;
        impl.desk.Drop(*peer, slow.fault == BlockDownloads::Fault::Stalls ? "holds up the download of blocks"
                                                                          : "a block did not come in time");
    }
    impl.desk.ForEachReady([&](Peer& peer) {
        impl.Plan(peer, now_ms);
        if (impl.cut_short.contains(peer.Id()) &&
            impl.unproven.Of(peer.Id()).size() < MAX_UNPROVEN_HEADERS / 2) {
            impl.cut_short.erase(peer.Id());
            AskHeaders(peer);
        }
    });
    if (now_ms < impl.next_sweep_ms) return;
    impl.next_sweep_ms = now_ms + SWEEP_MS;
    impl.SweepNotes();
}

std::vector<int32_t> ChainSync::InFlightHeights(PeerId peer) const
{
    return m_impl->downloads.Heights(peer);
}

int32_t ChainSync::UnprovenHeight(PeerId peer) const
{
    int32_t height = -1;
    for (const auto& hash : m_impl->unproven.Of(peer)) {
        if (const auto it = m_impl->notes.find(hash); it != m_impl->notes.end())
            height = std::max(height, it->second.height);
    }
    return height;
}

} // namespace emc::p2p
