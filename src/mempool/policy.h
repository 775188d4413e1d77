/// What this node relays and mines beyond what consensus demands.
#pragma once

#include "base/expected.h"
#include "primitives/transaction.h"

namespace emc::mempool {

using base::Hash256;
using primitives::Amount;

/// Largest weight of a transaction that is relayed.
inline constexpr size_t MAX_STANDARD_WEIGHT = 400'000;
inline constexpr size_t MIN_STANDARD_BASE_BYTES = 65;
inline constexpr size_t MAX_STANDARD_SCRIPT_SIG_BYTES = 1'650;
inline constexpr size_t MAX_DATA_SCRIPT_BYTES = 83;
inline constexpr size_t MAX_STANDARD_NAME_OUTPUTS = 100;
inline constexpr int64_t MAX_STANDARD_SIGOP_COST = 16'000;
inline constexpr int64_t BYTES_PER_SIGOP = 20;
/// Fee rate, units per 1000 virtual bytes, below which spending an output costs more than it holds.
inline constexpr Amount DUST_RATE_PER_KVB = 3'000;
/// Version of transactions with at most one unconfirmed relative (BIP 431); no rule of blocks.
inline constexpr int32_t TRUC_TX_VERSION = 3;
/// Added fee rate a replacement or the lowest entry after eviction has to bring.
inline constexpr Amount INCREMENTAL_RATE_PER_KVB = 1'000;
/// Most transactions one replacement may push out (BIP 125 rule 5).
inline constexpr size_t MAX_REPLACED = 100;
/// Most that may wait for one `ver:` record.
inline constexpr size_t MAX_PER_VERIFIER = 1'000;
/// Waiting rewards paid for by the coins of one owner.
inline constexpr size_t MAX_REWARDS_PER_OWNER = 2;
inline constexpr size_t MAX_VSIZE_PER_VERIFIER = 1'000'000;

/// How many unconfirmed relatives a transaction may have, itself included, and their virtual size together.
struct Limits {
    uint64_t ancestor_count = 25;
    uint64_t ancestor_vsize = 101'000;
    uint64_t descendant_count = 25;
    uint64_t descendant_vsize = 101'000;
};

/// Fee for `vsize` virtual bytes at `rate` units per 1000 (0 or more), rounded up; MAX_MONEY at most.
[[nodiscard]] constexpr Amount FeeFor(Amount rate, size_t vsize)
{
    const auto size = static_cast<Amount>(vsize);
    if (size != 0 && rate > (primitives::MAX_MONEY - 999) / size) return primitives::MAX_MONEY;
    return (rate * size + 999) / 1000;
}

/// Virtual bytes with many signature operations counted as size.
[[nodiscard]] size_t PolicyVsize(const primitives::Transaction& tx, int64_t sigop_cost);
/// Smallest value of an output of this (owner) script that is worth spending; 0 for unspendable ones.
[[nodiscard]] Amount DustThreshold(base::ByteSpan owner_script);
/// Nothing, or the reason word ("version", "scriptpubkey", "dust", …) why the transaction is not relayed.
[[nodiscard]] base::Expected<void, std::string> CheckStandard(const primitives::Transaction& tx);
/// Does it keep to the limits of version 3 (BIP 431, truc.h)?
[[nodiscard]] bool IsTruc(const primitives::Transaction& tx);
/// May another transaction replace it (BIP 125 rule 1, BIP 431 rule 1)?
[[nodiscard]] bool SignalsReplacement(const primitives::Transaction& tx);

} // namespace emc::mempool
