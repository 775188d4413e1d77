/// The two numbers of a batch: who called whom.
#pragma once

#include "codec/reader.h"
#include "codec/writer.h"

namespace emc::reward {

using base::Bytes;

/// One side of a batch: the record `enum:number:slot`.
struct BatchParty {
    uint64_t number = 0;
    uint16_t slot = 0;
    auto operator<=>(const BatchParty&) const = default;

    /// "enum:18009359935:0"
    [[nodiscard]] std::string Name() const;
};

/// Direction matters: who called whom.
struct CallPair {
    BatchParty caller;
    BatchParty callee;
    auto operator<=>(const CallPair&) const = default;
};

inline constexpr size_t PAIR_BYTES = 20;

/// Big-endian numbers, so that keys sort by caller, then callee.
void WritePair(codec::Writer& out, const CallPair& pair);
[[nodiscard]] CallPair ReadPair(codec::Reader& in);

} // namespace emc::reward
