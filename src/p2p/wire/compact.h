/// Compact blocks (BIP 152, version 2: short ids of wtxids).
#pragma once

#include "p2p/wire/handshake.h"
#include "primitives/block.h"

namespace emc::p2p {

inline constexpr size_t SHORT_ID_BYTES = 6;

/// A transaction sent along; `position` is where it stands in the block.
struct PrefilledTx {
    uint16_t position = 0;
    primitives::TxRef tx;
};

/// A block whose transactions the receiver is expected to have. On this chain the merged-mining proof follows
/// the 80 bytes of the header, and proof-of-stake blocks send transactions 0 and 1 along.
struct CompactBlock {
    static constexpr std::string_view COMMAND = "cmpctblock";
    primitives::BlockHeader header;
    uint64_t nonce = 0;
    std::vector<uint64_t> short_ids;    ///< 48 bits each
    std::vector<PrefilledTx> prefilled; ///< positions rise

    /// Number of the block's transactions.
    [[nodiscard]] size_t TransactionCount() const { return short_ids.size() + prefilled.size(); }

    void Write(codec::Writer& out) const;
    /// Refuses positions behind the last transaction and more than MAX_COMPACT_TRANSACTIONS.
    void Read(FieldReader& in);
};

/// Asks for the transactions a compact block left open.
struct GetBlockTxn {
    static constexpr std::string_view COMMAND = "getblocktxn";
    base::Hash256 block;
    std::vector<uint16_t> positions; ///< rising

    bool operator==(const GetBlockTxn&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// The answer, in the order asked.
struct BlockTxn {
    static constexpr std::string_view COMMAND = "blocktxn";
    base::Hash256 block;
    std::vector<primitives::TxRef> transactions;

    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
