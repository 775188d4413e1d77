// A whole conversation without sockets: a small chain, a pool and all handlers of messages. For tests and
// fuzz targets.
#pragma once

#include "p2p/protocol/conversation.h"

namespace emc::consensus {
struct Params;
}

namespace emc::p2p {
class AddressManager;
}

namespace emc::test {

/// What a node says goes nowhere; connections it ends stay until Close, marked as closing. One thread.
class TalkRig
{
public:
    static constexpr int32_t KNOWN_BLOCKS = 3; ///< in the chain from the start
    static constexpr int32_t MADE_BLOCKS = 24; ///< that peers may have, on one another
    static constexpr uint32_t BLOCK_SEC = 600;

    /// `log_file` empty: no log. `inbound_places` as in Conversation::Options.
    TalkRig(const std::string& log_file, size_t inbound_places);
    ~TalkRig();
    TalkRig(const TalkRig&) = delete;
    TalkRig& operator=(const TalkRig&) = delete;

    static const consensus::Params& Params();
    /// Blocks of work upon genesis, the last eight with stakes of coins there are not.
    static const std::vector<primitives::BlockRef>& Blocks();

    /// Unix time at the beginning.
    static int64_t StartSec();

    [[nodiscard]] p2p::Conversation& Talk();
    [[nodiscard]] p2p::AddressManager& Addresses();
    [[nodiscard]] const p2p::AddressManager& Addresses() const;
    [[nodiscard]] p2p::BanList& Bans();

    /// A connection from or to somebody; its number.
    p2p::LinkId Open(p2p::LinkKind kind, const p2p::Endpoint& remote);
    void Say(p2p::LinkId peer, std::string_view command, base::Bytes payload);
    void Say(p2p::LinkId peer, const p2p::Message& message);
    void ShakeHands(p2p::LinkId peer, uint64_t nonce);
    /// Time passes, and what is due is done.
    void Advance(int64_t seconds);
    /// Until the chain has judged all it was given, and the verdicts have brought nothing new.
    void Settle();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// What a node that shakes hands says of itself.
[[nodiscard]] p2p::Version OpeningVersion(uint64_t nonce);

} // namespace emc::test
