/// Messages that announce, ask for and carry blocks and transactions.
#pragma once

#include "p2p/wire/handshake.h"
#include "primitives/block.h"

namespace emc::p2p {

enum class InvKind : uint32_t {
    Tx = 1,
    Block = 2,
    FilteredBlock = 3, ///< a merkleblock (BIP 37)
    CompactBlock = 4,  ///< BIP 152
    Wtx = 5,           ///< a transaction by wtxid (BIP 339)
    WitnessTx = 0x40000001,
    WitnessBlock = 0x40000002,
};

/// Something by its hash. `kind` may be a number without a name here; such an item is not answered.
struct InvItem {
    InvKind kind = InvKind::Tx;
    base::Hash256 hash;

    auto operator<=>(const InvItem&) const = default;
    bool operator==(const InvItem&) const = default;
};

/// A list of items; the shape of the three messages below.
struct InvList {
    std::vector<InvItem> items;

    bool operator==(const InvList&) const = default;
    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

struct Inv : InvList {
    static constexpr std::string_view COMMAND = "inv";
};

struct GetData : InvList {
    static constexpr std::string_view COMMAND = "getdata";
};

struct NotFound : InvList {
    static constexpr std::string_view COMMAND = "notfound";
};

/// Announce the whole mempool (BIP 35).
struct MempoolRequest : NoFields {
    static constexpr std::string_view COMMAND = "mempool";
};

/// One transaction. `mode` is how it is written; reading takes both forms.
struct TxMessage {
    static constexpr std::string_view COMMAND = "tx";
    primitives::TxRef tx;
    primitives::WitnessMode mode = primitives::WitnessMode::With;

    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

/// One block. `mode` is how it is written; reading takes both forms.
struct BlockMessage {
    static constexpr std::string_view COMMAND = "block";
    primitives::BlockRef block;
    primitives::WitnessMode mode = primitives::WitnessMode::With;

    void Write(codec::Writer& out) const;
    void Read(FieldReader& in);
};

} // namespace emc::p2p
