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

/// More headers are asked for when fewer than these wait, if some were left out.
constexpr size_t FEW_HEADERS = 1'200;

using Place = UnprovenHeaders::Place;
using Branch = std::deque<BlockDownloads::Wanted>;

template <typename V>
using ByHash = std::map<Hash256, V>; // ordered, since strangers choose the keys

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

/// What one peer sent.
struct Line {
    int loose = 0;          ///< headers in a row without a parent
    bool cut_short = false; ///< headers were left out for want of room
    UnaskedBlocks unasked;
};

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

    [[nodiscard]] std::optional<Place> PlaceOf(PeerId peer, const Hash256& hash) const;
    [[nodiscard]] ForkState TipState() const;
    void NoteBest(Peer& peer, const Hash256& hash, int32_t height) const;
    [[nodiscard]] bool TakeHeader(Peer& peer, const BlockHeader& header);
    void Ask(Peer& peer, std::vector<Hash256> front) const;
    [[nodiscard]] bool Unasked(Peer& peer, const BlockHeader& header);
    [[nodiscard]] const Branch& BetterBranch(const Peer& peer);
    [[nodiscard]] Branch History(const Peer& peer) const;
    [[nodiscard]] std::vector<BlockDownloads::Wanted> Missing(const Branch& branch) const;
    [[nodiscard]] bool ChainBusy() const;
    void Plan(Peer& peer, int64_t now_ms);
    void Submit(PeerId peer, const BlockRef& block, size_t bytes);
    void KeepEarly(Peer& peer, const BlockRef& block);
    void Accepted(PeerId from, const Hash256& hash, int32_t height);
    void Forget(const Hash256& hash);
    [[nodiscard]] std::vector<EarlyBlock> TakeEarly(const Hash256& parent);
    void DropEarlyOf(PeerId peer);
    [[nodiscard]] bool TakeFetched(PeerId peer, const BlockRef& block);
    [[nodiscard]] Peer* NextToAsk(int64_t now_ms);

    Desk& desk;
    const Report report;
    UnprovenHeaders unproven;
    BlockDownloads downloads;
    ByHash<std::vector<EarlyBlock>> early; ///< by parent
    ByHash<size_t> early_hashes;
    size_t early_bytes = 0;
    ByHash<Judged> in_chain; ///< handed over, not judged yet
    size_t in_chain_bytes = 0;
    std::map<PeerId, Line> lines;
    ByHash<PeerId> fetched; ///< pruned blocks the operator wants, and of whom
    int64_t next_ask_ms = 0;
    PeerId last_asked = 0;
};

ChainSync::ChainSync(Desk& desk, Report report) : m_impl(std::make_unique<Impl>(desk, std::move(report))) {}

ChainSync::~ChainSync() = default;

std::optional<Place> ChainSync::Impl::PlaceOf(PeerId peer, const Hash256& hash) const
{
    if (const Place* place = unproven.Find(peer, hash)) return *place;
    const auto known = Chain().Find(hash);
    if (!known) return std::nullopt;
    return Place{known->height, known->fork_state};
}

ForkState ChainSync::Impl::TipState() const
{
    const auto tip = Chain().Find(Chain().GetTip().hash);
    EMC_CHECK(tip.has_value());
    return tip->fork_state;
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
    if (const auto& waiting = m_impl->unproven.BranchOf(peer.Id()); !waiting.empty())
        front.push_back(waiting.back().hash);
    m_impl->Ask(peer, std::move(front));
}

/// Notes a proof-of-stake block that came without being asked for. False: the peer goes.
bool ChainSync::Impl::Unasked(Peer& peer, const BlockHeader& header)
{
    if (!header.IsProofOfStake() || lines[peer.Id()].unasked.Note(header.prev_hash, header.Hash()))
        return true;
    desk.Punish(peer, "sends a third proof-of-stake block on " + base::ReversedHex(header.prev_hash) +
                          " without being asked");
    return false;
}

void ChainSync::OnReady(Peer& peer)
{
    AskHeaders(peer);
}

void ChainSync::OnClosed(PeerId peer)
{
    m_impl->unproven.Disconnected(peer);
    m_impl->downloads.Disconnected(peer);
    m_impl->lines.erase(peer);
    std::erase_if(m_impl->fetched, [peer](const auto& item) { return item.second == peer; });
    m_impl->DropEarlyOf(peer);
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
    const auto parent = PlaceOf(peer.Id(), header.prev_hash);
    if (!parent) return false;
    const auto kind = header.IsProofOfStake() ? consensus::Kind::Pos : consensus::Kind::Pow;
    if (header.bits != parent->state.RequiredBits(params, kind, parent->height)) {
        desk.Punish(peer, "header " + base::ReversedHex(hash) + ": " +
                              std::string(consensus::Text(Rule::HeaderBits)));
        return false;
    }
    const auto in_index =
        Chain().Find(header.prev_hash) ? UnprovenHeaders::Parent::InIndex : UnprovenHeaders::Parent::Unknown;
    const Place place{parent->height + 1, parent->state.Next(params, header)};
    switch (unproven.Add(peer.Id(), header, place, in_index)) {
    case UnprovenHeaders::Result::Added:
    case UnprovenHeaders::Result::Known:
        return true;
    case UnprovenHeaders::Result::Loose:
        return false;
    case UnprovenHeaders::Result::PeerFull:
    case UnprovenHeaders::Result::Full:
        lines[peer.Id()].cut_short = true;
        return false;
    }
    return false;
}

void ChainSync::On(Peer& peer, const Headers& message)
{
    const auto& headers = message.headers;
    if (headers.empty()) return;
    if (!IsContinuous(headers)) return m_impl->desk.Punish(peer, "headers that do not follow one another");
    const auto& first_parent = headers.front().prev_hash;
    Line& line = m_impl->lines[peer.Id()];
    if (!m_impl->PlaceOf(peer.Id(), first_parent)) {
        if (++line.loose > MAX_LOOSE_HEADERS)
            return m_impl->desk.Punish(peer, "headers that connect to nothing, again and again");
        return AskHeaders(peer);
    }
    line.loose = 0;
    line.cut_short = false;
    size_t bytes = 0;
    for (const auto& header : headers) {
        bytes += HeaderEntryBytes(header);
        if (!m_impl->TakeHeader(peer, header)) break;
    }
    if (peer.closing) return;
    const bool more = headers.size() >= MAX_HEADERS || bytes > NEARLY_FULL_BYTES;
    if (more && !line.cut_short) m_impl->Ask(peer, {headers.back().Hash()});
    m_impl->Plan(peer, m_impl->desk.NowMs());
}

/// The way to the peer's best branch, lowest first; none unless it beats the present tip.
const Branch& ChainSync::Impl::BetterBranch(const Peer& peer)
{
    static const Branch NONE;
    const Branch& branch = unproven.BranchOf(peer.Id());
    if (branch.empty()) return NONE;
    const Place* best = unproven.Find(peer.Id(), branch.back().hash);
    return best->state.BetterThan(TipState()) ? branch : NONE;
}

/// Blocks below a loaded snapshot, when the peer has them.
Branch ChainSync::Impl::History(const Peer& peer) const
{
    Branch out;
    if (!Offers(peer.Offered(), Service::Network)) return out;
    for (const auto& block : Chain().MissingHistory(DOWNLOAD_WINDOW))
        out.push_back({block.height, block.hash});
    return out;
}

/// As many blocks of the branch as a peer may be asked for, lowest first, and those in flight between them.
std::vector<BlockDownloads::Wanted> ChainSync::Impl::Missing(const Branch& branch) const
{
    std::vector<BlockDownloads::Wanted> out;
    size_t free = 0;
    for (const auto& wanted : branch) {
        if (in_chain.contains(wanted.hash) || early_hashes.contains(wanted.hash)) continue;
        out.push_back(wanted);
        if (wanted.height >= branch.front().height + DOWNLOAD_WINDOW) break;
        if (!downloads.IsInFlight(wanted.hash) && ++free == MAX_BLOCKS_IN_FLIGHT_PER_PEER) break;
    }
    return out;
}

bool ChainSync::Impl::ChainBusy() const
{
    return in_chain.size() >= MAX_BLOCKS_IN_CHAIN_QUEUE || in_chain_bytes >= MAX_BYTES_IN_CHAIN_QUEUE;
}

void ChainSync::Impl::Plan(Peer& peer, int64_t now_ms)
{
    // Several at a time: the next ones when half of them have come.
    if (ChainBusy() || downloads.InFlight(peer.Id()) > downloads.Share() / 2) return;
    const Branch& better = BetterBranch(peer);
    Branch history;
    if (better.empty()) history = History(peer);
    const Branch& branch = better.empty() ? history : better;
    if (branch.empty()) return;
    GetData out;
    for (const auto& hash : downloads.Plan(peer.Id(), Missing(branch), branch.front().height, now_ms))
        out.items.push_back({InvKind::WitnessBlock, hash});
    if (!out.items.empty()) desk.Send(peer, out);
}

void ChainSync::Note(Peer& peer, const BlockHeader& header)
{
    if (m_impl->TakeHeader(peer, header)) (void)m_impl->Unasked(peer, header);
}

void ChainSync::OnAnnounced(Peer& peer, const Hash256& block)
{
    if (const auto known = m_impl->Chain().Find(block)) {
        m_impl->NoteBest(peer, block, known->height);
        if (known->Here()) return;
    }
    if (m_impl->unproven.Find(peer.Id(), block) == nullptr) AskHeaders(peer);
}

void ChainSync::OnNotFound(Peer& peer, const Hash256& block)
{
    m_impl->downloads.NotFound(peer.Id(), block);
    if (const auto it = m_impl->fetched.find(block); it != m_impl->fetched.end() && it->second == peer.Id())
        m_impl->fetched.erase(it);
}

std::string ChainSync::Fetch(Peer& peer, const Hash256& block)
{
    auto& impl = *m_impl;
    const auto known = impl.Chain().Find(block);
    if (!known) return "Block header missing";
    if (!known->pruned) {
        return known->Here() ? "Block already downloaded"
                             : "This block was never here: it comes by itself when its branch is better";
    }
    if (!impl.fetched.contains(block) && impl.fetched.size() >= MAX_FETCHED)
        return "Too many blocks are asked for and have not come; wait for them, or disconnect those peers";
    impl.fetched.insert_or_assign(block, peer.Id());
    GetData out;
    out.items.push_back({InvKind::WitnessBlock, block});
    impl.desk.Send(peer, out);
    return {};
}

/// Was it this that the operator wanted?
bool ChainSync::Impl::TakeFetched(PeerId peer, const BlockRef& block)
{
    const auto hash = block->header.Hash();
    const auto it = fetched.find(hash);
    if (it == fetched.end() || it->second != peer) return false;
    fetched.erase(it);
    Chain().RestoreBlock(block, [tell = report, peer, hash](const chain::BlockVerdict& verdict) {
        tell(peer, hash, verdict);
    });
    return true;
}

bool ChainSync::Reserve(Peer& peer, const Hash256& block)
{
    const Place* place = m_impl->unproven.Find(peer.Id(), block);
    if (place == nullptr || m_impl->in_chain.contains(block)) return false;
    return m_impl->downloads.Reserve(peer.Id(), {place->height, block}, m_impl->desk.NowMs());
}

void ChainSync::OnBlock(Peer& peer, const BlockRef& block)
{
    auto& impl = *m_impl;
    const auto hash = block->header.Hash();
    if (impl.TakeFetched(peer.Id(), block)) return;
    const size_t bytes = BytesOf(*block);
    const bool asked = impl.downloads.Received(peer.Id(), hash, bytes, impl.desk.NowMs());
    const auto known = impl.Chain().Find(hash);
    if (known) impl.NoteBest(peer, hash, known->height);
    if ((known && known->Here()) || impl.in_chain.contains(hash) || impl.early_hashes.contains(hash)) return;
    if (!asked) {
        // Worth a look only if it would be the new tip, and not when the chain has enough to do: it can be
        // asked for.
        if (!impl.PlaceOf(peer.Id(), block->header.prev_hash)) return AskHeaders(peer);
        if (!impl.TakeHeader(peer, block->header) || !impl.Unasked(peer, block->header)) return;
        const Place* place = impl.unproven.Find(peer.Id(), hash);
        if (place == nullptr || !place->state.BetterThan(impl.TipState()) || impl.ChainBusy()) return;
    }
    const auto& parent = block->header.prev_hash;
    const auto below = impl.Chain().Find(parent);
    const bool reachable =
        below && (below->Here() || below->in_best_chain); // in the chain, but behind a snapshot
    if (reachable || impl.in_chain.contains(parent)) {
        impl.Submit(peer.Id(), block, bytes);
    } else {
        impl.KeepEarly(peer, block);
        // The chain held the block before it and has forgotten it by now: its header is needed again.
        if (!below && impl.unproven.Find(peer.Id(), parent) == nullptr) impl.Ask(peer, {});
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
        // A copy of it, since the chain may come to the block when this is gone.
        Chain().QueueBlock(given, [tell = report, from, hash](const chain::BlockVerdict& verdict) {
            tell(from, hash, verdict);
        });
    };
    hand_over(peer, block, bytes);
    // What waited for it can follow at once: the chain judges in this order.
    for (const auto& child : TakeEarly(block->header.Hash()))
        hand_over(child.peer, child.block, child.bytes);
}

void ChainSync::Impl::Forget(const Hash256& hash)
{
    for (const PeerId id : unproven.Refused(hash))
        lines[id].cut_short = false;
    (void)TakeEarly(hash);
}

void ChainSync::Impl::Accepted(PeerId from, const Hash256& hash, int32_t height)
{
    unproven.Proven(hash);
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

/// What came early from a peer that has gone: nobody is left to send what it waits for.
void ChainSync::Impl::DropEarlyOf(PeerId peer)
{
    for (auto& [_, waiting] : early) {
        std::erase_if(waiting, [&](const EarlyBlock& block) {
            if (block.peer != peer) return false;
            early_bytes -= block.bytes;
            early_hashes.erase(block.block->header.Hash());
            return true;
        });
    }
    std::erase_if(early, [](const auto& item) { return item.second.empty(); });
}

/// Whose turn it is to be asked for headers; null: nobody's now, or all that are there give something
/// already.
Peer* ChainSync::Impl::NextToAsk(int64_t now_ms)
{
    if (now_ms < next_ask_ms) return nullptr;
    next_ask_ms = now_ms + (Chain().GetTip().initial_download ? ASK_AGAIN_MS : ASK_SELDOM_MS);
    Peer* first = nullptr;
    Peer* next = nullptr;
    desk.ForEachReady([&](Peer& peer) {
        if (downloads.InFlight(peer.Id()) > 0 || unproven.CountOf(peer.Id()) > 0) return;
        if (first == nullptr) first = &peer;
        if (next == nullptr && peer.Id() > last_asked) next = &peer;
    });
    Peer* chosen = next != nullptr ? next : first;
    if (chosen != nullptr) last_asked = chosen->Id();
    return chosen;
}

void ChainSync::OnTick(int64_t now_ms)
{
    auto& impl = *m_impl;
    if (Peer* peer = impl.NextToAsk(now_ms)) AskHeaders(*peer);
    for (const auto& slow : impl.downloads.CheckTime(now_ms)) {
        Peer* peer = impl.desk.Find(slow.peer);
        if (peer == nullptr) continue;
        impl.desk.Drop(*peer, slow.fault == BlockDownloads::Fault::Stalls ? "holds up the download of blocks"
                                                                          : "a block did not come in time");
    }
    impl.desk.ForEachReady([&](Peer& peer) {
        impl.Plan(peer, now_ms);
        Line& line = impl.lines[peer.Id()];
        if (line.cut_short && impl.unproven.CountOf(peer.Id()) < FEW_HEADERS) {
            line.cut_short = false;
            AskHeaders(peer);
        }
    });
}

std::vector<int32_t> ChainSync::InFlightHeights(PeerId peer) const
{
    return m_impl->downloads.Heights(peer);
}

size_t ChainSync::Bytes() const
{
    return m_impl->unproven.Bytes() + m_impl->early_bytes;
}

int32_t ChainSync::UnprovenHeight(PeerId peer) const
{
    const auto& branch = m_impl->unproven.BranchOf(peer);
    return branch.empty() ? -1 : branch.back().height;
}

} // namespace emc::p2p
