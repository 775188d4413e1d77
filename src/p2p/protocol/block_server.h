/// Giving out the chain: headers, blocks, and news of a better tip.
#pragma once

#include "p2p/protocol/desk.h"

#include <deque>

namespace emc::p2p {

/// Answers to one getblocks.
inline constexpr size_t MAX_BLOCKS_ANNOUNCED = 500;
/// New blocks that are announced one by one; of more only the last.
inline constexpr size_t MAX_HEADERS_ANNOUNCED = 8;
/// Blocks older than this are not sent in compact form, nor parts of them.
inline constexpr int32_t COMPACT_DEPTH = 10;
/// A full day of upload counts from its first byte.
inline constexpr int64_t UPLOAD_DAY_SEC = 86'400;
/// Once the upload target is near, blocks older than this are refused.
inline constexpr int64_t OLD_BLOCK_SEC = 7 * 86'400;
/// Questions of one peer that wait for their turn.
inline constexpr size_t MAX_WAITING_QUESTIONS = MAX_INVENTORY;

/// The message thread only.
class BlockServer
{
public:
    explicit BlockServer(Desk& desk) : m_desk(desk) {}

    void On(Peer& peer, const GetHeaders& message);
    void On(Peer& peer, const GetBlocks& message);
    void On(Peer& peer, const GetBlockTxn& message);
    /// The blocks among what getdata asks for; answered as the peer reads.
    void OnGetData(Peer& peer, const std::vector<InvItem>& blocks);
    /// `connected`: blocks that came to the best chain since the last call, parents first, the last is the
    /// tip; not empty. `rare`: its transactions that this node had to ask for (CompactReceiver::Rare).
    void OnTip(const std::vector<primitives::BlockRef>& connected, std::span<const uint16_t> rare);
    void OnTick(int64_t now_ms);
    void OnClosed(PeerId peer);

    /// Bytes of the upload target that are left today, and seconds of it; the target's value while there is
    /// none.
    struct Upload {
        uint64_t left_bytes = 0;
        int64_t left_sec = 0;
        bool serves_old = true;
    };

    [[nodiscard]] Upload UploadLeft() const;

private:
    /// The height the first known hash of a locator has in the best chain; 0 when none is known.
    [[nodiscard]] int32_t ForkHeight(const std::vector<base::Hash256>& locator) const;
    void Answer(Peer& peer, std::deque<InvItem>& questions);
    [[nodiscard]] bool GiveBlock(Peer& peer, const InvItem& item);
    [[nodiscard]] bool MayGive(Peer& peer, int64_t block_time);
    void CountUpload(size_t bytes);
    void Announce(Peer& peer, const std::vector<primitives::BlockRef>& connected,
                  std::span<const uint16_t> rare) const;

    Desk& m_desk;
    std::map<PeerId, std::deque<InvItem>> m_questions;
    uint64_t m_uploaded = 0; ///< block bytes of the present day
    int64_t m_day_start_sec = 0;
};

} // namespace emc::p2p
