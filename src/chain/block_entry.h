/// What memory holds of one block.
#pragma once

#include "consensus/fork_choice.h"
#include "consensus/rule.h"
#include "storage/file_pos.h"

namespace emc::chain {

/// Bits of BlockEntry::status, stored in the index.
inline constexpr uint8_t STATUS_DATA = 1;      ///< the block is in the block files
inline constexpr uint8_t STATUS_UNDO = 2;      ///< its undo record is in the undo files
inline constexpr uint8_t STATUS_CONNECTED = 4; ///< connected at least once: every rule holds
inline constexpr uint8_t STATUS_INVALID = 8;   ///< breaks a rule
inline constexpr uint8_t STATUS_BY_USER = 16;  ///< declared invalid by the operator
inline constexpr uint8_t STATUS_CHILD_OF_INVALID = 32;
inline constexpr uint8_t STATUS_PROOF = 64;   ///< its merged-mining proof is in the index store
inline constexpr uint8_t STATUS_PRUNED = 128; ///< the block was in files that were removed to save space
inline constexpr uint8_t STATUS_ANY_INVALID = STATUS_INVALID | STATUS_BY_USER | STATUS_CHILD_OF_INVALID;

/// One block of the index. The first part never changes after the entry was inserted and may be read by any
/// thread that has a pointer; the second belongs to BlockIndex' mutex. Entries live as long as the index.
struct BlockEntry {
    base::Hash256 hash;
    primitives::PlainHeader header;
    const BlockEntry* parent = nullptr; ///< null for genesis
    const BlockEntry* skip = nullptr;   ///< some ancestor far below, for quick descents
    int32_t height = 0;
    std::optional<int64_t> last_pos_time; ///< of the last PoS block up to and including this one
    consensus::ForkState fork_state;

    uint8_t status = 0;
    consensus::Rule broken_rule = consensus::Rule::Ok;
    uint64_t sequence = 0; ///< order of becoming complete: the smaller was seen first
    storage::FilePos data;
    storage::FilePos undo;
    uint32_t data_bytes = 0;
    uint32_t tx_count = 0;
    uint64_t chain_tx_count = 0; ///< 0 while a block below lacks its data
    base::Hash256 modifier;      ///< stake modifier after the block; null while unknown

    [[nodiscard]] bool Invalid() const { return (status & STATUS_ANY_INVALID) != 0; }

    [[nodiscard]] bool HasData() const { return (status & STATUS_DATA) != 0; }

    [[nodiscard]] bool Pruned() const { return (status & STATUS_PRUNED) != 0; }

    /// The ancestor at a height ≤ this one's (itself at its own); null for negative heights.
    [[nodiscard]] const BlockEntry* Ancestor(int32_t at_height) const;
    /// Median of the times of the (up to) 11 blocks ending here.
    [[nodiscard]] int64_t MedianTime() const;
};

/// An entry that is in no index yet, on a parent that may be in none either (null: genesis). Its changing
/// part is empty.
[[nodiscard]] std::unique_ptr<BlockEntry> MakeEntry(const consensus::Params& params,
                                                    const base::Hash256& hash,
                                                    const primitives::PlainHeader& header,
                                                    const BlockEntry* parent);

/// The last block both have below (or are).
[[nodiscard]] const BlockEntry* CommonAncestor(const BlockEntry* a, const BlockEntry* b);

/// Orders by fork choice: greater trust and W first, then the one seen first.
struct BetterFirst {
    bool operator()(const BlockEntry* a, const BlockEntry* b) const;
};

} // namespace emc::chain
