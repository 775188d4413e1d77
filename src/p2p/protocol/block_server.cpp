#include "p2p/protocol/block_server.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "p2p/protocol/bloom_server.h"
#include "p2p/sync/partial_block.h"

#include <algorithm>

namespace emc::p2p {

using base::Hash256;
using primitives::BlockRef;

namespace {

/// Headers that came with a snapshot have no merged-mining proof until their block is here.
bool Complete(const primitives::BlockHeader& header)
{
    return !header.IsAuxPow() || header.auxpow != nullptr;
}

/// Notes a block of the best chain whose header the peer has been given or has shown to have.
void Told(Peer& peer, const Hash256& block, int32_t height)
{
    if (height < peer.best_height) return;
    peer.best_block = block;
    peer.best_height = height;
}

} // namespace

int32_t BlockServer::ForkHeight(const std::vector<Hash256>& locator) const
{
    for (const auto& hash : locator) {
        const auto known = m_desk.deps.chain.Find(hash);
        if (known && known->in_best_chain) return known->height;
    }
    return 0;
}

void BlockServer::On(Peer& peer, const GetHeaders& message)
{
    const auto& reader = m_desk.deps.chain.Reader();
    Headers out;
    if (message.hashes.empty()) {
        if (const auto info = reader.BlockByHash(message.stop);
            info && info->has_data && Complete(info->header))
            out.headers.push_back(info->header);
        return m_desk.Send(peer, out);
    }
    size_t bytes = 0;
    const int32_t fork = ForkHeight(message.hashes);
    for (int32_t height = fork; out.headers.size() < MAX_HEADERS; ++height) {
        const auto info = reader.BlockByHeight(height);
        if (!info || !Complete(info->header)) break;
        Told(peer, info->hash, height);
        if (height == fork) continue; // the peer's own
        bytes += HeaderEntryBytes(info->header);
        if (bytes > MAX_PAYLOAD_BYTES / 2 && !out.headers.empty()) break;
        out.headers.push_back(info->header);
        if (info->hash == message.stop) break;
    }
    m_desk.Send(peer, out);
}

void BlockServer::On(Peer& peer, const GetBlocks& message)
{
    const auto& reader = m_desk.deps.chain.Reader();
    Inv out;
    for (int32_t height = ForkHeight(message.hashes) + 1; out.items.size() < MAX_BLOCKS_ANNOUNCED; ++height) {
        const auto info = reader.BlockByHeight(height);
        if (!info || info->hash == message.stop) break;
        out.items.push_back({InvKind::Block, info->hash});
    }
    if (!out.items.empty()) m_desk.Send(peer, out);
}

void BlockServer::OnGetData(Peer& peer, const std::vector<InvItem>& blocks)
{
    auto& questions = m_questions[peer.Id()];
    if (questions.size() + blocks.size() > MAX_WAITING_QUESTIONS)
        return m_desk.Punish(peer, "asks for more blocks than it reads");
    questions.insert(questions.end(), blocks.begin(), blocks.end());
    Answer(peer, questions);
}

void BlockServer::Answer(Peer& peer, std::deque<InvItem>& questions)
{
    NotFound missing;
    while (!questions.empty() && !m_desk.Busy(peer) && !peer.closing) {
        const InvItem item = questions.front();
        questions.pop_front();
        if (!GiveBlock(peer, item)) missing.items.push_back(item);
    }
    if (!missing.items.empty()) m_desk.Send(peer, missing);
}

void BlockServer::CountUpload(size_t bytes)
{
    const int64_t now = m_desk.deps.clock.NowSec();
    if (now - m_day_start_sec >= UPLOAD_DAY_SEC) {
        m_day_start_sec = now;
        m_uploaded = 0;
    }
    m_uploaded += bytes;
}

BlockServer::Upload BlockServer::UploadLeft() const
{
    const uint64_t target = m_desk.options.upload_target_bytes;
    const int64_t gone = m_desk.deps.clock.NowSec() - m_day_start_sec;
    const bool same_day = gone < UPLOAD_DAY_SEC;
    Upload out;
    out.left_bytes = target - std::min(target, same_day ? m_uploaded : 0);
    out.left_sec = target == 0 ? 0 : same_day ? UPLOAD_DAY_SEC - gone : UPLOAD_DAY_SEC;
    // Some room is kept for what is new: an hour's worth of full blocks.
    const uint64_t reserve = std::min<uint64_t>(target / 4, uint64_t{7} * MAX_PAYLOAD_BYTES);
    out.serves_old = target == 0 || out.left_bytes > reserve;
    return out;
}

bool BlockServer::MayGive(Peer& peer, int64_t block_time)
{
    if (peer.May(Permission::Download) || UploadLeft().serves_old) return true;
    if (m_desk.deps.clock.NowSec() - block_time < OLD_BLOCK_SEC) return true;
    m_desk.Drop(peer, "asks for old blocks while the upload target is reached");
    return false;
}

/// False when the block cannot be given.
bool BlockServer::GiveBlock(Peer& peer, const InvItem& item)
{
    auto& chain = m_desk.deps.chain;
    const auto known = chain.Find(item.hash);
    if (!known || !known->stored || known->invalid) return false;
    const int32_t depth = chain.GetTip().height - known->height;
    if (!known->in_best_chain && depth > COMPACT_DEPTH) return false; // old branches tell who we are
    if (!MayGive(peer, known->time)) return true;
    const bool too_deep = item.kind == InvKind::CompactBlock && depth > COMPACT_DEPTH;
    if (item.kind == InvKind::WitnessBlock || too_deep) {
        auto bytes = chain.BlockBytes(item.hash);
        if (!bytes) return false;
        CountUpload(known->bytes);
        m_desk.Send(peer, BlockMessage::COMMAND, std::move(*bytes));
        return true;
    }
    const auto block = chain.Reader().ReadBlock(item.hash);
    if (!block) return false;
    CountUpload(known->bytes);
    switch (item.kind) {
    case InvKind::CompactBlock:
        m_desk.Send(peer, MakeCompactBlock(**block, m_desk.deps.random.Next64()));
        return true;
    case InvKind::Block:
        m_desk.Send(peer, BlockMessage{*block, primitives::WitnessMode::Without});
        return true;
    case InvKind::FilteredBlock:
        return GiveFiltered(m_desk, peer, **block);
    default:
        return false;
    }
}

void BlockServer::On(Peer& peer, const GetBlockTxn& message)
{
    const auto known = m_desk.deps.chain.Find(message.block);
    if (!known || !known->stored) return;
    if (m_desk.deps.chain.GetTip().height - known->height > COMPACT_DEPTH)
        return OnGetData(peer, {{InvKind::WitnessBlock, message.block}});
    const auto block = m_desk.deps.chain.Reader().ReadBlock(message.block);
    if (!block) return;
    BlockTxn out;
    out.block = message.block;
    for (const uint16_t position : message.positions) {
        if (position >= (*block)->transactions.size())
            return m_desk.Punish(peer, "getblocktxn asks for a transaction behind the last one");
        out.transactions.push_back((*block)->transactions[position]);
    }
    m_desk.Send(peer, out);
}

void BlockServer::OnTip(const std::vector<BlockRef>& connected, std::span<const uint16_t> rare)
{
    m_desk.ForEachReady([&](Peer& peer) { Announce(peer, connected, rare); });
}

void BlockServer::Announce(Peer& peer, const std::vector<BlockRef>& connected,
                           std::span<const uint16_t> rare) const
{
    const auto& block = connected.back();
    const auto hash = block->header.Hash();
    const auto& chain = m_desk.deps.chain;
    if (peer.best_block == hash) return;
    const auto has = [&](const Hash256& parent) {
        const auto known = chain.Find(parent);
        const auto best = peer.best_block ? chain.Find(*peer.best_block) : std::nullopt;
        return known && best && best->in_best_chain && known->in_best_chain && best->height >= known->height;
    };
    const bool short_run = connected.size() <= MAX_HEADERS_ANNOUNCED;
    if (peer.compact_from && connected.size() == 1 && has(block->header.prev_hash)) {
        m_desk.Send(peer, MakeCompactBlock(*block, m_desk.deps.random.Next64(), rare));
    } else if (peer.wants_headers && short_run && has(connected.front()->header.prev_hash)) {
        Headers out;
        for (const auto& one : connected)
            out.headers.push_back(one->header);
        m_desk.Send(peer, out);
    } else {
        Inv out;
        out.items.push_back({InvKind::Block, hash});
        m_desk.Send(peer, out);
        return;
    }
    if (const auto known = chain.Find(hash)) Told(peer, hash, known->height);
}

void BlockServer::OnTick(int64_t /*now_ms*/)
{
    for (auto& [id, questions] : m_questions) {
        if (Peer* peer = m_desk.Find(id)) Answer(*peer, questions);
    }
}

void BlockServer::OnClosed(PeerId peer)
{
    m_questions.erase(peer);
}

} // namespace emc::p2p
