/// Compact blocks: making them, and putting a block together from one (BIP 152).
#pragma once

#include "p2p/wire/compact.h"

namespace emc::p2p {

/// The short ids of one compact block: SipHash of the wtxid, cut to 48 bits, under a key made of header and
/// nonce.
class ShortIds
{
public:
    /// The 80 bytes of the header alone go into the key, never a merged-mining proof.
    ShortIds(const primitives::PlainHeader& header, uint64_t nonce);

    [[nodiscard]] uint64_t Of(const base::Hash256& wtxid) const;

private:
    uint64_t m_key0 = 0;
    uint64_t m_key1 = 0;
};

/// Bytes of transactions that are sent along because this node had to ask for them.
inline constexpr size_t MAX_SENT_ALONG_BYTES = 10'000;

/// The compact form of a block. The coinbase is sent along, and the coinstake of a proof-of-stake block,
/// which nobody can have; and the transactions at `rare`, rising places, as far as MAX_SENT_ALONG_BYTES goes.
[[nodiscard]] CompactBlock MakeCompactBlock(const primitives::Block& block, uint64_t nonce,
                                            std::span<const uint16_t> rare = {});

/// A block that is being put together. Holds references to transactions, no copies. One thread.
class PartialBlock
{
public:
    enum class Result : uint8_t {
        Ok,
        Invalid, ///< the sender broke the protocol
        Failed,  ///< short ids collide; ask for the whole block, nobody is to blame
    };

    /// Starts with a message that has been parsed. Invalid: no transaction, or for a proof-of-stake block
    /// without transactions 0 and 1. Failed: two transactions of the block have one short id.
    [[nodiscard]] Result Start(const CompactBlock& compact);
    /// Offers a transaction from the mempool or elsewhere. Two different ones that fit one place cancel each
    /// other.
    void Offer(const primitives::TxRef& tx);
    /// Places nobody offered a transaction for, rising; what `getblocktxn` asks for.
    [[nodiscard]] std::vector<uint16_t> Missing() const;

    /// Puts the missing transactions in, in the order of Missing, and gives the block. Invalid: another
    /// number of them. Failed: the hash tree differs, so that an offered transaction was the wrong one (a
    /// missing one that the peer chose wrongly looks the same). Whether witnesses fit the commitment is the
    /// chain's to check.
    struct Finished {
        Result result = Result::Failed;
        primitives::BlockRef block; ///< with Ok
    };

    [[nodiscard]] Finished Finish(const std::vector<primitives::TxRef>& missing) const;

    [[nodiscard]] const primitives::BlockHeader& Header() const { return m_header; }

private:
    struct Place {
        uint64_t short_id = 0;
        uint16_t position = 0;
        bool spoilt = false; ///< two transactions fit
    };

    primitives::BlockHeader m_header;
    std::optional<ShortIds> m_ids;
    std::vector<Place> m_places; ///< by short id
    std::vector<primitives::TxRef> m_transactions;
};

} // namespace emc::p2p
