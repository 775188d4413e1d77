/// Bounds of what travels between nodes. A message beyond one of them is refused whole.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emc::p2p {

/// Oldest protocol this node talks to (it has wtxidrelay and addrv2), and the one it announces.
inline constexpr int32_t MIN_PROTOCOL_VERSION = 70016;
inline constexpr int32_t PROTOCOL_VERSION = 70016;

inline constexpr size_t MAX_COMMAND_BYTES = 12;
inline constexpr uint32_t MAX_PAYLOAD_BYTES = 4'000'000;

inline constexpr size_t MAX_USER_AGENT_BYTES = 256;
inline constexpr size_t MAX_ADDRESSES = 1'000;
inline constexpr size_t MAX_ADDRESS_BYTES = 512; ///< of one entry of addrv2 (BIP 155)
inline constexpr size_t MAX_INVENTORY = 50'000;
inline constexpr size_t MAX_LOCATOR_HASHES = 101;
inline constexpr size_t MAX_HEADERS = 2'000;
inline constexpr size_t MIN_TRANSACTION_BYTES = 4 + 1 + 1 + 4; ///< version, two counts, lock time
/// Transactions of one compact block: positions travel in 16 bits (BIP 152).
inline constexpr size_t MAX_COMPACT_TRANSACTIONS = 65'536;
inline constexpr size_t MAX_FILTERS_ASKED = 1'000;        ///< getcfilters (BIP 157)
inline constexpr size_t MAX_FILTER_HEADERS = 2'000;       ///< cfheaders (BIP 157)
inline constexpr size_t FILTER_CHECKPOINT_BLOCKS = 1'000; ///< between two hashes of cfcheckpt (BIP 157)
inline constexpr size_t MAX_BLOOM_BYTES = 36'000;         ///< filterload (BIP 37)
inline constexpr uint32_t MAX_BLOOM_FUNCTIONS = 50;       ///< filterload (BIP 37)
inline constexpr size_t MAX_BLOOM_ELEMENT_BYTES = 520;    ///< filteradd (BIP 37)

} // namespace emc::p2p
