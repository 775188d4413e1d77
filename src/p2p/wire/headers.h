/// Messages that compare and extend chains by header.
#pragma once

#include "p2p/wire/handshake.h"
#include "primitives/block.h"

namespace emc::p2p {

/// Where the sender's chain runs: hashes from its tip back, growing apart; the shape of the two messages
/// below.
struct Locator {
    uint32_t version = PROTOCOL_VERSION;
    std::vector<base::Hash256> hashes; ///< at most MAX_LOCATOR_HASHES
    base::Hash256 stop;                ///< the last one wanted; zero: as many as fit

    bool operator==(const Locator&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct GetHeaders : Locator {
    static constexpr std::string_view COMMAND = "getheaders";
};

struct GetBlocks : Locator {
    static constexpr std::string_view COMMAND = "getblocks";
};

/// Headers in order, each with its merged-mining proof behind the 80 bytes, then a zero where a block has the
/// number of its transactions.
struct Headers {
    static constexpr std::string_view COMMAND = "headers";
    std::vector<primitives::BlockHeader> headers; ///< at most MAX_HEADERS

    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// Bytes one header takes in `headers`.
[[nodiscard]] size_t HeaderEntryBytes(const primitives::BlockHeader& header);
/// How many of these headers, from the first on, one message can carry: merged-mining proofs may fill it
/// before MAX_HEADERS.
[[nodiscard]] size_t HeadersThatFit(const std::vector<primitives::BlockHeader>& headers);

} // namespace emc::p2p
